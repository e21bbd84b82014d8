/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_FORMATS_H
#define REPORT_FORMATS_H

#include "base/buf.h"
#include "report/facts.h"
#include "report/layout.h"

extern const struct layout text_layout, html_layout;

/* Adds the whole report to `out` as `layout` draws it. */
int document_write(const struct facts *facts, const struct layout *layout,
    struct buf *out, struct err *err);

/* Adds the answers as CSV. */
int report_csv(const struct facts *facts, struct buf *out, struct err *err);

/* What document.c, document_front.c and document_people.c share. */
struct document {
	const struct facts *facts;
	const struct layout *layout;
	struct buf *out;
	enum fact_kind kind; /* of the list being written */
	int severity;        /* of the needs being written */
	size_t count;        /* entries of the list so far */
	bool apart;          /* entries name the rows that they are in */
	const char *section; /* whose answers are being written */
	int row;             /* in which the answers being written are; -1 */
	struct buf missing;  /* questions without answer of the section */
};

int document_front(const struct document *document, struct err *err);
void document_detail(
    const struct document *document, const char *name, const char *value);

/* Who said something, when and on what ground: "seen · Awa, Ports, 3 Nov". */
struct said {
	const char *person, *organisation;
	int64_t time;
	enum basis basis;
};

void document_said(
    const struct document *document, const char *name, const struct said *said);
void document_branches(const struct document *document, const struct item *item,
    const struct branch *branches, size_t count);
void document_decisions(const struct document *document);
void document_signatures(const struct document *document);
void document_method(const struct document *document);

/* "critical" to "observation"; "" for 0. */
const char *severity_title(int severity);

#endif

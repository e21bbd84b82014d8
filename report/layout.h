/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_LAYOUT_H
#define REPORT_LAYOUT_H

#include "base/buf.h"
#include "base/i18n.h"
#include "inspections/score.h"

/*
 * A report for reading is a series of blocks, written once by document.c;
 * a layout draws each of them in its format.  Texts come as people wrote
 * them: the layout makes them harmless.
 */

/* What stands on the front and on every page. */
struct front {
	const char *title, *subtitle;
	const char *marking; /* handling level; "" where none */
	const char *code;    /* control code */
	enum lang lang;
};

/* Blocks between open() and close(). */
enum block {
	BLOCK_PAIRS,  /* of pair() and progress() */
	BLOCK_SCORES, /* of score() */
	BLOCK_ENTRIES /* of entry(), each with its details, and entry_end() */
};

enum mark { MARK_NONE, MARK_URGENT, MARK_DIFFERS };

struct layout {
	void (*start)(struct buf *out, const struct front *front);
	void (*heading)(struct buf *out, const char *title);
	void (*section)(struct buf *out, const char *title); /* below it */
	void (*open)(struct buf *out, enum block block);
	void (*pair)(struct buf *out, const char *name, const char *value);
	/* The same with a bar, `percent` of it filled. */
	void (*progress)(
	    struct buf *out, const char *name, const char *value, int percent);
	void (*score)(struct buf *out, const char *title,
	    const struct score *score, const char *text);
	void (*entry)(struct buf *out, const char *title, const char *value,
	    enum mark mark);
	void (*detail)(struct buf *out, const char *text);
	void (*entry_end)(struct buf *out);
	void (*close)(struct buf *out, enum block block);
	void (*paragraph)(struct buf *out, const char *text);
	void (*end)(struct buf *out, const struct front *front);
};

#endif

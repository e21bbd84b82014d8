/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_SELECT_H
#define BUNDLES_SELECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "bundles/bundle.h"
#include "bundles/manifest.h"
#include "bundles/known.h"

struct identity;
struct vault;

/*
 * What a bundle for some recipients carries: subjects, the part of their
 * chains that the recipients lack, statements, checklists, evidence.
 */
struct selected_chain {
	char subject[ID_MAX], device[ID_MAX];
	int64_t first, last, events;
	uint64_t size;
	struct hash digest;
};

struct selected_file {
	struct hash digest;
	uint64_t size;
};

struct selection {
	struct known *known;
	char (*subjects)[ID_MAX]; /* in the order of their names */
	size_t subject_count, subject_room;
	struct selected_chain *chains; /* by subject, then device */
	size_t chain_count, chain_room;
	struct selected_file *forms, *blobs; /* by digest */
	size_t form_count, form_room, blob_count, blob_room;
	struct buf statements; /* lines */
	size_t statement_count;
	size_t events;
};

/* Which subjects, chains, checklists and evidence. */
int selection_make(struct vault *vault, const struct export_request *request,
    const struct bundle_contents *contents, struct selection *selection,
    struct err *err);

/* The statements; after the heads statement of this export was made. */
int selection_add_statements(struct vault *vault,
    const struct export_request *request, const struct hash *heads,
    struct selection *selection, struct err *err);

/*
 * Fills `manifest` (zeros but for its heads, which stay) with what was
 * selected, for whom and by whom; the time is now.  Members come in the order
 * in which they are written.
 */
void selection_describe(const struct selection *selection,
    const struct export_request *request, const struct identity *self,
    struct manifest *manifest);

void selection_release(struct selection *selection);

#endif

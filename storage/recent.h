/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_RECENT_H
#define STORAGE_RECENT_H

#include <stdbool.h>

#include "storage/event.h"

/*
 * Events that were read and then put into the log, kept as they were parsed:
 * projectors read them right after that.  What an event says follows from its
 * bytes, so an entry can be superfluous but never wrong.  Each is handed out
 * once; there is a limit, and beyond it events are just read again.
 */
struct recent;

struct recent *recent_new(void);
void recent_free(struct recent *recent); /* NULL is allowed */

/* Keeps a hold on what was parsed of `event`. */
void recent_put(struct recent *recent, const struct event *event);

/*
 * The event that `line`, with that hash, is: true and filled as event_read()
 * would, to be released, if it was kept.
 */
bool recent_take(struct recent *recent, const struct hash *hash,
    const char *line, size_t len, struct event *event);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_EVENT_INTERNAL_H
#define STORAGE_EVENT_INTERNAL_H

#include <stdbool.h>

#include "storage/event.h"

/* What the two readers of events share: event.c, the general one, and
 * event_plain.c, for lines in the writing of log_append(). */

/* `seq` is smaller: every reader of JSON keeps 53 bits exactly. */
#define EVENT_SEQ_END ((int64_t)1 << 53)

/* A subject may be of a kind that this version does not know yet. */
bool event_is_subject(const char *text);
bool event_is_kind(const char *text);

/*
 * Reads what log_append() writes, field by field in its order, where there is
 * no `seen` and nothing needs an escape: the same event, in a tenth of the
 * time.  False, with `event` as it was, for every other line: good or not, it
 * is the general reader's.
 */
bool event_read_plain(
    struct event *event, const char *line, size_t len, const struct hash *hash);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_EVENT_H
#define STORAGE_EVENT_H

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/ids.h"

/*
 * An event is one line of JSON, kept and carried as the exact bytes that its
 * device wrote; its hash is BLAKE2b-256 of those bytes without the newline:
 *
 * {"subject":"I-...","device":"D-...","seq":12,"prev":"<hash>","seen":{...},
 *  "time":"2026-11-23T11:11:12.345+01:00","kind":"answer","body":{...}}
 *
 * `prev` is the hash of the device's event before it on this subject, absent
 * for seq 1.  `seen` maps other devices to the hash of the last event of
 * theirs on this subject that this device held and that had effect, for those
 * that changed since its last event; absent when none did.
 */
enum {
	EVENT_LINE_MAX = 1024 * 1024, /* bytes */
	EVENT_KIND_MAX = 32,
	EVENT_SEEN_MAX = 4096 /* devices named in one event */
};

struct event {
	char subject[ID_MAX], device[ID_MAX], kind[EVENT_KIND_MAX];
	int64_t seq;            /* from 1 */
	int64_t time;           /* milliseconds, the device's clock */
	struct hash hash, prev; /* prev is zero for seq 1 */
	const char *line;       /* borrowed: the exact bytes, no newline */
	size_t len;
	json_t *json; /* what body and seen are in; owned */
	const json_t *seen,
	    *body; /* seen may be NULL; else json is the whole */
};

/*
 * Reads a line strictly: fields known and of their types and in their limits
 * (what is inside body is the reader's own matter; unknown kinds pass).
 * `what` names the place for messages.  `line` is borrowed by the event.
 */
int event_read(struct event *event, const char *line, size_t len,
    const char *what, struct err *err);
/* As event_read(), for who has the hash of the line already. */
int event_read_hashed(struct event *event, const char *line, size_t len,
    const struct hash *hash, const char *what, struct err *err);
void event_release(struct event *event); /* a zeroed one is allowed */

#endif

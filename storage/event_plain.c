/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "storage/event_internal.h"

/*
 * Fields are taken from the front of the line.  A text may have no quote, no
 * backslash and no control character (line_check() has seen to those) and
 * must be what its field allows, so it needs no unquoting.
 */
enum { SEQ_DIGITS_MAX = 16 };

struct cursor {
	const char *at, *end;
};

static bool
take(struct cursor *cursor, const char *text, size_t len)
{
	if ((size_t)(cursor->end - cursor->at) < len ||
	    memcmp(cursor->at, text, len) != 0)
		return false;
	cursor->at += len;
	return true;
}

#define TAKE(cursor, literal) take(cursor, literal, sizeof(literal) - 1)

/* Up to the next quote, which goes as well; `room` is with the NUL. */
static bool
take_text(struct cursor *cursor, char *text, size_t room)
{
	const size_t left = (size_t)(cursor->end - cursor->at);
	const char *quote = memchr(cursor->at, '"', left < room ? left : room);
	const size_t len = quote ? (size_t)(quote - cursor->at) : 0;

	if (!quote || len >= room || memchr(cursor->at, '\\', len))
		return false;
	memcpy(text, cursor->at, len);
	text[len] = '\0';
	cursor->at = quote + 1;
	return true;
}

static bool
take_seq(struct cursor *cursor, int64_t *seq)
{
	const char *start = cursor->at;

	*seq = 0;
	while (cursor->at < cursor->end && *cursor->at >= '0' &&
	    *cursor->at <= '9' && cursor->at - start < SEQ_DIGITS_MAX)
		*seq = *seq * 10 + (*cursor->at++ - '0');
	return cursor->at > start && *start != '0' && *seq < EVENT_SEQ_END;
}

static bool
take_prev(struct cursor *cursor, struct event *event)
{
	char hex[HASH_HEX_MAX];

	if (event->seq == 1)
		return true;
	return TAKE(cursor, "\"prev\":\"") &&
	    take_text(cursor, hex, sizeof(hex)) &&
	    hash_from_hex(hex, &event->prev) && TAKE(cursor, ",");
}

static bool
take_fields(struct cursor *cursor, struct event *event)
{
	char time[CLOCK_TEXT_MAX];

	return TAKE(cursor, "{\"subject\":\"") &&
	    take_text(cursor, event->subject, sizeof(event->subject)) &&
	    TAKE(cursor, ",\"device\":\"") &&
	    take_text(cursor, event->device, sizeof(event->device)) &&
	    TAKE(cursor, ",\"seq\":") && take_seq(cursor, &event->seq) &&
	    TAKE(cursor, ",") && take_prev(cursor, event) &&
	    TAKE(cursor, "\"time\":\"") &&
	    take_text(cursor, time, sizeof(time)) &&
	    clock_parse(time, &event->time) && TAKE(cursor, ",\"kind\":\"") &&
	    take_text(cursor, event->kind, sizeof(event->kind)) &&
	    TAKE(cursor, ",\"body\":");
}

bool
event_read_plain(
    struct event *event, const char *line, size_t len, const struct hash *hash)
{
	struct event found = { .line = line, .len = len, .hash = *hash };
	struct cursor cursor = { line, line + len };

	if (!take_fields(&cursor, &found) || !event_is_subject(found.subject) ||
	    !id_is(ID_DEVICE, found.device) || !event_is_kind(found.kind) ||
	    cursor.at == cursor.end || *cursor.at != '{')
		return false;
	/* The body, and behind it the brace of the event. */
	if (cursor.end[-1] != '}')
		return false;
	found.json =
	    json_read_plain(cursor.at, (size_t)(cursor.end - cursor.at) - 1);
	if (!found.json)
		return false;
	found.body = found.json;
	*event = found;
	return true;
}

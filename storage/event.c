/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/event.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "storage/event_internal.h"
#include "storage/log_internal.h"

static int
check_fields(json_t *json, const char *what, struct err *err)
{
	static const char *const known[] = { "subject", "device", "seq", "prev",
		"seen", "time", "kind", "body" };
	const char *key;
	json_t *value;

	json_object_foreach(json, key, value)
	{
		size_t i = 0;

		while (i < ARRAY_LEN(known) && strcmp(known[i], key) != 0)
			i++;
		if (i == ARRAY_LEN(known))
			return err_set(err, ERR_FORMAT,
			    _("%s: an event has no field \"%.40s\""), what,
			    key);
	}
	return 0;
}

static int
fail_value(const char *key, const char *what, const char *why, struct err *err)
{
	return err_set(err, ERR_FORMAT, "%s: \"%s\": %s", what, key, why);
}

bool
event_is_subject(const char *text)
{
	return text[0] >= 'A' && text[0] <= 'Z' && id_is(text[0], text);
}

bool
event_is_kind(const char *text)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	const size_t len = strlen(text);

	return len > 0 && len < EVENT_KIND_MAX && strspn(text, allowed) == len;
}

static int
read_names(struct event *event, const char *what, struct err *err)
{
	const char *subject, *device, *kind, *time;

	if (json_get_text(event->json, "subject", what, &subject, err) < 0 ||
	    json_get_text(event->json, "device", what, &device, err) < 0 ||
	    json_get_text(event->json, "kind", what, &kind, err) < 0 ||
	    json_get_text(event->json, "time", what, &time, err) < 0)
		return -1;
	if (!event_is_subject(subject))
		return fail_value("subject", what,
		    _("not an identifier as ronde makes them"), err);
	if (!id_is(ID_DEVICE, device))
		return fail_value(
		    "device", what, _("not the identifier of a device"), err);
	if (!event_is_kind(kind))
		return fail_value("kind", what,
		    _("not 1 to 31 small letters, digits and dashes"), err);
	if (!clock_parse(time, &event->time))
		return fail_value("time", what,
		    _("not a time like 2026-11-23T11:11:12.345+01:00"), err);
	snprintf(event->subject, sizeof(event->subject), "%s", subject);
	snprintf(event->device, sizeof(event->device), "%s", device);
	snprintf(event->kind, sizeof(event->kind), "%s", kind);
	return 0;
}

static int
read_place(struct event *event, const char *what, struct err *err)
{
	const bool has_prev = json_object_get(event->json, "prev") != NULL;
	const char *prev;

	if (json_get_int(event->json, "seq", what, &event->seq, err) < 0)
		return -1;
	if (event->seq < 1 || event->seq >= EVENT_SEQ_END)
		return fail_value(
		    "seq", what, _("not a number from 1 on"), err);
	if (event->seq == 1)
		return has_prev
		    ? fail_value("prev", what,
			  _("the first event of a chain has none before it"),
			  err)
		    : 0;
	if (json_get_text(event->json, "prev", what, &prev, err) < 0)
		return -1;
	if (!hash_from_hex(prev, &event->prev))
		return fail_value("prev", what,
		    _("not a hash of 64 small hexadecimal digits"), err);
	return 0;
}

static int
read_seen(struct event *event, const char *what, struct err *err)
{
	const char *device;
	json_t *value;
	struct hash hash;

	event->seen = json_object_get(event->json, "seen");
	if (!event->seen)
		return 0;
	if (json_get_object(event->json, "seen", what, &event->seen, err) < 0)
		return -1;
	if (json_object_size(event->seen) == 0)
		return fail_value("seen", what, _("empty; leave it out"), err);
	if (json_object_size(event->seen) > EVENT_SEEN_MAX)
		return err_set(err, ERR_LIMIT,
		    _("%s: \"seen\": names more than %d devices"), what,
		    EVENT_SEEN_MAX);
	json_object_foreach(json_object_get(event->json, "seen"), device, value)
	{
		if (!id_is(ID_DEVICE, device) ||
		    strcmp(device, event->device) == 0)
			return fail_value("seen", what,
			    _("names what is not another device"), err);
		if (!json_is_string(value) ||
		    !hash_from_hex(json_string_value(value), &hash))
			return fail_value("seen", what,
			    _("not a hash of 64 small hexadecimal digits"),
			    err);
	}
	return 0;
}

int
line_check(
    const char *line, size_t len, size_t max, const char *what, struct err *err)
{
	if (len > max)
		return err_set(err, ERR_LIMIT,
		    _("%s: the line is larger than %zu bytes"), what, max);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)line[i] < 0x20)
			return err_set(err, ERR_FORMAT,
			    _("%s: byte %zu: a line break or control character "
			      "inside the line"),
			    what, i + 1);
	return 0;
}

int
event_read(struct event *event, const char *line, size_t len, const char *what,
    struct err *err)
{
	const struct hash hash = hash_of(line, len);

	return event_read_hashed(event, line, len, &hash, what, err);
}

int
event_read_hashed(struct event *event, const char *line, size_t len,
    const struct hash *hash, const char *what, struct err *err)
{
	struct event found = { .line = line, .len = len, .hash = *hash };

	if (line_check(line, len, EVENT_LINE_MAX, what, err) < 0)
		return -1;
	if (event_read_plain(event, line, len, hash))
		return 0;
	found.json = json_parse(line, len, what, err);
	if (!found.json)
		return -1;
	if (!json_is_object(found.json)) {
		err_set(err, ERR_FORMAT, _("%s: an event is an object"), what);
		goto fail;
	}
	if (check_fields(found.json, what, err) < 0 ||
	    read_names(&found, what, err) < 0 ||
	    read_place(&found, what, err) < 0 ||
	    read_seen(&found, what, err) < 0 ||
	    json_get_object(found.json, "body", what, &found.body, err) < 0)
		goto fail;
	*event = found;
	return 0;
fail:
	event_release(&found);
	return -1;
}

void
event_release(struct event *event)
{
	json_decref(event->json);
	*event = (struct event){ 0 };
}

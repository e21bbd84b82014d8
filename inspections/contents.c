/* SPDX-License-Identifier: Apache-2.0 */
#include "inspections/contents.h"

#include <stdbool.h>
#include <string.h>

#include "base/json.h"
#include "inspections/roles.h"
#include "storage/log.h"

struct naming {
	const struct contents_sink *sink;
};

static int
name_hash(int (*tell)(void *, const struct hash *, struct err *), void *arg,
    const json_t *body, const char *key, struct err *err)
{
	const char *hex = json_opt_text(body, key);
	struct hash hash;

	if (!tell || !hex || !hash_from_hex(hex, &hash))
		return 0;
	return tell(arg, &hash, err);
}

static int
name_base(const struct contents_sink *sink, const json_t *body, struct err *err)
{
	const char *site = json_opt_text(body, "site");

	if (name_hash(sink->form, sink->arg, body, "checklist", err) < 0)
		return -1;
	if (!sink->subject || !site || !id_is(ID_SITE, site))
		return 0;
	return sink->subject(sink->arg, site, err);
}

static int
name_event(void *arg, const struct event *event, struct err *err)
{
	const struct contents_sink *sink = ((struct naming *)arg)->sink;

	switch (kind_of(event->kind)) {
	case KIND_MISSION:
	case KIND_OPEN: return name_base(sink, event->body, err);
	case KIND_EVIDENCE:
		return name_hash(
		    sink->blob, sink->arg, event->body, "blob", err);
	default: return 0;
	}
}

int
contents_of_subject(struct vault *vault, const char *subject,
    const struct contents_sink *sink, struct err *err)
{
	struct naming naming = { .sink = sink };

	if (subject[0] != ID_INSPECTION)
		return 0;
	return log_read(vault, subject, LOG_ALL, name_event, &naming, err);
}

/* ---- whom it concerns ---- */

struct asking {
	struct vault *vault;
	const char *person;
	bool concerned;
};

static int
ask_event(void *arg, const struct event *event, struct err *err)
{
	struct asking *asking = arg;
	const json_t *to = json_object_get(event->body, "to");

	(void)err;
	if (kind_of(event->kind) != KIND_MISSION)
		return 0;
	for (size_t i = 0; i < json_array_size(to); i++) {
		const char *person = json_string_value(json_array_get(to, i));

		if (person && strcmp(person, asking->person) == 0)
			asking->concerned = true;
	}
	return 0;
}

static int
ask_chain(void *arg, const struct chain *chain, struct err *err)
{
	struct asking *asking = arg;
	struct author author;

	if (author_find(asking->vault, chain->device, &author, err) < 0)
		return -1;
	if (author.known && strcmp(author.person, asking->person) == 0)
		asking->concerned = true;
	author_release(&author);
	return 0;
}

int
contents_concerns(struct vault *vault, const char *subject, const char *person,
    struct err *err)
{
	struct asking asking = { .vault = vault, .person = person };

	if (subject[0] != ID_INSPECTION)
		return 0;
	if (log_chains(vault, subject, ask_chain, &asking, err) < 0 ||
	    log_read(vault, subject, LOG_ALL, ask_event, &asking, err) < 0)
		return -1;
	return asking.concerned;
}

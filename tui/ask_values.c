/* SPDX-License-Identifier: Apache-2.0 */
/* Fields and what was typed in them. */
#include "tui/ask_internal.h"
#include "tui/paths.h"

const struct ask *
ask_of(const struct view *view)
{
	return (const struct ask *)view;
}

const struct ask_field *
ask_field_at(const struct ask *ask, int field)
{
	return &ask->spec->fields[field];
}

bool
ask_is_choice(const struct ask *ask, int field)
{
	return ask_field_at(ask, field)->kind == ASK_CHOICE;
}

int
ask_option_count(const struct ask_field *field)
{
	int count = 0;

	while (field->options && field->options[count])
		count++;
	return count;
}

void
ask_set_text(struct view *view, int field, const char *text)
{
	line_set(&((struct ask *)view)->lines[field], text);
}

void
ask_set_choice(struct view *view, int field, int choice)
{
	((struct ask *)view)->choices[field] = choice;
}

const char *
ask_text(const struct view *view, int field)
{
	return ask_of(view)->lines[field].text;
}

int
ask_choice(const struct view *view, int field)
{
	return ask_of(view)->choices[field];
}

struct secret *
ask_secret(const struct view *view, int field)
{
	return line_secret(&ask_of(view)->lines[field]);
}

char *
ask_path(const struct view *view, int field)
{
	return path_expand(ask_text(view, field));
}

void
ask_focus(struct view *view, int field)
{
	((struct ask *)view)->focus = field;
}

/* ---- over a lock ---- */

/* Everything but secrets. */
void
ask_keep(const struct view *view, json_t *place)
{
	const struct ask *ask = ask_of(view);
	json_t *fields = json_array();

	for (int i = 0; i < ask->count; i++) {
		json_t *field = json_object();

		if (ask_field_at(ask, i)->kind != ASK_SECRET)
			json_put_text(field, "text", ask->lines[i].text);
		json_put_int(field, "at", (int64_t)ask->lines[i].at);
		json_put_int(field, "choice", ask->choices[i]);
		json_array_append_new(fields, field);
	}
	json_object_set_new(place, "fields", fields);
	json_put_int(place, "focus", ask->focus);
}

static void
restore_field(struct ask *ask, int index, const json_t *field)
{
	const char *text = json_opt_text(field, "text");
	const int64_t choice = json_opt_int(field, "choice", 0);

	if (ask_is_choice(ask, index)) {
		if (choice >= 0 &&
		    choice < ask_option_count(ask_field_at(ask, index)))
			ask->choices[index] = (int)choice;
	} else if (text) {
		line_restore(&ask->lines[index], text,
		    (size_t)json_opt_int(field, "at", 0));
	}
}

void
ask_restore(struct view *view, const json_t *place)
{
	struct ask *ask = (struct ask *)view;
	const json_t *fields = json_object_get(place, "fields");
	const int64_t focus = json_opt_int(place, "focus", 0);

	for (int i = 0; i < ask->count; i++)
		restore_field(ask, i, json_array_get(fields, (size_t)i));
	if (focus >= 0 && focus < ask->count)
		ask->focus = (int)focus;
}

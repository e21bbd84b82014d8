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

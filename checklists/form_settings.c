/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_internal.h"

#include <string.h>
#include <strings.h>

#include "base/i18n.h"

/* The settings sheet, and the languages of the whole form. */

enum setting {
	SET_TITLE,
	SET_ID,
	SET_VERSION,
	SET_LANGUAGE,
	SET_DUPLICATES,
	SET_NAME,
	SET_ENCRYPTED,
	SET_INSTANCE_NAME,
	SET_COUNT
};

/* A row for each spelling. */
static const struct {
	const char *name;
	enum setting setting;
} settings[] = {
	{ "form_title", SET_TITLE },
	{ "title", SET_TITLE },
	{ "set_form_title", SET_TITLE },
	{ "form_id", SET_ID },
	{ "id_string", SET_ID },
	{ "set_form_id", SET_ID },
	{ "version", SET_VERSION },
	{ "default_language", SET_LANGUAGE },
	{ "allow_choice_duplicates", SET_DUPLICATES },
	{ "name", SET_NAME },
	{ "public_key", SET_ENCRYPTED },
	{ "instance_name", SET_INSTANCE_NAME },
};

static int
setting_of(const char *header)
{
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		const char *a = header, *b = settings[i].name;

		for (; *a && *b; a++, b++)
			if (*b == '_' ? *a != '_' && *a != ' '
				      : strncasecmp(a, b, 1) != 0)
				break;
		if (*a == '\0' && *b == '\0')
			return (int)settings[i].setting;
	}
	return -1;
}

static void
read_values(const struct sheet *sheet, const char *values[SET_COUNT])
{
	for (size_t i = 0; i < SET_COUNT; i++)
		values[i] = "";
	if (!sheet->name || sheet->row_count == 0)
		return;
	for (size_t i = 0; i < sheet->column_count; i++) {
		const int setting = setting_of(sheet->columns[i].header);

		if (setting >= 0 && sheet->rows[0].cells[i][0])
			values[setting] = sheet->rows[0].cells[i];
	}
}

/* ---- languages ---- */

static int
lang_named(struct builder *b, const char *name)
{
	struct form *form = &b->full->form;

	for (size_t i = 0; i < form->lang_count; i++)
		if (strcmp(form->langs[i], name) == 0)
			return (int)i;
	if (form->lang_count >= FORM_LANGS_MAX) {
		problem_add(b->problems, PROBLEM_ERROR, "", 0, "",
		    _("there are more than %d languages"), FORM_LANGS_MAX);
		return -1;
	}
	form->langs[form->lang_count] = name;
	return (int)form->lang_count++;
}

static bool
has_langs(enum column_kind kind)
{
	return kind == COL_LABEL || kind == COL_HINT || kind == COL_GUIDANCE ||
	    kind == COL_REQUIRED_MESSAGE || kind == COL_CONSTRAINT_MESSAGE ||
	    kind == COL_OPTION;
}

static void
read_langs(struct builder *b, struct sheet *sheet)
{
	const char *plain =
	    b->default_language ? b->default_language : "default";

	for (size_t i = 0; sheet->name && i < sheet->column_count; i++) {
		struct column *column = &sheet->columns[i];

		if (has_langs(column->kind))
			column->lang_index =
			    lang_named(b, column->lang ? column->lang : plain);
	}
}

static void
choose_default_lang(struct builder *b)
{
	struct form *form = &b->full->form;

	if (form->lang_count == 0)
		form->langs[form->lang_count++] =
		    b->default_language ? b->default_language : "default";
	for (size_t i = 0; i < form->lang_count; i++)
		if (b->default_language &&
		    strcmp(form->langs[i], b->default_language) == 0) {
			form->default_lang = i;
			return;
		}
	if (b->default_language)
		problem_add(b->problems, PROBLEM_WARNING, "settings", 2,
		    "default_language", _("no column has the language \"%s\""),
		    b->default_language);
}

void
form_read_settings(struct builder *b)
{
	struct form *form = &b->full->form;
	const char *values[SET_COUNT];

	read_values(&b->settings, values);
	form->form_id = values[SET_ID];
	form->title = values[SET_TITLE][0] ? values[SET_TITLE] : form->form_id;
	form->version = values[SET_VERSION];
	form->root = values[SET_NAME][0] ? values[SET_NAME] : "data";
	b->instance_name = values[SET_INSTANCE_NAME];
	b->allow_choice_duplicates = is_yes(values[SET_DUPLICATES]);
	if (values[SET_LANGUAGE][0])
		b->default_language = values[SET_LANGUAGE];
	if (values[SET_ENCRYPTED][0])
		problem_add(b->problems, PROBLEM_WARNING, "settings", 2,
		    "public_key",
		    _("ronde encrypts in its own way; this key is not used"));
	read_langs(b, &b->survey);
	read_langs(b, &b->choices);
	read_langs(b, &b->external);
	choose_default_lang(b);
	if (b->entities.name && b->entities.row_count > 0)
		problem_add(b->problems, PROBLEM_WARNING, "entities", 2, "",
		    _("entities are not made by ronde: this sheet is kept "
		      "and not used"));
}

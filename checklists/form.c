/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form.h"

#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "checklists/form_internal.h"

/* Questions about a finished form. */

const struct item *
form_find(const struct form *form, const char *path, struct err *err)
{
	const struct form_full *full = full_of(form);
	const char *p = path;
	size_t len;
	int item = -1;

	if (*p == '/')
		p++;
	len = strlen(full->form.root);
	if (p > path && strncmp(p, full->form.root, len) == 0 &&
	    p[len] == '/' && form_member(full, -1, full->form.root, len) < 0)
		p += len + 1;
	/* From the top first; then the only one of that name. */
	for (const char *step = p; *step;) {
		len = strcspn(step, "/");
		item = form_member(full, item, step, len);
		if (item < 0)
			break;
		step += len;
		if (*step == '/')
			step++;
	}
	if (item < 0 && *p && !strchr(p, '/'))
		item = form_resolve_name(full, p, strlen(p), err);
	else if (item < 0)
		err_set(err, ERR_NOT_FOUND, _("there is no item %.200s"), path);
	return item < 0 ? NULL : &form->items[item];
}

bool
item_looks(const struct item *item, const char *word)
{
	const size_t len = strlen(word);
	const char *at = item->appearance ? item->appearance : "";

	while (*at) {
		const size_t one = strcspn(at, " ");

		if (one == len && strncmp(at, word, len) == 0)
			return true;
		at += one + strspn(at + one, " ");
	}
	return false;
}

bool
item_is_heading(const struct item *item)
{
	return (item->type == ITEM_SELECT_ONE ||
		   item->type == ITEM_SELECT_MULTIPLE) &&
	    item_looks(item, "label");
}

bool
item_is_question(const struct item *item)
{
	return !item_has_members(item) && item->type != ITEM_NOTE &&
	    item->type != ITEM_CALCULATE && !item_is_heading(item);
}

bool
item_has_members(const struct item *item)
{
	return item->type == ITEM_GROUP || item->type == ITEM_REPEAT;
}

bool
item_takes_file(const struct item *item)
{
	return item->type == ITEM_IMAGE || item->type == ITEM_AUDIO ||
	    item->type == ITEM_VIDEO || item->type == ITEM_FILE;
}

bool
item_has_many(const struct item *item)
{
	return item->type == ITEM_SELECT_MULTIPLE || item->type == ITEM_RANK;
}

const char *
item_type_name(enum item_type type)
{
	static const char *const names[] = {
#define X(id, name) name,
		ITEM_TYPES(X)
#undef X
	};

	return names[type];
}

size_t
form_lang(const struct form *form, enum lang lang)
{
	static const char *const marks[LANG_COUNT][4] = {
		[LANG_EN] = { "(en", "english", "anglais", "en" },
		[LANG_FR] = { "(fr", "fran", "french", "fr" },
	};

	for (size_t m = 0; m < ARRAY_LEN(marks[0]); m++)
		for (size_t i = 0; i < form->lang_count; i++) {
			const char *name = form->langs[i];

			if (m == 3 ? strcasecmp(name, marks[lang][m]) == 0
				   : strcasestr(name, marks[lang][m]) != NULL)
				return i;
		}
	return form->default_lang;
}

const char *
form_text(const struct form *form, const struct form_text *text, size_t lang,
    bool *fell_back)
{
	bool other = false;
	const char *found = NULL;

	if (text) {
		found = text->in[lang];
		other = !found;
		if (!found)
			found = text->in[form->default_lang];
		for (size_t i = 0; !found && i < form->lang_count; i++)
			found = text->in[i];
	}
	if (fell_back)
		*fell_back = other && found;
	return found ? found : "";
}

const struct choice *
choice_find(const struct choice_list *list, const char *name, size_t name_len)
{
	for (size_t i = 0; i < list->count; i++)
		if (strncmp(list->choices[i].name, name, name_len) == 0 &&
		    list->choices[i].name[name_len] == '\0')
			return &list->choices[i];
	return NULL;
}

const struct section *
form_sections(const struct form *form, size_t *count)
{
	const struct form_full *full = full_of(form);

	if (count)
		*count = full->section_count;
	return full->sections;
}

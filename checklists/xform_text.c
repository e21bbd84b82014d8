/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "checklists/xform_internal.h"

/* Texts: in the document itself, or in each of its languages. */

/* ---- languages ---- */

static int
read_translation(struct xform *x, int translation)
{
	const char *lang = element_attribute(x, translation, "lang");
	struct name_map *texts;

	if (x->lang_count >= XFORM_LANGS_MAX)
		return err_set(x->err, ERR_LIMIT,
		    _("there are more than %d languages"), XFORM_LANGS_MAX);
	if (*element_attribute(x, translation, "default"))
		x->default_lang = x->lang_count;
	texts = &x->texts[x->lang_count];
	x->langs[x->lang_count++] = strcmp(lang, "default") == 0 ? "" : lang;
	for (int text = element_child(x, translation, "text");
	     text != TREE_NONE; text = element_next(x, text, "text"))
		name_map_put(texts, element_attribute(x, text, "id"), text);
	return 0;
}

int
xform_read_itext(struct xform *x)
{
	const int itext = element_child(x, x->model, "itext");
	int result = 0;

	for (int at = element_child(x, itext, "translation");
	     at != TREE_NONE && result == 0;
	     at = element_next(x, at, "translation"))
		result = read_translation(x, at);
	if (x->lang_count == 0)
		x->langs[x->lang_count++] = "";
	return result;
}

const char *
xform_header(const struct xform *x, const char *column, size_t lang)
{
	const char *header;
	char *whole;

	if (!*x->langs[lang])
		return column;
	whole = xasprintf("%s::%s", column, x->langs[lang]);
	header = arena_strdup(x->arena, whole);
	free(whole);
	return header;
}

/* ---- references ---- */

const char *
xform_reference(const struct xform *x, const char *path)
{
	const char *name = strrchr(path, '/'), *kept;
	char *whole;

	name = name ? name + 1 : path;
	whole = xasprintf("${%s}",
	    name_map_find(&x->names, name, strlen(name)) == 1 ? name : path);
	kept = arena_strdup(x->arena, whole);
	free(whole);
	return kept;
}

/* ---- texts ---- */

static void
add_pieces(const struct xform *x, int element, struct buf *out)
{
	enum value_kind kind;

	for (int at = x->tree->child(x->tree, element); at != TREE_NONE;
	     at = x->tree->next(x->tree, at)) {
		if (x->tree->kind(x->tree, at) == TREE_TEXT)
			buf_add_text(out, x->tree->text(x->tree, at, &kind));
		else if (element_is(x, at, "output"))
			buf_add_text(out,
			    xform_reference(x,
				*element_attribute(x, at, "value")
				    ? element_attribute(x, at, "value")
				    : element_attribute(x, at, "ref")));
		else if (x->tree->kind(x->tree, at) == TREE_ELEMENT)
			add_pieces(x, at, out);
	}
}

static const char *
pieces(const struct xform *x, int element)
{
	struct buf text = BUF_INIT;
	const char *kept;

	if (element == TREE_NONE)
		return "";
	add_pieces(x, element, &text);
	kept = trim(x, text.data, text.len);
	buf_release(&text);
	return kept;
}

/* The value of a text that has this form: "" for the plain one. */
static const char *
translated(const struct xform *x, const char *id, size_t lang, const char *form)
{
	const int text = name_map_find(&x->texts[lang], id, strlen(id));

	if (text < 0)
		return "";
	for (int value = element_child(x, text, "value"); value != TREE_NONE;
	     value = element_next(x, value, "value"))
		if (strcmp(element_attribute(x, value, "form"), form) == 0) {
			const char *text_of = pieces(x, value);

			/* pyxform's word for what the language lacks. */
			return strcmp(text_of, "-") == 0 ? "" : text_of;
		}
	return "";
}

const char *
xform_text(const struct xform *x, int element, size_t lang, const char *form)
{
	const char *ref = element_attribute(x, element, "ref");
	const char *id = quoted(x, ref, "jr:itext(");

	if (id)
		return translated(x, id, lang, form);
	if (*form || element == TREE_NONE || lang != x->default_lang)
		return "";
	return pieces(x, element);
}

const char *
xform_message(const struct xform *x, const char *attribute, size_t lang)
{
	const char *id = quoted(x, attribute, "jr:itext(");

	if (id)
		return translated(x, id, lang, "");
	return lang == x->default_lang ? attribute : "";
}

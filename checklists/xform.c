/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/xform.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "checklists/xform_internal.h"

/* The document, its indexes, and the settings sheet. */

/* ---- finding the parts ---- */

/* `h:html` with `h:head/model` and `h:body`. */
static int
find_parts(struct xform *x)
{
	const int html = element_first(x, TREE_TOP);
	const int head = element_child(x, html, "head");
	int instance;

	x->model = element_child(x, head, "model");
	x->body = element_child(x, html, "body");
	instance = element_child(x, x->model, "instance");
	if (!element_is(x, html, "html") || x->model == TREE_NONE ||
	    x->body == TREE_NONE || element_first(x, instance) == TREE_NONE)
		return err_set(x->err, ERR_FORMAT,
		    _("this is XML, but no form: h:html with h:head, model, "
		      "instance and h:body is expected"));
	x->instance = instance;
	x->root = element_name(x, element_first(x, instance));
	return 0;
}

/* "/data/a" of a bind or control; one that is relative stands below root. */
static const char *
absolute(const struct xform *x, const char *ref)
{
	char *path;
	const char *kept;

	if (*ref == '/' || !*ref)
		return ref;
	path = xasprintf("/%s/%s", x->root, ref);
	kept = arena_strdup(x->arena, path);
	free(path);
	return kept;
}

static void
index_binds(struct xform *x)
{
	for (int bind = element_child(x, x->model, "bind"); bind != TREE_NONE;
	     bind = element_next(x, bind, "bind"))
		name_map_set(&x->binds,
		    absolute(x, element_attribute(x, bind, "nodeset")), bind);
}

static void
index_controls(struct xform *x, int element)
{
	for (int at = element_first(x, element); at != TREE_NONE;
	     at = element_after(x, at)) {
		const char *ref = element_attribute(x, at, "ref");
		struct name_map *map = &x->controls;

		if (element_is(x, at, "label") || element_is(x, at, "hint") ||
		    element_is(x, at, "setvalue") ||
		    element_is(x, at, "itemset") || element_is(x, at, "item"))
			continue;
		if (element_is(x, at, "group"))
			map = &x->groups;
		if (element_is(x, at, "repeat")) {
			map = &x->repeats;
			ref = element_attribute(x, at, "nodeset");
		}
		if (*ref)
			name_map_set(map, absolute(x, ref), at);
		index_controls(x, at);
	}
}

/* How many nodes of the form have each name. */
static void
count_names(struct xform *x, int element)
{
	for (int at = element_first(x, element); at != TREE_NONE;
	     at = element_after(x, at)) {
		const char *name = element_name(x, at);
		const int count = name_map_find(&x->names, name, strlen(name));

		if (element_child(x, element, name) != at)
			continue; /* a row behind its template */
		name_map_set(&x->names, name, count < 0 ? 1 : count + 1);
		count_names(x, at);
	}
}

/* ---- the settings ---- */

static int
write_settings(struct xform *x)
{
	const int root = element_first(x, x->instance);
	const int head = x->tree->parent(x->tree, x->model);
	char *name_path = xasprintf("/%s/meta/instanceName", x->root);
	const int bind = name_map_find(&x->binds, name_path, strlen(name_path));
	const char *const cells[][2] = {
		{ "form_title",
		    element_text(x, element_child(x, head, "title")) },
		{ "form_id", element_attribute(x, root, "id") },
		{ "version", element_attribute(x, root, "version") },
		{ "default_language", x->langs[x->default_lang] },
		{ "name", x->root },
		/* Instances may have a name twice, where a filter tells. */
		{ "allow_choice_duplicates", "yes" },
		{ "instance_name",
		    bind < 0 ? "" : element_attribute(x, bind, "calculate") },
		/* So that it is another checklist than an XLSForm. */
		{ "source", "xforms" },
	};
	struct sheet *sheet = sheets_add(x->sheets, "settings", 8, x->err);
	int result = sheet ? 0 : -1;

	for (int row = 0; row < 2; row++)
		for (size_t i = 0; i < ARRAY_LEN(cells) && result == 0; i++)
			result = sheets_set(x->sheets, sheet, row + 1, i,
			    cells[i][row], x->err);
	free(name_path);
	return result;
}

/* ---- all of it ---- */

static void
release(struct xform *x)
{
	name_map_release(&x->binds);
	name_map_release(&x->controls);
	name_map_release(&x->groups);
	name_map_release(&x->repeats);
	name_map_release(&x->names);
	name_map_release(&x->lists);
	for (size_t i = 0; i < x->lang_count; i++)
		name_map_release(&x->texts[i]);
	buf_release(&x->inline_lists);
	tree_xml_free(x->tree);
	arena_free(x->arena);
}

int
xform_read(struct sheets *sheets, const char *bytes, size_t len,
    struct problems *problems, struct err *err)
{
	struct xform x = { .sheets = sheets,
		.problems = problems,
		.err = err,
		.inline_lists = BUF_INIT };
	int result = -1;

	x.arena = arena_new();
	x.tree = tree_xml_read(bytes, len, _("the form"), err);
	if (x.tree && find_parts(&x) == 0 && xform_read_itext(&x) == 0) {
		index_binds(&x);
		index_controls(&x, x.body);
		count_names(&x, element_first(&x, x.instance));
		if (xform_write_survey(&x) == 0 && xform_write_choices(&x) == 0)
			result = write_settings(&x);
	}
	release(&x);
	return result;
}

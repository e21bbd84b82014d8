/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "checklists/xform_internal.h"

/*
 * Choices: lists that are instances of their own, which selects point to by
 * instance('id')/root/item[filter], and those inside of a select.  The choices
 * sheet has the columns list_name, name, a label for each language, then one
 * for every other element of an item.
 */
enum { CHOICE_LIST, CHOICE_NAME, CHOICE_LABEL };

struct columns {
	struct name_map extra; /* by the name of the element */
	int count;
};

/* ---- what a select points to ---- */

static const char *
nodeset_of(const struct xform *x, int control)
{
	const int itemset = element_child(x, control, "itemset");

	return itemset == TREE_NONE ? element_attribute(x, control, "query")
				    : element_attribute(x, itemset, "nodeset");
}

/* "instance('id')..." of "randomize(instance('id')..., seed)". */
static const char *
inner(const char *nodeset)
{
	const char *open = "randomize(";

	if (strncmp(nodeset, open, strlen(open)) != 0)
		return nodeset;
	nodeset += strlen(open);
	return nodeset + strspn(nodeset, " ");
}

/* The end of what "[" begins: its "]", past quotes and brackets; NULL. */
static const char *
closing(const char *open)
{
	int depth = 0;

	for (const char *at = open; *at; at++) {
		if (*at == '\'' || *at == '"') {
			at = strchr(at + 1, *at);
			if (!at)
				return NULL;
		} else if (*at == '[') {
			depth++;
		} else if (*at == ']' && --depth == 0) {
			return at;
		}
	}
	return NULL;
}

/* "[a][b]" is "(a) and (b)". */
const char *
xform_filter(const struct xform *x, int control)
{
	const char *open = strchr(inner(nodeset_of(x, control)), '[');
	const char *end = open ? closing(open) : NULL, *filter;
	struct buf whole = BUF_INIT;

	if (!end)
		return "";
	filter = trim(x, open + 1, (size_t)(end - open - 1));
	while (end && end[1] == '[') {
		open = end + 1;
		end = closing(open);
		if (!end)
			break;
		buf_clear(&whole);
		buf_addf(&whole, "(%s) and (%s)", filter,
		    trim(x, open + 1, (size_t)(end - open - 1)));
		filter = arena_strdup(x->arena, whole.data);
	}
	buf_release(&whole);
	return filter;
}

/* What stands behind the nodes of randomize(nodes, seed); "" for nothing. */
static const char *
seed_of(const struct xform *x, const char *nodeset)
{
	const char *nodes = inner(nodeset), *open = strchr(nodes, '[');
	const char *after = open ? closing(open) : nodes;
	const char *comma = after ? strchr(after, ',') : NULL;
	const char *end = strrchr(nodeset, ')');

	return comma && end > comma
	    ? trim(x, comma + 1, (size_t)(end - comma - 1))
	    : "";
}

static void
add_parameter(
    const struct xform *x, int control, const char *attribute, struct buf *out)
{
	const char *value = element_attribute(x, control, attribute);

	if (*value)
		buf_addf(out, "%s%s=%s", out->len ? " " : "", attribute, value);
}

const char *
xform_parameters(const struct xform *x, int control)
{
	static const char *const kept[] = { "start", "end", "step", "rows",
		"max-pixels" };
	const char *nodeset = nodeset_of(x, control), *text;
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		add_parameter(x, control, kept[i], &out);
	if (inner(nodeset) != nodeset) {
		buf_addf(&out, "%srandomize=true", out.len ? " " : "");
		text = seed_of(x, nodeset);
		if (*text)
			buf_addf(&out, " seed=%s",
			    *text == '/' || *text == '.'
				? xform_reference(x, text)
				: text);
	}
	text = arena_strdup(x->arena, out.data);
	buf_release(&out);
	return text;
}

/* The select whose items are inside of it has a list of its own. */
static bool
has_items(const struct xform *x, int control)
{
	return element_child(x, control, "item") != TREE_NONE;
}

const char *
xform_list(struct xform *x, const char *path, int control)
{
	const char *nodeset = inner(nodeset_of(x, control));
	const char *id = quoted(x, nodeset, "instance("), *name;
	char *list;

	if (id)
		return id;
	if (!has_items(x, control)) {
		problem_add(x->problems, PROBLEM_ERROR, "", 0, path,
		    _("choices from \"%.60s\" are not supported by this "
		      "version of ronde"),
		    nodeset);
		return "?";
	}
	/* "/data/g/q" is in a list "g.q", which no instance can be called. */
	list = xstrdup(path + 1 + strlen(x->root) + 1);
	for (char *at = list; *at; at++)
		if (*at == '/')
			*at = '.';
	name = arena_strdup(x->arena, list);
	free(list);
	if (name_map_put(&x->lists, name, control) < 0)
		buf_addf(&x->inline_lists, "%s\n", name);
	return name;
}

/* ---- the sheet ---- */

static int
put(struct xform *x, struct sheet *sheet, size_t column, const char *text)
{
	return sheets_set(
	    x->sheets, sheet, x->choice_row, column, text, x->err);
}

static int
put_labels(struct xform *x, struct sheet *sheet, int label, const char *id)
{
	for (size_t lang = 0; lang < x->lang_count; lang++) {
		const char *itext = NULL;
		const char *text;

		if (*id) {
			char *ref = xasprintf("jr:itext('%s')", id);

			itext = arena_strdup(x->arena, ref);
			free(ref);
		}
		text = itext ? xform_message(x, itext, lang)
			     : xform_text(x, label, lang, "");
		if (put(x, sheet, CHOICE_LABEL + lang, text) < 0)
			return -1;
	}
	return 0;
}

static int
column_of(struct xform *x, struct sheet *sheet, struct columns *columns,
    const char *name)
{
	int column = name_map_find(&columns->extra, name, strlen(name));

	(void)sheet;
	if (column >= 0)
		return column;
	column = CHOICE_LABEL + (int)x->lang_count + columns->count++;
	name_map_put(&columns->extra, name, column);
	return column;
}

/* An item of an instance: <name>, <label> or <itextId>, and all others. */
static int
write_item(struct xform *x, struct sheet *sheet, struct columns *columns,
    const char *list, int item)
{
	int label = TREE_NONE;
	const char *id = "";

	if (put(x, sheet, CHOICE_LIST, list) < 0)
		return -1;
	for (int at = element_first(x, item); at != TREE_NONE;
	     at = element_after(x, at)) {
		const char *name = element_name(x, at);
		size_t column = CHOICE_NAME;

		if (strcmp(name, "itextId") == 0) {
			id = element_text(x, at);
			continue;
		}
		if (strcmp(name, "label") == 0) {
			label = at;
			continue;
		}
		if (strcmp(name, "name") != 0)
			column = (size_t)column_of(x, sheet, columns, name);
		if (put(x, sheet, column, element_text(x, at)) < 0)
			return -1;
	}
	return put_labels(x, sheet, label, id);
}

static int
write_instance(
    struct xform *x, struct sheet *sheet, struct columns *columns, int instance)
{
	const char *list = element_attribute(x, instance, "id");
	const int root = element_first(x, instance);
	int result = 0;

	for (int item = element_child(x, root, "item");
	     item != TREE_NONE && result == 0;
	     item = element_next(x, item, "item")) {
		x->choice_row++;
		result = write_item(x, sheet, columns, list, item);
	}
	return result;
}

static int
write_inline(
    struct xform *x, struct sheet *sheet, const char *list, int control)
{
	int result = 0;

	for (int item = element_child(x, control, "item");
	     item != TREE_NONE && result == 0;
	     item = element_next(x, item, "item")) {
		const int value = element_child(x, item, "value");

		x->choice_row++;
		result = put(x, sheet, CHOICE_LIST, list);
		if (result == 0)
			result =
			    put(x, sheet, CHOICE_NAME, element_text(x, value));
		if (result == 0)
			result = put_labels(
			    x, sheet, element_child(x, item, "label"), "");
	}
	return result;
}

static int
write_inline_lists(struct xform *x, struct sheet *sheet)
{
	const char *at = x->inline_lists.data;
	int result = 0;

	while (*at && result == 0) {
		const size_t len = strcspn(at, "\n");
		const char *list = arena_strndup(x->arena, at, len);

		result = write_inline(
		    x, sheet, list, name_map_find(&x->lists, at, len));
		at += len + 1;
	}
	return result;
}

/* Names of other columns are known when all items were seen. */
static void
find_columns(struct xform *x, struct sheet *sheet, struct columns *columns)
{
	for (int at = element_child(x, x->model, "instance"); at != TREE_NONE;
	     at = element_next(x, at, "instance")) {
		if (at == x->instance)
			continue;
		for (int item = element_child(x, element_first(x, at), "item");
		     item != TREE_NONE; item = element_next(x, item, "item"))
			for (int part = element_first(x, item);
			     part != TREE_NONE; part = element_after(x, part)) {
				const char *name = element_name(x, part);

				if (strcmp(name, "name") != 0 &&
				    strcmp(name, "label") != 0 &&
				    strcmp(name, "itextId") != 0)
					column_of(x, sheet, columns, name);
			}
	}
}

static int
write_headers(
    struct xform *x, struct sheet *sheet, const struct columns *columns)
{
	int result = put(x, sheet, CHOICE_LIST, "list_name");

	if (result == 0)
		result = put(x, sheet, CHOICE_NAME, "name");
	for (size_t lang = 0; lang < x->lang_count && result == 0; lang++)
		result = put(x, sheet, CHOICE_LABEL + lang,
		    xform_header(x, "label", lang));
	/* In the order of their columns, whatever that of the map. */
	for (int n = 0; n < columns->count && result == 0; n++)
		for (size_t i = 0; i < columns->extra.room; i++)
			if (columns->extra.keys[i] &&
			    columns->extra.values[i] ==
				CHOICE_LABEL + (int)x->lang_count + n)
				result = put(x, sheet,
				    (size_t)columns->extra.values[i],
				    columns->extra.keys[i]);
	return result;
}

int
xform_write_choices(struct xform *x)
{
	struct columns columns = { 0 };
	struct sheet *sheet = sheets_add(x->sheets, "choices", 7, x->err);
	int result = -1;

	if (!sheet)
		return -1;
	x->choice_row = 1;
	find_columns(x, sheet, &columns);
	result = write_headers(x, sheet, &columns);
	for (int at = element_child(x, x->model, "instance");
	     at != TREE_NONE && result == 0;
	     at = element_next(x, at, "instance"))
		if (at != x->instance && !*element_attribute(x, at, "src"))
			result = write_instance(x, sheet, &columns, at);
	if (result == 0)
		result = write_inline_lists(x, sheet);
	name_map_release(&columns.extra);
	return result;
}

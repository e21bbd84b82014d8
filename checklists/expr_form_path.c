/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#include <string.h>

#include "base/i18n.h"

/* What a path means in a form: an item, a column, or rows with a condition. */

/* What this version cannot do in a form; NULL: it can. */
static const char *
what_is_special(const struct parser *p, const struct expr *path)
{
	for (const struct step *step = path->steps; step; step = step->next) {
		if (step->predicates && !p->names->has_rows)
			return _("a condition in [ ] after a path");
		if (step->test == TEST_ANY)
			return _("a path with \"*\"");
		if (step->axis == AXIS_ATTRIBUTE)
			return _("a path with \"@\"");
		if (step->axis == AXIS_DESCENDANT_OR_SELF)
			return _("a path with \"//\"");
		if (step->axis == AXIS_NONE)
			continue;
		if (step->test == TEST_NODE
			? step->axis != AXIS_SELF && step->axis != AXIS_PARENT
			: step->axis != AXIS_CHILD || step->test != TEST_NAME)
			return _("an axis or a node test");
	}
	return NULL;
}

/*
 * As a form writes it, up to and with `last` (NULL: all of it): "${a}/b",
 * "/data/a", "../a", "current()/../a".
 */
static void
write_path(const struct expr *path, const struct step *last, struct buf *out)
{
	bool first = path->start == START_CONTEXT;

	if (path->start == START_REFERENCE)
		buf_addf(out, "${%s}", path->text);
	if (path->start == START_CURRENT)
		buf_add_text(out, "current()");
	for (const struct step *step = path->steps; step; step = step->next) {
		if (step->axis != AXIS_NONE) {
			if (!first)
				buf_add_char(out, '/');
			first = false;
			buf_add_text(out,
			    step->test == TEST_NAME       ? step->name
				: step->axis == AXIS_SELF ? "."
							  : "..");
		}
		if (step == last)
			break;
	}
	if (path->start == START_ROOT && !path->steps)
		buf_add_char(out, '/');
}

/* The item that the path means up to `last`; -1 with err. */
int
path_item_at(struct parser *p, const struct expr *path, const struct step *last,
    int *row_of)
{
	const int self = path->start == START_CONTEXT && p->step_of >= 0
	    ? p->step_of
	    : p->names->self;
	struct buf text = BUF_INIT;
	int item;

	write_path(path, last, &text);
	item = parse_resolve(p, path->column, self, text.data, row_of);
	buf_release(&text);
	return item;
}

/*
 * XPath has no null: it is a path to nothing, and so the empty text that the
 * authors of such forms mean.
 */
static bool
is_null(const struct parser *p, const struct expr *path)
{
	const struct step *step = path->steps;
	struct err err = { 0 };

	return path->start == START_CONTEXT && step && !step->next &&
	    step->name && strcmp(step->name, "null") == 0 &&
	    p->names->resolve(
		p->names->arg, p->names->self, "null", 4, NULL, &err) < 0;
}

static struct expr *
resolve_item(struct parser *p, struct expr *path)
{
	if (is_null(p, path)) {
		path->kind = NODE_TEXT;
		path->text = "";
		return path;
	}
	path->item = path_item_at(p, path, NULL, &path->row_of);
	if (path->item < 0)
		return NULL;
	path->kind = NODE_ITEM;
	path->steps = NULL;
	if (path->item >= EXPR_COLUMN) {
		path->kind = NODE_COLUMN;
		path->item -= EXPR_COLUMN;
	} else if (p->names->has_rows) {
		path->many =
		    p->names->has_rows(p->names->arg, path->item, path->row_of);
	}
	return path;
}

/* The repeat around the item whose nodes get a condition: all its rows. */
static int
around(struct parser *p, int item, int row_of)
{
	int above = row_of;
	struct err ignored = { 0 };

	if (item != row_of)
		return row_of;
	p->names->resolve(p->names->arg, item, "..", 2, &above, &ignored);
	return above == item ? -1 : above;
}

/* "rep[...]/x": the nodes of rep, those that hold, then the steps on. */
static struct expr *
resolve_filtered(struct parser *p, struct expr *path, struct step *filtered)
{
	struct step *condition;

	path->item = path_item_at(p, path, filtered, &path->row_of);
	path->target = path->item < 0 ? -1 : path_item_at(p, path, NULL, NULL);
	if (path->target < 0)
		return NULL;
	if (path->item >= EXPR_COLUMN)
		return parse_fail(p, path->column, ERR_UNSUPPORTED,
		    _("%s is not supported by this version"),
		    _("a condition in [ ] after a path"));
	path->row_of = around(p, path->item, path->row_of);
	path->start = START_ITEM;
	if (filtered->axis == AXIS_NONE) {
		path->steps = filtered;
		return path;
	}
	condition = arena_alloc(p->arena, sizeof(*condition));
	condition->axis = AXIS_NONE;
	condition->test = TEST_NODE;
	condition->predicates = filtered->predicates;
	condition->next = filtered->next;
	path->steps = condition;
	return path;
}

struct expr *
path_resolve(struct parser *p, struct expr *path)
{
	const char *special = what_is_special(p, path);
	const struct step *step = path->steps;

	if (special)
		return parse_fail(p, path->column, ERR_UNSUPPORTED,
		    _("%s is not supported by this version"), special);
	while (step && !step->predicates)
		step = step->next;
	/* In a condition what begins at the node is walked from there. */
	if (path->start == START_CONTEXT && p->step_of >= 0) {
		path->item = path->target = path_item_at(p, path, NULL, NULL);
		return path->item < 0 ? NULL : path;
	}
	return step ? resolve_filtered(p, path, (struct step *)(uintptr_t)step)
		    : resolve_item(p, path);
}

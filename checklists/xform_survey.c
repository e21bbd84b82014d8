/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "checklists/xform_internal.h"

/*
 * The survey sheet: the form's instance in the order of the document, with
 * what binds and controls say of each node.
 */
enum column_at {
	AT_TYPE,
	AT_NAME,
	AT_RELEVANT,
	AT_REQUIRED,
	AT_READ_ONLY,
	AT_CONSTRAINT,
	AT_CALCULATION,
	AT_DEFAULT,
	AT_APPEARANCE,
	AT_FILTER,
	AT_COUNT,
	AT_PARAMETERS,
	AT_TRIGGER,
	AT_SPOKEN /* then a column for each text in each language */
};

static const char *const headers[AT_SPOKEN] = { "type", "name", "relevant",
	"required", "read_only", "constraint", "calculation", "default",
	"appearance", "choice_filter", "repeat_count", "parameters",
	"trigger" };
static const char *const spoken_headers[SPOKEN_COUNT] = { "label", "hint",
	"guidance_hint", "constraint_message", "required_message" };

struct survey_sheet {
	struct xform *x;
	struct sheet *sheet;
	int row;
	/* setvalue elements, by path: at the start, in a new row, and the last
	 * of those that a change sets off. */
	struct name_map set_first, set_new, set_after;
};

/* What is known of a node of the instance. */
struct node {
	int element, bind, control;
	const char *path, *value;
};

static int
put(struct survey_sheet *s, size_t column, const char *text)
{
	return sheets_set(
	    s->x->sheets, s->sheet, s->row, column, text, s->x->err);
}

static int
find(const struct name_map *map, const char *path)
{
	const int found = name_map_find(map, path, strlen(path));

	return found < 0 ? TREE_NONE : found;
}

static int
put_spoken(
    struct survey_sheet *s, enum spoken which, size_t lang, const char *text)
{
	return put(
	    s, AT_SPOKEN + (size_t)which * s->x->lang_count + lang, text);
}

static int
write_headers(struct survey_sheet *s)
{
	int result = 0;

	s->row = 1;
	for (size_t i = 0; i < AT_SPOKEN && result == 0; i++)
		result = put(s, i, headers[i]);
	for (int which = 0; which < SPOKEN_COUNT && result == 0; which++)
		for (size_t lang = 0; lang < s->x->lang_count && result == 0;
		     lang++)
			result = put_spoken(s, (enum spoken)which, lang,
			    xform_header(s->x, spoken_headers[which], lang));
	return result;
}

/* ---- setvalue ---- */

static bool
is_for(const char *events, const char *event)
{
	return strstr(events, event) != NULL;
}

/* At the start, or when the control around it changes. */
static void
find_setvalues(struct survey_sheet *s, int element)
{
	struct xform *x = s->x;

	for (int at = element_first(x, element); at != TREE_NONE;
	     at = element_after(x, at)) {
		const char *event = element_attribute(x, at, "event");
		const char *ref = element_attribute(x, at, "ref");

		if (!element_is(x, at, "setvalue")) {
			find_setvalues(s, at);
			continue;
		}
		if (is_for(event, "odk-instance-first-load"))
			name_map_set(&s->set_first, ref, at);
		if (is_for(event, "odk-new-repeat"))
			name_map_set(&s->set_new, ref, at);
		if (is_for(event, "xforms-value-changed"))
			name_map_set(&s->set_after, ref, at);
	}
}

/* An expression as it is, a text in quotes. */
static const char *
as_expression(const struct xform *x, int setvalue)
{
	const char *value = element_attribute(x, setvalue, "value");
	const char *text = element_text(x, setvalue);
	struct buf quoted_text = BUF_INIT;
	const char *kept;

	if (*value)
		return value;
	buf_addf(&quoted_text, strchr(text, '\'') ? "\"%s\"" : "'%s'", text);
	kept = arena_strdup(x->arena, quoted_text.data);
	buf_release(&quoted_text);
	return kept;
}

static const char *
wrapped(const struct xform *x, const char *before, const char *text,
    const char *after)
{
	struct buf whole = BUF_INIT;
	const char *kept;

	buf_addf(&whole, "%s%s%s", before, text, after);
	kept = arena_strdup(x->arena, whole.data);
	buf_release(&whole);
	return kept;
}

/*
 * A default is computed where it looks as if it were meant to be: an
 * expression that does not look so goes into a call, a text that does into
 * quotes.
 */
static const char *
default_of(const struct survey_sheet *s, const struct node *node)
{
	const struct xform *x = s->x;
	const int first = find(&s->set_first, node->path);
	const int set =
	    first == TREE_NONE ? find(&s->set_new, node->path) : first;
	const char *type = element_attribute(x, node->bind, "type");
	const bool is_date = strncmp(type, "date", 4) == 0 ||
	    strncmp(type, "geo", 3) == 0 || strcmp(type, "time") == 0;
	const char *expr;

	if (set != TREE_NONE) {
		expr = as_expression(x, set);
		return expr_looks_dynamic(expr, is_date)
		    ? expr
		    : wrapped(x, "coalesce('', ", expr, ")");
	}
	if (!expr_looks_dynamic(node->value, is_date))
		return node->value;
	return strchr(node->value, '\'')
	    ? wrapped(x, "string(\"", node->value, "\")")
	    : wrapped(x, "string('", node->value, "')");
}

/* ---- rows ---- */

static int
put_texts(struct survey_sheet *s, int control, int bind)
{
	struct xform *x = s->x;
	const int label = element_child(x, control, "label");
	const int hint = element_child(x, control, "hint");
	const char *constraint = element_attribute(x, bind, "constraintMsg");
	const char *required = element_attribute(x, bind, "requiredMsg");

	for (size_t lang = 0; lang < x->lang_count; lang++)
		if (put_spoken(s, SPOKEN_LABEL, lang,
			xform_text(x, label, lang, "")) < 0 ||
		    put_spoken(s, SPOKEN_HINT, lang,
			xform_text(x, hint, lang, "")) < 0 ||
		    put_spoken(s, SPOKEN_GUIDANCE, lang,
			xform_text(x, hint, lang, "guidance")) < 0 ||
		    put_spoken(s, SPOKEN_CONSTRAINT, lang,
			xform_message(x, constraint, lang)) < 0 ||
		    put_spoken(s, SPOKEN_REQUIRED, lang,
			xform_message(x, required, lang)) < 0)
			return -1;
	return 0;
}

static const char *
yes_or(const char *expr)
{
	return strcmp(expr, "true()") == 0 ? "yes"
	    : strcmp(expr, "false()") == 0 ? ""
					   : expr;
}

static int
put_bind(struct survey_sheet *s, int bind)
{
	const struct xform *x = s->x;

	if (put(s, AT_RELEVANT, element_attribute(x, bind, "relevant")) < 0 ||
	    put(s, AT_CONSTRAINT, element_attribute(x, bind, "constraint")) <
		0 ||
	    put(s, AT_REQUIRED,
		yes_or(element_attribute(x, bind, "required"))) < 0)
		return -1;
	return put(
	    s, AT_READ_ONLY, yes_or(element_attribute(x, bind, "readonly")));
}

/* "type name" of the next row. */
static int
begin_row(struct survey_sheet *s, const char *type, const char *name)
{
	s->row++;
	if (put(s, AT_TYPE, type) < 0)
		return -1;
	return put(s, AT_NAME, name);
}

/* "${a}, ${b}": the controls below `element` that set the node at `path`. */
static int
add_triggers(struct survey_sheet *s, int element, const char *path,
    const char *value, struct buf *out)
{
	struct xform *x = s->x;

	for (int at = element_first(x, element); at != TREE_NONE;
	     at = element_after(x, at)) {
		if (!element_is(x, at, "setvalue")) {
			if (add_triggers(s, at, path, value, out) < 0)
				return -1;
			continue;
		}
		if (strcmp(element_attribute(x, at, "ref"), path) != 0 ||
		    !is_for(element_attribute(x, at, "event"),
			"xforms-value-changed"))
			continue;
		if (strcmp(as_expression(x, at), value) != 0)
			return err_set(x->err, ERR_UNSUPPORTED,
			    _("%s is set to one value by one question and to "
			      "another by another; an XLSForm cannot say that"),
			    path);
		buf_addf(out, "%s%s", out->len ? ", " : "",
		    xform_reference(x, element_attribute(x, element, "ref")));
	}
	return 0;
}

static int
put_trigger(struct survey_sheet *s, const struct node *node)
{
	struct xform *x = s->x;
	const int set = find(&s->set_after, node->path);
	struct buf triggers = BUF_INIT;
	const char *value;
	int result;

	if (set == TREE_NONE)
		return 0;
	value = as_expression(x, set);
	result = add_triggers(s, x->body, node->path, value, &triggers);
	if (result == 0)
		result = put(s, AT_CALCULATION, value);
	if (result == 0)
		result = put(s, AT_TRIGGER, triggers.data);
	buf_release(&triggers);
	return result;
}

static int
write_leaf(struct survey_sheet *s, const struct node *node)
{
	struct xform *x = s->x;
	const int control = node->control;
	const char *type =
	    xform_type(x, node->path, node->bind, control, node->value);
	const bool is_known = control == TREE_NONE &&
	    *element_attribute(x, node->bind, "preload");

	if (begin_row(s, type, element_name(x, node->element)) < 0 ||
	    (strcmp(type, "note") != 0 && put_bind(s, node->bind) < 0) ||
	    (strcmp(type, "note") == 0 &&
		put(s, AT_RELEVANT,
		    element_attribute(x, node->bind, "relevant")) < 0) ||
	    put(s, AT_APPEARANCE, element_attribute(x, control, "appearance")) <
		0 ||
	    put(s, AT_FILTER, xform_filter(x, control)) < 0 ||
	    put(s, AT_PARAMETERS, xform_parameters(x, control)) < 0 ||
	    put_texts(s, control, node->bind) < 0)
		return -1;
	if (is_known)
		return 0;
	if (put(s, AT_CALCULATION,
		element_attribute(x, node->bind, "calculate")) < 0 ||
	    put(s, AT_DEFAULT, default_of(s, node)) < 0)
		return -1;
	return put_trigger(s, node);
}

static int write_nodes(struct survey_sheet *s, int parent, const char *above);

/* What counts the rows: jr:count, or the calculation that pyxform put aside. */
static const char *
count_of(struct survey_sheet *s, int repeat)
{
	struct xform *x = s->x;
	const char *count = element_attribute(x, repeat, "count");
	const int bind = find(&x->binds, count);
	const char *calculate = element_attribute(x, bind, "calculate");

	return find(&x->controls, count) == TREE_NONE && *calculate ? calculate
								    : count;
}

static int
write_group(struct survey_sheet *s, const struct node *node)
{
	struct xform *x = s->x;
	const int repeat = find(&x->repeats, node->path);
	const int group = find(&x->groups, node->path);
	const bool repeats = repeat != TREE_NONE;
	const char *look = element_attribute(x, group, "appearance");

	if (repeats && !*look)
		look = element_attribute(x, repeat, "appearance");
	if (begin_row(s, repeats ? "begin repeat" : "begin group",
		element_name(x, node->element)) < 0 ||
	    put(s, AT_RELEVANT, element_attribute(x, node->bind, "relevant")) <
		0 ||
	    put(s, AT_APPEARANCE, look) < 0 ||
	    (repeats && put(s, AT_COUNT, count_of(s, repeat)) < 0) ||
	    put_texts(s, group, TREE_NONE) < 0 ||
	    write_nodes(s, node->element, node->path) < 0)
		return -1;
	return begin_row(s, repeats ? "end repeat" : "end group", "");
}

/* "NAME_count", whose calculation stands in the repeat NAME itself. */
static bool
only_counts(const struct survey_sheet *s, const struct node *node)
{
	const struct xform *x = s->x;

	if (node->control != TREE_NONE ||
	    !*element_attribute(x, node->bind, "calculate"))
		return false;
	for (size_t i = 0; i < x->repeats.room; i++)
		if (x->repeats.keys[i] &&
		    strcmp(element_attribute(x, x->repeats.values[i], "count"),
			node->path) == 0)
			return true;
	return false;
}

static int
write_node(struct survey_sheet *s, int element, const char *path)
{
	struct xform *x = s->x;
	const bool has_members = element_first(x, element) != TREE_NONE ||
	    find(&x->groups, path) != TREE_NONE ||
	    find(&x->repeats, path) != TREE_NONE;
	const struct node node = { element, find(&x->binds, path),
		find(&x->controls, path), path,
		has_members ? "" : element_text(x, element) };

	if (has_members)
		return write_group(s, &node);
	return only_counts(s, &node) ? 0 : write_leaf(s, &node);
}

static bool
is_again(const struct xform *x, int parent, int element)
{
	const int first = element_child(x, parent, element_name(x, element));

	return first != element;
}

static int
write_nodes(struct survey_sheet *s, int parent, const char *above)
{
	struct xform *x = s->x;
	int result = 0;

	for (int at = element_first(x, parent); at != TREE_NONE && result == 0;
	     at = element_after(x, at)) {
		char *path = xasprintf("%s/%s", above, element_name(x, at));

		/* A repeat's template is followed by its first row. */
		if (!(parent == element_first(x, x->instance) &&
			element_is(x, at, "meta")) &&
		    !is_again(x, parent, at))
			result =
			    write_node(s, at, arena_strdup(x->arena, path));
		free(path);
	}
	return result;
}

static int
write_audit(struct survey_sheet *s)
{
	struct xform *x = s->x;
	const int instance = element_first(x, x->instance);
	const int meta = element_child(x, instance, "meta");

	if (element_child(x, meta, "audit") == TREE_NONE)
		return 0;
	return begin_row(s, "audit", "audit");
}

int
xform_write_survey(struct xform *x)
{
	struct survey_sheet s = { .x = x };
	char *root = xasprintf("/%s", x->root);
	int result = -1;

	s.sheet = sheets_add(x->sheets, "survey", 6, x->err);
	if (s.sheet && write_headers(&s) == 0) {
		find_setvalues(&s, x->model);
		find_setvalues(&s, x->body);
		result = write_nodes(&s, element_first(x, x->instance), root);
		if (result == 0)
			result = write_audit(&s);
	}
	name_map_release(&s.set_first);
	name_map_release(&s.set_new);
	name_map_release(&s.set_after);
	free(root);
	return result;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "checklists/form_files.h"

/* The expressions of items: their cells, defaults, references in labels. */

/* What a reference is resolved against. */
struct scope {
	struct builder *b;
	bool in_filter;
};

static int
column_named(struct builder *b, const char *name, size_t len)
{
	const struct form *form = &b->full->form;

	if (len == 4 && strncmp(name, "name", len) == 0)
		return EXPR_COLUMN + COLUMN_NAME;
	if (len == 5 && strncmp(name, "label", len) == 0)
		return EXPR_COLUMN + COLUMN_LABEL;
	for (size_t i = 0; i < form->extra_count; i++)
		if (strlen(form->extra_names[i]) == len &&
		    strncmp(form->extra_names[i], name, len) == 0)
			return EXPR_COLUMN + COLUMN_EXTRA + (int)i;
	return -1;
}

static int
resolve(void *arg, int self, const char *path, size_t len, int *row_of,
    struct err *err)
{
	const struct scope *scope = arg;
	struct builder *b = scope->b;

	if (scope->in_filter && !memchr(path, '/', len) && path[0] != '$' &&
	    path[0] != '.') {
		const int column = column_named(b, path, len);

		if (column >= 0)
			return column;
		return err_set(err, ERR_NOT_FOUND,
		    _("the choices sheet has no column \"%.*s\""),
		    (int)(len > 64 ? 64 : len), path);
	}
	return form_resolve(b->full, self, path, len, row_of, err);
}

/* Is an item, looked for in a row of `row_of`, in several rows? */
static bool
has_rows(void *arg, int item, int row_of)
{
	const struct scope *scope = arg;
	const struct item *found = &scope->b->items[item];

	return found->type == ITEM_REPEAT ? item != row_of
					  : found->repeat != row_of;
}

/* Quotes that word processors bend, made straight; yes and no as calls. */
static const char *
clean_expression(struct builder *b, const char *cell)
{
	static const char *const bent[][2] = { { "‘", "'" }, { "’", "'" },
		{ "“", "\"" }, { "”", "\"" } };
	struct buf out = BUF_INIT;
	const char *clean;

	if (is_yes(cell))
		return "true()";
	if (is_no(cell))
		return "false()";
	if (!strstr(cell, "\xe2\x80"))
		return cell;
	while (*cell) {
		size_t i = 0;

		while (i < ARRAY_LEN(bent) &&
		    strncmp(cell, bent[i][0], strlen(bent[i][0])) != 0)
			i++;
		if (i < ARRAY_LEN(bent)) {
			buf_add_text(&out, bent[i][1]);
			cell += strlen(bent[i][0]);
		} else {
			buf_add_char(&out, *cell++);
		}
	}
	clean = arena_strndup(b->arena, out.data, out.len);
	buf_release(&out);
	return clean;
}

/*
 * pyxform looks at no expression but for its ${names}, so forms with others
 * that nobody can compute are met.  A calculation without a value and choices
 * without a filter do little harm; relevance and constraints that are passed
 * over would ask, or take, what the author ruled out.
 */
static bool
may_do_without(
    enum column_kind kind, const char *text, int at, const struct err *why)
{
	if (why->code == ERR_FORMAT || why->code == ERR_UNSUPPORTED)
		return kind == COL_CALCULATION || kind == COL_CHOICE_FILTER;
	return why->code == ERR_NOT_FOUND && kind == COL_CALCULATION &&
	    strncmp(text + problem_offset(text, at), "${", 2) != 0;
}

static void
tell_of_bad(struct builder *b, int index, enum column_kind kind, int at,
    const struct err *why)
{
	const struct sheet_row *row = b->item_rows[index];
	const char *cell = sheet_cell(&b->survey, row, kind);
	const size_t first = b->problems->count;

	if (!may_do_without(kind, cell, at, why))
		problem_here(b, &b->survey, row, kind, "%s", why->msg);
	else if (kind == COL_CALCULATION)
		warn_here(b, &b->survey, row, kind,
		    _("it stays empty, for it cannot be computed; ODK Collect "
		      "does not open this form: %s"),
		    why->msg);
	else
		warn_here(b, &b->survey, row, kind,
		    _("all choices are offered, for the filter cannot be "
		      "computed; ODK Collect does not open this form: %s"),
		    why->msg);
	problems_quote(b->problems, first, cell, at);
}

static const struct expr *
parse(struct builder *b, int index, const char *text, enum column_kind kind)
{
	struct scope scope = { .b = b, .in_filter = kind == COL_CHOICE_FILTER };
	int failed_at = 0;
	const struct expr_names names = { .resolve = resolve,
		.has_rows = has_rows,
		.arg = &scope,
		.self = index,
		.in_filter = scope.in_filter,
		.nodes_left = &b->nodes_left,
		.failed_at = &failed_at };
	const struct expr *expr;
	struct err why = { 0 };

	expr = expr_parse(b->arena, clean_expression(b, text), &names, &why);
	if (expr)
		form_check_calls(b, b->item_rows[index], kind, text);
	else
		tell_of_bad(b, index, kind, failed_at, &why);
	return expr;
}

static const struct expr *
parse_cell(struct builder *b, int index, enum column_kind kind)
{
	const char *cell = sheet_cell(&b->survey, b->item_rows[index], kind);

	return cell[0] ? parse(b, index, cell, kind) : NULL;
}

static void
read_default(struct builder *b, struct item *item)
{
	const char *cell =
	    sheet_cell(&b->survey, b->item_rows[item->index], COL_DEFAULT);
	const bool is_date = item->type == ITEM_DATE ||
	    item->type == ITEM_TIME || item->type == ITEM_DATETIME ||
	    item->type == ITEM_GEOPOINT || item->type == ITEM_GEOTRACE ||
	    item->type == ITEM_GEOSHAPE;

	if (cell[0] == '\0')
		return;
	if (expr_looks_dynamic(cell, is_date))
		item->dynamic_default =
		    parse(b, item->index, cell, COL_DEFAULT);
	else
		item->default_text = cell;
}

/* start and today have a value; who and on what, the log says itself. */
static void
read_meta(struct builder *b, struct item *item)
{
	const char *meta = item->meta;

	if (strcmp(meta, "hidden") == 0)
		return;
	if (strcmp(meta, "start") == 0)
		item->dynamic_default =
		    parse(b, item->index, "now()", COL_DEFAULT);
	else if (strcmp(meta, "today") == 0)
		item->dynamic_default =
		    parse(b, item->index, "today()", COL_DEFAULT);
}

static bool
is_empty_meta(const char *meta)
{
	return meta && strcmp(meta, "hidden") != 0 &&
	    strcmp(meta, "start") != 0 && strcmp(meta, "today") != 0;
}

/* The cell, or what the type says where it is empty. */
static const struct expr *
parse_implied(
    struct builder *b, int index, enum column_kind kind, const char *implied)
{
	const struct expr *own = parse_cell(b, index, kind);
	const char *cell = sheet_cell(&b->survey, b->item_rows[index], kind);

	return own || cell[0] || !implied ? own
					  : parse(b, index, implied, kind);
}

/* ---- triggers ---- */

/* "${a}" of "${a}, ${b}"; the cell moves past it; -1 with a problem. */
static int
read_trigger(struct builder *b, const struct item *item, const char **cell)
{
	const char *start = *cell + strspn(*cell, " \t\n,");
	const char *end = start + strcspn(start, ",");
	struct err why = { 0 };
	int found;

	*cell = end;
	while (end > start && end[-1] == ' ')
		end--;
	if (strncmp(start, "${", 2) != 0 || end[-1] != '}') {
		problem_here(b, &b->survey, b->item_rows[item->index],
		    COL_TRIGGER,
		    _("\"%.*s\" is no trigger: ${name} of a question is "
		      "expected"),
		    (int)(end - start > 60 ? 60 : end - start), start);
		return -1;
	}
	found = form_resolve(
	    b->full, item->index, start, (size_t)(end - start), NULL, &why);
	if (found < 0)
		problem_here(b, &b->survey, b->item_rows[item->index],
		    COL_TRIGGER, "%s", why.msg);
	return found;
}

static void
read_triggers(struct builder *b, struct item *item)
{
	const char *cell =
	    sheet_cell(&b->survey, b->item_rows[item->index], COL_TRIGGER);
	const size_t most = strlen(cell) / 2 + 1;
	int *triggers;

	if (cell[0] == '\0')
		return;
	triggers = arena_alloc(b->arena, most * sizeof(*triggers));
	while (cell[strspn(cell, " \t\n,")]) {
		const int found = read_trigger(b, item, &cell);

		if (found >= 0)
			triggers[item->trigger_count++] = found;
	}
	item->triggers = triggers;
	item->triggered = item->calculation
	    ? item->calculation
	    : parse(b, item->index, "''", COL_TRIGGER);
	item->calculation = NULL;
}

static void
read_seed(struct builder *b, struct item *item)
{
	const char *seed = form_parameter(b, b->item_rows[item->index], "seed");

	if (!seed)
		return;
	if (item->randomize)
		item->seed = parse(b, item->index, seed, COL_PARAMETERS);
	else
		problem_here(b, &b->survey, b->item_rows[item->index],
		    COL_PARAMETERS, _("a seed needs randomize=true before it"));
}

static void
warn_of_empty(struct builder *b, int index)
{
	const struct sheet_row *row = b->item_rows[index];
	const char *meta = b->items[index].meta, *name = b->items[index].name;

	if (strcmp(meta, "background-audio") == 0)
		warn_here(b, &b->survey, row, COL_TYPE,
		    _("\"%s\" stays empty: ronde records no sound"), name);
	else if (strstr(meta, "geopoint"))
		warn_here(b, &b->survey, row, COL_TYPE,
		    _("\"%s\" stays empty: a position is not taken by "
		      "itself; ask for one (geopoint)"),
		    name);
	else
		warn_here(b, &b->survey, row, COL_TYPE,
		    _("\"%s\" stays empty: every answer carries its author, "
		      "device and time"),
		    name);
}

static void
read_item(struct builder *b, struct item *item)
{
	const int i = item->index;
	const char *required =
	    sheet_cell(&b->survey, b->item_rows[i], COL_REQUIRED);

	item->relevant =
	    parse_implied(b, i, COL_RELEVANT, b->implied[i].relevant);
	item->constraint =
	    parse_implied(b, i, COL_CONSTRAINT, b->implied[i].constraint);
	item->calculation = parse_cell(b, i, COL_CALCULATION);
	item->read_only = parse_cell(b, i, COL_READ_ONLY);
	if (required[0] && !is_no(required))
		item->required = parse_cell(b, i, COL_REQUIRED);
	if (item->type == ITEM_REPEAT)
		item->repeat_count = parse_cell(b, i, COL_REPEAT_COUNT);
	if (item->list)
		item->choice_filter = parse_cell(b, i, COL_CHOICE_FILTER);
	if (item->list)
		read_seed(b, item);
	read_default(b, item);
	read_triggers(b, item);
	if (item->meta)
		read_meta(b, item);
	else if (item->type == ITEM_CALCULATE && !item->calculation &&
	    !item->triggered && !item->default_text && !item->dynamic_default &&
	    sheet_cell(&b->survey, b->item_rows[i], COL_CALCULATION)[0] == '\0')
		problem_here(b, &b->survey, b->item_rows[i], COL_CALCULATION,
		    _("the calculation is missing"));
}

/* ---- ${...} in labels ---- */

static void
check_text(struct builder *b, int index, const struct form_text *text,
    enum column_kind kind)
{
	for (size_t lang = 0; text && lang < b->full->form.lang_count; lang++) {
		const char *at = text->in[lang], *end;
		struct err why = { 0 };

		while (
		    at && (at = strstr(at, "${")) && (end = strchr(at, '}'))) {
			struct scope scope = { .b = b };

			if (resolve(&scope, index, at, (size_t)(end + 1 - at),
				NULL, &why) < 0)
				problem_here(b, &b->survey, b->item_rows[index],
				    kind, "%s", why.msg);
			at = end + 1;
		}
	}
}

static void
check_texts(struct builder *b, const struct item *item)
{
	check_text(b, item->index, item->label, COL_LABEL);
	check_text(b, item->index, item->hint, COL_HINT);
	check_text(b, item->index, item->guidance, COL_GUIDANCE);
	check_text(
	    b, item->index, item->required_message, COL_REQUIRED_MESSAGE);
	check_text(
	    b, item->index, item->constraint_message, COL_CONSTRAINT_MESSAGE);
}

/*
 * It may name any question and belongs to none.  What cannot be read costs a
 * submission its name, not the form its readers, as in pyxform.
 */
static void
read_instance_name(struct builder *b)
{
	struct scope scope = { .b = b };
	const struct expr_names names = { .resolve = resolve,
		.has_rows = has_rows,
		.arg = &scope,
		.self = -1,
		.nodes_left = &b->nodes_left };
	struct err why = { 0 };

	if (!b->instance_name[0])
		return;
	b->full->form.instance_name = expr_parse(
	    b->arena, clean_expression(b, b->instance_name), &names, &why);
	if (!b->full->form.instance_name)
		problem_add(b->problems, PROBLEM_WARNING, "settings", 2,
		    "instance_name", _("submissions will have no name: %s"),
		    why.msg);
}

void
form_read_logic(struct builder *b)
{
	const int count = b->full->form.item_count;

	for (int i = 0; i < count; i++)
		if (is_empty_meta(b->items[i].meta))
			warn_of_empty(b, i);
	for (int i = 0; i < count; i++) {
		read_item(b, &b->items[i]);
		check_texts(b, &b->items[i]);
	}
	read_instance_name(b);
}

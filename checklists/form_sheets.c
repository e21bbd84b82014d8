/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/text.h"
#include "checklists/form_files.h"

/*
 * From rows of CSV to sheets with named columns: what a header means and
 * the languages.
 */

/* A row for each way of writing a header, in small letters with "_". */
static const struct {
	const char *name;
	enum column_kind kind;
} survey_columns[] = {
	{ "type", COL_TYPE },
	{ "command", COL_TYPE },
	{ "name", COL_NAME },
	{ "tag", COL_NAME },
	{ "value", COL_NAME },
	{ "label", COL_LABEL },
	{ "caption", COL_LABEL },
	{ "hint", COL_HINT },
	{ "guidance_hint", COL_GUIDANCE },
	{ "required", COL_REQUIRED },
	{ "required_message", COL_REQUIRED_MESSAGE },
	{ "requiredmsg", COL_REQUIRED_MESSAGE },
	{ "relevant", COL_RELEVANT },
	{ "relevance", COL_RELEVANT },
	{ "skippattern", COL_RELEVANT },
	{ "constraint", COL_CONSTRAINT },
	{ "constraint_message", COL_CONSTRAINT_MESSAGE },
	{ "constraining_message", COL_CONSTRAINT_MESSAGE },
	{ "constraintmsg", COL_CONSTRAINT_MESSAGE },
	{ "calculation", COL_CALCULATION },
	{ "calculate", COL_CALCULATION },
	{ "default", COL_DEFAULT },
	{ "appearance", COL_APPEARANCE },
	{ "choice_filter", COL_CHOICE_FILTER },
	{ "read_only", COL_READ_ONLY },
	{ "readonly", COL_READ_ONLY },
	{ "repeat_count", COL_REPEAT_COUNT },
	{ "count", COL_REPEAT_COUNT },
	{ "jr:count", COL_REPEAT_COUNT },
	{ "parameters", COL_PARAMETERS },
	{ "trigger", COL_TRIGGER },
	{ "disabled", COL_DISABLED },
	{ "media", COL_MEDIA },
	{ "image", COL_MEDIA },
	{ "big-image", COL_MEDIA },
	{ "big_image", COL_MEDIA },
	{ "audio", COL_MEDIA },
	{ "video", COL_MEDIA },
	{ "bind::required", COL_REQUIRED },
	{ "bind::relevant", COL_RELEVANT },
	{ "bind::constraint", COL_CONSTRAINT },
	{ "bind::calculate", COL_CALCULATION },
	{ "bind::readonly", COL_READ_ONLY },
	{ "bind::jr:constraintmsg", COL_CONSTRAINT_MESSAGE },
	{ "bind::jr:requiredmsg", COL_REQUIRED_MESSAGE },
	{ "control::appearance", COL_APPEARANCE },
	{ "body::appearance", COL_APPEARANCE },
	{ "bind::ronde:weight", COL_WEIGHT },
	{ "bind::ronde:framework", COL_FRAMEWORK },
	{ "bind::ronde:reference", COL_REFERENCE },
	{ "bind::ronde:weakest", COL_WEAKEST },
}, choices_columns[] = {
	{ "list_name", COL_LIST_NAME },
	{ "name", COL_NAME },
	{ "value", COL_NAME },
	{ "label", COL_LABEL },
	{ "caption", COL_LABEL },
	{ "media", COL_MEDIA },
	{ "image", COL_MEDIA },
	{ "big-image", COL_MEDIA },
	{ "audio", COL_MEDIA },
	{ "video", COL_MEDIA },
	{ "score", COL_SCORE },
	{ "severity", COL_SEVERITY },
	{ "polarity", COL_POLARITY },
	{ "option", COL_OPTION },
	{ "reason", COL_REASON },
};

static bool
is_translated(enum column_kind kind)
{
	return kind == COL_LABEL || kind == COL_HINT || kind == COL_GUIDANCE ||
	    kind == COL_REQUIRED_MESSAGE || kind == COL_CONSTRAINT_MESSAGE ||
	    kind == COL_OPTION || kind == COL_MEDIA;
}

/* ---- headers ---- */

/* Small letters, spaces as "_", up to `len`. */
static void
canonical(const char *text, size_t len, char *out, size_t room)
{
	size_t to = 0;

	for (size_t i = 0; i < len && to + 1 < room; i++)
		out[to++] = isspace((unsigned char)text[i])
		    ? '_'
		    : (char)tolower((unsigned char)text[i]);
	out[to] = '\0';
}

static enum column_kind
kind_of(const char *name, bool choices)
{
	const size_t count =
	    choices ? ARRAY_LEN(choices_columns) : ARRAY_LEN(survey_columns);

	for (size_t i = 0; i < count; i++) {
		const char *known =
		    choices ? choices_columns[i].name : survey_columns[i].name;

		if (strcmp(known, name) == 0)
			return choices ? choices_columns[i].kind
				       : survey_columns[i].kind;
	}
	return COL_UNKNOWN;
}

static const char *
skip_space(const char *text)
{
	while (isspace((unsigned char)*text))
		text++;
	return text;
}

static bool
starts_with(const char *text, const char *start)
{
	return strncasecmp(text, start, strlen(start)) == 0;
}

/* "bind:relevant", the old way of "bind::relevant", in the new way. */
static const char *
with_two_colons(struct arena *arena, const char *header)
{
	const char *cut = strchr(header, ':');
	char *modern;

	if (strstr(header, "::") ||
	    (!starts_with(header, "bind:") && !starts_with(header, "body:") &&
		!starts_with(header, "control:")))
		return header;
	modern = arena_alloc(arena, strlen(header) + 2);
	stpcpy(
	    stpcpy(stpncpy(modern, header, (size_t)(cut - header)), ":"), cut);
	return modern;
}

/* The old way, "label:French", for columns that have languages. */
static void
read_old_header(const char *header, bool choices, struct column *column)
{
	const char *cut = strchr(header, ':');
	char name[128];

	if (!cut)
		return;
	canonical(header, (size_t)(cut - header), name, sizeof(name));
	if (!is_translated(kind_of(name, choices)))
		return;
	column->kind = kind_of(name, choices);
	column->lang = skip_space(cut + 1);
}

/* The part of a header that is a kind of column, then its language. */
static void
read_header(struct arena *arena, const char *written, bool choices,
    struct column *column)
{
	const char *header = with_two_colons(arena, written);
	const char *cut = strstr(header, "::");
	char name[128];

	*column = (struct column){ .header = written, .lang_index = -1 };
	if (starts_with(header, "media:")) {
		column->kind = COL_MEDIA;
		return;
	}
	if (cut &&
	    (starts_with(header, "bind:") || starts_with(header, "body:") ||
		starts_with(header, "control:")))
		cut = strstr(cut + 2, "::");
	canonical(header, cut ? (size_t)(cut - header) : strlen(header), name,
	    sizeof(name));
	column->kind = kind_of(name, choices);
	if (column->kind != COL_UNKNOWN && cut)
		column->lang = skip_space(cut + 2);
	else if (column->kind == COL_UNKNOWN && !cut)
		read_old_header(header, choices, column);
}

static void
check_twice(struct builder *b, struct sheet *sheet, size_t at)
{
	const struct column *column = &sheet->columns[at];

	if (column->kind == COL_UNKNOWN || column->kind == COL_MEDIA)
		return;
	for (size_t i = 0; i < at; i++) {
		const struct column *other = &sheet->columns[i];

		if (other->kind != column->kind ||
		    strcmp(other->lang ? other->lang : "",
			column->lang ? column->lang : "") != 0)
			continue;
		problem_add(b->problems, PROBLEM_ERROR, sheet->name, 1,
		    column->header,
		    _("the columns \"%s\" and \"%s\" mean the same"),
		    other->header, column->header);
	}
}

static void
read_columns(struct builder *b, struct sheet *sheet, const char *name,
    const struct csv_row *row)
{
	const bool choices = strcmp(name, "choices") == 0 ||
	    strcmp(name, "external_choices") == 0;

	sheet->name = name;
	sheet->column_count = row->count - 1;
	sheet->columns = arena_alloc(
	    b->arena, (sheet->column_count + 1) * sizeof(*sheet->columns));
	for (size_t i = 0; i < COL_COUNT; i++)
		sheet->first[i] = -1;
	for (size_t i = 0; i < sheet->column_count; i++) {
		struct column *column = &sheet->columns[i];

		read_header(b->arena, row->cells[i + 1], choices, column);
		if (!column->lang && sheet->first[column->kind] < 0)
			sheet->first[column->kind] = (int)i;
		check_twice(b, sheet, i);
	}
}

static void
add_row(struct builder *b, struct sheet *sheet, const struct csv_row *row)
{
	const char **cells =
	    arena_alloc(b->arena, (sheet->column_count + 1) * sizeof(*cells));

	for (size_t i = 0; i < sheet->column_count; i++)
		cells[i] = i + 1 < row->count ? row->cells[i + 1] : "";
	mem_grow(&sheet->rows, &sheet->row_room, sheet->row_count + 1,
	    sizeof(*sheet->rows));
	sheet->rows[sheet->row_count] =
	    (struct sheet_row){ .number = (int)sheet->row_count + 2,
		    .cells = cells };
	sheet->row_count++;
}

static struct sheet *
sheet_named(struct builder *b, const char *name)
{
	if (strcasecmp(name, "survey") == 0)
		return &b->survey;
	if (strcasecmp(name, "choices") == 0)
		return &b->choices;
	if (strcasecmp(name, "settings") == 0)
		return &b->settings;
	if (strcasecmp(name, "external_choices") == 0)
		return &b->external;
	return strcasecmp(name, "entities") == 0 ? &b->entities : NULL;
}

static const char *
fixed_name(const struct builder *b, const struct sheet *sheet)
{
	if (sheet == &b->survey)
		return "survey";
	if (sheet == &b->choices)
		return "choices";
	if (sheet == &b->external)
		return "external_choices";
	return sheet == &b->settings ? "settings" : "entities";
}

static int
check_version(const struct csv_rows *rows, struct err *err)
{
	const struct csv_row *first = rows->count ? &rows->list[0] : NULL;

	if (!first || first->count < 2 ||
	    strcmp(first->cells[0], "ronde-checklist") != 0)
		return err_set(err, ERR_FORMAT,
		    _("these are not the sheets of a checklist: the first "
		      "line does not name their version"));
	if (strcmp(first->cells[1], "1") != 0)
		return err_set(err, ERR_UNSUPPORTED,
		    _("this checklist needs a newer ronde (its sheets are "
		      "version %.20s)"),
		    first->cells[1]);
	return 0;
}

/* A file beside the form, up to the last of its rows, whose index it is. */
static size_t
read_file(struct builder *b, const struct csv_rows *rows, size_t at)
{
	const struct csv_row *header = &rows->list[at];
	size_t count = 0;

	while (at + 1 + count < rows->count &&
	    rows->list[at + 1 + count].count > 0 &&
	    rows->list[at + 1 + count].cells[0][0] == '\0')
		count++;
	form_add_table(
	    b, header->cells[0] + strlen(FILE_MARK), header, header + 1, count);
	return at + count;
}

int
form_read_sheets(
    struct builder *b, const char *csv, size_t len, struct err *err)
{
	struct sheet *sheet = NULL;
	struct csv_rows rows;

	if (text_check(csv, len, _("the checklist"), err) != 0 ||
	    csv_read(b->arena, csv, len, &rows, err) != 0)
		return -1;
	if (check_version(&rows, err) != 0)
		return -1;
	for (size_t i = 1; i < rows.count; i++) {
		const struct csv_row *row = &rows.list[i];

		if (row->count == 0)
			continue;
		if (row->cells[0][0] == '\0') {
			if (sheet)
				add_row(b, sheet, row);
			continue;
		}
		if (strncmp(row->cells[0], FILE_MARK, strlen(FILE_MARK)) == 0) {
			i = read_file(b, &rows, i);
			sheet = NULL;
			continue;
		}
		sheet = sheet_named(b, row->cells[0]);
		if (sheet && sheet->name) {
			problem_add(b->problems, PROBLEM_ERROR, sheet->name, 0,
			    "", _("this sheet is there twice"));
			sheet = NULL; /* the rows have other columns */
		}
		if (sheet)
			read_columns(b, sheet, fixed_name(b, sheet), row);
	}
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"

/* The cells of a survey row that say the same of every type of item. */

enum { ITEM_NAME_MAX = 255 };

static bool
is_name(const char *name)
{
	const unsigned char first = (unsigned char)name[0];

	if (!(first == '_' || first >= 0x80 || (first >= 'a' && first <= 'z') ||
		(first >= 'A' && first <= 'Z')))
		return false;
	for (; *name; name++) {
		const unsigned char c = (unsigned char)*name;

		if (!(c == '_' || c == '-' || c == '.' || c >= 0x80 ||
			(c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9')))
			return false;
	}
	return true;
}

const char *
form_read_name(
    struct builder *b, const struct sheet_row *row, enum item_type type)
{
	const char *name = sheet_cell(&b->survey, row, COL_NAME);
	char made[48];

	if (name[0] == '\0' && type == ITEM_NOTE) {
		snprintf(
		    made, sizeof(made), "generated_note_name_%d", row->number);
		return arena_strdup(b->arena, made);
	}
	if (name[0] == '\0')
		problem_here(b, &b->survey, row, COL_NAME,
		    type == ITEM_GROUP || type == ITEM_REPEAT
			? _("the name of the group is missing")
			: _("the name of the question is "
			    "missing"));
	else if (strlen(name) > ITEM_NAME_MAX)
		problem_here(b, &b->survey, row, COL_NAME,
		    _("the name is longer than %d bytes"), ITEM_NAME_MAX);
	else if (!is_name(name))
		problem_here(b, &b->survey, row, COL_NAME,
		    _("\"%.60s\" is no name: a letter or _ first, then "
		      "letters, digits, _, - and ."),
		    name);
	else
		return name;
	return NULL;
}

static void
read_texts(struct builder *b, const struct sheet_row *row, struct item *item)
{
	item->label = sheet_text(b, &b->survey, row, COL_LABEL);
	item->hint = sheet_text(b, &b->survey, row, COL_HINT);
	item->guidance = sheet_text(b, &b->survey, row, COL_GUIDANCE);
	item->required_message =
	    sheet_text(b, &b->survey, row, COL_REQUIRED_MESSAGE);
	item->constraint_message =
	    sheet_text(b, &b->survey, row, COL_CONSTRAINT_MESSAGE);
	item->appearance = sheet_cell(&b->survey, row, COL_APPEARANCE);
}

static void
read_weight(struct builder *b, const struct sheet_row *row, struct item *item)
{
	const char *weight = sheet_cell(&b->survey, row, COL_WEIGHT);
	const char *weakest = sheet_cell(&b->survey, row, COL_WEAKEST);
	char *end;
	long number = 1;

	if (weight[0]) {
		number = strtol(weight, &end, 10);
		if (strcmp(end, ".0") == 0)
			end += 2;
		if (*end || number < 0 || number > 1000) {
			problem_here(b, &b->survey, row, COL_WEIGHT,
			    _("\"%.40s\" is no weight: a whole number from 0 "
			      "to 1000"),
			    weight);
			number = 1;
		}
	}
	item->weight = (int)number;
	item->weakest = is_yes(weakest);
	if (weakest[0] && !is_yes(weakest) && !is_no(weakest))
		problem_here(b, &b->survey, row, COL_WEAKEST,
		    _("\"%.40s\" is neither yes nor no"), weakest);
}

static void
read_framework(
    struct builder *b, const struct sheet_row *row, struct item *item)
{
	static const char *const known[] = { "legal", "institutional",
		"operational" };
	const char *framework = sheet_cell(&b->survey, row, COL_FRAMEWORK);
	const char *reference = sheet_cell(&b->survey, row, COL_REFERENCE);

	item->reference = reference[0] ? reference : NULL;
	if (framework[0] == '\0')
		return;
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (strcasecmp(known[i], framework) == 0)
			item->framework = known[i];
	if (!item->framework)
		problem_here(b, &b->survey, row, COL_FRAMEWORK,
		    _("\"%.40s\" is none of legal, institutional, "
		      "operational"),
		    framework);
}

static void
warn_of_media(struct builder *b, const struct sheet_row *row)
{
	for (size_t i = 0; i < b->survey.column_count; i++)
		if (b->survey.columns[i].kind == COL_MEDIA &&
		    row->cells[i][0]) {
			warn_here(b, &b->survey, row, COL_MEDIA,
			    _("pictures, sounds and films of questions are "
			      "not shown by this version of ronde"));
			return;
		}
}

void
form_read_cells(
    struct builder *b, const struct sheet_row *row, struct item *item)
{
	read_texts(b, row, item);
	read_weight(b, row, item);
	read_framework(b, row, item);
	form_read_parameters(b, row, item);
	warn_of_media(b, row);
}

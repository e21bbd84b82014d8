/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"

/* The parameters column: "start=0 end=10 step=2", "randomize=true; seed=4". */

enum { PARAMETER_MAX = 256 };

/*
 * A row for each that XLSForm has.  Those that nobody reads below say how a
 * telephone takes a picture, a position or a sound: they are passed over.
 */
static const struct {
	enum item_type type;
	const char *names[8];
} known[] = {
	{ ITEM_RANGE,
	    { "start", "end", "step", "tick_interval", "placeholder",
		"tick_labelset" } },
	{ ITEM_SELECT_ONE, { "randomize", "seed", "value", "label" } },
	{ ITEM_SELECT_MULTIPLE, { "randomize", "seed", "value", "label" } },
	{ ITEM_RANK, { "randomize", "seed", "value", "label" } },
	{ ITEM_TEXT, { "rows" } },
	{ ITEM_IMAGE, { "max-pixels", "app" } },
	{ ITEM_AUDIO, { "quality" } },
	{ ITEM_GEOPOINT,
	    { "capture-accuracy", "warning-accuracy", "allow-mock-accuracy" } },
	{ ITEM_GEOTRACE,
	    { "allow-mock-accuracy", "incremental", "reference-geometry" } },
	{ ITEM_GEOSHAPE,
	    { "allow-mock-accuracy", "incremental", "reference-geometry" } },
	{ ITEM_CALCULATE,
	    { "location-priority", "location-min-interval", "location-max-age",
		"track-changes", "track-changes-reasons", "identify-user",
		"quality" } },
};

static bool
is_known(enum item_type type, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		for (size_t k = 0; known[i].type == type &&
		     k < ARRAY_LEN(known[i].names) && known[i].names[k];
		     k++)
			if (strcmp(known[i].names[k], name) == 0)
				return true;
	return false;
}

/* ---- taking the cell apart ---- */

static void
copy_trimmed(char *to, size_t room, const char *start, const char *end)
{
	size_t len;

	while (start < end && isspace((unsigned char)*start))
		start++;
	while (end > start && isspace((unsigned char)end[-1]))
		end--;
	len = (size_t)(end - start) < room ? (size_t)(end - start) : room - 1;
	memcpy(to, start, len);
	to[len] = '\0';
}

struct parameter {
	char name[PARAMETER_MAX], value[PARAMETER_MAX];
};

/* The next one of the cell; 0 at the end, -1 for what has no "=". */
static int
next_parameter(const char **cell, const char *stops, struct parameter *next)
{
	const char *start = *cell, *end, *equals;

	while (*start && strchr(stops, *start))
		start++;
	if (!*start)
		return 0;
	end = start + strcspn(start, stops);
	equals = memchr(start, '=', (size_t)(end - start));
	*cell = end;
	copy_trimmed(
	    next->name, sizeof(next->name), start, equals ? equals : end);
	for (char *c = next->name; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	if (!equals)
		return next->name[0] ? -1 : next_parameter(cell, stops, next);
	copy_trimmed(next->value, sizeof(next->value), equals + 1, end);
	return 1;
}

/* ---- ranges ---- */

/* "-1.25" as -1250000; false for what is no number or too fine. */
bool
range_number(const char *text, int64_t *number)
{
	const bool minus = *text == '-';
	int64_t read = 0;
	int decimals = 0, digits = 0;
	bool point = false;

	for (text += minus; *text; text++) {
		if (*text == '.' && !point) {
			point = true;
			continue;
		}
		if (*text < '0' || *text > '9' || ++digits > 18)
			return false;
		if (decimals == 6 && *text != '0')
			return false;
		if (decimals == 6)
			continue;
		if (read > INT64_MAX / 100)
			return false;
		read = read * 10 + (*text - '0');
		decimals += point;
	}
	for (; decimals < 6; decimals++) {
		if (read > INT64_MAX / 100)
			return false;
		read *= 10;
	}
	*number = minus ? -read : read;
	return digits > 0;
}

void
range_write(int64_t number, struct buf *out)
{
	const int64_t size = llabs(number);
	char part[16];
	size_t len;

	buf_addf(out, "%s%lld", number < 0 ? "-" : "",
	    (long long)(size / RANGE_UNIT));
	if (size % RANGE_UNIT == 0)
		return;
	len = (size_t)snprintf(
	    part, sizeof(part), ".%06d", (int)(size % RANGE_UNIT));
	while (part[len - 1] == '0')
		len--;
	buf_add(out, part, len);
}

static void
take_bound(struct builder *b, const struct sheet_row *row,
    const struct parameter *given, struct item_range *range)
{
	int64_t number;

	if (strcmp(given->name, "start") != 0 &&
	    strcmp(given->name, "end") != 0 && strcmp(given->name, "step") != 0)
		return;
	if (!range_number(given->value, &number)) {
		problem_here(b, &b->survey, row, COL_PARAMETERS,
		    _("%s=%.40s: the start, the end and the step of a range "
		      "are numbers"),
		    given->name, given->value);
		return;
	}
	if (strcmp(given->name, "start") == 0)
		range->start = number;
	else if (strcmp(given->name, "end") == 0)
		range->end = number;
	else
		range->step = number < 0 ? -number : number;
}

static void
check_range(struct builder *b, const struct sheet_row *row,
    const struct item_range *range)
{
	const int64_t size = llabs(range->end - range->start);

	if (range->step == 0)
		problem_here(b, &b->survey, row, COL_PARAMETERS,
		    _("the step of a range is not 0"));
	else if (size == 0 || range->step > size)
		problem_here(b, &b->survey, row, COL_PARAMETERS,
		    _("the step of a range is not longer than the range"));
}

/* ---- choices in random order ---- */

static void
take_randomize(struct builder *b, const struct sheet_row *row,
    const struct parameter *given, struct item *item)
{
	if (strcmp(given->name, "randomize") != 0)
		return;
	item->randomize = strcasecmp(given->value, "true") == 0;
	if (!item->randomize && strcasecmp(given->value, "false") != 0)
		problem_here(b, &b->survey, row, COL_PARAMETERS,
		    _("randomize=%.40s: true or false is expected"),
		    given->value);
}

const char *
form_parameter(struct builder *b, const struct sheet_row *row, const char *name)
{
	const char *cell = sheet_cell(&b->survey, row, COL_PARAMETERS);
	const char *stops = strchr(cell, ';') ? ";"
	    : strchr(cell, ',')               ? ","
					      : " \n\t";
	struct parameter given;
	int found;

	while ((found = next_parameter(&cell, stops, &given)) != 0)
		if (found > 0 && strcmp(given.name, name) == 0)
			return arena_strdup(b->arena, given.value);
	return NULL;
}

void
form_read_parameters(
    struct builder *b, const struct sheet_row *row, struct item *item)
{
	const char *cell = sheet_cell(&b->survey, row, COL_PARAMETERS);
	const char *stops = strchr(cell, ';') ? ";"
	    : strchr(cell, ',')               ? ","
					      : " \n\t";
	struct item_range range = { RANGE_UNIT, 10 * (int64_t)RANGE_UNIT,
		RANGE_UNIT };
	struct item_range *kept;
	struct parameter given;
	int found;

	while ((found = next_parameter(&cell, stops, &given)) != 0) {
		if (found < 0)
			problem_here(b, &b->survey, row, COL_PARAMETERS,
			    _("\"%.60s\" is no parameter: name=value is "
			      "expected"),
			    given.name);
		else if (!is_known(item->type, given.name))
			warn_here(b, &b->survey, row, COL_PARAMETERS,
			    _("the parameter \"%.60s\" is not known for this "
			      "type and not used"),
			    given.name);
		else if (item->type == ITEM_RANGE)
			take_bound(b, row, &given, &range);
		else
			take_randomize(b, row, &given, item);
	}
	if (item->type != ITEM_RANGE)
		return;
	check_range(b, row, &range);
	kept = arena_alloc(b->arena, sizeof(*kept));
	*kept = range;
	item->range = kept;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_internal.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/text.h"

/* What a cell of the type column says. */

enum { TYPE_TEXT_MAX = 256 };

/* A row for each spelling: small letters, single spaces. */
static const struct {
	const char *name;
	enum type_kind kind;
	enum item_type item;
} types[] = {
	{ "text", TYPE_ITEM, ITEM_TEXT },
	{ "string", TYPE_ITEM, ITEM_TEXT },
	{ "q string", TYPE_ITEM, ITEM_TEXT },
	{ "add text prompt", TYPE_ITEM, ITEM_TEXT },
	{ "integer", TYPE_ITEM, ITEM_INTEGER },
	{ "int", TYPE_ITEM, ITEM_INTEGER },
	{ "q int", TYPE_ITEM, ITEM_INTEGER },
	{ "add integer prompt", TYPE_ITEM, ITEM_INTEGER },
	{ "decimal", TYPE_ITEM, ITEM_DECIMAL },
	{ "q decimal", TYPE_ITEM, ITEM_DECIMAL },
	{ "add decimal prompt", TYPE_ITEM, ITEM_DECIMAL },
	{ "date", TYPE_ITEM, ITEM_DATE },
	{ "q date", TYPE_ITEM, ITEM_DATE },
	{ "add date prompt", TYPE_ITEM, ITEM_DATE },
	{ "time", TYPE_ITEM, ITEM_TIME },
	{ "q time", TYPE_ITEM, ITEM_TIME },
	{ "note", TYPE_ITEM, ITEM_NOTE },
	{ "q note", TYPE_ITEM, ITEM_NOTE },
	{ "add note prompt", TYPE_ITEM, ITEM_NOTE },
	{ "calculate", TYPE_ITEM, ITEM_CALCULATE },
	{ "calculation", TYPE_ITEM, ITEM_CALCULATE },
	{ "q calculate", TYPE_ITEM, ITEM_CALCULATE },
	{ "add calculate prompt", TYPE_ITEM, ITEM_CALCULATE },
	{ "acknowledge", TYPE_ITEM, ITEM_ACKNOWLEDGE },
	{ "trigger", TYPE_ITEM, ITEM_ACKNOWLEDGE },
	{ "q acknowledge", TYPE_ITEM, ITEM_ACKNOWLEDGE },
	{ "add acknowledge prompt", TYPE_ITEM, ITEM_ACKNOWLEDGE },
	{ "begin group", TYPE_BEGIN_GROUP, ITEM_GROUP },
	{ "end group", TYPE_END_GROUP, ITEM_GROUP },
	{ "begin repeat", TYPE_BEGIN_GROUP, ITEM_REPEAT },
	{ "end repeat", TYPE_END_GROUP, ITEM_REPEAT },
	{ "begin lgroup", TYPE_BEGIN_GROUP, ITEM_REPEAT },
	{ "end lgroup", TYPE_END_GROUP, ITEM_REPEAT },
	{ "hidden", TYPE_META, ITEM_CALCULATE },
	{ "start", TYPE_META, ITEM_CALCULATE },
	{ "end", TYPE_META, ITEM_CALCULATE },
	{ "today", TYPE_META, ITEM_CALCULATE },
	{ "deviceid", TYPE_META, ITEM_CALCULATE },
	{ "device id", TYPE_META, ITEM_CALCULATE },
	{ "imei", TYPE_META, ITEM_CALCULATE },
	{ "subscriberid", TYPE_META, ITEM_CALCULATE },
	{ "simserial", TYPE_META, ITEM_CALCULATE },
	{ "username", TYPE_META, ITEM_CALCULATE },
	{ "email", TYPE_META, ITEM_CALCULATE },
	{ "phonenumber", TYPE_META, ITEM_CALCULATE },
	{ "phone number", TYPE_META, ITEM_CALCULATE },
	{ "get phone number", TYPE_META, ITEM_CALCULATE },
	{ "audit", TYPE_META, ITEM_CALCULATE },
};

/* Types of XLSForm that are not read yet; `what` is in the plural. */
static const struct {
	const char *name, *what;
} unsupported[] = {
	{ "begin loop", N_("loops") },
	{ "end loop", N_("loops") },
	{ "select_one_from_file", N_("choices from a file") },
	{ "select one from file", N_("choices from a file") },
	{ "select_multiple_from_file", N_("choices from a file") },
	{ "select multiple from file", N_("choices from a file") },
	{ "select_one_external", N_("external choices") },
	{ "select one external", N_("external choices") },
	{ "csv-external", N_("external files") },
	{ "xml-external", N_("external files") },
	{ "rank", N_("ranked choices (rank)") },
	{ "odk:rank", N_("ranked choices (rank)") },
	{ "range", N_("ranges") },
	{ "datetime", N_("dates with a time (dateTime)") },
	{ "q date time", N_("dates with a time (dateTime)") },
	{ "geopoint", N_("positions (geopoint)") },
	{ "q geopoint", N_("positions (geopoint)") },
	{ "gps", N_("positions (geopoint)") },
	{ "location", N_("positions (geopoint)") },
	{ "q location", N_("positions (geopoint)") },
	{ "geotrace", N_("lines on a map (geotrace)") },
	{ "geoshape", N_("areas on a map (geoshape)") },
	{ "start-geopoint", N_("positions (geopoint)") },
	{ "background-geopoint", N_("positions (geopoint)") },
	{ "image", N_("questions for a photo (image)") },
	{ "q image", N_("questions for a photo (image)") },
	{ "q picture", N_("questions for a photo (image)") },
	{ "photo", N_("questions for a photo (image)") },
	{ "add image prompt", N_("questions for a photo (image)") },
	{ "audio", N_("questions for a recording (audio)") },
	{ "add audio prompt", N_("questions for a recording (audio)") },
	{ "background-audio", N_("questions for a recording (audio)") },
	{ "video", N_("questions for a film (video)") },
	{ "add video prompt", N_("questions for a film (video)") },
	{ "file", N_("questions for a file") },
	{ "add file prompt", N_("questions for a file") },
	{ "barcode", N_("bar codes (barcode)") },
	{ "q barcode", N_("bar codes (barcode)") },
	{ "percentage", N_("percentages") },
	{ "osm", N_("OpenStreetMap tags (osm)") },
	{ "include", N_("included forms") },
};

/* The words before the list of a select, longer ones first. */
static const struct {
	const char *words;
	enum item_type item;
} selects[] = {
	{ "select all that apply from", ITEM_SELECT_MULTIPLE },
	{ "select all that apply", ITEM_SELECT_MULTIPLE },
	{ "select multiple from", ITEM_SELECT_MULTIPLE },
	{ "select multiple", ITEM_SELECT_MULTIPLE },
	{ "select_multiple", ITEM_SELECT_MULTIPLE },
	{ "add select multiple prompt using", ITEM_SELECT_MULTIPLE },
	{ "select one from", ITEM_SELECT_ONE },
	{ "select one", ITEM_SELECT_ONE },
	{ "select_one", ITEM_SELECT_ONE },
	{ "select1", ITEM_SELECT_ONE },
	{ "add select one prompt using", ITEM_SELECT_ONE },
};

/* Small letters, one space between words, "begin_group" as "begin group". */
static void
normalise(const char *cell, char out[TYPE_TEXT_MAX])
{
	size_t to = 0;

	for (; *cell && to + 1 < TYPE_TEXT_MAX; cell++) {
		if (!isspace((unsigned char)*cell))
			out[to++] = (char)tolower((unsigned char)*cell);
		else if (to > 0 && out[to - 1] != ' ')
			out[to++] = ' ';
	}
	while (to > 0 && out[to - 1] == ' ')
		to--;
	out[to] = '\0';
	if (strncmp(out, "begin_", 6) == 0)
		out[5] = ' ';
	if (strncmp(out, "end_", 4) == 0)
		out[3] = ' ';
}

/* Moves past `words` (spaces match any white space); NULL if not there. */
static const char *
after_words(const char *cell, const char *words)
{
	while (isspace((unsigned char)*cell))
		cell++;
	for (; *words; words++) {
		if (*words == ' ' && isspace((unsigned char)*cell)) {
			while (isspace((unsigned char)*cell))
				cell++;
			continue;
		}
		if (tolower((unsigned char)*cell) != *words)
			return NULL;
		cell++;
	}
	if (*cell && !isspace((unsigned char)*cell))
		return NULL;
	while (isspace((unsigned char)*cell))
		cell++;
	return cell;
}

static bool
read_unsupported(const char *text, struct row_type *type)
{
	for (size_t i = 0; i < ARRAY_LEN(unsupported); i++) {
		const char *after = after_words(text, unsupported[i].name);

		if (!after)
			continue;
		type->kind = TYPE_UNSUPPORTED;
		type->word = _(unsupported[i].what);
		return true;
	}
	return false;
}

/* "select_one yesno", "select one from yesno or specify other". */
static int
read_select(
    const char *cell, const char *list, struct row_type *type, struct err *err)
{
	const size_t len = strcspn(list, " \t\n\r");
	const char *rest = list + len;

	(void)cell;
	if (len == 0)
		return err_set(err, ERR_FORMAT,
		    _("the name of the list of choices is missing"));
	if (strchr("'\"$", list[0]))
		return err_set(err, ERR_UNSUPPORTED,
		    _("choices from %.60s are not supported by this version "
		      "of ronde"),
		    list);
	while (isspace((unsigned char)*rest))
		rest++;
	if (*rest && strncasecmp(rest, "or", 2) == 0) {
		type->kind = TYPE_UNSUPPORTED;
		type->word = _("choices with a text for others (or_other)");
		return 0;
	}
	if (*rest)
		return err_set(err, ERR_FORMAT,
		    _("\"%.60s\" after the name of the list has no meaning"),
		    rest);
	type->kind = TYPE_SELECT;
	type->list = list;
	return 0;
}

static const char *
nearest_type(const char *text)
{
	const char *best = NULL;
	size_t distance = strlen(text) / 2 < 4 ? strlen(text) / 2 + 1 : 4;

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		const size_t found = text_distance(text, types[i].name);

		if (found < distance) {
			distance = found;
			best = types[i].name;
		}
	}
	return best;
}

static int
unknown_type(const char *cell, const char *text, struct err *err)
{
	const char *near;
	char first[32];
	const size_t len = strcspn(text, " ");

	if (len < sizeof(first) && text[len] == ' ') {
		memcpy(first, text, len);
		first[len] = '\0';
		if (text_distance(first, "select_one") <= 3)
			return err_set(err, ERR_FORMAT,
			    _("the type \"%.60s\" is not known; is "
			      "\"select_one %.60s\" meant?"),
			    cell, text + len + 1);
	}
	near = strlen(text) < 40 ? nearest_type(text) : NULL;
	if (near)
		return err_set(err, ERR_FORMAT,
		    _("the type \"%.60s\" is not known; is \"%s\" meant?"),
		    cell, near);
	return err_set(
	    err, ERR_FORMAT, _("the type \"%.60s\" is not known"), cell);
}

int
type_read(const char *cell, struct row_type *type, struct err *err)
{
	char text[TYPE_TEXT_MAX];

	*type = (struct row_type){ .kind = TYPE_ITEM };
	normalise(cell, text);
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strcmp(types[i].name, text) == 0) {
			type->kind = types[i].kind;
			type->item = types[i].item;
			type->word = types[i].name;
			return 0;
		}
	if (read_unsupported(text, type))
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(selects); i++) {
		const char *list = after_words(cell, selects[i].words);

		if (list) {
			type->item = selects[i].item;
			return read_select(cell, list, type, err);
		}
	}
	return unknown_type(cell, text, err);
}

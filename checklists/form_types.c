/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_internal.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/text.h"

/* What a cell of the type column says. */

enum { TYPE_TEXT_MAX = 256 };

/*
 * A row for each spelling: small letters, single spaces.  `means` is the
 * constraint that the type has of its own, or what a meta question asks.
 */
static const struct {
	const char *name;
	enum type_kind kind;
	enum item_type item;
	const char *means;
} types[] = {
	{ "text", TYPE_ITEM, ITEM_TEXT, NULL },
	{ "string", TYPE_ITEM, ITEM_TEXT, NULL },
	{ "q string", TYPE_ITEM, ITEM_TEXT, NULL },
	{ "add text prompt", TYPE_ITEM, ITEM_TEXT, NULL },
	{ "osm", TYPE_ITEM, ITEM_TEXT, NULL },
	{ "phone number", TYPE_ITEM, ITEM_TEXT, "regex(., '^\\d*$')" },
	{ "integer", TYPE_ITEM, ITEM_INTEGER, NULL },
	{ "int", TYPE_ITEM, ITEM_INTEGER, NULL },
	{ "q int", TYPE_ITEM, ITEM_INTEGER, NULL },
	{ "add integer prompt", TYPE_ITEM, ITEM_INTEGER, NULL },
	{ "percentage", TYPE_ITEM, ITEM_INTEGER, "0 <= . and . <= 100" },
	{ "number of days in last month", TYPE_ITEM, ITEM_INTEGER,
	    "0 <= . and . <= 31" },
	{ "number of days in last six months", TYPE_ITEM, ITEM_INTEGER,
	    "0 <= . and . <= 183" },
	{ "number of days in last year", TYPE_ITEM, ITEM_INTEGER,
	    "0 <= . and . <= 365" },
	{ "decimal", TYPE_ITEM, ITEM_DECIMAL, NULL },
	{ "q decimal", TYPE_ITEM, ITEM_DECIMAL, NULL },
	{ "add decimal prompt", TYPE_ITEM, ITEM_DECIMAL, NULL },
	{ "range", TYPE_ITEM, ITEM_RANGE, NULL },
	{ "date", TYPE_ITEM, ITEM_DATE, NULL },
	{ "q date", TYPE_ITEM, ITEM_DATE, NULL },
	{ "add date prompt", TYPE_ITEM, ITEM_DATE, NULL },
	{ "time", TYPE_ITEM, ITEM_TIME, NULL },
	{ "q time", TYPE_ITEM, ITEM_TIME, NULL },
	{ "datetime", TYPE_ITEM, ITEM_DATETIME, NULL },
	{ "date time", TYPE_ITEM, ITEM_DATETIME, NULL },
	{ "q datetime", TYPE_ITEM, ITEM_DATETIME, NULL },
	{ "q date time", TYPE_ITEM, ITEM_DATETIME, NULL },
	{ "add datetime prompt", TYPE_ITEM, ITEM_DATETIME, NULL },
	{ "add date time prompt", TYPE_ITEM, ITEM_DATETIME, NULL },
	{ "barcode", TYPE_ITEM, ITEM_BARCODE, NULL },
	{ "q barcode", TYPE_ITEM, ITEM_BARCODE, NULL },
	{ "add barcode prompt", TYPE_ITEM, ITEM_BARCODE, NULL },
	{ "geopoint", TYPE_ITEM, ITEM_GEOPOINT, NULL },
	{ "q geopoint", TYPE_ITEM, ITEM_GEOPOINT, NULL },
	{ "gps", TYPE_ITEM, ITEM_GEOPOINT, NULL },
	{ "location", TYPE_ITEM, ITEM_GEOPOINT, NULL },
	{ "q location", TYPE_ITEM, ITEM_GEOPOINT, NULL },
	{ "add location prompt", TYPE_ITEM, ITEM_GEOPOINT, NULL },
	{ "geotrace", TYPE_ITEM, ITEM_GEOTRACE, NULL },
	{ "q geotrace", TYPE_ITEM, ITEM_GEOTRACE, NULL },
	{ "geoshape", TYPE_ITEM, ITEM_GEOSHAPE, NULL },
	{ "q geoshape", TYPE_ITEM, ITEM_GEOSHAPE, NULL },
	{ "image", TYPE_ITEM, ITEM_IMAGE, NULL },
	{ "q image", TYPE_ITEM, ITEM_IMAGE, NULL },
	{ "q picture", TYPE_ITEM, ITEM_IMAGE, NULL },
	{ "photo", TYPE_ITEM, ITEM_IMAGE, NULL },
	{ "add image prompt", TYPE_ITEM, ITEM_IMAGE, NULL },
	{ "add photo prompt", TYPE_ITEM, ITEM_IMAGE, NULL },
	{ "audio", TYPE_ITEM, ITEM_AUDIO, NULL },
	{ "q audio", TYPE_ITEM, ITEM_AUDIO, NULL },
	{ "add audio prompt", TYPE_ITEM, ITEM_AUDIO, NULL },
	{ "video", TYPE_ITEM, ITEM_VIDEO, NULL },
	{ "q video", TYPE_ITEM, ITEM_VIDEO, NULL },
	{ "add video prompt", TYPE_ITEM, ITEM_VIDEO, NULL },
	{ "file", TYPE_ITEM, ITEM_FILE, NULL },
	{ "q file", TYPE_ITEM, ITEM_FILE, NULL },
	{ "add file prompt", TYPE_ITEM, ITEM_FILE, NULL },
	{ "note", TYPE_ITEM, ITEM_NOTE, NULL },
	{ "q note", TYPE_ITEM, ITEM_NOTE, NULL },
	{ "add note prompt", TYPE_ITEM, ITEM_NOTE, NULL },
	{ "calculate", TYPE_ITEM, ITEM_CALCULATE, NULL },
	{ "calculation", TYPE_ITEM, ITEM_CALCULATE, NULL },
	{ "q calculate", TYPE_ITEM, ITEM_CALCULATE, NULL },
	{ "add calculate prompt", TYPE_ITEM, ITEM_CALCULATE, NULL },
	{ "acknowledge", TYPE_ITEM, ITEM_ACKNOWLEDGE, NULL },
	{ "trigger", TYPE_ITEM, ITEM_ACKNOWLEDGE, NULL },
	{ "q acknowledge", TYPE_ITEM, ITEM_ACKNOWLEDGE, NULL },
	{ "add acknowledge prompt", TYPE_ITEM, ITEM_ACKNOWLEDGE, NULL },
	{ "end loop", TYPE_END_LOOP, ITEM_GROUP, NULL },
	{ "begin group", TYPE_BEGIN_GROUP, ITEM_GROUP, NULL },
	{ "end group", TYPE_END_GROUP, ITEM_GROUP, NULL },
	{ "begin repeat", TYPE_BEGIN_GROUP, ITEM_REPEAT, NULL },
	{ "end repeat", TYPE_END_GROUP, ITEM_REPEAT, NULL },
	{ "begin lgroup", TYPE_BEGIN_GROUP, ITEM_REPEAT, NULL },
	{ "end lgroup", TYPE_END_GROUP, ITEM_REPEAT, NULL },
	{ "begin looped group", TYPE_BEGIN_GROUP, ITEM_REPEAT, NULL },
	{ "end looped group", TYPE_END_GROUP, ITEM_REPEAT, NULL },
	{ "hidden", TYPE_META, ITEM_CALCULATE, "hidden" },
	{ "start", TYPE_META, ITEM_CALCULATE, "start" },
	{ "start time", TYPE_META, ITEM_CALCULATE, "start" },
	{ "get start time", TYPE_META, ITEM_CALCULATE, "start" },
	{ "end", TYPE_META, ITEM_CALCULATE, "end" },
	{ "end time", TYPE_META, ITEM_CALCULATE, "end" },
	{ "get end time", TYPE_META, ITEM_CALCULATE, "end" },
	{ "today", TYPE_META, ITEM_CALCULATE, "today" },
	{ "get today", TYPE_META, ITEM_CALCULATE, "today" },
	{ "deviceid", TYPE_META, ITEM_CALCULATE, "deviceid" },
	{ "device id", TYPE_META, ITEM_CALCULATE, "deviceid" },
	{ "get device id", TYPE_META, ITEM_CALCULATE, "deviceid" },
	{ "imei", TYPE_META, ITEM_CALCULATE, "deviceid" },
	{ "uri:deviceid", TYPE_META, ITEM_CALCULATE, "deviceid" },
	{ "subscriberid", TYPE_META, ITEM_CALCULATE, "subscriberid" },
	{ "subscriber id", TYPE_META, ITEM_CALCULATE, "subscriberid" },
	{ "get subscriber id", TYPE_META, ITEM_CALCULATE, "subscriberid" },
	{ "uri:subscriberid", TYPE_META, ITEM_CALCULATE, "subscriberid" },
	{ "simserial", TYPE_META, ITEM_CALCULATE, "simserial" },
	{ "sim id", TYPE_META, ITEM_CALCULATE, "simserial" },
	{ "get sim id", TYPE_META, ITEM_CALCULATE, "simserial" },
	{ "uri:simserial", TYPE_META, ITEM_CALCULATE, "simserial" },
	{ "username", TYPE_META, ITEM_CALCULATE, "username" },
	{ "uri:username", TYPE_META, ITEM_CALCULATE, "username" },
	{ "email", TYPE_META, ITEM_CALCULATE, "email" },
	{ "uri:email", TYPE_META, ITEM_CALCULATE, "email" },
	{ "phonenumber", TYPE_META, ITEM_CALCULATE, "phonenumber" },
	{ "get phone number", TYPE_META, ITEM_CALCULATE, "phonenumber" },
	{ "uri:phonenumber", TYPE_META, ITEM_CALCULATE, "phonenumber" },
	{ "audit", TYPE_META, ITEM_CALCULATE, "audit" },
	{ "start-geopoint", TYPE_META, ITEM_CALCULATE, "start-geopoint" },
	{ "background-geopoint", TYPE_META, ITEM_CALCULATE,
	    "background-geopoint" },
	{ "background-audio", TYPE_META, ITEM_CALCULATE, "background-audio" },
};

/* Types of XLSForm that are not read yet; `what` is in the plural. */
static const struct {
	const char *name, *what;
} unsupported[] = {
	{ "xml-external", N_("external files") },
	{ "include", N_("included forms") },
};

/* The words before the list of a select, longer ones first. */
static const struct {
	const char *words;
	enum item_type item;
	bool external; /* of the sheet external_choices */
	bool file;     /* the list is a file beside the form */
} selects[] = {
	{ "select_multiple_from_file", ITEM_SELECT_MULTIPLE, false, true },
	{ "select multiple from file", ITEM_SELECT_MULTIPLE, false, true },
	{ "select_one_from_file", ITEM_SELECT_ONE, false, true },
	{ "select one from file", ITEM_SELECT_ONE, false, true },
	{ "select all that apply from", ITEM_SELECT_MULTIPLE, false, false },
	{ "select all that apply", ITEM_SELECT_MULTIPLE, false, false },
	{ "select multiple from", ITEM_SELECT_MULTIPLE, false, false },
	{ "select multiple using", ITEM_SELECT_MULTIPLE, false, false },
	{ "select multiple", ITEM_SELECT_MULTIPLE, false, false },
	{ "select_multiple", ITEM_SELECT_MULTIPLE, false, false },
	{ "add select multiple prompt using", ITEM_SELECT_MULTIPLE, false,
	    false },
	{ "select_one_external", ITEM_SELECT_ONE, true, false },
	{ "select one external", ITEM_SELECT_ONE, true, false },
	{ "select one from", ITEM_SELECT_ONE, false, false },
	{ "select one using", ITEM_SELECT_ONE, false, false },
	{ "select one", ITEM_SELECT_ONE, false, false },
	{ "select_one", ITEM_SELECT_ONE, false, false },
	{ "select1", ITEM_SELECT_ONE, false, false },
	{ "add select one prompt using", ITEM_SELECT_ONE, false, false },
	{ "rank", ITEM_RANK, false, false },
	{ "odk:rank", ITEM_RANK, false, false },
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

/* "or_other" and its other spellings, after the name of the list. */
static bool
is_or_other(const char *rest)
{
	static const char *const known[] = { "or_other", "or other",
		"or specify other" };
	char text[TYPE_TEXT_MAX];

	normalise(rest, text);
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (strcmp(known[i], text) == 0)
			return true;
	return false;
}

/* "select_one yesno", "select one from yesno or specify other". */
static int
read_select(const char *list, struct row_type *type, struct err *err)
{
	const size_t len = strcspn(list, " \t\n\r");
	const char *rest = list + len;

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
	type->or_other = is_or_other(rest);
	if (*rest && !type->or_other)
		return err_set(err, ERR_FORMAT,
		    _("\"%.60s\" after the name of the list has no meaning"),
		    rest);
	type->kind = TYPE_SELECT;
	type->list = list;
	return 0;
}

/* "begin loop over list", "begin_loop list"; "end loop". */
static bool
is_loop(const char *cell, struct row_type *type)
{
	static const char *const begins[] = { "begin loop over",
		"begin_loop over", "begin loop", "begin_loop" };

	for (size_t i = 0; i < ARRAY_LEN(begins); i++) {
		const char *list = after_words(cell, begins[i]);

		if (!list || !*list)
			continue;
		type->kind = TYPE_BEGIN_LOOP;
		type->list = list;
		return true;
	}
	return false;
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
			type->word = types[i].means;
			return 0;
		}
	type->list = after_words(cell, "csv-external");
	if (type->list) {
		type->kind = TYPE_FILE;
		return 0;
	}
	if (read_unsupported(text, type))
		return 0;
	if (is_loop(cell, type))
		return 0;
	if (after_words(text, "osm")) {
		type->item = ITEM_TEXT; /* its list is of tags for a map */
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(selects); i++) {
		const char *list = after_words(cell, selects[i].words);

		if (list) {
			type->item = selects[i].item;
			type->external = selects[i].external;
			type->file = selects[i].file;
			return read_select(list, type, err);
		}
	}
	return unknown_type(cell, text, err);
}

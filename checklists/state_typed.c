/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_internal.h"
#include "checklists/state_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

/* What people type, brought to the form's writing. */

/* A copy without white space around it; the caller's to free. */
static char *
trimmed(const char *typed)
{
	size_t len;

	while (isspace((unsigned char)*typed))
		typed++;
	len = strlen(typed);
	while (len && isspace((unsigned char)typed[len - 1]))
		len--;
	return xstrndup(typed, len);
}

/* "1 234,50" as "1234.50"; "+5" as "5"; "007" as "7". */
static void
read_number(const char *text, struct buf *out)
{
	const char *digits = text;

	if (*digits == '-')
		buf_add_char(out, '-');
	if (*digits == '-' || *digits == '+')
		digits++;
	while (digits[0] == '0' && isdigit((unsigned char)digits[1]))
		digits++;
	for (; *digits; digits++) {
		if (*digits == ' ' && digits > text &&
		    isdigit((unsigned char)digits[-1]) &&
		    isdigit((unsigned char)digits[1]))
			continue;
		buf_add_char(out, *digits == ',' ? '.' : *digits);
	}
}

/* ---- choices ---- */

/* By name, then number in the list as offered, then label in any language. */
static const struct choice *
choice_typed(
    const struct state *state, int place, const char *text, size_t lang)
{
	const struct form *form = state->form;
	const struct choice_list *list = item_at(state, place)->list;
	const struct choice *found = NULL;
	size_t count;
	const int *offered = state_choices(state, place, &count);
	char *end, *key;
	unsigned long number;

	for (size_t i = 0; i < count; i++)
		if (strcmp(list->choices[offered[i]].name, text) == 0)
			return &list->choices[offered[i]];
	number = strtoul(text, &end, 10);
	if (isdigit((unsigned char)text[0]) && *end == '\0' && number >= 1 &&
	    number <= count)
		return &list->choices[offered[number - 1]];
	key = text_search_key(text);
	for (size_t i = 0; i < count && !found; i++) {
		const struct choice *choice = &list->choices[offered[i]];
		char *label =
		    text_search_key(form_text(form, choice->label, lang, NULL));

		if (strcmp(label, key) == 0 ||
		    strcasecmp(choice->name, text) == 0)
			found = choice;
		free(label);
	}
	free(key);
	return found;
}

static int
none_of_them(
    const struct state *state, int place, const char *text, struct err *err)
{
	size_t count;

	state_choices(state, place, &count);
	return err_set(err, ERR_VALUE,
	    _("\"%.60s\" is none of the %zu choices; type a number from 1, a "
	      "name or a label"),
	    text, count);
}

static int
read_one(const struct state *state, int place, const char *text, size_t lang,
    struct buf *out, struct err *err)
{
	const struct choice *choice = choice_typed(state, place, text, lang);

	if (!choice)
		return none_of_them(state, place, text, err);
	buf_add_text(out, choice->name);
	return 0;
}

/* "1 3", "1,3", "roof, wall" or labels between commas. */
static int
read_many(const struct state *state, int place, char *text, size_t lang,
    struct buf *out, struct err *err)
{
	const struct choice_list *list = item_at(state, place)->list;
	const char *stops = strpbrk(text, ",;") ? ",;" : " ";
	bool *chosen = xcalloc(list->count, sizeof(bool));
	char *save = NULL;
	int result = 0;

	/* A label may have spaces of its own. */
	if (stops[0] == ' ' && choice_typed(state, place, text, lang))
		stops = "";
	for (char *part = stops[0] ? strtok_r(text, stops, &save) : text;
	     part && result == 0;
	     part = stops[0] ? strtok_r(NULL, stops, &save) : NULL) {
		char *name = trimmed(part);
		const struct choice *choice =
		    choice_typed(state, place, name, lang);

		if (choice)
			chosen[choice - list->choices] = true;
		else if (name[0])
			result = none_of_them(state, place, name, err);
		free(name);
	}
	for (size_t i = 0; result == 0 && i < list->count; i++)
		if (chosen[i]) {
			if (out->len)
				buf_add_char(out, ' ');
			buf_add_text(out, list->choices[i].name);
		}
	free(chosen);
	return result;
}

/* All of them, the first first: "3 1 2", or labels between commas. */
static int
read_rank(const struct state *state, int place, char *text, size_t lang,
    struct buf *out, struct err *err)
{
	const struct choice_list *list = item_at(state, place)->list;
	const char *stops = strpbrk(text, ",;>") ? ",;>" : " ";
	bool *ranked = xcalloc(list->count, sizeof(bool));
	char *save = NULL;
	int result = 0;

	for (char *part = strtok_r(text, stops, &save); part && result == 0;
	     part = strtok_r(NULL, stops, &save)) {
		char *name = trimmed(part);
		const struct choice *choice =
		    choice_typed(state, place, name, lang);

		if (!choice && name[0]) {
			result = none_of_them(state, place, name, err);
		} else if (choice && ranked[choice - list->choices]) {
			result = err_set(err, ERR_VALUE,
			    _("\"%.60s\" is ranked twice"), name);
		} else if (choice) {
			ranked[choice - list->choices] = true;
			if (out->len)
				buf_add_char(out, ' ');
			buf_add_text(out, choice->name);
		}
		free(name);
	}
	free(ranked);
	return result;
}

/* "05,50" as "5.5": one writing for each number. */
static void
read_range(const char *text, struct buf *out)
{
	struct buf number = BUF_INIT;
	int64_t units;

	read_number(text, &number);
	if (range_number(number.data, &units))
		range_write(units, out);
	else
		buf_add(out, number.data, number.len);
	buf_release(&number);
}

static int
read_acknowledge(const char *text, struct buf *out, struct err *err)
{
	static const char *const yes[] = { "ok", "o", "oui", "y", "yes", "x",
		"1" };

	for (size_t i = 0; i < ARRAY_LEN(yes); i++)
		if (strcasecmp(yes[i], text) == 0) {
			buf_add_text(out, "OK");
			return 0;
		}
	return err_set(err, ERR_VALUE,
	    _("only OK is an answer here, not \"%.40s\""), text);
}

/* What was typed, not what became of it. */
static int
not_such(const struct item *item, const char *text, struct err *err)
{
	switch (item->type) {
	case ITEM_INTEGER:
		return err_set(err, ERR_VALUE,
		    _("\"%.40s\" is not a whole number such as 12"), text);
	case ITEM_DECIMAL:
		return err_set(err, ERR_VALUE,
		    _("\"%.40s\" is not a number such as 12.5"), text);
	case ITEM_DATE:
		return err_set(err, ERR_VALUE,
		    _("\"%.40s\" is not a date such as 23/11/2026"), text);
	case ITEM_DATETIME:
		return err_set(err, ERR_VALUE,
		    _("\"%.40s\" is not a date with a time such as "
		      "23/11/2026 14:32"),
		    text);
	case ITEM_GEOPOINT:
		return err_set(err, ERR_VALUE,
		    _("\"%.40s\" is not a position such as 48.8566 2.3522 "
		      "(latitude, longitude)"),
		    text);
	case ITEM_GEOTRACE:
		return err_set(err, ERR_VALUE,
		    _("a line is at least 2 positions, one a line, such as "
		      "48.8566 2.3522"));
	case ITEM_GEOSHAPE:
		return err_set(err, ERR_VALUE,
		    _("an area is at least 3 positions, one a line, such as "
		      "48.8566 2.3522"));
	default:
		return err_set(err, ERR_VALUE,
		    _("\"%.40s\" is not a time such as 14:32"), text);
	}
}

static int
read_value(const struct state *state, int place, char *text, size_t lang,
    struct buf *out, struct err *err)
{
	const struct item *item = item_at(state, place);

	switch (item->type) {
	case ITEM_INTEGER:
	case ITEM_DECIMAL: read_number(text, out); break;
	case ITEM_DATE: typed_date(text, out); break;
	case ITEM_TIME: typed_time(text, out); break;
	case ITEM_DATETIME: typed_datetime(text, out); break;
	case ITEM_RANGE: read_range(text, out); break;
	case ITEM_GEOPOINT:
	case ITEM_GEOTRACE:
	case ITEM_GEOSHAPE:
		if (!geo_read(item->type, text, out))
			return not_such(item, text, err);
		return 0;
	case ITEM_IMAGE:
	case ITEM_AUDIO:
	case ITEM_VIDEO:
	case ITEM_FILE:
		return err_set(err, ERR_VALUE,
		    _("the answer is a file: attach it, and it has the name"));
	case ITEM_RANK: return read_rank(state, place, text, lang, out, err);
	case ITEM_SELECT_ONE:
		return read_one(state, place, text, lang, out, err);
	case ITEM_SELECT_MULTIPLE:
		return read_many(state, place, text, lang, out, err);
	case ITEM_ACKNOWLEDGE: return read_acknowledge(text, out, err);
	default: buf_add_text(out, text); break;
	}
	if (type_check(item, out->data, err) == 0)
		return 0;
	if (item->type == ITEM_TEXT || item->type == ITEM_BARCODE ||
	    item->type == ITEM_RANGE)
		return -1;
	return not_such(item, text, err);
}

int
state_read_typed(const struct state *state, int place, const char *typed,
    size_t lang, struct buf *out, struct err *err)
{
	struct buf value = BUF_INIT;
	char *text = trimmed(typed);
	int result = 0;

	if (text[0])
		result = read_value(state, place, text, lang, &value, err);
	if (result == 0)
		buf_add(out, value.data, value.len);
	buf_release(&value);
	free(text);
	return result;
}

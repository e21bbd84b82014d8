/* SPDX-License-Identifier: Apache-2.0 */
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

/* "23/11/2026", "23.11.26", "23-11-2026" and "2026/11/23" as ISO dates. */
static void
read_date(const char *text, struct buf *out)
{
	int a, b, c, used = 0;
	char s1, s2;

	if (sscanf(text, "%4d%c%2d%c%4d%n", &a, &s1, &b, &s2, &c, &used) != 5 ||
	    text[used] || s1 != s2 || !strchr("/.-", s1) || a < 0 || b < 0 ||
	    c < 0) {
		buf_add_text(out, text);
		return;
	}
	if (a > 31)
		buf_addf(out, "%04d-%02d-%02d", a, b, c);
	else
		buf_addf(out, "%04d-%02d-%02d", c < 100 ? c + 2000 : c, b, a);
}

/* "14h32", "14h", "14.32", "1432" and "9:05" as "14:32" and "09:05". */
static void
read_time(const char *text, struct buf *out)
{
	int hours, minutes = 0, used = 0;
	char sign;

	if (strlen(text) == 4 && strspn(text, "0123456789") == 4) {
		buf_addf(out, "%.2s:%s", text, text + 2);
		return;
	}
	if (sscanf(text, "%2d%c%n", &hours, &sign, &used) == 2 && hours >= 0 &&
	    strchr("hH:.", sign)) {
		const char *rest = text + used;

		used = 0;
		if (*rest == '\0' && tolower((unsigned char)sign) == 'h') {
			buf_addf(out, "%02d:00", hours);
			return;
		}
		if (sscanf(rest, "%2d%n", &minutes, &used) == 1 && used == 2) {
			buf_addf(
			    out, "%02d:%02d%s", hours, minutes, rest + used);
			return;
		}
	}
	buf_add_text(out, text);
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
not_such(enum item_type type, const char *text, struct err *err)
{
	switch (type) {
	case ITEM_INTEGER:
		return err_set(err, ERR_VALUE,
		    _("\"%.40s\" is not a whole number such as 12"), text);
	case ITEM_DECIMAL:
		return err_set(err, ERR_VALUE,
		    _("\"%.40s\" is not a number such as 12.5"), text);
	case ITEM_DATE:
		return err_set(err, ERR_VALUE,
		    _("\"%.40s\" is not a date such as 23/11/2026"), text);
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
	case ITEM_DATE: read_date(text, out); break;
	case ITEM_TIME: read_time(text, out); break;
	case ITEM_SELECT_ONE:
		return read_one(state, place, text, lang, out, err);
	case ITEM_SELECT_MULTIPLE:
		return read_many(state, place, text, lang, out, err);
	case ITEM_ACKNOWLEDGE: return read_acknowledge(text, out, err);
	default: buf_add_text(out, text); break;
	}
	if (type_check(item, out->data, err) == 0)
		return 0;
	if (item->type == ITEM_TEXT)
		return -1;
	return not_such(item->type, text, err);
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

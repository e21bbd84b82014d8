/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

/* A line being read; `at` moves over it. */
struct line {
	struct script *script;
	const char *text, *at;
};

static const char *
skip_blanks(const char *text)
{
	return text + strspn(text, " \t");
}

/* The end of `text` without the white space behind it. */
static size_t
trimmed(const char *text, size_t len)
{
	while (len > 0 && strchr(" \t\r", text[len - 1]))
		len--;
	return len;
}

/* "add" and white space behind it: moves on and is true. */
static bool
take_word(struct line *line, const char *word)
{
	const size_t len = strlen(word);

	if (strncmp(line->at, word, len) != 0 ||
	    !strchr(" \t", line->at[len]) || !line->at[len])
		return false;
	line->at = skip_blanks(line->at + len);
	/* A question may be called "add", too. */
	if (*line->at == '=') {
		line->at = line->text;
		return false;
	}
	return true;
}

static char *
rest_of(const struct line *line)
{
	return xstrndup(line->at, trimmed(line->at, strlen(line->at)));
}

static const struct item *
item_of(const struct state *state, int place)
{
	return &state_form(state)->items[state_item(state, place)];
}

static int
find_repeat(struct line *line, const char *path, struct err *err)
{
	const struct state *state = line->script->state;
	const int place = state_find_typed(state, path, err);

	if (place >= 0 &&
	    (item_of(state, place)->type != ITEM_REPEAT ||
		state_repeat(state, place) >= 0))
		return err_set(err, ERR_VALUE, _("%s is no repeat"), path);
	return place;
}

/* A key of digits that is behind all others. */
static void
next_key(const struct state *state, int repeat, char *key, size_t size)
{
	size_t count;
	const int *rows = state_rows(state, repeat, &count);
	unsigned long last = 0;

	for (size_t i = 0; i < count; i++) {
		const unsigned long number =
		    strtoul(state_row_key(state, rows[i]), NULL, 10);

		if (number > last)
			last = number;
	}
	snprintf(key, size, "%lu", last + 1);
}

static int
run_add(struct line *line, struct err *err)
{
	struct state *state = line->script->state;
	char key[STATE_KEY_MAX + 1], *path = rest_of(line);
	const int repeat = find_repeat(line, path, err);
	int result = -1;

	if (repeat >= 0) {
		next_key(state, repeat, key, sizeof(key));
		result = state_row_add(state, repeat, key, err) < 0 ? -1 : 0;
	}
	free(path);
	return result;
}

/* "REPEAT N": the repeat, and N at its end. */
static int
run_delete(struct line *line, struct err *err)
{
	struct state *state = line->script->state;
	char *path = rest_of(line), *number = strrchr(path, ' '), *end = NULL;
	int repeat, result = -1;
	size_t count;
	const int *rows;
	unsigned long row = number ? strtoul(number + 1, &end, 10) : 0;

	if (!number || *end || end == number + 1) {
		err_set(err, ERR_FORMAT,
		    _("the number of the row is missing: delete REPEAT N"));
		goto out;
	}
	path[trimmed(path, (size_t)(number - path))] = '\0';
	repeat = find_repeat(line, path, err);
	if (repeat < 0)
		goto out;
	rows = state_rows(state, repeat, &count);
	if (row < 1 || row > count) {
		err_set(err, ERR_NOT_FOUND,
		    _("%s has %zu rows, there is no row %lu"), path, count,
		    row);
		goto out;
	}
	state_row_remove(state, rows[row - 1]);
	result = 0;
out:
	free(path);
	return result;
}

static int
run_lang(struct line *line, struct err *err)
{
	const struct form *form = state_form(line->script->state);
	char *name = rest_of(line);
	int result = -1;

	for (size_t i = 0; i < form->lang_count && result < 0; i++)
		if (strcmp(form->langs[i], name) == 0) {
			line->script->lang = i;
			result = 0;
		}
	if (result < 0)
		err_set(err, ERR_NOT_FOUND,
		    _("the form has no language \"%s\""), name);
	free(name);
	return result;
}

/* Takes "\n" and "\\" apart, in place. */
static void
unescape(char *text)
{
	char *to = text;

	for (; *text; text++) {
		if (*text == '\\' && text[1] == 'n') {
			*to++ = '\n';
			text++;
		} else if (*text == '\\' && text[1] == '\\') {
			*to++ = '\\';
			text++;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

static int
set_value(struct state *state, const char *path, const char *value,
    const char *what, struct err *err)
{
	const int place = state_find_typed(state, path, err);

	if (place < 0)
		return -1;
	if (item_has_members(item_of(state, place)))
		return err_set(err, ERR_VALUE,
		    _("%s is no question, nothing can be answered"), path);
	if (text_check_clean(value, SCRIPT_LINE_MAX, true, what, err) < 0)
		return -1;
	state_set(state, place, value);
	return 0;
}

static int
run_set(struct line *line, struct err *err)
{
	const char *equals = strchr(line->at, '=');
	char *path, *value;
	int result;

	if (!equals) {
		line->at += strlen(line->at);
		return err_set(err, ERR_FORMAT,
		    _("PATH = VALUE, add REPEAT, delete REPEAT N or lang NAME "
		      "is expected"));
	}
	path =
	    xstrndup(line->at, trimmed(line->at, (size_t)(equals - line->at)));
	line->at = skip_blanks(equals + 1);
	value = rest_of(line);
	unescape(value);
	result =
	    set_value(line->script->state, path, value, _("the value"), err);
	if (result < 0 && err->code != ERR_FORMAT)
		line->at = skip_blanks(line->text);
	free(path);
	free(value);
	return result;
}

static int
run_line(struct line *line, struct err *err)
{
	if (take_word(line, "add"))
		return run_add(line, err);
	if (take_word(line, "delete"))
		return run_delete(line, err);
	if (take_word(line, "lang"))
		return run_lang(line, err);
	return run_set(line, err);
}

static int
run_text(struct script *script, const char *text, size_t number,
    const char *what, struct err *err)
{
	struct line line = { script, text, skip_blanks(text) };

	line.text = line.at;
	if (!*line.at || *line.at == '#' || *line.at == '\r')
		return 0;
	if (run_line(&line, err) < 0)
		return err_wrap(err, _("%s, line %zu, column %zu"), what,
		    number, (size_t)(line.at - text) + 1);
	return script->after ? script->after(script, line.text, number, err)
			     : 0;
}

int
script_run(struct script *script, const char *text, size_t len,
    const char *what, struct err *err)
{
	const char *end = text + len;
	int result = 0;

	if (len > SCRIPT_BYTES_MAX)
		return err_set(err, ERR_LIMIT, _("%s is larger than %d bytes"),
		    what, SCRIPT_BYTES_MAX);
	if (memchr(text, '\0', len))
		return err_set(err, ERR_FORMAT, _("%s is no text"), what);
	for (size_t number = 1; text < end && result == 0; number++) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		const size_t line_len = (size_t)((stop ? stop : end) - text);
		char *line;

		if (line_len > SCRIPT_LINE_MAX)
			return err_set(err, ERR_LIMIT,
			    _("%s, line %zu: longer than %d bytes"), what,
			    number, SCRIPT_LINE_MAX);
		line = xstrndup(text, line_len);
		result = run_text(script, line, number, what, err);
		free(line);
		text += line_len + 1;
	}
	return result;
}

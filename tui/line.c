/* SPDX-License-Identifier: Apache-2.0 */
#include "tui/line.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "crypto/secret.h"
#include "tui/keys.h"

void
line_init(struct line *line, enum line_kind kind)
{
	*line = (struct line){ .kind = kind };
	if (kind == LINE_SECRET) {
		line->secret = secret_new(LINE_SECRET_MAX);
		line->text = (char *)line->secret->data;
		line->room = LINE_SECRET_MAX;
	} else {
		line->room = 64;
		line->text = xcalloc(line->room, 1);
	}
}

void
line_release(struct line *line)
{
	if (line->secret) {
		secret_free(line->secret);
	} else if (line->text) {
		wipe(line->text, line->len);
		free(line->text);
	}
	*line = (struct line){ 0 };
}

/* Makes room for `more` bytes; false when the maximum would be passed. */
static bool
reserve(struct line *line, size_t more)
{
	const size_t need = line->len + more + 1;
	const size_t max = line->secret ? LINE_SECRET_MAX : LINE_BYTES_MAX;

	if (need > max) {
		line->full = true;
		return false;
	}
	if (!line->secret)
		mem_grow(&line->text, &line->room, need, 1);
	return true;
}

static size_t
after(const struct line *line, size_t at)
{
	return at + text_next(line->text, line->len, at);
}

static void
insert_bytes(struct line *line, const char *bytes, size_t len)
{
	if (!reserve(line, len))
		return;
	memmove(line->text + line->at + len, line->text + line->at,
	    line->len - line->at + 1);
	memcpy(line->text + line->at, bytes, len);
	line->len += len;
	line->at += len;
	line->changed = true;
}

static void
remove_bytes(struct line *line, size_t from, size_t to)
{
	if (from >= to)
		return;
	memmove(line->text + from, line->text + to, line->len - to + 1);
	line->len -= to - from;
	line->at = from;
	line->changed = true;
	line->full = false;
}

void
line_set(struct line *line, const char *text)
{
	line->len = line->at = 0;
	line->text[0] = '\0';
	insert_bytes(line, text, strlen(text));
	line->changed = line->full = false;
}

void
line_restore(struct line *line, const char *text, size_t at)
{
	line_set(line, text);
	line->changed = true;
	line->at = 0;
	while (line->at < at && line->at < line->len)
		line->at = after(line, line->at);
}

/* What a paste becomes: no control characters, one line where there is one. */
static void
add_cleaned(const struct line *line, const char *text, struct buf *out)
{
	for (; *text; text++) {
		const unsigned char c = (unsigned char)*text;

		if (c == '\r' || c == '\n' || c == '\t')
			buf_add_char(out,
			    line->kind == LINE_MULTILINE && c != '\t' ? '\n'
								      : ' ');
		else if (c >= ' ' && c != 0x7f)
			buf_add_char(out, *text);
	}
}

bool
line_insert(struct line *line, const char *text)
{
	struct buf clean = BUF_INIT;
	bool fits;

	add_cleaned(line, text, &clean);
	fits = reserve(line, clean.len);
	if (fits)
		insert_bytes(line, clean.data, clean.len);
	buf_wipe_release(&clean);
	return fits;
}

static size_t
before(const struct line *line, size_t at)
{
	return at - text_prev(line->text, at);
}

static bool
is_space(const struct line *line, size_t at)
{
	return line->text[at] == ' ' || line->text[at] == '\n';
}

static size_t
word_start(const struct line *line)
{
	size_t at = line->at;

	while (at > 0 && is_space(line, at - 1))
		at--;
	while (at > 0 && !is_space(line, at - 1))
		at--;
	return at;
}

static size_t
word_end(const struct line *line)
{
	size_t at = line->at;

	while (at < line->len && is_space(line, at))
		at++;
	while (at < line->len && !is_space(line, at))
		at++;
	return at;
}

static size_t
row_start(const struct line *line)
{
	size_t at = line->at;

	while (at > 0 && line->text[at - 1] != '\n')
		at--;
	return at;
}

static size_t
row_end(const struct line *line)
{
	size_t at = line->at;

	while (at < line->len && line->text[at] != '\n')
		at++;
	return at;
}

static void
go_row(struct line *line, bool down)
{
	const size_t column = line->at - row_start(line);
	size_t end;

	if (down) {
		end = row_end(line);
		if (end == line->len)
			return;
		line->at = end + 1;
	} else {
		if (row_start(line) == 0)
			return;
		line->at = row_start(line) - 1;
		line->at = row_start(line);
	}
	end = row_end(line);
	while (line->at < end && line->at - row_start(line) < column)
		line->at = after(line, line->at);
}

static bool
move_key(struct line *line, int key)
{
	switch (key) {
	case K_CTRL('a'):
	case K_HOME: line->at = row_start(line); return true;
	case K_CTRL('e'):
	case K_END: line->at = row_end(line); return true;
	case K_CTRL('b'):
	case K_LEFT: line->at = before(line, line->at); return true;
	case K_CTRL('f'):
	case K_RIGHT: line->at = after(line, line->at); return true;
	case K_ALT_B: line->at = word_start(line); return true;
	case K_ALT_F: line->at = word_end(line); return true;
	default: return false;
	}
}

static bool
change_key(struct line *line, int key)
{
	switch (key) {
	case K_CTRL('u'):
		remove_bytes(line, row_start(line), line->at);
		return true;
	case K_CTRL('k'):
		remove_bytes(line, line->at, row_end(line));
		return true;
	case K_CTRL('w'):
		remove_bytes(line, word_start(line), line->at);
		return true;
	case K_CTRL('h'):
	case K_BACKSPACE:
		remove_bytes(line, before(line, line->at), line->at);
		return true;
	case K_CTRL('d'):
	case K_DELETE:
		remove_bytes(line, line->at, after(line, line->at));
		return true;
	default: return false;
	}
}

static bool
row_key(struct line *line, int key)
{
	if (line->kind != LINE_MULTILINE)
		return false;
	switch (key) {
	case K_CTRL('o'):
	case K_ALT_ENTER: insert_bytes(line, "\n", 1); return true;
	case K_UP: go_row(line, false); return true;
	case K_DOWN: go_row(line, true); return true;
	default: return false;
	}
}

/* A minus at the very start of a number is one; else that key is a 6. */
static int
number_key(const struct line *line, int key)
{
	const int digit = key_digit(key);

	if (digit < 0 || (key == '-' && line->at == 0))
		return key;
	return '0' + digit;
}

bool
line_key(struct line *line, int key)
{
	struct buf one = BUF_INIT;

	if (!key_is_text(key))
		return move_key(line, key) || change_key(line, key) ||
		    row_key(line, key);
	if (line->kind == LINE_NUMBER)
		key = number_key(line, key);
	key_add_text(key, &one);
	insert_bytes(line, one.data, one.len);
	buf_wipe_release(&one);
	return true;
}

struct secret *
line_secret(const struct line *line)
{
	struct secret *copy = secret_new(line->len);

	memcpy(copy->data, line->text, line->len);
	return copy;
}

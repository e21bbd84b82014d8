/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"

/* Characters, names, paths, then tokens. */

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
starts_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	    (unsigned char)c >= 0x80;
}

static bool
continues_name(char c)
{
	return starts_name(c) || is_digit(c) || c == '-' || c == '.';
}

static char
peek(const struct lexer *lexer, size_t ahead)
{
	return (size_t)(lexer->end - lexer->pos) > ahead ? lexer->pos[ahead]
							 : '\0';
}

static int
column_of(struct lexer *lexer, const char *pos)
{
	for (; lexer->counted < pos; lexer->counted++)
		if (((unsigned char)*lexer->counted & 0xc0) != 0x80)
			lexer->column++;
	return lexer->column;
}

static void
skip_space(struct lexer *lexer)
{
	while (lexer->pos < lexer->end && is_space(*lexer->pos))
		lexer->pos++;
}

static void
bad(struct token *token)
{
	token->kind = TOK_BAD;
}

static void
unsupported(struct lexer *lexer, struct token *token, const char *what)
{
	err_set(lexer->err, ERR_UNSUPPORTED,
	    _("column %d: %s is not supported by this version"), token->column,
	    what);
	bad(token);
}

/* The end of a name at `from`, with one prefix ("jr:choice-name"). */
static const char *
name_end(const struct lexer *lexer, const char *from)
{
	const char *at = from;

	while (at < lexer->end && continues_name(*at))
		at++;
	if (lexer->end - at >= 2 && at[0] == ':' && starts_name(at[1]))
		for (at++; at < lexer->end && continues_name(*at);)
			at++;
	return at;
}

static char
after_space(const struct lexer *lexer, const char *at)
{
	while (at < lexer->end && is_space(*at))
		at++;
	return at < lexer->end ? *at : '\0';
}

void
lex_init(struct lexer *lexer, struct arena *arena, const char *text, size_t len,
    struct err *err)
{
	*lexer = (struct lexer){ .arena = arena,
		.pos = text,
		.end = text + len,
		.counted = text,
		.column = 1,
		.err = err };
}

/* "${name}"; true when it was added to `path`. */
static bool
lex_reference(struct lexer *lexer, struct token *token, struct buf *path)
{
	const char *close =
	    memchr(lexer->pos, '}', (size_t)(lexer->end - lexer->pos));
	const char *name = lexer->pos + 2, *stop = close;

	if (!close) {
		err_set(lexer->err, ERR_FORMAT,
		    _("column %d: expected '}' after \"${\""), token->column);
		bad(token);
		return false;
	}
	while (name < stop && is_space(*name))
		name++;
	while (stop > name && is_space(stop[-1]))
		stop--;
	buf_add_text(path, "${");
	buf_add(path, name, (size_t)(stop - name));
	buf_add_char(path, '}');
	lexer->pos = close + 1;
	return true;
}

/* One step after a "/" or at the start; false with err. */
static bool
lex_step(struct lexer *lexer, struct token *token, struct buf *path)
{
	const char *start = lexer->pos;

	if (peek(lexer, 0) == '.') {
		lexer->pos += peek(lexer, 1) == '.' ? 2 : 1;
		buf_add(path, start, (size_t)(lexer->pos - start));
		return true;
	}
	if (peek(lexer, 0) == '*' || peek(lexer, 0) == '@') {
		unsupported(lexer, token,
		    peek(lexer, 0) == '*' ? _("a path with \"*\"")
					  : _("a path with \"@\""));
		return false;
	}
	if (!starts_name(peek(lexer, 0))) {
		err_set(lexer->err, ERR_FORMAT,
		    _("column %d: expected a name in the path"),
		    column_of(lexer, lexer->pos));
		bad(token);
		return false;
	}
	lexer->pos = name_end(lexer, start);
	if (peek(lexer, 0) == ':' || after_space(lexer, lexer->pos) == '(') {
		unsupported(lexer, token, _("an axis or a node test"));
		return false;
	}
	buf_add(path, start, (size_t)(lexer->pos - start));
	return true;
}

/* "/", steps and so on after the first step. */
static bool
lex_more_steps(struct lexer *lexer, struct token *token, struct buf *path)
{
	for (;;) {
		skip_space(lexer);
		if (peek(lexer, 0) == '[') {
			unsupported(
			    lexer, token, _("a condition in [ ] after a path"));
			return false;
		}
		if (peek(lexer, 0) == '|') {
			unsupported(lexer, token, _("a union of paths with |"));
			return false;
		}
		if (peek(lexer, 0) != '/')
			return true;
		if (peek(lexer, 1) == '/') {
			unsupported(lexer, token, _("a path with \"//\""));
			return false;
		}
		lexer->pos++;
		skip_space(lexer);
		buf_add_char(path, '/');
		if (!lex_step(lexer, token, path))
			return false;
	}
}

static bool
skip_current(struct lexer *lexer)
{
	const char *start = lexer->pos;

	lexer->pos += strlen("current");
	skip_space(lexer);
	if (peek(lexer, 0) == '(') {
		lexer->pos++;
		skip_space(lexer);
		if (peek(lexer, 0) == ')') {
			lexer->pos++;
			return true;
		}
	}
	lexer->pos = start;
	return false;
}

static bool
lex_first_step(struct lexer *lexer, struct token *token, struct buf *path)
{
	if (peek(lexer, 0) == '$')
		return lex_reference(lexer, token, path);
	if (lexer->end - lexer->pos > 7 &&
	    strncmp(lexer->pos, "current", 7) == 0 && skip_current(lexer)) {
		buf_add_text(path, "current()");
		return true;
	}
	if (peek(lexer, 0) == '/')
		return true; /* the steps that follow bring their own "/" */
	return lex_step(lexer, token, path);
}

static void
lex_path(struct lexer *lexer, struct token *token)
{
	struct buf path = BUF_INIT;

	token->kind = TOK_PATH;
	if (lex_first_step(lexer, token, &path) &&
	    lex_more_steps(lexer, token, &path))
		token->text = arena_strndup(lexer->arena, path.data, path.len);
	buf_release(&path);
}

static void
lex_number(struct lexer *lexer, struct token *token)
{
	const char *start = lexer->pos;

	while (is_digit(peek(lexer, 0)))
		lexer->pos++;
	if (peek(lexer, 0) == '.')
		lexer->pos++;
	while (is_digit(peek(lexer, 0)))
		lexer->pos++;
	token->kind = TOK_NUMBER;
	token->text =
	    arena_strndup(lexer->arena, start, (size_t)(lexer->pos - start));
	token->number = strtod(token->text, NULL);
}

static void
lex_text(struct lexer *lexer, struct token *token)
{
	const char *start = lexer->pos + 1;
	const char *close =
	    memchr(start, *lexer->pos, (size_t)(lexer->end - start));

	if (!close) {
		err_set(lexer->err, ERR_FORMAT,
		    _("column %d: the text that starts here has no closing %c"),
		    token->column, *lexer->pos);
		bad(token);
		return;
	}
	token->kind = TOK_TEXT;
	token->text =
	    arena_strndup(lexer->arena, start, (size_t)(close - start));
	lexer->pos = close + 1;
}

/* An operator that is a word, where an operator can stand. */
static bool
lex_word_operator(struct lexer *lexer, struct token *token)
{
	static const struct {
		const char *word;
		enum op op;
	} words[] = {
		{ "or", OP_OR },
		{ "and", OP_AND },
		{ "div", OP_DIV },
		{ "mod", OP_MOD },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		const size_t len = strlen(words[i].word);

		if ((size_t)(lexer->end - lexer->pos) < len ||
		    strncmp(lexer->pos, words[i].word, len) != 0)
			continue;
		/* "1mod2" is read as people mean it; "orange" is a name. */
		if (starts_name(peek(lexer, len)))
			continue;
		lexer->pos += len;
		token->kind = TOK_OP;
		token->op = words[i].op;
		return true;
	}
	return false;
}

/* A row for each sign; longer ones before their beginnings. */
static const struct {
	const char *sign;
	enum token_kind kind;
	enum op op;
} signs[] = {
	{ "!=", TOK_OP, OP_NOT_EQUAL },
	{ "<=", TOK_OP, OP_LESS_EQUAL },
	{ ">=", TOK_OP, OP_GREATER_EQUAL },
	{ "=", TOK_OP, OP_EQUAL },
	{ "<", TOK_OP, OP_LESS },
	{ ">", TOK_OP, OP_GREATER },
	{ "+", TOK_OP, OP_PLUS },
	{ "-", TOK_OP, OP_MINUS },
	{ "*", TOK_OP, OP_TIMES },
	{ "(", TOK_OPEN, OP_NONE },
	{ ")", TOK_CLOSE, OP_NONE },
	{ ",", TOK_COMMA, OP_NONE },
};

static bool
lex_sign(struct lexer *lexer, struct token *token)
{
	for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
		const size_t len = strlen(signs[i].sign);

		if ((size_t)(lexer->end - lexer->pos) < len ||
		    strncmp(lexer->pos, signs[i].sign, len) != 0)
			continue;
		lexer->pos += len;
		token->kind = signs[i].kind;
		token->op = signs[i].op;
		return true;
	}
	return false;
}

static void
lex_unknown(struct lexer *lexer, struct token *token)
{
	const char c = peek(lexer, 0);

	if (c == '[') {
		unsupported(lexer, token, _("a condition in [ ] after a path"));
	} else if (c == '|') {
		unsupported(lexer, token, _("a union of paths with |"));
	} else if (c == '@') {
		unsupported(lexer, token, _("a path with \"@\""));
	} else if (c == '$') {
		err_set(lexer->err, ERR_FORMAT,
		    _("column %d: expected ${name} after \"$\""),
		    token->column);
	} else {
		err_set(lexer->err, ERR_FORMAT,
		    _("column %d: \"%c\" has no meaning here"), token->column,
		    c >= ' ' && c < 0x7f ? c : '?');
	}
	bad(token);
}

static bool
is_function(const struct lexer *lexer)
{
	const char *end = name_end(lexer, lexer->pos);

	return after_space(lexer, end) == '(';
}

static bool
is_current(const struct lexer *lexer, const char *end)
{
	return end - lexer->pos == 7 && strncmp(lexer->pos, "current", 7) == 0;
}

static void
lex_name(struct lexer *lexer, struct token *token)
{
	const char *end = name_end(lexer, lexer->pos);

	if (!is_function(lexer) || is_current(lexer, end)) {
		lex_path(lexer, token);
		return;
	}
	token->kind = TOK_FUNCTION;
	token->text =
	    arena_strndup(lexer->arena, lexer->pos, (size_t)(end - lexer->pos));
	lexer->pos = end;
}

static void
lex_one(struct lexer *lexer, struct token *token)
{
	const char c = peek(lexer, 0);

	if (lexer->pos >= lexer->end)
		token->kind = TOK_END;
	else if (is_digit(c) || (c == '.' && is_digit(peek(lexer, 1))))
		lex_number(lexer, token);
	else if (c == '\'' || c == '"')
		lex_text(lexer, token);
	else if (lexer->after_operand && lex_word_operator(lexer, token))
		return;
	else if (c == '.' || c == '/' || (c == '$' && peek(lexer, 1) == '{'))
		lex_path(lexer, token);
	else if (c == '*' && !lexer->after_operand)
		unsupported(lexer, token, _("a path with \"*\""));
	else if (starts_name(c))
		lex_name(lexer, token);
	else if (!lex_sign(lexer, token))
		lex_unknown(lexer, token);
}

void
lex_next(struct lexer *lexer, struct token *token)
{
	skip_space(lexer);
	*token = (struct token){ .column = column_of(lexer, lexer->pos) };
	lex_one(lexer, token);
	lexer->after_operand = token->kind == TOK_NUMBER ||
	    token->kind == TOK_TEXT || token->kind == TOK_PATH ||
	    token->kind == TOK_CLOSE;
}

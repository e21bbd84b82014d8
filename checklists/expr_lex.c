/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"

/* Characters, names, then tokens. */

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

/* "${name}": `text` is what stands in the braces. */
static void
lex_reference(struct lexer *lexer, struct token *token)
{
	const char *close =
	    memchr(lexer->pos, '}', (size_t)(lexer->end - lexer->pos));
	const char *name = lexer->pos + 2, *stop = close;

	if (!close) {
		err_set(lexer->err, ERR_FORMAT,
		    _("column %d: expected '}' after \"${\""), token->column);
		bad(token);
		return;
	}
	while (name < stop && is_space(*name))
		name++;
	while (stop > name && is_space(stop[-1]))
		stop--;
	token->kind = TOK_REFERENCE;
	token->text = arena_strndup(lexer->arena, name, (size_t)(stop - name));
	lexer->pos = close + 1;
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
	{ "//", TOK_DESCENDANTS, OP_NONE },
	{ "/", TOK_SLASH, OP_NONE },
	{ "..", TOK_PARENT, OP_NONE },
	{ ".", TOK_SELF, OP_NONE },
	{ "[", TOK_OPEN_PREDICATE, OP_NONE },
	{ "]", TOK_CLOSE_PREDICATE, OP_NONE },
	{ "@", TOK_AT, OP_NONE },
	{ "|", TOK_UNION, OP_NONE },
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
		/* Where an operand stands "*" is any name. */
		if (token->op == OP_TIMES && !lexer->after_operand)
			token->kind = TOK_ANY;
		return true;
	}
	return false;
}

static void
lex_unknown(struct lexer *lexer, struct token *token)
{
	const char c = peek(lexer, 0);

	if (c == '$')
		err_set(lexer->err, ERR_FORMAT,
		    _("column %d: expected ${name} after \"$\""),
		    token->column);
	else
		err_set(lexer->err, ERR_FORMAT,
		    _("column %d: \"%c\" has no meaning here"), token->column,
		    c >= ' ' && c < 0x7f ? c : '?');
	bad(token);
}

/* A name; before "(" a function, before "::" an axis. */
static void
lex_name(struct lexer *lexer, struct token *token)
{
	const char *end = name_end(lexer, lexer->pos);

	token->kind = after_space(lexer, end) == '(' ? TOK_FUNCTION : TOK_NAME;
	token->text =
	    arena_strndup(lexer->arena, lexer->pos, (size_t)(end - lexer->pos));
	lexer->pos = end;
	if (token->kind != TOK_NAME)
		return;
	skip_space(lexer);
	if (peek(lexer, 0) == ':' && peek(lexer, 1) == ':') {
		lexer->pos += 2;
		token->kind = TOK_AXIS;
	}
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
	else if (c == '$' && peek(lexer, 1) == '{')
		lex_reference(lexer, token);
	else if (starts_name(c))
		lex_name(lexer, token);
	else if (!lex_sign(lexer, token))
		lex_unknown(lexer, token);
}

/* After these an operator stands, and "div" is one. */
static bool
ends_operand(enum token_kind kind)
{
	switch (kind) {
	case TOK_NUMBER:
	case TOK_TEXT:
	case TOK_NAME:
	case TOK_ANY:
	case TOK_SELF:
	case TOK_PARENT:
	case TOK_REFERENCE:
	case TOK_CLOSE:
	case TOK_CLOSE_PREDICATE: return true;
	default: return false;
	}
}

void
lex_next(struct lexer *lexer, struct token *token)
{
	skip_space(lexer);
	*token = (struct token){ .column = column_of(lexer, lexer->pos) };
	lex_one(lexer, token);
	lexer->after_operand = ends_operand(token->kind);
}

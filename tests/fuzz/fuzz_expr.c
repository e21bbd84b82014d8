/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checklists/expr.h"

/* Any text as an expression: read, and where it can be, computed. */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const char *
item_text(void *arg, int item, int row_of, enum value_kind *kind)
{

	static const char *const texts[] = { "", "5", "a b", "2024-03-01" };
	static const enum value_kind kinds[] = { VALUE_TEXT, VALUE_NUMBER,
		VALUE_TEXT, VALUE_DATE };

	(void)arg;
	(void)row_of;
	*kind = kinds[item % 4];
	return texts[item % 4];
}

static const char *
column_text(void *arg, int column)
{
	(void)arg;
	return column ? "x" : "";
}

static int
resolve(void *arg, int self, const char *path, size_t len, int *row_of,
    struct err *err)
{
	if (row_of)
		*row_of = -1;
	(void)self;
	if (len == 0 || strchr("!?", path[0]))
		return err_set(err, ERR_NOT_FOUND, "no item");
	if (arg && path[0] != '$' && !memchr(path, '/', len))
		return EXPR_COLUMN + (int)(len % 2);
	return (int)(len % 4);
}

static void
ignore(void *arg, int item, bool wide)
{
	(void)wide;
	(void)arg;
	(void)item;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct expr_source source = { .text = item_text,
		.column = column_text,
		.now = 1709288430456,
		.month_lang = "fr" };
	struct expr_names names = { .resolve = resolve, .self = 1 };
	struct arena *arena = arena_new();
	char *text = xstrndup((const char *)bytes, len);
	struct err err = { 0 };
	const struct expr *expr;

	if (len && bytes[0] == 'f') {
		names.arg = &names;
		names.in_filter = true;
	}
	expr_looks_dynamic(text, len % 2);
	expr = expr_parse(arena, text, &names, &err);
	if (expr) {
		expr_references(expr, ignore, NULL);
		free(expr_text(expr, &source, len % 2, &err));
	}
	free(text);
	arena_free(arena);
	return 0;
}

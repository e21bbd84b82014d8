/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/compiler.h"
#include "tests/torture/torture.h"

enum { TOLD_MAX = 20 };

void
figure_add(struct figures *figures, const char *name, long value)
{
	size_t i = 0;

	while (i < figures->count && strcmp(figures->list[i].name, name) != 0)
		i++;
	assert(i < ARRAY_LEN(figures->list));
	if (i == figures->count) {
		figures->list[i].name = name;
		figures->list[i].value = 0;
		figures->count++;
	}
	figures->list[i].value += value;
}

void
figure_fail(struct figures *figures, const char *fmt, ...)
{
	va_list args;

	if (++figures->failures > TOLD_MAX)
		return;
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

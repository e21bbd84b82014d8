/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

enum { QUOTE_MAX = 66, QUOTE_BEFORE_MAX = 50 }; /* columns */

static char *format_text(const char *fmt, va_list args) PRINTF_LIKE(1, 0);

static char *
format_text(const char *fmt, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, fmt, args) < 0)
		return xstrdup(fmt);
	return text;
}

void
problem_add(struct problems *problems, enum problem_kind kind,
    const char *sheet, int row, const char *column, const char *fmt, ...)
{
	struct problem *problem;
	va_list args;

	if (kind == PROBLEM_ERROR)
		problems->errors++;
	if (problems->count >= PROBLEMS_MAX) {
		problems->more = true;
		return;
	}
	mem_grow(&problems->list, &problems->room, problems->count + 1,
	    sizeof(*problems->list));
	problem = &problems->list[problems->count++];
	problem->kind = kind;
	problem->sheet = xstrdup(sheet ? sheet : "");
	problem->row = row;
	problem->column = xstrdup(column ? column : "");
	problem->cell = xstrdup("");
	problem->at = 0;
	problem->place[0] = '\0';
	va_start(args, fmt);
	problem->text = format_text(fmt, args);
	va_end(args);
}

void
problems_release(struct problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		free(problems->list[i].sheet);
		free(problems->list[i].column);
		free(problems->list[i].text);
		free(problems->list[i].cell);
	}
	free(problems->list);
	*problems = (struct problems){ 0 };
}

char *
problem_text(const struct problem *problem)
{
	struct buf out = BUF_INIT;

	buf_add_text(&out, problem->sheet);
	if (problem->row > 0) {
		if (out.len)
			buf_add_text(&out, ", ");
		buf_addf(&out, _("row %d"), problem->row);
	}
	if (problem->column[0]) {
		if (out.len)
			buf_add_text(&out, ", ");
		buf_add_text(&out, problem->column);
	}
	if (out.len)
		buf_add_text(&out, _(": "));
	buf_add_text(&out, problem->text);
	return buf_detach(&out);
}

void
problems_quote(
    struct problems *problems, size_t first, const char *cell, int at)
{
	for (size_t i = first; i < problems->count; i++) {
		free(problems->list[i].cell);
		problems->list[i].cell = xstrdup(cell);
		problems->list[i].at = at;
	}
}

size_t
problem_offset(const char *cell, int at)
{
	size_t offset = 0;

	while (--at > 0 && cell[offset])
		do
			offset++;
		while (((unsigned char)cell[offset] & 0xc0) == 0x80);
	return offset;
}

char *
problem_quote(const struct problem *problem)
{
	const char *cell = problem->cell;
	const size_t wrong = problem_offset(cell, problem->at);
	size_t start = 0, len, before;
	struct buf out = BUF_INIT;

	if (cell[0] == '\0')
		return xstrdup("");
	for (size_t i = 0; i < wrong; i++)
		if (cell[i] == '\n')
			start = i + 1;
	/* Of a long line, what is around the place. */
	while (text_width(cell + start, wrong - start) > QUOTE_BEFORE_MAX)
		start += problem_offset(cell + start, 2);
	len = strcspn(cell + start, "\n");
	len = text_fit(cell + start, len, QUOTE_MAX);
	before = text_width(cell + start, wrong - start);
	buf_addf(&out, "%8s | %.*s\n", problem->place, (int)len, cell + start);
	if (problem->at > 0)
		buf_addf(&out, "%8s | %*s^\n", "", (int)before, "");
	return buf_detach(&out);
}

int
problems_refuse(const struct problems *problems, size_t first, struct err *err)
{
	const struct problem *shown = NULL;
	size_t errors = 0;
	char *text;

	for (size_t i = first; i < problems->count; i++) {
		if (problems->list[i].kind != PROBLEM_ERROR)
			continue;
		if (!shown)
			shown = &problems->list[i];
		errors++;
	}
	if (!shown)
		return err_set(err, ERR_FORMAT, _("the checklist is refused"));
	if (problems->more)
		errors = problems->errors;
	text = problem_text(shown);
	if (errors == 1)
		err_set(
		    err, ERR_FORMAT, _("the checklist is refused: %s"), text);
	else
		err_set(err, ERR_FORMAT,
		    _("the checklist is refused for %zu problems; the first: "
		      "%s"),
		    errors, text);
	free(text);
	return -1;
}

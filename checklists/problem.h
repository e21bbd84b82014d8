/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_PROBLEM_H
#define CHECKLISTS_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/error.h"

/*
 * What is wrong with a form, all of it in one run: each problem names file,
 * sheet, row and column, says what is wrong and what was probably meant.
 */
enum problem_kind {
	PROBLEM_ERROR,  /* the form is refused */
	PROBLEM_WARNING /* the form is taken; its author should know */
};

enum { PROBLEM_PLACE_MAX = 24 };

struct problem {
	enum problem_kind kind;
	char *sheet;  /* owned; "" where it is the whole file */
	int row;      /* as the spreadsheet counts, from 1; 0: none */
	char *column; /* owned: the header's text; "" where none */
	char *text;   /* owned, translated */
	char *cell;   /* owned: the text of the cell; "" where not known */
	int at;       /* the character in it, from 1, that is wrong; 0: all */
	char place[PROBLEM_PLACE_MAX]; /* "C5"; "" where not known */
};

struct problems {
	struct problem *list;
	size_t count, room;
	size_t errors;
	bool more; /* PROBLEMS_MAX was reached */
};

enum { PROBLEMS_MAX = 200 };

void problem_add(struct problems *problems, enum problem_kind kind,
    const char *sheet, int row, const char *column, const char *fmt, ...)
    PRINTF_LIKE(6, 7);

/* Adds to the problems from `first` on what the cell holds, and where in it
 * the trouble is (`at` as in struct problem). */
void problems_quote(
    struct problems *problems, size_t first, const char *cell, int at);

/* The byte of a cell at which its character `at` (from 1) is; or its end. */
size_t problem_offset(const char *cell, int at);
void problems_release(struct problems *problems);

/* "survey, row 12, relevant: ..."; the caller's to free. */
char *problem_text(const struct problem *problem);

/*
 * The cell under the message, as compilers show it: its place, the line of its
 * text, and a caret under the character that is wrong.
 *
 *     C5 | ${age} >< 5
 *        |         ^
 *
 * Lines end in "\n"; "" where the cell is not known.  The caller's to free.
 */
char *problem_quote(const struct problem *problem);

/*
 * Sets `err` (ERR_FORMAT) to how many errors there are from the problem
 * `first` on, and the first of them; to be said again after the rows were
 * turned into those of the person's file.  Returns -1.
 */
int problems_refuse(
    const struct problems *problems, size_t first, struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_FILL_H
#define TUI_FILL_H

#include <stdbool.h>

#include "inspections/inspection.h"
#include "tui/fill_found.h"
#include "tui/line.h"
#include "tui/list.h"
#include "tui/view.h"

/*
 * The fill screen: fill.c moves and saves, fill_answer.c does what a key means
 * for the question, fill_jump.c goes to another one, fill_attach.c has the
 * files, fill_widgets.c ranks and scales, fill_page.c several questions on one
 * screen, fill_choices.c choices found by typing, fill_undo.c what was before,
 * fill_place.c what a lock keeps, fill_lang.c the form's language, fill_draw*.c draw, view_fill.c says which
 * key does what.  Nothing else includes this.
 *
 * A choice is saved the moment it is made, a text when the question is left.
 * What was typed but is refused stays on its line with the reason under it.
 */
enum fill_focus {
	FILL_ANSWER,
	FILL_MAP,    /* the sections at the left */
	FILL_BASIS,  /* a digit picks the source */
	FILL_NOTE,   /* typed */
	FILL_REASON, /* typed */
};

enum {
	FILL_UNDO_MAX = 100,
	FILL_TEXT_ROWS = 3,  /* of a text that is typed */
	FILL_BESIDE_ROWS = 7 /* beside the answer, and the last row */
};

/* What an answer was before it was changed; of a row, whether it was there. */
struct fill_undo {
	char *path;
	char *value;
};

/* A line of the map: a section, or a repeat in it. */
struct fill_line {
	int first, end;           /* items */
	const struct item *group; /* NULL for questions outside */
	bool below;               /* inside the section before it */
};

struct fill {
	struct view view;
	struct inspection *inspection;
	const struct form *form;
	int place;          /* of a question or a repeat; -1: none applies */
	char *path;         /* of the place, which finds it when it moves */
	unsigned numbering; /* of the inspection, which `place` is of */
	enum fill_focus focus;
	bool own_lang; /* not that of the screen, but `lang` */
	size_t lang;   /* of the form */
	struct line answer; /* of what is typed */
	struct line extra;  /* note or reason */
	int choice;         /* the cursor among the choices offered; -1: none */
	bool held;          /* of a rank: what is at `choice` moves with it */
	struct found found; /* of a question whose choices are sought */
	int basis;          /* the cursor in FILL_BASIS */
	int scroll;         /* rows, on top of what the focus needs */
	struct list map;
	struct list rows; /* of a repeat: its rows, then what can be done */
	char *written;    /* what fill_written() gave */
	char *why;        /* the value typed is refused; NULL: it is not */
	struct fill_undo undo[FILL_UNDO_MAX];
	size_t undo_count;
};

const struct item *fill_item(const struct fill *fill); /* NULL when none */
const struct state *fill_state(const struct fill *fill);
bool fill_is_typed(const struct fill *fill); /* the answer is a text */
bool fill_is_choice(const struct fill *fill);
bool fill_is_locked(const struct fill *fill); /* nothing to answer here */

/* True with err, which says how it is opened again. */
bool fill_is_signed(const struct fill *fill, struct err *err);

/* What a person stops at: relevant, and with something to show. */
bool fill_is_stop(const struct fill *fill, int place);
int fill_first_stop(const struct fill *fill);
/* The next one in a direction; -1. */
int fill_stop_from(const struct fill *fill, int place, int step);
/* After what may have numbered places anew: finds the own one again. */
void fill_follow(struct fill *fill);

/* ---- fill_lang.c: the language that the form is read in ---- */

size_t fill_lang(const struct fill *fill); /* of the form */
/* To the next one of the form, round; what is refused says so in it. */
void fill_next_lang(struct fill *fill);
/* To the one of that name; without it nothing changes. */
void fill_set_lang(struct fill *fill, const char *name);
/* Adds " [English]" where the language lacks the text, which is shown in
 * English then; `text` may be NULL. */
void fill_add_mark(
    const struct fill *fill, const struct form_text *text, struct buf *out);
/* What the form says at a place, with that mark; of a choice, its label. */
void fill_add_text(const struct fill *fill, int place, enum state_text which,
    struct buf *out);
void fill_add_choice(
    const struct fill *fill, const struct choice *choice, struct buf *out);

/* ---- fill_page.c: several questions on one screen ---- */

/*
 * What is shown with the question at hand: the stops of the field-list (or of
 * the group with a table) that it is in, in their order; the caller's to free.
 * NULL with `*count` 0 where it is alone.
 */
int *fill_page(const struct fill *fill, int *count);
bool fill_is_on_page(const struct fill *fill); /* with others */
/* Rows of one table are choices of one list, one item after the other: how
 * many of the `count` stops from the first on are; 0 where it is no table. */
int fill_grid_rows(const struct fill *fill, const int *stops, int count);
bool fill_is_in_grid(const struct fill *fill);
/* To the next stop of the same page, keeping the column; false at its end. */
bool fill_page_step(struct fill *fill, int step, struct err *err);
/* To what comes before or after the page. */
void fill_page_leave(struct fill *fill, int step, struct err *err);
/* Choices beside one another, which Left and Right go through. */
bool fill_is_inline(const struct fill *fill);

/* ---- fill_choices.c: choices that are found by typing ---- */

bool fill_is_sought(const struct fill *fill);
void fill_seek_start(struct fill *fill);
bool fill_seek_key(struct fill *fill, int key);
/* Takes what the cursor is on; true when the question is done with, false
 * for another choice or with err. */
bool fill_seek_take(struct fill *fill, struct err *err);
/* Forgets what is typed; false when nothing was. */
bool fill_seek_clear(struct fill *fill);

/* The offered choice `index`; NULL past the end. */
const struct choice *fill_choice(const struct fill *fill, int index);
bool fill_is_chosen(const struct fill *fill, const struct choice *choice);
/* The answer as it is typed: places one a line, times without a zone. */
const char *fill_written(struct fill *fill); /* until the next call */

/* ---- fill_widgets.c: what is neither typed nor chosen alone ---- */

bool fill_is_rank(const struct fill *fill);
/* Indexes into the list, as ranked, the caller's to free. */
int *fill_rank_order(const struct fill *fill, size_t *count);
/* Moves the cursor, or what is held at it. */
void fill_rank_move(struct fill *fill, int step, struct err *err);
/* Takes the order as it is shown for the answer; lets go. */
void fill_rank_take(struct fill *fill, struct err *err);
/* Left and right on a scale or a counter; false for other questions. */
bool fill_nudge(struct fill *fill, int step);

/* A choice that asks for a reason was made. */
bool fill_asks_reason(const struct fill *fill);

/*
 * Saves what is typed.  False when it is refused: `why` says so, or err for
 * what is not about the value.
 */
bool fill_commit(struct fill *fill, struct err *err);

/* Leaves the question (committing) for the next stop in a direction; false
 * when it may not, and at the end. */
bool fill_step(struct fill *fill, int step, struct err *err);
void fill_load(struct fill *fill, int place); /* without committing */

/* Chooses or toggles the offered choice and saves. */
void fill_choose(struct fill *fill, int index, struct err *err);
void fill_set(
    struct fill *fill, const struct answer_draft *draft, struct err *err);
/* Keeps what an answer was; undoing brings the last one back and says so. */
void fill_remember(struct fill *fill, const char *path, const char *value);
void fill_undo(struct fill *fill, struct err *err);

/* The next question without an answer, from here on and round; -1. */
int fill_next_unanswered(const struct fill *fill);

/* The sections, with the repeats in them, as the map lists them: an array
 * that ends with first == end; to be freed. */
struct fill_line *fill_lines(const struct fill *fill, int *count);
int fill_line_of(const struct fill *fill, int place);

/* ---- fill_rows.c: a repeat, which is a screen that lists its rows ---- */

bool fill_is_repeat(const struct fill *fill);
/* The innermost repeat that the place is in, or is; -1. */
int fill_repeat_around(const struct fill *fill);
/* What the line `index` of the list is. */
enum fill_row_line { FILL_ROW, FILL_ROW_ADD, FILL_ROW_ON, FILL_ROW_NONE };
enum fill_row_line fill_row_line(const struct fill *fill, int index);
int fill_row_lines(const struct fill *fill);
/* The cursor to what comes next: a row that lacks something, else adding. */
void fill_rows_start(struct fill *fill);
void fill_row_open(struct fill *fill, int index, struct err *err);
void fill_row_add(struct fill *fill, struct err *err);
void fill_row_delete(struct fill *fill, struct err *err);
void fill_go_rows(struct fill *fill, struct err *err);
/* From the last question of the last row: to the list, to add; false: go on. */
bool fill_leave_row(struct fill *fill);
/* "Diallo · 4": the first answers of a row. */
void fill_add_caption(const struct fill *fill, int row, struct buf *out);

/* The screens that lead to another question, and the map's own keys. */
void fill_open_find(struct fill *fill, struct err *err);
void fill_go_unanswered(struct fill *fill, struct err *err);
void fill_toggle_map(struct fill *fill, struct err *err);
enum view_result fill_act_map(struct fill *fill, enum action action);

/* ---- fill_date.c ---- */

/* On the line of a date: t is today, + and - go a day on and back (a month, a
 * year where the form asks for those); false for what is typed. */
bool fill_date_key(struct fill *fill, int key);
/* What is typed, "11/2026" and "2026" made whole where the form asks for a
 * month or a year; the caller's to free. */
char *fill_long_date(const struct fill *fill);

/* From the GPS, where a position is typed. */
bool fill_takes_position(const struct fill *fill);
void fill_open_gps(struct fill *fill, struct err *err);

/* Attaching a file, which is asked for; taking the last one away. */
void fill_open_attach(struct fill *fill, struct err *err);
void fill_detach(struct fill *fill, struct err *err);

/* What the keys mean for the question at hand. */
enum view_result fill_next(struct fill *fill, struct err *err);
bool fill_digit(struct view *view, int number, struct err *err);
void fill_toggle(struct fill *fill, struct err *err);
void fill_clear(struct fill *fill, struct err *err);
void fill_flag(struct fill *fill, struct err *err);
void fill_begin_extra(
    struct fill *fill, enum fill_focus focus, struct err *err);
void fill_start_basis(struct fill *fill, struct err *err);
enum view_result fill_act_basis(
    struct fill *fill, enum action action, struct err *err);
enum view_result fill_open_review(struct fill *fill, struct err *err);

/* Over a lock: fill_place.c. */
void fill_keep(const struct view *view, json_t *place);
void fill_restore(struct view *view, const json_t *place);

void fill_draw(const struct view *view, struct grid *grid);
/*
 * What draws a question, on a grid of its own as long as it needs; without a
 * grid it only counts the rows.
 */
struct pen {
	const struct fill *fill;
	struct grid *grid; /* NULL: only counts the rows */
	int row, cols;
	int focus_row; /* where the focus came to stand; -1 */
};

/* Adds text wrapped, from `col` to the end of the row. */
void pen_put(struct pen *pen, int col, enum style style, const char *text);
void pen_focus(struct pen *pen, int row, int col);
void fill_draw_question(struct pen *pen); /* the one at hand */
void fill_draw_page(struct pen *pen);     /* all that is with it */
void fill_draw_sought(struct pen *pen);   /* choices found by typing */
void fill_draw_inline(struct pen *pen);   /* its choices side by side */
void fill_draw_map(const struct fill *fill, struct grid *grid, int cols);
void fill_draw_beside(
    const struct fill *fill, struct grid *grid, const struct grid_box *box);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Opening and closing, showing; term_keys.c has the keys. */
#include "tui/term.h"

#include <ncurses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "tui/signals.h"
#include "tui/term_internal.h"
#include "tui/tty.h"

enum { ESCAPE_MS = 25 }; /* longer and Esc feels slow */

static bool is_open, has_color, sun_shown;

/* ---- opening and closing ---- */

void
term_write(const char *text)
{
	(void)!write(STDOUT_FILENO, text, strlen(text));
}

static void
set_up_colors(void)
{
	const char *no_color = getenv("NO_COLOR");

	has_color = has_colors() && !(no_color && *no_color);
	if (!has_color)
		return;
	start_color();
	use_default_colors();
	init_pair(1, COLOR_BLACK, COLOR_WHITE);
	init_pair(2, COLOR_GREEN, -1);
	init_pair(3, COLOR_RED, -1);
	init_pair(4, COLOR_CYAN, -1);
}

/* ncurses would end the program itself; we want a message. */
static int
check_terminal(struct err *err)
{
	const char *name = getenv("TERM");

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(err, ERR_UNSUPPORTED,
		    _("the screens need a terminal, and input or output is "
		      "not one; see ronde --help for the command line"));
	if (!name || !*name)
		return err_set(err, ERR_UNSUPPORTED,
		    _("TERM is not set, so the terminal's kind is not known; "
		      "try: TERM=xterm ronde"));
	return 0;
}

static int
open_terminal(bool anew, bool silent, struct err *err)
{
	const char *delay = getenv("ESCDELAY");

	if (check_terminal(err) != 0)
		return -1;
	tty_remember(silent);
	if (signals_open(term_close, err) != 0)
		return -1;
	if (!newterm(NULL, stdout, stdin))
		return err_set(err, ERR_UNSUPPORTED,
		    _("the terminal's kind, TERM=%s, is not known here; try: "
		      "TERM=xterm ronde"),
		    getenv("TERM"));
	/* Without it every screen would be written as one line. */
	if (!tigetstr("cup") || tigetstr("cup") == (char *)-1) {
		endwin();
		return err_set(err, ERR_UNSUPPORTED,
		    _("the terminal's kind, TERM=%s, has no screen that can be "
		      "drawn on; try: TERM=xterm ronde"),
		    getenv("TERM"));
	}
	is_open = true;
	mem_on_exhausted(term_close);
	atexit(term_close);
	if (!delay || !*delay)
		set_escdelay(ESCAPE_MS);
	set_up_colors();
	term_keys_open(anew);
	term_write("\033[?2004h");
	return 0;
}

int
term_open(struct err *err)
{
	return open_terminal(false, false, err);
}

int
term_open_anew(bool silent, struct err *err)
{
	return open_terminal(true, silent, err);
}

void
term_close(void)
{
	if (!is_open)
		return;
	is_open = false;
	term_write("\033[?2004l");
	endwin();
	tty_put_back();
	mem_on_exhausted(NULL);
}

void
term_leave_anew(bool silent)
{
	term_keys_leave();
	if (!silent) {
		term_close();
		return;
	}
	term_write("\033[?2004l");
	tty_silence();
	def_shell_mode(); /* which endwin() goes back to */
	endwin();
	is_open = false;
}

int
term_rows(void)
{
	return LINES;
}

int
term_cols(void)
{
	return COLS;
}

/* ---- showing ---- */

static attr_t
attributes(enum style style, bool sun)
{
	static const struct {
		attr_t attribute;
		short pair;
	} looks[STYLE_COUNT] = {
		[STYLE_TITLE] = { A_BOLD, 0 },
		[STYLE_CURSOR] = { A_REVERSE, 0 },
		[STYLE_INPUT] = { A_UNDERLINE, 0 },
		[STYLE_KEY] = { A_BOLD, 0 },
		[STYLE_GOOD] = { 0, 2 },
		[STYLE_URGENT] = { A_BOLD, 3 },
		[STYLE_ERROR] = { A_BOLD | A_REVERSE, 0 },
	};
	attr_t attribute = looks[style].attribute;

	if (sun)
		return has_color ? attribute | (attr_t)COLOR_PAIR(1)
				 : attribute ^ A_REVERSE;
	if (has_color && looks[style].pair)
		attribute |= (attr_t)COLOR_PAIR(looks[style].pair);
	return attribute;
}

static void
show_row(const struct grid *grid, int row, bool sun)
{
	for (int col = 0; col < grid->cols; col++) {
		const struct cell *cell = grid_at(grid, row, col);

		if (cell->width == 0)
			continue;
		attrset((int)attributes((enum style)cell->style, sun));
		mvaddstr(row, col, cell->text[0] ? cell->text : " ");
	}
}

void
term_show(const struct grid *grid, bool sun)
{
	if (sun != sun_shown) {
		bkgdset(
		    (chtype)' ' | (sun ? attributes(STYLE_PLAIN, true) : 0));
		sun_shown = sun;
		clearok(stdscr, TRUE);
	}
	erase();
	for (int row = 0; row < grid->rows; row++)
		show_row(grid, row, sun);
	attrset(A_NORMAL);
	move(grid->cursor_row, grid->cursor_col);
	refresh();
}

void
term_redraw(void)
{
	clearok(stdscr, TRUE);
}

void
term_erase(void)
{
	erase();
	clearok(stdscr, TRUE);
	refresh();
	term_write("\033[3J");
}

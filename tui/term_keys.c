/* SPDX-License-Identifier: Apache-2.0 */
/* Keys, and what comes the same way: signals, sleep, a test's questions. */
#include "tui/term_internal.h"

#include <errno.h>
#include <ncurses.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/mem.h"
#include "tui/keys.h"
#include "tui/signals.h"
#include "tui/sleep.h"
#include "tui/term.h"

enum {
	PASTE_MAX = 64 * 1024, /* bytes */
	EMPTY_READS_MAX = 3,   /* readable, yet no key: the terminal is gone */
	CODE_PASTE_START = 0x1001, /* past ncurses' own codes */
	CODE_PASTE_END,
	CODE_ALT_B,
	CODE_ALT_F,
	CODE_ALT_ENTER,
	CODE_SYNC
};

static bool sleep_owed; /* it came in the middle of a paste */
static bool sync_wanted;
static unsigned long sync_count;        /* marks that were written */
static bool sync_owed = true;           /* the first screen has one unasked */
static const char sync_left[] = "owed"; /* to the next image */

/* A mark that a test asked for and the lock came before is owed still. */
static void
take_sync(bool anew)
{
	const char *wanted = getenv("RONDE_TEST_SYNC");

	sync_wanted = wanted != NULL;
	sync_owed = !anew || (wanted && strcmp(wanted, sync_left) == 0);
	if (wanted && anew)
		setenv("RONDE_TEST_SYNC", "1", 1);
}

void
term_keys_open(bool anew)
{
	take_sync(anew);
	define_key("\033[200~", CODE_PASTE_START);
	define_key("\033[201~", CODE_PASTE_END);
	define_key("\033b", CODE_ALT_B);
	define_key("\033f", CODE_ALT_F);
	define_key("\033\r", CODE_ALT_ENTER);
	if (sync_wanted)
		define_key("\033[7777~", CODE_SYNC);
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	intrflush(stdscr, FALSE);
}

void
term_keys_leave(void)
{
	if (sync_wanted)
		setenv("RONDE_TEST_SYNC", sync_owed ? sync_left : "1", 1);
}

void
term_sync(void)
{
	char mark[32];

	if (!sync_wanted || !sync_owed || term_key_waits())
		return;
	sync_owed = false;
	snprintf(mark, sizeof(mark), "\033]7777;%lu\007", ++sync_count);
	term_write(mark);
}

static void
take_size(void)
{
	struct winsize size = { 0 };

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row &&
	    size.ws_col)
		/* resizeterm() would queue KEY_RESIZE, for ever. */
		resize_term(size.ws_row, size.ws_col);
	clearok(stdscr, TRUE);
}

void
term_suspend(void)
{
	term_write("\033[?2004l");
	endwin();
	signals_stop();
	term_write("\033[?2004h");
	take_size();
}

/* What signals have to say; 0 when nothing. */
static int
signal_key(void)
{
	switch (signals_next()) {
	case SIGNAL_END: return K_HANGUP;
	case SIGNAL_STOP: return K_SUSPEND;
	case SIGNAL_RESIZE: take_size(); return K_RESIZE;
	default: return 0;
	}
}

static int
special_key(wint_t code)
{
	static const struct {
		wint_t code;
		int key;
	} keys[] = {
		{ KEY_UP, K_UP },
		{ KEY_DOWN, K_DOWN },
		{ KEY_LEFT, K_LEFT },
		{ KEY_RIGHT, K_RIGHT },
		{ KEY_HOME, K_HOME },
		{ KEY_END, K_END },
		{ KEY_PPAGE, K_PAGE_UP },
		{ KEY_NPAGE, K_PAGE_DOWN },
		{ KEY_DC, K_DELETE },
		{ KEY_BACKSPACE, K_BACKSPACE },
		{ KEY_BTAB, K_BACKTAB },
		{ KEY_ENTER, K_ENTER },
		{ CODE_ALT_B, K_ALT_B },
		{ CODE_ALT_F, K_ALT_F },
		{ CODE_ALT_ENTER, K_ALT_ENTER },
		{ CODE_PASTE_START, K_PASTE },
		{ CODE_SYNC, K_SYNC },
	};

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (keys[i].code == code)
			return keys[i].key;
	if (code > KEY_F(0) && code <= KEY_F(12))
		return K_F((int)(code - KEY_F(0)));
	return 0;
}

/* What the wait ended with. */
enum wait { WAIT_GONE = -1, WAIT_TIME, WAIT_KEY, WAIT_SIGNAL, WAIT_SLEEP };

static int
sooner(int one, int other)
{
	if (one < 0 || other < 0)
		return one < 0 ? other : one;
	return one < other ? one : other;
}

/* Waits until something can be read. */
static enum wait
wait_input(int timeout)
{
	struct pollfd fds[3] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = signals_fd(), .events = POLLIN },
		{ .fd = sleep_fd(), .events = sleep_events() },
	};
	const int bus_timeout = sleep_timeout();
	const int ready = poll(fds, 3, sooner(timeout, bus_timeout));

	if (ready < 0)
		return errno == EINTR ? WAIT_SIGNAL : WAIT_GONE;
	if (fds[1].revents) {
		signals_drain();
		return WAIT_SIGNAL;
	}
	if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		return WAIT_GONE;
	if (sleep_comes())
		return WAIT_SLEEP;
	if (fds[0].revents)
		return WAIT_KEY;
	/* The bus had its turn; the time is not up for that. */
	return ready == 0 &&
		(bus_timeout < 0 || timeout == 0 ||
		    (timeout > 0 && timeout <= bus_timeout))
	    ? WAIT_TIME
	    : WAIT_SIGNAL;
}

bool
term_key_waits(void)
{
	wint_t code = 0;
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };

	if (poll(&fd, 1, 0) > 0)
		return true;
	/* ncurses may have read ahead. */
	switch (get_wch(&code)) {
	case KEY_CODE_YES: ungetch((int)code); return true;
	case OK: unget_wch((wchar_t)code); return true;
	default: return false;
	}
}

/* Everything up to the end of a paste, as text. */
static int
read_paste(struct buf *paste)
{
	wint_t code = 0;

	paste->max = PASTE_MAX;
	for (;;) {
		const int kind = get_wch(&code);

		if (kind == ERR) {
			const enum wait ready = wait_input(1000);

			if (signals_ended() || ready == WAIT_GONE)
				return K_HANGUP;
			/* What is left of the paste must not become keys. */
			sleep_owed = sleep_owed || ready == WAIT_SLEEP;
			continue;
		}
		if (kind == KEY_CODE_YES && code == CODE_PASTE_END)
			return K_PASTE;
		if (kind == OK)
			key_add_text((int)code, paste);
	}
}

static int
read_key(struct buf *paste)
{
	wint_t code = 0;
	const int kind = get_wch(&code);
	int key;

	if (kind == ERR)
		return K_NONE;
	if (kind == KEY_CODE_YES) {
		key = special_key(code);
		return key == K_PASTE ? read_paste(paste) : key;
	}
	if (code == 0x7f)
		return K_BACKSPACE;
	if (code == '\n')
		return K_ENTER;
	return (int)code;
}

int
term_key(int timeout, struct buf *paste)
{
	int empty_reads = 0;

	for (;;) {
		int key = signal_key();
		enum wait ready;

		if (key)
			return key;
		if (sleep_owed) {
			sleep_owed = false;
			return K_SLEEP;
		}
		key = read_key(paste);
		if (key == K_SYNC) {
			/* What a signal said before the question is first. */
			sync_owed = true;
			key = signal_key();
			return key ? key : K_SYNC;
		}
		if (key != K_NONE)
			return key;
		ready = wait_input(timeout);
		if (ready == WAIT_GONE)
			return K_HANGUP;
		if (ready == WAIT_SLEEP)
			return K_SLEEP;
		if (ready == WAIT_TIME)
			return K_NONE;
		empty_reads = ready == WAIT_KEY ? empty_reads + 1 : 0;
		if (empty_reads > EMPTY_READS_MAX)
			return K_HANGUP;
	}
}

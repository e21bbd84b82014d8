/* SPDX-License-Identifier: Apache-2.0 */
#include "tui/tty.h"

#include <termios.h>
#include <unistd.h>

static struct termios at_start;
static bool is_known;

void
tty_remember(bool silent)
{
	is_known = tcgetattr(STDIN_FILENO, &at_start) == 0;
	if (silent)
		at_start.c_lflag |= ECHO;
}

static void
set(const struct termios *settings)
{
	/* What was typed already stays: it is for who reads next. */
	(void)tcsetattr(STDIN_FILENO, TCSADRAIN, settings);
}

void
tty_silence(void)
{
	struct termios silent = at_start;

	silent.c_lflag &= ~(tcflag_t)ECHO;
	if (is_known)
		set(&silent);
}

void
tty_put_back(void)
{
	if (is_known)
		set(&at_start);
}

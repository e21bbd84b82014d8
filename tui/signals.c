/* SPDX-License-Identifier: Apache-2.0 */
#include "tui/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"

static volatile sig_atomic_t resized, stopped, ended;
static int signal_pipe[2] = { -1, -1 };
static void (*put_back)(void);

static void
on_signal(int number)
{
	const int saved = errno;

	switch (number) {
	case SIGWINCH: resized = 1; break;
	case SIGTSTP: stopped = 1; break;
	default: ended = 1;
	}
	(void)!write(signal_pipe[1], "", 1);
	errno = saved;
}

/* A bug in our own code: the terminal is put back for the message. */
static void
on_abort_signal(int number)
{
	put_back();
	signal(number, SIG_DFL);
	raise(number);
}

static const int numbers[] = { SIGWINCH, SIGTSTP, SIGHUP, SIGTERM, SIGINT };

static void
mask(int how)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		sigaddset(&set, numbers[i]);
	sigprocmask(how, &set, NULL);
}

int
signals_open(void (*on_abort)(void), struct err *err)
{
	struct sigaction action = { .sa_handler = on_signal };

	if (pipe2(signal_pipe, O_NONBLOCK | O_CLOEXEC) != 0)
		return err_errno(err, _("cannot make a pipe"));
	put_back = on_abort;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		sigaction(numbers[i], &action, NULL);
	action.sa_handler = on_abort_signal;
	sigaction(SIGABRT, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
	mask(SIG_UNBLOCK); /* what signals_hold() held comes now */
	return 0;
}

enum signal_word
signals_next(void)
{
	if (ended)
		return SIGNAL_END;
	if (stopped) {
		stopped = 0;
		return SIGNAL_STOP;
	}
	if (resized) {
		resized = 0;
		return SIGNAL_RESIZE;
	}
	return SIGNAL_NONE;
}

bool
signals_ended(void)
{
	return ended;
}

int
signals_fd(void)
{
	return signal_pipe[0];
}

void
signals_drain(void)
{
	char bytes[64];

	while (read(signal_pipe[0], bytes, sizeof(bytes)) > 0)
		;
}

bool
signals_hold(void)
{
	mask(SIG_BLOCK);
	return !ended;
}

void
signals_stop(void)
{
	struct sigaction ours, plain = { .sa_handler = SIG_IGN };
	sigset_t only;

	stopped = 0;
	sigaction(SIGTSTP, &plain, &ours); /* drops one that was held */
	plain.sa_handler = SIG_DFL;
	sigaction(SIGTSTP, &plain, NULL);
	sigemptyset(&only);
	sigaddset(&only, SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &only, NULL);
	kill(0, SIGTSTP);
	sigaction(SIGTSTP, &ours, NULL);
}

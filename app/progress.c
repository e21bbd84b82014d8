/* SPDX-License-Identifier: Apache-2.0 */
#include "app/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/compiler.h"
#include "base/i18n.h"

static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
static volatile sig_atomic_t stop_asked;

static void
on_signal(int number)
{
	(void)number;
	stop_asked = 1;
}

/* The work's own messages come on a line of their own. */
static void
draw(struct progress_line *line, int percent)
{
	line->percent = percent;
	line->shown = true;
	fputs("\r\033[K", stderr);
	/* TRANSLATORS: what is being done, and how much of it in percent */
	fprintf(stderr, _("%s: %d %%"), line->title, percent);
	fflush(stderr);
}

static void
take_signals(struct progress_line *line)
{
	struct sigaction action = { .sa_handler = on_signal };

	line->begun = true;
	stop_asked = 0;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		sigaction(numbers[i], &action, &line->before[i]);
}

static int
step(void *arg, uint64_t done, uint64_t total)
{
	struct progress_line *line = arg;

	if (!line->begun)
		take_signals(line);
	const int percent = total == 0 ? 0
	    : done >= total            ? 100
			    : (int)((double)done * 100 / (double)total);

	if (percent != line->percent && isatty(STDERR_FILENO))
		draw(line, percent);
	return stop_asked;
}

void
progress_line_prepare(struct progress_line *line, const char *title)
{
	*line = (struct progress_line){
		.progress = { step, line },
		.title = title,
		.percent = -1,
	};
}

void
progress_line_begin(struct progress_line *line, const char *title)
{
	progress_line_prepare(line, title);
	take_signals(line);
}

void
progress_line_end(struct progress_line *line)
{
	for (size_t i = 0; line->begun && i < ARRAY_LEN(numbers); i++)
		sigaction(numbers[i], &line->before[i], NULL);
	if (line->shown)
		fputs("\r\033[K", stderr);
	line->shown = line->begun = false;
}

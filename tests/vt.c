/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/vt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#include "base/buf.h"
#include "base/mem.h"

enum { LIMIT_MS = 8000, READ_BYTES = 4096 };

struct vt {
	pid_t leader, pid;
	int master, status_fd;
	VTerm *term;
	VTermScreen *screen;
	size_t matched;      /* bytes of the mark's start */
	unsigned long marks; /* that were seen; the first screen has one */
	unsigned long questions;
	struct buf text, raw; /* raw: all that was ever written */
	struct vt *other;     /* that runs beside this one */
};

static const char mark_start[] = "\033]7777;";
static const char question[] = "\033[7777~";

static void wait_for_mark(struct vt *vt, unsigned long number);

/* ---- the leader, a shell in small ---- */

static void
set_environment(const struct vt_options *options)
{
	const char *term = options->term ? options->term : "xterm-256color";

	unsetenv("NO_COLOR");
	unsetenv("ESCDELAY");
	setenv("RONDE_TEST_SYNC", "1", 1);
	/* Neither the buses nor the disks of who runs the tests. */
	setenv("RONDE_TEST_HOST", "/nonexistent", 1);
	setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent", 1);
	if (*term)
		setenv("TERM", term, 1);
	else
		unsetenv("TERM");
	for (const char *const *one = options->environment; one && *one;
	     one++) {
		char *name = xstrdup(*one), *value = strchr(name, '=');

		if (value) {
			*value = '\0';
			setenv(name, value + 1, 1);
		} else {
			unsetenv(name);
		}
		free(name);
	}
}

static void
run_program(const struct vt_options *options)
{
	setpgid(0, 0);
	tcsetpgrp(STDIN_FILENO, getpid());
	signal(SIGTTOU, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	execv(options->argv[0], (char *const *)(uintptr_t)options->argv);
	_exit(127);
}

/* Says the program's number, then 's' each time it is stopped; ends as it
 * does. */
static void
lead(const struct vt_options *options, int status_fd)
{
	int status = 0;
	pid_t pid;

	signal(SIGTTOU, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	set_environment(options);
	pid = fork();
	if (pid == 0)
		run_program(options);
	setpgid(pid, pid);
	(void)!write(status_fd, &pid, sizeof(pid));
	while (waitpid(pid, &status, WUNTRACED) == pid) {
		if (WIFSTOPPED(status)) {
			(void)!write(status_fd, "s", 1);
			continue;
		}
		_exit(WIFEXITED(status) ? WEXITSTATUS(status)
					: 128 + WTERMSIG(status));
	}
	_exit(126);
}

/* The programs of a test that failed would keep the vault from the next. */
static struct vt *left_over; /* the newest */

/* A terminal that somebody else has open does not hang up. */
static void
close_others(void)
{
	for (const struct vt *vt = left_over; vt; vt = vt->other)
		close(vt->master);
}

struct vt *
vt_start(const struct vt_options *options)
{
	struct vt *vt;
	const int rows = options->rows ? options->rows : 24;
	const int cols = options->cols ? options->cols : 80;
	const struct winsize size = { .ws_row = (unsigned short)rows,
		.ws_col = (unsigned short)cols };
	int pipe_fds[2];

	while (left_over && !options->beside)
		vt_free(left_over);
	vt = xcalloc(1, sizeof(*vt));
	assert_int_equal(pipe2(pipe_fds, O_CLOEXEC), 0);
	vt->leader = forkpty(&vt->master, NULL, NULL, &size);
	assert_true(vt->leader >= 0);
	if (vt->leader == 0) {
		close_others();
		lead(options, pipe_fds[1]);
	}
	close(pipe_fds[1]);
	vt->status_fd = pipe_fds[0];
	assert_int_equal(
	    read(vt->status_fd, &vt->pid, sizeof(vt->pid)), sizeof(vt->pid));
	vt->term = vterm_new(rows, cols);
	vterm_set_utf8(vt->term, 1);
	vt->screen = vterm_obtain_screen(vt->term);
	vterm_screen_enable_altscreen(vt->screen, 1);
	vterm_screen_reset(vt->screen, 1);
	buf_init(&vt->text, BUF_MAX_BYTES);
	buf_init(&vt->raw, BUF_MAX_BYTES);
	vt->other = left_over;
	left_over = vt;
	if (!options->no_mark)
		wait_for_mark(vt, 1);
	return vt;
}

static void
forget(const struct vt *vt)
{
	struct vt **link = &left_over;

	while (*link && *link != vt)
		link = &(*link)->other;
	if (*link)
		*link = vt->other;
}

void
vt_free(struct vt *vt)
{
	if (vt->leader > 0) {
		kill(vt->pid, SIGKILL);
		kill(vt->leader, SIGKILL);
		waitpid(vt->leader, NULL, 0);
	}
	if (vt->master >= 0)
		close(vt->master);
	close(vt->status_fd);
	vterm_free(vt->term);
	buf_release(&vt->text);
	buf_release(&vt->raw);
	forget(vt);
	free(vt);
}

/* ---- reading ---- */

static void
look_for_mark(struct vt *vt, char c)
{
	if (c == mark_start[vt->matched])
		vt->matched++;
	else
		vt->matched = c == mark_start[0] ? 1 : 0;
	if (vt->matched == sizeof(mark_start) - 1) {
		vt->marks++;
		vt->matched = 0;
	}
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads what there is; false at the end. */
static bool
read_some(struct vt *vt)
{
	char bytes[READ_BYTES];
	struct pollfd fd = { .fd = vt->master, .events = POLLIN };
	ssize_t len;

	if (poll(&fd, 1, LIMIT_MS) <= 0)
		fail_msg(
		    "the program has not drawn in time\n%s", vt_screen(vt));
	len = read(vt->master, bytes, sizeof(bytes));
	if (len <= 0)
		return false;
	vterm_input_write(vt->term, bytes, (size_t)len);
	buf_add(&vt->raw, bytes, (size_t)len);
	for (ssize_t i = 0; i < len; i++)
		look_for_mark(vt, bytes[i]);
	return true;
}

static void
wait_for_mark(struct vt *vt, unsigned long number)
{
	const int64_t limit = now_ms() + LIMIT_MS;

	while (vt->marks < number) {
		if (!read_some(vt))
			fail_msg("the program has ended\n%s", vt_screen(vt));
		if (now_ms() > limit)
			fail_msg(
			    "the program draws without end\n%s", vt_screen(vt));
	}
}

/*
 * The question goes the way of the keys and the mark the way of the screen:
 * when it is there, all that was typed before was done and drawn.
 */
void
vt_wait(struct vt *vt)
{
	vt_send_only(vt, question);
	vt->questions++;
	wait_for_mark(vt, vt->questions + 1);
}

/* ---- writing ---- */

void
vt_send_only(struct vt *vt, const char *bytes)
{
	const size_t len = strlen(bytes);

	assert_int_equal(write(vt->master, bytes, len), len);
}

void
vt_send(struct vt *vt, const char *bytes)
{
	vt_send_only(vt, bytes);
	vt_wait(vt);
}

void
vt_enter(struct vt *vt, const char *text)
{
	if (*text)
		vt_send(vt, text);
	vt_send(vt, "\r");
}

void
vt_resize(struct vt *vt, int rows, int cols)
{
	const struct winsize size = { .ws_row = (unsigned short)rows,
		.ws_col = (unsigned short)cols };

	vterm_set_size(vt->term, rows, cols);
	assert_int_equal(ioctl(vt->master, TIOCSWINSZ, &size), 0);
}

/* ---- looking ---- */

static void
add_cell(struct buf *out, const VTermScreenCell *cell)
{
	char text[8];

	if (cell->chars[0] == 0) {
		buf_add_char(out, ' ');
		return;
	}
	for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++) {
		const uint32_t c = cell->chars[i];

		if (c == (uint32_t)-1)
			continue;
		if (c < 0x80)
			snprintf(text, sizeof(text), "%c", (char)c);
		else if (c < 0x800)
			snprintf(text, sizeof(text), "%c%c",
			    (char)(0xc0 | c >> 6), (char)(0x80 | (c & 0x3f)));
		else
			snprintf(text, sizeof(text), "%c%c%c",
			    (char)(0xe0 | c >> 12),
			    (char)(0x80 | (c >> 6 & 0x3f)),
			    (char)(0x80 | (c & 0x3f)));
		buf_add_text(out, text);
	}
}

static bool
cell_at(struct vt *vt, int row, int col, VTermScreenCell *cell)
{
	return vterm_screen_get_cell(
	    vt->screen, (VTermPos){ .row = row, .col = col }, cell);
}

const char *
vt_screen(struct vt *vt)
{
	int rows, cols;
	VTermScreenCell cell;

	vterm_get_size(vt->term, &rows, &cols);
	buf_clear(&vt->text);
	for (int row = 0; row < rows; row++) {
		for (int col = 0;
		     col<cols; col += cell.width> 1 ? cell.width : 1) {
			if (!cell_at(vt, row, col, &cell))
				break;
			add_cell(&vt->text, &cell);
		}
		while (
		    vt->text.len > 0 && vt->text.data[vt->text.len - 1] == ' ')
			buf_cut(&vt->text, vt->text.len - 1);
		buf_add_char(&vt->text, '\n');
	}
	return vt->text.data;
}

bool
vt_has(struct vt *vt, const char *text)
{
	return strstr(vt_screen(vt), text) != NULL;
}

void
vt_cursor(struct vt *vt, int *row, int *col)
{
	VTermPos pos;

	vterm_state_get_cursorpos(vterm_obtain_state(vt->term), &pos);
	*row = pos.row;
	*col = pos.col;
}

bool
vt_wrote(struct vt *vt, const char *bytes)
{
	return memmem(vt->raw.data, vt->raw.len, bytes, strlen(bytes)) != NULL;
}

bool
vt_is_sane(struct vt *vt)
{
	struct termios settings;

	assert_int_equal(tcgetattr(vt->master, &settings), 0);
	return (settings.c_lflag & ECHO) && (settings.c_lflag & ICANON) &&
	    (settings.c_lflag & ISIG);
}

bool
vt_is_reverse(struct vt *vt, const char *text)
{
	const char *found = strstr(vt_screen(vt), text);
	VTermScreenCell cell;
	int row = 0;

	if (!found)
		return false;
	for (const char *c = vt->text.data; c < found; c++)
		row += *c == '\n';
	return cell_at(vt, row, 2, &cell) && cell.attrs.reverse;
}

bool
vt_has_color(struct vt *vt)
{
	int rows, cols;
	VTermScreenCell cell;

	vterm_get_size(vt->term, &rows, &cols);
	for (int row = 0; row < rows; row++)
		for (int col = 0; col < cols; col++)
			if (cell_at(vt, row, col, &cell) &&
			    (!VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) ||
				!VTERM_COLOR_IS_DEFAULT_BG(&cell.bg)))
				return true;
	return false;
}

/* ---- its life ---- */

pid_t
vt_pid(const struct vt *vt)
{
	return vt->pid;
}

void
vt_wait_stopped(struct vt *vt)
{
	struct pollfd fds[2] = {
		{ .fd = vt->status_fd, .events = POLLIN },
		{ .fd = vt->master, .events = POLLIN },
	};
	char c;

	for (;;) {
		assert_true(poll(fds, 2, LIMIT_MS) > 0);
		if (fds[0].revents)
			break;
		assert_true(read_some(vt));
	}
	assert_int_equal(read(vt->status_fd, &c, 1), 1);
	assert_int_equal(c, 's');
}

void
vt_continue(struct vt *vt)
{
	kill(-vt->pid, SIGCONT);
}

void
vt_hang_up(struct vt *vt)
{
	close(vt->master);
	vt->master = -1;
}

/* The leader's end closes the status pipe: that is what is waited for. */
int
vt_wait_end(struct vt *vt)
{
	struct pollfd fds[2] = {
		{ .fd = vt->status_fd, .events = POLLIN },
		{ .fd = vt->master, .events = POLLIN },
	};
	int status = 0;
	char c;

	for (;;) {
		if (poll(fds, vt->master >= 0 ? 2 : 1, LIMIT_MS) <= 0)
			fail_msg("the program has not ended in time");
		if (fds[0].revents && read(vt->status_fd, &c, 1) <= 0)
			break;
		if (vt->master >= 0 && fds[1].revents && !read_some(vt))
			fds[1].fd = -1;
	}
	assert_int_equal(waitpid(vt->leader, &status, 0), vt->leader);
	vt->leader = 0;
	while (vt->master >= 0 && read_some(vt))
		; /* its last words */
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_VT_H
#define TESTS_VT_H

#include <stdbool.h>
#include <sys/types.h>

#include "tests/support.h"

/*
 * The real program on a pseudo-terminal that libvterm reads.  After what is
 * typed the harness sends a question of its own, and the program answers it
 * with a mark after the screen (RONDE_TEST_SYNC).  The question goes the way
 * of the keys and the mark the way of the screen: when it is there, all that
 * was typed is done and drawn, and what is not on the screen is not there.
 * There are no sleeps; the time limit only ends a test that has failed.
 *
 * A leader of the session stands between the test and the program, as a
 * shell does, so that the program can be stopped and continued.
 */
struct vt;

struct vt_options {
	const char *const *argv;        /* NULL at the end */
	const char *const *environment; /* "NAME=value"; "NAME" takes away */
	const char *term;               /* NULL: xterm-256color; "": unset */
	int rows, cols;                 /* 0: 24 and 80 */
	bool no_mark;                   /* does not wait for a first screen */
	bool beside; /* others go on; else what a failed test left is ended */
};

struct vt *vt_start(const struct vt_options *options);
void vt_free(struct vt *vt); /* ends the program if it still runs */

/* Sends the bytes and waits for the screen that follows. */
void vt_send(struct vt *vt, const char *bytes);
/* The same for "text", then Enter. */
void vt_enter(struct vt *vt, const char *text);
/* Waits for the next screen. */
void vt_wait(struct vt *vt);

/* The screen's text, rows ended by newlines; borrowed until the next call. */
const char *vt_screen(struct vt *vt);
bool vt_has(struct vt *vt, const char *text);
void vt_cursor(struct vt *vt, int *row, int *col);
/* True when a cell with this text at its start is drawn in reverse. */
bool vt_is_reverse(struct vt *vt, const char *text);
/* True when the program has ever written these bytes. */
bool vt_wrote(struct vt *vt, const char *bytes);
/* True when the terminal's line is as a shell wants it: edited and shown. */
bool vt_is_sane(struct vt *vt);
/* True when any cell has a colour of its own. */
bool vt_has_color(struct vt *vt);

#define assert_shown(vt, text)                                        \
	do {                                                          \
		if (!vt_has((vt), (text)))                            \
			fail_msg("not on the screen: %s\n%s", (text), \
			    vt_screen(vt));                           \
	} while (0)
#define assert_not_shown(vt, text)                                           \
	do {                                                                 \
		if (vt_has((vt), (text)))                                    \
			fail_msg(                                            \
			    "on the screen: %s\n%s", (text), vt_screen(vt)); \
	} while (0)

/* Without waiting for a screen. */
void vt_send_only(struct vt *vt, const char *bytes);
void vt_resize(struct vt *vt, int rows, int cols);
pid_t vt_pid(const struct vt *vt);

/* Waits until the program was stopped (SIGTSTP). */
void vt_wait_stopped(struct vt *vt);
/* As a shell's `fg`: the program goes on. */
void vt_continue(struct vt *vt);

/* Closes the terminal under the program. */
void vt_hang_up(struct vt *vt);
/* Waits for the end: the exit status, or 128 and the signal. */
int vt_wait_end(struct vt *vt);

#endif

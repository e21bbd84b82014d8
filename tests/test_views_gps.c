/* SPDX-License-Identifier: Apache-2.0 */
/* Positions from the real gpsd, which gpsfake feeds; or without any. */
#include "tests/views_support.h"

#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/gps.h"
#include "base/mem.h"
#include "tests/tui_support.h"
#include "tui/keys.h"
#include "tui/ui.h"

enum { LOOKS = 600, LOOK_MS = 50 };

static pid_t daemon_pid = -1;

/* A port that nobody listens on, told to the program. */
static char *
free_port(void)
{
	struct sockaddr_in here = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(here);
	const int fd = socket(AF_INET, SOCK_STREAM, 0);
	char *port;

	assert_int_equal(bind(fd, (struct sockaddr *)&here, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&here, &len), 0);
	close(fd);
	port = xasprintf("%u", ntohs(here.sin_port));
	setenv("RONDE_GPSD_PORT", port, 1);
	return port;
}

static void
start(const char *const *argv)
{
	daemon_pid = fork();
	assert_true(daemon_pid >= 0);
	if (daemon_pid == 0) {
		char *const *own = (char *const *)(uintptr_t)argv;

		setpgid(0, 0);
		if (freopen("/dev/null", "w", stdout) &&
		    freopen("/dev/null", "w", stderr))
			execvp(own[0], own);
		_exit(127);
	}
	setpgid(daemon_pid, daemon_pid);
}

static int
stop(void **state)
{
	(void)state;
	if (daemon_pid > 0) {
		kill(-daemon_pid, SIGKILL); /* gpsfake and its gpsd */
		waitpid(daemon_pid, NULL, 0);
	}
	daemon_pid = -1;
	return 0;
}

static bool
has_program(const char *path)
{
	if (access(path, X_OK) == 0)
		return true;
	print_message("skipped: needs %s\n", path);
	return false;
}

/* The screen that asks, opened as soon as the daemon answers. */
static void
open_gps(struct person *person)
{
	for (int i = 0; i < LOOKS; i++) {
		ui_key(&person->ui, K_CTRL('g'), "");
		if (!is_shown(person, "no gpsd answers"))
			return;
		ui_key(&person->ui, K_ESC, "");
		poll(NULL, 0, LOOK_MS);
	}
	fail_msg("the daemon never came");
}

/* Both at once: what gpsd says gets more from line to line. */
static void
wait_for(struct person *person, const char *text, const char *other)
{
	for (int i = 0; i < LOOKS; i++) {
		ui_idle(&person->ui);
		if (is_shown(person, text) && is_shown(person, other))
			return;
		poll(NULL, 0, LOOK_MS);
	}
	fail_msg("never shown: %s", text);
}

static void
go_to_position(struct person *person, char id[ID_MAX])
{
	surveyor_new(person, id);
	open_fill(person, id);
	for (int i = 0; i < 3; i++)
		ui_key(&person->ui, K_PAGE_DOWN, "");
}

static void
a_position_is_taken_from_the_gps_by_one_key(void **state)
{
	const char *log = test_source("tests/fixtures/paris.nmea");
	char *port = free_port();
	const char *const argv[] = { "/usr/bin/gpsfake", "-q", "-c", "0.02",
		"-P", port, log, NULL };
	struct person person;
	char id[ID_MAX];

	(void)state;
	if (has_program(argv[0])) {
		go_to_position(&person, id);
		start(argv);
		open_gps(&person);
		wait_for(&person, "19.0 m", "35.2 m");
		assert_screens(&person.ui, "gps-fix");
		ui_key(&person.ui, K_ENTER, "");
		assert_true(is_shown(&person, "48.8566000 2.3522000"));
		ui_key(&person.ui, K_ENTER, "");
		assert_answer(
		    &person, id, "place", "48.8566000 2.3522000 35.2 19.0");
		person_free(&person);
	}
	free(port);
}

static void
a_gps_that_is_not_plugged_in_is_said(void **state)
{
	char *port = free_port();
	char *control = file_join(folder, "gpsd.sock");
	const char *const argv[] = { "/usr/sbin/gpsd", "-N", "-F", control,
		"-S", port, NULL };
	struct person person;
	char id[ID_MAX];

	(void)state;
	if (has_program(argv[0])) {
		go_to_position(&person, id);
		start(argv);
		open_gps(&person);
		wait_for(&person, "no GPS receiver is plugged in", "");
		assert_screens(&person.ui, "gps-none");
		ui_key(&person.ui, K_ENTER, ""); /* nothing to take */
		assert_true(is_shown(&person, "no GPS receiver"));
		ui_key(&person.ui, K_ENTER, "");
		(void)stop(NULL);
		wait_for(&person, "gpsd has ended", "");
		person_free(&person);
	}
	free(control);
	free(port);
}

static void
without_gpsd_a_position_is_typed(void **state)
{
	char *port = free_port();
	struct person person;
	char id[ID_MAX];

	(void)state;
	go_to_position(&person, id);
	ui_key(&person.ui, K_CTRL('g'), "");
	assert_true(is_shown(&person, "no gpsd answers"));
	ui_key(&person.ui, K_ESC, "");
	ui_type(&person.ui, "48.1 2.1\r");
	assert_answer(&person, id, "place", "48.1 2.1 0 0");
	person_free(&person);
	free(port);
}

static void
lines_that_are_not_of_gpsd_are_refused(void **state)
{
	static const struct {
		const char *line;
		int status;
		enum gps_state state;
	} cases[] = {
		{ "{\"class\":\"TPV\",\"mode\":3,\"lat\":1.5,\"lon\":2}", 0,
		    GPS_FIX_3D },
		{ "{\"class\":\"TPV\",\"mode\":3,\"lat\":91,\"lon\":2}", 0,
		    GPS_WAITING },
		{ "{\"class\":\"TPV\",\"mode\":1}", 0, GPS_WAITING },
		{ "{\"class\":\"SKY\"}", 0, GPS_FIX_2D },
		{ "{\"lat\":1}", -1, GPS_FIX_2D },
		{ "SSH-2.0-OpenSSH_9.2", -1, GPS_FIX_2D },
		{ "[]", -1, GPS_FIX_2D },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct gps_fix fix = { .state = GPS_FIX_2D };
		struct err err = { 0 };

		assert_int_equal(gps_take_line(cases[i].line,
				     strlen(cases[i].line), &fix, &err),
		    cases[i].status);
		assert_int_equal(fix.state, cases[i].state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_position_is_taken_from_the_gps_by_one_key, set_up_view,
		    stop),
		cmocka_unit_test_setup_teardown(
		    a_gps_that_is_not_plugged_in_is_said, set_up_view, stop),
		VIEW_TEST(without_gpsd_a_position_is_typed),
		VIEW_TEST(lines_that_are_not_of_gpsd_are_refused),
	};

	return RUN_VIEWS(tests);
}

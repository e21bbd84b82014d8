/* SPDX-License-Identifier: Apache-2.0 */
/* The machine goes to sleep: a bus of the test's own, with a logind on it. */
#include "config.h"

#include "tests/terminal_support.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

#define PHRASE "correct horse"

enum { LIMIT_MS = 8000 };

/* A program whose standard input and output the test has. */
struct child {
	pid_t pid;
	int to, from;
	char line[256];
};

static struct child bus, logind;
static char address[LINE_ROOM], variable[LINE_ROOM + 32];

static void
child_start(struct child *child, const char *const *argv)
{
	int in[2], out[2];

	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	child->pid = fork();
	assert_true(child->pid >= 0);
	if (child->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		setenv("DBUS_SYSTEM_BUS_ADDRESS", address, 1);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	child->to = in[1];
	child->from = out[0];
}

static void
child_end(struct child *child)
{
	if (!child->pid)
		return;
	kill(child->pid, SIGKILL);
	waitpid(child->pid, NULL, 0);
	close(child->to);
	close(child->from);
	*child = (struct child){ 0 };
}

/* Its next line; it lasts until the next. */
static const char *
child_line(struct child *child)
{
	size_t len = 0;
	struct pollfd fd = { .fd = child->from, .events = POLLIN };

	for (;;) {
		if (poll(&fd, 1, LIMIT_MS) <= 0)
			fail_msg("nothing was said in time");
		assert_int_equal(read(child->from, child->line + len, 1), 1);
		if (child->line[len] == '\n')
			break;
		len++;
		assert_true(len < sizeof(child->line));
	}
	child->line[len] = '\0';
	return child->line;
}

/* Anybody may own and say anything: it is the test's own. */
static const char config[] =
    "<!DOCTYPE busconfig PUBLIC"
    " \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\""
    " \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
    "<busconfig><type>session</type><listen>unix:path=%s/bus</listen>\n"
    "<policy context='default'><allow send_destination='*'/>"
    "<allow receive_sender='*'/><allow own='*'/><allow user='*'/></policy>\n"
    "</busconfig>\n";

static void
start_bus(void)
{
	char *path = file_join(home_folder, "bus.conf");
	char *text = xasprintf(config, home_folder), *option;
	const char *argv[] = { "dbus-daemon", NULL, "--nofork",
		"--print-address=1", NULL };
	struct err err = { 0 };

	file_write(path, text, strlen(text), 0600, &err);
	assert_no_err(&err);
	option = xasprintf("--config-file=%s", path);
	argv[1] = option;
	child_start(&bus, argv);
	assert_non_null(strstr(child_line(&bus), "unix:path="));
	free(option);
	free(text);
	free(path);
}

static void
start_logind(void)
{
	const char *const argv[] = { test_build("tests/fake_logind"), NULL };

	child_start(&logind, argv);
	assert_string_equal(child_line(&logind), "ready");
}

static struct vt *
start_on_bus(void)
{
	const char *const environment[] = { variable, NULL };

	return terminal_start(&(struct terminal){ .environment = environment });
}

static bool
is_locked_for_sleep(struct vt *vt)
{
	char path[64];
	struct buf out = BUF_INIT;
	struct err err = { 0 };
	bool found;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)vt_pid(vt));
	file_read(path, &out, &err);
	assert_no_err(&err);
	found = memmem(out.data, out.len, "sleep,en", 8) != NULL;
	buf_release(&out);
	return found;
}

/* ---- the tests ---- */

static void
the_vault_is_locked_before_the_machine_sleeps(void **state)
{
	struct vt *vt;

	(void)state;
	start_bus();
	start_logind();
	vt = start_on_bus();
	assert_string_equal(child_line(&logind), "inhibit sleep ronde delay");
	open_remarks(vt);
	vt_send(vt, "\x15half typed");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(write(logind.to, "s", 1), 1);
		assert_string_equal(child_line(&logind), "released");
		vt_wait(vt);
		assert_shown(vt, "Passphrase");
		assert_not_shown(vt, "half typed");
		assert_true(is_locked_for_sleep(vt));
		/* The next image is ready for the next time. */
		assert_string_equal(
		    child_line(&logind), "inhibit sleep ronde delay");
		assert_int_equal(write(logind.to, "w", 1), 1);
		vt_enter(vt, PHRASE);
		assert_shown(vt, "> half typed");
	}
	vt_free(vt);
	assert_string_equal(child_line(&logind), "released");
}

static void
what_may_not_be_locked_does_not_keep_it_awake(void **state)
{
	char *home = test_folder();
	char home_variable[LINE_ROOM];
	const char *const environment[] = { variable, home_variable,
		"RONDE_LANG=en", "LC_ALL=C.UTF-8", "XDG_DATA_HOME",
		"RONDE_VAULT", "RONDE_PASSPHRASE_FILE", NULL };
	const char *const argv[] = { test_build("ronde"), NULL };
	struct vt *vt;

	(void)state;
	start_bus();
	start_logind();
	snprintf(home_variable, sizeof(home_variable), "HOME=%s", home);
	vt = vt_start(
	    &(struct vt_options){ .argv = argv, .environment = environment });
	assert_string_equal(child_line(&logind), "inhibit sleep ronde delay");
	vt_enter(vt, "");
	vt_enter(vt, "Zoé");
	vt_enter(vt, "Eau");
	vt_enter(vt, "1");
	vt_enter(vt, "correct horse battery");
	vt_enter(vt, "correct horse battery");
	assert_shown(vt, "the recovery code");
	assert_int_equal(write(logind.to, "s", 1), 1);
	assert_string_equal(child_line(&logind), "released");
	vt_wait(vt);
	assert_shown(vt, "the recovery code");
	assert_shown(vt, "not locked: copy the recovery code first");
	/* Awake again, it asks again. */
	assert_int_equal(write(logind.to, "w", 1), 1);
	assert_string_equal(child_line(&logind), "inhibit sleep ronde delay");
	vt_free(vt);
	free(home);
}

/* Neither waits nor fails: without a bus, without logind, the bus lost. */
static void
nothing_depends_on_the_bus(void **state)
{
	struct vt *vt = start_on_bus();

	(void)state;
	assert_shown(vt, "Poste Nord");
	vt_free(vt);
	start_bus();
	vt = start_on_bus();
	assert_shown(vt, "Poste Nord");
	start_logind();
	child_end(&bus);
	vt_send(vt, "\r");
	assert_shown(vt, "Guards");
	vt_send(vt, "\x18");
	vt_enter(vt, PHRASE);
	assert_shown(vt, "Guards");
	vt_free(vt);
}

static int
tear_down(void **state)
{
	(void)state;
	child_end(&logind);
	child_end(&bus);
	return 0;
}

int
main(void)
{
#define ON_BUS(name) cmocka_unit_test_teardown(name, tear_down)
	const struct CMUnitTest tests[] = {
		ON_BUS(the_vault_is_locked_before_the_machine_sleeps),
		ON_BUS(what_may_not_be_locked_does_not_keep_it_awake),
		ON_BUS(nothing_depends_on_the_bus),
	};

#ifndef HAVE_SYSTEMD
	printf("skipped: built without libsystemd\n");
	return 77;
#endif
	if (!test_has_program("dbus-daemon"))
		return 77;
	terminal_set_up(PHRASE, "Poste Nord");
	snprintf(address, sizeof(address), "unix:path=%s/bus", home_folder);
	snprintf(
	    variable, sizeof(variable), "DBUS_SYSTEM_BUS_ADDRESS=%s", address);
	return RUN_TESTS(tests);
}

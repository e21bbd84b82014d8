/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What logind is to a program that wants to know of the sleep, for tests.
 * Says on standard output "ready", "inhibit WHAT WHO MODE", "released"; takes
 * from standard input s (it goes to sleep) and w (it is awake again).
 */
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#define PATH "/org/freedesktop/login1"
#define MANAGER "org.freedesktop.login1.Manager"

static int held = -1; /* our end of the lock's pipe */

static int
inhibit(sd_bus_message *call, void *arg, sd_bus_error *error)
{
	const char *what, *who, *why, *mode;
	int ends[2], status;

	(void)arg;
	(void)error;
	status = sd_bus_message_read(call, "ssss", &what, &who, &why, &mode);
	if (status < 0)
		return status;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	if (held >= 0)
		close(held);
	held = ends[0];
	printf("inhibit %s %s %s\n", what, who, mode);
	status = sd_bus_reply_method_return(call, "h", ends[1]);
	close(ends[1]);
	return status;
}

static const sd_bus_vtable methods[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD(
	    "Inhibit", "ssss", "h", inhibit, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_SIGNAL("PrepareForSleep", "b", 0),
	SD_BUS_VTABLE_END,
};

static void
need(int status)
{
	if (status >= 0)
		return;
	fprintf(stderr, "fake_logind: %d\n", status);
	exit(1);
}

/* False at the end of standard input. */
static bool
take_order(sd_bus *bus)
{
	char order;

	if (read(STDIN_FILENO, &order, 1) != 1)
		return false;
	need(sd_bus_emit_signal(
	    bus, PATH, MANAGER, "PrepareForSleep", "b", order == 's'));
	return true;
}

/* The lock's other end is closed when nobody has it any more. */
static void
notice_release(void)
{
	close(held);
	held = -1;
	puts("released");
}

int
main(void)
{
	sd_bus *bus = NULL;

	setvbuf(stdout, NULL, _IOLBF, 0);
	need(sd_bus_open_system(&bus));
	need(sd_bus_add_object_vtable(bus, NULL, PATH, MANAGER, methods, NULL));
	need(sd_bus_request_name(bus, "org.freedesktop.login1", 0));
	puts("ready");
	for (;;) {
		struct pollfd fds[3] = {
			{ .fd = STDIN_FILENO, .events = POLLIN },
			{ .fd = sd_bus_get_fd(bus), .events = POLLIN },
			{ .fd = held },
		};
		int more;

		while ((more = sd_bus_process(bus, NULL)) > 0)
			;
		need(more);
		need(sd_bus_flush(bus));
		fds[2].fd = held;
		if (poll(fds, 3, -1) < 0)
			continue;
		if (fds[2].revents)
			notice_release();
		if (fds[0].revents && !take_order(bus))
			return 0;
	}
}

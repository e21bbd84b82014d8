/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "tui/sleep.h"

#ifdef HAVE_SYSTEMD

#include <fcntl.h>
#include <stdint.h>
#include <systemd/sd-bus.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"

#define LOGIND "org.freedesktop.login1"
#define LOGIND_PATH "/org/freedesktop/login1"
#define LOGIND_MANAGER "org.freedesktop.login1.Manager"

enum { STEPS_MAX = 100 }; /* at one waking: others wait, too */

static sd_bus *bus;
static int delay_lock = -1;
static bool is_coming;

/* ---- the delay lock ---- */

static int
lock_came(sd_bus_message *reply, void *arg, sd_bus_error *error)
{
	int fd = -1;

	(void)arg;
	(void)error;
	if (sd_bus_message_is_method_error(reply, NULL) ||
	    sd_bus_message_read(reply, "h", &fd) < 0)
		return 0; /* one is locked all the same, perhaps late */
	sleep_let();
	delay_lock = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	return 0;
}

static void
ask_lock(void)
{
	(void)sd_bus_call_method_async(bus, NULL, LOGIND, LOGIND_PATH,
	    LOGIND_MANAGER, "Inhibit", lock_came, NULL, "ssss", "sleep",
	    "ronde", _("locks the vault"), "delay");
}

/* ---- the signal ---- */

static int
signal_came(sd_bus_message *message, void *arg, sd_bus_error *error)
{
	int begins = 0;

	(void)arg;
	(void)error;
	if (sd_bus_message_read(message, "b", &begins) < 0)
		return 0;
	if (begins)
		is_coming = true;
	else if (delay_lock < 0)
		ask_lock(); /* it is awake again */
	return 0;
}

/* ---- its life ---- */

void
sleep_open(void)
{
	if (bus || sd_bus_open_system(&bus) < 0) /* connects without waiting */
		return;
	if (sd_bus_match_signal_async(bus, NULL, LOGIND, LOGIND_PATH,
		LOGIND_MANAGER, "PrepareForSleep", signal_came, NULL,
		NULL) < 0) {
		sleep_close();
		return;
	}
	ask_lock();
}

void
sleep_close(void)
{
	sleep_let();
	if (bus)
		sd_bus_close(bus);
	bus = sd_bus_unref(bus);
}

int
sleep_fd(void)
{
	return bus ? sd_bus_get_fd(bus) : -1;
}

short
sleep_events(void)
{
	const int events = bus ? sd_bus_get_events(bus) : 0;

	return (short)(events < 0 ? 0 : events);
}

int
sleep_timeout(void)
{
	uint64_t until = 0;
	struct timespec now;
	int64_t left;

	if (!bus || sd_bus_get_timeout(bus, &until) < 0 || until == UINT64_MAX)
		return -1;
	clock_gettime(CLOCK_MONOTONIC, &now);
	left = (int64_t)(until / 1000) -
	    ((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
	if (left < 0)
		return 0;
	return left < 60 * 1000 ? (int)left + 1 : 60 * 1000;
}

bool
sleep_comes(void)
{
	bool comes;

	for (int i = 0; bus && i < STEPS_MAX; i++) {
		const int more = sd_bus_process(bus, NULL);

		if (more < 0)
			sleep_close(); /* the bus is gone */
		if (more <= 0)
			break;
	}
	comes = is_coming;
	is_coming = false;
	return comes;
}

void
sleep_let(void)
{
	if (delay_lock >= 0)
		close(delay_lock);
	delay_lock = -1;
}

#else

void
sleep_open(void)
{
}

void
sleep_close(void)
{
}

int
sleep_fd(void)
{
	return -1;
}

short
sleep_events(void)
{
	return 0;
}

int
sleep_timeout(void)
{
	return -1;
}

bool
sleep_comes(void)
{
	return false;
}

void
sleep_let(void)
{
}

#endif

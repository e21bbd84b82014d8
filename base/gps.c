/* SPDX-License-Identifier: Apache-2.0 */
/* The connection, then what its lines say. */
#include "base/gps.h"

#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"

struct gps {
	int fd;
	size_t len;
	char line[GPS_LINE_MAX]; /* `len` bytes of those not yet ended */
	struct gps_fix fix;
};

/* ---- what a line says ---- */

/* A number of the object within the limit, written with `digits` behind the
 * point; "" where there is none. */
static bool
take_number(const json_t *object, const char *key, double limit, int digits,
    char out[GPS_NUMBER_MAX])
{
	const json_t *value = json_object_get(object, key);
	const double number = json_number_value(value);

	if (!json_is_number(value) || !isfinite(number) || fabs(number) > limit)
		return false;
	snprintf(out, GPS_NUMBER_MAX, "%.*f", digits, number);
	return true;
}

/* The error of both axes, where gpsd does not give that of the plane. */
static void
take_accuracy(const json_t *object, char out[GPS_NUMBER_MAX])
{
	const double x = json_number_value(json_object_get(object, "epx"));
	const double y = json_number_value(json_object_get(object, "epy"));
	const double wide = x > y ? x : y;

	if (take_number(object, "eph", 1e6, 1, out))
		return;
	out[0] = '\0';
	if (isfinite(wide) && wide > 0 && wide < 1e6)
		snprintf(out, GPS_NUMBER_MAX, "%.1f", wide);
}

static void
take_position(const json_t *object, struct gps_fix *fix)
{
	const int64_t mode = json_opt_int(object, "mode", 0);
	struct gps_fix next = { .state = GPS_WAITING };

	if (mode >= 2 && take_number(object, "lat", 90, 7, next.latitude) &&
	    take_number(object, "lon", 180, 7, next.longitude)) {
		next.state = mode == 2 ? GPS_FIX_2D : GPS_FIX_3D;
		take_accuracy(object, next.accuracy);
		if (mode > 2 &&
		    !take_number(object, "altMSL", 1e5, 1, next.altitude) &&
		    !take_number(object, "alt", 1e5, 1, next.altitude))
			next.altitude[0] = '\0';
	} else {
		next = (struct gps_fix){ .state = GPS_WAITING };
	}
	*fix = next;
}

int
gps_take_line(
    const char *line, size_t len, struct gps_fix *fix, struct err *err)
{
	json_t *object = json_parse(line, len, "gpsd", err);
	const char *class = object ? json_opt_text(object, "class") : NULL;
	const json_t *devices;

	if (!class) {
		json_decref(object);
		return err_set(err, ERR_FORMAT,
		    _("what answers on the port of gpsd is not gpsd"));
	}
	if (strcmp(class, "TPV") == 0) {
		take_position(object, fix);
	} else if (strcmp(class, "DEVICES") == 0) {
		devices = json_object_get(object, "devices");
		*fix = (struct gps_fix){ .state = json_array_size(devices) == 0
			    ? GPS_NO_DEVICE
			    : GPS_WAITING };
	}
	json_decref(object);
	return 0;
}

/* ---- the connection ---- */

static uint16_t
port(void)
{
	const char *text = getenv("RONDE_GPSD_PORT");
	char *end = NULL;
	const long number = text && *text ? strtol(text, &end, 10) : 0;

	return end && !*end && number > 0 && number < 65536 ? (uint16_t)number
							    : GPS_PORT;
}

static int
connect_here(void)
{
	const struct sockaddr_in here = { .sin_family = AF_INET,
		.sin_port = htons(port()),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	static const char watch[] = "?WATCH={\"enable\":true,\"json\":true};\n";
	const ssize_t len = (ssize_t)strlen(watch);
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)&here, sizeof(here)) == 0 &&
	    send(fd, watch, (size_t)len, MSG_NOSIGNAL) == len)
		return fd;
	close(fd);
	return -1;
}

struct gps *
gps_open(struct err *err)
{
	struct gps *gps;
	const int fd = connect_here();

	if (fd < 0) {
		err_set(err, ERR_NOT_FOUND,
		    _("no gpsd answers on this computer (port %u of "
		      "localhost); install and start gpsd, or type the "
		      "position"),
		    port());
		return NULL;
	}
	gps = xcalloc(1, sizeof(*gps));
	gps->fd = fd;
	return gps;
}

void
gps_close(struct gps *gps)
{
	if (!gps)
		return;
	close(gps->fd);
	free(gps);
}

static int
take_lines(struct gps *gps, struct err *err)
{
	char *end, *line = gps->line;

	while (
	    (end = memchr(line, '\n', gps->len - (size_t)(line - gps->line)))) {
		size_t len = (size_t)(end - line);

		if (len > 0 && line[len - 1] == '\r')
			len--;
		if (len > 0 && gps_take_line(line, len, &gps->fix, err) != 0)
			return -1;
		line = end + 1;
	}
	gps->len -= (size_t)(line - gps->line);
	memmove(gps->line, line, gps->len);
	if (gps->len == sizeof(gps->line))
		return err_set(err, ERR_FORMAT,
		    _("what answers on the port of gpsd is not gpsd"));
	return 0;
}

int
gps_read(struct gps *gps, struct gps_fix *fix, struct err *err)
{
	for (;;) {
		const ssize_t got = recv(gps->fd, gps->line + gps->len,
		    sizeof(gps->line) - gps->len, MSG_DONTWAIT);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			break;
		if (got <= 0)
			return err_set(err, ERR_IO,
			    _("gpsd has ended; start it again, or type the "
			      "position"));
		gps->len += (size_t)got;
		if (take_lines(gps, err) != 0)
			return -1;
	}
	*fix = gps->fix;
	return 0;
}

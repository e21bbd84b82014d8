/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_GPS_H
#define BASE_GPS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Where we are, as gpsd of this computer says it: its JSON on TCP port 2947
 * of 127.0.0.1, never of another host.  RONDE_GPSD_PORT names another port.
 *
 * Nothing here waits, but for the connection to this computer's own port.
 */
enum {
	GPS_PORT = 2947,
	GPS_LINE_MAX = 16384, /* bytes; the longest that gpsd writes is 10240 */
	GPS_NUMBER_MAX = 24
};

enum gps_state {
	GPS_WAITING,   /* a receiver is there, or nothing was said yet */
	GPS_NO_DEVICE, /* gpsd has no receiver */
	GPS_FIX_2D,
	GPS_FIX_3D /* the height too */
};

/* What was said last; numbers as they are written, "" where not known. */
struct gps_fix {
	enum gps_state state;
	char latitude[GPS_NUMBER_MAX], longitude[GPS_NUMBER_MAX]; /* degrees */
	char altitude[GPS_NUMBER_MAX];                            /* metres */
	char accuracy[GPS_NUMBER_MAX]; /* metres, 95 % of the time */
};

struct gps;

/* NULL with ERR_NOT_FOUND where no gpsd answers; gps_close() ends it. */
struct gps *gps_open(struct err *err);
void gps_close(struct gps *gps); /* NULL is allowed */

/*
 * Takes what gpsd has said since.  0 with the latest in `*fix`; -1 with ERR_IO
 * when gpsd has ended, ERR_FORMAT when it says what gpsd does not.
 */
int gps_read(struct gps *gps, struct gps_fix *fix, struct err *err);

/*
 * One line of gpsd: changes `*fix` by what it says.  0, also for what says
 * nothing of a position; -1 with ERR_FORMAT, and `*fix` as it was.
 */
int gps_take_line(
    const char *line, size_t len, struct gps_fix *fix, struct err *err);

#endif

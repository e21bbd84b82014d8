/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of gpsd: what is taken for a position is one. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/gps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gps_fix fix = { 0 };
	struct err err = { 0 };
	const char *text = (const char *)data;

	while (size > 0) {
		const char *end = memchr(text, '\n', size);
		const size_t len = end ? (size_t)(end - text) : size;

		if (gps_take_line(text, len, &fix, &err) == 0 &&
		    fix.state >= GPS_FIX_2D &&
		    !(atof(fix.latitude) >= -90 && atof(fix.latitude) <= 90 &&
			atof(fix.longitude) >= -180 &&
			atof(fix.longitude) <= 180))
			abort();
		text += len + (end != NULL);
		size -= len + (end != NULL);
	}
	return 0;
}

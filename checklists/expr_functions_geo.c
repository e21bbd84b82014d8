/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

/*
 * Places on the earth, which is a sphere here, with JavaRosa's radius and
 * formulas (GeoUtils), so that the same walk has the same length everywhere.
 * A place is "latitude longitude altitude accuracy"; a line is places joined
 * by ";".
 */
static const double earth_radius = 6378100; /* metres */

struct places {
	double *at; /* latitude, longitude, in degrees; scratch */
	size_t count, room;
};

static int
add_place(
    struct eval *eval, struct places *places, double latitude, double longitude)
{
	if (places->count == places->room) {
		const size_t room = places->room ? places->room * 2 : 16;
		double *grown = (double *)(void *)eval_alloc(
		    eval, room * 2 * sizeof(*grown));

		if (!grown)
			return -1;
		if (places->count)
			memcpy(grown, places->at,
			    places->count * 2 * sizeof(*grown));
		places->at = grown;
		places->room = room;
	}
	places->at[2 * places->count] = latitude;
	places->at[2 * places->count + 1] = longitude;
	places->count++;
	return 0;
}

/* One place: at least two numbers, at most four. */
static bool
read_place(const char **text, double *latitude, double *longitude)
{
	double numbers[4];
	const char *at = *text;
	int count = 0;

	for (;;) {
		char *end;

		at += strspn(at, " \t\r\n");
		if (*at == '\0' || *at == ';')
			break;
		if (count == 4)
			return false;
		numbers[count] = strtod(at, &end);
		if (end == at || !isfinite(numbers[count]))
			return false;
		count++;
		at = end;
	}
	*text = at;
	if (count < 2 || fabs(numbers[0]) > 90 || fabs(numbers[1]) > 180)
		return false;
	*latitude = numbers[0];
	*longitude = numbers[1];
	return true;
}

static int
read_line(struct eval *eval, const char *text, struct places *places)
{
	while (*(text += strspn(text, " \t\r\n;"))) {
		double latitude, longitude;

		if (!read_place(&text, &latitude, &longitude))
			return 1;
		if (add_place(eval, places, latitude, longitude) != 0)
			return -1;
	}
	return 0;
}

/* All places of all arguments: 0, 1 where one is no place, -1 err. */
static int
read_places(struct eval *eval, const struct expr *node, struct places *places)
{
	struct call_values values = { 0 };
	struct value value = { 0 };
	int more;

	while ((more = call_next_value(eval, node, &values, &value)) > 0) {
		const char *text = value_text(eval, &value);
		int result;

		if (!text)
			return -1;
		result = read_line(eval, text, places);
		if (result != 0)
			return result;
	}
	return more;
}

static double
radians(double degrees)
{
	return degrees / 180 * M_PI;
}

/* The great circle between two places, by the law of cosines. */
static double
between(const double *one, const double *other)
{
	const double from = radians(one[0]), to = radians(other[0]);
	const double cosine = sin(from) * sin(to) +
	    cos(from) * cos(to) * cos(radians(one[1] - other[1]));

	return acos(fmin(fmax(cosine, -1), 1)) * earth_radius;
}

static int
call_distance(struct eval *eval, const struct expr *node, struct value *value)
{
	struct places places = { 0 };
	double sum = 0;
	const int result = read_places(eval, node, &places);

	if (result < 0)
		return -1;
	for (size_t i = 1; i < places.count; i++)
		sum += between(&places.at[2 * i - 2], &places.at[2 * i]);
	*value = value_of_number(result ? NAN : sum);
	return 0;
}

/* Flat, around the first place: metres to the east and to the north of it. */
static void
flatten(const struct places *places, size_t at, double flat[2])
{
	const double *first = places->at, *place = &places->at[2 * at];

	flat[0] = radians(place[1] - first[1]) * cos(radians(place[0])) *
	    earth_radius;
	flat[1] = radians(place[0] - first[0]) * earth_radius;
}

static int
call_area(struct eval *eval, const struct expr *node, struct value *value)
{
	struct places places = { 0 };
	double sum = 0, one[2], other[2];
	const int result = read_places(eval, node, &places);

	if (result < 0)
		return -1;
	for (size_t i = 2; i < places.count; i++) {
		flatten(&places, i - 1, one);
		flatten(&places, i, other);
		sum += (one[1] * other[0] - one[0] * other[1]) / 2;
	}
	*value = value_of_number(result ? NAN : fabs(sum));
	return 0;
}

/* Name, least and most arguments, flags, what it does; last a NULL row. */
const struct function functions_geo[] = {
	{ "distance", 1, ARGS_ANY, 0, call_distance, NULL },
	{ "area", 1, ARGS_ANY, 0, call_area, NULL },
	{ "enclosed-area", 1, ARGS_ANY, 0, call_area, NULL },
	{ .name = NULL },
};

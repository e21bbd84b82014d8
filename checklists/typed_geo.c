/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/state_internal.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

/*
 * Places on the earth.  In a form's writing one is "lat lon alt acc" (degrees,
 * then metres); a line or an area is several of them with "; " between, and an
 * area ends where it began.
 */

enum { PARTS_MAX = 4, NUMBER_BYTES_MAX = 24, PLACES_MAX = 2000 };

/* ---- the form's writing ---- */

static bool
is_number_up_to(const char *text, size_t len, double limit, double *number)
{
	char copy[NUMBER_BYTES_MAX + 1], *end;

	if (len == 0 || len > NUMBER_BYTES_MAX)
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (strspn(copy, "-0123456789.") != len)
		return false;
	*number = strtod(copy, &end);
	return *end == '\0' && fabs(*number) <= limit;
}

/* One place of `len` bytes. */
static bool
is_place(const char *text, size_t len)
{
	static const double limits[PARTS_MAX] = { 90, 180, 1e6, 1e9 };
	const char *end = text + len;
	int parts = 0;

	while (text < end) {
		const char *stop = memchr(text, ' ', (size_t)(end - text));
		double number;

		if (!stop)
			stop = end;
		if (parts == PARTS_MAX ||
		    !is_number_up_to(
			text, (size_t)(stop - text), limits[parts], &number))
			return false;
		parts++;
		text = stop + (stop < end);
	}
	return parts >= 2;
}

/* How many places: 0 where one of them is none. */
static int
count_places(const char *value)
{
	int count = 0;

	while (*value) {
		size_t len;

		value += strspn(value, " ");
		len = strcspn(value, ";");
		while (len && value[len - 1] == ' ' && value[len] == ';')
			len--;
		if (!is_place(value, len) || ++count > PLACES_MAX)
			return 0;
		value += strcspn(value, ";");
		if (*value == ';')
			value++;
	}
	return count;
}

/* The last place is the first again. */
static bool
is_closed(const char *value)
{
	const char *last = strrchr(value, ';');
	const size_t len = strcspn(value, ";");

	if (!last)
		return false;
	for (last++; *last == ' ';)
		last++;
	return strncmp(last, value, len) == 0 && last[len] == '\0';
}

bool
geo_is_value(enum item_type type, const char *value)
{
	const int count = count_places(value);

	switch (type) {
	case ITEM_GEOPOINT: return count == 1 && !strchr(value, ';');
	case ITEM_GEOTRACE: return count >= 2;
	default: return count >= 4 && is_closed(value);
	}
}

/* ---- what people type ---- */

/* One coordinate: degrees, minutes, seconds as far as they are given. */
struct reading {
	const char *at;
	bool comma_is_point; /* "48,8566 2,3522" */
};

/* Moves past one of these signs of UTF-8 text; false where there is none. */
static bool
skip_sign(struct reading *r, const char *const *signs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const size_t len = strlen(signs[i]);

		if (strncmp(r->at, signs[i], len) == 0) {
			r->at += len;
			return true;
		}
	}
	return false;
}

static bool
read_plain(struct reading *r, char out[NUMBER_BYTES_MAX + 1])
{
	size_t len = 0;

	for (; isdigit((unsigned char)*r->at) || *r->at == '.' ||
	     (*r->at == ',' && r->comma_is_point) ||
	     ((*r->at == '-' || *r->at == '+') && len == 0);
	     r->at++) {
		if (len == NUMBER_BYTES_MAX)
			return false;
		out[len++] = *r->at == ',' ? '.' : *r->at;
	}
	out[len] = '\0';
	return strpbrk(out, "0123456789") != NULL;
}

static void
skip_blanks(struct reading *r)
{
	while (isspace((unsigned char)*r->at))
		r->at++;
}

/* N, S, E, W and O (ouest): its sign, 0 for none; `*is_lon` which it is. */
static int
read_side(struct reading *r, bool *is_lon)
{
	const char c = (char)toupper((unsigned char)*r->at);
	const char *found = c ? strchr("NSEWO", c) : NULL;

	if (!found)
		return 0;
	r->at++;
	*is_lon = c != 'N' && c != 'S';
	return c == 'N' || c == 'E' ? 1 : -1;
}

/* "51'24\"": minutes and seconds after the sign of degrees. */
static bool
read_minutes(struct reading *r, double *degrees)
{
	static const char *const minutes[] = { "'", "\xe2\x80\xb2",
		"\xe2\x80\x99", "min", "m" };
	static const char *const seconds[] = { "\"", "\xe2\x80\xb3",
		"\xe2\x80\x9d", "''" };
	char text[NUMBER_BYTES_MAX + 1];
	double number;

	skip_blanks(r);
	if (!isdigit((unsigned char)*r->at))
		return true;
	if (!read_plain(r, text) || (number = strtod(text, NULL)) >= 60)
		return false;
	*degrees += number / 60;
	if (!skip_sign(r, minutes, ARRAY_LEN(minutes)))
		return true;
	skip_blanks(r);
	if (!isdigit((unsigned char)*r->at))
		return true;
	if (!read_plain(r, text) || (number = strtod(text, NULL)) >= 60)
		return false;
	*degrees += number / 3600;
	(void)skip_sign(r, seconds, ARRAY_LEN(seconds));
	return true;
}

/* Without zeros at the end that say nothing. */
static void
write_degrees(double degrees, char out[NUMBER_BYTES_MAX + 1])
{
	size_t len;

	snprintf(out, NUMBER_BYTES_MAX + 1, "%.7f", degrees);
	for (len = strlen(out); len && out[len - 1] == '0';)
		out[--len] = '\0';
	if (len && out[len - 1] == '.')
		out[len - 1] = '\0';
}

struct coordinate {
	char text[NUMBER_BYTES_MAX + 1];
	bool has_side, is_lon;
};

static bool
read_coordinate(struct reading *r, struct coordinate *c)
{
	static const char *const degree[] = { "\xc2\xb0", "\xc2\xba", "deg" };
	bool exact = true;
	double degrees;
	int side;

	skip_blanks(r);
	side = read_side(r, &c->is_lon);
	skip_blanks(r);
	if (!read_plain(r, c->text))
		return false;
	degrees = fabs(strtod(c->text, NULL));
	if (skip_sign(r, degree, ARRAY_LEN(degree))) {
		exact = false;
		if (!read_minutes(r, &degrees))
			return false;
	}
	skip_blanks(r);
	if (!side)
		side = read_side(r, &c->is_lon);
	c->has_side = side != 0;
	if (side && strpbrk(c->text, "-+"))
		return false; /* "-2 W" may mean either */
	if (exact && side >= 0) {
		if (c->text[0] == '+')
			memmove(c->text, c->text + 1, strlen(c->text));
		return true;
	}
	if (c->text[0] == '-' || side < 0)
		degrees = -degrees;
	write_degrees(degrees, c->text);
	return true;
}

static void
skip_separator(struct reading *r)
{
	while (isspace((unsigned char)*r->at) || *r->at == ',' ||
	    *r->at == '/' || *r->at == '|')
		r->at++;
}

/* "48,8566 2,3522" has decimal commas; "48.8566,2.3522" has not. */
static bool
has_decimal_commas(const char *text)
{
	const char *comma;

	if (strchr(text, '.'))
		return false;
	for (comma = strchr(text, ','); comma; comma = strchr(comma + 1, ','))
		if (comma == text || !isdigit((unsigned char)comma[-1]) ||
		    !isdigit((unsigned char)comma[1]))
			return false;
	comma = strchr(text, ',');
	/* "48,2" alone is two whole degrees. */
	return comma && strpbrk(text, " \t/|NSEWOnsewo\xc2") != NULL;
}

/* One place, of a text without ";" and line ends. */
static bool
read_place(const char *text, struct buf *out)
{
	struct reading r = { .at = text,
		.comma_is_point = has_decimal_commas(text) };
	struct coordinate first = { 0 }, second = { 0 };
	char rest[NUMBER_BYTES_MAX + 1];
	int more = 0;

	if (!read_coordinate(&r, &first))
		return false;
	skip_separator(&r);
	if (!read_coordinate(&r, &second) ||
	    first.has_side != second.has_side ||
	    (first.has_side && first.is_lon == second.is_lon))
		return false;
	buf_addf(out, "%s %s", first.is_lon ? second.text : first.text,
	    first.is_lon ? first.text : second.text);
	for (skip_separator(&r); *r.at && more < 2; skip_separator(&r)) {
		if (!read_plain(&r, rest))
			return false;
		(void)(*r.at == 'm' && r.at++);
		buf_addf(out, " %s", rest);
		more++;
	}
	for (; more < 2; more++)
		buf_add_text(out, " 0");
	return *r.at == '\0';
}

/* The next place of a text that may have several; its end. */
static const char *
end_of_place(enum item_type type, const char *text)
{
	return text +
	    (type == ITEM_GEOPOINT ? strlen(text) : strcspn(text, ";\n"));
}

/* An area ends where it began; people need not say so. */
static void
close_area(struct buf *out)
{
	char *first;

	if (is_closed(out->data))
		return;
	first = xstrndup(out->data, strcspn(out->data, ";"));
	buf_addf(out, "; %s", first);
	free(first);
}

static bool
read_places(enum item_type type, const char *text, struct buf *out)
{
	while (*text) {
		const char *end = end_of_place(type, text);
		char *one = xstrndup(text, (size_t)(end - text));
		const bool blank = one[strspn(one, " \t\r")] == '\0';
		bool good = true;

		if (!blank) {
			if (out->len)
				buf_add_text(out, "; ");
			/* "48,85; 2,35" has the sign for lists between. */
			for (char *c = one; type == ITEM_GEOPOINT && *c; c++)
				if (*c == ';')
					*c = '|';
			good = read_place(one, out);
		}
		free(one);
		if (!good)
			return false;
		text = end + (*end != '\0');
	}
	return out->len > 0;
}

bool
geo_read(enum item_type type, const char *text, struct buf *out)
{
	if (!read_places(type, text, out))
		return false;
	if (type == ITEM_GEOSHAPE)
		close_area(out);
	return geo_is_value(type, out->data);
}

/* ---- as people read it ---- */

static void
show_place(const char *text, size_t len, struct buf *out)
{
	char *one = xstrndup(text, len), *save = NULL;
	const char *parts[PARTS_MAX] = { "", "", "0", "0" };
	size_t count = 0;

	for (char *part = strtok_r(one, " ", &save); part && count < PARTS_MAX;
	     part = strtok_r(NULL, " ", &save))
		parts[count++] = part;
	buf_addf(out, "%s, %s", parts[0], parts[1]);
	if (strtod(parts[2], NULL) != 0)
		buf_addf(out, ", %s m", parts[2]);
	if (strtod(parts[3], NULL) != 0)
		buf_addf(out, " (± %s m)", parts[3]);
	free(one);
}

void
geo_show(const char *value, struct buf *out)
{
	bool first = true;

	while (*value) {
		const size_t len = strcspn(value, ";");

		if (!first)
			buf_add_text(out, "; ");
		show_place(value, len, out);
		first = false;
		value += len;
		value += strspn(value, "; ");
	}
}

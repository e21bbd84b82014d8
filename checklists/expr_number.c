/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Numbers as JavaRosa reads, writes and rounds them.  All of it works on the
 * shortest decimal digits that give the number back.
 */

enum { DIGITS_MAX = 17 };

/* 0.d1d2d3... times ten to the power `exponent`, and a sign. */
struct decimal {
	char digits[DIGITS_MAX + 1]; /* NUL-ended, no zeroes at its end */
	int count;
	int exponent;
	bool negative;
};

static const char *
skip_space(const char *text)
{
	while (*text == ' ' || (*text >= '\t' && *text <= '\r'))
		text++;
	return text;
}

double
number_read(const char *text)
{
	static const char signs[] = "-.,0123456789";
	char clean[64], *end;
	double number;
	size_t len;

	text = skip_space(text);
	len = strspn(text, signs);
	if (len == 0 || len >= sizeof(clean) || *skip_space(text + len))
		return NAN;
	for (size_t i = 0; i < len; i++)
		clean[i] = text[i] == ',' ? '.' : text[i];
	clean[len] = '\0';
	number = strtod(clean, &end);
	return *end ? NAN : number;
}

static void
shortest(double number, struct decimal *decimal)
{
	char text[NUMBER_TEXT_MAX];
	const char *from;
	int precision = 0;

	do
		snprintf(text, sizeof(text), "%.*e", precision, number);
	while (strtod(text, NULL) != number && ++precision < DIGITS_MAX);

	*decimal = (struct decimal){ .negative = signbit(number) };
	for (from = text; *from && *from != 'e'; from++)
		if (*from >= '0' && *from <= '9')
			decimal->digits[decimal->count++] = *from;
	while (decimal->count > 1 && decimal->digits[decimal->count - 1] == '0')
		decimal->count--;
	decimal->digits[decimal->count] = '\0';
	decimal->exponent = (*from ? atoi(from + 1) : 0) + 1;
}

/* As Java's Double.toString(): "0.1", "1.5E7", "5.0E9", "1.0E-7". */
static void
write_double(double number, char text[NUMBER_TEXT_MAX])
{
	struct decimal d;
	const char *sign;

	shortest(number, &d);
	sign = d.negative ? "-" : "";
	if (d.exponent > 7 || d.exponent < -2) {
		snprintf(text, NUMBER_TEXT_MAX, "%s%c.%sE%d", sign, d.digits[0],
		    d.count > 1 ? d.digits + 1 : "0", d.exponent - 1);
	} else if (d.exponent <= 0) {
		snprintf(text, NUMBER_TEXT_MAX, "%s0.%.*s%s", sign, -d.exponent,
		    "00", d.digits);
	} else if (d.count <= d.exponent) {
		snprintf(text, NUMBER_TEXT_MAX, "%s%s%.*s.0", sign, d.digits,
		    d.exponent - d.count, "0000000");
	} else {
		snprintf(text, NUMBER_TEXT_MAX, "%s%.*s.%s", sign, d.exponent,
		    d.digits, d.digits + d.exponent);
	}
}

static bool
write_special(double number, char text[NUMBER_TEXT_MAX])
{
	const char *word = NULL;

	if (isnan(number))
		word = "NaN";
	else if (isinf(number))
		word = number < 0 ? "-Infinity" : "Infinity";
	else if (fabs(number) < 1e-12)
		word = "0";
	if (word)
		snprintf(text, NUMBER_TEXT_MAX, "%s", word);
	return word != NULL;
}

void
number_write(double number, char text[NUMBER_TEXT_MAX])
{
	if (write_special(number, text))
		return;
	if (fabs(number) <= 2147483647.0 &&
	    fabs(number - (double)(int)number) < 1e-12)
		snprintf(text, NUMBER_TEXT_MAX, "%d", (int)number);
	else
		write_double(number, text);
}

void
number_write_stored(double number, char text[NUMBER_TEXT_MAX])
{
	if (isnan(number)) {
		text[0] = '\0';
		return;
	}
	if (write_special(number, text))
		return;
	if (fabs(number) < 9e18 &&
	    fabs(number - (double)(long long)number) < 1e-9)
		snprintf(text, NUMBER_TEXT_MAX, "%lld", (long long)number);
	else
		write_double(number, text);
}

/* Adds one to the last digit that is kept. */
static void
carry(struct decimal *d)
{
	int at = d->count - 1;

	while (at >= 0 && d->digits[at] == '9')
		d->digits[at--] = '0';
	if (at >= 0) {
		d->digits[at]++;
		return;
	}
	memmove(d->digits + 1, d->digits, (size_t)d->count);
	d->digits[0] = '1';
	d->exponent++;
}

double
number_round(double number, int places)
{
	char text[NUMBER_TEXT_MAX];
	struct decimal d;
	bool up;
	int keep;

	if (!isfinite(number) || number == 0)
		return number;
	if (places > 30 || places < -30)
		return NAN;
	shortest(number, &d);
	keep = d.exponent + places;
	if (keep >= d.count)
		return number;
	if (keep < 0)
		return d.negative ? -0.0 : 0.0;
	/* Halves go up: away from zero above it, towards it below. */
	up = d.digits[keep] > '5' ||
	    (d.digits[keep] == '5' && (!d.negative || d.count > keep + 1));
	d.count = keep;
	if (up && keep == 0) {
		d.digits[0] = '1';
		d.count = 1;
		d.exponent++;
	} else if (up) {
		carry(&d);
	} else if (keep == 0) {
		return d.negative ? -0.0 : 0.0;
	}
	d.digits[d.count] = '\0';
	snprintf(text, sizeof(text), "%s0.%se%d", d.negative ? "-" : "",
	    d.digits, d.exponent);
	return strtod(text, NULL);
}

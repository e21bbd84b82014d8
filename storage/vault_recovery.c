/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vault_slots.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "crypto/hash.h"

/*
 * The code is drawn at random, so it needs no costly stretching: 168 bits
 * cannot be guessed at any speed.  Its checksum tells a slip of the pen from
 * a code of another vault before any key is derived.
 */
enum {
	RANDOM_BYTES = 21,
	CHECK_BYTES = 4,
	CODE_BYTES = RANDOM_BYTES + CHECK_BYTES,
	CODE_CHARS = CODE_BYTES * 8 / 5,
	GROUP_CHARS = 5,
	TEXT_BYTES = CODE_CHARS + CODE_CHARS / GROUP_CHARS /* with the NUL */
};

_Static_assert(CODE_BYTES * 8 % 5 == 0, "the characters carry whole bytes");
_Static_assert((int)TEXT_BYTES <= (int)RECOVERY_CODE_MAX, "a code fits");

/* Crockford's base32: no I, L, O, U. */
static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void
check_of(const uint8_t *bytes, uint8_t check[CHECK_BYTES])
{
	static const char prefix[] = "ronde/recovery/1";
	struct hasher hasher;
	struct hash hash;

	hasher_begin(&hasher);
	hasher_add(&hasher, prefix, sizeof(prefix));
	hasher_add(&hasher, bytes, RANDOM_BYTES);
	hash = hasher_end_hash(&hasher);
	memcpy(check, hash.bytes, CHECK_BYTES);
	wipe(&hasher, sizeof(hasher));
	wipe(&hash, sizeof(hash));
}

struct secret *
recovery_code_new(void)
{
	struct secret *bytes = secret_new(CODE_BYTES);
	struct secret *text = secret_new(TEXT_BYTES);
	unsigned bits = 0, have = 0;
	size_t at = 0;

	random_bytes(bytes->data, RANDOM_BYTES);
	check_of(bytes->data, bytes->data + RANDOM_BYTES);
	for (size_t i = 0, chars = 0; i < CODE_BYTES; i++) {
		bits = bits << 8 | bytes->data[i];
		for (have += 8; have >= 5; chars++) {
			if (chars > 0 && chars % GROUP_CHARS == 0)
				text->data[at++] = '-';
			have -= 5;
			text->data[at++] =
			    (unsigned char)digits[bits >> have & 31];
		}
		bits &= (1U << have) - 1;
	}
	secret_free(bytes);
	return text;
}

/* The value of a typed character, -1 for none. */
static int
digit_of(char typed)
{
	const char *at;

	if (typed >= 'a' && typed <= 'z')
		typed = (char)(typed - 'a' + 'A');
	if (typed == 'O')
		typed = '0';
	if (typed == 'I' || typed == 'L')
		typed = '1';
	at = typed ? strchr(digits, typed) : NULL;
	return at ? (int)(at - digits) : -1;
}

static bool
is_filler(char typed)
{
	return typed == ' ' || typed == '-' || typed == '\t' || typed == '\n' ||
	    typed == '\r';
}

/* Fills `bytes` and gives the number of characters that stood for some. */
static int
read_chars(const char *typed, size_t len, struct secret *bytes, struct err *err)
{
	unsigned bits = 0, have = 0;
	size_t at = 0;
	int chars = 0;

	for (size_t i = 0; i < len && typed[i]; i++) {
		const int digit = digit_of(typed[i]);

		if (is_filler(typed[i]))
			continue;
		if (digit < 0)
			return err_set(err, ERR_AUTH,
			    _("character %zu of the recovery code is none "
			      "that a code has; compare it with the paper"),
			    i + 1);
		if (++chars > CODE_CHARS)
			break;
		bits = (bits << 5 | (unsigned)digit) & 0xfff;
		have += 5;
		if (have >= 8) {
			have -= 8;
			bytes->data[at++] = (uint8_t)(bits >> have);
		}
	}
	if (chars > CODE_CHARS)
		return err_set(err, ERR_AUTH,
		    _("the recovery code is too long: it has %d characters"),
		    (int)CODE_CHARS);
	if (chars < CODE_CHARS)
		return err_set(err, ERR_AUTH,
		    _("the recovery code is too short: %d of its %d "
		      "characters were typed"),
		    chars, (int)CODE_CHARS);
	return 0;
}

struct secret *
recovery_code_read(const char *typed, size_t len, struct err *err)
{
	struct secret *bytes = secret_new(CODE_BYTES), *code = NULL;
	uint8_t check[CHECK_BYTES];

	if (read_chars(typed, len, bytes, err) != 0)
		goto out;
	check_of(bytes->data, check);
	if (!bytes_equal(check, bytes->data + RANDOM_BYTES, CHECK_BYTES)) {
		err_set(err, ERR_AUTH,
		    _("the recovery code is mistyped: its check characters do "
		      "not fit; compare it with the paper"));
		goto out;
	}
	code = secret_take(bytes->data, RANDOM_BYTES, true);
out:
	secret_free(bytes);
	return code;
}

bool
vault_recovery_matches(const struct secret *recovery, const char *typed)
{
	struct err err = { 0 };
	struct secret *shown = NULL, *back = NULL;
	bool same;

	shown = recovery_code_read(
	    (const char *)recovery->data, recovery->len, &err);
	back = recovery_code_read(typed, strlen(typed), &err);
	same = shown && back && secret_equal(shown, back);
	secret_free(shown);
	secret_free(back);
	return same;
}

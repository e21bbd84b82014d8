/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/age.h"

#include <assert.h>
#include <string.h>

#include "base/i18n.h"
#include "crypto/bech32.h"
#include "crypto/primitive.h"

static const char recipient_prefix[] = "age";
static const char identity_prefix[] = "age-secret-key-";

struct secret *
age_new_identity(struct age_recipient *recipient)
{
	struct secret *identity = secret_random(AGE_KEY_BYTES);

	age_recipient_of(identity, recipient);
	return identity;
}

void
age_recipient_of(const struct secret *identity, struct age_recipient *recipient)
{
	assert(identity->len == AGE_KEY_BYTES);
	x25519_public(identity->data, recipient->key);
}

void
age_recipient_write(
    const struct age_recipient *recipient, char text[AGE_TEXT_MAX])
{
	bech32_write(recipient_prefix, false, recipient->key, text);
}

int
age_recipient_read(
    const char *text, struct age_recipient *recipient, struct err *err)
{
	struct age_recipient read;

	if (strncmp(text, "age1pq1", 7) == 0 ||
	    strncmp(text, "age1tag", 7) == 0)
		return err_set(err, ERR_UNSUPPORTED,
		    _("a recipient of a kind that this version cannot write "
		      "to: only those of age-keygen (X25519) are known"));
	if (!bech32_read(text, strnlen(text, AGE_TEXT_MAX), recipient_prefix,
		false, read.key))
		return err_set(err, ERR_FORMAT,
		    _("not a recipient of age, or mistyped: it is one line of "
		      "62 characters that starts with age1"));
	*recipient = read;
	return 0;
}

struct secret *
age_identity_write(const struct secret *identity)
{
	const size_t len =
	    sizeof(identity_prefix) + BECH32_DATA_CHARS + BECH32_SUM_CHARS;
	struct secret *text = secret_new(len + 1);

	assert(identity->len == AGE_KEY_BYTES);
	bech32_write(identity_prefix, true, identity->data, (char *)text->data);
	return text;
}

struct secret *
age_identity_read(const char *text, size_t len, struct err *err)
{
	static const char hybrid[] = "AGE-SECRET-KEY-PQ-1";
	struct secret *identity = secret_new(AGE_KEY_BYTES);

	if (bech32_read(text, len, identity_prefix, true, identity->data))
		return identity;
	secret_free(identity);
	if (len >= sizeof(hybrid) - 1 &&
	    memcmp(text, hybrid, sizeof(hybrid) - 1) == 0)
		err_set(err, ERR_UNSUPPORTED,
		    _("a post-quantum key of age, which this version cannot "
		      "use: only those of age-keygen (X25519) are known"));
	else
		err_set(err, ERR_FORMAT,
		    _("not a secret key of age, or mistyped: it is one line "
		      "of 74 characters that starts with AGE-SECRET-KEY-1"));
	return NULL;
}

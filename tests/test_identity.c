/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "crypto/sign.h"
#include "storage/db.h"
#include "storage/identity.h"
#include "storage/log_internal.h"
#include "storage/vault_internal.h"
#include "tests/storage_support.h"

static void
a_person_is_made_once_and_read_back(void **state)
{
	struct vault *vault = bare_vault_new(NULL);
	const struct identity *self;
	uint8_t signature[SIGN_BYTES], sign_public[32];
	char device[ID_MAX];
	struct err err = { 0 };

	(void)state;
	assert_null(identity_get(vault));
	identity_create(vault, "Awa 缅北禁地", "Ministère de l'Énergie",
	    ROLE_SUPERVISOR, "P-0000000000000001", &err);
	assert_no_err(&err);
	self = identity_get(vault);
	assert_non_null(self);
	memcpy(sign_public, self->sign_public, sizeof(sign_public));

	/* As a second run of the program reads it. */
	identity_free(vault->identity);
	vault->identity = NULL;
	self = identity_get(vault);
	assert_ptr_equal(self, identity_get(vault));
	assert_string_equal(self->person, "P-0000000000000001");
	assert_string_equal(self->name, "Awa 缅北禁地");
	assert_string_equal(self->organisation, "Ministère de l'Énergie");
	assert_int_equal(self->role, ROLE_SUPERVISOR);
	assert_memory_equal(self->sign_public, sign_public, 32);
	id_device(self->sign_public, self->minisign_public.key,
	    self->age_recipient.key, device);
	assert_string_equal(self->device, device);
	sign_message(self->sign_key, "type", "body", 4, signature);
	assert_true(
	    sign_check(self->sign_public, "type", "body", 4, signature));
	assert_int_equal(identity_create(vault, "Other", "Other",
			     ROLE_INSPECTOR, NULL, &err),
	    -1);
	assert_int_equal(err.code, ERR_EXISTS);
	bare_vault_free(vault);
}

static void
the_bundle_key_signs_for_its_public_half(void **state)
{
	struct vault *vault = bare_vault_with_person(NULL);
	const struct identity *self = identity_get(vault);
	uint8_t prehash[MINISIGN_PREHASH_BYTES] = { 1 };
	struct minisign_signature signature;
	struct buf text = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	minisign_sign(&self->minisign_key, prehash, "trusted", &text, &err);
	assert_no_err(&err);
	assert_int_equal(
	    minisign_read(text.data, text.len, &signature, &err), 0);
	assert_int_equal(
	    minisign_check(&self->minisign_public, prehash, &signature, &err),
	    0);
	buf_release(&text);
	bare_vault_free(vault);
}

static void
names_that_cannot_be_shown_are_refused(void **state)
{
	char *longest = xcalloc(1, 10001);
	const char *const names[] = { "", "  ", "a\nb", "a\x1b[31m", "\xff",
		"a\xe2\x80\xae", longest };

	(void)state;
	memset(longest, 'a', 10000);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct vault *vault = bare_vault_new(NULL);
		struct err err = { 0 };

		assert_int_equal(identity_create(vault, names[i], "Org",
				     ROLE_INSPECTOR, NULL, &err),
		    -1);
		assert_int_equal(identity_create(vault, "Name", names[i],
				     ROLE_INSPECTOR, NULL, &err),
		    -1);
		assert_int_equal(identity_create(vault, "Name", "Org",
				     ROLE_INSPECTOR, "P-1", &err),
		    -1);
		assert_null(identity_get(vault));
		bare_vault_free(vault);
	}
	free(longest);
}

static void
roles_have_codes(void **state)
{
	enum role role;

	(void)state;
	for (int i = 0; i < ROLE_COUNT; i++) {
		assert_true(role_find(role_code((enum role)i), &role));
		assert_int_equal(role, i);
		assert_true(strlen(role_title(role)) > 0);
	}
	assert_false(role_find("king", &role));
}

static void
put(struct vault *vault, const char *device, const char *person,
    enum trust trust, uint8_t key)
{
	char name[] = "Awa", organisation[] = "Org";
	struct roster_entry entry = { .name = name,
		.organisation = organisation,
		.role = ROLE_SUPERVISOR,
		.trust = trust,
		.sign_public = { key },
		.minisign_public = { .number = { key }, .key = { key, 1 } },
		.age_recipient = { .key = { key, 2 } },
		.cut = trust == TRUST_REVOKED ? 12 : -1 };
	struct err err = { 0 };

	snprintf(entry.device, sizeof(entry.device), "%s", device);
	snprintf(entry.person, sizeof(entry.person), "%s", person);
	assert_int_equal(roster_put(vault, &entry, &err), 0);
}

static int
add_device(void *arg, const struct roster_entry *entry, struct err *err)
{
	(void)err;
	buf_addf(arg, "%s %.3s %d\n", entry->person,
	    entry->device + strlen(entry->device) - 3, entry->trust);
	return 0;
}

static void
the_roster_finds_devices_by_name_and_person(void **state)
{
	struct vault *vault = bare_vault_new(NULL);
	struct roster_entry entry;
	struct buf list = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	put(vault, DEVICE_B, "P-0000000000000001", TRUST_REVOKED, 6);
	put(vault, DEVICE_A, "P-0000000000000002", TRUST_NONE, 5);
	assert_int_equal(roster_find(vault, DEVICE_B, &entry, &err), 1);
	assert_int_equal(entry.trust, TRUST_REVOKED);
	assert_int_equal(entry.role, ROLE_SUPERVISOR);
	assert_true(entry.cut == 12);
	assert_int_equal(entry.sign_public[0], 6);
	assert_int_equal(entry.minisign_public.key[1], 1);
	assert_int_equal(entry.minisign_public.number[0], 6);
	assert_int_equal(entry.age_recipient.key[1], 2);
	assert_string_equal(entry.name, "Awa");
	roster_entry_release(&entry);

	put(vault, DEVICE_B, "P-0000000000000001", TRUST_YES, 5);
	roster_each(vault, NULL, add_device, &list, &err);
	assert_string_equal(
	    list.data, "P-0000000000000001 0B0 1\nP-0000000000000002 0A0 0\n");
	buf_clear(&list);
	roster_each(vault, "P-0000000000000002", add_device, &list, &err);
	assert_string_equal(list.data, "P-0000000000000002 0A0 0\n");
	assert_int_equal(roster_clear(vault, &err), 0);
	assert_int_equal(roster_find(vault, DEVICE_A, &entry, &err), 0);
	assert_no_err(&err);
	buf_release(&list);
	bare_vault_free(vault);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_person_is_made_once_and_read_back),
		TEST(the_bundle_key_signs_for_its_public_half),
		TEST(names_that_cannot_be_shown_are_refused),
		TEST(roles_have_codes),
		TEST(the_roster_finds_devices_by_name_and_person),
	};

	return RUN_TESTS(tests);
}

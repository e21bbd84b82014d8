/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/keys_support.h"

#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "storage/db.h"
#include "storage/vault_keys.h"
#include "storage/vault_slots.h"
#include "storage/vfs.h"
#include "tests/diskvault.h"

/* Who opens a vault, and who no longer does. */

enum { SLOTS_AT = 128, SLOT_BYTES = 384, SEALED_AT = 16 };

struct place {
	char *folder, *path;
	struct secret *code;
};

static int
set_up(void **state)
{
	struct place *place = xcalloc(1, sizeof(*place));

	place->folder = test_folder();
	place->path = file_join(place->folder, "v.ronde");
	place->code = keys_make(place->path);
	*state = place;
	return 0;
}

static int
tear_down(void **state)
{
	struct place *place = *state;

	secret_free(place->code);
	free(place->path);
	free(place->folder);
	free(place);
	return 0;
}

static void
set_passphrase(const char *path, const char *old, const char *words)
{
	struct secret *secret = keys_secret(words);
	struct err err = { 0 };
	struct vault *vault = keys_open(path, old, &err);

	assert_no_err(&err);
	assert_int_equal(
	    vault_set_passphrase(vault, secret, &kdf_cost_least, &err), 0);
	assert_int_equal(keys_rows(vault), 3);
	vault_close(vault);
	secret_free(secret);
}

/* Salt, nonce, sealed key and tag of a slot: nothing of it may stay. */
static void
assert_slot_is_gone(const char *path, const uint8_t *slot)
{
	size_t len;
	uint8_t *bytes = keys_read(path, &len);

	for (size_t at = SEALED_AT; at < 104; at += 8)
		assert_null(memmem(bytes, len, slot + at, 8));
	free(bytes);
}

static void
the_old_passphrase_opens_nothing_any_more(void **state)
{
	struct place *place = *state;
	static const uint8_t garbage[VAULT_COPY_BYTES] = { 1 };
	size_t len;
	uint8_t *before = keys_read(place->path, &len), *after;

	set_passphrase(place->path, "old", "new");
	assert_slot_is_gone(place->path, before + SLOTS_AT);
	assert_false(keys_passphrase_opens(place->path, "old"));
	assert_true(keys_passphrase_opens(place->path, "new"));
	assert_true(keys_code_opens(place->path, place->code));
	after = keys_read(place->path, &len);
	assert_memory_equal(after, after + VAULT_COPY_BYTES, VAULT_COPY_BYTES);
	/* Nor does it when either copy is damaged. */
	for (size_t copy = 0; copy < 2; copy++) {
		keys_patch(place->path, copy * VAULT_COPY_BYTES, garbage,
		    sizeof(garbage));
		assert_false(keys_passphrase_opens(place->path, "old"));
		assert_true(keys_passphrase_opens(place->path, "new"));
		keys_write(place->path, after, len);
	}
	free(before);
	free(after);
}

static void
the_new_code_ends_the_old_one(void **state)
{
	struct place *place = *state;
	struct err err = { 0 };
	size_t len;
	uint8_t *before = keys_read(place->path, &len);
	struct vault *vault = keys_open(place->path, "old", &err);
	struct secret *code = vault_recovery_new();

	/* Until it is set the old one holds. */
	assert_int_equal(vault_set_recovery(vault, code, &err), 0);
	vault_close(vault);
	assert_slot_is_gone(place->path, before + SLOTS_AT + SLOT_BYTES);
	assert_false(keys_code_opens(place->path, place->code));
	assert_true(keys_code_opens(place->path, code));
	assert_true(keys_passphrase_opens(place->path, "old"));
	secret_free(code);
	free(before);
}

static void
the_code_sets_a_new_passphrase_when_it_is_forgotten(void **state)
{
	struct place *place = *state;
	struct secret *words = keys_secret("new");
	struct err err = { 0 };
	struct vault *vault =
	    vault_open_recovery(place->path, place->code, &keys_options, &err);

	assert_no_err(&err);
	assert_int_equal(
	    vault_set_passphrase(vault, words, &kdf_cost_least, &err), 0);
	vault_close(vault);
	assert_true(keys_passphrase_opens(place->path, "new"));
	assert_false(keys_passphrase_opens(place->path, "old"));
	secret_free(words);
}

static bool
programme_opens(
    const char *path, const struct secret *const *keys, size_t count)
{
	struct err err = { 0 };
	struct vault *vault =
	    vault_open_programme(path, keys, count, &keys_options, &err);

	if (!vault && err.code != ERR_AUTH)
		fail_msg("%s", err.msg);
	if (vault)
		assert_int_equal(keys_rows(vault), 3);
	vault_close(vault);
	return vault != NULL;
}

static void
a_programme_key_opens_until_it_is_removed(void **state)
{
	struct place *place = *state;
	struct age_recipient recipient, other;
	const struct secret *keys[] = { age_new_identity(&other),
		age_new_identity(&recipient) };
	struct vault_key list[VAULT_KEYS_MAX];
	struct err err = { 0 };
	struct vault *vault = keys_open(place->path, "old", &err);
	size_t len;
	uint8_t *bytes;

	assert_int_equal(vault_add_programme(vault, &recipient, &err), 0);
	assert_int_equal(vault_add_programme(vault, &recipient, &err), -1);
	assert_int_equal(err.code, ERR_EXISTS);
	assert_int_equal(vault_keys_list(vault, list), 3);
	assert_int_equal(list[2].kind, KEY_PROGRAMME);
	assert_int_equal(list[2].slot, 2);
	assert_memory_equal(list[2].recipient.key, recipient.key, 32);
	vault_close(vault);
	assert_true(programme_opens(place->path, keys, 2));
	assert_true(programme_opens(place->path, keys + 1, 1));
	assert_false(programme_opens(place->path, keys, 1));
	bytes = keys_read(place->path, &len);
	vault = keys_open(place->path, "old", &err);
	assert_int_equal(vault_remove_key(vault, 2, &err), 0);
	assert_int_equal(vault_remove_key(vault, 2, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	vault_close(vault);
	assert_false(programme_opens(place->path, keys, 2));
	for (size_t at = 104; at < 300; at += 16) {
		size_t now_len;
		uint8_t *now = keys_read(place->path, &now_len);

		assert_null(memmem(
		    now, now_len, bytes + SLOTS_AT + 2 * SLOT_BYTES + at, 16));
		free(now);
	}
	free(bytes);
	for (size_t i = 0; i < 2; i++)
		secret_free((struct secret *)(uintptr_t)keys[i]);
}

static void
the_last_passphrase_and_code_stay_and_full_is_said(void **state)
{
	struct place *place = *state;
	struct age_recipient recipient;
	struct err err = { 0 };
	struct vault *vault = keys_open(place->path, "old", &err);
	struct secret *empty = secret_new(0);

	assert_int_equal(vault_remove_key(vault, 0, &err), -1);
	assert_int_equal(err.code, ERR_DENIED);
	assert_int_equal(vault_remove_key(vault, 1, &err), -1);
	assert_int_equal(err.code, ERR_DENIED);
	assert_int_equal(vault_set_passphrase(vault, empty, NULL, &err), -1);
	assert_int_equal(err.code, ERR_USAGE);
	for (int i = 2; i < VAULT_KEYS_MAX; i++) {
		secret_free(age_new_identity(&recipient));
		assert_int_equal(
		    vault_add_programme(vault, &recipient, &err), 0);
	}
	secret_free(age_new_identity(&recipient));
	assert_int_equal(vault_add_programme(vault, &recipient, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_non_null(strstr(err.msg, "all 8 key slots are taken"));
	/* There is room for a change, which takes the place of what it ends. */
	vault_close(vault);
	set_passphrase(place->path, "old", "new");
	assert_true(keys_code_opens(place->path, place->code));
	secret_free(empty);
}

/* ---- slots alone ---- */

static void
any_byte_of_a_programme_slot_counts(void **state)
{
	struct vault_header header, altered;
	struct age_recipient recipient;
	struct secret *identity = age_new_identity(&recipient), *key, *got;
	const struct secret *const keys[] = { identity };
	const struct vault_way way = {
		.kind = SLOT_PROGRAMME, .identities = keys, .identity_count = 1
	};
	struct err err = { 0 };

	(void)state;
	vault_header_init(&header);
	key = secret_random(VAULT_KEY_BYTES);
	assert_int_equal(
	    vault_slot_seal_programme(&header, &recipient, key, &err), 0);
	got = vault_slot_open(&header, &way, &err);
	assert_non_null(got);
	assert_true(secret_equal(got, key));
	secret_free(got);
	for (size_t i = 0; i < sizeof(header.slots[0]); i++) {
		altered = header;
		((uint8_t *)&altered.slots[0])[i] ^= 0x10;
		if (memcmp(altered.slots[0].rest, header.slots[0].rest,
			VAULT_SLOT_REST_BYTES) == 0 &&
		    altered.slots[0].kind == header.slots[0].kind &&
		    altered.slots[0].cost.passes ==
			header.slots[0].cost.passes &&
		    altered.slots[0].cost.memory ==
			header.slots[0].cost.memory &&
		    memcmp(altered.slots[0].salt, header.slots[0].salt,
			KDF_SALT_BYTES + AEAD_NONCE_BYTES + VAULT_KEY_BYTES +
			    AEAD_TAG_BYTES) == 0)
			continue; /* padding */
		if (vault_slot_open(&altered, &way, &err))
			fail_msg("byte %zu does not count", i);
	}
	altered = header;
	altered.slots[3] = header.slots[0];
	vault_slot_clear(&altered, 0);
	assert_null(vault_slot_open(&altered, &way, &err));
	altered = header;
	altered.id[0] ^= 1;
	assert_null(vault_slot_open(&altered, &way, &err));
	assert_int_equal(err.code, ERR_AUTH);
	secret_free(key);
	secret_free(identity);
}

/* Each cost is allowed, all of them together are not. */
static void
many_costly_slots_are_refused_before_they_are_paid(void **state)
{
	const struct kdf_cost cost = { 3, (uint64_t)1 << 30 };
	struct secret *words = keys_secret("x");
	const struct vault_way way = { .kind = SLOT_PASSPHRASE,
		.words = words };
	struct vault_header header;
	struct err err = { 0 };
	const clock_t start = clock();

	(void)state;
	vault_header_init(&header);
	for (size_t i = 0; i < 3; i++)
		header.slots[i] = (struct vault_slot){ .kind = SLOT_PASSPHRASE,
			.cost = cost };
	assert_null(vault_slot_open(&header, &way, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_true(clock() - start < CLOCKS_PER_SEC / 4);
	secret_free(words);
}

/* age itself opens what is in the slot, with a key that age-keygen made. */
static void
stock_age_finds_the_key_of_a_programme_slot(void **state)
{
	struct place *place = *state;
	char *pub = file_join(place->folder, "pub"), *line;
	char *file = file_join(place->folder, "slot.age");
	char *clear = file_join(place->folder, "clear");
	char *id = file_join(place->folder, "id");
	char *command = xasprintf("age-keygen -o %s 2>/dev/null && "
				  "age-keygen -y %s | tr -d '\\n' >%s",
	    id, id, pub);
	struct age_recipient recipient;
	struct vault_header header;
	struct secret *key = secret_random(VAULT_KEY_BYTES), *got;
	struct err err = { 0 };
	size_t len;

	if (!test_has_program("age") || !test_has_program("age-keygen"))
		skip();
	assert_int_equal(system(command), 0);
	line = (char *)keys_read(pub, &len);
	assert_int_equal(age_recipient_read(line, &recipient, &err), 0);
	vault_header_init(&header);
	assert_int_equal(
	    vault_slot_seal_programme(&header, &recipient, key, &err), 0);
	assert_memory_equal(header.slots[0].rest, recipient.key, 32);
	keys_write(file, header.slots[0].rest + 36,
	    load_le32(header.slots[0].rest + 32));
	free(command);
	command = xasprintf("age -d -i %s -o %s %s", id, clear, file);
	assert_int_equal(system(command), 0);
	free(line);
	line = (char *)keys_read(clear, &len);
	assert_int_equal(len, AEAD_KEY_BYTES);
	/* With it, by the format's text alone, the data key. */
	got = secret_new(VAULT_KEY_BYTES);
	{
		uint8_t bound[16 + 20 + 16 + 280] = { 0 };

		memcpy(bound, header.id, 16);
		store_le32(bound + 20, 3);
		memcpy(bound + 52, header.slots[0].rest, 280);
		assert_int_equal(
		    aead_open((uint8_t *)line, header.slots[0].nonce, bound,
			sizeof(bound), header.slots[0].sealed, VAULT_KEY_BYTES,
			header.slots[0].tag, got->data),
		    0);
	}
	assert_true(secret_equal(got, key));
	secret_free(got);
	secret_free(key);
	free(line);
	free(command);
	free(id);
	free(clear);
	free(file);
	free(pub);
}

/* ---- a power cut in the middle of a change ---- */

enum { IMAGES_PER_POINT = 40 };

struct cut {
	struct memdisk *disk, *image;
	uint64_t random;
	char *path, *wal;
	bool done;
	long images, old_only, both;
};

static void
put_file(struct memdisk *disk, const char *name, const char *path)
{
	const struct memfile *file = memdisk_file(disk, name);

	unlink(path);
	if (file)
		keys_write(path, file->data, file->size);
}

static void
check_cut(struct cut *cut)
{
	bool old, new;
	size_t len;
	uint8_t *bytes;

	cut->images++;
	put_file(cut->image, DISKVAULT_PATH, cut->path);
	put_file(cut->image, DISKVAULT_WAL, cut->wal);
	/* Opening finishes the change, so that only one opens after it. */
	new = keys_passphrase_opens(cut->path, "new");
	old = keys_passphrase_opens(cut->path, "old");
	if (new == old)
		fail_msg("image %ld: old %d, new %d", cut->images, old, new);
	if (cut->done && old)
		fail_msg("the old passphrase opens after the change");
	cut->old_only += old;
	bytes = keys_read(cut->path, &len);
	if (new)
		assert_memory_equal(bytes + SLOTS_AT,
		    bytes + SLOTS_AT + VAULT_COPY_BYTES,
		    VAULT_SLOTS * SLOT_BYTES);
	free(bytes);
	/* By the old words first: they open what they still may. */
	put_file(cut->image, DISKVAULT_PATH, cut->path);
	put_file(cut->image, DISKVAULT_WAL, cut->wal);
	if (new &&keys_passphrase_opens(cut->path, "old")) {
		cut->both++;
		assert_false(keys_passphrase_opens(cut->path, "old"));
		assert_true(keys_passphrase_opens(cut->path, "new"));
	}
}

static void
cut_here(void *arg)
{
	struct cut *cut = arg;

	for (int i = 0; i < IMAGES_PER_POINT; i++) {
		memdisk_crash(cut->image, cut->disk, &cut->random);
		check_cut(cut);
	}
}

/* Tables as the tests of real files have them, on the disk in memory. */
static void
change_slots(struct diskvault *vault, const char *words, struct err *err)
{
	struct secret *key = diskvault_key(), *secret = keys_secret(words);
	struct vault_header header = *vfs_header(vault->vfs);

	vault_slots_clear(&header, SLOT_PASSPHRASE);
	assert_int_equal(vault_slot_seal(&header, SLOT_PASSPHRASE, secret,
			     &kdf_cost_least, key, err),
	    0);
	vfs_set_slots(vault->vfs, header.slots, DISKVAULT_PATH, err);
	secret_free(secret);
	secret_free(key);
}

static void
begin_cut(struct cut *cut, struct place *place, struct diskvault *vault)
{
	struct err err = { 0 };

	*cut = (struct cut){ .disk = memdisk_new("below"),
		.image = memdisk_new("image"),
		.random = 88172645463325252ULL,
		.path = file_join(place->folder, "cut"),
		.wal = file_join(place->folder, "cut-wal") };
	diskvault_make(cut->disk, "below");
	assert_int_equal(diskvault_open(vault, cut->disk, "below", &err), 0);
	change_slots(vault, "old", &err);
	db_exec(vault->db,
	    "DROP TABLE t; CREATE TABLE t (id INTEGER PRIMARY KEY, x);"
	    "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')",
	    &err);
	assert_no_err(&err);
}

static void
end_cut(struct cut *cut, struct diskvault *vault)
{
	memdisk_watch(cut->disk, NULL, NULL);
	diskvault_close(vault);
	memdisk_free(cut->disk);
	memdisk_free(cut->image);
	free(cut->path);
	free(cut->wal);
}

static void
a_power_cut_leaves_the_old_passphrase_or_the_new_one(void **state)
{
	struct diskvault vault;
	struct err err = { 0 };
	struct cut cut;

	begin_cut(&cut, *state, &vault);
	memdisk_watch(cut.disk, cut_here, &cut);
	change_slots(&vault, "new", &err);
	assert_no_err(&err);
	cut.done = true;
	cut_here(&cut);
	/* Four calls, and the end; each outcome was met. */
	assert_int_equal(cut.images, 5 * IMAGES_PER_POINT);
	assert_true(cut.old_only > 0);
	assert_true(cut.both > 0);
	assert_true(cut.images - cut.old_only > 0);
	end_cut(&cut, &vault);
}

/* A call that fails: the change failed, and what is left opens. */
static void
a_failing_disk_leaves_a_passphrase_that_opens(void **state)
{
	for (long at = 1; at <= 4; at++) {
		struct diskvault vault;
		struct err err = { 0 };
		struct cut cut;

		begin_cut(&cut, *state, &vault);
		memdisk_fail(cut.disk, FAULT_IO, at, false);
		change_slots(&vault, "new", &err);
		assert_int_not_equal(err.code, ERR_NONE);
		memdisk_copy(cut.image, cut.disk);
		put_file(cut.image, DISKVAULT_PATH, cut.path);
		put_file(cut.image, DISKVAULT_WAL, cut.wal);
		assert_true(keys_passphrase_opens(cut.path, "old"));
		assert_false(keys_passphrase_opens(cut.path, "new"));
		end_cut(&cut, &vault);
	}
}

#define IN_PLACE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(the_old_passphrase_opens_nothing_any_more),
		IN_PLACE(the_new_code_ends_the_old_one),
		IN_PLACE(the_code_sets_a_new_passphrase_when_it_is_forgotten),
		IN_PLACE(a_programme_key_opens_until_it_is_removed),
		IN_PLACE(the_last_passphrase_and_code_stay_and_full_is_said),
		TEST(any_byte_of_a_programme_slot_counts),
		TEST(many_costly_slots_are_refused_before_they_are_paid),
		IN_PLACE(stock_age_finds_the_key_of_a_programme_slot),
		IN_PLACE(a_power_cut_leaves_the_old_passphrase_or_the_new_one),
		IN_PLACE(a_failing_disk_leaves_a_passphrase_that_opens),
	};
	struct err err = { 0 };

	if (crypto_init(&err) != 0)
		return 1;
	return RUN_TESTS(tests);
}

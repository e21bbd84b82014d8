/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "storage/anchor.h"
#include "storage/db.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/vault.h"
#include "storage/vault_internal.h"
#include "storage/vfs.h"

/*
 * A vault against its anchor, with real files: copies are laid aside, put
 * back, used twice; the anchor is cut, flipped and taken from another vault.
 */
#define SUBJECT "S-0000000000000001"

static const int64_t noon = 1795435200000; /* 2026-11-23 12:00 UTC */

struct place {
	char *folder, *path, *state;
	struct vault_options options;
};

static struct secret *
phrase(void)
{
	char text[] = "cheval agrafe";

	return secret_take(text, sizeof(text) - 1, true);
}

static struct vault *
open_at(struct place *place, const char *path)
{
	struct secret *pass = phrase();
	struct err err = { 0 };
	struct vault *vault = vault_open(path, pass, &place->options, &err);

	assert_no_err(&err);
	secret_free(pass);
	return vault;
}

static struct vault *
reopen(struct place *place)
{
	return open_at(place, place->path);
}

static void
add(struct vault *vault, int events)
{
	struct err err = { 0 };

	for (int i = 0; i < events; i++) {
		json_t *body = json_pack("{s:i}", "n", i);

		log_append(vault, SUBJECT, "answer", body, NULL, &err);
		assert_no_err(&err);
		json_decref(body);
	}
}

/* A vault with an owner and five events, closed. */
static void
place_new(struct place *place)
{
	struct secret *pass = phrase(), *recovery = NULL;
	struct err err = { 0 };
	struct vault *vault;

	clock_set(noon);
	*place = (struct place){ .folder = test_folder() };
	place->path = file_join(place->folder, "v");
	place->state = file_join(place->folder, "state/ronde");
	place->options.cost = kdf_cost_least;
	place->options.state_folder = place->state;
	vault =
	    vault_create(place->path, pass, &place->options, &recovery, &err);
	assert_no_err(&err);
	identity_create(vault, "Awa", "Eau", ROLE_INSPECTOR, NULL, &err);
	assert_no_err(&err);
	assert_int_equal(vault_notice(vault)->finding, VAULT_AS_LEFT);
	add(vault, 5);
	vault_close(vault);
	secret_free(pass);
	secret_free(recovery);
}

static void
place_free(struct place *place)
{
	free(place->folder);
	free(place->path);
	free(place->state);
	clock_set(0);
}

static void
copy(const char *from, const char *to)
{
	struct buf bytes = BUF_INIT;
	struct err err = { 0 };

	file_read(from, &bytes, &err);
	assert_no_err(&err);
	file_write(to, bytes.data, bytes.len, 0600, &err);
	assert_no_err(&err);
	buf_release(&bytes);
}

static char *
aside(struct place *place)
{
	char *path = xasprintf("%s/aside", place->folder);

	copy(place->path, path);
	return path;
}

static char *
anchor_file(struct place *place)
{
	struct vault *vault = reopen(place);
	char *path = xstrdup(vault_notice(vault)->anchor);

	vault_close(vault);
	return path;
}

static void
use(struct place *place, int events)
{
	struct vault *vault = reopen(place);

	add(vault, events);
	vault_close(vault);
}

#define assert_finding(place, expected)                                \
	do {                                                           \
		struct vault *opened = reopen(place);                  \
		assert_string_equal(                                   \
		    vault_finding_code(vault_notice(opened)->finding), \
		    vault_finding_code(expected));                     \
		vault_close(opened);                                   \
	} while (0)

/* ---- what is found ---- */

static void
a_vault_that_is_used_here_alone_is_as_it_was_left(void **state)
{
	struct place place;

	(void)state;
	place_new(&place);
	for (int i = 0; i < 4; i++) {
		assert_finding(&place, VAULT_AS_LEFT);
		use(&place, i);
	}
	place_free(&place);
}

static void
the_last_event_is_told_with_a_short_hash_and_its_time(void **state)
{
	struct place place;
	struct vault *vault;
	const struct vault_notice *notice;
	char before[VAULT_SHORT_HASH_MAX];

	(void)state;
	place_new(&place);
	vault = reopen(&place);
	notice = vault_notice(vault);
	assert_int_equal(notice->number, 5);
	assert_int_equal(notice->time, noon);
	assert_int_equal(strlen(notice->hash), VAULT_SHORT_HASH_MAX - 1);
	assert_int_equal(notice->hash[4], '-');
	memcpy(before, notice->hash, sizeof(before));
	clock_set(noon + 1000);
	add(vault, 1);
	notice = vault_notice(vault);
	assert_int_equal(notice->number, 6);
	assert_int_equal(notice->time, noon + 1000);
	assert_string_not_equal(notice->hash, before);
	vault_close(vault);
	place_free(&place);
}

static void
an_older_copy_that_is_put_back_is_told_with_what_is_missing(void **state)
{
	struct place place;
	struct vault *vault;
	struct err err = { 0 };
	struct buf text = BUF_INIT;
	json_t *body = json_object();
	char *old;

	(void)state;
	place_new(&place);
	old = aside(&place);
	clock_set(noon + 60000);
	use(&place, 7);
	copy(old, place.path);
	vault = reopen(&place);
	assert_int_equal(vault_notice(vault)->finding, VAULT_OLDER);
	assert_int_equal(vault_notice(vault)->missing, 7);
	assert_int_equal(vault_notice(vault)->known, 12);
	assert_int_equal(vault_notice(vault)->known_time, noon + 60000);
	vault_notice_say(vault, &text);
	assert_non_null(strstr(text.data, "7 events are missing"));
	/* Nothing can be added, and closing changes nothing of that. */
	assert_true(vault_is_held(vault));
	assert_int_equal(
	    log_append(vault, SUBJECT, "answer", body, NULL, &err), -1);
	assert_int_equal(err.code, ERR_CONFLICT);
	vault_close(vault);
	assert_finding(&place, VAULT_OLDER);
	assert_finding(&place, VAULT_OLDER);
	json_decref(body);
	buf_release(&text);
	free(old);
	place_free(&place);
}

static void
opening_a_vault_that_is_held_leaves_the_file_as_it_was(void **state)
{
	struct place place;
	struct buf before = BUF_INIT, after = BUF_INIT;
	struct err err = { 0 };
	char *old;

	(void)state;
	place_new(&place);
	old = aside(&place);
	use(&place, 1);
	copy(old, place.path);
	assert_finding(&place, VAULT_OLDER);
	file_read(old, &before, &err);
	file_read(place.path, &after, &err);
	assert_no_err(&err);
	assert_int_equal(before.len, after.len);
	assert_memory_equal(before.data, after.data, before.len);
	buf_release(&before);
	buf_release(&after);
	free(old);
	place_free(&place);
}

static void
a_copy_that_went_another_way_is_told(void **state)
{
	struct place place;
	struct vault *vault;
	char *old;

	(void)state;
	place_new(&place);
	old = aside(&place);
	use(&place, 3);
	copy(old, place.path);
	place.options.state_folder = NULL; /* used without our anchor */
	clock_set(noon + 5);
	use(&place, 3);
	place.options.state_folder = place.state;
	assert_finding(&place, VAULT_FORKED);
	place.options.state_folder = NULL;
	use(&place, 3); /* and longer than ours */
	place.options.state_folder = place.state;
	vault = reopen(&place);
	assert_int_equal(vault_notice(vault)->finding, VAULT_FORKED);
	assert_true(vault_is_held(vault));
	vault_close(vault);
	free(old);
	place_free(&place);
}

static void
a_vault_used_elsewhere_is_told_until_somebody_says_it_is_right(void **state)
{
	struct place place;
	struct vault *vault;
	struct err err = { 0 };
	char *other;

	(void)state;
	place_new(&place);
	other = xasprintf("%s/other", place.folder);
	place.options.state_folder = other;
	assert_finding(&place, VAULT_FIRST_HERE);
	assert_finding(&place, VAULT_AS_LEFT);
	use(&place, 2);
	place.options.state_folder = place.state;
	for (int i = 0; i < 3; i++) {
		vault = reopen(&place);
		assert_int_equal(
		    vault_notice(vault)->finding, VAULT_USED_ELSEWHERE);
		assert_int_equal(vault_notice(vault)->known, 5);
		assert_false(vault_is_held(vault));
		add(vault, 1); /* the person may work on */
		vault_close(vault);
	}
	vault = reopen(&place);
	assert_int_equal(vault_accept(vault, &err), 0);
	assert_int_equal(vault_notice(vault)->finding, VAULT_AS_LEFT);
	vault_close(vault);
	assert_finding(&place, VAULT_AS_LEFT);
	place.options.state_folder = other; /* and there it shows as well */
	assert_finding(&place, VAULT_USED_ELSEWHERE);
	free(other);
	place_free(&place);
}

static void
a_vault_unlocked_elsewhere_shows_even_if_nothing_was_added(void **state)
{
	struct place place;

	(void)state;
	place_new(&place);
	place.options.state_folder = NULL;
	use(&place, 0);
	place.options.state_folder = place.state;
	assert_finding(&place, VAULT_USED_ELSEWHERE);
	place_free(&place);
}

static void
of_two_copies_used_in_turn_the_second_is_told(void **state)
{
	struct place place;
	char *old;
	struct vault *vault;

	(void)state;
	place_new(&place);
	old = aside(&place);
	use(&place, 0); /* nothing new, but it was unlocked */
	vault = open_at(&place, old);
	assert_int_equal(vault_notice(vault)->finding, VAULT_USED_ELSEWHERE);
	vault_close(vault);
	free(old);
	place_free(&place);
}

static void
of_two_copies_open_at_once_the_second_keeps_no_anchor(void **state)
{
	struct place place;
	struct vault *first, *second;
	char *old;

	(void)state;
	place_new(&place);
	old = aside(&place);
	first = reopen(&place);
	second = open_at(&place, old);
	assert_int_equal(vault_notice(second)->finding, VAULT_USED_ELSEWHERE);
	assert_non_null(vault_notice(second)->trouble);
	add(second, 1); /* which takes nothing from the first */
	vault_close(second);
	add(first, 1);
	assert_null(vault_notice(first)->trouble);
	vault_close(first);
	assert_finding(&place, VAULT_AS_LEFT);
	free(old);
	place_free(&place);
}

static void
only_new_device_keys_let_an_older_vault_go_on(void **state)
{
	struct place place;
	struct vault *vault;
	struct err err = { 0 };
	char *old;

	(void)state;
	place_new(&place);
	old = aside(&place);
	use(&place, 2);
	copy(old, place.path);
	vault = reopen(&place);
	assert_int_equal(vault_accept(vault, &err), -1);
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_true(vault_is_held(vault));
	vault_close(vault);
	assert_finding(&place, VAULT_OLDER);
	free(old);
	place_free(&place);
}

/* ---- the anchor's own file ---- */

static void
a_vault_without_an_anchor_says_so_once(void **state)
{
	struct place place;
	char *anchor;

	(void)state;
	place_new(&place);
	anchor = anchor_file(&place);
	assert_int_equal(unlink(anchor), 0);
	assert_finding(&place, VAULT_FIRST_HERE);
	assert_finding(&place, VAULT_AS_LEFT);
	free(anchor);
	place_free(&place);
}

static void
a_damaged_anchor_is_told_until_acknowledged(void **state)
{
	struct place place;
	struct err err = { 0 };
	struct vault *vault;
	char *anchor;

	(void)state;
	place_new(&place);
	anchor = anchor_file(&place);
	file_write(anchor, "nonsense", 8, 0600, &err);
	assert_no_err(&err);
	assert_finding(&place, VAULT_ANCHOR_DAMAGED);
	assert_finding(&place, VAULT_ANCHOR_DAMAGED);
	vault = reopen(&place);
	assert_int_equal(vault_accept(vault, &err), 0);
	vault_close(vault);
	assert_finding(&place, VAULT_AS_LEFT);
	free(anchor);
	place_free(&place);
}

static void
the_anchor_of_another_vault_is_none(void **state)
{
	struct place one, other;
	char *anchor, *foreign;

	(void)state;
	place_new(&one);
	place_new(&other);
	anchor = anchor_file(&one);
	foreign = anchor_file(&other);
	copy(foreign, anchor);
	assert_finding(&one, VAULT_ANCHOR_DAMAGED);
	free(anchor);
	free(foreign);
	place_free(&one);
	place_free(&other);
}

static struct secret *
key_of(uint8_t byte)
{
	struct secret *key = secret_new(32);

	memset(key->data, byte, 32);
	return key;
}

static const struct anchor_record sample = {
	.flags = ANCHOR_ASK_ELSEWHERE,
	.generation = 7,
	.head = { .count = 1234, .hash = { { 1, 2, 3 } } },
	.instance = { 4, 5 },
	.next = { 6 },
	.time = 1795435200000,
	.known_count = 1200,
	.known_time = 1795435100000,
};

static void
no_byte_of_a_record_can_be_changed(void **state)
{
	const uint8_t id[VAULT_ID_BYTES] = { 9 };
	uint8_t bytes[ANCHOR_FILE_BYTES] = { 0 };
	struct secret *key = key_of(3);
	struct anchor_record read;
	size_t place = 9;

	(void)state;
	anchor_record_write(&sample, id, key->data, bytes);
	assert_int_equal(anchor_records_read(&read, &place, bytes,
			     sizeof(bytes), id, key->data),
	    ANCHOR_WHOLE);
	assert_int_equal(place, 0);
	assert_int_equal(read.flags, sample.flags);
	assert_int_equal(read.generation, 7);
	assert_int_equal(read.head.count, 1234);
	assert_memory_equal(&read.head.hash, &sample.head.hash, HASH_BYTES);
	assert_memory_equal(read.instance, sample.instance, 16);
	assert_memory_equal(read.next, sample.next, 16);
	assert_int_equal(read.time, sample.time);
	assert_int_equal(read.known_count, 1200);
	assert_int_equal(read.known_time, sample.known_time);
	for (size_t i = 0; i < (size_t)ANCHOR_RECORD_BYTES * 8; i++) {
		bytes[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_int_equal(anchor_records_read(&read, &place, bytes,
				     sizeof(bytes), id, key->data),
		    ANCHOR_DAMAGED);
		bytes[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	secret_free(key);
}

static void
a_record_is_bound_to_its_vault_and_its_key(void **state)
{
	const uint8_t id[VAULT_ID_BYTES] = { 9 }, other[VAULT_ID_BYTES] = { 8 };
	uint8_t bytes[ANCHOR_RECORD_BYTES];
	struct secret *key = key_of(3), *wrong = key_of(4);
	struct anchor_record read;
	size_t place;

	(void)state;
	anchor_record_write(&sample, id, key->data, bytes);
	assert_int_equal(anchor_records_read(&read, &place, bytes,
			     sizeof(bytes), id, key->data),
	    ANCHOR_WHOLE);
	assert_int_equal(anchor_records_read(&read, &place, bytes,
			     sizeof(bytes), other, key->data),
	    ANCHOR_DAMAGED);
	assert_int_equal(anchor_records_read(&read, &place, bytes,
			     sizeof(bytes), id, wrong->data),
	    ANCHOR_DAMAGED);
	for (size_t len = 1; len < sizeof(bytes); len++)
		assert_int_equal(anchor_records_read(
				     &read, &place, bytes, len, id, key->data),
		    ANCHOR_DAMAGED);
	assert_int_equal(
	    anchor_records_read(&read, &place, bytes, 0, id, key->data),
	    ANCHOR_NONE);
	secret_free(key);
	secret_free(wrong);
}

/* Anchors of numbers in a folder of their own; its path in `*path`. */
static struct anchor *
numbered(const char *folder, struct secret *key, char **path)
{
	static const uint8_t id[VAULT_ID_BYTES] = { 9 };
	struct anchor *anchor = anchor_open(folder, id, key);

	if (path)
		*path = xstrdup(anchor_path(anchor));
	return anchor;
}

static void
put_number(struct anchor *anchor, uint64_t number)
{
	const struct anchor_record record = { .head.count = number };

	assert_int_equal(anchor_put(anchor, &record), 0);
}

static void
the_record_that_was_synced_is_never_written_over(void **state)
{
	char *folder = test_folder(), *path = NULL;
	struct secret *key = key_of(3);
	struct anchor *anchor = numbered(folder, key, &path);
	struct buf synced = BUF_INIT, now = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(anchor_found(anchor), ANCHOR_NONE);
	for (uint64_t n = 1; n <= 40; n++) {
		const uint64_t last = n - n % 8; /* synced at 8, 16, ... */
		uint64_t held = 0;

		put_number(anchor, n);
		if (n % 8 == 0)
			assert_int_equal(anchor_sync(anchor), 0);
		if (last == 0)
			continue;
		/* Tear each record in turn: one of them is `last` or later. */
		for (size_t torn = 0; torn < ANCHOR_RECORDS; torn++) {
			struct anchor_record read = { 0 };
			static const uint8_t id[VAULT_ID_BYTES] = { 9 };
			struct secret *mac =
			    kdf_subkey(key, "ronde/vault/anchor/1");
			size_t place;

			buf_clear(&now);
			file_read(path, &now, &err);
			assert_no_err(&err);
			if (torn * ANCHOR_RECORD_STEP < now.len)
				now.data[torn * ANCHOR_RECORD_STEP + 100] ^= 1;
			anchor_records_read(&read, &place,
			    (const uint8_t *)now.data, now.len, id, mac->data);
			if (read.head.count == last)
				held++;
			secret_free(mac);
		}
		assert_true(held > 0);
	}
	anchor_close(anchor);
	buf_release(&synced);
	buf_release(&now);
	secret_free(key);
	free(path);
	free(folder);
}

static void
a_torn_record_leaves_the_one_before(void **state)
{
	char *folder = test_folder(), *path = NULL;
	struct secret *key = key_of(3);
	struct anchor *anchor = numbered(folder, key, &path);
	struct err err = { 0 };
	struct buf bytes = BUF_INIT;

	(void)state;
	put_number(anchor, 1);
	assert_int_equal(anchor_sync(anchor), 0);
	put_number(anchor, 2);
	anchor_close(anchor);
	file_read(path, &bytes, &err);
	assert_no_err(&err);
	assert_int_equal(bytes.len, ANCHOR_FILE_BYTES);
	memset(bytes.data + ANCHOR_RECORD_STEP + 40, 0, 200);
	file_write(path, bytes.data, bytes.len, 0600, &err);
	anchor = numbered(folder, key, NULL);
	assert_int_equal(anchor_found(anchor), ANCHOR_WHOLE);
	assert_int_equal(anchor_last(anchor)->head.count, 1);
	put_number(anchor, 3);
	anchor_close(anchor);
	anchor = numbered(folder, key, NULL);
	assert_int_equal(anchor_last(anchor)->head.count, 3);
	anchor_close(anchor);
	buf_release(&bytes);
	secret_free(key);
	free(path);
	free(folder);
}

/* ---- when it is written ---- */

static uint64_t
anchored_count(struct vault *vault, const struct secret *mac)
{
	uint8_t id[VAULT_ID_BYTES];
	struct anchor_record record = { 0 };
	struct buf bytes = BUF_INIT;
	struct err err = { 0 };
	size_t place;

	hex_read(vault_id(vault), id, sizeof(id));
	file_read(vault_notice(vault)->anchor, &bytes, &err);
	assert_no_err(&err);
	assert_int_equal(
	    anchor_records_read(&record, &place, (const uint8_t *)bytes.data,
		bytes.len, id, mac->data),
	    ANCHOR_WHOLE);
	buf_release(&bytes);
	return record.head.count;
}

static struct secret *
mac_key_of(const char *path)
{
	struct secret *pass = phrase(), *mac;
	struct vault_unlocked unlocked;
	struct err err = { 0 };

	assert_int_equal(
	    vault_unlock(path, SLOT_PASSPHRASE, pass, &unlocked, &err), 0);
	mac = kdf_subkey(unlocked.key, "ronde/vault/anchor/1");
	close(unlocked.lock);
	secret_free(unlocked.key);
	secret_free(pass);
	return mac;
}

static void
an_anchor_follows_each_commit_and_nothing_that_was_rolled_back(void **state)
{
	struct place place;
	struct vault *vault;
	struct secret *mac;
	struct err err = { 0 };

	(void)state;
	place_new(&place);
	mac = mac_key_of(place.path);
	vault = reopen(&place);
	for (uint64_t n = 6; n < 10; n++) {
		add(vault, 1);
		assert_int_equal(anchored_count(vault, mac), n);
	}
	assert_int_equal(db_begin(vault_db(vault), &err), 0);
	add(vault, 3);
	assert_int_equal(anchored_count(vault, mac), 9); /* not durable yet */
	db_rollback(vault_db(vault));
	assert_int_equal(anchored_count(vault, mac), 9);
	assert_int_equal(db_begin(vault_db(vault), &err), 0);
	add(vault, 3);
	assert_int_equal(db_commit(vault_db(vault), &err), 0);
	assert_int_equal(anchored_count(vault, mac), 12);
	vault_close(vault);
	secret_free(mac);
	place_free(&place);
}

static void
an_anchor_that_lags_is_no_finding(void **state)
{
	struct place place;
	struct buf bytes = BUF_INIT;
	struct err err = { 0 };
	struct vault *vault;
	char *anchor;

	(void)state;
	place_new(&place);
	anchor = anchor_file(&place);
	vault = reopen(&place);
	/* What a power cut leaves: the file as it was at unlocking. */
	file_read(anchor, &bytes, &err);
	assert_no_err(&err);
	add(vault, 6);
	vault_close(vault);
	file_write(anchor, bytes.data, bytes.len, 0600, &err);
	assert_finding(&place, VAULT_AS_LEFT);
	buf_release(&bytes);
	free(anchor);
	place_free(&place);
}

/* Both states of the header that a crash at unlocking leaves. */
static void
a_crash_while_unlocking_is_no_finding(void **state)
{
	struct place place;
	struct anchor_record record;
	struct vault *vault;
	struct secret *mac;
	uint8_t bytes[ANCHOR_RECORD_BYTES], id[VAULT_ID_BYTES];
	struct err err = { 0 };
	char *anchor;

	(void)state;
	place_new(&place);
	anchor = anchor_file(&place);
	mac = mac_key_of(place.path);
	for (int has_next = 0; has_next < 2; has_next++) {
		vault = reopen(&place);
		record = (struct anchor_record){ .generation = 1,
			.head = vault_head(vault) };
		/* The header has `instance` (before), or `next` (after). */
		memset(record.instance, 0x77, sizeof(record.instance));
		memcpy(has_next ? record.next : record.instance,
		    vfs_header(vault->vfs)->instance, 16);
		if (!has_next)
			memset(record.next, 0x78, sizeof(record.next));
		hex_read(vault_id(vault), id, sizeof(id));
		vault_close(vault);
		anchor_record_write(&record, id, mac->data, bytes);
		file_write(anchor, bytes, sizeof(bytes), 0600, &err);
		assert_no_err(&err);
		assert_finding(&place, VAULT_AS_LEFT);
	}
	secret_free(mac);
	free(anchor);
	place_free(&place);
}

static void
an_anchor_that_cannot_be_written_stops_nothing(void **state)
{
	struct place place;
	struct vault *vault;
	struct err err = { 0 };
	char *anchor;

	(void)state;
	place_new(&place);
	/* No folder can be made where a file is. */
	anchor = anchor_file(&place);
	place.options.state_folder = anchor;
	vault = reopen(&place);
	assert_non_null(vault_notice(vault)->trouble);
	add(vault, 2);
	vault_tick(vault);
	vault_close(vault);
	/* A folder in the place of the file: it is there, and unreadable. */
	place.options.state_folder = place.state;
	assert_int_equal(unlink(anchor), 0);
	assert_int_equal(mkdir(anchor, 0700), 0);
	vault = reopen(&place);
	assert_int_equal(vault_notice(vault)->finding, VAULT_ANCHOR_DAMAGED);
	assert_non_null(vault_notice(vault)->trouble);
	add(vault, 2);
	assert_int_equal(vault_accept(vault, &err), -1);
	assert_int_equal(err.code, ERR_IO);
	vault_close(vault);
	free(anchor);
	place_free(&place);
}

/* Else the next opening would find a vault that was used elsewhere. */
/* Planted at the anchor's name it would be written over. */
static void
a_file_of_somebodys_at_its_name_is_left(void **state)
{
	struct err err = { 0 };
	struct buf bytes = BUF_INIT;
	struct place place;
	struct vault *vault;
	char *victim, *anchor;

	(void)state;
	place_new(&place);
	victim = file_join(place.folder, "victim");
	file_write(victim, "mine", 4, 0600, &err);
	vault = reopen(&place);
	anchor = xstrdup(vault_notice(vault)->anchor);
	vault_close(vault);
	assert_int_equal(unlink(anchor), 0);
	assert_int_equal(link(victim, anchor), 0);
	vault = reopen(&place);
	assert_int_equal(vault_notice(vault)->finding, VAULT_ANCHOR_DAMAGED);
	assert_non_null(vault_notice(vault)->trouble);
	add(vault, 1);
	vault_close(vault);
	file_read(victim, &bytes, &err);
	assert_no_err(&err);
	assert_string_equal(bytes.data, "mine");
	buf_release(&bytes);
	free(victim);
	free(anchor);
	place_free(&place);
}

static void
a_header_keeps_its_instance_when_the_anchor_cannot_follow(void **state)
{
	struct place place;
	struct vault *holder;
	char *old, *anchor;
	int fd;

	(void)state;
	place_new(&place);
	anchor = anchor_file(&place);
	old = aside(&place);
	free(old);
	fd = open(anchor, O_RDWR);
	assert_true(fd >= 0);
	/* Somebody else holds it: as good as read-only. */
	assert_int_equal(flock(fd, LOCK_EX), 0);
	holder = reopen(&place);
	assert_int_equal(vault_notice(holder)->finding, VAULT_AS_LEFT);
	assert_non_null(vault_notice(holder)->trouble);
	add(holder, 2);
	vault_close(holder);
	close(fd);
	assert_finding(&place, VAULT_AS_LEFT);
	free(anchor);
	place_free(&place);
}

/* ---- what others say ---- */

static void
events_that_others_hold_are_told_until_they_are_there(void **state)
{
	struct vault_missing missing = { .subject = SUBJECT,
		.witness = "D-000000000000000000000000A0",
		.seq = 8 };
	struct place place;
	struct vault *vault;
	struct buf text = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	place_new(&place);
	vault = reopen(&place);
	memcpy(missing.device, identity_get(vault)->device, ID_MAX);
	missing.hash.bytes[0] = 1;
	assert_int_equal(vault_note_missing(vault, &missing, &err), 0);
	missing.seq = 6; /* of the same chain: it is among the others */
	missing.hash.bytes[0] = 2;
	assert_int_equal(vault_note_missing(vault, &missing, &err), 0);
	vault_close(vault);
	vault = reopen(&place);
	assert_int_equal(vault_notice(vault)->finding, VAULT_SHORT);
	assert_int_equal(vault_notice(vault)->missing, 3);
	assert_int_equal(vault_notice(vault)->short_count, 1);
	assert_true(vault_is_held(vault));
	vault_notice_say(vault, &text);
	assert_non_null(strstr(text.data, SUBJECT));
	assert_non_null(strstr(text.data, "3 events of this device"));
	buf_release(&text);
	vault_close(vault);
	place_free(&place);
}

static void
an_event_that_is_there_is_not_missing(void **state)
{
	struct vault_missing missing = { .subject = SUBJECT,
		.witness = "D-000000000000000000000000A0",
		.seq = 1 };
	struct place place;
	struct vault *vault;
	struct chain_link *links = NULL;
	size_t count = 0;
	struct err err = { 0 };

	(void)state;
	place_new(&place);
	vault = reopen(&place);
	memcpy(missing.device, identity_get(vault)->device, ID_MAX);
	assert_int_equal(
	    log_links(vault, SUBJECT, missing.device, &links, &count, &err), 0);
	missing.hash = links[0].hash;
	assert_int_equal(vault_note_missing(vault, &missing, &err), 0);
	missing.subject[0] = '\0'; /* even where only the event is known */
	assert_int_equal(vault_note_missing(vault, &missing, &err), 0);
	vault_close(vault);
	assert_finding(&place, VAULT_AS_LEFT);
	free(links);
	place_free(&place);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_vault_that_is_used_here_alone_is_as_it_was_left),
		TEST(the_last_event_is_told_with_a_short_hash_and_its_time),
		TEST(
		    an_older_copy_that_is_put_back_is_told_with_what_is_missing),
		TEST(opening_a_vault_that_is_held_leaves_the_file_as_it_was),
		TEST(a_copy_that_went_another_way_is_told),
		TEST(
		    a_vault_used_elsewhere_is_told_until_somebody_says_it_is_right),
		TEST(
		    a_vault_unlocked_elsewhere_shows_even_if_nothing_was_added),
		TEST(of_two_copies_used_in_turn_the_second_is_told),
		TEST(of_two_copies_open_at_once_the_second_keeps_no_anchor),
		TEST(only_new_device_keys_let_an_older_vault_go_on),
		TEST(a_vault_without_an_anchor_says_so_once),
		TEST(a_damaged_anchor_is_told_until_acknowledged),
		TEST(the_anchor_of_another_vault_is_none),
		TEST(no_byte_of_a_record_can_be_changed),
		TEST(a_record_is_bound_to_its_vault_and_its_key),
		TEST(the_record_that_was_synced_is_never_written_over),
		TEST(a_torn_record_leaves_the_one_before),
		TEST(
		    an_anchor_follows_each_commit_and_nothing_that_was_rolled_back),
		TEST(an_anchor_that_lags_is_no_finding),
		TEST(a_crash_while_unlocking_is_no_finding),
		TEST(an_anchor_that_cannot_be_written_stops_nothing),
		TEST(a_file_of_somebodys_at_its_name_is_left),
		TEST(a_header_keeps_its_instance_when_the_anchor_cannot_follow),
		TEST(events_that_others_hold_are_told_until_they_are_there),
		TEST(an_event_that_is_there_is_not_missing),
	};
	struct err err = { 0 };

	return crypto_init(&err) == 0 ? RUN_TESTS(tests) : 1;
}

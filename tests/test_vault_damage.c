/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "storage/db.h"
#include "storage/vault_header.h"
#include "tests/diskvault.h"

/*
 * Bytes that change behind the vault's back: it may refuse, naming the place,
 * or heal where it knows better; it never gives wrong rows.
 */
enum { ROWS = 60, PAGE = VAULT_PAGE_BYTES, FRAME = PAGE + 24 };

enum outcome { OUT_ALL, OUT_FEWER, OUT_REFUSED, OUT_WRONG };

struct damage {
	struct memdisk *disk, *image;
	uint64_t random;
	struct err err; /* of the last look() */
};

/* A vault of ROWS rows, one commit each; closed, or as a kill leaves it. */
static int
set_up(void **state)
{
	struct damage *damage = xcalloc(1, sizeof(*damage));

	damage->random = 0x1234567;
	damage->disk = memdisk_new("disk");
	damage->image = memdisk_new("image");
	diskvault_make(damage->disk, "disk");
	*state = damage;
	return 0;
}

static int
tear_down(void **state)
{
	struct damage *damage = *state;

	memdisk_free(damage->disk);
	memdisk_free(damage->image);
	free(damage);
	return 0;
}

static void
add_rows(struct diskvault *vault, long from, long to)
{
	struct err err = { 0 };

	for (long row = from; row <= to; row++)
		assert_int_equal(diskvault_add(vault, row, row, &err), 0);
}

static void
fill(struct damage *damage, bool leave_wal)
{
	struct diskvault vault;
	struct err err = { 0 };

	assert_int_equal(diskvault_open(&vault, damage->disk, "disk", &err), 0);
	add_rows(&vault, 1, ROWS);
	memdisk_copy(damage->image, damage->disk);
	diskvault_close(&vault);
	if (leave_wal)
		memdisk_copy(damage->disk, damage->image);
}

/* What opening the image and reading it all comes to. */
static enum outcome
look(struct damage *damage)
{
	struct diskvault vault;
	long rows;

	memset(&damage->err, 0, sizeof(damage->err));
	if (diskvault_open(&vault, damage->image, "image", &damage->err) != 0)
		return OUT_REFUSED;
	rows = diskvault_rows(&vault, &damage->err);
	diskvault_close(&vault);
	if (rows < 0)
		return damage->err.code == ERR_CONFLICT ? OUT_WRONG
							: OUT_REFUSED;
	return rows == ROWS ? OUT_ALL : OUT_FEWER;
}

static struct memfile *
fresh(struct damage *damage, const char *name)
{
	memdisk_copy(damage->image, damage->disk);
	return memdisk_file(damage->image, name);
}

static uint8_t
some_bits(struct damage *damage)
{
	return (uint8_t)(1 + random_next(&damage->random) % 255);
}

static void
any_byte_of_one_header_copy_may_be_damaged(void **state)
{
	struct damage *damage = *state;

	fill(damage, false);
	for (size_t at = 0; at < VAULT_HEADER_BYTES; at++) {
		struct memfile *file = fresh(damage, DISKVAULT_PATH);

		file->data[at] ^= some_bits(damage);
		if (look(damage) != OUT_ALL)
			fail_msg("byte %zu: %s", at, damage->err.msg);
	}
}

static void
any_byte_of_both_header_copies_is_noticed(void **state)
{
	struct damage *damage = *state;

	fill(damage, false);
	for (size_t at = 0; at < VAULT_COPY_BYTES; at++) {
		struct memfile *file = fresh(damage, DISKVAULT_PATH);
		const uint8_t bits = some_bits(damage);

		file->data[at] ^= bits;
		file->data[at + VAULT_COPY_BYTES] ^= bits;
		if (look(damage) != OUT_REFUSED)
			fail_msg("byte %zu is not noticed", at);
		if (damage->err.code != ERR_FORMAT)
			fail_msg("byte %zu: %s", at, damage->err.msg);
	}
}

/* The checksum needs no key: whoever sets it right still lacks the MAC. */
static void
a_header_with_a_right_checksum_and_no_key_is_refused(void **state)
{
	struct damage *damage = *state;
	struct memfile *file;

	fill(damage, false);
	file = fresh(damage, DISKVAULT_PATH);
	for (int copy = 0; copy < 2; copy++) {
		uint8_t *bytes = file->data + copy * VAULT_COPY_BYTES;
		struct hash hash;

		bytes[100] ^= 1;
		hash = hash_of(bytes, VAULT_COPY_BYTES - 32);
		memcpy(bytes + VAULT_COPY_BYTES - 32, hash.bytes, 32);
	}
	assert_int_equal(look(damage), OUT_REFUSED);
	assert_string_equal(damage->err.msg, "header altered");
}

static void
a_later_version_is_named_as_such(void **state)
{
	struct damage *damage = *state;
	struct memfile *file;

	fill(damage, false);
	file = fresh(damage, DISKVAULT_PATH);
	for (int copy = 0; copy < 2; copy++) {
		uint8_t *bytes = file->data + copy * VAULT_COPY_BYTES;
		struct hash hash;

		bytes[16] = 2;
		hash = hash_of(bytes, VAULT_COPY_BYTES - 32);
		memcpy(bytes + VAULT_COPY_BYTES - 32, hash.bytes, 32);
	}
	assert_int_equal(look(damage), OUT_REFUSED);
	assert_int_equal(damage->err.code, ERR_UNSUPPORTED);
}

static void
a_damaged_page_is_named(void **state)
{
	struct damage *damage = *state;
	size_t pages, named = 0;

	fill(damage, false);
	pages = (memdisk_file(damage->disk, DISKVAULT_PATH)->size -
		    VAULT_HEADER_BYTES) /
	    PAGE;
	for (size_t n = 0; n < 3000; n++) {
		struct memfile *file = fresh(damage, DISKVAULT_PATH);
		const size_t page = random_next(&damage->random) % pages;
		const size_t at = VAULT_HEADER_BYTES + page * PAGE +
		    random_next(&damage->random) % PAGE;
		char text[64];
		enum outcome outcome;

		file->data[at] ^= some_bits(damage);
		outcome = look(damage);
		snprintf(text, sizeof(text), "page %zu of", page + 1);
		if (outcome == OUT_ALL)
			continue; /* a page that nothing uses */
		if (outcome != OUT_REFUSED || damage->err.code != ERR_FORMAT ||
		    !strstr(damage->err.msg, text))
			fail_msg("byte %zu: %d %s", at, (int)outcome,
			    damage->err.msg);
		named++;
	}
	assert_true(named > 2000);
}

static void
a_page_put_in_anothers_place_is_noticed(void **state)
{
	struct damage *damage = *state;
	size_t pages, noticed = 0;

	fill(damage, false);
	pages = (memdisk_file(damage->disk, DISKVAULT_PATH)->size -
		    VAULT_HEADER_BYTES) /
	    PAGE;
	for (size_t from = 0; from < pages; from++) {
		for (size_t to = 0; to < pages; to++) {
			struct memfile *file = fresh(damage, DISKVAULT_PATH);
			enum outcome outcome;

			memmove(file->data + VAULT_HEADER_BYTES + to * PAGE,
			    file->data + VAULT_HEADER_BYTES + from * PAGE,
			    PAGE);
			outcome = look(damage);
			if (outcome == OUT_REFUSED)
				noticed++;
			else if (outcome != OUT_ALL)
				fail_msg("page %zu as %zu", from, to);
		}
	}
	assert_true(noticed >= pages * (pages - 2));
}

static void
a_page_of_zeroes_is_no_page(void **state)
{
	struct damage *damage = *state;
	struct memfile *file;

	fill(damage, false);
	file = fresh(damage, DISKVAULT_PATH);
	memset(file->data + file->size - PAGE, 0, PAGE);
	assert_int_equal(look(damage), OUT_REFUSED);
	assert_int_equal(damage->err.code, ERR_FORMAT);
}

static void
a_file_cut_short_is_refused_and_left_as_it_is(void **state)
{
	struct damage *damage = *state;
	size_t size;

	fill(damage, false);
	size = memdisk_file(damage->disk, DISKVAULT_PATH)->size;
	for (size_t len = 0; len < size; len += len < 64 ? 1 : 509) {
		struct memfile *file = fresh(damage, DISKVAULT_PATH);
		const struct hash before = hash_of(file->data, len);
		struct hash after;

		file->size = len;
		if (look(damage) != OUT_REFUSED ||
		    damage->err.code != ERR_FORMAT)
			fail_msg("%zu bytes: %s", len, damage->err.msg);
		after = hash_of(file->data, file->size);
		assert_int_equal(file->size, len);
		assert_true(hash_equal(&before, &after));
		if (len >= VAULT_HEADER_BYTES + PAGE)
			assert_non_null(strstr(damage->err.msg, "cut short"));
	}
}

/* SQLite counts the pages in the log then, and would read zeroes. */
static void
a_file_cut_short_beside_its_log_is_refused_at_opening(void **state)
{
	struct damage *damage = *state;
	struct diskvault vault;
	struct err err = { 0 };
	size_t size;

	fill(damage, false);
	assert_int_equal(diskvault_open(&vault, damage->disk, "disk", &err), 0);
	add_rows(&vault, ROWS + 1, ROWS + 1);
	memdisk_copy(damage->image, damage->disk);
	diskvault_close(&vault);
	memdisk_copy(damage->disk, damage->image);
	size = memdisk_file(damage->disk, DISKVAULT_PATH)->size;
	for (size_t pages = 1; pages * PAGE + VAULT_HEADER_BYTES < size;
	     pages++) {
		fresh(damage, DISKVAULT_PATH)->size = size - pages * PAGE;
		if (diskvault_open(&vault, damage->image, "image", &err) == 0) {
			diskvault_close(&vault);
			fail_msg("opens without its last %zu pages", pages);
		}
		assert_int_equal(err.code, ERR_FORMAT);
	}
}

/* Only what may be a torn last transaction may end the log. */
static void
a_damaged_log_is_an_error_but_for_its_torn_end(void **state)
{
	struct damage *damage = *state;
	size_t frames, reported = 0;

	fill(damage, true);
	frames = (memdisk_file(damage->disk, DISKVAULT_WAL)->size - 32) / FRAME;
	assert_true(frames > ROWS);
	for (size_t n = 0; n < 3000; n++) {
		struct memfile *file = fresh(damage, DISKVAULT_WAL);
		const size_t at = random_next(&damage->random) % file->size;
		const size_t frame = at < 32 ? 0 : (at - 32) / FRAME + 1;
		enum outcome outcome;

		file->data[at] ^= some_bits(damage);
		outcome = look(damage);
		if (at < 32 ? outcome == OUT_ALL
			    : frame + 4 > frames && outcome == OUT_FEWER)
			continue;
		if (outcome != OUT_REFUSED || damage->err.code != ERR_FORMAT ||
		    !strstr(damage->err.msg, "v-wal is damaged"))
			fail_msg("byte %zu, frame %zu of %zu: %d %s", at, frame,
			    frames, (int)outcome, damage->err.msg);
		reported++;
	}
	assert_true(reported > 2700);
}

/* Refusing must not make it worse: not a byte of either file changes. */
static void
a_damaged_vault_that_is_refused_stays_as_it_is(void **state)
{
	struct damage *damage = *state;
	static const char *const names[] = { DISKVAULT_PATH, DISKVAULT_WAL };
	size_t refused = 0;

	fill(damage, true);
	for (size_t n = 0; n < 400; n++) {
		struct memfile *file = fresh(damage, names[n % 2]);
		const size_t at = random_next(&damage->random) % file->size;
		struct hash before[2], after[2];

		file->data[at] ^= some_bits(damage);
		for (int i = 0; i < 2; i++) {
			file = memdisk_file(damage->image, names[i]);
			before[i] = hash_of(file->data, file->size);
		}
		if (look(damage) != OUT_REFUSED)
			continue;
		refused++;
		for (int i = 0; i < 2; i++) {
			file = memdisk_file(damage->image, names[i]);
			assert_non_null(file);
			after[i] = hash_of(file->data, file->size);
			assert_true(hash_equal(&before[i], &after[i]));
		}
	}
	assert_true(refused > 150);
}

/*
 * Frames of a transaction that was taken back lie behind the end of the log
 * and still open; a torn commit before them is torn and not damaged.
 */
static void
leftovers_of_what_was_taken_back_prove_nothing(void **state)
{
	struct damage *damage = *state;
	struct diskvault vault;
	struct err err = { 0 };
	struct memfile *wal;
	size_t end;

	diskvault_open(&vault, damage->disk, "disk", &err);
	add_rows(&vault, 1, 5);
	db_exec(vault.db, "PRAGMA cache_size=10", &err);
	end = memdisk_file(damage->disk, DISKVAULT_WAL)->size;
	db_begin(vault.db, &err);
	db_exec(vault.db,
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
	    " WHERE i < 900) INSERT INTO other"
	    " SELECT hex(randomblob(40)), hex(randomblob(90)) FROM n;",
	    &err);
	db_rollback(vault.db);
	assert_int_equal(diskvault_add(&vault, 6, 40, &err), 0);
	assert_no_err(&err);
	memdisk_copy(damage->image, damage->disk);
	diskvault_close(&vault);
	wal = memdisk_file(damage->image, DISKVAULT_WAL);
	assert_true(wal->size > end + 20 * FRAME);
	wal->data[end + 100] ^= 1;
	if (look(damage) != OUT_FEWER)
		fail_msg("%s", damage->err.msg);
}

static void
a_log_that_ends_anywhere_gives_what_came_before(void **state)
{
	struct damage *damage = *state;
	size_t size;

	fill(damage, true);
	size = memdisk_file(damage->disk, DISKVAULT_WAL)->size;
	for (size_t len = 0; len <= size; len += 701) {
		struct memfile *file = fresh(damage, DISKVAULT_WAL);
		enum outcome outcome;

		file->size = len;
		outcome = look(damage);
		if (outcome != OUT_FEWER && len < size - FRAME)
			fail_msg("%zu bytes: %d %s", len, (int)outcome,
			    damage->err.msg);
	}
}

static void
an_old_log_beside_a_newer_database_is_passed_over(void **state)
{
	struct damage *damage = *state;
	struct diskvault vault;
	struct err err = { 0 };
	struct buf old = BUF_INIT;
	struct memfile *file;

	diskvault_open(&vault, damage->disk, "disk", &err);
	add_rows(&vault, 1, 20);
	file = memdisk_file(damage->disk, DISKVAULT_WAL);
	buf_add(&old, file->data, file->size);
	diskvault_close(&vault);
	diskvault_open(&vault, damage->disk, "disk", &err);
	add_rows(&vault, 21, ROWS);
	diskvault_close(&vault);
	assert_no_err(&err);
	memdisk_copy(damage->image, damage->disk);
	memdisk_put(damage->image, DISKVAULT_WAL, old.data, old.len);
	assert_int_equal(look(damage), OUT_ALL);
	buf_release(&old);
}

/* A log of this very session, shorter, comes back after it was carried over. */
static void
an_earlier_state_of_the_last_log_is_passed_over(void **state)
{
	struct damage *damage = *state;
	struct diskvault vault;
	struct err err = { 0 };
	struct buf old = BUF_INIT;
	struct memfile *file;

	diskvault_open(&vault, damage->disk, "disk", &err);
	add_rows(&vault, 1, 20);
	file = memdisk_file(damage->disk, DISKVAULT_WAL);
	buf_add(&old, file->data, file->size);
	add_rows(&vault, 21, ROWS);
	diskvault_close(&vault);
	assert_no_err(&err);
	memdisk_copy(damage->image, damage->disk);
	memdisk_put(damage->image, DISKVAULT_WAL, old.data, old.len);
	assert_int_equal(look(damage), OUT_ALL);
	buf_release(&old);
}

/* The database is ahead of the log then: that must not be taken for all. */
static void
a_log_cut_below_its_last_checkpoint_is_noticed(void **state)
{
	struct damage *damage = *state;
	struct diskvault vault;
	struct err err = { 0 };
	size_t size;

	diskvault_open(&vault, damage->disk, "disk", &err);
	add_rows(&vault, 1, ROWS);
	db_exec(vault.db, "PRAGMA wal_checkpoint(PASSIVE)", &err);
	assert_no_err(&err);
	memdisk_copy(damage->image, damage->disk);
	diskvault_close(&vault);
	memdisk_copy(damage->disk, damage->image);
	assert_int_equal(look(damage), OUT_ALL);
	size = memdisk_file(damage->disk, DISKVAULT_WAL)->size;
	for (size_t len = 0; len < size; len += 2003) {
		fresh(damage, DISKVAULT_WAL)->size = len;
		if (look(damage) != OUT_REFUSED ||
		    damage->err.code != ERR_FORMAT)
			fail_msg("%zu bytes: %s", len, damage->err.msg);
	}
	memdisk_copy(damage->image, damage->disk);
	memdisk_remove(damage->image, DISKVAULT_WAL);
	assert_int_equal(look(damage), OUT_REFUSED);
	assert_int_equal(damage->err.code, ERR_FORMAT);
	assert_null(memdisk_file(damage->image, DISKVAULT_WAL));
}

/* The same where the log was found at opening and nothing was added. */
static void
a_log_found_and_carried_over_is_not_cut_unnoticed(void **state)
{
	struct damage *damage = *state;
	struct diskvault vault;
	struct err err = { 0 };

	fill(damage, true);
	assert_int_equal(diskvault_open(&vault, damage->disk, "disk", &err), 0);
	db_exec(vault.db, "PRAGMA wal_checkpoint(PASSIVE)", &err);
	assert_no_err(&err);
	memdisk_copy(damage->image, damage->disk);
	diskvault_close(&vault);
	memdisk_copy(damage->disk, damage->image);
	assert_int_equal(look(damage), OUT_ALL);
	/* An empty log, too: the database alone would look as it should. */
	for (size_t frames = 0; frames < 3; frames++) {
		fresh(damage, DISKVAULT_WAL)->size = 32 + frames * FRAME;
		assert_int_equal(look(damage), OUT_REFUSED);
		assert_int_equal(damage->err.code, ERR_FORMAT);
	}
}

/* A transaction of many frames of which call `first` fails, a checkpoint of
 * which call `second` fails, then the row that was missing. */
static void
fail_twice(struct damage *damage, long first, long second)
{
	struct diskvault vault;
	struct err err = { 0 }, ignored = { 0 };

	assert_int_equal(
	    diskvault_open(&vault, damage->image, "image", &err), 0);
	memdisk_fail(damage->image, FAULT_IO, first, false);
	if (diskvault_add(&vault, ROWS + 1, ROWS + 30, &ignored) == 0)
		fail_msg("call %ld does not fail", first);
	memdisk_fail(damage->image, FAULT_IO, second, false);
	db_exec(vault.db, "PRAGMA wal_checkpoint(PASSIVE)", &ignored);
	memdisk_fail(damage->image, FAULT_NONE, 0, false);
	assert_int_equal(diskvault_add(&vault, ROWS, ROWS, &err), 0);
	memdisk_copy(damage->disk, damage->image);
	diskvault_close(&vault);
}

/*
 * What a transaction whose sync failed left in the log is not counted: a
 * shorter one in its place is not a log that was cut.
 */
static void
what_failed_to_be_synced_is_not_counted(void **state)
{
	struct damage *damage = *state;
	struct memdisk *whole = memdisk_new("whole");
	struct diskvault vault;
	struct err err = { 0 };
	long calls;

	assert_int_equal(diskvault_open(&vault, damage->disk, "disk", &err), 0);
	add_rows(&vault, 1, ROWS - 1);
	memdisk_copy(whole, damage->disk);
	/* The last call of the transaction is the sync of the log. */
	memdisk_fail(damage->disk, FAULT_IO, 1000000, false);
	assert_int_equal(diskvault_add(&vault, ROWS + 1, ROWS + 30, &err), 0);
	calls = memdisk_calls(damage->disk);
	diskvault_close(&vault);
	for (long second = 1; second <= 12; second++) {
		memdisk_copy(damage->image, whole);
		fail_twice(damage, calls, second);
		memdisk_copy(damage->image, damage->disk);
		if (look(damage) != OUT_ALL)
			fail_msg("%ld: %s", second, damage->err.msg);
	}
	memdisk_free(whole);
}

/* A rollback journal as SQLite would play it back: page 2 as it likes. */
static void
a_planted_journal_is_not_played_back(void **state)
{
	static const uint8_t start[] = { 0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1,
		0x63, 0xd7, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 60, 0,
		0, 2, 0, 0, 0, 0x10, 0 };
	struct damage *damage = *state;
	uint8_t journal[512 + 4 + PAGE + 4] = { 0 };
	const struct memfile *file;

	fill(damage, false);
	memdisk_copy(damage->image, damage->disk);
	memcpy(journal, start, sizeof(start));
	journal[512 + 3] = 2; /* the page; zeroes have the checksum zero */
	memdisk_put(damage->image, "/v-journal", journal, sizeof(journal));
	assert_int_equal(look(damage), OUT_ALL);
	file = memdisk_file(damage->image, "/v-journal");
	assert_non_null(file);
	assert_memory_equal(file->data, journal, sizeof(journal));
}

#define DAMAGE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DAMAGE(any_byte_of_one_header_copy_may_be_damaged),
		DAMAGE(any_byte_of_both_header_copies_is_noticed),
		DAMAGE(a_header_with_a_right_checksum_and_no_key_is_refused),
		DAMAGE(a_later_version_is_named_as_such),
		DAMAGE(a_damaged_page_is_named),
		DAMAGE(a_page_put_in_anothers_place_is_noticed),
		DAMAGE(a_page_of_zeroes_is_no_page),
		DAMAGE(a_file_cut_short_is_refused_and_left_as_it_is),
		DAMAGE(a_file_cut_short_beside_its_log_is_refused_at_opening),
		DAMAGE(a_damaged_log_is_an_error_but_for_its_torn_end),
		DAMAGE(a_damaged_vault_that_is_refused_stays_as_it_is),
		DAMAGE(leftovers_of_what_was_taken_back_prove_nothing),
		DAMAGE(a_log_that_ends_anywhere_gives_what_came_before),
		DAMAGE(an_old_log_beside_a_newer_database_is_passed_over),
		DAMAGE(an_earlier_state_of_the_last_log_is_passed_over),
		DAMAGE(a_log_cut_below_its_last_checkpoint_is_noticed),
		DAMAGE(a_log_found_and_carried_over_is_not_cut_unnoticed),
		DAMAGE(what_failed_to_be_synced_is_not_counted),
		DAMAGE(a_planted_journal_is_not_played_back),
	};
	struct err err = { 0 };

	if (crypto_init(&err) != 0)
		return 1;
	return RUN_TESTS(tests);
}

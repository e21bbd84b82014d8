/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/vault_header.h"
#include "storage/vfs_internal.h"
#include "tests/diskvault.h"

/* What the VFS lets SQLite do, what it refuses, and what lies on the disk. */

struct bench {
	struct memdisk *disk;
	struct diskvault vault;
};

static int
set_up(void **state)
{
	struct bench *bench = xcalloc(1, sizeof(*bench));
	struct err err = { 0 };

	bench->disk = memdisk_new("disk");
	diskvault_make(bench->disk, "disk");
	if (diskvault_open(&bench->vault, bench->disk, "disk", &err) != 0)
		return -1;
	*state = bench;
	return 0;
}

static int
tear_down(void **state)
{
	struct bench *bench = *state;

	diskvault_close(&bench->vault);
	memdisk_free(bench->disk);
	free(bench);
	return 0;
}

static void
what_would_undo_the_protection_is_refused(void **state)
{
	static const char *const refused[] = { "PRAGMA journal_mode=DELETE",
		"PRAGMA journal_mode=MEMORY", "PRAGMA journal_mode=OFF",
		"PRAGMA synchronous=OFF", "PRAGMA synchronous=NORMAL",
		"PRAGMA synchronous=1", "PRAGMA temp_store=FILE",
		"PRAGMA temp.temp_store=FILE", "PRAGMA locking_mode=NORMAL",
		"PRAGMA mmap_size=1000000", "PRAGMA page_size=8192",
		"PRAGMA writable_schema=ON", "ATTACH '/other' AS o",
		"ATTACH ':memory:' AS o", "ATTACH 'file:/v?vfs=unix' AS o",
		"VACUUM INTO '/copy'", "SELECT load_extension('/lib/x.so')" };
	struct bench *bench = *state;

	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct err err = { 0 };

		if (db_exec(bench->vault.db, refused[i], &err) == 0)
			fail_msg("allowed: %s", refused[i]);
	}
	assert_null(memdisk_file(bench->disk, "/other"));
	assert_null(memdisk_file(bench->disk, "/copy"));
}

/* The VFS refuses on its own, without the authorizer of db.c. */
static void
the_rules_hold_for_any_connection(void **state)
{
	static const struct {
		const char *name, *value;
		int result;
	} cases[] = {
		{ "journal_mode", "delete", SQLITE_ERROR },
		{ "journal_mode", "memory", SQLITE_ERROR },
		{ "JOURNAL_MODE", "WAL", SQLITE_NOTFOUND },
		{ "synchronous", "off", SQLITE_ERROR },
		{ "synchronous", "full", SQLITE_NOTFOUND },
		{ "locking_mode", "normal", SQLITE_ERROR },
		{ "temp_store", "0", SQLITE_ERROR },
		{ "mmap_size", "1", SQLITE_ERROR },
		{ "page_size", "512", SQLITE_ERROR },
		{ "auto_vacuum", "full", SQLITE_ERROR },
		{ "temp_store_directory", "/tmp", SQLITE_ERROR },
		{ "journal_mode", NULL, SQLITE_NOTFOUND },
		{ "user_version", "7", SQLITE_NOTFOUND },
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char name[32], value[32];
		char *args[] = { NULL, name, cases[i].value ? value : NULL };

		snprintf(name, sizeof(name), "%s", cases[i].name);
		snprintf(value, sizeof(value), "%s",
		    cases[i].value ? cases[i].value : "");
		if (rules_pragma(bench->vault.vfs, args) != cases[i].result)
			fail_msg("%s=%s", name, value);
		sqlite3_free(args[0]);
	}
}

/* Beyond, the first byte of a page could be that of another kind of page. */
static void
no_vault_grows_to_2_to_the_25_pages(void **state)
{
	struct bench *bench = *state;
	struct err err = { 0 };
	struct db_query *query =
	    db_query(bench->vault.db, "PRAGMA max_page_count", &err);

	assert_non_null(query);
	assert_int_equal(db_step(query, &err), 1);
	assert_int_equal(db_int(query, 0), (1 << 25) - 1);
	db_reset(query);
}

static void
no_other_file_can_be_opened(void **state)
{
	static const int kinds[] = { SQLITE_OPEN_MAIN_DB, SQLITE_OPEN_TEMP_DB,
		SQLITE_OPEN_TRANSIENT_DB, SQLITE_OPEN_MAIN_JOURNAL,
		SQLITE_OPEN_TEMP_JOURNAL, SQLITE_OPEN_SUBJOURNAL,
		SQLITE_OPEN_SUPER_JOURNAL, SQLITE_OPEN_WAL };
	struct bench *bench = *state;
	sqlite3_vfs *vfs = &bench->vault.vfs->methods;
	sqlite3_file *file = xcalloc(1, (size_t)vfs->szOsFile);

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		const int flags =
		    kinds[i] | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;

		assert_int_equal(
		    vfs->xOpen(vfs, "/w", file, flags, NULL), SQLITE_CANTOPEN);
		assert_int_equal(
		    vfs->xOpen(vfs, NULL, file, flags, NULL), SQLITE_CANTOPEN);
	}
	assert_null(memdisk_file(bench->disk, "/w"));
	free(file);
}

/* Before the vault's own file is open, no other one takes its place. */
static void
the_first_file_can_only_be_the_vault(void **state)
{
	struct bench *bench = *state;
	struct vfs *vfs = bench->vault.vfs;
	sqlite3_file *file = xcalloc(1, (size_t)vfs->methods.szOsFile);
	void *db = vfs->db;

	memdisk_put(bench->disk, "/w", "other", 5);
	vfs->db = NULL;
	assert_int_equal(vfs->methods.xOpen(&vfs->methods, "/w", file,
			     SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_READWRITE, NULL),
	    SQLITE_CANTOPEN);
	vfs->db = db;
	free(file);
}

static void
a_vacuum_keeps_all_rows_and_opens_no_file(void **state)
{
	struct bench *bench = *state;
	struct err err = { 0 };

	diskvault_add(&bench->vault, 1, 500, &err);
	db_exec(bench->vault.db,
	    "DELETE FROM t WHERE id > 300; VACUUM;"
	    "PRAGMA wal_checkpoint(TRUNCATE);",
	    &err);
	assert_no_err(&err);
	assert_int_equal(diskvault_rows(&bench->vault, &err), 300);
	assert_int_equal(
	    diskvault_open(&bench->vault, bench->disk, "disk", &err), 0);
	assert_int_equal(diskvault_rows(&bench->vault, &err), 300);
}

/* Sorting and statement journals would spill to files elsewhere. */
static void
large_work_needs_no_temporary_file(void **state)
{
	struct bench *bench = *state;
	struct err err = { 0 };

	db_exec(bench->vault.db,
	    "PRAGMA cache_size=10;"
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
	    " WHERE i < 20000) INSERT INTO other"
	    " SELECT hex(randomblob(20)), i FROM n;"
	    "CREATE INDEX j ON other (b, a);"
	    "UPDATE other SET a = b || a WHERE b % 2;"
	    "CREATE TABLE sorted AS SELECT * FROM other ORDER BY a, b DESC;",
	    &err);
	assert_no_err(&err);
	assert_int_equal(diskvault_rows(&bench->vault, &err), 0);
}

static bool
contains(const struct memfile *file, const char *text)
{
	return memmem(file->data, file->size, text, strlen(text)) != NULL;
}

static void
no_text_is_on_the_disk(void **state)
{
	struct bench *bench = *state;
	struct err err = { 0 };
	const struct memfile *wal, *db;

	assert_int_equal(diskvault_add(&bench->vault, 1, 100, &err), 0);
	wal = memdisk_file(bench->disk, DISKVAULT_WAL);
	db = memdisk_file(bench->disk, DISKVAULT_PATH);
	assert_true(wal->size > 5 * FRAME_BYTES);
	assert_false(contains(wal, "Plain"));
	db_exec(bench->vault.db, "PRAGMA wal_checkpoint(FULL)", &err);
	assert_no_err(&err);
	assert_true(db->size > 5 * VAULT_PAGE_BYTES);
	assert_false(contains(db, "Plain"));
	assert_false(contains(db, "SQLite format"));
	assert_false(contains(db, "CREATE"));
}

/* SQLite's own running checksum, over clear frames. */
static void
sum_on(uint32_t sum[2], const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i += 8) {
		sum[0] += load_le32(bytes + i) + sum[1];
		sum[1] += load_le32(bytes + i + 4) + sum[0];
	}
}

static void
the_checksums_of_the_log_say_nothing_of_the_pages(void **state)
{
	struct bench *bench = *state;
	struct err err = { 0 };
	const struct vfs *vfs = bench->vault.vfs;
	const struct memfile *wal;
	uint8_t frame[FRAME_BYTES], clear[VAULT_PAGE_BYTES];
	uint32_t sum[2];
	size_t frames = 0;

	for (long row = 1; row <= 20; row++)
		diskvault_add(&bench->vault, row, row, &err);
	wal = memdisk_file(bench->disk, DISKVAULT_WAL);
	sum[0] = load_be32(wal->data + WAL_SUM_AT);
	sum[1] = load_be32(wal->data + WAL_SUM_AT + 4);
	for (size_t at = WAL_HEADER_BYTES; at < wal->size; at += FRAME_BYTES) {
		const uint8_t *raw = wal->data + at;
		struct place place;

		memcpy(frame, raw, sizeof(frame));
		wal_place(vfs, frame, (uint32_t)++frames, &place);
		assert_int_equal(
		    page_open(vfs, &place, frame + FRAME_HEADER_BYTES, clear),
		    0);
		sum_on(sum, frame, 8);
		sum_on(sum, clear, sizeof(clear));
		assert_int_not_equal(load_be32(raw + FRAME_SUM_AT), sum[0]);
		assert_int_not_equal(load_be32(raw + FRAME_SUM_AT + 4), sum[1]);
		frame_mask(vfs, frame + FRAME_HEADER_BYTES, frame);
		assert_int_equal(load_be32(frame + FRAME_SUM_AT), sum[0]);
		assert_int_equal(load_be32(frame + FRAME_SUM_AT + 4), sum[1]);
	}
	assert_true(frames >= 20);
}

/* The same page written twice never looks the same, nor has one nonce. */
static void
a_page_is_sealed_anew_each_time(void **state)
{
	struct bench *bench = *state;
	const struct place place = { .kind = PLACE_DB, .page = 7 };
	uint8_t clear[VAULT_PAGE_BYTES] = { 0 }, one[VAULT_PAGE_BYTES],
		other[VAULT_PAGE_BYTES];

	page_seal(bench->vault.vfs, &place, clear, one);
	page_seal(bench->vault.vfs, &place, clear, other);
	assert_memory_not_equal(one, other, 64);
	assert_memory_not_equal(
	    one + PAGE_CLEAR_BYTES, other + PAGE_CLEAR_BYTES, AEAD_NONCE_BYTES);
}

/* Opens a page only where it was sealed for. */
static void
a_page_is_bound_to_its_place(void **state)
{
	static const struct place right = { PLACE_WAL, 7, 3, 9, { 1, 2 } };
	const struct place wrong[] = { { PLACE_DB, 7, 3, 9, { 1, 2 } },
		{ PLACE_WAL, 8, 3, 9, { 1, 2 } },
		{ PLACE_WAL, 7, 4, 9, { 1, 2 } },
		{ PLACE_WAL, 7, 3, 0, { 1, 2 } },
		{ PLACE_WAL, 7, 3, 9, { 1, 3 } } };
	struct bench *bench = *state;
	uint8_t clear[VAULT_PAGE_BYTES] = { 0 }, sealed[VAULT_PAGE_BYTES];

	page_seal(bench->vault.vfs, &right, clear, sealed);
	assert_int_equal(page_open(bench->vault.vfs, &right, sealed, clear), 0);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(
		    page_open(bench->vault.vfs, &wrong[i], sealed, clear), -1);
	bench->vault.vfs->header.id[0] ^= 1;
	assert_int_equal(
	    page_open(bench->vault.vfs, &right, sealed, clear), -1);
	bench->vault.vfs->header.id[0] ^= 1;
}

static void
partial_reads_and_gaps_are_whole_pages_below(void **state)
{
	struct bench *bench = *state;
	struct vfs *vfs = bench->vault.vfs;
	sqlite3_file *file = &vfs->db->base;
	uint8_t page[VAULT_PAGE_BYTES], part[2 * VAULT_PAGE_BYTES];
	sqlite3_int64 size;

	vfs_db_methods.xRead(file, page, VAULT_PAGE_BYTES, 0);
	assert_memory_equal(page, "SQLite format 3", 16);
	assert_int_equal(vfs_db_methods.xRead(file, part, 16, 24), SQLITE_OK);
	assert_memory_equal(part, page + 24, 16);
	assert_int_equal(vfs_db_methods.xRead(file, part, 100, 0), SQLITE_OK);
	assert_int_equal(part[20], VAULT_RESERVE_BYTES);

	memset(page, 0, sizeof(page));
	memset(page, 'x', PAGE_CLEAR_BYTES);
	assert_int_equal(vfs_db_methods.xFileSize(file, &size), SQLITE_OK);
	assert_int_equal(vfs_db_methods.xWrite(file, page, sizeof(page),
			     size + 3 * VAULT_PAGE_BYTES),
	    SQLITE_OK);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(
		    vfs_db_methods.xRead(file, part, VAULT_PAGE_BYTES,
			size + i * VAULT_PAGE_BYTES),
		    SQLITE_OK);
		assert_int_equal(part[0], i < 3 ? 0 : 'x');
	}
	/* Past the end: zeroes, and SQLite is told. */
	assert_int_equal(vfs_db_methods.xRead(file, part, sizeof(part),
			     size + 3 * VAULT_PAGE_BYTES),
	    SQLITE_IOERR_SHORT_READ);
	assert_int_equal(part[0], 'x');
	assert_int_equal(part[VAULT_PAGE_BYTES], 0);
	assert_int_equal(vfs_db_methods.xTruncate(file, size), SQLITE_OK);
}

static void
a_page_that_uses_the_reserve_is_refused(void **state)
{
	struct bench *bench = *state;
	sqlite3_file *file = &bench->vault.vfs->db->base;
	uint8_t page[VAULT_PAGE_BYTES] = { 0 };

	page[VAULT_PAGE_BYTES - 1] = 1;
	assert_int_equal(
	    vfs_db_methods.xWrite(file, page, sizeof(page), VAULT_PAGE_BYTES),
	    SQLITE_IOERR_WRITE);
	page[VAULT_PAGE_BYTES - 1] = 0;
	assert_int_equal(vfs_db_methods.xWrite(file, page, sizeof(page), 0),
	    SQLITE_READONLY); /* a first page without our layout */
	assert_int_equal(
	    vfs_db_methods.xWrite(file, page, 512, 4096), SQLITE_IOERR_WRITE);
}

static void
hints_that_would_leave_zeroes_are_swallowed(void **state)
{
	struct bench *bench = *state;
	sqlite3_file *file = &bench->vault.vfs->db->base;
	const size_t before = memdisk_file(bench->disk, DISKVAULT_PATH)->size;
	sqlite3_int64 hint = 1 << 20;
	int chunk = 1 << 20;

	assert_int_equal(
	    vfs_db_methods.xFileControl(file, SQLITE_FCNTL_SIZE_HINT, &hint),
	    SQLITE_OK);
	assert_int_equal(
	    vfs_db_methods.xFileControl(file, SQLITE_FCNTL_CHUNK_SIZE, &chunk),
	    SQLITE_OK);
	assert_int_equal(
	    memdisk_file(bench->disk, DISKVAULT_PATH)->size, before);
	assert_int_equal(vfs_db_methods.iVersion, 1);
	assert_int_equal(vfs_wal_methods.iVersion, 1);
	assert_int_equal(vfs_db_methods.xDeviceCharacteristics(file),
	    SQLITE_IOCAP_POWERSAFE_OVERWRITE);
}

/* Another database's raw pages have no room for nonce and tag. */
static void
a_backup_from_a_plain_database_is_refused(void **state)
{
	struct bench *bench = *state;
	struct err err = { 0 };
	sqlite3 *plain = NULL, *handle = NULL;
	sqlite3_backup *backup;

	diskvault_add(&bench->vault, 1, 10, &err);
	diskvault_close(&bench->vault);
	diskvault_open(&bench->vault, bench->disk, "disk", &err);
	db_close(bench->vault.db);
	bench->vault.db = NULL;
	sqlite3_open_v2(DISKVAULT_PATH, &handle, SQLITE_OPEN_READWRITE,
	    vfs_name(bench->vault.vfs));
	assert_int_equal(
	    sqlite3_exec(handle, vfs_setup_open, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_open(":memory:", &plain);
	sqlite3_exec(plain, "CREATE TABLE x (y)", NULL, NULL, NULL);
	backup = sqlite3_backup_init(handle, "main", plain, "main");
	assert_non_null(backup);
	assert_int_not_equal(sqlite3_backup_step(backup, -1), SQLITE_DONE);
	sqlite3_backup_finish(backup);
	sqlite3_close(plain);
	sqlite3_close(handle);
	assert_int_equal(
	    diskvault_open(&bench->vault, bench->disk, "disk", &err), 0);
	assert_int_equal(diskvault_rows(&bench->vault, &err), 10);
}

#define VFS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VFS_TEST(what_would_undo_the_protection_is_refused),
		VFS_TEST(the_rules_hold_for_any_connection),
		VFS_TEST(no_vault_grows_to_2_to_the_25_pages),
		VFS_TEST(no_other_file_can_be_opened),
		VFS_TEST(the_first_file_can_only_be_the_vault),
		VFS_TEST(a_vacuum_keeps_all_rows_and_opens_no_file),
		VFS_TEST(large_work_needs_no_temporary_file),
		VFS_TEST(no_text_is_on_the_disk),
		VFS_TEST(the_checksums_of_the_log_say_nothing_of_the_pages),
		VFS_TEST(a_page_is_sealed_anew_each_time),
		VFS_TEST(a_page_is_bound_to_its_place),
		VFS_TEST(partial_reads_and_gaps_are_whole_pages_below),
		VFS_TEST(a_page_that_uses_the_reserve_is_refused),
		VFS_TEST(hints_that_would_leave_zeroes_are_swallowed),
		VFS_TEST(a_backup_from_a_plain_database_is_refused),
	};
	struct err err = { 0 };

	if (crypto_init(&err) != 0)
		return 1;
	return RUN_TESTS(tests);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Vaults that earlier versions made (tests/fixtures/vaults) open in this one
 * and hold what they held; whatever interrupts that, they are as before it or
 * as after it.
 */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/setup.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/progress.h"
#include "inspections/inspection.h"
#include "storage/db_internal.h"
#include "storage/log.h"
#include "storage/log_internal.h"
#include "storage/vault_header.h"
#include "storage/vault_internal.h"
#include "storage/vault_slots.h"
#include "storage/vfs.h"
#include "tests/memdisk.h"

#define DISK_PATH "/v"
#define DISK_WAL "/v-wal"

enum { PROJECTORS_MAX = 16, CUTS = 2, FURTHER = 2 };

struct fixture {
	const char *name;
	int64_t version; /* of its schema */
	uint64_t events;
	const char *head;
	int statements, sites, inspections, answers;
};

static const struct fixture fixtures[] = {
	{ "v1-supervisor", 1, 11,
	    "c328b7d8f236cd349adfa2a8f5c09c7d"
	    "b5ffe9bd0a84184fe0c2d6c84a9356db",
	    15, 2, 1, 4 },
	{ "v1-killed", 1, 15,
	    "49152d6718762f529d4ae634b031c346"
	    "f9b1b717403d4506fb8ed5b5772bb41e",
	    14, 4, 2, 5 },
};

/* ---- what a later version might bring ---- */

static int
fill(struct vault *vault, const char *subject, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "INSERT OR REPLACE INTO made_up (subject, events)"
	    " SELECT ?1, count(*) FROM event WHERE subject = ?1",
	    err);

	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	return db_run(query, err);
}

static const char *const made_up_tables[] = { "made_up", NULL };

static const struct projector made_up = {
	.name = "made up",
	.schema = "CREATE TABLE made_up (subject TEXT PRIMARY KEY NOT NULL,"
		  " events INTEGER NOT NULL) STRICT, WITHOUT ROWID;",
	.tables = made_up_tables,
	.project = fill,
};

static const struct projector made_up_later = {
	.name = "made up",
	.schema = "CREATE TABLE made_up (subject TEXT PRIMARY KEY NOT NULL,"
		  " later TEXT, events INTEGER NOT NULL) STRICT;"
		  "CREATE INDEX made_up_later ON made_up (later);",
	.tables = made_up_tables,
	.project = fill,
};

static const char *const further[FURTHER] = {
	"ALTER TABLE event ADD COLUMN later INTEGER;"
	"CREATE TABLE later (n INTEGER PRIMARY KEY, head BLOB NOT NULL) STRICT;"
	"INSERT INTO later SELECT id, head FROM event;",
	"CREATE INDEX later_head ON later (head);",
};

static const char *later_migrations[32];
static struct schema later_schema = { later_migrations, 0 };
static const struct schema *own_schema;

/* Migrations of this program and the made-up ones, which count as versions. */
static void
go_to_later_version(void)
{
	static char *texts[FURTHER];
	size_t n = own_schema->count;

	memcpy(later_migrations, own_schema->migrations,
	    n * sizeof(*later_migrations));
	for (size_t i = 0; i < FURTHER; i++, n++) {
		free(texts[i]);
		texts[i] = xasprintf(
		    "%s PRAGMA user_version = %zu;", further[i], n + 1);
		later_migrations[n] = texts[i];
	}
	later_schema.count = n;
	schema_of_program = &later_schema;
}

static const struct vault_options *
options_with(const struct projector *more)
{
	static const struct projector *list[PROJECTORS_MAX];
	static struct vault_options options = { .projectors = list };
	const struct projector *const *own = setup_vault_options()->projectors;
	size_t count = 0;

	while (own[count]) {
		list[count] = own[count];
		count++;
	}
	list[count++] = more;
	list[count] = NULL;
	options.progress = NULL;
	return &options;
}

/* ---- a fixture on a disk in memory ---- */

static struct memdisk *disk, *image, *start;
static struct secret *key;

static bool
put_file(const char *from, const char *to)
{
	struct buf bytes = BUF_INIT;
	struct err err = { 0 };

	bytes.max = 16 << 20;
	if (!file_exists(from))
		return false;
	assert_int_equal(file_read(from, &bytes, &err), 0);
	memdisk_put(start, to, bytes.data, bytes.len);
	buf_release(&bytes);
	return true;
}

static void
load(const struct fixture *fixture)
{
	struct secret *phrase =
	    secret_take((char[]){ "open sesame" }, 11, true);
	char *name = xasprintf("tests/fixtures/vaults/%s", fixture->name);
	char *path = xstrdup(test_source(name));
	char *wal = xasprintf("%s-wal", path);
	char *folder = test_folder(), *copy = file_join(folder, "v");
	struct vault_unlocked unlocked;
	struct err err = { 0 };
	struct buf bytes = BUF_INIT;

	bytes.max = 16 << 20;
	memdisk_remove(start, DISK_WAL);
	assert_true(put_file(path, DISK_PATH));
	put_file(wal, DISK_WAL);
	/* The source tree may be one that nobody can write to. */
	assert_int_equal(file_read(path, &bytes, &err), 0);
	assert_int_equal(
	    file_write(copy, bytes.data, bytes.len, 0600, &err), 0);
	assert_int_equal(
	    vault_unlock(copy, SLOT_PASSPHRASE, phrase, &unlocked, &err), 0);
	close(unlocked.lock);
	secret_free(key);
	key = unlocked.key;
	buf_release(&bytes);
	secret_free(phrase);
	free(copy);
	free(folder);
	free(wal);
	free(path);
	free(name);
}

static void
read_header(struct memdisk *of, struct vault_header *header)
{
	const struct memfile *file = memdisk_file(of, DISK_PATH);
	struct secret *mac = vault_header_key(key);
	struct vault_copies copies;
	struct err err = { 0 };
	size_t i = 0;

	assert_int_equal(vault_header_read(&copies, file->data,
			     VAULT_HEADER_BYTES, "v", &err),
	    0);
	while (i < copies.count &&
	    !vault_copy_is_genuine(copies.bytes[i], mac->data))
		i++;
	assert_true(i < copies.count);
	*header = copies.headers[i];
	secret_free(mac);
}

static struct vault *
open_on(
    struct memdisk *of, const struct vault_options *options, struct err *err)
{
	struct vault_header header;

	memdisk_use(of);
	read_header(of, &header);
	return vault_open_key(DISK_PATH, -1, &header, key, options, err);
}

/* ---- what it must hold ---- */

static int64_t
count(struct vault *vault, const char *sql)
{
	struct err err = { 0 };
	struct db_query *query = db_query_new(vault->db, sql, &err);
	int64_t number;

	assert_non_null(query);
	assert_int_equal(db_step(query, &err), 1);
	number = db_int(query, 0);
	db_query_free(query);
	return number;
}

static void
assert_held(struct vault *vault, const struct fixture *fixture)
{
	const struct vault_head head = vault_head(vault);
	struct hash kept, made;
	struct err err = { 0 };
	char hex[HASH_HEX_MAX];

	hash_to_hex(&head.hash, hex);
	assert_int_equal(head.count, fixture->events);
	assert_string_equal(hex, fixture->head);
	assert_int_equal(count(vault, "SELECT count(*) FROM statement"),
	    fixture->statements);
	assert_int_equal(
	    count(vault, "SELECT count(*) FROM site"), fixture->sites);
	assert_int_equal(count(vault, "SELECT count(*) FROM inspection"),
	    fixture->inspections);
	assert_int_equal(count(vault, "SELECT sum(answered) FROM inspection"),
	    fixture->answers);
	assert_int_equal(count(vault,
			     "SELECT count(*) FROM pragma_integrity_"
			     "check WHERE integrity_check <> 'ok'"),
	    0);
	assert_int_equal(projection_digest(vault, &kept, &err), 0);
	assert_int_equal(projection_run_all(vault, &err), 0);
	assert_int_equal(projection_digest(vault, &made, &err), 0);
	assert_true(hash_equal(&kept, &made));
}

static void
every_earlier_vault_opens_and_holds_what_it_held(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fixtures); i++) {
		struct err err = { 0 };
		struct vault *vault;

		load(&fixtures[i]);
		memdisk_copy(disk, start);
		vault = open_on(disk, setup_vault_options(), &err);
		assert_no_err(&err);
		assert_held(vault, &fixtures[i]);
		assert_int_equal(
		    count(vault, "PRAGMA user_version"), own_schema->count);
		vault_close(vault);
		vault = open_on(disk, setup_vault_options(), &err);
		assert_no_err(&err);
		assert_held(vault, &fixtures[i]);
		vault_close(vault);
	}
}

/* ---- interrupted ---- */

static const struct fixture *looked_at;
static long points, befores, afters;

/*
 * Looks at what lies there without bringing it up to date: both versions are
 * those of before, or both are those of after.
 */
static void
assert_before_or_after(struct memdisk *of)
{
	struct vault bare = { 0 };
	struct vault_header header;
	struct err err = { 0 };
	int64_t version, projected;

	memdisk_use(of);
	read_header(of, &header);
	bare.vfs = vfs_new(DISK_PATH, &header, key, NULL, false);
	bare.db = db_open(DISK_PATH, vfs_name(bare.vfs), vfs_setup_open, &err);
	assert_no_err(&err);
	version = count(&bare, "PRAGMA user_version");
	projected = count(
	    &bare, "SELECT count(*) FROM setting WHERE key = 'projection'");
	if (version == looked_at->version) {
		assert_int_equal(projected, 0);
		befores++;
	} else {
		assert_int_equal(version, later_schema.count);
		assert_int_equal(projected, 1);
		afters++;
	}
	db_close(bare.db);
	vfs_free(bare.vfs);
}

static void
assert_opens(struct memdisk *of)
{
	struct err err = { 0 };
	struct vault *vault;

	assert_before_or_after(of);
	vault = open_on(of, options_with(&made_up), &err);
	assert_no_err(&err);
	assert_held(vault, looked_at);
	assert_int_equal(
	    count(vault, "SELECT sum(events) FROM made_up"), looked_at->events);
	assert_int_equal(
	    count(vault, "SELECT count(*) FROM later"), looked_at->events);
	vault_close(vault);
}

static void
at_each_point(void *arg)
{
	uint64_t *random = arg;

	points++;
	memdisk_copy(image, disk);
	assert_opens(image);
	for (int i = 0; i < CUTS; i++) {
		memdisk_crash(image, disk, random);
		assert_opens(image);
	}
	memdisk_use(disk);
}

static void
an_interrupted_migration_is_before_or_after(void **state)
{
	uint64_t random = 20261123;

	(void)state;
	go_to_later_version();
	for (size_t i = 0; i < ARRAY_LEN(fixtures); i++) {
		struct err err = { 0 };
		struct vault *vault;

		load(&fixtures[i]);
		looked_at = &fixtures[i];
		memdisk_copy(disk, start);
		memdisk_watch(disk, at_each_point, &random);
		vault = open_on(disk, options_with(&made_up), &err);
		assert_no_err(&err);
		vault_close(vault);
		memdisk_watch(disk, NULL, NULL);
		assert_opens(disk);
	}
	assert_true(points > 20 && befores > 20 && afters > 5);
}

static void
a_failing_disk_leaves_it_before_or_after(void **state)
{
	static const enum memdisk_fault faults[] = { FAULT_IO, FAULT_FULL };

	(void)state;
	go_to_later_version();
	for (size_t i = 0; i < 2 * ARRAY_LEN(fixtures); i++) {
		bool failed = true;

		looked_at = &fixtures[i / 2];
		load(looked_at);
		for (long at = 1; failed; at++) {
			struct err err = { 0 };
			struct vault *vault;

			memdisk_copy(disk, start);
			memdisk_fail(disk, faults[i % 2], at, at % 2 == 0);
			vault = open_on(disk, options_with(&made_up), &err);
			assert_true(vault || err.msg[0]);
			vault_close(vault);
			failed = memdisk_calls(disk) >= at;
			memdisk_fail(disk, FAULT_NONE, 0, false);
			assert_opens(disk);
		}
	}
}

struct stopping {
	int left, steps;
};

static int
step(void *arg, uint64_t done, uint64_t total)
{
	struct stopping *stopping = arg;

	assert_true(total > 0 && done < total);
	stopping->steps++;
	return stopping->left-- == 0;
}

static void
one_that_is_stopped_stays_as_it_was(void **state)
{
	struct stopping stopping = { 0 };
	const struct progress progress = { step, &stopping };

	(void)state;
	go_to_later_version();
	looked_at = &fixtures[0];
	load(looked_at);
	memdisk_copy(disk, start);
	for (int at = 0; at < 3; at++) {
		struct vault_options options = *options_with(&made_up);
		struct err err = { 0 };

		stopping.left = at;
		options.progress = &progress;
		assert_null(open_on(disk, &options, &err));
		assert_int_equal(err.code, ERR_CANCELLED);
		befores = 0;
		memdisk_copy(image, disk);
		assert_before_or_after(image);
		assert_int_equal(befores, 1);
	}
	assert_opens(disk);
}

/* ---- other versions ---- */

static void
projected_tables_follow_their_projectors(void **state)
{
	struct err err = { 0 };
	struct vault *vault;

	(void)state;
	load(&fixtures[0]);
	memdisk_copy(disk, start);
	vault = open_on(disk, options_with(&made_up), &err);
	assert_no_err(&err);
	vault_close(vault);
	vault = open_on(disk, options_with(&made_up_later), &err);
	assert_no_err(&err);
	assert_int_equal(count(vault, "SELECT sum(events) FROM made_up"),
	    fixtures[0].events);
	assert_int_equal(
	    count(vault, "SELECT count(*) FROM made_up WHERE later IS NULL"),
	    count(vault, "SELECT count(*) FROM made_up"));
	vault_close(vault);
	/* A program that does not know the projector takes its table away. */
	vault = open_on(disk, setup_vault_options(), &err);
	assert_no_err(&err);
	assert_held(vault, &fixtures[0]);
	assert_int_equal(count(vault,
			     "SELECT count(*) FROM sqlite_schema"
			     " WHERE name LIKE 'made_up%'"),
	    0);
	vault_close(vault);
}

static void
nothing_is_projected_anew_when_nothing_changed(void **state)
{
	struct stopping stopping = { 1000, 0 };
	const struct progress progress = { step, &stopping };
	struct vault_options options = *setup_vault_options();
	struct err err = { 0 };

	(void)state;
	options.progress = &progress;
	load(&fixtures[0]);
	memdisk_copy(disk, start);
	vault_close(open_on(disk, &options, &err));
	assert_true(stopping.steps > 0);
	stopping.steps = 0;
	vault_close(open_on(disk, &options, &err));
	assert_no_err(&err);
	assert_int_equal(stopping.steps, 0);
}

static void
a_vault_of_a_later_version_is_refused_untouched(void **state)
{
	struct memfile *before, *after;
	struct err err = { 0 };

	(void)state;
	load(&fixtures[0]);
	go_to_later_version();
	memdisk_copy(disk, start);
	vault_close(open_on(disk, options_with(&made_up), &err));
	assert_no_err(&err);
	schema_of_program = own_schema;
	memdisk_copy(image, disk);
	assert_null(open_on(disk, setup_vault_options(), &err));
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	before = memdisk_file(image, DISK_PATH);
	after = memdisk_file(disk, DISK_PATH);
	assert_int_equal(before->size, after->size);
	assert_memory_equal(before->data, after->data, before->size);
}

static int
set_up(void **state)
{
	(void)state;
	disk = memdisk_new("disk");
	image = memdisk_new("image");
	start = memdisk_new("start");
	own_schema = schema_of_program;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	schema_of_program = own_schema;
	memdisk_free(disk);
	memdisk_free(image);
	memdisk_free(start);
	return 0;
}

int
main(void)
{
#define MIGRATION_TEST(function) \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		MIGRATION_TEST(
		    every_earlier_vault_opens_and_holds_what_it_held),
		MIGRATION_TEST(an_interrupted_migration_is_before_or_after),
		MIGRATION_TEST(a_failing_disk_leaves_it_before_or_after),
		MIGRATION_TEST(one_that_is_stopped_stays_as_it_was),
		MIGRATION_TEST(projected_tables_follow_their_projectors),
		MIGRATION_TEST(nothing_is_projected_anew_when_nothing_changed),
		MIGRATION_TEST(a_vault_of_a_later_version_is_refused_untouched),
	};
	struct err err = { 0 };

	if (crypto_init(&err) < 0)
		return 1;
	return RUN_TESTS(tests);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "storage/db.h"
#include "tests/diskvault.h"

/*
 * After every single write, truncation, sync and deletion of a workload: what
 * a kill -9 leaves, and some of what a power cut may leave.  Each such disk
 * must open, hold every row that was acknowledged, and take new ones.
 *
 * RONDE_TEST_CRASH_ROUNDS asks for more than the few thousand disks of
 * everyday.
 */
struct crash {
	struct memdisk *disk, *image;
	uint64_t random;
	long acknowledged, under_way; /* rows */
	long images, failures;
	int per_point;
};

static void
report(struct crash *crash, const char *what, const struct err *err)
{
	crash->failures++;
	if (crash->failures <= 10)
		print_message("image %ld, rows %ld to %ld: %s: %s\n",
		    crash->images, crash->acknowledged, crash->under_way, what,
		    err->msg);
}

static void
check_image(struct crash *crash)
{
	struct diskvault vault;
	struct err err = { 0 };
	long rows;

	crash->images++;
	if (diskvault_open(&vault, crash->image, "image", &err) != 0) {
		report(crash, "does not open", &err);
		return;
	}
	rows = diskvault_rows(&vault, &err);
	if (rows != crash->acknowledged && rows != crash->under_way) {
		snprintf(err.msg + strlen(err.msg),
		    sizeof(err.msg) - strlen(err.msg), " (%ld rows)", rows);
		report(crash, "wrong rows", &err);
	} else if (diskvault_add(&vault, rows + 1, rows + 2, &err) != 0) {
		report(crash, "takes no new row", &err);
	}
	diskvault_close(&vault);
	if (diskvault_open(&vault, crash->image, "image", &err) != 0)
		report(crash, "does not open again", &err);
	else if (diskvault_rows(&vault, &err) != rows + 2)
		report(crash, "lost what was added", &err);
	diskvault_close(&vault);
}

static void
at_each_point(void *arg)
{
	struct crash *crash = arg;

	memdisk_copy(crash->image, crash->disk);
	check_image(crash);
	for (int i = 0; i < crash->per_point; i++) {
		memdisk_crash(crash->image, crash->disk, &crash->random);
		check_image(crash);
	}
}

/* Pages that come and go, and frames that are written twice. */
static void
churn(struct crash *crash, struct diskvault *vault, bool keep)
{
	struct err err = { 0 };

	db_begin(vault->db, &err);
	db_exec(vault->db,
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
	    " WHERE i < 120) INSERT INTO other"
	    " SELECT hex(randomblob(40)), hex(randomblob(90)) FROM n;"
	    "SAVEPOINT s; DELETE FROM other WHERE a < '8';"
	    "UPDATE other SET b = hex(randomblob(70)) WHERE a > 'C';",
	    &err);
	assert_no_err(&err);
	if (random_next(&crash->random) & 1)
		db_exec(vault->db, "ROLLBACK TO s;", &err);
	assert_no_err(&err);
	if (keep)
		assert_int_equal(db_commit(vault->db, &err), 0);
	else
		db_rollback(vault->db);
}

static void
work(struct crash *crash, int steps)
{
	struct diskvault vault;
	struct err err = { 0 };

	diskvault_open(&vault, crash->disk, "disk", &err);
	assert_no_err(&err);
	/* Few pages in memory spill; short logs start over often. */
	db_exec(vault.db, "PRAGMA cache_size=10; PRAGMA wal_autocheckpoint=25;",
	    &err);
	assert_no_err(&err);
	for (int i = 0; i < steps; i++) {
		const uint64_t dice = random_next(&crash->random) % 10;

		crash->under_way = crash->acknowledged + 1 + (long)(dice % 3);
		assert_int_equal(diskvault_add(&vault, crash->acknowledged + 1,
				     crash->under_way, &err),
		    0);
		crash->acknowledged = crash->under_way;
		if (dice == 9)
			churn(crash, &vault, true);
		if (dice == 8)
			churn(crash, &vault, false);
		if (dice == 6)
			db_exec(vault.db, "DELETE FROM other; VACUUM;", &err);
		if (dice == 7)
			db_exec(
			    vault.db, "PRAGMA wal_checkpoint(TRUNCATE);", &err);
		assert_no_err(&err);
	}
	diskvault_close(&vault);
}

static void
run(uint64_t seed, int per_point, long *images, long *failures)
{
	struct crash crash = { .random = seed, .per_point = per_point };

	crash.disk = memdisk_new("disk");
	crash.image = memdisk_new("image");
	diskvault_make(crash.disk, "disk");
	memdisk_watch(crash.disk, at_each_point, &crash);
	for (int session = 0; session < 3; session++)
		work(&crash, 6);
	memdisk_free(crash.disk);
	memdisk_free(crash.image);
	*images += crash.images;
	*failures += crash.failures;
}

static void
no_acknowledged_row_is_lost_whenever_the_power_goes(void **state)
{
	const char *asked = getenv("RONDE_TEST_CRASH_ROUNDS");
	const int rounds = asked ? atoi(asked) : 2;
	long images = 0, failures = 0;

	(void)state;
	for (int round = 0; round < rounds; round++)
		run(0x9e3779b97f4a7c15 + (uint64_t)round * 7919, 3, &images,
		    &failures);
	print_message("%ld crash images, %ld failures\n", images, failures);
	assert_true(images > 1000 * rounds);
	assert_int_equal(failures, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_acknowledged_row_is_lost_whenever_the_power_goes),
	};
	struct err err = { 0 };

	if (crypto_init(&err) != 0)
		return 1;
	return RUN_TESTS(tests);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "storage/db.h"
#include "tests/diskvault.h"

/*
 * The disk is full, or fails, at the n-th call that writes: the row under way
 * is refused with the reason, those before it stay, and when the disk is well
 * again so is the vault.
 */
enum { BEFORE = 10, AFTER = 120 };

struct fault {
	enum memdisk_fault kind;
	bool persistent;
	enum err_code code;
};

static void
open_vault(struct diskvault *vault, struct memdisk *disk)
{
	struct err err = { 0 };

	diskvault_open(vault, disk, "disk", &err);
	assert_no_err(&err);
	db_exec(vault->db, "PRAGMA wal_autocheckpoint=8", &err);
	assert_no_err(&err);
}

/* Adds rows until a call has failed for good; gives the acknowledged ones. */
static long
work(struct diskvault *vault, const struct fault *fault, long *refused)
{
	long row = BEFORE;
	int tries = 0;

	while (row < AFTER && tries < 3) {
		struct err err = { 0 };

		if (diskvault_add(vault, row + 1, row + 1, &err) == 0) {
			row++;
			continue;
		}
		tries++;
		++*refused;
		if (err.code != fault->code)
			fail_msg("row %ld: %s", row + 1, err.msg);
	}
	return row;
}

/* False when the work ended before its n-th call. */
static bool
try_at(struct memdisk *start, const struct fault *fault, long at, long *refused)
{
	struct memdisk *disk = memdisk_new("disk");
	struct diskvault vault;
	struct err err = { 0 };
	long acknowledged, rows;
	bool reached;

	memdisk_copy(disk, start);
	open_vault(&vault, disk);
	memdisk_fail(disk, fault->kind, at, fault->persistent);
	acknowledged = work(&vault, fault, refused);
	diskvault_close(&vault);
	reached = memdisk_calls(disk) >= at;
	memdisk_fail(disk, FAULT_NONE, 0, false);
	open_vault(&vault, disk);
	rows = diskvault_rows(&vault, &err);
	if (rows < acknowledged || rows > acknowledged + 1)
		fail_msg("call %ld: %ld rows acknowledged, %ld there: %s", at,
		    acknowledged, rows, err.msg);
	if (diskvault_add(&vault, rows + 1, rows + 3, &err) != 0)
		fail_msg("call %ld: %s", at, err.msg);
	diskvault_close(&vault);
	memdisk_free(disk);
	return reached;
}

static void
no_row_is_lost_when_any_one_call_fails(void **state)
{
	static const struct fault faults[] = {
		{ FAULT_FULL, false, ERR_FULL },
		{ FAULT_FULL, true, ERR_FULL },
		{ FAULT_IO, false, ERR_IO },
		{ FAULT_IO, true, ERR_IO },
	};
	struct memdisk *start = memdisk_new("start"), *disk;
	struct diskvault vault;
	struct err err = { 0 };
	long runs = 0, refused = 0;

	(void)state;
	disk = memdisk_new("disk");
	diskvault_make(disk, "disk");
	open_vault(&vault, disk);
	assert_int_equal(diskvault_add(&vault, 1, BEFORE, &err), 0);
	diskvault_close(&vault);
	memdisk_copy(start, disk);
	memdisk_free(disk);
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		long at = 1;

		while (try_at(start, &faults[i], at, &refused))
			at++;
		runs += at;
		assert_true(at > 200);
	}
	print_message("%ld runs, %ld rows refused\n", runs, refused);
	assert_true(refused > runs / 2);
	memdisk_free(start);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_row_is_lost_when_any_one_call_fails),
	};
	struct err err = { 0 };

	if (crypto_init(&err) != 0)
		return 1;
	return RUN_TESTS(tests);
}

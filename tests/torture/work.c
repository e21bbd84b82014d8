/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/torture/work.h"

#include <string.h>

#include "storage/db.h"
#include "storage/vault_internal.h"
#include "storage/vfs.h"

int
work_begin(struct vault *vault, struct err *err)
{
	return db_exec(vault->db,
	    "PRAGMA cache_size=10; PRAGMA wal_autocheckpoint=20;", err);
}

/* Writes the header as a changed code does; that slot is never opened. */
static int
change_slots(struct work *work, struct vault *vault, struct err *err)
{
	struct vault_slot slots[VAULT_SLOTS];
	struct vault_slot *last = &slots[VAULT_SLOTS - 1];

	memcpy(slots, vfs_header(vault->vfs)->slots, sizeof(slots));
	last->kind = SLOT_RECOVERY;
	for (size_t i = 0; i < sizeof(last->sealed); i++)
		last->sealed[i] = (uint8_t)random_next(&work->random);
	return vfs_set_slots(vault->vfs, slots, vault->path, err);
}

static int
between(struct work *work, struct vault *vault, uint64_t dice, struct err *err)
{
	struct db *db = vault->db;

	switch (dice) {
	case 0:
		return db_exec(db,
		    "BEGIN; DELETE FROM plain; UPDATE plain_sum SET n = 0,"
		    " len = 0; COMMIT; VACUUM;",
		    err);
	case 1: return db_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", err);
	case 2: return db_exec(db, "PRAGMA wal_checkpoint(PASSIVE)", err);
	case 3: return db_exec(db, "PRAGMA wal_checkpoint(RESTART)", err);
	case 4:
	case 5: return memvault_churn(vault, &work->random, true, err);
	case 6: return memvault_churn(vault, &work->random, false, err);
	case 7: return change_slots(work, vault, err);
	default: return 0;
	}
}

int
work_step(struct work *work, struct vault *vault, struct err *err)
{
	const uint64_t dice = random_next(&work->random) % 12;
	const long more = (long)(random_next(&work->random) % 3);

	work->under_way = work->acknowledged + 1 + more;
	if (memvault_append(
		vault, work->acknowledged + 1, work->under_way, err) != 0)
		return -1;
	work->acknowledged = work->under_way;
	return between(work, vault, dice, err);
}

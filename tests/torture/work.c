/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/torture/work.h"

#include "storage/db.h"
#include "storage/vault_internal.h"

int
work_begin(struct vault *vault, struct err *err)
{
	return db_exec(vault->db,
	    "PRAGMA cache_size=10; PRAGMA wal_autocheckpoint=20;", err);
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

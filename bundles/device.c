/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/device.h"

#include <stdbool.h>
#include <string.h>

#include "bundles/heads.h"
#include "storage/backup.h"
#include "storage/db.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/vault.h"

/* ---- backup ---- */

struct covering {
	const char *device;
	struct heads_lists lists;
	bool covered;
};

static int
look_at_chain(void *arg, const struct chain *chain, struct err *err)
{
	struct covering *covering = arg;
	struct heads_around around;

	(void)err;
	if (!covering->covered || strcmp(chain->device, covering->device) != 0)
		return 0;
	heads_lists_find(&covering->lists, chain->subject, &around);
	covering->covered = around.now.seq == chain->last &&
	    hash_equal(&around.now.head, &chain->head);
	return 0;
}

/* Does the last heads statement list every event of this device? */
static int
is_covered(struct vault *vault, bool *covered, struct err *err)
{
	struct covering covering = { .covered = true };
	struct hash last;
	int result;

	covering.device = identity_get(vault)->device;
	result = heads_last(vault, covering.device, &last, err);
	if (result > 0)
		result = heads_lists_load(
		    vault, covering.device, &last, &covering.lists, err);
	if (result >= 0)
		result = log_chains(vault, NULL, look_at_chain, &covering, err);
	heads_lists_release(&covering.lists);
	*covered = covering.covered;
	return result < 0 ? -1 : 0;
}

static int
cover(struct vault *vault, struct err *err)
{
	struct hash hash;
	bool covered;

	if (!identity_get(vault))
		return 0;
	if (is_covered(vault, &covered, err) < 0)
		return -1;
	if (covered)
		return 0;
	if (db_begin(vault_db(vault), err) < 0)
		return -1;
	if (heads_make(vault, HEADS_FOR_BACKUP, &hash, err) < 0) {
		db_rollback(vault_db(vault));
		return -1;
	}
	return db_commit(vault_db(vault), err);
}

int
device_backup(struct vault *vault, const char *path,
    const struct progress *progress, struct err *err)
{
	if (vault_backup_name(path, err) < 0 || cover(vault, err) < 0)
		return -1;
	return vault_backup(vault, path, progress, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "storage/blob.h"
#include "storage/db.h"
#include "storage/log.h"
#include "storage/log_internal.h"
#include "storage/vault_internal.h"

/*
 * Which projectors filled the tables.  A projector has no migrations: what it
 * made can be made again.  So the vault keeps one word, a digest over names,
 * versions and schemas, and where this program's differs all is made anew.
 *
 * The setting is "<digest> <table> <table> ...": a later program finds the
 * tables of a projector that it does not have any more.
 */
static const char key[] = "projection";

/* What storage/ makes itself of events and statements, and log_judge(). */
enum { CORE_VERSION = 1 };

static void
add_text(struct hasher *hasher, const char *text)
{
	hasher_add(hasher, text, strlen(text) + 1); /* with its NUL */
}

static void
add_number(struct hasher *hasher, int number)
{
	uint8_t bytes[8];

	store_le64(bytes, (uint64_t)number);
	hasher_add(hasher, bytes, sizeof(bytes));
}

/* What the setting has to be. */
static char *
describe(const struct projector *const *projectors)
{
	char hex[HASH_HEX_MAX];
	struct buf tables = BUF_INIT;
	struct hasher hasher;
	struct hash hash;
	char *text;

	hasher_begin(&hasher);
	add_text(&hasher, "ronde/projectors/1");
	add_number(&hasher, CORE_VERSION);
	for (; *projectors; projectors++) {
		const char *const *table = (*projectors)->tables;

		add_text(&hasher, (*projectors)->name);
		add_number(&hasher, (*projectors)->version);
		add_text(&hasher,
		    (*projectors)->schema ? (*projectors)->schema : "");
		for (; table && *table; table++)
			buf_addf(&tables, " %s", *table);
	}
	hash = hasher_end_hash(&hasher);
	hash_to_hex(&hash, hex);
	text = xasprintf("%s%s", hex, tables.len ? tables.data : "");
	buf_release(&tables);
	return text;
}

/* Every table that is named behind the digest. */
static int
drop_tables(struct db *db, const char *described, struct err *err)
{
	const char *name = strchr(described, ' ');
	int result = 0;

	while (result == 0 && name) {
		const size_t len = strcspn(++name, " ");
		char *sql =
		    xasprintf("DROP TABLE IF EXISTS \"%.*s\"", (int)len, name);

		result = db_exec(db, sql, err);
		free(sql);
		name = name[len] ? name + len : NULL;
	}
	return result;
}

static int
make_anew(struct vault *vault, const char *before, const char *now,
    const struct progress *progress, struct err *err)
{
	const struct projector *const *turn = vault->projectors;

	if ((before && drop_tables(vault->db, before, err) < 0) ||
	    drop_tables(vault->db, now, err) < 0)
		return -1;
	for (; *turn; turn++)
		if ((*turn)->schema &&
		    db_exec(vault->db, (*turn)->schema, err) < 0)
			return err_wrap(err, "%s", (*turn)->name);
	if (projection_run_all_telling(vault, progress, err) < 0)
		return -1;
	return setting_put(vault, key, now, err);
}

int
projection_update(
    struct vault *vault, const struct progress *progress, struct err *err)
{
	char *before = NULL, *now;
	int result = 0;

	if (!vault->projectors || !*vault->projectors)
		return 0;
	if (setting_read(vault, key, &before, err) < 0)
		return -1;
	now = describe(vault->projectors);
	if (!before || strcmp(before, now) != 0) {
		result = db_begin(vault->db, err);
		if (result == 0 &&
		    make_anew(vault, before, now, progress, err) < 0) {
			db_rollback(vault->db);
			result = -1;
		} else if (result == 0) {
			result = db_commit(vault->db, err);
		}
	}
	free(before);
	free(now);
	return result;
}

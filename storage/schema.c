/* SPDX-License-Identifier: Apache-2.0 */
#include "base/i18n.h"
#include "storage/db.h"
#include "storage/log_internal.h"

/*
 * The tables of storage/.  Invariants:
 *
 *  (1) PRAGMA user_version is the number of migrations that were applied.
 *  (2) Rows of `event` are only ever inserted, in order of `id`, and taken
 *      away only by a purge, which leaves the id and the hash of each in
 *      `purged`: the ids of both tables together have no gaps, none is in
 *      both, and the greatest is in `event` and is the number of events ever
 *      added.  An event that comes back gets an id of its own.
 *  (3) `head` of event n is the hash of `head` of event n - 1 (zeroes for the
 *      first) followed by the hash of event n, purged or not.
 *  (4) `chain`, `seen` and `roster` follow from events, statements and
 *      tombstones.
 *  (5) A tombstone stands for the events of one chain that went in one purge;
 *      `seq` and `head` are the end of the chain as it was held, `events` the
 *      number of its rows in `purged`.  It is never taken away: `ended` is
 *      the time when all of them were back, NULL while they are not.
 */

/* Migration n takes a vault from user_version n to n + 1; never edit one. */
static const char *const migrations[] = {
	/*
	 * An answer changes few pages: the event goes to the end of its table
	 * and into one index, which knows it by its chain and its hash; the
	 * vault's head stands in the same row, and so does the hash that the
	 * event names before it (NULL for none), so that chains are followed
	 * without reading lines.
	 */
	"CREATE TABLE event ("
	" id INTEGER PRIMARY KEY CHECK (id > 0),"
	" subject TEXT NOT NULL, device TEXT NOT NULL,"
	" seq INTEGER NOT NULL CHECK (seq > 0),"
	" hash BLOB NOT NULL CHECK (length(hash) = 32),"
	" prev BLOB CHECK (length(prev) = 32),"
	" kind TEXT NOT NULL,"
	" head BLOB NOT NULL CHECK (length(head) = 32),"
	" line BLOB NOT NULL,"
	" UNIQUE (subject, device, seq, hash)) STRICT;"

	/* The judgement on a chain (struct chain); status as in the enum. */
	"CREATE TABLE chain ("
	" subject TEXT NOT NULL, device TEXT NOT NULL,"
	" effective INTEGER NOT NULL, head BLOB NOT NULL,"
	" status INTEGER NOT NULL, reason TEXT NOT NULL,"
	" PRIMARY KEY (subject, device)) STRICT, WITHOUT ROWID;"

	"CREATE INDEX chain_device ON chain (device, subject);"

	/* What our events last said they had seen of others' chains. */
	"CREATE TABLE seen ("
	" subject TEXT NOT NULL, device TEXT NOT NULL,"
	" hash BLOB NOT NULL,"
	" PRIMARY KEY (subject, device)) STRICT, WITHOUT ROWID;"

	"CREATE TABLE statement ("
	" hash BLOB PRIMARY KEY NOT NULL, type TEXT NOT NULL,"
	" device TEXT NOT NULL, counter INTEGER, line BLOB NOT NULL) STRICT;"
	"CREATE INDEX statement_order"
	" ON statement (type, device, counter, hash);"

	/* digest is NULL only inside the transaction that adds the blob. */
	"CREATE TABLE blob ("
	" id INTEGER PRIMARY KEY, digest BLOB UNIQUE,"
	" size INTEGER NOT NULL) STRICT;"
	"CREATE TABLE blob_chunk ("
	" blob INTEGER NOT NULL, n INTEGER NOT NULL, bytes BLOB NOT NULL,"
	" PRIMARY KEY (blob, n)) STRICT;"
	"CREATE TABLE form (digest BLOB PRIMARY KEY NOT NULL)"
	" STRICT, WITHOUT ROWID;"
	"CREATE TABLE setting (key TEXT PRIMARY KEY NOT NULL,"
	" value TEXT NOT NULL) STRICT, WITHOUT ROWID;"

	"CREATE TABLE identity ("
	" id INTEGER PRIMARY KEY CHECK (id = 1),"
	" person TEXT NOT NULL, device TEXT NOT NULL, name TEXT NOT NULL,"
	" organisation TEXT NOT NULL, role TEXT NOT NULL,"
	" sign_key BLOB NOT NULL, sign_public BLOB NOT NULL,"
	" minisign_number BLOB NOT NULL, minisign_key BLOB NOT NULL,"
	" minisign_public BLOB NOT NULL, age_identity BLOB NOT NULL) STRICT;"

	"CREATE TABLE roster ("
	" device TEXT PRIMARY KEY NOT NULL, person TEXT NOT NULL,"
	" name TEXT NOT NULL, organisation TEXT NOT NULL,"
	" role INTEGER NOT NULL, trust INTEGER NOT NULL,"
	" sign_public BLOB NOT NULL, minisign_number BLOB NOT NULL,"
	" minisign_public BLOB NOT NULL, age_recipient BLOB NOT NULL,"
	" cut INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE INDEX roster_person ON roster (person, device);"

	"PRAGMA user_version = 1;",

	/*
	 * What a purge leaves: receipt is the statement that covered the
	 * subject and holder the device that gave it (NULL: none did), said
	 * the event of this device that tells others.
	 */
	"CREATE TABLE tombstone ("
	" id INTEGER PRIMARY KEY,"
	" subject TEXT NOT NULL, device TEXT NOT NULL,"
	" seq INTEGER NOT NULL CHECK (seq > 0),"
	" head BLOB NOT NULL CHECK (length(head) = 32),"
	" events INTEGER NOT NULL CHECK (events > 0),"
	" receipt BLOB CHECK (length(receipt) = 32), holder TEXT,"
	" reason TEXT NOT NULL, time INTEGER NOT NULL,"
	" said BLOB NOT NULL CHECK (length(said) = 32),"
	" ended INTEGER) STRICT;"
	"CREATE INDEX tombstone_chain ON tombstone (subject, device, seq);"

	/* id as it was in `event`. */
	"CREATE TABLE purged ("
	" id INTEGER PRIMARY KEY CHECK (id > 0),"
	" tombstone INTEGER NOT NULL, seq INTEGER NOT NULL,"
	" hash BLOB NOT NULL CHECK (length(hash) = 32)) STRICT;"
	"CREATE INDEX purged_place ON purged (tombstone, seq);"

	"PRAGMA user_version = 2;",

	/*
	 * The devices that this vault was before it was restored: the events
	 * of each with an id up to `until` were written or known here.  Of its
	 * keys only the one that opens what was sent to it is kept.
	 */
	"CREATE TABLE former ("
	" device TEXT PRIMARY KEY NOT NULL,"
	" until INTEGER NOT NULL, retired INTEGER NOT NULL,"
	" age_identity BLOB NOT NULL) STRICT, WITHOUT ROWID;"

	"PRAGMA user_version = 3;",
};

static const struct schema frozen = { migrations, ARRAY_LEN(migrations) };

const struct schema *schema_of_program = &frozen;

static int
read_version(struct db *db, int64_t *version, struct err *err)
{
	struct db_query *query = db_query(db, "PRAGMA user_version", err);

	if (!query || db_step(query, err) < 0)
		return -1;
	*version = db_int(query, 0);
	db_reset(query);
	return 0;
}

static int
update(
    struct db *db, const struct projector *const *projectors, struct err *err)
{
	int64_t version = 0;

	if (read_version(db, &version, err) < 0)
		return -1;
	if (version < 0 || version > (int64_t)schema_of_program->count)
		return err_set(err, ERR_UNSUPPORTED,
		    _("the vault was made by a later ronde: update this one "
		      "to open it"));
	for (size_t i = (size_t)version; i < schema_of_program->count; i++)
		if (db_exec(db, schema_of_program->migrations[i], err) < 0)
			return -1;
	for (; projectors && *projectors; projectors++)
		if ((*projectors)->schema &&
		    db_exec(db, (*projectors)->schema, err) < 0)
			return err_wrap(err, "%s", (*projectors)->name);
	return 0;
}

int
schema_update(
    struct db *db, const struct projector *const *projectors, struct err *err)
{
	if (db_begin(db, err) < 0)
		return -1;
	if (update(db, projectors, err) < 0) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, err);
}

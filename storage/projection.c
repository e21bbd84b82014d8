/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/progress.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/log.h"
#include "storage/log_internal.h"
#include "storage/vault_internal.h"

/*
 * Everything that can be made again from events and statements: the tables
 * of the projectors, and those of storage/ that projectors fill through
 * log_judge() and roster_put().
 */
static const char *const core_tables[] = { "chain", "roster", NULL };

/* Calls `each` for every projected table, in a fixed order. */
static int
each_table(struct vault *vault,
    int (*each)(
	struct vault *vault, const char *table, void *arg, struct err *err),
    void *arg, struct err *err)
{
	const struct projector *const *turn = vault->projectors;
	const char *const *table;

	for (table = core_tables; *table; table++)
		if (each(vault, *table, arg, err) < 0)
			return -1;
	for (; turn && *turn; turn++)
		for (table = (*turn)->tables; table && *table; table++)
			if (each(vault, *table, arg, err) < 0)
				return -1;
	return 0;
}

static int
project(struct vault *vault, const char *subject, struct err *err)
{
	const struct projector *const *turn = vault->projectors;

	for (; turn && *turn; turn++)
		if ((*turn)->project &&
		    (*turn)->project(vault, subject, err) < 0)
			return -1;
	return 0;
}

int
projection_run(struct vault *vault, const char *subject, struct err *err)
{
	if (db_begin(vault->db, err) < 0)
		return -1;
	if (project(vault, subject, err) < 0) {
		db_rollback(vault->db);
		return -1;
	}
	return db_commit(vault->db, err);
}

struct run {
	struct vault *vault;
	const struct progress *progress;
	uint64_t done, total; /* subjects */
};

/* What was seen is noted while the pages of its events are at hand. */
static int
project_subject(void *arg, const char *subject, struct err *err)
{
	struct run *run = arg;

	if (progress_step(run->progress, run->done++, run->total, err) < 0)
		return -1;
	if (project(run->vault, subject, err) < 0)
		return -1;
	return log_renew_seen_on(run->vault, subject, err);
}

static int
count_subjects(struct run *run, struct err *err)
{
	struct db_query *query;

	if (!run->progress)
		return 0;
	query = db_query(
	    run->vault->db, "SELECT count(DISTINCT subject) FROM event", err);
	if (!query || db_step(query, err) < 0)
		return -1;
	run->total = (uint64_t)db_int(query, 0);
	db_reset(query);
	return 0;
}

static int
empty_table(struct vault *vault, const char *table, void *arg, struct err *err)
{
	char *sql = xasprintf("DELETE FROM \"%s\"", table);
	const int result = db_exec(vault->db, sql, err);

	(void)arg;
	free(sql);
	return result;
}

static int
project_all(
    struct vault *vault, const struct progress *progress, struct err *err)
{
	const struct projector *const *turn = vault->projectors;
	struct run run = { .vault = vault, .progress = progress };

	if (count_subjects(&run, err) < 0 ||
	    each_table(vault, empty_table, NULL, err) < 0 ||
	    db_exec(vault->db, "DELETE FROM seen", err) < 0)
		return -1;
	for (; turn && *turn; turn++)
		if ((*turn)->project_all &&
		    (*turn)->project_all(vault, err) < 0)
			return -1;
	return log_subjects(vault, project_subject, &run, err);
}

int
projection_run_all_telling(
    struct vault *vault, const struct progress *progress, struct err *err)
{
	if (db_begin(vault->db, err) < 0)
		return -1;
	if (project_all(vault, progress, err) < 0) {
		db_rollback(vault->db);
		return -1;
	}
	return db_commit(vault->db, err);
}

int
projection_run_all(struct vault *vault, struct err *err)
{
	return projection_run_all_telling(vault, NULL, err);
}

/* Adds a tag, a length of 8 bytes and the bytes: no two rows read alike. */
static void
add_piece(struct hasher *hasher, char tag, const void *bytes, size_t len)
{
	uint8_t head[9] = { (uint8_t)tag };

	store_le64(head + 1, len);
	hasher_add(hasher, head, sizeof(head));
	hasher_add(hasher, bytes, len);
}

static void
add_value(struct hasher *hasher, struct db_query *query, int column)
{
	uint8_t number[8];
	const void *bytes;
	uint64_t bits;
	double real;
	size_t len;

	switch (db_column_type(query, column)) {
	case DB_NULL: add_piece(hasher, 'N', "", 0); return;
	case DB_INT:
		store_le64(number, (uint64_t)db_int(query, column));
		add_piece(hasher, 'I', number, sizeof(number));
		return;
	case DB_REAL:
		real = db_real(query, column);
		memcpy(&bits, &real, sizeof(bits));
		store_le64(number, bits);
		add_piece(hasher, 'F', number, sizeof(number));
		return;
	case DB_TEXT:
		bytes = db_blob(query, column, &len);
		add_piece(hasher, 'T', bytes, len);
		return;
	case DB_BLOB:
		bytes = db_blob(query, column, &len);
		add_piece(hasher, 'B', bytes, len);
	}
}

/* SELECT of the whole table, ordered by all its columns. */
static struct db_query *
query_table(struct db *db, const char *table, struct err *err)
{
	char *sql = xasprintf("SELECT * FROM \"%s\"", table);
	struct db_query *query = db_query_new(db, sql, err);
	struct buf ordered = BUF_INIT;

	if (query) {
		const int columns = db_columns(query);

		buf_addf(&ordered, "%s ORDER BY 1", sql);
		for (int i = 2; i <= columns; i++)
			buf_addf(&ordered, ", %d", i);
		db_query_free(query);
		query = db_query_new(db, ordered.data, err);
	}
	buf_release(&ordered);
	free(sql);
	return query;
}

static int
digest_table(struct vault *vault, const char *table, void *arg, struct err *err)
{
	struct hasher *hasher = arg;
	struct db_query *query = query_table(vault->db, table, err);
	int more;

	if (!query)
		return -1;
	add_piece(hasher, 'Z', table, strlen(table));
	while ((more = db_step(query, err)) > 0) {
		add_piece(hasher, 'R', "", 0);
		for (int i = 0; i < db_columns(query); i++)
			add_value(hasher, query, i);
	}
	db_query_free(query);
	return more;
}

int
projection_digest(struct vault *vault, struct hash *digest, struct err *err)
{
	static const char type[] = "ronde/projection/1\n";
	struct hasher hasher;

	hasher_begin(&hasher);
	hasher_add(&hasher, type, sizeof(type) - 1);
	if (each_table(vault, digest_table, &hasher, err) < 0)
		return -1;
	*digest = hasher_end_hash(&hasher);
	return 0;
}

struct each_digest {
	int (*each)(void *arg, const char *table, int64_t rows,
	    const struct hash *digest, struct err *err);
	void *arg;
};

static int
digest_alone(struct vault *vault, const char *table, void *arg, struct err *err)
{
	const struct each_digest *digests = arg;
	char *sql = xasprintf("SELECT count(*) FROM \"%s\"", table);
	struct db_query *query = db_query_new(vault->db, sql, err);
	struct hasher hasher;
	struct hash digest;
	int64_t rows;
	int result = -1;

	if (!query || db_step(query, err) < 0)
		goto out;
	rows = db_int(query, 0);
	hasher_begin(&hasher);
	if (digest_table(vault, table, &hasher, err) < 0)
		goto out;
	digest = hasher_end_hash(&hasher);
	result = digests->each(digests->arg, table, rows, &digest, err);
out:
	db_query_free(query);
	free(sql);
	return result;
}

int
projection_tables(struct vault *vault,
    int (*each)(void *arg, const char *table, int64_t rows,
	const struct hash *digest, struct err *err),
    void *arg, struct err *err)
{
	struct each_digest digests = { each, arg };

	if (each_table(vault, digest_alone, &digests, err) < 0)
		return -1;
	return digest_alone(vault, "seen", &digests, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/purge.h"
#include "storage/vault_internal.h"

/*
 * Evidence that nothing refers to.  What an event refers to is not asked of
 * those who know its kind: a file stays when its digest stands anywhere in any
 * event, so also where a later ronde named it.
 */
struct file {
	struct hash digest;
	int64_t number;
	uint64_t size;
	bool named;
};

struct files {
	struct file *all; /* by digest */
	size_t count, room;
	const char **without; /* subjects whose events do not count, sorted */
	size_t without_count;
};

/* Checklists stay: the next inspection needs them. */
static int
list_files(struct db *db, struct files *files, struct err *err)
{
	struct db_query *query = db_query(db,
	    "SELECT id, digest, size FROM blob WHERE digest IS NOT NULL"
	    " AND digest NOT IN (SELECT digest FROM form) ORDER BY digest",
	    err);
	int more;

	if (!query)
		return -1;
	while ((more = db_step(query, err)) > 0) {
		struct file *file;

		mem_grow(&files->all, &files->room, files->count + 1,
		    sizeof(*files->all));
		file = &files->all[files->count];
		*file = (struct file){ .number = db_int(query, 0),
			.size = (uint64_t)db_int(query, 2) };
		if (db_copy_blob(query, 1, file->digest.bytes, HASH_BYTES))
			files->count++;
	}
	return more;
}

static int
by_digest(const void *key, const void *element)
{
	return hash_compare(key, &((const struct file *)element)->digest);
}

/* Marks the files whose digest stands in the line, between quotes. */
static void
note_named(struct files *files, const char *line, size_t len)
{
	enum { DIGITS = 2 * HASH_BYTES };
	const char *end = line + len, *at = line;
	uint8_t bytes[HASH_BYTES];
	char digits[DIGITS + 1] = "";

	while ((at = memchr(at, '"', (size_t)(end - at)))) {
		struct file *file;

		at++;
		if (end - at <= DIGITS || at[DIGITS] != '"')
			continue;
		memcpy(digits, at, DIGITS);
		if (!hex_read(digits, bytes, sizeof(bytes)))
			continue;
		file = bsearch(bytes, files->all, files->count,
		    sizeof(*files->all), by_digest);
		if (file)
			file->named = true;
	}
}

static int
by_name(const void *one, const void *other)
{
	return strcmp(*(const char *const *)one, *(const char *const *)other);
}

static bool
is_without(const struct files *files, const char *subject)
{
	return files->without_count &&
	    bsearch(&subject, files->without, files->without_count,
		sizeof(*files->without), by_name);
}

static int
read_lines(struct db *db, struct files *files, const struct progress *progress,
    struct err *err)
{
	struct db_query *query = db_query(db,
	    "SELECT id, subject, line, (SELECT max(id) FROM event) FROM event"
	    " ORDER BY id",
	    err);
	int more;

	if (!query)
		return -1;
	while ((more = db_step(query, err)) > 0) {
		size_t len;
		const char *line = db_blob(query, 2, &len);

		if (!is_without(files, db_text(query, 1)))
			note_named(files, line, len);
		if (progress_step(progress, (uint64_t)db_int(query, 0),
			(uint64_t)db_int(query, 3), err) < 0) {
			db_reset(query);
			return -1;
		}
	}
	return more;
}

static int
find_files(struct db *db, struct files *files, const struct progress *progress,
    struct err *err)
{
	if (list_files(db, files, err) < 0)
		return -1;
	return files->count ? read_lines(db, files, progress, err) : 0;
}

static int
delete_rows(struct db *db, int64_t number, struct err *err)
{
	static const char *const sql[] = {
		"DELETE FROM blob_chunk WHERE blob = ?1",
		"DELETE FROM blob WHERE id = ?1",
	};

	for (size_t i = 0; i < ARRAY_LEN(sql); i++) {
		struct db_query *query = db_query(db, sql[i], err);

		if (!query)
			return -1;
		db_bind_int(query, 1, number);
		if (db_run(query, err) < 0)
			return -1;
	}
	return 0;
}

static int
drop(struct db *db, const struct file *file, struct err *err)
{
	if (db_begin(db, err) < 0)
		return -1;
	if (delete_rows(db, file->number, err) < 0) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, err);
}

int
purge_files(struct vault *vault, const struct progress *progress,
    struct purge_count *count, struct err *err)
{
	struct files files = { 0 };
	int result = find_files(vault->db, &files, progress, err);

	for (size_t i = 0; result == 0 && i < files.count; i++) {
		const struct file *file = &files.all[i];

		if (file->named)
			continue;
		result = drop(vault->db, file, err);
		if (result == 0) {
			count->files++;
			count->file_bytes += file->size;
		}
	}
	free(files.all);
	return result;
}

/* ---- before ---- */

static int
count_events(struct db *db, const char *subject, struct purge_count *count,
    struct err *err)
{
	struct db_query *query = db_query(db,
	    "SELECT count(*), count(DISTINCT device) FROM event"
	    " WHERE subject = ?1",
	    err);

	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	if (db_step(query, err) < 0)
		return -1;
	count->events += (uint64_t)db_int(query, 0);
	count->chains += (uint64_t)db_int(query, 1);
	count->subjects++;
	db_reset(query);
	return 0;
}

int
purge_preview(struct vault *vault, const char *const *subjects,
    size_t subject_count, struct purge_count *count, struct err *err)
{
	struct files files = { .without_count = subject_count };
	int result = 0;

	if (subject_count > 0) {
		files.without = xcalloc(subject_count, sizeof(*files.without));
		memcpy(
		    files.without, subjects, subject_count * sizeof(*subjects));
		qsort(files.without, subject_count, sizeof(*files.without),
		    by_name);
	}
	for (size_t i = 0; result == 0 && i < subject_count; i++)
		result = count_events(vault->db, subjects[i], count, err);
	if (result == 0)
		result = find_files(vault->db, &files, NULL, err);
	for (size_t i = 0; result == 0 && i < files.count; i++)
		if (!files.all[i].named) {
			count->files++;
			count->file_bytes += files.all[i].size;
		}
	free(files.without);
	free(files.all);
	return result;
}

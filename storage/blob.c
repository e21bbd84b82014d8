/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/vault_internal.h"

/*
 * A blob comes in as rows of CHUNK_BYTES (the last one shorter) under a
 * number; it gets its digest, and with it its place, when its last byte is
 * known.  All in one transaction: there is no half a blob.
 */
enum { CHUNK_BYTES = 64 * 1024 };

struct intake {
	struct db *db;
	int64_t number;
	uint64_t size, max;
	struct hasher hasher;
};

static int
begin_blob(struct intake *intake, struct err *err)
{
	struct db_query *query = db_query(intake->db,
	    "INSERT INTO blob (digest, size) VALUES (NULL, 0) RETURNING id",
	    err);

	if (!query || db_step(query, err) < 0)
		return -1;
	intake->number = db_int(query, 0);
	hasher_begin(&intake->hasher);
	return db_run(query, err);
}

static int
add_chunk(struct intake *intake, const void *bytes, size_t len, struct err *err)
{
	struct db_query *query = db_query(intake->db,
	    "INSERT INTO blob_chunk (blob, n, bytes) VALUES (?1, ?2, ?3)", err);

	if (!query)
		return -1;
	if (len > intake->max - intake->size)
		return err_set(err, ERR_LIMIT,
		    _("larger than %llu bytes: nothing was stored"),
		    (unsigned long long)intake->max);
	hasher_add(&intake->hasher, bytes, len);
	db_bind_int(query, 1, intake->number);
	db_bind_int(query, 2, (int64_t)(intake->size / CHUNK_BYTES));
	db_bind_blob(query, 3, bytes, len);
	intake->size += len;
	return db_run(query, err);
}

/* Fills a chunk from a source that may give less than was asked for. */
static ssize_t
read_chunk(const struct byte_source *source, char *chunk, struct err *err)
{
	size_t len = 0;

	while (len < CHUNK_BYTES) {
		const ssize_t got = source->read(
		    source->arg, chunk + len, CHUNK_BYTES - len, err);

		if (got < 0)
			return -1;
		if (got == 0)
			break;
		len += (size_t)got;
	}
	return (ssize_t)len;
}

/* Takes the rows of a blob away that was there already. */
static int
drop_blob(struct intake *intake, struct err *err)
{
	static const char *const sql[] = {
		"DELETE FROM blob_chunk WHERE blob = ?1",
		"DELETE FROM blob WHERE id = ?1",
	};

	for (size_t i = 0; i < ARRAY_LEN(sql); i++) {
		struct db_query *query = db_query(intake->db, sql[i], err);

		if (!query)
			return -1;
		db_bind_int(query, 1, intake->number);
		if (db_run(query, err) < 0)
			return -1;
	}
	return 0;
}

/* 1 with number and size, 0, -1. */
static int
find_blob(struct db *db, const struct hash *digest, int64_t *number,
    uint64_t *size, struct err *err)
{
	struct db_query *query =
	    db_query(db, "SELECT id, size FROM blob WHERE digest = ?1", err);
	int found;

	if (!query)
		return -1;
	db_bind_blob(query, 1, digest->bytes, sizeof(digest->bytes));
	found = db_step(query, err);
	if (found <= 0)
		return found;
	*number = db_int(query, 0);
	*size = (uint64_t)db_int(query, 1);
	db_reset(query);
	return 1;
}

static int
end_blob(struct intake *intake, struct hash *digest, struct err *err)
{
	struct db_query *query;
	int64_t number;
	uint64_t size;
	int found;

	*digest = hasher_end_hash(&intake->hasher);
	found = find_blob(intake->db, digest, &number, &size, err);
	if (found != 0)
		return found < 0 ? -1 : drop_blob(intake, err);
	query = db_query(intake->db,
	    "UPDATE blob SET digest = ?2, size = ?3 WHERE id = ?1", err);
	if (!query)
		return -1;
	db_bind_int(query, 1, intake->number);
	db_bind_blob(query, 2, digest->bytes, sizeof(digest->bytes));
	db_bind_int(query, 3, (int64_t)intake->size);
	return db_run(query, err);
}

static int
take_in(struct intake *intake, const struct byte_source *source,
    struct hash *digest, struct err *err)
{
	char *chunk = xcalloc(1, CHUNK_BYTES);
	ssize_t len = 0;
	int result = begin_blob(intake, err);

	while (result == 0 && (len = read_chunk(source, chunk, err)) > 0)
		result = add_chunk(intake, chunk, (size_t)len, err);
	if (result == 0)
		result = len < 0 ? -1 : end_blob(intake, digest, err);
	explicit_bzero(chunk, CHUNK_BYTES);
	free(chunk);
	return result;
}

int
blob_add_within(struct vault *vault, const struct byte_source *source,
    uint64_t max, struct hash *digest, uint64_t *size, struct err *err)
{
	struct intake intake = { .db = vault->db, .max = max };
	struct hash found;

	if (db_begin(vault->db, err) < 0)
		return -1;
	if (take_in(&intake, source, &found, err) < 0) {
		db_rollback(vault->db);
		return -1;
	}
	if (db_commit(vault->db, err) < 0)
		return -1;
	*digest = found;
	if (size)
		*size = intake.size;
	return 0;
}

int
blob_add(struct vault *vault, const struct byte_source *source,
    struct hash *digest, uint64_t *size, struct err *err)
{
	return blob_add_within(
	    vault, source, BLOB_BYTES_MAX, digest, size, err);
}

struct open_file {
	const char *path;
	int fd;
};

static ssize_t
read_file(void *arg, void *to, size_t room, struct err *err)
{
	const struct open_file *file = arg;
	ssize_t got;

	do
		got = read(file->fd, to, room);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		err_errno(err, _("cannot read %s"), file->path);
	return got;
}

int
blob_add_file(struct vault *vault, const char *path, struct hash *digest,
    uint64_t *size, struct err *err)
{
	/* Opening a pipe or a device must not wait or do anything. */
	struct open_file file = { .path = path,
		.fd =
		    open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) };
	const struct byte_source source = { read_file, &file };
	struct stat stat;
	int result = -1;

	if (file.fd < 0)
		return err_errno(err, _("cannot open %s"), path);
	if (fstat(file.fd, &stat) < 0)
		err_errno(err, _("cannot read %s"), path);
	else if (!S_ISREG(stat.st_mode))
		err_set(
		    err, ERR_FORMAT, _("%s is not a file; name a file"), path);
	else if (stat.st_size > BLOB_BYTES_MAX)
		err_set(err, ERR_LIMIT, _("%s is larger than %zu bytes"), path,
		    (size_t)BLOB_BYTES_MAX);
	else
		result = blob_add(vault, &source, digest, size, err);
	close(file.fd);
	return result;
}

int
blob_find(struct vault *vault, const struct hash *digest, uint64_t *size,
    struct err *err)
{
	uint64_t bytes;
	int64_t number;
	const int found = find_blob(vault->db, digest, &number, &bytes, err);

	if (found > 0 && size)
		*size = bytes;
	return found;
}

static int
give_out(struct db *db, int64_t number, struct hasher *hasher,
    const struct byte_sink *sink, struct err *err)
{
	struct db_query *query = db_query_nested(
	    db, "SELECT bytes FROM blob_chunk WHERE blob = ?1 ORDER BY n", err);
	int more;

	if (!query)
		return -1;
	db_bind_int(query, 1, number);
	while ((more = db_step(query, err)) > 0) {
		size_t len;
		const void *bytes = db_blob(query, 0, &len);

		hasher_add(hasher, bytes, len);
		if (sink->write(sink->arg, bytes, len, err) < 0) {
			db_reset(query);
			return -1;
		}
	}
	return more;
}

int
blob_read(struct vault *vault, const struct hash *digest,
    const struct byte_sink *sink, struct err *err)
{
	char hex[HASH_HEX_MAX];
	struct hasher hasher;
	struct hash read;
	int64_t number;
	uint64_t size;
	const int found = find_blob(vault->db, digest, &number, &size, err);

	hash_to_hex(digest, hex);
	if (found < 0)
		return -1;
	if (found == 0)
		return err_set(err, ERR_NOT_FOUND,
		    _("the vault does not have the file %.16s"), hex);
	hasher_begin(&hasher);
	if (give_out(vault->db, number, &hasher, sink, err) < 0)
		return -1;
	read = hasher_end_hash(&hasher);
	if (!hash_equal(&read, digest))
		return err_set(err, ERR_FORMAT,
		    _("the vault is damaged: the file %.16s was altered"), hex);
	return 0;
}

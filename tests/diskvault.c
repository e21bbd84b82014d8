/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/diskvault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/vault_header.h"
#include "tests/support.h"

enum { BODY_MAX = 600 };

struct secret *
diskvault_key(void)
{
	struct secret *key = secret_new(VAULT_KEY_BYTES);

	memset(key->data, 0x5a, key->len);
	return key;
}

void
diskvault_make(struct memdisk *disk, const char *base)
{
	struct secret *key = diskvault_key(), *mac = vault_header_key(key);
	struct vault_header header;
	uint8_t bytes[VAULT_HEADER_BYTES];
	struct err err = { 0 };
	struct vfs *vfs;
	struct db *db;

	vault_header_init(&header);
	vault_header_write(&header, mac->data, bytes);
	memcpy(bytes + VAULT_COPY_BYTES, bytes, VAULT_COPY_BYTES);
	memdisk_put(disk, DISKVAULT_PATH, bytes, sizeof(bytes));
	vfs = vfs_new(DISKVAULT_PATH, &header, key, base, true);
	db = db_open(DISKVAULT_PATH, vfs_name(vfs), vfs_setup_new, &err);
	assert_no_err(&err);
	db_exec(db,
	    "CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT NOT NULL);"
	    "CREATE TABLE other (a, b); CREATE INDEX i ON other (a);",
	    &err);
	assert_no_err(&err);
	db_close(db);
	vfs_free(vfs);
	secret_free(mac);
	secret_free(key);
}

/* As vault.c does it: the newest copy that is genuine. */
static const struct vault_header *
genuine(struct vault_copies *copies, struct memdisk *disk,
    const struct secret *key, struct err *err)
{
	const struct memfile *file = memdisk_file(disk, DISKVAULT_PATH);
	const struct vault_header *header = NULL;
	struct secret *mac;
	const size_t len =
	    file->size < VAULT_HEADER_BYTES ? file->size : VAULT_HEADER_BYTES;

	if (vault_header_read(copies, file->data, len, "v", err) != 0)
		return NULL;
	mac = vault_header_key(key);
	for (size_t i = 0; i < copies->count && !header; i++)
		if (vault_copy_is_genuine(copies->bytes[i], mac->data))
			header = &copies->headers[i];
	secret_free(mac);
	if (!header)
		err_set(err, ERR_FORMAT, "header altered");
	return header;
}

int
diskvault_open(struct diskvault *vault, struct memdisk *disk, const char *base,
    struct err *err)
{
	struct secret *key = diskvault_key();
	struct vault_copies *copies = xcalloc(1, sizeof(*copies));
	const struct vault_header *header = genuine(copies, disk, key, err);

	memset(vault, 0, sizeof(*vault));
	if (header) {
		vault->vfs = vfs_new(DISKVAULT_PATH, header, key, base, false);
		vault->db = db_open(
		    DISKVAULT_PATH, vfs_name(vault->vfs), vfs_setup_open, err);
	}
	if (!vault->db)
		diskvault_close(vault);
	free(copies);
	secret_free(key);
	return vault->db ? 0 : -1;
}

void
diskvault_close(struct diskvault *vault)
{
	db_close(vault->db);
	vfs_free(vault->vfs);
	memset(vault, 0, sizeof(*vault));
}

void
diskvault_body(long row, char *body, size_t room)
{
	size_t len = (size_t)(20 + row * 37 % 500);

	if (len >= room)
		len = room - 1;
	memset(body, 'a' + (int)(row % 26), len);
	body[len] = '\0';
	snprintf(body, room, "Plaintext-%ld-", row);
	body[strlen(body)] = '-';
}

int
diskvault_add(struct diskvault *vault, long from, long to, struct err *err)
{
	char body[BODY_MAX];
	struct db_query *query;

	if (db_begin(vault->db, err) != 0)
		return -1;
	for (long row = from; row <= to; row++) {
		query =
		    db_query(vault->db, "INSERT INTO t VALUES (?1, ?2)", err);
		if (!query)
			goto fail;
		diskvault_body(row, body, sizeof(body));
		db_bind_int(query, 1, row);
		db_bind_text(query, 2, body);
		if (db_run(query, err) != 0)
			goto fail;
	}
	if (db_commit(vault->db, err) == 0)
		return 0;
fail:
	db_rollback(vault->db);
	return -1;
}

long
diskvault_rows(struct diskvault *vault, struct err *err)
{
	char body[BODY_MAX];
	long rows = 0;
	int more;
	struct db_query *query =
	    db_query(vault->db, "SELECT id, body FROM t ORDER BY id", err);

	if (!query)
		return -1;
	while ((more = db_step(query, err)) == 1) {
		rows++;
		diskvault_body(rows, body, sizeof(body));
		if (db_int(query, 0) != rows ||
		    strcmp(db_text(query, 1), body) != 0) {
			db_reset(query);
			return err_set(err, ERR_CONFLICT, "row %ld", rows);
		}
	}
	if (more < 0)
		return -1;
	query = db_query(vault->db, "PRAGMA integrity_check", err);
	if (!query || db_step(query, err) != 1)
		return -1;
	if (strcmp(db_text(query, 0), "ok") != 0) {
		rows = -1;
		if (!vfs_explain(vfs_name(vault->vfs), err))
			err_set(err, ERR_CONFLICT, "integrity: %s",
			    db_text(query, 0));
	}
	db_reset(query);
	return rows;
}

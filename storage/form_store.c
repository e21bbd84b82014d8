/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/i18n.h"
#include "storage/blob.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/vault_internal.h"

/* Checklists are blobs that are also listed. */

struct memory {
	const char *bytes;
	size_t len;
};

static ssize_t
read_memory(void *arg, void *to, size_t room, struct err *err)
{
	struct memory *memory = arg;
	const size_t len = memory->len < room ? memory->len : room;

	(void)err;
	memcpy(to, memory->bytes, len);
	memory->bytes += len;
	memory->len -= len;
	return (ssize_t)len;
}

static int
list_form(struct vault *vault, const struct hash *digest, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "INSERT INTO form (digest) VALUES (?1)"
	    " ON CONFLICT (digest) DO NOTHING",
	    err);

	if (!query)
		return -1;
	db_bind_blob(query, 1, digest->bytes, sizeof(digest->bytes));
	return db_run(query, err);
}

int
form_store_has(struct vault *vault, const struct hash *digest, struct err *err)
{
	struct db_query *query =
	    db_query(vault->db, "SELECT 1 FROM form WHERE digest = ?1", err);
	int found;

	if (!query)
		return -1;
	db_bind_blob(query, 1, digest->bytes, sizeof(digest->bytes));
	found = db_step(query, err);
	db_reset(query);
	return found;
}

int
form_store_add(struct vault *vault, const void *bytes, size_t len,
    struct hash *digest, struct err *err)
{
	struct memory memory = { bytes, len };
	const struct byte_source source = { read_memory, &memory };
	struct hash found = hash_of(bytes, len);
	const int held = form_store_has(vault, &found, err);

	if (held < 0)
		return -1;
	/* Every bundle brings its checklists again. */
	if (held > 0) {
		*digest = found;
		return 0;
	}
	if (db_begin(vault->db, err) < 0)
		return -1;
	if (blob_add_within(vault, &source, FORM_BYTES_MAX, &found, NULL, err) <
		0 ||
	    list_form(vault, &found, err) < 0) {
		db_rollback(vault->db);
		return -1;
	}
	if (db_commit(vault->db, err) < 0)
		return -1;
	*digest = found;
	return 0;
}

static int
write_buf(void *arg, const void *from, size_t len, struct err *err)
{
	buf_add(arg, from, len);
	return buf_check(arg, _("the checklist"), err);
}

int
form_store_read(struct vault *vault, const struct hash *digest, struct buf *out,
    struct err *err)
{
	const struct byte_sink sink = { write_buf, out };
	const size_t before = out->len;
	const int found = form_store_has(vault, digest, err);
	char hex[HASH_HEX_MAX];

	if (found < 0)
		return -1;
	hash_to_hex(digest, hex);
	if (found == 0)
		return err_set(err, ERR_NOT_FOUND,
		    _("the vault does not have the checklist %.16s"), hex);
	if (blob_read(vault, digest, &sink, err) < 0) {
		buf_cut(out, before);
		return -1;
	}
	return 0;
}

int
form_store_each(struct vault *vault,
    int (*each)(void *arg, const struct hash *digest, struct err *err),
    void *arg, struct err *err)
{
	struct db_query *query = db_query_nested(
	    vault->db, "SELECT digest FROM form ORDER BY digest", err);
	struct hash digest;
	int more;

	if (!query)
		return -1;
	while ((more = db_step(query, err)) > 0) {
		size_t len;
		const void *bytes = db_blob(query, 0, &len);

		if (len == sizeof(digest.bytes))
			memcpy(digest.bytes, bytes, len);
		if (len != sizeof(digest.bytes) ||
		    each(arg, &digest, err) < 0) {
			db_reset(query);
			return -1;
		}
	}
	return more;
}

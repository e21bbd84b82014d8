/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/torture/memvault.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "storage/db_internal.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/vault_header.h"
#include "storage/vault_internal.h"
#include "storage/vfs.h"
#include "tests/torture/tally.h"

enum { TEXT_MAX = 400, SUBJECTS = 3 };

static const char *const subjects[SUBJECTS] = { "S-0000000000000001",
	"S-0000000000000002", "S-0000000000000003" };

static const struct projector *const projectors[] = { &tally_projector, NULL };

const struct vault_options memvault_options = { .projectors = projectors };

/* Made once: guarded memory costs more than all the rest of an opening. */
static const struct secret *
known_key(void)
{
	static struct secret *key;

	if (!key) {
		key = secret_new(VAULT_KEY_BYTES);
		memset(key->data, 0x5a, key->len);
	}
	return key;
}

static const struct secret *
known_mac_key(void)
{
	static struct secret *key;

	if (!key)
		key = vault_header_key(known_key());
	return key;
}

static void
must(int result, const struct err *err)
{
	if (result == 0)
		return;
	fprintf(stderr, "cannot set the torture up: %s\n", err->msg);
	abort();
}

/* The header and the empty database, as vault_create() writes them. */
static void
write_empty(struct memdisk *disk)
{
	const struct secret *mac = known_mac_key();
	struct vault_header header;
	uint8_t bytes[VAULT_HEADER_BYTES];
	struct err err = { 0 };
	struct vfs *vfs;
	struct db *db;

	vault_header_init(&header);
	vault_header_write(&header, mac->data, bytes);
	memcpy(bytes + VAULT_COPY_BYTES, bytes, VAULT_COPY_BYTES);
	memdisk_put(disk, MEMVAULT_PATH, bytes, sizeof(bytes));
	vfs = vfs_new(MEMVAULT_PATH, &header, known_key(), NULL, true);
	db = db_open(MEMVAULT_PATH, vfs_name(vfs), vfs_setup_new, &err);
	must(db ? 0 : -1, &err);
	db_close(db);
	vfs_free(vfs);
}

int
memvault_fill(struct vault *vault, struct err *err)
{
	if (identity_get(vault))
		return 0;
	if (db_begin(vault->db, err) != 0)
		return -1;
	if (db_exec(vault->db,
		"CREATE TABLE plain (a TEXT NOT NULL, b TEXT NOT NULL);"
		"CREATE INDEX plain_a ON plain (a);"
		"CREATE TABLE plain_sum (n INTEGER, len INTEGER);"
		"INSERT INTO plain_sum VALUES (0, 0);",
		err) != 0 ||
	    identity_create(
		vault, "Awa Diop", "Eaux", ROLE_INSPECTOR, NULL, err) != 0) {
		db_rollback(vault->db);
		return -1;
	}
	return db_commit(vault->db, err);
}

void
memvault_make(struct memdisk *disk)
{
	struct err err = { 0 };
	struct vault *vault;

	memdisk_use(disk);
	write_empty(disk);
	vault = memvault_open(disk, &err);
	must(vault ? 0 : -1, &err);
	must(memvault_fill(vault, &err), &err);
	vault_close(vault);
}

/* As unlock() of vault.c: the newest copy that is genuine. */
static const struct vault_header *
genuine(
    struct vault_copies *copies, const struct memfile *file, struct err *err)
{
	const struct secret *mac = known_mac_key();
	const struct vault_header *header = NULL;
	const size_t len =
	    file->size < VAULT_HEADER_BYTES ? file->size : VAULT_HEADER_BYTES;

	if (vault_header_read(copies, file->data, len, "v", err) != 0)
		return NULL;
	for (size_t i = 0; i < copies->count && !header; i++)
		if (vault_copy_is_genuine(copies->bytes[i], mac->data))
			header = &copies->headers[i];
	if (!header)
		err_set(err, ERR_FORMAT, "header altered");
	return header;
}

struct vault *
memvault_open(struct memdisk *disk, struct err *err)
{
	const struct memfile *file = memdisk_file(disk, MEMVAULT_PATH);
	struct vault_copies *copies;
	const struct vault_header *header;
	struct vault *vault = NULL;

	if (!file) {
		err_set(err, ERR_NOT_FOUND, "no file");
		return NULL;
	}
	memdisk_use(disk);
	copies = xcalloc(1, sizeof(*copies));
	header = genuine(copies, file, err);
	if (header)
		vault = vault_open_key(MEMVAULT_PATH, -1, header, known_key(),
		    &memvault_options, err);
	free(copies);
	return vault;
}

static void
text_of(long n, char text[TEXT_MAX])
{
	const size_t len = 20 + (size_t)n * 37 % 300;

	memset(text, 'a' + (int)(n % 26), len);
	text[len] = '\0';
}

static int
append_one(struct vault *vault, long n, struct err *err)
{
	char text[TEXT_MAX];
	json_t *body;
	int result;

	text_of(n, text);
	body = json_pack("{s:I,s:s}", "n", (json_int_t)n, "text", text);
	result = log_append(
	    vault, subjects[n % SUBJECTS], "answer", body, NULL, err);
	json_decref(body);
	return result;
}

int
memvault_append(struct vault *vault, long from, long to, struct err *err)
{
	if (db_begin(vault->db, err) != 0)
		return -1;
	for (long n = from; n <= to; n++) {
		if (append_one(vault, n, err) != 0) {
			db_rollback(vault->db);
			return -1;
		}
	}
	return db_commit(vault->db, err);
}

int
memvault_churn(
    struct vault *vault, uint64_t *random, bool keep, struct err *err)
{
	const bool back = random_next(random) & 1;

	if (db_begin(vault->db, err) != 0)
		return -1;
	if (db_exec(vault->db,
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1"
		" FROM n WHERE i < 60) INSERT INTO plain"
		" SELECT hex(randomblob(40)), hex(randomblob(90)) FROM n;"
		"SAVEPOINT s; DELETE FROM plain WHERE a < '8';"
		"UPDATE plain SET b = hex(randomblob(70)) WHERE a > 'C';",
		err) != 0 ||
	    (back && db_exec(vault->db, "ROLLBACK TO s", err) != 0) ||
	    db_exec(vault->db,
		"DELETE FROM plain WHERE a < '2' OR"
		" (SELECT count(*) FROM plain) > 120;"
		"UPDATE plain_sum SET n = (SELECT count(*) FROM plain),"
		" len = (SELECT total(length(b)) FROM plain);",
		err) != 0) {
		db_rollback(vault->db);
		return -1;
	}
	if (keep)
		return db_commit(vault->db, err);
	db_rollback(vault->db);
	return 0;
}

/* What is known of the events before one. */
struct walk {
	struct hash head;
	struct hash prev[SUBJECTS];
	long seq[SUBJECTS];
	const char *device;
};

static int
wrong(struct err *err, long n, const char *what)
{
	return err_set(err, ERR_CONFLICT, "event %ld: %s", n, what);
}

static bool
is_hash(struct db_query *query, int column, const struct hash *hash)
{
	size_t len;
	const void *bytes = db_blob(query, column, &len);

	return len == sizeof(hash->bytes) &&
	    memcmp(bytes, hash->bytes, len) == 0;
}

/* The line ends as it was written for number `n`. */
static bool
is_line(const char *line, size_t len, long n, long seq, const char *device)
{
	char text[TEXT_MAX], end[TEXT_MAX + 100], start[200];
	size_t end_len, start_len;

	text_of(n, text);
	end_len = (size_t)snprintf(end, sizeof(end),
	    "\"kind\":\"answer\",\"body\":{\"n\":%ld,\"text\":\"%s\"}}", n,
	    text);
	start_len = (size_t)snprintf(start, sizeof(start),
	    "{\"subject\":\"%s\",\"device\":\"%s\",\"seq\":%ld,",
	    subjects[n % SUBJECTS], device, seq);
	return len > end_len + start_len &&
	    memcmp(line, start, start_len) == 0 &&
	    memcmp(line + len - end_len, end, end_len) == 0;
}

/* Columns: id, subject, device, seq, hash, prev, head, line. */
static int
check_event(struct walk *walk, struct db_query *query, long n, struct err *err)
{
	const int subject = (int)(n % SUBJECTS);
	size_t len;
	const char *line = db_blob(query, 7, &len);
	const struct hash hash = hash_of(line, len);
	const char *name = db_text(query, 1);
	struct hasher hasher;

	if (db_int(query, 0) != n)
		return wrong(err, n, "another number");
	if (!name || strcmp(name, subjects[subject]) != 0 ||
	    db_int(query, 3) != walk->seq[subject] + 1)
		return wrong(err, n, "another place in its chain");
	if (!is_line(line, len, n, walk->seq[subject] + 1, walk->device))
		return wrong(err, n, "another line");
	if (!is_hash(query, 4, &hash))
		return wrong(err, n, "another hash");
	if (walk->seq[subject] == 0 ? !db_is_null(query, 5)
				    : !is_hash(query, 5, &walk->prev[subject]))
		return wrong(err, n, "does not follow in its chain");
	hasher_begin(&hasher);
	hasher_add(&hasher, walk->head.bytes, sizeof(walk->head.bytes));
	hasher_add(&hasher, hash.bytes, sizeof(hash.bytes));
	walk->head = hasher_end_hash(&hasher);
	if (!is_hash(query, 6, &walk->head))
		return wrong(err, n, "another running head");
	walk->prev[subject] = hash;
	walk->seq[subject]++;
	return 0;
}

static long
check_events(struct vault *vault, struct err *err)
{
	struct walk walk = { 0 };
	const struct identity *self = identity_get(vault);
	struct db_query *query;
	long n = 0;
	int more;

	if (!self)
		return wrong(err, 0, "the person is gone");
	walk.device = self->device;
	query = db_query(vault->db,
	    "SELECT id, subject, device, seq, hash, prev, head, line"
	    " FROM event ORDER BY id",
	    err);
	if (!query)
		return -1;
	while ((more = db_step(query, err)) == 1) {
		if (check_event(&walk, query, ++n, err) != 0) {
			db_reset(query);
			return -1;
		}
	}
	return more < 0 ? -1 : n;
}

/* A query that gives "ok", or what is wrong. */
static int
check_text(
    struct vault *vault, const char *sql, const char *what, struct err *err)
{
	struct db_query *query = db_query(vault->db, sql, err);
	const char *text;
	int result = 0;

	if (!query || db_step(query, err) != 1)
		return -1;
	text = db_text(query, 0);
	if (!text)
		result = err_set(err, ERR_LIMIT, "%s: no memory", what);
	else if (strcmp(text, "ok") != 0 &&
	    !vfs_explain(vfs_name(vault->vfs), err))
		result = err_set(err, ERR_FORMAT, "%s: %s", what, text);
	else if (strcmp(text, "ok") != 0)
		result = -1;
	db_reset(query);
	return result;
}

/* What the projector made bit by bit against what it makes of the log. */
static int
check_projection(struct vault *vault, struct err *err)
{
	struct hash kept, made;
	int result = -1;

	if (db_begin(vault->db, err) != 0)
		return -1;
	if (projection_digest(vault, &kept, err) == 0 &&
	    projection_run_all(vault, err) == 0 &&
	    projection_digest(vault, &made, err) == 0)
		result = 0;
	db_rollback(vault->db);
	if (result == 0 && !hash_equal(&kept, &made))
		return err_set(err, ERR_CONFLICT, "projection is not the log");
	return result;
}

long
memvault_check(struct vault *vault, struct err *err)
{
	long events;

	if (check_text(vault, "PRAGMA integrity_check", "integrity", err) != 0)
		return -1;
	events = check_events(vault, err);
	if (events < 0 || check_projection(vault, err) != 0)
		return -1;
	if (check_text(vault,
		"SELECT CASE WHEN n = (SELECT count(*) FROM plain) AND"
		" len = (SELECT total(length(b)) FROM plain)"
		" THEN 'ok' ELSE 'differs' END FROM plain_sum",
		"plain table", err) != 0) {
		if (strncmp(err->msg, "plain table: differs", 20) == 0)
			err->code = ERR_CONFLICT; /* nobody else noticed */
		return -1;
	}
	return events;
}

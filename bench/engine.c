/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/engine.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/bench.h"
#include "bench/counter.h"
#include "storage/vault_header.h"
#include "storage/vfs.h"

/* A raw key: no engine derives one here, opening is not timed. */
#define RAW_KEY                                                           \
	"PRAGMA key=\"x'2dd29ca851e7b56e4697b0e1f08507293d761a05ce4d1b62" \
	"8663f411a8086d99'\";"

static void
must(struct engine *engine, int rc, const char *what)
{
	if (rc != SQLITE_OK)
		bench_die(what, engine->calls->errmsg(engine->db));
}

void
engine_run(struct engine *engine, const char *sql)
{
	must(engine, engine->calls->exec(engine->db, sql, NULL, NULL, NULL),
	    engine->name);
}

/* ---- the vault's VFS ---- */

static void
write_header(struct engine *engine)
{
	struct secret *mac_key = vault_header_key(engine->key);
	uint8_t copy[VAULT_COPY_BYTES];
	const int fd =
	    open(engine->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	vault_header_write(engine->header, mac_key->data, copy);
	secret_free(mac_key);
	if (fd < 0 || write(fd, copy, sizeof(copy)) != sizeof(copy) ||
	    write(fd, copy, sizeof(copy)) != sizeof(copy) || close(fd) != 0)
		bench_die(engine->path, "cannot be written");
}

static void
begin_vault(struct engine *engine)
{
	secret_free(engine->key);
	engine->key = secret_random(VAULT_KEY_BYTES);
	if (!engine->header)
		engine->header = xcalloc(1, sizeof(*engine->header));
	vault_header_init(engine->header);
	write_header(engine);
}

static void
end_vault(struct engine *engine)
{
	*engine->header = *vfs_header(engine->vfs);
	vfs_free(engine->vfs);
	engine->vfs = NULL;
}

/* ---- opening ---- */

static void
connect_file(struct engine *engine, bool making, int cache_kib)
{
	const char *vfs = COUNTER_VFS;
	char cache[64];

	if (engine->seal == SEAL_VAULT) {
		engine->vfs = vfs_new(engine->path, engine->header, engine->key,
		    COUNTER_VFS, making);
		vfs = vfs_name(engine->vfs);
	}
	must(engine,
	    engine->calls->open_v2(engine->path, &engine->db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
		    SQLITE_OPEN_NOMUTEX,
		vfs),
	    engine->path);
	if (engine->seal == SEAL_KEY)
		engine_run(engine, RAW_KEY "PRAGMA cipher_page_size=4096;");
	if (engine->seal == SEAL_NONE)
		engine_run(engine, "PRAGMA page_size=4096");
	/* The vault's own settings, for all of them. */
	engine_run(engine, making ? vfs_setup_new : vfs_setup_open);
	snprintf(cache, sizeof(cache), "PRAGMA cache_size=-%d", cache_kib);
	engine_run(engine, cache);
}

static void
prepare(struct engine *engine)
{
	must(engine,
	    engine->calls->prepare_v2(engine->db,
		"INSERT INTO row (id, line) VALUES (?1, ?2)", -1,
		&engine->insert, NULL),
	    "insert");
	must(engine,
	    engine->calls->prepare_v2(engine->db,
		"SELECT line FROM row WHERE id = ?1", -1, &engine->find, NULL),
	    "select");
}

void
engine_make(struct engine *engine, int cache_kib)
{
	char *wal = xasprintf("%s-wal", engine->path);

	unlink(engine->path);
	unlink(wal);
	free(wal);
	if (engine->seal == SEAL_VAULT)
		begin_vault(engine);
	connect_file(engine, true, cache_kib);
	engine_run(engine,
	    "CREATE TABLE row (id INTEGER PRIMARY KEY, line TEXT NOT NULL)");
	prepare(engine);
}

void
engine_open(struct engine *engine, int cache_kib)
{
	connect_file(engine, false, cache_kib);
	prepare(engine);
}

void
engine_close(struct engine *engine)
{
	engine->calls->finalize(engine->insert);
	engine->calls->finalize(engine->find);
	must(engine, engine->calls->close(engine->db), "close");
	engine->db = NULL;
	if (engine->seal == SEAL_VAULT)
		end_vault(engine);
}

/* ---- rows ---- */

void
engine_insert(struct engine *engine, int64_t id)
{
	const struct calls *calls = engine->calls;
	char line[ROW_BYTES + 1];

	snprintf(line, sizeof(line), "%0*lld", ROW_BYTES, (long long)id);
	calls->bind_int64(engine->insert, 1, id);
	calls->bind_text(engine->insert, 2, line, ROW_BYTES, SQLITE_STATIC);
	if (calls->step(engine->insert) != SQLITE_DONE)
		bench_die("insert", calls->errmsg(engine->db));
	calls->reset(engine->insert);
}

void
engine_find(struct engine *engine, int64_t id)
{
	const struct calls *calls = engine->calls;

	calls->bind_int64(engine->find, 1, id);
	if (calls->step(engine->find) != SQLITE_ROW ||
	    !calls->column_text(engine->find, 0))
		bench_die("row", "is not there");
	calls->reset(engine->find);
}

void
engine_scan(struct engine *engine)
{
	engine_run(engine, "SELECT count(*), sum(length(line)) FROM row");
}

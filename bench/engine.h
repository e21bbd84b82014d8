/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_ENGINE_H
#define BENCH_ENGINE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What is compared: SQLite as it is here, the same through the vault's VFS,
 * and SQLCipher with and without a key.  SQLCipher has the names of SQLite,
 * so each library is a table of its functions.
 */
#define CALLS(X)        \
	X(open_v2)      \
	X(close)        \
	X(exec)         \
	X(prepare_v2)   \
	X(step)         \
	X(reset)        \
	X(finalize)     \
	X(bind_int64)   \
	X(bind_text)    \
	X(column_text)  \
	X(errmsg)       \
	X(vfs_find)     \
	X(vfs_register) \
	X(libversion)

struct calls {
#define X(name) __typeof__(&sqlite3_##name) name;
	CALLS(X)
#undef X
};

enum seal { SEAL_NONE, SEAL_VAULT, SEAL_KEY };

struct engine {
	const char *name;          /* as figures begin */
	const struct engine *peer; /* the same library without a key; NULL */
	const struct calls *calls;
	struct counts *counts;
	enum seal seal;
	char *path;

	/* While it is open. */
	sqlite3 *db;
	sqlite3_stmt *insert, *find;
	struct secret *key;
	struct vault_header *header;
	struct vfs *vfs;
};

enum { ENGINES_MAX = 6, ROW_BYTES = 110 };

/*
 * Fills `engines` with those that are here, files in `folder`: always plain
 * and vault; the library named by RONDE_BENCH_SQLCIPHER or Debian's, where it
 * is there, keyless and with a key; and so on.  Returns their number.
 */
size_t engines_find(struct engine engines[ENGINES_MAX], const char *folder);

/* What goes through SQLite as it is here, the vaults of ronde too. */
struct counts *engine_own_counts(void);

/* Makes its file anew, with an empty table of rows, and opens it. */
void engine_make(struct engine *engine, int cache_kib);

/* Opens what was made, with a cache of that size; closes it. */
void engine_open(struct engine *engine, int cache_kib);
void engine_close(struct engine *engine);

void engine_run(struct engine *engine, const char *sql);
void engine_insert(struct engine *engine, int64_t id);
/* Reads one row; it must be there. */
void engine_find(struct engine *engine, int64_t id);
/* Reads all rows. */
void engine_scan(struct engine *engine);

#endif

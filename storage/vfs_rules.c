/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vfs_internal.h"

#include <string.h>

/*
 * What the protection rests on, as SQL to start with and as rules that no
 * later PRAGMA may break.  The exclusive lock comes first: SQLite then keeps
 * the index of the WAL in memory and asks for no shared memory file.
 */
#define SETUP                                                      \
	"PRAGMA locking_mode=EXCLUSIVE; PRAGMA temp_store=MEMORY;" \
	"PRAGMA synchronous=FULL; PRAGMA cache_size=-23000;"       \
	"PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"    \
	"PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"         \
	"PRAGMA max_page_count=33554431;" /* for page_tidy() */

const char vfs_setup_new[] =
    SETUP "PRAGMA auto_vacuum=NONE; PRAGMA encoding='UTF-8';"
	  "PRAGMA journal_mode=MEMORY; PRAGMA journal_mode=WAL;";
const char vfs_setup_open[] = SETUP "PRAGMA journal_mode=WAL;";

/* A row names a PRAGMA and the values it may be given, NULL at the end. */
static const struct rule {
	const char *pragma;
	const char *values[4];
} rules[] = {
	{ "journal_mode", { "wal" } },
	{ "synchronous", { "full", "2", "extra", "3" } },
	{ "temp_store", { "memory", "2" } },
	{ "temp_store_directory", { NULL } },
	{ "data_store_directory", { NULL } },
	{ "locking_mode", { "exclusive" } },
	{ "mmap_size", { "0" } },
	{ "page_size", { "4096" } },
	{ "auto_vacuum", { "none", "0" } },
	{ "writable_schema", { "0", "off" } },
	{ "encoding", { "utf-8" } },
	{ "secure_delete", { "on", "1" } },
};

static bool
allows(const struct vfs *vfs, const struct rule *rule, const char *value)
{
	if (vfs->creating && strcmp(rule->pragma, "journal_mode") == 0 &&
	    sqlite3_stricmp(value, "memory") == 0)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(rule->values); i++)
		if (rule->values[i] &&
		    sqlite3_stricmp(value, rule->values[i]) == 0)
			return true;
	return false;
}

/* `args` as SQLITE_FCNTL_PRAGMA has them: message, name, value or NULL. */
int
rules_pragma(const struct vfs *vfs, char **args)
{
	if (!args[2])
		return SQLITE_NOTFOUND;
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		if (sqlite3_stricmp(args[1], rules[i].pragma) != 0)
			continue;
		if (allows(vfs, &rules[i], args[2]))
			return SQLITE_NOTFOUND;
		args[0] = sqlite3_mprintf(
		    "a vault does not allow %s=%s", args[1], args[2]);
		return SQLITE_ERROR;
	}
	return SQLITE_NOTFOUND;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/bench.h"
#include "bench/counter.h"
#include "bench/engine.h"

/* Which engines are here: the libraries and their tables of functions. */

static const struct calls own = {
#define X(name) .name = sqlite3_##name,
	CALLS(X)
#undef X
};

struct counts *
engine_own_counts(void)
{
	static struct counts *counts;

	if (!counts)
		counts = counter_new(&own);
	return counts;
}

/* A library of its own names, NULL when it is not here. */
static const struct calls *
load(const char *file)
{
	struct calls *calls = xcalloc(1, sizeof(*calls));
	void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);

	if (!library) {
		free(calls);
		return NULL;
	}
#define X(name)                                                    \
	*(void **)&calls->name = dlsym(library, "sqlite3_" #name); \
	if (!calls->name)                                          \
		bench_die(file, "lacks sqlite3_" #name);
	CALLS(X)
#undef X
	return calls;
}

static struct engine *
add(struct engine *engines, size_t *count, const char *folder,
    const struct engine *like)
{
	struct engine *made = &engines[(*count)++];

	*made = *like;
	made->path = xasprintf("%s/%s.db", folder, made->name);
	return made;
}

static void
add_cipher(struct engine *engines, size_t *count, const char *folder,
    const char *file, const char *const names[2])
{
	const struct calls *calls = load(file);
	struct engine like = { .calls = calls };

	if (!calls) {
		printf("# %s is not here: %s\n", names[1], file);
		return;
	}
	printf("# %s: %s, SQLite %s\n", names[1], file, calls->libversion());
	like.name = names[0];
	like.counts = counter_new(calls);
	like.peer = add(engines, count, folder, &like);
	like.name = names[1];
	like.seal = SEAL_KEY;
	add(engines, count, folder, &like);
}

size_t
engines_find(struct engine engines[ENGINES_MAX], const char *folder)
{
	static const char *const debian[] = { "sqlcipher_plain", "sqlcipher" };
	static const char *const newer[] = { "newer_sqlcipher_plain",
		"newer_sqlcipher" };
	struct engine like = { .name = "plain", .calls = &own };
	const char *given = getenv("RONDE_BENCH_SQLCIPHER");
	size_t count = 0;

	printf("# plain, vault: SQLite %s\n", own.libversion());
	like.counts = engine_own_counts();
	like.peer = add(engines, &count, folder, &like);
	like.name = "vault";
	like.seal = SEAL_VAULT;
	add(engines, &count, folder, &like);
	add_cipher(engines, &count, folder, "libsqlcipher.so.0", debian);
	if (given && *given)
		add_cipher(engines, &count, folder, given, newer);
	return count;
}

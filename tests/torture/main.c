/* SPDX-License-Identifier: Apache-2.0 */
#include <malloc.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "crypto/secret.h"
#include "tests/torture/torture.h"

/*
 * torture NAME [COUNT [SEED [EVERY [LIMIT]]]]: one part of the torture, one
 * process; prints "name value" lines.  0 when nothing failed.
 */
static const struct part {
	const char *name;
	void (*run)(const struct torture_plan *plan, struct figures *figures);
	const char *failures; /* the name of that figure */
} parts[] = {
	{ "crash", torture_crash, "crash_failures" },
	{ "io", torture_io, "io_failures" },
	{ "full", torture_full, "full_failures" },
	{ "malloc", torture_malloc, "malloc_failures" },
	{ "flip", torture_flip, "flip_failures" },
	{ "swap", torture_swap, "swap_failures" },
};

/*
 * Guard pages around each key and locking it cost a third of a run, which
 * opens a vault a million times with a key that is no secret: in this program
 * libsodium's three functions for it give ordinary memory.
 */
void *
sodium_malloc(size_t len)
{
	return malloc(len > 0 ? len : 1);
}

void
sodium_free(void *data)
{
	free(data);
}

int
sodium_mlock(void *data, size_t len)
{
	(void)data;
	(void)len;
	return 0;
}

static long
number(int argc, char **argv, int at, long otherwise)
{
	return argc > at ? strtol(argv[at], NULL, 10) : otherwise;
}

int
main(int argc, char **argv)
{
	struct figures figures = { 0 };
	const struct torture_plan plan = {
		.count = number(argc, argv, 2, 1000),
		.seed = (uint64_t)number(argc, argv, 3, 1) * 0x9e3779b97f4a7c15,
		.every = number(argc, argv, 4, 1),
		.limit = number(argc, argv, 5, 0),
	};
	const struct part *part = NULL;
	struct err err = { 0 };

	for (size_t i = 0; argc > 1 && i < ARRAY_LEN(parts); i++)
		if (strcmp(parts[i].name, argv[1]) == 0)
			part = &parts[i];
	if (!part) {
		fprintf(stderr,
		    "usage: torture NAME [COUNT [SEED [EVERY"
		    " [LIMIT]]]]\n");
		return 2;
	}
	/* Disks and copies of them come and go: keep their memory. */
	mallopt(M_MMAP_THRESHOLD, 64 << 20);
	mallopt(M_TRIM_THRESHOLD, 256 << 20);
	if (part->run == torture_malloc)
		torture_malloc_install();
	if (crypto_init(&err) != 0) {
		fprintf(stderr, "%s\n", err.msg);
		return 2;
	}
	part->run(&plan, &figures);
	for (size_t i = 0; i < figures.count; i++)
		printf("%s %ld\n", figures.list[i].name, figures.list[i].value);
	printf("%s %ld\n", part->failures, figures.failures);
	return figures.failures ? 1 : 0;
}

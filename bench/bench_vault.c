/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The vault: engines side by side, saving one answer, and big vaults.
 *
 *   bench_vault [--rows N] [engines|saving|wide|deep|rebuild]...
 *
 * Without names it does all, with a million rows and events; `rebuild` is for
 * that part of wide and deep only.
 */
#include <stdlib.h>
#include <string.h>

#include "bench/bench.h"
#include "bench/big.h"
#include "bench/compare.h"
#include "bench/saving.h"
#include "crypto/secret.h"

enum { ROWS = 1000000, WIDE = 10, DEEP = 100 };

static bool
wanted(char **names, const char *name)
{
	if (!*names)
		return true;
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

int
main(int argc, char **argv)
{
	const bool given = argc > 2 && strcmp(argv[1], "--rows") == 0;
	const long rows = given ? strtol(argv[2], NULL, 10) : ROWS;
	char **names = argv + (given ? 3 : 1);
	const char *folder = bench_folder();
	struct err err = { 0 };

	if (crypto_init(&err) < 0)
		bench_die("crypto", err.msg);
	if (wanted(names, "saving"))
		save_answers(folder);
	if (wanted(names, "engines"))
		compare_engines(folder, rows);
	const bool only = *names && wanted(names, "rebuild");

	if (only || wanted(names, "wide"))
		measure_big(folder, "wide", rows / WIDE, WIDE - 1, only);
	if (only || wanted(names, "deep"))
		measure_big(folder, "deep", rows / DEEP, DEEP - 1, only);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The vault: engines side by side, saving one answer, and big vaults.
 *
 *   bench_vault [--quick] [engines|saving|wide|deep]...
 *
 * --quick is for development: a tenth of the rows.
 */
#include <stdio.h>
#include <string.h>

#include "bench/bench.h"
#include "bench/big.h"
#include "bench/compare.h"
#include "bench/saving.h"
#include "crypto/secret.h"

enum { ROWS = 1000000, EVENTS = 1000000, WIDE = 10, DEEP = 100, QUICK = 10 };

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
	const bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
	const long less = quick ? QUICK : 1;
	char **names = argv + (quick ? 2 : 1);
	const char *folder = bench_folder();
	struct err err = { 0 };

	if (crypto_init(&err) < 0)
		bench_die("crypto", err.msg);
	if (wanted(names, "saving"))
		save_answers(folder);
	if (wanted(names, "engines"))
		compare_engines(folder, ROWS / less);
	if (wanted(names, "wide"))
		measure_big(folder, "wide", EVENTS / WIDE / less, WIDE - 1);
	if (wanted(names, "deep"))
		measure_big(folder, "deep", EVENTS / DEEP / less, DEEP - 1);
	return 0;
}

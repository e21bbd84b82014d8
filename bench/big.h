/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_BIG_H
#define BENCH_BIG_H

#include <stdbool.h>

/*
 * A vault of many inspections of checklist A, each with its opening and
 * `answers` answers: how fast its projections are made again, how long
 * unlocking takes apart from Argon2id, and looking up one inspection with the
 * cache that ronde uses, against plain SQLite with the same tables and cache.
 */
void measure_big(const char *folder, const char *name, long inspections,
    int answers, bool rebuild_only);

#endif

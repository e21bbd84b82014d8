/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_BIG_LOOKUP_H
#define BENCH_BIG_LOOKUP_H

struct vault;

/*
 * Random inspections, and the answers of random inspections, looked up in
 * `vault` with its own cache, and in plain SQLite with the same rows, the
 * same settings and a cache of the same size; in turns.
 */
void look_up_inspections(
    const char *folder, const char *name, struct vault *vault);

#endif

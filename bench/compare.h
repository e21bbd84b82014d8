/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_COMPARE_H
#define BENCH_COMPARE_H

/*
 * Bulk insert, one-row commits, scan and random lookups with each engine
 * that is here (engine.h), and what the vault's take by the others'.
 */
void compare_engines(const char *folder, long rows);

#endif

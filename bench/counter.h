/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_COUNTER_H
#define BENCH_COUNTER_H

#include <stdint.h>

/*
 * A VFS that passes everything to the system's and counts what is written
 * and synced.  Each library has its own list of VFSs, so there is a counter
 * for each library.
 */
struct calls;

struct counts {
	uint64_t writes, bytes, syncs;
};

#define COUNTER_VFS "bench-counter"

/*
 * Registers one, for good and as the default, with the library behind
 * `calls`.
 */
struct counts *counter_new(const struct calls *calls);

#endif

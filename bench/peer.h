/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <stddef.h>

/*
 * The peer: plain SQLite with the same durability (WAL, synchronous FULL)
 * and one table of lines.
 */
struct peer;

struct peer *peer_open(const char *path);
void peer_close(struct peer *plain);
void peer_begin(struct peer *plain);
void peer_insert(struct peer *plain, const void *line, size_t len);
void peer_commit(struct peer *plain);

#endif

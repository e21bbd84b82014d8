/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_PLAIN_H
#define BENCH_PLAIN_H

#include <stddef.h>

/*
 * The peer: plain SQLite with the same durability (WAL, synchronous FULL)
 * and one table of lines.
 */
struct plain;

struct plain *plain_open(const char *path);
void plain_close(struct plain *plain);
void plain_begin(struct plain *plain);
void plain_insert(struct plain *plain, const void *line, size_t len);
void plain_commit(struct plain *plain);

#endif

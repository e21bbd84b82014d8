/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_WORLD_H
#define BENCH_WORLD_H

#include "crypto/hash.h"
#include "crypto/ids.h"
#include "storage/vault.h"

/*
 * Vaults with the shipped checklist A and people who trust each other, for
 * benches; every failure ends the bench.
 */
struct world {
	struct vault *vault;
	char site[ID_MAX];
	struct hash checklist;
};

/* `name` is the file's and the person's; role as enum role. */
void world_open(
    struct world *world, const char *folder, const char *name, int role);
void world_fill(struct world *world); /* a site and checklist A */
void world_close(struct world *world);

/* `one` enrols `other`. */
void world_trust(struct world *one, struct world *other);

#endif

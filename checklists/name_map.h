/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_NAME_MAP_H
#define CHECKLISTS_NAME_MAP_H

#include <stddef.h>

/*
 * Names to numbers from 0.  A map starts as { 0 }; names are borrowed and live
 * at least as long as it.
 */
struct name_map {
	const char **keys; /* borrowed; NULL: a free place */
	int *values;
	size_t room, count;
};

/* Of any bytes, well spread in its low bits; the same in one run only. */
size_t name_hash(const char *key, size_t len);

void name_map_release(struct name_map *map);
/* The value of `key`, or -1. */
int name_map_find(const struct name_map *map, const char *key, size_t len);
/* Puts it where it is new; returns the older value, or -1. */
int name_map_put(struct name_map *map, const char *key, int value);
/* Puts it in any case. */
void name_map_set(struct name_map *map, const char *key, int value);

#endif

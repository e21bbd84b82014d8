/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/name_map.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

size_t
name_hash(const char *key, size_t len)
{
	uint64_t hash = 14695981039346656037u;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)key[i]) * 1099511628211u;
	return (size_t)(hash ^ (hash >> 32));
}

void
name_map_release(struct name_map *map)
{
	free(map->keys);
	free(map->values);
	*map = (struct name_map){ 0 };
}

/* Where `key` is, or the free place for it. */
static size_t
place_of(const struct name_map *map, const char *key, size_t len)
{
	size_t at = name_hash(key, len) & (map->room - 1);

	while (map->keys[at] &&
	    (strncmp(map->keys[at], key, len) != 0 || map->keys[at][len]))
		at = (at + 1) & (map->room - 1);
	return at;
}

static void
grow(struct name_map *map)
{
	const struct name_map old = *map;

	map->room = old.room ? old.room * 2 : 64;
	map->keys = xcalloc(map->room, sizeof(char *));
	map->values = xcalloc(map->room, sizeof(*map->values));
	for (size_t i = 0; i < old.room; i++) {
		size_t at;

		if (!old.keys[i])
			continue;
		at = place_of(map, old.keys[i], strlen(old.keys[i]));
		map->keys[at] = old.keys[i];
		map->values[at] = old.values[i];
	}
	free(old.keys);
	free(old.values);
}

int
name_map_find(const struct name_map *map, const char *key, size_t len)
{
	size_t at;

	if (map->room == 0)
		return -1;
	at = place_of(map, key, len);
	return map->keys[at] ? map->values[at] : -1;
}

int
name_map_put(struct name_map *map, const char *key, int value)
{
	size_t at;

	if (map->count * 2 >= map->room)
		grow(map);
	at = place_of(map, key, strlen(key));
	if (map->keys[at])
		return map->values[at];
	map->keys[at] = key;
	map->values[at] = value;
	map->count++;
	return -1;
}

void
name_map_set(struct name_map *map, const char *key, int value)
{
	if (name_map_put(map, key, value) >= 0)
		map->values[place_of(map, key, strlen(key))] = value;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "inspections/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Events by their hashes: open addressing, never more than half full. */

static size_t
hash_place(const struct hash *hash, size_t size)
{
	uint64_t start;

	memcpy(&start, hash->bytes, sizeof(start));
	return (size_t)(start & (size - 1));
}

const struct hash_slot *
history_find_hash(const struct history *history, const struct hash *hash)
{
	size_t at;

	if (history->table_size == 0)
		return NULL;
	at = hash_place(hash, history->table_size);
	while (history->table[at].seq != 0) {
		if (hash_equal(&history->table[at].hash, hash))
			return &history->table[at];
		at = (at + 1) & (history->table_size - 1);
	}
	return NULL;
}

static void
table_put(struct hash_slot *table, size_t size, const struct hash_slot *slot)
{
	size_t at = hash_place(&slot->hash, size);

	while (table[at].seq != 0)
		at = (at + 1) & (size - 1);
	table[at] = *slot;
}

void
history_add_hash(
    struct history *history, const struct hash *hash, int chain, int64_t seq)
{
	struct hash_slot slot = { .hash = *hash, .seq = seq, .chain = chain };

	if (history->table_count * 2 >= history->table_size) {
		const size_t size =
		    history->table_size ? history->table_size * 2 : 256;
		struct hash_slot *table = xcalloc(size, sizeof(*table));

		for (size_t i = 0; i < history->table_size; i++)
			if (history->table[i].seq != 0)
				table_put(table, size, &history->table[i]);
		free(history->table);
		history->table = table;
		history->table_size = size;
	}
	table_put(history->table, history->table_size, &slot);
	history->table_count++;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/recent.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/*
 * A slot for each of the lowest bits of a hash: who comes later takes it.
 * The bytes are those of lines; parsed, they are some ten times as large.
 */
enum { SLOTS = 4096, BYTES_MAX = 2 * 1024 * 1024 };

struct recent {
	struct event *slots[SLOTS];
	size_t bytes;
};

static struct event **
slot_of(struct recent *recent, const struct hash *hash)
{
	uint16_t low;

	memcpy(&low, hash->bytes, sizeof(low));
	return &recent->slots[low % SLOTS];
}

static void
empty(struct recent *recent, struct event **slot)
{
	if (!*slot)
		return;
	recent->bytes -= (*slot)->len;
	event_release(*slot);
	free(*slot);
	*slot = NULL;
}

struct recent *
recent_new(void)
{
	return xcalloc(1, sizeof(struct recent));
}

void
recent_free(struct recent *recent)
{
	if (!recent)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		empty(recent, &recent->slots[i]);
	free(recent);
}

void
recent_put(struct recent *recent, const struct event *event)
{
	struct event **slot = slot_of(recent, &event->hash);

	empty(recent, slot);
	if (!event->json || recent->bytes + event->len > BYTES_MAX)
		return;
	*slot = xcalloc(1, sizeof(**slot));
	**slot = *event;
	(*slot)->line = NULL; /* it was borrowed */
	json_incref((*slot)->json);
	recent->bytes += event->len;
}

bool
recent_take(struct recent *recent, const struct hash *hash, const char *line,
    size_t len, struct event *event)
{
	struct event **slot = slot_of(recent, hash);

	if (!*slot || (*slot)->len != len || !hash_equal(&(*slot)->hash, hash))
		return false;
	*event = **slot;
	event->line = line;
	json_incref(event->json);
	empty(recent, slot);
	return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_BYTES = 64 * 1024, FIRST_BLOCK_BYTES = 1024, ALIGNMENT = 16 };

struct block {
	struct block *next;
	size_t used, room;
	_Alignas(ALIGNMENT) unsigned char bytes[];
};

struct arena {
	struct block *newest;
	size_t size;
};

static void (*exhausted_hook)(void);

void
mem_on_exhausted(void (*hook)(void))
{
	exhausted_hook = hook;
}

void
mem_exhausted(void)
{
	static const char text[] = "ronde: out of memory\n";

	if (exhausted_hook)
		exhausted_hook();
	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	_exit(1);
}

void *
xcalloc(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size ? size : 1);

	if (!memory)
		mem_exhausted();
	return memory;
}

void *
xrealloc(void *old, size_t count, size_t size)
{
	void *memory = reallocarray(old, count ? count : 1, size ? size : 1);

	if (!memory)
		mem_exhausted();
	return memory;
}

char *
xstrndup(const char *text, size_t len)
{
	char *copy = xcalloc(len + 1, 1);

	memcpy(copy, text, len);
	return copy;
}

char *
xstrdup(const char *text)
{
	return xstrndup(text, strlen(text));
}

char *
xasprintf(const char *fmt, ...)
{
	va_list args;
	char *text = NULL;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		mem_exhausted();
	va_end(args);
	return text;
}

void
mem_grow(void *array, size_t *room, size_t need, size_t size)
{
	void **memory = array;
	size_t grown = *room ? *room : 8;

	if (need <= *room)
		return;
	while (grown < need) {
		if (grown > SIZE_MAX / 2)
			mem_exhausted();
		grown *= 2;
	}
	*memory = xrealloc(*memory, grown, size);
	memset((char *)*memory + *room * size, 0, (grown - *room) * size);
	*room = grown;
}

struct arena *
arena_new(void)
{
	return xcalloc(1, sizeof(struct arena));
}

void
arena_free(struct arena *arena)
{
	if (!arena)
		return;
	for (struct block *block = arena->newest, *next; block; block = next) {
		next = block->next;
		free(block);
	}
	free(arena);
}

static struct block *
add_block(struct arena *arena, size_t size)
{
	/* A small arena stays small: each block is as large as all before. */
	const size_t least = arena->size < FIRST_BLOCK_BYTES ? FIRST_BLOCK_BYTES
	    : arena->size < BLOCK_BYTES                      ? arena->size
							     : BLOCK_BYTES;
	const size_t room = size > least ? size : least;
	struct block *block;

	if (room > SIZE_MAX - sizeof(*block))
		mem_exhausted();
	block = xcalloc(1, sizeof(*block) + room);
	block->room = room;
	block->next = arena->newest;
	arena->newest = block;
	arena->size += sizeof(*block) + room;
	return block;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	struct block *block = arena->newest;
	void *memory;

	if (size > SIZE_MAX - ALIGNMENT)
		mem_exhausted();
	size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	if (!block || block->room - block->used < size)
		block = add_block(arena, size);
	memory = block->bytes + block->used;
	block->used += size;
	return memory;
}

char *
arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *copy = arena_alloc(arena, len + 1);

	memcpy(copy, text, len);
	return copy;
}

char *
arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

size_t
arena_size(const struct arena *arena)
{
	return arena->size;
}

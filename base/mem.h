/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

#include "base/compiler.h"

/*
 * Memory.  Running out of it ends the program in one place, after the hook
 * put the terminal back; callers never check.
 */
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *old, size_t count, size_t size);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t len);
char *xasprintf(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Ends the program as they do, for memory that does not come from them. */
NO_RETURN void mem_exhausted(void);

/* Runs before the program ends for want of memory; NULL takes it away. */
void mem_on_exhausted(void (*hook)(void));

/*
 * Grows `*array` of `*room` elements of `size` bytes so that it holds at
 * least `need`; new elements are zero.
 */
void mem_grow(void *array, size_t *room, size_t need, size_t size);

/*
 * An arena hands out memory that lives until arena_free().  It is for trees
 * that are built once and read many times (a form, a parsed expression): no
 * node is freed on its own, so no node needs a destructor.
 */
struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena); /* NULL is allowed */

/* Returns `size` zeroed bytes, aligned for any type; borrowed from `arena`. */
void *arena_alloc(struct arena *arena, size_t size);

/* Returns a NUL-ended copy of `len` bytes of `text`; borrowed from `arena`. */
char *arena_strndup(struct arena *arena, const char *text, size_t len);
char *arena_strdup(struct arena *arena, const char *text);

/* The bytes that the arena holds from the system, for benches. */
size_t arena_size(const struct arena *arena);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/memdisk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/memdisk_internal.h"

enum { SECTOR_BYTES = 512 };

uint64_t
random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void
set_size(uint8_t **data, size_t *size, size_t new_size)
{
	*data = xrealloc(*data, new_size + 1, 1);
	if (new_size > *size)
		memset(*data + *size, 0, new_size - *size);
	*size = new_size;
}

void
memfile_apply(uint8_t **data, size_t *size, const struct memdisk_op *op)
{
	if (op->truncate) {
		set_size(data, size, op->len);
		return;
	}
	if (op->offset + op->len > *size)
		set_size(data, size, op->offset + op->len);
	memcpy(*data + op->offset, op->bytes, op->len);
}

void
memfile_forget(struct memfile *file)
{
	for (size_t i = 0; i < file->op_count; i++)
		free(file->ops[i].bytes);
	file->op_count = 0;
}

void
memfile_sync(struct memfile *file)
{
	set_size(&file->durable, &file->durable_size, file->size);
	if (file->size > 0)
		memcpy(file->durable, file->data, file->size);
	file->exists_durably = file->exists;
	memfile_forget(file);
}

void
memfile_add(struct memfile *file, struct memdisk_op op, const void *bytes)
{
	mem_grow(
	    &file->ops, &file->op_room, file->op_count + 1, sizeof(*file->ops));
	if (bytes) {
		op.bytes = xcalloc(op.len, 1);
		memcpy(op.bytes, bytes, op.len);
	}
	memfile_apply(&file->data, &file->size, &op);
	file->ops[file->op_count++] = op;
}

struct memfile *
memdisk_file(struct memdisk *disk, const char *name)
{
	for (size_t i = 0; i < MEMDISK_FILES; i++)
		if (disk->files[i].exists &&
		    strcmp(disk->files[i].name, name) == 0)
			return &disk->files[i];
	return NULL;
}

struct memfile *
memdisk_make(struct memdisk *disk, const char *name)
{
	struct memfile *file = memdisk_file(disk, name), *slot = NULL;

	if (file)
		return file;
	for (size_t i = 0; i < MEMDISK_FILES && !slot; i++)
		if (strcmp(disk->files[i].name, name) == 0)
			slot = &disk->files[i];
	for (size_t i = 0; i < MEMDISK_FILES && !slot; i++)
		if (!disk->files[i].name[0])
			slot = &disk->files[i];
	if (!slot)
		return NULL;
	snprintf(slot->name, sizeof(slot->name), "%s", name);
	slot->exists = true;
	slot->size = 0;
	if (slot->durable_size > 0 || slot->op_count > 0)
		memfile_add(slot, (struct memdisk_op){ .truncate = true },
		    NULL); /* another file of that name was there */
	return slot;
}

void
memdisk_put(
    struct memdisk *disk, const char *name, const void *bytes, size_t len)
{
	struct memfile *file = memdisk_make(disk, name);

	set_size(&file->data, &file->size, len);
	if (len > 0)
		memcpy(file->data, bytes, len);
	memfile_sync(file);
}

void
memdisk_remove(struct memdisk *disk, const char *name)
{
	struct memfile *file = memdisk_file(disk, name);

	if (!file)
		return;
	file->exists = false;
	file->size = 0;
	memfile_sync(file);
}

static void
remove_all(struct memdisk *disk)
{
	for (size_t i = 0; i < MEMDISK_FILES; i++)
		if (disk->files[i].exists)
			memdisk_remove(disk, disk->files[i].name);
}

void
memdisk_copy(struct memdisk *to, const struct memdisk *from)
{
	remove_all(to);
	for (size_t i = 0; i < MEMDISK_FILES; i++)
		if (from->files[i].exists)
			memdisk_put(to, from->files[i].name,
			    from->files[i].data, from->files[i].size);
}

/* What a power cut does with the writes since the last sync. */
struct fate {
	uint64_t *random;
	uint64_t mark; /* of all choices that made a difference */
	enum { EACH, NOTHING, FIRST_ONES } rule;
	size_t first; /* for FIRST_ONES: those before it are there */
};

static bool
toss(struct fate *fate)
{
	return random_next(fate->random) & 1;
}

/* Notes a choice; two cuts with the same marks leave the same disk. */
static void
mark(struct fate *fate, uint64_t choice)
{
	fate->mark = (fate->mark ^ choice) * 0x100000001b3;
}

/* One unsynced write, some of its sectors lost. */
static void
apply_torn(struct memfile *file, const struct memdisk_op *op, struct fate *fate)
{
	size_t at = op->offset;

	while (at < op->offset + op->len) {
		const size_t end_of_sector =
		    (at / SECTOR_BYTES + 1) * SECTOR_BYTES;
		const size_t end = end_of_sector < op->offset + op->len
		    ? end_of_sector
		    : op->offset + op->len;
		const struct memdisk_op piece = {
			.offset = at,
			.len = end - at,
			.bytes = op->bytes + (at - op->offset),
		};
		const bool is_there = toss(fate);

		mark(fate, is_there);
		if (is_there)
			memfile_apply(&file->data, &file->size, &piece);
		at = end;
	}
}

static void
apply_fate(struct memfile *file, const struct memdisk_op *op, size_t number,
    struct fate *fate)
{
	enum { MISSING, WHOLE, TORN } what = WHOLE;

	if (fate->rule == NOTHING ||
	    (fate->rule == FIRST_ONES && number > fate->first))
		what = MISSING;
	else if (fate->rule == FIRST_ONES)
		what = number == fate->first && !op->truncate ? TORN : WHOLE;
	else if (random_next(fate->random) % 4 == 0 && !op->truncate)
		what = TORN;
	else if (toss(fate))
		what = MISSING;
	mark(fate, 2 + what);
	if (what == WHOLE)
		memfile_apply(&file->data, &file->size, op);
	else if (what == TORN)
		apply_torn(file, op, fate);
}

static void
crash_file(struct memdisk *to, const struct memfile *file, struct fate *fate)
{
	struct memfile *made;
	const bool unsure = file->exists != file->exists_durably;
	const bool is_there = unsure ? toss(fate) : file->exists;

	if (unsure)
		mark(fate, 5 + is_there);
	if (!is_there)
		return; /* not made yet, or deleted, as the folder knows it */
	memdisk_put(to, file->name, file->durable, file->durable_size);
	made = memdisk_file(to, file->name);
	if (fate->rule == FIRST_ONES && file->op_count > 0)
		fate->first = random_next(fate->random) % file->op_count;
	for (size_t n = 0; n < file->op_count; n++)
		apply_fate(made, &file->ops[n], n, fate);
	memfile_sync(made);
}

static struct fate
draw_fate(uint64_t *random)
{
	const uint64_t dice = random_next(random) % 8;

	return (struct fate){ .random = random,
		.mark = 1,
		.rule = dice == 0 ? NOTHING
		    : dice < 4    ? FIRST_ONES
				  : EACH };
}

void
memfile_cut(struct memfile *file, uint64_t *random)
{
	struct fate fate = draw_fate(random);

	set_size(&file->data, &file->size, file->durable_size);
	if (file->size > 0)
		memcpy(file->data, file->durable, file->size);
	if (file->op_count > 0)
		fate.first = random_next(random) % file->op_count;
	for (size_t n = 0; n < file->op_count; n++)
		apply_fate(file, &file->ops[n], n, &fate);
	memfile_sync(file);
}

uint64_t
memdisk_crash(struct memdisk *to, const struct memdisk *from, uint64_t *random)
{
	struct fate fate = draw_fate(random);

	remove_all(to);
	for (size_t i = 0; i < MEMDISK_FILES; i++)
		crash_file(to, &from->files[i], &fate);
	return fate.mark;
}

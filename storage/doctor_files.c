/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "storage/blob.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/doctor_internal.h"
#include "storage/vault_internal.h"

/*
 * Files of a damaged vault: put together from their pieces, and believed when
 * they have their digest.  The digest comes from the file's row, or from the
 * index over those rows.
 */
enum { PIECE_BYTES = 64 * 1024, PIECE_ROW_MAX = PIECE_BYTES + 64 };

/* The pieces of one file, one after the other. */
struct pieces {
	struct rescue *rescue;
	size_t next, end; /* in the list of pieces */
	int64_t number;   /* the piece that is to come */
	struct buf piece; /* the row of one */
	struct row record;
	size_t given; /* bytes of it handed out */
	bool broken;  /* a piece is missing */
};

/* Makes the next piece ready: 1, 0 at the end, -1. */
static int
next_piece(struct pieces *pieces, struct err *err)
{
	const struct row_list *list = &pieces->rescue->all->rows[ROW_CHUNK];
	int got = 0;

	for (; pieces->next < pieces->end; pieces->next++) {
		const struct row_ref *ref = &list->refs[pieces->next];

		if (ref->second < pieces->number)
			continue; /* a second row of a piece */
		if (ref->second > pieces->number)
			break;
		got = gathered_read(pieces->rescue->all, ref, PIECE_ROW_MAX,
		    &pieces->piece, &pieces->record, err);
		if (got != 0)
			break;
	}
	if (got < 0)
		return -1;
	if (got == 0) {
		pieces->broken = pieces->next < pieces->end;
		return 0;
	}
	pieces->next++;
	pieces->number++;
	pieces->given = 0;
	return 1;
}

static ssize_t
read_pieces(void *arg, void *to, size_t room, struct err *err)
{
	struct pieces *pieces = arg;
	const struct column *bytes = &pieces->record.columns[2];
	size_t len;

	while (pieces->record.count != 3 || pieces->given == bytes->len) {
		const int got = next_piece(pieces, err);

		if (got <= 0)
			return got;
		if (pieces->record.count != 3)
			return 0;
	}
	len = bytes->len - pieces->given;
	len = len < room ? len : room;
	memcpy(to, pieces->piece.data + bytes->at + pieces->given, len);
	pieces->given += len;
	return (ssize_t)len;
}

static int
hash_pieces(struct pieces *pieces, struct hash *digest, struct err *err)
{
	uint8_t *bytes = xcalloc(1, PIECE_BYTES);
	struct hasher hasher;
	ssize_t got;

	hasher_begin(&hasher);
	while ((got = read_pieces(pieces, bytes, PIECE_BYTES, err)) > 0)
		hasher_add(&hasher, bytes, (size_t)got);
	*digest = hasher_end_hash(&hasher);
	explicit_bzero(bytes, PIECE_BYTES);
	free(bytes);
	return got < 0 ? -1 : 0;
}

/* Stores it, unless its digest is another one. */
static int
store_pieces(struct pieces *pieces, const struct hash *wanted,
    struct hash *digest, struct err *err)
{
	const struct byte_source source = { read_pieces, pieces };
	struct db *db = pieces->rescue->to->db;

	if (db_begin(db, err) < 0)
		return -1;
	if (blob_add(pieces->rescue->to, &source, digest, NULL, err) < 0) {
		db_rollback(db);
		return -1;
	}
	if (hash_equal(wanted, digest))
		return db_commit(db, err);
	db_rollback(db);
	return 0;
}

/* Where the pieces of file `number` begin. */
static size_t
find_pieces(const struct row_list *list, int64_t number)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (list->refs[middle].key < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int
rescue_file(struct rescue *rescue, int64_t number, const struct hash *wanted,
    struct err *err)
{
	const struct row_list *list = &rescue->all->rows[ROW_CHUNK];
	struct pieces pieces = { .rescue = rescue,
		.next = find_pieces(list, number) };
	char hex[HASH_HEX_MAX];
	struct hash digest = { 0 };
	int result;

	for (pieces.end = pieces.next;
	     pieces.end < list->count && list->refs[pieces.end].key == number;)
		pieces.end++;
	buf_init(&pieces.piece, PIECE_ROW_MAX);
	result = rescue->to ? store_pieces(&pieces, wanted, &digest, err)
			    : hash_pieces(&pieces, &digest, err);
	buf_wipe_release(&pieces.piece);
	if (result < 0)
		return -1;
	if (hash_equal(wanted, &digest)) {
		mem_grow(&rescue->files, &rescue->file_room,
		    rescue->file_count + 1, sizeof(digest));
		rescue->files[rescue->file_count++] = digest;
		rescue->report->saved.files.saved++;
		return 0;
	}
	hash_to_hex(wanted, hex);
	rescue->report->saved.files.lost++;
	doctor_find(rescue->report,
	    &(struct doctor_finding){
		.part = "file", .byte = -1, .subject = hex },
	    _("the file %.16s is lost: %zu of its pieces are left"), hex,
	    pieces.end - find_pieces(list, number));
	return 0;
}

/* A file that is known by its row or by the index over them. */
struct known_file {
	int64_t number;
	struct hash digest;
};

static int
by_number(const void *one, const void *other)
{
	const struct known_file *a = one, *b = other;

	return (a->number > b->number) - (a->number < b->number);
}

static int
list_known(struct rescue *rescue, enum row_kind kind, unsigned digest_at,
    struct known_file *files, size_t *count, struct err *err)
{
	const struct row_list *list = &rescue->all->rows[kind];
	struct row record;

	for (size_t i = 0; i < list->count; i++) {
		struct known_file *file = &files[*count];
		const int got = gathered_read(rescue->all, &list->refs[i],
		    PIECE_BYTES, &rescue->payload, &record, err);

		if (got < 0)
			return -1;
		if (got == 0 ||
		    !rescue_hash(rescue, &record, digest_at, &file->digest))
			continue;
		file->number = list->refs[i].key;
		(*count)++;
	}
	return 0;
}

static int
rescue_known(struct rescue *rescue, struct known_file *files, size_t count,
    struct err *err)
{
	if (count)
		qsort(files, count, sizeof(*files), by_number);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && files[i].number == files[i - 1].number &&
		    hash_equal(&files[i].digest, &files[i - 1].digest))
			continue;
		if (rescue_file(
			rescue, files[i].number, &files[i].digest, err) < 0 ||
		    rescue_step(rescue, i, count, err) < 0)
			return -1;
	}
	return 0;
}

/* Files of which only pieces are left: nothing says what they were. */
static void
say_nameless(
    struct rescue *rescue, const struct known_file *files, size_t count)
{
	const struct row_list *list = &rescue->all->rows[ROW_CHUNK];

	for (size_t i = 0; i < list->count; i++) {
		const struct known_file key = { .number = list->refs[i].key };

		if ((i > 0 && list->refs[i - 1].key == key.number) ||
		    (count &&
			bsearch(&key, files, count, sizeof(*files), by_number)))
			continue;
		rescue->report->saved.files.lost++;
		doctor_find(rescue->report,
		    &(struct doctor_finding){ .part = "file", .byte = -1 },
		    _("a file is lost: pieces of it are left, its digest is "
		      "not"));
	}
}

static int
list_form(struct rescue *rescue, const struct hash *digest, struct err *err)
{
	struct db_query *query = db_query(rescue->to->db,
	    "INSERT INTO form (digest) VALUES (?1)"
	    " ON CONFLICT (digest) DO NOTHING",
	    err);

	if (!query)
		return -1;
	db_bind_blob(query, 1, digest->bytes, sizeof(digest->bytes));
	return db_run(query, err);
}

static int
rescue_forms(struct rescue *rescue, struct err *err)
{
	const struct row_list *list = &rescue->all->rows[ROW_FORM];
	struct doctor_share *share = &rescue->report->saved.checklists;
	struct row record;

	for (size_t i = 0; i < list->count; i++) {
		struct hash digest;
		const int got = gathered_read(rescue->all, &list->refs[i],
		    PIECE_BYTES, &rescue->payload, &record, err);

		if (got < 0)
			return -1;
		if (got == 0 || !rescue_hash(rescue, &record, 0, &digest))
			continue;
		if (!rescue_has(rescue->files, rescue->file_count, &digest)) {
			share->lost++;
			continue;
		}
		share->saved++;
		if (rescue->to && list_form(rescue, &digest, err) < 0)
			return -1;
	}
	return 0;
}

int
rescue_files(struct rescue *rescue, struct err *err)
{
	const size_t most = rescue->all->rows[ROW_BLOB].count +
	    rescue->all->rows[ROW_BLOB_KEY].count;
	struct known_file *files = xcalloc(most + 1, sizeof(*files));
	size_t count = 0;
	int result = -1;

	if (list_known(rescue, ROW_BLOB, 1, files, &count, err) < 0 ||
	    list_known(rescue, ROW_BLOB_KEY, 0, files, &count, err) < 0 ||
	    rescue_known(rescue, files, count, err) < 0)
		goto out;
	say_nameless(rescue, files, count);
	rescue_sort(rescue->files, rescue->file_count);
	result = rescue_forms(rescue, err);
out:
	free(files);
	return result;
}

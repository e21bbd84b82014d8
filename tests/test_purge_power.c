/* SPDX-License-Identifier: Apache-2.0 */
/* A purge on a disk in memory: power cuts, and what the pages still hold. */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "crypto/secret.h"
#include "storage/blob.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/log.h"
#include "storage/log_internal.h"
#include "storage/purge.h"
#include "storage/tombstone.h"
#include "storage/vault_internal.h"
#include "storage/vfs_internal.h"
#include "tests/torture/memvault.h"

#define GOES "I-0000000000000001"
#define STAYS "I-0000000000000002"
#define SECRET "Geheimnis"
#define HARMLESS "Belangloses"

enum { EVENTS = 40, COUNT = 2 * EVENTS, CUTS = 3, TEXT_BYTES = 300 };

static struct hash heads[COUNT + 1]; /* the running head after each event */

static void
note(struct vault *vault, const char *subject, const char *word, int number,
    const char *blob)
{
	char text[TEXT_BYTES];
	json_t *body = json_object();
	struct err err = { 0 };

	snprintf(text, sizeof(text), "%s %0*d", word, 200, number);
	json_put_int(body, "n", subject[17] * 1000 + number);
	json_put_text(body, "text", text);
	if (blob)
		json_put_text(body, "blob", blob);
	log_append(vault, subject, "answer", body, NULL, &err);
	json_decref(body);
	assert_no_err(&err);
}

static ssize_t
read_picture(void *arg, void *to, size_t room, struct err *err)
{
	size_t *left = arg;
	const size_t len = *left < room ? *left : room;

	(void)err;
	for (size_t i = 0; i < len; i++)
		((char *)to)[i] = SECRET[i % (sizeof(SECRET) - 1)];
	*left -= len;
	return (ssize_t)len;
}

static struct vault *
open_or_fail(struct memdisk *disk)
{
	struct err err = { 0 };
	struct vault *vault = memvault_open(disk, &err);

	assert_no_err(&err);
	assert_non_null(vault);
	return vault;
}

/* Two subjects in turn; a file of evidence that only the first names. */
static void
fill(struct memdisk *disk)
{
	struct vault *vault;
	size_t left = 100000;
	const struct byte_source source = { read_picture, &left };
	char hex[HASH_HEX_MAX];
	struct err err = { 0 };
	struct hash digest;

	memvault_make(disk);
	vault = open_or_fail(disk);
	blob_add(vault, &source, &digest, NULL, &err);
	assert_no_err(&err);
	hash_to_hex(&digest, hex);
	for (int i = 0; i < EVENTS; i++) {
		note(vault, GOES, SECRET, i + 1, i ? NULL : hex);
		note(vault, STAYS, HARMLESS, i + 1, NULL);
	}
	for (uint64_t i = 0; i <= COUNT; i++)
		assert_int_equal(log_head_at(vault->db, i, &heads[i], &err), 1);
	vault_close(vault);
}

static int64_t
ask(struct vault *vault, const char *sql)
{
	struct err err = { 0 };
	struct db_query *query = db_query_new(vault->db, sql, &err);
	int64_t number;

	assert_no_err(&err);
	assert_int_equal(db_step(query, &err), 1);
	number = db_int(query, 0);
	db_query_free(query);
	return number;
}

static void
purge(struct vault *vault)
{
	const struct purge_order order = { .subject = GOES,
		.reason = "a test" };
	struct purge_count count = { 0 };
	struct err err = { 0 };

	purge_subject(vault, &order, &count, &err);
	assert_no_err(&err);
	assert_int_equal(count.events, EVENTS);
}

static void
finish(struct vault *vault)
{
	struct purge_count count = { 0 };
	struct purge_shrink shrink;
	struct err err = { 0 };

	purge_files(vault, NULL, &count, &err);
	assert_no_err(&err);
	purge_shrink(vault, &shrink, &err);
	assert_no_err(&err);
	assert_false(shrink.too_large);
}

/* ---- power cuts ---- */

struct cut {
	struct memdisk *disk, *image;
	uint64_t random;
	bool purged, ended; /* was acknowledged */
	long images, before, after;
};

static void
check_whole(struct vault *vault)
{
	struct err err = { 0 };
	struct hash hash;

	assert_int_equal(ask(vault,
			     "SELECT count(*) FROM pragma_integrity_check"
			     " WHERE integrity_check = 'ok'"),
	    1);
	for (uint64_t i = 0; i <= COUNT; i++) {
		assert_int_equal(log_head_at(vault->db, i, &hash, &err), 1);
		assert_true(hash_equal(&hash, &heads[i]));
	}
	assert_int_equal(ask(vault,
			     "SELECT count(*) FROM event"
			     " WHERE subject = '" STAYS "'"),
	    EVENTS);
}

/* All of it or nothing. */
static bool
check_state(struct vault *vault)
{
	const int64_t events =
	    ask(vault, "SELECT count(*) FROM event WHERE subject = '" GOES "'");
	const bool gone = events == 0;

	assert_int_equal(events, gone ? 0 : EVENTS);
	assert_int_equal(
	    ask(vault, "SELECT count(*) FROM tombstone"), gone ? 1 : 0);
	assert_int_equal(
	    ask(vault, "SELECT count(*) FROM purged"), gone ? EVENTS : 0);
	assert_int_equal(
	    ask(vault, "SELECT count(*) FROM event WHERE kind = 'purge'"),
	    gone ? 1 : 0);
	assert_int_equal(
	    ask(vault, "SELECT max(id) FROM event"), COUNT + (gone ? 1 : 0));
	if (!gone)
		assert_int_equal(ask(vault, "SELECT count(*) FROM blob"), 1);
	return gone;
}

static void
check_image(struct cut *cut)
{
	struct vault *vault = open_or_fail(cut->image);
	bool gone;

	cut->images++;
	check_whole(vault);
	gone = check_state(vault);
	*(gone ? &cut->after : &cut->before) += 1;
	if (cut->purged)
		assert_true(gone);
	if (cut->ended)
		assert_int_equal(ask(vault, "SELECT count(*) FROM blob"), 0);
	/* Whatever was left can be done now. */
	if (!gone)
		purge(vault);
	finish(vault);
	check_whole(vault);
	assert_true(check_state(vault));
	assert_int_equal(ask(vault, "SELECT count(*) FROM blob"), 0);
	vault_close(vault);
}

static void
at_each_point(void *arg)
{
	struct cut *cut = arg;

	memdisk_copy(cut->image, cut->disk);
	check_image(cut);
	for (int i = 0; i < CUTS; i++) {
		memdisk_crash(cut->image, cut->disk, &cut->random);
		check_image(cut);
	}
	memdisk_use(cut->disk);
}

static void
a_cut_leaves_all_of_it_or_nothing(void **state)
{
	struct cut cut = { .random = 0x9e3779b97f4a7c15 };
	struct vault *vault;

	(void)state;
	cut.disk = memdisk_new("disk");
	cut.image = memdisk_new("image");
	fill(cut.disk);
	vault = open_or_fail(cut.disk);
	memdisk_watch(cut.disk, at_each_point, &cut);
	purge(vault);
	cut.purged = true;
	finish(vault);
	cut.ended = true;
	vault_close(vault);
	memdisk_watch(cut.disk, NULL, NULL);
	memdisk_free(cut.disk);
	memdisk_free(cut.image);
	assert_true(cut.before > 0);
	assert_true(cut.after > 0);
	print_message("purge_images %ld\npurge_images_before %ld\n", cut.images,
	    cut.before);
}

/* ---- what the pages hold ---- */

static bool
has_text(const uint8_t *page, const char *text)
{
	return memmem(page, VAULT_PAGE_BYTES, text, strlen(text)) != NULL;
}

/* Opens every page of the file with the vault's key, used or not. */
static int
pages_with(struct vault *vault, struct memdisk *disk, const char *text)
{
	const struct memfile *file = memdisk_file(disk, MEMVAULT_PATH);
	const struct memfile *wal = memdisk_file(disk, MEMVAULT_WAL);
	uint8_t clear[VAULT_PAGE_BYTES];
	struct place place = { .kind = PLACE_DB };
	int found = 0;

	/* All of it is in the file: the log is empty. */
	assert_true(!wal || wal->size == 0);
	for (size_t at = VAULT_HEADER_BYTES; at < file->size;
	     at += VAULT_PAGE_BYTES) {
		place.page++;
		assert_int_equal(
		    page_open(vault->vfs, &place, file->data + at, clear), 0);
		found += has_text(clear, text);
	}
	return found;
}

static void
empty_the_log(struct vault *vault)
{
	ask(vault, "PRAGMA wal_checkpoint(TRUNCATE)");
}

static void
no_page_holds_what_was_purged(void **state)
{
	struct memdisk *disk = memdisk_new("disk");
	struct purge_count count = { 0 };
	struct err err = { 0 };
	struct vault *vault;
	size_t size;

	(void)state;
	fill(disk);
	vault = open_or_fail(disk);
	empty_the_log(vault);
	assert_true(pages_with(vault, disk, SECRET) > 0);
	assert_true(pages_with(vault, disk, HARMLESS) > 0);

	/* Freed, and zeroed, before the file is made smaller. */
	purge(vault);
	purge_files(vault, NULL, &count, &err);
	assert_no_err(&err);
	assert_int_equal(count.files, 1);
	empty_the_log(vault);
	assert_int_equal(pages_with(vault, disk, SECRET), 0);
	assert_true(pages_with(vault, disk, HARMLESS) > 0);

	size = memdisk_file(disk, MEMVAULT_PATH)->size;
	finish(vault);
	assert_true(memdisk_file(disk, MEMVAULT_PATH)->size + 100000 < size);
	assert_int_equal(pages_with(vault, disk, SECRET), 0);
	assert_true(pages_with(vault, disk, HARMLESS) > 0);
	vault_close(vault);
	memdisk_free(disk);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_cut_leaves_all_of_it_or_nothing),
		TEST(no_page_holds_what_was_purged),
	};
	struct err err = { 0 };

	if (crypto_init(&err) != 0)
		return 1;
	return RUN_TESTS(tests);
}

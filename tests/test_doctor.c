/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include "base/file.h"
#include "base/mem.h"
#include "storage/blob.h"
#include "storage/db.h"
#include "storage/doctor.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/purge.h"
#include "storage/statement.h"
#include "storage/vault_header.h"
#include "storage/vault_internal.h"
#include "tests/storage_support.h"

/*
 * A vault with something in every table is damaged in one place at a time;
 * the doctor must say which, what it held, and save all that is left.
 */
enum {
	EVENTS = 60,
	FILES = 3,
	FILE_BYTES = 150000,
	PAGE = VAULT_PAGE_BYTES,
	FRAME_BYTES = 24 + PAGE
};

static const struct projector *const projectors[] = { &counting_projector,
	NULL };

struct place {
	char *folder, *path, *saved;
	char own[ID_MAX];
};

static struct doctor_options options = { .vault = {
					     .projectors = projectors } };

static struct secret *
phrase(void)
{
	char words[] = "cheval agrafe pile correcte";

	return secret_take(words, strlen(words), true);
}

static struct vault *
open_vault(const char *path)
{
	struct secret *words = phrase();
	struct err err = { 0 };
	struct vault *vault = vault_open(path, words, &options.vault, &err);

	assert_no_err(&err);
	secret_free(words);
	return vault;
}

static void
append(struct vault *vault, const char *subject, int number)
{
	struct err err = { 0 };
	char text[200];
	json_t *body;

	snprintf(text, sizeof(text), "%0180d", number);
	body = json_pack("{s:s}", "text", text);
	log_append(vault, subject, "answer", body, NULL, &err);
	assert_no_err(&err);
	json_decref(body);
}

struct source {
	size_t left;
	unsigned char byte;
};

static ssize_t
give(void *arg, void *to, size_t room, struct err *err)
{
	struct source *source = arg;
	const size_t len = room < source->left ? room : source->left;

	(void)err;
	memset(to, source->byte, len);
	source->left -= len;
	return (ssize_t)len;
}

/* Events of this device and another, files, a checklist, a statement. */
static void
fill(struct vault *vault)
{
	struct err err = { 0 };
	struct hash hash = { 0 }, digest;
	json_t *body = json_pack("{s:i}", "counter", 1);

	for (int i = 0; i < EVENTS; i++)
		append(vault, i % 3 ? SITE_1 : SITE_2, i);
	for (int i = 1; i <= 5; i++) {
		char *line = event_line(
		    SITE_1, DEVICE_A, i, i > 1 ? &hash : NULL, "theirs");

		hash = insert_event(vault, line, NULL);
		free(line);
	}
	for (int i = 0; i < FILES; i++) {
		struct source source = { FILE_BYTES, (unsigned char)('a' + i) };
		const struct byte_source from = { give, &source };

		assert_int_equal(
		    blob_add(vault, &from, &digest, NULL, &err), 0);
	}
	form_store_add(vault, "survey,type", 11, &digest, &err);
	statement_make(vault, STATEMENT_CARD, body, &digest, &err);
	setting_put(vault, "lang", "fr", &err);
	assert_int_equal(projection_run_all(vault, &err), 0);
	assert_no_err(&err);
	json_decref(body);
}

static int
make_place(void **state)
{
	struct place *place = xcalloc(1, sizeof(*place));
	struct secret *words, *recovery = NULL;
	struct err err = { 0 };
	struct vault *vault;

	assert_int_equal(crypto_init(&err), 0);
	words = phrase();
	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	place->folder = test_folder();
	place->path = file_join(place->folder, "v.ronde");
	place->saved = file_join(place->folder, "saved.ronde");
	vault =
	    vault_create(place->path, words, &options.vault, &recovery, &err);
	assert_no_err(&err);
	identity_create(
	    vault, "Awa Diop", "Ministère", ROLE_INSPECTOR, NULL, &err);
	assert_no_err(&err);
	snprintf(
	    place->own, sizeof(place->own), "%s", identity_get(vault)->device);
	fill(vault);
	vault_close(vault);
	secret_free(recovery);
	secret_free(words);
	*state = place;
	return 0;
}

static int
leave_place(void **state)
{
	struct place *place = *state;

	free(place->folder);
	free(place->path);
	free(place->saved);
	free(place);
	return 0;
}

/* ---- damage ---- */

static uint8_t *
read_whole(const char *path, size_t *len)
{
	struct buf bytes = BUF_INIT;
	struct err err = { 0 };

	file_read(path, &bytes, &err);
	assert_no_err(&err);
	*len = bytes.len;
	return (uint8_t *)buf_detach(&bytes);
}

static void
write_at(const char *path, int64_t offset, const void *bytes, size_t len)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, len, offset), (ssize_t)len);
	close(fd);
}

static void
flip_byte(const char *path, int64_t offset)
{
	size_t len;
	uint8_t *bytes = read_whole(path, &len);

	assert_true((size_t)offset < len);
	bytes[offset] ^= 1;
	write_at(path, offset, bytes + offset, 1);
	free(bytes);
}

static int64_t
offset_of(uint32_t page)
{
	return VAULT_HEADER_BYTES + (int64_t)(page - 1) * PAGE;
}

static int64_t
ask(const char *path, const char *sql, const char *text)
{
	struct vault *vault = open_vault(path);
	struct err err = { 0 };
	struct db_query *query = db_query(vault_db(vault), sql, &err);
	int64_t answer = -1;

	assert_non_null(query);
	if (text)
		db_bind_text(query, 1, text);
	if (db_step(query, &err) > 0)
		answer = db_int(query, 0);
	db_reset(query);
	vault_close(vault);
	return answer;
}

static uint32_t
root_of(const char *path, const char *name)
{
	const int64_t page = ask(
	    path, "SELECT rootpage FROM sqlite_schema WHERE name = ?1", name);

	assert_true(page > 1);
	return (uint32_t)page;
}

static void
alter(const char *path, const char *sql)
{
	struct vault *vault = open_vault(path);
	struct err err = { 0 };

	assert_int_equal(db_exec(vault_db(vault), sql, &err), 0);
	assert_no_err(&err);
	vault_close(vault);
}

/* ---- the doctor ---- */

static void
examine(const char *path, struct doctor_report *report)
{
	struct secret *words = phrase();
	struct err err = { 0 };

	assert_int_equal(
	    doctor_examine(path, words, &options, report, &err), 0);
	assert_no_err(&err);
	secret_free(words);
}

static void
assert_says(
    const struct doctor_report *report, const char *part, const char *text)
{
	for (size_t i = 0; i < report->count; i++)
		if (strcmp(report->findings[i].part, part) == 0 &&
		    strstr(report->findings[i].text, text))
			return;
	for (size_t i = 0; i < report->count; i++)
		print_message("%s: %s\n", report->findings[i].part,
		    report->findings[i].text);
	fail_msg("nobody says %s: %s", part, text);
}

static void
assert_well(const char *path, uint64_t events)
{
	struct doctor_report report;

	examine(path, &report);
	if (report.found > 0)
		fail_msg("%s: %s", path, report.findings[0].text);
	assert_true(report.opened);
	assert_int_equal(report.head.count, events);
	doctor_report_release(&report);
}

/* Saves it to place->saved; the report is to be released. */
static void
salvage(struct place *place, struct doctor_report *report)
{
	struct secret *words = phrase(), *recovery = NULL;
	struct err err = { 0 };
	struct vault *vault = doctor_salvage(place->path, place->saved, words,
	    &options, report, &recovery, &err);

	assert_no_err(&err);
	assert_non_null(vault);
	assert_non_null(recovery);
	vault = vault_settle(vault, place->saved, words, &options.vault, &err);
	assert_no_err(&err);
	vault_close(vault);
	secret_free(recovery);
	secret_free(words);
}

enum { ALL = EVENTS + 5 };

static void
a_whole_vault_is_well(void **state)
{
	struct place *place = *state;
	struct doctor_report report;

	examine(place->path, &report);
	assert_int_equal(report.found, 0);
	assert_true(report.opened);
	assert_false(report.weighed);
	assert_true(report.pages > 100);
	assert_int_equal(report.damaged_pages, 0);
	assert_int_equal(report.head.count, ALL);
	assert_int_equal(report.subjects, 2);
	assert_int_equal(report.chains, 3);
	assert_int_equal(report.waiting, 0);
	assert_int_equal(report.statements, 1);
	assert_int_equal(report.unchecked, 0);
	assert_int_equal(report.files, FILES + 1);
	assert_int_equal(report.file_bytes, FILES * FILE_BYTES + 11);
	assert_int_equal(report.checklists, 1);
	assert_int_equal(report.table_count, 4);
	doctor_report_release(&report);
}

/* What is lost with the first page of each table, and with no other. */
static void
the_page_of_each_table_is_named_and_the_rest_saved(void **state)
{
	static const struct {
		const char *name, *says;
		uint64_t events, statements, files, checklists;
		bool owner;
	} cases[] = {
		{ "chain", "it held rows of chain", ALL, 1, 4, 1, true },
		{ "counted", "it held rows of counted", ALL, 1, 4, 1, true },
		{ "event", "it held rows of event", ALL, 1, 4, 1, true },
		{ "sqlite_autoindex_event_1", "an index of event", ALL, 1, 4, 1,
		    true },
		{ "statement", "it held rows of statement", ALL, 0, 4, 1,
		    true },
		{ "blob", "it held rows of blob", ALL, 1, 4, 1, true },
		{ "blob_chunk", "it held rows of blob_chunk", ALL, 1, 4, 1,
		    true },
		{ "form", "it held rows of form", ALL, 1, 4, 0, true },
		{ "setting", "it held rows of setting", ALL, 1, 4, 1, true },
		{ "identity", "it held rows of identity", ALL, 1, 4, 1, false },
	};
	struct place *place = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const uint32_t page = root_of(place->path, cases[i].name);
		struct doctor_report report;
		char *says = xasprintf("page %u is damaged (byte %lld): ", page,
		    (long long)offset_of(page));

		flip_byte(place->path, offset_of(page) + 100);
		examine(place->path, &report);
		assert_false(report.opened);
		assert_int_equal(report.damaged_pages, 1);
		assert_says(&report, "page", says);
		assert_says(&report, "page", cases[i].says);
		assert_int_equal(report.findings[0].page, page);
		assert_int_equal(report.findings[0].byte, offset_of(page));
		assert_string_equal(report.findings[0].table, cases[i].name);
		assert_true(report.weighed);
		doctor_report_release(&report);
		salvage(place, &report);
		assert_int_equal(report.saved.events.saved, cases[i].events);
		assert_int_equal(
		    report.saved.statements.saved, cases[i].statements);
		assert_int_equal(report.saved.files.saved, cases[i].files);
		assert_int_equal(
		    report.saved.checklists.saved, cases[i].checklists);
		assert_int_equal(report.saved.owner, cases[i].owner);
		doctor_report_release(&report);
		assert_well(place->saved, cases[i].events);
		unlink(place->saved);
		flip_byte(place->path, offset_of(page) + 100);
		free(says);
	}
	assert_well(place->path, ALL);
}

static uint64_t
count_of(const struct doctor_report *report, const char *part)
{
	uint64_t count = 0;

	for (size_t i = 0; i < report->count; i++)
		count += strcmp(report->findings[i].part, part) == 0;
	return count;
}

/* A vault that is well, but for gaps where events were lost. */
static void
assert_saved(struct place *place, uint64_t events)
{
	struct doctor_report report;

	examine(place->saved, &report);
	for (size_t i = 0; i < report.count; i++)
		if (strcmp(report.findings[i].part, "chain") != 0)
			fail_msg("%s", report.findings[i].text);
	assert_true(report.opened);
	assert_int_equal(report.head.count, events);
	doctor_report_release(&report);
}

/* Nothing is lost unnamed, and what is saved is a vault that is well. */
static void
any_page_may_be_lost(void **state)
{
	struct place *place = *state;
	struct doctor_report report;
	uint64_t pages, with_events = 0;

	examine(place->path, &report);
	pages = report.pages;
	doctor_report_release(&report);
	for (uint32_t page = 1; page <= pages; page++) {
		flip_byte(place->path, offset_of(page) + 2000);
		if (page % 4 == 0) {
			salvage(place, &report);
			assert_saved(place, report.saved.events.saved);
			unlink(place->saved);
		} else {
			examine(place->path, &report);
		}
		assert_int_equal(report.damaged_pages, 1);
		assert_int_equal(
		    report.saved.events.saved + report.saved.events.lost, ALL);
		assert_int_equal(
		    count_of(&report, "event"), report.saved.events.lost);
		assert_int_equal(
		    report.saved.files.saved + report.saved.files.lost,
		    FILES + 1);
		with_events += report.saved.events.lost > 0;
		doctor_report_release(&report);
		flip_byte(place->path, offset_of(page) + 2000);
	}
	assert_true(with_events > 3);
}

/* The page with event 7, found by what is lost with it. */
static uint32_t
page_with_event(struct place *place, uint64_t *lost)
{
	const uint32_t pages =
	    (uint32_t)ask(place->path, "PRAGMA page_count", NULL);

	for (uint32_t page = 2; page <= pages; page++) {
		struct doctor_report report;

		flip_byte(place->path, offset_of(page) + 2000);
		examine(place->path, &report);
		flip_byte(place->path, offset_of(page) + 2000);
		*lost = report.saved.events.lost;
		doctor_report_release(&report);
		if (*lost > 0)
			return page;
	}
	fail_msg("no page has events");
	return 0;
}

static void
lost_events_are_named_with_their_chain(void **state)
{
	struct place *place = *state;
	struct doctor_report report;
	uint64_t lost;
	const uint32_t page = page_with_event(place, &lost);
	char *says;

	flip_byte(place->path, offset_of(page) + 2000);
	salvage(place, &report);
	says = xasprintf(
	    "event 1 is lost: the one with seq 1 of %s on " SITE_2, place->own);
	assert_says(&report, "event", says);
	free(says);
	says = xasprintf(
	    "event 2 is lost: the one with seq 1 of %s on " SITE_1, place->own);
	assert_says(&report, "event", says);
	free(says);
	assert_true(report.saved.own_events_lost);
	assert_true(report.saved.owner);
	doctor_report_release(&report);
	/* What is left of the chain has a gap: that is told, not hidden. */
	examine(place->saved, &report);
	assert_says(&report, "chain", "the event before this one is missing");
	assert_int_equal(report.head.count, ALL - lost);
	doctor_report_release(&report);
}

static void
zeroes_and_swapped_pages_are_no_pages(void **state)
{
	struct place *place = *state;
	const uint8_t zero[PAGE] = { 0 };
	struct doctor_report report;
	size_t len;
	uint8_t *bytes = read_whole(place->path, &len);
	const uint32_t one = root_of(place->path, "chain");
	const uint32_t other = root_of(place->path, "counted");

	write_at(place->path, offset_of(one), zero, PAGE);
	examine(place->path, &report);
	assert_says(&report, "page", "it held rows of chain");
	assert_int_equal(report.damaged_pages, 1);
	doctor_report_release(&report);
	write_at(place->path, offset_of(one), bytes + offset_of(other), PAGE);
	write_at(place->path, offset_of(other), bytes + offset_of(one), PAGE);
	examine(place->path, &report);
	assert_int_equal(report.damaged_pages, 2);
	assert_says(&report, "page", "it held rows of chain");
	assert_says(&report, "page", "it held rows of counted");
	assert_int_equal(report.saved.events.saved, ALL);
	doctor_report_release(&report);
	free(bytes);
}

static void
a_file_that_is_cut_is_saved_up_to_there(void **state)
{
	struct place *place = *state;
	struct doctor_report report;
	struct stat info;
	uint32_t pages;

	assert_int_equal(stat(place->path, &info), 0);
	pages = (uint32_t)((info.st_size - VAULT_HEADER_BYTES) / PAGE);
	assert_int_equal(truncate(place->path, offset_of(pages - 9) + 1000), 0);
	salvage(place, &report);
	assert_int_equal(report.damaged_pages, 10);
	assert_says(&report, "page", "10 pages from page");
	assert_int_equal(
	    report.saved.events.saved + report.saved.events.lost, ALL);
	assert_true(report.saved.owner);
	assert_int_equal(
	    report.saved.files.saved + report.saved.files.lost, FILES + 1);
	assert_true(report.saved.files.lost > 0);
	doctor_report_release(&report);
}

/* The first page of all has the names and places of the tables. */
static void
without_the_schema_rows_are_known_by_their_looks(void **state)
{
	struct place *place = *state;
	struct doctor_report report;

	flip_byte(place->path, offset_of(1) + 500);
	salvage(place, &report);
	assert_says(&report, "page", "page 1 is damaged (byte 8192)");
	assert_int_equal(report.saved.events.saved, ALL);
	assert_int_equal(report.saved.statements.saved, 1);
	assert_int_equal(report.saved.files.saved, FILES + 1);
	assert_int_equal(report.saved.checklists.saved, 1);
	assert_true(report.saved.owner);
	doctor_report_release(&report);
	assert_well(place->saved, ALL);
}

/*
 * A disk that cannot read a sector, by standing in front of the library's
 * pread() for reads that meet the one page.
 */
static int64_t unreadable = -1;

ssize_t pread(int fd, void *to, size_t len, off_t offset);

ssize_t
pread(int fd, void *to, size_t len, off_t offset)
{
	if (unreadable >= 0 && offset < unreadable + PAGE &&
	    offset + (off_t)len > unreadable) {
		errno = EIO;
		return -1;
	}
	return syscall(SYS_pread64, fd, to, len, offset);
}

static void
a_page_that_the_disk_cannot_read_is_damaged(void **state)
{
	struct place *place = *state;
	const uint32_t page = root_of(place->path, "counted");
	struct doctor_report report;

	unreadable = offset_of(page);
	salvage(place, &report);
	unreadable = -1;
	assert_int_equal(report.damaged_pages, 1);
	assert_int_equal(report.findings[0].page, page);
	assert_says(&report, "page", "it held rows of counted");
	assert_int_equal(report.saved.events.saved, ALL);
	assert_int_equal(report.saved.files.saved, FILES + 1);
	doctor_report_release(&report);
	assert_well(place->saved, ALL);
}

/* ---- the header ---- */

static void
one_copy_of_the_header_is_enough(void **state)
{
	struct place *place = *state;
	struct doctor_report report;

	flip_byte(place->path, 500);
	examine(place->path, &report);
	assert_true(report.opened);
	assert_int_equal(report.found, 1);
	assert_says(&report, "header",
	    "copy A of the header is damaged (bytes 0 to 4095)");
	assert_int_equal(report.head.count, ALL);
	doctor_report_release(&report);
}

static void
without_the_header_there_is_no_key(void **state)
{
	struct place *place = *state;
	struct secret *words = phrase();
	struct doctor_report report;
	struct err err = { 0 };

	flip_byte(place->path, 500);
	flip_byte(place->path, 4096 + 500);
	assert_int_equal(
	    doctor_examine(place->path, words, &options, &report, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_non_null(strstr(err.msg, "put a backup in its place"));
	doctor_report_release(&report);
	secret_free(words);
}

/* ---- the log ---- */

/* Leaves a log with `count` commits beside the vault, as a crash does. */
static void
crash_after(struct place *place, int count)
{
	const pid_t child = fork();
	int status;

	if (child == 0) {
		struct vault *vault = open_vault(place->path);

		for (int i = 0; i < count; i++)
			append(vault, SITE_1, 1000 + i);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static int64_t
frame_at(uint32_t frame)
{
	return VAULT_WAL_HEADER_BYTES + (int64_t)(frame - 1) * FRAME_BYTES;
}

static void
damage_in_the_log_is_told_and_what_follows_it_saved(void **state)
{
	struct place *place = *state;
	char *wal = xasprintf("%s-wal", place->path);
	struct doctor_report report;

	crash_after(place, 5);
	flip_byte(wal, frame_at(1) + 1000);
	examine(place->path, &report);
	assert_false(report.opened);
	assert_int_equal(report.damaged_frames, 1);
	assert_true(report.frames > 5);
	assert_says(&report, "log", "frame 1 of the log is damaged (byte 32 ");
	doctor_report_release(&report);
	salvage(place, &report);
	assert_int_equal(
	    report.saved.events.saved + report.saved.events.lost, ALL + 5);
	assert_true(report.saved.events.saved >= ALL);
	doctor_report_release(&report);
	free(wal);
}

static void
a_whole_log_counts_and_its_torn_end_is_no_damage(void **state)
{
	struct place *place = *state;
	char *wal = xasprintf("%s-wal", place->path);
	struct doctor_report report;
	struct stat info;

	crash_after(place, 5);
	assert_int_equal(stat(wal, &info), 0);
	assert_int_equal(truncate(wal, info.st_size - 100), 0);
	examine(place->path, &report);
	assert_int_equal(report.found, 0);
	assert_int_equal(report.damaged_frames, 0);
	assert_int_equal(report.head.count, ALL + 4);
	doctor_report_release(&report);
	free(wal);
}

/* ---- altered by who has the key ---- */

static void
altered_rows_are_told(void **state)
{
	static const struct {
		const char *sql, *part, *says;
	} cases[] = {
		{ "UPDATE event SET line = CAST(replace(CAST(line AS TEXT),"
		  " 'answer', 'answes') AS BLOB) WHERE id = 9",
		    "event", "event 9 (seq 6 of " },
		{ "UPDATE event SET line = CAST(replace(CAST(line AS TEXT),"
		  " 'answer', 'answes') AS BLOB) WHERE id = 9",
		    "event", "it does not have its hash" },
		{ "UPDATE event SET kind = 'note' WHERE id = 9", "event",
		    "it does not say what its line says" },
		{ "UPDATE event SET head = zeroblob(32) WHERE id = 9", "head",
		    "event 9: the running hash" },
		{ "DELETE FROM event WHERE id = 9", "event",
		    "events 9 to 9 are missing" },
		{ "DELETE FROM event WHERE id = 9", "chain",
		    "the event before this one is missing (seq 7)" },
		{ "UPDATE counted SET events = events + 1", "table",
		    "the table counted does not follow from the events: it has"
		    " 2 rows, made again 2" },
		{ "INSERT INTO counted VALUES ('S-X', 1, '')", "table",
		    "it has 3 rows, made again 2" },
		{ "UPDATE blob_chunk SET bytes = zeroblob(65536)"
		  " WHERE blob = 2 AND n = 1",
		    "file", "it does not have its digest" },
		{ "DELETE FROM blob_chunk WHERE blob = 2 AND n = 1", "file",
		    "a piece of it is missing" },
		{ "DELETE FROM blob WHERE id = 2", "file",
		    "there are pieces of 1 files that are not listed" },
		{ "UPDATE form SET digest = zeroblob(32)", "checklist",
		    "is listed, its file is missing" },
		{ "UPDATE statement SET line = CAST(replace(CAST(line AS"
		  " TEXT), '\"counter\":1', '\"counter\":2') AS BLOB)",
		    "statement", "its row was altered" },
	};
	struct place *place = *state;
	size_t len;
	uint8_t *good = read_whole(place->path, &len);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct doctor_report report;

		alter(place->path, cases[i].sql);
		examine(place->path, &report);
		assert_int_equal(report.damaged_pages, 0);
		assert_says(&report, cases[i].part, cases[i].says);
		doctor_report_release(&report);
		assert_int_equal(truncate(place->path, (off_t)len), 0);
		write_at(place->path, 0, good, len);
	}
	free(good);
	assert_well(place->path, ALL);
}

/* A statement whose row fits its line, signed by nobody. */
static void
a_statement_with_a_wrong_signature_is_told(void **state)
{
	struct place *place = *state;
	struct vault *vault = open_vault(place->path);
	struct doctor_report report;
	struct err err = { 0 };
	struct statement statement;
	char *line = xasprintf(
	    "[\"ronde/card/1\",{\"device\":\"%s\","
	    "\"time\":\"2026-11-23T11:11:12.345+01:00\"},"
	    "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	    "AAAAAAAAAAAAAAAAAAAAAA==\"]",
	    place->own);

	assert_int_equal(
	    statement_read(&statement, line, strlen(line), "test", &err), 0);
	assert_int_equal(statement_insert(vault, &statement, &err), 1);
	statement_release(&statement);
	vault_close(vault);
	examine(place->path, &report);
	assert_int_equal(report.found, 1);
	assert_says(&report, "statement", "its signature is not right");
	doctor_report_release(&report);
	free(line);
}

static void
an_altered_event_is_not_saved(void **state)
{
	struct place *place = *state;
	struct doctor_report report;

	alter(place->path,
	    "UPDATE event SET line = CAST(replace(CAST(line AS TEXT),"
	    " 'answer', 'answes') AS BLOB) WHERE id = 9");
	salvage(place, &report);
	assert_int_equal(report.saved.events.saved, ALL - 1);
	assert_int_equal(report.saved.events.lost, 1);
	assert_says(&report, "event", "event 9 is lost: the one with seq 6 ");
	doctor_report_release(&report);
}

static void
tables_are_made_again_only_on_request(void **state)
{
	struct place *place = *state;
	struct doctor_report report;

	alter(place->path, "UPDATE counted SET events = 7");
	for (int i = 0; i < 2; i++) {
		examine(place->path, &report);
		assert_int_equal(report.found, 1);
		assert_false(report.rebuilt);
		doctor_report_release(&report);
	}
	options.rebuild = true;
	examine(place->path, &report);
	options.rebuild = false;
	assert_int_equal(report.found, 1);
	assert_true(report.rebuilt);
	doctor_report_release(&report);
	assert_well(place->path, ALL);
}

/* All pages are genuine, and older than the header. */
static void
pages_put_back_are_told(void **state)
{
	struct place *place = *state;
	struct doctor_report report;
	struct vault *vault;
	size_t len;
	uint8_t *old = read_whole(place->path, &len);

	vault = open_vault(place->path);
	append(vault, SITE_1, 4000);
	vault_close(vault);
	write_at(place->path, VAULT_HEADER_BYTES, old + VAULT_HEADER_BYTES,
	    len - VAULT_HEADER_BYTES);
	examine(place->path, &report);
	assert_int_equal(report.damaged_pages, 0);
	assert_false(report.opened);
	assert_says(&report, "vault", "was put back to an older state");
	assert_int_equal(report.saved.events.saved, ALL);
	assert_int_equal(report.saved.events.lost, 1);
	assert_says(&report, "event", "1 more events are lost");
	assert_true(report.saved.own_events_lost);
	doctor_report_release(&report);
	free(old);
}

/* ---- purged ---- */

static void
what_a_purge_left_is_checked_and_saved(void **state)
{
	struct place *place = *state;
	const struct purge_order order = { .subject = SITE_2,
		.reason = "test" };
	struct purge_count count = { 0 };
	struct doctor_report report;
	struct err err = { 0 };
	struct vault *vault = open_vault(place->path);

	assert_int_equal(purge_subject(vault, &order, &count, &err), 0);
	assert_no_err(&err);
	append(vault, SITE_1, 3000);
	/* The projector of the tests keeps a row of a subject without events. */
	assert_int_equal(projection_run_all(vault, &err), 0);
	vault_close(vault);
	assert_int_equal(count.events, EVENTS / 3);
	examine(place->path, &report);
	if (report.found > 0)
		fail_msg("%s", report.findings[0].text);
	assert_int_equal(report.purged, EVENTS / 3);
	assert_int_equal(report.head.count, ALL + 2);
	doctor_report_release(&report);
	flip_byte(place->path, offset_of(1) + 500);
	salvage(place, &report);
	assert_int_equal(report.saved.purged.saved, EVENTS / 3);
	assert_int_equal(report.saved.events.saved, ALL + 2 - EVENTS / 3);
	assert_int_equal(report.saved.events.lost, 0);
	doctor_report_release(&report);
	assert_well(place->saved, ALL + 2);
	assert_int_equal(
	    ask(place->saved, "SELECT count(*) FROM tombstone", NULL), 1);
}

/* ---- stopping ---- */

static int
stop_at(void *arg, uint64_t done, uint64_t total)
{
	int *left = arg;

	(void)done;
	(void)total;
	return --*left <= 0;
}

static void
stopping_leaves_nothing_behind(void **state)
{
	struct place *place = *state;
	struct secret *words = phrase(), *recovery = NULL;
	struct doctor_report report;
	size_t len, after;
	uint8_t *before = read_whole(place->path, &len), *bytes;

	for (int i = 1; i < 100; i += 33) {
		struct err err = { 0 };
		int left = i;
		const struct progress progress = { stop_at, &left };

		options.progress = &progress;
		assert_null(doctor_salvage(place->path, place->saved, words,
		    &options, &report, &recovery, &err));
		options.progress = NULL;
		assert_int_equal(err.code, ERR_CANCELLED);
		assert_null(recovery);
		assert_false(file_exists(place->saved));
		doctor_report_release(&report);
	}
	bytes = read_whole(place->path, &after);
	assert_int_equal(len, after);
	assert_memory_equal(before, bytes, len);
	free(bytes);
	free(before);
	secret_free(words);
}

/* Wherever it is stopped, the tables are as they were. */
static void
an_examination_may_be_stopped(void **state)
{
	struct place *place = *state;
	struct secret *words = phrase();
	struct doctor_report report;
	int result = -1, stops = 0;

	for (int i = 1; result < 0; i += 40, stops++) {
		struct err err = { 0 };
		int left = i;
		const struct progress progress = { stop_at, &left };

		options.progress = &progress;
		result =
		    doctor_examine(place->path, words, &options, &report, &err);
		options.progress = NULL;
		if (result < 0)
			assert_int_equal(err.code, ERR_CANCELLED);
		doctor_report_release(&report);
	}
	assert_true(stops > 2);
	assert_well(place->path, ALL);
	secret_free(words);
}

#define AT_A_PLACE(name) \
	cmocka_unit_test_setup_teardown(name, make_place, leave_place)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		AT_A_PLACE(a_whole_vault_is_well),
		AT_A_PLACE(the_page_of_each_table_is_named_and_the_rest_saved),
		AT_A_PLACE(any_page_may_be_lost),
		AT_A_PLACE(lost_events_are_named_with_their_chain),
		AT_A_PLACE(zeroes_and_swapped_pages_are_no_pages),
		AT_A_PLACE(a_file_that_is_cut_is_saved_up_to_there),
		AT_A_PLACE(without_the_schema_rows_are_known_by_their_looks),
		AT_A_PLACE(a_page_that_the_disk_cannot_read_is_damaged),
		AT_A_PLACE(one_copy_of_the_header_is_enough),
		AT_A_PLACE(without_the_header_there_is_no_key),
		AT_A_PLACE(damage_in_the_log_is_told_and_what_follows_it_saved),
		AT_A_PLACE(a_whole_log_counts_and_its_torn_end_is_no_damage),
		AT_A_PLACE(altered_rows_are_told),
		AT_A_PLACE(a_statement_with_a_wrong_signature_is_told),
		AT_A_PLACE(an_altered_event_is_not_saved),
		AT_A_PLACE(tables_are_made_again_only_on_request),
		AT_A_PLACE(pages_put_back_are_told),
		AT_A_PLACE(what_a_purge_left_is_checked_and_saved),
		AT_A_PLACE(stopping_leaves_nothing_behind),
		AT_A_PLACE(an_examination_may_be_stopped),
	};

	return RUN_TESTS(tests);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Taking subjects out of the log, on tables in memory. */
#include "tests/support.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "storage/blob.h"
#include "storage/db.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/log_internal.h"
#include "storage/purge.h"
#include "storage/tombstone.h"
#include "tests/storage_support.h"

#define INSPECTION "I-0000000000000001"
#define OTHER "I-0000000000000002"

enum { EVENTS = 5 };

static const struct projector *const projectors[] = { &counting_projector,
	NULL };

static struct hash
note(struct vault *vault, const char *subject, const char *key,
    const char *value)
{
	json_t *body = json_object();
	struct err err = { 0 };
	struct hash hash;

	json_put_text(body, key, value);
	log_append(vault, subject, "answer", body, &hash, &err);
	json_decref(body);
	assert_no_err(&err);
	return hash;
}

/* Two subjects in turn, one of them also by another device. */
static void
fill(struct vault *vault)
{
	struct hash before = { 0 };

	for (int i = 0; i < EVENTS; i++) {
		char *line = event_line(INSPECTION, DEVICE_B, i + 1,
		    i ? &before : NULL, "others' words");

		note(vault, INSPECTION, "text", "secret");
		note(vault, OTHER, "text", "stays");
		before = insert_event(vault, line, NULL);
		free(line);
	}
	judge_good(vault, INSPECTION, DEVICE_B, EVENTS, &before);
}

static struct purge_count
purge(struct vault *vault, const char *subject)
{
	const struct purge_order order = { .subject = subject,
		.reason = "a test" };
	struct purge_count count = { 0 };
	struct err err = { 0 };

	purge_subject(vault, &order, &count, &err);
	assert_no_err(&err);
	return count;
}

static int64_t
ask(struct vault *vault, const char *sql)
{
	struct err err = { 0 };
	struct db_query *query = db_query(vault_db(vault), sql, &err);
	int64_t number;

	assert_no_err(&err);
	assert_int_equal(db_step(query, &err), 1);
	number = db_int(query, 0);
	db_reset(query);
	return number;
}

static void
the_head_is_followed_over_what_was_purged(void **state)
{
	struct vault *vault = bare_vault_with_person(projectors);
	struct vault_head heads[3 * EVENTS + 1] = { 0 };
	struct vault_head last;
	struct err err = { 0 };
	struct hash hash;

	(void)state;
	fill(vault);
	for (int i = 0; i <= 3 * EVENTS; i++)
		assert_int_equal(log_head_at(vault_db(vault), (uint64_t)i,
				     &heads[i].hash, &err),
		    1);
	purge(vault, INSPECTION);
	for (int i = 0; i <= 3 * EVENTS; i++) {
		assert_int_equal(
		    log_head_at(vault_db(vault), (uint64_t)i, &hash, &err), 1);
		assert_true(hash_equal(&hash, &heads[i].hash));
	}
	assert_int_equal(log_head(vault_db(vault), &last, &err), 0);
	assert_int_equal(last.count, 3 * EVENTS + 1);
	assert_int_equal(
	    log_head_at(vault_db(vault), last.count, &hash, &err), 1);
	assert_true(hash_equal(&hash, &last.hash));
	assert_int_equal(
	    log_head_at(vault_db(vault), last.count + 1, &hash, &err), 0);
	bare_vault_free(vault);
}

static void
a_hole_in_the_numbers_is_no_purge(void **state)
{
	struct vault *vault = bare_vault_with_person(projectors);
	struct err err = { 0 };
	struct hash hash;

	(void)state;
	fill(vault);
	purge(vault, INSPECTION);
	db_exec(vault_db(vault), "DELETE FROM purged WHERE id = 3", &err);
	assert_no_err(&err);
	assert_int_equal(log_head_at(vault_db(vault), 4, &hash, &err), 0);
	bare_vault_free(vault);
}

static void
all_of_the_subject_goes_and_nothing_else(void **state)
{
	struct vault *vault = bare_vault_with_person(projectors);
	struct purge_count count;

	(void)state;
	fill(vault);
	count = purge(vault, INSPECTION);
	assert_int_equal(count.events, 2 * EVENTS);
	assert_int_equal(count.chains, 2);
	assert_int_equal(ask(vault,
			     "SELECT count(*) FROM event"
			     " WHERE subject = '" INSPECTION "'"),
	    0);
	assert_int_equal(ask(vault,
			     "SELECT count(*) FROM chain"
			     " WHERE subject = '" INSPECTION "'"),
	    0);
	assert_int_equal(
	    ask(vault,
		"SELECT count(*) FROM event WHERE subject = '" OTHER "'"),
	    EVENTS);
	assert_int_equal(ask(vault, "SELECT count(*) FROM purged"), 2 * EVENTS);
	assert_int_equal(ask(vault, "SELECT count(*) FROM tombstone"), 2);
	bare_vault_free(vault);
}

static int
take_purge(void *arg, const struct event *event, struct err *err)
{
	json_t **body = arg;

	(void)err;
	assert_string_equal(event->kind, PURGE_KIND);
	assert_null(*body);
	*body = json_deep_copy(event->body);
	return 0;
}

static void
a_purge_is_an_event_with_heads_and_reason(void **state)
{
	struct vault *vault = bare_vault_with_person(projectors);
	const char *device = identity_get(vault)->device;
	char hex[HASH_HEX_MAX];
	struct err err = { 0 };
	json_t *body = NULL, *chain;
	struct hash head;
	int64_t seq;

	(void)state;
	fill(vault);
	log_end(vault, INSPECTION, device, &seq, &head, &err);
	hash_to_hex(&head, hex);
	purge(vault, INSPECTION);
	log_read(vault, device, LOG_EFFECTIVE, take_purge, &body, &err);
	assert_no_err(&err);
	assert_non_null(body);
	assert_string_equal(json_opt_text(body, "subject"), INSPECTION);
	assert_string_equal(json_opt_text(body, "reason"), "a test");
	assert_true(json_is_null(json_object_get(body, "receipt")));
	assert_int_equal(json_array_size(json_object_get(body, "chains")), 2);
	for (size_t i = 0; i < 2; i++) {
		chain = json_array_get(json_object_get(body, "chains"), i);
		if (strcmp(json_string_value(json_array_get(chain, 0)),
			device) == 0)
			break;
	}
	assert_int_equal(json_integer_value(json_array_get(chain, 1)), EVENTS);
	assert_string_equal(json_string_value(json_array_get(chain, 2)), hex);
	assert_int_equal(json_integer_value(json_array_get(chain, 3)), EVENTS);
	json_decref(body);
	bare_vault_free(vault);
}

static int
take_event(void *arg, const struct event *event, struct err *err)
{
	(void)err;
	*(int64_t *)arg = event->seq;
	return 0;
}

static void
a_chain_goes_on_where_it_was_purged(void **state)
{
	struct vault *vault = bare_vault_with_person(projectors);
	const char *device = identity_get(vault)->device;
	struct chain_link *links = NULL;
	struct hash head;
	struct err err = { 0 };
	size_t count = 0;
	int64_t seq = 0;

	(void)state;
	fill(vault);
	log_end(vault, INSPECTION, device, &seq, &head, &err);
	purge(vault, INSPECTION);
	note(vault, INSPECTION, "text", "later");
	log_read_chain(vault, INSPECTION, device, 1, take_event, &seq, &err);
	assert_no_err(&err);
	assert_int_equal(seq, EVENTS + 1);
	assert_int_equal(ask(vault,
			     "SELECT count(*) FROM event"
			     " WHERE subject = '" INSPECTION "'"),
	    1);
	log_links(vault, INSPECTION, device, &links, &count, &err);
	assert_int_equal(count, 1);
	assert_true(hash_equal(&links[0].prev, &head));
	free(links);
	/* A part of a whole is not shown as if it were one. */
	seq = 0;
	log_read(vault, INSPECTION, LOG_EFFECTIVE, take_event, &seq, &err);
	assert_int_equal(seq, 0);
	log_read(vault, INSPECTION, LOG_IDLE, take_event, &seq, &err);
	assert_int_equal(seq, EVENTS + 1);
	bare_vault_free(vault);
}

static void
what_must_stay_is_refused_and_nothing_is_changed(void **state)
{
	struct vault *vault = bare_vault_with_person(projectors);
	const char *device = identity_get(vault)->device;
	const struct {
		const char *subject;
		enum err_code code;
	} cases[] = {
		{ device, ERR_DENIED },
		{ "I-0000000000000009", ERR_NOT_FOUND },
	};

	(void)state;
	fill(vault);
	purge(vault, OTHER);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct purge_order order = { .subject = cases[i].subject,
			.reason = "" };
		struct purge_count count = { 0 };
		struct err err = { 0 };
		const int64_t events = ask(vault, "SELECT count(*) FROM event");

		assert_int_equal(
		    purge_subject(vault, &order, &count, &err), -1);
		assert_int_equal(err.code, cases[i].code);
		assert_int_equal(
		    ask(vault, "SELECT count(*) FROM event"), events);
		assert_int_equal(
		    ask(vault, "SELECT count(*) FROM tombstone"), 1);
	}
	bare_vault_free(vault);
}

static void
who_has_no_person_cannot_purge(void **state)
{
	struct vault *vault = bare_vault_new(projectors);
	const struct purge_order order = { .subject = INSPECTION,
		.reason = "" };
	struct purge_count count = { 0 };
	struct err err = { 0 };
	char *line = event_line(INSPECTION, DEVICE_B, 1, NULL, "x");

	(void)state;
	insert_event(vault, line, NULL);
	assert_int_equal(purge_subject(vault, &order, &count, &err), -1);
	assert_int_equal(err.code, ERR_DENIED);
	assert_int_equal(ask(vault, "SELECT count(*) FROM event"), 1);
	free(line);
	bare_vault_free(vault);
}

/* ---- what comes back ---- */

struct kept {
	char *lines[2 * EVENTS];
	size_t count;
};

static int
keep_line(void *arg, const struct event *event, struct err *err)
{
	struct kept *kept = arg;

	(void)err;
	kept->lines[kept->count++] = xstrndup(event->line, event->len);
	return 0;
}

static void
it_is_back_when_all_of_it_is(void **state)
{
	struct vault *vault = bare_vault_with_person(projectors);
	struct kept kept = { 0 };
	struct err err = { 0 };
	int64_t purged = 0;

	(void)state;
	fill(vault);
	log_read(vault, INSPECTION, LOG_ALL, keep_line, &kept, &err);
	assert_int_equal(kept.count, 2 * EVENTS);
	purge(vault, INSPECTION);
	for (size_t i = 0; i < kept.count; i++) {
		assert_int_equal(
		    tombstone_settle(vault, INSPECTION, &purged, &err), 0);
		assert_int_equal(
		    tombstone_is_open(vault, INSPECTION, NULL, &err), 1);
		insert_event(vault, kept.lines[i], NULL);
		free(kept.lines[i]);
	}
	assert_int_equal(tombstone_settle(vault, INSPECTION, &purged, &err), 1);
	assert_true(purged > 0);
	assert_int_equal(tombstone_is_open(vault, INSPECTION, NULL, &err), 0);
	assert_int_equal(tombstone_settle(vault, INSPECTION, &purged, &err), 0);
	assert_int_equal(ask(vault, "SELECT count(*) FROM tombstone"), 2);
	/* They got numbers of their own. */
	assert_int_equal(
	    ask(vault, "SELECT max(id) FROM event"), 5 * EVENTS + 1);
	purge(vault, INSPECTION);
	assert_int_equal(ask(vault, "SELECT count(*) FROM purged"), 4 * EVENTS);
	bare_vault_free(vault);
}

static void
only_what_was_here_is_known_to_have_been(void **state)
{
	struct vault *vault = bare_vault_with_person(projectors);
	const char *device = identity_get(vault)->device;
	struct hash head, wrong;
	struct err err = { 0 };
	int64_t seq;

	(void)state;
	fill(vault);
	log_end(vault, INSPECTION, device, &seq, &head, &err);
	wrong = head;
	wrong.bytes[31] ^= 1;
	purge(vault, INSPECTION);
	assert_int_equal(
	    tombstone_had(vault, INSPECTION, device, seq, &head, &err), 1);
	assert_int_equal(
	    tombstone_had(vault, INSPECTION, device, seq, &wrong, &err), 0);
	assert_int_equal(
	    tombstone_had(vault, INSPECTION, device, seq - 1, &head, &err), 0);
	assert_int_equal(
	    tombstone_had(vault, INSPECTION, DEVICE_B, seq, &head, &err), 0);
	assert_int_equal(
	    tombstone_had(vault, OTHER, device, seq, &head, &err), 0);
	bare_vault_free(vault);
}

/* ---- evidence ---- */

struct memory {
	const char *text;
	size_t len;
};

static ssize_t
read_memory(void *arg, void *to, size_t room, struct err *err)
{
	struct memory *memory = arg;
	const size_t len = memory->len < room ? memory->len : room;

	(void)err;
	memcpy(to, memory->text, len);
	memory->text += len;
	memory->len -= len;
	return (ssize_t)len;
}

static struct hash
attach(struct vault *vault, const char *subject, const char *text)
{
	struct memory memory = { text, strlen(text) };
	const struct byte_source source = { read_memory, &memory };
	char hex[HASH_HEX_MAX];
	struct err err = { 0 };
	struct hash digest;

	blob_add(vault, &source, &digest, NULL, &err);
	assert_no_err(&err);
	hash_to_hex(&digest, hex);
	if (subject)
		note(vault, subject, "blob", hex);
	return digest;
}

static void
evidence_goes_that_nothing_else_names(void **state)
{
	struct vault *vault = bare_vault_with_person(projectors);
	const char *const subjects[] = { INSPECTION };
	struct purge_count preview = { 0 }, count = { 0 };
	struct hash own, shared, form;
	struct err err = { 0 };

	(void)state;
	own = attach(vault, INSPECTION, "a picture of one");
	shared = attach(vault, INSPECTION, "a picture of both");
	attach(vault, OTHER, "a picture of both");
	form_store_add(vault, "a form", 6, &form, &err);
	assert_no_err(&err);
	purge_preview(vault, subjects, 1, &preview, &err);
	assert_no_err(&err);
	assert_int_equal(preview.files, 1);
	assert_int_equal(preview.file_bytes, strlen("a picture of one"));
	assert_int_equal(preview.events, 2);
	purge_files(vault, NULL, &count, &err);
	assert_int_equal(count.files, 0);
	purge(vault, INSPECTION);
	purge_files(vault, NULL, &count, &err);
	assert_no_err(&err);
	assert_int_equal(count.files, 1);
	assert_int_equal(blob_find(vault, &own, NULL, &err), 0);
	assert_int_equal(blob_find(vault, &shared, NULL, &err), 1);
	assert_int_equal(form_store_has(vault, &form, &err), 1);
	assert_int_equal(ask(vault,
			     "SELECT count(*) FROM blob_chunk WHERE blob NOT IN"
			     " (SELECT id FROM blob)"),
	    0);
	bare_vault_free(vault);
}

static void
a_file_with_much_that_is_free_wants_to_be_shrunk(void **state)
{
	struct vault *vault = bare_vault_with_person(NULL);
	struct db *db = bare_vault_db(vault);
	struct err err = { 0 };

	(void)state;
	assert_int_equal(purge_wants_shrink(vault, &err), 0);
	db_exec(db,
	    "CREATE TABLE big (x); INSERT INTO big VALUES"
	    " (zeroblob(1000000))",
	    &err);
	assert_no_err(&err);
	assert_int_equal(purge_wants_shrink(vault, &err), 0);
	db_exec(db, "DELETE FROM big", &err);
	assert_int_equal(purge_wants_shrink(vault, &err), 1);
	db_exec(db, "VACUUM", &err);
	assert_no_err(&err);
	assert_int_equal(purge_wants_shrink(vault, &err), 0);
	bare_vault_free(vault);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_head_is_followed_over_what_was_purged),
		TEST(a_hole_in_the_numbers_is_no_purge),
		TEST(all_of_the_subject_goes_and_nothing_else),
		TEST(a_purge_is_an_event_with_heads_and_reason),
		TEST(a_chain_goes_on_where_it_was_purged),
		TEST(what_must_stay_is_refused_and_nothing_is_changed),
		TEST(who_has_no_person_cannot_purge),
		TEST(it_is_back_when_all_of_it_is),
		TEST(only_what_was_here_is_known_to_have_been),
		TEST(evidence_goes_that_nothing_else_names),
		TEST(a_file_with_much_that_is_free_wants_to_be_shrunk),
	};

	return RUN_TESTS(tests);
}

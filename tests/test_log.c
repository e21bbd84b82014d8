/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "crypto/sign.h"
#include "storage/blob.h"
#include "storage/db_internal.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/log_internal.h"
#include "tests/storage_support.h"

static struct hash
append(struct vault *vault, const char *subject, const char *text)
{
	json_t *body = json_object();
	struct err err = { 0 };
	struct hash hash;

	json_put_text(body, "text", text);
	log_append(vault, subject, "answer", body, &hash, &err);
	json_decref(body);
	assert_no_err(&err);
	return hash;
}

static int
add_line(void *arg, const struct event *event, struct err *err)
{
	(void)err;
	buf_add(arg, event->line, event->len);
	buf_add_char(arg, '\n');
	return 0;
}

static int
add_text(void *arg, const struct event *event, struct err *err)
{
	(void)err;
	buf_addf(arg, "%s ", json_opt_text(event->body, "text"));
	return 0;
}

static void
assert_texts(struct vault *vault, const char *subject, enum log_part part,
    const char *expected)
{
	struct buf texts = BUF_INIT;
	struct err err = { 0 };

	log_read(vault, subject, part, add_text, &texts, &err);
	assert_no_err(&err);
	assert_string_equal(texts.data, expected);
	buf_release(&texts);
}

static void
own_events_form_a_chain_byte_for_byte(void **state)
{
	struct vault *vault = bare_vault_with_person(NULL);
	const char *device = identity_get(vault)->device;
	struct buf lines = BUF_INIT;
	char time[CLOCK_TEXT_MAX], hex[HASH_HEX_MAX];
	struct err err = { 0 };
	char *expected;
	struct hash first;

	(void)state;
	clock_set(1795428672345);
	first = append(vault, SITE_1, "un");
	append(vault, SITE_1, "deux");
	append(vault, SITE_2, "autre");
	clock_format(clock_now(), time);
	clock_set(0);
	hash_to_hex(&first, hex);
	expected = xasprintf(
	    "{\"subject\":\"" SITE_1 "\",\"device\":\"%s\",\"seq\":1,"
	    "\"time\":\"%s\",\"kind\":\"answer\",\"body\":{\"text\":\"un\"}}\n"
	    "{\"subject\":\"" SITE_1 "\",\"device\":\"%s\",\"seq\":2,"
	    "\"prev\":\"%s\",\"time\":\"%s\",\"kind\":\"answer\","
	    "\"body\":{\"text\":\"deux\"}}\n",
	    device, time, device, hex, time);
	log_read(vault, SITE_1, LOG_EFFECTIVE, add_line, &lines, &err);
	assert_no_err(&err);
	assert_string_equal(lines.data, expected);
	assert_texts(vault, SITE_2, LOG_ALL, "autre ");
	free(expected);
	buf_release(&lines);
	bare_vault_free(vault);
}

static void
an_event_is_inserted_once(void **state)
{
	struct vault *vault = bare_vault_with_person(NULL);
	char *line = event_line(SITE_1, DEVICE_A, 1, NULL, "a1");
	struct vault_head before, after;
	struct err err = { 0 };
	int added;

	(void)state;
	insert_event(vault, line, &added);
	assert_int_equal(added, 1);
	log_head(bare_vault_db(vault), &before, &err);
	insert_event(vault, line, &added);
	assert_int_equal(added, 0);
	log_head(bare_vault_db(vault), &after, &err);
	assert_int_equal(after.count, 1);
	assert_true(hash_equal(&before.hash, &after.hash));
	free(line);
	bare_vault_free(vault);
}

static void
the_head_runs_over_all_events_in_their_order(void **state)
{
	struct vault *vault = bare_vault_with_person(NULL);
	struct db *db = bare_vault_db(vault);
	struct vault_head head;
	struct hash hashes[3], running = { 0 }, at;
	struct err err = { 0 };

	(void)state;
	log_head(db, &head, &err);
	assert_int_equal(head.count, 0);
	assert_true(hash_is_zero(&head.hash));
	hashes[0] = append(vault, SITE_1, "1");
	hashes[1] = append(vault, SITE_2, "2");
	hashes[2] = append(vault, SITE_1, "3");
	for (int i = 0; i < 3; i++) {
		uint8_t both[2 * HASH_BYTES];

		memcpy(both, running.bytes, HASH_BYTES);
		memcpy(both + HASH_BYTES, hashes[i].bytes, HASH_BYTES);
		running = hash_of(both, sizeof(both));
		assert_int_equal(
		    log_head_at(db, (uint64_t)i + 1, &at, &err), 1);
		assert_true(hash_equal(&at, &running));
	}
	log_head(db, &head, &err);
	assert_int_equal(head.count, 3);
	assert_true(hash_equal(&head.hash, &running));
	assert_int_equal(log_head_at(db, 4, &at, &err), 0);
	assert_int_equal(log_head_at(db, 0, &at, &err), 1);
	assert_true(hash_is_zero(&at));
	bare_vault_free(vault);
}

static void
only_the_judged_part_of_a_chain_has_effect(void **state)
{
	struct vault *vault = bare_vault_with_person(NULL);
	char *a1 = event_line(SITE_1, DEVICE_A, 1, NULL, "a1");
	struct hash h1 = insert_event(vault, a1, NULL);
	char *a2 = event_line(SITE_1, DEVICE_A, 2, &h1, "a2");
	char *a2fork = event_line(SITE_1, DEVICE_A, 2, &h1, "a2bis");

	(void)state;
	insert_event(vault, a2, NULL);
	append(vault, SITE_1, "own");
	assert_texts(vault, SITE_1, LOG_EFFECTIVE, "own ");
	assert_texts(vault, SITE_1, LOG_IDLE, "a1 a2 ");
	judge_good(vault, SITE_1, DEVICE_A, 1, &h1);
	insert_event(vault, a2fork, NULL);

	struct buf idle = BUF_INIT;
	struct err err = { 0 };

	log_read(vault, SITE_1, LOG_IDLE, add_text, &idle, &err);
	assert_non_null(strstr(idle.data, "a2 "));
	assert_non_null(strstr(idle.data, "a2bis "));
	assert_null(strstr(idle.data, "a1 "));
	buf_clear(&idle);
	log_read_chain(vault, SITE_1, DEVICE_A, 2, add_text, &idle, &err);
	assert_int_equal(idle.len, strlen("a2 a2bis "));
	buf_release(&idle);
	free(a1);
	free(a2);
	free(a2fork);
	bare_vault_free(vault);
}

static int
add_chain(void *arg, const struct chain *chain, struct err *err)
{
	(void)err;
	buf_addf(arg, "%s %.3s %lld/%lld %d %s%s\n", chain->subject,
	    chain->device, (long long)chain->effective, (long long)chain->last,
	    chain->status, hash_is_zero(&chain->head) ? "-" : "head",
	    chain->reason);
	return 0;
}

static void
chains_say_what_has_effect(void **state)
{
	struct vault *vault = bare_vault_with_person(NULL);
	char *a1 = event_line(SITE_1, DEVICE_A, 1, NULL, "a1");
	char *b1 = event_line(SITE_2, DEVICE_B, 1, NULL, "b1");
	struct hash h1 = insert_event(vault, a1, NULL);
	struct buf chains = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	insert_event(vault, b1, NULL);
	judge_good(vault, SITE_1, DEVICE_A, 1, &h1);
	log_chains(vault, SITE_1, add_chain, &chains, &err);
	assert_string_equal(chains.data, SITE_1 " D-0 1/1 0 head\n");
	buf_clear(&chains);
	log_chains(vault, NULL, add_chain, &chains, &err);
	assert_string_equal(chains.data,
	    SITE_1 " D-0 1/1 0 head\n" SITE_2 " D-0 0/1 1 -untrusted\n");
	buf_clear(&chains);
	append(vault, "S-0000000000000003", "x");
	append(vault, "S-0000000000000003", "y");
	log_chains(vault, "S-0000000000000003", add_chain, &chains, &err);
	assert_non_null(strstr(chains.data, " 2/2 0 head\n"));
	assert_no_err(&err);
	buf_release(&chains);
	free(a1);
	free(b1);
	bare_vault_free(vault);
}

/* The "seen" of the last of our events on the subject, or "". */
static int
keep_seen(void *arg, const struct event *event, struct err *err)
{
	struct buf *seen = arg;

	(void)err;
	buf_clear(seen);
	if (event->seen)
		json_write(seen, event->seen, 0);
	return 0;
}

static void
assert_seen(struct vault *vault, const char *device, const struct hash *head)
{
	struct buf seen = BUF_INIT;
	struct err err = { 0 };
	char hex[HASH_HEX_MAX], *expected;

	log_read_chain(vault, SITE_1, identity_get(vault)->device, 1, keep_seen,
	    &seen, &err);
	assert_no_err(&err);
	if (head)
		hash_to_hex(head, hex);
	expected =
	    head ? xasprintf("{\"%s\":\"%s\"}", device, hex) : xstrdup("");
	assert_string_equal(seen.data, expected);
	free(expected);
	buf_release(&seen);
}

static void
seen_names_what_changed_since_our_last_event(void **state)
{
	struct vault *vault = bare_vault_with_person(NULL);
	char *a1 = event_line(SITE_1, DEVICE_A, 1, NULL, "a1");
	struct hash h1 = insert_event(vault, a1, NULL), h2;
	char *a2 = event_line(SITE_1, DEVICE_A, 2, &h1, "a2");
	struct err err = { 0 };

	(void)state;
	append(vault, SITE_1, "nobody judged it");
	assert_seen(vault, DEVICE_A, NULL);
	judge_good(vault, SITE_1, DEVICE_A, 1, &h1);
	append(vault, SITE_1, "it has effect");
	assert_seen(vault, DEVICE_A, &h1);
	append(vault, SITE_1, "it has not changed");
	assert_seen(vault, DEVICE_A, NULL);
	h2 = insert_event(vault, a2, NULL);
	append(vault, SITE_1, "no effect yet");
	assert_seen(vault, DEVICE_A, NULL);
	judge_good(vault, SITE_1, DEVICE_A, 2, &h2);
	assert_int_equal(log_renew_seen(vault, &err), 0);
	append(vault, SITE_1, "now");
	assert_seen(vault, DEVICE_A, &h2);
	assert_int_equal(log_renew_seen(vault, &err), 0);
	append(vault, SITE_1, "the notes can be made anew");
	assert_seen(vault, DEVICE_A, NULL);
	free(a1);
	free(a2);
	bare_vault_free(vault);
}

static void
a_projector_that_fails_takes_the_event_back(void **state)
{
	static const struct projector *const projectors[] = {
		&counting_projector, &failing_projector, NULL
	};
	struct vault *vault = bare_vault_with_person(projectors);
	json_t *body = json_pack("{s:s}", "text", "fail");
	struct hash before, after;
	struct vault_head head;
	struct err err = { 0 };

	(void)state;
	append(vault, SITE_1, "good");
	projection_digest(vault, &before, &err);
	assert_int_equal(
	    log_append(vault, SITE_1, "answer", body, NULL, &err), -1);
	assert_string_equal(err.msg, "told to fail");
	json_decref(body);
	assert_texts(vault, SITE_1, LOG_ALL, "good ");
	projection_digest(vault, &after, &err);
	assert_true(hash_equal(&before, &after));
	log_head(bare_vault_db(vault), &head, &err);
	assert_int_equal(head.count, 1);
	append(vault, SITE_1, "next");
	assert_texts(vault, SITE_1, LOG_ALL, "good next ");
	bare_vault_free(vault);
}

static void
what_is_not_an_event_is_refused(void **state)
{
	static const struct {
		const char *subject, *kind;
	} cases[] = {
		{ "S-1", "answer" },
		{ "", "answer" },
		{ SITE_1, "" },
		{ SITE_1, "Answer" },
		{ SITE_1, "a\",\"body\":{},\"x\":\"" },
		{ "S-000000000000000000000000000000000000001", "answer" },
	};
	struct vault *vault = bare_vault_with_person(NULL);
	json_t *body = json_object();
	struct vault_head head;
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(log_append(vault, cases[i].subject,
				     cases[i].kind, body, NULL, &err),
		    -1);
	char *large = xcalloc(1, EVENT_LINE_MAX + 1);

	memset(large, 'a', EVENT_LINE_MAX);
	json_put_text(body, "text", large);
	assert_int_equal(
	    log_append(vault, SITE_1, "answer", body, NULL, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	log_head(bare_vault_db(vault), &head, &err);
	assert_int_equal(head.count, 0);
	free(large);
	json_decref(body);
	bare_vault_free(vault);
}

static void
without_a_person_nothing_is_added(void **state)
{
	struct vault *vault = bare_vault_new(NULL);
	json_t *body = json_object();
	struct err err = { 0 };

	(void)state;
	assert_int_equal(
	    log_append(vault, SITE_1, "answer", body, NULL, &err), -1);
	assert_int_equal(err.code, ERR_DENIED);
	json_decref(body);
	bare_vault_free(vault);
}

static void
an_altered_line_is_noticed(void **state)
{
	struct vault *vault = bare_vault_with_person(NULL);
	struct buf texts = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	append(vault, SITE_1, "yes");
	assert_int_equal(
	    db_exec(bare_vault_db(vault),
		"UPDATE event SET line = CAST(replace(CAST(line AS TEXT),"
		" 'yes', 'not') AS BLOB)",
		&err),
	    0);
	assert_int_equal(
	    log_read(vault, SITE_1, LOG_ALL, add_text, &texts, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_int_equal(texts.len, 0);
	buf_release(&texts);
	bare_vault_free(vault);
}

/* ---- right after an import ---- */

static int
add_fields(void *arg, const struct event *event, struct err *err)
{
	char hash[HASH_HEX_MAX], prev[HASH_HEX_MAX];

	(void)err;
	hash_to_hex(&event->hash, hash);
	hash_to_hex(&event->prev, prev);
	buf_addf(arg, "%s %s %s %s %s %d %d %.*s ", event->subject,
	    event->device, event->kind, hash, prev, (int)event->seq,
	    (int)(event->time % 1000), (int)event->len, event->line);
	json_write(arg, event->body, 0);
	buf_add_char(arg, '\n');
	return 0;
}

static void
what_was_just_imported_reads_as_ever(void **state)
{
	struct vault *vault = bare_vault_new(NULL);
	char *a1 = event_line(SITE_1, DEVICE_A, 1, NULL, "a1"), *a2;
	struct buf first = BUF_INIT, again = BUF_INIT;
	struct err err = { 0 };
	struct hash h1;

	(void)state;
	assert_int_equal(db_begin(bare_vault_db(vault), &err), 0);
	h1 = insert_event(vault, a1, NULL);
	a2 = event_line(SITE_1, DEVICE_A, 2, &h1, "a2");
	insert_event(vault, a2, NULL);
	log_read(vault, SITE_1, LOG_ALL, add_fields, &first, &err);
	assert_no_err(&err);
	log_read(vault, SITE_1, LOG_ALL, add_fields, &again, &err);
	assert_no_err(&err);
	assert_non_null(strstr(first.data, a2));
	assert_string_equal(first.data, again.data);
	assert_int_equal(db_commit(bare_vault_db(vault), &err), 0);
	buf_release(&first);
	buf_release(&again);
	free(a1);
	free(a2);
	bare_vault_free(vault);
}

static void
an_altered_line_is_noticed_right_after_its_import(void **state)
{
	struct vault *vault = bare_vault_new(NULL);
	char *line = event_line(SITE_1, DEVICE_A, 1, NULL, "yes");
	struct buf texts = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(db_begin(bare_vault_db(vault), &err), 0);
	insert_event(vault, line, NULL);
	assert_int_equal(
	    db_exec(bare_vault_db(vault),
		"UPDATE event SET line = CAST(replace(CAST(line AS TEXT),"
		" 'yes', 'not') AS BLOB)",
		&err),
	    0);
	assert_int_equal(
	    log_read(vault, SITE_1, LOG_ALL, add_text, &texts, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	db_rollback(bare_vault_db(vault));
	buf_release(&texts);
	free(line);
	bare_vault_free(vault);
}

static void
links_are_those_of_the_lines(void **state)
{
	struct vault *vault = bare_vault_new(NULL);
	char *a1 = event_line(SITE_1, DEVICE_A, 1, NULL, "a1");
	const struct hash h1 = insert_event(vault, a1, NULL);
	char *a2 = event_line(SITE_1, DEVICE_A, 2, &h1, "a2");
	const struct hash h2 = insert_event(vault, a2, NULL);
	struct chain_link *links;
	struct err err = { 0 };
	size_t count;

	(void)state;
	assert_int_equal(
	    log_links(vault, SITE_1, DEVICE_A, &links, &count, &err), 0);
	assert_int_equal(count, 2);
	assert_true(links[0].seq == 1 && hash_equal(&links[0].hash, &h1) &&
	    hash_is_zero(&links[0].prev));
	assert_true(links[1].seq == 2 && hash_equal(&links[1].hash, &h2) &&
	    hash_equal(&links[1].prev, &h1));
	assert_int_equal(log_has(vault, SITE_1, DEVICE_A, 2, &h2, &err), 1);
	assert_int_equal(log_has(vault, SITE_1, DEVICE_A, 2, &h1, &err), 0);
	free(links);
	free(a1);
	free(a2);
	bare_vault_free(vault);
}

/* The chain of this device on `subject` has seq 1 to `count`, linked. */
static void
assert_own_chain(struct vault *vault, const char *subject, int64_t count)
{
	struct chain_link *links;
	struct err err = { 0 };
	size_t held;

	log_links(
	    vault, subject, identity_get(vault)->device, &links, &held, &err);
	assert_no_err(&err);
	assert_int_equal(held, count);
	for (size_t i = 0; i < held; i++) {
		assert_int_equal(links[i].seq, i + 1);
		assert_true(i == 0
			? hash_is_zero(&links[i].prev)
			: hash_equal(&links[i].prev, &links[i - 1].hash));
	}
	free(links);
}

/* What is known of the log without asking is what asking gives. */
static void
assert_head_is_known(struct vault *vault, uint64_t count)
{
	struct vault_head known, held;
	struct err err = { 0 };

	log_known_head(vault, &known, &err);
	log_head(bare_vault_db(vault), &held, &err);
	assert_no_err(&err);
	assert_int_equal(held.count, count);
	assert_int_equal(known.count, held.count);
	assert_true(hash_equal(&known.hash, &held.hash));
}

static void
what_others_bring_and_what_is_taken_back_is_never_missed(void **state)
{
	struct vault *vault = bare_vault_with_person(NULL);
	char *a1 = event_line(SITE_1, DEVICE_A, 1, NULL, "a1");
	struct buf line = BUF_INIT;
	struct err err = { 0 };
	uint64_t version;
	struct hash h1;

	(void)state;
	append(vault, SITE_1, "one");
	version = log_version(vault);
	append(vault, SITE_1, "two");
	setting_put(vault, "place", "here", &err);
	append(vault, SITE_2, "other");
	append(vault, SITE_1, "three");
	assert_no_err(&err);
	assert_true(log_version(vault) == version);
	assert_head_is_known(vault, 4);

	/* Taken back: the next event is what the one before would have been. */
	db_begin(bare_vault_db(vault), &err);
	append(vault, SITE_1, "never");
	db_rollback(bare_vault_db(vault));
	assert_true(log_version(vault) != version);
	assert_head_is_known(vault, 4);
	append(vault, SITE_1, "four");
	assert_own_chain(vault, SITE_1, 4);
	assert_own_chain(vault, SITE_2, 1);

	/* What came and was judged is in the `seen` of the next. */
	version = log_version(vault);
	h1 = insert_event(vault, a1, NULL);
	judge_good(vault, SITE_1, DEVICE_A, 1, &h1);
	assert_true(log_version(vault) != version);
	append(vault, SITE_1, "five");
	log_read_chain(vault, SITE_1, identity_get(vault)->device, 5, add_line,
	    &line, &err);
	assert_no_err(&err);
	assert_non_null(strstr(line.data, "\"seen\":{\"" DEVICE_A));
	append(vault, SITE_1, "six");
	assert_own_chain(vault, SITE_1, 6);
	assert_head_is_known(vault, 8);
	buf_release(&line);
	free(a1);
	bare_vault_free(vault);
}

struct nested {
	struct vault *vault;
	int subjects, events;
};

static int
count_one(void *arg, const struct event *event, struct err *err)
{
	(void)event;
	(void)err;
	++*(int *)arg;
	return 0;
}

static int
count_again(void *arg, const struct event *event, struct err *err)
{
	struct nested *nested = arg;

	return log_read(nested->vault, event->subject, LOG_ALL, count_one,
	    &nested->events, err);
}

static int
count_subject(void *arg, const char *subject, struct err *err)
{
	struct nested *nested = arg;

	nested->subjects++;
	return log_read(nested->vault, subject, LOG_ALL, count_again, arg, err);
}

static void
readers_may_be_nested(void **state)
{
	struct vault *vault = bare_vault_with_person(NULL);
	struct nested nested = { .vault = vault };
	struct err err = { 0 };

	(void)state;
	append(vault, SITE_1, "1");
	append(vault, SITE_1, "2");
	append(vault, SITE_1, "3");
	append(vault, SITE_2, "4");
	log_subjects(vault, count_subject, &nested, &err);
	assert_no_err(&err);
	assert_int_equal(nested.subjects, 2);
	assert_int_equal(nested.events, 10);
	bare_vault_free(vault);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(own_events_form_a_chain_byte_for_byte),
		TEST(an_event_is_inserted_once),
		TEST(the_head_runs_over_all_events_in_their_order),
		TEST(only_the_judged_part_of_a_chain_has_effect),
		TEST(chains_say_what_has_effect),
		TEST(seen_names_what_changed_since_our_last_event),
		TEST(a_projector_that_fails_takes_the_event_back),
		TEST(what_is_not_an_event_is_refused),
		TEST(without_a_person_nothing_is_added),
		TEST(an_altered_line_is_noticed),
		TEST(what_was_just_imported_reads_as_ever),
		TEST(an_altered_line_is_noticed_right_after_its_import),
		TEST(links_are_those_of_the_lines),
		TEST(what_others_bring_and_what_is_taken_back_is_never_missed),
		TEST(readers_may_be_nested),
	};

	return RUN_TESTS(tests);
}

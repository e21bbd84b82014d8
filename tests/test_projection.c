/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "storage/db.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/log_internal.h"
#include "tests/storage_support.h"

enum { CHAIN_LENGTH = 4, CHAINS = 3 };

static const struct projector *const counting[] = { &counting_projector, NULL };

/* Judges every chain of others good to its end. */
static int
judge_chain(void *arg, const struct event *event, struct err *err)
{
	struct vault *vault = arg;

	(void)err;
	judge_good(
	    vault, event->subject, event->device, event->seq, &event->hash);
	return 0;
}

static int
judge_subject(struct vault *vault, const char *subject, struct err *err)
{
	return log_read(vault, subject, LOG_ALL, judge_chain, vault, err);
}

static const struct projector judging_projector = {
	.name = "judging",
	.project = judge_subject,
};

static const struct projector *const judging[] = { &judging_projector,
	&counting_projector, NULL };

static struct hash
digest(struct vault *vault)
{
	struct err err = { 0 };
	struct hash hash;

	projection_digest(vault, &hash, &err);
	assert_no_err(&err);
	return hash;
}

/* Chains of two devices on one subject, and of one on another. */
static void
make_lines(char *lines[CHAINS][CHAIN_LENGTH])
{
	static const char *const subjects[] = { SITE_1, SITE_1, SITE_2 };
	static const char *const devices[] = { DEVICE_A, DEVICE_B, DEVICE_A };
	struct hash prev;

	for (int i = 0; i < CHAINS; i++)
		for (int j = 0; j < CHAIN_LENGTH; j++) {
			lines[i][j] = event_line(subjects[i], devices[i], j + 1,
			    j ? &prev : NULL, "text");
			prev = hash_of(lines[i][j], strlen(lines[i][j]));
		}
}

static void
project_both(struct vault *vault)
{
	struct err err = { 0 };

	assert_int_equal(projection_run(vault, SITE_1, &err), 0);
	assert_int_equal(projection_run(vault, SITE_2, &err), 0);
}

static void
the_order_of_arrival_does_not_matter(void **state)
{
	char *lines[CHAINS][CHAIN_LENGTH];
	struct vault *one = bare_vault_new(judging);
	struct vault *other = bare_vault_new(judging);
	struct hash at_one, at_other;

	(void)state;
	make_lines(lines);
	for (int i = 0; i < CHAINS; i++)
		for (int j = 0; j < CHAIN_LENGTH; j++) {
			insert_event(one, lines[i][j], NULL);
			project_both(one);
		}
	for (int i = CHAINS - 1; i >= 0; i--)
		for (int j = CHAIN_LENGTH - 1; j >= 0; j--)
			insert_event(other, lines[i][j], NULL);
	project_both(other);
	at_one = digest(one);
	at_other = digest(other);
	assert_true(hash_equal(&at_one, &at_other));

	/* The digest does see a difference of one value. */
	struct err err = { 0 };

	assert_int_equal(db_exec(bare_vault_db(other),
			     "UPDATE counted SET text = 'texT' WHERE subject ="
			     " (SELECT min(subject) FROM counted)",
			     &err),
	    0);
	at_other = digest(other);
	assert_false(hash_equal(&at_one, &at_other));
	for (int i = 0; i < CHAINS; i++)
		for (int j = 0; j < CHAIN_LENGTH; j++)
			free(lines[i][j]);
	bare_vault_free(one);
	bare_vault_free(other);
}

static void
values_that_look_alike_differ_in_the_digest(void **state)
{
	static const char *const states[] = {
		"INSERT INTO counted VALUES ('a', 1, 'bc'), ('b', 2, 'd')",
		"INSERT INTO counted VALUES ('a', 1, 'b'), ('cb', 2, 'd')",
		"INSERT INTO counted VALUES ('a', 1, NULL), ('b', 2, 'd')",
		"INSERT INTO counted VALUES ('a', 1, ''), ('b', 2, 'd')",
		"INSERT INTO counted VALUES ('a', 1, 'bc')",
		"INSERT INTO counted VALUES ('a', NULL, '1bc')",
		"INSERT INTO chain VALUES ('a', 'b', 1, x'00', 0, '')",
		"INSERT INTO chain VALUES ('a', 'b', 1, x'00', 1, '')",
		"INSERT INTO chain VALUES ('a', 'b', 1, x'', 0, '0')",
		"SELECT 1",
	};
	struct hash found[ARRAY_LEN(states)];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		struct vault *vault = bare_vault_new(counting);
		struct err err = { 0 };

		db_exec(bare_vault_db(vault), states[i], &err);
		assert_no_err(&err);
		found[i] = digest(vault);
		for (size_t j = 0; j < i; j++)
			if (hash_equal(&found[i], &found[j]))
				fail_msg("%s\n%s", states[i], states[j]);
		bare_vault_free(vault);
	}
}

static void
made_again_the_state_is_the_same(void **state)
{
	char *lines[CHAINS][CHAIN_LENGTH];
	struct vault *vault = bare_vault_with_person(judging);
	json_t *body = json_pack("{s:s}", "text", "own");
	struct hash before, after;
	struct err err = { 0 };

	(void)state;
	make_lines(lines);
	for (int i = 0; i < CHAINS; i++)
		for (int j = 0; j < CHAIN_LENGTH; j++) {
			insert_event(vault, lines[i][j], NULL);
			free(lines[i][j]);
		}
	project_both(vault);
	log_append(vault, SITE_1, "answer", body, NULL, &err);
	log_append(vault, SITE_2, "answer", body, NULL, &err);
	json_decref(body);
	assert_no_err(&err);
	before = digest(vault);
	assert_int_equal(projection_run_all(vault, &err), 0);
	after = digest(vault);
	assert_true(hash_equal(&before, &after));

	/* And what was put there by nobody's event goes away. */
	assert_int_equal(
	    db_exec(bare_vault_db(vault),
		"INSERT INTO counted VALUES ('x', 9, 'planted');"
		"INSERT INTO chain VALUES ('x', 'y', 9, x'00', 0, '');"
		"UPDATE counted SET events = 99;",
		&err),
	    0);
	assert_int_equal(projection_run_all(vault, &err), 0);
	after = digest(vault);
	assert_true(hash_equal(&before, &after));
	bare_vault_free(vault);
}

static void
a_vault_of_a_later_program_is_refused(void **state)
{
	struct vault *vault = bare_vault_new(NULL);
	struct db *db = bare_vault_db(vault);
	struct err err = { 0 };

	(void)state;
	assert_int_equal(schema_update(db, counting, &err), 0);
	assert_int_equal(schema_update(db, counting, &err), 0);
	assert_int_equal(db_exec(db, "PRAGMA user_version = 1000", &err), 0);
	assert_int_equal(schema_update(db, NULL, &err), -1);
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	bare_vault_free(vault);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_order_of_arrival_does_not_matter),
		TEST(values_that_look_alike_differ_in_the_digest),
		TEST(made_again_the_state_is_the_same),
		TEST(a_vault_of_a_later_program_is_refused),
	};

	return RUN_TESTS(tests);
}

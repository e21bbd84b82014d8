/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/parties.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "bundles/exchange.h"
#include "storage/db.h"
#include "storage/log.h"
#include "storage/vault_internal.h"

static const char visit[] = "I-0123456789ABCDEF";

static char *folder, *stick;
static struct party amina, bruno;

static int
make_all(void **state)
{
	struct err err = { 0 };

	(void)state;
	folder = test_folder();
	stick = file_join(folder, "stick");
	assert_int_equal(file_make_folders(stick, &err), 0);
	party_new(&amina, folder, "Amina", ROLE_SUPERVISOR);
	party_new(&bruno, folder, "Bruno", ROLE_INSPECTOR);
	party_know(&amina, &bruno);
	return 0;
}

static int
free_all(void **state)
{
	(void)state;
	party_close(&amina);
	party_close(&bruno);
	free(stick);
	free(folder);
	return 0;
}

static struct exchange
look(struct party *party)
{
	struct exchange exchange;
	struct err err = { 0 };

	exchange_look(
	    party->vault, stick, &party_contents, NULL, &exchange, &err);
	assert_no_err(&err);
	return exchange;
}

/* Looks, checks what is said to come, does it and checks that it did. */
static void
exchange(struct party *party, size_t imports, size_t exports)
{
	struct exchange found = look(party);
	struct err err = { 0 };
	size_t imported = 0, exported = 0;

	assert_int_equal(found.imports, imports);
	assert_int_equal(found.exports, exports);
	exchange_run(party->vault, &party_contents, NULL, &found, &err);
	assert_no_err(&err);
	for (size_t i = 0; i < found.count; i++) {
		const struct exchange_item *item = &found.items[i];

		if (item->state != EXCHANGE_DONE)
			continue;
		imported += item->kind == EXCHANGE_IMPORT;
		exported += item->kind == EXCHANGE_EXPORT;
		if (item->kind == EXCHANGE_EXPORT) {
			assert_int_equal(strncmp(item->file, "R-", 2), 0);
			assert_int_equal(
			    strlen(item->file), strlen("R-1123-01-ABCD.ronde"));
		}
	}
	assert_int_equal(imported, imports);
	assert_int_equal(exported, exports);
	exchange_release(&found);
}

static void
a_stick_goes_to_and_fro(void **state)
{
	(void)state;
	party_note_with(&amina, visit, "for", bruno.card.person);
	exchange(&amina, 0, 1); /* the mission */
	party_note(&bruno, visit, "an answer");
	exchange(&bruno, 1, 1); /* takes it, leaves answer and receipt */
	assert_int_equal(
	    party_chain(&bruno, visit, amina.card.device).effective, 1);
	exchange(&amina, 1, 1); /* takes that, leaves a receipt */
	assert_int_equal(
	    party_chain(&amina, visit, bruno.card.device).effective, 1);
	exchange(&bruno, 1, 0); /* takes the receipt, and that is the end */
	exchange(&amina, 0, 0);
}

static void
looking_touches_nothing(void **state)
{
	struct hash before, after;
	struct exchange found;
	size_t count;

	(void)state;
	party_note_with(&amina, visit, "for", bruno.card.person);
	exchange(&amina, 0, 1);
	before = party_digest(&bruno);
	count = party_statements(&bruno);
	found = look(&bruno);
	assert_int_equal(found.imports, 1);
	assert_int_equal(found.items[0].import.new_events, 1);
	assert_string_equal(found.items[0].import.sender_name, "Amina");
	exchange_release(&found);
	after = party_digest(&bruno);
	assert_true(hash_equal(&before, &after));
	assert_int_equal(party_statements(&bruno), count);
}

static enum exchange_state
state_of(const struct exchange *exchange, const char *start)
{
	for (size_t i = 0; i < exchange->count; i++)
		if (exchange->items[i].file &&
		    strncmp(exchange->items[i].file, start, strlen(start)) == 0)
			return exchange->items[i].state;
	fail_msg("no file %s", start);
	return EXCHANGE_FAILED;
}

static void
what_is_not_for_us_or_broken_is_said_so(void **state)
{
	struct party chloe;
	struct exchange found;
	struct err err = { 0 };
	struct buf text = BUF_INIT;
	char *path;

	(void)state;
	party_note(&bruno, visit, "an answer");
	exchange(&bruno, 0, 1);
	path = file_join(stick, "a.ronde");
	file_write(path, "no bundle", 9, 0600, &err);
	free(path);
	path = file_join(stick, "b.card");
	card_write(&amina.card, &text);
	file_write(path, text.data, text.len, 0600, &err);
	free(path);
	path = file_join(stick, "c.card");
	file_write(path, "no card", 7, 0600, &err);
	free(path);
	assert_no_err(&err);
	found = look(&bruno);
	assert_int_equal(found.count, 5);
	assert_int_equal(state_of(&found, "R-"), EXCHANGE_KNOWN);
	assert_int_equal(state_of(&found, "a.ronde"), EXCHANGE_REFUSED);
	assert_int_equal(state_of(&found, "b.card"), EXCHANGE_KNOWN);
	assert_int_equal(state_of(&found, "c.card"), EXCHANGE_REFUSED);
	exchange_release(&found);
	/* A vault that knows nothing of who wrote what. */
	party_new(&chloe, folder, "Chloe", ROLE_INSPECTOR);
	found = look(&chloe);
	assert_int_equal(state_of(&found, "R-"), EXCHANGE_OTHERS);
	assert_int_equal(state_of(&found, "b.card"), EXCHANGE_READY);
	assert_int_equal(found.cards, 1);
	assert_int_equal(found.exports, 0);
	party_close(&chloe);
	exchange_release(&found);
	buf_release(&text);
}

struct stopper {
	uint64_t told; /* how often */
	uint64_t at;   /* and when it says stop */
};

static int
stop_at(void *arg, uint64_t done, uint64_t total)
{
	struct stopper *stopper = arg;

	assert_true(done <= total);
	return ++stopper->told > stopper->at ? -1 : 0;
}

static void
looking_can_be_stopped(void **state)
{
	struct stopper stopper = { 0 };
	const struct progress_report progress = { stop_at, &stopper };
	struct exchange found;
	struct err err = { 0 };

	(void)state;
	party_note_with(&amina, visit, "for", bruno.card.person);
	exchange(&amina, 0, 1);
	assert_int_equal(exchange_look(bruno.vault, stick, &party_contents,
			     &progress, &found, &err),
	    -1);
	assert_int_equal(err.code, ERR_CANCELLED);
	assert_int_equal(stopper.told, 1);
	exchange(&bruno, 1, 1); /* another time it goes */
}

/* Stopped while it writes: no file is there, and later it is written. */
static void
writing_can_be_stopped(void **state)
{
	struct stopper stopper = { 0 };
	const struct progress_report progress = { stop_at, &stopper };
	struct exchange found;
	struct err err = { 0 };

	(void)state;
	party_note(&bruno, visit, "an answer");
	found = look(&bruno);
	assert_int_equal(
	    exchange_run(bruno.vault, &party_contents, &progress, &found, &err),
	    -1);
	assert_int_equal(err.code, ERR_CANCELLED);
	assert_int_equal(
	    exchange_count(&found, EXCHANGE_EXPORT, EXCHANGE_DONE), 0);
	exchange_release(&found);
	found = look(&bruno);
	assert_int_equal(found.count, 1); /* no file, what is to be sent */
	exchange_release(&found);
	exchange(&bruno, 0, 1);
}

/* After the receipt there is nothing to write, until something is new. */
static void
what_was_receipted_is_not_written_again(void **state)
{
	struct exchange found;

	(void)state;
	party_note(&bruno, visit, "an answer");
	exchange(&bruno, 0, 1);
	exchange(&amina, 1, 1);
	exchange(&bruno, 1, 0);
	found = look(&bruno);
	assert_int_equal(
	    exchange_count(&found, EXCHANGE_EXPORT, EXCHANGE_NOTHING), 1);
	exchange_release(&found);
	party_note(&bruno, visit, "another answer");
	exchange(&bruno, 0, 1);
}

/* What is known of a file cannot be read: then it is not taken for new. */
static void
a_note_that_cannot_be_read_is_no_missing_one(void **state)
{
	struct exchange found;
	struct err err = { 0 };

	(void)state;
	party_note_with(&amina, visit, "for", bruno.card.person);
	exchange(&amina, 0, 1);
	db_exec(bruno.vault->db, "ALTER TABLE setting RENAME TO hidden", &err);
	assert_no_err(&err);
	assert_int_equal(exchange_look(bruno.vault, stick, &party_contents,
			     NULL, &found, &err),
	    -1);
	assert_int_not_equal(err.code, ERR_NONE);
	assert_int_equal(
	    exchange_count(&found, EXCHANGE_IMPORT, EXCHANGE_READY), 0);
	exchange_release(&found);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make_all, free_all)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_stick_goes_to_and_fro),
		CASE(looking_touches_nothing),
		CASE(what_is_not_for_us_or_broken_is_said_so),
		CASE(looking_can_be_stopped),
		CASE(writing_can_be_stopped),
		CASE(what_was_receipted_is_not_written_again),
		CASE(a_note_that_cannot_be_read_is_no_missing_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/parties.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "bundles/card.h"

static struct party amina, bruno;

static int
make_parties(void **state)
{
	char *folder = test_folder();

	(void)state;
	party_new(&amina, folder, "Amina 缅北禁地", ROLE_SUPERVISOR);
	party_new(&bruno, folder, "Bruno", ROLE_INSPECTOR);
	free(folder);
	return 0;
}

static int
close_parties(void **state)
{
	(void)state;
	party_close(&amina);
	party_close(&bruno);
	return 0;
}

static void
assert_same_card(const struct card *one, const struct card *other)
{
	assert_string_equal(one->device, other->device);
	assert_string_equal(one->person, other->person);
	assert_string_equal(one->name, other->name);
	assert_string_equal(one->organisation, other->organisation);
	assert_string_equal(one->fingerprint, other->fingerprint);
	assert_string_equal(one->line, other->line);
	assert_int_equal(one->role, other->role);
	assert_memory_equal(one->sign_public, other->sign_public, 32);
	assert_memory_equal(&one->minisign_public, &other->minisign_public,
	    sizeof(one->minisign_public));
	assert_memory_equal(&one->age_recipient, &other->age_recipient,
	    sizeof(one->age_recipient));
}

static void
a_card_is_read_in_every_form_it_is_given(void **state)
{
	static const char *const forms[] = { "%s", "%s\n", "%s\r\nthanks\n",
		"Name: someone else\n\n%s\n" };
	struct err err = { 0 };
	struct card card;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct buf text = BUF_INIT;
		const char *at = strstr(forms[i], "%s");

		buf_add(&text, forms[i], (size_t)(at - forms[i]));
		buf_add_text(&text, amina.card.line);
		buf_add_text(&text, at + 2);
		card_read(text.data, text.len, "a.card", &card, &err);
		assert_no_err(&err);
		assert_same_card(&card, &amina.card);
		card_release(&card);
		buf_release(&text);
	}
}

static void
what_is_written_is_read_again(void **state)
{
	struct buf text = BUF_INIT;
	struct err err = { 0 };
	struct card card;

	(void)state;
	card_write(&amina.card, &text);
	assert_non_null(strstr(text.data, amina.card.fingerprint));
	assert_non_null(strstr(text.data, "缅北禁地"));
	assert_non_null(strstr(text.data, "\nage: age1"));
	card_read(text.data, text.len, "a.card", &card, &err);
	assert_no_err(&err);
	assert_same_card(&card, &amina.card);
	card_release(&card);
	buf_release(&text);
}

static void
a_card_is_read_from_json(void **state)
{
	json_t *json = json_pack("{sssi}", "card", amina.card.line, "other", 1);
	char *text = json_dumps(json, JSON_INDENT(2));
	struct err err = { 0 };
	struct card card;

	(void)state;
	card_read(text, strlen(text), "identity --json", &card, &err);
	assert_no_err(&err);
	assert_same_card(&card, &amina.card);
	card_release(&card);
	free(text);
	json_decref(json);
}

static void
every_changed_byte_of_a_card_is_noticed(void **state)
{
	const size_t len = strlen(amina.card.line);
	char *line = xstrdup(amina.card.line);

	(void)state;
	for (size_t i = 0; i < len; i++) {
		struct err err = { 0 };
		struct card card;

		line[i] ^= 1;
		assert_int_equal(
		    card_read(line, len, "a.card", &card, &err), -1);
		assert_int_not_equal(err.code, ERR_NONE);
		line[i] ^= 1;
	}
	free(line);
}

static void
nobody_can_take_the_device_of_another(void **state)
{
	/* Bruno signs a card with Amina's device and his own keys. */
	json_t *body = json_object();
	struct statement statement = { 0 };
	struct err err = { 0 };
	struct hash hash;
	struct card card;
	char *line, *at;

	(void)state;
	json_object_set_new(body, "note", json_string("not a card"));
	statement_make(bruno.vault, STATEMENT_CARD, body, &hash, &err);
	assert_no_err(&err);
	assert_int_equal(
	    statement_find(bruno.vault, &hash, &statement, &err), 1);
	assert_int_equal(card_of_statement(&statement, &card, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	statement_release(&statement);
	json_decref(body);

	line = xstrdup(bruno.card.line);
	at = strstr(line, bruno.card.device);
	assert_non_null(at);
	memcpy(at, amina.card.device, strlen(amina.card.device));
	err = (struct err){ 0 };
	assert_int_equal(
	    card_read(line, strlen(line), "b.card", &card, &err), -1);
	assert_int_equal(err.code, ERR_AUTH);
	free(line);
}

static void
what_is_no_card_is_refused_with_its_name(void **state)
{
	static const char *const texts[] = { "", "\n\n", "hello\n", "{}",
		"{\"card\":1}", "{\"card\":\"x\"}", "[\"ronde/card/1\",{}]",
		"[\"ronde/heads/1\",{},\"\"]", "{" };
	struct err err;
	struct card card;
	struct buf two = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		err = (struct err){ 0 };
		assert_int_equal(card_read(texts[i], strlen(texts[i]), "b.card",
				     &card, &err),
		    -1);
		assert_int_equal(err.code, ERR_FORMAT);
		assert_non_null(strstr(err.msg, "b.card"));
	}
	buf_addf(&two, "%s\n%s\n", amina.card.line, bruno.card.line);
	err = (struct err){ 0 };
	assert_int_equal(
	    card_read(two.data, two.len, "b.card", &card, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	buf_release(&two);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_card_is_read_in_every_form_it_is_given),
		TEST(what_is_written_is_read_again),
		TEST(a_card_is_read_from_json),
		TEST(every_changed_byte_of_a_card_is_noticed),
		TEST(nobody_can_take_the_device_of_another),
		TEST(what_is_no_card_is_refused_with_its_name),
	};

	return cmocka_run_group_tests(tests, make_parties, close_parties);
}

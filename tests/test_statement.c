/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "crypto/sign.h"
#include "storage/identity.h"
#include "storage/statement.h"
#include "tests/storage_support.h"

#define SIGNATURE                                                              \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" \
	"AAAAAAAAAAAAAAAAAA=="
#define TIME "\"time\":\"2026-11-23T11:11:12.345+01:00\""
#define OBJECT "{\"device\":\"" DEVICE_A "\"," TIME "}"
#define WHOLE "[\"ronde/card/1\"," OBJECT ",\"" SIGNATURE "\"]"

static void
a_line_is_taken_apart_without_being_written_anew(void **state)
{
	static const char line[] =
	    "[\"ronde/card/1\",{ \"device\" : \"" DEVICE_A "\"," TIME
	    ",\"é\":[1,\"\\u00e9\"]},\"" SIGNATURE "\"]";
	const struct hash hash = hash_of(line, strlen(line));
	struct statement statement;
	struct err err = { 0 };

	(void)state;
	statement_read(&statement, line, strlen(line), "line 1", &err);
	assert_no_err(&err);
	assert_string_equal(statement.type, STATEMENT_CARD);
	assert_string_equal(statement.device, DEVICE_A);
	assert_true(statement.time == 1795428672345);
	assert_ptr_equal(statement.signed_body, strchr(line, '{'));
	assert_int_equal(statement.signed_len,
	    strlen(line) - strlen("[\"ronde/card/1\",") - 92);
	assert_true(hash_equal(&statement.hash, &hash));
	statement_release(&statement);
	statement_release(&statement);
}

static void
malformed_lines_are_refused_with_their_place(void **state)
{
	static const struct {
		const char *line, *msg;
	} cases[] = {
		{ "", "line 3: not a statement: it is too short" },
		{ "[\"ronde/card/1\",{},\"" SIGNATURE "\"]",
		    "line 3: not a statement: it is too short" },
		{ " " WHOLE,
		    "line 3: not a statement: it does not begin with its "
		    "type" },
		{ "[\"Ronde\"," OBJECT ",\"" SIGNATURE "\"]",
		    "line 3: not a statement: it does not begin with its "
		    "type" },
		{ "[\"\"," OBJECT ",\"" SIGNATURE "\"]",
		    "line 3: not a statement: it does not begin with its "
		    "type" },
		{ "[\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"," OBJECT
		  ",\"" SIGNATURE "\"]",
		    "line 3: not a statement: it does not begin with its "
		    "type" },
		{ WHOLE " ",
		    "line 3: not a statement: it does not end with a "
		    "signature" },
		{ "[\"ronde/card/1\"," OBJECT ", \"" SIGNATURE "\"]", NULL },
		{ "[\"ronde/card/1\", " OBJECT ",\"" SIGNATURE "\"]",
		    "line 3: not a statement: its second part is not an "
		    "object" },
		{ "[\"ronde/card/1\",[" OBJECT "],\"" SIGNATURE "\"]",
		    "line 3: not a statement: its second part is not an "
		    "object" },
		{ "[\"ronde/card/1\"," OBJECT ",{},\"" SIGNATURE "\"]",
		    "line 3: line 1, column 81: not JSON as expected: end of "
		    "file expected near ','" },
		{ WHOLE "\n",
		    "line 3: byte 189: a line break or control character "
		    "inside the line" },
		{ "[\"ronde/card/1\",{" TIME
		  ",\"pad\":\"aaaaaaaaaaaaaaa\"},\"" SIGNATURE "\"]",
		    "line 3: \"device\" is missing or is not a text" },
		{ "[\"ronde/card/1\",{\"device\":\"P-0000000000000001\"," TIME
		  "},\"" SIGNATURE "\"]",
		    "line 3: not a statement: \"device\" is not the "
		    "identifier of a device" },
		{ "[\"ronde/card/1\",{\"device\":\"" DEVICE_A
		  "\",\"time\":\"yesterday\"},\"" SIGNATURE "\"]",
		    "line 3: not a statement: \"time\" is not like "
		    "2026-11-23T11:11:12.345+01:00" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct statement statement = { .len = 77 };
		struct err err = { 0 };

		if (statement_read(&statement, cases[i].line,
			strlen(cases[i].line), "line 3", &err) == 0)
			fail_msg("case %zu was read: %s", i, cases[i].line);
		assert_int_equal(err.code, ERR_FORMAT);
		if (cases[i].msg)
			assert_string_equal(err.msg, cases[i].msg);
		assert_int_equal(statement.len, 77);
	}
}

static struct hash
make(struct vault *vault, const char *type, int counter)
{
	json_t *body = json_object();
	struct err err = { 0 };
	struct hash hash;

	if (counter >= 0)
		json_put_int(body, "counter", counter);
	statement_make(vault, type, body, &hash, &err);
	assert_no_err(&err);
	assert_string_equal(
	    json_opt_text(body, "device"), identity_get(vault)->device);
	json_decref(body);
	return hash;
}

static void
what_this_device_signs_can_be_checked(void **state)
{
	struct vault *vault = bare_vault_with_person(NULL);
	const struct identity *self = identity_get(vault);
	const struct hash hash = make(vault, STATEMENT_HEADS, 1);
	struct statement statement, altered;
	struct err err = { 0 };
	uint8_t other_key[32] = { 1 };
	char *line;

	(void)state;
	assert_int_equal(statement_find(vault, &hash, &statement, &err), 1);
	assert_true(statement_is_signed_by(&statement, self->sign_public));
	assert_false(statement_is_signed_by(&statement, other_key));

	/* Another type or another counter is another statement. */
	line = xstrndup(statement.line, statement.len);
	memcpy(strstr(line, "heads/1"), "heads/2", 7);
	statement_read(&altered, line, strlen(line), "altered", &err);
	assert_no_err(&err);
	assert_false(statement_is_signed_by(&altered, self->sign_public));
	statement_release(&altered);
	memcpy(strstr(line, "heads/2"), "heads/1", 7);
	memcpy(strstr(line, "\"counter\":1"), "\"counter\":2", 11);
	statement_read(&altered, line, strlen(line), "altered", &err);
	assert_no_err(&err);
	assert_false(statement_is_signed_by(&altered, self->sign_public));
	statement_release(&altered);
	statement_release(&statement);
	free(line);
	bare_vault_free(vault);
}

static int
add_counter(void *arg, const struct statement *statement, struct err *err)
{
	(void)err;
	buf_addf(arg, "%s %lld\n", statement->type,
	    (long long)json_opt_int(statement->body, "counter", -1));
	return 0;
}

static void
statements_come_by_type_and_counter(void **state)
{
	struct vault *vault = bare_vault_with_person(NULL);
	struct buf list = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	make(vault, STATEMENT_HEADS, 10);
	make(vault, STATEMENT_RECEIPT, 1);
	make(vault, STATEMENT_HEADS, 9);
	make(vault, STATEMENT_CARD, -1);
	statement_each(vault, NULL, NULL, add_counter, &list, &err);
	assert_no_err(&err);
	assert_string_equal(list.data,
	    "ronde/card/1 -1\nronde/heads/1 9\nronde/heads/1 10\n"
	    "ronde/receipt/1 1\n");
	buf_clear(&list);
	statement_each(vault, STATEMENT_HEADS, identity_get(vault)->device,
	    add_counter, &list, &err);
	assert_string_equal(list.data, "ronde/heads/1 9\nronde/heads/1 10\n");
	buf_clear(&list);
	statement_each(
	    vault, STATEMENT_HEADS, DEVICE_A, add_counter, &list, &err);
	statement_each(vault, NULL, DEVICE_A, add_counter, &list, &err);
	assert_string_equal(list.data, "");
	statement_each(
	    vault, STATEMENT_RECEIPT, NULL, add_counter, &list, &err);
	assert_string_equal(list.data, "ronde/receipt/1 1\n");
	buf_release(&list);
	bare_vault_free(vault);
}

static void
a_statement_is_inserted_once(void **state)
{
	struct vault *vault = bare_vault_with_person(NULL);
	struct statement statement, found;
	struct hash unknown = { { 1 } };
	struct err err = { 0 };

	(void)state;
	statement_read(&statement, WHOLE, strlen(WHOLE), "test", &err);
	assert_no_err(&err);
	assert_int_equal(statement_insert(vault, &statement, &err), 1);
	assert_int_equal(statement_insert(vault, &statement, &err), 0);
	assert_int_equal(
	    statement_find(vault, &statement.hash, &found, &err), 1);
	assert_int_equal(found.len, strlen(WHOLE));
	assert_memory_equal(found.line, WHOLE, found.len);
	assert_int_equal(statement_find(vault, &unknown, &found, &err), 0);
	statement_release(&found);
	statement_release(&statement);
	bare_vault_free(vault);
}

static void
nobody_signs_for_another_device(void **state)
{
	struct vault *vault = bare_vault_with_person(NULL);
	struct vault *empty = bare_vault_new(NULL);
	json_t *body = json_pack("{s:s}", "device", DEVICE_A);
	struct err err = { 0 };
	struct hash hash;

	(void)state;
	assert_int_equal(
	    statement_make(vault, STATEMENT_CARD, body, &hash, &err), -1);
	assert_int_equal(
	    statement_make(vault, "Not A Type", body, &hash, &err), -1);
	assert_int_equal(
	    statement_make(empty, STATEMENT_CARD, body, &hash, &err), -1);
	assert_int_equal(err.code, ERR_DENIED);
	json_decref(body);
	bare_vault_free(vault);
	bare_vault_free(empty);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_line_is_taken_apart_without_being_written_anew),
		TEST(malformed_lines_are_refused_with_their_place),
		TEST(what_this_device_signs_can_be_checked),
		TEST(statements_come_by_type_and_counter),
		TEST(a_statement_is_inserted_once),
		TEST(nobody_signs_for_another_device),
	};

	return RUN_TESTS(tests);
}

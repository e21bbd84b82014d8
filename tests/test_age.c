/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "crypto/age.h"
#include "tests/age_help.h"

static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 131072, 200000 };

static void
what_was_written_is_read(void **state)
{
	static const size_t steps[] = { 7, 4096, 65536, 70000, 300000 };
	struct age_recipient recipient;
	struct secret *identity = age_new_identity(&recipient);
	char *bytes = some_bytes(200000);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes) * ARRAY_LEN(steps); i++) {
		const size_t size = sizes[i / ARRAY_LEN(steps)];
		const size_t step = steps[i % ARRAY_LEN(steps)];
		struct buf file = BUF_INIT, clear = BUF_INIT;
		struct byte_sink sink = buf_sink(&file);
		struct err err = { 0 };
		struct age_writer *writer =
		    age_encrypt(&recipient, 1, &sink, &err);
		struct memory memory;
		struct byte_source source = memory_source(&memory);
		struct age_reader *reader;

		for (size_t at = 0; at < size; at += step)
			assert_int_equal(
			    age_write(writer, bytes + at,
				size - at < step ? size - at : step, &err),
			    0);
		assert_int_equal(age_finish(writer, &err), 0);
		memory = (struct memory){ file.data, file.len, 0, step, 0 };
		reader = age_decrypt(
		    (const struct secret *const *)&identity, 1, &source, &err);
		assert_no_err(&err);
		assert_int_equal(age_read_all(reader, step, &clear, &err), 0);
		assert_int_equal(clear.len, size);
		assert_memory_equal(clear.data, bytes, size);
		age_reader_free(reader);
		buf_release(&file);
		buf_release(&clear);
	}
	free(bytes);
	secret_free(identity);
}

static void
each_recipient_opens_it_and_nobody_else(void **state)
{
	enum { COUNT = AGE_RECIPIENTS_MAX };
	struct age_recipient recipients[COUNT];
	struct secret *identities[COUNT], *other;
	struct buf file = BUF_INIT, clear = BUF_INIT;
	struct byte_sink sink = buf_sink(&file);
	struct err err = { 0 };
	struct age_writer *writer;

	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		identities[i] = age_new_identity(&recipients[i]);
	writer = age_encrypt(recipients, COUNT, &sink, &err);
	assert_int_equal(age_write(writer, "text", 4, &err), 0);
	assert_int_equal(age_finish(writer, &err), 0);
	for (size_t i = 0; i < COUNT; i++) {
		buf_clear(&clear);
		assert_int_equal(age_open_bytes(identities[i], file.data,
				     file.len, &clear, &err),
		    0);
		assert_string_equal(clear.data, "text");
		secret_free(identities[i]);
	}
	other = secret_random(AGE_KEY_BYTES);
	assert_int_equal(
	    age_open_bytes(other, file.data, file.len, &clear, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	secret_free(other);
	buf_release(&file);
	buf_release(&clear);
}

static void
too_few_or_too_many_recipients_are_refused(void **state)
{
	static const struct {
		size_t count;
		enum err_code code;
	} cases[] = {
		{ 0, ERR_USAGE }, { AGE_RECIPIENTS_MAX + 1, ERR_LIMIT },
		{ 1, ERR_FORMAT }, /* all zeroes: a point of low order */
	};
	struct age_recipient recipients[AGE_RECIPIENTS_MAX + 1] = { 0 };
	struct buf file = BUF_INIT;
	struct byte_sink sink = buf_sink(&file);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };

		assert_null(
		    age_encrypt(recipients, cases[i].count, &sink, &err));
		assert_int_equal(err.code, cases[i].code);
		assert_int_equal(file.len, 0);
	}
	buf_release(&file);
}

static struct secret *
secret_of(const char *text)
{
	char *copy = xstrdup(text);
	struct secret *secret = secret_take(copy, strlen(text), true);

	free(copy);
	return secret;
}

/* Opens with a passphrase; the code of the error, ERR_NONE when it opened. */
static enum err_code
open_passphrase(const struct buf *file, const char *words, struct buf *clear)
{
	struct secret *passphrase = secret_of(words);
	struct memory memory = { .bytes = file->data, .len = file->len };
	const struct byte_source source = memory_source(&memory);
	struct err err = { 0 };
	struct age_reader *reader =
	    age_decrypt_passphrase(passphrase, &source, &err);

	if (reader)
		(void)age_read_all(reader, 100, clear, &err);
	age_reader_free(reader);
	secret_free(passphrase);
	return err.code;
}

static void
only_the_right_passphrase_opens(void **state)
{
	struct secret *passphrase = secret_of("battery horse");
	struct buf file = BUF_INIT, clear = BUF_INIT;
	struct byte_sink sink = buf_sink(&file);
	struct err err = { 0 };
	struct age_writer *writer =
	    age_encrypt_passphrase(passphrase, 10, &sink, &err);

	(void)state;
	assert_no_err(&err);
	assert_int_equal(age_write(writer, "text", 4, &err), 0);
	assert_int_equal(age_finish(writer, &err), 0);
	assert_int_equal(
	    open_passphrase(&file, "battery hors", &clear), ERR_NOT_FOUND);
	assert_int_equal(clear.len, 0);
	assert_int_equal(
	    open_passphrase(&file, "battery horse", &clear), ERR_NONE);
	assert_string_equal(clear.data, "text");
	secret_free(passphrase);
	buf_release(&file);
	buf_release(&clear);
}

static void
work_that_nobody_would_wait_for_is_refused(void **state)
{
	static const int cases[] = { -1, 0, AGE_WORK_FACTOR_MAX + 1, 64 };
	struct secret *passphrase = secret_of("x");
	struct buf file = BUF_INIT;
	struct byte_sink sink = buf_sink(&file);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };

		assert_null(
		    age_encrypt_passphrase(passphrase, cases[i], &sink, &err));
		assert_int_equal(err.code, ERR_LIMIT);
	}
	secret_free(passphrase);
	buf_release(&file);
}

static void
a_key_does_not_open_what_a_passphrase_does_and_the_reverse(void **state)
{
	struct age_recipient recipient;
	struct secret *identity = age_new_identity(&recipient);
	struct secret *passphrase = secret_of("x");
	struct buf file = BUF_INIT, clear = BUF_INIT;
	struct byte_sink sink = buf_sink(&file);
	struct err err = { 0 };
	struct age_writer *writer =
	    age_encrypt_passphrase(passphrase, 1, &sink, &err);

	(void)state;
	assert_int_equal(age_finish(writer, &err), 0);
	assert_int_equal(
	    age_open_bytes(identity, file.data, file.len, &clear, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);

	buf_clear(&file);
	age_seal_bytes(&recipient, "text", 4, &file);
	assert_int_equal(open_passphrase(&file, "x", &clear), ERR_NOT_FOUND);
	assert_int_equal(clear.len, 0);
	secret_free(identity);
	secret_free(passphrase);
	buf_release(&file);
	buf_release(&clear);
}

static void
every_changed_bit_is_noticed(void **state)
{
	struct age_recipient recipient;
	struct secret *identity = age_new_identity(&recipient);
	struct buf file = BUF_INIT, clear = BUF_INIT;

	(void)state;
	age_seal_bytes(&recipient, "some text", 9, &file);
	for (size_t bit = 0; bit < 8 * file.len; bit++) {
		struct err err = { 0 };

		buf_clear(&clear);
		file.data[bit / 8] ^= (char)(1 << bit % 8);
		assert_int_equal(
		    age_open_bytes(identity, file.data, file.len, &clear, &err),
		    -1);
		assert_int_not_equal(err.code, ERR_NONE);
		assert_int_equal(clear.len, 0);
		file.data[bit / 8] ^= (char)(1 << bit % 8);
	}
	secret_free(identity);
	buf_release(&file);
	buf_release(&clear);
}

static void
every_cut_and_every_addition_is_noticed(void **state)
{
	struct age_recipient recipient;
	struct secret *identity = age_new_identity(&recipient);
	struct buf file = BUF_INIT, clear = BUF_INIT;
	struct err err = { 0 };

	(void)state;
	age_seal_bytes(&recipient, "some text", 9, &file);
	for (size_t len = 0; len < file.len; len++) {
		assert_int_equal(
		    age_open_bytes(identity, file.data, len, &clear, &err), -1);
		assert_int_equal(clear.len, 0);
	}
	buf_add_char(&file, 0);
	assert_int_equal(
	    age_open_bytes(identity, file.data, file.len, &clear, &err), -1);
	secret_free(identity);
	buf_release(&file);
	buf_release(&clear);
}

/* Cuts a file of three chunks at places around the borders of the chunks. */
static void
a_file_cut_between_chunks_is_noticed(void **state)
{
	enum { CLEAR = 65536, SEALED = CLEAR + 16 };
	static const struct {
		size_t cut, released; /* bytes off the end; chunks before */
	} cases[] = {
		{ 1, 2 * CLEAR },
		{ SEALED - 16, 2 * CLEAR },
		{ SEALED, 2 * CLEAR },
		{ SEALED + 1, CLEAR },
		{ 2 * SEALED, CLEAR },
		{ 2 * SEALED + 1, 0 },
		{ 3 * SEALED, 0 },
	};
	struct age_recipient recipient;
	struct secret *identity = age_new_identity(&recipient);
	char *bytes = some_bytes((size_t)3 * CLEAR);
	struct buf file = BUF_INIT;

	(void)state;
	age_seal_bytes(&recipient, bytes, (size_t)3 * CLEAR, &file);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf clear = BUF_INIT;
		struct err err = { 0 };

		assert_int_equal(age_open_bytes(identity, file.data,
				     file.len - cases[i].cut, &clear, &err),
		    -1);
		assert_int_equal(err.code, ERR_AUTH);
		assert_int_equal(clear.len, cases[i].released);
		buf_release(&clear);
	}
	free(bytes);
	secret_free(identity);
	buf_release(&file);
}

static void
a_reader_that_failed_fails_for_ever(void **state)
{
	struct age_recipient recipient;
	struct secret *identity = age_new_identity(&recipient);
	char *bytes = some_bytes(200000), piece[1000];
	struct buf file = BUF_INIT, clear = BUF_INIT;
	struct memory memory = { .step = 5000, .fails_at = 100000 };
	struct byte_source source = memory_source(&memory);
	struct err err = { 0 };
	struct age_reader *reader;

	(void)state;
	age_seal_bytes(&recipient, bytes, 200000, &file);
	memory.bytes = file.data;
	memory.len = file.len;
	reader = age_decrypt(
	    (const struct secret *const *)&identity, 1, &source, &err);
	assert_no_err(&err);
	assert_int_equal(age_read_all(reader, 1000, &clear, &err), -1);
	assert_int_equal(clear.len, 65536);
	memory.fails_at = 0; /* the stick is back, but it is too late */
	for (int i = 0; i < 3; i++) {
		struct err again = { 0 };

		assert_int_equal(
		    age_read(reader, piece, sizeof(piece), &again), -1);
		assert_int_equal(again.code, ERR_IO);
		assert_string_equal(again.msg, "the stick was pulled out");
	}
	age_reader_free(reader);
	free(bytes);
	secret_free(identity);
	buf_release(&file);
	buf_release(&clear);
}

static void
the_end_stays_the_end(void **state)
{
	struct age_recipient recipient;
	struct secret *identity = age_new_identity(&recipient);
	struct buf file = BUF_INIT, clear = BUF_INIT;
	struct memory memory = { 0 };
	struct byte_source source = memory_source(&memory);
	struct err err = { 0 };
	struct age_reader *reader;
	char byte;

	(void)state;
	age_seal_bytes(&recipient, "", 0, &file);
	memory.bytes = file.data;
	memory.len = file.len;
	reader = age_decrypt(
	    (const struct secret *const *)&identity, 1, &source, &err);
	for (int i = 0; i < 3; i++)
		assert_int_equal(age_read(reader, &byte, 1, &err), 0);
	age_reader_free(reader);
	secret_free(identity);
	buf_release(&file);
	buf_release(&clear);
}

static void
a_full_disk_is_said_and_stays(void **state)
{
	struct age_recipient recipient;
	struct secret *identity = age_new_identity(&recipient);
	char *bytes = some_bytes(200000);
	struct buf file = BUF_INIT;
	struct byte_sink sink = buf_sink(&file);
	struct err err = { 0 };
	struct age_writer *writer = age_encrypt(&recipient, 1, &sink, &err);

	(void)state;
	assert_no_err(&err);
	file.max = 70000;
	assert_int_equal(age_write(writer, bytes, 200000, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	file.max = BUF_MAX_BYTES;
	buf_clear(&file);
	assert_int_equal(age_write(writer, "x", 1, &err), -1);
	assert_int_equal(age_finish(writer, &err), -1);
	assert_int_equal(file.len, 0);

	file.max = 10;
	assert_null(age_encrypt(&recipient, 1, &sink, &err));
	age_writer_free(NULL);
	age_reader_free(NULL);
	free(bytes);
	secret_free(identity);
	buf_release(&file);
}

/* A header with `count` stanzas that nobody knows, of `body` lines each. */
static enum err_code
open_grease(size_t count, size_t body)
{
	static const char line[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
				   "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";
	struct secret *identity = secret_random(AGE_KEY_BYTES);
	struct buf file = BUF_INIT, clear = BUF_INIT;
	struct err err = { 0 };

	buf_add_text(&file, "age-encryption.org/v1\n");
	for (size_t i = 0; i < count; i++) {
		buf_add_text(&file, "-> grease\n");
		for (size_t k = 0; k < body; k++)
			buf_add_text(&file, line);
		buf_add_text(&file, "\n");
	}
	buf_addf(&file, "--- %.43s\n", line);
	assert_int_equal(
	    age_open_bytes(identity, file.data, file.len, &clear, &err), -1);
	secret_free(identity);
	buf_release(&file);
	buf_release(&clear);
	return err.code;
}

static void
a_header_has_limits(void **state)
{
	static const struct {
		size_t count, body;
		enum err_code code;
	} cases[] = {
		{ 0, 0, ERR_FORMAT },
		{ 1, 0, ERR_NOT_FOUND },
		{ AGE_STANZAS_MAX, 1, ERR_NOT_FOUND },
		{ AGE_STANZAS_MAX + 1, 1, ERR_LIMIT },
		{ 1, 4000, ERR_NOT_FOUND },
		{ 1, 5000, ERR_LIMIT },
		{ 1, 1000000, ERR_LIMIT },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(
		    open_grease(cases[i].count, cases[i].body), cases[i].code);
}

static void
what_is_not_an_age_file_is_called_so(void **state)
{
	static const struct {
		const char *text;
		enum err_code code;
	} cases[] = {
		{ "", ERR_FORMAT },
		{ "PK\3\4", ERR_FORMAT },
		{ "age-encryption.org/v1", ERR_FORMAT },
		{ "age-encryption.org/v1\n", ERR_FORMAT },
		{ "age-encryption.org/v1\r\n-> X25519", ERR_FORMAT },
		{ "age-encryption.org/v2\n-> X25519", ERR_UNSUPPORTED },
		{ "age-encryption.org/v12\n-> X25519", ERR_UNSUPPORTED },
		{ "-----BEGIN AGE ENCRYPTED FILE-----\n", ERR_FORMAT },
	};
	struct secret *identity = secret_random(AGE_KEY_BYTES);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf clear = BUF_INIT;
		struct err err = { 0 };

		assert_int_equal(age_open_bytes(identity, cases[i].text,
				     strlen(cases[i].text), &clear, &err),
		    -1);
		if (err.code != cases[i].code)
			fail_msg("%s: %s", cases[i].text, err.msg);
	}
	secret_free(identity);
}

static void
keys_are_read_as_they_are_written(void **state)
{
	struct age_recipient recipient, again;
	struct secret *identity = age_new_identity(&recipient);
	struct secret *text = age_identity_write(identity), *back;
	char line[AGE_TEXT_MAX];
	struct err err = { 0 };

	(void)state;
	assert_int_equal(text->len, 75);
	assert_int_equal(strlen((char *)text->data), 74);
	back = age_identity_read((char *)text->data, 74, &err);
	assert_no_err(&err);
	assert_true(secret_equal(identity, back));

	age_recipient_write(&recipient, line);
	assert_int_equal(strlen(line), 62);
	assert_int_equal(age_recipient_read(line, &again, &err), 0);
	assert_memory_equal(recipient.key, again.key, AGE_KEY_BYTES);
	age_recipient_of(back, &again);
	assert_memory_equal(recipient.key, again.key, AGE_KEY_BYTES);
	secret_free(identity);
	secret_free(back);
	secret_free(text);
}

static void
every_mistyped_letter_of_a_key_is_noticed(void **state)
{
	struct age_recipient recipient, again;
	struct secret *identity = age_new_identity(&recipient);
	struct secret *text = age_identity_write(identity);
	char line[AGE_TEXT_MAX];
	struct err err = { 0 };

	(void)state;
	age_recipient_write(&recipient, line);
	for (size_t i = 0; i < 62; i++) {
		const char was = line[i];

		line[i] = was == 'q' ? 'p' : 'q';
		assert_int_equal(age_recipient_read(line, &again, &err), -1);
		line[i] = (char)(was ^ 0x20); /* the other case */
		assert_int_equal(age_recipient_read(line, &again, &err), -1);
		line[i] = was;
	}
	for (size_t i = 0; i < 74; i++) {
		const unsigned char was = text->data[i];

		text->data[i] = was == 'Q' ? 'P' : 'Q';
		assert_null(age_identity_read((char *)text->data, 74, &err));
		text->data[i] = was ^ 0x20;
		assert_null(age_identity_read((char *)text->data, 74, &err));
		text->data[i] = was;
	}
	assert_null(age_identity_read((char *)text->data, 73, &err));
	assert_null(age_identity_read((char *)text->data, 75, &err));
	assert_int_equal(err.code, ERR_FORMAT);
	secret_free(identity);
	secret_free(text);
}

static void
keys_of_other_kinds_are_called_so(void **state)
{
	struct age_recipient recipient;
	struct err err = { 0 };

	(void)state;
	assert_null(age_identity_read("AGE-SECRET-KEY-PQ-1QQQ", 22, &err));
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	assert_int_equal(
	    age_recipient_read("age1pq1qqq", &recipient, &err), -1);
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	assert_int_equal(age_recipient_read("", &recipient, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
}

#define BEGIN "-----BEGIN AGE ENCRYPTED FILE-----\n"
#define END "-----END AGE ENCRYPTED FILE-----\n"
#define FULL \
	"YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh\n"

static void
armour_is_taken_off_strictly(void **state)
{
	static const struct {
		const char *text;
		size_t len; /* of what is inside */
		int line;   /* of the mistake, 0 for none */
	} cases[] = {
		{ BEGIN "YWJj\n" END, 3, 0 },
		{ BEGIN FULL END, 48, 0 },
		{ BEGIN FULL FULL "YQ==\n" END, 97, 0 },
		{ "\n \n" BEGIN "YWJj\n" END " \n\t", 3, 0 },
		{ "", 0, 1 },
		{ BEGIN, 0, 1 },
		{ BEGIN "YWJj\n", 0, 2 },
		{ BEGIN "YWJj\nYWJj\n" END, 0, 3 },
		{ BEGIN "YWJj\n" END "x", 0, 4 },
		{ BEGIN "YW Jj\n" END, 0, 2 },
		{ BEGIN "YQ\n" END, 0, 2 },
		{ BEGIN "\nYWJj\n" END, 0, 2 },
		{ "x" BEGIN "YWJj\n" END, 0, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out = BUF_INIT;
		struct err err = { 0 };
		const int result = age_dearmor(
		    cases[i].text, strlen(cases[i].text), &out, &err);

		assert_int_equal(out.len, cases[i].len);
		if (cases[i].line == 0) {
			assert_no_err(&err);
			assert_int_equal(result, 0);
		} else {
			char *place = xasprintf("line %d", cases[i].line);

			assert_int_equal(result, -1);
			assert_int_equal(err.code, ERR_FORMAT);
			assert_non_null(strstr(err.msg, place));
			free(place);
		}
		buf_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_written_is_read),
		TEST(each_recipient_opens_it_and_nobody_else),
		TEST(too_few_or_too_many_recipients_are_refused),
		TEST(only_the_right_passphrase_opens),
		TEST(work_that_nobody_would_wait_for_is_refused),
		TEST(
		    a_key_does_not_open_what_a_passphrase_does_and_the_reverse),
		TEST(every_changed_bit_is_noticed),
		TEST(every_cut_and_every_addition_is_noticed),
		TEST(a_file_cut_between_chunks_is_noticed),
		TEST(a_reader_that_failed_fails_for_ever),
		TEST(the_end_stays_the_end),
		TEST(a_full_disk_is_said_and_stays),
		TEST(a_header_has_limits),
		TEST(what_is_not_an_age_file_is_called_so),
		TEST(keys_are_read_as_they_are_written),
		TEST(every_mistyped_letter_of_a_key_is_noticed),
		TEST(keys_of_other_kinds_are_called_so),
		TEST(armour_is_taken_off_strictly),
	};
	struct err err = { 0 };

	if (crypto_init(&err) < 0)
		return 1;
	return RUN_TESTS(tests);
}

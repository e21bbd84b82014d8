/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "storage/db.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/vault.h"
#include "storage/vault_header.h"
#include "storage/vault_slots.h"

/* Making, opening and closing a vault, and who may. */

static const char words[] = "cheval agrafe pile correcte";

static struct secret *
secret_text(const char *text)
{
	char *copy = xstrdup(text);
	struct secret *secret = secret_take(copy, strlen(text), true);

	free(copy);
	return secret;
}

static struct vault *
make(const char *path, struct secret **recovery, struct err *err)
{
	struct secret *pass = secret_text(words);
	struct vault *vault = vault_create(path, pass, NULL, recovery, err);

	secret_free(pass);
	return vault;
}

static struct vault *
open_by(const char *path, const char *text, struct err *err)
{
	struct secret *pass = secret_text(text);
	struct vault *vault = vault_open(path, pass, NULL, err);

	secret_free(pass);
	return vault;
}

static void
put(struct vault *vault, const char *text)
{
	struct err err = { 0 };
	struct db_query *query;

	db_exec(vault_db(vault), "CREATE TABLE IF NOT EXISTS t (text)", &err);
	assert_no_err(&err);
	query = db_query(vault_db(vault), "INSERT INTO t VALUES (?1)", &err);
	assert_non_null(query);
	db_bind_text(query, 1, text);
	assert_int_equal(db_run(query, &err), 0);
}

static int64_t
count(struct vault *vault, const char *text)
{
	struct err err = { 0 };
	struct db_query *query = db_query(
	    vault_db(vault), "SELECT count(*) FROM t WHERE text = ?1", &err);
	int64_t found;

	assert_non_null(query);
	db_bind_text(query, 1, text);
	assert_int_equal(db_step(query, &err), 1);
	found = db_int(query, 0);
	db_reset(query);
	return found;
}

static void
what_was_put_in_is_there_after_opening_again(void **state)
{
	char *folder = test_folder(), *path = file_join(folder, "v.ronde");
	struct err err = { 0 };
	struct secret *recovery = NULL;
	struct vault *vault = make(path, &recovery, &err);
	char id[33];

	(void)state;
	assert_no_err(&err);
	assert_non_null(vault);
	assert_string_equal(vault_path(vault), path);
	put(vault, "缅北禁地");
	snprintf(id, sizeof(id), "%s", vault_id(vault));
	vault_close(vault);
	vault = open_by(path, words, &err);
	assert_no_err(&err);
	assert_int_equal(count(vault, "缅北禁地"), 1);
	assert_string_equal(vault_id(vault), id);
	vault_close(vault);
	vault = vault_open_recovery(path, recovery, NULL, &err);
	assert_no_err(&err);
	assert_int_equal(count(vault, "缅北禁地"), 1);
	vault_close(vault);
	secret_free(recovery);
	free(path);
	free(folder);
}

/* Each test works in a folder of its own, with a vault made and closed. */
struct place {
	char *folder, *path;
	struct secret *recovery;
	uint8_t *bytes; /* of the file, as made */
	size_t len;
};

static uint8_t *
read_all(const char *path, size_t *len)
{
	struct buf buf = BUF_INIT;
	struct err err = { 0 };

	file_read(path, &buf, &err);
	assert_no_err(&err);
	*len = buf.len;
	return (uint8_t *)buf_detach(&buf);
}

static void
write_all(const char *path, const void *bytes, size_t len)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static int
set_up(void **state)
{
	struct place *place = xcalloc(1, sizeof(*place));
	struct err err = { 0 };
	struct vault *vault;

	place->folder = test_folder();
	place->path = file_join(place->folder, "v.ronde");
	vault = make(place->path, &place->recovery, &err);
	assert_no_err(&err);
	put(vault, "row");
	vault_close(vault);
	place->bytes = read_all(place->path, &place->len);
	*state = place;
	return 0;
}

static int
tear_down(void **state)
{
	struct place *place = *state;

	secret_free(place->recovery);
	free(place->bytes);
	free(place->path);
	free(place->folder);
	free(place);
	return 0;
}

static void
assert_untouched(const struct place *place)
{
	size_t len;
	uint8_t *bytes = read_all(place->path, &len);

	assert_int_equal(len, place->len);
	assert_memory_equal(bytes, place->bytes, len);
	free(bytes);
}

static void
only_the_right_passphrase_opens(void **state)
{
	static const char *const wrong[] = { "", "cheval", "cheval agrafe",
		"cheval agrafe pile correcte ", "Cheval agrafe pile correcte" };
	struct place *place = *state;

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct err err = { 0 };

		assert_null(open_by(place->path, wrong[i], &err));
		assert_int_equal(err.code, ERR_AUTH);
		assert_non_null(strstr(err.msg, "wrong passphrase"));
		assert_non_null(strstr(err.msg, "v.ronde"));
		assert_untouched(place);
	}
}

static void
a_passphrase_cannot_be_empty(void **state)
{
	struct place *place = *state;
	char *path = file_join(place->folder, "empty.ronde");
	struct secret *pass = secret_new(0), *recovery = NULL;
	struct err err = { 0 };

	assert_null(vault_create(path, pass, NULL, &recovery, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_false(file_exists(path));
	secret_free(pass);
	free(path);
}

static void
a_vault_is_never_made_over_another_file(void **state)
{
	struct place *place = *state;
	struct secret *recovery = NULL;
	struct err err = { 0 };

	assert_null(make(place->path, &recovery, &err));
	assert_int_equal(err.code, ERR_EXISTS);
	assert_null(recovery);
	assert_untouched(place);
}

static void
a_vault_that_cannot_be_made_leaves_nothing(void **state)
{
	struct place *place = *state;
	char *path = xasprintf("%s/none/v.ronde", place->folder);
	struct secret *recovery = NULL;
	struct err err = { 0 };

	assert_null(make(path, &recovery, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_non_null(strstr(err.msg, "cannot make the vault"));
	free(path);
}

static struct secret *
typed(const char *text)
{
	return secret_text(text);
}

/* Writes the code as people do. */
static void
a_recovery_code_may_be_typed_carelessly(void **state)
{
	struct place *place = *state;
	const char *code = (const char *)place->recovery->data;
	char careless[2 * RECOVERY_CODE_MAX] = "";
	struct secret *secret;
	struct vault *vault;
	struct err err = { 0 };
	size_t at = 0;

	assert_int_equal(strlen(code), 8 * 5 + 7);
	for (size_t i = 0; code[i]; i++) {
		char c = code[i];

		if (c == '-')
			c = ' ';
		if (c == '0')
			c = 'o';
		if (c == '1')
			c = i % 2 ? 'l' : 'I';
		if (c >= 'A' && c <= 'Z' && i % 3 == 0)
			c = (char)(c - 'A' + 'a');
		careless[at++] = c;
		if (i % 4 == 0)
			careless[at++] = ' ';
	}
	assert_true(vault_recovery_matches(place->recovery, careless));
	assert_true(vault_recovery_matches(place->recovery, code));
	secret = typed(careless);
	vault = vault_open_recovery(place->path, secret, NULL, &err);
	assert_no_err(&err);
	assert_non_null(vault);
	vault_close(vault);
	secret_free(secret);
}

static void
a_mistyped_code_is_told_from_a_wrong_one(void **state)
{
	struct place *place = *state;
	struct secret *other = recovery_code_new(), *bad;
	struct err err = { 0 };
	char text[RECOVERY_CODE_MAX];

	assert_null(vault_open_recovery(place->path, other, NULL, &err));
	assert_int_equal(err.code, ERR_AUTH);
	assert_non_null(strstr(err.msg, "not the recovery code of"));
	assert_false(
	    vault_recovery_matches(place->recovery, (const char *)other->data));
	for (size_t i = 0; i < place->recovery->len - 1; i++) {
		memset(&err, 0, sizeof(err));
		snprintf(text, sizeof(text), "%s",
		    (const char *)place->recovery->data);
		if (text[i] == '-')
			continue;
		text[i] = text[i] == '7' ? '8' : '7';
		bad = typed(text);
		assert_null(vault_open_recovery(place->path, bad, NULL, &err));
		assert_int_equal(err.code, ERR_AUTH);
		assert_non_null(strstr(err.msg, "mistyped"));
		assert_false(vault_recovery_matches(place->recovery, text));
		secret_free(bad);
	}
	secret_free(other);
	assert_untouched(place);
}

static void
what_cannot_be_a_code_is_said(void **state)
{
	static const struct {
		const char *text, *msg;
	} cases[] = {
		{ "", "too short: 0 of its 40" },
		{ "01234-56789", "too short: 10 of its 40" },
		{ "0123U", "character 5" },
		{ "0123é", "character 5" },
		{ "00000000000000000000000000000000000000000", "too long" },
	};
	struct place *place = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct secret *code = typed(cases[i].text);
		struct err err = { 0 };

		assert_null(vault_open_recovery(place->path, code, NULL, &err));
		assert_int_equal(err.code, ERR_AUTH);
		if (!strstr(err.msg, cases[i].msg))
			fail_msg("%s: %s", cases[i].text, err.msg);
		secret_free(code);
	}
}

static void
what_is_no_vault_is_said_and_left_alone(void **state)
{
	static const char text[] = "PK\003\004 not a vault at all";
	struct place *place = *state;
	char *path = file_join(place->folder, "other");
	char *big = xcalloc(20000, 1);
	struct err err = { 0 };
	size_t len;
	uint8_t *after;

	assert_null(open_by(place->folder, words, &err));
	assert_null(open_by("/nonexistent/v.ronde", words, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	write_all(path, "", 0);
	assert_null(open_by(path, words, &err));
	assert_int_equal(err.code, ERR_FORMAT);
	write_all(path, text, sizeof(text));
	assert_null(open_by(path, words, &err));
	assert_int_equal(err.code, ERR_FORMAT);
	assert_non_null(strstr(err.msg, "not a vault"));
	write_all(path, big, 20000);
	assert_null(open_by(path, words, &err));
	assert_int_equal(err.code, ERR_FORMAT);
	after = read_all(path, &len);
	assert_int_equal(len, 20000);
	assert_memory_equal(after, big, len);
	free(after);
	free(big);
	free(path);
}

static void
a_vault_cut_short_names_the_byte(void **state)
{
	static const size_t lens[] = { 1, 16, 100, 4095, 4096, 8191, 8192,
		12287, 12288, 16384, 20000 };
	struct place *place = *state;
	uint8_t *whole = place->bytes;
	const size_t whole_len = place->len;

	for (size_t i = 0; i < ARRAY_LEN(lens) && lens[i] < whole_len; i++) {
		struct err err = { 0 };
		char at[32];

		place->len = lens[i];
		write_all(place->path, whole, lens[i]);
		assert_null(open_by(place->path, words, &err));
		assert_int_equal(err.code, ERR_FORMAT);
		snprintf(at, sizeof(at), "byte %zu",
		    lens[i] < 12288 ? lens[i] : lens[i] / 4096 * 4096);
		if (lens[i] >= 16 && !strstr(err.msg, at))
			fail_msg("%zu: %s", lens[i], err.msg);
		assert_untouched(place);
	}
	place->len = whole_len;
}

/* The cost stands in the file: whoever writes there must not set it free. */
static void
an_absurd_cost_is_refused_before_it_is_paid(void **state)
{
	static const struct {
		uint32_t passes;
		uint64_t memory;
	} cases[] = { { 0xffffffff, 8192 }, { 1, (uint64_t)1 << 40 },
		{ 17, 8192 }, { 1, 0 }, { 0, 8192 }, { 9, (uint64_t)1 << 30 } };
	struct place *place = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };

		for (int copy = 0; copy < 2; copy++) {
			uint8_t *bytes = place->bytes + copy * VAULT_COPY_BYTES;
			struct hash hash;

			store_le32(bytes + 128 + 4, cases[i].passes);
			store_le64(bytes + 128 + 8, cases[i].memory);
			hash = hash_of(bytes, VAULT_COPY_BYTES - 32);
			memcpy(bytes + VAULT_COPY_BYTES - 32, hash.bytes, 32);
		}
		write_all(place->path, place->bytes, place->len);
		assert_null(open_by(place->path, words, &err));
		if (err.code != ERR_LIMIT)
			fail_msg("case %zu: %s", i, err.msg);
		assert_untouched(place);
	}
}

/* A slot moved, or its cost changed within bounds, opens no more. */
static void
a_slot_is_bound_to_its_number_and_cost(void **state)
{
	struct place *place = *state;
	struct vault_copies *copies = xcalloc(1, sizeof(*copies));
	struct secret *pass = secret_text(words), *key;
	struct vault_header *header = &copies->headers[0];
	const struct vault_way way = { .kind = SLOT_PASSPHRASE, .words = pass };
	struct err err = { 0 };

	vault_header_read(copies, place->bytes, VAULT_HEADER_BYTES, "v", &err);
	assert_no_err(&err);
	key = vault_slot_open(header, &way, &err);
	assert_non_null(key);
	secret_free(key);
	header->slots[5] = header->slots[0];
	header->slots[0].kind = SLOT_EMPTY;
	assert_null(vault_slot_open(header, &way, &err));
	header->slots[0] = header->slots[5];
	header->slots[5].kind = SLOT_EMPTY;
	header->slots[0].cost.passes++;
	assert_null(vault_slot_open(header, &way, &err));
	header->slots[0].cost.passes--;
	header->id[3] ^= 1;
	assert_null(vault_slot_open(header, &way, &err));
	header->id[3] ^= 1;
	key = vault_slot_open(header, &way, &err);
	assert_non_null(key);
	secret_free(key);
	secret_free(pass);
	free(copies);
}

static void
a_second_opening_is_told_who_has_it(void **state)
{
	struct place *place = *state;
	struct err err = { 0 };
	struct vault *vault = open_by(place->path, words, &err);
	char who[64];
	int status;
	pid_t child;

	assert_non_null(vault);
	snprintf(who, sizeof(who), "process %ld)", (long)getpid());
	child = fork();
	if (child == 0) {
		struct vault *second = open_by(place->path, words, &err);

		_exit(second || err.code != ERR_BUSY || !strstr(err.msg, who));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	/* Nor twice in one process; and the first goes on. */
	assert_null(open_by(place->path, words, &err));
	assert_int_equal(err.code, ERR_BUSY);
	put(vault, "still here");
	assert_int_equal(count(vault, "still here"), 1);
	vault_close(vault);
	memset(&err, 0, sizeof(err));
	vault = open_by(place->path, words, &err);
	assert_no_err(&err);
	assert_int_equal(count(vault, "still here"), 1);
	vault_close(vault);
}

static void
the_rights_are_the_owners_alone(void **state)
{
	struct place *place = *state;
	struct err err = { 0 };
	struct vault *vault = open_by(place->path, words, &err);
	char *wal = xasprintf("%s-wal", place->path);
	struct stat info;

	put(vault, "x");
	assert_int_equal(stat(place->path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	assert_int_equal(stat(wal, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	vault_close(vault);
	assert_int_not_equal(stat(wal, &info), 0);
	free(wal);
}

/* As another user would: for root everything can be written. */
static void
a_folder_that_takes_no_file_is_named(void **state)
{
	struct place *place = *state;
	int status;
	pid_t child = fork();

	if (child == 0) {
		struct err err = { 0 };

		if (chmod(place->folder, 0500) != 0)
			_exit(2);
		if (getuid() == 0 &&
		    (chown(place->folder, 65534, 65534) != 0 ||
			chown(place->path, 65534, 65534) != 0 ||
			setgid(65534) != 0 || setuid(65534) != 0))
			_exit(3);
		if (open_by(place->path, words, &err))
			_exit(4);
		if (err.code != ERR_DENIED ||
		    !strstr(err.msg, "cannot write beside"))
			_exit(5);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(chmod(place->folder, 0700), 0);
	assert_int_equal(status, 0);
	assert_untouched(place);
}

static void
add_event(struct vault *vault)
{
	struct err err = { 0 };
	json_t *body = json_pack("{s:s}", "name", "Port");

	log_append(vault, "S-0123456789ABCDEF", "site", body, NULL, &err);
	assert_no_err(&err);
	json_decref(body);
}

/* The header of today over the pages of yesterday. */
static void
pages_older_than_the_header_are_noticed(void **state)
{
	struct place *place = *state;
	struct err err = { 0 };
	struct vault *vault = open_by(place->path, words, &err);
	uint8_t *now;
	size_t len;

	identity_create(vault, "A. Diallo", "DGPC", ROLE_INSPECTOR, NULL, &err);
	assert_no_err(&err);
	add_event(vault);
	assert_int_equal(vault_head(vault).count, 1);
	vault_close(vault);
	free(place->bytes);
	place->bytes = read_all(place->path, &place->len);
	vault = open_by(place->path, words, &err);
	add_event(vault);
	add_event(vault);
	vault_close(vault);
	now = read_all(place->path, &len);
	memcpy(place->bytes, now, VAULT_HEADER_BYTES);
	write_all(place->path, place->bytes, place->len);
	assert_null(open_by(place->path, words, &err));
	assert_int_equal(err.code, ERR_FORMAT);
	assert_non_null(strstr(err.msg, "knows 3 events, its log holds 1"));
	write_all(place->path, now, len);
	memset(&err, 0, sizeof(err));
	vault = open_by(place->path, words, &err);
	assert_no_err(&err);
	assert_int_equal(vault_head(vault).count, 3);
	vault_close(vault);
	free(now);
}

#define PLACE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_put_in_is_there_after_opening_again),
		PLACE(only_the_right_passphrase_opens),
		PLACE(a_passphrase_cannot_be_empty),
		PLACE(a_vault_is_never_made_over_another_file),
		PLACE(a_vault_that_cannot_be_made_leaves_nothing),
		PLACE(a_recovery_code_may_be_typed_carelessly),
		PLACE(a_mistyped_code_is_told_from_a_wrong_one),
		PLACE(what_cannot_be_a_code_is_said),
		PLACE(what_is_no_vault_is_said_and_left_alone),
		PLACE(a_vault_cut_short_names_the_byte),
		PLACE(an_absurd_cost_is_refused_before_it_is_paid),
		PLACE(a_slot_is_bound_to_its_number_and_cost),
		PLACE(a_second_opening_is_told_who_has_it),
		PLACE(the_rights_are_the_owners_alone),
		PLACE(a_folder_that_takes_no_file_is_named),
		PLACE(pages_older_than_the_header_are_noticed),
	};
	struct err err = { 0 };

	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	if (crypto_init(&err) != 0)
		return 1;
	return RUN_TESTS(tests);
}

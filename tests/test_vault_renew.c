/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/keys_support.h"

#include "tests/support.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "storage/vault_keys.h"
#include "storage/vault_renew.h"

/*
 * A new data key: all of the vault is there after it, nothing of it changes
 * before it, and an interrupted one goes on.
 */
enum { ROWS = 900 }; /* some 4 MiB: several runs of pages */

struct place {
	char *folder, *path, *copy;
	struct secret *code, *words, *identity;
	char id[33];
	struct vault_head head;
	uint8_t *bytes; /* of the vault as it was */
	size_t len;
};

static int
set_up(void **state)
{
	struct place *place = xcalloc(1, sizeof(*place));
	struct age_recipient recipient;
	struct err err = { 0 };
	struct vault *vault;

	place->folder = test_folder();
	place->path = file_join(place->folder, "v.ronde");
	place->copy = file_join(place->folder, "v.ronde.renew");
	place->code = keys_make(place->path);
	place->words = keys_secret("old");
	place->identity = age_new_identity(&recipient);
	vault = keys_open(place->path, "old", &err);
	assert_no_err(&err);
	keys_add_rows(vault, ROWS - 3);
	assert_int_equal(vault_add_programme(vault, &recipient, &err), 0);
	snprintf(place->id, sizeof(place->id), "%s", vault_id(vault));
	place->head = vault_head(vault);
	vault_close(vault);
	place->bytes = keys_read(place->path, &place->len);
	*state = place;
	return 0;
}

static int
tear_down(void **state)
{
	struct place *place = *state;

	secret_free(place->code);
	secret_free(place->words);
	secret_free(place->identity);
	free(place->bytes);
	free(place->path);
	free(place->copy);
	free(place->folder);
	free(place);
	return 0;
}

/* What a renewal does when it is so far. */
struct stop {
	int at, steps;
	bool dies;
};

static int
step(void *arg, uint64_t done, uint64_t total)
{
	struct stop *stop = arg;

	assert_true(done < total);
	if (stop->steps++ != stop->at)
		return 0;
	if (stop->dies)
		kill(getpid(), SIGKILL);
	return 1;
}

static struct vault_renewal *
begin(struct place *place, struct err *err)
{
	return vault_renew_begin(place->path, place->words, &keys_options, err);
}

/* Runs to the end; the code that holds is in place->code. */
static enum vault_renewal_start
renew(struct place *place)
{
	struct err err = { 0 };
	struct vault_renewal *renewal = begin(place, &err);
	enum vault_renewal_start start;

	assert_no_err(&err);
	start = vault_renewal_start(renewal);
	if (start == RENEWAL_RESUMED) {
		assert_null(vault_renewal_recovery(renewal));
	} else {
		const struct secret *code = vault_renewal_recovery(renewal);

		secret_free(place->code);
		place->code = secret_take(code->data, code->len, false);
	}
	vault_renew_run(renewal, NULL, &err);
	assert_no_err(&err);
	vault_renewal_free(renewal);
	return start;
}

/* Stops or dies at step `at`; false when it came to its end before. */
static bool
renew_until(struct place *place, int at, bool dies)
{
	struct stop stop = { at, 0, dies };
	const struct progress progress = { step, &stop };
	struct err err = { 0 };
	struct vault_renewal *renewal = begin(place, &err);
	const struct secret *code;

	assert_no_err(&err);
	code = vault_renewal_recovery(renewal);
	if (code && !dies) {
		secret_free(place->code);
		place->code = secret_take(code->data, code->len, false);
	}
	if (vault_renew_run(renewal, &progress, &err) != 0) {
		assert_int_equal(err.code, ERR_CANCELLED);
		assert_int_equal(stop.steps, at + 1);
	}
	vault_renewal_free(renewal);
	return err.code != ERR_NONE;
}

static void
assert_untouched(struct place *place)
{
	size_t len;
	uint8_t *bytes = keys_read(place->path, &len);

	assert_int_equal(len, place->len);
	assert_memory_equal(bytes, place->bytes, len);
	free(bytes);
}

static void
assert_renewed(struct place *place, int rows)
{
	const struct secret *const keys[] = { place->identity };
	struct err err = { 0 };
	struct vault *vault = keys_open(place->path, "old", &err);
	struct vault_head head;

	assert_no_err(&err);
	assert_int_equal(keys_rows(vault), rows);
	assert_string_equal(vault_id(vault), place->id);
	head = vault_head(vault);
	assert_memory_equal(&head, &place->head, sizeof(head));
	keys_add_rows(vault, 1);
	vault_close(vault);
	assert_true(keys_code_opens(place->path, place->code));
	vault = vault_open_programme(place->path, keys, 1, &keys_options, &err);
	assert_no_err(&err);
	assert_int_equal(keys_rows(vault), rows + 1);
	vault_close(vault);
	assert_false(file_exists(place->copy));
}

static void
all_is_there_and_the_old_words_open_nothing(void **state)
{
	struct place *place = *state;
	struct secret *old_code =
	    secret_take(place->code->data, place->code->len, false);
	struct stat before, after;
	struct vault *vault;
	struct err err = { 0 };

	chmod(place->path, 0640);
	stat(place->path, &before);
	assert_int_equal(renew(place), RENEWAL_FRESH);
	stat(place->path, &after);
	assert_int_equal(before.st_mode, after.st_mode);
	assert_int_not_equal(before.st_ino, after.st_ino);
	assert_false(keys_code_opens(place->path, old_code));
	assert_renewed(place, ROWS);
	/* With the old header put back there is no page that opens. */
	keys_patch(place->path, 0, place->bytes, VAULT_HEADER_BYTES);
	vault = keys_open(place->path, "old", &err);
	assert_null(vault);
	assert_int_equal(err.code, ERR_FORMAT);
	secret_free(old_code);
}

/* No page is as it was, wherever it stands. */
static void
every_page_is_sealed_anew(void **state)
{
	struct place *place = *state;
	size_t len;
	uint8_t *bytes;

	renew(place);
	bytes = keys_read(place->path, &len);
	assert_int_equal(len, place->len);
	for (size_t at = VAULT_HEADER_BYTES; at < len; at += VAULT_PAGE_BYTES)
		assert_memory_not_equal(
		    bytes + at, place->bytes + at, VAULT_PAGE_BYTES);
	for (size_t slot = 0; slot < 3; slot++)
		assert_null(memmem(bytes, VAULT_HEADER_BYTES,
		    place->bytes + 128 + slot * 384 + 56, 48));
	free(bytes);
}

static void
a_stopped_renewal_leaves_the_vault_and_goes_on(void **state)
{
	struct place *place = *state;
	int at = 0;

	while (renew_until(place, at, false)) {
		assert_untouched(place);
		at++;
	}
	assert_true(at >= 6); /* all runs, copied and compared */
	assert_renewed(place, ROWS);
}

/* Killed at each step from the start, then the next one goes on from there. */
static void
a_killed_renewal_leaves_the_vault_and_goes_on(void **state)
{
	struct place *place = *state;
	int status = 0;

	for (int at = 0; at < 100; at++) {
		const pid_t child = fork();
		struct vault *vault;
		struct err err = { 0 };

		if (child == 0) {
			renew_until(place, at, true);
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		if (!WIFSIGNALED(status))
			break;
		assert_untouched(place);
		assert_true(file_exists(place->copy));
		/* The copy is no vault yet. */
		vault = keys_open(place->copy, "old", &err);
		if (at < 3)
			assert_null(vault);
		vault_close(vault);
	}
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	secret_free(place->code);
	place->code = keys_secret("");
	{
		struct err err = { 0 };
		struct vault *vault = keys_open(place->path, "old", &err);

		assert_no_err(&err);
		assert_int_equal(keys_rows(vault), ROWS);
		vault_close(vault);
	}
}

static void
what_was_copied_is_not_copied_again(void **state)
{
	struct place *place = *state;
	size_t len, after_len;
	uint8_t *copied, *after;

	assert_true(renew_until(place, 2, false));
	copied = keys_read(place->copy, &len);
	assert_int_equal(len, VAULT_HEADER_BYTES + 2 * 256 * VAULT_PAGE_BYTES);
	assert_int_equal(renew(place), RENEWAL_RESUMED);
	after = keys_read(place->path, &after_len);
	assert_memory_equal(after + VAULT_HEADER_BYTES,
	    copied + VAULT_HEADER_BYTES, len - VAULT_HEADER_BYTES);
	assert_renewed(place, ROWS);
	free(copied);
	free(after);
}

/* What a power cut makes of a copy that was not synced. */
static void
a_copy_torn_by_a_power_cut_is_mended(void **state)
{
	static const uint8_t zeroes[5000];
	struct place *place = *state;
	static const size_t torn[] = { 8192, 8192 + 4096 * 3 + 512,
		8192 + 4096 * 256 + 100 };

	assert_true(renew_until(place, 3, false));
	for (size_t i = 0; i < ARRAY_LEN(torn); i++)
		keys_patch(place->copy, torn[i], zeroes, sizeof(zeroes));
	assert_int_equal(truncate(place->copy, 8192 + 4096 * 600 + 77), 0);
	assert_int_equal(renew(place), RENEWAL_RESUMED);
	assert_renewed(place, ROWS);
}

/* All is written, but it never got its name. */
static void
a_copy_that_only_lacks_its_place_is_taken(void **state)
{
	struct place *place = *state;
	size_t len, after_len;
	uint8_t *copy, *after;

	renew(place);
	copy = keys_read(place->path, &len);
	keys_write(place->copy, copy, len);
	keys_write(place->path, place->bytes, place->len);
	assert_int_equal(renew(place), RENEWAL_RESUMED);
	after = keys_read(place->path, &after_len);
	assert_int_equal(len, after_len);
	assert_memory_equal(copy, after, len);
	assert_renewed(place, ROWS);
	/* Another vault at its place is not. */
	keys_write(place->copy, copy, len);
	assert_int_equal(renew(place), RENEWAL_RESTARTED);
	assert_renewed(place, ROWS + 1);
	free(copy);
	free(after);
}

static void
a_link_to_the_vault_stays_one(void **state)
{
	struct place *place = *state;
	char *link = file_join(place->folder, "link");
	struct err err = { 0 };
	struct vault_renewal *renewal;
	struct stat info;

	assert_int_equal(symlink(place->path, link), 0);
	renewal = vault_renew_begin(link, place->words, &keys_options, &err);
	assert_no_err(&err);
	assert_int_equal(vault_renew_run(renewal, NULL, &err), 0);
	vault_renewal_free(renewal);
	assert_int_equal(lstat(link, &info), 0);
	assert_true(S_ISLNK(info.st_mode));
	assert_false(keys_code_opens(place->path, place->code));
	assert_true(keys_passphrase_opens(link, "old"));
	free(link);
}

/* Any damage to the first two blocks: it begins anew, and ends well. */
static void
a_copy_whose_beginning_is_damaged_begins_anew(void **state)
{
	struct place *place = *state;
	static const size_t at[] = { 20, 4096 + 20, 4096 + 4040 };

	for (size_t i = 0; i < ARRAY_LEN(at); i++) {
		uint8_t byte;
		struct vault_renewal *renewal;
		struct err err = { 0 };
		size_t len;
		uint8_t *bytes;

		assert_true(renew_until(place, 2, false));
		bytes = keys_read(place->copy, &len);
		byte = bytes[at[i]] ^ 1;
		free(bytes);
		keys_patch(place->copy, at[i], &byte, 1);
		renewal = begin(place, &err);
		assert_no_err(&err);
		assert_int_equal(
		    vault_renewal_start(renewal), RENEWAL_RESTARTED);
		vault_renewal_free(renewal);
	}
	assert_int_equal(renew(place), RENEWAL_RESTARTED);
	assert_renewed(place, ROWS);
}

static void
a_vault_that_was_used_in_between_begins_anew(void **state)
{
	struct place *place = *state;
	struct err err = { 0 };
	struct vault *vault;

	assert_true(renew_until(place, 2, false));
	vault = keys_open(place->path, "old", &err);
	keys_add_rows(vault, 5);
	vault_close(vault);
	assert_int_equal(renew(place), RENEWAL_RESTARTED);
	assert_renewed(place, ROWS + 5);
}

/* No renewal goes on with it, and it holds what may be purged next. */
static void
opening_empties_the_copy_of_an_interrupted_one(void **state)
{
	struct place *place = *state;
	struct err err = { 0 };
	struct stat info;

	assert_true(renew_until(place, 2, false));
	assert_int_equal(stat(place->copy, &info), 0);
	assert_true(info.st_size > VAULT_HEADER_BYTES);
	vault_close(keys_open(place->path, "old", &err));
	assert_no_err(&err);
	assert_int_equal(stat(place->copy, &info), 0);
	assert_int_equal(info.st_size, 0);
	assert_int_equal(renew(place), RENEWAL_RESTARTED);
	assert_renewed(place, ROWS);
}

static void
another_vault_that_has_its_name_is_kept(void **state)
{
	struct place *place = *state;
	struct secret *code = keys_make(place->copy);
	struct err err = { 0 };
	struct vault *vault;

	vault_close(keys_open(place->path, "old", &err));
	assert_no_err(&err);
	assert_null(begin(place, &err));
	assert_int_equal(err.code, ERR_EXISTS);
	err = (struct err){ 0 };
	vault = keys_open(place->copy, "old", &err);
	assert_no_err(&err);
	vault_close(vault);
	secret_free(code);
}

/* So does one whose keys were changed: the copy has the older ones. */
static void
other_keys_in_between_begin_anew(void **state)
{
	struct place *place = *state;
	struct secret *words = keys_secret("new");
	struct err err = { 0 };
	struct vault *vault;

	assert_true(renew_until(place, 2, false));
	vault = keys_open(place->path, "old", &err);
	assert_int_equal(
	    vault_set_passphrase(vault, words, &kdf_cost_least, &err), 0);
	vault_close(vault);
	secret_free(place->words);
	place->words = words;
	assert_int_equal(renew(place), RENEWAL_RESTARTED);
	assert_true(keys_passphrase_opens(place->path, "new"));
	assert_false(keys_passphrase_opens(place->path, "old"));
}

/* The log that a killed process left is in the renewed vault. */
static void
the_log_is_taken_in_before(void **state)
{
	struct place *place = *state;
	const pid_t child = fork();
	int status;

	if (child == 0) {
		struct err err = { 0 };
		struct vault *vault = keys_open(place->path, "old", &err);

		keys_add_rows(vault, 7);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(renew(place), RENEWAL_FRESH);
	assert_renewed(place, ROWS + 7);
}

static void
a_damaged_page_is_named_and_nothing_changes(void **state)
{
	struct place *place = *state;
	struct err err = { 0 };
	struct vault_renewal *renewal;

	place->bytes[8192 + 4096 * 300 + 9] ^= 4;
	keys_write(place->path, place->bytes, place->len);
	renewal = begin(place, &err);
	assert_no_err(&err);
	assert_int_equal(vault_renew_run(renewal, NULL, &err), -1);
	assert_int_equal(err.code, ERR_FORMAT);
	assert_non_null(strstr(err.msg, "page 301 "));
	assert_non_null(strstr(err.msg, "byte 1236992"));
	vault_renewal_free(renewal);
	assert_untouched(place);
}

static void
what_cannot_be_renewed_is_told(void **state)
{
	struct place *place = *state;
	struct secret *wrong = keys_secret("wrong");
	struct err err = { 0 };
	struct vault *vault;

	assert_null(vault_renew_begin(place->path, wrong, &keys_options, &err));
	assert_int_equal(err.code, ERR_AUTH);
	vault = keys_open(place->path, "old", &err);
	assert_null(begin(place, &err));
	assert_int_equal(err.code, ERR_BUSY);
	vault_close(vault);
	free(place->bytes); /* opening wrote the header */
	place->bytes = keys_read(place->path, &place->len);
	keys_write(place->copy, "minutes of a meeting", 20);
	assert_null(begin(place, &err));
	assert_int_equal(err.code, ERR_EXISTS);
	assert_untouched(place);
	secret_free(wrong);
}

/* A limit on the size of files is a disk that is full. */
static void
a_full_disk_leaves_the_vault_and_the_rest_follows(void **state)
{
	struct place *place = *state;
	const struct rlimit limit = { 2 << 20, RLIM_INFINITY };
	struct rlimit before;
	struct err err = { 0 };
	struct vault_renewal *renewal = begin(place, &err);
	const struct secret *code = vault_renewal_recovery(renewal);

	secret_free(place->code);
	place->code = secret_take(code->data, code->len, false);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	setrlimit(RLIMIT_FSIZE, &limit);
	assert_int_equal(vault_renew_run(renewal, NULL, &err), -1);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_non_null(strstr(err.msg, place->copy));
	vault_renewal_free(renewal);
	assert_untouched(place);
	assert_int_equal(renew(place), RENEWAL_RESUMED);
	assert_renewed(place, ROWS);
}

/* Said before anybody has a new code; the vault has a hole of 8 TiB. */
static void
a_disk_without_room_is_told_before(void **state)
{
	struct place *place = *state;
	struct err err = { 0 };

	if (truncate(place->path, (off_t)8 << 40) != 0)
		return;
	assert_null(begin(place, &err));
	assert_int_equal(err.code, ERR_FULL);
	assert_false(file_exists(place->copy));
}

/* The file grew, and nothing that was written to it reached the disk. */
static void
a_copy_of_zeroes_begins_anew(void **state)
{
	static const size_t lengths[] = { 0, 100, 8192, 8192 + 4096 * 3 };
	struct place *place = *state;
	uint8_t *zeroes = xcalloc(1, lengths[3]);

	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		struct err err = { 0 };
		struct vault_renewal *renewal;

		keys_write(place->copy, zeroes, lengths[i]);
		renewal = begin(place, &err);
		assert_no_err(&err);
		assert_int_equal(
		    vault_renewal_start(renewal), RENEWAL_RESTARTED);
		vault_renewal_free(renewal);
	}
	assert_int_equal(renew(place), RENEWAL_RESTARTED);
	assert_renewed(place, ROWS);
	free(zeroes);
}

#define IN_PLACE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(all_is_there_and_the_old_words_open_nothing),
		IN_PLACE(every_page_is_sealed_anew),
		IN_PLACE(a_stopped_renewal_leaves_the_vault_and_goes_on),
		IN_PLACE(a_killed_renewal_leaves_the_vault_and_goes_on),
		IN_PLACE(what_was_copied_is_not_copied_again),
		IN_PLACE(a_copy_torn_by_a_power_cut_is_mended),
		IN_PLACE(a_copy_that_only_lacks_its_place_is_taken),
		IN_PLACE(a_link_to_the_vault_stays_one),
		IN_PLACE(a_copy_whose_beginning_is_damaged_begins_anew),
		IN_PLACE(a_vault_that_was_used_in_between_begins_anew),
		IN_PLACE(opening_empties_the_copy_of_an_interrupted_one),
		IN_PLACE(another_vault_that_has_its_name_is_kept),
		IN_PLACE(other_keys_in_between_begin_anew),
		IN_PLACE(the_log_is_taken_in_before),
		IN_PLACE(a_damaged_page_is_named_and_nothing_changes),
		IN_PLACE(what_cannot_be_renewed_is_told),
		IN_PLACE(a_full_disk_leaves_the_vault_and_the_rest_follows),
		IN_PLACE(a_disk_without_room_is_told_before),
		IN_PLACE(a_copy_of_zeroes_begins_anew),
	};
	struct err err = { 0 };

	if (crypto_init(&err) != 0)
		return 1;
	return RUN_TESTS(tests);
}

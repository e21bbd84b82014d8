/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "storage/blob.h"
#include "storage/db.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/statement.h"
#include "tests/storage_support.h"

/* The log and its neighbours in a real vault, closed and opened again. */

static const struct projector *const projectors[] = { &counting_projector,
	NULL };
static const struct vault_options options = { .projectors = projectors };

static struct secret *
passphrase(void)
{
	static const char words[] = "correct horse battery staple";
	struct secret *secret = secret_new(sizeof(words) - 1);

	memcpy(secret->data, words, secret->len);
	return secret;
}

static struct vault *
create(const char *path)
{
	struct secret *words = passphrase(), *recovery = NULL;
	struct err err = { 0 };
	struct vault *vault;

	vault = vault_create(path, words, &options, &recovery, &err);
	assert_no_err(&err);
	identity_create(
	    vault, "Awa Diop", "Ministère", ROLE_INSPECTOR, NULL, &err);
	assert_no_err(&err);
	secret_free(words);
	secret_free(recovery);
	return vault;
}

static struct vault *
reopen(struct vault *vault, const char *path)
{
	struct secret *words = passphrase();
	struct err err = { 0 };

	vault_close(vault);
	vault = vault_open(path, words, &options, &err);
	assert_no_err(&err);
	secret_free(words);
	return vault;
}

static struct hash
append(struct vault *vault, const char *text)
{
	json_t *body = json_object();
	struct err err = { 0 };
	struct hash hash;

	json_put_text(body, "text", text);
	log_append(vault, SITE_1, "answer", body, &hash, &err);
	assert_no_err(&err);
	json_decref(body);
	return hash;
}

static int
add_text(void *arg, const struct event *event, struct err *err)
{
	(void)err;
	buf_addf(arg, "%lld %s ", (long long)event->seq,
	    json_opt_text(event->body, "text"));
	return 0;
}

static void
assert_texts(struct vault *vault, const char *expected)
{
	struct buf texts = BUF_INIT;
	struct err err = { 0 };

	log_read(vault, SITE_1, LOG_EFFECTIVE, add_text, &texts, &err);
	assert_no_err(&err);
	assert_string_equal(texts.data, expected);
	buf_release(&texts);
}

static void
what_was_added_is_there_after_opening_again(void **state)
{
	char *folder = test_folder(), *path = file_join(folder, "a.vault");
	struct vault *vault = create(path);
	json_t *body = json_object();
	struct hash before, after, card, form;
	struct statement statement;
	struct vault_head head;
	struct buf sheets = BUF_INIT;
	char device[ID_MAX];
	struct err err = { 0 };

	(void)state;
	memcpy(device, identity_get(vault)->device, sizeof(device));
	append(vault, "un");
	append(vault, "缅北禁地");
	statement_make(vault, STATEMENT_CARD, body, &card, &err);
	form_store_add(vault, "survey,type", 11, &form, &err);
	projection_digest(vault, &before, &err);
	assert_no_err(&err);
	head = vault_head(vault);

	vault = reopen(vault, path);
	assert_string_equal(identity_get(vault)->device, device);
	assert_texts(vault, "1 un 2 缅北禁地 ");
	assert_int_equal(statement_find(vault, &card, &statement, &err), 1);
	assert_true(statement_is_signed_by(
	    &statement, identity_get(vault)->sign_public));
	statement_release(&statement);
	form_store_read(vault, &form, &sheets, &err);
	assert_string_equal(sheets.data, "survey,type");
	projection_digest(vault, &after, &err);
	assert_true(hash_equal(&before, &after));
	assert_int_equal(projection_run_all(vault, &err), 0);
	projection_digest(vault, &after, &err);
	assert_true(hash_equal(&before, &after));
	after = vault_head(vault).hash;
	assert_true(hash_equal(&head.hash, &after));
	append(vault, "trois");
	assert_texts(vault, "1 un 2 缅北禁地 3 trois ");
	assert_int_equal(vault_head(vault).count, 3);
	assert_no_err(&err);
	vault_close(vault);
	buf_release(&sheets);
	json_decref(body);
	free(path);
	free(folder);
}

static void
what_was_taken_back_is_not(void **state)
{
	char *folder = test_folder(), *path = file_join(folder, "a.vault");
	struct vault *vault = create(path);
	struct err err = { 0 };

	(void)state;
	append(vault, "kept");
	assert_int_equal(db_begin(vault_db(vault), &err), 0);
	append(vault, "taken back");
	db_rollback(vault_db(vault));
	assert_int_equal(db_begin(vault_db(vault), &err), 0);
	append(vault, "never committed");
	vault = reopen(vault, path);
	assert_texts(vault, "1 kept ");
	assert_int_equal(vault_head(vault).count, 1);
	append(vault, "next");
	assert_texts(vault, "1 kept 2 next ");
	vault_close(vault);
	free(path);
	free(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_added_is_there_after_opening_again),
		TEST(what_was_taken_back_is_not),
	};

	struct err err = { 0 };

	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	if (crypto_init(&err) < 0)
		return 1;
	return RUN_TESTS(tests);
}

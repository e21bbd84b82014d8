/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/parties.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "storage/blob.h"
#include "storage/identity.h"

/* A bundle is opened and verified without ronde, as doc/formats says. */

static const char visit[] = "I-0123456789ABCDEF";

static char *folder;

/* Runs a command in the folder; its output is in "out". */
static int
run(const char *command)
{
	char *whole =
	    xasprintf("cd '%s' && { %s; } >out 2>&1", folder, command);
	const int status = system(whole);

	free(whole);
	return status;
}

static void
must_run(const char *command)
{
	if (run(command) != 0) {
		run("cat out >&2");
		fail_msg("failed: %s", command);
	}
}

static void
write_keys(struct party *reader, struct party *signer)
{
	struct secret *key =
	    age_identity_write(identity_get(reader->vault)->age_identity);
	char *path = file_join(folder, "key.txt");
	char public_key[MINISIGN_TEXT_MAX];
	struct buf text = BUF_INIT;
	struct err err = { 0 };

	file_write(
	    path, key->data, strlen((const char *)key->data), 0600, &err);
	assert_no_err(&err);
	secret_free(key);
	free(path);
	minisign_public_write(&signer->card.minisign_public, public_key);
	buf_addf(&text, "untrusted comment: inspector\n%s\n", public_key);
	path = file_join(folder, "inspector.pub");
	file_write(path, text.data, text.len, 0600, &err);
	assert_no_err(&err);
	buf_release(&text);
	free(path);
}

static int
make_bundle(void **state)
{
	struct party amina, bruno;
	char hex[HASH_HEX_MAX], *photo, *path;
	struct err err = { 0 };
	struct hash blob, form;
	uint64_t size;
	char *bytes = xcalloc(150000, 1);

	(void)state;
	folder = test_folder();
	party_new(&amina, folder, "Amina", ROLE_SUPERVISOR);
	party_new(&bruno, folder, "Bruno", ROLE_INSPECTOR);
	party_know(&amina, &bruno);
	photo = file_join(folder, "photo");
	random_bytes(bytes, 150000);
	file_write(photo, bytes, 150000, 0600, &err);
	blob_add_file(bruno.vault, photo, &blob, &size, &err);
	form_store_add(bruno.vault, "survey,text\n", 12, &form, &err);
	assert_no_err(&err);
	party_note(&bruno, visit, "缅北禁地");
	hash_to_hex(&form, hex);
	party_note_with(&bruno, visit, "form", hex);
	hash_to_hex(&blob, hex);
	party_note_with(&bruno, visit, "blob", hex);
	path = file_join(folder, "NAME.ronde");
	party_export(&bruno, path, &amina, NULL, true);
	write_keys(&amina, &bruno);
	free(bytes);
	free(photo);
	free(path);
	party_close(&amina);
	party_close(&bruno);
	return 0;
}

static int
free_folder(void **state)
{
	(void)state;
	free(folder);
	return 0;
}

static bool
has_programs(void)
{
	return test_has_program("age") && test_has_program("minisign") &&
	    test_has_program("zstd") && test_has_program("b2sum");
}

/* The commands of the design, word for word. */
static const char open_it[] = "age -d -i key.txt NAME.ronde | tar x && "
			      "minisign -V -H -m bundle.tar.zst"
			      " -p inspector.pub && "
			      "tar --zstd -xf bundle.tar.zst";

static void
stock_programs_open_and_verify_it(void **state)
{
	(void)state;
	if (!has_programs())
		skip();
	must_run(open_it);
	must_run("test -s manifest.json && test -s statements.jsonl");
	must_run("grep -q 缅北禁地 events/*/*.jsonl");
	/* Nothing else came out of the outer archive. */
	must_run(
	    "test \"$(age -d -i key.txt NAME.ronde | tar t | tr '\\n' ' ')\""
	    " = 'bundle.tar.zst.minisig bundle.tar.zst '");
	must_run("test \"$(tar --zstd -tf bundle.tar.zst | head -2 | "
		 "tr '\\n' ' ')\" = 'manifest.json statements.jsonl '");
}

static void
the_digests_of_the_manifest_are_those_of_b2sum(void **state)
{
	struct buf text = BUF_INIT;
	struct err err = { 0 };
	char *path = file_join(folder, "manifest.json");
	json_t *json, *file;
	size_t i;

	(void)state;
	if (!has_programs())
		skip();
	must_run(open_it);
	file_read(path, &text, &err);
	assert_no_err(&err);
	json = json_parse(text.data, text.len, "manifest.json", &err);
	assert_no_err(&err);
	assert_int_equal(json_array_size(json_object_get(json, "files")), 4);
	json_array_foreach(json_object_get(json, "files"), i, file)
	{
		const char *name = json_opt_text(file, "name");
		char *command =
		    xasprintf("test \"$(b2sum -l 256 < %s)\" = '%s  -' && "
			      "test \"$(stat -c %%s %s)\" = %lld",
			name, json_opt_text(file, "blake2b256"), name,
			(long long)json_opt_int(file, "size", -1));

		must_run(command);
		free(command);
	}
	json_decref(json);
	buf_release(&text);
	free(path);
}

static void
stock_minisign_notices_a_changed_byte(void **state)
{
	(void)state;
	if (!has_programs())
		skip();
	must_run(open_it);
	must_run("printf x >> bundle.tar.zst");
	assert_int_not_equal(
	    run("minisign -V -H -m bundle.tar.zst -p inspector.pub"), 0);
}

static void
nothing_of_it_is_legible_outside(void **state)
{
	(void)state;
	assert_int_not_equal(
	    run("grep -qaE '缅北禁地|Bruno|Amina|bundle.tar|survey' "
		"NAME.ronde"),
	    0);
}

#define CASE(name) \
	cmocka_unit_test_setup_teardown(name, make_bundle, free_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(stock_programs_open_and_verify_it),
		CASE(the_digests_of_the_manifest_are_those_of_b2sum),
		CASE(stock_minisign_notices_a_changed_byte),
		CASE(nothing_of_it_is_legible_outside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/parties.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "bundles/heads.h"
#include "bundles/lacking.h"
#include "storage/blob.h"
#include "storage/log.h"

static const char site[] = "S-0123456789ABCDEF";
static const char visit[] = "I-0123456789ABCDEF";

static char *folder;

static int
make_folder(void **state)
{
	(void)state;
	folder = test_folder();
	return 0;
}

static int
free_folder(void **state)
{
	(void)state;
	free(folder);
	return 0;
}

static const char *
bundle_path(const char *name)
{
	static char paths[16][256];
	static size_t turn;
	char *path = paths[turn++ % 16];

	snprintf(path, 256, "%s/%s.ronde", folder, name);
	return path;
}

static void
what_is_sent_arrives(void **state)
{
	struct party amina, bruno;
	const char *path = bundle_path("one");

	(void)state;
	party_new(&amina, folder, "Amina", ROLE_SUPERVISOR);
	party_new(&bruno, folder, "Bruno", ROLE_INSPECTOR);
	party_know(&amina, &bruno);
	party_note(&amina, site, "缅北禁地");
	party_note(&amina, site, "two");
	party_export(&amina, path, &bruno, NULL, false);
	/* It does not concern Bruno, so nothing of it went. */
	party_import(&bruno, path);
	assert_int_equal(vault_head(bruno.vault).count, 0);
	party_note_with(&amina, visit, "for", bruno.card.person);
	party_note_with(&amina, visit, "site", site);
	path = bundle_path("two");
	party_export(&amina, path, &bruno, NULL, false);
	party_import(&bruno, path);
	assert_int_equal(vault_head(bruno.vault).count, 4);
	assert_int_equal(
	    party_chain(&bruno, site, amina.card.device).status, CHAIN_GOOD);
	assert_int_equal(
	    party_chain(&bruno, site, amina.card.device).effective, 2);
	party_close(&amina);
	party_close(&bruno);
}

/* An import, and what its summary said. */
static struct import_summary
take(struct party *party, const char *path, bool dry)
{
	struct import_summary summary;
	struct err err = { 0 };

	bundle_import(party->vault, path, dry, NULL, &summary, &err);
	assert_no_err(&err);
	return summary;
}

static void
importing_twice_changes_nothing(void **state)
{
	struct party amina, bruno;
	const char *path = bundle_path("twice");
	struct import_summary summary;
	struct hash before, after;
	size_t count;

	(void)state;
	party_new(&amina, folder, "Amina", ROLE_SUPERVISOR);
	party_new(&bruno, folder, "Bruno", ROLE_INSPECTOR);
	party_know(&amina, &bruno);
	party_note(&bruno, visit, "one");
	party_export(&bruno, path, &amina, NULL, false);
	summary = take(&amina, path, false);
	assert_int_equal(summary.new_events, 1);
	assert_false(summary.nothing_new);
	assert_string_equal(summary.sender_name, "Bruno");
	import_summary_release(&summary);
	before = party_digest(&amina);
	count = party_statements(&amina);
	summary = take(&amina, path, false);
	assert_int_equal(summary.new_events, 0);
	assert_int_equal(summary.events, 1);
	assert_true(summary.nothing_new);
	import_summary_release(&summary);
	after = party_digest(&amina);
	assert_true(hash_equal(&before, &after));
	assert_int_equal(party_statements(&amina), count);
	party_close(&amina);
	party_close(&bruno);
}

static void
a_dry_run_says_the_same_and_touches_nothing(void **state)
{
	struct party amina, bruno;
	const char *path = bundle_path("dry");
	struct import_summary dry, wet;
	struct hash before, after;
	size_t count;

	(void)state;
	party_new(&amina, folder, "Amina", ROLE_SUPERVISOR);
	party_new(&bruno, folder, "Bruno", ROLE_INSPECTOR);
	party_know(&amina, &bruno);
	party_note(&bruno, visit, "one");
	party_export(&bruno, path, &amina, NULL, false);
	before = party_digest(&amina);
	count = party_statements(&amina);
	dry = take(&amina, path, true);
	after = party_digest(&amina);
	assert_true(hash_equal(&before, &after));
	assert_int_equal(party_statements(&amina), count);
	wet = take(&amina, path, false);
	assert_int_equal(dry.new_events, wet.new_events);
	assert_int_equal(dry.statements, wet.statements);
	assert_int_equal(dry.waiting, wet.waiting);
	assert_int_equal(dry.bytes, wet.bytes);
	assert_true(hash_equal(&dry.heads, &wet.heads));
	import_summary_release(&dry);
	import_summary_release(&wet);
	party_close(&amina);
	party_close(&bruno);
}

/* ---- checklists and evidence ---- */

static int
keep_bytes(void *arg, const void *from, size_t len, struct err *err)
{
	(void)err;
	buf_add(arg, from, len);
	return 0;
}

static void
checklists_and_evidence_travel_with_their_subject(void **state)
{
	static const size_t size = 200 * 1000;
	struct party amina, bruno;
	const char *path = bundle_path("evidence");
	char *photo = xcalloc(size, 1), *file, hex[HASH_HEX_MAX];
	const struct byte_sink sink = { keep_bytes, &(struct buf)BUF_INIT };
	struct buf *got = sink.arg;
	struct import_summary summary;
	struct err err = { 0 };
	struct hash form, blob;
	uint64_t stored;

	(void)state;
	party_new(&amina, folder, "Amina", ROLE_SUPERVISOR);
	party_new(&bruno, folder, "Bruno", ROLE_INSPECTOR);
	party_know(&amina, &bruno);
	for (size_t i = 0; i < size; i++)
		photo[i] = (char)(i * i >> 3);
	file = xasprintf("%s/photo.jpg", folder);
	assert_int_equal(file_write(file, photo, size, 0600, &err), 0);
	blob_add_file(bruno.vault, file, &blob, &stored, &err);
	form_store_add(bruno.vault, "survey,text\n", 12, &form, &err);
	assert_no_err(&err);
	hash_to_hex(&form, hex);
	party_note_with(&bruno, visit, "form", hex);
	hash_to_hex(&blob, hex);
	party_note_with(&bruno, visit, "blob", hex);
	party_export(&bruno, path, &amina, NULL, false);
	summary = take(&amina, path, false);
	assert_int_equal(summary.checklists, 1);
	assert_int_equal(summary.blobs, 1);
	import_summary_release(&summary);
	blob_read(amina.vault, &blob, &sink, &err);
	assert_no_err(&err);
	assert_int_equal(got->len, size);
	assert_memory_equal(got->data, photo, size);
	buf_clear(got);
	form_store_read(amina.vault, &form, got, &err);
	assert_no_err(&err);
	assert_string_equal(got->data, "survey,text\n");

	/* After Amina's receipt they do not travel again. */
	party_export(&amina, bundle_path("back"), &bruno, NULL, false);
	party_import(&bruno, bundle_path("back"));
	party_note(&bruno, visit, "more");
	path = bundle_path("evidence-more");
	party_export(&bruno, path, &amina, NULL, false);
	summary = take(&amina, path, false);
	assert_int_equal(summary.events, 1);
	assert_int_equal(summary.new_events, 1);
	assert_int_equal(summary.blobs, 0);
	assert_int_equal(summary.checklists, 0);
	import_summary_release(&summary);
	party_export(&bruno, path, &amina, NULL, true);
	summary = take(&amina, path, false);
	assert_int_equal(summary.events, 3);
	assert_int_equal(summary.new_events, 0);
	assert_int_equal(summary.blobs, 1);
	import_summary_release(&summary);
	buf_release(got);
	free(file);
	free(photo);
	party_close(&amina);
	party_close(&bruno);
}

static void
one_bundle_reaches_two_readers(void **state)
{
	struct party amina, bruno, chloe;
	const char *path = bundle_path("both");

	(void)state;
	party_new(&amina, folder, "Amina", ROLE_SUPERVISOR);
	party_new(&bruno, folder, "Bruno", ROLE_INSPECTOR);
	party_new(&chloe, folder, "Chloe", ROLE_AUTHORITY);
	party_know(&amina, &bruno);
	party_know(&chloe, &bruno);
	party_note(&bruno, visit, "one");
	party_export(&bruno, path, &amina, &chloe, false);
	party_import(&amina, path);
	party_import(&chloe, path);
	assert_int_equal(vault_head(amina.vault).count, 1);
	assert_int_equal(vault_head(chloe.vault).count, 1);
	party_close(&amina);
	party_close(&bruno);
	party_close(&chloe);
}

static void
a_copied_vault_is_noticed(void **state)
{
	struct party amina, bruno, twin;
	char *path = xasprintf("%s/twin.vault", folder);

	(void)state;
	party_new(&amina, folder, "Amina", ROLE_SUPERVISOR);
	party_new(&bruno, folder, "Bruno", ROLE_INSPECTOR);
	party_know(&amina, &bruno);
	party_note_with(&amina, visit, "for", bruno.card.person);
	party_note(&bruno, visit, "one");
	party_copy(&twin, &bruno, path);
	party_note(&bruno, visit, "two");
	party_export(&bruno, bundle_path("copied"), &amina, NULL, false);
	party_import(&amina, bundle_path("copied"));
	party_export(&amina, bundle_path("answer"), &twin, NULL, true);
	/* The receipt names an event that the older copy does not hold. */
	party_refuse(&twin, bundle_path("answer"), ERR_CONFLICT);
	/* And from now on each opening says so. */
	vault_close(twin.vault);
	party_open(&twin);
	assert_int_equal(vault_notice(twin.vault)->finding, VAULT_SHORT);
	assert_int_equal(vault_notice(twin.vault)->missing, 1);
	assert_true(vault_is_held(twin.vault));
	party_import(&bruno, bundle_path("answer"));
	vault_close(bruno.vault);
	party_open(&bruno);
	assert_int_equal(vault_notice(bruno.vault)->finding, VAULT_AS_LEFT);
	party_close(&amina);
	party_close(&bruno);
	party_close(&twin);
	free(path);
}

/* A statement of ours that we did not make lists what we have not. */
static void
a_statement_of_a_copy_tells_what_is_missing(void **state)
{
	struct party amina, bruno, twin;
	char *path = xasprintf("%s/ahead.vault", folder);
	const struct vault_notice *notice;
	struct lacking lacking = { 0 };
	struct buf text = BUF_INIT;
	struct err err = { 0 };
	struct hash hash;

	(void)state;
	party_new(&amina, folder, "Amina", ROLE_SUPERVISOR);
	party_new(&bruno, folder, "Bruno", ROLE_INSPECTOR);
	party_know(&amina, &bruno);
	party_note(&bruno, visit, "one");
	party_copy(&twin, &bruno, path);
	party_note(&bruno, visit, "two");
	party_note(&bruno, "I-ZZZZZZZZZZZZZZZZ", "three");
	party_export(&bruno, bundle_path("ahead"), &amina, NULL, true);
	party_tell(&bruno, &twin);
	assert_int_equal(
	    heads_last(twin.vault, bruno.card.device, &hash, &err), 1);
	assert_int_equal(
	    lacking_of_heads(&lacking, twin.vault, &hash, &err), 0);
	assert_int_equal(lacking_keep(&lacking, twin.vault, &err), 0);
	lacking_release(&lacking);
	assert_int_equal(
	    lacking_of_heads(&lacking, bruno.vault, &hash, &err), 0);
	assert_int_equal(lacking.count, 0); /* who has it all */
	vault_close(twin.vault);
	party_open(&twin);
	notice = vault_notice(twin.vault);
	assert_int_equal(notice->finding, VAULT_SHORT);
	assert_int_equal(notice->short_count, 2);
	assert_int_equal(notice->missing, 2);
	vault_notice_say(twin.vault, &text);
	assert_non_null(strstr(text.data, visit));
	assert_non_null(strstr(text.data, "a subject that is not here"));
	buf_release(&text);
	party_close(&amina);
	party_close(&bruno);
	party_close(&twin);
	free(path);
}

/* ---- every order ---- */

enum { BUNDLES = 5 };

struct round {
	struct party amina, bruno, twin, chloe, dora;
	const char *bundles[BUNDLES];
	struct hash digest;
	size_t turn;
};

/* A copy of Amina's vault answers, so that she herself has imported nothing. */
static void
answer(struct round *round, const char *path, struct party *to)
{
	char *copy_path = xasprintf("%s/answer.vault", folder);
	struct party copy;

	party_copy(&copy, &round->amina, copy_path);
	party_import(&copy, path);
	party_export(&copy, bundle_path("receipt"), to, NULL, false);
	party_import(to, bundle_path("receipt"));
	party_close(&copy);
	free(copy_path);
}

/*
 * Bruno: full, then incremental (a gap without the first); his copied vault:
 * a fork.  Dora, a supervisor, relays Chloe, whom Amina has revoked after a
 * statement that the relayed chain goes beyond; a fifth comes from Chloe
 * herself before that.
 */
static void
make_round(struct round *round)
{
	char *path = xasprintf("%s/forked.vault", folder);
	char hex[HASH_HEX_MAX];
	struct import_summary summary;
	struct err err = { 0 };

	party_new(&round->amina, folder, "Amina", ROLE_SUPERVISOR);
	party_new(&round->bruno, folder, "Bruno", ROLE_INSPECTOR);
	party_new(&round->chloe, folder, "Chloe", ROLE_INSPECTOR);
	party_new(&round->dora, folder, "Dora", ROLE_SUPERVISOR);
	party_know(&round->amina, &round->bruno);
	party_know(&round->amina, &round->chloe);
	party_know(&round->amina, &round->dora);
	party_know(&round->dora, &round->chloe);
	for (size_t i = 0; i < BUNDLES; i++) {
		snprintf(hex, sizeof(hex), "round-%zu", i);
		round->bundles[i] = xstrdup(bundle_path(hex));
	}
	party_note(&round->bruno, visit, "b1");
	party_note(&round->bruno, visit, "b2");
	party_export(
	    &round->bruno, round->bundles[0], &round->amina, NULL, false);
	party_copy(&round->twin, &round->bruno, path);
	answer(round, round->bundles[0], &round->bruno);
	party_note(&round->bruno, visit, "b3");
	party_note(&round->bruno, visit, "b4");
	party_export(
	    &round->bruno, round->bundles[1], &round->amina, NULL, false);
	party_note(&round->twin, visit, "other b3");
	party_export(
	    &round->twin, round->bundles[2], &round->amina, NULL, true);

	party_note(&round->chloe, visit, "c1");
	party_export(&round->chloe, round->bundles[3], &round->amina,
	    &round->dora, false);
	summary = take(&round->dora, round->bundles[3], false);
	hash_to_hex(&summary.heads, hex);
	import_summary_release(&summary);
	party_note(&round->chloe, visit, "c2, after the theft");
	party_export(
	    &round->chloe, bundle_path("to-dora"), &round->dora, NULL, false);
	party_import(&round->dora, bundle_path("to-dora"));
	party_tell(&round->chloe, &round->amina);
	trust_revoke(
	    round->amina.vault, round->chloe.card.device, hex, "stolen", &err);
	assert_no_err(&err);
	party_note(&round->dora, visit, "d1");
	party_export(
	    &round->dora, round->bundles[4], &round->amina, NULL, false);
	free(path);
}

static void
check_order(struct round *round, const size_t order[BUNDLES])
{
	char *path = xasprintf("%s/order.vault", folder);
	struct party copy;
	struct hash digest, again;
	struct chain chain;

	party_copy(&copy, &round->amina, path);
	for (size_t i = 0; i < BUNDLES; i++)
		party_import(&copy, round->bundles[order[i]]);
	party_import(&copy, round->bundles[order[round->turn % BUNDLES]]);
	digest = party_digest(&copy);
	if (round->turn++ == 0)
		round->digest = digest;
	assert_true(hash_equal(&digest, &round->digest));
	if (round->turn % 40 == 1) {
		struct err err = { 0 };

		projection_run_all(copy.vault, &err);
		assert_no_err(&err);
		again = party_digest(&copy);
		assert_true(hash_equal(&digest, &again));
	}
	chain = party_chain(&copy, visit, round->bruno.card.device);
	assert_string_equal(chain.reason, "fork");
	assert_int_equal(chain.effective, 2);
	chain = party_chain(&copy, visit, round->chloe.card.device);
	assert_string_equal(chain.reason, "revoked");
	assert_int_equal(chain.effective, 1);
	chain = party_chain(&copy, visit, round->dora.card.device);
	assert_int_equal(chain.status, CHAIN_GOOD);
	party_close(&copy);
	free(path);
}

/* Heap's algorithm. */
static void
permute(struct round *round, size_t order[BUNDLES], size_t count)
{
	if (count == 1) {
		check_order(round, order);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const size_t at = count % 2 ? 0 : i, last = order[count - 1];

		permute(round, order, count - 1);
		order[count - 1] = order[at];
		order[at] = last;
	}
}

static void
every_order_gives_the_same_state(void **state)
{
	struct round round = { 0 };
	size_t order[BUNDLES] = { 0, 1, 2, 3, 4 };

	(void)state;
	make_round(&round);
	permute(&round, order, BUNDLES);
	assert_int_equal(round.turn, 120);
	for (size_t i = 0; i < BUNDLES; i++)
		free((void *)(uintptr_t)round.bundles[i]);
	party_close(&round.amina);
	party_close(&round.bruno);
	party_close(&round.twin);
	party_close(&round.chloe);
	party_close(&round.dora);
}

static void
a_gap_waits_until_it_is_filled(void **state)
{
	struct round round = { 0 };
	struct chain chain;

	(void)state;
	make_round(&round);
	party_import(&round.amina, round.bundles[1]);
	chain = party_chain(&round.amina, visit, round.bruno.card.device);
	assert_int_equal(chain.status, CHAIN_WAITING);
	assert_string_equal(chain.reason, "gap");
	assert_int_equal(chain.effective, 0);
	party_import(&round.amina, round.bundles[0]);
	chain = party_chain(&round.amina, visit, round.bruno.card.device);
	assert_int_equal(chain.status, CHAIN_GOOD);
	assert_int_equal(chain.effective, 4);
	for (size_t i = 0; i < BUNDLES; i++)
		free((void *)(uintptr_t)round.bundles[i]);
	party_close(&round.amina);
	party_close(&round.bruno);
	party_close(&round.twin);
	party_close(&round.chloe);
	party_close(&round.dora);
}

#define CASE(name) \
	cmocka_unit_test_setup_teardown(name, make_folder, free_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_is_sent_arrives),
		CASE(importing_twice_changes_nothing),
		CASE(a_dry_run_says_the_same_and_touches_nothing),
		CASE(checklists_and_evidence_travel_with_their_subject),
		CASE(one_bundle_reaches_two_readers),
		CASE(a_copied_vault_is_noticed),
		CASE(a_statement_of_a_copy_tells_what_is_missing),
		CASE(a_gap_waits_until_it_is_filled),
		CASE(every_order_gives_the_same_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What covers a subject, and what others see when it was purged. */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "bundles/cover.h"
#include "bundles/device.h"
#include "bundles/heads.h"
#include "storage/blob.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/purge.h"
#include "storage/statement.h"
#include "storage/tombstone.h"
#include "tests/parties.h"

#define ONE "I-0000000000000001"
#define TWO "I-0000000000000002"

/* An inspector and a supervisor who trust each other. */
struct two {
	char *folder;
	struct party zoe, amina;
};

static void
two_begin(struct two *two)
{
	two->folder = test_folder();
	party_new(&two->zoe, two->folder, "zoe", ROLE_INSPECTOR);
	party_new(&two->amina, two->folder, "amina", ROLE_SUPERVISOR);
	party_know(&two->zoe, &two->amina);
}

static void
two_end(struct two *two)
{
	party_close(&two->zoe);
	party_close(&two->amina);
	free(two->folder);
}

static void
send(struct two *two, struct party *from, struct party *to, bool full)
{
	char *path = file_join(two->folder, "b.ronde");

	party_export(from, path, to, NULL, full);
	party_import(to, path);
	unlink(path);
	free(path);
}

/* There and, with the receipt, back. */
static void
exchange(struct two *two)
{
	send(two, &two->zoe, &two->amina, false);
	send(two, &two->amina, &two->zoe, false);
}

/* An event that says that the subject concerns the inspector: 1. */
static struct hash
begin(struct two *two, const char *subject)
{
	return party_note_with(&two->zoe, subject, "for", two->zoe.card.person);
}

static bool
is_covered(struct party *party, const char *subject)
{
	struct err err = { 0 };
	struct cover *cover = cover_load(party->vault, &party_contents, &err);
	struct coverage coverage;

	assert_no_err(&err);
	cover_subject(cover, subject, &coverage, &err);
	assert_no_err(&err);
	cover_free(cover);
	if (coverage.is_covered) {
		assert_true(*coverage.holder);
		assert_false(hash_is_zero(&coverage.receipt));
	} else {
		assert_true(*coverage.why);
	}
	return coverage.is_covered;
}

static void
purge(struct party *party, const char *subject)
{
	const struct purge_order order = { .subject = subject, .reason = "" };
	struct purge_count count = { 0 };
	struct err err = { 0 };

	purge_subject(party->vault, &order, &count, &err);
	assert_no_err(&err);
}

static void
assert_rebuild_is_same(struct party *party)
{
	const struct hash before = party_digest(party);
	struct err err = { 0 };
	struct hash after;

	projection_run_all(party->vault, &err);
	assert_no_err(&err);
	after = party_digest(party);
	assert_true(hash_equal(&before, &after));
}

static bool
is_held(struct party *party, const char *subject)
{
	struct chain_link *links = NULL;
	struct err err = { 0 };
	size_t count = 0;

	log_links(
	    party->vault, subject, party->card.device, &links, &count, &err);
	assert_no_err(&err);
	free(links);
	return count > 0;
}

/* ---- what covers ---- */

static void
a_receipt_covers_what_it_names_to_the_last_event(void **state)
{
	struct two two;

	(void)state;
	two_begin(&two);
	begin(&two, ONE);
	party_note(&two.zoe, ONE, "b");
	assert_false(is_covered(&two.zoe, ONE));
	send(&two, &two.zoe, &two.amina, false);
	assert_false(is_covered(&two.zoe, ONE));
	send(&two, &two.amina, &two.zoe, false);
	assert_true(is_covered(&two.zoe, ONE));
	party_note(&two.zoe, ONE, "c");
	assert_false(is_covered(&two.zoe, ONE));
	exchange(&two);
	assert_true(is_covered(&two.zoe, ONE));
	assert_false(is_covered(&two.zoe, TWO));
	two_end(&two);
}

/* The word of this vault itself, or of what it was before, is nobody else's. */
static void
ones_own_receipts_cover_nothing(void **state)
{
	struct two two;
	struct device_renewed renewed;
	struct err err = { 0 };

	(void)state;
	two_begin(&two);
	begin(&two, ONE);
	exchange(&two);
	assert_true(is_covered(&two.zoe, ONE));
	assert_false(is_covered(&two.amina, ONE));
	device_renew(two.amina.vault, &renewed, &err);
	assert_no_err(&err);
	assert_false(is_covered(&two.amina, ONE));
	two_end(&two);
}

/* Until a later receipt says that it is there again. */
static void
who_has_purged_covers_no_more(void **state)
{
	struct two two;

	(void)state;
	two.folder = test_folder();
	party_new(&two.zoe, two.folder, "zoe", ROLE_SUPERVISOR);
	party_new(&two.amina, two.folder, "amina", ROLE_AUTHORITY);
	party_know(&two.zoe, &two.amina);
	begin(&two, ONE);
	exchange(&two);
	assert_true(is_covered(&two.zoe, ONE));
	clock_set(clock_now() + 1000);
	purge(&two.amina, ONE);
	send(&two, &two.amina, &two.zoe, false);
	assert_false(is_covered(&two.zoe, ONE));
	clock_set(clock_now() + 1000);
	send(&two, &two.zoe, &two.amina, true);
	send(&two, &two.amina, &two.zoe, false);
	assert_true(is_covered(&two.zoe, ONE));
	clock_set(0);
	two_end(&two);
}

static void
what_the_supervisor_wrote_is_covered_by_its_own_heads(void **state)
{
	struct two two;

	(void)state;
	two_begin(&two);
	begin(&two, ONE);
	send(&two, &two.zoe, &two.amina, false);
	party_note(&two.amina, ONE, "seen");
	send(&two, &two.amina, &two.zoe, false);
	assert_int_equal(
	    party_chain(&two.zoe, ONE, two.amina.card.device).last, 1);
	assert_true(is_covered(&two.zoe, ONE));
	two_end(&two);
}

static struct hash
add_file(struct party *party, const char *subject)
{
	char *path = xasprintf("%s.jpg", party->path), hex[HASH_HEX_MAX];
	struct err err = { 0 };
	struct hash digest;

	file_write(path, "picture", 7, 0600, &err);
	blob_add_file(party->vault, path, &digest, NULL, &err);
	assert_no_err(&err);
	hash_to_hex(&digest, hex);
	party_note_with(party, subject, "blob", hex);
	free(path);
	return digest;
}

static json_t *
receipt_of(struct two *two, int64_t seq, const struct hash *head,
    const struct hash *file)
{
	char hex[HASH_HEX_MAX], file_hex[HASH_HEX_MAX];
	json_t *body;

	hash_to_hex(head, hex);
	body = json_pack("{s:s, s:s, s:[[s,s,I,s]], s:[]}", "of",
	    two->zoe.card.device, "statement", hex, "have", ONE,
	    two->zoe.card.device, (json_int_t)seq, hex, "files");
	if (file) {
		hash_to_hex(file, file_hex);
		json_array_append_new(
		    json_object_get(body, "files"), json_string(file_hex));
	}
	return body;
}

/* A receipt of `from` as it pleases, told to the inspector. */
static void
give_receipt(struct two *two, struct party *from, json_t *body)
{
	struct err err = { 0 };
	struct hash hash;

	statement_make(from->vault, STATEMENT_RECEIPT, body, &hash, &err);
	json_decref(body);
	assert_no_err(&err);
	party_tell(from, &two->zoe);
}

static void
a_false_receipt_covers_nothing(void **state)
{
	struct two two;
	struct hash first, last, wrong, file;

	(void)state;
	two_begin(&two);
	first = begin(&two, ONE);
	file = add_file(&two.zoe, ONE);
	last = party_note(&two.zoe, ONE, "b");
	wrong = last;
	wrong.bytes[0] ^= 1;
	give_receipt(&two, &two.amina, receipt_of(&two, 1, &first, NULL));
	assert_false(is_covered(&two.zoe, ONE));
	give_receipt(&two, &two.amina, receipt_of(&two, 3, &wrong, NULL));
	assert_false(is_covered(&two.zoe, ONE));
	give_receipt(&two, &two.amina, receipt_of(&two, 4, &last, NULL));
	assert_false(is_covered(&two.zoe, ONE));
	give_receipt(&two, &two.amina, receipt_of(&two, 2, &last, NULL));
	assert_false(is_covered(&two.zoe, ONE));
	give_receipt(&two, &two.amina, receipt_of(&two, 3, &last, NULL));
	assert_false(is_covered(&two.zoe, ONE)); /* the file is missing */
	give_receipt(&two, &two.amina, receipt_of(&two, 3, &last, &file));
	assert_true(is_covered(&two.zoe, ONE));
	two_end(&two);
}

/* Who gives a right receipt, and whether that covers. */
static void
only_supervisors_trusted_today_cover(void **state)
{
	static const struct {
		const char *who;
		enum role role;
		bool trusted, revoked, covers;
	} cases[] = {
		{ "a supervisor", ROLE_SUPERVISOR, true, false, true },
		{ "the authority", ROLE_AUTHORITY, true, false, true },
		{ "an inspector", ROLE_INSPECTOR, true, false, false },
		{ "a stranger", ROLE_SUPERVISOR, false, false, false },
		{ "one revoked", ROLE_SUPERVISOR, true, true, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct two two;
		struct party other;
		struct hash last;
		struct err err = { 0 };

		two_begin(&two);
		party_new(&other, two.folder, "other", cases[i].role);
		if (cases[i].trusted)
			party_trust(&two.zoe, &other);
		last = begin(&two, ONE);
		give_receipt(&two, &other, receipt_of(&two, 1, &last, NULL));
		if (cases[i].revoked) {
			assert_true(is_covered(&two.zoe, ONE));
			trust_revoke(two.zoe.vault, other.card.device, "0",
			    "lost", &err);
			assert_no_err(&err);
		}
		if (is_covered(&two.zoe, ONE) != cases[i].covers)
			fail_msg("%s", cases[i].who);
		party_close(&other);
		two_end(&two);
	}
}

static void
what_two_hold_in_parts_nobody_holds(void **state)
{
	struct two two;
	struct party other;
	struct hash last, file;

	(void)state;
	two_begin(&two);
	party_new(&other, two.folder, "other", ROLE_SUPERVISOR);
	party_trust(&two.zoe, &other);
	file = add_file(&two.zoe, ONE);
	last = begin(&two, ONE);
	give_receipt(&two, &two.amina, receipt_of(&two, 2, &last, NULL));
	give_receipt(&two, &other, receipt_of(&two, 1, &file, &file));
	assert_false(is_covered(&two.zoe, ONE));
	party_close(&other);
	two_end(&two);
}

/* ---- afterwards ---- */

static void
the_supervisor_merges_again_without_complaint(void **state)
{
	struct two two;
	struct chain chain;

	(void)state;
	two_begin(&two);
	begin(&two, ONE);
	party_note(&two.zoe, ONE, "b");
	party_note(&two.zoe, TWO, "a");
	exchange(&two);
	purge(&two.zoe, ONE);
	assert_rebuild_is_same(&two.zoe);
	party_note(&two.zoe, TWO, "b");
	exchange(&two);
	party_note(&two.zoe, TWO, "c");
	exchange(&two);
	chain = party_chain(&two.amina, ONE, two.zoe.card.device);
	assert_int_equal(chain.status, CHAIN_GOOD);
	assert_int_equal(chain.effective, 2);
	chain = party_chain(&two.amina, TWO, two.zoe.card.device);
	assert_int_equal(chain.status, CHAIN_GOOD);
	assert_int_equal(chain.effective, 3);
	/* It hears of the purge. */
	chain =
	    party_chain(&two.amina, two.zoe.card.device, two.zoe.card.device);
	assert_int_equal(chain.effective, 1);
	assert_rebuild_is_same(&two.amina);
	assert_true(is_covered(&two.zoe, TWO));
	two_end(&two);
}

static void
heads_list_a_purged_chain_as_before(void **state)
{
	struct two two;
	struct statement statement = { 0 };
	struct err err = { 0 };
	struct hash head, last, heads;
	int64_t seq;

	(void)state;
	two_begin(&two);
	begin(&two, ONE);
	last = party_note(&two.zoe, ONE, "b");
	exchange(&two);
	purge(&two.zoe, ONE);
	send(&two, &two.zoe, &two.amina, false);
	heads_last(two.zoe.vault, two.zoe.card.device, &heads, &err);
	assert_int_equal(
	    statement_find(two.zoe.vault, &heads, &statement, &err), 1);
	assert_true(heads_find(&statement, ONE, &seq, &head));
	assert_int_equal(seq, 2);
	assert_true(hash_equal(&head, &last));
	statement_release(&statement);
	two_end(&two);
}

static void
what_is_written_after_a_purge_joins_what_the_supervisor_has(void **state)
{
	struct two two;
	struct chain chain;

	(void)state;
	two_begin(&two);
	begin(&two, ONE);
	exchange(&two);
	purge(&two.zoe, ONE);
	party_note(&two.zoe, ONE, "b");
	chain = party_chain(&two.zoe, ONE, two.zoe.card.device);
	assert_int_equal(chain.status, CHAIN_WAITING);
	assert_string_equal(chain.reason, CHAIN_PURGED);
	assert_rebuild_is_same(&two.zoe);
	exchange(&two);
	chain = party_chain(&two.amina, ONE, two.zoe.card.device);
	assert_int_equal(chain.status, CHAIN_GOOD);
	assert_int_equal(chain.effective, 2);
	/* All of it that is here is covered: it can go, too. */
	assert_true(is_covered(&two.zoe, ONE));
	purge(&two.zoe, ONE);
	send(&two, &two.amina, &two.zoe, true);
	chain = party_chain(&two.zoe, ONE, two.zoe.card.device);
	assert_int_equal(chain.status, CHAIN_GOOD);
	assert_int_equal(chain.effective, 2);
	two_end(&two);
}

static void
a_purged_subject_is_not_sent_by_name(void **state)
{
	struct two two;
	const char *const subjects[] = { ONE };
	struct age_recipient recipient;
	struct export_request request = { .recipients = &recipient,
		.recipient_count = 1,
		.subjects = subjects,
		.subject_count = 1 };
	struct export_summary summary;
	struct err err = { 0 };
	char *path;

	(void)state;
	two_begin(&two);
	recipient = two.amina.card.age_recipient;
	begin(&two, ONE);
	exchange(&two);
	purge(&two.zoe, ONE);
	path = file_join(two.folder, "no.ronde");
	assert_int_equal(bundle_export(two.zoe.vault, path, &request,
			     &party_contents, &summary, &err),
	    -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_non_null(strstr(err.msg, "purged"));
	assert_false(file_exists(path));
	free(path);
	two_end(&two);
}

/* ---- and back ---- */

static void
import(struct party *party, const char *path, struct import_summary *summary)
{
	struct err err = { 0 };

	bundle_import(party->vault, path, false, NULL, summary, &err);
	assert_no_err(&err);
}

static void
one_may_take_an_old_bundle_of_ones_own(void **state)
{
	struct two two;
	struct import_summary summary;
	struct chain chain;
	char *early, *late;

	(void)state;
	two_begin(&two);
	early = file_join(two.folder, "early.ronde");
	late = file_join(two.folder, "late.ronde");
	begin(&two, ONE);
	party_export(&two.zoe, early, &two.amina, &two.zoe, true);
	party_note(&two.zoe, ONE, "b");
	party_export(&two.zoe, late, &two.amina, &two.zoe, true);
	purge(&two.zoe, ONE);

	import(&two.zoe, early, &summary);
	assert_int_equal(summary.returned, 0);
	assert_int_equal(summary.purged, 1);
	chain = party_chain(&two.zoe, ONE, two.zoe.card.device);
	assert_int_equal(chain.status, CHAIN_WAITING);
	assert_int_equal(chain.effective, 0);
	assert_rebuild_is_same(&two.zoe);
	import_summary_release(&summary);

	import(&two.zoe, late, &summary);
	assert_int_equal(summary.returned, 1);
	assert_int_equal(summary.purged, 0);
	assert_true(summary.returned_purged > 0);
	chain = party_chain(&two.zoe, ONE, two.zoe.card.device);
	assert_int_equal(chain.status, CHAIN_GOOD);
	assert_int_equal(chain.effective, 2);
	assert_rebuild_is_same(&two.zoe);
	import_summary_release(&summary);

	import(&two.zoe, late, &summary);
	assert_int_equal(summary.returned, 0);
	import_summary_release(&summary);
	party_note(&two.zoe, ONE, "c");
	chain = party_chain(&two.zoe, ONE, two.zoe.card.device);
	assert_int_equal(chain.effective, 3);
	free(early);
	free(late);
	two_end(&two);
}

static void
the_supervisor_can_give_it_back_and_it_can_go_again(void **state)
{
	struct two two;
	struct chain chain;

	(void)state;
	two_begin(&two);
	begin(&two, ONE);
	send(&two, &two.zoe, &two.amina, false);
	party_note(&two.amina, ONE, "well done");
	send(&two, &two.amina, &two.zoe, false);
	for (int i = 0; i < 3; i++) {
		assert_true(is_covered(&two.zoe, ONE));
		purge(&two.zoe, ONE);
		assert_false(is_held(&two.zoe, ONE));
		send(&two, &two.amina, &two.zoe, true);
		assert_true(is_held(&two.zoe, ONE));
		chain = party_chain(&two.zoe, ONE, two.amina.card.device);
		assert_int_equal(chain.status, CHAIN_GOOD);
		assert_rebuild_is_same(&two.zoe);
		exchange(&two);
	}
	chain = party_chain(&two.amina, ONE, two.zoe.card.device);
	assert_int_equal(chain.status, CHAIN_GOOD);
	two_end(&two);
}

/* What was never purged here must still show that the vault is a copy. */
static void
a_purge_hides_no_older_copy(void **state)
{
	struct two two;
	struct party copy;
	char *path, *to;

	(void)state;
	two_begin(&two);
	path = file_join(two.folder, "b.ronde");
	to = file_join(two.folder, "copy.vault");
	begin(&two, ONE);
	party_copy(&copy, &two.zoe, to);
	purge(&copy, ONE);
	party_note(&two.zoe, ONE, "b");
	party_export(&two.zoe, path, &two.amina, &two.zoe, true);
	party_refuse(&copy, path, ERR_CONFLICT);
	party_close(&copy);
	free(path);
	free(to);
	two_end(&two);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_receipt_covers_what_it_names_to_the_last_event),
		TEST(ones_own_receipts_cover_nothing),
		TEST(who_has_purged_covers_no_more),
		TEST(what_the_supervisor_wrote_is_covered_by_its_own_heads),
		TEST(a_false_receipt_covers_nothing),
		TEST(only_supervisors_trusted_today_cover),
		TEST(what_two_hold_in_parts_nobody_holds),
		TEST(the_supervisor_merges_again_without_complaint),
		TEST(heads_list_a_purged_chain_as_before),
		TEST(
		    what_is_written_after_a_purge_joins_what_the_supervisor_has),
		TEST(a_purged_subject_is_not_sent_by_name),
		TEST(one_may_take_an_old_bundle_of_ones_own),
		TEST(the_supervisor_can_give_it_back_and_it_can_go_again),
		TEST(a_purge_hides_no_older_copy),
	};

	return RUN_TESTS(tests);
}

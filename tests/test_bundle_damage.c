/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/forge.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "crypto/sign.h"
#include "storage/blob.h"
#include "storage/identity.h"
#include "storage/statement.h"

static const char visit[] = "I-0123456789ABCDEF";

static char *folder;
static struct party amina, bruno, chloe;
static char *good, *bad;

static int
make_all(void **state)
{
	char hex[HASH_HEX_MAX];
	struct err err = { 0 };
	struct hash form, blob;
	uint64_t size;
	char *photo;

	(void)state;
	folder = test_folder();
	good = xasprintf("%s/good.ronde", folder);
	bad = xasprintf("%s/bad.ronde", folder);
	photo = xasprintf("%s/photo", folder);
	party_new(&amina, folder, "Amina", ROLE_SUPERVISOR);
	party_new(&bruno, folder, "Bruno", ROLE_INSPECTOR);
	party_new(&chloe, folder, "Chloe", ROLE_INSPECTOR);
	party_know(&amina, &bruno);
	party_trust(&bruno, &chloe);
	form_store_add(bruno.vault, "survey,text\n", 12, &form, &err);
	file_write(photo, "a photo", 7, 0600, &err);
	blob_add_file(bruno.vault, photo, &blob, &size, &err);
	assert_no_err(&err);
	party_note(&bruno, visit, "Centrale de Kribi");
	hash_to_hex(&form, hex);
	party_note_with(&bruno, visit, "form", hex);
	hash_to_hex(&blob, hex);
	party_note_with(&bruno, visit, "blob", hex);
	party_export(&bruno, good, &amina, NULL, true);
	free(photo);
	return 0;
}

static int
free_all(void **state)
{
	(void)state;
	party_close(&amina);
	party_close(&bruno);
	party_close(&chloe);
	free(folder);
	free(good);
	free(bad);
	return 0;
}

/* Files in the quarantine; none of them may name the site. */
static size_t
count_quarantine(void)
{
	char *path = quarantine_folder(amina.vault);
	DIR *dir = opendir(path);
	const struct dirent *entry;
	size_t count = 0;

	while (dir && (entry = readdir(dir))) {
		struct buf text = BUF_INIT;
		struct err err = { 0 };
		char *file = file_join(path, entry->d_name);

		if (entry->d_name[0] != '.') {
			assert_int_equal(file_read(file, &text, &err), 0);
			assert_null(memmem(text.data, text.len, "Kribi", 5));
			assert_null(memmem(text.data, text.len, "Bruno", 5));
			count++;
		}
		free(file);
		buf_release(&text);
	}
	if (dir)
		closedir(dir);
	free(path);
	return count;
}

static void
assert_refused(const char *path, enum err_code code)
{
	const size_t before = count_quarantine();

	party_refuse(&amina, path, code);
	/* The file and its reason; refused again it is not kept twice. */
	assert_int_equal(count_quarantine(), before + 2);
	party_refuse(&amina, path, code);
	assert_int_equal(count_quarantine(), before + 2);
}

/* ---- the file as a whole ---- */

static void
write_bad(const char *bytes, size_t len)
{
	struct err err = { 0 };

	file_write(bad, bytes, len, 0600, &err);
	assert_no_err(&err);
}

static void
verify_refuses_bad(void)
{
	struct import_summary summary;
	struct err err = { 0 };

	assert_int_equal(bundle_verify(amina.vault, bad, &summary, &err), -1);
	assert_int_equal(summary.verdict, BUNDLE_REFUSED);
	assert_non_null(strstr(err.msg, "bad.ronde"));
	assert_true(err.code == ERR_FORMAT || err.code == ERR_AUTH ||
	    err.code == ERR_LIMIT || err.code == ERR_UNSUPPORTED);
	import_summary_release(&summary);
}

static void
a_bundle_cut_at_any_length_is_refused(void **state)
{
	struct buf bytes = BUF_INIT;
	struct err err = { 0 };
	const struct hash before = party_digest(&amina);
	struct hash after;

	(void)state;
	assert_int_equal(file_read(good, &bytes, &err), 0);
	for (size_t len = 0; len < bytes.len;
	     len += len < 400 || len + 20 > bytes.len ? 1 : 61) {
		write_bad(bytes.data, len);
		verify_refuses_bad();
	}
	after = party_digest(&amina);
	assert_true(hash_equal(&before, &after));
	write_bad(bytes.data, bytes.len / 2);
	assert_int_equal(count_quarantine(), 0);
	party_refuse(&amina, bad, ERR_AUTH);
	assert_int_equal(count_quarantine(), 2);
	buf_release(&bytes);
}

static void
a_bundle_with_any_byte_changed_is_refused(void **state)
{
	struct buf bytes = BUF_INIT;
	struct err err = { 0 };
	const struct hash before = party_digest(&amina);
	struct hash after;

	(void)state;
	assert_int_equal(file_read(good, &bytes, &err), 0);
	for (size_t i = 0; i < bytes.len;
	     i += i < 300 || i + 20 > bytes.len ? 1 : 17) {
		bytes.data[i] ^= (char)(1 << i % 8);
		write_bad(bytes.data, bytes.len);
		verify_refuses_bad();
		bytes.data[i] ^= (char)(1 << i % 8);
	}
	after = party_digest(&amina);
	assert_true(hash_equal(&before, &after));
	buf_release(&bytes);
}

/* ---- who ---- */

static void
an_unknown_signer_is_refused_and_named(void **state)
{
	struct import_summary summary;
	struct err err = { 0 };

	(void)state;
	party_trust(&chloe, &amina);
	party_note(&chloe, visit, "hello");
	party_export(&chloe, bad, &amina, NULL, true);
	assert_refused(bad, ERR_TRUST);
	bundle_verify(amina.vault, bad, &summary, &err);
	assert_non_null(strstr(err.msg, "ronde trust add"));
	import_summary_release(&summary);
	/* As soon as she is trusted it is good. */
	party_trust(&amina, &chloe);
	party_import(&amina, bad);
}

static void
a_signer_who_was_revoked_is_refused_past_the_cut(void **state)
{
	struct import_summary summary;
	struct err err = { 0 };
	char hex[HASH_HEX_MAX];

	(void)state;
	party_import(&amina, good);
	bundle_verify(amina.vault, good, &summary, &err);
	hash_to_hex(&summary.heads, hex);
	import_summary_release(&summary);
	trust_revoke(amina.vault, bruno.card.device, hex, "stolen", &err);
	assert_no_err(&err);
	party_note(&bruno, visit, "a thief writes");
	party_export(&bruno, bad, &amina, NULL, true);
	assert_refused(bad, ERR_TRUST);
	party_import(&amina, good);
}

static void
a_bundle_for_others_is_refused(void **state)
{
	struct import_summary summary;
	struct err err = { 0 };

	(void)state;
	party_export(&bruno, bad, &chloe, NULL, true);
	assert_refused(bad, ERR_AUTH);
	bundle_verify(amina.vault, bad, &summary, &err);
	assert_true(summary.not_for_us);
	import_summary_release(&summary);
}

static void
what_a_reader_passes_on_to_others_is_refused(void **state)
{
	struct forge forge;

	(void)state;
	/* Chloe could read it and encrypts it anew to Amina. */
	party_export(&bruno, good, &chloe, NULL, true);
	forge_open(&forge, &chloe, good);
	forge_write(&forge, &bruno, &amina, bad);
	assert_refused(bad, ERR_AUTH);
	forge_release(&forge);
}

/* ---- what is inside, under a right signature ---- */

static void
change_a_note(struct forge *forge)
{
	forge_replace(forge_member(forge, "events/"), "Kribi", "Kribo");
}

static void
change_a_note_and_the_manifest(struct forge *forge)
{
	change_a_note(forge);
	forge_remanifest(forge);
}

static void
change_a_form(struct forge *forge)
{
	forge_replace(forge_member(forge, "checklists/"), "text", "test");
}

static void
change_evidence(struct forge *forge)
{
	forge_replace(forge_member(forge, "blobs/"), "photo", "phono");
}

static void
change_evidence_and_the_manifest(struct forge *forge)
{
	change_evidence(forge);
	forge_remanifest(forge);
}

static void
add_a_member(struct forge *forge)
{
	forge_add(forge, "zzz", "more");
}

static void
add_a_listed_member(struct forge *forge)
{
	forge_add(forge, "zzz", "more");
	forge_remanifest(forge);
}

static void
leave_a_member_out(struct forge *forge)
{
	buf_release(&forge->members[--forge->count].bytes);
}

static void
repeat_a_member(struct forge *forge)
{
	forge_add(forge, forge->members[1].name, forge->members[1].bytes.data);
	forge->plain_names = false;
}

static void
climb_out(struct forge *forge)
{
	struct forge_member *member = forge_add(forge, "../../evil", "evil");

	(void)member;
	forge->plain_names = false;
}

static void
climb_out_in_the_manifest(struct forge *forge)
{
	climb_out(forge);
	forge_remanifest(forge);
}

static void
name_an_absolute_path(struct forge *forge)
{
	snprintf(forge->members[2].name, sizeof(forge->members[2].name),
	    "/etc/passwd");
	forge_remanifest(forge);
	forge->plain_names = false;
}

static void
put_the_manifest_last(struct forge *forge)
{
	const struct forge_member first = forge->members[0];
	const size_t last = forge->count - 1;

	memmove(forge->members, forge->members + 1, last * sizeof(first));
	forge->members[last] = first;
}

static void
fill(struct forge_member *member, size_t size)
{
	char *zeros = xcalloc(size, 1);

	memset(zeros, ' ', size);
	buf_clear(&member->bytes);
	buf_add(&member->bytes, zeros, size);
	free(zeros);
}

static void
blow_up_a_line(struct forge *forge)
{
	fill(forge_member(forge, "statements"), 100 * 1000 * 1000);
	forge_remanifest(forge);
}

static void
blow_up_a_form(struct forge *forge)
{
	fill(forge_member(forge, "checklists/"), 100 * 1000 * 1000);
}

static void
blow_up_a_listed_form(struct forge *forge)
{
	struct forge_member *form = forge_member(forge, "checklists/");
	struct hash digest;
	char hex[HASH_HEX_MAX];

	blow_up_a_form(forge);
	digest = hash_of(form->bytes.data, form->bytes.len);
	hash_to_hex(&digest, hex);
	snprintf(form->name, sizeof(form->name), "checklists/%s.csv", hex);
	forge_remanifest(forge);
}

static void
blow_up_the_manifest(struct forge *forge)
{
	fill(&forge->members[0], 100 * 1000 * 1000);
}

static void
add_a_field(struct forge *forge)
{
	forge_replace(&forge->members[0], "\"time\"", "\"new\": 1, \"time\"");
}

static void
come_from_a_later_version(struct forge *forge)
{
	forge_replace(&forge->members[0], "ronde/bundle/1", "ronde/bundle/2");
}

static void
name_another_sender(struct forge *forge)
{
	forge_replace(&forge->members[0], bruno.card.device, chloe.card.device);
}

static void
spoil_a_statement(struct forge *forge)
{
	forge_replace(forge_member(forge, "statements"), "\"counter\":1",
	    "\"counter\":7");
	forge_remanifest(forge);
}

/* Takes the first line, which is a card. */
static void
take_a_card_away(struct forge *forge)
{
	struct buf *bytes = &forge_member(forge, "statements")->bytes;
	struct buf rest = BUF_INIT;

	while (bytes->len && strstr(bytes->data, "[\"ronde/card/1\"")) {
		const char *end = strchr(bytes->data, '\n');

		buf_clear(&rest);
		buf_add_text(&rest, end + 1);
		buf_clear(bytes);
		buf_add(bytes, rest.data, rest.len);
	}
	buf_release(&rest);
	forge_remanifest(forge);
}

/* Adds an event that Bruno never wrote to the end of his chain. */
static void
invent_an_event(struct forge *forge)
{
	struct forge_member *events = forge_member(forge, "events/");
	const char *last = strstr(events->bytes.data, "\"seq\":3");
	struct hash hash;
	char hex[HASH_HEX_MAX];

	while (last[-1] != '\n')
		last--;
	hash = hash_of(last, strcspn(last, "\n"));
	hash_to_hex(&hash, hex);
	buf_addf(&events->bytes,
	    "{\"subject\":\"%s\",\"device\":\"%s\",\"seq\":4,\"prev\":\"%s\","
	    "\"time\":\"2026-11-23T11:11:12.345+01:00\",\"kind\":\"answer\","
	    "\"body\":{}}\n",
	    visit, bruno.card.device, hex);
	forge_replace(&forge->members[0], "\"last\": 3", "\"last\": 4");
	forge_replace(&forge->members[0], "\"events\": 3", "\"events\": 4");
	forge_remanifest(forge);
}

static void
drop_the_last_event(struct forge *forge)
{
	struct buf *bytes = &forge_member(forge, "events/")->bytes;
	const char *last = strstr(bytes->data, "\"seq\":3");

	while (last[-1] != '\n')
		last--;
	buf_cut(bytes, (size_t)(last - bytes->data));
	forge_replace(&forge->members[0], "\"last\": 3", "\"last\": 2");
	forge_replace(&forge->members[0], "\"events\": 3", "\"events\": 2");
	forge_remanifest(forge);
}

static void
drop_the_middle_event(struct forge *forge)
{
	struct forge_member *events = forge_member(forge, "events/");
	char *from = strchr(events->bytes.data, '\n') + 1;
	char *to = strchr(from, '\n') + 1;
	char *line = xstrndup(from, (size_t)(to - from));

	forge_replace(events, line, "");
	free(line);
	forge_replace(&forge->members[0], "\"events\": 3", "\"events\": 2");
	forge_remanifest(forge);
}

static void
swap_two_events(struct forge *forge)
{
	struct forge_member *events = forge_member(forge, "events/");
	char *second = strchr(events->bytes.data, '\n') + 1;
	char *line =
	    xstrndup(events->bytes.data, (size_t)(second - events->bytes.data));

	forge_replace(events, line, "");
	buf_add_text(&events->bytes, line);
	free(line);
	forge_remanifest(forge);
}

static void
end_without_a_newline(struct forge *forge)
{
	struct buf *bytes = &forge_member(forge, "events/")->bytes;

	buf_cut(bytes, bytes->len - 1);
	forge_remanifest(forge);
}

static void
change_the_comment(struct forge *forge)
{
	char *last = forge->trusted + strlen(forge->trusted) - 1;

	*last = *last == '0' ? '1' : '0';
}

static void
say_another_thing(struct forge *forge)
{
	snprintf(forge->trusted, sizeof(forge->trusted), "hello");
}

static const struct {
	const char *name;
	void (*change)(struct forge *forge);
	enum err_code code;
} changes[] = {
	{ "a note", change_a_note, ERR_AUTH },
	{ "a note and the manifest", change_a_note_and_the_manifest, ERR_AUTH },
	{ "a form", change_a_form, ERR_AUTH },
	{ "evidence", change_evidence, ERR_AUTH },
	{ "evidence and the manifest", change_evidence_and_the_manifest,
	    ERR_FORMAT },
	{ "a member more", add_a_member, ERR_FORMAT },
	{ "a listed member more", add_a_listed_member, ERR_FORMAT },
	{ "a member less", leave_a_member_out, ERR_FORMAT },
	{ "a member twice", repeat_a_member, ERR_FORMAT },
	{ "a name that climbs out", climb_out, ERR_FORMAT },
	{ "the same, listed", climb_out_in_the_manifest, ERR_FORMAT },
	{ "an absolute name", name_an_absolute_path, ERR_FORMAT },
	{ "the manifest last", put_the_manifest_last, ERR_FORMAT },
	{ "a line of 100 MB", blow_up_a_line, ERR_LIMIT },
	{ "a form of 100 MB", blow_up_a_form, ERR_FORMAT },
	{ "a listed form of 100 MB", blow_up_a_listed_form, ERR_LIMIT },
	{ "a manifest of 100 MB", blow_up_the_manifest, ERR_LIMIT },
	{ "a field more", add_a_field, ERR_FORMAT },
	{ "a later version", come_from_a_later_version, ERR_UNSUPPORTED },
	{ "another sender", name_another_sender, ERR_AUTH },
	{ "a statement", spoil_a_statement, ERR_AUTH },
	{ "no cards", take_a_card_away, ERR_FORMAT },
	{ "an event more", invent_an_event, ERR_AUTH },
	{ "the last event less", drop_the_last_event, ERR_AUTH },
	{ "the middle event less", drop_the_middle_event, ERR_FORMAT },
	{ "two events swapped", swap_two_events, ERR_FORMAT },
	{ "no newline at the end", end_without_a_newline, ERR_FORMAT },
	{ "the comment", change_the_comment, ERR_AUTH },
	{ "another comment", say_another_thing, ERR_FORMAT },
};

static void
what_is_wrong_inside_is_found(void **state)
{
	struct forge forge;

	(void)state;
	if (!test_has_program("zstd"))
		skip();
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		print_message("with %s\n", changes[i].name);
		forge_open(&forge, &amina, good);
		changes[i].change(&forge);
		forge_write(&forge, &bruno, &amina, bad);
		assert_refused(bad, changes[i].code);
		forge_release(&forge);
	}
	/* The forge itself is not what is refused. */
	forge_open(&forge, &amina, good);
	forge_write(&forge, &bruno, &amina, bad);
	party_import(&amina, bad);
	forge_release(&forge);
}

static void
what_is_no_bundle_is_refused(void **state)
{
	struct import_summary summary;
	struct err err = { 0 };

	(void)state;
	write_bad("age-encryption.org/v1\nhello", 27);
	assert_refused(bad, ERR_FORMAT);
	/* A name that is not there, and a folder, are nobody's bundle. */
	assert_int_equal(bundle_import(amina.vault, "/nonexistent/x", false,
			     NULL, &summary, &err),
	    -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_int_equal(summary.verdict, BUNDLE_GOOD);
	assert_int_equal(
	    bundle_import(amina.vault, folder, false, NULL, &summary, &err),
	    -1);
	assert_int_equal(summary.verdict, BUNDLE_GOOD);
	assert_int_equal(count_quarantine(), 2);
}

/* ---- a card with another's bundle key ---- */

/* Chloe's card, but with the bundle key of Bruno: she can sign that. */
static char *
steal_a_key(void)
{
	const struct identity *self = identity_get(chloe.vault);
	const uint8_t *minisign = bruno.card.minisign_public.key;
	char device[ID_MAX], key[MINISIGN_TEXT_MAX], signature[96];
	char old_key[MINISIGN_TEXT_MAX];
	uint8_t bytes[64];
	struct buf line = BUF_INIT;
	struct forge_member member = { .name = "card" };
	const char *object = strchr(chloe.card.line, '{');

	id_device(chloe.card.sign_public, minisign,
	    chloe.card.age_recipient.key, device);
	minisign_public_write(&bruno.card.minisign_public, key);
	minisign_public_write(&chloe.card.minisign_public, old_key);
	buf_init(&member.bytes, BUF_MAX_BYTES);
	buf_add(
	    &member.bytes, object, (size_t)(strrchr(object, '}') + 1 - object));
	forge_replace(&member, chloe.card.device, device);
	forge_replace(&member, old_key, key);
	/* People come in the order of their identifiers: hers is the first. */
	forge_replace(&member, chloe.card.person, "P-0000000000000000");
	sign_message(self->sign_key, STATEMENT_CARD, member.bytes.data,
	    member.bytes.len, bytes);
	base64_write(bytes, sizeof(bytes), true, signature, sizeof(signature));
	buf_addf(&line, "[\"" STATEMENT_CARD "\",%s,\"%s\"]", member.bytes.data,
	    signature);
	buf_release(&member.bytes);
	return line.data;
}

static void
a_card_with_the_senders_key_does_not_keep_the_sender_out(void **state)
{
	struct statement statement = { 0 };
	struct roster_entry entry = { 0 };
	struct err err = { 0 };
	char *line = steal_a_key();

	(void)state;
	statement_read(&statement, line, strlen(line), "card", &err);
	assert_no_err(&err);
	statement_insert(amina.vault, &statement, &err);
	trust_refresh(amina.vault, &err);
	assert_no_err(&err);
	/* It is a good card: that is the point. */
	assert_int_equal(
	    roster_find(amina.vault, statement.device, &entry, &err), 1);
	assert_int_equal(entry.trust, TRUST_NONE);
	party_import(&amina, good);
	roster_entry_release(&entry);
	statement_release(&statement);
	free(line);
}

static void
what_is_in_clear_is_not_copied(void **state)
{
	static const char clear[] = "Centrale de Kribi;2;need";

	(void)state;
	write_bad(clear, sizeof(clear) - 1);
	party_refuse(&amina, bad, ERR_FORMAT);
	write_bad("", 0);
	party_refuse(&amina, bad, ERR_FORMAT);
	assert_int_equal(count_quarantine(), 0);
}

/* Only what she signed may tell Amina that her vault is not the only one. */
static void
an_event_made_up_for_the_readers_device_accuses_nobody(void **state)
{
	struct forge forge;
	struct forge_member *events;
	struct hash hash;
	char hex[HASH_HEX_MAX];

	(void)state;
	party_note_with(&amina, visit, "for", bruno.card.person);
	party_export(&amina, bad, &bruno, NULL, true);
	party_import(&bruno, bad);
	party_export(&bruno, good, &amina, NULL, true);
	forge_open(&forge, &amina, good);
	events = forge_member(&forge, amina.card.device);
	hash = hash_of(events->bytes.data, events->bytes.len - 1);
	hash_to_hex(&hash, hex);
	buf_addf(&events->bytes,
	    "{\"subject\":\"%s\",\"device\":\"%s\",\"seq\":2,\"prev\":\"%s\","
	    "\"time\":\"2026-11-23T11:11:12.345+01:00\",\"kind\":\"answer\","
	    "\"body\":{}}\n",
	    visit, amina.card.device, hex);
	forge_replace(&forge.members[0], "\"last\": 1", "\"last\": 2");
	forge_replace(&forge.members[0], "\"events\": 1", "\"events\": 2");
	forge_remanifest(&forge);
	forge_write(&forge, &bruno, &amina, bad);
	assert_refused(bad, ERR_AUTH);
	forge_release(&forge);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make_all, free_all)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_bundle_cut_at_any_length_is_refused),
		CASE(a_bundle_with_any_byte_changed_is_refused),
		CASE(an_unknown_signer_is_refused_and_named),
		CASE(a_signer_who_was_revoked_is_refused_past_the_cut),
		CASE(a_bundle_for_others_is_refused),
		CASE(what_a_reader_passes_on_to_others_is_refused),
		CASE(what_is_wrong_inside_is_found),
		CASE(what_is_no_bundle_is_refused),
		CASE(what_is_in_clear_is_not_copied),
		CASE(a_card_with_the_senders_key_does_not_keep_the_sender_out),
		CASE(an_event_made_up_for_the_readers_device_accuses_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

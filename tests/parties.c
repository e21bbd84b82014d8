/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/parties.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "crypto/secret.h"
#include "storage/db.h"
#include "storage/log.h"

static const char phrase[] = "correct horse battery staple";

/* ---- a projector: the texts that have effect ---- */

static int
keep_note(void *arg, const struct event *event, struct err *err)
{
	struct vault *vault = arg;
	struct db_query *query = db_query(vault_db(vault),
	    "INSERT INTO note (subject, device, seq, text)"
	    " VALUES (?1, ?2, ?3, ?4)",
	    err);
	const char *text = json_opt_text(event->body, "text");

	if (!query)
		return -1;
	db_bind_text(query, 1, event->subject);
	db_bind_text(query, 2, event->device);
	db_bind_int(query, 3, event->seq);
	db_bind_text(query, 4, text ? text : "");
	return db_run(query, err);
}

static int
project_notes(struct vault *vault, const char *subject, struct err *err)
{
	struct db_query *query = db_query(
	    vault_db(vault), "DELETE FROM note WHERE subject = ?1", err);

	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	if (db_run(query, err) < 0)
		return -1;
	return log_read(vault, subject, LOG_EFFECTIVE, keep_note, vault, err);
}

static const char *const note_tables[] = { "note", NULL };

static const struct projector note_projector = {
	.name = "note",
	.schema = "CREATE TABLE IF NOT EXISTS note (subject TEXT NOT NULL,"
		  " device TEXT NOT NULL, seq INTEGER NOT NULL,"
		  " text TEXT NOT NULL, PRIMARY KEY (subject, device, seq))"
		  " STRICT, WITHOUT ROWID;",
	.tables = note_tables,
	.project = project_notes,
};

const struct projector *const party_projectors[] = { &trust_projector,
	&note_projector, NULL };

/* ---- contents: what bodies name ---- */

struct naming {
	const struct bundle_needs *needs;
	const char *person;
	bool concerned;
};

static int
name_needs(void *arg, const struct event *event, struct err *err)
{
	const struct naming *naming = arg;
	const char *form = json_opt_text(event->body, "form");
	const char *blob = json_opt_text(event->body, "blob");
	const char *site = json_opt_text(event->body, "site");
	const struct bundle_needs *needs = naming->needs;
	struct hash digest;

	if (form && hash_from_hex(form, &digest) &&
	    needs->form(needs->arg, &digest, err) < 0)
		return -1;
	if (blob && hash_from_hex(blob, &digest) &&
	    needs->blob(needs->arg, &digest, err) < 0)
		return -1;
	return site ? needs->subject(needs->arg, site, err) : 0;
}

static int
of_subject(struct vault *vault, const char *subject,
    const struct bundle_needs *needs, struct err *err)
{
	struct naming naming = { .needs = needs };

	return log_read(vault, subject, LOG_ALL, name_needs, &naming, err);
}

static int
find_person(void *arg, const struct event *event, struct err *err)
{
	struct naming *naming = arg;
	const char *person = json_opt_text(event->body, "for");

	(void)err;
	if (person && strcmp(person, naming->person) == 0)
		naming->concerned = true;
	return 0;
}

static int
concerns(struct vault *vault, const char *subject, const char *person,
    struct err *err)
{
	struct naming naming = { .person = person };

	if (log_read(vault, subject, LOG_ALL, find_person, &naming, err) < 0)
		return -1;
	return naming.concerned;
}

const struct bundle_contents party_contents = { of_subject, concerns };

/* What the vaults of all parties use. */
static const struct projector *const *projectors = party_projectors;
static const struct bundle_contents *contents = &party_contents;

void
party_use(const struct projector *const *others,
    const struct bundle_contents *other_contents)
{
	projectors = others;
	contents = other_contents;
}

/* ---- people ---- */

static struct secret *
passphrase(void)
{
	char text[sizeof(phrase)];

	memcpy(text, phrase, sizeof(phrase));
	return secret_take(text, sizeof(phrase) - 1, true);
}

void
party_new(
    struct party *party, const char *folder, const char *name, enum role role)
{
	party_new_of(party, folder, name, role, "Ministère de l'Eau");
}

void
party_new_of(struct party *party, const char *folder, const char *name,
    enum role role, const char *organisation)
{
	const struct vault_options options = { .projectors = projectors,
		.cost = kdf_cost_least };
	struct secret *secret, *recovery = NULL;
	struct err err = { 0 };

	assert_int_equal(crypto_init(&err), 0);
	*party = (struct party){ 0 };
	party->path = xasprintf("%s/%s.vault", folder, name);
	secret = passphrase();
	party->vault =
	    vault_create(party->path, secret, &options, &recovery, &err);
	secret_free(secret);
	secret_free(recovery);
	assert_no_err(&err);
	assert_non_null(party->vault);
	identity_create(party->vault, name, organisation, role, NULL, &err);
	assert_no_err(&err);
	card_own(party->vault, &party->card, &err);
	assert_no_err(&err);
}

void
party_open(struct party *party)
{
	const struct vault_options options = { .projectors = projectors,
		.cost = kdf_cost_least };
	struct secret *secret = passphrase();
	struct err err = { 0 };

	party->vault = vault_open(party->path, secret, &options, &err);
	secret_free(secret);
	assert_no_err(&err);
	assert_non_null(party->vault);
	card_release(&party->card); /* when it was open before */
	party->card = (struct card){ 0 };
	card_own(party->vault, &party->card, &err);
	assert_no_err(&err);
}

void
party_close(struct party *party)
{
	vault_close(party->vault);
	card_release(&party->card);
	free(party->path);
	*party = (struct party){ 0 };
}

void
party_copy(struct party *copy, const struct party *party, const char *to)
{
	struct buf command = BUF_INIT;

	*copy = (struct party){ .path = xstrdup(to) };
	buf_addf(&command,
	    "for f in '%s' '%s'-*; do [ -e \"$f\" ] || continue;"
	    " cp \"$f\" '%s'\"${f#'%s'}\"; done",
	    party->path, party->path, to, party->path);
	assert_int_equal(system(command.data), 0);
	buf_release(&command);
	party_open(copy);
}

void
party_trust(struct party *party, const struct party *other)
{
	struct err err = { 0 };

	trust_add(party->vault, &other->card, -1, &err);
	assert_no_err(&err);
}

void
party_know(struct party *one, struct party *other)
{
	party_trust(one, other);
	party_trust(other, one);
}

struct hash
party_note_with(struct party *party, const char *subject, const char *key,
    const char *value)
{
	json_t *body = json_object();
	struct err err = { 0 };
	struct hash hash;

	json_put_text(body, key, value);
	log_append(party->vault, subject, "answer", body, &hash, &err);
	json_decref(body);
	assert_no_err(&err);
	return hash;
}

struct hash
party_note(struct party *party, const char *subject, const char *text)
{
	return party_note_with(party, subject, "text", text);
}

void
party_export(struct party *party, const char *path, const struct party *to,
    const struct party *and_to, bool full)
{
	struct age_recipient recipients[2] = { to->card.age_recipient };
	const char *devices[2] = { to->card.device };
	struct export_request request = { .recipients = recipients,
		.recipient_count = 1,
		.devices = devices,
		.device_count = 1,
		.full = full };
	struct export_summary summary;
	struct err err = { 0 };

	if (and_to) {
		recipients[1] = and_to->card.age_recipient;
		devices[1] = and_to->card.device;
		request.recipient_count = request.device_count = 2;
	}
	bundle_export(party->vault, path, &request, contents, &summary, &err);
	assert_no_err(&err);
}

void
party_import(struct party *party, const char *path)
{
	struct import_summary summary;
	struct err err = { 0 };

	bundle_import(party->vault, path, false, NULL, &summary, &err);
	assert_no_err(&err);
	assert_int_equal(summary.verdict, BUNDLE_GOOD);
	import_summary_release(&summary);
}

static int
tell_one(void *arg, const struct statement *statement, struct err *err)
{
	return statement_insert(arg, statement, err) < 0 ? -1 : 0;
}

void
party_tell(struct party *from, struct party *to)
{
	struct err err = { 0 };

	statement_each(from->vault, NULL, NULL, tell_one, to->vault, &err);
	assert_no_err(&err);
	trust_refresh(to->vault, &err);
	assert_no_err(&err);
}

static int
count_one(void *arg, const struct statement *statement, struct err *err)
{
	(void)statement;
	(void)err;
	++*(size_t *)arg;
	return 0;
}

size_t
party_statements(struct party *party)
{
	struct err err = { 0 };
	size_t count = 0;

	statement_each(party->vault, NULL, NULL, count_one, &count, &err);
	assert_no_err(&err);
	return count;
}

struct hash
party_digest(struct party *party)
{
	struct hash digest;
	struct err err = { 0 };

	projection_digest(party->vault, &digest, &err);
	assert_no_err(&err);
	return digest;
}

void
party_refuse(struct party *party, const char *path, enum err_code code)
{
	const struct hash before = party_digest(party);
	const struct vault_head head = vault_head(party->vault);
	struct import_summary summary;
	struct err err = { 0 };
	struct hash after;

	assert_int_equal(
	    bundle_import(party->vault, path, false, NULL, &summary, &err), -1);
	if (err.code != code)
		fail_msg("%s instead of %s: %s", err_code_name(err.code),
		    err_code_name(code), err.msg);
	assert_int_equal(summary.verdict, BUNDLE_REFUSED);
	assert_string_equal(summary.reason, err.msg);
	import_summary_release(&summary);
	after = party_digest(party);
	assert_true(hash_equal(&before, &after));
	assert_int_equal(vault_head(party->vault).count, head.count);
}

struct find_chain {
	const char *device;
	struct chain chain;
	bool found;
};

static int
take_chain(void *arg, const struct chain *chain, struct err *err)
{
	struct find_chain *find = arg;

	(void)err;
	if (strcmp(chain->device, find->device) == 0) {
		find->chain = *chain;
		find->found = true;
	}
	return 0;
}

struct chain
party_chain(struct party *party, const char *subject, const char *device)
{
	struct find_chain find = { .device = device };
	struct err err = { 0 };

	log_chains(party->vault, subject, take_chain, &find, &err);
	assert_no_err(&err);
	assert_true(find.found);
	return find.chain;
}

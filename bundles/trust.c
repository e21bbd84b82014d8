/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/trust.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "bundles/heads.h"
#include "bundles/judge.h"
#include "bundles/roster.h"
#include "storage/db.h"
#include "storage/log.h"
#include "storage/statement.h"

/* The projector, then what a person says about trust. */

static const char *const trust_tables[] = { "trust_heads", "trust_listed",
	"trust_cut", NULL };

static int
index_one(void *arg, const struct statement *statement, struct err *err)
{
	return heads_index(arg, statement, err);
}

static int
project_all(struct vault *vault, struct err *err)
{
	if (statement_each(
		vault, STATEMENT_HEADS, NULL, index_one, vault, err) < 0)
		return -1;
	return roster_project(vault, err);
}

/* An event of one's own changes no judgement on others. */
static int
apply(struct vault *vault, const struct event *event, struct err *err)
{
	(void)vault;
	(void)event;
	(void)err;
	return 0;
}

const struct projector trust_projector = {
	.name = "trust",
	.schema = "CREATE TABLE IF NOT EXISTS trust_heads ("
		  " device TEXT NOT NULL, counter INTEGER NOT NULL,"
		  " statement BLOB NOT NULL, salt BLOB NOT NULL,"
		  " PRIMARY KEY (device, counter, statement))"
		  " STRICT, WITHOUT ROWID;"
		  "CREATE TABLE IF NOT EXISTS trust_listed ("
		  " statement BLOB NOT NULL, salted TEXT NOT NULL,"
		  " seq INTEGER NOT NULL, head BLOB NOT NULL,"
		  " PRIMARY KEY (statement, salted)) STRICT, WITHOUT ROWID;"
		  "CREATE TABLE IF NOT EXISTS trust_cut ("
		  " device TEXT PRIMARY KEY NOT NULL,"
		  " counter INTEGER NOT NULL, statement BLOB NOT NULL)"
		  " STRICT, WITHOUT ROWID;",
	.tables = trust_tables,
	.project_all = project_all,
	.project = judge_subject,
	.apply = apply,
};

int
trust_refresh(struct vault *vault, struct err *err)
{
	return projection_run_all(vault, err);
}

/* ---- enrolling ---- */

static json_t *
enrolment_body(const struct card *card, const struct hash *hash, enum role role)
{
	json_t *body = json_object();
	char hex[HASH_HEX_MAX];

	hash_to_hex(hash, hex);
	json_put_text(body, "enrolled", card->device);
	json_put_text(body, "card", hex);
	json_put_text(body, "person", card->person);
	json_put_text(body, "role", role_code(role));
	json_put_text(body, "organisation", card->organisation);
	return body;
}

static int
store_card(struct vault *vault, const struct card *card, struct hash *hash,
    struct err *err)
{
	struct statement statement = { 0 };
	int result;

	if (statement_read(
		&statement, card->line, strlen(card->line), _("card"), err) < 0)
		return -1;
	*hash = statement.hash;
	result = statement_insert(vault, &statement, err) < 0 ? -1 : 0;
	statement_release(&statement);
	return result;
}

static int
enrol(struct vault *vault, const struct card *card, enum role role,
    struct err *err)
{
	struct hash hash;
	json_t *body;
	int result;

	if (store_card(vault, card, &hash, err) < 0)
		return -1;
	body = enrolment_body(card, &hash, role);
	result = statement_make(vault, STATEMENT_ENROLMENT, body, &hash, err);
	json_decref(body);
	return result < 0 ? -1 : projection_run_all(vault, err);
}

/* Already so: nothing to sign a second time. */
static int
is_enrolled_so(struct vault *vault, const struct card *card, enum role role,
    bool *so, struct err *err)
{
	struct roster_entry entry = { 0 };
	const int found = roster_find(vault, card->device, &entry, err);

	*so = found > 0 && entry.trust == TRUST_YES && entry.role == role &&
	    strcmp(entry.person, card->person) == 0 &&
	    strcmp(entry.name, card->name) == 0 &&
	    strcmp(entry.organisation, card->organisation) == 0;
	if (found > 0 && entry.trust == TRUST_REVOKED)
		err_set(err, ERR_CONFLICT,
		    _("the device %s was revoked, and a revocation wins: make "
		      "a new vault on it and take its new card"),
		    card->device);
	roster_entry_release(&entry);
	return err->code != ERR_NONE ? -1 : 0;
}

int
trust_add(
    struct vault *vault, const struct card *card, int role, struct err *err)
{
	const struct identity *self = identity_get(vault);
	const enum role as = role >= 0 ? (enum role)role : card->role;
	bool so;

	if (!self)
		return err_set(err, ERR_DENIED,
		    _("the vault has no person yet: nobody could trust "
		      "anybody"));
	if (strcmp(card->device, self->device) == 0)
		return err_set(err, ERR_USAGE,
		    _("this is the card of this very device: it is always "
		      "trusted"));
	*err = (struct err){ 0 };
	if (is_enrolled_so(vault, card, as, &so, err) < 0)
		return -1;
	if (so)
		return 0;
	if (db_begin(vault_db(vault), err) < 0)
		return -1;
	if (enrol(vault, card, as, err) < 0) {
		db_rollback(vault_db(vault));
		return -1;
	}
	return db_commit(vault_db(vault), err);
}

/* ---- completing what was typed ---- */

/* In this order: a short name must not hit some identifier by chance. */
enum match { MATCH_WHOLE_ID, MATCH_NAME, MATCH_ID, MATCH_PART, MATCH_COUNT };

enum { ID_TYPED_MIN = 4 }; /* characters of an identifier */

struct search {
	const char *typed;
	enum match by;
	bool devices; /* each device is a find of its own, not each person */
	size_t found;
	char person[ID_MAX], device[ID_MAX];
};

static bool
same_name(const char *name, const char *typed)
{
	char *one = text_search_key(name), *other = text_search_key(typed);
	const bool same = strcmp(one, other) == 0;

	free(one);
	free(other);
	return same;
}

static bool
matches(const struct roster_entry *entry, const struct search *search)
{
	char key[MINISIGN_TEXT_MAX];

	switch (search->by) {
	case MATCH_WHOLE_ID:
		minisign_public_write(&entry->minisign_public, key);
		return strcmp(key, search->typed) == 0 ||
		    strcmp(entry->device, search->typed) == 0 ||
		    (!search->devices &&
			strcmp(entry->person, search->typed) == 0);
	case MATCH_NAME: return same_name(entry->name, search->typed);
	case MATCH_ID:
		return strlen(search->typed) >= ID_TYPED_MIN &&
		    (id_starts(entry->device, search->typed) ||
			(!search->devices &&
			    id_starts(entry->person, search->typed)));
	case MATCH_PART: return text_matches(entry->name, search->typed);
	case MATCH_COUNT: break;
	}
	return false;
}

static int
note_match(void *arg, const struct roster_entry *entry, struct err *err)
{
	struct search *search = arg;

	(void)err;
	if (!matches(entry, search))
		return 0;
	if (search->devices || strcmp(search->person, entry->person) != 0)
		search->found++;
	snprintf(search->person, sizeof(search->person), "%s", entry->person);
	snprintf(search->device, sizeof(search->device), "%s", entry->device);
	return 0;
}

static int
complete(struct vault *vault, struct search *search, struct err *err)
{
	if (text_is_blank(search->typed))
		return err_set(err, ERR_USAGE, _("no person or device given"));
	for (int by = MATCH_WHOLE_ID; by < MATCH_COUNT && search->found == 0;
	     by++) {
		search->by = (enum match)by;
		if (roster_each(vault, NULL, note_match, search, err) < 0)
			return -1;
	}
	if (search->found == 0)
		return err_set(err, ERR_NOT_FOUND,
		    _("nobody on the roster is called \"%s\": \"ronde trust "
		      "list\" shows who is"),
		    search->typed);
	if (search->found > 1)
		return err_set(err, ERR_CONFLICT,
		    _("\"%s\" may be any of %zu on the roster: write more of "
		      "the identifier"),
		    search->typed, search->found);
	return 0;
}

int
trust_complete_person(struct vault *vault, const char *typed,
    char person[ID_MAX], struct err *err)
{
	struct search search = { .typed = typed };

	if (complete(vault, &search, err) < 0)
		return -1;
	snprintf(person, ID_MAX, "%s", search.person);
	return 0;
}

/* ---- revoking ---- */

struct cut_search {
	const char *typed;
	size_t found;
	char hex[HASH_HEX_MAX];
};

static int
note_statement(void *arg, const struct statement *statement, struct err *err)
{
	struct cut_search *search = arg;
	char hex[HASH_HEX_MAX];

	(void)err;
	hash_to_hex(&statement->hash, hex);
	if (strncmp(hex, search->typed, strlen(search->typed)) == 0) {
		search->found++;
		memcpy(search->hex, hex, sizeof(hex));
	}
	return 0;
}

static int
find_cut(struct vault *vault, const char *device, struct cut_search *search,
    struct err *err)
{
	if (statement_each(vault, STATEMENT_HEADS, device, note_statement,
		search, err) < 0)
		return -1;
	if (search->found == 0)
		return err_set(err, ERR_NOT_FOUND,
		    _("no heads statement of %s begins with \"%s\": give 0 to "
		      "let nothing of it count"),
		    device, search->typed);
	if (search->found > 1)
		return err_set(err, ERR_CONFLICT,
		    _("%zu heads statements begin with \"%s\": write more of "
		      "it"),
		    search->found, search->typed);
	return 0;
}

static int
revoke(struct vault *vault, json_t *body, struct err *err)
{
	struct hash hash;

	if (db_begin(vault_db(vault), err) < 0)
		return -1;
	if (statement_make(vault, STATEMENT_REVOCATION, body, &hash, err) < 0 ||
	    projection_run_all(vault, err) < 0) {
		db_rollback(vault_db(vault));
		return -1;
	}
	return db_commit(vault_db(vault), err);
}

int
trust_revoke(struct vault *vault, const char *key, const char *after,
    const char *reason, struct err *err)
{
	const struct identity *self = identity_get(vault);
	struct search search = { .typed = key, .devices = true };
	struct cut_search cut = { .typed = after };
	const bool nothing = strcmp(after, "0") == 0;
	json_t *body;
	int result;

	if (text_check_clean(
		reason, TEXT_NAME_MAX, true, _("the reason"), err) < 0 ||
	    complete(vault, &search, err) < 0)
		return -1;
	if (self && strcmp(search.device, self->device) == 0)
		return err_set(err, ERR_USAGE,
		    _("a device cannot revoke itself: ask a supervisor"));
	if (!nothing && find_cut(vault, search.device, &cut, err) < 0)
		return -1;
	body = json_object();
	json_put_text(body, "key", search.device);
	json_object_set_new(
	    body, "after", nothing ? json_null() : json_string(cut.hex));
	json_put_text(body, "reason", reason);
	result = revoke(vault, body, err);
	json_decref(body);
	return result;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/identity.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "crypto/sign.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/identity_internal.h"
#include "storage/log_internal.h"
#include "storage/vault_internal.h"

static const struct {
	const char *code, *title;
} roles[ROLE_COUNT] = {
	[ROLE_INSPECTOR] = { "inspector", N_("inspector") },
	[ROLE_SUPERVISOR] = { "supervisor", N_("supervisor") },
	[ROLE_AUTHORITY] = { "authority", N_("authority") },
};

const char *
role_code(enum role role)
{
	return roles[role].code;
}

bool
role_find(const char *code, enum role *role)
{
	for (int i = 0; i < ROLE_COUNT; i++)
		if (strcmp(roles[i].code, code) == 0) {
			*role = (enum role)i;
			return true;
		}
	return false;
}

const char *
role_title(enum role role)
{
	return _(roles[role].title);
}

static void
release(struct identity *identity)
{
	for (size_t i = 0; i < identity->former_count; i++)
		secret_free(identity->former[i].age_identity);
	free(identity->former);
	secret_free(identity->sign_key);
	minisign_secret_release(&identity->minisign_key);
	secret_free(identity->age_identity);
	free((char *)(uintptr_t)identity->name);
	free((char *)(uintptr_t)identity->organisation);
}

void
identity_free(struct identity *identity)
{
	if (!identity)
		return;
	release(identity);
	free(identity);
}

static int
check_name(const char *name, const char *what, struct err *err)
{
	if (text_is_blank(name))
		return err_set(err, ERR_VALUE, _("%s is empty"), what);
	return text_check_clean(name, TEXT_NAME_MAX, false, what, err);
}

void
identity_make_keys(struct identity *made)
{
	made->sign_key = sign_new_key(made->sign_public);
	minisign_new(&made->minisign_key, &made->minisign_public);
	made->age_identity = age_new_identity(&made->age_recipient);
	id_device(made->sign_public, made->minisign_public.key,
	    made->age_recipient.key, made->device);
}

int
identity_store(struct db *db, const struct identity *made, struct err *err)
{
	struct db_query *query = db_query(db,
	    "INSERT INTO identity (id, person, device, name, organisation,"
	    " role, sign_key, sign_public, minisign_number, minisign_key,"
	    " minisign_public, age_identity) VALUES"
	    " (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
	    err);
	int result;

	if (!query)
		return -1;
	db_bind_text(query, 1, made->person);
	db_bind_text(query, 2, made->device);
	db_bind_text(query, 3, made->name);
	db_bind_text(query, 4, made->organisation);
	db_bind_text(query, 5, role_code(made->role));
	db_bind_blob(query, 6, made->sign_key->data, made->sign_key->len);
	db_bind_blob(query, 7, made->sign_public, sizeof(made->sign_public));
	db_bind_blob(query, 8, made->minisign_public.number,
	    sizeof(made->minisign_public.number));
	db_bind_blob(query, 9, made->minisign_key.key->data,
	    made->minisign_key.key->len);
	db_bind_blob(query, 10, made->minisign_public.key,
	    sizeof(made->minisign_public.key));
	db_bind_blob(
	    query, 11, made->age_identity->data, made->age_identity->len);
	result = db_run(query, err);
	/* The copies of the keys that SQLite holds for the statement go now. */
	db_forget(query);
	return result;
}

int
identity_create(struct vault *vault, const char *name, const char *organisation,
    enum role role, const char *person, struct err *err)
{
	struct identity *made;
	int result;

	if (identity_get(vault))
		return err_set(err, ERR_EXISTS,
		    _("the vault has a person already: %s"),
		    vault->identity->name);
	if (check_name(name, _("the name"), err) < 0 ||
	    check_name(organisation, _("the organisation"), err) < 0)
		return -1;
	if (person && !id_is(ID_PERSON, person))
		return err_set(err, ERR_VALUE,
		    _("%.40s is not the identifier of a person"), person);
	made = xcalloc(1, sizeof(*made));
	made->name = xstrdup(name);
	made->organisation = xstrdup(organisation);
	made->role = role;
	if (person)
		snprintf(made->person, sizeof(made->person), "%s", person);
	else
		id_new(ID_PERSON, made->person);
	identity_make_keys(made);
	result = db_begin(vault->db, err);
	if (result == 0) {
		result = identity_store(vault->db, made, err);
		if (result < 0)
			db_rollback(vault->db);
		else
			result = db_commit(vault->db, err);
	}
	identity_free(made);
	return result;
}

static struct secret *
read_secret(struct db_query *query, int column, size_t len)
{
	struct secret *secret = secret_new(len);

	if (db_copy_blob(query, column, secret->data, len))
		return secret;
	secret_free(secret);
	return NULL;
}

static bool
read_keys(struct db_query *query, struct identity *found)
{
	found->sign_key = read_secret(query, 5, SIGN_SECRET_BYTES);
	found->minisign_key.key = read_secret(query, 8, SIGN_SECRET_BYTES);
	found->age_identity = read_secret(query, 10, AGE_KEY_BYTES);
	if (!found->sign_key || !found->minisign_key.key ||
	    !found->age_identity ||
	    !db_copy_blob(
		query, 6, found->sign_public, sizeof(found->sign_public)) ||
	    !db_copy_blob(query, 7, found->minisign_public.number,
		sizeof(found->minisign_public.number)) ||
	    !db_copy_blob(query, 9, found->minisign_public.key,
		sizeof(found->minisign_public.key)))
		return false;
	memcpy(found->minisign_key.number, found->minisign_public.number,
	    sizeof(found->minisign_key.number));
	age_recipient_of(found->age_identity, &found->age_recipient);
	return true;
}

static struct identity *
load(struct db_query *query)
{
	struct identity *found = xcalloc(1, sizeof(*found));

	snprintf(found->person, sizeof(found->person), "%s", db_text(query, 0));
	snprintf(found->device, sizeof(found->device), "%s", db_text(query, 1));
	found->name = xstrdup(db_text(query, 2));
	found->organisation = xstrdup(db_text(query, 3));
	if (role_find(db_text(query, 4), &found->role) &&
	    read_keys(query, found))
		return found;
	identity_free(found);
	return NULL;
}

static int
read_identity(struct vault *vault, struct identity **identity, struct err *err)
{
	struct db_query *query;
	int found;

	*identity = NULL;
	query = db_query(vault->db,
	    "SELECT person, device, name, organisation, role, sign_key,"
	    " sign_public, minisign_number, minisign_key, minisign_public,"
	    " age_identity FROM identity",
	    err);
	if (!query)
		return -1;
	found = db_step(query, err);
	if (found > 0)
		*identity = load(query);
	db_forget(query);
	if (found > 0 && !*identity)
		return err_set(err, ERR_FORMAT,
		    _("the owner of %s cannot be read; put a backup in its "
		      "place"),
		    vault->path);
	if (found > 0 && former_load(vault, *identity, err) < 0) {
		identity_free(*identity);
		*identity = NULL;
		return -1;
	}
	return found;
}

int
identity_load(struct vault *vault, struct err *err)
{
	return vault->identity ? 1
			       : read_identity(vault, &vault->identity, err);
}

int
identity_reload(struct vault *vault, struct err *err)
{
	struct identity *found;

	if (!vault->identity)
		return identity_load(vault, err) < 0 ? -1 : 0;
	if (read_identity(vault, &found, err) < 0)
		return -1;
	assert(found);
	release(vault->identity);
	*vault->identity = *found;
	free(found); /* what it held is the vault's now */
	return 0;
}

const struct identity *
identity_get(struct vault *vault)
{
	struct err ignored = { 0 };

	return identity_load(vault, &ignored) > 0 ? vault->identity : NULL;
}

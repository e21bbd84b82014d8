/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/device.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"

#include "bundles/heads.h"
#include "storage/backup.h"
#include "storage/db.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/statement.h"
#include "storage/vault.h"

/* ---- backup ---- */

struct covering {
	const char *device;
	struct heads_lists lists;
	bool covered;
};

static int
look_at_chain(void *arg, const struct chain *chain, struct err *err)
{
	struct covering *covering = arg;
	struct heads_around around;

	(void)err;
	if (!covering->covered || strcmp(chain->device, covering->device) != 0)
		return 0;
	heads_lists_find(&covering->lists, chain->subject, &around);
	covering->covered = around.now.seq == chain->last &&
	    hash_equal(&around.now.head, &chain->head);
	return 0;
}

/* Does the last heads statement list every event of this device? */
static int
is_covered(struct vault *vault, bool *covered, struct err *err)
{
	struct covering covering = { .covered = true };
	struct hash last;
	int result;

	covering.device = identity_get(vault)->device;
	result = heads_last(vault, covering.device, &last, err);
	if (result > 0)
		result = heads_lists_load(
		    vault, covering.device, &last, &covering.lists, err);
	if (result >= 0)
		result = log_chains(vault, NULL, look_at_chain, &covering, err);
	heads_lists_release(&covering.lists);
	*covered = covering.covered;
	return result < 0 ? -1 : 0;
}

int
device_cover(struct vault *vault, struct err *err)
{
	struct hash hash;
	bool covered;

	/* One that lacks events would give its statement a number twice. */
	if (!identity_get(vault) || vault_is_held(vault))
		return 0;
	if (is_covered(vault, &covered, err) < 0)
		return -1;
	if (covered)
		return 0;
	if (db_begin(vault_db(vault), err) < 0)
		return -1;
	if (heads_make(vault, HEADS_FOR_BACKUP, &hash, err) < 0) {
		db_rollback(vault_db(vault));
		return -1;
	}
	return db_commit(vault_db(vault), err);
}

int
device_backup(struct vault *vault, const char *path,
    const struct progress *progress, struct err *err)
{
	if (vault_backup_name(path, err) < 0)
		return -1;
	/* One that lacks what it once had must not sign that it has less. */
	if (!vault_is_held(vault) && device_cover(vault, err) < 0)
		return -1;
	return vault_backup(vault, path, progress, err);
}

/* ---- another device ---- */

/* A statement of the former device that the new one makes its own. */
struct promise {
	const char *type;
	char of[ID_MAX]; /* the device that it is about */
	json_t *body;    /* owned; without device and time */
};

struct renewing {
	struct vault *vault;
	struct device_renewed *renewed;
	struct card before;
	struct promise *promises;
	size_t count, room;
};

static void
release_promises(struct renewing *renewing)
{
	for (size_t i = 0; i < renewing->count; i++)
		json_decref(renewing->promises[i].body);
	free(renewing->promises);
	card_release(&renewing->before);
}

static bool
is_later(const json_t *one, const json_t *other)
{
	const char *left = json_opt_text(one, "time");
	const char *right = json_opt_text(other, "time");
	int64_t left_ms = 0, right_ms = 0;

	return left && right && clock_parse(left, &left_ms) &&
	    clock_parse(right, &right_ms) && left_ms > right_ms;
}

static struct promise *
find_promise(const struct renewing *renewing, const char *type, const char *of)
{
	for (size_t i = 0; i < renewing->count; i++)
		if (strcmp(renewing->promises[i].type, type) == 0 &&
		    strcmp(renewing->promises[i].of, of) == 0)
			return &renewing->promises[i];
	return NULL;
}

static void
keep_promise(struct renewing *renewing, const char *type, const char *of,
    const json_t *body)
{
	struct promise *promise;

	mem_grow(&renewing->promises, &renewing->room, renewing->count + 1,
	    sizeof(*renewing->promises));
	promise = &renewing->promises[renewing->count++];
	*promise =
	    (struct promise){ .type = type, .body = json_deep_copy(body) };
	snprintf(promise->of, sizeof(promise->of), "%s", of);
}

/* Of several enrolments of one device the latest counts. */
static int
keep_enrolment(void *arg, const struct statement *statement, struct err *err)
{
	struct renewing *renewing = arg;
	const char *of = json_opt_text(statement->body, "enrolled");
	struct promise *held;

	(void)err;
	held = of ? find_promise(renewing, STATEMENT_ENROLMENT, of) : NULL;
	if (held && is_later(statement->body, held->body)) {
		json_decref(held->body);
		held->body = json_deep_copy(statement->body);
	} else if (of && !held) {
		keep_promise(
		    renewing, STATEMENT_ENROLMENT, of, statement->body);
	}
	return 0;
}

/* All cuts are kept: the earliest counts. */
static int
keep_revocation(void *arg, const struct statement *statement, struct err *err)
{
	const char *of = json_opt_text(statement->body, "key");

	(void)err;
	if (of)
		keep_promise(arg, STATEMENT_REVOCATION, of, statement->body);
	return 0;
}

static int
collect(struct renewing *renewing, const char *device, struct err *err)
{
	struct vault *vault = renewing->vault;

	/* Its card is made now if nobody ever asked for it. */
	if (card_own(vault, &renewing->before, err) < 0 ||
	    statement_each(vault, STATEMENT_ENROLMENT, device, keep_enrolment,
		renewing, err) < 0)
		return -1;
	return statement_each(vault, STATEMENT_REVOCATION, device,
	    keep_revocation, renewing, err);
}

static int
enrol_former(const struct renewing *renewing, struct err *err)
{
	const struct card *card = &renewing->before;
	const struct hash line = hash_of(card->line, strlen(card->line));
	char hex[HASH_HEX_MAX];
	struct hash hash;
	json_t *body;
	int result;

	hash_to_hex(&line, hex);
	body = json_pack("{s:s, s:s, s:s, s:s, s:s}", "enrolled", card->device,
	    "card", hex, "person", card->person, "role", role_code(card->role),
	    "organisation", card->organisation);
	result = statement_make(
	    renewing->vault, STATEMENT_ENROLMENT, body, &hash, err);
	json_decref(body);
	return result;
}

/* With the new keys. */
static int
sign_again(struct vault *vault, void *arg, struct err *err)
{
	struct renewing *renewing = arg;
	struct card card = { 0 };
	struct hash hash;

	if (card_own(vault, &card, err) < 0)
		return -1;
	card_release(&card);
	if (enrol_former(renewing, err) < 0)
		return -1;
	for (size_t i = 0; i < renewing->count; i++) {
		struct promise *promise = &renewing->promises[i];

		json_object_del(promise->body, "device");
		json_object_del(promise->body, "time");
		if (statement_make(
			vault, promise->type, promise->body, &hash, err) < 0)
			return -1;
		if (strcmp(promise->type, STATEMENT_ENROLMENT) == 0)
			renewing->renewed->trusted++;
	}
	return projection_run_all(vault, err);
}

static int
count_uncovered(void *arg, const struct chain *chain, struct err *err)
{
	struct renewing *renewing = arg;
	int64_t covered;

	if (strcmp(chain->device, renewing->before.device) != 0)
		return 0;
	if (heads_covered(renewing->vault, chain->device, chain->subject,
		&covered, err) < 0)
		return -1;
	if (covered < chain->effective)
		renewing->renewed->uncovered +=
		    (size_t)(chain->effective - covered);
	return 0;
}

int
device_renew(
    struct vault *vault, struct device_renewed *renewed, struct err *err)
{
	struct device_renewed done = { 0 };
	struct renewing renewing = { .vault = vault, .renewed = &done };
	const struct identity *self = identity_get(vault);
	int result = -1;

	if (!self)
		return err_set(err, ERR_NOT_FOUND,
		    _("the vault has no person yet: there is no device to "
		      "replace"));
	snprintf(done.before, sizeof(done.before), "%s", self->device);
	if (collect(&renewing, done.before, err) == 0 &&
	    identity_renew(vault, sign_again, &renewing, err) == 0)
		result =
		    log_chains(vault, NULL, count_uncovered, &renewing, err);
	release_promises(&renewing);
	if (result == 0)
		*renewed = done;
	return result;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vault.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "storage/db_internal.h"
#include "storage/identity.h"
#include "storage/log_internal.h"
#include "storage/recent.h"
#include "storage/vault_header.h"
#include "storage/vault_internal.h"
#include "storage/vault_lock.h"
#include "storage/vault_slots.h"
#include "storage/vfs.h"

/* Opening and closing; vault_create.c makes a new one. */

/* After each durable commit: the next header will carry this head. */
static void
keep_head(void *arg)
{
	struct vault *vault = arg;
	struct vault_head head = { 0 };
	struct err err = { 0 };

	if (log_known_head(vault, &head, &err) != 0)
		return;
	vfs_set_head(vault->vfs, &head);
	watch_committed(vault, &head);
}

/* The log must have, or extend, what the header says was there. */
static int
check_head(struct vault *vault, struct err *err)
{
	const struct vault_head known = vfs_header(vault->vfs)->head;
	struct vault_head head = { 0 };
	struct hash hash = { 0 };
	int found;

	if (log_head(vault->db, &head, err) != 0)
		return -1;
	if (known.count > 0) {
		found = log_head_at(vault->db, known.count, &hash, err);
		if (found < 0)
			return -1;
		if (!found || !hash_equal(&hash, &known.hash))
			return err_set(err, ERR_FORMAT,
			    _("%s was put back to an older state or altered: "
			      "its header knows %llu events, its log holds "
			      "%llu; take the newest backup"),
			    vault->path, (unsigned long long)known.count,
			    (unsigned long long)head.count);
	}
	vfs_set_head(vault->vfs, &head);
	return 0;
}

static int
update(struct vault *vault, const struct progress *progress, struct err *err)
{
	if (schema_update(vault->db, NULL, err) != 0 ||
	    check_head(vault, err) != 0 || identity_load(vault, err) < 0)
		return -1;
	return projection_update(vault, progress, err);
}

/*
 * All in one transaction: a vault that is refused, and one whose opening is
 * interrupted, is what it was before.
 */
static int
bring_up_to_date(
    struct vault *vault, const struct vault_options *options, struct err *err)
{
	if (db_begin(vault->db, err) != 0)
		return -1;
	if (update(vault, options ? options->progress : NULL, err) != 0) {
		db_rollback(vault->db);
		return -1;
	}
	return db_commit(vault->db, err);
}

struct vault *
vault_open_key(const char *path, int lock, const struct vault_header *header,
    const struct secret *key, const struct vault_options *options,
    struct err *err)
{
	struct vault *vault = xcalloc(1, sizeof(*vault));

	vault->lock = lock;
	vault->path = xstrdup(path);
	vault->key = secret_take(key->data, key->len, false);
	vault->projectors = options ? options->projectors : NULL;
	hex_write(header->id, VAULT_ID_BYTES, vault->id);
	vault->vfs = vfs_new(path, header, key, NULL, false);
	vault->db = db_open(path, vfs_name(vault->vfs), vfs_setup_open, err);
	if (!vault->db)
		goto fail;
	if (bring_up_to_date(vault, options, err) != 0 ||
	    watch_begin(vault, options, key, err) != 0)
		goto fail;
	db_on_commit(vault->db, keep_head, vault);
	vfs_settle(vault->vfs);
	return vault;
fail:
	vault_close(vault);
	return NULL;
}

void
vault_close(struct vault *vault)
{
	if (!vault)
		return;
	identity_free(vault->identity);
	recent_free(vault->recent);
	db_close(vault->db);
	watch_end(vault->watch);
	vfs_free(vault->vfs);
	if (vault->lock >= 0)
		close(vault->lock); /* last: it ends the lock */
	secret_free(vault->key);
	free(vault->path);
	free(vault);
}

/* A change of slots that was cut off between the copies is finished. */
static int
finish_slots(struct vault *vault, struct err *err)
{
	return vfs_set_slots(
	    vault->vfs, vfs_header(vault->vfs)->slots, vault->path, err);
}

static struct vault *
open_with(const char *path, const struct vault_way *way,
    const struct vault_options *options, struct err *err)
{
	struct vault_unlocked unlocked;
	struct vault *vault;

	if (vault_unlock_way(path, way, &unlocked, err) != 0)
		return NULL;
	vault = vault_open_key(
	    path, unlocked.lock, &unlocked.header, unlocked.key, options, err);
	secret_free(unlocked.key);
	if (vault && unlocked.slots_differ && !vault_is_held(vault) &&
	    finish_slots(vault, err) != 0) {
		vault_close(vault);
		vault = NULL;
	}
	if (vault && !vault_is_held(vault))
		vault_renew_forget(path, unlocked.header.id);
	return vault;
}

struct vault *
vault_open(const char *path, const struct secret *passphrase,
    const struct vault_options *options, struct err *err)
{
	const struct vault_way way = { .kind = SLOT_PASSPHRASE,
		.words = passphrase };

	return open_with(path, &way, options, err);
}

struct vault *
vault_open_recovery(const char *path, const struct secret *code,
    const struct vault_options *options, struct err *err)
{
	struct secret *words =
	    recovery_code_read((const char *)code->data, code->len, err);
	const struct vault_way way = { .kind = SLOT_RECOVERY, .words = words };
	struct vault *vault;

	if (!words)
		return NULL;
	vault = open_with(path, &way, options, err);
	secret_free(words);
	return vault;
}

struct vault *
vault_open_programme(const char *path, const struct secret *const *identities,
    size_t count, const struct vault_options *options, struct err *err)
{
	const struct vault_way way = { .kind = SLOT_PROGRAMME,
		.identities = identities,
		.identity_count = count };

	return open_with(path, &way, options, err);
}

const char *
vault_path(const struct vault *vault)
{
	return vault->path;
}

struct db *
vault_db(struct vault *vault)
{
	return vault->db;
}

const char *
vault_id(const struct vault *vault)
{
	return vault->id;
}

struct vault_head
vault_head(struct vault *vault)
{
	struct vault_head head = { 0 };
	struct err err = { 0 };

	if (log_head(vault->db, &head, &err) != 0)
		memset(&head, 0, sizeof(head));
	return head;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vault.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

	if (log_head(vault->db, &head, &err) == 0)
		vfs_set_head(vault->vfs, &head);
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

struct vault *
vault_open_key(const char *path, int lock, const struct vault_header *header,
    const struct secret *key, const struct vault_options *options,
    struct err *err)
{
	struct vault *vault = xcalloc(1, sizeof(*vault));

	vault->lock = lock;
	vault->path = xstrdup(path);
	vault->projectors = options ? options->projectors : NULL;
	hex_write(header->id, VAULT_ID_BYTES, vault->id);
	vault->vfs = vfs_new(path, header, key, NULL, false);
	vault->db = db_open(path, vfs_name(vault->vfs), vfs_setup_open, err);
	if (!vault->db)
		goto fail;
	if (schema_update(vault->db, vault->projectors, err) != 0)
		goto fail;
	if (check_head(vault, err) != 0 || identity_load(vault, err) < 0)
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
	vfs_free(vault->vfs);
	if (vault->lock >= 0)
		close(vault->lock); /* last: it ends the lock */
	free(vault->path);
	free(vault);
}

static int
read_copies(
    int fd, const char *path, struct vault_copies *copies, struct err *err)
{
	uint8_t bytes[VAULT_HEADER_BYTES];
	size_t len = 0;
	struct stat info;
	ssize_t got;

	do {
		got = pread(fd, bytes + len, sizeof(bytes) - len, (off_t)len);
		len += got > 0 ? (size_t)got : 0;
	} while (got > 0 && len < sizeof(bytes));
	if (got < 0 || fstat(fd, &info) != 0)
		return err_errno(err, _("cannot read %s"), path);
	if (vault_header_read(copies, bytes, len, path, err) != 0)
		return -1;
	if (info.st_size < VAULT_HEADER_BYTES + VAULT_PAGE_BYTES)
		return err_set(err, ERR_FORMAT,
		    _("%s is cut short: it ends at byte %lld, inside its "
		      "first page; put a backup in its place"),
		    path, (long long)info.st_size);
	return 0;
}

/*
 * The data key, and the newest copy of the header that it proves genuine.
 * The second copy's slots are tried only where they are other ones: a wrong
 * passphrase is not paid for twice.
 */
static struct secret *
unlock(const struct vault_copies *copies, enum vault_slot_kind kind,
    const struct secret *words, const struct vault_header **header,
    struct err *err)
{
	struct secret *key = NULL, *mac_key = NULL;
	struct err slot_err = { 0 };

	*header = NULL;
	for (size_t i = 0; i < copies->count && !key; i++)
		if (i == 0 ||
		    !vault_slots_are_same(
			&copies->headers[0], &copies->headers[1]))
			key = vault_slot_open(
			    &copies->headers[i], kind, words, &slot_err);
	if (!key) {
		*err = slot_err;
		return NULL;
	}
	mac_key = vault_header_key(key);
	for (size_t i = 0; i < copies->count && !*header; i++)
		if (vault_copy_is_genuine(copies->bytes[i], mac_key->data))
			*header = &copies->headers[i];
	secret_free(mac_key);
	if (*header)
		return key;
	err_set(err, ERR_FORMAT,
	    _("its header was altered by someone without the key; take a "
	      "backup"));
	secret_free(key);
	return NULL;
}

int
vault_unlock(const char *path, enum vault_slot_kind kind,
    const struct secret *words, struct vault_unlocked *unlocked,
    struct err *err)
{
	struct vault_copies *copies = xcalloc(1, sizeof(*copies));
	const struct vault_header *header;
	struct secret *key = NULL;
	int lock = vault_lock_open(path, err);

	if (lock < 0)
		goto out;
	if (read_copies(lock, path, copies, err) != 0)
		goto out;
	key = unlock(copies, kind, words, &header, err);
	if (!key && err->code == ERR_AUTH)
		err_set(err, ERR_AUTH,
		    kind == SLOT_RECOVERY
			? _("this is not the recovery code of %s; it may be "
			    "that of another vault")
			: _("wrong passphrase for %s; try again, or use the "
			    "recovery code"),
		    path);
	else if (!key)
		err_wrap(err, _("cannot open the vault %s"), path);
	if (!key)
		goto out;
	*unlocked = (struct vault_unlocked){ lock, *header, key };
	lock = -1; /* now the caller's */
out:
	if (lock >= 0)
		close(lock);
	free(copies);
	return key ? 0 : -1;
}

static struct vault *
open_with(const char *path, enum vault_slot_kind kind,
    const struct secret *words, const struct vault_options *options,
    struct err *err)
{
	struct vault_unlocked unlocked;
	struct vault *vault;

	if (vault_unlock(path, kind, words, &unlocked, err) != 0)
		return NULL;
	vault = vault_open_key(
	    path, unlocked.lock, &unlocked.header, unlocked.key, options, err);
	secret_free(unlocked.key);
	return vault;
}

struct vault *
vault_open(const char *path, const struct secret *passphrase,
    const struct vault_options *options, struct err *err)
{
	return open_with(path, SLOT_PASSPHRASE, passphrase, options, err);
}

struct vault *
vault_open_recovery(const char *path, const struct secret *code,
    const struct vault_options *options, struct err *err)
{
	struct secret *words =
	    recovery_code_read((const char *)code->data, code->len, err);
	struct vault *vault;

	if (!words)
		return NULL;
	vault = open_with(path, SLOT_RECOVERY, words, options, err);
	secret_free(words);
	return vault;
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

/* SPDX-License-Identifier: Apache-2.0 */
/* From a path and what a person has to the header and the data key. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "storage/vault_internal.h"
#include "storage/vault_lock.h"
#include "storage/vault_slots.h"

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

static bool
slots_differ(const struct vault_copies *copies)
{
	return copies->count == 2 &&
	    !vault_slots_are_same(&copies->headers[0], &copies->headers[1]);
}

/*
 * The data key, and the newest copy of the header that it proves genuine.
 * The second copy's slots are tried only where they are other ones: a wrong
 * passphrase is not paid for twice.
 */
static struct secret *
try_slots(const struct vault_copies *copies, const struct vault_way *way,
    const struct vault_header **header, struct err *err)
{
	struct secret *key = NULL, *mac_key = NULL;
	struct err slot_err = { 0 };

	*header = NULL;
	for (size_t i = 0; i < copies->count && !key; i++)
		if (i == 0 || slots_differ(copies))
			key = vault_slot_open(
			    &copies->headers[i], way, &slot_err);
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

static void
refuse(enum vault_slot_kind kind, const char *path, struct err *err)
{
	if (kind == SLOT_RECOVERY)
		err_set(err, ERR_AUTH,
		    _("this is not the recovery code of %s; it may be that of "
		      "another vault"),
		    path);
	else if (kind == SLOT_PROGRAMME)
		err_set(err, ERR_AUTH,
		    _("this key opens no slot of %s; take the one whose "
		      "recipient was added as a programme key"),
		    path);
	else
		err_set(err, ERR_AUTH,
		    _("wrong passphrase for %s; try again, or use the recovery "
		      "code"),
		    path);
}

int
vault_unlock_way(const char *path, const struct vault_way *way,
    struct vault_unlocked *unlocked, struct err *err)
{
	struct vault_copies *copies = xcalloc(1, sizeof(*copies));
	const struct vault_header *header;
	struct secret *key = NULL;
	int lock = vault_lock_open(path, err);

	if (lock < 0)
		goto out;
	if (read_copies(lock, path, copies, err) != 0)
		goto out;
	key = try_slots(copies, way, &header, err);
	if (!key && err->code == ERR_AUTH)
		refuse(way->kind, path, err);
	else if (!key)
		err_wrap(err, _("cannot open the vault %s"), path);
	if (!key)
		goto out;
	*unlocked =
	    (struct vault_unlocked){ lock, *header, key, slots_differ(copies) };
	lock = -1; /* now the caller's */
out:
	if (lock >= 0)
		close(lock);
	free(copies);
	return key ? 0 : -1;
}

int
vault_unlock(const char *path, enum vault_slot_kind kind,
    const struct secret *words, struct vault_unlocked *unlocked,
    struct err *err)
{
	const struct vault_way way = { .kind = kind, .words = words };

	return vault_unlock_way(path, &way, unlocked, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "storage/db_internal.h"
#include "storage/vault_internal.h"
#include "storage/vault_lock.h"
#include "storage/vault_slots.h"
#include "storage/vfs.h"

/*
 * A new vault is made whole under a temporary name, synced, and only then
 * given its name: a crash before that leaves no vault, after it a good one.
 */

static struct kdf_cost
cost_of(const struct vault_options *options)
{
	return options && options->cost.passes > 0 ? options->cost
						   : kdf_cost_here();
}

/* Random bits need no stretching (vault_recovery.c): the least cost. */
static int
seal_slots(struct vault_header *header, const struct secret *passphrase,
    const struct kdf_cost *cost, const struct secret *recovery,
    const struct secret *key, struct err *err)
{
	struct secret *words = recovery_code_read(
	    (const char *)recovery->data, recovery->len, err);
	int result = -1;

	if (!words)
		return -1;
	if (vault_slot_seal(
		header, SLOT_PASSPHRASE, passphrase, cost, key, err) == 0)
		result = vault_slot_seal(
		    header, SLOT_RECOVERY, words, &kdf_cost_least, key, err);
	secret_free(words);
	return result;
}

static int
write_copies(int fd, const char *path, const struct vault_header *header,
    const struct secret *key, struct err *err)
{
	struct secret *mac_key = vault_header_key(key);
	uint8_t bytes[VAULT_HEADER_BYTES];

	vault_header_write(header, mac_key->data, bytes);
	memcpy(bytes + VAULT_COPY_BYTES, bytes, VAULT_COPY_BYTES);
	secret_free(mac_key);
	return file_write_all(fd, bytes, sizeof(bytes), path, err);
}

/* The empty database behind the header; `header` may move on by it. */
static int
write_database(const char *path, struct vault_header *header,
    const struct secret *key, struct err *err)
{
	struct vfs *vfs = vfs_new(path, header, key, NULL, true);
	struct db *db = db_open(path, vfs_name(vfs), vfs_setup_new, err);

	db_close(db);
	*header = *vfs_header(vfs);
	vfs_free(vfs);
	return db ? 0 : -1;
}

int
vault_take_name(const char *temporary, const char *path, struct err *err)
{
	int done =
	    renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE);

	if (done != 0 && (errno == EINVAL || errno == ENOSYS)) {
		/* A file system that cannot promise it: ask, then rename. */
		errno = EEXIST;
		if (!file_exists(path))
			done = rename(temporary, path);
	}
	if (done == 0)
		return file_sync_folder(path, err);
	if (errno == EEXIST)
		return err_set(err, ERR_EXISTS,
		    _("%s exists already; choose another name"), path);
	return err_errno(err, _("cannot make the vault %s"), path);
}

/* Makes the file and gives it its name.  Returns its locked descriptor. */
static int
make_file(const char *path, const char *shown, struct vault_header *header,
    const struct secret *key, struct err *err)
{
	uint8_t random[4];
	char hex[2 * sizeof(random) + 1], *temporary, *wal;
	int fd;

	random_bytes(random, sizeof(random));
	hex_write(random, sizeof(random), hex);
	temporary = xasprintf("%s.new-%s", path, hex);
	wal = xasprintf("%s-wal", temporary);
	fd = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0) {
		err_errno(err, _("cannot make the vault %s"), shown);
		goto out;
	}
	if (vault_lock(fd, shown, err) != 0)
		goto fail;
	if (write_copies(fd, temporary, header, key, err) != 0 ||
	    write_database(temporary, header, key, err) != 0) {
		err_wrap(err, _("cannot make the vault %s"), shown);
		goto fail;
	}
	if (fsync(fd) != 0) {
		err_errno(err, _("cannot make the vault %s"), shown);
		goto fail;
	}
	if (vault_take_name(temporary, path, err) == 0)
		goto out;
fail:
	unlink(temporary);
	unlink(wal);
	close(fd);
	fd = -1;
out:
	free(wal);
	free(temporary);
	return fd;
}

void
vault_remove_files(const char *path)
{
	char *wal = xasprintf("%s-wal", path);

	unlink(wal);
	unlink(path);
	free(wal);
}

struct vault *
vault_make(const char *path, const char *shown, const struct secret *passphrase,
    const struct vault_options *options, struct secret **recovery,
    struct err *err)
{
	const struct kdf_cost cost = cost_of(options);
	struct vault_header header;
	struct secret *key = NULL, *code = NULL;
	struct vault *vault = NULL;
	int fd;

	if (passphrase->len == 0) {
		err_set(err, ERR_USAGE, _("a passphrase cannot be empty"));
		return NULL;
	}
	if (file_exists(path)) {
		err_set(err, ERR_EXISTS,
		    _("%s exists already; choose another name"), shown);
		return NULL;
	}
	key = secret_random(VAULT_KEY_BYTES);
	code = recovery_code_new();
	vault_header_init(&header);
	if (seal_slots(&header, passphrase, &cost, code, key, err) != 0)
		goto out;
	fd = make_file(path, shown, &header, key, err);
	if (fd < 0)
		goto out;
	vault = vault_open_key(path, fd, &header, key, options, err);
	if (!vault) {
		/* Without tables, and nobody was shown its code. */
		vault_remove_files(path);
		goto out;
	}
	*recovery = code;
	code = NULL; /* now the caller's */
out:
	secret_free(code);
	secret_free(key);
	return vault;
}

struct vault *
vault_create(const char *path, const struct secret *passphrase,
    const struct vault_options *options, struct secret **recovery,
    struct err *err)
{
	return vault_make(path, path, passphrase, options, recovery, err);
}

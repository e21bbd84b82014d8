/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A vault under way: it lies beside its place until its owner holds the
 * recovery code, so that no interruption leaves a vault that nobody could
 * ever recover, or one without an owner.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "storage/vault.h"
#include "storage/vault_header.h"
#include "storage/vault_internal.h"
#include "storage/vault_lock.h"

char *
vault_place_of_new(const char *path)
{
	return xasprintf("%s.ronde-new", path);
}

/* Zeroes: one that was cut off before its first block was on the disk. */
static int
check_left_over(int fd, const char *path, struct err *err)
{
	uint8_t bytes[VAULT_COPY_BYTES] = { 0 };
	const ssize_t got = pread(fd, bytes, sizeof(bytes), 0);

	if (got < 0)
		return err_errno(err, _("cannot read %s"), path);
	if (vault_header_begins(bytes, (size_t)got) ||
	    vault_block_is_blank(bytes))
		return 0;
	return err_set(err, ERR_EXISTS,
	    _("%s is in the way and no vault under way; move it"), path);
}

/*
 * What an interrupted vault_begin() left; not what another one is making, and
 * no file of somebody's that has its name.
 */
int
vault_remove_left_over(const char *path, struct err *err)
{
	int lock;

	if (!file_exists(path))
		return 0;
	lock = vault_lock_open(path, err);
	if (lock < 0)
		return -1;
	if (check_left_over(lock, path, err) != 0) {
		close(lock);
		return -1;
	}
	vault_remove_files(path);
	close(lock);
	return 0;
}

struct vault *
vault_begin(const char *path, const struct secret *passphrase,
    const struct vault_options *options, struct secret **recovery,
    struct err *err)
{
	/* What may be thrown away leaves no anchor: it has no events yet. */
	struct vault_options begun =
	    options ? *options : (struct vault_options){ 0 };
	char *place = vault_place_of_new(path);
	struct vault *vault = NULL;

	begun.state_folder = NULL;
	if (file_exists(path))
		err_set(err, ERR_EXISTS,
		    _("%s exists already; it was left as it is"), path);
	else if (vault_remove_left_over(place, err) == 0)
		vault =
		    vault_make(place, path, passphrase, &begun, recovery, err);
	free(place);
	return vault;
}

int
vault_check_settled(const char *place, struct err *err)
{
	char *wal = xasprintf("%s-wal", place);
	const bool there = file_exists(wal);

	free(wal);
	if (!there)
		return 0;
	return err_set(err, ERR_IO,
	    _("the log of %s cannot be taken into it; look whether the disk "
	      "is full or read-only"),
	    place);
}

struct vault *
vault_settle(struct vault *vault, const char *path,
    const struct secret *passphrase, const struct vault_options *options,
    struct err *err)
{
	char *place = vault_place_of_new(path);
	struct vault *settled = NULL;

	vault_close(vault); /* takes the write-ahead log into the file */
	if (vault_check_settled(place, err) == 0 &&
	    vault_take_name(place, path, err) == 0)
		settled = vault_open(path, passphrase, options, err);
	else
		vault_remove_files(place);
	free(place);
	return settled;
}

void
vault_discard(struct vault *vault)
{
	char *path;

	if (!vault)
		return;
	path = xstrdup(vault_path(vault));
	vault_close(vault);
	vault_remove_files(path);
	free(path);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vault_renew_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "storage/anchor.h"
#include "storage/vault_lock.h"
#include "storage/vault_slots.h"

/*
 *  (1) The vault's own file is only read, from the moment its log is in it,
 *      until the whole copy takes its name.
 *  (2) The copy begins with a block that names the state of the vault it is
 *      of; its header stands in the second block alone.  Only when every page
 *      was compared the first block becomes a header too.
 *  (3) A page that opens under the copy's key is a page of that state: no
 *      other was ever sealed with it at that place.
 */
/* ---- the vault ---- */

static bool
has_log(const struct vault_renewal *renewal)
{
	static const uint8_t none[VAULT_WAL_HEADER_BYTES];
	const struct vault_header *header = &renewal->from.header;
	char *wal = xasprintf("%s-wal", renewal->path);
	const bool there = file_exists(wal);

	free(wal);
	return there || header->wal_frames > 0 ||
	    memcmp(header->wal, none, sizeof(none)) != 0;
}

/* Opening and closing takes the log into the file. */
static int
settle(struct vault_renewal *renewal, const struct secret *passphrase,
    const struct vault_options *options, struct err *err)
{
	struct vault_unlocked *from = &renewal->from;
	struct vault *vault;

	if (!has_log(renewal) && !from->slots_differ)
		return 0;
	vault = vault_open_key(
	    renewal->path, from->lock, &from->header, from->key, options, err);
	secret_free(from->key);
	*from = (struct vault_unlocked){ .lock = -1 };
	if (!vault)
		return -1;
	vault_close(vault);
	if (vault_unlock(
		renewal->path, SLOT_PASSPHRASE, passphrase, from, err) != 0)
		return -1;
	if (!has_log(renewal))
		return 0;
	return err_set(err, ERR_IO,
	    _("the log of %s cannot be taken into it; look whether the disk "
	      "is full or read-only"),
	    renewal->path);
}

static int
measure(struct vault_renewal *renewal, struct err *err)
{
	struct stat info;

	if (fstat(renewal->from.lock, &info) != 0)
		return err_errno(err, _("cannot read %s"), renewal->path);
	renewal->pages =
	    (uint64_t)(info.st_size - VAULT_HEADER_BYTES) / VAULT_PAGE_BYTES;
	if (renewal->pages < UINT32_MAX)
		return 0;
	return err_set(err, ERR_FORMAT,
	    _("%s is damaged: it is longer than any vault"), renewal->path);
}

/* ---- the copy ---- */

/* Beside what the copy of an earlier time takes already. */
static int
check_room(const struct vault_renewal *renewal, struct err *err)
{
	uint64_t needed = vault_renewal_bytes(renewal), taken = 0;
	struct stat info;

	if (renewal->copy >= 0 && fstat(renewal->copy, &info) == 0)
		taken = (uint64_t)info.st_blocks * 512;
	return needed <= taken
	    ? 0
	    : file_check_room(renewal->place, needed - taken, err);
}

/* The same people get in; the code is a new one. */
static int
seal_slots(struct vault_renewal *renewal, const struct secret *passphrase,
    const struct vault_options *options, struct err *err)
{
	const struct kdf_cost cost = options && options->cost.passes > 0
	    ? options->cost
	    : kdf_cost_here();
	const struct vault_header *before = &renewal->from.header;
	struct vault_header *header = &renewal->header;
	struct secret *words = recovery_code_read(
	    (const char *)renewal->recovery->data, renewal->recovery->len, err);
	struct age_recipient recipient;
	int result = -1;

	if (!words ||
	    vault_slot_seal(header, SLOT_PASSPHRASE, passphrase, &cost,
		renewal->key, err) != 0 ||
	    vault_slot_seal(header, SLOT_RECOVERY, words, &kdf_cost_least,
		renewal->key, err) != 0)
		goto out;
	result = 0;
	for (size_t i = 0; i < VAULT_SLOTS && result == 0; i++) {
		if (before->slots[i].kind != SLOT_PROGRAMME)
			continue;
		vault_slot_recipient(&before->slots[i], &recipient);
		result = vault_slot_seal_programme(
		    header, &recipient, renewal->key, err);
	}
out:
	secret_free(words);
	return result;
}

static int
prepare(struct vault_renewal *renewal, const struct secret *passphrase,
    const struct vault_options *options, struct err *err)
{
	renewal->key = secret_random(VAULT_KEY_BYTES);
	renewal->recovery = recovery_code_new();
	renewal->header = renewal->from.header;
	renewal->header.generation++;
	renewal->header.db_pages = (uint32_t)renewal->pages;
	memset(renewal->header.slots, 0, sizeof(renewal->header.slots));
	return seal_slots(renewal, passphrase, options, err);
}

struct vault_renewal *
vault_renew_begin(const char *path, const struct secret *passphrase,
    const struct vault_options *options, struct err *err)
{
	struct vault_renewal *renewal = xcalloc(1, sizeof(*renewal));
	char *full = realpath(path, NULL);

	renewal->from.lock = renewal->copy = -1;
	renewal->path = full ? full : xstrdup(path);
	renewal->place = xasprintf("%s.renew", renewal->path);
	if (options && options->state_folder)
		renewal->state_folder = xstrdup(options->state_folder);
	if (vault_unlock(renewal->path, SLOT_PASSPHRASE, passphrase,
		&renewal->from, err) != 0) {
		renewal->from = (struct vault_unlocked){ .lock = -1 };
		goto fail;
	}
	if (settle(renewal, passphrase, options, err) != 0 ||
	    measure(renewal, err) != 0 ||
	    renewal_find_copy(renewal, passphrase, err) != 0 ||
	    check_room(renewal, err) != 0)
		goto fail;
	if (renewal->start == RENEWAL_RESUMED ||
	    prepare(renewal, passphrase, options, err) == 0)
		return renewal;
fail:
	vault_renewal_free(renewal);
	return NULL;
}

enum vault_renewal_start
vault_renewal_start(const struct vault_renewal *renewal)
{
	return renewal->start;
}

const struct secret *
vault_renewal_recovery(const struct vault_renewal *renewal)
{
	return renewal->recovery;
}

uint64_t
vault_renewal_bytes(const struct vault_renewal *renewal)
{
	return VAULT_HEADER_BYTES + renewal->pages * VAULT_PAGE_BYTES;
}

/* A new one, empty, which may be taken up from here on. */
static int
make_copy(struct vault_renewal *renewal, struct err *err)
{
	struct stat info;

	if (renewal->copy < 0)
		renewal->copy = open(renewal->place,
		    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (renewal->copy < 0 || ftruncate(renewal->copy, 0) != 0 ||
	    fstat(renewal->from.lock, &info) != 0)
		return err_errno(err, _("cannot make %s"), renewal->place);
	(void)fchmod(renewal->copy, info.st_mode & 0777);
	if (vault_lock(renewal->copy, renewal->place, err) != 0)
		return -1;
	return renewal_write_blocks(renewal, false, err);
}

static int
sync_copy(struct vault_renewal *renewal, struct err *err)
{
	if (fsync(renewal->copy) == 0)
		return 0;
	return err_errno(err, _("cannot write %s"), renewal->place);
}

static int
take_place(struct vault_renewal *renewal, struct err *err)
{
	if (renewal_write_blocks(renewal, true, err) != 0 ||
	    sync_copy(renewal, err) != 0)
		return -1;
	if (rename(renewal->place, renewal->path) != 0)
		return err_errno(err, _("cannot put the renewed vault at %s"),
		    renewal->path);
	renewal->took_place = true;
	if (file_sync_folder(renewal->path, err) == 0)
		return 0;
	return err_wrap(err,
	    _("%s is renewed and has its new recovery code, but a power cut "
	      "now may undo that"),
	    renewal->path);
}

int
vault_renew_run(struct vault_renewal *renewal, const struct progress *progress,
    struct err *err)
{
	if (renewal->start != RENEWAL_RESUMED && make_copy(renewal, err) != 0)
		return -1;
	if (renewal_copy(renewal, progress, err) != 0 ||
	    sync_copy(renewal, err) != 0)
		return -1;
	if (renewal_compare(renewal, progress, err) != 0) {
		if (err->code == ERR_CONFLICT)
			unlink(renewal->place); /* not to be taken up */
		return -1;
	}
	if (renewal->state_folder)
		anchor_give_key(renewal->state_folder, renewal->header.id,
		    renewal->from.key, renewal->key);
	return take_place(renewal, err);
}

bool
vault_renewal_took_place(const struct vault_renewal *renewal)
{
	return renewal->took_place;
}

void
vault_renewal_free(struct vault_renewal *renewal)
{
	if (!renewal)
		return;
	if (renewal->copy >= 0)
		close(renewal->copy);
	if (renewal->from.lock >= 0)
		close(renewal->from.lock);
	secret_free(renewal->from.key);
	secret_free(renewal->key);
	secret_free(renewal->recovery);
	free(renewal->path);
	free(renewal->place);
	free(renewal->state_folder);
	free(renewal);
}

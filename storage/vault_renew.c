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
static const uint8_t magic[16] = { 0x89, 'r', 'o', 'n', 'd', 'e', ' ', 'r', 'e',
	'n', 'e', 'w', '\r', '\n', 0x1a, '\n' };

static struct hash
state_of(const struct vault_renewal *renewal)
{
	struct secret *mac_key = vault_header_key(renewal->from.key);
	uint8_t copy[VAULT_COPY_BYTES];

	vault_header_write(&renewal->from.header, mac_key->data, copy);
	secret_free(mac_key);
	return hash_of(copy, sizeof(copy));
}

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
	return 0;
}

/* ---- the copy ---- */

/*
 * Is it of the vault as it is?  Its first block says so; where it is a header
 * already, only its taking the vault's place was cut off, and what stands in
 * the header must be the vault's.  Comparing the pages comes after in any case.
 */
static bool
is_of_this_state(const struct vault_renewal *renewal, const uint8_t *bytes,
    const struct vault_header *header)
{
	const struct vault_header *from = &renewal->from.header;
	const struct hash state = state_of(renewal);

	if (memcmp(bytes, magic, sizeof(magic)) == 0)
		return memcmp(bytes + sizeof(magic), state.bytes, HASH_BYTES) ==
		    0;
	return header->generation == from->generation + 1 &&
	    header->head.count == from->head.count &&
	    hash_equal(&header->head.hash, &from->head.hash) &&
	    memcmp(header->id, from->id, sizeof(from->id)) == 0 &&
	    memcmp(header->instance, from->instance, sizeof(from->instance)) ==
	    0;
}

/* Takes up the copy of an earlier time if it is of this very state. */
static void
take_up(struct vault_renewal *renewal, const uint8_t *bytes,
    const struct secret *passphrase)
{
	const struct vault_way way = { .kind = SLOT_PASSPHRASE,
		.words = passphrase };
	struct vault_copies *copies = xcalloc(1, sizeof(*copies));
	struct secret *mac_key = NULL;
	struct err ignored = { 0 };

	if (vault_header_read(copies, bytes, VAULT_HEADER_BYTES, renewal->place,
		&ignored) != 0 ||
	    !is_of_this_state(renewal, bytes, &copies->headers[0]))
		goto out;
	renewal->key = vault_slot_open(&copies->headers[0], &way, &ignored);
	if (!renewal->key)
		goto out;
	mac_key = vault_header_key(renewal->key);
	if (vault_copy_is_genuine(copies->bytes[0], mac_key->data)) {
		renewal->header = copies->headers[0];
		renewal->start = RENEWAL_RESUMED;
	} else {
		secret_free(renewal->key);
		renewal->key = NULL;
	}
out:
	secret_free(mac_key);
	free(copies);
}

/* Looks at what lies at the copy's place. */
static int
find_copy(struct vault_renewal *renewal, const struct secret *passphrase,
    struct err *err)
{
	uint8_t bytes[VAULT_HEADER_BYTES] = { 0 };
	const int fd =
	    open(renewal->place, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t got;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return err_errno(err, _("cannot open %s"), renewal->place);
	renewal->copy = fd;
	if (vault_lock(fd, renewal->place, err) != 0)
		return -1;
	got = pread(fd, bytes, sizeof(bytes), 0);
	if (got < 0)
		return err_errno(err, _("cannot read %s"), renewal->place);
	if (got > 0 && memcmp(bytes, magic, sizeof(magic)) != 0 &&
	    !vault_header_begins(bytes, (size_t)got))
		return err_set(err, ERR_EXISTS,
		    _("%s is in the way and no copy of a renewal; move it"),
		    renewal->place);
	renewal->start = RENEWAL_RESTARTED;
	take_up(renewal, bytes, passphrase);
	return 0;
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
	    find_copy(renewal, passphrase, err) != 0)
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

/* The first two blocks; `whole` when the copy is a vault. */
static int
write_blocks(struct vault_renewal *renewal, bool whole, struct err *err)
{
	struct secret *mac_key = vault_header_key(renewal->key);
	const struct hash state = state_of(renewal);
	uint8_t bytes[VAULT_HEADER_BYTES] = { 0 };

	vault_header_write(
	    &renewal->header, mac_key->data, bytes + VAULT_COPY_BYTES);
	secret_free(mac_key);
	if (whole) {
		memcpy(bytes, bytes + VAULT_COPY_BYTES, VAULT_COPY_BYTES);
	} else {
		memcpy(bytes, magic, sizeof(magic));
		memcpy(bytes + sizeof(magic), state.bytes, HASH_BYTES);
	}
	if (lseek(renewal->copy, 0, SEEK_SET) != 0)
		return err_errno(err, _("cannot write %s"), renewal->place);
	return file_write_all(
	    renewal->copy, bytes, sizeof(bytes), renewal->place, err);
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
	return write_blocks(renewal, false, err);
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
	if (write_blocks(renewal, true, err) != 0 ||
	    sync_copy(renewal, err) != 0)
		return -1;
	if (rename(renewal->place, renewal->path) != 0)
		return err_errno(err, _("cannot put the renewed vault at %s"),
		    renewal->path);
	return file_sync_folder(renewal->path, err);
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
	if (take_place(renewal, err) != 0)
		return -1;
	return 0;
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

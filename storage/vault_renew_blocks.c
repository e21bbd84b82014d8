/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vault_renew_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "storage/vault_lock.h"
#include "storage/vault_slots.h"

/* The first two blocks of a copy: read to take it up, and written. */

static struct hash
state_of(const struct vault_renewal *renewal)
{
	struct secret *mac_key = vault_header_key(renewal->from.key);
	uint8_t copy[VAULT_COPY_BYTES];

	vault_header_write(&renewal->from.header, mac_key->data, copy);
	secret_free(mac_key);
	return hash_of(copy, sizeof(copy));
}

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

	if (memcmp(bytes, renewal_magic, sizeof(renewal_magic)) == 0)
		return memcmp(bytes + sizeof(renewal_magic), state.bytes,
			   HASH_BYTES) == 0;
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

int
renewal_find_copy(struct vault_renewal *renewal,
    const struct secret *passphrase, struct err *err)
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
	if (!renewal_is_of(renewal->from.header.id, bytes, renewal->place))
		return err_set(err, ERR_EXISTS,
		    _("%s is in the way and no copy of a renewal; move it"),
		    renewal->place);
	renewal->start = RENEWAL_RESTARTED;
	take_up(renewal, bytes, passphrase);
	return 0;
}

int
renewal_write_blocks(struct vault_renewal *renewal, bool whole, struct err *err)
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
		memcpy(bytes, renewal_magic, sizeof(renewal_magic));
		memcpy(bytes + sizeof(renewal_magic), state.bytes, HASH_BYTES);
	}
	if (lseek(renewal->copy, 0, SEEK_SET) != 0)
		return err_errno(err, _("cannot write %s"), renewal->place);
	return file_write_all(
	    renewal->copy, bytes, sizeof(bytes), renewal->place, err);
}

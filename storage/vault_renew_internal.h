/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_VAULT_RENEW_INTERNAL_H
#define STORAGE_VAULT_RENEW_INTERNAL_H

#include "storage/vault_header.h"
#include "storage/vault_internal.h"
#include "storage/vault_renew.h"

/*
 * What the files of a renewal share: vault_renew.c begins and ends it,
 * vault_renew_blocks.c has the beginning of the copy, vault_renew_copy.c copies
 * and compares the pages.
 */
struct vault_renewal {
	char *path;  /* of the vault, links followed */
	char *place; /* of the copy */
	enum vault_renewal_start start;
	char *state_folder;         /* of anchors; or NULL */
	struct vault_unlocked from; /* lock -1 and key NULL: none yet */
	uint64_t pages;

	int copy; /* descriptor, locked; -1: not made yet */
	struct vault_header header;
	struct secret *key;
	struct secret *recovery; /* NULL where it goes on */
	bool took_place;
};

/* Begins a copy that is not whole yet. */
extern const uint8_t renewal_magic[16];

/*
 * Are the first bytes of the file at `place`, with zeroes where it ends
 * before, those of a copy of the vault `id`?  Whatever else lies there is
 * somebody's: another vault that was given this name is not written over.
 */
bool renewal_is_of(const uint8_t id[VAULT_ID_BYTES],
    const uint8_t bytes[VAULT_HEADER_BYTES], const char *place);

/* Looks at what lies at the copy's place, and takes it up if it can. */
int renewal_find_copy(struct vault_renewal *renewal,
    const struct secret *passphrase, struct err *err);

/* The first two blocks; `whole` when the copy is a vault. */
int renewal_write_blocks(
    struct vault_renewal *renewal, bool whole, struct err *err);

/* Every page into the copy that is not there yet. */
int renewal_copy(struct vault_renewal *renewal, const struct progress *progress,
    struct err *err);

/* Both read again and compared; ERR_CONFLICT where the copy is another. */
int renewal_compare(struct vault_renewal *renewal,
    const struct progress *progress, struct err *err);

#endif

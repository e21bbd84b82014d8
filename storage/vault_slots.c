/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vault_slots.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"

enum { BOUND_BYTES = VAULT_ID_BYTES + 4 + 4 + 4 + 8 + KDF_SALT_BYTES };

/* What the seal of a slot is bound to. */
static void
bind_slot(const struct vault_header *header, size_t number,
    uint8_t bound[BOUND_BYTES])
{
	const struct vault_slot *slot = &header->slots[number];
	uint8_t *at = bound;

	memcpy(at, header->id, VAULT_ID_BYTES);
	at += VAULT_ID_BYTES;
	store_le32(at, (uint32_t)number);
	store_le32(at + 4, slot->kind);
	store_le32(at + 8, slot->cost.passes);
	store_le64(at + 12, slot->cost.memory);
	memcpy(at + 20, slot->salt, KDF_SALT_BYTES);
}

int
vault_slot_seal(struct vault_header *header, enum vault_slot_kind kind,
    const struct secret *words, const struct kdf_cost *cost,
    const struct secret *data_key, struct err *err)
{
	struct vault_slot slot = { .kind = kind, .cost = *cost };
	uint8_t bound[BOUND_BYTES];
	struct secret *key;
	size_t number = 0;

	while (number < VAULT_SLOTS && header->slots[number].kind != SLOT_EMPTY)
		number++;
	assert(number < VAULT_SLOTS && data_key->len == VAULT_KEY_BYTES);
	random_bytes(slot.salt, sizeof(slot.salt));
	random_bytes(slot.nonce, sizeof(slot.nonce));
	key = kdf_passphrase(words, slot.salt, cost, AEAD_KEY_BYTES, err);
	if (!key)
		return -1;
	header->slots[number] = slot;
	bind_slot(header, number, bound);
	aead_seal(key->data, slot.nonce, bound, sizeof(bound), data_key->data,
	    data_key->len, header->slots[number].sealed,
	    header->slots[number].tag);
	secret_free(key);
	return 0;
}

static struct secret *
open_slot(const struct vault_header *header, size_t number,
    const struct secret *words, struct err *err)
{
	const struct vault_slot *slot = &header->slots[number];
	struct secret *kek, *key;
	uint8_t bound[BOUND_BYTES];

	kek =
	    kdf_passphrase(words, slot->salt, &slot->cost, AEAD_KEY_BYTES, err);
	if (!kek)
		return NULL;
	key = secret_new(VAULT_KEY_BYTES);
	bind_slot(header, number, bound);
	if (aead_open(kek->data, slot->nonce, bound, sizeof(bound),
		slot->sealed, sizeof(slot->sealed), slot->tag,
		key->data) != 0) {
		err_set(err, ERR_AUTH, _("no key slot opens"));
		secret_free(key);
		key = NULL;
	}
	secret_free(kek);
	return key;
}

struct secret *
vault_slot_open(const struct vault_header *header, enum vault_slot_kind kind,
    const struct secret *words, struct err *err)
{
	struct err slot_err = { 0 };
	struct secret *key;

	for (size_t i = 0; i < VAULT_SLOTS; i++) {
		if (header->slots[i].kind != kind)
			continue;
		key = open_slot(header, i, words, &slot_err);
		if (key)
			return key;
		*err = slot_err;
		if (slot_err.code != ERR_AUTH)
			return NULL;
	}
	if (slot_err.code == ERR_NONE)
		err_set(err, ERR_AUTH, _("no key slot opens"));
	return NULL;
}

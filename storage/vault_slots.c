/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vault_slots.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "storage/vault_programme.h"

enum {
	BOUND_BYTES = VAULT_ID_BYTES + 4 + 4 + 4 + 8 + KDF_SALT_BYTES +
	    VAULT_SLOT_REST_BYTES,
	/* Of a passphrase or code; the rest of its slot is zero. */
	BOUND_WORDS_BYTES = BOUND_BYTES - VAULT_SLOT_REST_BYTES
};

/*
 * What the seal of a slot is bound to, and how many bytes of it: a programme
 * slot's rest, which holds what opens it, as well.
 */
static size_t
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
	memcpy(at + 20 + KDF_SALT_BYTES, slot->rest, sizeof(slot->rest));
	return slot->kind == SLOT_PROGRAMME ? BOUND_BYTES : BOUND_WORDS_BYTES;
}

/* The number of an empty slot; -1 with err when all are taken. */
static int
find_empty(const struct vault_header *header, struct err *err)
{
	for (int i = 0; i < VAULT_SLOTS; i++)
		if (header->slots[i].kind == SLOT_EMPTY)
			return i;
	return err_set(err, ERR_LIMIT,
	    _("all %d key slots are taken; remove a programme key first"),
	    (int)VAULT_SLOTS);
}

/* Puts `slot` at `number` and seals the data key into it. */
static void
put_slot(struct vault_header *header, size_t number,
    const struct vault_slot *slot, const struct secret *slot_key,
    const struct secret *data_key)
{
	struct vault_slot *to = &header->slots[number];
	uint8_t bound[BOUND_BYTES];
	size_t len;

	assert(data_key->len == VAULT_KEY_BYTES);
	*to = *slot;
	random_bytes(to->nonce, sizeof(to->nonce));
	len = bind_slot(header, number, bound);
	aead_seal(slot_key->data, to->nonce, bound, len, data_key->data,
	    data_key->len, to->sealed, to->tag);
}

/* The data key out of a slot whose own key is known; frees `slot_key`. */
static struct secret *
take_key(const struct vault_header *header, size_t number,
    struct secret *slot_key, struct err *err)
{
	const struct vault_slot *slot = &header->slots[number];
	struct secret *key = secret_new(VAULT_KEY_BYTES);
	uint8_t bound[BOUND_BYTES];
	const size_t len = bind_slot(header, number, bound);

	if (aead_open(slot_key->data, slot->nonce, bound, len, slot->sealed,
		sizeof(slot->sealed), slot->tag, key->data) != 0) {
		err_set(err, ERR_AUTH, _("no key slot opens"));
		secret_free(key);
		key = NULL;
	}
	secret_free(slot_key);
	return key;
}

int
vault_slot_seal(struct vault_header *header, enum vault_slot_kind kind,
    const struct secret *words, const struct kdf_cost *cost,
    const struct secret *data_key, struct err *err)
{
	struct vault_slot slot = { .kind = kind, .cost = *cost };
	const int number = find_empty(header, err);
	struct secret *key;

	if (number < 0)
		return -1;
	random_bytes(slot.salt, sizeof(slot.salt));
	key = kdf_passphrase(words, slot.salt, cost, AEAD_KEY_BYTES, err);
	if (!key)
		return -1;
	put_slot(header, (size_t)number, &slot, key, data_key);
	secret_free(key);
	return 0;
}

int
vault_slot_seal_programme(struct vault_header *header,
    const struct age_recipient *recipient, const struct secret *data_key,
    struct err *err)
{
	struct vault_slot slot = { .kind = SLOT_PROGRAMME };
	const int number = find_empty(header, err);
	struct secret *key;

	if (number < 0)
		return -1;
	key = programme_wrap(recipient, slot.rest, err);
	if (!key)
		return -1;
	put_slot(header, (size_t)number, &slot, key, data_key);
	secret_free(key);
	return 0;
}

void
vault_slot_clear(struct vault_header *header, size_t number)
{
	memset(&header->slots[number], 0, sizeof(header->slots[number]));
}

void
vault_slots_clear(struct vault_header *header, enum vault_slot_kind kind)
{
	for (size_t i = 0; i < VAULT_SLOTS; i++)
		if (header->slots[i].kind == kind)
			vault_slot_clear(header, i);
}

size_t
vault_slots_count(const struct vault_header *header, enum vault_slot_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < VAULT_SLOTS; i++)
		count += header->slots[i].kind == kind;
	return count;
}

void
vault_slot_recipient(
    const struct vault_slot *slot, struct age_recipient *recipient)
{
	memcpy(recipient->key, slot->rest, sizeof(recipient->key));
}

/*
 * Each slot may cost what is allowed, but not many of them one after the
 * other: whoever made the file would decide how long opening takes.
 */
static int
check_work(const struct vault_header *header, enum vault_slot_kind kind,
    struct err *err)
{
	uint64_t work = 0;

	for (size_t i = 0; i < VAULT_SLOTS; i++) {
		const struct vault_slot *slot = &header->slots[i];

		if (slot->kind != kind)
			continue;
		if (kdf_cost_check(&slot->cost, err) != 0)
			return -1;
		work += kdf_cost_work(&slot->cost);
	}
	if (work <= KDF_WORK_MAX)
		return 0;
	return err_set(err, ERR_LIMIT,
	    _("the cost of its key slots together is outside what is "
	      "allowed"));
}

static struct secret *
open_slot(const struct vault_header *header, size_t number,
    const struct vault_way *way, struct err *err)
{
	const struct vault_slot *slot = &header->slots[number];
	struct secret *key;

	if (way->kind == SLOT_PROGRAMME)
		key = programme_unwrap(
		    slot->rest, way->identities, way->identity_count, err);
	else
		key = kdf_passphrase(
		    way->words, slot->salt, &slot->cost, AEAD_KEY_BYTES, err);
	return key ? take_key(header, number, key, err) : NULL;
}

struct secret *
vault_slot_open(const struct vault_header *header, const struct vault_way *way,
    struct err *err)
{
	struct err slot_err = { 0 };
	struct secret *key;

	if (way->kind != SLOT_PROGRAMME &&
	    check_work(header, way->kind, err) != 0)
		return NULL;
	for (size_t i = 0; i < VAULT_SLOTS; i++) {
		if (header->slots[i].kind != way->kind)
			continue;
		key = open_slot(header, i, way, &slot_err);
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

/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/vault_keys.h"

#include <assert.h>
#include <string.h>

#include "base/i18n.h"
#include "storage/vault_internal.h"
#include "storage/vault_slots.h"
#include "storage/vfs.h"

/*
 * A change is made in a copy of the header, and counts when both copies on
 * the disk have it.
 */
_Static_assert((int)VAULT_KEYS_MAX == (int)VAULT_SLOTS, "a key has a slot");
_Static_assert((int)KEY_PASSPHRASE == (int)SLOT_PASSPHRASE &&
	(int)KEY_RECOVERY == (int)SLOT_RECOVERY &&
	(int)KEY_PROGRAMME == (int)SLOT_PROGRAMME,
    "kinds have the numbers that they have on the disk");

const char *
vault_key_code(enum vault_key_kind kind)
{
	switch (kind) {
	case KEY_PASSPHRASE: return "passphrase";
	case KEY_RECOVERY: return "recovery";
	case KEY_PROGRAMME: return "programme";
	default: return "unknown"; /* of a later ronde */
	}
}

size_t
vault_keys_list(
    const struct vault *vault, struct vault_key list[VAULT_KEYS_MAX])
{
	const struct vault_header *header = vfs_header(vault->vfs);
	size_t count = 0;

	for (unsigned i = 0; i < VAULT_SLOTS; i++) {
		const struct vault_slot *slot = &header->slots[i];
		struct vault_key *key = &list[count];

		if (slot->kind == SLOT_EMPTY)
			continue;
		*key = (struct vault_key){ .slot = i,
			.kind = (enum vault_key_kind)slot->kind,
			.cost = slot->cost };
		if (slot->kind == SLOT_PROGRAMME)
			vault_slot_recipient(slot, &key->recipient);
		count++;
	}
	return count;
}

static int
store(struct vault *vault, const struct vault_header *changed, struct err *err)
{
	return vfs_set_slots(vault->vfs, changed->slots, vault->path, err);
}

int
vault_set_passphrase(struct vault *vault, const struct secret *passphrase,
    const struct kdf_cost *cost, struct err *err)
{
	const struct kdf_cost chosen = cost ? *cost : kdf_cost_here();
	struct vault_header header = *vfs_header(vault->vfs);

	if (passphrase->len == 0)
		return err_set(
		    err, ERR_USAGE, _("a passphrase cannot be empty"));
	vault_slots_clear(&header, SLOT_PASSPHRASE);
	if (vault_slot_seal(&header, SLOT_PASSPHRASE, passphrase, &chosen,
		vault->key, err) != 0)
		return -1;
	return store(vault, &header, err);
}

struct secret *
vault_recovery_new(void)
{
	return recovery_code_new();
}

int
vault_set_recovery(
    struct vault *vault, const struct secret *code, struct err *err)
{
	struct vault_header header = *vfs_header(vault->vfs);
	struct secret *words =
	    recovery_code_read((const char *)code->data, code->len, err);
	int result = -1;

	if (!words)
		return -1;
	vault_slots_clear(&header, SLOT_RECOVERY);
	/* Random bits need no stretching. */
	if (vault_slot_seal(&header, SLOT_RECOVERY, words, &kdf_cost_least,
		vault->key, err) == 0)
		result = store(vault, &header, err);
	secret_free(words);
	return result;
}

int
vault_add_programme(
    struct vault *vault, const struct age_recipient *recipient, struct err *err)
{
	struct vault_header header = *vfs_header(vault->vfs);
	struct vault_key list[VAULT_KEYS_MAX];
	const size_t count = vault_keys_list(vault, list);

	for (size_t i = 0; i < count; i++)
		if (list[i].kind == KEY_PROGRAMME &&
		    memcmp(list[i].recipient.key, recipient->key,
			sizeof(recipient->key)) == 0)
			return err_set(err, ERR_EXISTS,
			    _("this programme key opens %s already (slot %u)"),
			    vault->path, list[i].slot);
	if (vault_slot_seal_programme(&header, recipient, vault->key, err) != 0)
		return -1;
	return store(vault, &header, err);
}

int
vault_remove_key(struct vault *vault, unsigned slot, struct err *err)
{
	struct vault_header header = *vfs_header(vault->vfs);
	uint32_t kind;

	assert(slot < VAULT_SLOTS);
	kind = header.slots[slot].kind;
	if (kind == SLOT_EMPTY)
		return err_set(err, ERR_NOT_FOUND,
		    _("slot %u of %s holds no key"), slot, vault->path);
	if (kind != SLOT_PROGRAMME &&
	    vault_slots_count(&header, (enum vault_slot_kind)kind) == 1)
		return err_set(err, ERR_DENIED,
		    kind == SLOT_PASSPHRASE
			? _("slot %u of %s is its last passphrase; change it "
			    "with ronde key passphrase")
			: _("slot %u of %s is its last recovery code; make a "
			    "new one with ronde key recovery --new"),
		    slot, vault->path);
	vault_slot_clear(&header, slot);
	return store(vault, &header, err);
}

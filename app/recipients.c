/* SPDX-License-Identifier: Apache-2.0 */
#include "app/recipients.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "bundles/card.h"
#include "bundles/trust.h"
#include "storage/identity.h"

static int
add_key(struct recipients *to, const struct age_recipient *key,
    const char *device, struct err *err)
{
	for (size_t i = 0; i < to->count; i++)
		if (memcmp(&to->keys[i], key, sizeof(*key)) == 0)
			return 0;
	if (to->count == AGE_RECIPIENTS_MAX)
		return err_set(err, ERR_LIMIT,
		    _("a bundle has at most %d recipients"),
		    AGE_RECIPIENTS_MAX);
	to->keys[to->count++] = *key;
	if (device) {
		char *id = to->ids[to->device_count];

		snprintf(id, ID_MAX, "%s", device);
		to->devices[to->device_count++] = id;
	}
	return 0;
}

static int
add_device(void *arg, const struct roster_entry *entry, struct err *err)
{
	struct recipients *to = arg;

	if (entry->trust != TRUST_YES && entry->trust != TRUST_SELF)
		return 0;
	return add_key(to, &entry->age_recipient, entry->device, err);
}

static int
add_card(struct vault *vault, const char *path, struct recipients *to,
    struct err *err)
{
	struct buf text = { .data = buf_empty, .max = CARD_FILE_MAX };
	struct roster_entry entry = { 0 };
	struct card card = { 0 };
	int known, result = -1;

	if (file_read(path, &text, err) < 0 ||
	    card_read(text.data, text.len, path, &card, err) < 0)
		goto out;
	known = roster_find(vault, card.device, &entry, err);
	if (known < 0)
		goto out;
	if (known && entry.trust == TRUST_REVOKED) {
		err_set(err, ERR_TRUST,
		    _("%s is the card of a device that was revoked: nothing "
		      "is sent to it"),
		    path);
		goto out;
	}
	result =
	    add_key(to, &card.age_recipient, known ? card.device : NULL, err);
out:
	roster_entry_release(&entry);
	card_release(&card);
	buf_release(&text);
	return result;
}

static int
add_person(struct vault *vault, const char *typed, struct recipients *to,
    struct err *err)
{
	const size_t before = to->count;
	char person[ID_MAX];

	if (trust_complete_person(vault, typed, person, err) < 0 ||
	    roster_each(vault, person, add_device, to, err) < 0)
		return -1;
	if (to->count == before)
		return err_set(err, ERR_TRUST,
		    _("%s has no device that you trust; ask for the card and "
		      "use ronde trust add"),
		    typed);
	return 0;
}

static int
add_typed(struct vault *vault, const char *typed, struct recipients *to,
    struct err *err)
{
	struct age_recipient key;

	if (strncmp(typed, "age1", 4) == 0)
		return age_recipient_read(typed, &key, err) < 0
		    ? -1
		    : add_key(to, &key, NULL, err);
	if (file_exists(typed))
		return add_card(vault, typed, to, err);
	return add_person(vault, typed, to, err);
}

int
recipients_find(struct vault *vault, const char *const *typed, size_t count,
    struct recipients *recipients, struct err *err)
{
	for (size_t i = 0; i < count; i++)
		if (add_typed(vault, typed[i], recipients, err) < 0)
			return -1;
	return 0;
}

void
recipients_release(struct recipients *recipients)
{
	*recipients = (struct recipients){ 0 };
}

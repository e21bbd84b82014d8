/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/text.h"
#include "inspections/complete.h"
#include "inspections/inspection_internal.h"

/* Settling a disagreement: an event that takes one of the answers and names
 * all those it settles. */

static int
find_taken(const struct inspection *inspection, const struct slot *slot,
    const char *device, const struct claim **taken, struct err *err)
{
	struct completion completion;

	completion_begin(&completion, device);
	for (size_t i = 0; i < slot->alive_count; i++) {
		const int chain = slot->alive[i]->chain;
		const char *id =
		    history_device(&inspection->record->history, chain);

		completion_offer(&completion, id,
		    inspection->record->history.chains[chain].author.name,
		    id_starts(id, device));
	}
	if (completion_end(&completion,
		_("no answer of this device stands here"), err) < 0)
		return -1;
	for (size_t i = 0; i < slot->alive_count; i++)
		if (strcmp(history_device(&inspection->record->history,
			       slot->alive[i]->chain),
			completion.id) == 0)
			*taken = slot->alive[i];
	assert(*taken); /* it was offered above */
	return 0;
}

static json_t *
resolve_body(
    const struct slot *slot, const struct claim *taken, const char *reason)
{
	json_t *body = json_object(), *settles = json_array();
	char hex[HASH_HEX_MAX];

	/* A decision that is taken stands for the answer that it took. */
	hash_to_hex(taken->resolve ? &taken->take_hash : &taken->event, hex);
	json_put_text(body, "path", slot->path);
	json_put_text(body, "take", hex);
	for (size_t i = 0; i < slot->alive_count; i++) {
		hash_to_hex(&slot->alive[i]->event, hex);
		json_array_append_new(settles, json_string(hex));
	}
	json_object_set_new(body, "settles", settles);
	json_put_text(body, "reason", reason);
	return body;
}

int
inspection_resolve(struct inspection *inspection, int place, const char *device,
    const char *reason, struct err *err)
{
	const struct claim *taken = NULL;
	const struct slot *slot;
	json_t *body;
	int result;

	if (place < 0 || place >= state_places(inspection->state))
		return err_set(err, ERR_NOT_FOUND, _("no such question"));
	slot = inspection_slot_at(inspection, place);
	if (role_check(inspection->vault, KIND_RESOLVE,
		_("settle a disagreement"), err) < 0)
		return -1;
	if (!slot || !slot->conflict) {
		struct buf path = BUF_INIT;

		state_add_path(inspection->state, place, &path);
		err_set(err, ERR_NOT_FOUND, _("%s: no answers disagree here"),
		    path.data);
		buf_release(&path);
		return -1;
	}
	if (check_reason(reason, err) < 0 ||
	    find_taken(inspection, slot, device, &taken, err) < 0)
		return -1;
	body = resolve_body(slot, taken, reason);
	result = inspection_write(inspection, KIND_RESOLVE, body, err);
	json_decref(body);
	return result;
}

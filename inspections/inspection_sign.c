/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "inspections/inspection_internal.h"
#include "storage/db.h"

/* Review, control code, signature, reopening. */

/* ---- review ---- */

struct list {
	int **items;
	size_t *count;
};

static void
add(int **items, size_t *count, int place)
{
	*items = xrealloc(*items, *count + 1, sizeof(**items));
	(*items)[(*count)++] = place;
}

static bool
lacks_reason(const struct inspection *inspection, int place)
{
	const struct claim *used =
	    slot_used(inspection_slot_at(inspection, place));
	const struct item *of = inspection_item(inspection, place);
	const char *value = state_value(inspection->state, place);
	const struct choice *choice;

	if (!of->list || !*value || (used && *used->reason))
		return false;
	while (*value) {
		const size_t len = strcspn(value, " ");

		choice = choice_find(of->list, value, len);
		if (choice && choice->asks_reason)
			return true;
		value += len;
		value += *value == ' ';
	}
	return false;
}

static void
review_item(
    const struct inspection *inspection, int place, struct review *review)
{
	const struct state *state = inspection->state;
	const struct claim *used =
	    slot_used(inspection_slot_at(inspection, place));

	if (!item_is_question(inspection_item(inspection, place)) ||
	    !state_is_relevant(state, place))
		return;
	if (state_is_unanswered(state, place)) {
		add(&review->missing, &review->missing_count, place);
		if (state_is_required(state, place))
			add(&review->missing_required,
			    &review->missing_required_count, place);
	} else if (!state_is_valid(state, place)) {
		add(&review->invalid, &review->invalid_count, place);
	}
	if (used && used->flag)
		add(&review->flagged, &review->flagged_count, place);
	if (lacks_reason(inspection, place))
		add(&review->no_reason, &review->no_reason_count, place);
}

void
inspection_review(const struct inspection *inspection, struct review *review)
{
	const struct record *record = inspection->record;

	memset(review, 0, sizeof(*review));
	for (int i = state_next(inspection->state, -1); i >= 0;
	     i = state_next(inspection->state, i))
		review_item(inspection, i, review);
	for (size_t i = 0; i < record->slot_count; i++) {
		const struct slot *slot = record->slots[i];

		review->evidence_count += slot->evidence_count;
		for (size_t j = 0; j < slot->evidence_count; j++)
			review->evidence_bytes += slot->evidence[j].size;
	}
	review->conflict_count = inspection->conflict_count;
	review->event_count = record->history.entry_count;
}

void
review_release(struct review *review)
{
	free(review->missing);
	free(review->missing_required);
	free(review->invalid);
	free(review->flagged);
	free(review->no_reason);
	memset(review, 0, sizeof(*review));
}

/* ---- control code ---- */

/*
 * Covers the checklist, the last event of every chain that is no signature
 * (so that signing does not change what was signed, and two who sign the same
 * see the same code), and a digest of what stands.
 */
static void
write_covered(const struct inspection *inspection, struct buf *out)
{
	const struct record *record = inspection->record;
	const struct history *history = &record->history;
	struct hash digest = record_digest(record);
	char hex[HASH_HEX_MAX];

	hash_to_hex(&record->checklist, hex);
	buf_addf(out, "ronde/control/1\n%s\n", hex);
	for (size_t i = 0; i < history->chain_count; i++) {
		const struct entry *last = NULL;

		for (size_t j = 0; j < history->entry_count; j++) {
			const struct entry *entry = &history->entries[j];

			if (entry->chain == (int)i &&
			    entry->kind != KIND_SIGN &&
			    (!last || entry->seq > last->seq))
				last = entry;
		}
		if (!last)
			continue;
		hash_to_hex(&last->hash, hex);
		buf_addf(out, "%s %s\n", history_device(history, (int)i), hex);
	}
	hash_to_hex(&digest, hex);
	buf_addf(out, "%s\n", hex);
}

int
inspection_control_code(const struct inspection *inspection,
    char text[FINGERPRINT_MAX], struct err *err)
{
	struct buf covered = BUF_INIT;

	(void)err;
	write_covered(inspection, &covered);
	fingerprint_of(covered.data, covered.len, text);
	buf_release(&covered);
	return 0;
}

/* ---- signing ---- */

static int
refuse_item(const struct inspection *inspection, int place, const char *fmt,
    size_t count, struct err *err)
{
	char *label = inspection_label(inspection, place, i18n_lang());

	err_set(err, ERR_VALUE, "%s (%zu): %s", fmt, count, label);
	free(label);
	return -1;
}

static int
check_signable(const struct inspection *inspection, struct err *err)
{
	struct review review;
	int result = 0;

	inspection_review(inspection, &review);
	if (review.missing_required_count > 0)
		result = refuse_item(inspection, review.missing_required[0],
		    _("cannot sign: required answers are missing"),
		    review.missing_required_count, err);
	else if (review.invalid_count > 0)
		result = refuse_item(inspection, review.invalid[0],
		    _("cannot sign: answers are to be corrected"),
		    review.invalid_count, err);
	review_release(&review);
	return result;
}

static json_t *
sign_heads(const struct record *record)
{
	json_t *heads = json_object();
	char hex[HASH_HEX_MAX];

	for (size_t i = 0; i < record->history.chain_count; i++) {
		const struct chain *chain = &record->history.chains[i].judged;

		if (chain->effective == 0)
			continue;
		hash_to_hex(&chain->head, hex);
		json_put_text(heads, chain->device, hex);
	}
	return heads;
}

static json_t *
sign_body(const struct inspection *inspection, const char *site_name,
    const char *site_function)
{
	const struct hash digest = record_digest(inspection->record);
	char hex[HASH_HEX_MAX], code[FINGERPRINT_MAX];
	json_t *body = json_object();
	struct err ignored = { 0 };

	hash_to_hex(&inspection->record->checklist, hex);
	json_put_text(body, "checklist", hex);
	json_object_set_new(body, "heads", sign_heads(inspection->record));
	hash_to_hex(&digest, hex);
	json_put_text(body, "state", hex);
	inspection_control_code(inspection, code, &ignored);
	json_put_text(body, "code", code);
	if (*site_name)
		json_put_text(body, "site_name", site_name);
	if (*site_function)
		json_put_text(body, "site_function", site_function);
	return body;
}

static bool
is_untouched_default(const struct inspection *inspection, int place)
{
	const struct state *state = inspection->state;

	return item_is_question(inspection_item(inspection, place)) &&
	    *state_value(state, place) && state_is_relevant(state, place) &&
	    !slot_used(inspection_slot_at(inspection, place));
}

/* Answers that the form gave by itself and nobody took back become answers of
 * the person who signs them: a signature covers events only. */
static int
record_defaults(struct inspection *inspection, struct err *err)
{
	int place = state_next(inspection->state, -1);

	while (place >= 0) {
		const unsigned numbering = inspection->numbering;
		json_t *body;
		int result;

		if (!is_untouched_default(inspection, place)) {
			place = state_next(inspection->state, place);
			continue;
		}
		body = json_object();
		inspection_put_path(inspection, place, body);
		json_put_text(
		    body, "value", state_value(inspection->state, place));
		result = inspection_write(inspection, KIND_ANSWER, body, err);
		json_decref(body);
		if (result < 0)
			return -1;
		/* From the front where places are others now. */
		place = state_next(inspection->state,
		    numbering == inspection->numbering ? place : -1);
	}
	return 0;
}

static int
sign(struct inspection *inspection, const char *site_name,
    const char *site_function, struct err *err)
{
	json_t *body;
	int result;

	if (record_defaults(inspection, err) < 0)
		return -1;
	body = sign_body(inspection, site_name, site_function);
	result = inspection_write(inspection, KIND_SIGN, body, err);
	json_decref(body);
	return result;
}

static int
check_witness(const char *name, const char *function, struct err *err)
{
	if (text_check_clean(
		name, TEXT_NAME_MAX, false, _("the site's signatory"), err) < 0)
		return -1;
	return text_check_clean(
	    function, TEXT_NAME_MAX, false, _("the function"), err);
}

int
inspection_sign(struct inspection *inspection, const char *site_name,
    const char *site_function, struct err *err)
{
	struct db *db = vault_db(inspection->vault);
	struct err ignored = { 0 };

	if (role_check(inspection->vault, KIND_SIGN, _("sign an inspection"),
		err) < 0 ||
	    check_witness(site_name, site_function, err) < 0)
		return -1;
	if (inspection_is_signed(inspection))
		return err_set(err, ERR_EXISTS,
		    _("inspection %s is signed already"), inspection->id);
	if (check_signable(inspection, err) < 0 || db_begin(db, err) < 0)
		return -1;
	if (sign(inspection, site_name, site_function, err) < 0) {
		db_rollback(db);
		inspection_reload(inspection, &ignored);
		return -1;
	}
	if (db_commit(db, err) < 0) {
		inspection_reload(inspection, &ignored);
		return -1;
	}
	return 0;
}

bool
inspection_is_signed(const struct inspection *inspection)
{
	return record_is_signed_by_us(inspection->record);
}

int
inspection_reopen(
    struct inspection *inspection, const char *reason, struct err *err)
{
	json_t *body;
	int result;

	if (role_check(inspection->vault, KIND_REOPEN,
		_("reopen an inspection"), err) < 0 ||
	    check_reason(reason, err) < 0)
		return -1;
	if (!inspection_is_signed(inspection))
		return err_set(err, ERR_CONFLICT,
		    _("inspection %s is not signed by you: nothing to reopen"),
		    inspection->id);
	body = json_object();
	json_put_text(body, "reason", reason);
	result = inspection_write(inspection, KIND_REOPEN, body, err);
	json_decref(body);
	return result;
}

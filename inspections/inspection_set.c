/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "inspections/inspection_internal.h"
#include "storage/blob.h"
#include "storage/db.h"

/* What a person writes about an item: the answer with what stands beside it,
 * and evidence.  An `answer` event carries the whole of it. */

static size_t
count_characters(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

int
check_remark(const char *text, const char *what, struct err *err)
{
	if (!text)
		return 0;
	if (text_check_clean(
		text, (size_t)NOTE_CHARS_MAX * 4, true, what, err) < 0)
		return -1;
	if (count_characters(text) > NOTE_CHARS_MAX)
		return err_set(err, ERR_LIMIT,
		    _("%s has more than %d characters; shorten it"), what,
		    NOTE_CHARS_MAX);
	return 0;
}

int
check_reason(const char *text, struct err *err)
{
	if (!text || text_is_blank(text))
		return err_set(err, ERR_VALUE, _("a reason is needed"));
	return check_remark(text, _("the reason"), err);
}

int
inspection_check_open(
    const struct inspection *inspection, enum kind kind, struct err *err)
{
	if (inspection_is_signed(inspection))
		return err_set(err, ERR_DENIED,
		    _("inspection %s is signed; reopen it first, with a "
		      "reason"),
		    inspection->id);
	return role_check(
	    inspection->vault, kind, _("change an inspection"), err);
}

const struct item *
inspection_item(const struct inspection *inspection, int place)
{
	return &inspection->form->items[state_item(inspection->state, place)];
}

void
inspection_put_path(
    const struct inspection *inspection, int place, json_t *body)
{
	struct buf path = BUF_INIT;

	state_add_path(inspection->state, place, &path);
	json_put_text(body, "path", path.data);
	buf_release(&path);
}

static int
check_may_write(const struct inspection *inspection, int place, enum kind kind,
    enum lang lang, struct err *err)
{
	const struct item *of;
	char *label;

	if (place < 0 || place >= state_places(inspection->state))
		return err_set(err, ERR_NOT_FOUND, _("no such question"));
	of = inspection_item(inspection, place);
	if (!item_is_question(of)) {
		label = inspection_label(inspection, place, lang);
		err_set(err, ERR_VALUE,
		    _("%s: this is no question, nothing can be answered"),
		    label);
		free(label);
		return -1;
	}
	return inspection_check_open(inspection, kind, err);
}

/* The whole of an item as it will stand. */
struct whole {
	const char *value, *note, *reason;
	enum basis basis;
	bool flag;
};

static void
fill_whole(const struct inspection *inspection, int place,
    const struct answer_draft *draft, struct whole *whole)
{
	const struct claim *used =
	    slot_used(inspection_slot_at(inspection, place));

	*whole = (struct whole){ .value = used ? used->value : "",
		.note = used ? used->note : "",
		.reason = used ? used->reason : "",
		.basis = used ? used->basis : BASIS_NONE,
		.flag = used && used->flag };
	/* A default that the form gave is what the person saw beside a note. */
	if (!used)
		whole->value = state_value(inspection->state, place);
	if (draft->value)
		whole->value = draft->value;
	if (draft->note)
		whole->note = draft->note;
	if (draft->reason)
		whole->reason = draft->reason;
	if (draft->basis >= 0 && draft->basis < BASIS_COUNT)
		whole->basis = (enum basis)draft->basis;
	if (draft->flag >= 0)
		whole->flag = draft->flag > 0;
}

/* Nothing to write: it stands like this already, and nobody disagrees. */
static bool
is_so_already(
    const struct inspection *inspection, int place, const struct whole *whole)
{
	const struct slot *slot = inspection_slot_at(inspection, place);
	const struct claim *used = slot_used(slot);

	if (!used)
		return !*whole->value && !*whole->note && !*whole->reason &&
		    whole->basis == BASIS_NONE && !whole->flag;
	return !slot->conflict && strcmp(used->value, whole->value) == 0 &&
	    strcmp(used->note, whole->note) == 0 &&
	    strcmp(used->reason, whole->reason) == 0 &&
	    used->basis == whole->basis && used->flag == whole->flag;
}

static int
check_whole(const struct inspection *inspection, int place,
    const struct answer_draft *draft, enum lang lang, struct err *err)
{
	if (check_remark(draft->note, _("the note"), err) < 0 ||
	    check_remark(draft->reason, _("the reason"), err) < 0 ||
	    check_remark(draft->value, _("the answer"), err) < 0)
		return -1;
	if (!draft->value || !*draft->value)
		return 0;
	return state_check(inspection->state, place, draft->value,
	    form_lang(inspection->form, lang), err);
}

static void
put_some(json_t *body, const char *key, const char *text)
{
	if (*text)
		json_put_text(body, key, text);
}

static json_t *
answer_body(
    const struct inspection *inspection, int place, const struct whole *whole)
{
	json_t *body = json_object();

	inspection_put_path(inspection, place, body);
	put_some(body, "value", whole->value);
	put_some(body, "basis", basis_code(whole->basis));
	put_some(body, "note", whole->note);
	put_some(body, "reason", whole->reason);
	if (whole->flag)
		json_put_bool(body, "flag", true);
	return body;
}

/* The answer itself, checked before. */
static int
write_answer(struct inspection *inspection, int place,
    const struct answer_draft *draft, struct err *err)
{
	struct whole whole;
	json_t *body;
	int result;

	fill_whole(inspection, place, draft, &whole);
	if (is_so_already(inspection, place, &whole))
		return 0;
	body = answer_body(inspection, place, &whole);
	result = inspection_write(inspection, KIND_ANSWER, body, err);
	json_decref(body);
	return result;
}

static char *
path_of(const struct inspection *inspection, int place)
{
	struct buf path = BUF_INIT;

	state_add_path(inspection->state, place, &path);
	return buf_detach(&path);
}

/* A place of a row may have another number after what was written before. */
static int
write_at(struct inspection *inspection, const char *path, const char *value,
    struct err *err)
{
	const int place = state_find(inspection->state, path, err);
	struct answer_draft draft = ANSWER_DRAFT_INIT;

	draft.value = value;
	return place < 0 ? -1 : write_answer(inspection, place, &draft, err);
}

int
inspection_end_transaction(
    struct inspection *inspection, int result, struct err *err)
{
	struct db *db = vault_db(inspection->vault);
	struct err ignored = { 0 };

	if (result == 0 && db_commit(db, err) == 0)
		return 0;
	if (result != 0)
		db_rollback(db);
	inspection_reload(inspection, &ignored);
	return -1;
}

/* ---- what an answer sets off ---- */

static bool
sets_off(const struct form *form, int item)
{
	for (int i = 0; i < form->item_count; i++)
		for (int t = 0; t < form->items[i].trigger_count; t++)
			if (form->items[i].triggers[t] == item)
				return true;
	return false;
}

/* What was computed at a trigger is kept as it is: an answer of its own. */
static int
write_triggered(
    struct inspection *inspection, const char *path, struct err *err)
{
	const int place = state_find(inspection->state, path, err);
	const int *changed;
	char **paths, **values;
	size_t count, kept = 0;
	int result = 0;

	if (place < 0)
		return -1;
	state_trigger(inspection->state, place);
	changed = state_changed(inspection->state, &count);
	paths = xcalloc(count, sizeof(char *));
	values = xcalloc(count, sizeof(char *));
	for (size_t i = 0; i < count; i++) {
		if (!inspection_item(inspection, changed[i])->triggered)
			continue;
		paths[kept] = path_of(inspection, changed[i]);
		values[kept++] =
		    xstrdup(state_value(inspection->state, changed[i]));
	}
	for (size_t i = 0; i < kept; i++) {
		if (result == 0)
			result = write_at(inspection, paths[i], values[i], err);
		free(paths[i]);
		free(values[i]);
	}
	free(paths);
	free(values);
	return result;
}

static int
write_with_triggered(struct inspection *inspection, int place,
    const struct answer_draft *draft, struct err *err)
{
	char *path;
	int result;

	if (db_begin(vault_db(inspection->vault), err) < 0)
		return -1;
	path = path_of(inspection, place);
	result = write_answer(inspection, place, draft, err);
	if (result == 0)
		result = write_triggered(inspection, path, err);
	free(path);
	return inspection_end_transaction(inspection, result, err);
}

int
inspection_set(struct inspection *inspection, int place,
    const struct answer_draft *draft, enum lang lang, struct err *err)
{
	if (check_may_write(inspection, place, KIND_ANSWER, lang, err) < 0 ||
	    check_whole(inspection, place, draft, lang, err) < 0)
		return -1;
	if (draft->value &&
	    strcmp(draft->value, state_value(inspection->state, place)) != 0 &&
	    sets_off(inspection->form, state_item(inspection->state, place)))
		return write_with_triggered(inspection, place, draft, err);
	return write_answer(inspection, place, draft, err);
}

/* ---- evidence ---- */

static const struct evidence *
find_evidence(
    const struct inspection *inspection, int place, const struct hash *digest)
{
	const struct slot *slot = inspection_slot_at(inspection, place);

	for (size_t i = 0; slot && i < slot->evidence_count; i++)
		if (hash_equal(&slot->evidence[i].digest, digest))
			return &slot->evidence[i];
	return NULL;
}

static json_t *
evidence_body(
    const struct inspection *inspection, int place, const struct hash *digest)
{
	json_t *body = json_object();
	char hex[HASH_HEX_MAX];

	hash_to_hex(digest, hex);
	inspection_put_path(inspection, place, body);
	json_put_text(body, "blob", hex);
	return body;
}

/* The answer of a question for a file is the name of the last one. */
static int
answer_with_file(
    struct inspection *inspection, const char *path, struct err *err)
{
	const int place = state_find(inspection->state, path, err);
	const struct slot *slot;
	char *name;
	int result;

	if (place < 0)
		return -1;
	if (!item_takes_file(inspection_item(inspection, place)))
		return 0;
	slot = inspection_slot_at(inspection, place);
	name = xstrdup(slot && slot->evidence_count > 0
		? slot->evidence[slot->evidence_count - 1].name
		: "");
	result = write_at(inspection, path, name, err);
	free(name);
	return result;
}

static int
attach(
    struct inspection *inspection, int place, const char *path, struct err *err)
{
	struct hash digest;
	uint64_t size;
	json_t *body;
	int result;

	if (blob_add_file(inspection->vault, path, &digest, &size, err) < 0)
		return -1;
	if (find_evidence(inspection, place, &digest))
		return 0;
	body = evidence_body(inspection, place, &digest);
	json_put_text(body, "name", file_name(path));
	json_put_int(body, "size", (int64_t)size);
	result = inspection_write(inspection, KIND_EVIDENCE, body, err);
	json_decref(body);
	return result;
}

int
inspection_attach(
    struct inspection *inspection, int place, const char *path, struct err *err)
{
	struct db *db = vault_db(inspection->vault);
	char *at;
	int result;

	if (check_may_write(
		inspection, place, KIND_EVIDENCE, i18n_lang(), err) < 0 ||
	    text_check_clean(file_name(path), TEXT_NAME_MAX, false,
		_("the file's name"), err) < 0)
		return -1;
	/* The bytes and the events that name them: all or none. */
	if (db_begin(db, err) < 0)
		return -1;
	at = path_of(inspection, place);
	result = attach(inspection, place, path, err);
	if (result == 0)
		result = answer_with_file(inspection, at, err);
	free(at);
	return inspection_end_transaction(inspection, result, err);
}

static int
detach(struct inspection *inspection, int place, const struct hash *digest,
    struct err *err)
{
	json_t *body = evidence_body(inspection, place, digest);
	char *at = path_of(inspection, place);
	int result;

	json_put_bool(body, "remove", true);
	result = inspection_write(inspection, KIND_EVIDENCE, body, err);
	if (result == 0)
		result = answer_with_file(inspection, at, err);
	json_decref(body);
	free(at);
	return result;
}

int
inspection_detach(struct inspection *inspection, int place,
    const struct hash *digest, struct err *err)
{
	if (check_may_write(
		inspection, place, KIND_EVIDENCE, i18n_lang(), err) < 0)
		return -1;
	if (!find_evidence(inspection, place, digest))
		return err_set(err, ERR_NOT_FOUND,
		    _("this file is not among the evidence of the question"));
	if (db_begin(vault_db(inspection->vault), err) < 0)
		return -1;
	return inspection_end_transaction(
	    inspection, detach(inspection, place, digest, err), err);
}

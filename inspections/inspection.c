/* SPDX-License-Identifier: Apache-2.0 */
#include "inspections/inspection_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "storage/log.h"

/* Opening, reading again, asking; inspection_follow.c has what changes it. */

static const struct {
	const char *code, *title;
} bases[] = {
#define X(id, code, title) [id] = { code, title },
	BASES(X)
#undef X
};

const char *
basis_code(enum basis basis)
{
	return bases[basis].code;
}

const char *
basis_title(enum basis basis)
{
	return _(bases[basis].title);
}

bool
basis_find(const char *code, enum basis *basis)
{
	for (int i = 0; i < BASIS_COUNT; i++) {
		if (strcmp(bases[i].code, code) == 0) {
			*basis = (enum basis)i;
			return true;
		}
	}
	return false;
}

/* ---- making ---- */

static void
fill_people(struct inspection *inspection)
{
	const struct record *record = inspection->record;
	struct inspection_info *info = &inspection->info;

	info->people = xcalloc(record->people_count + 1, sizeof(char *));
	info->people_count = record->people_count;
	for (size_t i = 0; i < record->people_count; i++)
		info->people[i] = xstrdup(record->people[i]);
}

/* The form, or the one given if it is still that, so that what screens have
 * borrowed from it lives on. */
static int
take_form(struct inspection *inspection, struct form **form, struct err *err)
{
	const struct hash *identity = &inspection->info.checklist;

	if (form && *form && hash_equal(&(*form)->identity, identity)) {
		inspection->form = *form;
		*form = NULL;
		return 0;
	}
	return checklist_try_open(
		   inspection->vault, identity, &inspection->form, err) < 0
	    ? -1
	    : 0;
}

static int
fill(struct inspection *inspection, int64_t when, struct form **form,
    struct err *err)
{
	struct inspection_info *info = &inspection->info;

	inspection->record =
	    record_read(inspection->vault, inspection->id, err);
	if (!inspection->record)
		return -1;
	memcpy(info->id, inspection->id, ID_MAX);
	memcpy(info->site, inspection->record->site, ID_MAX);
	info->checklist = inspection->record->checklist;
	info->due = xstrdup(inspection->record->due);
	fill_people(inspection);
	if (take_form(inspection, form, err) < 0)
		return -1;
	if (inspection->form)
		inspection_make_places(inspection, when);
	inspection_refresh(inspection);
	return 0;
}

/* On failure a form that was handed over stays the caller's. */
static void
give_back(struct inspection *inspection, struct form **form)
{
	if (form && !*form) {
		*form = inspection->form;
		inspection->form = NULL;
	}
}

static struct inspection *
build(struct vault *vault, const char *id, int64_t when, struct form **form,
    struct err *err)
{
	struct inspection *inspection = xcalloc(1, sizeof(*inspection));

	inspection->vault = vault;
	memcpy(inspection->id, id, strnlen(id, ID_MAX - 1));
	if (fill(inspection, when, form, err) < 0) {
		give_back(inspection, form);
		inspection_close(inspection);
		return NULL;
	}
	return inspection;
}

struct inspection *
inspection_build(
    struct vault *vault, const char *id, int64_t when, struct err *err)
{
	return build(vault, id, when, NULL, err);
}

static void
release(struct inspection *inspection)
{
	state_free(inspection->state);
	form_free(inspection->form);
	record_free(inspection->record);
	free(inspection->slots);
	inspection_info_release(&inspection->info);
	arena_free(inspection->derived);
}

void
inspection_close(struct inspection *inspection)
{
	if (!inspection)
		return;
	release(inspection);
	free(inspection);
}

/* A damaged page is not a checklist that was never here. */
static void
say_why_no_form(
    struct vault *vault, const struct inspection *inspection, struct err *err)
{
	const struct hash *checklist = &inspection->info.checklist;
	const char *id = inspection->info.id;
	char hex[HASH_HEX_MAX];
	struct err why = { 0 };

	if (!checklist_open(vault, checklist, &why) &&
	    why.code != ERR_NOT_FOUND) {
		err_set(err, why.code,
		    _("the checklist of inspection %s cannot be read: %s"), id,
		    why.msg);
		return;
	}
	hash_to_hex(checklist, hex);
	err_set(err, ERR_UNSUPPORTED,
	    _("inspection %s needs the checklist %.16s..., which is not "
	      "here; import it, or a bundle that has it"),
	    id, hex);
}

static struct inspection *
open_with(
    struct vault *vault, const char *id, struct form **form, struct err *err)
{
	struct inspection *inspection;

	inspection = build(vault, id, WHEN_CLOCK, form, err);
	if (!inspection)
		return NULL;
	if (inspection->record->history.entry_count == 0 &&
	    inspection->record->history.idle_count == 0) {
		err_set(err, ERR_NOT_FOUND, _("%s: no such inspection"), id);
		goto fail;
	}
	if (!inspection->form) {
		say_why_no_form(vault, inspection, err);
		goto fail;
	}
	if (inspection_complete_info(vault, &inspection->info, err) < 0)
		goto fail;
	return inspection;
fail:
	give_back(inspection, form);
	inspection_close(inspection);
	return NULL;
}

struct inspection *
inspection_open(struct vault *vault, const char *id, struct err *err)
{
	return open_with(vault, id, NULL, err);
}

int
inspection_reload(struct inspection *inspection, struct err *err)
{
	const unsigned numbering = inspection->numbering + 1;
	struct form *form = inspection->form;
	struct inspection *again =
	    open_with(inspection->vault, inspection->id, &form, err);

	if (!again)
		return -1;
	inspection->form = form;
	release(inspection);
	*inspection = *again;
	inspection->numbering = numbering;
	free(again);
	return 0;
}

/* ---- asking ---- */

const struct inspection_info *
inspection_info(const struct inspection *inspection)
{
	return &inspection->info;
}

const struct form *
inspection_form(const struct inspection *inspection)
{
	return inspection->form;
}

const struct state *
inspection_state(const struct inspection *inspection)
{
	return inspection->state;
}

unsigned
inspection_numbering(const struct inspection *inspection)
{
	return inspection->numbering;
}

void
inspection_annotation(const struct inspection *inspection, int place,
    struct annotation *annotation)
{
	const struct slot *slot = inspection_slot_at(inspection, place);
	const struct claim *used = slot_used(slot);
	const struct author *author;

	memset(annotation, 0, sizeof(*annotation));
	annotation->note = annotation->reason = "";
	annotation->person = annotation->organisation = "";
	if (slot) {
		annotation->evidence = slot->evidence;
		annotation->evidence_count = slot->evidence_count;
	}
	if (!used)
		return;
	author = &inspection->record->history.chains[used->chain].author;
	annotation->basis = used->basis;
	annotation->note = used->note;
	annotation->reason = used->reason;
	annotation->flag = used->flag;
	annotation->time = used->time;
	annotation->person = author->name;
	annotation->organisation = author->organisation;
	memcpy(annotation->device,
	    history_device(&inspection->record->history, used->chain), ID_MAX);
}

char *
inspection_label(const struct inspection *inspection, int place, enum lang lang)
{
	const struct state *state = inspection->state;
	const size_t in = form_lang(inspection->form, lang);
	struct buf label = BUF_INIT;
	size_t crumbs;

	state_add_crumbs(state, place, in, &label);
	if (label.len > 0 && state_repeat(state, place) >= 0)
		return buf_detach(&label);
	if (label.len > 0)
		buf_add_text(&label, " › ");
	crumbs = label.len;
	state_add_text(state, place, STATE_LABEL, in, &label);
	if (label.len == crumbs)
		buf_add_text(&label,
		    crumbs
			? inspection->form->items[state_item(state, place)].name
			: inspection->form->items[state_item(state, place)]
			      .path);
	return buf_detach(&label);
}

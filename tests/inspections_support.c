/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/inspections_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "inspections/site.h"
#include "storage/blob.h"
#include "storage/log.h"
#include "tests/storage_support.h"
#include "tests/support.h"

static const char form_sheets[] =
    "ronde-checklist,1\n"
    "survey,type,name,label,required,relevant,constraint,"
    "constraint_message,bind::ronde:weight,bind::ronde:weakest\n"
    ",begin_group,a,Entrance,,,,,,\n"
    ",text,name,Name of the guard,yes,,,,,\n"
    ",integer,height,Height,,,. > 0,Must be above zero,,\n"
    ",select_one yn,gate,Gate closed?,,,,,1,\n"
    ",text,why,Why not?,,${gate} = 'no',,,,\n"
    ",end_group,,,,,,,,\n"
    ",begin_group,b,Fence,,,,,,\n"
    ",select_one yn,fence,Fence whole?,,,,,2,yes\n"
    ",select_one yn,lock,Lock good?,,,,,3,yes\n"
    ",select_one yn,light,Lit?,,,,,5,\n"
    ",date,planned,Next works,,,. >= today(),Not in the past,,\n"
    ",end_group,,,,,,,,\n"
    "choices,list_name,name,label,score,reason\n"
    ",yn,yes,Yes,100,\n"
    ",yn,partly,Partly,50,\n"
    ",yn,no,No,0,\n"
    ",yn,na,Does not apply,,yes\n"
    ",yn,unseen,Not seen,?,yes\n"
    "settings,form_title,form_id\n"
    ",Guard post,guard\n";

struct vault *
observer_new(void)
{
	return bare_vault_new(inspection_projectors);
}

struct vault *
person_new(const char *name, enum role role)
{
	struct vault *vault = observer_new();
	struct err err = { 0 };

	identity_create(vault, name, "Ministère", role, NULL, &err);
	assert_no_err(&err);
	return vault;
}

void
person_free(struct vault *vault)
{
	if (!vault)
		return;
	inspection_forget(vault);
	bare_vault_free(vault);
}

const char *
device_of(struct vault *vault)
{
	return identity_get(vault)->device;
}

/* ---- handing over ---- */

struct handing {
	struct vault *from, *to;
	const char *device;
	struct chain chain;
	int64_t until;
};

static int
hand_event(void *arg, const struct event *event, struct err *err)
{
	struct handing *handing = arg;

	if (handing->until && event->seq > handing->until)
		return 0;
	return log_insert(handing->to, event, err) < 0 ? -1 : 0;
}

/* Handed over in parts, in any order, a chain counts up to its first gap. */
static int
judge_event(void *arg, const struct event *event, struct err *err)
{
	struct handing *handing = arg;

	(void)err;
	if (event->seq == handing->chain.effective + 1) {
		handing->chain.effective = event->seq;
		handing->chain.head = event->hash;
	}
	return 0;
}

/* The roster's entry of a device: the writer's own card, or what is known. */
static void
hand_author(struct handing *handing)
{
	const struct identity *writer = identity_get(handing->from);
	struct roster_entry entry = { .trust = TRUST_YES, .cut = -1 };
	struct err err = { 0 };

	if (writer && strcmp(writer->device, handing->device) == 0) {
		memcpy(entry.device, writer->device, ID_MAX);
		memcpy(entry.person, writer->person, ID_MAX);
		entry.name = xstrdup(writer->name);
		entry.organisation = xstrdup(writer->organisation);
		entry.role = writer->role;
		memcpy(entry.sign_public, writer->sign_public, 32);
	} else if (roster_find(handing->from, handing->device, &entry, &err) <
	    1) {
		return;
	}
	roster_put(handing->to, &entry, &err);
	assert_no_err(&err);
	roster_entry_release(&entry);
}

void
hand_over(struct vault *from, struct vault *to, const char *subject,
    const char *device, int64_t seq)
{
	struct handing handing = {
		.from = from, .to = to, .device = device, .until = seq
	};
	const struct identity *self = identity_get(to);
	struct err err = { 0 };

	if (self && strcmp(self->device, device) == 0)
		return;
	snprintf(handing.chain.subject, sizeof(handing.chain.subject), "%s",
	    subject);
	snprintf(
	    handing.chain.device, sizeof(handing.chain.device), "%s", device);
	assert_int_equal(log_read_chain(from, subject, device, 1, hand_event,
			     &handing, &err),
	    0);
	assert_int_equal(
	    log_read_chain(to, subject, device, 1, judge_event, &handing, &err),
	    0);
	hand_author(&handing);
	log_judge(to, &handing.chain, &err);
	assert_no_err(&err);
	projection_run(to, subject, &err);
	assert_no_err(&err);
}

struct chains {
	struct chain list[64];
	size_t count;
};

static int
collect(void *arg, const struct chain *chain, struct err *err)
{
	struct chains *chains = arg;

	(void)err;
	assert_true(chains->count < ARRAY_LEN(chains->list));
	chains->list[chains->count++] = *chain;
	return 0;
}

void
hand_all(struct vault *from, struct vault *to)
{
	struct chains chains = { .count = 0 };
	struct err err = { 0 };

	log_chains(from, NULL, collect, &chains, &err);
	assert_no_err(&err);
	for (size_t i = 0; i < chains.count; i++)
		hand_over(
		    from, to, chains.list[i].subject, chains.list[i].device, 0);
}

void
write_event(struct vault *vault, const char *subject, const char *kind,
    const char *body)
{
	struct err err = { 0 };
	json_t *json = json_parse(body, strlen(body), "body", &err);

	assert_no_err(&err);
	log_append(vault, subject, kind, json, NULL, &err);
	json_decref(json);
	assert_no_err(&err);
}

/* ---- inspections ---- */

struct hash
store_form(struct vault *vault)
{
	struct err err = { 0 };
	struct hash identity;

	form_store_add(
	    vault, form_sheets, sizeof(form_sheets) - 1, &identity, &err);
	assert_no_err(&err);
	return identity;
}

void
make_inspection(struct vault *vault, char id[ID_MAX])
{
	const struct hash form = store_form(vault);
	struct err err = { 0 };
	char site[ID_MAX];

	site_add(vault, "Port d'Écoute", "ports", NULL, "infrastructure", site,
	    &err);
	assert_no_err(&err);
	inspection_new(vault, site, &form, id, &err);
	assert_no_err(&err);
}

struct inspection *
open_inspection(struct vault *vault, const char *id)
{
	struct err err = { 0 };
	struct inspection *inspection = inspection_open(vault, id, &err);

	assert_no_err(&err);
	assert_non_null(inspection);
	return inspection;
}

int
item_of(const struct inspection *inspection, const char *path)
{
	struct err err = { 0 };
	const struct item *item =
	    form_find(inspection_form(inspection), path, &err);

	assert_no_err(&err);
	return item->index;
}

void
answer(struct inspection *inspection, const char *path, const char *value)
{
	struct answer_draft draft = ANSWER_DRAFT_INIT;
	struct err err = { 0 };

	draft.value = value;
	inspection_set(
	    inspection, item_of(inspection, path), &draft, LANG_EN, &err);
	assert_no_err(&err);
}

void
answer_in(
    struct vault *vault, const char *id, const char *path, const char *value)
{
	struct inspection *inspection = open_inspection(vault, id);

	answer(inspection, path, value);
	inspection_close(inspection);
}

char *
shown(struct vault *vault, const char *id)
{
	struct inspection *inspection = open_inspection(vault, id);
	struct buf out = BUF_INIT;
	struct err err = { 0 };

	inspection_show_json(inspection, &out, &err);
	assert_no_err(&err);
	inspection_close(inspection);
	return buf_detach(&out);
}

struct hash
digest_of(struct vault *vault)
{
	struct err err = { 0 };
	struct hash digest;

	projection_digest(vault, &digest, &err);
	assert_no_err(&err);
	return digest;
}

void
assert_rebuild_is_same(struct vault *vault, const char *id)
{
	const struct hash before = digest_of(vault);
	struct err err = { 0 };
	struct hash after;

	projection_run(vault, id, &err);
	assert_no_err(&err);
	after = digest_of(vault);
	assert_true(hash_equal(&before, &after));
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "storage/doctor_internal.h"
#include "storage/statement.h"

/*
 * What is not there any more, by name where something still names it: the
 * indexes over events and statements have all that is needed.
 */

/* ---- pages ---- */

static void
say_overflow(const struct lost_page *lost, const struct tree *tree,
    struct doctor_report *report, const struct doctor_finding *finding)
{
	const long long byte = (long long)finding->byte, key = lost->key;

	if (tree->kind == ROW_EVENT)
		doctor_find(report, finding,
		    _("page %u is damaged (byte %lld): it held a part of "
		      "event %lld"),
		    lost->page, byte, key);
	else if (tree->kind == ROW_CHUNK)
		doctor_find(report, finding,
		    _("page %u is damaged (byte %lld): it held a part of "
		      "piece %lld of file %lld"),
		    lost->page, byte, (long long)lost->second + 1, key);
	else
		doctor_find(report, finding,
		    _("page %u is damaged (byte %lld): it held a part of a row "
		      "of %s"),
		    lost->page, byte, tree->name);
}

static void
say_page(const struct gathered *all, const struct lost_page *lost,
    struct doctor_report *report)
{
	const struct tree *tree = &all->trees[lost->tree];
	const int64_t at = pages_offset(lost->page);
	const long long byte = (long long)at;
	const struct doctor_finding finding = {
		.part = "page",
		.page = lost->page,
		.byte = at,
		.table = *tree->name ? tree->name : NULL,
		.number =
		    lost->overflow && tree->kind == ROW_EVENT ? lost->key : 0,
	};

	if (lost->malformed)
		doctor_find(report, &finding,
		    _("page %u (byte %lld) opens, but is not a page of %s"),
		    lost->page, byte, tree->name);
	else if (lost->overflow)
		say_overflow(lost, tree, report, &finding);
	else if (lost->tree == TREE_FREE)
		doctor_find(report, &finding,
		    _("page %u is damaged (byte %lld): it was free and held "
		      "nothing"),
		    lost->page, byte);
	else if (lost->tree == TREE_NONE)
		doctor_find(report, &finding,
		    _("page %u is damaged (byte %lld): what it held is not "
		      "known, nothing leads to it"),
		    lost->page, byte);
	else if (strcmp(tree->name, tree->table) == 0 || !*tree->table)
		doctor_find(report, &finding,
		    _("page %u is damaged (byte %lld): it held rows of %s"),
		    lost->page, byte, tree->name);
	else
		doctor_find(report, &finding,
		    _("page %u is damaged (byte %lld): it held entries of %s, "
		      "an index of %s"),
		    lost->page, byte, tree->name, tree->table);
}

/* A page past the end is told of by the pages that are missing. */
void
lost_say_pages(const struct gathered *all, const struct pages *pages,
    struct doctor_report *report)
{
	for (size_t i = 0; i < all->lost_count; i++)
		if (all->lost[i].page <= pages->file_pages)
			say_page(all, &all->lost[i], report);
}

/* ---- rows ---- */

static int
compare(const void *one, const void *other)
{
	const int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;

	return (a > b) - (a < b);
}

static bool
event_is_saved(const struct rescue *rescue, int64_t number)
{
	return rescue->number_count > 0 &&
	    bsearch(&number, rescue->numbers, rescue->number_count,
		sizeof(number), compare);
}

static void
say_event(struct rescue *rescue, const struct row *record, int64_t number)
{
	char subject[ID_MAX] = "", device[ID_MAX] = "";

	rescue_text(rescue, record, 0, subject, sizeof(subject));
	rescue_text(rescue, record, 1, device, sizeof(device));
	if (!*rescue->own || strcmp(device, rescue->own) == 0)
		rescue->report->saved.own_events_lost = true;
	doctor_find(rescue->report,
	    &(struct doctor_finding){ .part = "event",
		.byte = -1,
		.subject = subject,
		.number = number },
	    _("event %lld is lost: the one with seq %lld of %s on %s"),
	    (long long)number, (long long)record->columns[2].number, device,
	    subject);
}

/* Events that the index names and that were not saved; how many. */
static int
say_events(struct rescue *rescue, uint64_t *named, struct err *err)
{
	const struct row_list *list = &rescue->all->rows[ROW_EVENT_KEY];
	struct row record;

	for (size_t i = 0; i < list->count; i++) {
		const int64_t number = list->refs[i].key;
		int got;

		if (event_is_saved(rescue, number) ||
		    (i > 0 && list->refs[i - 1].key == number))
			continue;
		got = gathered_read(rescue->all, &list->refs[i], 4096,
		    &rescue->payload, &record, err);
		if (got < 0)
			return -1;
		if (got == 0 || record.count != 5)
			continue;
		say_event(rescue, &record, number);
		(*named)++;
	}
	return 0;
}

static uint64_t
last_number(const struct row_list *list)
{
	return list->count && list->refs[list->count - 1].key > 0
	    ? (uint64_t)list->refs[list->count - 1].key
	    : 0;
}

static void
say_nameless(struct rescue *rescue, uint64_t count)
{
	rescue->report->saved.own_events_lost = true;
	doctor_find(rescue->report,
	    &(struct doctor_finding){ .part = "event", .byte = -1 },
	    _("%llu more events are lost; nothing says which"),
	    (unsigned long long)count);
}

static void
say_statement(
    struct rescue *rescue, const struct row *record, const struct hash *hash)
{
	char type[STATEMENT_TYPE_MAX] = "", device[ID_MAX] = "";
	char hex[HASH_HEX_MAX];

	rescue_text(rescue, record, 0, type, sizeof(type));
	rescue_text(rescue, record, 1, device, sizeof(device));
	hash_to_hex(hash, hex);
	if (!*rescue->own || strcmp(device, rescue->own) == 0)
		rescue->report->saved.own_events_lost = true;
	rescue->report->saved.statements.lost++;
	doctor_find(rescue->report,
	    &(struct doctor_finding){
		.part = "statement", .byte = -1, .subject = hex },
	    _("the statement %.16s is lost (%s of %s)"), hex, type, device);
}

static int
say_statements(struct rescue *rescue, struct err *err)
{
	const struct row_list *list = &rescue->all->rows[ROW_STATEMENT_KEY];
	struct row record;
	struct hash hash;

	for (size_t i = 0; i < list->count; i++) {
		const int got = gathered_read(rescue->all, &list->refs[i], 4096,
		    &rescue->payload, &record, err);

		if (got < 0)
			return -1;
		if (got > 0 && rescue_hash(rescue, &record, 3, &hash) &&
		    !rescue_has(
			rescue->statements, rescue->statement_count, &hash))
			say_statement(rescue, &record, &hash);
	}
	return 0;
}

/* Both of them damaged: a statement of ours may be gone without a trace. */
static bool
may_miss_statements(const struct gathered *all)
{
	bool rows = false, keys = false;

	for (size_t i = 0; i < all->lost_count; i++) {
		const enum row_kind kind = all->trees[all->lost[i].tree].kind;

		rows |= kind == ROW_STATEMENT || all->lost[i].tree == TREE_NONE;
		keys |=
		    kind == ROW_STATEMENT_KEY || all->lost[i].tree == TREE_NONE;
	}
	return (rows && keys) || all->tree_count <= TREE_SCHEMA + 1;
}

int
lost_say_rows(struct rescue *rescue, uint64_t known, struct err *err)
{
	const struct row_list *rows = rescue->all->rows;
	struct doctor_saved *saved = &rescue->report->saved;
	uint64_t named = 0, most = known;

	if (say_events(rescue, &named, err) < 0 ||
	    say_statements(rescue, err) < 0)
		return -1;
	if (last_number(&rows[ROW_EVENT]) > most)
		most = last_number(&rows[ROW_EVENT]);
	if (last_number(&rows[ROW_EVENT_KEY]) > most)
		most = last_number(&rows[ROW_EVENT_KEY]);
	if (last_number(&rows[ROW_PURGED]) > most)
		most = last_number(&rows[ROW_PURGED]);
	/* Numbers have no gaps; a made up one is not worth a message. */
	saved->events.lost = named;
	if (most > saved->events.saved + saved->purged.saved + named) {
		const uint64_t nameless =
		    most - saved->events.saved - saved->purged.saved - named;

		say_nameless(rescue, nameless);
		saved->events.lost += nameless;
	}
	if (may_miss_statements(rescue->all))
		saved->own_events_lost = true;
	if (!saved->owner)
		doctor_find(rescue->report,
		    &(struct doctor_finding){
			.part = "owner", .byte = -1, .table = "identity" },
		    _("the owner and his private keys are lost: what only "
		      "they open or sign cannot be opened or signed again"));
	return 0;
}

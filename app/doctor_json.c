/* SPDX-License-Identifier: Apache-2.0 */
#include "app/doctor_json.h"

#include "base/json.h"
#include "storage/doctor.h"

static json_t *
json_of_findings(const struct doctor_report *report)
{
	json_t *list = json_array();

	for (size_t i = 0; i < report->count; i++) {
		const struct doctor_finding *finding = &report->findings[i];
		json_t *one = json_pack(
		    "{s:s, s:s}", "part", finding->part, "text", finding->text);

		if (finding->page)
			json_put_int(one, "page", finding->page);
		if (finding->byte >= 0)
			json_put_int(one, "byte", finding->byte);
		if (finding->table)
			json_put_text(one, "table", finding->table);
		if (finding->subject)
			json_put_text(one, "subject", finding->subject);
		if (finding->number)
			json_put_int(one, "event", finding->number);
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *
json_of_tables(const struct doctor_report *report)
{
	json_t *list = json_array();

	for (size_t i = 0; i < report->table_count; i++) {
		const struct doctor_table *table = &report->tables[i];

		json_array_append_new(list,
		    json_pack("{s:s, s:I, s:I, s:b}", "table", table->name,
			"rows", (json_int_t)table->rows, "right_rows",
			(json_int_t)table->right_rows, "differs",
			table->differs));
	}
	return list;
}

static json_t *
json_of_share(const struct doctor_share *share)
{
	return json_pack("{s:I, s:I}", "saved", (json_int_t)share->saved,
	    "lost", (json_int_t)share->lost);
}

static json_t *
json_of_saved(const struct doctor_saved *saved)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b}", "events",
	    json_of_share(&saved->events), "purged",
	    json_of_share(&saved->purged), "statements",
	    json_of_share(&saved->statements), "files",
	    json_of_share(&saved->files), "checklists",
	    json_of_share(&saved->checklists), "settings",
	    json_of_share(&saved->settings), "owner", saved->owner,
	    "keys_renewed", saved->keys_renewed);
}

/* As ronde anchor --json says it. */
static void
put_state(json_t *json, const struct doctor_report *report)
{
	json_put_text(json, "state", report->state);
	json_put_int(json, "missing", (int64_t)report->missing);
	if (report->known > 0)
		json_put_int(json, "known", (int64_t)report->known);
	if (report->notice)
		json_put_text(json, "notice", report->notice);
	if (report->trouble)
		json_put_text(json, "trouble", report->trouble);
}

json_t *
doctor_json(const char *path, const struct doctor_report *report)
{
	char hex[HASH_HEX_MAX];
	json_t *json = json_pack("{s:s, s:s, s:b, s:I, s:o}", "vault", path,
	    "id", report->vault_id, "well", report->found == 0, "found",
	    (json_int_t)report->found, "findings", json_of_findings(report));

	hash_to_hex(&report->head.hash, hex);
	json_put_int(json, "pages", (int64_t)report->pages);
	json_put_int(json, "damaged_pages", (int64_t)report->damaged_pages);
	json_put_int(json, "frames", (int64_t)report->frames);
	json_put_int(json, "damaged_frames", (int64_t)report->damaged_frames);
	if (report->state)
		put_state(json, report);
	if (report->opened) {
		json_put_int(json, "events", (int64_t)report->head.count);
		json_put_text(json, "head", hex);
		json_put_int(json, "purged", (int64_t)report->purged);
		json_put_int(json, "subjects", (int64_t)report->subjects);
		json_put_int(json, "chains", (int64_t)report->chains);
		json_put_int(json, "waiting", (int64_t)report->waiting);
		json_put_int(json, "statements", (int64_t)report->statements);
		json_put_int(json, "unchecked", (int64_t)report->unchecked);
		json_put_int(json, "files", (int64_t)report->files);
		json_put_int(json, "file_bytes", (int64_t)report->file_bytes);
		json_put_int(json, "checklists", (int64_t)report->checklists);
		json_object_set_new(json, "tables", json_of_tables(report));
		json_object_set_new(
		    json, "rebuilt", json_boolean(report->rebuilt));
	}
	if (report->weighed)
		json_object_set_new(
		    json, "saved", json_of_saved(&report->saved));
	return json;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/json.h"
#include "report/export_internal.h"

/* An inspection as JSON: answers nested as the form nests them. */

static json_t *items_json(
    const struct exported *exported, int row, int first, int end);

static json_t *
rows_json(const struct exported *exported, const struct item *item, int place)
{
	json_t *list = json_array();
	size_t count;
	const int *rows = state_rows(exported->state, place, &count);

	for (size_t i = 0; i < count; i++)
		if (state_is_relevant(exported->state, rows[i]))
			json_array_append_new(list,
			    items_json(
				exported, rows[i], item->index + 1, item->end));
	return list;
}

static json_t *
answer_json(const struct exported *exported, int place)
{
	struct buf text = BUF_INIT;
	json_t *value;

	submission_add_answer(
	    exported->state, &exported->submission, place, &text);
	value = text.len > 0 ? json_string(text.data) : json_null();
	buf_release(&text);
	return value;
}

static json_t *
items_json(const struct exported *exported, int row, int first, int end)
{
	const struct form *form = exported->form;
	json_t *object = json_object();

	for (int i = first; i < end; i = form->items[i].end) {
		const struct item *item = &form->items[i];
		const int place = state_in_row(exported->state, row, i);
		json_t *value;

		if (item->type == ITEM_REPEAT)
			value = rows_json(exported, item, place);
		else if (!state_is_relevant(exported->state, place) ||
		    !submission_has(item) || item->type == ITEM_NOTE)
			continue;
		else if (item_has_members(item))
			value = items_json(exported, row, i + 1, item->end);
		else
			value = answer_json(exported, place);
		json_object_set_new(object, item->name, value);
	}
	return object;
}

static json_t *
files_json(const struct exported *exported)
{
	json_t *list = json_array();

	for (size_t i = 0; i < exported->file_count; i++) {
		const struct export_file *file = &exported->files[i];
		struct buf path = BUF_INIT;
		char hex[HASH_HEX_MAX];
		json_t *one = json_object();

		hash_to_hex(&file->digest, hex);
		state_add_numbered(exported->state, file->place, &path);
		json_put_text(one, "question", path.data);
		json_put_text(one, "name", file->name);
		json_put_int(one, "size", (int64_t)file->size);
		json_put_text(one, "blake2b", hex);
		json_array_append_new(list, one);
		buf_release(&path);
	}
	return list;
}

static json_t *
conflicts_json(const struct exported *exported)
{
	json_t *list = json_array();
	size_t count;
	const struct conflict *conflicts =
	    inspection_conflicts(exported->inspection, &count);

	for (size_t i = 0; i < count; i++) {
		struct buf path = BUF_INIT;

		state_add_numbered(exported->state, conflicts[i].place, &path);
		json_array_append_new(list, json_string(path.data));
		buf_release(&path);
	}
	return list;
}

json_t *
export_json(const struct exported *exported)
{
	const struct inspection_info *info =
	    inspection_info(exported->inspection);
	struct buf name = BUF_INIT;
	char hex[HASH_HEX_MAX];
	json_t *one = json_object();

	hash_to_hex(&exported->form->identity, hex);
	submission_add_name(exported->state, &name);
	json_put_text(one, "inspection", info->id);
	json_put_text(one, "site", info->site);
	json_put_text(one, "site_name", info->site_name);
	json_put_text(one, "stage", stage_code(info->stage));
	json_put_text(one, "checklist", hex);
	json_put_text(one, "form_id", exported->form->form_id);
	json_put_text(one, "version", exported->form->version);
	json_put_text(one, "instance_id", exported->instance_id);
	if (exported->submission.replaces)
		json_put_text(one, "replaces", exported->submission.replaces);
	if (name.len > 0)
		json_put_text(one, "instance_name", name.data);
	json_put_text(one, "person", exported->person);
	json_put_text(one, "changed", exported->time);
	json_object_set_new(one, "answers",
	    items_json(exported, -1, 0, exported->form->item_count));
	json_object_set_new(one, "files", files_json(exported));
	json_object_set_new(one, "differing", conflicts_json(exported));
	buf_release(&name);
	return one;
}

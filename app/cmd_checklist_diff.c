/* SPDX-License-Identifier: Apache-2.0 */
/* ronde checklist diff */
#include <stdio.h>

#include "app/checklist_file.h"
#include "app/cmd_checklist.h"
#include "base/i18n.h"
#include "checklists/form_diff.h"

struct diff {
	const struct form *old, *new;
	json_t *lists[ITEM_CHANGE_COUNT]; /* NULL: printed as text */
	int counts[ITEM_CHANGE_COUNT];
};

static const char *
label_of(const struct form *form, const struct item *item)
{
	return form_text(form, item->label, form->default_lang, NULL);
}

static void
note_change(void *arg, enum item_change change, const struct item *old,
    const struct item *new)
{
	struct diff *diff = arg;
	const struct item *item = new ? new : old;
	const char *label = label_of(new ? diff->new : diff->old, item);
	json_t *one;

	diff->counts[change]++;
	if (diff->lists[change]) {
		one =
		    json_pack("{s:s, s:s}", "path", item->path, "label", label);
		if (change == ITEM_MOVED)
			json_object_set_new(
			    one, "from", json_string(old->path));
		json_array_append_new(diff->lists[change], one);
	} else if (change == ITEM_MOVED) {
		cli_print("%-9s %s (%s)  %s\n", item_change_code(change),
		    item->path, old->path, label);
	} else if (change != ITEM_SAME) {
		cli_print("%-9s %s  %s\n", item_change_code(change), item->path,
		    label);
	}
}

static void
print_diff(struct diff *diff)
{
	json_t *whole = diff->lists[0] ? json_object() : NULL;

	form_diff(diff->old, diff->new, note_change, diff);
	for (int i = 0; whole && i < ITEM_CHANGE_COUNT; i++)
		json_object_set_new(whole, item_change_code(i), diff->lists[i]);
	if (whole)
		cli_print_json(whole);
	else
		printf(_("%d questions are the same and keep their answers; "
			 "%d moved, %d changed, %d added, %d removed\n"),
		    diff->counts[ITEM_SAME], diff->counts[ITEM_MOVED],
		    diff->counts[ITEM_CHANGED], diff->counts[ITEM_ADDED],
		    diff->counts[ITEM_REMOVED]);
}

int
checklist_diff(struct cli *cli, struct err *err)
{
	struct form *old = checklist_file_open(cli, cli->operands[0], err);
	struct form *new =
	    old ? checklist_file_open(cli, cli->operands[1], err) : NULL;
	struct diff diff = { old, new, { NULL }, { 0 } };

	for (int i = 0; new && cli->json &&i < ITEM_CHANGE_COUNT; i++)
		diff.lists[i] = json_array();
	if (new)
		print_diff(&diff);
	form_free(old);
	form_free(new);
	return new ? 0 : -1;
}

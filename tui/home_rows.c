/* SPDX-License-Identifier: Apache-2.0 */
/* What the home screen lists: inspections, then sites that have none. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "inspections/site.h"
#include "storage/vault.h"
#include "tui/home.h"
#include "tui/ui.h"

void
home_release_rows(struct home *home)
{
	for (size_t i = 0; i < home->count; i++) {
		free(home->rows[i].name);
		free(home->rows[i].checklist);
		free(home->rows[i].due);
	}
	free(home->rows);
	home->rows = NULL;
	home->count = home->room = 0;
}

static struct home_row *
add_row(struct home *home)
{
	mem_grow(
	    &home->rows, &home->room, home->count + 1, sizeof(*home->rows));
	return &home->rows[home->count++];
}

static int
add_inspection(void *arg, const struct inspection_info *info, struct err *err)
{
	struct home_row *row = add_row(arg);

	(void)err;
	snprintf(row->id, sizeof(row->id), "%s", info->id);
	snprintf(row->site, sizeof(row->site), "%s", info->site);
	row->name = xstrdup(info->site_name ? info->site_name : "");
	row->checklist =
	    xstrdup(info->checklist_title ? info->checklist_title : "");
	row->due = xstrdup(info->due ? info->due : "");
	row->info = *info;
	row->info.site_name = row->info.checklist_title = NULL;
	row->info.due = NULL;
	row->info.people = NULL;
	return 0;
}

static int
add_site_alone(void *arg, const struct site *site, struct err *err)
{
	struct home *home = arg;
	struct home_row *row;

	(void)err;
	for (size_t i = 0; i < home->count; i++)
		if (strcmp(home->rows[i].site, site->id) == 0)
			return 0;
	row = add_row(home);
	snprintf(row->site, sizeof(row->site), "%s", site->id);
	row->name = xstrdup(site->name);
	row->checklist = xstrdup("");
	row->due = xstrdup("");
	row->info.changed = site->time;
	return 0;
}

static bool
is_found(const struct home *home, const struct home_row *row)
{
	return home->find.len == 0 ||
	    text_matches(row->name, home->find.text) ||
	    text_matches(row->checklist, home->find.text);
}

struct home_row *
home_row_at(const struct home *home, int index)
{
	for (size_t i = 0; i < home->count; i++)
		if (is_found(home, &home->rows[i]) && index-- == 0)
			return &home->rows[i];
	return NULL;
}

void
home_find(struct home *home)
{
	int count = 0;

	for (size_t i = 0; i < home->count; i++)
		count += is_found(home, &home->rows[i]);
	list_resize(&home->list, count);
}

int
home_read_rows(struct home *home, struct ui *ui, struct err *err)
{
	home_release_rows(home);
	if (inspection_each(ui->vault, add_inspection, home, err) != 0 ||
	    site_each(ui->vault, add_site_alone, home, err) != 0)
		return -1;
	buf_clear(&home->last);
	vault_last_event_say(ui->vault, &home->last);
	home_find(home);
	return 0;
}

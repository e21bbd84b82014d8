/* SPDX-License-Identifier: Apache-2.0 */
/* ronde inspection export-data */
#include "app/cmd_export_data.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "inspections/inspection.h"
#include "report/export.h"

const struct cli_option export_data_options[] = {
	{ "format", N_("FORMAT"), N_("openrosa, csv-odk, csv-kobo or json") },
	{ "output", N_("FOLDER"), N_("the new folder to write") },
	{ "all", NULL, N_("all inspections instead of those named") },
	{ NULL, NULL, NULL },
};

struct list {
	char (*ids)[ID_MAX];
	size_t count, room;
};

static bool
has_id(const struct list *list, const char *id)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->ids[i], id) == 0)
			return true;
	return false;
}

static void
add_id(struct list *list, const char *id)
{
	mem_grow(&list->ids, &list->room, list->count + 1, ID_MAX);
	memcpy(list->ids[list->count++], id, strlen(id) + 1);
}

static int
take_each(void *arg, const struct inspection_info *info, struct err *err)
{
	(void)err;
	add_id(arg, info->id);
	return 0;
}

static int
take_named(struct vault *vault, const struct cli *cli, struct list *list,
    struct err *err)
{
	for (size_t i = 0; i < cli->operand_count; i++) {
		char id[ID_MAX];

		if (inspection_complete(vault, cli->operands[i], id, err) < 0)
			return -1;
		/* Whoever names an inspection twice wants it once. */
		if (!has_id(list, id))
			add_id(list, id);
	}
	return 0;
}

static int
write_list(struct vault *vault, const struct list *list,
    enum export_format format, const char *folder, struct err *err)
{
	const char **ids = xcalloc(list->count + 1, sizeof(char *));
	int result;

	for (size_t i = 0; i < list->count; i++)
		ids[i] = list->ids[i];
	result = export_data(vault, ids, list->count, format, folder, err);
	free(ids);
	return result;
}

int
export_data_run(struct cli *cli, struct err *err)
{
	const char *code, *folder;
	enum export_format format;
	struct list list = { 0 };
	struct vault *vault;
	int result;

	if (cli_need(cli, "format", &code, err) < 0 ||
	    cli_need(cli, "output", &folder, err) < 0)
		return -1;
	if (!export_format_find(code, &format))
		return err_set(err, ERR_USAGE,
		    _("the format is openrosa, csv-odk, csv-kobo or json, not "
		      "%s"),
		    code);
	if ((cli->operand_count == 0) == !cli_has(cli, "all"))
		return err_set(err, ERR_USAGE,
		    _("name the inspections, or --all of them"));
	vault = cli_vault(cli, err);
	if (!vault)
		return -1;
	result = cli_has(cli, "all")
	    ? inspection_each(vault, take_each, &list, err)
	    : take_named(vault, cli, &list, err);
	if (result == 0)
		result = write_list(vault, &list, format, folder, err);
	if (result > 0)
		cli_say(_("files that have not come here yet, left out: %d"),
		    result);
	if (result >= 0)
		cli_say(
		    _("%s is in clear: whoever has it can read it"), folder);
	free(list.ids);
	return result < 0 ? -1 : 0;
}

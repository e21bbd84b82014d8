/* SPDX-License-Identifier: Apache-2.0 */
/* ronde site add, rename, list */
#include <stdio.h>
#include <string.h>

#include "app/cli.h"
#include "base/i18n.h"
#include "base/json.h"
#include "inspections/site.h"

static const struct cli_option add_options[] = {
	{ "name", N_("NAME"), N_("the site's name") },
	{ "sector", N_("TEXT"), N_("energy, water, transport, ...") },
	{ "organisation", N_("NAME"), N_("who runs or owns it") },
	{ "category", N_("CATEGORY"), N_("infrastructure or public-place") },
	{ NULL, NULL, NULL },
};

static int
check_category(const char *category, struct err *err)
{
	if (!category || strcmp(category, CATEGORY_INFRASTRUCTURE) == 0 ||
	    strcmp(category, CATEGORY_PUBLIC_PLACE) == 0)
		return 0;
	return err_set(err, ERR_USAGE,
	    _("the category is infrastructure or public-place, not %s"),
	    category);
}

static int
run_add(struct cli *cli, struct err *err)
{
	const char *category = cli_value(cli, "category"), *name;
	struct vault *vault;
	char id[ID_MAX];

	if (cli_need(cli, "name", &name, err) < 0 ||
	    check_category(category, err) < 0)
		return -1;
	vault = cli_vault(cli, err);
	if (!vault ||
	    site_add(vault, name, cli_value(cli, "sector"),
		cli_value(cli, "organisation"), category, id, err) < 0)
		return -1;
	if (cli->json)
		cli_print_json(json_pack("{s:s}", "id", id));
	else
		printf("%s\n", id);
	return 0;
}

static int
run_rename(struct cli *cli, struct err *err)
{
	const char *name = cli_value(cli, "name");
	struct vault *vault;
	char id[ID_MAX];

	if (!name && cli->operand_count == 2)
		name = cli->operands[1];
	if (!name)
		return err_set(err, ERR_USAGE, _("--%s is missing"), "name");
	vault = cli_vault(cli, err);
	if (!vault || site_complete(vault, cli->operands[0], id, err) < 0)
		return -1;
	return site_rename(vault, id, name, err);
}

static int
list_one(void *arg, const struct site *site, struct err *err)
{
	json_t *list = arg;

	(void)err;
	if (list)
		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", site->id,
			"name", site->name, "sector", site->sector,
			"organisation", site->organisation, "category",
			site->category));
	else
		cli_print("%s  %s%s%s\n", site->id, site->name,
		    site->sector[0] ? ", " : "", site->sector);
	return 0;
}

static int
run_list(struct cli *cli, struct err *err)
{
	struct vault *vault = cli_vault(cli, err);
	json_t *list = cli->json ? json_array() : NULL;

	if (!vault || site_each(vault, list_one, list, err) < 0) {
		json_decref(list);
		return -1;
	}
	if (list)
		cli_print_json(list);
	return 0;
}

static const struct cli_option rename_options[] = {
	{ "name", N_("NAME"), N_("the new name") },
	{ NULL, NULL, NULL },
};

const struct cli_command site_commands[] = {
	{ "site", "add", "", N_("add a site; prints its identifier"),
	    add_options, 0, 0, true, run_add },
	{ "site", "rename", N_("ID [NAME]"),
	    N_("give a site another name; its identifier stays"),
	    rename_options, 1, 2, false, run_rename },
	{ "site", "list", "", N_("list the sites"), NULL, 0, 0, true,
	    run_list },
	{ 0 },
};

/* SPDX-License-Identifier: Apache-2.0 */
/* ronde mission new; ronde inspection new, list, show, sign, reopen */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cli.h"
#include "app/cmd_export_data.h"
#include "app/show.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "bundles/trust.h"
#include "inspections/inspection.h"
#include "inspections/site.h"

static const struct cli_option new_options[] = {
	{ "site", N_("ID"), N_("the site, by identifier or name") },
	{ "checklist", N_("ID"), N_("the checklist, by identity or title") },
	{ NULL, NULL, NULL },
};

static const struct cli_option mission_options[] = {
	{ "site", N_("ID"), N_("the site, by identifier or name") },
	{ "checklist", N_("ID"), N_("the checklist, by identity or title") },
	{ "to", N_("PERSON"), N_("who goes there; may be given again") },
	{ "due", N_("DATE"), N_("by when: 2026-11-30") },
	{ NULL, NULL, NULL },
};

static int
find_site_and_checklist(struct cli *cli, struct vault *vault, char site[ID_MAX],
    struct hash *checklist, struct err *err)
{
	const char *typed_site, *typed_checklist;

	if (cli_need(cli, "site", &typed_site, err) < 0 ||
	    cli_need(cli, "checklist", &typed_checklist, err) < 0 ||
	    site_complete(vault, typed_site, site, err) < 0)
		return -1;
	return checklist_complete(vault, typed_checklist, checklist, err);
}

static void
print_id(const struct cli *cli, const char *id)
{
	if (cli->json)
		cli_print_json(json_pack("{s:s}", "id", id));
	else
		printf("%s\n", id);
}

static int
run_new(struct cli *cli, struct err *err)
{
	struct vault *vault = cli_vault(cli, err);
	char site[ID_MAX], id[ID_MAX];
	struct hash checklist;

	if (!vault ||
	    find_site_and_checklist(cli, vault, site, &checklist, err) < 0 ||
	    inspection_new(vault, site, &checklist, id, err) < 0)
		return -1;
	print_id(cli, id);
	return 0;
}

/* `--to A B` and `--to A --to B` mean the same. */
static size_t
list_people(const struct cli *cli, const char *list[2 * CLI_VALUES_MAX])
{
	size_t count = cli_values(cli, "to", list);

	for (size_t i = 0; i < cli->operand_count; i++)
		list[count++] = cli->operands[i];
	return count;
}

static int
run_mission(struct cli *cli, struct err *err)
{
	const char *typed[2 * CLI_VALUES_MAX], *people[2 * CLI_VALUES_MAX];
	static char ids[2 * CLI_VALUES_MAX][ID_MAX];
	const char *due = cli_value(cli, "due");
	const size_t count = list_people(cli, typed);
	struct vault *vault;
	char site[ID_MAX], id[ID_MAX];
	struct hash checklist;

	if (count == 0)
		return err_set(err, ERR_USAGE, _("--%s is missing"), "to");
	if (due && !clock_is_date(due))
		return err_set(
		    err, ERR_USAGE, _("%s is not a date like 2026-11-30"), due);
	vault = cli_vault(cli, err);
	if (!vault ||
	    find_site_and_checklist(cli, vault, site, &checklist, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (trust_complete_person(vault, typed[i], ids[i], err) < 0)
			return -1;
		people[i] = ids[i];
	}
	if (mission_new(vault, site, &checklist, people, count, due, id, err) <
	    0)
		return -1;
	print_id(cli, id);
	return 0;
}

static int
list_one(void *arg, const struct inspection_info *info, struct err *err)
{
	json_t *list = arg;

	(void)err;
	if (list)
		json_array_append_new(list, show_json_of_info(info));
	else
		show_info_line(info);
	return 0;
}

static int
run_list(struct cli *cli, struct err *err)
{
	struct vault *vault = cli_vault(cli, err);
	json_t *list = cli->json ? json_array() : NULL;

	if (!vault || inspection_each(vault, list_one, list, err) < 0) {
		json_decref(list);
		return -1;
	}
	if (list)
		cli_print_json(list);
	return 0;
}

/* Opens the inspection that the first operand means. */
static struct inspection *
open_operand(struct cli *cli, struct err *err)
{
	struct vault *vault = cli_vault(cli, err);
	char id[ID_MAX];

	if (!vault || inspection_complete(vault, cli->operands[0], id, err) < 0)
		return NULL;
	return inspection_open(vault, id, err);
}

static int
run_show(struct cli *cli, struct err *err)
{
	struct inspection *inspection = open_operand(cli, err);
	struct buf out = BUF_INIT;
	int result = 0;

	if (!inspection)
		return -1;
	if (cli->json) {
		result = inspection_show_json(inspection, &out, err);
		if (result == 0)
			printf("%s\n", out.data);
	} else {
		show_inspection(inspection);
	}
	buf_release(&out);
	inspection_close(inspection);
	return result;
}

static const struct cli_option sign_options[] = {
	{ "site-name", N_("NAME"), N_("the site's representative") },
	{ "site-function", N_("TEXT"), N_("what the representative does") },
	{ NULL, NULL, NULL },
};

static const char *
or_empty(const char *text)
{
	return text ? text : "";
}

static int
run_sign(struct cli *cli, struct err *err)
{
	struct inspection *inspection = open_operand(cli, err);
	char code[FINGERPRINT_MAX];
	int result = -1;

	if (!inspection)
		return -1;
	if (inspection_control_code(inspection, code, err) == 0 &&
	    inspection_sign(inspection, or_empty(cli_value(cli, "site-name")),
		or_empty(cli_value(cli, "site-function")), err) == 0) {
		if (cli->json)
			cli_print_json(json_pack("{s:s, s:s}", "id",
			    inspection_info(inspection)->id, "code", code));
		else
			printf(_("Signed. Control code: %s\n"), code);
		result = 0;
	}
	inspection_close(inspection);
	return result;
}

static const struct cli_option reopen_options[] = {
	{ "reason", N_("TEXT"), N_("why") },
	{ NULL, NULL, NULL },
};

static int
run_reopen(struct cli *cli, struct err *err)
{
	struct inspection *inspection;
	const char *reason;
	int result;

	if (cli_need(cli, "reason", &reason, err) < 0)
		return -1;
	inspection = open_operand(cli, err);
	if (!inspection)
		return -1;
	result = inspection_reopen(inspection, reason, err);
	inspection_close(inspection);
	return result;
}

const struct cli_command inspection_commands[] = {
	{ "mission", "new", "",
	    N_("send people to a site: makes the inspection they share"),
	    mission_options, 0, -1, true, run_mission },
	{ "inspection", "new", "", N_("begin an inspection of your own"),
	    new_options, 0, 0, true, run_new },
	{ "inspection", "list", "", N_("list inspections and their state"),
	    NULL, 0, 0, true, run_list },
	{ "inspection", "show", N_("ID"),
	    N_("print an inspection: answers, disagreements, signatures"), NULL,
	    1, 1, true, run_show },
	{ "inspection", "sign", N_("ID"), N_("sign your answers"), sign_options,
	    1, 1, true, run_sign },
	{ "inspection", "export-data", N_("ID..."),
	    N_("write answers as data for other programs, in clear"),
	    export_data_options, 0, -1, false, export_data_run },
	{ "inspection", "reopen", N_("ID"),
	    N_("open a signed inspection again, with a reason"), reopen_options,
	    1, 1, false, run_reopen },
	{ 0 },
};

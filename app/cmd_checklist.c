/* SPDX-License-Identifier: Apache-2.0 */
/* ronde checklist check, import, list */
#include <stdio.h>

#include "app/checklist_file.h"
#include "app/cmd_checklist.h"
#include "base/i18n.h"
#include "inspections/inspection.h"

static void
print_form(const struct cli *cli, const struct form *form,
    const struct problems *problems)
{
	char hex[HASH_HEX_MAX];
	size_t sections = 0;

	form_sections(form, &sections);
	hash_to_hex(&form->identity, hex);
	if (cli->json) {
		json_t *langs = json_array();

		for (size_t i = 0; i < form->lang_count; i++)
			json_array_append_new(
			    langs, json_string(form->langs[i]));
		cli_print_json(
		    json_pack("{s:b, s:s, s:s, s:s, s:s, s:i, s:i, s:o, s:o}",
			"valid", 1, "identity", hex, "title", form->title,
			"form_id", form->form_id, "version", form->version,
			"questions", form->question_count, "sections",
			(int)sections, "languages", langs, "problems",
			checklist_file_problems_json(problems)));
		return;
	}
	cli_print("%s\n", form->title);
	printf("%s\n", hex);
	printf(ngettext("%d question, %zu sections\n",
		   "%d questions, %zu sections\n",
		   (unsigned long)form->question_count),
	    form->question_count, sections);
}

static int
run_check(struct cli *cli, struct err *err)
{
	struct problems problems = { 0 };
	struct form *form =
	    checklist_file_read(cli->operands[0], &problems, err);

	checklist_file_problems(cli, cli->operands[0], &problems);
	if (form)
		print_form(cli, form, &problems);
	else if (cli->json)
		cli_print_json(
		    json_pack("{s:b, s:s, s:o}", "valid", 0, "error", err->msg,
			"problems", checklist_file_problems_json(&problems)));
	problems_release(&problems);
	if (!form)
		return -1;
	form_free(form);
	return 0;
}

static int
run_import(struct cli *cli, struct err *err)
{
	struct problems problems = { 0 };
	struct vault *vault = cli_vault(cli, err);
	struct hash identity;
	char hex[HASH_HEX_MAX];
	bool added = false;
	int result;

	if (!vault)
		return -1;
	result = checklist_import(
	    vault, cli->operands[0], &problems, &identity, &added, err);
	checklist_file_problems(cli, cli->operands[0], &problems);
	problems_release(&problems);
	if (result < 0)
		return checklist_file_name(cli->operands[0], err);
	hash_to_hex(&identity, hex);
	if (cli->json)
		cli_print_json(json_pack(
		    "{s:s, s:b}", "identity", hex, "added", (int)added));
	else
		printf("%s\n", hex);
	if (!added)
		cli_say(_("this checklist was here already"));
	return 0;
}

static int
list_one(void *arg, const struct checklist_info *info, struct err *err)
{
	json_t *list = arg;
	char hex[HASH_HEX_MAX];

	(void)err;
	hash_to_hex(&info->identity, hex);
	if (list)
		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:i}", "identity",
			hex, "title", info->title, "form_id", info->form_id,
			"version", info->version, "questions", info->questions,
			"sections", info->sections, "languages",
			(int)info->lang_count));
	else
		cli_print("%.12s  %4d  %s  (%s %s)\n", hex, info->questions,
		    info->title, info->form_id, info->version);
	return 0;
}

static int
run_list(struct cli *cli, struct err *err)
{
	struct vault *vault = cli_vault(cli, err);
	json_t *list = cli->json ? json_array() : NULL;

	if (!vault || checklist_each(vault, list_one, list, err) < 0) {
		json_decref(list);
		return -1;
	}
	if (list)
		cli_print_json(list);
	return 0;
}

const struct cli_command checklist_commands[] = {
	{ "checklist", "check", N_("FILE"),
	    N_("read an XLSForm and say all that is wrong with it"), NULL, 1, 1,
	    true, run_check },
	{ "checklist", "show", N_("FILE"),
	    N_("say what a checklist is made of"), NULL, 1, 1, true,
	    checklist_show },
	{ "checklist", "diff", N_("OLD NEW"),
	    N_("say which questions another version leaves as they were"), NULL,
	    2, 2, true, checklist_diff },
	{ "checklist", "run", N_("FILE"),
	    N_("answer a checklist from a script and print what follows"),
	    checklist_run_options, 1, 1, true, checklist_run },
	{ "checklist", "import", N_("FILE"),
	    N_("take a checklist into the vault; prints its identity"), NULL, 1,
	    1, true, run_import },
	{ "checklist", "list", "", N_("list the checklists in the vault"), NULL,
	    0, 0, true, run_list },
	{ 0 },
};

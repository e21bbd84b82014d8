/* SPDX-License-Identifier: Apache-2.0 */
/* ronde checklist check, import, list */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cli.h"
#include "base/i18n.h"
#include "base/json.h"
#include "checklists/form.h"
#include "checklists/problem.h"
#include "checklists/reader.h"
#include "inspections/inspection.h"

/* Puts the name in front, where the message does not say it itself. */
static int
name_file(const char *path, struct err *err)
{
	const size_t len = strlen(path);
	const char *at = err->msg;

	while ((at = strstr(at, path))) {
		if ((at == err->msg || at[-1] == ' ') &&
		    strchr(": ,;", at[len]))
			return -1;
		at += len;
	}
	return err_wrap(err, "%s", path);
}

static void
print_problems(const struct cli *cli, const struct problems *problems)
{
	if (cli->json)
		return;
	for (size_t i = 0; i < problems->count; i++) {
		char *text = problem_text(&problems->list[i]);

		cli_say(problems->list[i].kind == PROBLEM_ERROR
			? _("error: %s")
			: _("warning: %s"),
		    text);
		free(text);
	}
	if (problems->more)
		cli_say(_("there are more problems; these are the first %d"),
		    (int)PROBLEMS_MAX);
	if (problems->errors)
		cli_say(_("correct these places in the checklist and try "
			  "again; nothing was changed"));
}

static json_t *
json_of_problems(const struct problems *problems)
{
	json_t *list = json_array();

	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *problem = &problems->list[i];

		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:i, s:s, s:s}", "kind",
			problem->kind == PROBLEM_ERROR ? "error" : "warning",
			"sheet", problem->sheet, "row", problem->row, "column",
			problem->column, "text", problem->text));
	}
	return list;
}

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
			json_of_problems(problems)));
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
	const char *path = cli->operands[0];
	struct problems problems = { 0 };
	struct reader_rows rows = { 0 };
	struct buf sheets = { .data = buf_empty, .max = BUF_MAX_BYTES };
	struct form *form = NULL;
	size_t first;
	int result = -1;

	if (reader_normalise_rows(path, &sheets, &rows, &problems, err) == 0) {
		first = problems.count;
		form = form_parse(sheets.data, sheets.len, &problems, err);
		reader_show_rows(&rows, &problems, first);
		if (!form && problems.errors > 0)
			problems_refuse(&problems, 0, err);
	}
	reader_rows_release(&rows);
	print_problems(cli, &problems);
	if (form) {
		print_form(cli, form, &problems);
		result = 0;
	} else {
		if (cli->json)
			cli_print_json(json_pack("{s:b, s:s, s:o}", "valid", 0,
			    "error", err->msg, "problems",
			    json_of_problems(&problems)));
		name_file(path, err);
	}
	form_free(form);
	buf_release(&sheets);
	problems_release(&problems);
	return result;
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
	print_problems(cli, &problems);
	problems_release(&problems);
	if (result < 0)
		return name_file(cli->operands[0], err);
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
	{ "checklist", "import", N_("FILE"),
	    N_("take a checklist into the vault; prints its identity"), NULL, 1,
	    1, true, run_import },
	{ "checklist", "list", "", N_("list the checklists in the vault"), NULL,
	    0, 0, true, run_list },
	{ 0 },
};

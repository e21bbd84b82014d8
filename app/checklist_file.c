/* SPDX-License-Identifier: Apache-2.0 */
#include "app/checklist_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "checklists/reader.h"

/* Puts the name in front, where the message does not say it itself. */
int
checklist_file_name(const char *path, struct err *err)
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
say_lines(char *lines)
{
	for (char *end; (end = strchr(lines, '\n')); lines = end + 1) {
		*end = '\0';
		cli_say("%s", lines);
	}
}

void
checklist_file_problems(
    const struct cli *cli, const char *path, const struct problems *problems)
{
	if (cli->json)
		return;
	for (size_t i = 0; i < problems->count; i++) {
		char *text = problem_text(&problems->list[i]);
		char *quote = problem_quote(&problems->list[i]);

		cli_say(problems->list[i].kind == PROBLEM_ERROR
			? _("%s: error: %s")
			: _("%s: warning: %s"),
		    path, text);
		say_lines(quote);
		free(quote);
		free(text);
	}
	if (problems->more)
		cli_say(_("there are more problems; these are the first %d"),
		    (int)PROBLEMS_MAX);
	if (problems->errors)
		cli_say(_("correct these places in the checklist and try "
			  "again; nothing was changed"));
}

json_t *
checklist_file_problems_json(const struct problems *problems)
{
	json_t *list = json_array();

	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *problem = &problems->list[i];

		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:i}",
			"kind",
			problem->kind == PROBLEM_ERROR ? "error" : "warning",
			"sheet", problem->sheet, "row", problem->row, "column",
			problem->column, "text", problem->text, "place",
			problem->place, "cell", problem->cell, "at",
			problem->at));
	}
	return list;
}

struct form *
checklist_file_read(
    const char *path, struct problems *problems, struct err *err)
{
	struct reader_rows rows = { 0 };
	struct buf sheets = BUF_INIT;
	struct form *form = NULL;
	size_t first;

	if (reader_normalise_rows(path, &sheets, &rows, problems, err) == 0) {
		first = problems->count;
		form = form_parse(sheets.data, sheets.len, problems, err);
		reader_show_rows(&rows, problems, first);
		if (!form && problems->errors > 0)
			problems_refuse(problems, 0, err);
	}
	if (!form)
		checklist_file_name(path, err);
	reader_rows_release(&rows);
	buf_release(&sheets);
	return form;
}

struct form *
checklist_file_open(const struct cli *cli, const char *path, struct err *err)
{
	struct problems problems = { 0 };
	struct form *form = checklist_file_read(path, &problems, err);

	checklist_file_problems(cli, path, &problems);
	problems_release(&problems);
	return form;
}

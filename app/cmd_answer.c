/* SPDX-License-Identifier: Apache-2.0 */
/* ronde inspection set, resolve */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cli.h"
#include "base/i18n.h"
#include "base/json.h"
#include "checklists/form.h"
#include "checklists/state.h"
#include "inspections/inspection.h"
#include "storage/db.h"
#include "storage/vault.h"

static const struct cli_option set_options[] = {
	{ "note", N_("TEXT"), N_("a note on the item") },
	{ "basis", N_("BASIS"), N_("seen, document, interview, not-verified") },
	{ "flag", NULL, N_("needs immediate attention") },
	{ "no-flag", NULL, N_("takes the flag away") },
	{ "reason", N_("TEXT"), N_("why not applicable or not seen") },
	{ "evidence", N_("FILE"), N_("attach FILE; may be given again") },
	{ NULL, NULL, NULL },
};

static int
fill_draft(const struct cli *cli, struct answer_draft *draft, struct err *err)
{
	const char *code = cli_value(cli, "basis");
	enum basis basis;

	draft->note = cli_value(cli, "note");
	draft->reason = cli_value(cli, "reason");
	if (cli_has(cli, "flag"))
		draft->flag = 1;
	else if (cli_has(cli, "no-flag"))
		draft->flag = 0;
	if (!code)
		return 0;
	if (!basis_find(code, &basis))
		return err_set(err, ERR_USAGE,
		    _("the basis is seen, document, interview or not-verified, "
		      "not %s"),
		    code);
	draft->basis = (int)basis;
	return 0;
}

static int
attach_all(const struct cli *cli, struct inspection *inspection, int place,
    struct err *err)
{
	const char *files[CLI_VALUES_MAX];
	const size_t count = cli_values(cli, "evidence", files);

	for (size_t i = 0; i < count; i++)
		if (inspection_attach(inspection, place, files[i], err) < 0)
			return -1;
	return 0;
}

/* "a5/height", "house[2]/name" (a row by number or by key), or a name alone. */
static int
find_place(const struct inspection *inspection, const char *path, int *place,
    struct err *err)
{
	const struct form *form = inspection_form(inspection);
	const struct item *item;

	path += *path == '/';
	if (strchr(path, '[')) {
		*place =
		    state_find_typed(inspection_state(inspection), path, err);
		return *place < 0 ? -1 : 0;
	}
	item = form_find(form, path, err);
	if (!item)
		return -1;
	if (item->repeat >= 0)
		return err_set(err, ERR_VALUE,
		    _("%s is in a repeat: name the row, as in %s[1]"), path,
		    form->items[item->repeat].path);
	*place = item->index;
	return 0;
}

static struct inspection *
open_inspection(struct cli *cli, const char *typed, struct err *err)
{
	struct vault *vault = cli_vault(cli, err);
	char id[ID_MAX];

	if (!vault || inspection_complete(vault, typed, id, err) < 0)
		return NULL;
	return inspection_open(vault, id, err);
}

static struct inspection *
open_at(struct cli *cli, int *place, struct err *err)
{
	struct inspection *inspection =
	    open_inspection(cli, cli->operands[0], err);

	if (inspection &&
	    find_place(inspection, cli->operands[1], place, err) < 0) {
		inspection_close(inspection);
		return NULL;
	}
	return inspection;
}

/* The answer and its evidence: all or nothing. */
static int
save(struct cli *cli, struct inspection *inspection, int place,
    const struct answer_draft *draft, struct err *err)
{
	struct db *db = vault_db(cli->vault);

	if (db_begin(db, err) < 0)
		return -1;
	if (inspection_set(inspection, place, draft, i18n_lang(), err) < 0 ||
	    attach_all(cli, inspection, place, err) < 0) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, err);
}

static int
set_place(
    struct cli *cli, struct inspection *inspection, int place, struct err *err)
{
	struct answer_draft draft = ANSWER_DRAFT_INIT;
	struct buf value = BUF_INIT;
	const size_t lang = form_lang(inspection_form(inspection), i18n_lang());
	int result = -1;

	if (fill_draft(cli, &draft, err) < 0 ||
	    state_read_typed(inspection_state(inspection), place,
		cli->operands[2], lang, &value, err) < 0)
		goto out;
	draft.value = value.data;
	result = save(cli, inspection, place, &draft, err);
out:
	buf_release(&value);
	return result;
}

static int
run_set(struct cli *cli, struct err *err)
{
	int place, result;
	struct inspection *inspection = open_at(cli, &place, err);

	if (!inspection)
		return -1;
	result = set_place(cli, inspection, place, err);
	if (result < 0)
		err_wrap(err, "%s", cli->operands[1]);
	inspection_close(inspection);
	return result;
}

static const struct cli_option resolve_options[] = {
	{ "take", N_("DEVICE"),
	    N_("whose answer is taken: a device, or its person's name") },
	{ "reason", N_("TEXT"), N_("why") },
	{ NULL, NULL, NULL },
};

static int
run_resolve(struct cli *cli, struct err *err)
{
	const char *take, *reason;
	struct inspection *inspection;
	int place, result;

	if (cli_need(cli, "take", &take, err) < 0 ||
	    cli_need(cli, "reason", &reason, err) < 0)
		return -1;
	inspection = open_at(cli, &place, err);
	if (!inspection)
		return -1;
	result = inspection_resolve(inspection, place, take, reason, err);
	if (result < 0)
		err_wrap(err, "%s", cli->operands[1]);
	inspection_close(inspection);
	return result;
}

/* ---- rows ---- */

static int
add_row(struct cli *cli, struct inspection *inspection, struct err *err)
{
	struct buf path = BUF_INIT;
	int repeat, row;

	if (find_place(inspection, cli->operands[2], &repeat, err) < 0 ||
	    inspection_row_add(inspection, repeat, &row, err) < 0)
		return -1;
	state_add_path(inspection_state(inspection), row, &path);
	if (cli->json)
		cli_print_json(json_pack("{s:s}", "row", path.data));
	else
		printf("%s\n", path.data);
	buf_release(&path);
	return 0;
}

static int
remove_row(struct cli *cli, struct inspection *inspection, struct err *err)
{
	int row;

	if (find_place(inspection, cli->operands[2], &row, err) < 0)
		return -1;
	return inspection_row_remove(inspection, row, err);
}

static int
run_row(struct cli *cli, struct err *err)
{
	const bool adds = strcmp(cli->operands[0], "add") == 0;
	struct inspection *inspection;
	int result;

	if (!adds && strcmp(cli->operands[0], "remove") != 0)
		return err_set(err, ERR_USAGE,
		    _("rows can be added (add) and taken away (remove), not "
		      "%s"),
		    cli->operands[0]);
	inspection = open_inspection(cli, cli->operands[1], err);
	if (!inspection)
		return -1;
	result = adds ? add_row(cli, inspection, err)
		      : remove_row(cli, inspection, err);
	if (result < 0)
		err_wrap(err, "%s", cli->operands[2]);
	inspection_close(inspection);
	return result;
}

const struct cli_command answer_commands[] = {
	{ "inspection", "set", N_("ID PATH VALUE"),
	    N_("answer an item; \"\" takes the answer back"), set_options, 3, 3,
	    false, run_set },
	{ "inspection", "row", N_("add|remove ID PATH"),
	    N_("add a row to a repeat, or take one away"), NULL, 3, 3, true,
	    run_row },
	{ "inspection", "resolve", N_("ID PATH"),
	    N_("decide between answers that differ"), resolve_options, 2, 2,
	    false, run_resolve },
	{ 0 },
};

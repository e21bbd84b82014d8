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
attach_all(const struct cli *cli, struct inspection *inspection, int item,
    struct err *err)
{
	const char *files[CLI_VALUES_MAX];
	const size_t count = cli_values(cli, "evidence", files);

	for (size_t i = 0; i < count; i++)
		if (inspection_attach(inspection, item, files[i], err) < 0)
			return -1;
	return 0;
}

static struct inspection *
open_at(struct cli *cli, const struct item **item, struct err *err)
{
	struct vault *vault = cli_vault(cli, err);
	struct inspection *inspection;
	char id[ID_MAX];

	if (!vault || inspection_complete(vault, cli->operands[0], id, err) < 0)
		return NULL;
	inspection = inspection_open(vault, id, err);
	if (!inspection)
		return NULL;
	*item = form_find(inspection_form(inspection), cli->operands[1], err);
	if (!*item) {
		inspection_close(inspection);
		return NULL;
	}
	return inspection;
}

/* The answer and its evidence: all or nothing. */
static int
save(struct cli *cli, struct inspection *inspection, const struct item *item,
    const struct answer_draft *draft, struct err *err)
{
	struct db *db = vault_db(cli->vault);

	if (db_begin(db, err) < 0)
		return -1;
	if (inspection_set(inspection, item->index, draft, i18n_lang(), err) <
		0 ||
	    attach_all(cli, inspection, item->index, err) < 0) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, err);
}

static int
set_item(struct cli *cli, struct inspection *inspection,
    const struct item *item, struct err *err)
{
	struct answer_draft draft = ANSWER_DRAFT_INIT;
	struct buf value = BUF_INIT;
	const size_t lang = form_lang(inspection_form(inspection), i18n_lang());
	int result = -1;

	if (fill_draft(cli, &draft, err) < 0 ||
	    state_read_typed(inspection_state(inspection), item->index,
		cli->operands[2], lang, &value, err) < 0)
		goto out;
	draft.value = value.data;
	result = save(cli, inspection, item, &draft, err);
out:
	buf_release(&value);
	return result;
}

static int
run_set(struct cli *cli, struct err *err)
{
	const struct item *item;
	struct inspection *inspection = open_at(cli, &item, err);
	int result;

	if (!inspection)
		return -1;
	result = set_item(cli, inspection, item, err);
	if (result < 0)
		err_wrap(err, "%s", item->path);
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
	const struct item *item;
	struct inspection *inspection;
	int result;

	if (cli_need(cli, "take", &take, err) < 0 ||
	    cli_need(cli, "reason", &reason, err) < 0)
		return -1;
	inspection = open_at(cli, &item, err);
	if (!inspection)
		return -1;
	result = inspection_resolve(inspection, item->index, take, reason, err);
	if (result < 0)
		err_wrap(err, "%s", item->path);
	inspection_close(inspection);
	return result;
}

const struct cli_command answer_commands[] = {
	{ "inspection", "set", N_("ID PATH VALUE"),
	    N_("answer an item; \"\" takes the answer back"), set_options, 3, 3,
	    false, run_set },
	{ "inspection", "resolve", N_("ID PATH"),
	    N_("decide between answers that differ"), resolve_options, 2, 2,
	    false, run_resolve },
	{ 0 },
};

/* SPDX-License-Identifier: Apache-2.0 */
/* ronde export, verify, import */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cli.h"
#include "app/recipients.h"
#include "app/setup.h"
#include "app/show.h"
#include "base/i18n.h"
#include "base/json.h"
#include "bundles/bundle.h"
#include "inspections/inspection.h"

static const struct cli_option export_options[] = {
	{ "to", N_("PERSON|CARD|age1..."),
	    N_("who can open it; may be given again") },
	{ "inspection", N_("ID"),
	    N_("only this inspection; may be given again") },
	{ "full", NULL, N_("also what a receipt says they have") },
	{ NULL, NULL, NULL },
};

static bool
ends_with(const char *text, const char *end)
{
	const size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/*
 * `--inspection A B out.ronde`: the file is the operand that is named like a
 * bundle, else the last one; the others are inspections.
 */
static const char *
split_operands(const struct cli *cli, const char **ids, size_t *count)
{
	const char *file = cli->operands[cli->operand_count - 1];

	for (size_t i = 0; i < cli->operand_count; i++)
		if (ends_with(cli->operands[i], ".ronde"))
			file = cli->operands[i];
	for (size_t i = 0; i < cli->operand_count; i++)
		if (cli->operands[i] != file)
			ids[(*count)++] = cli->operands[i];
	return file;
}

static int
complete_subjects(struct vault *vault, const char **typed, size_t count,
    char (*ids)[ID_MAX], struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		if (inspection_complete(vault, typed[i], ids[i], err) < 0)
			return -1;
		typed[i] = ids[i];
	}
	return 0;
}

static void
print_export(const struct cli *cli, const char *file,
    const struct export_summary *summary)
{
	char hex[HASH_HEX_MAX];

	hash_to_hex(&summary->heads, hex);
	if (cli->json) {
		cli_print_json(json_pack(
		    "{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s, s:I}",
		    "file", file, "subjects", (json_int_t)summary->subjects,
		    "chains", (json_int_t)summary->chains, "events",
		    (json_int_t)summary->events, "statements",
		    (json_int_t)summary->statements, "checklists",
		    (json_int_t)summary->checklists, "blobs",
		    (json_int_t)summary->blobs, "bytes",
		    (json_int_t)summary->bytes, "heads", hex, "recipients",
		    (json_int_t)summary->recipient_count));
		return;
	}
	cli_print(_("%s: events: %zu; chains: %zu; checklists: %zu; files of "
		    "evidence: %zu; bytes: %llu\n"),
	    file, summary->events, summary->chains, summary->checklists,
	    summary->blobs, (unsigned long long)summary->bytes);
	printf(_("Heads statement: %s\n"), hex);
}

static int
run_export(struct cli *cli, struct err *err)
{
	const char *typed[2 * CLI_VALUES_MAX], *to[CLI_VALUES_MAX];
	static char ids[2 * CLI_VALUES_MAX][ID_MAX];
	size_t count = cli_values(cli, "inspection", typed);
	const size_t to_count = cli_values(cli, "to", to);
	const char *file = split_operands(cli, typed, &count);
	struct export_summary summary = { 0 };
	struct recipients recipients = { 0 };
	struct vault *vault;
	int result = -1;

	if (to_count == 0)
		return err_set(err, ERR_USAGE, _("--%s is missing"), "to");
	vault = cli_vault(cli, err);
	if (!vault || complete_subjects(vault, typed, count, ids, err) < 0 ||
	    recipients_find(vault, to, to_count, &recipients, err) < 0)
		goto out;
	const struct export_request request = {
		.recipients = recipients.keys,
		.recipient_count = recipients.count,
		.devices = recipients.devices,
		.device_count = recipients.device_count,
		.subjects = typed,
		.subject_count = count,
		.full = cli_has(cli, "full"),
	};
	if (recipients.count == 1)
		cli_say(_("only one key can open this bundle; add the "
			  "programme's key with another --to"));
	result = bundle_export(
	    vault, file, &request, setup_contents(), &summary, err);
	if (result == 0)
		print_export(cli, file, &summary);
out:
	recipients_release(&recipients);
	return result;
}

static int
run_verify(struct cli *cli, struct err *err)
{
	struct import_summary summary = { 0 };
	struct vault *vault = cli_vault(cli, err);
	int result;

	if (!vault)
		return -1;
	result = bundle_verify(vault, cli->operands[0], &summary, err);
	if (cli->json)
		cli_print_json(show_json_of_bundle(
		    cli->operands[0], &summary, result < 0 ? err : NULL));
	else if (result == 0)
		show_bundle(cli->operands[0], &summary, false);
	import_summary_release(&summary);
	return result;
}

static const struct cli_option import_options[] = {
	{ "dry-run", NULL, N_("say what would come, change nothing") },
	{ NULL, NULL, NULL },
};

static int
count_conflicts(void *arg, const struct inspection_info *info, struct err *err)
{
	const struct cli *cli = arg;

	(void)err;
	if (info->conflicts > 0 && !cli->json)
		cli_print(ngettext("%s (%s): %d answer differs\n",
			      "%s (%s): %d answers differ\n",
			      (unsigned long)info->conflicts),
		    info->id, info->site_name, info->conflicts);
	return 0;
}

/* One bundle; a refused one does not keep the others out. */
static int
import_one(struct cli *cli, const char *file, json_t *list, struct err *err)
{
	struct import_summary summary = { 0 };
	const bool dry_run = cli_has(cli, "dry-run");
	const int result =
	    bundle_import(cli->vault, file, dry_run, NULL, &summary, err);

	if (list)
		json_array_append_new(list,
		    show_json_of_bundle(
			file, &summary, result < 0 ? err : NULL));
	else if (result == 0)
		show_bundle(file, &summary, !dry_run);
	import_summary_release(&summary);
	return result;
}

static int
run_import(struct cli *cli, struct err *err)
{
	struct vault *vault = cli_vault(cli, err);
	json_t *list = cli->json ? json_array() : NULL;
	struct err last = { 0 };

	if (!vault)
		return -1;
	for (size_t i = 0; i < cli->operand_count; i++) {
		struct err one = { 0 };

		if (import_one(cli, cli->operands[i], list, &one) == 0)
			continue;
		if (last.code != ERR_NONE)
			cli_say("%s", last.msg);
		last = one;
	}
	if (list)
		cli_print_json(list);
	else if (inspection_each(vault, count_conflicts, cli, err) < 0)
		return -1;
	if (last.code == ERR_NONE)
		return 0;
	*err = last;
	return -1;
}

const struct cli_command bundle_commands[] = {
	{ "export", NULL, N_("FILE.ronde"),
	    N_("write a signed and encrypted bundle"), export_options, 1, -1,
	    true, run_export },
	{ "verify", NULL, N_("FILE.ronde"),
	    N_("say who signed a bundle, for whom, what is in it"), NULL, 1, 1,
	    true, run_verify },
	{ "import", NULL, N_("FILE.ronde..."),
	    N_("take bundles into the vault"), import_options, 1, -1, true,
	    run_import },
	{ 0 },
};

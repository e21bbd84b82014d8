/* SPDX-License-Identifier: Apache-2.0 */
/* ronde purge */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/cli.h"
#include "app/progress.h"
#include "app/purge_plan.h"
#include "app/setup.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "storage/purge.h"

static const struct cli_option purge_options[] = {
	{ "received", NULL,
	    N_("every inspection that is handed over and that a receipt "
	       "covers") },
	{ "older-than", N_("DAYS"),
	    N_("with --received: only those without a change for so long") },
	{ "even-unreceived", NULL,
	    N_("destroy the inspections named although nobody else holds all "
	       "of them") },
	{ "reason", N_("TEXT"),
	    N_("why; goes to the supervisor with the next bundle") },
	{ "dry-run", NULL, N_("say what would go, change nothing") },
	{ "yes", NULL, N_("do not ask") },
	{ "list", NULL, N_("show what was purged, here and elsewhere") },
	{ NULL, NULL, NULL },
};

/* ---- what was asked for ---- */

static int
check_options(const struct cli *cli, struct err *err)
{
	const bool received = cli_has(cli, "received");
	const bool unreceived = cli_has(cli, "even-unreceived");
	const char *reason = cli_value(cli, "reason");

	if (received == (cli->operand_count > 0))
		return err_set(err, ERR_USAGE,
		    _("name inspections, or say --received for all that a "
		      "receipt covers"));
	if (received && unreceived)
		return err_set(err, ERR_USAGE,
		    _("--even-unreceived is for inspections that are named, "
		      "not for --received"));
	if (unreceived && (!reason || text_is_blank(reason)))
		return err_set(err, ERR_USAGE,
		    _("--even-unreceived destroys what nobody else holds: "
		      "--reason must say why"));
	if (cli_value(cli, "older-than") && !received)
		return err_set(
		    err, ERR_USAGE, _("--older-than is for --received"));
	return reason ? text_check_clean(
			    reason, TEXT_NAME_MAX, true, _("the reason"), err)
		      : 0;
}

static int
read_days(const struct cli *cli, int64_t *before, struct err *err)
{
	const char *text = cli_value(cli, "older-than");
	char *end;
	long days;

	*before = INT64_MAX;
	if (!text)
		return 0;
	days = strtol(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || days > 36500)
		return err_set(err, ERR_USAGE,
		    _("--older-than %s: not a number of days"), text);
	*before = clock_now() - (int64_t)days * 24 * 3600 * 1000;
	return 0;
}

static int
make_plan(struct cli *cli, struct purge_plan *plan, struct err *err)
{
	const bool force = cli_has(cli, "even-unreceived");
	int64_t before;

	if (read_days(cli, &before, err) < 0)
		return -1;
	if (cli_has(cli, "received")) {
		if (purge_plan_received(plan, before, err) < 0)
			return -1;
	} else {
		for (size_t i = 0; i < cli->operand_count; i++)
			if (purge_plan_add(plan, cli->operands[i], force, err) <
			    0)
				return -1;
	}
	return purge_plan_count(plan, err);
}

/* ---- saying it ---- */

static void
show_bytes(uint64_t bytes, char *text, size_t room)
{
	if (bytes < 1024)
		snprintf(
		    text, room, _("%llu bytes"), (unsigned long long)bytes);
	else if (bytes < (uint64_t)1024 * 1024)
		snprintf(text, room, _("%llu KB"),
		    (unsigned long long)(bytes / 1024));
	else
		snprintf(text, room, _("%llu MB"),
		    (unsigned long long)(bytes / 1024 / 1024));
}

static void
show_plan(const struct purge_plan *plan)
{
	char size[32], when[CLOCK_SHOWN_MAX];

	for (size_t i = 0; i < plan->count; i++) {
		const struct purge_item *item = &plan->items[i];

		clock_show_date(item->changed, i18n_lang(), when);
		if (!item->goes)
			cli_print(_("stays: %s (%s): %s\n"), item->id,
			    item->site_name, item->why);
		else if (item->coverage.is_covered)
			cli_print(_("goes: %s (%s, %s), receipt %.16s\n"),
			    item->id, item->site_name, when, item->receipt);
		else
			cli_print(_("goes: %s (%s, %s), NO RECEIPT: %s\n"),
			    item->id, item->site_name, when, item->why);
	}
	show_bytes(plan->total.file_bytes, size, sizeof(size));
	cli_print(ngettext("%llu inspection goes; events: %llu; files of "
			   "evidence: %llu (%s); sites and checklists stay\n",
		      "%llu inspections go; events: %llu; files of "
		      "evidence: %llu (%s); sites and checklists stay\n",
		      (unsigned long)plan->total.subjects),
	    (unsigned long long)plan->total.subjects,
	    (unsigned long long)plan->total.events,
	    (unsigned long long)plan->total.files, size);
	if (plan->total.subjects == 0 && plan->total.files > 0)
		cli_print("%s\n",
		    _("No event names these files any more: a purge was cut "
		      "off before they went."));
}

static json_t *
json_of_item(const struct purge_item *item)
{
	json_t *json = json_object();

	json_put_text(json, "id", item->id);
	json_put_text(json, "site_name", item->site_name);
	if (*item->why)
		json_put_text(json, "why", item->why);
	json_object_set_new(
	    json, "covered", json_boolean(item->coverage.is_covered));
	if (item->coverage.is_covered) {
		json_put_text(json, "receipt", item->receipt);
		json_put_text(json, "holder", item->coverage.holder);
	}
	return json;
}

static json_t *
json_of_plan(const struct purge_plan *plan, bool dry_run)
{
	json_t *json = json_object();
	json_t *goes = json_array(), *stays = json_array();

	for (size_t i = 0; i < plan->count; i++)
		json_array_append_new(plan->items[i].goes ? goes : stays,
		    json_of_item(&plan->items[i]));
	json_object_set_new(json, "dry_run", json_boolean(dry_run));
	json_object_set_new(json, dry_run ? "goes" : "purged", goes);
	json_object_set_new(json, "stays", stays);
	json_put_int(json, "events", (int64_t)plan->total.events);
	json_put_int(json, "chains", (int64_t)plan->total.chains);
	json_put_int(json, "files", (int64_t)plan->total.files);
	json_put_int(json, "file_bytes", (int64_t)plan->total.file_bytes);
	return json;
}

/* ---- doing it ---- */

static bool
says_yes(const struct secret *answer)
{
	static const char *const words[] = { "y", "Y", "yes", "o", "O", "oui" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (answer->len == strlen(words[i]) &&
		    memcmp(answer->data, words[i], answer->len) == 0)
			return true;
	return false;
}

/* Nothing typed is no. */
static int
confirm(const struct cli *cli, const struct purge_plan *plan, struct err *err)
{
	char *prompt;
	struct secret *answer;
	bool yes;

	/* Files alone: who asked for them to go was cut off. */
	if (cli_has(cli, "yes") || plan->total.subjects == 0)
		return 0;
	if (!isatty(STDIN_FILENO))
		return err_set(err, ERR_USAGE,
		    _("nobody is there to be asked: say --yes to purge"));
	prompt = xasprintf(ngettext("Purge %llu inspection? [y/N] ",
			       "Purge %llu inspections? [y/N] ",
			       (unsigned long)plan->total.subjects),
	    (unsigned long long)plan->total.subjects);
	answer = cli_ask(prompt, true, err);
	free(prompt);
	if (!answer && err->code != ERR_CANCELLED)
		return -1;
	yes = answer && says_yes(answer);
	secret_free(answer);
	*err = (struct err){ 0 };
	return yes ? 0 : err_set(err, ERR_CANCELLED, _("nothing was purged"));
}

static void
show_result(const struct purge_shrink *shrink)
{
	char before[32], after[32];

	show_bytes(shrink->before, before, sizeof(before));
	show_bytes(shrink->after, after, sizeof(after));
	if (shrink->too_large)
		cli_print(_("The vault is too large to be made smaller in "
			    "memory: what became free in it is empty and will "
			    "be used again.\n"));
	else
		cli_print(_("The vault went from %s to %s.\n"), before, after);
	cli_print(_("Flash memory (SSD, USB stick, SD card) may keep old "
		    "sectors, encrypted under the vault's key. \"ronde key "
		    "renew\" gives the vault a new key: then they cannot be "
		    "read, except by someone who finds an old header "
		    "among them and knows the passphrase of that time.\n"));
}

static int
run_plan(struct cli *cli, struct purge_plan *plan, struct err *err)
{
	struct purge_shrink shrink = { 0 };
	struct progress_line line;
	json_t *json;
	int result;

	progress_line_begin(&line, _("Purging"));
	result = purge_plan_run(
	    plan, cli_value(cli, "reason"), &line.progress, &shrink, err);
	progress_line_end(&line);
	/* Each went whole; the same command takes the others. */
	if (result < 0 && plan->total.subjects > 0)
		return err_wrap(err,
		    ngettext("%llu inspection is purged, then",
			"%llu inspections are purged, then",
			(unsigned long)plan->total.subjects),
		    (unsigned long long)plan->total.subjects);
	if (result < 0)
		return -1;
	if (!cli->json) {
		show_result(&shrink);
		return 0;
	}
	json = json_of_plan(plan, false);
	json_put_int(json, "bytes_before", (int64_t)shrink.before);
	json_put_int(json, "bytes_after", (int64_t)shrink.after);
	json_object_set_new(
	    json, "too_large_to_shrink", json_boolean(shrink.too_large));
	cli_print_json(json);
	return 0;
}

/* Nothing is to go; but the last purge may have been cut off before its end. */
static int
finish_last(struct cli *cli, struct purge_plan *plan, struct err *err)
{
	const int wants = purge_wants_shrink(cli->vault, err);

	if (wants < 0)
		return -1;
	if (wants > 0)
		return run_plan(cli, plan, err);
	if (cli->json)
		cli_print_json(json_of_plan(plan, false));
	return 0;
}

static int
run_purge(struct cli *cli, struct err *err)
{
	struct purge_plan plan = { 0 };
	const bool dry_run = cli_has(cli, "dry-run");
	int result = -1;

	if (cli_has(cli, "list")) {
		struct vault *vault = cli_vault(cli, err);

		return vault ? purge_list_show(vault, cli->json, err) : -1;
	}
	if (check_options(cli, err) < 0 || !cli_vault(cli, err) ||
	    purge_plan_begin(&plan, cli->vault, err) < 0 ||
	    make_plan(cli, &plan, err) < 0)
		goto out;
	if (!cli->json)
		show_plan(&plan);
	if (dry_run) {
		if (cli->json)
			cli_print_json(json_of_plan(&plan, true));
		result = 0;
	} else if (plan.total.subjects == 0 && plan.total.files == 0) {
		result = finish_last(cli, &plan, err);
	} else if (confirm(cli, &plan, err) == 0) {
		result = run_plan(cli, &plan, err);
	}
out:
	purge_plan_release(&plan);
	return result;
}

const struct cli_command purge_commands[] = {
	{ "purge", NULL, N_("[ID...]"),
	    N_("take inspections out that a receipt covers"), purge_options, 0,
	    -1, true, run_purge },
	{ 0 },
};

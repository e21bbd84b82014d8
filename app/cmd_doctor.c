/* SPDX-License-Identifier: Apache-2.0 */
/* ronde doctor */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cli.h"
#include "app/doctor_json.h"
#include "app/progress.h"
#include "app/recovery.h"
#include "app/setup.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/json.h"
#include "bundles/device.h"
#include "storage/doctor.h"

static const struct cli_option options[] = {
	{ "rebuild", NULL,
	    N_("keep the tables that were made again from the events") },
	{ "salvage", N_("NEW"),
	    N_("make a new vault NEW with all that can still be read") },
	{ "recovery-file", N_("FILE"),
	    N_("with --salvage: write the new vault's recovery code to FILE") },
	{ NULL, NULL, NULL },
};

static void
show_stage(void *arg, const char *title)
{
	struct progress_line *line = arg;

	line->title = title;
	line->percent = -1;
}

/* ---- for people ---- */

static void
print_findings(const struct doctor_report *report)
{
	for (size_t i = 0; i < report->count; i++)
		cli_print("- %s\n", report->findings[i].text);
	if (report->found > report->count)
		printf(_("- and %zu more\n"), report->found - report->count);
}

static void
print_counts(const struct doctor_report *report)
{
	char hex[HASH_HEX_MAX];

	printf(_("Pages: %llu, damaged: %llu; frames of the log: %llu, "
		 "damaged: %llu\n"),
	    (unsigned long long)report->pages,
	    (unsigned long long)report->damaged_pages,
	    (unsigned long long)report->frames,
	    (unsigned long long)report->damaged_frames);
	if (!report->opened)
		return;
	if (report->last_event)
		cli_print("%s\n", report->last_event);
	hash_to_hex(&report->head.hash, hex);
	printf(_("Events: %llu, purged: %llu; head %.16s\n"),
	    (unsigned long long)report->head.count,
	    (unsigned long long)report->purged, hex);
	printf(_("Subjects: %llu; chains: %llu, waiting for events: %llu\n"),
	    (unsigned long long)report->subjects,
	    (unsigned long long)report->chains,
	    (unsigned long long)report->waiting);
	printf(_("Statements: %llu, of signers that are not known: %llu\n"),
	    (unsigned long long)report->statements,
	    (unsigned long long)report->unchecked);
	printf(_("Files: %llu, of %llu bytes; checklists: %llu\n"),
	    (unsigned long long)report->files,
	    (unsigned long long)report->file_bytes,
	    (unsigned long long)report->checklists);
	printf(_("Tables compared: %zu\n"), report->table_count);
}

static void
print_share(const char *what, const struct doctor_share *share)
{
	printf(_("  %s: %llu, lost: %llu\n"), what,
	    (unsigned long long)share->saved, (unsigned long long)share->lost);
}

static void
print_saved(const struct doctor_saved *saved, const char *title)
{
	printf("%s\n", title);
	print_share(_("events"), &saved->events);
	print_share(_("statements"), &saved->statements);
	print_share(_("files"), &saved->files);
	print_share(_("checklists"), &saved->checklists);
	printf("  %s\n",
	    saved->owner ? _("the owner and his keys")
			 : _("not the owner and his keys"));
}

static bool
has_part(const struct doctor_report *report, const char *part)
{
	for (size_t i = 0; i < report->count; i++)
		if (strcmp(report->findings[i].part, part) == 0)
			return true;
	return false;
}

static bool
has_other_parts(const struct doctor_report *report)
{
	for (size_t i = 0; i < report->count; i++)
		if (strcmp(report->findings[i].part, "header") != 0 &&
		    strcmp(report->findings[i].part, "table") != 0)
			return true;
	return false;
}

/* Opening wrote both copies of the header; tables need to be asked for. */
static int
judge(const char *path, const struct doctor_report *report, struct err *err)
{
	if (report->found == 0)
		return 0;
	if (report->weighed)
		return err_set(err, ERR_FORMAT,
		    _("%s is damaged: restore a backup, or save what is left "
		      "with ronde doctor --salvage NEW"),
		    path);
	if (has_other_parts(report))
		return err_set(err, ERR_FORMAT,
		    _("%s is not as it was written: restore a backup, or look "
		      "at what was found"),
		    path);
	if (has_part(report, "table") && !report->rebuilt)
		return err_set(err, ERR_FORMAT,
		    _("%s can be repaired: ronde doctor --rebuild"), path);
	return err_set(err, ERR_FORMAT,
	    _("%s was repaired: look again with ronde doctor"), path);
}

static int
examine(struct cli *cli, const char *path, const struct secret *passphrase,
    const struct doctor_options *doctor, struct err *err)
{
	struct doctor_report report;
	int result = doctor_examine(path, passphrase, doctor, &report, err);

	progress_line_end(doctor->stage_arg);
	if (result == 0 && cli->json) {
		cli_print_json(doctor_json(path, &report));
	} else if (result == 0) {
		print_counts(&report);
		if (report.notice && !has_part(&report, "anchor"))
			cli_print("%s\n", report.notice);
		if (report.trouble)
			cli_print(_("%s; an older vault would not be noticed "
				    "here\n"),
			    report.trouble);
		print_findings(&report);
		if (report.weighed)
			print_saved(&report.saved, _("Can be saved:"));
		if (report.found == 0)
			cli_print(_("%s is well.\n"), path);
	}
	if (result == 0)
		result = judge(path, &report, err);
	doctor_report_release(&report);
	return result;
}

/* ---- saving ---- */

/* The code goes to whoever asked for it, before the vault has its place. */
static int
hand_over(const struct cli *cli, json_t *json, const struct secret *recovery,
    struct err *err)
{
	if (!cli->json)
		return recovery_hand_over(cli, recovery, err);
	if (cli_has(cli, "recovery-file")) {
		if (recovery_hand_over(cli, recovery, err) < 0)
			return -1;
	} else {
		json_put_text(json, "recovery", (const char *)recovery->data);
	}
	cli_print_json(json_incref(json));
	if (fflush(stdout) != 0)
		return err_errno(err, _("cannot write to standard output"));
	return 0;
}

/*
 * Events of this device that are gone may be held by others: going on with its
 * keys would give their numbers to other events.
 */
static int
renew_device(struct vault *vault, struct doctor_report *report,
    struct device_renewed *renewed, struct err *err)
{
	if (!report->saved.owner || !report->saved.own_events_lost)
		return 0;
	if (device_renew(vault, renewed, err) < 0)
		return -1;
	report->saved.keys_renewed = true;
	return 0;
}

static void
print_salvage(const char *path, const struct doctor_report *report,
    const struct device_renewed *renewed)
{
	print_counts(report);
	print_findings(report);
	print_saved(&report->saved, _("Saved:"));
	if (report->saved.keys_renewed)
		printf("%s\n",
		    _("Something that this device wrote is lost, so the new "
		      "vault has new device keys: send your card to those who "
		      "trusted the old one."));
	if (renewed->uncovered > 0)
		printf(_("%zu events of the old device are covered by no "
			 "statement of it: they count here and cannot be "
			 "passed on.\n"),
		    renewed->uncovered);
	if (report->saved.programme_dropped)
		printf("%s\n",
		    _("The programme key of the old vault does not open the "
		      "new one: add it with ronde key programme --add."));
	cli_print(
	    _("Do not use %s any more: two vaults of one device are taken "
	      "for a fork.\n"),
	    path);
}

static int
salvage(struct cli *cli, const char *path, const struct secret *passphrase,
    const struct doctor_options *doctor, struct err *err)
{
	const char *to = cli_value(cli, "salvage");
	struct device_renewed renewed = { 0 };
	struct doctor_report report;
	struct secret *recovery = NULL;
	struct vault *vault = doctor_salvage(
	    path, to, passphrase, doctor, &report, &recovery, err);
	json_t *json = NULL;
	int result = -1;

	progress_line_end(doctor->stage_arg);
	if (!vault || renew_device(vault, &report, &renewed, err) < 0)
		goto out;
	json = doctor_json(path, &report);
	json_put_text(json, "salvaged", to);
	json_put_int(json, "uncovered", (int64_t)renewed.uncovered);
	if (!cli->json)
		print_salvage(path, &report, &renewed);
	if (hand_over(cli, json, recovery, err) < 0)
		goto out;
	cli->vault =
	    vault_settle(vault, to, passphrase, setup_vault_options(), err);
	vault = NULL; /* closed */
	result = cli->vault ? 0 : -1;
	if (result == 0 && !cli->json)
		cli_print(_("The vault %s is ready.\n"), to);
out:
	vault_discard(vault);
	json_decref(json);
	secret_free(recovery);
	doctor_report_release(&report);
	return result;
}

static int
run_doctor(struct cli *cli, struct err *err)
{
	const char *to = cli_value(cli, "salvage");
	char *path = cli_vault_path(cli, err);
	struct secret *passphrase = NULL;
	struct progress_line line;
	const struct doctor_options doctor = {
		.vault = *setup_vault_options(),
		.rebuild = cli_has(cli, "rebuild"),
		.checks = setup_doctor_checks(),
		.progress = &line.progress,
		.stage = show_stage,
		.stage_arg = &line,
	};
	int result = -1;

	if (!path)
		return -1;
	if (to && cli_has(cli, "rebuild")) {
		err_set(err, ERR_USAGE,
		    _("--rebuild and --salvage do not go together"));
		goto out;
	}
	passphrase = cli_passphrase(cli, _("Passphrase: "), NULL, err);
	if (!passphrase)
		goto out;
	progress_line_begin(&line, _("Unlocking"));
	result = to ? salvage(cli, path, passphrase, &doctor, err)
		    : examine(cli, path, passphrase, &doctor, err);
out:
	secret_free(passphrase);
	free(path);
	return result;
}

const struct cli_command doctor_commands[] = {
	{ "doctor", NULL, "",
	    N_("examine the vault: every page, event, file and table; say what "
	       "is damaged and save what is left"),
	    options, 0, 0, true, run_doctor },
	{ 0 },
};

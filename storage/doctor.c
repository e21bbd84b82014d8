/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/doctor.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "storage/db_internal.h"
#include "storage/doctor_internal.h"
#include "storage/log.h"
#include "storage/log_internal.h"
#include "storage/vault_internal.h"
#include "storage/vfs.h"

/* In which order the doctor works; what it does is in the other files. */

static bool
is_whole(const struct doctor_report *report)
{
	return report->damaged_pages == 0 && report->damaged_frames == 0;
}

/* Gathers what is left and counts it, or puts it into `to`. */
static int
weigh(struct pages *pages, struct vault *to,
    const struct doctor_options *options, struct doctor_report *report,
    struct err *err)
{
	struct gathered *all = xcalloc(1, sizeof(*all));
	struct rescue rescue = {
		.all = all, .to = to, .options = options, .report = report
	};
	int result = -1;

	doctor_stage(options, _("Following the tables"));
	if (gather_rows(all, &pages->source, options->progress, err) < 0)
		goto out;
	lost_say_pages(all, pages, report);
	if (rescue_run(&rescue, err) < 0 ||
	    lost_say_rows(&rescue, vfs_header(pages->vfs)->head.count, err) < 0)
		goto out;
	report->weighed = true;
	result = 0;
out:
	rescue_release(&rescue);
	gathered_release(all);
	free(all);
	return result;
}

/* ---- an open vault ---- */

/*
 * While SQLite works it asks whether to go on, and knows nothing of how far
 * the check is that has it working: what that said last is said again.
 */
struct passing {
	const struct doctor_options *outer;
	uint64_t done, total;
};

static int
pass_step(void *arg, uint64_t done, uint64_t total)
{
	struct passing *passing = arg;
	const struct progress *outer = passing->outer->progress;

	passing->done = done;
	passing->total = total;
	return outer ? outer->step(outer->arg, done, total) : 0;
}

static int
pass_work(void *arg)
{
	struct passing *passing = arg;

	return pass_step(arg, passing->done, passing->total);
}

static void
pass_stage(void *arg, const char *title)
{
	struct passing *passing = arg;

	passing->done = passing->total = 0;
	doctor_stage(passing->outer, title);
}

static int
run_checks(struct vault *vault, const struct doctor_options *options,
    struct doctor_report *report, struct err *err)
{
	const struct doctor_check *const *check = options->checks;

	if (check_structure(vault, options, report, err) < 0 ||
	    check_events(vault, options, report, err) < 0 ||
	    check_statements(vault, options, report, err) < 0 ||
	    check_files(vault, options, report, err) < 0)
		return -1;
	for (; check && *check; check++) {
		doctor_stage(options, _((*check)->title));
		if ((*check)->run(vault, report, options->progress, err) < 0)
			return -1;
	}
	return check_tables(vault, options, report, err);
}

/* What opening noticed of the vault as a whole. */
static void
take_notice(struct vault *vault, struct doctor_report *report)
{
	const struct vault_notice *notice = vault_notice(vault);
	struct buf text = BUF_INIT;

	vault_last_event_say(vault, &text);
	report->last_event = buf_detach(&text);
	report->state = vault_finding_code(notice->finding);
	report->missing = notice->missing;
	report->known = notice->known;
	if (notice->trouble)
		report->trouble = xstrdup(notice->trouble);
	if (notice->finding == VAULT_AS_LEFT)
		return;
	buf_init(&text, BUF_MAX_BYTES);
	vault_notice_say(vault, &text);
	report->notice = buf_detach(&text);
	if (vault_is_held(vault))
		doctor_find(report,
		    &(struct doctor_finding){ .part = "anchor", .byte = -1 },
		    "%s", report->notice);
}

static int
examine_inside(struct vault *vault, const struct doctor_options *options,
    struct doctor_report *report, struct err *err)
{
	struct passing passing = { .outer = options };
	const struct progress progress = { pass_step, &passing };
	struct doctor_options inside = *options;
	int result;

	inside.progress = &progress;
	inside.stage = pass_stage;
	inside.stage_arg = &passing;
	report->opened = true;
	report->head = vault_head(vault);
	take_notice(vault, report);
	db_on_work(vault->db, pass_work, &passing);
	result = run_checks(vault, &inside, report, err);
	db_on_work(vault->db, NULL, NULL);
	return result;
}

/* What SQLite or the vault itself refuses is a finding, not a failure. */
static bool
is_damage(const struct err *err)
{
	return err->code == ERR_FORMAT || err->code == ERR_CONFLICT ||
	    err->code == ERR_IO;
}

static void
say_refused(struct doctor_report *report, const struct err *err)
{
	doctor_find(report,
	    &(struct doctor_finding){ .part = "vault", .byte = -1 }, "%s",
	    err->msg);
}

/* The newest genuine header, without stretching the passphrase again. */
static int
read_header(struct vault_unlocked *unlocked, const char *path, struct err *err)
{
	struct vault_copies *copies = xcalloc(1, sizeof(*copies));
	struct secret *mac_key = vault_header_key(unlocked->key);
	uint8_t bytes[VAULT_HEADER_BYTES];
	const ssize_t got = pread(unlocked->lock, bytes, sizeof(bytes), 0);
	int result = got < 0
	    ? err_errno(err, _("cannot read %s"), path)
	    : vault_header_read(copies, bytes, (size_t)got, path, err);

	for (size_t i = copies->count; i-- > 0 && result == 0;)
		if (vault_copy_is_genuine(copies->bytes[i], mac_key->data))
			unlocked->header = copies->headers[i];
	secret_free(mac_key);
	free(copies);
	return result;
}

/* SQLite may have taken the log into the file meanwhile: all anew. */
static int
weigh_again(struct pages *pages, const char *path,
    struct vault_unlocked *unlocked, const struct doctor_options *options,
    struct doctor_report *report, struct err *err)
{
	struct doctor_report again = { 0 };
	int result;

	if (read_header(unlocked, path, err) < 0)
		return -1;
	pages_close(pages);
	result = pages_open(pages, path, unlocked, options, &again, err);
	doctor_report_release(&again);
	return result < 0 ? -1 : weigh(pages, NULL, options, report, err);
}

static int
examine(const char *path, struct vault_unlocked *unlocked,
    const struct doctor_options *options, struct doctor_report *report,
    struct err *err)
{
	struct pages pages;
	struct vault *vault = NULL;
	int result = pages_open(&pages, path, unlocked, options, report, err);

	if (result == 0 && !is_whole(report))
		result = weigh(&pages, NULL, options, report, err);
	else if (result == 0) {
		const int lock = fcntl(unlocked->lock, F_DUPFD_CLOEXEC, 0);

		vault = vault_open_key(path, lock, &unlocked->header,
		    unlocked->key, &options->vault, err);
		result =
		    vault ? examine_inside(vault, options, report, err) : -1;
		vault_close(vault);
		if (result < 0 && is_damage(err)) {
			say_refused(report, err);
			*err = (struct err){ 0 };
			result = weigh_again(
			    &pages, path, unlocked, options, report, err);
		}
	}
	pages_close(&pages);
	return result;
}

static void
name_vault(const struct vault_unlocked *unlocked, struct doctor_report *report)
{
	hex_write(unlocked->header.id, VAULT_ID_BYTES, report->vault_id);
}

int
doctor_examine(const char *path, const struct secret *passphrase,
    const struct doctor_options *options, struct doctor_report *report,
    struct err *err)
{
	struct vault_unlocked unlocked;
	int result;

	*report = (struct doctor_report){ 0 };
	if (vault_unlock(path, SLOT_PASSPHRASE, passphrase, &unlocked, err) < 0)
		return -1;
	name_vault(&unlocked, report);
	result = examine(path, &unlocked, options, report, err);
	close(unlocked.lock);
	secret_free(unlocked.key);
	return result;
}

/* ---- saving ---- */

static int
complete(struct vault *to, const struct doctor_options *options,
    struct doctor_report *report, struct err *err)
{
	struct passing passing = { .outer = options };
	int result;

	doctor_stage(options, _("Making the tables"));
	if (identity_reload(to, err) < 0)
		return -1;
	db_on_work(to->db, pass_work, &passing);
	result = projection_run_all(to, err);
	db_on_work(to->db, NULL, NULL);
	report->head = vault_head(to);
	return result;
}

struct vault *
doctor_salvage(const char *from, const char *to,
    const struct secret *passphrase, const struct doctor_options *options,
    struct doctor_report *report, struct secret **recovery, struct err *err)
{
	struct vault_unlocked unlocked;
	struct pages pages;
	struct vault *vault = NULL;

	*report = (struct doctor_report){ 0 };
	*recovery = NULL;
	if (vault_unlock(from, SLOT_PASSPHRASE, passphrase, &unlocked, err) < 0)
		return NULL;
	name_vault(&unlocked, report);
	for (size_t i = 0; i < VAULT_SLOTS; i++)
		report->saved.programme_dropped |=
		    unlocked.header.slots[i].kind == SLOT_PROGRAMME;
	if (pages_open(&pages, from, &unlocked, options, report, err) < 0)
		goto out;
	vault = vault_begin(to, passphrase, &options->vault, recovery, err);
	if (vault &&
	    (weigh(&pages, vault, options, report, err) < 0 ||
		complete(vault, options, report, err) < 0)) {
		vault_discard(vault);
		secret_free(*recovery);
		*recovery = NULL;
		vault = NULL;
	}
out:
	pages_close(&pages);
	close(unlocked.lock);
	secret_free(unlocked.key);
	return vault;
}

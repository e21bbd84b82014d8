/* SPDX-License-Identifier: Apache-2.0 */
#include "tui/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "storage/identity.h"
#include "tui/paths.h"
#include "tui/ui.h"

/* ---- the plan: what lies there ---- */

static bool
ends_with(const char *text, const char *end)
{
	const size_t len = strlen(text), end_len = strlen(end);

	return len > end_len && strcmp(text + len - end_len, end) == 0;
}

static int
look_at(
    struct exchange *exchange, struct ui *ui, const char *name, struct err *err)
{
	const struct identity *self = identity_get(ui->vault);
	struct err refusal = { 0 };
	struct incoming *incoming;

	mem_grow(&exchange->incoming, &exchange->incoming_room,
	    exchange->incoming_count + 1, sizeof(*exchange->incoming));
	incoming = &exchange->incoming[exchange->incoming_count++];
	incoming->path = file_join(exchange->folder, name);
	if (ui->busy && ui->busy(ui, name, 0))
		return err_set(err, ERR_CANCELLED, _("stopped on request"));
	/* One that cannot be read is shown as such; the others go on. */
	if (bundle_verify(
		ui->vault, incoming->path, &incoming->summary, &refusal) != 0) {
		incoming->summary.verdict = BUNDLE_REFUSED;
		if (!incoming->summary.reason[0])
			snprintf(incoming->summary.reason,
			    sizeof(incoming->summary.reason), "%.*s",
			    (int)sizeof(incoming->summary.reason) - 1,
			    refusal.msg);
	}
	incoming->wanted = incoming->summary.verdict == BUNDLE_GOOD &&
	    !incoming->summary.nothing_new && self &&
	    strcmp(incoming->summary.sender_device, self->device) != 0;
	return 0;
}

/* One's own bundles lie there too: they are not looked at. */
static bool
is_own(const struct ui *ui, const char *name)
{
	const struct identity *self = identity_get(ui->vault);
	char start[32];

	snprintf(start, sizeof(start), "R-%.6s-", self->device + 2);
	return strncmp(name, start, strlen(start)) == 0;
}

static int
plan_incoming(struct exchange *exchange, struct ui *ui, struct err *err)
{
	struct path_list list;
	int status = 0;

	if (path_list_read(&list, exchange->folder, err) != 0)
		return -1;
	/* The oldest first: a later one may build on it. */
	for (size_t i = list.count; i > 0 && status == 0; i--) {
		const struct path_entry *entry = &list.entries[i - 1];

		if (!entry->is_folder && ends_with(entry->name, ".ronde") &&
		    !is_own(ui, entry->name))
			status = look_at(exchange, ui, entry->name, err);
	}
	path_list_release(&list);
	return status;
}

/* ---- the plan: who gets something ---- */

struct addressing {
	struct exchange *exchange;
	const struct identity *self;
	char person[ID_MAX]; /* of the last parcel */
};

static void
add_recipient(struct parcel *parcel, const struct roster_entry *entry)
{
	mem_grow(&parcel->recipients, &parcel->room, parcel->count + 1,
	    sizeof(*parcel->recipients));
	mem_grow(&parcel->devices, &parcel->device_room, parcel->count + 1,
	    sizeof(*parcel->devices));
	parcel->recipients[parcel->count] = entry->age_recipient;
	snprintf(parcel->devices[parcel->count], ID_MAX, "%s", entry->device);
	parcel->count++;
}

static void
add_name(struct parcel *parcel, const char *name)
{
	char *names = parcel->names ? xasprintf("%s, %s", parcel->names, name)
				    : xstrdup(name);

	free(parcel->names);
	parcel->names = names;
}

/* The roster comes by person, so one person's devices follow each other. */
static int
address(void *arg, const struct roster_entry *entry, struct err *err)
{
	struct addressing *addressing = arg;
	struct exchange *exchange = addressing->exchange;
	const bool inspector = addressing->self->role == ROLE_INSPECTOR;
	const bool same_person = strcmp(addressing->person, entry->person) == 0;

	(void)err;
	if (entry->trust != TRUST_YES ||
	    strcmp(entry->person, addressing->self->person) == 0 ||
	    (inspector && entry->role == ROLE_INSPECTOR))
		return 0;
	if (exchange->parcel_count == 0 || (!inspector && !same_person)) {
		mem_grow(&exchange->parcels, &exchange->parcel_room,
		    exchange->parcel_count + 1, sizeof(*exchange->parcels));
		exchange->parcel_count++;
	}
	struct parcel *parcel = &exchange->parcels[exchange->parcel_count - 1];

	add_recipient(parcel, entry);
	if (!same_person)
		add_name(parcel, entry->name);
	snprintf(addressing->person, sizeof(addressing->person), "%s",
	    entry->person);
	return 0;
}

int
exchange_plan(struct exchange *exchange, struct ui *ui, const char *folder,
    struct err *err)
{
	struct addressing addressing = { .exchange = exchange,
		.self = identity_get(ui->vault) };

	*exchange = (struct exchange){ .folder = xstrdup(folder) };
	if (plan_incoming(exchange, ui, err) != 0 ||
	    roster_each(ui->vault, NULL, address, &addressing, err) != 0) {
		exchange_release(exchange);
		return -1;
	}
	return 0;
}

/* ---- carrying it out ---- */

struct telling {
	struct ui *ui;
	const char *what;
};

static int
tell(void *arg, uint64_t done, uint64_t total)
{
	const struct telling *telling = arg;
	const int percent = total ? (int)(done * 100 / total) : 0;

	return telling->ui->busy &&
		telling->ui->busy(
		    telling->ui, telling->what, percent > 100 ? 100 : percent)
	    ? -1
	    : 0;
}

static void
add_import_line(const struct incoming *incoming,
    const struct import_summary *summary, struct buf *result)
{
	buf_addf(result, _("Taken: %s, from %s: %zu new events"),
	    file_name(incoming->path),
	    summary->sender_name ? summary->sender_name : "?",
	    summary->new_events);
	if (summary->waiting + summary->disputed)
		buf_addf(result, _(", %zu chains wait, %zu are disputed"),
		    summary->waiting, summary->disputed);
	buf_add_char(result, '\n');
}

static int
take(const struct incoming *incoming, struct ui *ui, struct buf *result,
    struct err *err)
{
	struct telling telling = { .ui = ui, .what = _("Taking") };
	const struct progress_report progress = { tell, &telling };
	struct import_summary summary = { 0 };
	struct err trouble = { 0 };
	int status = 0;

	if (bundle_import(ui->vault, incoming->path, false, &progress, &summary,
		&trouble) == 0)
		add_import_line(incoming, &summary, result);
	else if (trouble.code == ERR_CANCELLED)
		status = err_set(err, ERR_CANCELLED, "%s", trouble.msg);
	else
		buf_addf(result, _("Refused: %s: %s\n"),
		    file_name(incoming->path), trouble.msg);
	import_summary_release(&summary);
	return status;
}

/* "R-7K3F2A-231114-0.ronde": the device and when; no site, no person. */
static char *
parcel_path(const struct exchange *exchange, const struct ui *ui, size_t number)
{
	const struct identity *self = identity_get(ui->vault);
	const time_t now = (time_t)(clock_now() / 1000);
	struct tm when;
	char stamp[32], name[96];

	gmtime_r(&now, &when);
	strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &when);
	snprintf(name, sizeof(name), "R-%.6s-%s-%zu.ronde", self->device + 2,
	    stamp, number + 1);
	return file_join(exchange->folder, name);
}

static int
send(const struct exchange *exchange, struct ui *ui, size_t number,
    struct buf *result, struct err *err)
{
	const struct parcel *parcel = &exchange->parcels[number];
	struct telling telling = { .ui = ui, .what = _("Sending") };
	const char **devices = xcalloc(parcel->count, sizeof(*devices));
	struct export_summary summary = { 0 };
	struct err trouble = { 0 };
	char *path = parcel_path(exchange, ui, number);
	int status = 0;

	for (size_t i = 0; i < parcel->count; i++)
		devices[i] = parcel->devices[i];
	const struct export_request request = {
		.recipients = parcel->recipients,
		.recipient_count = parcel->count,
		.devices = devices,
		.device_count = parcel->count,
		.progress = { tell, &telling },
	};

	if (bundle_export(ui->vault, path, &request, ui->options.contents,
		&summary, &trouble) == 0)
		buf_addf(result,
		    _("Written: %s, for %s: %zu subjects, %zu events\n"),
		    file_name(path), parcel->names, summary.subjects,
		    summary.events);
	else if (trouble.code == ERR_CANCELLED)
		status = err_set(err, ERR_CANCELLED, "%s", trouble.msg);
	else
		buf_addf(result, _("Not written for %s: %s\n"), parcel->names,
		    trouble.msg);
	free(devices);
	free(path);
	return status;
}

int
exchange_run(struct exchange *exchange, struct ui *ui, struct buf *result,
    struct err *err)
{
	for (size_t i = 0; i < exchange->incoming_count; i++)
		if (exchange->incoming[i].wanted &&
		    take(&exchange->incoming[i], ui, result, err) != 0)
			return -1;
	for (size_t i = 0; i < exchange->parcel_count; i++)
		if (send(exchange, ui, i, result, err) != 0)
			return -1;
	if (result->len == 0)
		buf_add_text(result, _("There was nothing to exchange\n"));
	return 0;
}

void
exchange_release(struct exchange *exchange)
{
	for (size_t i = 0; i < exchange->incoming_count; i++) {
		import_summary_release(&exchange->incoming[i].summary);
		free(exchange->incoming[i].path);
	}
	for (size_t i = 0; i < exchange->parcel_count; i++) {
		free(exchange->parcels[i].names);
		free(exchange->parcels[i].recipients);
		free(exchange->parcels[i].devices);
	}
	free(exchange->incoming);
	free(exchange->parcels);
	free(exchange->folder);
	*exchange = (struct exchange){ 0 };
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "bundles/exchange_internal.h"
#include "storage/blob.h"
#include "storage/vault.h"

/* Doing what was looked at. */

enum { NUMBERS_MAX = 1000 };

/* ---- importing ---- */

static int
import_item(struct vault *vault, const struct exchange *exchange,
    const struct progress_report *progress, struct exchange_item *item,
    struct err *err)
{
	char *path = file_join(exchange->folder, item->file);
	struct err failed = { 0 };
	int result = 0;

	import_summary_release(&item->import);
	if (bundle_import(
		vault, path, false, progress, &item->import, &failed) == 0) {
		item->state = EXCHANGE_DONE;
		item->note[0] = '\0';
	} else if (failed.code == ERR_CANCELLED) {
		*err = failed;
		result = -1;
	} else {
		exchange_note(item,
		    item->import.verdict == BUNDLE_REFUSED ? EXCHANGE_REFUSED
							   : EXCHANGE_FAILED,
		    &failed);
	}
	free(path);
	return result;
}

/* ---- exporting ---- */

/* "R-1123-07-K3QF.ronde": a number of the day and a part of the device. */
static char *
free_name(struct vault *vault, const char *folder)
{
	const struct identity *self = identity_get(vault);
	const time_t now = (time_t)(clock_now() / 1000);
	struct tm day;

	localtime_r(&now, &day);
	for (int number = 1; number < NUMBERS_MAX; number++) {
		char *name = xasprintf("R-%02d%02d-%02d-%.4s.ronde",
		    day.tm_mon + 1, day.tm_mday, number, self->device + 2);
		char *path = file_join(folder, name);
		const bool taken = file_exists(path);

		free(path);
		if (!taken)
			return name;
		free(name);
	}
	return NULL;
}

static int
remember(struct vault *vault, const struct target *target,
    const struct hash *digest, struct err *err)
{
	char key[EXCHANGE_KEY_MAX], number[32];
	size_t receipts;

	exchange_bundle_key(digest, key);
	if (setting_put(vault, key, "sent", err) < 0 ||
	    target_receipts(vault, target, &receipts, err) < 0)
		return -1;
	exchange_receipts_key(target, key);
	snprintf(number, sizeof(number), "%zu", receipts);
	return setting_put(vault, key, number, err);
}

static int
check_written(const char *path, const struct hash *expected, struct err *err)
{
	struct hash digest;

	if (exchange_digest_file(path, true, &digest, err) < 0)
		return -1;
	if (hash_equal(&digest, expected))
		return 0;
	unlink(path);
	return err_set(err, ERR_IO,
	    _("%s did not come back as it was written: the stick is damaged, "
	      "take another"),
	    path);
}

/* What is the same for every bundle that is written. */
struct writing {
	struct vault *vault;
	const struct bundle_contents *contents;
	const struct progress_report *progress; /* or NULL */
	struct exchange *exchange;
};

static int
write_export(const struct writing *writing, const struct target *target,
    const char *path, struct exchange_item *item, struct err *err)
{
	const char **devices = xcalloc(target->device_count, sizeof(*devices));
	struct export_request request;
	int result = -1;

	target_request(target, devices, &request);
	if (writing->progress)
		request.progress = *writing->progress;
	if (bundle_export(writing->vault, path, &request, writing->contents,
		&item->export, err) == 0 &&
	    check_written(path, &item->export.file, err) == 0)
		result =
		    remember(writing->vault, target, &item->export.file, err);
	free(devices);
	return result;
}

static int
write_item(const struct writing *writing, const struct target *target,
    struct exchange_item *item, struct err *err)
{
	const char *folder = writing->exchange->folder;
	char *name = free_name(writing->vault, folder), *path;
	int result;

	if (!name)
		return err_set(err, ERR_EXISTS,
		    _("%s has no free name left for today: move files away"),
		    folder);
	path = file_join(folder, name);
	result = write_export(writing, target, path, item, err);
	if (result == 0) {
		item->state = EXCHANGE_DONE;
		item->file = name;
		name = NULL; /* now the item's */
	}
	free(path);
	free(name);
	return result;
}

/* -1 only when it was stopped. */
static int
export_item(const struct writing *writing, const struct target *target,
    struct exchange_item *item, struct err *err)
{
	struct err failed = { 0 };
	int result = exchange_look_at_target(
	    writing->vault, writing->contents, target, item, &failed);

	item->state = EXCHANGE_NOTHING;
	if (result == 0 && (item->export.events > 0 || item->receipts > 0))
		result = write_item(writing, target, item, &failed);
	if (result == 0)
		return 0;
	exchange_note(item, EXCHANGE_FAILED, &failed);
	if (failed.code != ERR_CANCELLED)
		return 0;
	*err = failed;
	return -1;
}

/* What came in may have enrolled people: the exports are found anew. */
static int
export_all(const struct writing *writing, struct err *err)
{
	struct exchange *exchange = writing->exchange;
	struct targets targets = { 0 };
	size_t keep = 0;
	int result = targets_find(writing->vault, &targets, err);

	if (result == 0) {
		for (size_t i = 0; i < exchange->count; i++)
			if (exchange->items[i].kind != EXCHANGE_EXPORT)
				keep = i + 1;
			else
				free(exchange->items[i].name);
		if (exchange->room > keep)
			memset(exchange->items + keep, 0,
			    (exchange->room - keep) * sizeof(*exchange->items));
		exchange->count = keep;
	}
	for (size_t i = 0; result == 0 && i < targets.count; i++)
		result = export_item(writing, &targets.all[i],
		    exchange_add_export(exchange, &targets.all[i]), err);
	targets_release(&targets);
	return result;
}

int
exchange_run(struct vault *vault, const struct bundle_contents *contents,
    const struct progress_report *progress, struct exchange *exchange,
    struct err *err)
{
	const struct writing writing = { vault, contents, progress, exchange };
	int result = 0;

	for (size_t i = 0; result == 0 && i < exchange->count; i++) {
		struct exchange_item *item = &exchange->items[i];

		if (item->kind == EXCHANGE_IMPORT &&
		    (item->state == EXCHANGE_READY ||
			item->state == EXCHANGE_REFUSED))
			result =
			    import_item(vault, exchange, progress, item, err);
	}
	if (result == 0)
		result = export_all(&writing, err);
	exchange_count_ready(exchange);
	return result;
}

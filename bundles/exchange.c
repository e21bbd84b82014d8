/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/exchange.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "bundles/exchange_internal.h"
#include "bundles/intake.h"
#include "bundles/stage.h"
#include "storage/blob.h"
#include "storage/db.h"
#include "storage/vault.h"

/* The order of the file: the folder, looking, importing, exporting. */

enum { PIECE_BYTES = 64 * 1024, NUMBERS_MAX = 1000, KEY_MAX = 128 };

void
exchange_release(struct exchange *exchange)
{
	for (size_t i = 0; i < exchange->count; i++) {
		free(exchange->items[i].file);
		free(exchange->items[i].name);
		import_summary_release(&exchange->items[i].import);
		card_release(&exchange->items[i].card);
	}
	free(exchange->items);
	free(exchange->folder);
	*exchange = (struct exchange){ 0 };
}

static struct exchange_item *
add_item(struct exchange *exchange, enum exchange_kind kind)
{
	struct exchange_item *item;

	mem_grow(&exchange->items, &exchange->room, exchange->count + 1,
	    sizeof(*exchange->items));
	item = &exchange->items[exchange->count++];
	item->kind = kind;
	return item;
}

static void
note(struct exchange_item *item, enum exchange_state state,
    const struct err *err)
{
	item->state = state;
	snprintf(item->note, sizeof(item->note), "%s", err->msg);
}

static void
count_ready(struct exchange *exchange)
{
	exchange->imports = exchange->cards = exchange->exports = 0;
	for (size_t i = 0; i < exchange->count; i++) {
		if (exchange->items[i].state != EXCHANGE_READY)
			continue;
		switch (exchange->items[i].kind) {
		case EXCHANGE_IMPORT: exchange->imports++; break;
		case EXCHANGE_CARD: exchange->cards++; break;
		case EXCHANGE_EXPORT: exchange->exports++; break;
		}
	}
}

/* ---- the folder ---- */

static bool
has_end(const char *name, const char *end)
{
	const size_t len = strlen(name), end_len = strlen(end);

	return name[0] != '.' && len > end_len &&
	    strcmp(name + len - end_len, end) == 0;
}

static int
is_ours(const struct dirent *entry)
{
	return has_end(entry->d_name, ".ronde") ||
	    has_end(entry->d_name, ".card");
}

static int
by_name(const struct dirent **one, const struct dirent **other)
{
	return strcmp((*one)->d_name, (*other)->d_name);
}

static int
list_files(struct exchange *exchange, struct err *err)
{
	struct dirent **entries = NULL;
	const int count = scandir(exchange->folder, &entries, is_ours, by_name);

	if (count < 0)
		return err_errno(
		    err, _("cannot read the folder %s"), exchange->folder);
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		if (i < EXCHANGE_FILES_MAX)
			add_item(exchange,
			    has_end(name, ".card") ? EXCHANGE_CARD
						   : EXCHANGE_IMPORT)
			    ->file = xstrdup(name);
		free(entries[i]);
	}
	free(entries);
	if (count > EXCHANGE_FILES_MAX)
		return err_set(err, ERR_LIMIT,
		    _("%s holds more than %d bundles and cards: move some "
		      "away"),
		    exchange->folder, EXCHANGE_FILES_MAX);
	return 0;
}

static int
digest_file(
    const char *path, bool from_disk, struct hash *digest, struct err *err)
{
	struct fd_stream stream = { .name = path };
	const struct byte_source source = fd_source(&stream);
	struct hasher hasher;
	char piece[PIECE_BYTES];
	ssize_t got;

	stream.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (stream.fd < 0)
		return err_errno(err, _("cannot open %s"), path);
	/* What was just written is to come from the stick, not from memory. */
	if (from_disk)
		posix_fadvise(stream.fd, 0, 0, POSIX_FADV_DONTNEED);
	hasher_begin(&hasher);
	while ((got = source.read(source.arg, piece, sizeof(piece), err)) > 0)
		hasher_add(&hasher, piece, (size_t)got);
	*digest = hasher_end_hash(&hasher);
	close(stream.fd);
	return got < 0 ? -1 : 0;
}

static void
bundle_key(const struct hash *digest, char key[KEY_MAX])
{
	char hex[HASH_HEX_MAX];

	hash_to_hex(digest, hex);
	snprintf(key, KEY_MAX, "bundle/%s", hex);
}

/* ---- looking ---- */

static void
look_at_card(struct vault *vault, const char *path, struct exchange_item *item)
{
	struct roster_entry entry = { 0 };
	struct err err = { 0 };
	struct buf text;

	buf_init(&text, CARD_FILE_MAX);
	if (file_read(path, &text, &err) < 0 ||
	    card_read(text.data, text.len, item->file, &item->card, &err) < 0 ||
	    roster_find(vault, item->card.device, &entry, &err) < 0)
		note(item, EXCHANGE_REFUSED, &err);
	else
		item->state =
		    entry.trust == TRUST_NONE ? EXCHANGE_READY : EXCHANGE_KNOWN;
	roster_entry_release(&entry);
	buf_release(&text);
}

static void
look_at_bundle(
    struct vault *vault, const char *path, struct exchange_item *item)
{
	struct err err = { 0 };
	struct hash digest;
	char key[KEY_MAX], *known;

	if (digest_file(path, false, &digest, &err) < 0) {
		note(item, EXCHANGE_FAILED, &err);
		return;
	}
	bundle_key(&digest, key);
	known = setting_get(vault, key);
	if (known)
		item->state = EXCHANGE_KNOWN;
	else if (intake_run(
		     vault, path, INTAKE_PEEK, NULL, &item->import, &err) == 0)
		item->state = EXCHANGE_READY;
	else
		note(item,
		    item->import.not_for_us ? EXCHANGE_OTHERS
			: item->import.verdict == BUNDLE_REFUSED
			? EXCHANGE_REFUSED
			: EXCHANGE_FAILED,
		    &err);
	free(known);
}

static void
look_at_file(struct vault *vault, const struct exchange *exchange,
    struct exchange_item *item)
{
	char *path = file_join(exchange->folder, item->file);

	if (item->kind == EXCHANGE_CARD)
		look_at_card(vault, path, item);
	else
		look_at_bundle(vault, path, item);
	free(path);
}

static void
receipts_key(const struct target *target, char key[KEY_MAX])
{
	snprintf(key, KEY_MAX, "exchange/receipts/%s",
	    target->person[0] ? target->person : "all");
}

static size_t
receipts_sent(struct vault *vault, const struct target *target)
{
	char key[KEY_MAX], *value;
	size_t count;

	receipts_key(target, key);
	value = setting_get(vault, key);
	count = value ? strtoul(value, NULL, 10) : 0;
	free(value);
	return count;
}

/* What is due to `target` now. */
static int
look_at_target(struct vault *vault, const struct bundle_contents *contents,
    const struct target *target, struct exchange_item *item, struct err *err)
{
	const char **devices = xcalloc(target->device_count, sizeof(*devices));
	struct export_request request;
	size_t receipts = 0, sent;
	int result = -1;

	target_request(target, devices, &request);
	if (bundle_preview(vault, &request, contents, &item->export, err) ==
		0 &&
	    target_receipts(vault, target, &receipts, err) == 0) {
		sent = receipts_sent(vault, target);
		item->receipts = receipts > sent ? receipts - sent : 0;
		result = 0;
	}
	free(devices);
	return result;
}

static struct exchange_item *
add_export(struct exchange *exchange, const struct target *target)
{
	struct exchange_item *item = add_item(exchange, EXCHANGE_EXPORT);

	memcpy(item->person, target->person, sizeof(item->person));
	item->name = xstrdup(target->name);
	item->device_count = target->device_count;
	item->recipient_count = target->recipient_count;
	return item;
}

static int
look_at_exports(struct vault *vault, const struct bundle_contents *contents,
    struct exchange *exchange, struct err *err)
{
	struct targets targets = { 0 };
	int result = targets_find(vault, &targets, err);

	for (size_t i = 0; result == 0 && i < targets.count; i++) {
		struct exchange_item *item =
		    add_export(exchange, &targets.all[i]);

		result =
		    look_at_target(vault, contents, &targets.all[i], item, err);
		item->state = item->export.events > 0 || item->receipts > 0
		    ? EXCHANGE_READY
		    : EXCHANGE_NOTHING;
	}
	targets_release(&targets);
	return result;
}

static int
look(struct vault *vault, const struct bundle_contents *contents,
    struct exchange *exchange, struct err *err)
{
	if (list_files(exchange, err) < 0)
		return -1;
	for (size_t i = 0; i < exchange->count; i++)
		look_at_file(vault, exchange, &exchange->items[i]);
	return look_at_exports(vault, contents, exchange, err);
}

/* Does it all and rolls it back: what is said before is what will be. */
int
exchange_look(struct vault *vault, const char *folder,
    const struct bundle_contents *contents, struct exchange *exchange,
    struct err *err)
{
	int result;

	*exchange = (struct exchange){ .folder = xstrdup(folder) };
	result = db_begin(vault_db(vault), err);
	if (result == 0) {
		result = look(vault, contents, exchange, err);
		db_rollback(vault_db(vault));
	}
	if (result < 0)
		exchange_release(exchange);
	else
		count_ready(exchange);
	return result;
}

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
		note(item,
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
	char key[KEY_MAX], number[32];
	size_t receipts;

	bundle_key(digest, key);
	if (setting_put(vault, key, "sent", err) < 0 ||
	    target_receipts(vault, target, &receipts, err) < 0)
		return -1;
	receipts_key(target, key);
	snprintf(number, sizeof(number), "%zu", receipts);
	return setting_put(vault, key, number, err);
}

static int
check_written(const char *path, const struct hash *expected, struct err *err)
{
	struct hash digest;

	if (digest_file(path, true, &digest, err) < 0)
		return -1;
	if (hash_equal(&digest, expected))
		return 0;
	unlink(path);
	return err_set(err, ERR_IO,
	    _("%s did not come back as it was written: the stick is damaged, "
	      "take another"),
	    path);
}

static int
write_export(struct vault *vault, const struct bundle_contents *contents,
    const struct target *target, const char *path, struct exchange_item *item,
    struct err *err)
{
	const char **devices = xcalloc(target->device_count, sizeof(*devices));
	struct export_request request;
	int result = -1;

	target_request(target, devices, &request);
	if (bundle_export(
		vault, path, &request, contents, &item->export, err) == 0 &&
	    check_written(path, &item->export.file, err) == 0)
		result = remember(vault, target, &item->export.file, err);
	free(devices);
	return result;
}

static void
export_item(struct vault *vault, const struct bundle_contents *contents,
    const struct exchange *exchange, const struct target *target,
    struct exchange_item *item)
{
	struct err err = { 0 };
	char *name, *path;

	if (look_at_target(vault, contents, target, item, &err) < 0) {
		note(item, EXCHANGE_FAILED, &err);
		return;
	}
	if (item->export.events == 0 && item->receipts == 0) {
		item->state = EXCHANGE_NOTHING;
		return;
	}
	name = free_name(vault, exchange->folder);
	if (!name) {
		err_set(&err, ERR_EXISTS,
		    _("%s has no free name left for today: move files away"),
		    exchange->folder);
		note(item, EXCHANGE_FAILED, &err);
		return;
	}
	path = file_join(exchange->folder, name);
	if (write_export(vault, contents, target, path, item, &err) == 0) {
		item->state = EXCHANGE_DONE;
		item->file = name;
		name = NULL; /* now the item's */
	} else {
		note(item, EXCHANGE_FAILED, &err);
	}
	free(path);
	free(name);
}

/* What came in may have enrolled people: the exports are found anew. */
static int
export_all(struct vault *vault, const struct bundle_contents *contents,
    struct exchange *exchange, struct err *err)
{
	struct targets targets = { 0 };
	size_t keep = 0;
	int result = targets_find(vault, &targets, err);

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
		export_item(vault, contents, exchange, &targets.all[i],
		    add_export(exchange, &targets.all[i]));
	targets_release(&targets);
	return result;
}

int
exchange_run(struct vault *vault, const struct bundle_contents *contents,
    const struct progress_report *progress, struct exchange *exchange,
    struct err *err)
{
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
		result = export_all(vault, contents, exchange, err);
	count_ready(exchange);
	return result;
}

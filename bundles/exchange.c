/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/exchange.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "bundles/exchange_internal.h"
#include "bundles/intake.h"
#include "bundles/stage.h"
#include "storage/blob.h"
#include "storage/db.h"
#include "storage/vault.h"

/* Looking: the folder, files, and what is due to whom. */

enum { PIECE_BYTES = 64 * 1024 };

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

void
exchange_note(struct exchange_item *item, enum exchange_state state,
    const struct err *err)
{
	item->state = state;
	snprintf(item->note, sizeof(item->note), "%s", err->msg);
}

size_t
exchange_count(const struct exchange *exchange, enum exchange_kind kind,
    enum exchange_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < exchange->count; i++)
		count += exchange->items[i].kind == kind &&
		    exchange->items[i].state == state;
	return count;
}

void
exchange_count_ready(struct exchange *exchange)
{
	exchange->imports =
	    exchange_count(exchange, EXCHANGE_IMPORT, EXCHANGE_READY);
	exchange->cards =
	    exchange_count(exchange, EXCHANGE_CARD, EXCHANGE_READY);
	exchange->exports =
	    exchange_count(exchange, EXCHANGE_EXPORT, EXCHANGE_READY);
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

int
exchange_digest_file(
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

void
exchange_bundle_key(const struct hash *digest, char key[EXCHANGE_KEY_MAX])
{
	char hex[HASH_HEX_MAX];

	hash_to_hex(digest, hex);
	snprintf(key, EXCHANGE_KEY_MAX, "bundle/%s", hex);
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
		exchange_note(item, EXCHANGE_REFUSED, &err);
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
	char key[EXCHANGE_KEY_MAX], *known = NULL;
	int had;

	if (exchange_digest_file(path, false, &digest, &err) < 0) {
		exchange_note(item, EXCHANGE_FAILED, &err);
		return;
	}
	exchange_bundle_key(&digest, key);
	had = setting_read(vault, key, &known, &err);
	if (had < 0)
		exchange_note(item, EXCHANGE_FAILED, &err);
	else if (had)
		item->state = EXCHANGE_KNOWN;
	else if (intake_run(
		     vault, path, INTAKE_PEEK, NULL, &item->import, &err) == 0)
		item->state = EXCHANGE_READY;
	else
		exchange_note(item,
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

void
exchange_receipts_key(const struct target *target, char key[EXCHANGE_KEY_MAX])
{
	snprintf(key, EXCHANGE_KEY_MAX, "exchange/receipts/%s",
	    target->person[0] ? target->person : "all");
}

static int
receipts_sent(struct vault *vault, const struct target *target, size_t *count,
    struct err *err)
{
	char key[EXCHANGE_KEY_MAX], *value = NULL;
	int had;

	exchange_receipts_key(target, key);
	had = setting_read(vault, key, &value, err);
	*count = had > 0 ? strtoul(value, NULL, 10) : 0;
	free(value);
	return had < 0 ? -1 : 0;
}

/* What is due to `target` now. */
int
exchange_look_at_target(struct vault *vault,
    const struct bundle_contents *contents, const struct target *target,
    struct exchange_item *item, struct err *err)
{
	const char **devices = xcalloc(target->device_count, sizeof(*devices));
	struct export_request request;
	size_t receipts = 0, sent = 0;
	int result = -1;

	target_request(target, devices, &request);
	if (bundle_preview(vault, &request, contents, &item->export, err) ==
		0 &&
	    target_receipts(vault, target, &receipts, err) == 0 &&
	    receipts_sent(vault, target, &sent, err) == 0) {
		item->receipts = receipts > sent ? receipts - sent : 0;
		result = 0;
	}
	free(devices);
	return result;
}

struct exchange_item *
exchange_add_export(struct exchange *exchange, const struct target *target)
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
		    exchange_add_export(exchange, &targets.all[i]);

		result = exchange_look_at_target(
		    vault, contents, &targets.all[i], item, err);
		item->state = item->export.events > 0 || item->receipts > 0
		    ? EXCHANGE_READY
		    : EXCHANGE_NOTHING;
	}
	targets_release(&targets);
	return result;
}

static int
look(struct vault *vault, const struct bundle_contents *contents,
    const struct progress_report *progress, struct exchange *exchange,
    struct err *err)
{
	if (list_files(exchange, err) < 0)
		return -1;
	for (size_t i = 0; i < exchange->count; i++) {
		if (progress && progress->tell &&
		    progress->tell(progress->arg, i, exchange->count) < 0)
			return err_set(err, ERR_CANCELLED,
			    _("stopped on request: nothing was taken or "
			      "written"));
		look_at_file(vault, exchange, &exchange->items[i]);
	}
	return look_at_exports(vault, contents, exchange, err);
}

/* Does it all and rolls it back: what is said before is what will be. */
int
exchange_look(struct vault *vault, const char *folder,
    const struct bundle_contents *contents,
    const struct progress_report *progress, struct exchange *exchange,
    struct err *err)
{
	int result;

	*exchange = (struct exchange){ .folder = xstrdup(folder) };
	result = db_begin(vault_db(vault), err);
	if (result == 0) {
		result = look(vault, contents, progress, exchange, err);
		db_rollback(vault_db(vault));
	}
	if (result < 0)
		exchange_release(exchange);
	else
		exchange_count_ready(exchange);
	return result;
}

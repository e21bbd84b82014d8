/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/bundle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "bundles/intake.h"
#include "bundles/outer.h"
#include "bundles/quarantine.h"
#include "storage/blob.h"
#include "storage/db.h"
#include "storage/vault.h"

/*
 * The way in:
 *
 *  (1) The ciphertext is copied to an unlinked file and hashed; the stick may
 *      go, and nobody can change what is read from then on.
 *  (2) intake_door() reads it once: whose signature, over which digest.
 *  (3) intake_members() reads the same descriptor again, inside a
 *      transaction.
 *  (4) The transaction is committed only if the second reading gave the bytes
 *      whose digest was signed and every check held; else the vault is as it
 *      was.
 *
 * A dry run does the same and then rolls back, so that what it says of events
 * that are new, wait or are disputed is what an import would make of them.
 */

enum { PIECE_BYTES = 64 * 1024 };

void
import_summary_release(struct import_summary *summary)
{
	free(summary->sender_name);
	free(summary->sender_organisation);
	*summary = (struct import_summary){ 0 };
}

static void
intake_release(struct intake *intake)
{
	if (intake->file.fd >= 0)
		close(intake->file.fd);
	roster_entry_release(&intake->sender);
	manifest_release(&intake->manifest);
	free(intake->cards);
	free(intake->heads_seen);
	free(intake->new_heads);
	lacking_release(&intake->lacking);
}

/* ---- staging ---- */

/*
 * A report or a table taken by mistake from a stick is in clear: no byte of
 * it may come to this disk, neither staged nor in the quarantine.
 */
static int
check_encrypted(
    struct intake *intake, const char *piece, size_t len, struct err *err)
{
	static const char begin[] = "age-encryption.org/v";

	if (len >= sizeof(begin) - 1 &&
	    memcmp(piece, begin, sizeof(begin) - 1) == 0)
		return 0;
	return err_set(err, ERR_FORMAT,
	    _("%s is not a bundle: it is no file that age encrypted"),
	    intake->name);
}

static int
copy_in(struct intake *intake, int fd, const char *path, struct err *err)
{
	struct fd_stream from = { .fd = fd, .name = path };
	const struct byte_source source = fd_source(&from);
	struct hasher hasher;
	char piece[PIECE_BYTES];
	ssize_t got = source.read(source.arg, piece, sizeof(piece), err);

	if (got < 0)
		return -1;
	intake->place = "encryption";
	if (check_encrypted(intake, piece, (size_t)got, err) < 0)
		return -1;
	hasher_begin(&hasher);
	for (; got > 0;
	     got = source.read(source.arg, piece, sizeof(piece), err)) {
		intake->summary->bytes += (uint64_t)got;
		if (intake->summary->bytes > BUNDLE_BYTES_MAX)
			return err_set(err, ERR_LIMIT,
			    _("%s is larger than 16 GiB"), path);
		hasher_add(&hasher, piece, (size_t)got);
		if (file_write_all(intake->file.fd, piece, (size_t)got,
			intake->file.name, err) < 0)
			return -1;
	}
	intake->digest = hasher_end_hash(&hasher);
	intake->total = 2 * intake->summary->bytes;
	intake->staged = got == 0;
	return got < 0 ? -1 : 0;
}

static int
stage_in(struct intake *intake, const char *path, struct err *err)
{
	char *folder = vault_folder(intake->vault);
	struct stat stat;
	int fd, result = -1;

	intake->file.fd = file_open_unlinked(folder, err);
	free(folder);
	if (intake->file.fd < 0)
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return err_errno(err, _("cannot open %s"), path);
	if (fstat(fd, &stat) < 0)
		err_errno(err, _("cannot read %s"), path);
	else if (!S_ISREG(stat.st_mode))
		err_set(
		    err, ERR_VALUE, _("%s is not a file; name a bundle"), path);
	else
		result = copy_in(intake, fd, path, err);
	close(fd);
	return result;
}

/* ---- the second reading ---- */

struct body {
	struct outer *outer;
	struct hasher hasher;
};

static ssize_t
read_body(void *arg, void *to, size_t room, struct err *err)
{
	struct body *body = arg;
	const ssize_t got = outer_read(body->outer, to, room, err);

	if (got > 0)
		hasher_add(&body->hasher, to, (size_t)got);
	return got;
}

/* To the true end, which is where it shows whether all was the same. */
static int
check_same(struct intake *intake, struct body *body, struct err *err)
{
	uint8_t prehash[MINISIGN_PREHASH_BYTES];
	char piece[PIECE_BYTES];
	ssize_t got;

	intake->place = "second reading";
	do
		got = read_body(body, piece, sizeof(piece), err);
	while (got > 0);
	if (got < 0)
		return -1;
	hasher_end(&body->hasher, prehash, sizeof(prehash));
	if (!bytes_equal(prehash, intake->prehash, sizeof(prehash)))
		return err_set(err, ERR_AUTH, _("%s changed while it was read"),
		    intake->name);
	return 0;
}

static int
read_again(struct intake *intake, struct err *err)
{
	struct plain plain = { 0 };
	struct buf signature;
	struct body body;
	const struct byte_source source = { read_body, &body };
	int result = -1;

	buf_init(&signature, MINISIGN_SIGNATURE_MAX);
	if (plain_open(intake, &plain, &signature, err) < 0)
		goto out;
	body.outer = plain.outer;
	hasher_begin_size(&body.hasher, MINISIGN_PREHASH_BYTES);
	if (intake_members(intake, &source, err) == 0)
		result = check_same(intake, &body, err);
out:
	plain_close(&plain);
	buf_release(&signature);
	return result;
}

/* ---- all of it ---- */

static void
summarise(struct intake *intake)
{
	struct import_summary *summary = intake->summary;
	const struct roster_entry *sender = &intake->sender;

	memcpy(summary->sender_device, sender->device, ID_MAX);
	if (sender->name)
		summary->sender_name = xstrdup(sender->name);
	if (sender->organisation)
		summary->sender_organisation = xstrdup(sender->organisation);
	summary->recipient_count = intake->manifest.recipient_count;
	summary->time = intake->manifest.time;
	summary->heads = intake->heads;
}

/* Remembers the file, so that a stick that comes back is not read again. */
static int
remember(struct intake *intake, struct err *err)
{
	char key[HASH_HEX_MAX + 16], hex[HASH_HEX_MAX];

	hash_to_hex(&intake->digest, hex);
	snprintf(key, sizeof(key), "bundle/%s", hex);
	return setting_put(intake->vault, key, "imported", err);
}

/* After the events, which may be those that a statement of ours lists. */
static int
compare_own(struct intake *intake, struct err *err)
{
	return intake->has_own_heads
	    ? lacking_of_heads(
		  &intake->lacking, intake->vault, &intake->own_heads, err)
	    : 0;
}

static int
take_all(struct intake *intake, struct err *err)
{
	struct db *db = vault_db(intake->vault);
	int result;

	if (db_begin(db, err) < 0)
		return -1;
	result = read_again(intake, err);
	if (result == 0)
		result = compare_own(intake, err);
	if (result == 0)
		result = intake_effect(intake, err);
	if (result == 0 && intake->mode != INTAKE_DRY)
		result = remember(intake, err);
	if (result < 0 || intake->mode == INTAKE_DRY) {
		db_rollback(db);
		return result;
	}
	return db_commit(db, err);
}

/* That events are lacking is kept even where the bundle is not. */
static int
take(struct intake *intake, struct err *err)
{
	struct err unkept = { 0 };
	int result;

	if (intake_door(intake, err) < 0)
		return -1;
	result = take_all(intake, err);
	if (intake->mode != INTAKE_KEEP ||
	    lacking_keep(&intake->lacking, intake->vault, &unkept) == 0)
		return result;
	if (result == 0)
		*err = unkept;
	return -1;
}

/* What the bundle itself is to blame for; the rest may pass another time. */
static bool
is_refusal(const struct intake *intake, const struct err *err)
{
	if (!intake->place)
		return false;
	switch (err->code) {
	case ERR_FORMAT:
	case ERR_AUTH:
	case ERR_TRUST:
	case ERR_LIMIT:
	case ERR_CONFLICT:
	case ERR_UNSUPPORTED:
	case ERR_NOT_FOUND: return true;
	default: return false;
	}
}

/*
 * Of several bundles the message must say which; and what does not open was
 * mostly hurt on its way.
 */
static void
complete_reason(const struct intake *intake, struct err *err)
{
	const bool hurt = err->code == ERR_AUTH || err->code == ERR_FORMAT;
	char reason[ERR_MSG_MAX];

	if (!strstr(err->msg, intake->name))
		err_wrap(err, "%s", intake->name);
	if (!hurt || intake->summary->not_for_us ||
	    strcmp(intake->place, "encryption") != 0)
		return;
	snprintf(reason, sizeof(reason), "%s", err->msg);
	err_set(err, err->code,
	    _("%s; copy it again, or ask the sender for it again"), reason);
}

static void
refuse(struct intake *intake, struct err *err)
{
	struct err ignored = { 0 };

	complete_reason(intake, err);
	intake->summary->verdict = BUNDLE_REFUSED;
	snprintf(intake->summary->reason, sizeof(intake->summary->reason), "%s",
	    err->msg);
	/* Where it cannot be kept, the file that it came from still is. */
	if (intake->mode == INTAKE_KEEP && intake->staged)
		quarantine_keep(intake->vault, intake->file.fd, &intake->digest,
		    err->code, intake->place, &ignored);
}

int
intake_run(struct vault *vault, const char *path, enum intake_mode mode,
    const struct progress_report *progress, struct import_summary *summary,
    struct err *err)
{
	struct intake intake = { .vault = vault,
		.progress = progress,
		.summary = summary,
		.mode = mode,
		.name = file_name(path),
		.file = { .fd = -1, .name = _("a temporary file") } };
	int result = -1;

	*summary = (struct import_summary){ 0 };
	if (!identity_get(vault))
		return err_set(err, ERR_DENIED,
		    _("the vault has no person yet: nothing can be for it"));
	if (stage_in(&intake, path, err) == 0)
		result = take(&intake, err);
	summarise(&intake);
	if (result < 0 && is_refusal(&intake, err))
		refuse(&intake, err);
	intake_release(&intake);
	return result;
}

int
bundle_import(struct vault *vault, const char *path, bool dry_run,
    const struct progress_report *progress, struct import_summary *summary,
    struct err *err)
{
	return intake_run(vault, path, dry_run ? INTAKE_DRY : INTAKE_KEEP,
	    progress, summary, err);
}

int
bundle_verify(struct vault *vault, const char *path,
    struct import_summary *summary, struct err *err)
{
	return bundle_import(vault, path, true, NULL, summary, err);
}

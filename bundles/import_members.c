/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "storage/blob.h"

/*
 * The second reading: the members, one by one, each by the manifest's word.
 * All that is kept is kept inside the importer's transaction.
 */

enum { PIECE_BYTES = 64 * 1024 };

int
intake_tell(struct intake *intake, uint64_t more, struct err *err)
{
	const struct progress_report *progress = intake->progress;

	intake->done += more;
	if (progress && progress->tell &&
	    progress->tell(progress->arg, intake->done, intake->total) < 0)
		return err_set(err, ERR_CANCELLED,
		    _("stopped on request: nothing was imported"));
	return 0;
}

/* ---- lines ---- */

struct lines {
	const struct line_sink *sink;
	size_t number;
	struct buf line;
};

static int
take_piece(struct lines *lines, const char *piece, size_t len, struct err *err)
{
	const struct line_sink *sink = lines->sink;

	while (len > 0) {
		const char *end = memchr(piece, '\n', len);
		const size_t part = end ? (size_t)(end - piece) : len;

		buf_add(&lines->line, piece, part);
		if (buf_is_full(&lines->line))
			return err_set(err, ERR_LIMIT,
			    _("line %zu is longer than %zu bytes"),
			    lines->number + 1, sink->max);
		if (!end)
			return 0;
		if (sink->each(sink->arg, lines->line.data, lines->line.len,
			++lines->number, err) < 0)
			return -1;
		buf_clear(&lines->line);
		piece += part + 1;
		len -= part + 1;
	}
	return 0;
}

int
intake_lines(struct intake *intake, struct archive_reader *archive,
    struct hasher *hasher, const struct line_sink *sink, struct err *err)
{
	struct lines lines = { .sink = sink };
	char piece[PIECE_BYTES];
	ssize_t got;
	int result = 0;

	buf_init(&lines.line, sink->max);
	while (result == 0 &&
	    (got = archive_read_some(archive, piece, sizeof(piece), err)) !=
		0) {
		if (got < 0) {
			result = -1;
			break;
		}
		hasher_add(hasher, piece, (size_t)got);
		result = take_piece(&lines, piece, (size_t)got, err);
		if (result == 0)
			result = intake_tell(intake, (uint64_t)got, err);
	}
	if (result == 0 && lines.line.len > 0)
		result = err_set(err, ERR_FORMAT, _("line %zu does not end"),
		    lines.number + 1);
	buf_release(&lines.line);
	return result;
}

/* ---- checklists and evidence ---- */

struct member_source {
	struct intake *intake;
	struct archive_reader *archive;
	struct hasher *hasher;
};

static ssize_t
read_member(void *arg, void *to, size_t room, struct err *err)
{
	struct member_source *source = arg;
	const ssize_t got = archive_read_some(source->archive, to, room, err);

	if (got <= 0)
		return got;
	hasher_add(source->hasher, to, (size_t)got);
	return intake_tell(source->intake, (uint64_t)got, err) < 0 ? -1 : got;
}

static int
take_form(struct intake *intake, struct archive_reader *archive,
    struct hasher *hasher, struct err *err)
{
	struct hash digest;
	struct buf bytes;
	int added = -1;

	intake->place = "checklists";
	buf_init(&bytes, FORM_BYTES_MAX);
	if (archive_read_rest(archive, &bytes, err) == 0) {
		hasher_add(hasher, bytes.data, bytes.len);
		if (intake_tell(intake, bytes.len, err) == 0)
			added = form_store_add(
			    intake->vault, bytes.data, bytes.len, &digest, err);
	}
	buf_release(&bytes);
	intake->summary->checklists++;
	return added < 0 ? -1 : 0;
}

static int
skip_member(const struct byte_source *source, struct err *err)
{
	char piece[PIECE_BYTES];
	ssize_t got;

	do
		got = source->read(source->arg, piece, sizeof(piece), err);
	while (got > 0);
	return got < 0 ? -1 : 0;
}

static int
take_blob(struct intake *intake, struct archive_reader *archive,
    const struct manifest_file *file, struct hasher *hasher, struct err *err)
{
	struct member_source from = { intake, archive, hasher };
	const struct byte_source source = { read_member, &from };
	struct hash digest;
	uint64_t size;
	const int held = blob_find(intake->vault, &file->digest, &size, err);

	intake->place = "blobs";
	intake->summary->blobs++;
	if (held < 0)
		return -1;
	if (held == 0)
		intake->new_files++;
	if (held || intake->mode == INTAKE_DRY)
		return skip_member(&source, err);
	return blob_add(intake->vault, &source, &digest, &size, err) < 0 ? -1
									 : 0;
}

/* ---- all members ---- */

static uint64_t
size_limit(enum member_kind kind)
{
	switch (kind) {
	case MEMBER_CHECKLIST: return FORM_BYTES_MAX;
	case MEMBER_BLOB: return BLOB_BYTES_MAX;
	case MEMBER_STATEMENTS:
	case MEMBER_EVENTS: break;
	}
	return (uint64_t)CHAIN_EVENTS_MAX * 4096;
}

static int
check_member(const struct manifest_file *file, const char *member,
    uint64_t size, struct err *err)
{
	if (strcmp(member, file->name) != 0)
		return err_set(err, ERR_FORMAT,
		    _("%s stands where the manifest lists %s"), member,
		    file->name);
	if (size != file->size)
		return err_set(err, ERR_FORMAT,
		    _("%s has %llu bytes, the manifest says %llu"), member,
		    (unsigned long long)size, (unsigned long long)file->size);
	if (size > size_limit(file->kind))
		return err_set(err, ERR_LIMIT, _("%s has %llu bytes"), member,
		    (unsigned long long)size);
	return 0;
}

static int
take_member(struct intake *intake, struct archive_reader *archive,
    const struct manifest_file *file, const struct manifest_chain *chain,
    struct err *err)
{
	struct hasher hasher;
	struct hash digest;
	int result = -1;

	hasher_begin(&hasher);
	switch (file->kind) {
	case MEMBER_STATEMENTS:
		result = intake_statements(intake, archive, &hasher, err);
		break;
	case MEMBER_CHECKLIST:
		result = take_form(intake, archive, &hasher, err);
		break;
	case MEMBER_EVENTS:
		result = intake_chain(intake, archive, chain, &hasher, err);
		break;
	case MEMBER_BLOB:
		result = take_blob(intake, archive, file, &hasher, err);
		break;
	}
	if (result < 0)
		return err_wrap(err, "%s", file->name);
	digest = hasher_end_hash(&hasher);
	if (!hash_equal(&digest, &file->digest))
		return err_set(err, ERR_AUTH,
		    _("%s is not what the manifest lists: its digest differs"),
		    file->name);
	return 0;
}

static int
take_listed(
    struct intake *intake, struct archive_reader *archive, struct err *err)
{
	const struct manifest *manifest = &intake->manifest;
	const struct manifest_chain *chain = manifest->chains;
	const char *member;
	uint64_t size;
	int more;

	for (size_t i = 0; i < manifest->file_count; i++) {
		const struct manifest_file *file = &manifest->files[i];

		more = archive_next(archive, &member, &size, err);
		if (more < 0)
			return -1;
		if (more == 0)
			return err_set(err, ERR_FORMAT,
			    _("%s, which the manifest lists, is missing"),
			    file->name);
		if (check_member(file, member, size, err) < 0 ||
		    take_member(intake, archive, file, chain, err) < 0)
			return -1;
		if (file->kind == MEMBER_EVENTS)
			chain++;
	}
	intake->place = "archive";
	more = archive_next(archive, &member, &size, err);
	if (more > 0)
		return err_set(err, ERR_FORMAT,
		    _("%s stands after all that the manifest lists"), member);
	return more;
}

/* ---- the manifest ---- */

/* What was sent to a device that this vault was before is ours as well. */
static bool
is_own_key(const struct identity *self, const struct age_recipient *recipient)
{
	if (bytes_equal(recipient->key, self->age_recipient.key, AGE_KEY_BYTES))
		return true;
	for (size_t i = 0; i < self->former_count; i++)
		if (bytes_equal(recipient->key,
			self->former[i].age_recipient.key, AGE_KEY_BYTES))
			return true;
	return false;
}

static int
check_addressed(struct intake *intake, struct err *err)
{
	const struct identity *self = identity_get(intake->vault);
	const struct manifest *manifest = &intake->manifest;

	for (size_t i = 0; i < manifest->recipient_count; i++)
		if (is_own_key(self, &manifest->recipients[i]))
			return 0;
	return err_set(err, ERR_AUTH,
	    _("%s was sent to others: this device is not among the recipients "
	      "that the sender signed"),
	    intake->name);
}

static int
check_sender(struct intake *intake, struct err *err)
{
	const struct manifest *manifest = &intake->manifest;
	const struct roster_entry *sender = &intake->sender;

	if (strcmp(manifest->device, sender->device) != 0 ||
	    !bytes_equal(manifest->minisign_public.key,
		sender->minisign_public.key, MINISIGN_PUBLIC_BYTES) ||
	    !bytes_equal(manifest->sign_public, sender->sign_public, 32) ||
	    !bytes_equal(manifest->age_recipient.key, sender->age_recipient.key,
		AGE_KEY_BYTES) ||
	    !hash_equal(&manifest->heads, &intake->heads))
		return err_set(err, ERR_AUTH,
		    _("%s: the manifest names another sender than the one who "
		      "signed"),
		    intake->name);
	return 0;
}

static int
take_manifest(
    struct intake *intake, struct archive_reader *archive, struct err *err)
{
	struct buf text;
	const char *member = "";
	uint64_t size;
	int result = -1;
	const int more = archive_next(archive, &member, &size, err);

	intake->place = "manifest";
	if (more < 0)
		return -1;
	if (more == 0 || strcmp(member, MANIFEST_NAME) != 0)
		return err_set(err, ERR_FORMAT,
		    _("%s: its first member is not %s"), intake->name,
		    MANIFEST_NAME);
	buf_init(&text, MANIFEST_BYTES_MAX);
	if (archive_read_rest(archive, &text, err) == 0 &&
	    manifest_read(text.data, text.len, &intake->manifest, err) == 0 &&
	    check_sender(intake, err) == 0)
		result = check_addressed(intake, err);
	buf_release(&text);
	return result;
}

int
intake_members(
    struct intake *intake, const struct byte_source *body, struct err *err)
{
	const struct archive_limits limits = {
		.members = BUNDLE_MEMBERS_MAX + 1,
		.member_bytes = (uint64_t)CHAIN_EVENTS_MAX * 4096,
		.total_bytes = BUNDLE_BYTES_MAX,
	};
	struct archive_reader *archive;
	int result = -1;

	intake->place = "archive";
	archive = archive_open(intake->bare ? ARCHIVE_TAR : ARCHIVE_TAR_ZSTD,
	    intake->name, body, &limits, err);
	if (archive && take_manifest(intake, archive, err) == 0)
		result = take_listed(intake, archive, err);
	archive_close(archive);
	return result;
}

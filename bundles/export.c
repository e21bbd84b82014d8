/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/bundle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/archive.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "bundles/card.h"
#include "bundles/heads.h"
#include "bundles/manifest.h"
#include "bundles/outer.h"
#include "bundles/quarantine.h"
#include "bundles/select.h"
#include "bundles/stage.h"
#include "storage/blob.h"
#include "storage/db.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/vault.h"

/*
 * Writing a bundle: select, make the heads statement, write the members into
 * the stage, sign what was staged, encrypt it with its signature into a new
 * file, commit the statement, give the file its name.
 */

struct export
{
	struct hasher hasher; /* of what is written to the file */
	struct vault *vault;
	const struct export_request *request;
	const struct bundle_contents *contents;
	struct selection selection;
	struct manifest manifest;
	struct stage *stage;
	struct archive_writer *archive;
	int64_t counter; /* of the heads statement */
	uint64_t done, total;
	struct new_file file;
	const char *path;
	uint64_t bytes;
};

static int
tell(struct export *export, uint64_t more, struct err *err)
{
	const struct progress_report *progress = &export->request->progress;

	export->done += more;
	if (progress->tell &&
	    progress->tell(progress->arg, export->done, export->total) < 0)
		return err_set(err, ERR_CANCELLED,
		    _("stopped on request: nothing was sent"));
	return 0;
}

static void
count_total(struct export *export)
{
	const struct manifest *manifest = &export->manifest;

	for (size_t i = 0; i < manifest->file_count; i++)
		export->total += manifest->files[i].size;
}

/* ---- the members ---- */

static int
write_piece(void *arg, const void *from, size_t len, struct err *err)
{
	struct export *export = arg;

	if (tell(export, len, err) < 0)
		return -1;
	return archive_write_some(export->archive, from, len, err);
}

struct chain_writing {
	struct export *export;
	int64_t last; /* what the manifest says; more may be held */
};

static int
write_event(void *arg, const struct event *event, struct err *err)
{
	const struct chain_writing *writing = arg;

	if (event->seq > writing->last)
		return 0;
	if (write_piece(writing->export, event->line, event->len, err) < 0)
		return -1;
	return write_piece(writing->export, "\n", 1, err);
}

static int
write_form(struct export *export, const struct hash *digest, struct err *err)
{
	struct buf bytes;
	int result;

	buf_init(&bytes, FORM_BYTES_MAX);
	result = form_store_read(export->vault, digest, &bytes, err);
	if (result == 0)
		result = write_piece(export, bytes.data, bytes.len, err);
	buf_release(&bytes);
	return result;
}

static int
write_member(struct export *export, const struct manifest_file *file,
    const struct manifest_chain *chain, struct err *err)
{
	const struct byte_sink sink = { write_piece, export };
	struct chain_writing writing = { export, chain ? chain->last : 0 };

	if (archive_begin_member(export->archive, file->name, file->size, err) <
	    0)
		return -1;
	switch (file->kind) {
	case MEMBER_STATEMENTS:
		return write_piece(export, export->selection.statements.data,
		    export->selection.statements.len, err);
	case MEMBER_CHECKLIST: return write_form(export, &file->digest, err);
	case MEMBER_EVENTS:
		return log_read_chain(export->vault, chain->subject,
		    chain->device, chain->first, write_event, &writing, err);
	case MEMBER_BLOB:
		return blob_read(export->vault, &file->digest, &sink, err);
	}
	return 0;
}

static int
write_members(struct export *export, struct err *err)
{
	const struct manifest *manifest = &export->manifest;
	const struct manifest_chain *chain = manifest->chains;
	struct buf text;
	int result;

	buf_init(&text, MANIFEST_BYTES_MAX);
	manifest_write(manifest, &text);
	result = buf_check(&text, MANIFEST_NAME, err);
	if (result == 0)
		result = archive_add(
		    export->archive, MANIFEST_NAME, text.data, text.len, err);
	buf_release(&text);
	for (size_t i = 0; result == 0 && i < manifest->file_count; i++) {
		result = write_member(export, &manifest->files[i], chain, err);
		if (manifest->files[i].kind == MEMBER_EVENTS)
			chain++;
	}
	return result;
}

static int
stage_members(struct export *export, struct err *err)
{
	char *folder = vault_folder(export->vault);
	struct byte_sink sink;
	struct archive_writer *archive;

	export->stage = stage_open(folder, err);
	free(folder);
	if (!export->stage)
		return -1;
	sink = stage_sink(export->stage);
	export->archive =
	    archive_create(ARCHIVE_TAR_ZSTD, OUTER_BODY, &sink, err);
	if (!export->archive || write_members(export, err) < 0)
		return -1;
	archive = export->archive;
	export->archive = NULL; /* freed by its end */
	if (archive_finish(archive, err) < 0)
		return -1;
	return stage_turn(export->stage, err);
}

/* ---- the file ---- */

static int
sign_stage(struct export *export, struct buf *signature, struct err *err)
{
	const struct identity *self = identity_get(export->vault);
	char trusted[MINISIGN_COMMENT_MAX], heads[HASH_HEX_MAX];

	hash_to_hex(&export->manifest.heads, heads);
	snprintf(trusted, sizeof(trusted), MANIFEST_FORMAT " %s %lld %s",
	    self->device, (long long)export->counter, heads);
	return minisign_sign(&self->minisign_key, stage_prehash(export->stage),
	    trusted, signature, err);
}

static int
write_cipher(void *arg, const void *from, size_t len, struct err *err)
{
	struct export *export = arg;

	hasher_add(&export->hasher, from, len);
	export->bytes += len;
	return file_write_all(export->file.fd, from, len, export->path, err);
}

static int
write_age(void *arg, const void *from, size_t len, struct err *err)
{
	return age_write(arg, from, len, err);
}

static int
write_file(struct export *export, struct err *err)
{
	const struct export_request *request = export->request;
	struct buf signature;
	struct byte_source body = stage_source(export->stage);
	const struct byte_sink sink = { write_cipher, export };
	struct byte_sink to_age;
	struct age_writer *age = NULL;
	int result = -1;

	buf_init(&signature, MINISIGN_SIGNATURE_MAX);
	if (sign_stage(export, &signature, err) < 0 ||
	    file_begin(&export->file, export->path, 0600, err) < 0)
		goto out;
	hasher_begin(&export->hasher);
	age = age_encrypt(
	    request->recipients, request->recipient_count, &sink, err);
	if (!age)
		goto out;
	to_age = (struct byte_sink){ write_age, age };
	if (outer_write(
		&signature, &body, stage_size(export->stage), &to_age, err) < 0)
		goto out;
	result = age_finish(age, err);
	age = NULL; /* freed by its end */
out:
	age_writer_free(age);
	buf_release(&signature);
	return result;
}

/* ---- all of it ---- */

static int
make_heads(struct export *export, struct err *err)
{
	const struct identity *self = identity_get(export->vault);
	const struct selection *selection = &export->selection;
	struct hash *heads = &export->manifest.heads;

	if (heads_make(export->vault, HEADS_FOR_EXPORT, heads, err) < 0 ||
	    heads_counter(
		export->vault, self->device, heads, &export->counter, err) < 0)
		return -1;
	/* What was signed has now left this device: some lists show that. */
	for (size_t i = 0; i < selection->subject_count; i++)
		if (projection_run(export->vault, selection->subjects[i], err) <
		    0)
			return -1;
	return 0;
}

static int
write_bundle(struct export *export, struct err *err)
{
	if (selection_make(export->vault, export->request, export->contents,
		&export->selection, err) < 0 ||
	    make_heads(export, err) < 0 ||
	    selection_add_statements(export->vault, export->request,
		&export->manifest.heads, &export->selection, err) < 0)
		return -1;
	selection_describe(&export->selection, export->request,
	    identity_get(export->vault), &export->manifest);
	count_total(export);
	if (stage_members(export, err) < 0)
		return -1;
	return write_file(export, err);
}

static void
summarise(const struct selection *selection, struct export_summary *summary)
{
	*summary = (struct export_summary){
		.subjects = selection->subject_count,
		.chains = selection->chain_count,
		.events = selection->events,
		.statements = selection->statement_count,
		.checklists = selection->form_count,
		.blobs = selection->blob_count,
	};
}

static void
summarise_file(struct export *export, struct export_summary *summary)
{
	summarise(&export->selection, summary);
	summary->bytes = export->bytes;
	summary->heads = export->manifest.heads;
	summary->recipient_count = export->request->recipient_count;
	summary->file = hasher_end_hash(&export->hasher);
}

int
bundle_preview(struct vault *vault, const struct export_request *request,
    const struct bundle_contents *contents, struct export_summary *summary,
    struct err *err)
{
	struct selection selection;
	const int result =
	    selection_make(vault, request, contents, &selection, err);

	if (result == 0)
		summarise(&selection, summary);
	selection_release(&selection);
	return result;
}

static int
check_request(
    struct vault *vault, const struct export_request *request, struct err *err)
{
	struct card card = { 0 };
	int result;

	if (request->recipient_count == 0 ||
	    request->recipient_count > AGE_RECIPIENTS_MAX)
		return err_set(err, ERR_USAGE,
		    _("a bundle goes to 1 to %d recipients"),
		    AGE_RECIPIENTS_MAX);
	/* Whoever receives it needs the card of who signed. */
	result = card_own(vault, &card, err);
	card_release(&card);
	return result;
}

int
bundle_export(struct vault *vault, const char *path,
    const struct export_request *request,
    const struct bundle_contents *contents, struct export_summary *summary,
    struct err *err)
{
	struct export export = { .vault = vault,
		.request = request,
		.contents = contents,
		.path = path,
		.file = NEW_FILE_INIT };
	struct export_summary found;
	int result = -1;

	if (vault_spare(path, err) < 0 ||
	    check_request(vault, request, err) < 0)
		return -1;
	if (db_begin(vault_db(vault), err) < 0)
		return -1;
	if (write_bundle(&export, err) < 0) {
		db_rollback(vault_db(vault));
		goto out;
	}
	summarise_file(&export, &found);
	/* The statement first: a number that no bundle has does no harm, two
	 * statements with one number would. */
	if (db_commit(vault_db(vault), err) < 0 ||
	    file_finish(&export.file, err) < 0)
		goto out;
	*summary = found;
	result = 0;
out:
	if (result < 0 && !strstr(err->msg, path))
		err_wrap(err, _("cannot write %s"), path);
	file_abandon(&export.file);
	archive_abandon(export.archive);
	stage_close(export.stage);
	manifest_release(&export.manifest);
	selection_release(&export.selection);
	return result;
}

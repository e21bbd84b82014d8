/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/archive.h"
#include "base/buf.h"
#include "base/error.h"
#include "bundles/card.h"
#include "bundles/intake.h"
#include "bundles/outer.h"
#include "bundles/trust.h"
#include "crypto/secret.h"
#include "storage/db.h"
#include "storage/event.h"
#include "storage/statement.h"
#include "storage/vault.h"

/*
 * The clear side of a bundle, as it is read after decryption and a signature
 * that fits: the first byte says whether the rest is the outer ustar, the
 * inner archive, lines of statements and events (under a manifest that is made
 * to fit them), a manifest, or a card.  What is taken goes into a vault and is
 * rolled back.
 */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static const struct projector *const projectors[] = { &trust_projector, NULL };
static struct vault *vault;
static char folder[] = "/tmp/ronde-fuzz.XXXXXX";

static void
clean_up(void)
{
	char command[64];

	vault_close(vault);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	if (system(command) != 0)
		abort();
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const struct vault_options options = { .projectors = projectors,
		.cost = kdf_cost_least };
	char phrase[] = "a phrase for fuzzing", path[64];
	struct secret *secret, *recovery = NULL;
	struct err err = { 0 };

	(void)argc;
	(void)argv;
	if (crypto_init(&err) < 0 || !mkdtemp(folder))
		abort();
	snprintf(path, sizeof(path), "%s/vault", folder);
	secret = secret_take(phrase, sizeof(phrase) - 1, true);
	vault = vault_create(path, secret, &options, &recovery, &err);
	secret_free(secret);
	secret_free(recovery);
	if (!vault ||
	    identity_create(vault, "Fuzz", "Fuzz", ROLE_INSPECTOR, NULL, &err) <
		0)
		abort();
	atexit(clean_up);
	return 0;
}

struct input {
	const uint8_t *bytes;
	size_t left;
};

static ssize_t
read_input(void *arg, void *to, size_t room, struct err *err)
{
	struct input *input = arg;
	const size_t len = input->left < room ? input->left : room;

	(void)err;
	memcpy(to, input->bytes, len);
	input->bytes += len;
	input->left -= len;
	return (ssize_t)len;
}

static int
read_outer(const struct byte_source *source, struct err *err)
{
	struct outer outer;
	struct buf signature = BUF_INIT;
	char piece[4096];
	ssize_t got = outer_open(&outer, source, "fuzz", &signature, err);

	if (got == 0)
		while (
		    (got = outer_read(&outer, piece, sizeof(piece), err)) > 0)
			continue;
	buf_release(&signature);
	return (int)got;
}

static void
release(struct intake *intake)
{
	manifest_release(&intake->manifest);
	free(intake->cards);
	free(intake->heads_seen);
	free(intake->new_heads);
}

static int
read_members(
    struct intake *intake, const struct byte_source *source, struct err *err)
{
	struct import_summary summary = { 0 };
	int result;

	intake->vault = vault;
	intake->summary = &summary;
	intake->mode = INTAKE_DRY;
	intake->name = "fuzz";
	if (db_begin(vault_db(vault), err) < 0)
		abort();
	result = intake_members(intake, source, err);
	if (result == 0)
		result = intake_effect(intake, err);
	db_rollback(vault_db(vault));
	release(intake);
	return result;
}

static int
read_inner(const struct byte_source *source, struct err *err)
{
	struct intake intake = { 0 };

	return read_members(&intake, source, err);
}

/* ---- statements and events under a manifest that fits them ---- */

struct lines {
	const char *text;
	size_t len;
};

static struct lines
next_line(struct lines *rest)
{
	const char *end = memchr(rest->text, '\n', rest->len);
	const size_t len = end ? (size_t)(end - rest->text) : rest->len;
	const struct lines line = { rest->text, len };
	const size_t skip = end ? len + 1 : len;

	rest->text += skip;
	rest->len -= skip;
	return line;
}

static void
take_sender(const struct card *card, struct manifest *manifest)
{
	memcpy(manifest->device, card->device, ID_MAX);
	memcpy(manifest->person, card->person, ID_MAX);
	memcpy(manifest->sign_public, card->sign_public, 32);
	manifest->minisign_public = card->minisign_public;
	manifest->age_recipient = card->age_recipient;
}

/* The sender is who has the last card; his, the last heads statement. */
static void
find_sender(struct lines rest, struct intake *intake, struct manifest *manifest)
{
	struct err err = { 0 };

	while (rest.len > 0) {
		const struct lines line = next_line(&rest);
		struct statement statement = { 0 };
		struct card card;

		if (statement_read(
			&statement, line.text, line.len, "fuzz", &err) < 0)
			continue;
		if (card_of_statement(&statement, &card, &err) == 0) {
			take_sender(&card, manifest);
			card_release(&card);
		} else if (strcmp(statement.type, STATEMENT_HEADS) == 0) {
			manifest->heads = statement.hash;
			intake->counter = json_integer_value(
			    json_object_get(statement.body, "counter"));
		}
		statement_release(&statement);
	}
	memcpy(intake->sender.device, manifest->device, ID_MAX);
	memcpy(intake->sender.sign_public, manifest->sign_public, 32);
	intake->sender.minisign_public = manifest->minisign_public;
	intake->sender.age_recipient = manifest->age_recipient;
	intake->heads = manifest->heads;
}

static void
find_chain(struct lines rest, struct manifest *manifest)
{
	struct manifest_chain *chain = manifest_add_chain(manifest);
	struct err err = { 0 };

	*chain = (struct manifest_chain){ .subject = "I-0123456789ABCDEF" };
	memcpy(chain->device, manifest->device, ID_MAX);
	while (rest.len > 0) {
		const struct lines line = next_line(&rest);
		struct event event = { 0 };

		chain->events++;
		if (event_read(&event, line.text, line.len, "fuzz", &err) < 0)
			continue;
		if (chain->first == 0) {
			chain->first = event.seq;
			memcpy(chain->subject, event.subject, ID_MAX);
			memcpy(chain->device, event.device, ID_MAX);
		}
		chain->last = event.seq;
		event_release(&event);
	}
}

static int
add_bytes(void *arg, const void *from, size_t len, struct err *err)
{
	(void)err;
	buf_add(arg, from, len);
	return 0;
}

static void
pack(
    const struct manifest *manifest, const struct lines *parts, struct buf *out)
{
	const struct byte_sink sink = { add_bytes, out };
	struct buf text = BUF_INIT;
	struct err err = { 0 };
	struct archive_writer *writer =
	    archive_create(ARCHIVE_TAR, "fuzz", &sink, &err);

	manifest_write(manifest, &text);
	if (!writer ||
	    archive_add(writer, MANIFEST_NAME, text.data, text.len, &err) < 0)
		abort();
	for (size_t i = 0; i < manifest->file_count; i++)
		if (archive_add(writer, manifest->files[i].name, parts[i].text,
			parts[i].len, &err) < 0)
			abort();
	if (archive_finish(writer, &err) < 0)
		abort();
	buf_release(&text);
}

static void
list_file(struct manifest *manifest, enum member_kind kind, const char *name,
    const struct lines *part)
{
	const struct hash digest = hash_of(part->text, part->len);

	manifest_add_file(manifest, kind, name, part->len, &digest);
}

/* "<statements>" NUL "<events of one chain>" */
static void
split(const struct input *input, struct lines parts[2])
{
	const char *text = (const char *)input->bytes;
	const char *border = memchr(text, '\0', input->left);

	parts[0] = (struct lines){ text, input->left };
	parts[1] = (struct lines){ "", 0 };
	if (border) {
		parts[0].len = (size_t)(border - text);
		parts[1].text = border + 1;
		parts[1].len = input->left - parts[0].len - 1;
	}
}

static int
read_lines(const struct input *input, struct err *err)
{
	struct lines parts[2];
	struct age_recipient reader = identity_get(vault)->age_recipient;
	struct manifest manifest = { .recipients = &reader,
		.recipient_count = 1 };
	struct intake intake = { .bare = true };
	struct buf packed = BUF_INIT;
	struct input from;
	const struct byte_source source = { read_input, &from };
	char name[MANIFEST_NAME_MAX];
	int result;

	split(input, parts);
	memcpy(manifest.person, identity_get(vault)->person, ID_MAX);
	find_sender(parts[0], &intake, &manifest);
	list_file(&manifest, MEMBER_STATEMENTS, "statements.jsonl", &parts[0]);
	if (parts[1].len > 0) {
		find_chain(parts[1], &manifest);
		manifest_chain_name(manifest.chains[0].subject,
		    manifest.chains[0].device, name);
		list_file(&manifest, MEMBER_EVENTS, name, &parts[1]);
	}
	pack(&manifest, parts, &packed);
	from = (struct input){ (const uint8_t *)packed.data, packed.len };
	result = read_members(&intake, &source, err);
	buf_release(&packed);
	manifest.recipients = NULL; /* not the manifest's to free */
	manifest_release(&manifest);
	return result;
}

static int
read_manifest(const struct input *input, struct err *err)
{
	struct manifest manifest;

	if (manifest_read(
		(const char *)input->bytes, input->left, &manifest, err) < 0)
		return -1;
	assert(manifest.file_count > 0 &&
	    manifest.files[0].kind == MEMBER_STATEMENTS);
	manifest_release(&manifest);
	return 0;
}

static int
read_card(const struct input *input, struct err *err)
{
	struct card card;

	if (card_read((const char *)input->bytes, input->left, "fuzz", &card,
		err) < 0)
		return -1;
	assert(card.line && id_is(ID_DEVICE, card.device));
	card_release(&card);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct input input = { bytes + 1, len - 1 };
	const struct byte_source source = { read_input, &input };
	struct err err = { 0 };
	int result = 0;

	if (len == 0)
		return 0;
	switch (bytes[0]) {
	case 'o': result = read_outer(&source, &err); break;
	case 'i': result = read_inner(&source, &err); break;
	case 's': result = read_lines(&input, &err); break;
	case 'm': result = read_manifest(&input, &err); break;
	case 'c': result = read_card(&input, &err); break;
	default: return 0;
	}
	assert(result < 0 ? err.code != ERR_NONE && err.msg[0] != '\0'
			  : err.code == ERR_NONE);
	return 0;
}

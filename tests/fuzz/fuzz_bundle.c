/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/error.h"
#include "bundles/intake.h"
#include "bundles/outer.h"
#include "bundles/trust.h"
#include "crypto/secret.h"
#include "storage/db.h"
#include "storage/vault.h"

/*
 * The clear side of a bundle, as it is read after decryption and a signature
 * that fits: the first byte says whether the rest is the outer ustar, the
 * inner archive, a manifest, or lines of statements.  What is taken goes into
 * a vault and is rolled back.
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

static int
read_inner(const struct byte_source *source, struct err *err)
{
	struct import_summary summary = { 0 };
	struct intake intake = { .vault = vault,
		.summary = &summary,
		.mode = INTAKE_DRY,
		.name = "fuzz",
		.file = { .fd = -1 } };
	const struct identity *self = identity_get(vault);
	int result;

	memcpy(intake.sender.device, self->device, ID_MAX);
	if (db_begin(vault_db(vault), err) < 0)
		abort();
	result = intake_members(&intake, source, err);
	if (result == 0)
		result = intake_effect(&intake, err);
	db_rollback(vault_db(vault));
	manifest_release(&intake.manifest);
	free(intake.cards);
	free(intake.heads_seen);
	free(intake.heads_devices);
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
	case 'm': result = read_manifest(&input, &err); break;
	case 'c': result = read_card(&input, &err); break;
	default: return 0;
	}
	assert(result < 0 ? err.code != ERR_NONE && err.msg[0] != '\0'
			  : err.code == ERR_NONE);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"

void
manifest_release(struct manifest *manifest)
{
	free(manifest->recipients);
	free(manifest->chains);
	free(manifest->files);
	*manifest = (struct manifest){ 0 };
}

struct manifest_file *
manifest_add_file(struct manifest *manifest, enum member_kind kind,
    const char *name, uint64_t size, const struct hash *digest)
{
	struct manifest_file *file;

	mem_grow(&manifest->files, &manifest->file_room,
	    manifest->file_count + 1, sizeof(*manifest->files));
	file = &manifest->files[manifest->file_count++];
	snprintf(file->name, sizeof(file->name), "%s", name);
	file->kind = kind;
	file->size = size;
	file->digest = *digest;
	return file;
}

struct manifest_chain *
manifest_add_chain(struct manifest *manifest)
{
	mem_grow(&manifest->chains, &manifest->chain_room,
	    manifest->chain_count + 1, sizeof(*manifest->chains));
	return &manifest->chains[manifest->chain_count++];
}

void
manifest_digest_name(enum member_kind kind, const struct hash *digest,
    char name[MANIFEST_NAME_MAX])
{
	char hex[HASH_HEX_MAX];

	hash_to_hex(digest, hex);
	snprintf(name, MANIFEST_NAME_MAX,
	    kind == MEMBER_CHECKLIST ? "checklists/%s.csv" : "blobs/%s", hex);
}

void
manifest_chain_name(
    const char *subject, const char *device, char name[MANIFEST_NAME_MAX])
{
	snprintf(
	    name, MANIFEST_NAME_MAX, "events/%s/%s.jsonl", subject, device);
}

/* ---- writing ---- */

static json_t *
write_sender(const struct manifest *manifest)
{
	json_t *sender = json_object();
	char minisign[MINISIGN_TEXT_MAX], age[AGE_TEXT_MAX], sign[65];

	minisign_public_write(&manifest->minisign_public, minisign);
	age_recipient_write(&manifest->age_recipient, age);
	hex_write(manifest->sign_public, 32, sign);
	json_put_text(sender, "device", manifest->device);
	json_put_text(sender, "person", manifest->person);
	json_put_text(sender, "sign", sign);
	json_put_text(sender, "minisign", minisign);
	json_put_text(sender, "age", age);
	return sender;
}

static json_t *
write_recipients(const struct manifest *manifest)
{
	json_t *recipients = json_array();
	char age[AGE_TEXT_MAX];

	for (size_t i = 0; i < manifest->recipient_count; i++) {
		age_recipient_write(&manifest->recipients[i], age);
		json_array_append_new(recipients, json_string(age));
	}
	return recipients;
}

static json_t *
write_chains(const struct manifest *manifest)
{
	json_t *chains = json_array();

	for (size_t i = 0; i < manifest->chain_count; i++) {
		const struct manifest_chain *chain = &manifest->chains[i];

		json_array_append_new(chains,
		    json_pack("{ss ss sI sI sI}", "subject", chain->subject,
			"device", chain->device, "first",
			(json_int_t)chain->first, "last",
			(json_int_t)chain->last, "events",
			(json_int_t)chain->events));
	}
	return chains;
}

static json_t *
write_files(const struct manifest *manifest)
{
	json_t *files = json_array();
	char hex[HASH_HEX_MAX];

	for (size_t i = 0; i < manifest->file_count; i++) {
		const struct manifest_file *file = &manifest->files[i];

		hash_to_hex(&file->digest, hex);
		json_array_append_new(files,
		    json_pack("{ss sI ss}", "name", file->name, "size",
			(json_int_t)file->size, "blake2b256", hex));
	}
	return files;
}

static json_t *
write_hash(const struct hash *hash, bool has)
{
	char hex[HASH_HEX_MAX];

	if (!has)
		return json_null();
	hash_to_hex(hash, hex);
	return json_string(hex);
}

void
manifest_write(const struct manifest *manifest, struct buf *out)
{
	json_t *json = json_object();
	char time[CLOCK_TEXT_MAX];

	clock_format(manifest->time, time);
	json_put_text(json, "format", MANIFEST_FORMAT);
	json_object_set_new(json, "sender", write_sender(manifest));
	json_object_set_new(json, "recipients", write_recipients(manifest));
	json_put_text(json, "time", time);
	json_object_set_new(json, "heads", write_hash(&manifest->heads, true));
	json_object_set_new(json, "receipt",
	    write_hash(&manifest->receipt, manifest->has_receipt));
	json_object_set_new(json, "chains", write_chains(manifest));
	json_object_set_new(json, "files", write_files(manifest));
	json_write(out, json, 1);
	buf_add_char(out, '\n');
	json_decref(json);
}

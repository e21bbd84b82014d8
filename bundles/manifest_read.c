/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/manifest.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "bundles/bundle.h"

static const char what[] = MANIFEST_NAME;

static int
fail(const char *field, struct err *err)
{
	return err_set(
	    err, ERR_FORMAT, _("%s: \"%s\" is not as expected"), what, field);
}

static int
read_sender(const json_t *json, struct manifest *manifest, struct err *err)
{
	const char *device, *person, *sign, *minisign, *age;
	const json_t *sender;

	if (json_get_object(json, "sender", what, &sender, err) < 0 ||
	    json_get_text(sender, "device", what, &device, err) < 0 ||
	    json_get_text(sender, "person", what, &person, err) < 0 ||
	    json_get_text(sender, "sign", what, &sign, err) < 0 ||
	    json_get_text(sender, "minisign", what, &minisign, err) < 0 ||
	    json_get_text(sender, "age", what, &age, err) < 0 ||
	    minisign_public_read(minisign, &manifest->minisign_public, err) <
		0 ||
	    age_recipient_read(age, &manifest->age_recipient, err) < 0)
		return -1;
	if (json_object_size(sender) != 5 || !id_is(ID_DEVICE, device) ||
	    !id_is(ID_PERSON, person) || strlen(sign) != 64 ||
	    !hex_read(sign, manifest->sign_public, 32))
		return fail("sender", err);
	snprintf(manifest->device, sizeof(manifest->device), "%s", device);
	snprintf(manifest->person, sizeof(manifest->person), "%s", person);
	return 0;
}

static int
read_recipients(const json_t *json, struct manifest *manifest, struct err *err)
{
	const json_t *list, *item;
	size_t i;

	if (json_get_array(json, "recipients", what, &list, err) < 0)
		return -1;
	if (json_array_size(list) == 0 ||
	    json_array_size(list) > AGE_RECIPIENTS_MAX)
		return fail("recipients", err);
	manifest->recipients =
	    xcalloc(json_array_size(list), sizeof(*manifest->recipients));
	json_array_foreach(list, i, item)
	{
		if (!json_is_string(item))
			return fail("recipients", err);
		if (age_recipient_read(json_string_value(item),
			&manifest->recipients[i], err) < 0)
			return err_wrap(err, "%s", what);
		manifest->recipient_count++;
	}
	return 0;
}

static int
read_marks(const json_t *json, struct manifest *manifest, struct err *err)
{
	const json_t *receipt = json_object_get(json, "receipt");
	const char *time, *heads;

	if (json_get_text(json, "time", what, &time, err) < 0 ||
	    json_get_text(json, "heads", what, &heads, err) < 0)
		return -1;
	if (!clock_parse(time, &manifest->time))
		return fail("time", err);
	if (!hash_from_hex(heads, &manifest->heads))
		return fail("heads", err);
	manifest->has_receipt = json_is_string(receipt);
	if (manifest->has_receipt
		? !hash_from_hex(json_string_value(receipt), &manifest->receipt)
		: !json_is_null(receipt))
		return fail("receipt", err);
	return 0;
}

static bool
read_chain(const json_t *item, struct manifest_chain *chain)
{
	const char *subject = json_opt_text(item, "subject");
	const char *device = json_opt_text(item, "device");

	if (json_object_size(item) != 5 || !subject || !device ||
	    subject[0] < 'A' || subject[0] > 'Z' ||
	    !id_is(subject[0], subject) || !id_is(ID_DEVICE, device))
		return false;
	snprintf(chain->subject, sizeof(chain->subject), "%s", subject);
	snprintf(chain->device, sizeof(chain->device), "%s", device);
	chain->first = json_opt_int(item, "first", 0);
	chain->last = json_opt_int(item, "last", 0);
	chain->events = json_opt_int(item, "events", 0);
	return chain->first >= 1 && chain->last >= chain->first &&
	    chain->events >= 1 && chain->events <= CHAIN_EVENTS_MAX;
}

static int
read_chains(const json_t *json, struct manifest *manifest, struct err *err)
{
	const json_t *list, *item;
	int64_t events = 0;
	size_t i;

	if (json_get_array(json, "chains", what, &list, err) < 0)
		return -1;
	if (json_array_size(list) > BUNDLE_MEMBERS_MAX)
		return err_set(err, ERR_LIMIT, _("%s: more than %d chains"),
		    what, BUNDLE_MEMBERS_MAX);
	json_array_foreach(list, i, item)
	{
		struct manifest_chain *chain = manifest_add_chain(manifest);

		if (!read_chain(item, chain))
			return fail("chains", err);
		events += chain->events;
		if (events > BUNDLE_EVENTS_MAX)
			return err_set(err, ERR_LIMIT,
			    _("%s: more than %d events"), what,
			    BUNDLE_EVENTS_MAX);
	}
	return 0;
}

/* The kind of a member, which its whole name must follow from. */
static bool
find_kind(const char *name, const struct hash *digest, enum member_kind *kind)
{
	char expected[MANIFEST_NAME_MAX];

	if (strcmp(name, "statements.jsonl") == 0)
		*kind = MEMBER_STATEMENTS;
	else if (strncmp(name, "checklists/", 11) == 0)
		*kind = MEMBER_CHECKLIST;
	else if (strncmp(name, "events/", 7) == 0)
		*kind = MEMBER_EVENTS;
	else
		*kind = MEMBER_BLOB;
	if (*kind == MEMBER_STATEMENTS || *kind == MEMBER_EVENTS)
		return true;
	manifest_digest_name(*kind, digest, expected);
	return strcmp(name, expected) == 0;
}

static int
read_file(const json_t *item, struct manifest *manifest, struct err *err)
{
	const char *name = json_opt_text(item, "name");
	const char *hex = json_opt_text(item, "blake2b256");
	const int64_t size = json_opt_int(item, "size", -1);
	const struct manifest_file *before = manifest->file_count
	    ? &manifest->files[manifest->file_count - 1]
	    : NULL;
	enum member_kind kind;
	struct hash digest;

	if (json_object_size(item) != 3 || !name || !hex || size < 0 ||
	    strlen(name) >= MANIFEST_NAME_MAX || !hash_from_hex(hex, &digest) ||
	    !find_kind(name, &digest, &kind))
		return fail("files", err);
	/* The first is the statements; then by kind, then by name. */
	if (before ? kind < before->kind ||
		    (kind == before->kind && strcmp(name, before->name) <= 0)
		   : kind != MEMBER_STATEMENTS)
		return err_set(err, ERR_FORMAT,
		    _("%s: \"files\": %s is out of order"), what, name);
	manifest_add_file(manifest, kind, name, (uint64_t)size, &digest);
	return 0;
}

/* Members of events and chains are the same, in the same order. */
static int
match_chains(const struct manifest *manifest, struct err *err)
{
	char name[MANIFEST_NAME_MAX];
	size_t chain = 0;

	for (size_t i = 0; i < manifest->file_count; i++) {
		if (manifest->files[i].kind != MEMBER_EVENTS)
			continue;
		if (chain == manifest->chain_count)
			return fail("chains", err);
		manifest_chain_name(manifest->chains[chain].subject,
		    manifest->chains[chain].device, name);
		if (strcmp(name, manifest->files[i].name) != 0)
			return fail("chains", err);
		chain++;
	}
	return chain == manifest->chain_count ? 0 : fail("chains", err);
}

static int
read_files(const json_t *json, struct manifest *manifest, struct err *err)
{
	const json_t *list, *item;
	size_t i;

	if (json_get_array(json, "files", what, &list, err) < 0)
		return -1;
	if (json_array_size(list) == 0)
		return fail("files", err);
	if (json_array_size(list) > BUNDLE_MEMBERS_MAX)
		return err_set(err, ERR_LIMIT, _("%s: more than %d files"),
		    what, BUNDLE_MEMBERS_MAX);
	json_array_foreach(
	    list, i, item) if (read_file(item, manifest, err) < 0) return -1;
	return match_chains(manifest, err);
}

static int
read_all(const json_t *json, struct manifest *manifest, struct err *err)
{
	const char *format;

	if (json_get_text(json, "format", what, &format, err) < 0)
		return -1;
	if (strcmp(format, MANIFEST_FORMAT) != 0)
		return err_set(err, ERR_UNSUPPORTED,
		    _("%s: the format \"%.40s\" is of a later ronde: update "
		      "this one"),
		    what, format);
	if (json_object_size(json) != 8)
		return err_set(err, ERR_FORMAT,
		    _("%s: holds fields that are not known"), what);
	if (read_sender(json, manifest, err) < 0 ||
	    read_recipients(json, manifest, err) < 0 ||
	    read_marks(json, manifest, err) < 0 ||
	    read_chains(json, manifest, err) < 0)
		return -1;
	return read_files(json, manifest, err);
}

int
manifest_read(
    const char *text, size_t len, struct manifest *manifest, struct err *err)
{
	struct manifest found = { 0 };
	json_t *json = json_parse(text, len, what, err);
	int result = -1;

	if (json && read_all(json, &found, err) == 0) {
		*manifest = found;
		result = 0;
	} else {
		manifest_release(&found);
	}
	json_decref(json);
	return result;
}

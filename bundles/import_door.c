/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/intake.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "bundles/outer.h"

/*
 * The first reading: decrypt, hash, and find whose signature it is.  Until
 * that is known, nothing but two fixed headers and four lines is looked at.
 */

enum { PIECE_BYTES = 64 * 1024, COUNTER_DIGITS_MAX = 18 };

static ssize_t
read_clear(void *arg, void *to, size_t room, struct err *err)
{
	const struct plain *plain = arg;
	const ssize_t got = age_read(plain->age, to, room, err);

	return got < 0 ? err_wrap(err, "%s", plain->name) : got;
}

/* With the keys of former devices too. */
static struct age_reader *
decrypt(const struct identity *self, const struct byte_source *cipher,
    struct err *err)
{
	const struct secret **keys =
	    xcalloc(self->former_count + 1, sizeof(*keys));
	struct age_reader *reader;

	keys[0] = self->age_identity;
	for (size_t i = 0; i < self->former_count; i++)
		keys[i + 1] = self->former[i].age_identity;
	reader = age_decrypt(keys, self->former_count + 1, cipher, err);
	free(keys);
	return reader;
}

int
plain_open(struct intake *intake, struct plain *plain, struct buf *signature,
    struct err *err)
{
	const struct identity *self = identity_get(intake->vault);

	if (lseek(intake->file.fd, 0, SEEK_SET) < 0)
		return err_errno(err, _("cannot read %s"), intake->name);
	plain->cipher = fd_source(&intake->file);
	plain->age = decrypt(self, &plain->cipher, err);
	intake->summary->not_for_us = !plain->age && err->code == ERR_NOT_FOUND;
	if (intake->summary->not_for_us)
		return err_set(err, ERR_AUTH,
		    _("%s is not for this device: ask the sender to send it "
		      "to the card that \"ronde identity\" gives here"),
		    intake->name);
	if (!plain->age)
		return err_wrap(err, "%s", intake->name);
	plain->clear = (struct byte_source){ read_clear, plain };
	plain->name = intake->name;
	plain->outer = xcalloc(1, sizeof(*plain->outer));
	return outer_open(
	    plain->outer, &plain->clear, intake->name, signature, err);
}

void
plain_close(struct plain *plain)
{
	age_reader_free(plain->age);
	free(plain->outer);
	*plain = (struct plain){ 0 };
}

static int
hash_body(struct intake *intake, struct outer *outer, struct err *err)
{
	struct hasher hasher;
	uint8_t piece[PIECE_BYTES];
	ssize_t got;

	hasher_begin_size(&hasher, sizeof(intake->prehash));
	while ((got = outer_read(outer, piece, sizeof(piece), err)) > 0) {
		hasher_add(&hasher, piece, (size_t)got);
		if (intake_tell(intake, (uint64_t)got, err) < 0)
			return -1;
	}
	hasher_end(&hasher, intake->prehash, sizeof(intake->prehash));
	return got < 0 ? -1 : 0;
}

/* ---- whose signature ---- */

struct door {
	const struct minisign_signature *signature;
	const uint8_t *prehash;
	struct roster_entry found;
	bool number_known, fits;
};

static void
copy_entry(const struct roster_entry *from, struct roster_entry *to)
{
	*to = *from;
	to->name = xstrdup(from->name);
	to->organisation = xstrdup(from->organisation);
}

/* Is it the device that the signed comment names as the sender? */
static bool
is_named(const struct door *door, const struct roster_entry *entry)
{
	const char *device = strstr(door->signature->trusted, entry->device);

	return *entry->device && device && device[strlen(entry->device)] == ' ';
}

/*
 * The number only says which keys to try: the key itself must fit.  Anyone can
 * make a card with another's bundle key in it, so of several devices that
 * claim the key the one is taken that its owner named.
 */
static int
try_entry(void *arg, const struct roster_entry *entry, struct err *err)
{
	struct door *door = arg;
	struct err wrong = { 0 };

	(void)err;
	if ((door->fits && !is_named(door, entry)) ||
	    memcmp(entry->minisign_public.number, door->signature->number,
		MINISIGN_NUMBER_BYTES) != 0)
		return 0;
	door->number_known = true;
	if (minisign_check(&entry->minisign_public, door->prehash,
		door->signature, &wrong) < 0)
		return 0;
	door->fits = true;
	roster_entry_release(&door->found);
	copy_entry(entry, &door->found);
	return 0;
}

/* As minisign shows it: the bytes from the last to the first. */
static int
refuse_unknown(struct intake *intake,
    const struct minisign_signature *signature, struct err *err)
{
	char number[2 * MINISIGN_NUMBER_BYTES + 1];

	for (size_t i = 0; i < MINISIGN_NUMBER_BYTES; i++)
		snprintf(number + 2 * i, 3, "%02X",
		    signature->number[MINISIGN_NUMBER_BYTES - 1 - i]);
	return err_set(err, ERR_TRUST,
	    _("%s is signed by the key %s, which nobody here trusts: ask the "
	      "sender for the card, compare its fingerprint by telephone, "
	      "then \"ronde trust add\" it and import again"),
	    intake->name, number);
}

static int
refuse_untrusted(struct intake *intake, struct err *err)
{
	return err_set(err, ERR_TRUST,
	    _("%s is signed by the device %s, whose card is here but whom "
	      "nobody trusted has enrolled: compare the fingerprint of the "
	      "card by telephone, then \"ronde trust add\" it and import "
	      "again"),
	    intake->name, intake->sender.device);
}

static int
check_standing(struct intake *intake, struct err *err)
{
	const struct roster_entry *sender = &intake->sender;

	switch (sender->trust) {
	case TRUST_YES:
	case TRUST_SELF: return 0;
	case TRUST_NONE: return refuse_untrusted(intake, err);
	case TRUST_REVOKED: break;
	}
	if (intake->counter <= sender->cut)
		return 0;
	return err_set(err, ERR_TRUST,
	    _("%s is signed by the device %s, which was revoked after its "
	      "statement %lld; this is statement %lld: do not use it, and find "
	      "out "
	      "who has the device"),
	    intake->name, sender->device, (long long)sender->cut,
	    (long long)intake->counter);
}

/* "ronde/bundle/1 D-... 12 <hash>": signed with the rest. */
static int
read_comment(struct intake *intake, const char *trusted, struct err *err)
{
	char expected[MINISIGN_COMMENT_MAX], hex[HASH_HEX_MAX] = "";
	char device[ID_MAX] = "";
	long long counter = 0;

	if (sscanf(trusted, MANIFEST_FORMAT " %31s %18lld %64s", device,
		&counter, hex) == 3 &&
	    counter > 0 && hash_from_hex(hex, &intake->heads)) {
		snprintf(expected, sizeof(expected),
		    MANIFEST_FORMAT " %s %lld %s", device, counter, hex);
		intake->counter = counter;
		if (strcmp(expected, trusted) == 0 &&
		    strcmp(device, intake->sender.device) == 0)
			return 0;
	}
	return err_set(err, ERR_FORMAT,
	    _("%s: its trusted comment is not that of a bundle"), intake->name);
}

static int
find_sender(struct intake *intake, const struct minisign_signature *signature,
    struct err *err)
{
	struct door door = { .signature = signature,
		.prehash = intake->prehash };

	if (roster_each(intake->vault, NULL, try_entry, &door, err) < 0)
		return -1;
	intake->sender = door.found;
	if (door.fits)
		return 0;
	if (!door.number_known)
		return refuse_unknown(intake, signature, err);
	return err_set(err, ERR_AUTH,
	    _("%s was altered after it was signed, or its signature is not "
	      "of the key it names: ask for it again"),
	    intake->name);
}

static int
check_signature(struct intake *intake, const struct buf *text, struct err *err)
{
	struct minisign_signature *signature = xcalloc(1, sizeof(*signature));
	int result = -1;

	if (minisign_read(text->data, text->len, signature, err) < 0)
		err_wrap(err, "%s", intake->name);
	else if (find_sender(intake, signature, err) == 0 &&
	    read_comment(intake, signature->trusted, err) == 0)
		result = check_standing(intake, err);
	free(signature);
	return result;
}

int
intake_door(struct intake *intake, struct err *err)
{
	struct plain plain = { 0 };
	struct buf signature;
	int result = -1;

	buf_init(&signature, MINISIGN_SIGNATURE_MAX);
	intake->place = "encryption";
	if (plain_open(intake, &plain, &signature, err) < 0)
		goto out;
	if (hash_body(intake, plain.outer, err) < 0)
		goto out;
	intake->place = "signature";
	result = check_signature(intake, &signature, err);
out:
	plain_close(&plain);
	buf_release(&signature);
	return result;
}

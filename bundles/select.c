/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/select.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "bundles/heads.h"
#include "storage/blob.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/tombstone.h"

/* Subjects, then their chains, then what those name. */

enum { STATEMENTS_BYTES_MAX = 1024 * 1024 * 1024 };

struct choice {
	struct vault *vault;
	const struct export_request *request;
	const struct bundle_contents *contents;
	struct selection *selection;
	bool everything;                          /* for whoever sees all */
	char persons[AGE_RECIPIENTS_MAX][ID_MAX]; /* of the devices */
	size_t person_count;
	bool was_idle; /* the subject has nothing that they lack */
};

void
selection_release(struct selection *selection)
{
	known_free(selection->known);
	free(selection->subjects);
	free(selection->chains);
	free(selection->forms);
	free(selection->blobs);
	buf_release(&selection->statements);
	*selection = (struct selection){ 0 };
}

/* ---- subjects ---- */

static void
add_subject(struct selection *selection, const char *subject)
{
	for (size_t i = 0; i < selection->subject_count; i++)
		if (strcmp(selection->subjects[i], subject) == 0)
			return;
	mem_grow(&selection->subjects, &selection->subject_room,
	    selection->subject_count + 1, sizeof(*selection->subjects));
	snprintf(selection->subjects[selection->subject_count++], ID_MAX, "%s",
	    subject);
}

/* Supervisors, authorities and keys of nobody on the roster see all. */
static int
meet_recipients(struct choice *choice, struct err *err)
{
	const struct export_request *request = choice->request;

	choice->everything = request->device_count == 0;
	for (size_t i = 0; i < request->device_count; i++) {
		struct roster_entry entry = { 0 };
		const int found = roster_find(
		    choice->vault, request->devices[i], &entry, err);

		if (found < 0)
			return -1;
		if (found == 0 || entry.role != ROLE_INSPECTOR)
			choice->everything = true;
		if (found > 0)
			snprintf(choice->persons[choice->person_count++],
			    ID_MAX, "%s", entry.person);
		roster_entry_release(&entry);
	}
	return 0;
}

static int
consider_subject(void *arg, const char *subject, struct err *err)
{
	struct choice *choice = arg;
	int concerns = choice->everything;

	for (size_t i = 0; concerns == 0 && i < choice->person_count; i++)
		concerns = choice->contents && choice->contents->concerns
		    ? choice->contents->concerns(
			  choice->vault, subject, choice->persons[i], err)
		    : 1;
	if (concerns > 0)
		add_subject(choice->selection, subject);
	return concerns < 0 ? -1 : 0;
}

static int
ignore_digest(void *arg, const struct hash *digest, struct err *err)
{
	(void)arg;
	(void)digest;
	(void)err;
	return 0;
}

static int
need_subject(void *arg, const char *subject, struct err *err)
{
	(void)err;
	add_subject(arg, subject);
	return 0;
}

/* What a subject needs beside it may need more: the list grows on the way. */
static int
add_needed_subjects(struct choice *choice, struct err *err)
{
	struct selection *selection = choice->selection;
	const struct bundle_needs needs = { .form = ignore_digest,
		.blob = ignore_digest,
		.subject = need_subject,
		.arg = selection };
	char subject[ID_MAX];

	if (!choice->contents || !choice->contents->of_subject)
		return 0;
	for (size_t i = 0; i < selection->subject_count; i++) {
		snprintf(
		    subject, sizeof(subject), "%s", selection->subjects[i]);
		if (choice->contents->of_subject(
			choice->vault, subject, &needs, err) < 0)
			return -1;
	}
	return 0;
}

static int
by_name(const void *one, const void *other)
{
	return strcmp(one, other);
}

/* Who asks for one by its name would take a part of it for the whole. */
static int
check_not_purged(
    const struct choice *choice, const char *subject, struct err *err)
{
	const int open = tombstone_is_open(choice->vault, subject, NULL, err);

	return open > 0 ? err_set(err, ERR_NOT_FOUND,
			      _("%s was purged here and cannot be sent; it is "
				"where its receipt came from"),
			      subject)
			: open;
}

static int
choose_subjects(struct choice *choice, struct err *err)
{
	const struct export_request *request = choice->request;
	struct selection *selection = choice->selection;

	for (size_t i = 0; i < request->subject_count; i++) {
		if (check_not_purged(choice, request->subjects[i], err) < 0)
			return -1;
		add_subject(selection, request->subjects[i]);
	}
	if (request->subject_count == 0 &&
	    log_subjects(choice->vault, consider_subject, choice, err) < 0)
		return -1;
	if (add_needed_subjects(choice, err) < 0)
		return -1;
	if (selection->subject_count)
		qsort(selection->subjects, selection->subject_count, ID_MAX,
		    by_name);
	return 0;
}

/* ---- chains ---- */

struct measure {
	struct selected_chain *chain;
	int64_t most; /* nothing after it goes */
	struct hasher hasher;
};

static int
measure_event(void *arg, const struct event *event, struct err *err)
{
	struct measure *measure = arg;
	struct selected_chain *chain = measure->chain;

	if (event->seq > measure->most)
		return 0;
	hasher_add(&measure->hasher, event->line, event->len);
	hasher_add(&measure->hasher, "\n", 1);
	chain->size += event->len + 1;
	if (chain->events++ == 0)
		chain->first = event->seq;
	chain->last = event->seq;
	if (chain->events > CHAIN_EVENTS_MAX)
		return err_set(err, ERR_LIMIT,
		    _("the chain of %s on %s has more than %d events"),
		    chain->device, chain->subject, CHAIN_EVENTS_MAX);
	return 0;
}

/*
 * All, but of a device that this vault was before: there nobody signs any
 * more, and what none of its statements covers would have the whole bundle
 * refused.
 */
static int
sendable(struct vault *vault, const struct chain *held, int64_t *most,
    struct err *err)
{
	*most = INT64_MAX;
	if (!identity_former(vault, held->device))
		return 0;
	return heads_covered(vault, held->device, held->subject, most, err);
}

static int
choose_chain(void *arg, const struct chain *held, struct err *err)
{
	struct choice *choice = arg;
	struct selection *selection = choice->selection;
	struct selected_chain chain = { 0 };
	struct measure measure = { .chain = &chain };
	int64_t have = 0;

	if (!choice->request->full &&
	    known_chain(
		selection->known, held->subject, held->device, &have, err) < 0)
		return -1;
	snprintf(chain.subject, sizeof(chain.subject), "%s", held->subject);
	snprintf(chain.device, sizeof(chain.device), "%s", held->device);
	hasher_begin(&measure.hasher);
	if (sendable(choice->vault, held, &measure.most, err) < 0)
		return -1;
	if (log_read_chain(choice->vault, held->subject, held->device, have + 1,
		measure_event, &measure, err) < 0)
		return -1;
	if (chain.events == 0)
		return 0;
	chain.digest = hasher_end_hash(&measure.hasher);
	choice->was_idle = false;
	mem_grow(&selection->chains, &selection->chain_room,
	    selection->chain_count + 1, sizeof(*selection->chains));
	selection->chains[selection->chain_count++] = chain;
	selection->events += (size_t)chain.events;
	return 0;
}

/* ---- checklists and evidence ---- */

static bool
has_file(
    const struct selected_file *files, size_t count, const struct hash *digest)
{
	for (size_t i = 0; i < count; i++)
		if (hash_equal(&files[i].digest, digest))
			return true;
	return false;
}

static bool
is_lacking(const struct choice *choice, const struct hash *digest)
{
	return choice->request->full ||
	    !known_has(choice->selection->known, digest);
}

static int
need_form(void *arg, const struct hash *digest, struct err *err)
{
	struct choice *choice = arg;
	struct selection *selection = choice->selection;
	struct selected_file file = { .digest = *digest };
	struct buf bytes;
	int result;

	if (!is_lacking(choice, digest) ||
	    has_file(selection->forms, selection->form_count, digest))
		return 0;
	buf_init(&bytes, FORM_BYTES_MAX);
	result = form_store_read(choice->vault, digest, &bytes, err);
	file.size = bytes.len;
	buf_release(&bytes);
	if (result < 0 && err->code == ERR_NOT_FOUND) {
		/* Not here either: the receiver is told when he opens it. */
		*err = (struct err){ 0 };
		return 0;
	}
	if (result < 0)
		return -1;
	mem_grow(&selection->forms, &selection->form_room,
	    selection->form_count + 1, sizeof(*selection->forms));
	selection->forms[selection->form_count++] = file;
	return 0;
}

static int
need_blob(void *arg, const struct hash *digest, struct err *err)
{
	struct choice *choice = arg;
	struct selection *selection = choice->selection;
	struct selected_file file = { .digest = *digest };
	int found;

	if (!is_lacking(choice, digest) ||
	    has_file(selection->blobs, selection->blob_count, digest))
		return 0;
	found = blob_find(choice->vault, digest, &file.size, err);
	if (found <= 0)
		return found;
	mem_grow(&selection->blobs, &selection->blob_room,
	    selection->blob_count + 1, sizeof(*selection->blobs));
	selection->blobs[selection->blob_count++] = file;
	return 0;
}

static int
ignore_subject(void *arg, const char *subject, struct err *err)
{
	(void)arg;
	(void)subject;
	(void)err;
	return 0;
}

static int
choose_of_subject(struct choice *choice, const char *subject, struct err *err)
{
	const struct bundle_needs needs = { .form = need_form,
		.blob = need_blob,
		.subject = ignore_subject,
		.arg = choice };

	choice->was_idle = true;
	if (log_chains(choice->vault, subject, choose_chain, choice, err) < 0)
		return -1;
	if (choice->was_idle || !choice->contents ||
	    !choice->contents->of_subject)
		return 0;
	return choice->contents->of_subject(
	    choice->vault, subject, &needs, err);
}

static int
by_digest(const void *one, const void *other)
{
	const struct selected_file *left = one, *right = other;

	return hash_compare(&left->digest, &right->digest);
}

int
selection_make(struct vault *vault, const struct export_request *request,
    const struct bundle_contents *contents, struct selection *selection,
    struct err *err)
{
	struct choice choice = { .vault = vault,
		.request = request,
		.contents = contents,
		.selection = selection };

	*selection = (struct selection){ 0 };
	buf_init(&selection->statements, STATEMENTS_BYTES_MAX);
	if (request->device_count > AGE_RECIPIENTS_MAX)
		return err_set(err, ERR_LIMIT,
		    _("a bundle goes to at most %d recipients"),
		    AGE_RECIPIENTS_MAX);
	selection->known =
	    known_load(vault, request->devices, request->device_count, err);
	if (!selection->known || meet_recipients(&choice, err) < 0 ||
	    choose_subjects(&choice, err) < 0)
		return -1;
	for (size_t i = 0; i < selection->subject_count; i++)
		if (choose_of_subject(&choice, selection->subjects[i], err) < 0)
			return -1;
	if (selection->form_count)
		qsort(selection->forms, selection->form_count,
		    sizeof(*selection->forms), by_digest);
	if (selection->blob_count)
		qsort(selection->blobs, selection->blob_count,
		    sizeof(*selection->blobs), by_digest);
	return 0;
}

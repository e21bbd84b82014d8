/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/cover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "bundles/heads.h"
#include "bundles/known.h"
#include "storage/blob.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/purge.h"
#include "storage/tombstone.h"

/* A subject that a holder has said to have purged, by the holder's clock. */
struct gone {
	char subject[ID_MAX];
	int64_t time;
};

struct holder {
	char device[ID_MAX];
	char *name; /* owned */
	struct known *known;
	struct gone *gone; /* owned */
	size_t gone_count, gone_room;
};

struct cover {
	struct vault *vault;
	const struct bundle_contents *contents;
	struct holder *holders;
	size_t count, room;
};

/* One subject and one device whose word it is. */
struct asking {
	struct cover *cover;
	const struct holder *holder;
	const char *subject;
	struct coverage *coverage;
	bool has_receipt;
	bool was_gone;   /* what it signed before it purged says nothing */
	size_t short_of; /* chains and files that it does not have */
};

/* ---- whose word counts ---- */

static int
add_holder(void *arg, const struct roster_entry *entry, struct err *err)
{
	struct cover *cover = arg;
	struct holder *holder;

	(void)err;
	/* What this vault has signed itself holds nothing elsewhere. */
	if (entry->trust != TRUST_YES || entry->role == ROLE_INSPECTOR ||
	    identity_is_own(cover->vault, entry->device))
		return 0;
	mem_grow(&cover->holders, &cover->room, cover->count + 1,
	    sizeof(*cover->holders));
	holder = &cover->holders[cover->count++];
	*holder = (struct holder){ .name = xstrdup(entry->name) };
	memcpy(holder->device, entry->device, ID_MAX);
	return 0;
}

static int
add_gone(void *arg, const struct event *event, struct err *err)
{
	struct holder *holder = arg;
	const char *subject = json_opt_text(event->body, "subject");
	struct gone *gone;

	(void)err;
	if (strcmp(event->kind, PURGE_KIND) != 0 || !subject ||
	    strlen(subject) >= ID_MAX)
		return 0;
	mem_grow(&holder->gone, &holder->gone_room, holder->gone_count + 1,
	    sizeof(*holder->gone));
	gone = &holder->gone[holder->gone_count++];
	*gone = (struct gone){ .time = event->time };
	snprintf(gone->subject, sizeof(gone->subject), "%s", subject);
	return 0;
}

static int
load_holder(struct vault *vault, struct holder *holder, struct err *err)
{
	const char *device = holder->device;

	holder->known = known_load(vault, &device, 1, err);
	if (!holder->known)
		return -1;
	return log_read_chain(vault, device, device, 1, add_gone, holder, err);
}

struct cover *
cover_load(struct vault *vault, const struct bundle_contents *contents,
    struct err *err)
{
	struct cover *cover = xcalloc(1, sizeof(*cover));

	cover->vault = vault;
	cover->contents = contents;
	if (roster_each(vault, NULL, add_holder, cover, err) < 0)
		goto fail;
	for (size_t i = 0; i < cover->count; i++)
		if (load_holder(vault, &cover->holders[i], err) < 0)
			goto fail;
	return cover;
fail:
	cover_free(cover);
	return NULL;
}

void
cover_free(struct cover *cover)
{
	if (!cover)
		return;
	for (size_t i = 0; i < cover->count; i++) {
		known_free(cover->holders[i].known);
		free(cover->holders[i].name);
		free(cover->holders[i].gone);
	}
	free(cover->holders);
	free(cover);
}

/* ---- chains ---- */

static void
lack(struct asking *asking, const char *what)
{
	asking->short_of++;
	snprintf(
	    asking->coverage->why, sizeof(asking->coverage->why), "%s", what);
}

/*
 * What is held is one run of events, each naming the one before it, from the
 * first of the chain or from where it was purged before.
 */
static int
is_one_run(struct vault *vault, const struct chain *chain,
    const struct chain_link *links, size_t count, struct err *err)
{
	struct hash before = { 0 };
	int had = 1;

	if (count == 0)
		return 0;
	if (links[0].seq > 1) {
		before = links[0].prev;
		had = tombstone_had(vault, chain->subject, chain->device,
		    links[0].seq - 1, &before, err);
	}
	for (size_t i = 0; had > 0 && i < count; i++) {
		if (links[i].seq != links[0].seq + (int64_t)i ||
		    !hash_equal(&links[i].prev, &before))
			return 0;
		before = links[i].hash;
	}
	return had;
}

/* A device holds its own chain as far as it has signed to others. */
static int
has_signed(struct vault *vault, const struct chain *chain,
    const struct chain_link *last, struct err *err)
{
	struct heads_entry *entries = NULL;
	size_t count = 0;
	int found = 0;

	if (heads_of_chain(vault, chain->device, chain->subject, &entries,
		&count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && !found; i++)
		found = entries[i].seq == last->seq &&
		    hash_equal(&entries[i].head, &last->hash);
	free(entries);
	return found;
}

static int
is_held_there(struct asking *asking, const struct chain *chain,
    const struct chain_link *last, struct err *err)
{
	struct hash receipt;

	if (known_names(asking->holder->known, chain->subject, chain->device,
		last, &receipt)) {
		asking->coverage->receipt = receipt;
		asking->has_receipt = true;
		return 1;
	}
	return !asking->was_gone &&
		strcmp(chain->device, asking->holder->device) == 0
	    ? has_signed(asking->cover->vault, chain, last, err)
	    : 0;
}

static int
ask_chain(void *arg, const struct chain *chain, struct err *err)
{
	struct asking *asking = arg;
	struct vault *vault = asking->cover->vault;
	struct chain_link *links = NULL;
	size_t count = 0;
	char what[ERR_MSG_MAX];
	int held;

	if (log_links(
		vault, chain->subject, chain->device, &links, &count, err) < 0)
		return -1;
	held = is_one_run(vault, chain, links, count, err);
	if (held == 0) {
		snprintf(what, sizeof(what),
		    _("the chain of %s has a gap or a fork"), chain->device);
		lack(asking, what);
	} else if (held > 0) {
		held = is_held_there(asking, chain, &links[count - 1], err);
		if (held == 0) {
			snprintf(what, sizeof(what),
			    _("no receipt of %s names event %lld of %s"),
			    asking->holder->name,
			    (long long)links[count - 1].seq, chain->device);
			lack(asking, what);
		}
	}
	free(links);
	return held < 0 ? -1 : 0;
}

/* ---- evidence ---- */

static int
ask_file(void *arg, const struct hash *digest, struct err *err)
{
	struct asking *asking = arg;
	char hex[HASH_HEX_MAX], what[ERR_MSG_MAX];
	uint64_t size;
	int held;

	if (known_has(asking->holder->known, digest))
		return 0;
	held = blob_find(asking->cover->vault, digest, &size, err);
	if (held <= 0)
		return held;
	hash_to_hex(digest, hex);
	snprintf(what, sizeof(what),
	    _("no receipt of %s names the file %.16s: send it once more, with "
	      "--full"),
	    asking->holder->name, hex);
	lack(asking, what);
	return 0;
}

static int
pass_form(void *arg, const struct hash *digest, struct err *err)
{
	(void)arg;
	(void)digest;
	(void)err;
	return 0;
}

static int
pass_subject(void *arg, const char *subject, struct err *err)
{
	(void)arg;
	(void)subject;
	(void)err;
	return 0;
}

/* ---- the subject ---- */

static void
ask_since_gone(struct asking *asking)
{
	const struct holder *holder = asking->holder;
	int64_t since = INT64_MIN;

	for (size_t i = 0; i < holder->gone_count; i++)
		if (strcmp(holder->gone[i].subject, asking->subject) == 0 &&
		    holder->gone[i].time > since)
			since = holder->gone[i].time;
	asking->was_gone = since != INT64_MIN;
	known_ask_since(holder->known, since);
}

static int
ask(struct asking *asking, struct err *err)
{
	struct vault *vault = asking->cover->vault;
	const struct bundle_contents *contents = asking->cover->contents;
	const struct bundle_needs needs = { .form = pass_form,
		.blob = ask_file,
		.subject = pass_subject,
		.arg = asking };

	ask_since_gone(asking);
	if (log_chains(vault, asking->subject, ask_chain, asking, err) < 0)
		return -1;
	if (contents && contents->of_subject &&
	    contents->of_subject(vault, asking->subject, &needs, err) < 0)
		return -1;
	if (asking->short_of == 0 && !asking->has_receipt)
		lack(asking, _("no receipt names it"));
	return 0;
}

/* Of several who hold a part the one who lacks least tells what is missing. */
int
cover_subject(struct cover *cover, const char *subject,
    struct coverage *coverage, struct err *err)
{
	size_t least = SIZE_MAX;

	*coverage = (struct coverage){ 0 };
	snprintf(coverage->why, sizeof(coverage->why), "%s",
	    _("no supervisor is trusted here"));
	for (size_t i = 0; i < cover->count; i++) {
		struct coverage found = { 0 };
		struct asking asking = { .cover = cover,
			.holder = &cover->holders[i],
			.subject = subject,
			.coverage = &found };

		if (ask(&asking, err) < 0)
			return -1;
		if (asking.short_of >= least)
			continue;
		least = asking.short_of;
		*coverage = found;
		memcpy(coverage->holder, cover->holders[i].device, ID_MAX);
		coverage->is_covered = least == 0;
		if (least == 0)
			return 0;
	}
	return 0;
}

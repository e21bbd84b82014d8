/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "crypto/ids.h"
#include "storage/db.h"
#include "storage/event.h"
#include "storage/log_internal.h"
#include "storage/vault_internal.h"
#include "storage/vault_watch.h"

/* What opening noticed, for people. */

enum { SHORT_HASH_BYTES = 5, SHORT_HASH_GROUP = 4, NAMED_MAX = 5 };

static const char *const codes[VAULT_FINDINGS] = {
	[VAULT_AS_LEFT] = "as-left",
	[VAULT_FIRST_HERE] = "first-here",
	[VAULT_ANCHOR_DAMAGED] = "anchor-damaged",
	[VAULT_USED_ELSEWHERE] = "used-elsewhere",
	[VAULT_SHORT] = "short",
	[VAULT_OLDER] = "older",
	[VAULT_FORKED] = "forked",
	[VAULT_RENEWED] = "renewed",
};

const char *
vault_finding_code(enum vault_finding finding)
{
	return codes[finding];
}

static void
write_short_hash(const struct hash *hash, char text[VAULT_SHORT_HASH_MAX])
{
	char plain[2 * SHORT_HASH_GROUP + 1];

	base32_write(hash->bytes, SHORT_HASH_BYTES, plain);
	memcpy(text, plain, SHORT_HASH_GROUP);
	text[SHORT_HASH_GROUP] = '-';
	memcpy(text + SHORT_HASH_GROUP + 1, plain + SHORT_HASH_GROUP,
	    SHORT_HASH_GROUP + 1);
}

/* 0: there is none, or it cannot be read, which is others' to tell. */
static int64_t
last_time(struct vault *vault)
{
	struct err ignored = { 0 };
	struct event event = { 0 };
	struct db_query *query = db_query(vault->db,
	    "SELECT line FROM event ORDER BY id DESC LIMIT 1", &ignored);
	int64_t time = 0;
	const char *line;
	size_t len;

	if (!query || db_step(query, &ignored) <= 0)
		return 0;
	line = db_blob(query, 0, &len);
	if (event_read(&event, line, len, "", &ignored) == 0)
		time = event.time;
	event_release(&event);
	db_reset(query);
	return time;
}

const struct vault_notice *
vault_notice(struct vault *vault)
{
	struct watch *watch = vault->watch;
	struct vault_notice *notice = &watch->notice;
	const struct vault_head head = vault_head(vault);

	if (watch->anchor)
		notice->trouble = anchor_trouble(watch->anchor);
	if (watch->has_last && head.count == watch->last.count &&
	    hash_equal(&head.hash, &watch->last.hash))
		return notice;
	watch->last = head;
	watch->has_last = true;
	notice->number = head.count;
	notice->time = head.count ? last_time(vault) : 0;
	write_short_hash(&head.hash, notice->hash);
	return notice;
}

/* ---- in words ---- */

static void
show_time(int64_t when, char text[2 * CLOCK_SHOWN_MAX])
{
	char time[CLOCK_SHOWN_MAX];

	clock_show_date(when, i18n_lang(), text);
	clock_show_time(when, false, time);
	strcat(text, " ");
	strcat(text, time);
}

/* "1 234 567": digits in threes. */
static void
add_number(uint64_t number, struct buf *out)
{
	char digits[24];
	const int len = snprintf(
	    digits, sizeof(digits), "%llu", (unsigned long long)number);

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			buf_add_char(out, ' ');
		buf_add_char(out, digits[i]);
	}
}

void
vault_last_event_say(struct vault *vault, struct buf *out)
{
	const struct vault_notice *notice = vault_notice(vault);
	char time[2 * CLOCK_SHOWN_MAX];

	if (notice->number == 0) {
		buf_add_text(out, _("No event yet"));
		return;
	}
	show_time(notice->time, time);
	buf_addf(out, "%s ", _("Last event"));
	add_number(notice->number, out);
	buf_addf(out, " · %s · %s", notice->hash, time);
}

static const char *
newest_backup(void)
{
	return _("Take the newest backup. If there is none, going on needs new "
		 "device keys, so that no event gets the number of one that "
		 "exists.");
}

static void
say_older(const struct vault_notice *notice, struct buf *out)
{
	char time[2 * CLOCK_SHOWN_MAX];

	show_time(notice->known_time, time);
	buf_addf(out,
	    ngettext("%llu event is missing: this computer knew event %llu on "
		     "%s, and this vault ends at %llu. It is an older copy.",
		"%llu events are missing: this computer knew event %llu on "
		"%s, and this vault ends at %llu. It is an older copy.",
		(unsigned long)notice->missing),
	    (unsigned long long)notice->missing,
	    (unsigned long long)notice->known, time,
	    (unsigned long long)notice->number);
}

static void
say_forked(const struct vault_notice *notice, struct buf *out)
{
	char time[2 * CLOCK_SHOWN_MAX];

	show_time(notice->known_time, time);
	buf_addf(out,
	    _("This vault is not the one that was used here: its first %llu "
	      "events are not those that this computer knew on %s. It is a "
	      "copy that went another way."),
	    (unsigned long long)notice->known, time);
}

static void
say_elsewhere(const struct vault_notice *notice, struct buf *out)
{
	const unsigned long long more =
	    notice->number > notice->known ? notice->number - notice->known : 0;
	char time[2 * CLOCK_SHOWN_MAX];

	show_time(notice->known_time, time);
	if (more == 0) {
		buf_addf(out,
		    _("This vault was opened elsewhere after %s, when it was "
		      "left here at event %llu; no event is newer. If that "
		      "was not you, somebody has your passphrase."),
		    time, (unsigned long long)notice->known);
		return;
	}
	buf_addf(out,
	    ngettext("This vault was used elsewhere after event %llu, which "
		     "was the last one here on %s: %llu event is newer. If "
		     "that was not you, somebody has your passphrase.",
		"This vault was used elsewhere after event %llu, which was "
		"the last one here on %s: %llu events are newer. If that was "
		"not you, somebody has your passphrase.",
		(unsigned long)more),
	    (unsigned long long)notice->known, time, more);
}

static void
say_renewed(const struct vault_notice *notice, struct buf *out)
{
	char time[2 * CLOCK_SHOWN_MAX];

	show_time(notice->known_time, time);
	buf_addf(out,
	    _("This vault is a copy from before the vault got a new data key "
	      "here, on %s after event %llu: what was added since is missing."),
	    time, (unsigned long long)notice->known);
}

struct naming {
	struct buf *out;
	int named;
};

static int
name_missing(void *arg, const struct vault_missing *missing, struct err *err)
{
	struct naming *naming = arg;

	(void)err;
	if (naming->named++ >= NAMED_MAX)
		return 0;
	buf_add_char(naming->out, '\n');
	if (missing->subject[0])
		buf_addf(naming->out,
		    _("%s: held up to event %lld, %s has event %lld"),
		    missing->subject, (long long)missing->held,
		    missing->witness, (long long)missing->seq);
	else
		buf_addf(naming->out,
		    _("a subject that is not here: %s has event %lld"),
		    missing->witness, (long long)missing->seq);
	return 0;
}

static void
say_short(
    struct vault *vault, const struct vault_notice *notice, struct buf *out)
{
	struct naming naming = { .out = out };
	struct err ignored = { 0 };

	buf_addf(out,
	    ngettext("%llu event of this device is missing, on %zu subject: "
		     "others hold more than this vault.",
		"%llu events of this device are missing, on %zu subjects: "
		"others hold more than this vault.",
		(unsigned long)notice->missing),
	    (unsigned long long)notice->missing, notice->short_count);
	(void)vault_each_missing(vault, name_missing, &naming, &ignored);
}

void
vault_missing_say(struct vault *vault, struct buf *out)
{
	const struct vault_notice *notice = vault_notice(vault);

	switch (notice->finding) {
	case VAULT_SHORT: say_short(vault, notice, out); break;
	case VAULT_OLDER: say_older(notice, out); break;
	case VAULT_FORKED: say_forked(notice, out); break;
	case VAULT_RENEWED: say_renewed(notice, out); break;
	default: break;
	}
}

void
vault_notice_say(struct vault *vault, struct buf *out)
{
	const struct vault_notice *notice = vault_notice(vault);

	switch (notice->finding) {
	case VAULT_FIRST_HERE:
		buf_add_text(out,
		    _("First time on this computer: compare the last event "
		      "with your note"));
		break;
	case VAULT_ANCHOR_DAMAGED:
		buf_addf(out,
		    _("What this computer knew of the vault (%s) is damaged or "
		      "was altered: an older vault would not be noticed. "
		      "Compare its last event with the one you noted."),
		    notice->anchor);
		break;
	case VAULT_USED_ELSEWHERE: say_elsewhere(notice, out); break;
	default: vault_missing_say(vault, out); break;
	}
	if (vault_is_held(vault))
		buf_addf(out, "\n%s", newest_backup());
}

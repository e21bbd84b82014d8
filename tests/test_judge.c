/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bundles/judge.h"

/*
 * Chains as text: "1 2 3" are events that name the one before; "3b" is a twin
 * of 3 that names 2; "4b" names 3b; "4b<3" names 3.  Statements as text:
 * "1:3 2:4b" is counter 1 listing 3, counter 2 listing 4b; "3:-" lists
 * nothing.
 */
enum { LINKS_MAX = 16, ENTRIES_MAX = 8 };

static struct hash
name_hash(int64_t seq, char branch)
{
	char text[32];
	const int len =
	    snprintf(text, sizeof(text), "event %d%c", (int)seq, branch);

	return hash_of(text, (size_t)len);
}

static int
by_seq(const void *one, const void *other)
{
	const struct chain_link *left = one, *right = other;

	if (left->seq != right->seq)
		return left->seq < right->seq ? -1 : 1;
	return hash_compare(&left->hash, &right->hash);
}

static char
read_branch(const char **text)
{
	return **text >= 'b' && **text <= 'z' ? *(*text)++ : 'a';
}

static size_t
read_links(const char *text, struct chain_link *links)
{
	size_t count = 0;
	char *end;

	for (; *text; text += *text == ' ') {
		struct chain_link *link = &links[count++];
		int64_t before;
		char branch, from;

		assert_true(count <= LINKS_MAX);
		link->seq = strtol(text, &end, 10);
		text = end;
		branch = from = read_branch(&text);
		before = link->seq - 1;
		if (*text == '<') {
			before = strtol(text + 1, &end, 10);
			text = end;
			from = read_branch(&text);
		} else if (branch != 'a' && before < 3) {
			from = 'a'; /* branches part after 2 */
		}
		link->hash = name_hash(link->seq, branch);
		link->prev = link->seq > 1 ? name_hash(before, from)
					   : (struct hash){ 0 };
	}
	qsort(links, count, sizeof(*links), by_seq);
	return count;
}

static struct hash
statement_hash(int64_t counter)
{
	char text[32];
	const int len =
	    snprintf(text, sizeof(text), "statement %d", (int)counter);

	return hash_of(text, (size_t)len);
}

static size_t
read_entries(const char *text, struct heads_entry *entries)
{
	size_t count = 0;
	char *end;

	for (; *text; text += *text == ' ') {
		struct heads_entry *entry = &entries[count++];

		assert_true(count <= ENTRIES_MAX);
		*entry = (struct heads_entry){ 0 };
		entry->counter = strtol(text, &end, 10);
		entry->statement = statement_hash(entry->counter);
		text = end + 1;
		if (*text == '-') {
			text++;
			continue;
		}
		entry->seq = strtol(text, &end, 10);
		text = end;
		entry->head = name_hash(entry->seq, read_branch(&text));
	}
	return count;
}

static const struct {
	const char *links, *entries;
	enum trust trust;
	int cut; /* the counter of the statement that is the cut; 0: none */
	int effective;
	enum chain_status status;
	const char *reason;
} cases[] = {
	{ "1 2 3", "1:3", TRUST_YES, 0, 3, CHAIN_GOOD, "" },
	{ "1 2 3", "1:2 2:3", TRUST_YES, 0, 3, CHAIN_GOOD, "" },
	{ "1 2 3", "1:-", TRUST_YES, 0, 0, CHAIN_WAITING, "unsigned" },
	{ "1 2 3", "", TRUST_YES, 0, 0, CHAIN_WAITING, "unsigned" },
	{ "1 2 3", "1:2", TRUST_YES, 0, 2, CHAIN_WAITING, "unsigned" },
	{ "1 2 3", "1:3", TRUST_NONE, 0, 0, CHAIN_WAITING, "untrusted" },
	/* A statement ahead of what is held is no harm. */
	{ "1 2", "1:2 2:5", TRUST_YES, 0, 2, CHAIN_GOOD, "" },
	{ "1 2", "1:5", TRUST_YES, 0, 0, CHAIN_WAITING, "unsigned" },
	/* Gaps. */
	{ "1 2 4", "1:2 2:4", TRUST_YES, 0, 2, CHAIN_WAITING, "gap" },
	{ "2 3", "1:3", TRUST_YES, 0, 0, CHAIN_WAITING, "gap" },
	{ "1 2 4 5", "1:1 2:5", TRUST_YES, 0, 1, CHAIN_WAITING, "unsigned" },
	/* Forks: both twins, the links, or a statement show them. */
	{ "1 2 3 3b", "1:3", TRUST_YES, 0, 2, CHAIN_DISPUTED, "fork" },
	{ "1 2 3 3b 4b", "1:3 2:4b", TRUST_YES, 0, 2, CHAIN_DISPUTED, "fork" },
	{ "1 2 3 4b", "1:3 2:4b", TRUST_YES, 0, 2, CHAIN_DISPUTED, "fork" },
	{ "1 2 3", "1:3 2:3b", TRUST_YES, 0, 2, CHAIN_DISPUTED, "fork" },
	{ "1 2", "1:2 2:3b", TRUST_YES, 0, 2, CHAIN_GOOD, "" },
	{ "1 1b", "1:1 2:1b", TRUST_YES, 0, 0, CHAIN_DISPUTED, "fork" },
	{ "1 2 4 4b<3", "1:2 2:4", TRUST_YES, 0, 2, CHAIN_WAITING, "gap" },
	/* Shortened: a later statement lists less, or nothing. */
	{ "1 2 3 4", "1:4 2:2", TRUST_YES, 0, 2, CHAIN_DISPUTED, "shortened" },
	{ "1 2 3", "1:3 2:-", TRUST_YES, 0, 0, CHAIN_DISPUTED, "shortened" },
	{ "1 2", "1:4 2:2", TRUST_YES, 0, 2, CHAIN_GOOD, "" },
	{ "1 2 3", "1:- 2:3", TRUST_YES, 0, 3, CHAIN_GOOD, "" },
	/* Revoked: only the statement that is the cut counts. */
	{ "1 2 3", "1:2 2:3", TRUST_REVOKED, 1, 2, CHAIN_DISPUTED, "revoked" },
	{ "1 2 3", "1:2 2:3", TRUST_REVOKED, 2, 3, CHAIN_GOOD, "" },
	{ "1 2 3", "1:2 2:3", TRUST_REVOKED, 0, 0, CHAIN_DISPUTED, "revoked" },
	{ "1 2 3", "1:2", TRUST_REVOKED, 1, 2, CHAIN_WAITING, "unsigned" },
	{ "1 2 3", "1:3 2:1", TRUST_REVOKED, 1, 3, CHAIN_GOOD, "" },
	{ "1 2 3", "1:3 2:3b", TRUST_REVOKED, 1, 3, CHAIN_GOOD, "" },
	/* What a thief dates back does not count either. */
	{ "1 2 3 4", "1:4 2:3", TRUST_REVOKED, 2, 3, CHAIN_DISPUTED,
	    "revoked" },
	{ "1 2 4", "1:2 2:4", TRUST_REVOKED, 1, 2, CHAIN_WAITING, "gap" },
};

static bool
has_its_head(const struct chain_case *judged, const struct chain *chain)
{
	for (size_t i = 0; i < judged->link_count; i++)
		if (judged->links[i].seq == chain->effective &&
		    hash_equal(&judged->links[i].hash, &chain->head))
			return true;
	return chain->effective == 0 && hash_is_zero(&chain->head);
}

static void
every_case_is_judged_as_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct chain_link links[LINKS_MAX];
		struct heads_entry entries[ENTRIES_MAX];
		struct chain_case judged = { .links = links,
			.entries = entries,
			.trust = cases[i].trust };
		struct chain chain = { 0 };

		judged.link_count = read_links(cases[i].links, links);
		judged.entry_count = read_entries(cases[i].entries, entries);
		if (cases[i].cut)
			judged.cut = statement_hash(cases[i].cut);
		judge_chain(&judged, &chain);
		if (chain.effective != cases[i].effective ||
		    chain.status != cases[i].status ||
		    strcmp(chain.reason, cases[i].reason) != 0)
			fail_msg("\"%s\" by \"%s\" (case %zu): effective %d, "
				 "status %d, reason \"%s\"",
			    cases[i].links, cases[i].entries, i,
			    (int)chain.effective, chain.status, chain.reason);
		assert_true(has_its_head(&judged, &chain));
	}
}

/* ---- one more statement on a good chain ---- */

static uint32_t
draw(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 16) % below;
}

/* Mostly rising numbers, now and then of another branch or beyond the end. */
static void
draw_entries(uint32_t *seed, struct heads_entry *entries, size_t count)
{
	int64_t seq = 0;

	for (size_t i = 0; i < count; i++) {
		seq = draw(seed, 4) ? seq + draw(seed, 3) : draw(seed, 7);
		entries[i] = (struct heads_entry){ .counter = (int64_t)i,
			.statement = statement_hash((int64_t)i),
			.seq = seq };
		if (seq > 0)
			entries[i].head =
			    name_hash(seq, draw(seed, 12) ? 'a' : 'b');
	}
}

/* The case without its entry at `out`, judged. */
static void
judge_without(const struct chain_case *whole, size_t out, struct chain *chain)
{
	struct heads_entry entries[ENTRIES_MAX];
	struct chain_case judged = *whole;

	memcpy(entries, whole->entries, out * sizeof(*entries));
	memcpy(entries + out, whole->entries + out + 1,
	    (whole->entry_count - out - 1) * sizeof(*entries));
	judged.entries = entries;
	judged.entry_count--;
	judge_chain(&judged, chain);
}

static bool
names_held(const struct chain_case *judged, const struct heads_entry *entry)
{
	for (size_t i = 0; i < judged->link_count; i++)
		if (hash_equal(&judged->links[i].hash, &entry->head))
			return true;
	return entry->seq == 0 || entry->seq > (int64_t)judged->link_count;
}

static struct heads_around
around(const struct chain_case *judged, size_t at)
{
	struct heads_around found = { .now = judged->entries[at],
		.has_after = at + 1 < judged->entry_count };

	if (at > 0)
		found.before = judged->entries[at - 1];
	if (found.has_after)
		found.after = judged->entries[at + 1];
	return found;
}

static void
what_is_said_to_stay_good_does(void **state)
{
	size_t stayed = 0, changed = 0;
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 200000; round++) {
		struct chain_link links[LINKS_MAX];
		struct heads_entry entries[ENTRIES_MAX];
		struct chain_case judged = { .links = links,
			.entries = entries,
			.trust = TRUST_YES,
			.entry_count = 1 + draw(&seed, ENTRIES_MAX) };
		static const char *const chains[] = { "1", "1 2", "1 2 3",
			"1 2 3 4", "1 2 3 4 5", "1 2 3 3b", "1 2 4" };
		struct chain before = { 0 }, after = { 0 };
		const size_t at = draw(&seed, (uint32_t)judged.entry_count);
		struct heads_around near;

		judged.link_count =
		    read_links(chains[draw(&seed, ARRAY_LEN(chains))], links);
		draw_entries(&seed, entries, judged.entry_count);
		judge_without(&judged, at, &before);
		judge_chain(&judged, &after);
		near = around(&judged, at);
		if (!judge_stays_good(
			&before, &near, names_held(&judged, &entries[at]))) {
			changed += before.status == CHAIN_GOOD &&
			    after.effective < before.effective;
			continue;
		}
		stayed++;
		assert_int_equal(after.status, CHAIN_GOOD);
		assert_int_equal(after.effective, before.effective);
		assert_true(hash_equal(&after.head, &before.head));
		assert_string_equal(after.reason, before.reason);
	}
	/* Both were met often. */
	assert_true(stayed > 10000);
	assert_true(changed > 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_case_is_judged_as_the_table_says),
		TEST(what_is_said_to_stay_good_does),
	};

	return RUN_TESTS(tests);
}

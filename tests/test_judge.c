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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_case_is_judged_as_the_table_says),
	};

	return RUN_TESTS(tests);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/facts.h"

static struct member *
member_of(struct team *team, const char *name, const char *organisation)
{
	struct member *member;

	for (size_t i = 0; i < team->count; i++) {
		member = &team->members[i];
		if (strcmp(member->name, name) == 0 &&
		    strcmp(member->organisation, organisation) == 0)
			return member;
	}
	team->members =
	    xrealloc(team->members, team->count + 1, sizeof(*member));
	member = &team->members[team->count++];
	*member = (struct member){ .name = name, .organisation = organisation };
	return member;
}

static void
count_answer(
    struct team *team, const char *name, const char *organisation, int64_t time)
{
	member_of(team, name, organisation)->answers++;
	if (!team->first || time < team->first)
		team->first = time;
	if (time > team->last)
		team->last = time;
}

static void
count_branches(struct team *team, const struct branch *branches, size_t count)
{
	for (size_t i = 0; i < count; i++)
		count_answer(team, branches[i].person, branches[i].organisation,
		    branches[i].time);
}

/* A decision is not an answer: those count who gave what it settled. */
static int
count_fact(void *arg, const struct fact *fact, struct err *err)
{
	const struct annotation *annotation = &fact->annotation;
	struct team *team = arg;

	(void)err;
	if (fact->conflict)
		count_branches(
		    team, fact->conflict->branches, fact->conflict->count);
	else if (fact->decision)
		count_branches(
		    team, fact->decision->branches, fact->decision->count);
	else if (annotation->device[0] && *fact->value)
		count_answer(team, annotation->person, annotation->organisation,
		    annotation->time);
	return 0;
}

int
team_take(const struct facts *facts, struct team *team, struct err *err)
{
	const struct signature *signatures;
	size_t count = 0;

	memset(team, 0, sizeof(*team));
	if (facts_each(
		facts, 0, facts->form->item_count, count_fact, team, err) < 0) {
		team_release(team);
		return -1;
	}
	signatures = inspection_signatures(facts->inspection, &count);
	for (size_t i = 0; i < count; i++)
		member_of(
		    team, signatures[i].person, signatures[i].organisation)
		    ->signed_it = true;
	return 0;
}

void
team_release(struct team *team)
{
	free(team->members);
	memset(team, 0, sizeof(*team));
}

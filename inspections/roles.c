/* SPDX-License-Identifier: Apache-2.0 */
#include "inspections/roles.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

static const struct {
	const char *name;
	bool may[ROLE_COUNT];
} kinds[] = {
#define X(id, name, inspector, supervisor, authority) \
	[id] = { name,                                \
		{ [ROLE_INSPECTOR] = inspector,       \
		    [ROLE_SUPERVISOR] = supervisor,   \
		    [ROLE_AUTHORITY] = authority } },
	KINDS(X)
#undef X
};

enum kind
kind_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return (enum kind)i;
	return KIND_NEWER;
}

const char *
kind_name(enum kind kind)
{
	return kinds[kind].name;
}

bool
role_may(enum role role, enum kind kind)
{
	return kind < KIND_NEWER && role < ROLE_COUNT && kinds[kind].may[role];
}

int
role_check(
    struct vault *vault, enum kind kind, const char *what, struct err *err)
{
	const struct identity *identity = identity_get(vault);

	if (!identity)
		return err_set(err, ERR_DENIED,
		    _("cannot %s: this vault has no identity yet; make one "
		      "first"),
		    what);
	if (!role_may(identity->role, kind))
		return err_set(err, ERR_DENIED,
		    _("cannot %s: the role %s does not allow it; ask a "
		      "supervisor"),
		    what, role_title(identity->role));
	return 0;
}

int
author_find(struct vault *vault, const char *device, struct author *author,
    struct err *err)
{
	const struct identity *self = identity_get(vault);
	struct roster_entry entry = { 0 };
	int found;

	memset(author, 0, sizeof(*author));
	if (self && strcmp(self->device, device) == 0) {
		author->known = true;
		memcpy(author->person, self->person, ID_MAX);
		author->name = xstrdup(self->name);
		author->organisation = xstrdup(self->organisation);
		author->role = self->role;
		return 0;
	}

	found = roster_find(vault, device, &entry, err);
	if (found < 0)
		return -1;
	author->known = found == 1;
	memcpy(author->person, entry.person, ID_MAX);
	author->name = xstrdup(entry.name ? entry.name : "");
	author->organisation =
	    xstrdup(entry.organisation ? entry.organisation : "");
	author->role = entry.role;
	if (found == 1)
		roster_entry_release(&entry);
	return 0;
}

void
author_release(struct author *author)
{
	free(author->name);
	free(author->organisation);
	memset(author, 0, sizeof(*author));
}

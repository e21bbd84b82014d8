/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INSPECTIONS_ROLES_H
#define INSPECTIONS_ROLES_H

#include <stdbool.h>

#include "base/error.h"
#include "crypto/ids.h"
#include "storage/identity.h"

struct vault;

/*
 * The kinds of events that this version gives a meaning, and which role may
 * write them.  What a role may not is kept and shown without effect; so is a
 * kind that is not in this table.
 */
#define KINDS(X)                                          \
	/* id, name, inspector, supervisor, authority */  \
	X(KIND_SITE, "site", true, true, true)            \
	X(KIND_RENAME, "rename", false, true, true)       \
	X(KIND_SAME_SITE, "same-site", false, true, true) \
	X(KIND_MISSION, "mission", false, true, true)     \
	X(KIND_OPEN, "open", true, true, true)            \
	X(KIND_ANSWER, "answer", true, true, true)        \
	X(KIND_EVIDENCE, "evidence", true, true, true)    \
	X(KIND_SIGN, "sign", true, true, true)            \
	X(KIND_REOPEN, "reopen", true, true, true)        \
	X(KIND_RESOLVE, "resolve", false, true, true)

enum kind {
#define X(id, name, inspector, supervisor, authority) id,
	KINDS(X)
#undef X
	    KIND_NEWER /* any other: needs a newer ronde */
};

enum kind kind_of(const char *name);
const char *kind_name(enum kind kind); /* not of KIND_NEWER */
bool role_may(enum role role, enum kind kind);

/* ERR_DENIED, naming role and deed, where this vault's person may not; the
 * deed is said by `what` ("settle an answer"). */
int role_check(
    struct vault *vault, enum kind kind, const char *what, struct err *err);

/* Who stands behind a device: from the roster, or ourselves. */
struct author {
	bool known; /* false: texts "", may nothing */
	char person[ID_MAX];
	char *name, *organisation; /* owned */
	enum role role;
};

int author_find(struct vault *vault, const char *device, struct author *author,
    struct err *err);
void author_release(struct author *author);

#endif

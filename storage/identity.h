/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_IDENTITY_H
#define STORAGE_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "crypto/age.h"
#include "crypto/ids.h"
#include "crypto/minisign.h"
#include "crypto/secret.h"

struct vault;

/* Who may do what depends on the role; the table is in inspections/. */
enum role { ROLE_INSPECTOR, ROLE_SUPERVISOR, ROLE_AUTHORITY, ROLE_COUNT };

const char *role_code(enum role role); /* "inspector", ... */
bool role_find(const char *code, enum role *role);
const char *role_title(enum role role); /* translated, for people */

/*
 * The person whose vault this is and the keys of the device.  Keys never
 * leave the vault but for age_identity on the person's explicit wish.
 */
struct identity {
	char person[ID_MAX], device[ID_MAX];
	const char *name, *organisation;
	enum role role;
	uint8_t sign_public[32];
	struct minisign_public minisign_public;
	struct age_recipient age_recipient;
	struct secret *sign_key;             /* statements */
	struct minisign_secret minisign_key; /* bundles */
	struct secret *age_identity;
	struct former_device *former; /* the latest first */
	size_t former_count;
};

/*
 * A device that this vault was before identity_renew().  What it wrote is
 * held as it is, and nothing is added to its chains any more.
 */
struct former_device {
	char device[ID_MAX];
	int64_t until; /* the number of the last event that the vault had */
	int64_t retired;
	struct secret *age_identity; /* to open what was sent to it */
	struct age_recipient age_recipient;
};

/*
 * Makes the person (unless `person` names one who has another device) and
 * the keys.  Once for a vault: ERR_EXISTS after that.
 */
int identity_create(struct vault *vault, const char *name,
    const char *organisation, enum role role, const char *person,
    struct err *err);

/*
 * Makes another device of the vault: the same person, new keys.  The keys of
 * the one that it was are wiped, but for the one that opens what was sent to
 * it.  `then` (or NULL) is called with the new keys in the same transaction:
 * for what has to be signed anew.  All fails or nothing does.  What
 * identity_get() gave before stays where it is and holds the new device.
 */
int identity_renew(struct vault *vault,
    int (*then)(struct vault *vault, void *arg, struct err *err), void *arg,
    struct err *err);

/* The former device of that name; NULL when it is none; borrowed. */
const struct former_device *identity_former(
    struct vault *vault, const char *device);

/* Is that this device, or one that this vault was before? */
bool identity_is_own(struct vault *vault, const char *device);

/*
 * Reads the person when the vault is opened: 1; 0 when none was made yet; -1
 * when the row is damaged, which must not look like a vault without an owner.
 */
int identity_load(struct vault *vault, struct err *err);

/* Borrowed until the vault is closed; NULL when none was made yet. */
const struct identity *identity_get(struct vault *vault);

/*
 * The roster: what this vault makes of the cards, enrolments and revocations
 * it holds (bundles/trust.c projects it).
 */
enum trust { TRUST_NONE, TRUST_YES, TRUST_REVOKED, TRUST_SELF };

struct roster_entry {
	char device[ID_MAX], person[ID_MAX];
	char *name, *organisation; /* owned */
	enum role role;            /* as enrolled, not as the card claims */
	enum trust trust;
	uint8_t sign_public[32];
	struct minisign_public minisign_public;
	struct age_recipient age_recipient;
	int64_t cut; /* counter of the last heads statement that counts,
	                for TRUST_REVOKED; else -1 */
};

int roster_put(
    struct vault *vault, const struct roster_entry *entry, struct err *err);
int roster_clear(struct vault *vault, struct err *err);
/* 1 and filled (release it), 0 not known, -1 err. */
int roster_find(struct vault *vault, const char *device,
    struct roster_entry *entry, struct err *err);
/* All devices (of `person`, or NULL), by person then device. */
int roster_each(struct vault *vault, const char *person,
    int (*each)(void *arg, const struct roster_entry *entry, struct err *err),
    void *arg, struct err *err);
void roster_entry_release(struct roster_entry *entry);

#endif

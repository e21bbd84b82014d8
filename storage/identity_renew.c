/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/identity_internal.h"
#include "storage/log_internal.h"
#include "storage/vault_internal.h"

/* Another device in the same vault, and those that it was before. */

static bool
read_former(struct db_query *query, struct former_device *former)
{
	*former = (struct former_device){
		.until = db_int(query, 1),
		.retired = db_int(query, 2),
		.age_identity = secret_new(AGE_KEY_BYTES),
	};
	snprintf(
	    former->device, sizeof(former->device), "%s", db_text(query, 0));
	if (!db_copy_blob(
		query, 3, former->age_identity->data, AGE_KEY_BYTES)) {
		secret_free(former->age_identity);
		return false;
	}
	age_recipient_of(former->age_identity, &former->age_recipient);
	return true;
}

int
former_load(struct vault *vault, struct identity *identity, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "SELECT device, until, retired, age_identity FROM former"
	    " ORDER BY until DESC, retired DESC, device",
	    err);
	struct former_device former;
	size_t room = 0;
	int more;

	if (!query)
		return -1;
	while ((more = db_step(query, err)) > 0) {
		if (!read_former(query, &former)) {
			more = err_set(err, ERR_FORMAT,
			    _("the vault is damaged: the keys of its former "
			      "device %s cannot be read"),
			    db_text(query, 0));
			break;
		}
		mem_grow(&identity->former, &room, identity->former_count + 1,
		    sizeof(*identity->former));
		identity->former[identity->former_count++] = former;
	}
	db_forget(query);
	return more;
}

const struct former_device *
identity_former(struct vault *vault, const char *device)
{
	const struct identity *self = identity_get(vault);

	for (size_t i = 0; self && i < self->former_count; i++)
		if (strcmp(self->former[i].device, device) == 0)
			return &self->former[i];
	return NULL;
}

bool
identity_is_own(struct vault *vault, const char *device)
{
	const struct identity *self = identity_get(vault);

	return self &&
	    (strcmp(self->device, device) == 0 ||
		identity_former(vault, device));
}

static int
retire(struct db *db, struct err *err)
{
	struct db_query *query = db_query(db,
	    "INSERT INTO former (device, until, retired, age_identity)"
	    " SELECT device, (SELECT coalesce(max(id), 0) FROM event), ?1,"
	    " age_identity FROM identity",
	    err);

	if (!query)
		return -1;
	db_bind_int(query, 1, clock_now());
	if (db_run(query, err) < 0)
		return -1;
	return db_exec(db, "DELETE FROM identity", err);
}

static struct identity *
make_next(const struct identity *self)
{
	struct identity *made = xcalloc(1, sizeof(*made));

	made->name = xstrdup(self->name);
	made->organisation = xstrdup(self->organisation);
	made->role = self->role;
	memcpy(made->person, self->person, sizeof(made->person));
	identity_make_keys(made);
	return made;
}

static int
replace(struct vault *vault, struct err *err)
{
	struct identity *made = make_next(identity_get(vault));
	int result = retire(vault->db, err);

	if (result == 0)
		result = identity_store(vault->db, made, err);
	identity_free(made);
	if (result == 0)
		result = identity_reload(vault, err);
	/* What the former device said it had seen is not ours to build on. */
	return result == 0 ? log_renew_seen(vault, err) : -1;
}

int
identity_renew(struct vault *vault,
    int (*then)(struct vault *vault, void *arg, struct err *err), void *arg,
    struct err *err)
{
	struct err ignored = { 0 };

	if (!identity_get(vault))
		return err_set(err, ERR_NOT_FOUND,
		    _("the vault has no person yet: there is no device to "
		      "replace"));
	if (db_begin(vault->db, err) < 0)
		return -1;
	if (replace(vault, err) < 0 || (then && then(vault, arg, err) < 0)) {
		db_rollback(vault->db);
		(void)identity_reload(vault, &ignored);
		return -1;
	}
	if (db_commit(vault->db, err) == 0)
		return 0;
	(void)identity_reload(vault, &ignored);
	return -1;
}

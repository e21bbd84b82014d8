/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <string.h>

#include "storage/db.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/log_internal.h"
#include "storage/vault_internal.h"

/* What this device's events said they had seen, noted anew. */

static const char *
own_device(struct vault *vault)
{
	const struct identity *self = identity_get(vault);

	return self ? self->device : "";
}

static int
note_seen(void *arg, const struct event *event, struct err *err)
{
	struct vault *vault = arg;

	return log_note_seen(vault->db, event, err);
}

/* Could that be a line with a field `seen`?  Nothing hides one without a
 * backslash, and what follows a name is a colon, or a space before it. */
static bool
may_say_seen(const char *line, size_t len)
{
	return memmem(line, len, "\"seen\":", 7) ||
	    memmem(line, len, "\"seen\" ", 7) || memchr(line, '\\', len);
}

/* 1 when an event of this device may say what it had seen; 0; -1. */
static int
any_may_say_seen(struct vault *vault, const char *subject, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "SELECT line FROM event WHERE subject = ?1 AND device = ?2", err);
	bool may = false;
	int more = 0;

	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	db_bind_text(query, 2, own_device(vault));
	while (!may && (more = db_step(query, err)) > 0) {
		size_t len;
		const char *line = db_blob(query, 0, &len);

		may = may_say_seen(line, len);
	}
	db_reset(query);
	return more < 0 ? -1 : may;
}

static int
renew_subject(void *arg, const char *subject, struct err *err)
{
	struct vault *vault = arg;
	const int may = any_may_say_seen(vault, subject, err);

	if (may <= 0)
		return may;
	return log_read_chain(
	    vault, subject, own_device(vault), 1, note_seen, vault, err);
}

int
log_renew_seen_on(struct vault *vault, const char *subject, struct err *err)
{
	struct db_query *query =
	    db_query(vault->db, "DELETE FROM seen WHERE subject = ?1", err);

	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	if (db_run(query, err) < 0)
		return -1;
	return renew_subject(vault, subject, err);
}

int
log_renew_seen(struct vault *vault, struct err *err)
{
	if (db_exec(vault->db, "DELETE FROM seen", err) < 0)
		return -1;
	return log_subjects(vault, renew_subject, vault, err);
}

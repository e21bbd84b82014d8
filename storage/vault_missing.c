/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "storage/blob.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/tombstone.h"
#include "storage/vault_internal.h"

/*
 * Events of this device that others say they hold, kept as settings
 * "missing/DEVICE/SUBJECT/HASH" = "SEQ WITNESS"; SUBJECT is "?" for one that
 * only a salted name is known of.  There is one at most for each event that a
 * refused bundle named, and normally none: opening asks for them each time.
 */
enum { KEY_MAX = 160, VALUE_MAX = 64 };

int
vault_note_missing(
    struct vault *vault, const struct vault_missing *missing, struct err *err)
{
	char key[KEY_MAX], value[VALUE_MAX], hex[HASH_HEX_MAX];

	hash_to_hex(&missing->hash, hex);
	snprintf(key, sizeof(key), "missing/%s/%s/%s", missing->device,
	    missing->subject[0] ? missing->subject : "?", hex);
	snprintf(value, sizeof(value), "%" PRId64 " %s", missing->seq,
	    missing->witness);
	return setting_put(vault, key, value, err);
}

/* False where it is not one that we wrote. */
static bool
read_row(struct db_query *query, struct vault_missing *missing)
{
	char hex[HASH_HEX_MAX];

	*missing = (struct vault_missing){ 0 };
	if (sscanf(db_text(query, 0), "missing/%31[^/]/%31[^/]/%64s",
		missing->device, missing->subject, hex) != 3 ||
	    sscanf(db_text(query, 1), "%" SCNd64 " %31s", &missing->seq,
		missing->witness) != 2)
		return false;
	if (strcmp(missing->subject, "?") == 0)
		missing->subject[0] = '\0';
	return missing->seq > 0 && hash_from_hex(hex, &missing->hash);
}

/* Its subject is not known, so no index leads to it. */
static int
is_anywhere(
    struct vault *vault, const struct vault_missing *missing, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "SELECT 1 FROM event WHERE device = ?1 AND seq = ?2 AND hash = ?3"
	    " LIMIT 1",
	    err);
	int found;

	if (!query)
		return -1;
	db_bind_text(query, 1, missing->device);
	db_bind_int(query, 2, missing->seq);
	db_bind_blob(query, 3, missing->hash.bytes, HASH_BYTES);
	found = db_step(query, err);
	db_reset(query);
	return found;
}

static int
is_there(struct vault *vault, struct vault_missing *missing, struct err *err)
{
	struct db_query *query;
	int found;

	if (!missing->subject[0])
		return is_anywhere(vault, missing, err);
	query = db_query(vault->db,
	    "SELECT max(seq) FROM event WHERE subject = ?1 AND device = ?2",
	    err);
	if (!query)
		return -1;
	db_bind_text(query, 1, missing->subject);
	db_bind_text(query, 2, missing->device);
	if (db_step(query, err) < 0)
		return -1;
	missing->held = db_int(query, 0);
	db_reset(query);
	found = log_has(vault, missing->subject, missing->device, missing->seq,
	    &missing->hash, err);
	return found != 0
	    ? found
	    : tombstone_had(vault, missing->subject, missing->device,
		  missing->seq, &missing->hash, err);
}

int
vault_each_missing(struct vault *vault,
    int (*each)(
	void *arg, const struct vault_missing *missing, struct err *err),
    void *arg, struct err *err)
{
	const struct identity *self = identity_get(vault);
	struct vault_missing missing;
	struct db_query *query;
	char from[KEY_MAX], to[KEY_MAX];
	int more;

	if (!self)
		return 0;
	snprintf(from, sizeof(from), "missing/%s/", self->device);
	snprintf(to, sizeof(to), "missing/%s0", self->device); /* '/' + 1 */
	query = db_query_nested(vault->db,
	    "SELECT key, value FROM setting WHERE key > ?1 AND key < ?2"
	    " ORDER BY key",
	    err);
	if (!query)
		return -1;
	db_bind_text(query, 1, from);
	db_bind_text(query, 2, to);
	while ((more = db_step(query, err)) > 0) {
		const int there = read_row(query, &missing)
		    ? is_there(vault, &missing, err)
		    : 1;

		if (there < 0 || (there == 0 && each(arg, &missing, err) < 0)) {
			more = -1;
			break;
		}
	}
	db_reset(query);
	return more;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/torture/tally.h"

#include <string.h>

#include "base/json.h"
#include "storage/db.h"
#include "storage/log.h"
#include "storage/vault_internal.h"

static const char *const tables[] = { "tally", "tally_line", NULL };

static int
add_line(struct vault *vault, const struct event *event, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "INSERT INTO tally_line (n, subject, text) VALUES (?1, ?2, ?3)",
	    err);

	if (!query)
		return -1;
	db_bind_int(query, 1, json_opt_int(event->body, "n", 0));
	db_bind_text(query, 2, event->subject);
	db_bind_text(query, 3, json_opt_text(event->body, "text"));
	return db_run(query, err);
}

static int
apply(struct vault *vault, const struct event *event, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "INSERT INTO tally (subject, events, bytes) VALUES (?1, 1, ?2)"
	    " ON CONFLICT (subject) DO UPDATE SET"
	    " events = events + 1, bytes = bytes + ?2",
	    err);

	if (!query)
		return -1;
	db_bind_text(query, 1, event->subject);
	db_bind_int(query, 2, (int64_t)event->len);
	if (db_run(query, err) < 0)
		return -1;
	return add_line(vault, event, err);
}

struct sum {
	struct vault *vault;
	int64_t events, bytes;
};

static int
add_event(void *arg, const struct event *event, struct err *err)
{
	struct sum *sum = arg;

	sum->events++;
	sum->bytes += (int64_t)event->len;
	return add_line(sum->vault, event, err);
}

static int
delete_lines(struct vault *vault, const char *subject, struct err *err)
{
	struct db_query *query = db_query(
	    vault->db, "DELETE FROM tally_line WHERE subject = ?1", err);

	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	return db_run(query, err);
}

static int
project(struct vault *vault, const char *subject, struct err *err)
{
	struct sum sum = { .vault = vault };
	struct db_query *query;

	if (delete_lines(vault, subject, err) < 0 ||
	    log_read(vault, subject, LOG_EFFECTIVE, add_event, &sum, err) < 0)
		return -1;
	query = db_query(vault->db,
	    "INSERT OR REPLACE INTO tally (subject, events, bytes)"
	    " VALUES (?1, ?2, ?3)",
	    err);
	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	db_bind_int(query, 2, sum.events);
	db_bind_int(query, 3, sum.bytes);
	return db_run(query, err);
}

const struct projector tally_projector = {
	.name = "tally",
	.schema = "CREATE TABLE IF NOT EXISTS tally ("
		  " subject TEXT PRIMARY KEY, events INTEGER, bytes INTEGER)"
		  " STRICT;"
		  "CREATE TABLE IF NOT EXISTS tally_line ("
		  " n INTEGER PRIMARY KEY, subject TEXT, text TEXT) STRICT;",
	.tables = tables,
	.project = project,
	.apply = apply,
};

/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/storage_support.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "storage/db_internal.h"
#include "storage/identity.h"
#include "storage/log.h"
#include "storage/log_internal.h"
#include "storage/recent.h"
#include "storage/vault_internal.h"
#include "tests/support.h"

struct vault *
bare_vault_new(const struct projector *const *projectors)
{
	struct vault *vault = xcalloc(1, sizeof(*vault));
	struct err err = { 0 };

	assert_int_equal(crypto_init(&err), 0);
	vault->projectors = projectors;
	vault->db = db_open(":memory:", NULL, NULL, &err);
	assert_no_err(&err);
	assert_int_equal(schema_update(vault->db, projectors, &err), 0);
	return vault;
}

void
bare_vault_free(struct vault *vault)
{
	identity_free(vault->identity);
	recent_free(vault->recent);
	db_close(vault->db);
	free(vault);
}

struct db *
bare_vault_db(struct vault *vault)
{
	return vault->db;
}

struct vault *
bare_vault_with_person(const struct projector *const *projectors)
{
	struct vault *vault = bare_vault_new(projectors);
	struct err err = { 0 };

	identity_create(
	    vault, "Awa Diop", "Ministère", ROLE_INSPECTOR, NULL, &err);
	assert_no_err(&err);
	return vault;
}

char *
event_line(const char *subject, const char *device, int64_t seq,
    const struct hash *prev, const char *text)
{
	char hex[HASH_HEX_MAX] = "";

	if (prev)
		hash_to_hex(prev, hex);
	return xasprintf("{\"subject\":\"%s\",\"device\":\"%s\","
			 "\"seq\":%" PRId64 ",%s%s%s"
			 "\"time\":\"2026-11-23T11:11:12.345+01:00\","
			 "\"kind\":\"answer\",\"body\":{\"text\":\"%s\"}}",
	    subject, device, seq, prev ? "\"prev\":\"" : "", hex,
	    prev ? "\"," : "", text);
}

struct hash
insert_event(struct vault *vault, const char *line, int *added)
{
	struct err err = { 0 };
	struct event event;
	struct hash hash;
	int result;

	event_read(&event, line, strlen(line), "test", &err);
	assert_no_err(&err);
	result = log_insert(vault, &event, &err);
	assert_no_err(&err);
	assert_true(result >= 0);
	if (added)
		*added = result;
	hash = event.hash;
	event_release(&event);
	return hash;
}

void
judge_good(struct vault *vault, const char *subject, const char *device,
    int64_t seq, const struct hash *head)
{
	struct chain chain = {
		.effective = seq, .head = *head, .status = CHAIN_GOOD
	};
	struct err err = { 0 };

	snprintf(chain.subject, sizeof(chain.subject), "%s", subject);
	snprintf(chain.device, sizeof(chain.device), "%s", device);
	assert_int_equal(log_judge(vault, &chain, &err), 0);
}

struct count {
	struct vault *vault;
	int64_t events;
	char text[64];
};

static int
count_event(void *arg, const struct event *event, struct err *err)
{
	struct count *count = arg;
	const char *text = json_opt_text(event->body, "text");

	(void)err;
	count->events++;
	snprintf(count->text, sizeof(count->text), "%s", text ? text : "");
	return 0;
}

static int
count_subject(struct vault *vault, const char *subject, struct err *err)
{
	struct count count = { .vault = vault };
	struct db_query *query;

	if (log_read(vault, subject, LOG_EFFECTIVE, count_event, &count, err) <
	    0)
		return -1;
	query = db_query(vault->db,
	    "INSERT OR REPLACE INTO counted (subject, events, text)"
	    " VALUES (?1, ?2, ?3)",
	    err);
	if (!query)
		return -1;
	db_bind_text(query, 1, subject);
	db_bind_int(query, 2, count.events);
	db_bind_text(query, 3, count.text);
	return db_run(query, err);
}

static const char *const counted_tables[] = { "counted", NULL };

const struct projector counting_projector = {
	.name = "counting",
	.schema = "CREATE TABLE IF NOT EXISTS counted ("
		  " subject TEXT PRIMARY KEY, events INTEGER, text TEXT)"
		  " STRICT;",
	.tables = counted_tables,
	.project = count_subject,
};

static int
project_nothing(struct vault *vault, const char *subject, struct err *err)
{
	(void)vault;
	(void)subject;
	(void)err;
	return 0;
}

static int
refuse_fail(struct vault *vault, const struct event *event, struct err *err)
{
	const char *text = json_opt_text(event->body, "text");

	(void)vault;
	if (text && strcmp(text, "fail") == 0)
		return err_set(err, ERR_VALUE, "told to fail");
	return 0;
}

const struct projector failing_projector = {
	.name = "failing",
	.project = project_nothing,
	.apply = refuse_fail,
};

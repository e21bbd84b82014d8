/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/statement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "crypto/sign.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/identity.h"
#include "storage/log_internal.h"
#include "storage/vault_internal.h"

/*
 * ["<type>",<object>,"<signature>"]: the signature has one length, so the
 * object is what stands between, found without reading JSON; the bytes that
 * were signed are never written anew.
 */
enum {
	SIGNATURE_CHARS = 88,
	SUFFIX_CHARS = SIGNATURE_CHARS + 4, /* ,"..."] */
	PREFIX_CHARS = 2                    /* [" */
};

static int
fail_form(const char *what, const char *why, struct err *err)
{
	return err_set(
	    err, ERR_FORMAT, _("%s: not a statement: %s"), what, why);
}

static bool
read_signature(struct statement *statement)
{
	const char *suffix = statement->line + statement->len - SUFFIX_CHARS;
	size_t len = 0;

	return memcmp(suffix, ",\"", 2) == 0 &&
	    memcmp(suffix + SUFFIX_CHARS - 2, "\"]", 2) == 0 &&
	    base64_read(suffix + 2, SIGNATURE_CHARS, true, statement->signature,
		sizeof(statement->signature), &len) &&
	    len == sizeof(statement->signature);
}

/* Reads `["<type>",` and returns its length; 0 when it is not there. */
static size_t
read_type(struct statement *statement)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-/";
	const char *type = statement->line + PREFIX_CHARS;
	size_t len = 0;

	if (memcmp(statement->line, "[\"", PREFIX_CHARS) != 0)
		return 0;
	while (
	    len < STATEMENT_TYPE_MAX && type[len] && strchr(allowed, type[len]))
		len++;
	if (len == 0 || len >= STATEMENT_TYPE_MAX ||
	    memcmp(type + len, "\",", 2) != 0)
		return 0;
	memcpy(statement->type, type, len);
	return PREFIX_CHARS + len + 2;
}

static int
split(struct statement *statement, const char *what, struct err *err)
{
	const size_t least = PREFIX_CHARS + STATEMENT_TYPE_MAX + SUFFIX_CHARS;
	size_t start;

	/* Every true one has a device and a time: it is longer than this. */
	if (statement->len < least)
		return fail_form(what, _("it is too short"), err);
	start = read_type(statement);
	if (start == 0)
		return fail_form(
		    what, _("it does not begin with its type"), err);
	if (start + 2 + SUFFIX_CHARS > statement->len ||
	    !read_signature(statement))
		return fail_form(
		    what, _("it does not end with a signature"), err);
	statement->signed_body = statement->line + start;
	statement->signed_len = statement->len - start - SUFFIX_CHARS;
	if (statement->signed_body[0] != '{' ||
	    statement->signed_body[statement->signed_len - 1] != '}')
		return fail_form(
		    what, _("its second part is not an object"), err);
	return 0;
}

static int
read_body(struct statement *statement, const char *what, struct err *err)
{
	const char *device, *time;

	statement->body = json_parse(
	    statement->signed_body, statement->signed_len, what, err);
	if (!statement->body ||
	    json_get_text(statement->body, "device", what, &device, err) < 0 ||
	    json_get_text(statement->body, "time", what, &time, err) < 0)
		return -1;
	if (!id_is(ID_DEVICE, device))
		return fail_form(what,
		    _("\"device\" is not the identifier of a device"), err);
	if (!clock_parse(time, &statement->time))
		return fail_form(what,
		    _("\"time\" is not like 2026-11-23T11:11:12.345+01:00"),
		    err);
	snprintf(statement->device, sizeof(statement->device), "%s", device);
	return 0;
}

int
statement_read(struct statement *statement, const char *line, size_t len,
    const char *what, struct err *err)
{
	struct statement found = { .line = line, .len = len };

	if (line_check(line, len, STATEMENT_LINE_MAX, what, err) < 0)
		return -1;
	if (split(&found, what, err) < 0 || read_body(&found, what, err) < 0) {
		statement_release(&found);
		return -1;
	}
	found.hash = hash_of(line, len);
	*statement = found;
	return 0;
}

void
statement_release(struct statement *statement)
{
	json_decref(statement->body);
	free(statement->kept);
	*statement = (struct statement){ 0 };
}

bool
statement_is_signed_by(
    const struct statement *statement, const uint8_t public_key[32])
{
	return sign_check(public_key, statement->type, statement->signed_body,
	    statement->signed_len, statement->signature);
}

/* Writes the whole line of a new statement. */
static int
write_line(const struct identity *self, const char *type, const json_t *body,
    struct buf *line, struct err *err)
{
	uint8_t signature[SIGN_BYTES];
	char text[BASE64_MAX_OF_64];
	struct buf object;
	int result;

	buf_init(&object, STATEMENT_LINE_MAX);
	json_write(&object, body, 0);
	result = buf_check(&object, type, err);
	if (result == 0) {
		sign_message(
		    self->sign_key, type, object.data, object.len, signature);
		base64_write(
		    signature, sizeof(signature), true, text, sizeof(text));
		buf_addf(line, "[\"%s\",", type);
		buf_add(line, object.data, object.len);
		buf_addf(line, ",\"%s\"]", text);
		result = buf_check(line, type, err);
	}
	buf_release(&object);
	return result;
}

static int
complete_body(const struct identity *self, json_t *body, struct err *err)
{
	const char *device = json_opt_text(body, "device");
	char time[CLOCK_TEXT_MAX];

	if (device && strcmp(device, self->device) != 0)
		return err_set(err, ERR_USAGE,
		    _("cannot sign a statement of another device (%s)"),
		    device);
	if (!device)
		json_put_text(body, "device", self->device);
	if (!json_object_get(body, "time")) {
		clock_format(clock_now(), time);
		json_put_text(body, "time", time);
	}
	return 0;
}

int
statement_make(struct vault *vault, const char *type, json_t *body,
    struct hash *hash, struct err *err)
{
	const struct identity *self = identity_get(vault);
	struct statement statement = { 0 };
	struct buf line;
	int result = -1;

	if (!self)
		return err_set(err, ERR_DENIED,
		    _("the vault has no person yet: nobody could have written "
		      "this"));
	/* It would get the counter of another. */
	if (strcmp(type, STATEMENT_HEADS) == 0 && watch_check(vault, err) < 0)
		return -1;
	buf_init(&line, STATEMENT_LINE_MAX);
	if (complete_body(self, body, err) < 0 ||
	    write_line(self, type, body, &line, err) < 0 ||
	    statement_read(&statement, line.data, line.len, type, err) < 0 ||
	    statement_insert(vault, &statement, err) < 0)
		goto out;
	if (hash)
		*hash = statement.hash;
	result = 0;
out:
	statement_release(&statement);
	buf_release(&line);
	return result;
}

static int
insert(struct db *db, const struct statement *statement, struct err *err)
{
	const json_t *counter = json_object_get(statement->body, "counter");
	struct db_query *query = db_query(db,
	    "INSERT INTO statement (hash, type, device, counter, line)"
	    " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (hash) DO NOTHING",
	    err);

	if (!query)
		return -1;
	db_bind_blob(query, 1, statement->hash.bytes, HASH_BYTES);
	db_bind_text(query, 2, statement->type);
	db_bind_text(query, 3, statement->device);
	if (json_is_integer(counter))
		db_bind_int(query, 4, json_integer_value(counter));
	db_bind_blob(query, 5, statement->line, statement->len);
	if (db_run(query, err) < 0)
		return -1;
	return db_changes(db) > 0;
}

int
statement_insert(
    struct vault *vault, const struct statement *statement, struct err *err)
{
	int added;

	if (db_begin(vault->db, err) < 0)
		return -1;
	added = insert(vault->db, statement, err);
	if (added < 0) {
		db_rollback(vault->db);
		return -1;
	}
	return db_commit(vault->db, err) < 0 ? -1 : added;
}

int
statement_each(struct vault *vault, const char *type, const char *device,
    int (*each)(void *arg, const struct statement *statement, struct err *err),
    void *arg, struct err *err)
{
#define STATEMENTS(where)                   \
	"SELECT line FROM statement " where \
	" ORDER BY type, device, counter, hash"
	static const char *const sql[2][2] = {
		{ STATEMENTS(""), STATEMENTS("WHERE device = ?2") },
		{ STATEMENTS("WHERE type = ?1"),
		    STATEMENTS("WHERE type = ?1 AND device = ?2") },
	};
#undef STATEMENTS
	struct statement statement = { 0 };
	struct db_query *query =
	    db_query_nested(vault->db, sql[type != NULL][device != NULL], err);
	int more, result = 0;

	if (!query)
		return -1;
	if (type)
		db_bind_text(query, 1, type);
	if (device)
		db_bind_text(query, 2, device);
	while (result == 0 && (more = db_step(query, err)) != 0) {
		size_t len;
		const char *line = more > 0 ? db_blob(query, 0, &len) : NULL;

		if (!line ||
		    statement_read(&statement, line, len, _("the vault"), err) <
			0) {
			result = -1;
			break;
		}
		result = each(arg, &statement, err) < 0 ? -1 : 0;
		statement_release(&statement);
	}
	db_reset(query);
	return result;
}

int
statement_find(struct vault *vault, const struct hash *hash,
    struct statement *statement, struct err *err)
{
	struct db_query *query = db_query(
	    vault->db, "SELECT line FROM statement WHERE hash = ?1", err);
	const char *line;
	char *kept;
	size_t len;
	int found;

	if (!query)
		return -1;
	db_bind_blob(query, 1, hash->bytes, sizeof(hash->bytes));
	found = db_step(query, err);
	if (found <= 0)
		return found;
	line = db_blob(query, 0, &len);
	kept = xstrndup(line, len);
	db_reset(query);
	if (statement_read(statement, kept, len, _("the vault"), err) < 0) {
		free(kept);
		return -1;
	}
	statement->kept = kept;
	return 1;
}

int
statement_find_mark(struct vault *vault, const struct hash *hash,
    struct statement_mark *mark, struct err *err)
{
	struct db_query *query = db_query(vault->db,
	    "SELECT type, device, counter FROM statement WHERE hash = ?1", err);
	int found;

	if (!query)
		return -1;
	db_bind_blob(query, 1, hash->bytes, sizeof(hash->bytes));
	found = db_step(query, err);
	if (found <= 0)
		return found;
	snprintf(mark->type, sizeof(mark->type), "%s", db_text(query, 0));
	snprintf(mark->device, sizeof(mark->device), "%s", db_text(query, 1));
	mark->counter = db_int(query, 2);
	db_reset(query);
	return 1;
}

int
statement_each_line(struct vault *vault, const char *type,
    int (*each)(void *arg, const struct statement_line *line, struct err *err),
    void *arg, struct err *err)
{
	struct db_query *query = db_query_nested(vault->db,
	    "SELECT device, hash, line FROM statement WHERE type = ?1"
	    " ORDER BY type, device, counter, hash",
	    err);
	int more;

	if (!query)
		return -1;
	db_bind_text(query, 1, type);
	while ((more = db_step(query, err)) > 0) {
		struct statement_line line = { .device = db_text(query, 0) };
		const void *hash;
		size_t len;

		line.line = db_blob(query, 2, &line.len);
		hash = db_blob(query, 1, &len);
		if (len == HASH_BYTES)
			memcpy(line.hash.bytes, hash, len);
		if (len != HASH_BYTES)
			more = err_set(err, ERR_FORMAT,
			    _("the vault is damaged: a hash in it has %zu "
			      "bytes"),
			    len);
		else if (each(arg, &line, err) < 0)
			more = -1;
		if (more < 0)
			break;
	}
	db_reset(query);
	return more;
}

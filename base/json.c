/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

json_t *
json_parse(const char *text, size_t len, const char *what, struct err *err)
{
	json_error_t error;
	json_t *value = json_read_plain(text, len);

	if (value)
		return value;
	value = json_loadb(
	    text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (!value)
		err_set(err, ERR_FORMAT,
		    _("%s: line %d, column %d: not JSON as expected: %s"), what,
		    error.line, error.column, error.text);
	return value;
}

static int
add_piece(const char *piece, size_t len, void *data)
{
	buf_add(data, piece, len);
	return 0;
}

void
json_write(struct buf *out, const json_t *value, int indent)
{
	const size_t flags = JSON_ENCODE_ANY |
	    (indent ? JSON_INDENT((size_t)indent) : JSON_COMPACT);

	json_dump_callback(value, add_piece, out, flags);
}

static int
fail_field(const char *key, const char *what, const char *type, struct err *err)
{
	return err_set(err, ERR_FORMAT, _("%s: \"%s\" is missing or is not %s"),
	    what, key, type);
}

int
json_get_text(const json_t *object, const char *key, const char *what,
    const char **text, struct err *err)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_string(value))
		return fail_field(key, what, _("a text"), err);
	*text = json_string_value(value);
	return 0;
}

int
json_get_int(const json_t *object, const char *key, const char *what,
    int64_t *number, struct err *err)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value))
		return fail_field(key, what, _("a whole number"), err);
	*number = json_integer_value(value);
	return 0;
}

int
json_get_array(const json_t *object, const char *key, const char *what,
    const json_t **array, struct err *err)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_array(value))
		return fail_field(key, what, _("a list"), err);
	*array = value;
	return 0;
}

int
json_get_object(const json_t *object, const char *key, const char *what,
    const json_t **found, struct err *err)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_object(value))
		return fail_field(key, what, _("an object"), err);
	*found = value;
	return 0;
}

const char *
json_opt_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

int64_t
json_opt_int(const json_t *object, const char *key, int64_t otherwise)
{
	const json_t *value = json_object_get(object, key);

	return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

bool
json_opt_bool(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

void
json_put_text(json_t *object, const char *key, const char *text)
{
	if (text)
		json_object_set_new(object, key, json_string(text));
}

void
json_put_int(json_t *object, const char *key, int64_t number)
{
	json_object_set_new(object, key, json_integer(number));
}

void
json_put_bool(json_t *object, const char *key, bool value)
{
	json_object_set_new(object, key, json_boolean(value));
}

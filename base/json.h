/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * JSON through jansson, read as strictly as a signed format needs: no key
 * twice, no bad UTF-8, no NUL, nothing after the value, no real numbers where
 * ours are expected (numbers are integers, decimals are text).
 */

/*
 * Reads one value.  `what` names the source in messages ("manifest.json").
 * Returns a new reference (json_decref() ends it), or NULL with ERR_FORMAT
 * that names line and column.
 */
json_t *json_parse(
    const char *text, size_t len, const char *what, struct err *err);

/*
 * The same value, for text in its plainest writing (no spaces, no escapes):
 * several times as fast.  NULL says only that it is not written so.
 */
json_t *json_read_plain(const char *text, size_t len);

/* Adds `value` compactly (`indent` 0) or indented, keys in their order. */
void json_write(struct buf *out, const json_t *value, int indent);

/*
 * Fields of an object; what is borrowed lives as long as `object`.  Missing
 * or of another type is ERR_FORMAT "<what>: "<key>" is missing or ...".
 */
int json_get_text(const json_t *object, const char *key, const char *what,
    const char **text, struct err *err);
int json_get_int(const json_t *object, const char *key, const char *what,
    int64_t *number, struct err *err);
int json_get_array(const json_t *object, const char *key, const char *what,
    const json_t **array, struct err *err);
int json_get_object(const json_t *object, const char *key, const char *what,
    const json_t **found, struct err *err);

/* Fields that may be missing: NULL, `otherwise`, false. */
const char *json_opt_text(const json_t *object, const char *key);
int64_t json_opt_int(const json_t *object, const char *key, int64_t otherwise);
bool json_opt_bool(const json_t *object, const char *key);

/* Adds to an object; a NULL text adds nothing. */
void json_put_text(json_t *object, const char *key, const char *text);
void json_put_int(json_t *object, const char *key, int64_t number);
void json_put_bool(json_t *object, const char *key, bool value);

#endif

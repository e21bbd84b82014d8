/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "crypto/digest.h"
#include "crypto/hash.h"

/* Digests and base64. */

enum { BASE64_ROOM = DIGEST_BYTES_MAX * 2 };

static int
call_digest(struct eval *eval, const struct expr *node, struct value *value)
{
	const char *text, *name, *form = "base64";
	uint8_t bytes[DIGEST_BYTES_MAX];
	size_t len;
	char *out;

	if (call_text(eval, node, 0, &text) != 0 ||
	    call_text(eval, node, 1, &name) != 0 ||
	    (node->arg_count > 2 && call_text(eval, node, 2, &form) != 0))
		return -1;
	len = digest_named(name, text, strlen(text), bytes);
	if (len == 0)
		return call_fail(eval, node,
		    _("\"%.20s\" is no digest; known are MD5, SHA-1, SHA-256, "
		      "SHA-384 and SHA-512"),
		    name);
	out = eval_alloc(eval, BASE64_ROOM + 1);
	if (!out)
		return -1;
	if (strcmp(form, "hex") == 0)
		hex_write(bytes, len, out);
	else if (strcmp(form, "base64") == 0)
		base64_write(bytes, len, true, out, BASE64_ROOM + 1);
	else
		return call_fail(eval, node,
		    _("\"%.20s\" is no writing of a digest; known are hex and "
		      "base64"),
		    form);
	*value = value_of_text(out);
	return 0;
}

/* What is no base64 decodes to nothing. */
static int
call_base64_decode(
    struct eval *eval, const struct expr *node, struct value *value)
{
	const char *text;
	size_t len = 0;
	char *out;

	if (call_text(eval, node, 0, &text) != 0)
		return -1;
	out = eval_alloc(eval, strlen(text) + 1);
	if (!out)
		return -1;
	if (!base64_read(text, strlen(text), true, out, strlen(text), &len))
		len = 0;
	out[len] = '\0';
	*value = value_of_text(out);
	return 0;
}

/* Name, least and most arguments, flags, what it does; last a NULL row. */
const struct function functions_digest[] = {
	{ "digest", 2, 3, 0, call_digest, NULL },
	{ "base64-decode", 1, 1, 0, call_base64_decode, NULL },
	{ .name = NULL },
};

/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "crypto/sign.h"
#include "storage/statement.h"

/* Any bytes: parts that lie inside the line, or an err. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct statement statement = { 0 };
	struct err err = { 0 };
	uint8_t nobody[SIGN_PUBLIC_BYTES] = { 0 };

	if (statement_read(&statement, (const char *)bytes, len, "fuzz", &err) <
	    0) {
		assert(err.code != ERR_NONE && err.msg[0] != '\0');
		assert(statement.body == NULL);
		return 0;
	}
	/* The three parts and what is around them are the whole line. */
	assert(statement.signed_body ==
	    (const char *)bytes + strlen(statement.type) + 4);
	assert(strlen(statement.type) + 4 + statement.signed_len + 92 == len);
	assert(id_is(ID_DEVICE, statement.device));
	assert(!statement_is_signed_by(&statement, nobody));
	statement_release(&statement);
	return 0;
}

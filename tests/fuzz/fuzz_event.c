/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "storage/event.h"

/* Any bytes: an event whose fields hold what event.h promises, or an err. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct event event = { 0 };
	struct err err = { 0 };

	if (event_read(&event, (const char *)bytes, len, "fuzz", &err) < 0) {
		assert(err.code != ERR_NONE && err.msg[0] != '\0');
		assert(event.json == NULL);
		return 0;
	}
	assert(event.seq >= 1 && event.len == len);
	assert(hash_is_zero(&event.prev) || event.seq > 1);
	assert(id_is(event.subject[0], event.subject));
	assert(id_is(ID_DEVICE, event.device));
	assert(strlen(event.kind) > 0 && json_is_object(event.body));
	assert(memchr(bytes, '\n', len) == NULL);
	event_release(&event);
	return 0;
}

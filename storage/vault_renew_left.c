/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "storage/vault_lock.h"
#include "storage/vault_renew_internal.h"

/* What an interrupted renewal left beside its vault. */

const uint8_t renewal_magic[16] = { 0x89, 'r', 'o', 'n', 'd', 'e', ' ', 'r',
	'e', 'n', 'e', 'w', '\r', '\n', 0x1a, '\n' };

bool
renewal_is_of(const uint8_t id[VAULT_ID_BYTES],
    const uint8_t bytes[VAULT_HEADER_BYTES], const char *place)
{
	struct vault_copies *copies;
	struct err ignored = { 0 };
	bool is_of;

	if (memcmp(bytes, renewal_magic, sizeof(renewal_magic)) == 0 ||
	    vault_block_is_blank(bytes))
		return true;
	copies = xcalloc(1, sizeof(*copies));
	is_of = vault_header_read(
		    copies, bytes, VAULT_HEADER_BYTES, place, &ignored) == 0 &&
	    memcmp(copies->headers[0].id, id, VAULT_ID_BYTES) == 0;
	free(copies);
	return is_of;
}

void
vault_renew_forget(const char *path, const uint8_t id[VAULT_ID_BYTES])
{
	const int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	char *full = realpath(path, NULL);
	char *place = xasprintf("%s.renew", full ? full : path);
	const int fd = open(place, flags | O_NOCTTY);
	uint8_t bytes[VAULT_HEADER_BYTES] = { 0 };
	struct err ignored = { 0 };
	ssize_t got;

	if (fd >= 0 && vault_lock(fd, place, &ignored) == 0) {
		got = pread(fd, bytes, sizeof(bytes), 0);
		if (got > 0 && renewal_is_of(id, bytes, place))
			(void)!ftruncate(fd, 0);
	}
	if (fd >= 0)
		close(fd);
	free(place);
	free(full);
}

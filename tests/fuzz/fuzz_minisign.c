/* SPDX-License-Identifier: Apache-2.0 */
/* A signature file, checked with some key, and a public key. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/minisign.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct err err = { 0 };

	(void)argc;
	(void)argv;
	if (crypto_init(&err) < 0)
		abort();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t prehash[MINISIGN_PREHASH_BYTES];
	struct minisign_signature signature;
	struct minisign_public key = { { 0 }, { 0 } };
	char *text = xstrndup((const char *)data, size);
	struct err err = { 0 };

	(void)!minisign_public_read(text, &key, &err);
	if (minisign_read(text, size, &signature, &err) == 0) {
		memcpy(key.number, signature.number, sizeof(key.number));
		(void)!minisign_check(&key, prehash, &signature, &err);
	}
	free(text);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* An age file for a key that everybody knows, in binary and in armour. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "crypto/age.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const char *at;
	size_t left;
};

static struct secret *identity;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct err err = { 0 };

	(void)argc;
	(void)argv;
	if (crypto_init(&err) < 0)
		abort();
	identity = secret_new(AGE_KEY_BYTES);
	memset(identity->data, 'B', AGE_KEY_BYTES);
	return 0;
}

static ssize_t
read_input(void *arg, void *to, size_t room, struct err *err)
{
	struct input *input = arg;
	const size_t part = input->left < room ? input->left : room;

	(void)err;
	memcpy(to, input->at, part);
	input->at += part;
	input->left -= part;
	return (ssize_t)part;
}

static void
open_file(const char *bytes, size_t len)
{
	struct input input = { bytes, len };
	const struct byte_source source = { read_input, &input };
	struct err err = { 0 };
	struct age_reader *reader = age_decrypt(
	    (const struct secret *const *)&identity, 1, &source, &err);
	char piece[1024];

	while (reader && age_read(reader, piece, sizeof(piece), &err) > 0)
		;
	age_reader_free(reader);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf binary = BUF_INIT;
	struct err err = { 0 };

	if (age_dearmor((const char *)data, size, &binary, &err) == 0)
		open_file(binary.data, binary.len);
	else
		open_file((const char *)data, size);
	buf_release(&binary);
	return 0;
}

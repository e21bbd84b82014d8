/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages of any bytes, as if each had been authenticated: the trees are walked,
 * every row is read and weighed.  Nothing may be read outside of a page, and
 * no loop may be longer than the pages are.
 *
 * A page of the input is two lengths of 2 bytes, little end first, then so
 * many bytes of its beginning and so many of its end, zeroes between them; a
 * first length of 0xffff, and nothing else, is a page that is damaged.  The
 * corpus began with the clear pages of small vaults.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/secret.h"
#include "storage/doctor_internal.h"

enum { PAGES_MAX = 256 };

struct input {
	uint8_t pages[PAGES_MAX][VAULT_PAGE_BYTES];
	bool damaged[PAGES_MAX];
};

static int
read_input(void *arg, uint32_t page, uint8_t *bytes, struct err *err)
{
	const struct input *input = arg;

	(void)err;
	if (page == 0 || page > PAGES_MAX || input->damaged[page - 1])
		return 0;
	memcpy(bytes, input->pages[page - 1], VAULT_PAGE_BYTES);
	return 1;
}

/* Takes a piece of at most `room` bytes off the input. */
static size_t
take(const uint8_t **data, size_t *size, size_t wanted, size_t room)
{
	size_t len = wanted < room ? wanted : room;

	len = len < *size ? len : *size;
	*data += len;
	*size -= len;
	return len;
}

static uint32_t
fill_pages(struct input *input, const uint8_t *data, size_t size)
{
	uint32_t pages = 0;

	for (; size >= 2 && pages < PAGES_MAX; pages++) {
		const size_t head = (size_t)data[0] | (size_t)data[1] << 8;
		uint8_t *page = input->pages[pages];
		const uint8_t *from;
		size_t tail, len;

		take(&data, &size, 2, 2);
		input->damaged[pages] = head == 0xffff || size < 2;
		if (input->damaged[pages])
			continue;
		tail = (size_t)data[0] | (size_t)data[1] << 8;
		take(&data, &size, 2, 2);
		from = data;
		len = take(&data, &size, head, VAULT_PAGE_BYTES);
		memcpy(page, from, len);
		from = data;
		len = take(&data, &size, tail, VAULT_PAGE_BYTES - len);
		memcpy(page + VAULT_PAGE_BYTES - len, from, len);
	}
	return pages;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool ready;
	struct input *input = calloc(1, sizeof(*input));
	struct tree_source source = { .read = read_input, .arg = input };
	struct gathered *all = calloc(1, sizeof(*all));
	struct doctor_options options = { 0 };
	struct doctor_report report = { 0 };
	struct rescue rescue = {
		.all = all, .options = &options, .report = &report
	};
	struct err err = { 0 };

	if (!ready && crypto_init(&err) == 0)
		ready = true;
	if (!all || !input)
		goto out;
	source.pages = fill_pages(input, data, size);
	if (gather_rows(all, &source, NULL, &err) == 0 &&
	    rescue_run(&rescue, &err) == 0)
		lost_say_rows(&rescue, 0, &err);
	rescue_release(&rescue);
	gathered_release(all);
	doctor_report_release(&report);
out:
	free(input);
	free(all);
	return 0;
}

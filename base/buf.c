/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

char buf_empty[1];

void
buf_init(struct buf *buf, size_t max)
{
	*buf = (struct buf){ .data = buf_empty, .max = max };
}

void
buf_release(struct buf *buf)
{
	if (buf->room)
		free(buf->data);
	buf_init(buf, buf->max);
}

void
buf_wipe_release(struct buf *buf)
{
	if (buf->room)
		explicit_bzero(buf->data, buf->room);
	buf_release(buf);
}

void
buf_clear(struct buf *buf)
{
	buf_cut(buf, 0);
	buf->full = false;
}

void
buf_cut(struct buf *buf, size_t len)
{
	assert(len <= buf->len);
	buf->len = len;
	if (buf->room)
		buf->data[len] = '\0';
}

void
buf_add(struct buf *buf, const void *bytes, size_t len)
{
	if (buf->full || len > buf->max - buf->len) {
		buf->full = true;
		return;
	}
	if (buf->len + len + 1 > buf->room) {
		char *grown = buf->room ? buf->data : NULL;

		mem_grow(&grown, &buf->room, buf->len + len + 1, 1);
		buf->data = grown;
	}
	if (len)
		memcpy(buf->data + buf->len, bytes, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void
buf_add_char(struct buf *buf, char c)
{
	buf_add(buf, &c, 1);
}

void
buf_add_text(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void
buf_addf(struct buf *buf, const char *fmt, ...)
{
	va_list args;
	char *text = NULL;
	int len;

	va_start(args, fmt);
	len = vasprintf(&text, fmt, args);
	va_end(args);
	if (len < 0) {
		buf->full = true;
		return;
	}
	buf_add(buf, text, (size_t)len);
	free(text);
}

char *
buf_detach(struct buf *buf)
{
	char *bytes = buf->room ? buf->data : xstrdup("");

	buf_init(buf, buf->max);
	return bytes;
}

bool
buf_is_full(const struct buf *buf)
{
	return buf->full;
}

int
buf_check(const struct buf *buf, const char *what, struct err *err)
{
	if (!buf->full)
		return 0;
	return err_set(
	    err, ERR_LIMIT, _("%s is larger than %zu bytes"), what, buf->max);
}

static uint64_t
load(const uint8_t *from, int bytes, bool big)
{
	uint64_t value = 0;

	for (int i = 0; i < bytes; i++)
		value |= (uint64_t)from[i] << (8 * (big ? bytes - 1 - i : i));
	return value;
}

static void
store_le(uint8_t *to, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		to[i] = (uint8_t)(value >> (8 * i));
}

uint32_t
load_le32(const uint8_t *from)
{
	return (uint32_t)load(from, 4, false);
}

uint64_t
load_le64(const uint8_t *from)
{
	return load(from, 8, false);
}

uint32_t
load_be32(const uint8_t *from)
{
	return (uint32_t)load(from, 4, true);
}

void
store_le32(uint8_t *to, uint32_t value)
{
	store_le(to, value, 4);
}

void
store_le64(uint8_t *to, uint64_t value)
{
	store_le(to, value, 8);
}

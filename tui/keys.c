/* SPDX-License-Identifier: Apache-2.0 */
#include "tui/keys.h"

#include "base/i18n.h"

bool
key_is_text(int key)
{
	return key >= ' ' && key != 0x7f && key < K_SPECIAL;
}

int
key_digit(int key)
{
	static const int azerty[] = { 0xe0 /* à */, '&', 0xe9 /* é */, '"',
		'\'', '(', '-', 0xe8 /* è */, '_', 0xe7 /* ç */ };

	if (key >= '0' && key <= '9')
		return key - '0';
	for (int digit = 0; digit < (int)ARRAY_LEN(azerty); digit++)
		if (azerty[digit] == key)
			return digit;
	return -1;
}

void
key_add_text(int key, struct buf *out)
{
	if (key < 0x80) {
		buf_add_char(out, (char)key);
		return;
	}
	if (key < 0x800) {
		buf_add_char(out, (char)(0xc0 | key >> 6));
	} else {
		if (key < 0x10000) {
			buf_add_char(out, (char)(0xe0 | key >> 12));
		} else {
			buf_add_char(out, (char)(0xf0 | key >> 18));
			buf_add_char(out, (char)(0x80 | (key >> 12 & 0x3f)));
		}
		buf_add_char(out, (char)(0x80 | (key >> 6 & 0x3f)));
	}
	buf_add_char(out, (char)(0x80 | (key & 0x3f)));
}

static const struct {
	int key;
	const char *name;
} names[] = {
	{ K_TAB, N_("Tab") },
	{ K_ENTER, N_("Enter") },
	{ K_ESC, N_("Esc") },
	{ ' ', N_("Space") },
	{ K_UP, N_("Up") },
	{ K_DOWN, N_("Down") },
	{ K_LEFT, N_("Left") },
	{ K_RIGHT, N_("Right") },
	{ K_HOME, N_("Home") },
	{ K_END, N_("End") },
	{ K_PAGE_UP, N_("PgUp") },
	{ K_PAGE_DOWN, N_("PgDn") },
	{ K_DELETE, N_("Del") },
	{ K_BACKSPACE, N_("Backspace") },
	{ K_BACKTAB, N_("Shift-Tab") },
};

void
key_add_name(int key, struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (names[i].key == key) {
			buf_add_text(out, _(names[i].name));
			return;
		}
	if (key > K_F0 && key <= K_F(12))
		buf_addf(out, "F%d", key - K_F0);
	else if (key > 0 && key < ' ')
		buf_addf(out, "^%c", key + '@');
	else if (key_is_text(key))
		key_add_text(key, out);
}

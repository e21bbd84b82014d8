/* SPDX-License-Identifier: Apache-2.0 */
#include "tui/keymap.h"

#include "tui/keys.h"

const struct binding common_keys[] = {
	{ K_UP, ACT_UP },
	{ 'k', ACT_UP },
	{ K_DOWN, ACT_DOWN },
	{ 'j', ACT_DOWN },
	{ K_LEFT, ACT_LEFT },
	{ K_RIGHT, ACT_RIGHT },
	{ K_PAGE_UP, ACT_PAGE_UP },
	{ K_PAGE_DOWN, ACT_PAGE_DOWN },
	{ K_HOME, ACT_FIRST },
	{ K_END, ACT_LAST },
	{ K_ENTER, ACT_OPEN },
	{ K_ESC, ACT_BACK },
	{ 'q', ACT_BACK },
	{ K_CTRL('c'), ACT_BACK },
	{ K_F(1), ACT_HELP },
	{ '?', ACT_HELP },
	{ 'h', ACT_HELP },
	{ K_F(8), ACT_LANG },
	{ 'l', ACT_LANG },
	{ K_F(9), ACT_SUN },
	{ K_F(11), ACT_LOG },
	{ K_CTRL('q'), ACT_QUIT },
	{ K_CTRL('l'), ACT_REDRAW },
	{ K_CTRL('x'), ACT_LOCK },
	{ K_CTRL('z'), ACT_SUSPEND },
	{ 0, ACT_NONE },
};

static const struct {
	const char *word, *help;
} infos[] = {
#define X(id, word, help) [id] = { word, help },
	ACTIONS(X)
#undef X
};

const char *
action_word(enum action action)
{
	return infos[action].word[0] ? _(infos[action].word) : "";
}

const char *
action_help(enum action action)
{
	return infos[action].help[0] ? _(infos[action].help) : "";
}

static enum action
find(const struct binding *table, int key)
{
	for (; table && table->key; table++)
		if (table->key == key)
			return table->action;
	return ACT_NONE;
}

enum action
keymap_action(const struct binding *own, int key)
{
	const enum action action = find(own, key);

	return action != ACT_NONE ? action : find(common_keys, key);
}

/* The key still means the action: no other table row comes before it. */
static bool
is_live(const struct binding *own, const struct binding *row, bool typing)
{
	if (typing && key_is_text(row->key))
		return false;
	return keymap_action(own, row->key) == row->action;
}

static int
first_key(const struct binding *own, const struct binding *table,
    enum action action, bool typing)
{
	for (; table && table->key; table++)
		if (table->action == action && is_live(own, table, typing))
			return table->key;
	return 0;
}

int
keymap_key(const struct binding *own, enum action action, bool typing)
{
	const int key = first_key(own, own, action, typing);

	return key ? key : first_key(own, common_keys, action, typing);
}

void
keymap_add_keys(
    const struct binding *own, enum action action, bool typing, struct buf *out)
{
	const struct binding *const tables[] = { own, common_keys };
	const char *between = "";

	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		for (const struct binding *row = tables[i]; row && row->key;
		     row++)
			if (row->action == action &&
			    is_live(own, row, typing) &&
			    !(i == 1 && find(own, row->key))) {
				buf_add_text(out, between);
				key_add_name(row->key, out);
				between = ", ";
			}
}

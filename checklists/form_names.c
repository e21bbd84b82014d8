/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/form_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

/* What a reference means. */

/* ---- references ---- */

enum { SHOWN_NAME_MAX = 64, NEAR_MAX = 3 };

static const char *
nearest_name(const struct form_full *full, const char *name, size_t len)
{
	char wanted[SHOWN_NAME_MAX + 1];
	const char *best = NULL;
	size_t distance = NEAR_MAX + 1;

	if (len > SHOWN_NAME_MAX || len < 2)
		return NULL;
	memcpy(wanted, name, len);
	wanted[len] = '\0';
	if (len / 2 < NEAR_MAX)
		distance = len / 2 + 1;
	for (int i = 0; i < full->form.item_count; i++) {
		const char *known = full->form.items[i].name;
		const size_t known_len = strlen(known);
		size_t found;

		/* The lengths alone are that many edits apart. */
		if (known_len >= len + distance || len >= known_len + distance)
			continue;
		found = text_distance(wanted, known);
		if (found < distance) {
			distance = found;
			best = known;
		}
	}
	return best;
}

static int
not_found(const struct form_full *full, const char *path, size_t len,
    const char *name, size_t name_len, struct err *err)
{
	const char *near = nearest_name(full, name, name_len);
	const int shown = len > SHOWN_NAME_MAX ? SHOWN_NAME_MAX : (int)len;

	if (near)
		return err_set(err, ERR_NOT_FOUND,
		    _("there is no item %.*s; is ${%s} meant?"), shown, path,
		    near);
	return err_set(
	    err, ERR_NOT_FOUND, _("there is no item %.*s"), shown, path);
}

int
form_resolve_name(
    const struct form_full *full, const char *name, size_t len, struct err *err)
{
	const int item = name_map_find(&full->names, name, len);
	char shown[SHOWN_NAME_MAX + sizeof("${}")];

	if (item >= 0 && full->same_name[item] < 0)
		return item;
	if (item >= 0)
		return err_set(err, ERR_CONFLICT,
		    _("${%.*s} may be %s or %s: write a path"),
		    (int)(len > 64 ? 64 : len), name,
		    full->form.items[item].path,
		    full->form.items[full->same_name[item]].path);
	snprintf(shown, sizeof(shown), "${%.*s}",
	    (int)(len > SHOWN_NAME_MAX ? SHOWN_NAME_MAX : len), name);
	return not_found(full, shown, strlen(shown), name, len, err);
}

int
form_member(
    const struct form_full *full, int group, const char *name, size_t len)
{
	int item = name_map_find(&full->names, name, len);

	while (item >= 0 && full->form.items[item].parent != group)
		item = full->same_name[item];
	return item;
}

/* "${ name }" too: spaces in the braces mean nothing. */
static int
resolve_trimmed(const struct form_full *full, const char *start,
    const char *stop, struct err *err)
{
	while (start < stop && *start == ' ')
		start++;
	while (stop > start && stop[-1] == ' ')
		stop--;
	return form_resolve_name(full, start, (size_t)(stop - start), err);
}

/* The first step: where the walk starts; -2 with err. */
static int
start_of(const struct form_full *full, int self, const char **path,
    const char *end, struct err *err)
{
	const char *p = *path, *stop;
	int item;

	if (end - p > 3 && strncmp(p, "${", 2) == 0) {
		stop = memchr(p, '}', (size_t)(end - p));
		if (!stop)
			return not_found(full, p, (size_t)(end - p), p, 0, err),
			       -2;
		item = resolve_trimmed(full, p + 2, stop, err);
		*path = stop + 1;
		return item < 0 ? -2 : item;
	}
	if (*p != '/')
		return self;
	for (stop = ++p; stop < end && *stop != '/';)
		stop++;
	if (strlen(full->form.root) != (size_t)(stop - p) ||
	    strncmp(full->form.root, p, (size_t)(stop - p)) != 0) {
		err_set(err, ERR_NOT_FOUND,
		    _("absolute paths of this form begin with /%s"),
		    full->form.root);
		return -2;
	}
	*path = stop;
	return -1;
}

/* One step; -2 where it leads nowhere. */
static int
step(const struct form_full *full, int at, const char *name, size_t len)
{
	int member;

	if (len == 1 && name[0] == '.')
		return at;
	if (len == 2 && name[0] == '.' && name[1] == '.')
		return at < 0 ? -2 : full->form.items[at].parent;
	member = form_member(full, at, name, len);
	return member < 0 ? -2 : member;
}

/*
 * The innermost repeat around `self` that is or holds `item`: an absolute
 * path means what is in the same row of it, as in JavaRosa.
 */
static int
shared_repeat(const struct form *form, int self, int item)
{
	int repeat = self < 0 ? -1 : form->items[self].repeat;

	while (
	    repeat >= 0 && !(repeat <= item && item < form->items[repeat].end))
		repeat = form->items[repeat].repeat;
	return repeat;
}

/* The repeat whose row is left standing by a path that climbed to `top`. */
static int
repeat_at(const struct form *form, int top)
{
	if (top < 0)
		return -1;
	return form->items[top].type == ITEM_REPEAT ? top
						    : form->items[top].repeat;
}

/* "${/data/a}" and "${../a}" are paths in braces, in texts made of XForms. */
static bool
is_path_in_braces(const char *path, size_t len)
{
	return len > 3 && strncmp(path, "${", 2) == 0 && path[len - 1] == '}' &&
	    (path[2] == '/' || path[2] == '.');
}

int
form_resolve(const struct form_full *full, int self, const char *path,
    size_t len, int *row_of, struct err *err)
{
	const char *p = path, *end = path + len;
	bool climbs;
	int at, top;

	if (is_path_in_braces(path, len))
		return form_resolve(full, self, path + 2, len - 3, row_of, err);
	climbs = *path != '/' && *path != '$';
	at = start_of(full, self, &p, end, err);
	top = at;
	if (at == -2)
		return -1;
	while (p < end) {
		const char *name;

		while (p < end && *p == '/')
			p++;
		for (name = p; p < end && *p != '/';)
			p++;
		if (p == name)
			continue;
		at = step(full, at, name, (size_t)(p - name));
		if (p - name == 2 && strncmp(name, "..", 2) == 0)
			top = at;
		if (at == -2)
			return not_found(
			    full, path, len, name, (size_t)(p - name), err);
	}
	if (at < 0)
		return err_set(err, ERR_UNSUPPORTED,
		    _("%.*s is the whole form, not an item"),
		    (int)(len > 64 ? 64 : len), path);
	if (row_of)
		*row_of = climbs ? repeat_at(&full->form, top)
				 : shared_repeat(&full->form, self, at);
	return at;
}

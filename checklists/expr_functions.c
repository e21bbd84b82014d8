/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

/* Finding a function by its name, and what is said where there is none. */

static const struct function *const tables[] = { functions_logic,
	functions_text, functions_number, functions_date, functions_nodes,
	functions_geo, functions_digest, functions_files };

/* Functions of ODK that this version lacks; a row is a name. */
static const char *const not_yet[] = { "extract-signed", "geofence",
	"intersects", "jr:itext", "itext", "lang", "property", "version",
	"depend" };

/* Functions of the Community Health Toolkit, which no XLSForm engine has. */
static const char *const of_cht[] = { "difference-in-months", "add-date",
	"parse-timestamp-to-date", "z-score", "to-bikram-sambat" };

static bool
is_among(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* The function whose name is fewest edits away, or NULL when all are far. */
static const char *
nearest(const char *name)
{
	const char *best = NULL;
	size_t distance = strlen(name) / 2 < 3 ? strlen(name) / 2 + 1 : 4;

	for (size_t t = 0; t < ARRAY_LEN(tables); t++)
		for (const struct function *f = tables[t]; f->name; f++) {
			const size_t found = text_distance(name, f->name);

			if (found < distance) {
				distance = found;
				best = f->name;
			}
		}
	return best;
}

const struct function *
function_find(const char *name, struct err *err)
{
	const char *near;

	for (size_t t = 0; t < ARRAY_LEN(tables); t++)
		for (const struct function *f = tables[t]; f->name; f++)
			if (strcmp(f->name, name) == 0)
				return f;
	if (is_among(not_yet, ARRAY_LEN(not_yet), name)) {
		err_set(err, ERR_UNSUPPORTED,
		    _("%s() is not supported by this version"), name);
	} else if (is_among(of_cht, ARRAY_LEN(of_cht), name) ||
	    strncmp(name, "cht:", 4) == 0) {
		err_set(err, ERR_UNSUPPORTED,
		    _("%s() belongs to the Community Health Toolkit, not to "
		      "XLSForm"),
		    name);
	} else if (strlen(name) < 64 && (near = nearest(name))) {
		err_set(err, ERR_NOT_FOUND,
		    _("there is no function %s(); is %s() meant?"), name, near);
	} else {
		err_set(err, ERR_NOT_FOUND, _("there is no function %.64s()"),
		    name);
	}
	return NULL;
}

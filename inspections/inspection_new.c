/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "inspections/inspection_internal.h"
#include "inspections/site.h"
#include "storage/log.h"

/* Making an inspection: a mission for others, or one's own. */

static int
check_site(struct vault *vault, const char *site, struct err *err)
{
	struct site found;
	const int result = site_find(vault, site, &found, err);

	if (result < 0)
		return -1;
	if (result == 0)
		return err_set(err, ERR_NOT_FOUND, _("%s: no such site"), site);
	site_release(&found);
	return 0;
}

static int
check_checklist(
    struct vault *vault, const struct hash *checklist, struct err *err)
{
	struct form *form = checklist_open(vault, checklist, err);

	if (!form)
		return err_wrap(err, _("cannot use the checklist"));
	form_free(form);
	return 0;
}

static json_t *
base_body(const char *site, const struct hash *checklist)
{
	json_t *body = json_object();
	char hex[HASH_HEX_MAX];

	hash_to_hex(checklist, hex);
	json_put_text(body, "site", site);
	json_put_text(body, "checklist", hex);
	return body;
}

static int
make(struct vault *vault, enum kind kind, json_t *body, char id[ID_MAX],
    struct err *err)
{
	int result;

	id_new(ID_INSPECTION, id);
	result = log_append(vault, id, kind_name(kind), body, NULL, err);
	json_decref(body);
	return result;
}

int
mission_new(struct vault *vault, const char *site, const struct hash *checklist,
    const char *const *people, size_t count, const char *due, char id[ID_MAX],
    struct err *err)
{
	json_t *body, *to;

	if (role_check(vault, KIND_MISSION, _("send a mission"), err) < 0 ||
	    check_site(vault, site, err) < 0 ||
	    check_checklist(vault, checklist, err) < 0)
		return -1;
	if (count == 0)
		return err_set(err, ERR_VALUE,
		    _("a mission needs at least one person to go"));
	for (size_t i = 0; i < count; i++)
		if (!id_is(ID_PERSON, people[i]))
			return err_set(err, ERR_VALUE,
			    _("%s does not name a person"), people[i]);
	if (due && *due && !clock_is_date(due))
		return err_set(err, ERR_VALUE,
		    _("%s is no date; write it as 2026-11-30"), due);

	body = base_body(site, checklist);
	to = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(to, json_string(people[i]));
	json_object_set_new(body, "to", to);
	if (due && *due)
		json_put_text(body, "due", due);
	return make(vault, KIND_MISSION, body, id, err);
}

int
inspection_new(struct vault *vault, const char *site,
    const struct hash *checklist, char id[ID_MAX], struct err *err)
{
	if (role_check(vault, KIND_OPEN, _("begin an inspection"), err) < 0 ||
	    check_site(vault, site, err) < 0 ||
	    check_checklist(vault, checklist, err) < 0)
		return -1;
	return make(vault, KIND_OPEN, base_body(site, checklist), id, err);
}

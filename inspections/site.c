/* SPDX-License-Identifier: Apache-2.0 */
#include "inspections/site.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "inspections/complete.h"
#include "inspections/roles.h"
#include "storage/db.h"
#include "storage/log.h"
#include "storage/vault.h"

/* What a person writes and reads; site_project.c makes the table. */

void
site_release(struct site *site)
{
	free(site->name);
	free(site->sector);
	free(site->organisation);
	free(site->category);
	memset(site, 0, sizeof(*site));
}

static int
check_name(const char *name, struct err *err)
{
	if (text_is_blank(name))
		return err_set(err, ERR_VALUE, _("a site needs a name"));
	return text_check_clean(
	    name, TEXT_NAME_MAX, false, _("the site's name"), err);
}

static int
check_site(const char *name, const char *sector, const char *organisation,
    const char *category, struct err *err)
{
	if (check_name(name, err) < 0)
		return -1;
	if (sector &&
	    text_check_clean(
		sector, TEXT_NAME_MAX, false, _("the sector"), err) < 0)
		return -1;
	if (organisation &&
	    text_check_clean(organisation, TEXT_NAME_MAX, false,
		_("the organisation"), err) < 0)
		return -1;
	if (category && *category &&
	    strcmp(category, CATEGORY_INFRASTRUCTURE) != 0 &&
	    strcmp(category, CATEGORY_PUBLIC_PLACE) != 0)
		return err_set(err, ERR_VALUE,
		    _("%s is no category of sites; use %s or %s"), category,
		    CATEGORY_INFRASTRUCTURE, CATEGORY_PUBLIC_PLACE);
	return 0;
}

int
site_add(struct vault *vault, const char *name, const char *sector,
    const char *organisation, const char *category, char id[ID_MAX],
    struct err *err)
{
	json_t *body;
	char *nfc;
	int result;

	if (check_site(name, sector, organisation, category, err) < 0 ||
	    role_check(vault, KIND_SITE, _("add a site"), err) < 0)
		return -1;
	id_new(ID_SITE, id);
	nfc = text_nfc(name);
	body = json_object();
	json_put_text(body, "name", nfc);
	json_put_text(body, "sector", sector);
	json_put_text(body, "organisation", organisation);
	json_put_text(body, "category", category);
	result = log_append(vault, id, kind_name(KIND_SITE), body, NULL, err);
	json_decref(body);
	free(nfc);
	return result;
}

int
site_rename(
    struct vault *vault, const char *id, const char *name, struct err *err)
{
	struct site site;
	json_t *body;
	char *nfc;
	int found, result;

	if (check_name(name, err) < 0 ||
	    role_check(vault, KIND_RENAME, _("rename a site"), err) < 0)
		return -1;
	found = site_find(vault, id, &site, err);
	if (found < 0)
		return -1;
	if (found == 0)
		return err_set(err, ERR_NOT_FOUND, _("%s: no such site"), id);
	site_release(&site);
	nfc = text_nfc(name);
	body = json_object();
	json_put_text(body, "name", nfc);
	result = log_append(vault, id, kind_name(KIND_RENAME), body, NULL, err);
	json_decref(body);
	free(nfc);
	return result;
}

/* ---- reading ---- */

static char *
column(struct db_query *query, int at)
{
	const char *text = db_text(query, at);

	return xstrdup(text ? text : "");
}

static void
read_row(struct db_query *query, struct site *site)
{
	const char *id = db_text(query, 0);

	memset(site, 0, sizeof(*site));
	memcpy(site->id, id, strnlen(id, ID_MAX - 1));
	site->name = column(query, 1);
	site->sector = column(query, 2);
	site->organisation = column(query, 3);
	site->category = column(query, 4);
	site->time = db_int(query, 5);
}

/* All rows before the first call, since the callee may ask again. */
int
site_each(struct vault *vault,
    int (*each)(void *arg, const struct site *site, struct err *err), void *arg,
    struct err *err)
{
	struct db_query *query = db_query(vault_db(vault),
	    "SELECT id, name, sector, organisation, category, time FROM site"
	    " ORDER BY search, id",
	    err);
	struct site *sites = NULL;
	size_t count = 0, room = 0;
	int step, result = -1;

	if (!query)
		return -1;
	while ((step = db_step(query, err)) > 0) {
		mem_grow(&sites, &room, count + 1, sizeof(*sites));
		read_row(query, &sites[count++]);
	}
	if (step < 0)
		goto out;
	for (size_t i = 0; i < count; i++)
		if (each(arg, &sites[i], err) < 0)
			goto out;
	result = 0;
out:
	for (size_t i = 0; i < count; i++)
		site_release(&sites[i]);
	free(sites);
	return result;
}

int
site_find(
    struct vault *vault, const char *id, struct site *site, struct err *err)
{
	struct db_query *query = db_query(vault_db(vault),
	    "SELECT id, name, sector, organisation, category, time FROM site"
	    " WHERE id = ?1",
	    err);
	int step;

	if (!query)
		return -1;
	db_bind_text(query, 1, id);
	step = db_step(query, err);
	if (step > 0) {
		read_row(query, site);
		db_reset(query);
	}
	return step;
}

static int
offer(void *arg, const struct site *site, struct err *err)
{
	struct completion *completion = arg;

	(void)err;
	completion_offer(completion, site->id, site->name,
	    id_starts(site->id, completion->typed));
	return 0;
}

int
site_complete(
    struct vault *vault, const char *typed, char id[ID_MAX], struct err *err)
{
	struct completion completion;
	struct err trouble = { 0 };

	completion_begin(&completion, typed);
	if (site_each(vault, offer, &completion, &trouble) < 0) {
		struct err ignored = { 0 };

		completion_end(&completion, "", &ignored);
		*err = trouble;
		return -1;
	}
	if (completion_end(&completion, _("no such site"), err) < 0)
		return -1;
	memcpy(id, completion.id, ID_MAX);
	return 0;
}

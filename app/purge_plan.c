/* SPDX-License-Identifier: Apache-2.0 */
#include "app/purge_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/setup.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "inspections/inspection.h"
#include "storage/log.h"
#include "storage/tombstone.h"

int
purge_plan_begin(struct purge_plan *plan, struct vault *vault, struct err *err)
{
	*plan = (struct purge_plan){ .vault = vault };
	plan->cover = cover_load(vault, setup_contents(), err);
	return plan->cover ? 0 : -1;
}

void
purge_plan_release(struct purge_plan *plan)
{
	cover_free(plan->cover);
	for (size_t i = 0; i < plan->count; i++)
		free(plan->items[i].site_name);
	free(plan->items);
	*plan = (struct purge_plan){ 0 };
}

static struct purge_item *
add_item(struct purge_plan *plan, const char *id, const char *site_name)
{
	struct purge_item *item;

	mem_grow(
	    &plan->items, &plan->room, plan->count + 1, sizeof(*plan->items));
	item = &plan->items[plan->count++];
	*item = (struct purge_item){ .site_name = xstrdup(site_name) };
	snprintf(item->id, sizeof(item->id), "%s", id);
	return item;
}

static void
stay(struct purge_item *item, const char *why)
{
	item->goes = false;
	snprintf(item->why, sizeof(item->why), "%s", why);
}

static int
judge(struct purge_plan *plan, struct purge_item *item,
    const struct inspection_info *info, struct err *err)
{
	if (cover_subject(plan->cover, item->id, &item->coverage, err) < 0)
		return -1;
	item->goes = item->coverage.is_covered;
	if (item->goes)
		hash_to_hex(&item->coverage.receipt, item->receipt);
	else
		stay(item, item->coverage.why);
	if (!info || info->stage == STAGE_EXPORTED)
		return 0;
	item->coverage.is_covered = false;
	stay(item,
	    info->stage == STAGE_SIGNED
		? _("signed, but not handed over yet")
		: _("it is under way: not signed, or corrected since"));
	return 0;
}

/* ---- all ---- */

struct receiving {
	struct purge_plan *plan;
	int64_t before;
};

static int
receive(void *arg, const struct inspection_info *info, struct err *err)
{
	const struct receiving *receiving = arg;
	struct purge_item *item =
	    add_item(receiving->plan, info->id, info->site_name);

	item->changed = info->changed;
	if (judge(receiving->plan, item, info, err) < 0)
		return -1;
	if (item->goes && info->changed >= receiving->before)
		stay(item, _("it changed too lately"));
	return 0;
}

/* What came of a subject after it was purged is in no list. */
static int
receive_rest(void *arg, const char *subject, struct err *err)
{
	struct purge_plan *plan = arg;
	int found;

	if (subject[0] != ID_INSPECTION)
		return 0;
	for (size_t i = 0; i < plan->count; i++)
		if (strcmp(plan->items[i].id, subject) == 0)
			return 0;
	found = tombstone_is_open(plan->vault, subject, NULL, err);
	if (found <= 0)
		return found;
	return judge(plan, add_item(plan, subject, ""), NULL, err);
}

int
purge_plan_received(struct purge_plan *plan, int64_t before, struct err *err)
{
	struct receiving receiving = { plan, before };

	if (inspection_each(plan->vault, receive, &receiving, err) < 0)
		return -1;
	return log_subjects(plan->vault, receive_rest, plan, err);
}

/* ---- one ---- */

static bool
has_item(const struct purge_plan *plan, const char *id)
{
	for (size_t i = 0; i < plan->count; i++)
		if (strcmp(plan->items[i].id, id) == 0)
			return true;
	return false;
}

static int
refuse(struct purge_plan *plan, const struct purge_item *item, struct err *err)
{
	(void)plan;
	return err_set(err, ERR_DENIED,
	    _("%s (%s) stays: %s; \"--even-unreceived --reason TEXT\" would "
	      "destroy it all the same"),
	    item->id, item->site_name, item->why);
}

int
purge_plan_add(
    struct purge_plan *plan, const char *typed, bool force, struct err *err)
{
	struct inspection_info info = { 0 };
	struct purge_item *item;
	char id[ID_MAX];
	int found;

	if (inspection_complete(plan->vault, typed, id, err) < 0)
		return -1;
	if (has_item(plan, id))
		return 0;
	found = inspection_find(plan->vault, id, &info, err);
	if (found <= 0)
		return -1;
	item = add_item(plan, id, info.site_name);
	item->changed = info.changed;
	found = judge(plan, item, &info, err);
	inspection_info_release(&info);
	if (found < 0)
		return -1;
	if (!item->goes && !force)
		return refuse(plan, item, err);
	item->goes = true;
	return 0;
}

/* ---- all of it ---- */

int
purge_plan_count(struct purge_plan *plan, struct err *err)
{
	const char **ids = xcalloc(plan->count + 1, sizeof(*ids));
	size_t count = 0;
	int result;

	for (size_t i = 0; i < plan->count; i++)
		if (plan->items[i].goes)
			ids[count++] = plan->items[i].id;
	result = purge_preview(plan->vault, ids, count, &plan->total, err);
	free(ids);
	return result;
}

static int
purge_one(struct purge_plan *plan, const struct purge_item *item,
    const char *reason, struct err *err)
{
	const bool covered = item->coverage.is_covered;
	const struct purge_order order = { .subject = item->id,
		.receipt = covered ? &item->coverage.receipt : NULL,
		.holder = covered ? item->coverage.holder : NULL,
		.reason = reason ? reason : "" };

	return purge_subject(plan->vault, &order, &plan->total, err);
}

int
purge_plan_run(struct purge_plan *plan, const char *reason,
    const struct progress *progress, struct purge_shrink *shrink,
    struct err *err)
{
	plan->total = (struct purge_count){ 0 };
	for (size_t i = 0; i < plan->count; i++) {
		if (!plan->items[i].goes)
			continue;
		if (progress_step(progress, i, plan->count, err) < 0 ||
		    purge_one(plan, &plan->items[i], reason, err) < 0)
			return -1;
	}
	/* What screens keep of them, parsed. */
	inspection_forget(plan->vault);
	if (purge_files(plan->vault, progress, &plan->total, err) < 0)
		return -1;
	return purge_shrink(plan->vault, shrink, err);
}

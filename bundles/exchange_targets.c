/* SPDX-License-Identifier: Apache-2.0 */
#include "bundles/exchange_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "storage/statement.h"

/* For whom bundles are due: from the roster and one's own role. */

struct finding {
	struct targets *targets;
	const struct identity *self;
	struct target supervisors, authorities;
};

static void
add_recipient(struct target *target, const struct roster_entry *entry)
{
	if (target->recipient_count == AGE_RECIPIENTS_MAX)
		return;
	mem_grow(&target->recipients, &target->recipient_room,
	    target->recipient_count + 1, sizeof(*target->recipients));
	target->recipients[target->recipient_count++] = entry->age_recipient;
}

static void
add_device(struct target *target, const struct roster_entry *entry)
{
	if (target->recipient_count == AGE_RECIPIENTS_MAX)
		return;
	mem_grow(&target->devices, &target->device_room,
	    target->device_count + 1, ID_MAX);
	snprintf(target->devices[target->device_count++], ID_MAX, "%s",
	    entry->device);
	add_recipient(target, entry);
}

static void
add_name(struct target *target, const char *name)
{
	char *both;

	if (target->name && strstr(target->name, name))
		return;
	both = target->name ? xasprintf("%s, %s", target->name, name)
			    : xstrdup(name);
	free(target->name);
	target->name = both;
}

/* Entries come by person, so the devices of one are neighbours. */
static void
add_to_person(struct targets *targets, const struct roster_entry *entry)
{
	struct target *last =
	    targets->count ? &targets->all[targets->count - 1] : NULL;

	if (!last || strcmp(last->person, entry->person) != 0) {
		if (targets->count == EXCHANGE_PERSONS_MAX)
			return;
		mem_grow(&targets->all, &targets->room, targets->count + 1,
		    sizeof(*targets->all));
		last = &targets->all[targets->count++];
		snprintf(
		    last->person, sizeof(last->person), "%s", entry->person);
		last->name = xstrdup(entry->name);
	}
	add_device(last, entry);
}

static int
consider(void *arg, const struct roster_entry *entry, struct err *err)
{
	struct finding *finding = arg;

	(void)err;
	if (entry->trust != TRUST_YES)
		return 0;
	if (entry->role == ROLE_AUTHORITY)
		add_recipient(&finding->authorities, entry);
	if (finding->self->role != ROLE_INSPECTOR) {
		add_to_person(finding->targets, entry);
	} else if (entry->role != ROLE_INSPECTOR) {
		add_device(&finding->supervisors, entry);
		add_name(&finding->supervisors, entry->name);
	}
	return 0;
}

static bool
reads(const struct target *target, const struct age_recipient *recipient)
{
	for (size_t i = 0; i < target->recipient_count; i++)
		if (memcmp(target->recipients[i].key, recipient->key,
			AGE_KEY_BYTES) == 0)
			return true;
	return false;
}

/* So that no bundle depends on one key alone. */
static void
add_authorities(struct targets *targets, const struct target *authorities)
{
	for (size_t i = 0; i < targets->count; i++)
		for (size_t j = 0; j < authorities->recipient_count; j++) {
			const struct roster_entry entry = {
				.age_recipient = authorities->recipients[j]
			};

			if (!reads(&targets->all[i], &entry.age_recipient))
				add_recipient(&targets->all[i], &entry);
		}
}

static void
target_release(struct target *target)
{
	free(target->name);
	free(target->devices);
	free(target->recipients);
}

int
targets_find(struct vault *vault, struct targets *targets, struct err *err)
{
	struct finding finding = { .targets = targets,
		.self = identity_get(vault) };
	int result;

	*targets = (struct targets){ 0 };
	if (!finding.self)
		return err_set(err, ERR_DENIED,
		    _("the vault has no person yet: nothing can be sent"));
	result = roster_each(vault, NULL, consider, &finding, err);
	if (result == 0 && finding.supervisors.device_count > 0) {
		mem_grow(
		    &targets->all, &targets->room, 1, sizeof(*targets->all));
		targets->all[targets->count++] = finding.supervisors;
		finding.supervisors = (struct target){ 0 }; /* handed over */
	}
	add_authorities(targets, &finding.authorities);
	target_release(&finding.supervisors);
	target_release(&finding.authorities);
	return result;
}

void
targets_release(struct targets *targets)
{
	for (size_t i = 0; i < targets->count; i++)
		target_release(&targets->all[i]);
	free(targets->all);
	*targets = (struct targets){ 0 };
}

struct count {
	const struct target *target;
	size_t count;
};

static int
count_receipt(void *arg, const struct statement *statement, struct err *err)
{
	struct count *count = arg;
	const char *of = json_opt_text(statement->body, "of");

	(void)err;
	for (size_t i = 0; of && i < count->target->device_count; i++)
		if (strcmp(of, count->target->devices[i]) == 0) {
			count->count++;
			break;
		}
	return 0;
}

int
target_receipts(struct vault *vault, const struct target *target, size_t *count,
    struct err *err)
{
	struct count found = { .target = target };

	if (statement_each(vault, STATEMENT_RECEIPT,
		identity_get(vault)->device, count_receipt, &found, err) < 0)
		return -1;
	*count = found.count;
	return 0;
}

void
target_request(const struct target *target, const char **devices,
    struct export_request *request)
{
	for (size_t i = 0; i < target->device_count; i++)
		devices[i] = target->devices[i];
	*request = (struct export_request){
		.recipients = target->recipients,
		.recipient_count = target->recipient_count,
		.devices = devices,
		.device_count = target->device_count,
	};
}

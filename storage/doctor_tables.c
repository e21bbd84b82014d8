/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "storage/db.h"
#include "storage/db_internal.h"
#include "storage/doctor_internal.h"
#include "storage/log.h"
#include "storage/log_internal.h"
#include "storage/vault_internal.h"

/*
 * Tables that follow from the events: made again inside a transaction and
 * compared with what they were; kept only where that was asked for.
 */
struct comparison {
	struct doctor_report *report;
	struct hash before[DOCTOR_TABLES_MAX];
	size_t next; /* of the second round */
};

static int
note_before(void *arg, const char *name, int64_t rows,
    const struct hash *digest, struct err *err)
{
	struct comparison *all = arg;
	struct doctor_table *table =
	    &all->report->tables[all->report->table_count];

	(void)err;
	assert(all->report->table_count < DOCTOR_TABLES_MAX);
	snprintf(table->name, sizeof(table->name), "%s", name);
	table->rows = rows;
	all->before[all->report->table_count++] = *digest;
	return 0;
}

static int
compare_after(void *arg, const char *name, int64_t rows,
    const struct hash *digest, struct err *err)
{
	struct comparison *all = arg;
	struct doctor_table *table = &all->report->tables[all->next];

	(void)err;
	table->right_rows = rows;
	table->differs = !hash_equal(digest, &all->before[all->next++]);
	if (!table->differs)
		return 0;
	doctor_find(all->report,
	    &(struct doctor_finding){
		.part = "table", .byte = -1, .table = table->name },
	    _("the table %s does not follow from the events: it has %lld rows, "
	      "made again %lld"),
	    name, (long long)table->rows, (long long)rows);
	return 0;
}

static int
make_again(struct vault *vault, const struct doctor_options *options,
    struct comparison *all, struct err *err)
{
	if (projection_tables(vault, note_before, all, err) < 0)
		return -1;
	doctor_stage(options, _("Making the tables again"));
	if (projection_run_all(vault, err) < 0)
		return -1;
	doctor_stage(options, _("Comparing the tables"));
	return projection_tables(vault, compare_after, all, err);
}

int
check_tables(struct vault *vault, const struct doctor_options *options,
    struct doctor_report *report, struct err *err)
{
	struct comparison all = { .report = report };

	doctor_stage(options, _("Reading the tables"));
	if (db_begin(vault->db, err) < 0)
		return -1;
	if (make_again(vault, options, &all, err) < 0) {
		db_rollback(vault->db);
		return -1;
	}
	if (!options->rebuild) {
		db_rollback(vault->db);
		return 0;
	}
	if (db_commit(vault->db, err) < 0)
		return -1;
	report->rebuilt = true;
	return 0;
}

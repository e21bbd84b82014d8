/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "report/csv.h"
#include "report/export_internal.h"

/*
 * The log of answers as the audit that ODK Collect writes, with changes
 * tracked and users named (https://docs.getodk.org/form-audit-log/): a row an
 * answer, times in milliseconds.
 */

struct audit {
	const struct exported *exported;
	struct buf *out;
};

static void
add_row(
    struct buf *out, const char *event, int64_t time, const char *const rest[4])
{
	char *when = xasprintf("%" PRId64, time);

	csv_add_cell(out, event, true);
	csv_add_cell(out, rest[0], false);
	csv_add_cell(out, when, false);
	csv_add_cell(out, when, false);
	for (int i = 1; i < 4; i++)
		csv_add_cell(out, rest[i], false);
	buf_add_text(out, "\r\n");
	free(when);
}

static int
add_step(void *arg, const struct trail_step *step, struct err *err)
{
	const struct audit *audit = arg;
	struct buf node = BUF_INIT;

	(void)err;
	buf_addf(&node, "/%s/", audit->exported->form->root);
	if (step->place >= 0)
		state_add_numbered(audit->exported->state, step->place, &node);
	else
		buf_add_text(&node, step->path);
	const char *const rest[4] = { node.data, step->before, step->value,
		step->person };

	add_row(audit->out, "question", step->time, rest);
	buf_release(&node);
	return 0;
}

int
export_audit(const struct exported *exported, struct buf *out, struct err *err)
{
	struct audit audit = { exported, out };
	size_t count;
	const struct signature *signatures;

	buf_add_text(out, "event,node,start,end,old-value,new-value,user\r\n");
	if (inspection_trail(exported->inspection, add_step, &audit, err) < 0)
		return -1;
	signatures = inspection_signatures(exported->inspection, &count);
	for (size_t i = 0; i < count; i++) {
		const char *const rest[4] = { "", "", "",
			signatures[i].person };

		add_row(out, "form finalize", signatures[i].time, rest);
	}
	return 0;
}

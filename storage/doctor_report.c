/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "storage/doctor_internal.h"

void
doctor_stage(const struct doctor_options *options, const char *title)
{
	if (options->stage)
		options->stage(options->stage_arg, title);
}

void
doctor_find(struct doctor_report *report, const struct doctor_finding *finding,
    const char *fmt, ...)
{
	struct doctor_finding *kept;
	va_list args;

	report->found++;
	if (report->count == DOCTOR_FINDINGS_MAX)
		return;
	if (!report->findings)
		report->findings =
		    xcalloc(DOCTOR_FINDINGS_MAX, sizeof(*report->findings));
	kept = &report->findings[report->count++];
	*kept = *finding;
	kept->table = finding->table ? xstrdup(finding->table) : NULL;
	kept->subject = finding->subject ? xstrdup(finding->subject) : NULL;
	va_start(args, fmt);
	if (vasprintf(&kept->text, fmt, args) < 0)
		kept->text = xstrdup(fmt);
	va_end(args);
}

void
doctor_report_release(struct doctor_report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		free(report->findings[i].text);
		free((char *)(uintptr_t)report->findings[i].table);
		free((char *)(uintptr_t)report->findings[i].subject);
	}
	free(report->findings);
	free(report->notice);
	free(report->trouble);
	free(report->last_event);
	*report = (struct doctor_report){ 0 };
}

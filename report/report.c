/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "report/facts.h"
#include "report/formats.h"

enum { REPORT_BYTES_MAX = 64 * 1024 * 1024 };

/* A format is a row: its name and who writes it. */
static const struct {
	const char *code;
	int (*write)(
	    const struct facts *facts, struct buf *out, struct err *err);
} formats[] = {
	[REPORT_TEXT] = { "text", report_text },
	[REPORT_HTML] = { "html", report_html },
	[REPORT_CSV] = { "csv", report_csv },
};

const struct fact_list fact_lists[FACT_LIST_COUNT] = {
	{ FACT_URGENT, N_("Needs immediate attention") },
	{ FACT_STRENGTH, N_("Strengths") },
	{ FACT_NEED, N_("Needs") },
};

bool
report_format_find(const char *code, enum report_format *format)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (strcmp(code, formats[i].code) == 0) {
			*format = (enum report_format)i;
			return true;
		}
	return false;
}

void
report_score_text(const struct score *score, char text[SCORE_TEXT_MAX])
{
	if (!score->scored)
		snprintf(text, SCORE_TEXT_MAX, "-");
	else if (score->low == score->high)
		snprintf(text, SCORE_TEXT_MAX, "%d", score->low);
	else
		snprintf(
		    text, SCORE_TEXT_MAX, "%d-%d", score->low, score->high);
}

int
report_write(struct inspection *inspection, enum report_format format,
    enum lang lang, struct buf *out, struct err *err)
{
	const enum lang before = i18n_lang();
	const size_t start = out->len;
	struct facts facts;
	int result;

	i18n_set(lang);
	result = facts_take(&facts, inspection, lang, err);
	if (result == 0)
		result = formats[format].write(&facts, out, err);
	i18n_set(before);
	if (result == 0)
		result = buf_check(out, _("the report"), err);
	if (result < 0)
		buf_cut(out, start);
	return result;
}

int
report_save(struct inspection *inspection, enum report_format format,
    enum lang lang, const char *path, struct err *err)
{
	struct buf out = { .data = buf_empty, .max = REPORT_BYTES_MAX };
	int result = report_write(inspection, format, lang, &out, err);

	if (result == 0)
		result = file_write(path, out.data, out.len, 0600, err);
	buf_wipe_release(&out);
	return result;
}

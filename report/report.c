/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report.h"

#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "report/facts.h"
#include "report/formats.h"
#include "storage/vault.h"

enum { REPORT_BYTES_MAX = 64 * 1024 * 1024 };

/* A format is a row: its name, and how it is drawn; the CSV is a table. */
static const struct {
	const char *code;
	const struct layout *layout;
} formats[] = {
	[REPORT_TEXT] = { "text", &text_layout },
	[REPORT_HTML] = { "html", &html_layout },
	[REPORT_CSV] = { "csv", NULL },
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

static int
write_format(const struct facts *facts, enum report_format format,
    struct buf *out, struct err *err)
{
	if (!formats[format].layout)
		return report_csv(facts, out, err);
	return document_write(facts, formats[format].layout, out, err);
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
		result = write_format(&facts, format, out, err);
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
	int result = vault_spare(path, err);

	if (result == 0)
		result = report_write(inspection, format, lang, &out, err);
	if (result == 0)
		result = file_write(path, out.data, out.len, 0600, err);
	buf_wipe_release(&out);
	return result;
}

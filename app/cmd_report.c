/* SPDX-License-Identifier: Apache-2.0 */
/* ronde report */
#include <stdio.h>
#include <string.h>

#include "app/cli.h"
#include "base/i18n.h"
#include "inspections/inspection.h"
#include "report/report.h"

static const struct cli_option options[] = {
	{ "format", N_("FORMAT"), N_("text, html or csv; text by default") },
	{ "lang", N_("LANGUAGE"), N_("fr or en; else that of the screen") },
	{ "output", N_("FILE"), N_("where to write it; - prints it") },
	{ NULL, NULL, NULL },
};

static int
print_report(struct inspection *inspection, enum report_format format,
    enum lang lang, struct err *err)
{
	struct buf out = BUF_INIT;
	const int result = report_write(inspection, format, lang, &out, err);

	if (result == 0)
		fwrite(out.data, 1, out.len, stdout);
	buf_release(&out);
	return result;
}

static int
write_report(
    struct cli *cli, enum report_format format, enum lang lang, struct err *err)
{
	const char *output = cli_value(cli, "output");
	struct vault *vault = cli_vault(cli, err);
	struct inspection *inspection = NULL;
	char id[ID_MAX];
	int result = -1;

	if (!vault || inspection_complete(vault, cli->operands[0], id, err) < 0)
		return -1;
	inspection = inspection_open(vault, id, err);
	if (!inspection)
		return -1;
	if (strcmp(output, "-") == 0) {
		result = print_report(inspection, format, lang, err);
	} else {
		result = report_save(inspection, format, lang, output, err);
		if (result == 0)
			cli_say(_("%s is in clear: whoever has it can read "
				  "it"),
			    output);
	}
	inspection_close(inspection);
	return result;
}

static int
run(struct cli *cli, struct err *err)
{
	const char *format_code = cli_value(cli, "format"), *output;
	const char *lang_code_given = cli_value(cli, "lang");
	enum report_format format = REPORT_TEXT;
	enum lang lang = i18n_lang();

	if (cli_need(cli, "output", &output, err) < 0)
		return -1;
	if (format_code && !report_format_find(format_code, &format))
		return err_set(err, ERR_USAGE,
		    _("the format is text, html or csv, not %s"), format_code);
	if (lang_code_given && !lang_find(lang_code_given, &lang))
		return err_set(err, ERR_USAGE,
		    _("the language is fr or en, not %s"), lang_code_given);
	return write_report(cli, format, lang, err);
}

const struct cli_command report_commands[] = {
	{ "report", NULL, N_("ID"),
	    N_("write the report of an inspection, in clear"), options, 1, 1,
	    false, run },
	{ 0 },
};

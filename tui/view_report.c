/* SPDX-License-Identifier: Apache-2.0 */
/* A report to a file, which is a way out of the vault in clear. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "inspections/inspection.h"
#include "report/report.h"
#include "tui/ask.h"
#include "tui/paths.h"
#include "tui/ui.h"
#include "tui/views.h"

enum { FIELD_FORMAT, FIELD_LANG, FIELD_PATH };

static const char *const formats[] = { N_("text"),
	N_("HTML, to read and to print"), N_("CSV, for a spreadsheet"), NULL };
static const char *const suffixes[] = { ".txt", ".html", ".csv" };
static const char *const languages[] = { "English", "Français", NULL };

/* Without a suffix the format's own is added. */
static char *
report_path(const struct view *view)
{
	char *path = ask_path(view, FIELD_PATH), *whole;

	if (strchr(file_name(path), '.'))
		return path;
	whole =
	    xasprintf("%s%s", path, suffixes[ask_choice(view, FIELD_FORMAT)]);
	free(path);
	return whole;
}

static enum ask_done
save(struct view *view, void *arg, struct err *err)
{
	const enum report_format format =
	    (enum report_format)ask_choice(view, FIELD_FORMAT);
	const enum lang lang =
	    ask_choice(view, FIELD_LANG) == 0 ? LANG_EN : LANG_FR;
	char *path;
	int status;

	if (text_is_blank(ask_text(view, FIELD_PATH))) {
		ask_focus(view, FIELD_PATH);
		err_set(err, ERR_VALUE, _("a report needs a file to go to"));
		return ASK_FAILED;
	}
	path = report_path(view);
	status = path_check_new(path, err);
	if (status == 0)
		status = report_save(arg, format, lang, path, err);
	if (status == 0)
		ui_tell(view->ui, _("The report is in %s, in clear"), path);
	free(path);
	return status == 0 ? ASK_CLOSE : ASK_FAILED;
}

static const struct ask_spec report_spec = {
	.name = "report",
	.title = N_("a report to a file"),
	.text = N_("Attention: the report is not encrypted. Whoever has the "
		   "file reads everything in it."),
	.fields = {
	    { .kind = ASK_CHOICE, .label = N_("Format"),
		.options = formats },
	    { .kind = ASK_CHOICE, .label = N_("Language"),
		.options = languages },
	    { .kind = ASK_PATH, .label = N_("File") },
	},
	.done = save,
};

struct view *
view_report_new(struct inspection *inspection)
{
	struct view *view = view_ask_new(&report_spec, inspection);
	static const char html[] = ".html";
	char *path = path_free_name("~", inspection_info(inspection)->id, html);

	/* The suffix comes with the format. */
	path[strlen(path) - strlen(html)] = '\0';
	ask_set_choice(view, FIELD_FORMAT, REPORT_HTML);
	ask_set_choice(view, FIELD_LANG, i18n_lang() == LANG_FR ? 1 : 0);
	ask_set_text(view, FIELD_PATH, path);
	free(path);
	return view;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Files that belong to an answer. */
#include <stdlib.h>

#include "base/file.h"
#include "base/mem.h"
#include "storage/blob.h"
#include "tui/ask.h"
#include "tui/fill.h"
#include "tui/ui.h"

static enum ask_done
attach(struct view *view, void *arg, struct err *err)
{
	struct fill *fill = arg;
	char *path = ask_path(view, 0);
	int status = inspection_attach(fill->inspection, fill->item, path, err);

	if (status == 0) {
		const char *name = file_name(path);
		char *folder = xstrndup(path, (size_t)(name - path));
		struct err ignored = { 0 }; /* only a convenience */

		ui_saved(view->ui);
		ui_tell(view->ui, _("%s is attached"), name);
		(void)setting_put(
		    view->ui->vault, "evidence-folder", folder, &ignored);
		free(folder);
	}
	free(path);
	return status == 0 ? ASK_CLOSE : ASK_FAILED;
}

static const struct ask_spec attach_spec = {
	.name = "attach",
	.title = N_("attach a file"),
	.text = N_("The file is copied, encrypted, into the vault. The one "
		   "outside stays where it is, in clear."),
	.fields = { { .kind = ASK_PATH,
	    .label = N_("File"),
	    .hint = N_("Tab completes, F4 picks from a list") } },
	.done = attach,
};

void
fill_open_attach(struct fill *fill, struct err *err)
{
	struct view *view;
	char *folder;

	if (fill->item < 0 || !item_is_question(fill_item(fill)) ||
	    !fill_commit(fill, err))
		return;
	view = view_ask_new(&attach_spec, fill);
	folder = setting_get(fill->view.ui->vault, "evidence-folder");
	ask_set_text(view, 0, folder ? folder : "~/");
	free(folder);
	ui_open(fill->view.ui, view);
}

void
fill_detach(struct fill *fill, struct err *err)
{
	struct annotation beside;
	struct hash digest;

	if (fill->item < 0)
		return;
	inspection_annotation(fill->inspection, fill->item, &beside);
	if (beside.evidence_count == 0) {
		ui_tell(fill->view.ui, _("no file is attached here"));
		return;
	}
	digest = beside.evidence[beside.evidence_count - 1].digest;
	if (inspection_detach(fill->inspection, fill->item, &digest, err) == 0)
		ui_saved(fill->view.ui);
}

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
	int status =
	    inspection_attach(fill->inspection, fill->place, path, err);

	if (status == 0) {
		const char *name = file_name(path);
		char *folder = xstrndup(path, (size_t)(name - path));
		struct err ignored = { 0 }; /* only a convenience */

		fill_follow(fill);
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

	if (fill->place < 0 || !item_is_question(fill_item(fill)) ||
	    fill_is_signed(fill, err) || !fill_commit(fill, err))
		return;
	view = view_ask_new(&attach_spec, fill);
	folder = setting_get(fill->view.ui->vault, "evidence-folder");
	ask_set_text(view, 0, folder ? folder : "~/");
	free(folder);
	ui_open(fill->view.ui, view);
}

/* ---- detaching ---- */

static const char *const detaching[] = { N_("no"), N_("yes, detach it"), NULL };

static bool
last_file(const struct fill *fill, struct evidence *last)
{
	struct annotation beside;

	inspection_annotation(fill->inspection, fill->place, &beside);
	if (beside.evidence_count == 0)
		return false;
	*last = beside.evidence[beside.evidence_count - 1];
	return true;
}

static void
detach_text(const struct view *view, void *arg, struct buf *out)
{
	struct evidence last;

	(void)view;
	if (last_file(arg, &last))
		buf_add_text(out, last.name);
}

static enum ask_done
detach(struct view *view, void *arg, struct err *err)
{
	struct fill *fill = arg;
	struct evidence last;

	if (ask_choice(view, 0) == 0 || !last_file(fill, &last))
		return ASK_CLOSE;
	if (inspection_detach(
		fill->inspection, fill->place, &last.digest, err) != 0)
		return ASK_FAILED;
	fill_follow(fill);
	ui_saved(view->ui);
	ui_tell(view->ui, _("The file is detached"));
	return ASK_CLOSE;
}

static const struct ask_spec detach_spec = {
	.name = "detach",
	.title = N_("detach a file"),
	.text =
	    N_("It will no longer belong to the answer. Undo does not bring "
	       "it back: attach the file again if it is needed."),
	.fields = { { .kind = ASK_CHOICE,
	    .label = N_("Detach it?"),
	    .options = detaching } },
	.done = detach,
	.add_text = detach_text,
};

void
fill_detach(struct fill *fill, struct err *err)
{
	struct evidence last;

	if (fill->place < 0 || fill_is_signed(fill, err) ||
	    !fill_commit(fill, err))
		return;
	if (last_file(fill, &last))
		ui_open(fill->view.ui, view_ask_new(&detach_spec, fill));
	else
		ui_tell(fill->view.ui, _("no file is attached here"));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Where a backup goes; then it is written, and can be stopped. */
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/progress.h"
#include "bundles/device.h"
#include "tui/ask.h"
#include "tui/paths.h"
#include "tui/ui.h"
#include "tui/ui_busy.h"
#include "tui/views.h"

static enum ask_done
back_up(struct view *view, void *arg, struct err *err)
{
	struct ui_busy busy;
	const struct progress progress =
	    ui_busy_progress(&busy, view->ui, _("Backing up"));
	char *path = ask_path(view, 0);
	const int status = device_backup(view->ui->vault, path, &progress, err);

	(void)arg;
	if (status == 0)
		ui_tell(view->ui,
		    _("The backup is %s; every page was read back"), path);
	free(path);
	return status == 0 ? ASK_CLOSE : ASK_FAILED;
}

static const struct ask_spec backup_spec = {
	.name = "backup",
	.title = N_("back up the vault"),
	.text =
	    N_("A copy of all that is in the vault, encrypted as it is, for "
	       "a USB stick that stays elsewhere. It opens with the same "
	       "passphrase and the same recovery code; ronde restore "
	       "makes a vault of it."),
	.fields = { { .kind = ASK_PATH, .label = N_("File") } },
	.done = back_up,
};

struct view *
view_backup_new(void)
{
	struct view *view = view_ask_new(&backup_spec, NULL);
	const time_t now = (time_t)(clock_now() / 1000);
	char *folder = path_removable(), *name, *path;
	struct tm day;

	localtime_r(&now, &day);
	name = xasprintf("ronde-%04d-%02d-%02d", day.tm_year + 1900,
	    day.tm_mon + 1, day.tm_mday);
	path = path_free_name(folder ? folder : "~", name, ".backup");
	ask_set_text(view, 0, path);
	free(path);
	free(name);
	free(folder);
	return view;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tui/ui_busy.h"

#include "tui/ui.h"

static int
step(void *arg, uint64_t done, uint64_t total)
{
	struct ui_busy *busy = arg;
	const int percent = total == 0 ? 0
	    : done >= total            ? 100
			    : (int)((double)done * 100 / (double)total);

	if (!busy->ui->busy || percent == busy->percent)
		return 0;
	busy->percent = percent;
	return busy->ui->busy(busy->ui, busy->what, percent);
}

struct progress
ui_busy_progress(struct ui_busy *busy, struct ui *ui, const char *what)
{
	*busy = (struct ui_busy){ .ui = ui, .what = what, .percent = -1 };
	return (struct progress){ step, busy };
}

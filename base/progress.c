/* SPDX-License-Identifier: Apache-2.0 */
#include "base/progress.h"

#include <stddef.h>

#include "base/i18n.h"

int
progress_step(const struct progress *progress, uint64_t done, uint64_t total,
    struct err *err)
{
	if (!progress || progress->step(progress->arg, done, total) == 0)
		return 0;
	return err_set(err, ERR_CANCELLED, _("stopped as you asked"));
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/process.h"

#include <errno.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/i18n.h"

int
process_execute_anew(char *const *argv, struct err *err)
{
	/* The file itself, even when another was put in its place. */
	execve("/proc/self/exe", argv, environ);
	return err_errno(err,
	    _("cannot execute ronde anew, which wipes its memory after a "
	      "lock; the program has ended"));
}

void
process_name_again(void)
{
	/* The kernel took it from the path, which is "exe". */
	(void)prctl(PR_SET_NAME, program_invocation_short_name, 0, 0, 0);
}

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include "base/error.h"

/*
 * Executes this very program again in this process, with other arguments and
 * the same environment: nothing of its memory is left then, the heaps of
 * libraries included.  Descriptors that are close-on-exec are closed.  It
 * returns only when that failed, with -1.
 */
int process_execute_anew(char *const *argv, struct err *err);

/* After it: the name that ps and the like show is the program's again. */
void process_name_again(void);

#endif

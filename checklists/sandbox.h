/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_SANDBOX_H
#define CHECKLISTS_SANDBOX_H

#include "base/error.h"

/*
 * Gives up everything but reading descriptors that are open, writing to them,
 * and memory.  After it the process cannot open a file, make a socket, start
 * a program or change its own rights, and ends itself when it uses too much
 * memory or time.  There is no way back.
 */

enum { SANDBOX_MEMORY_BYTES = 1 << 30, SANDBOX_CPU_SECONDS = 10 };

int sandbox_enter(struct err *err);

#endif

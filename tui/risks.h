/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_RISKS_H
#define TUI_RISKS_H

/*
 * What of this computer may bring the vault's memory to a disk in clear, and
 * what to do; NULL when nothing does.  The caller's to free.
 *
 * RONDE_TEST_HOST in the environment is the root of /proc and /sys (for tests;
 * see base/host.h).
 */
char *risks_text(void);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RECOVERY_H
#define APP_RECOVERY_H

#include "app/cli.h"

/*
 * Hands a new recovery code over, once: into --recovery-file, or shown and
 * asked back when a person sits there.  With --json nothing is shown: the
 * caller prints it.  On failure the code is not in anybody's hands.
 */
int recovery_hand_over(
    const struct cli *cli, const struct secret *recovery, struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_CMD_CHECKLIST_H
#define APP_CMD_CHECKLIST_H

#include "app/cli.h"

/* Commands of `ronde checklist` that have a file of their own. */
int checklist_show(struct cli *cli, struct err *err);
int checklist_diff(struct cli *cli, struct err *err);
extern const struct cli_option checklist_run_options[];
int checklist_run(struct cli *cli, struct err *err);

#endif

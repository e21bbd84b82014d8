/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_CMD_EXPORT_DATA_H
#define APP_CMD_EXPORT_DATA_H

#include "app/cli.h"

/* ronde inspection export-data */
extern const struct cli_option export_data_options[];
int export_data_run(struct cli *cli, struct err *err);

#endif

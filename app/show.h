/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SHOW_H
#define APP_SHOW_H

#include <stdbool.h>

#include <jansson.h>

#include "base/error.h"
#include "bundles/bundle.h"
#include "inspections/inspection.h"

/* What the commands print, for people and as JSON. */

json_t *show_json_of_info(const struct inspection_info *info);
void show_info_line(const struct inspection_info *info);
void show_inspection(struct inspection *inspection);

/* `err` is NULL for a bundle that holds. */
json_t *show_json_of_bundle(const char *file,
    const struct import_summary *summary, const struct err *err);
void show_bundle(
    const char *file, const struct import_summary *summary, bool imported);

#endif

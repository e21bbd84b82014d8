/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_DOCTOR_JSON_H
#define APP_DOCTOR_JSON_H

#include <jansson.h>

struct doctor_report;

/* All that the doctor found of the vault at `path`, for --json. */
json_t *doctor_json(const char *path, const struct doctor_report *report);

#endif

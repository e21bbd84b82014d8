/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_CHECKLIST_FILE_H
#define APP_CHECKLIST_FILE_H

#include <jansson.h>

#include "app/cli.h"
#include "checklists/form.h"
#include "checklists/problem.h"

/*
 * Reads the form in a file of the person's; form_free() ends it.  `problems`
 * gets all that is wrong, in the rows of that file.  NULL with err, which then
 * names the file.
 */
struct form *checklist_file_read(
    const char *path, struct problems *problems, struct err *err);

/* The same for a command: prints what is wrong and forgets it. */
struct form *checklist_file_open(
    const struct cli *cli, const char *path, struct err *err);

/* Puts the file's name in front of a message that does not have it.  -1. */
int checklist_file_name(const char *path, struct err *err);

/* As messages about the file, unless --json was asked for; and as JSON. */
void checklist_file_problems(const struct cli *cli, const char *path,
    const struct problems *problems);
json_t *checklist_file_problems_json(const struct problems *problems);

#endif

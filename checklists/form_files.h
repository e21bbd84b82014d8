/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_FORM_FILES_H
#define CHECKLISTS_FORM_FILES_H

#include "checklists/form_internal.h"
#include "checklists/reader.h" /* FILE_MARK */

/* The name in the next pulldata('name' or instance('name' of the text, with
 * its length; NULL: there is none. */
const char *files_next_call(const char *text, size_t *len);

/* The table "roads" or "roads.csv"; NULL. */
struct table *form_table(const struct form_full *full, const char *name);
void form_add_table(struct builder *b, const char *name,
    const struct csv_row *header, const struct csv_row *rows, size_t count);
void form_release_tables(struct form_full *full);

/* Problems for the files that an expression calls and the form lacks. */
void form_check_calls(struct builder *b, const struct sheet_row *row,
    enum column_kind kind, const char *text);

/* The choices of a file, by the parameters value and label; NULL: problem. */
const struct choice_list *form_file_list(
    struct builder *b, const struct sheet_row *row, const struct table *table);

#endif

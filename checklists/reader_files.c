/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/reader_files.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "checklists/csv.h"
#include "checklists/form_files.h"
#include "checklists/reader.h"

static int
compare(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

static bool
is_there(const struct file_names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->list[i], name) == 0)
			return true;
	return false;
}

/* A bare name: a form does not reach into other folders. */
static void
add(struct file_names *names, const char *name, size_t len, const char *ending)
{
	char *full = xasprintf("%.*s%s", (int)len, name, ending);

	if (len == 0 || len > 200 || full[0] == '.' || strchr(full, '/') ||
	    is_there(names, full)) {
		free(full);
		return;
	}
	mem_grow(&names->list, &names->room, names->count + 1, sizeof(char *));
	names->list[names->count++] = full;
}

/* "select_one_from_file roads.csv" */
static void
find_in_type(struct file_names *names, const char *cell)
{
	static const char *const words[] = { "from_file", "from file" };
	const char *at = NULL;

	for (size_t i = 0; !at && i < ARRAY_LEN(words); i++) {
		at = strcasestr(cell, words[i]);
		if (at)
			at += strlen(words[i]);
	}
	if (!at)
		return;
	at += strspn(at, " \t\n");
	add(names, at, strcspn(at, " \t\n"), "");
}

static void
find_in_row(struct file_names *names, const struct csv_row *row)
{
	size_t len;

	for (size_t i = 1; i < row->count; i++) {
		const char *cell = row->cells[i];

		if (strncasecmp(cell, "select", 6) == 0)
			find_in_type(names, cell);
		if (strcasecmp(cell, "csv-external") == 0 && i + 1 < row->count)
			add(names, row->cells[i + 1], strlen(row->cells[i + 1]),
			    ".csv");
		while ((cell = files_next_call(cell, &len))) {
			add(names, cell, len,
			    memmem(cell, len, ".csv", 4) ? "" : ".csv");
			cell += len;
		}
	}
}

static void
drop(struct file_names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->list[i], name) == 0) {
			free(names->list[i]);
			names->list[i] = names->list[--names->count];
			return;
		}
}

int
file_names_find(
    struct file_names *names, const char *sheets, size_t len, struct err *err)
{
	struct arena *arena = arena_new();
	struct csv_rows rows;
	const int result = csv_read(arena, sheets, len, &rows, err);
	bool survey = false;

	for (size_t i = 0; result == 0 && i < rows.count; i++) {
		const struct csv_row *row = &rows.list[i];

		if (row->count == 0)
			continue;
		if (row->cells[0][0])
			survey = strcmp(row->cells[0], "survey") == 0;
		if (survey)
			find_in_row(names, row);
	}
	for (size_t i = 0; result == 0 && i < rows.count; i++)
		if (rows.list[i].count > 0 &&
		    strncmp(rows.list[i].cells[0], FILE_MARK,
			strlen(FILE_MARK)) == 0)
			drop(names, rows.list[i].cells[0] + strlen(FILE_MARK));
	if (names->count > 1)
		qsort(names->list, names->count, sizeof(char *), compare);
	arena_free(arena);
	return result;
}

void
file_names_release(struct file_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->list[i]);
	free(names->list);
	*names = (struct file_names){ 0 };
}

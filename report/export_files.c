/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "report/export_internal.h"
#include "storage/blob.h"

/* An inspection as it leaves: what it is called, and its files. */

/* ---- files under names that nobody else has ---- */

enum { NAME_MAX_KEPT = 200 };

/* Some of the systems that the folder is carried to have one "a" and "A". */
static bool
is_taken(const struct exported *exported, const char *name)
{
	static const char *const own[] = { "submission.xml", "audit.csv",
		"differing.txt" };

	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		if (strcasecmp(own[i], name) == 0)
			return true;
	for (size_t i = 0; i < exported->file_count; i++)
		if (strcasecmp(exported->files[i].name, name) == 0)
			return true;
	return false;
}

/*
 * The name comes from the log of any device, and becomes a file here: nothing
 * of it may lead out of the folder or hide the file in it.  Its end is what
 * is kept of a long one, for the extension.
 */
static char *
safe_name(const char *name)
{
	char *safe;
	size_t len;

	name = file_name(name);
	len = strlen(name);
	if (len > NAME_MAX_KEPT)
		name += len - NAME_MAX_KEPT;
	while (((unsigned char)*name & 0xc0) == 0x80)
		name++;
	safe = xstrdup(*name ? name : "file");
	for (char *at = safe; *at; at++)
		if ((unsigned char)*at < 0x20 || strchr("\x7f/\\:*?\"<>|", *at))
			*at = '_';
	if (*safe == '.')
		*safe = '_';
	return safe;
}

/* "IMG_1.jpg", or "2-IMG_1.jpg" where another file has that name. */
static char *
free_name(const struct exported *exported, const struct evidence *evidence)
{
	char *own = safe_name(evidence->name), *name = xstrdup(own);

	for (unsigned n = 2; is_taken(exported, name); n++) {
		free(name);
		name = xasprintf("%u-%s", n, own);
	}
	free(own);
	return name;
}

static void
add_files(struct exported *exported, int place)
{
	struct annotation annotation;

	if (!state_is_relevant(exported->state, place))
		return;
	inspection_annotation(exported->inspection, place, &annotation);
	for (size_t i = 0; i < annotation.evidence_count; i++) {
		const struct evidence *evidence = &annotation.evidence[i];
		char *name = free_name(exported, evidence);

		mem_grow(&exported->files, &exported->file_room,
		    exported->file_count + 1, sizeof(*exported->files));
		exported->files[exported->file_count++] =
		    (struct export_file){ .place = place,
			    .digest = evidence->digest,
			    .size = evidence->size,
			    .name = name };
	}
}

static const char *
name_of_file(void *arg, int place)
{
	const struct exported *exported = arg;

	/* The answer of a question for a file is the last one. */
	for (size_t i = exported->file_count; i > 0; i--)
		if (exported->files[i - 1].place == place)
			return exported->files[i - 1].name;
	return NULL;
}

/* ---- what it is called, and by whom ---- */

static const char *
what_is_known(void *arg, const char *kind)
{
	const struct exported *exported = arg;

	if (strcmp(kind, "username") == 0)
		return exported->person;
	if (strcmp(kind, "deviceid") == 0)
		return exported->device;
	if (strcmp(kind, "end") == 0)
		return exported->time;
	return NULL;
}

/* The last one who answered; who signed last where somebody has. */
static void
take_author(struct exported *exported)
{
	size_t count;
	const struct signature *signatures =
	    inspection_signatures(exported->inspection, &count);
	int64_t last = 0;

	for (int at = state_next(exported->state, -1); at >= 0 && count == 0;
	     at = state_next(exported->state, at)) {
		struct annotation annotation;

		inspection_annotation(exported->inspection, at, &annotation);
		if (annotation.time <= last)
			continue;
		last = annotation.time;
		exported->person = annotation.person;
		memcpy(exported->device, annotation.device,
		    sizeof(exported->device));
	}
	if (count > 0) {
		exported->person = signatures[count - 1].person;
		memcpy(exported->device, signatures[count - 1].device,
		    sizeof(exported->device));
	}
}

static bool
asks_for_audit(const struct form *form)
{
	for (int i = 0; i < form->item_count; i++)
		if (form->items[i].meta &&
		    strcmp(form->items[i].meta, "audit") == 0)
			return true;
	return false;
}

int
exported_open(struct vault *vault, const char *id, struct exported *exported,
    struct err *err)
{
	struct inspection *inspection = inspection_open(vault, id, err);
	const struct inspection_info *info;
	unsigned edition;

	if (!inspection)
		return -1;
	info = inspection_info(inspection);
	edition = inspection_edition(inspection);
	*exported = (struct exported){ .inspection = inspection,
		.form = inspection_form(inspection),
		.state = inspection_state(inspection),
		.id = info->id,
		.person = "" };
	submission_id(info->id, edition, exported->instance_id);
	if (edition > 0)
		submission_id(info->id, edition - 1, exported->replaces);
	clock_format(info->changed, exported->time);
	take_author(exported);
	for (int at = state_next(exported->state, -1); at >= 0;
	     at = state_next(exported->state, at))
		add_files(exported, at);
	exported->submission = (struct submission){ .instance_id =
							exported->instance_id,
		.replaces = edition > 0 ? exported->replaces : NULL,
		.audit = asks_for_audit(exported->form) ? "audit.csv" : NULL,
		.meta = what_is_known,
		.file = name_of_file,
		.arg = exported };
	return 0;
}

void
exported_close(struct exported *exported)
{
	for (size_t i = 0; i < exported->file_count; i++)
		free(exported->files[i].name);
	free(exported->files);
	inspection_close(exported->inspection);
	*exported = (struct exported){ 0 };
}

void
exported_add_conflicts(const struct exported *exported, struct buf *out)
{
	size_t count;
	const struct conflict *conflicts =
	    inspection_conflicts(exported->inspection, &count);

	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_add_text(out, "; ");
		state_add_numbered(exported->state, conflicts[i].place, out);
	}
}

/* ---- writing them ---- */

static int
write_some(void *arg, const void *bytes, size_t len, struct err *err)
{
	const struct new_file *file = arg;

	return file_write_all(file->fd, bytes, len, file->path, err);
}

static int
write_file(const struct export_file *from, struct vault *vault,
    const char *folder, struct err *err)
{
	struct new_file file = NEW_FILE_INIT;
	const struct byte_sink sink = { write_some, &file };
	char *path = file_join(folder, from->name);
	int result = file_begin(&file, path, 0600, err);

	if (result == 0)
		result = blob_read(vault, &from->digest, &sink, err);
	if (result == 0)
		result = file_finish(&file, err);
	file_abandon(&file);
	free(path);
	return result;
}

int
exported_write_files(const struct exported *exported, struct vault *vault,
    const char *folder, size_t *missing, struct err *err)
{
	int result = 0;

	if (exported->file_count > 0)
		result = file_make_folders(folder, err);
	for (size_t i = 0; i < exported->file_count && result == 0; i++) {
		const struct export_file *file = &exported->files[i];
		const int held = blob_find(vault, &file->digest, NULL, err);

		/* What is evidence elsewhere may not have come here yet. */
		if (held == 0)
			(*missing)++;
		result =
		    held <= 0 ? held : write_file(file, vault, folder, err);
	}
	return result;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "report/export.h"

#include <ctype.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "report/export_internal.h"

/*
 * The folder is made under another name beside its place and renamed when all
 * is in it, so that there is the whole of it or nothing.
 */

bool
export_format_find(const char *code, enum export_format *format)
{
	static const char *const codes[] = { [EXPORT_OPENROSA] = "openrosa",
		[EXPORT_CSV_ODK] = "csv-odk",
		[EXPORT_CSV_KOBO] = "csv-kobo",
		[EXPORT_JSON] = "json" };

	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (strcmp(codes[i], code) == 0) {
			*format = (enum export_format)i;
			return true;
		}
	return false;
}

/* ---- one export ---- */

/* All inspections of one checklist. */
struct of_form {
	struct hash identity;
	char *stem; /* of its files; owned */
	struct tables *tables;
	json_t *list;
};

struct export
{
	struct vault *vault;
	enum export_format format;
	const char *folder; /* where it grows */
	struct of_form *forms;
	size_t form_count, form_room;
	size_t missing; /* files that are not in the vault */
};

/* Letters, digits, "-" and "_" of the form's own identifier, and the start
 * of its identity, since several versions may have the same. */
static char *
stem_of(const struct form *form)
{
	const char *name = form->form_id[0] ? form->form_id : form->root;
	char hex[HASH_HEX_MAX], *stem;

	hash_to_hex(&form->identity, hex);
	stem = xasprintf("%.60s-%.8s", name, hex);
	for (char *at = stem; *at; at++)
		if (!isalnum((unsigned char)*at) && *at != '-')
			*at = '_';
	return stem;
}

static struct of_form *
find_form(struct export *export, const struct form *form)
{
	struct of_form *found;

	for (size_t i = 0; i < export->form_count; i++)
		if (hash_equal(&export->forms[i].identity, &form->identity))
			return &export->forms[i];
	mem_grow(&export->forms, &export->form_room, export->form_count + 1,
	    sizeof(*export->forms));
	found = &export->forms[export->form_count++];
	*found = (struct of_form){ .identity = form->identity,
		.stem = stem_of(form) };
	return found;
}

static void
release(struct export *export)
{
	for (size_t i = 0; i < export->form_count; i++) {
		free(export->forms[i].stem);
		tables_free(export->forms[i].tables);
		json_decref(export->forms[i].list);
	}
	free(export->forms);
}

static int
write_in(const char *folder, const char *name, const struct buf *bytes,
    struct err *err)
{
	char *path = file_join(folder, name);
	const int result = file_write(path, bytes->data, bytes->len, 0600, err);

	free(path);
	return result;
}

/* A server takes one answer a question: what else was answered is said here. */
static int
write_differing(
    const struct exported *exported, const char *folder, struct err *err)
{
	struct buf text = BUF_INIT;
	int result = 0;

	exported_add_conflicts(exported, &text);
	if (text.len > 0) {
		buf_add_char(&text, '\n');
		result = write_in(folder, "differing.txt", &text, err);
	}
	buf_release(&text);
	return result;
}

static int
write_submission(
    struct export *export, const struct exported *exported, struct err *err)
{
	char *folder = file_join(export->folder, exported->id);
	struct buf xml = BUF_INIT, audit = BUF_INIT;
	int result = file_make_folders(folder, err);

	submission_write(exported->state, &exported->submission, &xml);
	if (result == 0)
		result = write_in(folder, "submission.xml", &xml, err);
	if (result == 0)
		result = export_audit(exported, &audit, err);
	if (result == 0)
		result = write_in(folder, "audit.csv", &audit, err);
	if (result == 0)
		result = write_differing(exported, folder, err);
	if (result == 0)
		result = exported_write_files(
		    exported, export->vault, folder, &export->missing, err);
	buf_wipe_release(&xml);
	buf_wipe_release(&audit);
	free(folder);
	return result;
}

/* The form of a table lives as long as one of its inspections is open. */
static int
write_table_row(
    struct export *export, const struct exported *exported, struct err *err)
{
	struct of_form *of = find_form(export, exported->form);
	char *media = file_join(export->folder, "media");
	char *folder = file_join(media, exported->id);
	int result;

	if (!of->tables)
		of->tables = tables_new(exported->form,
		    export->format == EXPORT_CSV_KOBO ? TABLE_KOBO : TABLE_ODK);
	tables_add(of->tables, exported);
	result = exported_write_files(
	    exported, export->vault, folder, &export->missing, err);
	free(media);
	free(folder);
	return result;
}

static int
write_json(
    struct export *export, const struct exported *exported, struct err *err)
{
	struct of_form *of = find_form(export, exported->form);
	char *media = file_join(export->folder, "media");
	char *folder = file_join(media, exported->id);
	int result;

	if (!of->list)
		of->list = json_array();
	json_array_append_new(of->list, export_json(exported));
	result = exported_write_files(
	    exported, export->vault, folder, &export->missing, err);
	free(media);
	free(folder);
	return result;
}

static int
write_one(struct export *export, const char *id, struct err *err)
{
	struct exported exported;
	int result;

	if (exported_open(export->vault, id, &exported, err) < 0)
		return -1;
	switch (export->format) {
	case EXPORT_OPENROSA:
		result = write_submission(export, &exported, err);
		break;
	case EXPORT_JSON: result = write_json(export, &exported, err); break;
	default: result = write_table_row(export, &exported, err); break;
	}
	exported_close(&exported);
	return result;
}

static int
write_forms(struct export *export, struct err *err)
{
	int result = 0;

	for (size_t i = 0; i < export->form_count && result == 0; i++) {
		struct of_form *of = &export->forms[i];
		struct buf text = BUF_INIT;
		char *name = xasprintf("%s.json", of->stem);

		if (of->tables)
			result = tables_write(
			    of->tables, export->folder, of->stem, err);
		if (of->list) {
			json_write(&text, of->list, 2);
			buf_add_char(&text, '\n');
			result = write_in(export->folder, name, &text, err);
		}
		buf_wipe_release(&text);
		free(name);
	}
	return result;
}

static int
write_all(struct export *export, const char *const *ids, size_t count,
    struct err *err)
{
	/* Tables point to forms, which an open inspection holds. */
	struct form **held = xcalloc(count, sizeof(struct form *));
	int result = 0;

	for (size_t i = 0; i < count && result == 0; i++) {
		struct inspection_info info;

		result = inspection_find(export->vault, ids[i], &info, err);
		if (result == 0)
			err_set(err, ERR_NOT_FOUND,
			    _("there is no inspection %s"), ids[i]);
		if (result <= 0) {
			result = -1;
			break;
		}
		held[i] = checklist_open(export->vault, &info.checklist, err);
		inspection_info_release(&info);
		result = held[i] ? write_one(export, ids[i], err) : -1;
	}
	if (result == 0)
		result = write_forms(export, err);
	release(export);
	for (size_t i = 0; i < count; i++)
		form_free(held[i]);
	free(held);
	return result;
}

/* ---- the folder ---- */

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int
check_is_free(const char *folder, struct err *err)
{
	struct stat st;

	if (lstat(folder, &st) < 0 && errno == ENOENT)
		return vault_spare(folder, err);
	/* An empty folder, and only that, gives its place to another. */
	if (S_ISDIR(st.st_mode) && rmdir(folder) == 0)
		return 0;
	return err_set(err, ERR_EXISTS,
	    _("%s is there already and is not overwritten; name a new folder"),
	    folder);
}

static char *
trimmed(const char *folder)
{
	char *name = xstrdup(folder);

	for (size_t len = strlen(name); len > 1 && name[len - 1] == '/';)
		name[--len] = '\0';
	return name;
}

static int
take_place(const char *growing, const char *folder, struct err *err)
{
	if (rename(growing, folder) < 0)
		return err_set(err, ERR_IO, _("cannot make %s: %s"), folder,
		    strerror(errno));
	return file_sync_folder(folder, err);
}

int
export_data(struct vault *vault, const char *const *ids, size_t count,
    enum export_format format, const char *folder, struct err *err)
{
	struct export export = { .vault = vault, .format = format };
	char *name = trimmed(folder);
	char *growing = xasprintf("%s.part-XXXXXX", name);
	int result = check_is_free(name, err);

	if (result == 0 && !mkdtemp(growing))
		result = err_set(err, ERR_IO, _("cannot make %s: %s"), name,
		    strerror(errno));
	if (result == 0) {
		export.folder = growing;
		result = write_all(&export, ids, count, err);
		if (result == 0)
			result = take_place(growing, name, err);
		if (result < 0)
			nftw(growing, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	}
	free(growing);
	free(name);
	return result < 0 ? -1 : (int)export.missing;
}

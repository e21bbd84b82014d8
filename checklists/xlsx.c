/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/xlsx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/archive.h"
#include "base/i18n.h"
#include "base/xml.h"

enum { PART_NAME_MAX = 256, RELATIONS_MAX = 4096 };

static const struct archive_limits limits = {
	.members = 4096,
	.member_bytes = 64 << 20,
	.total_bytes = 128 << 20,
};

struct part {
	char *name, *data;
	size_t len;
};

/* A relationship: what part an identifier means, and what it is for. */
struct relation {
	const char *id, *kind; /* kind: the last part of its type */
	char target[PART_NAME_MAX];
};

struct relations {
	struct relation *list;
	size_t count, room;
	const char *folder; /* of the part that they belong to */
	struct arena *arena;
};

struct workbook {
	struct sheets *sheets;
	struct part *parts;
	size_t part_count, part_room;
	bool is_other; /* another kind of document */
	char main[PART_NAME_MAX];
	char folder[PART_NAME_MAX];
	struct relations relations;
	struct xlsx_tables tables;
	/* The sheets that the workbook lists. */
	struct listed {
		const char *name, *id;
	} * listed;
	size_t listed_count, listed_room;
};

static bool
ends_with(const char *text, const char *end)
{
	const size_t len = strlen(text), size = strlen(end);

	return len >= size && strcasecmp(text + len - size, end) == 0;
}

/* Keeps the XML of the archive; pictures and the like are not looked at. */
static int
keep_part(void *arg, const char *member, const char *data, size_t size,
    struct err *err)
{
	struct workbook *book = arg;
	struct part *part;

	(void)err;
	if (strcmp(member, "mimetype") == 0 ||
	    strncmp(member, "word/", 5) == 0 ||
	    ends_with(member, "workbook.bin"))
		book->is_other = true;
	if (!ends_with(member, ".xml") && !ends_with(member, ".rels"))
		return 0;
	mem_grow(&book->parts, &book->part_room, book->part_count + 1,
	    sizeof(*book->parts));
	part = &book->parts[book->part_count++];
	*part = (struct part){ xstrdup(member), xstrndup(data, size), size };
	return 0;
}

static const struct part *
find_part(const struct workbook *book, const char *name)
{
	for (size_t i = 0; i < book->part_count; i++)
		if (strcasecmp(book->parts[i].name, name) == 0)
			return &book->parts[i];
	return NULL;
}

/* Adds one part of a path to `name`: a name, "." or "..". */
static void
step(char name[PART_NAME_MAX], const char *part, size_t len)
{
	const size_t used = strlen(name);
	char *slash = strrchr(name, '/');

	if (len == 0 || (len == 1 && part[0] == '.'))
		return;
	if (len == 2 && memcmp(part, "..", 2) == 0)
		*(slash ? slash : name) = '\0';
	else
		snprintf(name + used, PART_NAME_MAX - used, "%s%.*s",
		    used ? "/" : "", (int)(len < PART_NAME_MAX ? len : 0),
		    part);
}

/* Brings "/xl/a.xml", "a.xml" and "../a.xml" in `folder` to a part's name. */
static void
resolve(char name[PART_NAME_MAX], const char *folder, const char *target)
{
	size_t len;

	name[0] = '\0';
	if (*target != '/')
		snprintf(name, PART_NAME_MAX, "%s", folder);
	for (;; target += len + 1) {
		len = strcspn(target, "/");
		step(name, target, len);
		if (target[len] == '\0')
			return;
	}
}

static int
relation_start(
    void *arg, const char *name, const char **attributes, struct err *err)
{
	struct relations *relations = arg;
	const char *id = xml_attribute(attributes, "Id");
	const char *type = xml_attribute(attributes, "Type");
	const char *target = xml_attribute(attributes, "Target");
	struct relation *relation;
	const char *slash;

	if (strcmp(xlsx_local(name), "Relationship") != 0 || !id || !type ||
	    !target)
		return 0;
	if (relations->count >= RELATIONS_MAX)
		return err_set(err, ERR_LIMIT, _("too many relationships"));
	mem_grow(&relations->list, &relations->room, relations->count + 1,
	    sizeof(*relations->list));
	relation = &relations->list[relations->count++];
	slash = strrchr(type, '/');
	relation->id = arena_strdup(relations->arena, id);
	relation->kind =
	    arena_strdup(relations->arena, slash ? slash + 1 : type);
	resolve(relation->target, relations->folder, target);
	return 0;
}

static int
read_relations(struct workbook *book, const char *part_name, const char *folder,
    struct err *err)
{
	static const struct xml_handler handler = { .start = relation_start };
	const struct part *part = find_part(book, part_name);

	book->relations.count = 0;
	book->relations.folder = folder;
	book->relations.arena = book->sheets->arena;
	if (!part)
		return 0;
	return xml_parse(
	    part->data, part->len, part_name, &handler, &book->relations, err);
}

static const struct relation *
find_relation(const struct workbook *book, const char *id, const char *kind)
{
	for (size_t i = 0; i < book->relations.count; i++) {
		const struct relation *relation = &book->relations.list[i];

		if ((id && strcmp(relation->id, id) == 0) ||
		    (kind && strcmp(relation->kind, kind) == 0))
			return relation;
	}
	return NULL;
}

static int
workbook_start(
    void *arg, const char *name, const char **attributes, struct err *err)
{
	struct workbook *book = arg;
	const char *value;

	name = xlsx_local(name);
	if (strcmp(name, "workbookPr") == 0) {
		value = xml_attribute(attributes, "date1904");
		book->tables.date_1904 = value &&
		    (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
	} else if (strcmp(name, "sheet") == 0) {
		const char *title = xml_attribute(attributes, "name");

		value = xml_attribute(attributes, "id");
		if (!title || !value)
			return 0;
		if (book->listed_count >= SHEETS_MAX)
			return err_set(err, ERR_LIMIT, _("more than %d sheets"),
			    SHEETS_MAX);
		mem_grow(&book->listed, &book->listed_room,
		    book->listed_count + 1, sizeof(*book->listed));
		book->listed[book->listed_count++] =
		    (struct listed){ arena_strdup(book->sheets->arena, title),
			    arena_strdup(book->sheets->arena, value) };
	}
	return 0;
}

static int
refuse(struct workbook *book, struct err *err)
{
	if (book->is_other)
		return err_set(err, ERR_UNSUPPORTED,
		    _("another kind of document, which is not supported; save "
		      "it as an Excel workbook (.xlsx)"));
	return err_set(err, ERR_FORMAT,
	    _("not an Excel workbook: it has no list of sheets"));
}

/* Finds the main part and reads the list of sheets in it. */
static int
read_main(struct workbook *book, struct err *err)
{
	static const struct xml_handler handler = { .start = workbook_start };
	char rels[2 * PART_NAME_MAX + 16];
	const struct relation *relation;
	const struct part *part;
	char *slash;

	if (read_relations(book, "_rels/.rels", "", err) < 0)
		return -1;
	relation = find_relation(book, NULL, "officeDocument");
	if (!relation || book->is_other)
		return refuse(book, err);
	memcpy(book->main, relation->target, sizeof(book->main));
	part = find_part(book, book->main);
	if (!part)
		return refuse(book, err);
	if (xml_parse(part->data, part->len, book->main, &handler, book, err) <
	    0)
		return -1;
	if (book->listed_count == 0)
		return refuse(book, err);
	memcpy(book->folder, book->main, sizeof(book->folder));
	slash = strrchr(book->folder, '/');
	*(slash ? slash : book->folder) = '\0';
	snprintf(rels, sizeof(rels), "%s%s_rels/%s.rels", book->folder,
	    slash ? "/" : "",
	    slash ? slash + 1 - book->folder + book->main : book->main);
	return read_relations(book, rels, book->folder, err);
}

static int
read_tables(struct workbook *book, struct err *err)
{
	const struct relation *relation;
	const struct part *part;

	relation = find_relation(book, NULL, "sharedStrings");
	part = relation ? find_part(book, relation->target) : NULL;
	if (part &&
	    xlsx_read_strings(&book->tables, book->sheets->arena, part->data,
		part->len, err) < 0)
		return -1;
	relation = find_relation(book, NULL, "styles");
	part = relation ? find_part(book, relation->target) : NULL;
	return part
	    ? xlsx_read_styles(&book->tables, part->data, part->len, err)
	    : 0;
}

/* Adds a listed sheet; of those that no form uses only the name. */
static int
read_sheet(struct workbook *book, const struct listed *listed, struct err *err)
{
	const struct relation *relation = find_relation(book, listed->id, NULL);
	const struct part *part =
	    relation ? find_part(book, relation->target) : NULL;
	struct sheet *sheet =
	    sheets_add(book->sheets, listed->name, strlen(listed->name), err);

	if (!sheet)
		return -1;
	if (book->listed_count > 1 && !sheets_is_known(sheet->name))
		return 0;
	if (!part)
		return err_set(err, ERR_FORMAT,
		    _("the workbook lists sheet %s, but does not have it"),
		    sheet->name);
	return xlsx_read_cells(
	    book->sheets, sheet, &book->tables, part->data, part->len, err);
}

static void
release(struct workbook *book)
{
	for (size_t i = 0; i < book->part_count; i++) {
		free(book->parts[i].name);
		free(book->parts[i].data);
	}
	free(book->parts);
	free(book->relations.list);
	free(book->listed);
	xlsx_tables_release(&book->tables);
}

int
xlsx_read(struct sheets *sheets, const void *bytes, size_t len,
    struct problems *problems, struct err *err)
{
	struct workbook book = { .sheets = sheets,
		.tables = { .problems = problems } };
	int result;

	result = archive_walk_zip(
	    bytes, len, _("the workbook"), &limits, keep_part, &book, err);
	if (result == 0)
		result = read_main(&book, err);
	if (result == 0)
		result = read_tables(&book, err);
	for (size_t i = 0; result == 0 && i < book.listed_count; i++)
		result = read_sheet(&book, &book.listed[i], err);
	release(&book);
	return result;
}

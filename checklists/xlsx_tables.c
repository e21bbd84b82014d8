/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/xlsx.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/xml.h"

enum {
	STRINGS_MAX = 2000000,
	STYLES_MAX = 65536, /* Excel allows 65,490 */
	FORMATS_MAX = 4096
};

/* Shared strings: <si> with <t>, or with runs <r><t>; <rPh> is left out. */
struct strings {
	struct xlsx_tables *tables;
	struct arena *arena;
	struct buf text;
	bool in_text;
	int phonetic; /* depth of <rPh> */
};

static int
strings_start(
    void *arg, const char *name, const char **attributes, struct err *err)
{
	struct strings *strings = arg;

	(void)attributes;
	(void)err;
	name = xlsx_local(name);
	if (strcmp(name, "si") == 0)
		buf_clear(&strings->text);
	else if (strcmp(name, "rPh") == 0)
		strings->phonetic++;
	strings->in_text = strcmp(name, "t") == 0 && strings->phonetic == 0;
	return 0;
}

static int
strings_text(void *arg, const char *text, size_t len, struct err *err)
{
	struct strings *strings = arg;

	(void)err;
	if (strings->in_text)
		buf_add(&strings->text, text, len);
	return 0;
}

static int
strings_end(void *arg, const char *name, struct err *err)
{
	struct strings *strings = arg;
	struct xlsx_tables *tables = strings->tables;
	struct buf text = BUF_INIT;

	strings->in_text = false;
	name = xlsx_local(name);
	if (strcmp(name, "rPh") == 0)
		strings->phonetic--;
	if (strcmp(name, "si") != 0)
		return 0;
	if (tables->string_count >= STRINGS_MAX ||
	    arena_size(strings->arena) > SHEETS_TEXT_MAX)
		return err_set(err, ERR_LIMIT, _("too much shared text"));
	mem_grow(&tables->strings, &tables->string_room,
	    tables->string_count + 1, sizeof(*tables->strings));
	xlsx_add_unescaped(&text, strings->text.data, strings->text.len);
	tables->strings[tables->string_count++] =
	    arena_strndup(strings->arena, text.data, text.len);
	buf_release(&text);
	return buf_check(&strings->text, _("a text"), err);
}

int
xlsx_read_strings(struct xlsx_tables *tables, struct arena *arena,
    const char *xml, size_t len, struct err *err)
{
	static const struct xml_handler handler = {
		.start = strings_start, .end = strings_end, .text = strings_text
	};
	struct strings strings = { .tables = tables, .arena = arena };
	int result;

	buf_init(&strings.text, SHEETS_TEXT_MAX);
	result =
	    xml_parse(xml, len, "sharedStrings.xml", &handler, &strings, err);
	buf_release(&strings.text);
	return result;
}

/* Styles: <numFmts><numFmt/>, then <cellXfs><xf numFmtId=/> by index. */
struct styles {
	struct xlsx_tables *tables;
	struct format {
		int id;
		enum xlsx_number kind;
	} * formats;
	size_t count, room;
	bool in_cells;
};

static int
add_format(
    struct styles *styles, const char *id, const char *code, struct err *err)
{
	if (!id || !code)
		return 0;
	if (styles->count >= FORMATS_MAX)
		return err_set(err, ERR_LIMIT, _("too many number formats"));
	mem_grow(&styles->formats, &styles->room, styles->count + 1,
	    sizeof(*styles->formats));
	styles->formats[styles->count++] =
	    (struct format){ atoi(id), xlsx_format_kind(code) };
	return 0;
}

static int
add_style(struct styles *styles, const char *id, struct err *err)
{
	struct xlsx_tables *tables = styles->tables;
	const int number = id ? atoi(id) : 0;
	enum xlsx_number kind = xlsx_builtin_kind(number);

	if (tables->style_count >= STYLES_MAX)
		return err_set(err, ERR_LIMIT, _("too many cell styles"));
	for (size_t i = 0; i < styles->count; i++)
		if (styles->formats[i].id == number)
			kind = styles->formats[i].kind;
	mem_grow(&tables->styles, &tables->style_room, tables->style_count + 1,
	    sizeof(*tables->styles));
	tables->styles[tables->style_count++] = kind;
	return 0;
}

static int
styles_start(
    void *arg, const char *name, const char **attributes, struct err *err)
{
	struct styles *styles = arg;

	name = xlsx_local(name);
	if (strcmp(name, "cellXfs") == 0)
		styles->in_cells = true;
	else if (strcmp(name, "numFmt") == 0)
		return add_format(styles, xml_attribute(attributes, "numFmtId"),
		    xml_attribute(attributes, "formatCode"), err);
	else if (styles->in_cells && strcmp(name, "xf") == 0)
		return add_style(
		    styles, xml_attribute(attributes, "numFmtId"), err);
	return 0;
}

static int
styles_end(void *arg, const char *name, struct err *err)
{
	struct styles *styles = arg;

	(void)err;
	if (strcmp(xlsx_local(name), "cellXfs") == 0)
		styles->in_cells = false;
	return 0;
}

int
xlsx_read_styles(
    struct xlsx_tables *tables, const char *xml, size_t len, struct err *err)
{
	static const struct xml_handler handler = {
		.start = styles_start, .end = styles_end, .text = NULL
	};
	struct styles styles = { .tables = tables };
	const int result =
	    xml_parse(xml, len, "styles.xml", &handler, &styles, err);

	free(styles.formats);
	return result;
}

void
xlsx_tables_release(struct xlsx_tables *tables)
{
	free(tables->strings);
	free(tables->styles);
	*tables = (struct xlsx_tables){ 0 };
}

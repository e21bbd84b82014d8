/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/i18n.h"
#include "checklists/xform_internal.h"

/* The type of a question, from its control, its bind and its preload. */

/* A row for each type of a bind that an input has. */
static const struct {
	const char *bind, *type;
} inputs[] = {
	{ "string", "text" },
	{ "int", "integer" },
	{ "integer", "integer" },
	{ "long", "integer" },
	{ "decimal", "decimal" },
	{ "double", "decimal" },
	{ "date", "date" },
	{ "time", "time" },
	{ "dateTime", "dateTime" },
	{ "geopoint", "geopoint" },
	{ "geotrace", "geotrace" },
	{ "geoshape", "geoshape" },
	{ "barcode", "barcode" },
};

/* What is known without asking: preload, its parameter, the type. */
static const struct {
	const char *preload, *params, *type;
} preloads[] = {
	{ "timestamp", "start", "start" },
	{ "timestamp", "end", "end" },
	{ "date", "today", "today" },
	{ "property", "deviceid", "deviceid" },
	{ "property", "phonenumber", "phonenumber" },
	{ "property", "username", "username" },
	{ "property", "email", "email" },
	{ "property", "simserial", "simserial" },
	{ "property", "subscriberid", "subscriberid" },
};

static const char *
type_of_bind(const struct xform *x, int bind)
{
	const char *type = element_attribute(x, bind, "type");
	const char *colon = strchr(type, ':');

	return colon ? colon + 1 : type; /* "xsd:string" */
}

static const char *
type_of_input(const struct xform *x, int bind, int control, const char *value)
{
	const char *type = type_of_bind(x, bind);

	if (!*type)
		type = "string";
	/* A note is a text that says something and cannot be answered. */
	if (strcmp(type, "string") == 0 && !*value &&
	    strcmp(element_attribute(x, bind, "readonly"), "true()") == 0 &&
	    !*element_attribute(x, bind, "calculate") &&
	    element_is(x, control, "input"))
		return "note";
	for (size_t i = 0; i < ARRAY_LEN(inputs); i++)
		if (strcmp(inputs[i].bind, type) == 0)
			return inputs[i].type;
	return "text";
}

static const char *
type_of_upload(const struct xform *x, int control)
{
	const char *media = element_attribute(x, control, "mediatype");

	return strncmp(media, "image/", 6) == 0 ? "image"
	    : strncmp(media, "audio/", 6) == 0  ? "audio"
	    : strncmp(media, "video/", 6) == 0  ? "video"
						: "file";
}

static const char *
type_of_select(struct xform *x, const char *word, const char *path, int control)
{
	struct buf type = BUF_INIT;
	const char *kept;

	buf_addf(&type, "%s %s", word, xform_list(x, path, control));
	kept = arena_strdup(x->arena, type.data);
	buf_release(&type);
	return kept;
}

static const char *
type_without_control(const struct xform *x, int bind)
{
	const char *preload = element_attribute(x, bind, "preload");
	const char *params = element_attribute(x, bind, "preloadParams");

	for (size_t i = 0; i < ARRAY_LEN(preloads); i++)
		if (strcmp(preloads[i].preload, preload) == 0 &&
		    strcmp(preloads[i].params, params) == 0)
			return preloads[i].type;
	return *element_attribute(x, bind, "calculate") ? "calculate"
							: "hidden";
}

const char *
xform_type(
    struct xform *x, const char *path, int bind, int control, const char *value)
{
	if (control == TREE_NONE)
		return type_without_control(x, bind);
	if (*element_attribute(x, control, "query"))
		return type_of_select(x, "select_one_external", path, control);
	if (element_is(x, control, "select1"))
		return type_of_select(x, "select_one", path, control);
	if (element_is(x, control, "select"))
		return type_of_select(x, "select_multiple", path, control);
	if (element_is(x, control, "rank"))
		return type_of_select(x, "rank", path, control);
	if (element_is(x, control, "upload"))
		return type_of_upload(x, control);
	if (element_is(x, control, "trigger"))
		return "acknowledge";
	if (element_is(x, control, "range"))
		return "range";
	return type_of_input(x, bind, control, value);
}

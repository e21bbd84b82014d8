/* SPDX-License-Identifier: Apache-2.0 */
#include "base/xml.h"

#include <limits.h>
#include <string.h>

#include <expat.h>

#include "base/i18n.h"

/* Between namespace and name; expat refuses namespaces that hold it. */
enum { SEPARATOR = '|' };

struct reading {
	XML_Parser parser;
	const struct xml_handler *handler;
	void *arg;
	const char *what;
	struct err *err;
	int depth, failed;
};

static void
stop(struct reading *reading)
{
	reading->failed = 1;
	XML_StopParser(reading->parser, XML_FALSE);
}

static int
place(struct reading *reading, enum err_code code, const char *text)
{
	return err_set(reading->err, code, _("%s, line %lu, column %lu: %s"),
	    reading->what,
	    (unsigned long)XML_GetCurrentLineNumber(reading->parser),
	    (unsigned long)XML_GetCurrentColumnNumber(reading->parser) + 1,
	    text);
}

static void
on_start(void *arg, const char *name, const char **attributes)
{
	struct reading *reading = arg;

	if (reading->failed)
		return;
	if (++reading->depth > XML_DEPTH_MAX) {
		place(reading, ERR_LIMIT, _("nested too deeply"));
		stop(reading);
		return;
	}
	if (reading->handler->start &&
	    reading->handler->start(
		reading->arg, name, attributes, reading->err) < 0)
		stop(reading);
}

static void
on_end(void *arg, const char *name)
{
	struct reading *reading = arg;

	if (reading->failed)
		return;
	reading->depth--;
	if (reading->handler->end &&
	    reading->handler->end(reading->arg, name, reading->err) < 0)
		stop(reading);
}

static void
on_text(void *arg, const char *text, int len)
{
	struct reading *reading = arg;

	if (!reading->failed && reading->handler->text &&
	    reading->handler->text(
		reading->arg, text, (size_t)len, reading->err) < 0)
		stop(reading);
}

static void
on_other(struct reading *reading, const char *target, const char *text)
{
	if (!reading->failed && reading->handler->other &&
	    reading->handler->other(reading->arg, target, text, reading->err) <
		0)
		stop(reading);
}

static void
on_comment(void *arg, const char *text)
{
	on_other(arg, NULL, text);
}

static void
on_instruction(void *arg, const char *target, const char *text)
{
	on_other(arg, target, text);
}

/* A document type is where entities, and with them bombs, come from. */
static void
on_doctype(void *arg, const char *name, const char *system_id,
    const char *public_id, int has_internal)
{
	struct reading *reading = arg;

	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_internal;
	place(
	    reading, ERR_FORMAT, _("a document type (DOCTYPE) is not allowed"));
	stop(reading);
}

int
xml_parse(const char *bytes, size_t len, const char *what,
    const struct xml_handler *handler, void *arg, struct err *err)
{
	struct reading reading = {
		.handler = handler, .arg = arg, .what = what, .err = err
	};

	if (len > INT_MAX)
		return err_set(err, ERR_LIMIT, _("%s: too large"), what);
	reading.parser = XML_ParserCreateNS(NULL, SEPARATOR);
	if (!reading.parser)
		return err_set(err, ERR_LIMIT, _("%s: too large"), what);
	XML_SetUserData(reading.parser, &reading);
	XML_SetElementHandler(reading.parser, on_start, on_end);
	XML_SetCharacterDataHandler(reading.parser, on_text);
	XML_SetCommentHandler(reading.parser, on_comment);
	XML_SetProcessingInstructionHandler(reading.parser, on_instruction);
	XML_SetReturnNSTriplet(reading.parser, handler->with_prefix);
	XML_SetStartDoctypeDeclHandler(reading.parser, on_doctype);
	if (XML_Parse(reading.parser, bytes, (int)len, 1) != XML_STATUS_OK &&
	    !reading.failed) {
		place(&reading, ERR_FORMAT,
		    XML_ErrorString(XML_GetErrorCode(reading.parser)));
		reading.failed = 1;
	}
	XML_ParserFree(reading.parser);
	return reading.failed ? -1 : 0;
}

const char *
xml_attribute(const char **attributes, const char *name)
{
	for (; attributes[0]; attributes += 2) {
		const char *bar = strrchr(attributes[0], SEPARATOR);

		if (strcmp(attributes[0], name) == 0 ||
		    (bar && strcmp(bar + 1, name) == 0))
			return attributes[1];
	}
	return NULL;
}

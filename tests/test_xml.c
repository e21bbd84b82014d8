/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <string.h>

#include "base/buf.h"
#include "base/xml.h"

static int
on_start(void *arg, const char *name, const char **attributes, struct err *err)
{
	const char *value = xml_attribute(attributes, "v");

	if (strcmp(name, "refuse") == 0)
		return err_set(err, ERR_VALUE, "refused");
	buf_addf(arg, "<%s", name);
	if (value)
		buf_addf(arg, " v=%s", value);
	buf_add_char(arg, '>');
	return 0;
}

static int
on_end(void *arg, const char *name, struct err *err)
{
	(void)err;
	buf_addf(arg, "</%s>", name);
	return 0;
}

static int
on_text(void *arg, const char *text, size_t len, struct err *err)
{
	(void)err;
	buf_add(arg, text, len);
	return 0;
}

static const struct xml_handler handler = {
	.start = on_start, .end = on_end, .text = on_text
};

static void
elements_names_and_text_come_in_order(void **state)
{
	static const struct {
		const char *text, *seen;
	} cases[] = {
		{ "<a/>", "<a></a>" },
		{ "<a v='1'>x&amp;&#233;<b/>y</a>", "<a v=1>x&é<b></b>y</a>" },
		{ "<a xmlns='urn:n' xmlns:p='urn:p' p:v='2'><p:b/></a>",
		    "<urn:n|a v=2><urn:p|b></urn:p|b></urn:n|a>" },
		{ "<a><![CDATA[<&>]]></a>", "<a><&></a>" },
		{ "\xef\xbb\xbf<a>缅北禁地</a>", "<a>缅北禁地</a>" },
		{ "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>",
		    "<a>é</a>" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf seen = BUF_INIT;
		struct err err = { 0 };

		xml_parse(cases[i].text, strlen(cases[i].text), "x", &handler,
		    &seen, &err);
		assert_no_err(&err);
		assert_string_equal(seen.data, cases[i].seen);
		buf_release(&seen);
	}
}

static void
mistakes_are_reported_where_they_are(void **state)
{
	static const struct {
		const char *text;
		enum err_code code;
		const char *msg;
	} cases[] = {
		{ "", ERR_FORMAT, "f.xml, line 1, column 1: no element found" },
		{ "<a>\n <b></a>", ERR_FORMAT,
		    "f.xml, line 2, column 7: mismatched tag" },
		{ "<a>", ERR_FORMAT,
		    "f.xml, line 1, column 4: "
		    "no element found" },
		{ "<a>\xff</a>", ERR_FORMAT,
		    "f.xml, line 1, column 4: not well-formed "
		    "(invalid token)" },
		{ "<a>&e;</a>", ERR_FORMAT,
		    "f.xml, line 1, column 4: undefined entity" },
		{ "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", ERR_FORMAT,
		    "f.xml, line 1, column 13: a document type (DOCTYPE) is "
		    "not allowed" },
		{ "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", ERR_FORMAT,
		    "f.xml, line 1, column 40: a document type (DOCTYPE) is "
		    "not allowed" },
		{ "<a><refuse/><b></c></a>", ERR_VALUE, "refused" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf seen = BUF_INIT;
		struct err err = { 0 };

		assert_int_equal(xml_parse(cases[i].text, strlen(cases[i].text),
				     "f.xml", &handler, &seen, &err),
		    -1);
		assert_int_equal(err.code, cases[i].code);
		assert_string_equal(err.msg, cases[i].msg);
		assert_null(strstr(seen.data, "<c"));
		buf_release(&seen);
	}
}

static void
depth_is_limited(void **state)
{
	static const struct {
		int depth;
		enum err_code code;
	} cases[] = { { XML_DEPTH_MAX, ERR_NONE },
		{ XML_DEPTH_MAX + 1, ERR_LIMIT }, { 200000, ERR_LIMIT } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf text = BUF_INIT;
		const struct xml_handler none = { 0 };
		struct err err = { 0 };

		for (int j = 0; j < cases[i].depth; j++)
			buf_add_text(&text, "<a>");
		for (int j = 0; j < cases[i].depth; j++)
			buf_add_text(&text, "</a>");
		xml_parse(text.data, text.len, "deep", &none, NULL, &err);
		assert_int_equal(err.code, cases[i].code);
		buf_release(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(elements_names_and_text_come_in_order),
		TEST(mistakes_are_reported_where_they_are),
		TEST(depth_is_limited),
	};

	return RUN_TESTS(tests);
}

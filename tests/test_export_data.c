/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/xml.h"
#include "tests/command.h"

/* Answers as data for other programs, by the real command. */

static char *folder;

static const char sheets[] =
    "survey,type,name,label,relevant\n"
    ",begin group,g,G,\n"
    ",select_multiple kinds,kinds,Kinds,\n"
    ",geopoint,where,Where,\n"
    ",end group,,,\n"
    ",text,word,Word,\n"
    ",text,hidden,Hidden,${word} = 'x'\n"
    ",image,photo,Photo,\n"
    ",username,who,,\n"
    ",audit,audit,,\n"
    ",begin repeat,house,House,\n"
    ",text,head,Head,\n"
    ",begin repeat,person,Person,\n"
    ",text,first,First name,\n"
    ",end repeat,,,\n"
    ",end repeat,,,\n"
    "choices,list_name,name,label\n"
    ",kinds,a,A\n"
    ",kinds,b,B\n"
    "settings,form_title,form_id,version,instance_name\n"
    ",Houses,houses,3,${word}\n";

static void
put(const char *name, const char *text)
{
	char *path = file_join(folder, name);
	struct err err = { 0 };

	file_write(path, text, strlen(text), 0600, &err);
	assert_no_err(&err);
	free(path);
}

static char *
take(const char *name)
{
	char *path = file_join(folder, name);
	struct buf text = BUF_INIT;
	struct err err = { 0 };

	if (file_read(path, &text, &err) < 0)
		fail_msg("%s", err.msg);
	free(path);
	return buf_detach(&text);
}

static void
say(const char *id, const char *rest)
{
	free(
	    command_expect(folder, "zoe", 0, "inspection set %s %s", id, rest));
}

static char *
begin(void)
{
	char *id;

	free(folder);
	folder = test_folder();
	put("houses.csv", sheets);
	put("IMG_1.jpg", "not a photo");
	command_make_vault(folder, "zoe", "inspector");
	free(command_expect(folder, "zoe", 0, "checklist import houses.csv"));
	free(command_expect(folder, "zoe", 0, "site add --name Kolda"));
	id = command_expect(
	    folder, "zoe", 0, "inspection new --site Kolda --checklist houses");
	say(id, "g/kinds a,b");
	say(id, "g/where '5.35 -4.01 12 3'");
	say(id, "word '=1+1,\"a\"'");
	free(command_expect(
	    folder, "zoe", 0, "inspection row add %s house", id));
	free(command_expect(
	    folder, "zoe", 0, "inspection row add %s house", id));
	say(id, "house[1]/head Ba");
	say(id, "house[2]/head Sow");
	free(command_expect(
	    folder, "zoe", 0, "inspection row add %s house[2]/person", id));
	say(id, "house[2]/person[1]/first Awa");
	free(command_expect(
	    folder, "zoe", 0, "inspection set %s photo '' --evidence IMG_1.jpg", id));
	return id;
}

static void
assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no %s in\n%s", part, text);
}

/* The file whose name fits, from the folder on; the caller's to free. */
static char *
find_file(const char *pattern)
{
	char *whole = file_join(folder, pattern), *name;
	glob_t found;

	if (glob(whole, 0, NULL, &found) != 0 || found.gl_pathc != 1)
		fail_msg("not one file is called %s", whole);
	name = xstrdup(found.gl_pathv[0] + strlen(folder) + 1);
	globfree(&found);
	free(whole);
	return name;
}

static void
a_submission_is_what_a_server_takes(void **state)
{
	const struct xml_handler nothing = { 0 };
	struct err err = { 0 };
	char *id = begin(), *path, *xml, *audit, *photo, *again;

	(void)state;
	free(command_expect(folder, "zoe", 0,
	    "inspection export-data %s --format openrosa --output data", id));
	path = find_file("data/*/submission.xml");
	xml = take(path);
	assert_int_equal(
	    xml_parse(xml, strlen(xml), path, &nothing, NULL, &err), 0);
	assert_has(xml, "<data id=\"houses\" version=\"3\"");
	assert_has(xml,
	    "<g><kinds>a b</kinds><where>5.35 -4.01 12 3</where></g>"
	    "<word>=1+1,&quot;a&quot;</word><photo>IMG_1.jpg</photo>"
	    "<who>zoe</who>"
	    "<house><head>Ba</head></house>"
	    "<house><head>Sow</head><person><first>Awa</first></person>"
	    "</house><meta><audit>audit.csv</audit><instanceID>uuid:");
	assert_has(xml, "<instanceName>=1+1,&quot;a&quot;</instanceName>");
	assert_null(strstr(xml, "hidden"));
	free(path);
	path = find_file("data/*/audit.csv");
	audit = take(path);
	assert_int_equal(
	    strncmp(
		audit, "event,node,start,end,old-value,new-value,user\r\n", 47),
	    0);
	assert_has(audit, "\"question\",\"/data/g/kinds\",\"");
	assert_has(audit, "\"/data/house[2]/person[1]/first\",");
	assert_has(audit, ",\"\",\"Awa\",\"zoe\"\r\n");
	free(path);
	path = find_file("data/*/IMG_1.jpg");
	photo = take(path);
	assert_string_equal(photo, "not a photo");
	/* The same again, and nothing is written over. */
	free(command_expect(folder, "zoe", 0,
	    "inspection export-data %s --format openrosa --output again", id));
	free(path);
	path = find_file("again/*/submission.xml");
	again = take(path);
	assert_string_equal(xml, again);
	free(command_expect(folder, "zoe", 1,
	    "inspection export-data --all --format json --output data"));
	free(path);
	free(xml);
	free(again);
	free(audit);
	free(photo);
	free(id);
}

static void
an_edited_submission_names_the_one_before(void **state)
{
	char *id = begin(), *path, *first, *second, old[128];
	const char *at;

	(void)state;
	free(command_expect(folder, "zoe", 0, "inspection sign %s", id));
	free(command_expect(folder, "zoe", 0,
	    "inspection export-data %s --format openrosa --output one", id));
	path = find_file("one/*/submission.xml");
	first = take(path);
	free(path);
	free(command_expect(
	    folder, "zoe", 0, "inspection reopen %s --reason typo", id));
	free(command_expect(folder, "zoe", 0,
	    "inspection export-data %s --format openrosa --output two", id));
	path = find_file("two/*/submission.xml");
	second = take(path);
	at = strstr(first, "<instanceID>") + strlen("<instanceID>");
	snprintf(old, sizeof(old), "<deprecatedID>%.41s</deprecatedID>", at);
	assert_has(second, old);
	assert_null(strstr(first, "deprecatedID"));
	free(path);
	free(first);
	free(second);
	free(id);
}

static void
tables_of_repeats_are_joined_by_keys(void **state)
{
	char *id = begin(), *path, *main_table, *rows;

	(void)state;
	free(command_expect(folder, "zoe", 0,
	    "inspection export-data %s --format csv-odk --output odk", id));
	path = find_file("odk/houses-????????.csv");
	main_table = take(path);
	assert_has(main_table,
	    "\xef\xbb\xbf\"g-kinds\",\"g-where-Latitude\","
	    "\"g-where-Longitude\",\"g-where-Altitude\","
	    "\"g-where-Accuracy\",\"word\",\"hidden\",\"photo\",\"who\","
	    "\"meta-instanceID\",");
	assert_has(main_table,
	    "\r\n\"a b\",\"5.35\",\"-4.01\",\"12\",\"3\","
	    "\"'=1+1,\"\"a\"\"\",\"\",\"IMG_1.jpg\",\"zoe\",\"uuid:");
	free(path);
	path = find_file("odk/houses-*-house.csv");
	rows = take(path);
	assert_has(rows, "\"head\",\"PARENT_KEY\",\"KEY\"\r\n\"Ba\",\"uuid:");
	assert_has(rows, "/house[2]\"\r\n");
	free(path);
	free(rows);
	path = find_file("odk/houses-*-house-person.csv");
	rows = take(path);
	assert_has(rows, "\r\n\"Awa\",\"uuid:");
	assert_has(rows, "/house[2]\",\"uuid:");
	assert_has(rows, "/house[2]/person[1]\"\r\n");
	free(path);
	free(rows);
	free(main_table);
	free(id);
}

static void
tables_of_kobo_are_joined_by_numbers(void **state)
{
	char *id = begin(), *path, *table;

	(void)state;
	free(command_expect(folder, "zoe", 0,
	    "inspection export-data %s --format csv-kobo --output kobo", id));
	path = find_file("kobo/houses-????????.csv");
	table = take(path);
	assert_has(table,
	    "\"g/kinds\",\"g/kinds/a\",\"g/kinds/b\",\"g/where\","
	    "\"g/_where_latitude\",\"g/_where_longitude\",");
	assert_has(
	    table, "\r\n\"a b\",\"1\",\"1\",\"5.35 -4.01 12 3\",\"5.35\",");
	free(path);
	free(table);
	path = find_file("kobo/houses-*-house-person.csv");
	table = take(path);
	assert_has(table,
	    "\"house/person/first\",\"_index\","
	    "\"_parent_table_name\",\"_parent_index\","
	    "\"_submission__uuid\"\r\n"
	    "\"Awa\",\"1\",\"house\",\"2\",\"");
	free(path);
	free(table);
	free(id);
}

static void
json_nests_as_the_form_does(void **state)
{
	char *id = begin(), *path, *text;
	struct stat st;

	(void)state;
	free(command_expect(folder, "zoe", 0,
	    "inspection export-data --all --format json --output json"));
	path = find_file("json/houses-????????.json");
	text = take(path);
	assert_has(text, "\"kinds\": \"a b\"");
	assert_has(text, "\"person\": [\n");
	assert_has(text, "\"name\": \"IMG_1.jpg\"");
	free(path);
	path = file_join(folder, "json");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	free(path);
	free(text);
	free(id);
}

static void
what_cannot_be_exported_leaves_no_folder(void **state)
{
	char *id = begin(), *path;

	(void)state;
	free(command_expect(folder, "zoe", 1,
	    "inspection export-data I-NONE --format json --output none"));
	path = file_join(folder, "none");
	assert_false(file_exists(path));
	free(command_expect(folder, "zoe", 2,
	    "inspection export-data --all --format xml --output none"));
	free(command_expect(folder, "zoe", 2,
	    "inspection export-data --format json --output none"));
	assert_false(file_exists(path));
	free(path);
	free(id);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_submission_is_what_a_server_takes),
		TEST(an_edited_submission_names_the_one_before),
		TEST(tables_of_repeats_are_joined_by_keys),
		TEST(tables_of_kobo_are_joined_by_numbers),
		TEST(json_nests_as_the_form_does),
		TEST(what_cannot_be_exported_leaves_no_folder),
	};

	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	setenv("RONDE_LANG", "en", 1);
	return RUN_TESTS(tests);
}

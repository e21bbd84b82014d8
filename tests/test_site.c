/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "inspections/site.h"
#include "tests/inspections_support.h"

/* Sites: adding, naming, finding. */

static int
remember(void *arg, const struct site *site, struct err *err)
{
	(void)err;
	buf_addf(arg, "%s|", site->name);
	return 0;
}

static void
sites_are_listed_as_people_sort(void **state)
{
	static const char *const names[] = { "Zoo", "Écluse 4", "abattoir",
		"Eau potable", "缅北禁地" };
	struct vault *vault = person_new("Chef", ROLE_SUPERVISOR);
	struct buf list = BUF_INIT;
	struct err err = { 0 };
	char id[ID_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		site_add(vault, names[i], NULL, NULL, NULL, id, &err);
	site_each(vault, remember, &list, &err);
	assert_no_err(&err);
	assert_string_equal(
	    list.data, "abattoir|Eau potable|Écluse 4|Zoo|缅北禁地|");
	buf_release(&list);
	person_free(vault);
}

static void
a_name_that_cannot_be_is_refused(void **state)
{
	static const struct {
		const char *name, *category;
		enum err_code code;
	} cases[] = {
		{ "", NULL, ERR_VALUE },
		{ "  ", NULL, ERR_VALUE },
		{ "a\nb", NULL, ERR_FORMAT },
		{ "a\xe2\x80\xae"
		  "b",
		    NULL, ERR_FORMAT },
		{ "a\xff", NULL, ERR_FORMAT },
		{ "Gare", "castle", ERR_VALUE },
	};
	struct vault *vault = person_new("Chef", ROLE_SUPERVISOR);
	struct buf longest = BUF_INIT;
	char id[ID_MAX];
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		memset(&err, 0, sizeof(err));
		assert_int_equal(site_add(vault, cases[i].name, NULL, NULL,
				     cases[i].category, id, &err),
		    -1);
		assert_int_equal(err.code, cases[i].code);
	}
	for (int i = 0; i < 10000; i++)
		buf_add_char(&longest, 'x');
	assert_int_equal(
	    site_add(vault, longest.data, NULL, NULL, NULL, id, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_int_equal(vault_head(vault).count, 0);
	buf_release(&longest);
	person_free(vault);
}

static void
a_site_keeps_its_fields_and_takes_a_new_name(void **state)
{
	struct vault *vault = person_new("Chef", ROLE_SUPERVISOR);
	struct err err = { 0 };
	struct site site;
	char id[ID_MAX];

	(void)state;
	/* e and a combining accent become one character. */
	site_add(vault, "Me\xcc\x81tro", "transports", "Ville",
	    CATEGORY_PUBLIC_PLACE, id, &err);
	assert_no_err(&err);
	assert_int_equal(site_find(vault, id, &site, &err), 1);
	assert_string_equal(site.name, "Métro");
	assert_string_equal(site.sector, "transports");
	assert_string_equal(site.organisation, "Ville");
	assert_string_equal(site.category, "public-place");
	site_release(&site);
	site_rename(vault, id, "Métro nord", &err);
	assert_no_err(&err);
	assert_int_equal(site_find(vault, id, &site, &err), 1);
	assert_string_equal(site.name, "Métro nord");
	assert_string_equal(site.sector, "transports");
	site_release(&site);
	assert_rebuild_is_same(vault, id);

	assert_int_equal(
	    site_rename(vault, "S-0000000000000000", "x", &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	person_free(vault);
}

static void
what_is_typed_is_completed_or_the_candidates_are_named(void **state)
{
	struct vault *vault = person_new("Chef", ROLE_SUPERVISOR);
	char port[ID_MAX], old[ID_MAX], gate[ID_MAX], found[ID_MAX];
	char start[ID_MAX];
	struct err err = { 0 };

	(void)state;
	site_add(vault, "Marché Ouest", NULL, NULL, NULL, old, &err);
	site_add(vault, "Marché", NULL, NULL, NULL, port, &err);
	site_add(vault, "Usine d'eau", NULL, NULL, NULL, gate, &err);
	const struct {
		const char *typed, *id;
	} cases[] = { { port, port }, { "marche", port }, { "MARCHÉ O", old },
		{ "usine", gate }, { "D’EAU", gate } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		site_complete(vault, cases[i].typed, found, &err);
		assert_no_err(&err);
		assert_string_equal(found, cases[i].id);
	}
	/* The start of the identifier, small letters, without "S-". */
	memcpy(start, gate + 2, 12);
	start[12] = '\0';
	for (char *c = start; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	site_complete(vault, start, found, &err);
	assert_no_err(&err);
	assert_string_equal(found, gate);

	assert_int_equal(site_complete(vault, "march", found, &err), -1);
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_non_null(strstr(err.msg, "Marché Ouest"));
	assert_int_equal(site_complete(vault, "rien", found, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_int_equal(site_complete(vault, "", found, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	person_free(vault);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sites_are_listed_as_people_sort),
		TEST(a_name_that_cannot_be_is_refused),
		TEST(a_site_keeps_its_fields_and_takes_a_new_name),
		TEST(what_is_typed_is_completed_or_the_candidates_are_named),
	};

	return RUN_TESTS(tests);
}

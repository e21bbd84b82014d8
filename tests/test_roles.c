/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <string.h>

#include "inspections/contents.h"
#include "inspections/roles.h"
#include "inspections/site.h"
#include "storage/log.h"
#include "tests/inspections_support.h"

/* Who may write what, and what becomes of what one may not. */

static void
the_table_is_what_the_programme_decided(void **state)
{
	static const struct {
		const char *kind;
		bool may[ROLE_COUNT];
	} cases[] = {
		{ "site", { true, true, true } },
		{ "rename", { false, true, true } },
		{ "same-site", { false, true, true } },
		{ "mission", { false, true, true } },
		{ "open", { true, true, true } },
		{ "answer", { true, true, true } },
		{ "evidence", { true, true, true } },
		{ "sign", { true, true, true } },
		{ "reopen", { true, true, true } },
		{ "resolve", { false, true, true } },
		{ "review", { false, false, false } },
		{ "override", { false, false, false } },
		{ "hologram", { false, false, false } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (int role = 0; role < ROLE_COUNT; role++)
			assert_int_equal(
			    role_may((enum role)role, kind_of(cases[i].kind)),
			    cases[i].may[role]);
}

static void
an_inspector_is_told_what_he_may_not(void **state)
{
	struct vault *vault = person_new("Awa", ROLE_INSPECTOR);
	const struct hash form = store_form(vault);
	const char *people[] = { "P-0000000000000001" };
	char site[ID_MAX], id[ID_MAX];
	struct err err = { 0 };

	(void)state;
	site_add(vault, "Centrale", NULL, NULL, NULL, site, &err);
	assert_no_err(&err);
	assert_int_equal(site_rename(vault, site, "Autre", &err), -1);
	assert_int_equal(err.code, ERR_DENIED);
	assert_int_equal(
	    mission_new(vault, site, &form, people, 1, NULL, id, &err), -1);
	assert_int_equal(err.code, ERR_DENIED);
	person_free(vault);
}

static void
what_an_inspector_wrote_all_the_same_has_no_effect(void **state)
{
	struct vault *awa = person_new("Awa", ROLE_INSPECTOR);
	struct vault *chief = person_new("Chef", ROLE_SUPERVISOR);
	char site[ID_MAX];
	struct err err = { 0 };
	struct site found;

	(void)state;
	site_add(awa, "Centrale", NULL, NULL, NULL, site, &err);
	write_event(awa, site, "rename", "{\"name\":\"Autre\"}");
	hand_all(awa, chief);
	assert_int_equal(site_find(chief, site, &found, &err), 1);
	assert_string_equal(found.name, "Centrale");
	site_release(&found);
	site_rename(chief, site, "Centrale nord", &err);
	assert_no_err(&err);
	assert_int_equal(site_find(chief, site, &found, &err), 1);
	assert_string_equal(found.name, "Centrale nord");
	site_release(&found);
	person_free(awa);
	person_free(chief);
}

static void
a_device_that_nobody_knows_may_nothing(void **state)
{
	struct vault *awa = person_new("Awa", ROLE_INSPECTOR);
	struct vault *chief = person_new("Chef", ROLE_SUPERVISOR);
	struct inspection_info info;
	struct err err = { 0 };
	char id[ID_MAX];

	(void)state;
	make_inspection(awa, id);
	answer_in(awa, id, "gate", "yes");
	store_form(chief);
	hand_all(awa, chief);
	inspection_find(chief, id, &info, &err);
	assert_int_equal(info.answered, 1);
	inspection_info_release(&info);

	roster_clear(chief, &err);
	projection_run(chief, id, &err);
	assert_no_err(&err);
	inspection_find(chief, id, &info, &err);
	assert_int_equal(info.answered, 0);
	inspection_info_release(&info);
	person_free(awa);
	person_free(chief);
}

/* ---- what travels, and to whom ---- */

struct named {
	struct hash form, blob;
	char subject[ID_MAX];
	int forms, blobs;
};

static int
name_form(void *arg, const struct hash *digest, struct err *err)
{
	struct named *named = arg;

	(void)err;
	named->form = *digest;
	named->forms++;
	return 0;
}

static int
name_blob(void *arg, const struct hash *digest, struct err *err)
{
	struct named *named = arg;

	(void)err;
	named->blob = *digest;
	named->blobs++;
	return 0;
}

static int
name_subject(void *arg, const char *subject, struct err *err)
{
	(void)err;
	strncpy(((struct named *)arg)->subject, subject, ID_MAX - 1);
	return 0;
}

static void
a_mission_travels_with_its_site_checklist_and_evidence(void **state)
{
	struct vault *chief = person_new("Chef", ROLE_SUPERVISOR);
	const struct hash form = store_form(chief);
	const char *people[] = { "P-0000000000000001" };
	struct named named = { .forms = 0 };
	const struct contents_sink sink = { .form = name_form,
		.blob = name_blob,
		.subject = name_subject,
		.arg = &named };
	char site[ID_MAX], id[ID_MAX];
	struct err err = { 0 };

	(void)state;
	site_add(chief, "Centrale", NULL, NULL, NULL, site, &err);
	mission_new(chief, site, &form, people, 1, NULL, id, &err);
	write_event(chief, id, "evidence",
	    "{\"path\":\"a/gate\",\"blob\":\"0303030303030303030303030303030303"
	    "030303030303030303030303030303\",\"name\":\"x\",\"size\":1}");
	contents_of_subject(chief, id, &sink, &err);
	assert_no_err(&err);
	assert_int_equal(named.forms, 1);
	assert_true(hash_equal(&named.form, &form));
	assert_int_equal(named.blobs, 1);
	assert_int_equal(named.blob.bytes[0], 3);
	assert_string_equal(named.subject, site);

	assert_int_equal(contents_concerns(chief, id, people[0], &err), 1);
	assert_int_equal(
	    contents_concerns(chief, id, "P-0000000000000002", &err), 0);
	assert_int_equal(
	    contents_concerns(chief, id, identity_get(chief)->person, &err), 1);
	assert_int_equal(contents_concerns(chief, site, people[0], &err), 0);
	person_free(chief);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_table_is_what_the_programme_decided),
		TEST(an_inspector_is_told_what_he_may_not),
		TEST(what_an_inspector_wrote_all_the_same_has_no_effect),
		TEST(a_device_that_nobody_knows_may_nothing),
		TEST(a_mission_travels_with_its_site_checklist_and_evidence),
	};

	return RUN_TESTS(tests);
}

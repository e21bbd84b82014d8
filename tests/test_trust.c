/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/parties.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "bundles/heads.h"
#include "storage/db.h"
#include "storage/log.h"

/*
 * Everybody's statements, then what one vault that trusts only some of them
 * makes of all.  Power: an authority; Salma, Simon: supervisors of water and
 * of harbours; Ines: an inspector of water.
 */
enum who { SELF, POWER, SALMA, SIMON, INES, WHO_COUNT };

static struct party all[WHO_COUNT];

static int
make_all(void **state)
{
	static const struct {
		const char *name;
		enum role role;
		const char *organisation;
	} who[WHO_COUNT] = {
		{ "Self", ROLE_INSPECTOR, "Ministère de l'Eau" },
		{ "Power", ROLE_AUTHORITY, "Secrétariat" },
		{ "Salma", ROLE_SUPERVISOR, "Ministère de l'Eau" },
		{ "Simon", ROLE_SUPERVISOR, "Ports" },
		{ "Ines", ROLE_INSPECTOR, "Ministère de l'Eau" },
	};
	char *folder = test_folder();

	(void)state;
	for (size_t i = 0; i < WHO_COUNT; i++)
		party_new_of(&all[i], folder, who[i].name, who[i].role,
		    who[i].organisation);
	free(folder);
	return 0;
}

static int
close_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < WHO_COUNT; i++)
		party_close(&all[i]);
	return 0;
}

static void
tell_self(void)
{
	for (size_t i = POWER; i < WHO_COUNT; i++)
		party_tell(&all[i], &all[SELF]);
}

static struct roster_entry
look(enum who who)
{
	struct roster_entry entry = { 0 }, kept;
	struct err err = { 0 };
	const int found =
	    roster_find(all[SELF].vault, all[who].card.device, &entry, &err);

	assert_int_equal(found, 1);
	kept = entry;
	kept.name = kept.organisation = NULL;
	roster_entry_release(&entry);
	return kept;
}

static void
assert_trust(enum who who, enum trust trust)
{
	const struct roster_entry entry = look(who);

	if (entry.trust != trust)
		fail_msg("%s has the standing %d instead of %d",
		    all[who].card.name, entry.trust, trust);
}

static struct hash
say_heads(enum who who)
{
	struct err err = { 0 };
	struct hash hash;

	db_begin(vault_db(all[who].vault), &err);
	heads_make(all[who].vault, HEADS_FOR_EXPORT, &hash, &err);
	db_commit(vault_db(all[who].vault), &err);
	assert_no_err(&err);
	return hash;
}

static void
revoke(enum who by, enum who whom, const struct hash *after)
{
	struct err err = { 0 };
	char hex[HASH_HEX_MAX] = "0";

	if (after)
		hash_to_hex(after, hex);
	party_tell(&all[whom], &all[by]);
	trust_revoke(all[by].vault, all[whom].card.device, hex, "stolen", &err);
	assert_no_err(&err);
}

static void
a_card_alone_gives_no_trust(void **state)
{
	(void)state;
	tell_self();
	assert_trust(SELF, TRUST_SELF);
	for (enum who who = POWER; who < WHO_COUNT; who++)
		assert_trust(who, TRUST_NONE);
}

static void
whom_one_enrols_is_trusted_in_the_role_given(void **state)
{
	struct err err = { 0 };

	(void)state;
	trust_add(all[SELF].vault, &all[INES].card, ROLE_SUPERVISOR, &err);
	assert_no_err(&err);
	assert_trust(INES, TRUST_YES);
	assert_int_equal(look(INES).role, ROLE_SUPERVISOR);
	trust_add(all[SELF].vault, &all[SELF].card, -1, &err);
	assert_int_equal(err.code, ERR_USAGE);
}

static void
trust_goes_down_from_authority_to_inspector(void **state)
{
	(void)state;
	party_trust(&all[SELF], &all[POWER]);
	party_trust(&all[POWER], &all[SALMA]);
	party_trust(&all[SALMA], &all[INES]);
	tell_self();
	assert_trust(SALMA, TRUST_YES);
	assert_trust(INES, TRUST_YES);
	assert_trust(SIMON, TRUST_NONE);
}

static void
a_supervisor_enrols_only_inspectors_of_the_own_body(void **state)
{
	(void)state;
	party_trust(&all[SELF], &all[SIMON]);
	party_trust(&all[SIMON], &all[INES]);
	party_trust(&all[SIMON], &all[SALMA]);
	tell_self();
	assert_trust(SIMON, TRUST_YES);
	assert_trust(INES, TRUST_NONE);
	assert_trust(SALMA, TRUST_NONE);
}

/* Ines' enrolment by `by`, as a device of the person of `other`. */
static void
enrol_as(enum who by, enum who other)
{
	struct card card = all[INES].card;
	struct err err = { 0 };

	memcpy(card.person, all[other].card.person, sizeof(card.person));
	trust_add(all[by].vault, &card, ROLE_INSPECTOR, &err);
	assert_no_err(&err);
}

static void
a_supervisor_gives_no_device_to_people_he_may_not_enrol(void **state)
{
	(void)state;
	party_trust(&all[SELF], &all[POWER]);
	party_trust(&all[POWER], &all[SALMA]);
	enrol_as(SALMA, POWER);
	tell_self();
	assert_trust(SALMA, TRUST_YES);
	assert_trust(INES, TRUST_NONE);
	/* The own second device, by the own supervisor: that is what for. */
	enrol_as(SALMA, SELF);
	tell_self();
	assert_trust(INES, TRUST_YES);
	assert_string_equal(look(INES).person, all[SELF].card.person);
}

static void
an_authority_gives_devices_to_anybody(void **state)
{
	(void)state;
	party_trust(&all[SELF], &all[POWER]);
	enrol_as(POWER, POWER);
	tell_self();
	assert_trust(INES, TRUST_YES);
	assert_string_equal(look(INES).person, all[POWER].card.person);
}

static void
an_inspector_enrols_nobody(void **state)
{
	(void)state;
	party_trust(&all[SELF], &all[INES]);
	party_trust(&all[INES], &all[SALMA]);
	tell_self();
	assert_trust(SALMA, TRUST_NONE);
}

/* A supervisor's enrolment of one device that names the card of another. */
static void
enrol_with_card_of(enum who by, enum who whom, enum who other)
{
	struct statement card = { 0 };
	struct err err = { 0 };
	char hex[HASH_HEX_MAX];
	const char *line = all[other].card.line;
	json_t *body = json_object();

	statement_read(&card, line, strlen(line), "card", &err);
	hash_to_hex(&card.hash, hex);
	json_put_text(body, "enrolled", all[whom].card.device);
	json_put_text(body, "card", hex);
	json_put_text(body, "person", all[whom].card.person);
	json_put_text(body, "role", "inspector");
	json_put_text(body, "organisation", "Ministère de l'Eau");
	statement_make(all[by].vault, STATEMENT_ENROLMENT, body, NULL, &err);
	assert_no_err(&err);
	json_decref(body);
	statement_release(&card);
}

static void
an_enrolment_with_the_card_of_another_touches_only_whom_it_names(void **state)
{
	(void)state;
	party_trust(&all[SELF], &all[POWER]);
	party_trust(&all[POWER], &all[SALMA]);
	enrol_with_card_of(SALMA, INES, POWER);
	enrol_with_card_of(SALMA, SIMON, SELF);
	tell_self();
	assert_trust(SELF, TRUST_SELF);
	assert_trust(POWER, TRUST_YES);
	assert_int_equal(look(POWER).role, ROLE_AUTHORITY);
	assert_trust(INES, TRUST_YES);
	assert_trust(SIMON, TRUST_YES);
	assert_memory_equal(
	    look(INES).sign_public, all[INES].card.sign_public, 32);
}

static void
a_revocation_wins_and_the_earlier_cut_counts(void **state)
{
	struct hash first, second;

	(void)state;
	party_trust(&all[SELF], &all[POWER]);
	party_trust(&all[POWER], &all[SALMA]);
	party_trust(&all[SALMA], &all[INES]);
	first = say_heads(INES);
	second = say_heads(INES);
	revoke(SALMA, INES, &second);
	tell_self();
	assert_trust(INES, TRUST_REVOKED);
	assert_int_equal(look(INES).cut, 2);
	revoke(POWER, INES, &first);
	tell_self();
	assert_int_equal(look(INES).cut, 1);
	/* Enrolling again does not undo it. */
	party_trust(&all[SELF], &all[SALMA]);
	party_trust(&all[POWER], &all[SIMON]);
	tell_self();
	assert_trust(INES, TRUST_REVOKED);
	revoke(POWER, INES, NULL);
	tell_self();
	assert_int_equal(look(INES).cut, 0);
}

static void
who_may_not_revoke_is_not_heard(void **state)
{
	(void)state;
	party_trust(&all[SELF], &all[SALMA]);
	party_trust(&all[SALMA], &all[INES]);
	revoke(SIMON, INES, NULL); /* nobody knows Simon */
	revoke(INES, SALMA, NULL); /* an inspector */
	tell_self();
	assert_trust(INES, TRUST_YES);
	assert_trust(SALMA, TRUST_YES);
}

static void
what_a_revoked_supervisor_enrolled_does_not_count(void **state)
{
	(void)state;
	party_trust(&all[SELF], &all[POWER]);
	party_trust(&all[POWER], &all[SALMA]);
	party_trust(&all[SALMA], &all[INES]);
	revoke(POWER, SALMA, NULL);
	tell_self();
	assert_trust(SALMA, TRUST_REVOKED);
	assert_trust(INES, TRUST_NONE);
	party_trust(&all[POWER], &all[INES]);
	tell_self();
	assert_trust(INES, TRUST_YES);
}

static void
a_revoked_device_is_not_enrolled_again(void **state)
{
	struct err err = { 0 };

	(void)state;
	party_trust(&all[SELF], &all[INES]);
	revoke(SELF, INES, NULL);
	assert_int_equal(
	    trust_add(all[SELF].vault, &all[INES].card, -1, &err), -1);
	assert_int_equal(err.code, ERR_CONFLICT);
}

static void
nobody_revokes_the_own_device(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(trust_revoke(all[SELF].vault, all[SELF].card.device,
			     "0", "lost", &err),
	    -1);
	assert_int_equal(err.code, ERR_USAGE);
}

/* ---- statements in every order ---- */

struct lines {
	char *lines[64];
	size_t count;
};

static int
collect(void *arg, const struct statement *statement, struct err *err)
{
	struct lines *lines = arg;

	(void)err;
	assert_true(lines->count < ARRAY_LEN(lines->lines));
	lines->lines[lines->count++] =
	    xstrndup(statement->line, statement->len);
	return 0;
}

static void
insert_line(struct party *party, const char *line)
{
	struct statement statement = { 0 };
	struct err err = { 0 };

	statement_read(&statement, line, strlen(line), "line", &err);
	assert_no_err(&err);
	statement_insert(party->vault, &statement, &err);
	statement_release(&statement);
	assert_no_err(&err);
}

static void
the_order_of_statements_does_not_matter(void **state)
{
	struct lines lines = { 0 };
	struct err err = { 0 };
	struct hash first = { 0 }, cut;
	char *folder = test_folder();

	(void)state;
	party_trust(&all[SELF], &all[POWER]);
	party_trust(&all[POWER], &all[SALMA]);
	party_trust(&all[SALMA], &all[INES]);
	cut = say_heads(INES);
	say_heads(INES);
	revoke(SALMA, INES, &cut);
	revoke(POWER, INES, NULL);
	revoke(POWER, SALMA, NULL);
	party_trust(&all[POWER], &all[INES]);
	for (size_t i = POWER; i < WHO_COUNT; i++)
		statement_each(all[i].vault, NULL, NULL, collect, &lines, &err);
	assert_no_err(&err);
	for (size_t turn = 0; turn < lines.count; turn++) {
		char *path = xasprintf("%s/copy%zu.vault", folder, turn);
		struct party copy;
		struct hash digest;

		party_copy(&copy, &all[SELF], path);
		/* Every line is the first once, and the stride varies. */
		for (size_t i = 0; i < lines.count; i++)
			insert_line(&copy,
			    lines.lines[turn % 2
				    ? (turn + i) % lines.count
				    : (turn + lines.count - i) % lines.count]);
		trust_refresh(copy.vault, &err);
		assert_no_err(&err);
		digest = party_digest(&copy);
		if (turn == 0)
			first = digest;
		assert_true(hash_equal(&first, &digest));
		party_close(&copy);
		free(path);
	}
	for (size_t i = 0; i < lines.count; i++)
		free(lines.lines[i]);
	free(folder);
}

static void
people_are_found_by_what_is_typed(void **state)
{
	static const struct {
		const char *typed;
		enum err_code code;
	} cases[] = {
		{ "salma", ERR_NONE }, { "SAL", ERR_NONE },
		{ "nobody", ERR_NOT_FOUND }, { "", ERR_USAGE },
		{ "S", ERR_CONFLICT }, /* Salma, Simon, Self */
	};

	(void)state;
	tell_self();
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char person[ID_MAX] = "";
		struct err err = { 0 };

		trust_complete_person(
		    all[SELF].vault, cases[i].typed, person, &err);
		if (err.code != cases[i].code)
			fail_msg("\"%s\": %s", cases[i].typed, err.msg);
		if (err.code == ERR_NONE)
			assert_string_equal(person, all[SALMA].card.person);
	}
	for (size_t len = 12; len <= strlen(all[INES].card.device); len++) {
		char typed[ID_MAX], person[ID_MAX] = "";
		struct err err = { 0 };

		snprintf(typed, sizeof(typed), "%.*s", (int)len,
		    all[INES].card.device);
		trust_complete_person(all[SELF].vault, typed, person, &err);
		assert_no_err(&err);
		assert_string_equal(person, all[INES].card.person);
	}
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make_all, close_all)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_card_alone_gives_no_trust),
		CASE(whom_one_enrols_is_trusted_in_the_role_given),
		CASE(trust_goes_down_from_authority_to_inspector),
		CASE(a_supervisor_enrols_only_inspectors_of_the_own_body),
		CASE(a_supervisor_gives_no_device_to_people_he_may_not_enrol),
		CASE(an_authority_gives_devices_to_anybody),
		CASE(an_inspector_enrols_nobody),
		CASE(
		    an_enrolment_with_the_card_of_another_touches_only_whom_it_names),
		CASE(a_revocation_wins_and_the_earlier_cut_counts),
		CASE(who_may_not_revoke_is_not_heard),
		CASE(what_a_revoked_supervisor_enrolled_does_not_count),
		CASE(a_revoked_device_is_not_enrolled_again),
		CASE(nobody_revokes_the_own_device),
		CASE(the_order_of_statements_does_not_matter),
		CASE(people_are_found_by_what_is_typed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

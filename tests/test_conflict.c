/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "inspections/site.h"
#include "storage/db.h"
#include "storage/log.h"
#include "tests/inspections_support.h"

/* Two inspectors and a supervisor on one mission. */

struct team {
	struct vault *chief, *awa, *ben;
	char id[ID_MAX];
};

static int64_t now;

/* Every event has a time of its own, in the order of the test. */
static void
tick(void)
{
	now += 1000;
	clock_set(now);
}

static struct team
team_new(void)
{
	struct team team = { .chief = person_new("Chef", ROLE_SUPERVISOR),
		.awa = person_new("Awa", ROLE_INSPECTOR),
		.ben = person_new("Ben", ROLE_INSPECTOR) };
	const char *people[2] = { identity_get(team.awa)->person,
		identity_get(team.ben)->person };
	struct err err = { 0 };
	struct hash form;
	char site[ID_MAX];

	now = 1800000000000;
	tick();
	form = store_form(team.chief);
	store_form(team.awa);
	store_form(team.ben);
	site_add(team.chief, "Marché Tilène", NULL, NULL, NULL, site, &err);
	mission_new(
	    team.chief, site, &form, people, 2, "2027-03-01", team.id, &err);
	assert_no_err(&err);
	hand_all(team.chief, team.awa);
	hand_all(team.chief, team.ben);
	return team;
}

static void
team_free(struct team *team)
{
	clock_set(0);
	person_free(team->chief);
	person_free(team->awa);
	person_free(team->ben);
}

static void
says(struct team *team, struct vault *who, const char *path, const char *value)
{
	tick();
	answer_in(who, team->id, path, value);
}

static int
conflicts_in(struct team *team, struct vault *vault)
{
	struct inspection_info info;
	struct err err = { 0 };
	int count;

	assert_int_equal(inspection_find(vault, team->id, &info, &err), 1);
	count = info.conflicts;
	inspection_info_release(&info);
	return count;
}

static void
assert_value(
    struct team *team, struct vault *vault, const char *path, const char *value)
{
	struct inspection *inspection = open_inspection(vault, team->id);

	assert_string_equal(state_value(inspection_state(inspection),
				item_of(inspection, path)),
	    value);
	inspection_close(inspection);
}

/* The one row of the table of answers that is used. */
static void
assert_used_row(struct vault *vault, const char *value)
{
	struct err err = { 0 };
	struct db_query *query = db_query(vault_db(vault),
	    "SELECT group_concat(value) FROM answer WHERE used = 1", &err);

	assert_non_null(query);
	assert_int_equal(db_step(query, &err), 1);
	assert_string_equal(db_text(query, 0), value);
	db_reset(query);
}

static int
resolve_in(struct team *team, struct vault *who, const char *path,
    const char *device, struct err *err)
{
	struct inspection *inspection = open_inspection(who, team->id);
	int result;

	tick();
	memset(err, 0, sizeof(*err));
	result = inspection_resolve(inspection, item_of(inspection, path),
	    device, "seen on the photo", err);
	inspection_close(inspection);
	return result;
}

static void
the_mission_is_the_same_inspection_for_both(void **state)
{
	struct team team = team_new();
	struct inspection_info info;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(inspection_find(team.awa, team.id, &info, &err), 1);
	assert_int_equal(info.people_count, 2);
	assert_string_equal(info.due, "2027-03-01");
	assert_string_equal(info.site_name, "Marché Tilène");
	assert_int_equal(info.stage, STAGE_TO_DO);
	inspection_info_release(&info);
	team_free(&team);
}

static void
answers_apart_that_differ_stand_against_each_other(void **state)
{
	struct team team = team_new();
	const struct conflict *conflict;
	struct inspection *inspection;

	(void)state;
	says(&team, team.awa, "gate", "yes");
	says(&team, team.ben, "gate", "no");
	hand_all(team.awa, team.chief);
	hand_all(team.ben, team.chief);
	assert_int_equal(conflicts_in(&team, team.chief), 1);

	inspection = open_inspection(team.chief, team.id);
	conflict =
	    inspection_conflict_at(inspection, item_of(inspection, "gate"));
	assert_non_null(conflict);
	assert_int_equal(conflict->count, 2);
	assert_string_equal(conflict->branches[0].value, "no");
	assert_string_equal(conflict->branches[0].person, "Ben");
	assert_true(conflict->branches[0].used);
	assert_string_equal(conflict->branches[1].value, "yes");
	assert_false(conflict->branches[1].used);
	inspection_close(inspection);
	/* The later one is used meanwhile, also for what depends on it. */
	assert_value(&team, team.chief, "gate", "no");
	assert_used_row(team.chief, "no");
	team_free(&team);
}

static void
answers_apart_that_agree_are_one(void **state)
{
	struct team team = team_new();

	(void)state;
	says(&team, team.awa, "gate", "yes");
	says(&team, team.ben, "gate", "yes");
	hand_all(team.awa, team.chief);
	hand_all(team.ben, team.chief);
	assert_int_equal(conflicts_in(&team, team.chief), 0);
	assert_value(&team, team.chief, "gate", "yes");
	team_free(&team);
}

static void
who_has_seen_an_answer_may_replace_it(void **state)
{
	struct team team = team_new();

	(void)state;
	says(&team, team.awa, "gate", "yes");
	hand_all(team.awa, team.ben);
	says(&team, team.ben, "gate", "no");
	hand_all(team.ben, team.chief);
	assert_int_equal(conflicts_in(&team, team.chief), 0);
	assert_value(&team, team.chief, "gate", "no");

	/* Awa goes on without knowing: then they differ. */
	says(&team, team.awa, "gate", "partly");
	hand_all(team.awa, team.chief);
	assert_int_equal(conflicts_in(&team, team.chief), 1);
	team_free(&team);
}

static void
seeing_is_not_handed_on(void **state)
{
	struct team team = team_new();

	(void)state;
	/* Ben knew Awa's answer; the chief, who knows Ben's only, does not
	 * end hers. */
	says(&team, team.awa, "gate", "yes");
	hand_all(team.awa, team.ben);
	says(&team, team.ben, "height", "2");
	hand_over(team.ben, team.chief, team.id, device_of(team.ben), 0);
	says(&team, team.chief, "gate", "no");
	hand_all(team.awa, team.chief);
	assert_int_equal(conflicts_in(&team, team.chief), 1);
	team_free(&team);
}

static void
a_supervisor_settles_and_both_stay(void **state)
{
	struct team team = team_new();
	const struct decision *decisions;
	struct inspection *inspection;
	struct err err;
	size_t count;

	(void)state;
	says(&team, team.awa, "gate", "yes");
	says(&team, team.ben, "gate", "no");
	hand_all(team.awa, team.chief);
	hand_all(team.ben, team.chief);
	assert_int_equal(
	    resolve_in(&team, team.chief, "gate", "D-NOBODY", &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	resolve_in(&team, team.chief, "gate", device_of(team.awa), &err);
	assert_no_err(&err);
	assert_int_equal(conflicts_in(&team, team.chief), 0);
	assert_value(&team, team.chief, "gate", "yes");

	inspection = open_inspection(team.chief, team.id);
	decisions = inspection_decisions(inspection, &count);
	assert_int_equal(count, 1);
	assert_int_equal(decisions[0].count, 2);
	assert_string_equal(decisions[0].person, "Chef");
	assert_string_equal(decisions[0].reason, "seen on the photo");
	assert_string_equal(decisions[0].value, "yes");
	inspection_close(inspection);
	assert_rebuild_is_same(team.chief, team.id);

	assert_int_equal(
	    resolve_in(&team, team.chief, "gate", device_of(team.awa), &err),
	    -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	team_free(&team);
}

static void
an_answer_after_the_decision_that_knew_it_counts(void **state)
{
	struct team team = team_new();
	struct err err;

	(void)state;
	says(&team, team.awa, "gate", "yes");
	says(&team, team.ben, "gate", "no");
	hand_all(team.awa, team.chief);
	hand_all(team.ben, team.chief);
	resolve_in(&team, team.chief, "gate", device_of(team.awa), &err);
	assert_no_err(&err);

	/* Ben answers on without knowing of it: against the decision. */
	says(&team, team.ben, "gate", "partly");
	hand_all(team.ben, team.chief);
	assert_int_equal(conflicts_in(&team, team.chief), 1);
	/* Awa knows the decision: her answer ends it. */
	hand_over(team.chief, team.awa, team.id, device_of(team.chief), 0);
	says(&team, team.awa, "gate", "na");
	hand_all(team.awa, team.chief);
	assert_int_equal(conflicts_in(&team, team.chief), 1);
	hand_over(team.ben, team.awa, team.id, device_of(team.ben), 0);
	says(&team, team.awa, "gate", "unseen");
	hand_all(team.awa, team.chief);
	assert_int_equal(conflicts_in(&team, team.chief), 0);
	assert_value(&team, team.chief, "gate", "unseen");
	team_free(&team);
}

static void
two_decisions_apart_are_settled_by_a_third(void **state)
{
	struct team team = team_new();
	struct vault *head = person_new("Haut", ROLE_AUTHORITY);
	struct err err;

	(void)state;
	store_form(head);
	says(&team, team.awa, "gate", "yes");
	says(&team, team.ben, "gate", "no");
	hand_all(team.awa, team.chief);
	hand_all(team.ben, team.chief);
	hand_all(team.chief, head);
	resolve_in(&team, team.chief, "gate", device_of(team.awa), &err);
	assert_no_err(&err);
	resolve_in(&team, head, "gate", device_of(team.ben), &err);
	assert_no_err(&err);
	hand_all(team.chief, head);
	assert_int_equal(conflicts_in(&team, head), 1);
	resolve_in(&team, head, "gate", device_of(team.chief), &err);
	assert_no_err(&err);
	assert_int_equal(conflicts_in(&team, head), 0);
	assert_value(&team, head, "gate", "yes");
	person_free(head);
	team_free(&team);
}

static void
an_inspector_cannot_settle(void **state)
{
	struct team team = team_new();
	struct inspection *inspection;
	const struct conflict *conflict;
	char hex[2][HASH_HEX_MAX], *body, *json;
	struct err err;

	(void)state;
	says(&team, team.awa, "gate", "yes");
	says(&team, team.ben, "gate", "no");
	hand_all(team.awa, team.ben);
	assert_int_equal(
	    resolve_in(&team, team.ben, "gate", device_of(team.ben), &err), -1);
	assert_int_equal(err.code, ERR_DENIED);

	/* One that wrote the event all the same. */
	inspection = open_inspection(team.ben, team.id);
	conflict =
	    inspection_conflict_at(inspection, item_of(inspection, "gate"));
	for (int i = 0; i < 2; i++)
		hash_to_hex(&conflict->branches[i].event, hex[i]);
	inspection_close(inspection);
	body = xasprintf("{\"path\":\"a/gate\",\"take\":\"%s\","
			 "\"settles\":[\"%s\",\"%s\"],\"reason\":\"mine\"}",
	    hex[0], hex[0], hex[1]);
	write_event(team.ben, team.id, "resolve", body);
	free(body);
	assert_int_equal(conflicts_in(&team, team.ben), 1);
	hand_all(team.ben, team.chief);
	hand_all(team.awa, team.chief);
	assert_int_equal(conflicts_in(&team, team.chief), 1);
	json = shown(team.chief, team.id);
	assert_non_null(strstr(json, "\"not allowed\""));
	free(json);
	team_free(&team);
}

static void
an_import_that_was_undone_leaves_nothing_behind(void **state)
{
	struct team team = team_new();
	struct err err = { 0 };

	(void)state;
	says(&team, team.chief, "height", "2");
	says(&team, team.awa, "gate", "yes");
	db_begin(vault_db(team.chief), &err);
	assert_no_err(&err);
	hand_all(team.awa, team.chief);
	db_rollback(vault_db(team.chief));
	says(&team, team.chief, "height", "3");
	assert_value(&team, team.chief, "gate", "");
	assert_used_row(team.chief, "3");
	assert_rebuild_is_same(team.chief, team.id);
	team_free(&team);
}

static void
it_is_signed_when_all_whose_answers_stand_have_signed(void **state)
{
	struct team team = team_new();
	struct vault *const who[] = { team.awa, team.ben };
	static const enum inspection_stage stages[] = { STAGE_UNDER_WAY,
		STAGE_EXPORTED };
	struct err err = { 0 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		says(&team, who[i], "name", "Kofi");
		says(&team, who[i], i ? "height" : "gate", i ? "3" : "no");
	}
	for (int i = 0; i < 2; i++) {
		struct inspection *inspection =
		    open_inspection(who[i], team.id);
		struct inspection_info info;

		tick();
		inspection_sign(inspection, "", "", &err);
		assert_no_err(&err);
		inspection_close(inspection);
		hand_all(team.awa, team.chief);
		hand_all(team.ben, team.chief);
		inspection_find(team.chief, team.id, &info, &err);
		assert_int_equal(info.stage, stages[i]);
		inspection_info_release(&info);
	}
	team_free(&team);
}

static void
evidence_is_a_union_and_taking_away_ends_what_was_seen(void **state)
{
	static const char add[] =
	    "{\"path\":\"a/gate\",\"blob\":"
	    "\"0101010101010101010101010101010101010101010101010101010101010101"
	    "\",\"name\":\"a.jpg\",\"size\":3}";
	static const char drop[] =
	    "{\"path\":\"a/gate\",\"blob\":"
	    "\"0101010101010101010101010101010101010101010101010101010101010101"
	    "\",\"remove\":true}";
	struct team team = team_new();
	struct inspection *inspection;
	struct annotation annotation;

	(void)state;
	tick();
	write_event(team.awa, team.id, "evidence", add);
	tick();
	write_event(team.ben, team.id, "evidence", add);
	tick();
	write_event(team.ben, team.id, "evidence", drop);
	hand_all(team.ben, team.awa);
	inspection = open_inspection(team.awa, team.id);
	inspection_annotation(
	    inspection, item_of(inspection, "gate"), &annotation);
	assert_int_equal(annotation.evidence_count, 1);
	assert_string_equal(annotation.evidence[0].device, device_of(team.awa));
	inspection_close(inspection);

	tick();
	write_event(team.awa, team.id, "evidence", drop);
	inspection = open_inspection(team.awa, team.id);
	inspection_annotation(
	    inspection, item_of(inspection, "gate"), &annotation);
	assert_int_equal(annotation.evidence_count, 0);
	inspection_close(inspection);
	team_free(&team);
}

static void
an_opening_that_disagrees_has_no_effect(void **state)
{
	static const char other[] =
	    "{\"site\":\"S-0000000000000009\",\"checklist\":"
	    "\"0202020202020202020202020202020202020202020202020202020202020202"
	    "\"}";
	struct team team = team_new();
	struct inspection_info info;
	struct err err = { 0 };
	char *json;

	(void)state;
	/* Its clock stands before the mission's, but it has seen that. */
	clock_set(1700000000000);
	write_event(team.awa, team.id, "open", other);
	hand_all(team.awa, team.chief);
	inspection_find(team.chief, team.id, &info, &err);
	assert_string_equal(info.site_name, "Marché Tilène");
	inspection_info_release(&info);
	json = shown(team.chief, team.id);
	assert_non_null(strstr(json, "other site or checklist"));
	free(json);
	team_free(&team);
}

/* ---- every order ---- */

static void
play_round(struct team *team)
{
	struct inspection *inspection;
	struct err err = { 0 };

	says(team, team->awa, "name", "Kofi");
	says(team, team->awa, "gate", "yes");
	says(team, team->ben, "gate", "no");
	says(team, team->ben, "why", "rusted");
	says(team, team->ben, "height", "2");
	hand_all(team->ben, team->awa);
	says(team, team->awa, "height", "3");
	hand_all(team->awa, team->chief);
	hand_all(team->ben, team->chief);
	resolve_in(team, team->chief, "gate", device_of(team->ben), &err);
	assert_no_err(&err);
	hand_all(team->chief, team->ben);
	says(team, team->ben, "fence", "partly");
	write_event(team->ben, team->id, "review", "{}");
	inspection = open_inspection(team->awa, team->id);
	tick();
	inspection_sign(inspection, "", "", &err);
	assert_no_err(&err);
	inspection_close(inspection);
}

struct step {
	struct vault *from;
	int64_t seq; /* up to; 0: all */
};

/* The site, then the steps, into a vault of nobody. */
static void
play_steps(struct team *team, const struct step *steps, const int *order,
    size_t count, struct hash *digest, char **json)
{
	struct vault *observer = observer_new();
	struct inspection_info info;
	struct err err = { 0 };

	store_form(observer);
	for (size_t i = 0; i < count; i++) {
		const struct step *step = &steps[order[i]];

		hand_over(step->from, observer, team->id, device_of(step->from),
		    step->seq);
	}
	inspection_find(team->chief, team->id, &info, &err);
	hand_over(team->chief, observer, info.site, device_of(team->chief), 0);
	inspection_info_release(&info);
	*digest = digest_of(observer);
	*json = shown(observer, team->id);
	person_free(observer);
}

static void
shuffle(int *order, size_t count, uint32_t *seed)
{
	for (size_t i = count - 1; i > 0; i--) {
		size_t j;
		int swap;

		*seed = *seed * 1664525 + 1013904223;
		j = (*seed >> 8) % (i + 1);
		swap = order[i];
		order[i] = order[j];
		order[j] = swap;
	}
}

/* Whole chains and parts of them, some twice, in many orders. */
static void
every_order_gives_the_same_rows_and_bytes(void **state)
{
	struct team team = team_new();
	struct hash digest, first;
	char *json, *first_json;
	uint32_t seed = 1;

	(void)state;
	play_round(&team);
	const struct step steps[] = { { team.awa, 0 }, { team.ben, 0 },
		{ team.chief, 0 }, { team.awa, 2 }, { team.ben, 1 },
		{ team.ben, 3 }, { team.chief, 1 } };
	int order[] = { 0, 1, 2, 3, 4, 5, 6 };

	play_steps(&team, steps, order, 3, &first, &first_json);
	for (int round = 0; round < 60; round++) {
		shuffle(order, ARRAY_LEN(order), &seed);
		play_steps(
		    &team, steps, order, ARRAY_LEN(order), &digest, &json);
		assert_string_equal(json, first_json);
		assert_true(hash_equal(&digest, &first));
		free(json);
	}
	assert_non_null(strstr(first_json, "needs a newer ronde"));
	free(first_json);
	team_free(&team);
}

static void
at_the_same_moment_the_device_decides_what_is_used(void **state)
{
	struct team team = team_new();
	const char *value;

	(void)state;
	tick();
	answer_in(team.awa, team.id, "gate", "yes");
	answer_in(team.ben, team.id, "gate", "no");
	value =
	    strcmp(device_of(team.awa), device_of(team.ben)) < 0 ? "yes" : "no";
	hand_all(team.awa, team.ben);
	hand_all(team.ben, team.awa);
	assert_value(&team, team.awa, "gate", value);
	assert_value(&team, team.ben, "gate", value);
	team_free(&team);
}

static void
events_after_a_gap_wait(void **state)
{
	struct team team = team_new();
	struct inspection_info info;
	struct vault *observer = observer_new();
	struct err err = { 0 };
	struct chain chain = {
		.effective = 1, .status = CHAIN_WAITING, .reason = "gap"
	};
	char *json;

	(void)state;
	store_form(observer);
	says(&team, team.awa, "gate", "yes");
	says(&team, team.awa, "height", "2");
	hand_over(team.awa, observer, team.id, device_of(team.awa), 0);
	hand_over(team.chief, observer, team.id, device_of(team.chief), 0);
	snprintf(chain.subject, sizeof(chain.subject), "%s", team.id);
	snprintf(chain.device, sizeof(chain.device), "%s", device_of(team.awa));
	log_judge(observer, &chain, &err);
	projection_run(observer, team.id, &err);
	assert_no_err(&err);
	inspection_find(observer, team.id, &info, &err);
	assert_int_equal(info.waiting, 1);
	assert_int_equal(info.answered, 1);
	inspection_info_release(&info);
	json = shown(observer, team.id);
	assert_non_null(strstr(json, "\"reason\": \"gap\""));
	free(json);
	person_free(observer);
	team_free(&team);
}

static void
what_apply_made_step_by_step_is_what_project_makes(void **state)
{
	struct team team = team_new();

	(void)state;
	play_round(&team);
	assert_rebuild_is_same(team.awa, team.id);
	assert_rebuild_is_same(team.ben, team.id);
	assert_rebuild_is_same(team.chief, team.id);
	team_free(&team);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_mission_is_the_same_inspection_for_both),
		TEST(answers_apart_that_differ_stand_against_each_other),
		TEST(answers_apart_that_agree_are_one),
		TEST(who_has_seen_an_answer_may_replace_it),
		TEST(seeing_is_not_handed_on),
		TEST(a_supervisor_settles_and_both_stay),
		TEST(an_answer_after_the_decision_that_knew_it_counts),
		TEST(two_decisions_apart_are_settled_by_a_third),
		TEST(an_inspector_cannot_settle),
		TEST(an_import_that_was_undone_leaves_nothing_behind),
		TEST(it_is_signed_when_all_whose_answers_stand_have_signed),
		TEST(evidence_is_a_union_and_taking_away_ends_what_was_seen),
		TEST(an_opening_that_disagrees_has_no_effect),
		TEST(every_order_gives_the_same_rows_and_bytes),
		TEST(at_the_same_moment_the_device_decides_what_is_used),
		TEST(events_after_a_gap_wait),
		TEST(what_apply_made_step_by_step_is_what_project_makes),
	};

	return RUN_TESTS(tests);
}

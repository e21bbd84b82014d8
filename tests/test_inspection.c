/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "checklists/reader.h"
#include "storage/db.h"
#include "storage/heads.h"
#include "storage/log.h"
#include "storage/statement.h"
#include "tests/inspections_support.h"
#include "tests/storage_support.h"

/* One person, one inspection: answering, signing, reopening. */

struct bench {
	struct vault *vault;
	struct inspection *inspection;
	char id[ID_MAX];
};

static struct bench
bench_new(void)
{
	struct bench bench = { .vault = person_new("Awa", ROLE_INSPECTOR) };

	make_inspection(bench.vault, bench.id);
	bench.inspection = open_inspection(bench.vault, bench.id);
	return bench;
}

static void
bench_free(struct bench *bench)
{
	inspection_close(bench->inspection);
	person_free(bench->vault);
}

static enum inspection_stage
stage_of(struct bench *bench)
{
	struct inspection_info info;
	struct err err = { 0 };
	enum inspection_stage stage;

	assert_int_equal(
	    inspection_find(bench->vault, bench->id, &info, &err), 1);
	stage = info.stage;
	inspection_info_release(&info);
	return stage;
}

static uint64_t
events_in(struct bench *bench)
{
	return vault_head(bench->vault).count;
}

static int
try_set(
    struct bench *bench, const char *path, const char *value, struct err *err)
{
	struct answer_draft draft = ANSWER_DRAFT_INIT;

	memset(err, 0, sizeof(*err));
	draft.value = value;
	return inspection_set(bench->inspection,
	    item_of(bench->inspection, path), &draft, LANG_EN, err);
}

static void
an_answer_with_all_beside_it_is_there_after_opening_again(void **state)
{
	struct bench bench = bench_new();
	struct answer_draft draft = { .value = "no",
		.note = "Deux\nlignes 缅北禁地",
		.reason = "porte cassée",
		.basis = BASIS_DOCUMENT,
		.flag = 1 };
	struct annotation annotation;
	struct inspection *again;
	struct err err = { 0 };
	const int gate = item_of(bench.inspection, "gate");

	(void)state;
	assert_int_equal(
	    inspection_set(bench.inspection, gate, &draft, LANG_FR, &err), 0);
	again = open_inspection(bench.vault, bench.id);
	assert_string_equal(state_value(inspection_state(again), gate), "no");
	inspection_annotation(again, gate, &annotation);
	assert_string_equal(annotation.note, draft.note);
	assert_string_equal(annotation.reason, draft.reason);
	assert_int_equal(annotation.basis, BASIS_DOCUMENT);
	assert_true(annotation.flag);
	assert_string_equal(annotation.device, device_of(bench.vault));
	assert_string_equal(annotation.person, "Awa");
	assert_int_equal(inspection_info(again)->flagged, 1);
	inspection_close(again);
	assert_rebuild_is_same(bench.vault, bench.id);
	bench_free(&bench);
}

static void
what_a_draft_leaves_out_stays(void **state)
{
	struct bench bench = bench_new();
	struct answer_draft note = ANSWER_DRAFT_INIT;
	struct annotation annotation;
	struct err err = { 0 };
	const int gate = item_of(bench.inspection, "gate");

	(void)state;
	answer(bench.inspection, "gate", "partly");
	note.note = "see photo";
	note.basis = BASIS_SEEN;
	inspection_set(bench.inspection, gate, &note, LANG_EN, &err);
	assert_no_err(&err);
	answer(bench.inspection, "gate", "yes");
	inspection_annotation(bench.inspection, gate, &annotation);
	assert_string_equal(annotation.note, "see photo");
	assert_int_equal(annotation.basis, BASIS_SEEN);
	assert_string_equal(
	    state_value(inspection_state(bench.inspection), gate), "yes");
	bench_free(&bench);
}

static void
the_same_answer_twice_is_one_event(void **state)
{
	struct bench bench = bench_new();
	uint64_t before;

	(void)state;
	answer(bench.inspection, "height", "3");
	before = events_in(&bench);
	answer(bench.inspection, "height", "3");
	assert_int_equal(events_in(&bench), before);
	answer(bench.inspection, "height", "");
	assert_int_equal(events_in(&bench), before + 1);
	assert_int_equal(inspection_info(bench.inspection)->answered, 0);
	bench_free(&bench);
}

static void
a_question_that_vanishes_leaves_the_count_and_comes_back(void **state)
{
	struct bench bench = bench_new();
	const struct inspection_info *info = inspection_info(bench.inspection);
	int without;

	(void)state;
	without = info->relevant;
	answer(bench.inspection, "gate", "no");
	assert_int_equal(info->relevant, without + 1);
	answer(bench.inspection, "why", "rusted");
	assert_int_equal(info->answered, 2);
	answer(bench.inspection, "gate", "yes");
	assert_int_equal(info->relevant, without);
	assert_int_equal(info->answered, 1);
	answer(bench.inspection, "gate", "no");
	assert_int_equal(info->answered, 2);
	assert_rebuild_is_same(bench.vault, bench.id);
	bench_free(&bench);
}

static void
what_is_refused_changes_nothing(void **state)
{
	static const struct {
		const char *path, *value;
		enum err_code code;
		const char *part; /* of the message; NULL: any */
	} cases[] = {
		{ "height", "0", ERR_VALUE, "Must be above zero" },
		{ "height", "tall", ERR_VALUE, NULL },
		{ "gate", "maybe", ERR_VALUE, NULL },
		{ "a", "x", ERR_VALUE, NULL },
		{ "why", "x", ERR_VALUE, NULL },
		{ "name", "a\x01z", ERR_FORMAT, NULL },
		{ "name", "a\xff", ERR_FORMAT, NULL },
	};
	struct bench bench = bench_new();
	const struct hash rows = digest_of(bench.vault);
	const uint64_t events = events_in(&bench);
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct hash now;

		assert_int_equal(
		    try_set(&bench, cases[i].path, cases[i].value, &err), -1);
		assert_int_equal(err.code, cases[i].code);
		if (cases[i].part)
			assert_non_null(strstr(err.msg, cases[i].part));
		now = digest_of(bench.vault);
		assert_true(hash_equal(&now, &rows));
	}
	assert_int_equal(events_in(&bench), events);
	bench_free(&bench);
}

static char *
letters(size_t count)
{
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < count; i++)
		buf_add_text(&text, "禁");
	return buf_detach(&text);
}

static void
a_note_holds_ten_thousand_characters_and_not_one_more(void **state)
{
	struct bench bench = bench_new();
	struct answer_draft draft = ANSWER_DRAFT_INIT;
	char *fits = letters(10000), *too_long = letters(10001);
	struct annotation annotation;
	struct err err = { 0 };
	const int gate = item_of(bench.inspection, "gate");

	(void)state;
	draft.note = too_long;
	assert_int_equal(
	    inspection_set(bench.inspection, gate, &draft, LANG_EN, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	draft.note = fits;
	memset(&err, 0, sizeof(err));
	inspection_set(bench.inspection, gate, &draft, LANG_EN, &err);
	assert_no_err(&err);
	inspection_annotation(bench.inspection, gate, &annotation);
	assert_string_equal(annotation.note, fits);
	free(fits);
	free(too_long);
	bench_free(&bench);
}

static void
signing_wants_required_answers_and_then_closes(void **state)
{
	struct bench bench = bench_new();
	struct err err = { 0 };
	const struct signature *signatures;
	char code[FINGERPRINT_MAX], after[FINGERPRINT_MAX];
	size_t count;

	(void)state;
	assert_int_equal(stage_of(&bench), STAGE_TO_DO);
	answer(bench.inspection, "gate", "yes");
	assert_int_equal(stage_of(&bench), STAGE_UNDER_WAY);
	assert_int_equal(inspection_sign(bench.inspection, "", "", &err), -1);
	assert_int_equal(err.code, ERR_VALUE);
	assert_non_null(strstr(err.msg, "Name of the guard"));

	memset(&err, 0, sizeof(err));
	answer(bench.inspection, "name", "Kofi");
	inspection_control_code(bench.inspection, code, &err);
	inspection_sign(bench.inspection, "M. Sow", "directeur", &err);
	assert_no_err(&err);
	assert_true(inspection_is_signed(bench.inspection));
	assert_int_equal(stage_of(&bench), STAGE_SIGNED);
	signatures = inspection_signatures(bench.inspection, &count);
	assert_int_equal(count, 1);
	assert_true(signatures[0].current);
	assert_string_equal(signatures[0].code, code);
	assert_string_equal(signatures[0].site_function, "directeur");
	inspection_control_code(bench.inspection, after, &err);
	assert_string_equal(code, after);

	assert_int_equal(try_set(&bench, "gate", "no", &err), -1);
	assert_int_equal(err.code, ERR_DENIED);
	assert_rebuild_is_same(bench.vault, bench.id);
	bench_free(&bench);
}

static void
reopening_needs_a_reason_and_a_new_signature(void **state)
{
	struct bench bench = bench_new();
	struct err err = { 0 };
	const struct signature *signatures;
	char first[FINGERPRINT_MAX];
	size_t count;

	(void)state;
	answer(bench.inspection, "name", "Kofi");
	inspection_sign(bench.inspection, "", "", &err);
	assert_no_err(&err);
	inspection_control_code(bench.inspection, first, &err);
	assert_int_equal(inspection_reopen(bench.inspection, " ", &err), -1);
	assert_int_equal(err.code, ERR_VALUE);
	memset(&err, 0, sizeof(err));
	inspection_reopen(bench.inspection, "gate forgotten", &err);
	assert_no_err(&err);
	assert_int_equal(stage_of(&bench), STAGE_UNDER_WAY);
	answer(bench.inspection, "gate", "no");
	signatures = inspection_signatures(bench.inspection, &count);
	assert_false(signatures[0].current);
	inspection_sign(bench.inspection, "", "", &err);
	assert_no_err(&err);
	signatures = inspection_signatures(bench.inspection, &count);
	assert_int_equal(count, 2);
	assert_true(signatures[1].current);
	assert_string_not_equal(signatures[1].code, first);
	assert_rebuild_is_same(bench.vault, bench.id);
	bench_free(&bench);
}

/* What bundles/ writes at an export. */
static void
state_heads(struct bench *bench, int64_t seq)
{
	const uint8_t salt[HEADS_SALT_BYTES] = { 7 };
	char salted[HEADS_SALTED_MAX], hex[HASH_HEX_MAX], salt_hex[33];
	struct hash zero = { 0 };
	struct err err = { 0 };
	json_t *body;

	heads_salt_subject(salt, bench->id, salted);
	hash_to_hex(&zero, hex);
	hex_write(salt, sizeof(salt), salt_hex);
	body = json_pack("{s:i, s:s, s:[[s, I, s]]}", "counter", (int)seq,
	    "salt", salt_hex, "heads", salted, (json_int_t)seq, hex);
	statement_make(bench->vault, STATEMENT_HEADS, body, NULL, &err);
	json_decref(body);
	assert_no_err(&err);
}

static void
it_is_exported_when_the_heads_cover_the_signature(void **state)
{
	struct bench bench = bench_new();
	struct err err = { 0 };

	(void)state;
	answer(bench.inspection, "name", "Kofi"); /* seq 2 */
	inspection_sign(bench.inspection, "", "", &err);
	assert_no_err(&err);
	state_heads(&bench, 2);
	assert_int_equal(stage_of(&bench), STAGE_SIGNED);
	state_heads(&bench, 3);
	assert_int_equal(stage_of(&bench), STAGE_EXPORTED);
	inspection_reopen(bench.inspection, "again", &err);
	assert_no_err(&err);
	assert_int_equal(stage_of(&bench), STAGE_UNDER_WAY);
	bench_free(&bench);
}

static void
evidence_comes_once_and_goes(void **state)
{
	struct bench bench = bench_new();
	char *folder = test_folder(), *path = file_join(folder, "gate.jpg");
	struct annotation annotation;
	struct err err = { 0 };
	struct review review;
	struct hash digest;
	const int gate = item_of(bench.inspection, "gate");

	(void)state;
	file_write(path, "not a photo", 11, 0600, &err);
	inspection_attach(bench.inspection, gate, path, &err);
	inspection_attach(bench.inspection, gate, path, &err);
	assert_no_err(&err);
	inspection_annotation(bench.inspection, gate, &annotation);
	assert_int_equal(annotation.evidence_count, 1);
	assert_string_equal(annotation.evidence[0].name, "gate.jpg");
	assert_int_equal(annotation.evidence[0].size, 11);
	inspection_review(bench.inspection, &review);
	assert_int_equal(review.evidence_count, 1);
	assert_int_equal(review.evidence_bytes, 11);
	review_release(&review);
	assert_rebuild_is_same(bench.vault, bench.id);

	digest = annotation.evidence[0].digest;
	inspection_detach(bench.inspection, gate, &digest, &err);
	assert_no_err(&err);
	inspection_annotation(bench.inspection, gate, &annotation);
	assert_int_equal(annotation.evidence_count, 0);
	assert_int_equal(
	    inspection_detach(bench.inspection, gate, &digest, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	memset(&err, 0, sizeof(err));
	assert_int_equal(
	    inspection_attach(bench.inspection, gate, "/nowhere/x", &err), -1);
	assert_rebuild_is_same(bench.vault, bench.id);
	free(path);
	free(folder);
	bench_free(&bench);
}

static void
review_lists_what_is_missing_flagged_and_without_reason(void **state)
{
	struct bench bench = bench_new();
	struct answer_draft draft = ANSWER_DRAFT_INIT;
	struct review review;
	struct err err = { 0 };
	const int gate = item_of(bench.inspection, "gate");
	const int name = item_of(bench.inspection, "name");

	(void)state;
	draft.value = "na";
	draft.flag = 1;
	inspection_set(bench.inspection, gate, &draft, LANG_EN, &err);
	assert_no_err(&err);
	inspection_review(bench.inspection, &review);
	assert_int_equal(review.missing_count, 6);
	assert_int_equal(review.missing_required_count, 1);
	assert_int_equal(review.missing_required[0], name);
	assert_int_equal(review.flagged_count, 1);
	assert_int_equal(review.no_reason_count, 1);
	assert_int_equal(review.no_reason[0], gate);
	assert_int_equal(review.event_count, 2);
	review_release(&review);

	draft = (struct answer_draft)ANSWER_DRAFT_INIT;
	draft.reason = "there is no gate";
	inspection_set(bench.inspection, gate, &draft, LANG_EN, &err);
	inspection_review(bench.inspection, &review);
	assert_int_equal(review.no_reason_count, 0);
	review_release(&review);
	bench_free(&bench);
}

static void
what_a_form_asks_of_today_is_counted_by_the_last_event(void **state)
{
	struct bench bench = bench_new();
	struct inspection_info info;
	struct err err = { 0 };
	char *before, *after;

	(void)state;
	clock_set(1800000000000);
	answer(bench.inspection, "planned", "2027-02-01");
	answer(bench.inspection, "gate", "yes");
	assert_rebuild_is_same(bench.vault, bench.id);
	before = shown(bench.vault, bench.id);
	clock_set(1900000000000); /* the day has passed meanwhile */
	after = shown(bench.vault, bench.id);
	assert_rebuild_is_same(bench.vault, bench.id);
	assert_string_equal(before, after);
	/* The next answer is of that day: what was planned lies behind. */
	answer(bench.inspection, "height", "2");
	inspection_find(bench.vault, bench.id, &info, &err);
	assert_no_err(&err);
	assert_int_equal(info.invalid, 1);
	inspection_info_release(&info);
	assert_rebuild_is_same(bench.vault, bench.id);
	clock_set(0);
	free(before);
	free(after);
	bench_free(&bench);
}

static void
an_inspection_without_its_checklist_is_listed_and_says_so(void **state)
{
	struct bench bench = bench_new();
	struct vault *other = person_new("Ben", ROLE_INSPECTOR);
	struct inspection_info info;
	char second[ID_MAX];
	struct err err = { 0 };

	(void)state;
	answer(bench.inspection, "gate", "yes");
	hand_all(bench.vault, other);
	assert_int_equal(inspection_find(other, bench.id, &info, &err), 1);
	assert_int_equal(info.answered, 0);
	assert_string_equal(info.site_name, "Port d'Écoute");
	assert_string_equal(info.checklist_title, "");
	inspection_info_release(&info);
	assert_null(inspection_open(other, bench.id, &err));
	assert_int_equal(err.code, ERR_UNSUPPORTED);

	/* The checklist comes with another inspection, later. */
	memset(&err, 0, sizeof(err));
	make_inspection(other, second);
	assert_int_equal(inspection_find(other, bench.id, &info, &err), 1);
	assert_int_equal(info.answered, 1);
	assert_string_equal(info.checklist_title, "Guard post");
	inspection_info_release(&info);
	person_free(other);
	bench_free(&bench);
}

/* Damage is not to be taken for a checklist that never came. */
static void
a_checklist_that_is_damaged_is_not_called_missing(void **state)
{
	struct bench bench = bench_new();
	struct vault *other = person_new("Ben", ROLE_INSPECTOR);
	char second[ID_MAX];
	struct err err = { 0 };

	(void)state;
	answer(bench.inspection, "gate", "yes");
	make_inspection(other, second);
	hand_all(bench.vault, other);
	inspection_forget(other);
	db_exec(vault_db(other), "DELETE FROM blob_chunk", &err);
	assert_no_err(&err);
	assert_null(inspection_open(other, bench.id, &err));
	assert_int_equal(err.code, ERR_FORMAT);
	person_free(other);
	bench_free(&bench);
}

static void
what_came_meanwhile_is_taken_in_with_the_next_answer(void **state)
{
	struct bench bench = bench_new();
	struct vault *other = person_new("Ben", ROLE_INSPECTOR);
	const struct form *form = inspection_form(bench.inspection);

	(void)state;
	store_form(other);
	hand_all(bench.vault, other);
	answer_in(other, bench.id, "height", "2");
	hand_all(other, bench.vault); /* while the screen is open */
	answer(bench.inspection, "gate", "yes");
	assert_int_equal(inspection_info(bench.inspection)->answered, 2);
	assert_ptr_equal(inspection_form(bench.inspection), form);
	answer(bench.inspection, "height", "3");
	assert_int_equal(inspection_info(bench.inspection)->conflicts, 0);
	assert_rebuild_is_same(bench.vault, bench.id);
	person_free(other);
	bench_free(&bench);
}

static int
remember_checklist(
    void *arg, const struct checklist_info *info, struct err *err)
{
	(void)err;
	buf_addf(arg, "%s %s %d %d\n", info->form_id, info->title,
	    info->questions, info->sections);
	return 0;
}

static const char foreign_form[] = "survey,type,name,label,constraint\n"
				   ",integer,n,How many?,%s\n"
				   "settings,form_title,form_id\n"
				   ",Économie,eco\n";

static void
a_checklist_is_imported_once_and_found_by_its_title(void **state)
{
	struct vault *vault = person_new("Awa", ROLE_INSPECTOR);
	char *folder = test_folder(), *path = file_join(folder, "eco.csv");
	char *good = xasprintf(foreign_form, ". > 0");
	char *bad = xasprintf(foreign_form, ". > ${m}");
	struct problems problems = { 0 };
	struct buf list = BUF_INIT;
	struct hash identity, again;
	struct err err = { 0 };
	bool added;

	(void)state;
	reader_set_program(test_build("ronde-reader"));
	file_write(path, bad, strlen(bad), 0600, &err);
	assert_int_equal(
	    checklist_import(vault, path, &problems, &identity, &added, &err),
	    -1);
	assert_true(problems.errors > 0);
	assert_int_equal(problems.list[0].row, 2);
	problems_release(&problems);
	checklist_each(vault, remember_checklist, &list, &err);
	assert_int_equal(list.len, 0);

	memset(&problems, 0, sizeof(problems));
	memset(&err, 0, sizeof(err));
	file_write(path, good, strlen(good), 0600, &err);
	checklist_import(vault, path, &problems, &identity, &added, &err);
	assert_no_err(&err);
	assert_true(added);
	checklist_import(vault, path, &problems, &again, &added, &err);
	assert_no_err(&err);
	assert_false(added);
	assert_true(hash_equal(&identity, &again));
	checklist_each(vault, remember_checklist, &list, &err);
	assert_string_equal(list.data, "eco Économie 1 1\n");
	checklist_complete(vault, "economie", &again, &err);
	assert_no_err(&err);
	assert_true(hash_equal(&identity, &again));
	assert_int_equal(checklist_complete(vault, "xyz", &again, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	problems_release(&problems);
	buf_release(&list);
	free(good);
	free(bad);
	free(path);
	free(folder);
	person_free(vault);
}

static void
kinds_that_are_not_known_are_kept_without_effect(void **state)
{
	struct bench bench = bench_new();
	struct inspection_info info;
	struct err err = { 0 };
	char *json;

	(void)state;
	answer(bench.inspection, "gate", "yes");
	write_event(bench.vault, bench.id, "review", "{\"accept\":true}");
	write_event(bench.vault, bench.id, "hologram", "{\"path\":\"gate\"}");
	inspection_reload(bench.inspection, &err);
	assert_no_err(&err);
	assert_true(inspection_info(bench.inspection)->newer);
	inspection_find(bench.vault, bench.id, &info, &err);
	assert_true(info.newer);
	assert_int_equal(info.answered, 1);
	inspection_info_release(&info);
	json = shown(bench.vault, bench.id);
	assert_non_null(strstr(json, "\"kind\": \"hologram\""));
	assert_non_null(strstr(json, "needs a newer ronde"));
	free(json);
	assert_rebuild_is_same(bench.vault, bench.id);
	bench_free(&bench);
}

static int
remember(void *arg, const struct inspection_info *info, struct err *err)
{
	struct buf *list = arg;

	(void)err;
	buf_addf(list, "%s %s\n", stage_code(info->stage), info->id);
	return 0;
}

static void
bodies_that_cannot_be_read_are_kept_without_effect(void **state)
{
	static const struct {
		const char *kind, *body;
	} cases[] = {
		{ "answer", "{}" },
		{ "answer", "{\"path\":7,\"value\":\"yes\"}" },
		{ "answer", "{\"path\":\"\"}" },
		{ "evidence", "{\"path\":\"a/gate\"}" },
		{ "evidence", "{\"path\":\"a/gate\",\"blob\":\"zz\"}" },
		{ "resolve", "{\"path\":\"a/gate\",\"take\":[1]}" },
		{ "mission", "{\"site\":{},\"checklist\":1,\"to\":\"x\"}" },
		{ "open", "{\"site\":\"S-1\"}" },
		{ "site", "{\"name\":\"not here\"}" },
	};
	struct vault *vault = person_new("Chef", ROLE_SUPERVISOR);
	struct inspection_info info;
	struct err err = { 0 };
	char id[ID_MAX], *json, *at;
	size_t count = 0;

	(void)state;
	make_inspection(vault, id);
	answer_in(vault, id, "gate", "yes");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		write_event(vault, id, cases[i].kind, cases[i].body);
	/* Fields of the wrong type in what can be read are as if absent. */
	write_event(vault, id, "answer",
	    "{\"path\":\"a/height\",\"value\":\"2\",\"note\":{},"
	    "\"flag\":\"yes\",\"basis\":\"rumour\"}");
	inspection_find(vault, id, &info, &err);
	assert_no_err(&err);
	assert_int_equal(info.answered, 2);
	assert_int_equal(info.flagged, 0);
	inspection_info_release(&info);
	json = shown(vault, id);
	for (at = json; (at = strstr(at, "\"malformed\"")); at++)
		count++;
	assert_int_equal(count, ARRAY_LEN(cases));
	free(json);
	assert_rebuild_is_same(vault, id);
	person_free(vault);
}

/* Fails when an event carries the note "fail", after all other projectors. */
static int
fail_on_note(struct vault *vault, const struct event *event, struct err *err)
{
	const char *note = json_opt_text(event->body, "note");

	(void)vault;
	if (note && strcmp(note, "fail") == 0)
		return err_set(err, ERR_FULL, "no space left");
	return 0;
}

static int
project_nothing(struct vault *vault, const char *subject, struct err *err)
{
	(void)vault;
	(void)subject;
	(void)err;
	return 0;
}

static void
a_save_that_fails_changes_nothing_and_the_next_is_right(void **state)
{
	static const char *const tables[] = { NULL };
	static const struct projector failing = { .name = "failing",
		.schema = "",
		.tables = tables,
		.project = project_nothing,
		.apply = fail_on_note };
	const struct projector *list[] = { inspection_projectors[0],
		inspection_projectors[1], &failing, NULL };
	struct bench bench = { .vault = bare_vault_with_person(list) };
	struct answer_draft draft = {
		.value = "no", .note = "fail", .basis = -1, .flag = -1
	};
	struct err err = { 0 };
	struct hash before, after;
	int gate;

	(void)state;
	make_inspection(bench.vault, bench.id);
	bench.inspection = open_inspection(bench.vault, bench.id);
	gate = item_of(bench.inspection, "gate");
	answer(bench.inspection, "gate", "yes");
	before = digest_of(bench.vault);
	assert_int_equal(
	    inspection_set(bench.inspection, gate, &draft, LANG_EN, &err), -1);
	assert_int_equal(err.code, ERR_FULL);
	after = digest_of(bench.vault);
	assert_true(hash_equal(&before, &after));
	assert_string_equal(
	    state_value(inspection_state(bench.inspection), gate), "yes");
	answer(bench.inspection, "height", "3");
	assert_int_equal(inspection_info(bench.inspection)->answered, 2);
	assert_rebuild_is_same(bench.vault, bench.id);
	bench_free(&bench);
}

static void
the_list_goes_by_stage_and_starts_are_completed(void **state)
{
	struct bench bench = bench_new();
	struct buf list = BUF_INIT;
	struct err err = { 0 };
	char second[ID_MAX], found[ID_MAX];
	char *wanted;

	(void)state;
	answer(bench.inspection, "name", "Kofi");
	inspection_sign(bench.inspection, "", "", &err);
	make_inspection(bench.vault, second);
	inspection_each(bench.vault, remember, &list, &err);
	assert_no_err(&err);
	wanted = xasprintf("to-do %s\nsigned %s\n", second, bench.id);
	assert_string_equal(list.data, wanted);

	second[10] = '\0';
	assert_int_equal(
	    inspection_complete(bench.vault, second, found, &err), 0);
	assert_int_equal(strncmp(found, second, 10), 0);
	assert_int_equal(
	    inspection_complete(bench.vault, "port d'ecoute", found, &err), -1);
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_int_equal(
	    inspection_complete(bench.vault, "nothing", found, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	free(wanted);
	buf_release(&list);
	bench_free(&bench);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_answer_with_all_beside_it_is_there_after_opening_again),
		TEST(what_a_draft_leaves_out_stays),
		TEST(the_same_answer_twice_is_one_event),
		TEST(a_question_that_vanishes_leaves_the_count_and_comes_back),
		TEST(what_is_refused_changes_nothing),
		TEST(a_note_holds_ten_thousand_characters_and_not_one_more),
		TEST(signing_wants_required_answers_and_then_closes),
		TEST(reopening_needs_a_reason_and_a_new_signature),
		TEST(it_is_exported_when_the_heads_cover_the_signature),
		TEST(evidence_comes_once_and_goes),
		TEST(review_lists_what_is_missing_flagged_and_without_reason),
		TEST(what_a_form_asks_of_today_is_counted_by_the_last_event),
		TEST(an_inspection_without_its_checklist_is_listed_and_says_so),
		TEST(a_checklist_that_is_damaged_is_not_called_missing),
		TEST(what_came_meanwhile_is_taken_in_with_the_next_answer),
		TEST(a_checklist_is_imported_once_and_found_by_its_title),
		TEST(kinds_that_are_not_known_are_kept_without_effect),
		TEST(bodies_that_cannot_be_read_are_kept_without_effect),
		TEST(a_save_that_fails_changes_nothing_and_the_next_is_right),
		TEST(the_list_goes_by_stage_and_starts_are_completed),
	};

	return RUN_TESTS(tests);
}

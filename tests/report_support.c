/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include "tests/report_support.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "inspections/site.h"
#include "storage/blob.h"

const struct words plain_words = {
	.site = "Port d'Écoute",
	.label = "Gate closed?",
	.choice = "yes",
	.note = "Hole of 2 m beside the gate,\nseen from the road 缅北禁地",
	.reason = "Awa stood at the gate at night",
	.awa = "Awa Sow",
};

/* LABEL and CHOICE are put in as the words say. */
static const char form_sheets[] =
    "ronde-checklist,1\n"
    "survey,type,name,label::Français (fr),label::English (en),calculation,"
    "bind::ronde:weight,bind::ronde:framework,bind::ronde:reference\n"
    ",begin_group,a0,A0 Identification,A0 Identification,,,,\n"
    ",select_one handling,handling,A0.1 Niveau de diffusion,A0.1 Handling "
    "level,,,,\n"
    ",date,visit_date,A0.2 Date de la visite,A0.2 Date of the visit,,,,\n"
    ",integer,altitude,A0.3 Altitude (m),A0.3 Altitude (m),,,,\n"
    ",calculate,double,A0.4 Altitude doublée,A0.4 Altitude doubled,"
    "${altitude} * 2,,,\n"
    ",end_group,,,,,,,\n"
    ",begin_group,a1,A1 Périmètre,A1 Perimeter,,,,\n"
    ",select_one grade,gate,LABEL,LABEL,,3,operational,GP 51\n"
    ",select_one grade,fence,A1.2 Clôture entière ?,A1.2 Fence whole?,,2,"
    "operational,\n"
    ",select_one grade,light,A1.3 Éclairage ?,A1.3 Lit at night?,,1,legal,\n"
    ",select_one grade,guards,A1.4 Gardes formés ?,A1.4 Guards trained?,,1,,\n"
    ",text,remark,A1.5 Remarque,A1.5 Remark,,,,\n"
    ",end_group,,,,,,,\n"
    ",begin_group,a2,A2 Abords,A2 Approaches,,,,\n"
    ",select_one grade,parking,A2.1 Stationnement éloigné ?,A2.1 Parking "
    "kept away?,,1,institutional,2341 OP2\n"
    ",end_group,,,,,,,\n"
    "choices,list_name,name,label::Français (fr),label::English (en),score,"
    "severity,polarity,option::Français (fr),option::English (en)\n"
    ",grade,yes,CHOICE,CHOICE,100,,strength,,\n"
    ",grade,partial,en partie,partly,50,3,need,,\n"
    ",grade,no,non,no,0,1,need,Réparer.,Repair it.\n"
    ",handling,open,libre,unrestricted,,,,,\n"
    ",handling,restricted,diffusion restreinte,restricted,,,,,\n"
    "settings,form_title,form_id\n"
    ",Poste de garde,guard\n";

static int64_t now;

/* Every event has a time of its own. */
static void
tick(void)
{
	now += 60000;
	clock_set(now);
}

/* Adds `text` as a cell of the sheets. */
static void
add_cell(struct buf *out, const char *text)
{
	buf_add_char(out, '"');
	for (; *text; text++) {
		if (*text == '"')
			buf_add_char(out, '"');
		buf_add_char(out, *text);
	}
	buf_add_char(out, '"');
}

static char *
sheets_with(const struct words *words)
{
	struct buf out = BUF_INIT;

	for (const char *at = form_sheets; *at;) {
		if (strncmp(at, "LABEL", 5) == 0) {
			add_cell(&out, words->label);
			at += 5;
		} else if (strncmp(at, "CHOICE", 6) == 0) {
			add_cell(&out, words->choice);
			at += 6;
		} else {
			buf_add_char(&out, *at++);
		}
	}
	return buf_detach(&out);
}

static struct hash
store_sheets(struct round *round, const struct words *words)
{
	struct vault *const vaults[] = { round->chief, round->awa, round->ben };
	char *sheets = sheets_with(words);
	struct err err = { 0 };
	struct hash identity;

	for (size_t i = 0; i < ARRAY_LEN(vaults); i++)
		form_store_add(
		    vaults[i], sheets, strlen(sheets), &identity, &err);
	assert_no_err(&err);
	free(sheets);
	return identity;
}

static void
send_mission(struct round *round, const struct words *words)
{
	const struct hash form = store_sheets(round, words);
	const char *people[] = { identity_get(round->awa)->person,
		identity_get(round->ben)->person };
	struct err err = { 0 };
	char site[ID_MAX];

	tick();
	site_add(round->chief, words->site, "ports", NULL, NULL, site, &err);
	mission_new(round->chief, site, &form, people, 2, "2027-03-01",
	    round->id, &err);
	assert_no_err(&err);
	hand_all(round->chief, round->awa);
	hand_all(round->chief, round->ben);
}

static void
says(struct round *round, struct vault *who, const char *path,
    const struct answer_draft *draft)
{
	struct inspection *inspection = open_inspection(who, round->id);
	struct err err = { 0 };

	tick();
	inspection_set(
	    inspection, item_of(inspection, path), draft, LANG_EN, &err);
	assert_no_err(&err);
	inspection_close(inspection);
}

static void
says_value(struct round *round, struct vault *who, const char *path,
    const char *value, const char *note)
{
	const struct answer_draft draft = {
		.value = value, .note = note, .basis = BASIS_SEEN, .flag = -1
	};

	says(round, who, path, &draft);
}

/* What Awa does last: a file, and her signature with the site's. */
static void
finish(struct round *round)
{
	struct inspection *inspection = open_inspection(round->awa, round->id);
	char *folder = test_folder(), *path = file_join(folder, "gate.jpg");
	struct err err = { 0 };

	file_write(path, "not a photo", 11, 0600, &err);
	assert_no_err(&err);
	tick();
	inspection_attach(inspection, item_of(inspection, "fence"), path, &err);
	assert_no_err(&err);
	tick();
	inspection_sign(inspection, "M. Ndiaye", "directeur", &err);
	assert_no_err(&err);
	inspection_close(inspection);
	free(path);
	free(folder);
}

static void
settle(struct round *round, const char *reason)
{
	struct err err = { 0 };

	tick();
	inspection_resolve(round->inspection,
	    item_of(round->inspection, "light"), device_of(round->ben), reason,
	    &err);
	assert_no_err(&err);
}

void
round_begin(struct round *round, const struct words *words)
{
	const struct answer_draft hole = { .value = "no",
		.note = words->note,
		.basis = BASIS_SEEN,
		.flag = 1 };

	now = 1800000000000;
	round->chief = person_new("Chef", ROLE_SUPERVISOR);
	round->awa = person_new(words->awa, ROLE_INSPECTOR);
	round->ben = person_new("Ben", ROLE_INSPECTOR);
	send_mission(round, words);
	says_value(round, round->awa, "handling", "restricted", NULL);
	says_value(round, round->awa, "visit_date", "2027-01-14", NULL);
	says_value(round, round->awa, "altitude", "-12", NULL);
	says_value(round, round->awa, "gate", "yes", words->note);
	says_value(round, round->awa, "light", "partial", NULL);
	says(round, round->awa, "fence", &hole);
	says_value(round, round->ben, "gate", "partial", NULL);
	says_value(round, round->ben, "light", "no", "lamps are out");
	says_value(round, round->ben, "remark", words->note, NULL);
	finish(round);
	hand_all(round->awa, round->chief);
	hand_all(round->ben, round->chief);
	round->inspection = open_inspection(round->chief, round->id);
	settle(round, words->reason);
}

void
round_end(struct round *round)
{
	clock_set(0);
	inspection_close(round->inspection);
	person_free(round->chief);
	person_free(round->awa);
	person_free(round->ben);
}

char *
round_report(struct round *round, enum report_format format, enum lang lang)
{
	struct buf out = BUF_INIT;
	struct err err = { 0 };

	assert_int_equal(
	    report_write(round->inspection, format, lang, &out, &err), 0);
	assert_no_err(&err);
	return buf_detach(&out);
}

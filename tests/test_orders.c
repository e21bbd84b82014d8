/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Merging is arithmetic: bundles with a real inspection, full, incremental (a
 * gap without the first), from a copied vault (a fork), and relayed past a
 * revocation, imported in every order and with a repeat, give the same state
 * byte for byte: what `ronde inspection show --json` prints, and a digest over
 * all projections.
 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/setup.h"
#include "base/file.h"
#include "base/mem.h"
#include "checklists/reader.h"
#include "crypto/kdf.h"
#include "inspections/inspection.h"
#include "inspections/site.h"
#include "storage/log.h"
#include "tests/parties.h"

enum { BUNDLES = 5, ORDERS = 120 };

struct round {
	struct party amina, bruno, twin, chloe, dora;
	char *bundles[BUNDLES];
	char id[ID_MAX];
	struct hash digest;
	struct buf json;
	int orders;
};

static char *folder;

static char *
file(const char *name)
{
	return xasprintf("%s/%s", folder, name);
}

static struct inspection *
open_inspection(struct party *party, const char *id)
{
	struct err err = { 0 };
	struct inspection *inspection = inspection_open(party->vault, id, &err);

	assert_no_err(&err);
	return inspection;
}

static void
set(struct party *party, const char *id, const char *path, const char *value)
{
	struct answer_draft draft = ANSWER_DRAFT_INIT;
	struct inspection *inspection = open_inspection(party, id);
	struct err err = { 0 };
	const struct item *item =
	    form_find(inspection_form(inspection), path, &err);

	assert_no_err(&err);
	draft.value = value;
	draft.note = "vu à l'entrée";
	inspection_set(inspection, item->index, &draft, LANG_FR, &err);
	assert_no_err(&err);
	inspection_close(inspection);
}

static void
begin_inspection(struct round *round)
{
	struct vault *vault = round->bruno.vault;
	struct problems problems = { 0 };
	struct err err = { 0 };
	struct hash checklist;
	char site[ID_MAX];
	bool added;

	site_add(vault, "Poste électrique Nord", "énergie", NULL,
	    CATEGORY_INFRASTRUCTURE, site, &err);
	assert_no_err(&err);
	checklist_import(vault,
	    test_build("checklists/critical-infrastructure.xlsx"), &problems,
	    &checklist, &added, &err);
	problems_release(&problems);
	assert_no_err(&err);
	inspection_new(vault, site, &checklist, round->id, &err);
	assert_no_err(&err);
}

/* A copy of Amina's vault gives the receipt: she has imported nothing. */
static void
give_receipt(struct round *round, const char *bundle, struct party *to)
{
	char *copy_path = file("receipts.vault"), *receipt = file("receipt");
	struct party copy;

	party_copy(&copy, &round->amina, copy_path);
	party_import(&copy, bundle);
	party_export(&copy, receipt, to, NULL, false);
	party_import(to, receipt);
	party_close(&copy);
	free(copy_path);
	free(receipt);
}

/* Bruno: full, then incremental; his copied vault: a fork. */
static void
play_bruno(struct round *round)
{
	char *path = file("twin.vault");

	begin_inspection(round);
	set(&round->bruno, round->id, "a6/visitors", "yes");
	set(&round->bruno, round->id, "a5/fence_type", "mesh");
	party_export(&round->bruno, round->bundles[0], &round->amina,
	    &round->chloe, false);
	party_copy(&round->twin, &round->bruno, path);
	give_receipt(round, round->bundles[0], &round->bruno);
	set(&round->bruno, round->id, "a5/fence_height", "180");
	set(&round->bruno, round->id, "a6/badges", "no");
	party_export(
	    &round->bruno, round->bundles[1], &round->amina, NULL, false);
	set(&round->twin, round->id, "a5/fence_height", "210");
	party_export(
	    &round->twin, round->bundles[2], &round->amina, NULL, true);
	free(path);
}

/*
 * Chloe, who knows Bruno's first answers, gives hers; Amina revokes her after
 * that bundle; Dora relays what Chloe signed later.
 */
static void
play_chloe_and_dora(struct round *round)
{
	char *later = file("later"), hex[HASH_HEX_MAX];
	struct import_summary summary = { 0 };
	struct err err = { 0 };

	party_import(&round->chloe, round->bundles[0]);
	set(&round->chloe, round->id, "a6/visitors", "partial");
	party_export(&round->chloe, round->bundles[3], &round->amina,
	    &round->dora, false);
	bundle_import(
	    round->dora.vault, round->bundles[3], false, NULL, &summary, &err);
	assert_no_err(&err);
	hash_to_hex(&summary.heads, hex);
	import_summary_release(&summary);
	set(&round->chloe, round->id, "a6/visitors", "no");
	party_export(&round->chloe, later, &round->dora, NULL, false);
	party_import(&round->dora, later);
	party_tell(&round->chloe, &round->amina);
	trust_revoke(
	    round->amina.vault, round->chloe.card.device, hex, "volé", &err);
	assert_no_err(&err);
	set(&round->dora, round->id, "a6/badges", "partial");
	party_export(
	    &round->dora, round->bundles[4], &round->amina, NULL, false);
	free(later);
}

static void
make_round(struct round *round)
{
	party_new(&round->amina, folder, "Amina", ROLE_SUPERVISOR);
	party_new(&round->bruno, folder, "Bruno", ROLE_INSPECTOR);
	party_new(&round->chloe, folder, "Chloe", ROLE_INSPECTOR);
	party_new(&round->dora, folder, "Dora", ROLE_SUPERVISOR);
	party_know(&round->amina, &round->bruno);
	party_know(&round->amina, &round->chloe);
	party_know(&round->amina, &round->dora);
	party_know(&round->dora, &round->chloe);
	party_know(&round->dora, &round->bruno);
	party_know(&round->chloe, &round->bruno);
	for (int i = 0; i < BUNDLES; i++)
		round->bundles[i] = xasprintf("%s/bundle-%d.ronde", folder, i);
	play_bruno(round);
	play_chloe_and_dora(round);
}

/* The first order says what all others must give. */
static void
compare(struct round *round, struct party *copy)
{
	struct inspection *inspection = open_inspection(copy, round->id);
	const struct hash digest = party_digest(copy);
	struct buf json = BUF_INIT;
	struct err err = { 0 };

	inspection_show_json(inspection, &json, &err);
	assert_no_err(&err);
	if (round->orders++ == 0) {
		round->digest = digest;
		buf_add(&round->json, json.data, json.len);
	}
	assert_string_equal(json.data, round->json.data);
	assert_true(hash_equal(&digest, &round->digest));
	inspection_close(inspection);
	buf_release(&json);
}

static void
import_in(struct round *round, const int order[BUNDLES])
{
	char *path = file("order.vault");
	struct party copy;

	party_copy(&copy, &round->amina, path);
	for (int i = 0; i < BUNDLES; i++)
		party_import(&copy, round->bundles[order[i]]);
	party_import(&copy, round->bundles[order[round->orders % BUNDLES]]);
	compare(round, &copy);
	party_close(&copy);
	free(path);
}

static void
permute(struct round *round, int order[BUNDLES], int fixed)
{
	if (fixed == BUNDLES) {
		import_in(round, order);
		return;
	}
	for (int i = fixed; i < BUNDLES; i++) {
		const int one = order[fixed], other = order[i];

		order[fixed] = other;
		order[i] = one;
		permute(round, order, fixed + 1);
		order[fixed] = one;
		order[i] = other;
	}
}

static void
release(struct round *round)
{
	for (int i = 0; i < BUNDLES; i++)
		free(round->bundles[i]);
	buf_release(&round->json);
	party_close(&round->amina);
	party_close(&round->bruno);
	party_close(&round->twin);
	party_close(&round->chloe);
	party_close(&round->dora);
}

static void
every_order_and_repeat_gives_the_same_bytes(void **state)
{
	struct round round = { .json = BUF_INIT };
	int order[BUNDLES] = { 0, 1, 2, 3, 4 };

	(void)state;
	make_round(&round);
	permute(&round, order, 0);
	assert_int_equal(round.orders, ORDERS);
	/* All kinds were there: else the equality would prove little. */
	assert_non_null(strstr(round.json.data, "fork"));
	assert_non_null(strstr(round.json.data, "revoked"));
	assert_non_null(strstr(round.json.data, "partial"));
	printf("%d orders of %d bundles, %zu bytes of JSON, one state\n",
	    round.orders, BUNDLES, round.json.len);
	release(&round);
}

/* ---- rows of two inspectors ---- */

enum { ROW_BUNDLES = 4, ROW_ORDERS = 24 };

static const char houses[] = "survey,type,name,label\n"
			     ",begin repeat,house,House\n"
			     ",text,name,Name\n"
			     ",text,head,Head\n"
			     ",end repeat,,\n"
			     "settings,form_title,form_id\n"
			     ",Houses,houses\n";

static void
begin_houses(struct round *round)
{
	struct vault *vault = round->bruno.vault;
	struct problems problems = { 0 };
	struct err err = { 0 };
	struct hash checklist;
	char site[ID_MAX], *sheet = file("houses.csv");
	bool added;

	file_write(sheet, houses, strlen(houses), 0600, &err);
	assert_no_err(&err);
	site_add(
	    vault, "Kolda", NULL, NULL, CATEGORY_INFRASTRUCTURE, site, &err);
	assert_no_err(&err);
	checklist_import(vault, sheet, &problems, &checklist, &added, &err);
	problems_release(&problems);
	assert_no_err(&err);
	inspection_new(vault, site, &checklist, round->id, &err);
	assert_no_err(&err);
	free(sheet);
}

static void
set_in(struct party *party, const char *id, const char *path, const char *value)
{
	struct answer_draft draft = ANSWER_DRAFT_INIT;
	struct inspection *inspection = open_inspection(party, id);
	struct err err = { 0 };
	int place = state_find_typed(inspection_state(inspection), path, &err);

	draft.value = value;
	if (place >= 0)
		inspection_set(inspection, place, &draft, LANG_FR, &err);
	assert_no_err(&err);
	inspection_close(inspection);
}

static void
add_house(struct party *party, const char *id)
{
	struct inspection *inspection = open_inspection(party, id);
	struct err err = { 0 };
	int row;

	inspection_row_add(inspection, 0, &row, &err);
	assert_no_err(&err);
	inspection_close(inspection);
}

static void
remove_house(struct party *party, const char *id, const char *path)
{
	struct inspection *inspection = open_inspection(party, id);
	struct err err = { 0 };
	const int row =
	    state_find_typed(inspection_state(inspection), path, &err);

	if (row >= 0)
		inspection_row_remove(inspection, row, &err);
	assert_no_err(&err);
	inspection_close(inspection);
}

/*
 * Bruno's two houses; Chloe, who has them, adds hers and says something in
 * his first; he takes both of his away without having seen that.
 */
static void
make_rows(struct round *round)
{
	const char *id = round->id;

	party_new(&round->amina, folder, "Amina-2", ROLE_SUPERVISOR);
	party_new(&round->bruno, folder, "Bruno-2", ROLE_INSPECTOR);
	party_new(&round->chloe, folder, "Chloe-2", ROLE_INSPECTOR);
	party_know(&round->amina, &round->bruno);
	party_know(&round->amina, &round->chloe);
	party_know(&round->chloe, &round->bruno);
	for (int i = 0; i < ROW_BUNDLES; i++)
		round->bundles[i] = xasprintf("%s/rows-%d.ronde", folder, i);
	begin_houses(round);
	add_house(&round->bruno, id);
	set_in(&round->bruno, id, "house[1]/name", "Diallo");
	add_house(&round->bruno, id);
	set_in(&round->bruno, id, "house[2]/name", "Ba");
	party_export(&round->bruno, round->bundles[0], &round->amina,
	    &round->chloe, false);
	party_import(&round->chloe, round->bundles[0]);
	add_house(&round->chloe, id);
	set_in(&round->chloe, id, "house[3]/name", "Ndiaye");
	party_export(
	    &round->chloe, round->bundles[1], &round->amina, NULL, false);
	set_in(&round->chloe, id, "house[1]/head", "Awa");
	party_export(
	    &round->chloe, round->bundles[2], &round->amina, NULL, true);
	remove_house(&round->bruno, id, "house[2]");
	remove_house(&round->bruno, id, "house[1]");
	party_export(
	    &round->bruno, round->bundles[3], &round->amina, NULL, true);
}

static void
import_rows(struct round *round, const int order[ROW_BUNDLES])
{
	char *path = file("rows.vault");
	struct party copy;

	party_copy(&copy, &round->amina, path);
	for (int i = 0; i < ROW_BUNDLES; i++)
		party_import(&copy, round->bundles[order[i]]);
	compare(round, &copy);
	party_close(&copy);
	free(path);
}

/* The houses that are there in the end: Diallo's, answered since, and hers. */
static void
check_houses(struct round *round)
{
	char *path = file("rows.vault");
	struct inspection *inspection;
	const struct state *state;
	struct party copy;
	const int *rows;
	size_t count;

	party_copy(&copy, &round->amina, path);
	for (int i = ROW_BUNDLES; i-- > 0;)
		party_import(&copy, round->bundles[i]);
	inspection = open_inspection(&copy, round->id);
	state = inspection_state(inspection);
	rows = state_rows(state, 0, &count);
	assert_int_equal(count, 2);
	assert_string_equal(state_value(state, rows[0] + 1), "Diallo");
	assert_string_equal(state_value(state, rows[0] + 2), "Awa");
	assert_true(inspection_row_was_removed(inspection, rows[0]));
	assert_string_equal(state_value(state, rows[1] + 1), "Ndiaye");
	inspection_close(inspection);
	party_close(&copy);
	free(path);
}

static void
rows_of_two_merge_the_same_in_every_order(void **state)
{
	struct round round = { .json = BUF_INIT };

	(void)state;
	make_rows(&round);
	for (int code = 0; code < 256; code++) {
		const int order[ROW_BUNDLES] = { code & 3, code >> 2 & 3,
			code >> 4 & 3, code >> 6 & 3 };
		int seen = 0;

		for (int i = 0; i < ROW_BUNDLES; i++)
			seen |= 1 << order[i];
		if (seen == 15)
			import_rows(&round, order);
	}
	assert_int_equal(round.orders, ROW_ORDERS);
	check_houses(&round);
	for (int i = 0; i < ROW_BUNDLES; i++)
		free(round.bundles[i]);
	buf_release(&round.json);
	party_close(&round.amina);
	party_close(&round.bruno);
	party_close(&round.chloe);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_order_and_repeat_gives_the_same_bytes),
		TEST(rows_of_two_merge_the_same_in_every_order),
	};
	int result;

	party_use(setup_vault_options()->projectors, setup_contents());
	reader_set_program(test_build("ronde-reader"));
	folder = test_folder();
	result = RUN_TESTS(tests);
	free(folder);
	return result;
}

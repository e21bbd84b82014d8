/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/views_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/setup.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "checklists/reader.h"
#include "inspections/inspection.h"
#include "inspections/site.h"
#include "storage/vault.h"
#include "tests/tui_support.h"
#include "tui/grid.h"
#include "tui/shipped.h"
#include "tui/views.h"

const int64_t morning = 1795424400000; /* 2026-11-23 09:00 UTC */
char *folder;

struct secret *
phrase(void)
{
	char text[] = "correct horse";

	return secret_take(text, sizeof(text) - 1, true);
}

void
person_new(struct person *person, const char *name, enum role role)
{
	char *path = xasprintf("%s/%s.ronde-vault", folder, name);
	const struct tui_options options = { .vault_path = path,
		.projectors = setup_vault_options()->projectors,
		.contents = setup_contents(),
		.cost = kdf_cost_least };
	const struct vault_options vault_options = {
		.projectors = setup_vault_options()->projectors,
		.cost = kdf_cost_least
	};
	struct secret *passphrase = phrase(), *recovery = NULL;
	struct vault *vault;

	*person = (struct person){ 0 };
	remove(path);
	ui_init(&person->ui, &options);
	vault = vault_create(
	    path, passphrase, &vault_options, &recovery, &person->err);
	assert_no_err(&person->err);
	secret_free(passphrase);
	secret_free(recovery);
	identity_create(vault, name, "Eau", role, NULL, &person->err);
	assert_no_err(&person->err);
	card_own(vault, &person->card, &person->err);
	assert_no_err(&person->err);
	ui_unlocked(&person->ui, vault);
	free(path);
}

void
person_free(struct person *person)
{
	card_release(&person->card);
	ui_leave(&person->ui);
	ui_release(&person->ui);
}

/* A person with one site and the small checklist. */
void
inspector_with(struct person *person, const char *form, char id[ID_MAX])
{
	char site[ID_MAX];
	struct problems problems = { 0 };
	struct hash checklist;
	bool added;

	person_new(person, "Zoé Œuvré", ROLE_INSPECTOR);
	site_add(person->ui.vault, "Poste électrique Nord", "énergie", "Eau",
	    CATEGORY_INFRASTRUCTURE, site, &person->err);
	assert_no_err(&person->err);
	checklist_import(person->ui.vault, form, &problems, &checklist, &added,
	    &person->err);
	assert_no_err(&person->err);
	inspection_new(person->ui.vault, site, &checklist, id, &person->err);
	assert_no_err(&person->err);
	problems_release(&problems);
}

void
inspector_new(struct person *person, char id[ID_MAX])
{
	char *form = small_checklist(folder);

	inspector_with(person, form, id);
	free(form);
}

void
visitor_new(struct person *person, char id[ID_MAX])
{
	char *form = household_checklist(folder);

	inspector_with(person, form, id);
	free(form);
}

void
surveyor_new(struct person *person, char id[ID_MAX])
{
	char *form = kinds_checklist(folder);

	inspector_with(person, form, id);
	free(form);
}

void
pager_new(struct person *person, int towns, char id[ID_MAX])
{
	char *form = pages_checklist(folder, towns);

	inspector_with(person, form, id);
	free(form);
}

void
open_fill(struct person *person, const char *id)
{
	struct view *fill = view_fill_new(&person->ui, id, &person->err);

	assert_no_err(&person->err);
	ui_open(&person->ui, fill);
}

static char *
answer_to(struct person *person, const char *id, const char *path)
{
	struct inspection *inspection =
	    inspection_open(person->ui.vault, id, &person->err);
	char *value;
	int place;

	assert_no_err(&person->err);
	place = state_find(inspection_state(inspection), path, &person->err);
	assert_no_err(&person->err);
	value = xstrdup(state_value(inspection_state(inspection), place));
	inspection_close(inspection);
	return value;
}

void
assert_answer(
    struct person *person, const char *id, const char *path, const char *value)
{
	char *is = answer_to(person, id, path);

	assert_string_equal(is, value);
	free(is);
}

bool
is_shown(struct person *person, const char *text)
{
	struct grid *grid = grid_new(24, 80);
	struct buf drawn = BUF_INIT;
	bool found;

	ui_draw(&person->ui, grid);
	grid_text(grid, &drawn);
	found = strstr(drawn.data, text) != NULL;
	buf_release(&drawn);
	grid_free(grid);
	return found;
}

int
set_up_view(void **state)
{
	(void)state;
	clock_set(morning);
	i18n_set(LANG_EN);
	return 0;
}

int
run_views(const struct CMUnitTest *tests, size_t count)
{
	struct err err = { 0 };

	setenv("TZ", "UTC", 1);
	setenv("RONDE_LANG", "en", 1);
	setenv("RONDE_TEST_HOST", "/nonexistent", 1);
	i18n_init();
	bindtextdomain("ronde", test_build("locale"));
	if (crypto_init(&err) != 0)
		return 1;
	folder = test_folder();
	screens_folder(folder);
	setenv("HOME", folder, 1);
	shipped_set_folder(folder); /* which has none */
	reader_set_program(xstrdup(test_build("ronde-reader")));
	return _cmocka_run_group_tests("views", tests, count, NULL, NULL);
}

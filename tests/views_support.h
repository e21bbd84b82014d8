/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_VIEWS_SUPPORT_H
#define TESTS_VIEWS_SUPPORT_H

#include "tests/support.h"

#include <stdbool.h>

#include "bundles/card.h"
#include "tui/ui.h"

/* People with a vault and screens, without a terminal; for tests of views. */
struct person {
	struct ui ui;
	struct err err;
	struct card card;
};

extern const int64_t morning; /* when the tests begin */
extern char *folder;          /* of the whole run; also HOME */

/* A vault whose passphrase is phrase(), unlocked, on its home. */
void person_new(struct person *person, const char *name, enum role role);
void person_free(struct person *person);
struct secret *phrase(void); /* "correct horse"; the caller's to free */

/* A person with one site and the checklist of the file or folder `form`. */
void inspector_with(struct person *person, const char *form, char id[ID_MAX]);
/* A person with one site and the small checklist; `id` is the inspection's. */
void inspector_new(struct person *person, char id[ID_MAX]);
/* The same with households, which have rows. */
void visitor_new(struct person *person, char id[ID_MAX]);
/* One inspection whose questions are each of another kind. */
void surveyor_new(struct person *person, char id[ID_MAX]);
/* The same with questions that share a screen. */
void pager_new(struct person *person, int towns, char id[ID_MAX]);
void open_fill(struct person *person, const char *id);

/* The answer that the vault has at the path. */
void assert_answer(struct person *person, const char *id, const char *path,
    const char *value);

/* True when the screen, drawn at 80x24, has the text. */
bool is_shown(struct person *person, const char *text);

/* Each test begins in the morning and in English. */
int set_up_view(void **state);
#define VIEW_TEST(name) cmocka_unit_test_setup(name, set_up_view)

/* What main() returns. */
int run_views(const struct CMUnitTest *tests, size_t count);
#define RUN_VIEWS(tests) run_views(tests, ARRAY_LEN(tests))

#endif

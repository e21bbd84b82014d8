/* SPDX-License-Identifier: Apache-2.0 */
/* The real program on a pseudo-terminal. */
#include "tests/support.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "tests/terminal_support.h"
#include "tests/tui_support.h"

/* ---- the whole way ---- */

static void
type_recovery_code(struct vt *vt)
{
	const char *line = vt_screen(vt);
	char code[64];

	/* The one line with seven dashes between groups. */
	while (*line) {
		const size_t len = strcspn(line, "\n");
		const char *text = line + strspn(line, " ");
		int dashes = 0;

		for (const char *c = text; c < line + len; c++)
			dashes += *c == '-';
		if (dashes == 7) {
			snprintf(code, sizeof(code), "%.*s",
			    (int)(line + len - text), text);
			vt_enter(vt, "1234");
			assert_shown(vt, "this is not the code above");
			vt_send(vt, "\r");
			vt_send(vt, "\x15");
			vt_enter(vt, code);
			return;
		}
		line += len + 1;
	}
	fail_msg("no recovery code on\n%s", vt_screen(vt));
}

static void
create_vault(struct vt *vt)
{
	assert_shown(vt, "Language");
	vt_send(vt, "1");
	vt_send(vt, "\r");
	vt_enter(vt, "Koffi A.");
	vt_enter(vt, "Ministry of Water");
	vt_enter(vt, "1");
	vt_enter(vt, "short");
	vt_enter(vt, "short");
	assert_shown(vt, "fewer than 8 characters");
	vt_send(vt, "\r"); /* understood; back on the passphrase */
	vt_send(vt, "\x15");
	vt_enter(vt, "correct horse");
	assert_not_shown(vt, "correct horse");
	vt_send(vt, "\x15");
	vt_send(vt, "correct horse");
	vt_send(vt, F2);
	assert_shown(vt, "correct horse");
	vt_send(vt, F2);
	vt_send(vt, "\r");
	assert_shown(vt, "envelope");
	type_recovery_code(vt);
	assert_shown(vt, "The vault is ready");
	assert_shown(vt, "Koffi A., Ministry of Water");
}

static void
add_site_and_checklist(struct vt *vt)
{
	vt_send(vt, "s");
	vt_send(vt, "Poste Électrique");
	vt_send(vt, F10);
	assert_shown(vt, "Poste Électrique");
	assert_shown(vt, "site without an inspection");
	vt_send(vt, "c");
	vt_send(vt, "i");
	assert_shown(vt, "104 questions"); /* the shipped one */
	vt_enter(vt, "another");
	vt_enter(vt, form);
	assert_shown(vt, "The checklist was imported");
	vt_send(vt, ESC);
	vt_send(vt, "\r"); /* the site alone: choose its checklist */
	assert_shown(vt, "Small checklist");
	vt_send(vt, "\r");
	assert_shown(vt, "Is the fence closed all around?");
}

static void
fill_all(struct vt *vt)
{
	vt_send(vt, "&"); /* AZERTY, without Shift */
	assert_shown(vt, "(x) yes");
	assert_shown(vt, "saved ");
	vt_send(vt, "\r");
	assert_shown(vt, "Height of the fence");
	vt_enter(vt, "9999");
	assert_shown(vt, "The height must be between 0 and 1000 cm.");
	assert_shown(vt, "9999");
	vt_send(vt, DOWN); /* it stays until it is corrected */
	assert_shown(vt, "9999");
	vt_send(vt, "\x15");
	vt_enter(vt, "180");
	assert_shown(vt, "Widest gap");
	vt_enter(vt, "0,5");
	assert_shown(vt, "Are there guards?");
	assert_shown(vt, "of 8");
	vt_send(vt, "1"); /* two questions appear, the focus stays */
	assert_shown(vt, "of 10");
	assert_shown(vt, "Are there guards?");
	vt_send(vt, "3"); /* and vanish */
	assert_shown(vt, "of 8");
	vt_send(vt, "1");
	vt_send(vt, "\r");
	assert_shown(vt, "How many guards?");
}

static void
annotate(struct vt *vt)
{
	vt_send(vt, F3);
	vt_send(vt, "3");
	assert_shown(vt, "Source     interview");
	vt_send(vt, F2);
	vt_send(vt, "La nuit, dit le gardien: q?1");
	vt_send(vt, "\r");
	assert_shown(vt, "Note       La nuit, dit le gardien: q?1");
	vt_send(vt, F5);
	assert_shown(vt, "Urgent     yes");
	vt_send(vt, F8); /* the language, in the middle of a question */
	assert_shown(vt, "Combien de gardes ?");
	vt_send(vt, F8);
	assert_shown(vt, "How many guards?");
}

static void
review_and_sign(struct vt *vt)
{
	vt_send(vt, "\033[24~"); /* F12 */
	assert_shown(vt, "Required, without answer");
	assert_shown(vt, "g/count");
	vt_send(vt, "s");
	vt_send(vt, F10);
	assert_shown(vt, "Enter: understood"); /* a required one is missing */
	vt_send(vt, "\r");
	vt_send(vt, ESC);
	vt_send(vt, "\r"); /* the heading leads to its first item */
	assert_shown(vt, "How many guards?");
	vt_enter(vt, "4");
	vt_send(vt, "\033[24~");
	vt_send(vt, "s");
	assert_shown(vt, "Control code:");
	vt_enter(vt, "Mme Traoré");
	vt_send(vt, "directrice");
	vt_send(vt, F10);
	assert_shown(vt, "The inspection is signed");
	vt_send(vt, ESC);
	vt_send(vt, ESC);
	assert_shown(vt, "signed");
}

static void
an_inspection_is_made_filled_and_signed_by_hand(void **state)
{
	char vault[LINE_ROOM], home[LINE_ROOM];
	const char *const environment[] = { vault, home, "RONDE_LANG=en",
		"LC_ALL=C.UTF-8", "RONDE_PASSPHRASE_FILE", NULL };
	const char *const argv[] = { test_build("ronde"), NULL };
	struct vt *vt;

	(void)state;
	snprintf(vault, sizeof(vault), "RONDE_VAULT=%s/by-hand/v", home_folder);
	snprintf(home, sizeof(home), "HOME=%s", home_folder);
	vt = vt_start(
	    &(struct vt_options){ .argv = argv, .environment = environment });
	create_vault(vt);
	add_site_and_checklist(vt);
	fill_all(vt);
	annotate(vt);
	review_and_sign(vt);
	vt_send(vt, "v");
	assert_shown(vt, "The vault is locked");
	assert_not_shown(vt, "Poste");
	vt_enter(vt, "wrong");
	assert_shown(vt, "Enter: understood");
	vt_send(vt, "x"); /* the message stays */
	assert_shown(vt, "Enter: understood");
	vt_send(vt, "\r");
	vt_send(vt, "\x15");
	vt_enter(vt, "correct horse");
	assert_shown(vt, "Poste Électrique");
	vt_send_only(vt, "q");
	assert_int_equal(vt_wait_end(vt), 0);
	vt_free(vt);
}

/* ---- terminals ---- */

static void
every_terminal_shows_the_same(void **state)
{
	static const char *const terms[] = { "xterm-256color", "linux", "vt100",
		"screen" };
	static const char *const plain[] = { "NO_COLOR=1", NULL };

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(terms); i++) {
		struct vt *vt = terminal_start(
		    &(struct terminal){ .environment = i % 2 ? plain : NULL,
			.term = terms[i / 2] });

		assert_shown(vt, "Poste Nord");
		assert_true(vt_is_reverse(vt, "Poste Nord"));
		if (i % 2 || strcmp(terms[i / 2], "vt100") == 0)
			assert_false(vt_has_color(vt));
		vt_send(vt, "?");
		assert_shown(vt, "What do you want to do?");
		vt_send(vt, ESC);
		vt_send(vt, F9);
		assert_shown(vt, "Poste Nord");
		vt_free(vt);
	}
}

static void
a_missing_locale_costs_no_accent(void **state)
{
	static const char *const locales[] = { "LC_ALL=C", "LC_ALL=xx_XX.UTF-8",
		"LC_ALL=" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(locales); i++) {
		const char *const environment[] = { locales[i], "RONDE_LANG=fr",
			NULL };
		struct vt *vt = terminal_start(
		    &(struct terminal){ .environment = environment });

		assert_shown(vt, "Zoé Œuvré");
		assert_shown(vt, "à faire");
		vt_free(vt);
	}
}

static void
the_hardware_cursor_is_on_the_focus(void **state)
{
	struct vt *vt = start_plain();
	int row, col;

	(void)state;
	vt_cursor(vt, &row, &col);
	assert_int_equal(row, 4); /* the first inspection */
	assert_int_equal(col, 0);
	vt_send(vt, "/");
	vt_send(vt, "pos");
	vt_cursor(vt, &row, &col);
	assert_int_equal(row, 3);
	assert_int_equal(col, 11);
	vt_free(vt);
}

static void
a_storm_of_sizes_ends_well(void **state)
{
	static const int sizes[][2] = { { 10, 40 }, { 60, 200 }, { 24, 80 },
		{ 1, 1 }, { 50, 120 }, { 23, 79 }, { 24, 80 } };
	struct vt *vt = start_plain();

	(void)state;
	for (size_t i = 0; i < 5 * ARRAY_LEN(sizes); i++) {
		const int *size = sizes[i % ARRAY_LEN(sizes)];

		vt_resize(vt, size[0], size[1]);
		vt_wait(vt);
		if (size[0] >= 24 && size[1] >= 80)
			assert_shown(vt, "Poste Nord");
		else if (size[0] > 1)
			assert_shown(vt, "80x24 needed");
	}
	vt_send(vt, "n");
	assert_shown(vt, "which site");
	vt_free(vt);
}

static void
large_screens_are_used(void **state)
{
	struct vt *vt =
	    terminal_start(&(struct terminal){ .rows = 60, .cols = 200 });

	(void)state;
	assert_shown(vt, "Small checklist");
	vt_send(vt, "\r");
	assert_shown(vt, "Is the fence closed all around?");
	vt_free(vt);
}

static void
a_terminal_that_is_not_known_is_said_so(void **state)
{
	static const struct {
		const char *term, *message;
	} cases[] = {
		{ "", "TERM is not set" },
		{ "no-such-terminal", "TERM=no-such-terminal, is not known" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char home[LINE_ROOM];
		const char *const environment[] = { home, "RONDE_LANG=en",
			NULL };
		const char *const argv[] = { test_build("ronde"), NULL };
		struct vt *vt;

		snprintf(home, sizeof(home), "HOME=%s", home_folder);
		vt = vt_start(&(struct vt_options){ .argv = argv,
		    .environment = environment,
		    .term = cases[i].term,
		    .no_mark = true });
		assert_int_equal(vt_wait_end(vt), 1);
		assert_shown(vt, cases[i].message);
		vt_free(vt);
	}
}

/* ---- being stopped and ended ---- */

static void
what_is_typed_survives_a_hangup(void **state)
{
	static const int signals[] = { SIGHUP, SIGTERM };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		struct vt *vt = start_plain();
		char text[32];

		snprintf(text, sizeof(text), "half typed %zu", i);
		open_remarks(vt);
		vt_send(vt, "\x15");
		vt_send(vt, text);
		kill(vt_pid(vt), signals[i]);
		assert_int_equal(vt_wait_end(vt), 0);
		vt_free(vt);
		vt = start_plain();
		open_remarks(vt);
		assert_shown(vt, text);
		vt_free(vt);
	}
}

static void
a_hangup_before_the_code_is_copied_leaves_no_vault(void **state)
{
	char *home = test_folder();
	char variable[LINE_ROOM], path[LINE_ROOM];
	const char *const environment[] = { variable, "RONDE_LANG=en",
		"LC_ALL=C.UTF-8", "XDG_DATA_HOME", "RONDE_VAULT",
		"RONDE_PASSPHRASE_FILE", NULL };
	const char *const argv[] = { test_build("ronde"), NULL };
	const struct vt_options options = { .argv = argv,
		.environment = environment };
	struct vt *vt;

	(void)state;
	snprintf(variable, sizeof(variable), "HOME=%s", home);
	snprintf(path, sizeof(path), "%s/.local/share/ronde/vault.ronde-vault",
	    home);
	vt = vt_start(&options);
	vt_enter(vt, "");
	vt_enter(vt, "Zoé");
	vt_enter(vt, "Eau");
	vt_enter(vt, "1");
	vt_enter(vt, "correct horse battery");
	vt_enter(vt, "correct horse battery");
	assert_shown(vt, "the recovery code");
	vt_hang_up(vt);
	assert_int_equal(vt_wait_end(vt), 0);
	vt_free(vt);
	assert_false(file_exists(path));
	vt = vt_start(&options);
	assert_shown(vt, "Français");
	vt_free(vt);
	free(home);
}

static void
a_lost_terminal_ends_the_program(void **state)
{
	struct vt *vt = start_plain();

	(void)state;
	open_remarks(vt);
	vt_hang_up(vt);
	assert_int_equal(vt_wait_end(vt), 0);
	vt_free(vt);
}

static void
it_locks_when_it_is_stopped_and_goes_on(void **state)
{
	struct vt *vt = start_plain();

	(void)state;
	open_question(vt, "fence closed", "Is the fence closed all around?");
	for (int by_key = 0; by_key < 2; by_key++) {
		if (by_key)
			vt_send_only(vt, "\x1a");
		else
			kill(vt_pid(vt), SIGTSTP);
		vt_wait_stopped(vt);
		vt_continue(vt);
		vt_wait(vt);
		assert_not_shown(vt, "fence");
		vt_enter(vt, "correct horse");
		assert_shown(vt, "Is the fence closed all around?");
	}
	vt_send(vt, "2");
	assert_shown(vt, "(x) partly");
	vt_free(vt);
}

static void
a_paste_is_text_and_no_command(void **state)
{
	struct vt *vt = start_plain();

	(void)state;
	vt_send(vt, ESC "[200~q\nvn" ESC "[201~");
	assert_shown(vt, "nothing was pasted");
	assert_shown(vt, "Poste Nord");
	open_remarks(vt);
	vt_send(vt, "\x15");
	vt_send(vt, ESC "[200~q\nvn\x1b[2J" ESC "[201~");
	assert_shown(vt, "> q vn[2J");
	vt_free(vt);
}

static void
the_help_runs_what_it_finds(void **state)
{
	struct vt *vt = start_plain();

	(void)state;
	vt_send(vt, F1);
	vt_send(vt, "checklist");
	assert_shown(vt, "see and import checklists");
	assert_not_shown(vt, "lock the vault");
	vt_send(vt, "\r");
	assert_shown(vt, "Small checklist");
	vt_free(vt);
}

/* A second inspection, on the command line: households in "Zone Kolda". */
static void
make_households(void)
{
	char *sheets = household_checklist(home_folder);
	char *command = xasprintf("checklist import '%s'", sheets);

	terminal_run(command);
	terminal_run("site add --name 'Zone Kolda'");
	terminal_run(
	    "inspection new --site 'Zone Kolda' --checklist Households");
	free(command);
	free(sheets);
}

static void
fill_person(struct vt *vt, const char *name, const char *age)
{
	vt_send(vt, "\r"); /* the list stands on "add one" */
	assert_shown(vt, "First name");
	vt_enter(vt, name);
	assert_shown(vt, "Age");
	vt_enter(vt, age);
}

static void
fill_households(struct vt *vt)
{
	vt_enter(vt, "Kolda");
	assert_shown(vt, "add one");
	vt_send(vt, "\r");
	assert_shown(vt, "Household 1 of 1");
	vt_enter(vt, "Diallo");
	vt_send(vt, "1");
	vt_send(vt, "\r");
	assert_shown(vt, "house[1]/person ");
	fill_person(vt, "Awa", "40");
	assert_shown(vt, "1   Awa · 40");
	fill_person(vt, "Issa", "9");
	vt_enter(vt, "Jules Ferry");
	assert_shown(vt, "2   Issa · 9");
	vt_send(vt, DOWN);
	vt_send(vt, "\r"); /* go on: the list of households */
	assert_shown(vt, "1   Diallo");
	vt_send(vt, "\r");
	assert_shown(vt, "Household 2 of 2");
	vt_send(vt, F10); /* one too many */
	assert_shown(vt, "× 2");
	vt_send(vt, "x");
	assert_shown(vt, "Take it away?");
	vt_send(vt, "2");
	vt_send(vt, "\r");
	assert_shown(vt, "× 1");
}

static void
households_are_filled_and_signed_by_hand(void **state)
{
	struct vt *vt;

	(void)state;
	make_households();
	vt = start_plain();
	assert_shown(vt, "Zone Kolda"); /* to do: before what is under way */
	vt_send(vt, "\r");
	assert_shown(vt, "Name of the village");
	fill_households(vt);
	vt_send(vt, F12);
	assert_shown(vt, "8 answers to 9 questions");
	vt_send(vt, "s");
	assert_shown(vt, "Control code:");
	vt_enter(vt, "Mme Traoré");
	vt_send(vt, "cheffe");
	vt_send(vt, F10);
	assert_shown(vt, "The inspection is signed");
	vt_free(vt);
	terminal_run("inspection list");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_inspection_is_made_filled_and_signed_by_hand),
		TEST(every_terminal_shows_the_same),
		TEST(a_missing_locale_costs_no_accent),
		TEST(the_hardware_cursor_is_on_the_focus),
		TEST(a_storm_of_sizes_ends_well),
		TEST(large_screens_are_used),
		TEST(a_terminal_that_is_not_known_is_said_so),
		TEST(what_is_typed_survives_a_hangup),
		TEST(a_hangup_before_the_code_is_copied_leaves_no_vault),
		TEST(a_lost_terminal_ends_the_program),
		TEST(it_locks_when_it_is_stopped_and_goes_on),
		TEST(a_paste_is_text_and_no_command),
		TEST(the_help_runs_what_it_finds),
		TEST(households_are_filled_and_signed_by_hand),
	};

	terminal_set_up("correct horse", "Poste Nord");
	return RUN_TESTS(tests);
}

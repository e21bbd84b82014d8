/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole round in the terminal alone: a supervisor and two inspectors make
 * vaults, trust each other's cards, a mission goes out on a stick, both answer
 * checklist A, sign and hand over, the supervisor takes it all, settles the
 * one disagreement and writes the report.
 */
#include "tests/support.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "tests/vt.h"

#define ESC "\033"
#define F7 "\033[18~"
#define F10 "\033[21~"
#define F12 "\033[24~"
#define DOWN "\033OB"
#define CLEAR "\025" /* ^U */

enum { PATH_ROOM = 4096, CODE_LENGTH = 47, PEOPLE = 3 };

enum who { AMINA, ZOE, KOFFI };

static const struct {
	const char *file, *name, *organisation;
	char role; /* the digit on the screen */
} people[PEOPLE] = {
	{ "amina", "Amina Diallo", "Secrétariat national", '3' },
	{ "zoe", "Zoé Œuvré", "Ministère de l'Eau", '1' },
	{ "koffi", "Koffi Adjovi", "Ministère de l'Intérieur", '1' },
};

static char *folder, *stick;
static struct vt *screens[PEOPLE];

static const char *
in_folder(const char *name)
{
	static char path[4][PATH_ROOM];
	static int turn;
	char *to = path[turn++ % 4];

	snprintf(to, PATH_ROOM, "%s/%s", folder, name);
	return to;
}

/* ---- vaults ---- */

static struct vt *
start(enum who who)
{
	char vault[PATH_ROOM], home[PATH_ROOM];
	const char *const environment[] = { vault, home, "RONDE_LANG=en",
		"LC_ALL=C.UTF-8", "RONDE_TEST_FAST_KDF=1",
		"RONDE_PASSPHRASE_FILE", "XDG_DATA_HOME", NULL };
	const char *const argv[] = { test_build("ronde"), NULL };

	snprintf(vault, sizeof(vault), "RONDE_VAULT=%s/%s.ronde-vault", folder,
	    people[who].file);
	snprintf(home, sizeof(home), "HOME=%s", folder);
	return vt_start(&(struct vt_options){
	    .argv = argv, .environment = environment, .beside = true });
}

/* The recovery code on the screen: eight groups of five characters. */
static void
read_code(struct vt *vt, char code[CODE_LENGTH + 1])
{
	const char *screen = vt_screen(vt);

	for (; *screen; screen++) {
		int i = 0;

		while (i < CODE_LENGTH &&
		    (i % 6 == 5 ? screen[i] == '-'
				: isupper((unsigned char)screen[i]) ||
				isdigit((unsigned char)screen[i])))
			i++;
		if (i == CODE_LENGTH) {
			snprintf(code, CODE_LENGTH + 1, "%s", screen);
			return;
		}
	}
	fail_msg("no recovery code on the screen:\n%s", vt_screen(vt));
}

static void
make_vault(enum who who)
{
	struct vt *vt = screens[who] = start(who);
	char code[CODE_LENGTH + 1];

	assert_shown(vt, "Français");
	vt_enter(vt, "");
	assert_shown(vt, "Your name");
	vt_enter(vt, people[who].name);
	vt_enter(vt, people[who].organisation);
	vt_enter(vt, (char[]){ people[who].role, '\0' });
	vt_enter(vt, "correct horse battery");
	vt_enter(vt, "correct horse battery");
	assert_shown(vt, "the recovery code");
	read_code(vt, code);
	vt_enter(vt, "WRONG-CODE");
	assert_not_shown(vt, "The vault is ready");
	vt_send(vt, CLEAR);
	vt_enter(vt, code);
	assert_shown(vt, "The vault is ready");
}

static void
write_card(enum who who)
{
	char path[PATH_ROOM];

	snprintf(path, sizeof(path), "%s/%s.card", stick, people[who].file);
	vt_send(screens[who], "p");
	vt_send(screens[who], "w");
	vt_send(screens[who], "\025"); /* ^U: another name */
	vt_enter(screens[who], path);
	assert_shown(screens[who], "The card is in");
}

static void
trust(enum who who, enum who other)
{
	char path[PATH_ROOM];

	snprintf(path, sizeof(path), "%s/%s.card", stick, people[other].file);
	vt_send(screens[who], "a");
	vt_enter(screens[who], path);
	assert_shown(screens[who], "Fingerprint");
	vt_enter(screens[who], "2");
	assert_shown(screens[who], "is trusted now");
	assert_shown(screens[who], people[other].name);
}

/* ---- the mission ---- */

static void
add_site_and_checklist(struct vt *vt)
{
	vt_send(vt, ESC);
	vt_send(vt, "s");
	vt_enter(vt, "Poste électrique Nord");
	vt_enter(vt, "1");
	vt_enter(vt, "énergie");
	vt_enter(vt, "");
	assert_shown(vt, "Poste électrique Nord");
	vt_send(vt, "c");
	vt_send(vt, "i");
	vt_enter(vt, "infrastructure"); /* a shipped one */
	assert_shown(vt, "The checklist was imported");
	assert_shown(vt, "104 questions");
	vt_send(vt, ESC);
}

static void
make_mission(void)
{
	struct vt *vt = screens[AMINA];

	add_site_and_checklist(vt);
	vt_send(vt, "m");
	vt_enter(vt, "");
	assert_shown(vt, "which checklist");
	vt_enter(vt, "");
	assert_shown(vt, "who goes");
	vt_send(vt, "Zo");
	vt_send(vt, "\t");
	vt_send(vt, CLEAR "Koffi");
	vt_send(vt, "\t");
	vt_enter(vt, "");
	assert_shown(vt, "by when");
	vt_enter(vt, "18/12/2026");
	assert_shown(vt, "The mission is ready");
}

/* ---- exchange ---- */

static void
exchange(enum who who, const char *expected)
{
	struct vt *vt = screens[who];

	vt_send(vt, "e");
	vt_send(vt, CLEAR);
	vt_enter(vt, stick);
	assert_shown(vt, "What lies there for me");
	assert_shown(vt, expected);
	vt_enter(vt, "");
	assert_shown(vt, "What was exchanged");
	assert_shown(vt, "Written:");
	vt_send(vt, ESC);
}

/* ---- answers ---- */

static const struct {
	const char *number, *answer;
} common[] = {
	{ "A0.1 ", "SNE" },
	{ "A0.2 ", "1" },
	{ "A0.3 ", "20/11/2026" },
	{ "A0.8 ", "3" },
	{ "A1.5 ", "4" },
	{ "A1.6 ", "2" },
	{ "A1.7 ", "3" },
	{ "A1.8 ", "3" },
	{ "A1.9 ", "3" },
	{ "A5.1 ", "3" },
	{ "A15.4 ", "2" },
};

static void
answer(struct vt *vt, const char *number, const char *value)
{
	vt_send(vt, F7);
	vt_enter(vt, number);
	assert_shown(vt, number);
	vt_enter(vt, value);
}

static void
answer_all(enum who who, const char *visitors)
{
	struct vt *vt = screens[who];

	vt_enter(vt, "");
	for (size_t i = 0; i < ARRAY_LEN(common); i++)
		answer(vt, common[i].number, common[i].answer);
	answer(vt, "A6.2 ", visitors);
	assert_shown(vt, "saved");
}

static void
a_wrong_height_stays_with_its_reason(struct vt *vt)
{
	vt_send(vt, F7);
	vt_enter(vt, "A5.2 ");
	vt_enter(vt, "1800");
	assert_shown(vt, "The height must be between 0 and 1000 cm");
	assert_shown(vt, "1800");
	vt_send(vt, CLEAR);
	vt_enter(vt, "180");
	assert_not_shown(vt, "The height must be between");
}

static void
sign(enum who who)
{
	struct vt *vt = screens[who];

	vt_send(vt, F12);
	assert_shown(vt, "review before signing");
	vt_send(vt, "s");
	assert_shown(vt, "Control code");
	vt_enter(vt, "Issa Traoré");
	vt_send(vt, "chef de poste");
	vt_send(vt, F10);
	assert_shown(vt, "The inspection is signed");
	vt_send(vt, ESC);
	vt_send(vt, ESC);
}

/* ---- the supervisor ---- */

static void
settle(void)
{
	struct vt *vt = screens[AMINA];

	vt_enter(vt, "");
	vt_send(vt, F12);
	assert_shown(vt, "Answers that differ");
	vt_send(vt, DOWN);
	vt_send(vt, DOWN);
	vt_enter(vt, "");
	assert_shown(vt, "answers that differ, 1 of 1");
	assert_shown(vt, people[ZOE].name);
	assert_shown(vt, people[KOFFI].name);
	vt_send(vt, "1");
	vt_enter(vt, "");
	vt_enter(vt, "saw the register");
	assert_shown(vt, "The decision is saved");
}

static void
write_report(void)
{
	struct vt *vt = screens[AMINA];
	struct buf text = BUF_INIT;
	struct err err = { 0 };

	vt_send(vt, "w");
	vt_enter(vt, "2");
	vt_enter(vt, "2");
	vt_send(vt, CLEAR);
	vt_enter(vt, in_folder("report.html"));
	file_read(in_folder("report.html"), &text, &err);
	assert_no_err(&err);
	assert_non_null(strstr(text.data, "Poste électrique Nord"));
	assert_non_null(strstr(text.data, "saw the register"));
	assert_non_null(strstr(text.data, "Zoé Œuvré"));
	assert_non_null(strstr(text.data, "lang=\"fr\""));
	buf_release(&text);
}

static void
leave(enum who who)
{
	vt_hang_up(screens[who]);
	assert_int_equal(vt_wait_end(screens[who]), 0);
	vt_free(screens[who]);
}

static void
the_whole_round_is_played_in_the_terminal_alone(void **state)
{
	(void)state;
	for (int who = 0; who < PEOPLE; who++) {
		make_vault((enum who)who);
		write_card((enum who)who);
	}
	trust(AMINA, ZOE);
	trust(AMINA, KOFFI);
	trust(ZOE, AMINA);
	trust(KOFFI, AMINA);
	make_mission();
	exchange(AMINA, "a bundle for");
	for (int who = ZOE; who <= KOFFI; who++) {
		vt_send(screens[who], ESC);
		exchange((enum who)who, "from Amina Diallo");
		answer_all((enum who)who, who == ZOE ? "1" : "2");
	}
	a_wrong_height_stays_with_its_reason(screens[ZOE]);
	for (int who = ZOE; who <= KOFFI; who++) {
		sign((enum who)who);
		exchange((enum who)who, "a bundle for Amina");
	}
	exchange(AMINA, "from Koffi Adjovi");
	settle();
	write_report();
	for (int who = 0; who < PEOPLE; who++)
		leave((enum who)who);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_whole_round_is_played_in_the_terminal_alone),
	};
	struct err err = { 0 };
	int result;

	folder = test_folder();
	stick = xasprintf("%s/stick", folder);
	if (file_make_folders(stick, &err) < 0)
		return 1;
	result = RUN_TESTS(tests);
	free(stick);
	free(folder);
	return result;
}

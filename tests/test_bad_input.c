/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bad input as people meet it: the real program, in both languages.  What is
 * refused ends with 1, says where and what to do, and leaves the vaults' state
 * and every file beside them as they were.  doc/bad-input.md lists the cases
 * and the tests of the layers below.
 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "tests/bad_input.h"
#include "tests/command.h"
#include "tests/vt.h"

static const char list[] = "site list";

/* ---- the passphrase ---- */

static void
a_wrong_passphrase_opens_nothing(void **state)
{
	static const struct bad cases[] = {
		{ "site list --passphrase-file wrong",
		    "wrong passphrase for zoe.ronde-vault; try again",
		    "phrase secrète incorrecte pour zoe.ronde-vault ; "
		    "réessayez" },
		{ "site list --passphrase-file empty",
		    "empty: the first line, which should be the passphrase, "
		    "is empty",
		    "est vide" },
		{ "site list --passphrase-file long",
		    "long: the first line is longer than 1024 bytes",
		    "la première ligne dépasse 1024 octets" },
		{ "site list --passphrase-file none",
		    "cannot open none: No such file or directory; check the "
		    "name",
		    "ce fichier ou ce dossier n'existe pas ; vérifiez le nom" },
	};
	struct buf before, after;
	char *text = xcalloc(BAD_LONG + 1, 1);

	(void)state;
	bad_write_text("wrong", "open barley\n");
	bad_write_text("empty", "");
	memset(text, 'x', BAD_LONG);
	bad_write_text("long", text);
	bad_read_bytes("zoe.ronde-vault", &before);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		bad_says("zoe", &cases[i]);
	bad_read_bytes("zoe.ronde-vault", &after);
	assert_int_equal(before.len, after.len);
	assert_memory_equal(before.data, after.data, before.len);
	buf_release(&before);
	buf_release(&after);
	free(text);
}

/* ---- the vault's file ---- */

/* Refused with these words, and not one byte of it changed. */
static void
refuses_vault(
    const char *bytes, size_t len, const char *english, const char *french)
{
	const struct bad bad = { list, english, french };
	struct buf after;

	bad_write_bytes("hurt.ronde-vault", bytes, len);
	bad_says("hurt", &bad);
	bad_read_bytes("hurt.ronde-vault", &after);
	assert_int_equal(after.len, len);
	assert_memory_equal(after.data, bytes, len);
	buf_release(&after);
}

static void
a_vault_cut_short_says_where(void **state)
{
	static const struct {
		size_t len;
		const char *english, *french;
	} cases[] = {
		{ 0, "is not a vault of ronde; choose another file",
		    "n'est pas un coffre de ronde ; choisissez" },
		{ 100, "it ends at byte 100, inside its header; put a backup",
		    "il s'arrête à l'octet 100, dans son en-tête ; remettez" },
		{ 4096, "it ends at byte 4096, inside its header",
		    "à l'octet 4096, dans son en-tête" },
		{ 8192, "it ends at byte 8192, inside its first page",
		    "à l'octet 8192, dans sa première page" },
		{ 12289, "page 2, from byte 12288 on, is missing; put a backup",
		    "la page 2, à partir de l'octet 12288, manque" },
		{ 40960, "page 9, from byte 40960 on, is missing",
		    "la page 9, à partir de l'octet 40960, manque" },
	};
	struct buf whole;

	(void)state;
	bad_copy_vault("koffi", "hurt");
	bad_read_bytes("koffi.ronde-vault", &whole);
	assert_true(whole.len > 40960);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		refuses_vault(whole.data, cases[i].len, cases[i].english,
		    cases[i].french);
	refuses_vault(
	    whole.data, whole.len - 1, "is missing; put a backup", "manque");
	buf_release(&whole);
}

/* The same answers, or the page is named: never other answers. */
static bool
is_noticed_or_harmless(const struct buf *good)
{
	struct outcome outcome;
	bool noticed;

	command_run(&outcome, bad_folder, "hurt", "inspection show %s --json",
	    bad_visit);
	noticed = outcome.code == 1;
	if (noticed) {
		if (!strstr(outcome.err.data, "page ") ||
		    !strstr(outcome.err.data, "is damaged (byte "))
			fail_msg("no page is named: %s", outcome.err.data);
	} else {
		assert_int_equal(outcome.code, 0);
		assert_string_equal(outcome.out.data, good->data);
	}
	outcome_release(&outcome);
	return noticed;
}

static void
a_changed_byte_of_a_vault_names_its_page(void **state)
{
	struct outcome good;
	struct buf whole;
	size_t noticed = 0;

	(void)state;
	bad_copy_vault("koffi", "hurt");
	bad_read_bytes("koffi.ronde-vault", &whole);
	command_run(
	    &good, bad_folder, "koffi", "inspection show %s --json", bad_visit);
	/* Both copies of the header; one alone does no harm. */
	whole.data[100] ^= 1;
	bad_write_bytes("hurt.ronde-vault", whole.data, whole.len);
	assert_false(is_noticed_or_harmless(&good.out));
	whole.data[4196] ^= 1;
	refuses_vault(whole.data, whole.len,
	    "both copies of the header of hurt.ronde-vault are damaged",
	    "les deux copies de l'en-tête de hurt.ronde-vault sont abîmées");
	whole.data[100] ^= 1;
	whole.data[4196] ^= 1;
	for (size_t i = 8192; i < whole.len; i += 4096) {
		const size_t at = i + (i / 4096 * 97) % 4096;

		whole.data[at] ^= 1;
		bad_write_bytes("hurt.ronde-vault", whole.data, whole.len);
		noticed += is_noticed_or_harmless(&good.out);
		whole.data[at] ^= 1;
	}
	/* The first pages and those of the inspection are read. */
	assert_true(noticed > 5);
	buf_release(&whole);
	outcome_release(&good);
}

static void
a_second_ronde_is_told_who_has_the_vault(void **state)
{
	char home[512], vault[512], phrase[512], english[128], french[128];
	const char *const environment[] = { home, vault, phrase,
		"RONDE_LANG=en", "LC_ALL=C.UTF-8", NULL };
	const char *const argv[] = { test_build("ronde"), NULL };
	struct bad bad = { NULL, english, french };
	const char *const words[] = { list, "import mission.ronde",
		"export --to amina again.ronde", "site add --name Late" };
	struct vt *vt;

	(void)state;
	snprintf(home, sizeof(home), "HOME=%s", bad_folder);
	snprintf(
	    vault, sizeof(vault), "RONDE_VAULT=%s/zoe.ronde-vault", bad_folder);
	snprintf(phrase, sizeof(phrase), "RONDE_PASSPHRASE_FILE=%s/zoe.pass",
	    bad_folder);
	vt = vt_start(
	    &(struct vt_options){ .argv = argv, .environment = environment });
	snprintf(english, sizeof(english),
	    "zoe.ronde-vault is open in another ronde (process %d); close it",
	    (int)vt_pid(vt));
	snprintf(french, sizeof(french), "(processus %d) ; fermez-le d'abord",
	    (int)vt_pid(vt));
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct buf before = bad_snapshot(NULL);

		bad.words = words[i];
		bad_says("zoe", &bad);
		bad_assert_as_it_was(&before, NULL, words[i]);
	}
	vt_free(vt);
	bad_run("zoe", list);
}

/* ---- bundles ---- */

/* Refused by verify and by import, and nothing came of it. */
static void
refuses_bundle(
    const char *who, const char *file, const char *english, const char *french)
{
	static const char *const verbs[] = { "verify", "import --dry-run",
		"import" };

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		char *words = xasprintf("%s %s", verbs[i], file);
		const struct bad bad = { words, english, french };

		bad_refuses(who, &bad);
		free(words);
	}
}

static void
a_bundle_cut_short_or_changed_asks_for_another_copy(void **state)
{
	struct buf whole;

	(void)state;
	bad_read_bytes("zoe.ronde", &whole);
	bad_write_bytes("bad.ronde", whole.data, 0);
	refuses_bundle("amina", "bad.ronde",
	    "bad.ronde is not a bundle: it is no file that age encrypted; "
	    "copy it again",
	    "n'a pas été chiffré par age ; copiez-le de nouveau");
	bad_write_bytes("bad.ronde", whole.data, 60);
	refuses_bundle("amina", "bad.ronde",
	    "bad.ronde: not an age file as it "
	    "should be: line 2",
	    "conforme : ligne 2");
	bad_write_bytes("bad.ronde", whole.data, whole.len - 100);
	refuses_bundle("amina", "bad.ronde",
	    "bad.ronde: the age file was altered, or is cut short; copy it "
	    "again, or ask the sender",
	    "bad.ronde : le fichier age a été modifié, ou il est tronqué ; "
	    "copiez-le de nouveau, ou redemandez-le");
	whole.data[whole.len / 2] ^= 1;
	bad_write_bytes("bad.ronde", whole.data, whole.len);
	refuses_bundle("amina", "bad.ronde",
	    "bad.ronde: the age file was altered", "ou redemandez-le");
	buf_release(&whole);
}

static void
a_bundle_of_someone_unknown_or_for_others_says_so(void **state)
{
	(void)state;
	bad_run("paul", "site add --name Secret");
	bad_run("paul", "export --to amina.card paul.ronde");
	refuses_bundle("amina", "paul.ronde",
	    "which nobody here trusts: ask the sender for the card",
	    "à laquelle personne ici ne se fie : demandez sa carte");
	bad_run("zoe", "export --to koffi.card other.ronde");
	refuses_bundle("amina", "other.ronde",
	    "other.ronde is not for this device: ask the sender",
	    "n'est pas pour cet appareil : demandez à l'expéditeur");
	refuses_bundle("amina", "none.ronde",
	    "cannot open none.ronde: No such file or directory; check the name",
	    "impossible d'ouvrir none.ronde : ce fichier ou ce dossier "
	    "n'existe pas");
	refuses_bundle("amina", ".", "is not a file; name a bundle",
	    "n'est pas un fichier ; indiquez un paquet");
	refuses_bundle("amina", "zoe.card", "zoe.card is not a bundle",
	    "zoe.card n'est pas un paquet");
}

static void
a_bundle_of_a_revoked_key_is_refused(void **state)
{
	(void)state;
	bad_copy_vault("early", "strict");
	bad_run("strict", "trust revoke zoe --after 0 --reason stolen");
	refuses_bundle("strict", "zoe.ronde",
	    "which was revoked after its statement 0; this is statement 1",
	    "révoqué après sa déclaration 0 ; ceci est la déclaration 1");
}

/* What the terminal and `show` say of it is in `text`. */
static void
shows(const char *who, const char *text)
{
	struct outcome outcome;

	command_run(&outcome, bad_folder, who, "inspection show %s", bad_visit);
	assert_int_equal(outcome.code, 0);
	if (!strstr(outcome.out.data, text))
		fail_msg("\"%s\" is not in: %s", text, outcome.out.data);
	outcome_release(&outcome);
}

static void
imports(const char *who, const char *file, const char *lang, const char *text)
{
	struct outcome outcome;

	setenv("RONDE_LANG", lang, 1);
	command_run(&outcome, bad_folder, who, "import %s", file);
	setenv("RONDE_LANG", "en", 1);
	assert_int_equal(outcome.code, 0);
	if (!strstr(outcome.out.data, text))
		fail_msg("\"%s\" is not in: %s", text, outcome.out.data);
	outcome_release(&outcome);
}

/* A vault that was copied and used twice writes two events of one number. */
static void
a_fork_is_disputed_and_said(void **state)
{
	(void)state;
	bad_copy_vault("koffi", "twin");
	bad_copy_vault("early", "judge");
	bad_set_answer("koffi", "a0/operator left");
	bad_set_answer("twin", "a0/operator right");
	bad_run("koffi", "export --to amina left.ronde");
	bad_run("twin", "export --to amina right.ronde");
	bad_run("judge", "import left.ronde");
	shows("judge", "left");
	imports("judge", "right.ronde", "fr", "1 chaîne est contestée");
	imports("judge", "right.ronde", "en",
	    "1 chain is disputed; ronde inspection show says why");
	shows("judge", "2 are disputed");
}

static void
what_follows_a_gap_waits_until_it_is_filled(void **state)
{
	(void)state;
	bad_copy_vault("early", "late");
	bad_copy_vault("early", "prompt");
	bad_copy_vault("zoe", "walker");
	bad_run("walker", "export --to amina first.ronde");
	bad_run("prompt", "import first.ronde");
	bad_run("prompt", "export --to zoe receipt.ronde");
	bad_run("walker", "import receipt.ronde");
	bad_set_answer("walker", "a0/operator second");
	bad_run("walker", "export --to amina second.ronde");
	imports("late", "second.ronde", "fr",
	    "1 chaîne attend ce qui manque ; demandez les paquets d'avant");
	imports("late", "second.ronde", "en",
	    "1 chain waits for what is missing; ask for the bundles before it");
	shows("late", "0 of 88");
	bad_run("late", "import first.ronde");
	shows("late", "second");
}

/* ---- checklists ---- */

static const struct {
	const char *survey, *choices;
	const char *english, *french;
} forms[] = {
	{ "type,name,label\ncolour,c,C\n", NULL,
	    "survey, row 2, type: the type \"colour\" is not known",
	    "survey, ligne 2, type : le type « colour » n'est pas connu" },
	{ "type,name,label,relevant\ntext,a,A,${no} = 1\n", NULL,
	    "survey, row 2, relevant: column 1: there is no item ${no}",
	    "ligne 2, relevant : colonne 1 : il n'y a pas d'élément ${no}" },
	{ "type,name,label,relevant\ntext,a,A,${b} = 1\n"
	  "text,b,B,${a} = 1\n",
	    NULL, "survey, row 2, relevant: these items depend on each other",
	    "ces éléments dépendent les uns des autres en cercle : a" },
	{ "type,name,label,constraint\ntext,a,A,1 + ) 2\n", NULL,
	    "survey, row 2, constraint: column 5: expected a value",
	    "ligne 2, constraint : colonne 5 : attendu : une valeur" },
	{ "type,name,label\ntext,a,A\ntext,a,B\n", NULL,
	    "survey, row 3, name: the name \"a\" is there twice",
	    "survey, ligne 3, name : le nom « a » figure deux fois" },
	{ "type,name,label\nselect_one yn,a,A\n", NULL,
	    "survey, row 2, type: there is no list of choices \"yn\"",
	    "il n'y a pas de liste de choix « yn »" },
	{ NULL, "list_name,name,label\nyn,y,Y\n",
	    "there is no sheet called survey with rows in it (sheets: choices)",
	    "aucune feuille nommée survey ne contient de lignes" },
	{ "type,name,label\ntext,a,\x81\x8d\n", NULL,
	    "form: survey, line 2, byte 8: byte 81 is not UTF-8; save it",
	    "l'octet 81 n'est pas de l'UTF-8 ; enregistrez-le" },
	{ "type,name,label\ntext,a,\"A\n", NULL,
	    "survey.csv: row 2: a quotation mark is opened and never closed",
	    "ligne 2 : un guillemet est ouvert et jamais fermé" },
	{ "type,name,label\ninclude,r,R\n", NULL,
	    "included forms are not supported by this version of ronde",
	    "ne prend pas encore en charge : les formulaires inclus" },
};

static void
a_checklist_with_a_mistake_names_the_cell(void **state)
{
	struct err err = { 0 };
	char *path = bad_in_folder("form");

	(void)state;
	file_make_folders(path, &err);
	assert_no_err(&err);
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		const struct bad check = { "checklist check form",
			forms[i].english, forms[i].french };
		const struct bad import = { "checklist import form",
			forms[i].english, forms[i].french };

		bad_write_sheet("form/survey.csv", forms[i].survey);
		bad_write_sheet("form/choices.csv", forms[i].choices);
		bad_refuses("amina", &check);
		bad_refuses("amina", &import);
	}
	bad_write_sheet("form/survey.csv", forms[0].survey);
	bad_refuses("amina",
	    &(struct bad){ "checklist import form",
		"correct these places in the checklist and try again",
		"corrigez ces endroits de la liste de contrôle" });
	bad_refuses("amina",
	    &(struct bad){ "checklist check none.xlsx",
		"ronde: cannot open none.xlsx: No such file", "none.xlsx" });
	free(path);
}

static void
a_checklist_in_windows_1252_is_read_and_said_so(void **state)
{
	struct outcome outcome;
	struct err err = { 0 };
	char *path = bad_in_folder("old");

	(void)state;
	file_make_folders(path, &err);
	assert_no_err(&err);
	bad_write_text(
	    "old/survey.csv", "type,name,label\ntext,a,Caf\xe9 \x80\n");
	bad_write_text("old/settings.csv", "form_title\nVieux caf\xe9\n");
	bad_copy_vault("amina", "old");
	command_run(&outcome, bad_folder, "old", "checklist import old");
	assert_int_equal(outcome.code, 0);
	assert_non_null(strstr(outcome.err.data,
	    "ronde: old: warning: survey: not UTF-8, so it was read as "
	    "Windows-1252; look at the accents"));
	outcome_release(&outcome);
	command_run(&outcome, bad_folder, "old", "checklist list");
	assert_non_null(strstr(outcome.out.data, "Vieux café"));
	outcome_release(&outcome);
	free(path);
}

/* ---- names and texts ---- */

#define ESC "\x1b[31m"

static const struct bad names[] = {
	{ "site add --name 'a" ESC "b'",
	    "the site's name, line 1, byte 2: control character U+001B; take "
	    "it away",
	    "le nom du site, ligne 1, octet 2 : caractère de commande U+001B ; "
	    "supprimez-le" },
	{ "site add --name 'a\nb'", "control character U+000A", "U+000A" },
	/* Would turn the direction of all that follows. */
	{ "site add --name 'a\u202e"
	  "b'",
	    "U+202E", "U+202E" },
	{ "site add --name 'a\xff'", "byte 2: byte FF is not UTF-8",
	    "octet 2 : l'octet FF n'est pas de l'UTF-8" },
	{ "site add --name '  '", "a site needs a name",
	    "un site doit avoir un nom" },
	{ "site add --name X --sector 'a" ESC "'", "the sector, line 1, byte 2",
	    "le secteur, ligne 1, octet 2" },
	{ "site add --name X --organisation 'a" ESC "'", "the organisation",
	    "l'organisme" },
	{ "site rename Poste 'a" ESC "'", "the site's name, line 1, byte 2",
	    "le nom du site" },
	{ "init --name 'a" ESC "' --organisation X --role inspector"
	  " --vault new.ronde-vault",
	    "the name, line 1, byte 2", "le nom, ligne 1, octet 2" },
	{ "init --name X --organisation 'a\xff' --role inspector"
	  " --vault new.ronde-vault",
	    "the organisation, line 1, byte 2", "l'organisme, ligne 1" },
	{ "inspection set VISIT a0/operator x --note 'a" ESC "'",
	    "a0/operator: the note, line 1, byte 2: control character",
	    "a0/operator : la note, ligne 1, octet 2 : caractère" },
	{ "inspection set VISIT a0/operator x --note 'a\xff'",
	    "a0/operator: the note, line 1, byte 2: byte FF is not UTF-8",
	    "l'octet FF" },
	{ "inspection set VISIT a0/operator x --reason 'a" ESC "'",
	    "a0/operator: the reason", "a0/operator : le motif" },
	{ "inspection set VISIT a0/operator 'a" ESC "'",
	    "a0/operator: the answer, line 1, byte 2: control character",
	    "a0/operator : la réponse" },
	{ "inspection set VISIT a0/operator x --evidence 'a" ESC ".jpg'",
	    "a0/operator: the file's name, line 1, byte 2",
	    "a0/operator : le nom du fichier, ligne 1" },
	{ "inspection set VISIT a0/visit_date 2026-02-30",
	    "\"2026-02-30\" is not a date", "n'est pas une date" },
	{ "inspection set VISIT a0/sector nonsense",
	    "is none of the 9 choices; type a number",
	    "n'est aucun des 9 choix ; tapez un numéro" },
};

static void
names_that_cannot_be_shown_are_refused_with_their_place(void **state)
{
	(void)state;
	bad_write_text("a" ESC ".jpg", "a photo");
	bad_refuses_all("zoe", names, ARRAY_LEN(names));
}

static void
ten_thousand_characters_are_too_long_and_said_so(void **state)
{
	static const struct bad cases[] = {
		{ "site add --name LONG",
		    "the site's name: 10001 bytes long, at most 1000 are "
		    "taken; shorten it",
		    "le maximum est de 1000 ; raccourcissez" },
		{ "init --name LONG --organisation X --role inspector"
		  " --vault new.ronde-vault",
		    "the name: 10001 bytes long", "raccourcissez" },
		{ "inspection set VISIT a0/operator x --note LONG",
		    "the note has more than 10000 characters; shorten it",
		    "la note : plus de 10000 caractères ; raccourcissez" },
		{ "inspection set VISIT a0/operator LONG",
		    "the answer has more than 10000 characters; shorten it",
		    "la réponse : plus de 10000 caractères" },
		{ "inspection set VISIT a0/operator x --evidence LONG",
		    "the file's name: 10001 bytes long", "raccourcissez" },
		{ "site list --vault LONG",
		    "the vault's path is 10001 bytes long",
		    "choisissez-en un plus court" },
	};

	(void)state;
	bad_refuses_all("zoe", cases, ARRAY_LEN(cases));
}

static int
count_of(const char *text, const char *word)
{
	int count = 0;

	while ((text = strstr(text, word))) {
		text += strlen(word);
		count++;
	}
	return count;
}

static void
names_in_every_script_come_out_as_they_went_in(void **state)
{
	static const char *const good[] = { "缅北禁地", "مستشفى الشفاء",
		"e\xcc\x81glise", "Œuvre" };

	(void)state;
	bad_copy_vault("koffi", "scripts");
	bad_copy_vault("early", "reader");
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		char *photo = xasprintf("%s.jpg", good[i]);
		char *answer =
		    xasprintf("a0/operator '%s' --note '%s' --evidence '%s'",
			good[i], good[i], photo);
		struct outcome outcome;

		bad_write_text(photo, good[i]);
		bad_set_answer("scripts", answer);
		command_run(&outcome, bad_folder, "scripts",
		    "export --full --to amina scripts.ronde");
		assert_int_equal(outcome.code, 0);
		outcome_release(&outcome);
		bad_run("reader", "import scripts.ronde");
		command_run(&outcome, bad_folder, "reader",
		    "inspection show %s --json", bad_visit);
		/* As value, as note and as the name of the evidence. */
		assert_true(count_of(outcome.out.data, good[i]) >= 3);
		assert_non_null(strstr(outcome.out.data, photo));
		outcome_release(&outcome);
		free(photo);
		free(answer);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_wrong_passphrase_opens_nothing),
		TEST(a_vault_cut_short_says_where),
		TEST(a_changed_byte_of_a_vault_names_its_page),
		TEST(a_second_ronde_is_told_who_has_the_vault),
		TEST(a_bundle_cut_short_or_changed_asks_for_another_copy),
		TEST(a_bundle_of_someone_unknown_or_for_others_says_so),
		TEST(a_bundle_of_a_revoked_key_is_refused),
		TEST(a_fork_is_disputed_and_said),
		TEST(what_follows_a_gap_waits_until_it_is_filled),
		TEST(a_checklist_with_a_mistake_names_the_cell),
		TEST(a_checklist_in_windows_1252_is_read_and_said_so),
		TEST(names_that_cannot_be_shown_are_refused_with_their_place),
		TEST(ten_thousand_characters_are_too_long_and_said_so),
		TEST(names_in_every_script_come_out_as_they_went_in),
	};

	bad_make_mission();
	return RUN_TESTS(tests);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bad input as people meet it: the real program, in both languages.  What is
 * refused ends with 1, says where and what to do, and leaves the vaults' state
 * and every file beside them as they were.  doc/bad-input.md lists the cases
 * and the tests of the layers below.
 */
#include "tests/support.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "tests/command.h"
#include "tests/vt.h"

#define CHECKLIST "checklists/critical-infrastructure.xlsx"

enum { NOBODY = 65534, LONG = 10000 };

static char *folder;
static char visit[64]; /* the inspection that Amina, Zoe and Koffi share */

/* ---- what must stay as it was ---- */

static char *
in_folder(const char *name)
{
	return file_join(folder, name);
}

static void
write_bytes(const char *name, const void *bytes, size_t len)
{
	struct err err = { 0 };
	char *path = in_folder(name);

	file_write(path, bytes, len, 0600, &err);
	assert_no_err(&err);
	free(path);
}

static void
write_text(const char *name, const char *text)
{
	write_bytes(name, text, strlen(text));
}

static void
read_bytes(const char *name, struct buf *to)
{
	struct err err = { 0 };
	char *path = in_folder(name);

	buf_init(to, BUF_MAX_BYTES);
	file_read(path, to, &err);
	assert_no_err(&err);
	free(path);
}

/* What is refused goes to the quarantine; that is no change. */
static bool
is_compared(const char *name)
{
	return strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
	    !strstr(name, "-wal") && !strstr(name, ".quarantine");
}

/* An opened vault writes its header anew; its state is compared instead. */
static bool
has_plain_bytes(const char *name, const char *path)
{
	struct stat info;

	return !strstr(name, ".ronde-vault") && stat(path, &info) == 0 &&
	    S_ISREG(info.st_mode);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in `where` that are compared; the caller's to free. */
static size_t
list_names(const char *where, char **names, size_t room)
{
	size_t count = 0;
	const struct dirent *entry;
	DIR *dir = opendir(where);

	while (dir && (entry = readdir(dir)))
		if (is_compared(entry->d_name)) {
			assert_true(count < room);
			names[count++] = xstrdup(entry->d_name);
		}
	if (dir)
		closedir(dir);
	qsort(names, count, sizeof(names[0]), by_name);
	return count;
}

/* Every other file in `where` with its bytes, as one text. */
static void
add_files(struct buf *to, const char *where)
{
	char *names[256];
	const size_t count = list_names(where, names, ARRAY_LEN(names));

	for (size_t i = 0; i < count; i++) {
		char *path = file_join(where, names[i]);
		struct err err = { 0 };

		buf_addf(to, "%s\n", names[i]);
		if (has_plain_bytes(names[i], path))
			file_read(path, to, &err);
		assert_no_err(&err);
		free(path);
		free(names[i]);
	}
}

static void
add_state(struct buf *to, const char *who)
{
	static const char *const words[] = { "site list", "checklist list",
		"trust list", "inspection list" };
	struct outcome outcome;

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		command_run(&outcome, folder, who, "%s --json", words[i]);
		assert_int_equal(outcome.code, 0);
		buf_add(to, outcome.out.data, outcome.out.len);
		outcome_release(&outcome);
	}
	command_run(&outcome, folder, who, "inspection show %s --json", visit);
	assert_int_equal(outcome.code, 0);
	buf_add(to, outcome.out.data, outcome.out.len);
	outcome_release(&outcome);
}

/* NULL for `who`: only the files. */
static struct buf
snapshot(const char *who)
{
	struct buf all;
	char *disk;

	buf_init(&all, BUF_MAX_BYTES);
	if (who)
		add_state(&all, who);
	add_files(&all, folder);
	disk = in_folder("disk");
	add_files(&all, disk);
	free(disk);
	return all;
}

static void
assert_as_it_was(struct buf *before, const char *who, const char *words)
{
	struct buf after = snapshot(who);

	if (after.len != before->len ||
	    memcmp(after.data, before->data, after.len) != 0)
		fail_msg("%s changed something", words);
	buf_release(before);
	buf_release(&after);
}

/* ---- what is said ---- */

struct bad {
	const char *words, *english, *french;
};

static void
says(const char *who, const struct bad *bad)
{
	setenv("RONDE_LANG", "fr", 1);
	command_says(folder, who, 1, bad->french, "%s", bad->words);
	setenv("RONDE_LANG", "en", 1);
	command_says(folder, who, 1, bad->english, "%s", bad->words);
}

static void
refuses(const char *who, const struct bad *bad)
{
	struct buf before = snapshot(who);

	says(who, bad);
	assert_as_it_was(&before, who, bad->words);
}

/* ---- three people on one mission ---- */

static void
copy(const char *from, const char *to)
{
	struct buf bytes;

	read_bytes(from, &bytes);
	write_bytes(to, bytes.data, bytes.len);
	buf_release(&bytes);
}

static void
copy_vault(const char *from, const char *to)
{
	char *names[] = { xasprintf("%s.ronde-vault", from),
		xasprintf("%s.ronde-vault", to), xasprintf("%s.pass", from),
		xasprintf("%s.pass", to) };

	copy(names[0], names[1]);
	copy(names[2], names[3]);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		free(names[i]);
}

static void
run(const char *who, const char *words)
{
	free(command_expect(folder, who, 0, "%s", words));
}

static void
make_mission(void)
{
	char *id;

	command_make_vault(folder, "amina", "authority");
	command_make_vault(folder, "zoe", "inspector");
	command_make_vault(folder, "koffi", "inspector");
	command_make_vault(folder, "paul", "inspector");
	run("amina", "trust add zoe.card");
	run("amina", "trust add koffi.card");
	run("zoe", "trust add amina.card");
	run("koffi", "trust add amina.card");
	run("amina", "site add --name 'Poste Kribi'");
	free(command_expect(
	    folder, "amina", 0, "checklist import %s", test_build(CHECKLIST)));
	id = command_expect(folder, "amina", 0,
	    "mission new --site Poste --checklist Infra --to zoe koffi");
	snprintf(visit, sizeof(visit), "%s", id);
	free(id);
	run("amina", "export --to zoe --to koffi mission.ronde");
	run("zoe", "import mission.ronde");
	run("koffi", "import mission.ronde");
	copy_vault("amina", "early");
	free(command_expect(
	    folder, "zoe", 0, "inspection set %s a0/operator one", visit));
	run("zoe", "export --to amina zoe.ronde");
}

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
	char *text = xcalloc(LONG + 1, 1);

	(void)state;
	write_text("wrong", "open barley\n");
	write_text("empty", "");
	memset(text, 'x', LONG);
	write_text("long", text);
	read_bytes("zoe.ronde-vault", &before);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		says("zoe", &cases[i]);
	read_bytes("zoe.ronde-vault", &after);
	assert_int_equal(before.len, after.len);
	assert_memory_equal(before.data, after.data, before.len);
	buf_release(&before);
	buf_release(&after);
	free(text);
}

/* ---- the vault's file ---- */

static const char list[] = "site list";

/* Refused with these words, and not one byte of it changed. */
static void
refuses_vault(
    const char *bytes, size_t len, const char *english, const char *french)
{
	const struct bad bad = { list, english, french };
	struct buf after;

	write_bytes("hurt.ronde-vault", bytes, len);
	says("hurt", &bad);
	read_bytes("hurt.ronde-vault", &after);
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
	copy_vault("koffi", "hurt");
	read_bytes("koffi.ronde-vault", &whole);
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

	command_run(
	    &outcome, folder, "hurt", "inspection show %s --json", visit);
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
	copy_vault("koffi", "hurt");
	read_bytes("koffi.ronde-vault", &whole);
	command_run(&good, folder, "koffi", "inspection show %s --json", visit);
	/* Both copies of the header; one alone does no harm. */
	whole.data[100] ^= 1;
	write_bytes("hurt.ronde-vault", whole.data, whole.len);
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
		write_bytes("hurt.ronde-vault", whole.data, whole.len);
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
	snprintf(home, sizeof(home), "HOME=%s", folder);
	snprintf(
	    vault, sizeof(vault), "RONDE_VAULT=%s/zoe.ronde-vault", folder);
	snprintf(phrase, sizeof(phrase), "RONDE_PASSPHRASE_FILE=%s/zoe.pass",
	    folder);
	vt = vt_start(
	    &(struct vt_options){ .argv = argv, .environment = environment });
	snprintf(english, sizeof(english),
	    "zoe.ronde-vault is open in another ronde (process %d); close it",
	    (int)vt_pid(vt));
	snprintf(french, sizeof(french), "(processus %d) ; fermez-le d'abord",
	    (int)vt_pid(vt));
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct buf before = snapshot(NULL);

		bad.words = words[i];
		says("zoe", &bad);
		assert_as_it_was(&before, NULL, words[i]);
	}
	vt_free(vt);
	run("zoe", list);
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

		refuses(who, &bad);
		free(words);
	}
}

static void
a_bundle_cut_short_or_changed_asks_for_another_copy(void **state)
{
	struct buf whole;

	(void)state;
	read_bytes("zoe.ronde", &whole);
	write_bytes("bad.ronde", whole.data, 0);
	refuses_bundle("amina", "bad.ronde",
	    "bad.ronde is not a bundle: it is no file that age encrypted; "
	    "copy it again",
	    "n'a pas été chiffré par age ; copiez-le de nouveau");
	write_bytes("bad.ronde", whole.data, 60);
	refuses_bundle("amina", "bad.ronde",
	    "bad.ronde: not an age file as it "
	    "should be: line 2",
	    "conforme : ligne 2");
	write_bytes("bad.ronde", whole.data, whole.len - 100);
	refuses_bundle("amina", "bad.ronde",
	    "bad.ronde: the age file was altered, or is cut short; copy it "
	    "again, or ask the sender",
	    "bad.ronde : le fichier age a été modifié, ou il est tronqué ; "
	    "copiez-le de nouveau, ou redemandez-le");
	whole.data[whole.len / 2] ^= 1;
	write_bytes("bad.ronde", whole.data, whole.len);
	refuses_bundle("amina", "bad.ronde",
	    "bad.ronde: the age file was altered", "ou redemandez-le");
	buf_release(&whole);
}

static void
a_bundle_of_someone_unknown_or_for_others_says_so(void **state)
{
	(void)state;
	run("paul", "site add --name Secret");
	run("paul", "export --to amina.card paul.ronde");
	refuses_bundle("amina", "paul.ronde",
	    "which nobody here trusts: ask the sender for the card",
	    "à laquelle personne ici ne se fie : demandez sa carte");
	run("zoe", "export --to koffi.card other.ronde");
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
	copy_vault("early", "strict");
	run("strict", "trust revoke zoe --after 0 --reason stolen");
	refuses_bundle("strict", "zoe.ronde",
	    "which was revoked after its statement 0; this is statement 1",
	    "révoqué après sa déclaration 0 ; ceci est la déclaration 1");
}

/* What the terminal and `show` say of it is in `text`. */
static void
shows(const char *who, const char *text)
{
	struct outcome outcome;

	command_run(&outcome, folder, who, "inspection show %s", visit);
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
	command_run(&outcome, folder, who, "import %s", file);
	setenv("RONDE_LANG", "en", 1);
	assert_int_equal(outcome.code, 0);
	if (!strstr(outcome.out.data, text))
		fail_msg("\"%s\" is not in: %s", text, outcome.out.data);
	outcome_release(&outcome);
}

static void
set_answer(const char *who, const char *path_and_value)
{
	free(command_expect(
	    folder, who, 0, "inspection set %s %s", visit, path_and_value));
}

/* A vault that was copied and used twice writes two events of one number. */
static void
a_fork_is_disputed_and_said(void **state)
{
	(void)state;
	copy_vault("koffi", "twin");
	copy_vault("early", "judge");
	set_answer("koffi", "a0/operator left");
	set_answer("twin", "a0/operator right");
	run("koffi", "export --to amina left.ronde");
	run("twin", "export --to amina right.ronde");
	run("judge", "import left.ronde");
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
	copy_vault("early", "late");
	copy_vault("early", "prompt");
	copy_vault("zoe", "walker");
	run("walker", "export --to amina first.ronde");
	run("prompt", "import first.ronde");
	run("prompt", "export --to zoe receipt.ronde");
	run("walker", "import receipt.ronde");
	set_answer("walker", "a0/operator second");
	run("walker", "export --to amina second.ronde");
	imports("late", "second.ronde", "fr",
	    "1 chaîne attend ce qui manque ; demandez les paquets d'avant");
	imports("late", "second.ronde", "en",
	    "1 chain waits for what is missing; ask for the bundles before it");
	shows("late", "0 of 88");
	run("late", "import first.ronde");
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
	{ "type,name,label\nbegin repeat,r,R\ntext,a,A\nend repeat,,\n", NULL,
	    "repeats are not supported by this version of ronde",
	    "ne prend pas encore en charge : les répétitions" },
};

static void
write_sheet(const char *name, const char *text)
{
	char *path = in_folder(name);

	if (text)
		write_text(name, text);
	else
		unlink(path);
	free(path);
}

static void
a_checklist_with_a_mistake_names_the_cell(void **state)
{
	struct err err = { 0 };
	char *path = in_folder("form");

	(void)state;
	file_make_folders(path, &err);
	assert_no_err(&err);
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		const struct bad check = { "checklist check form",
			forms[i].english, forms[i].french };
		const struct bad import = { "checklist import form",
			forms[i].english, forms[i].french };

		write_sheet("form/survey.csv", forms[i].survey);
		write_sheet("form/choices.csv", forms[i].choices);
		refuses("amina", &check);
		refuses("amina", &import);
	}
	write_sheet("form/survey.csv", forms[0].survey);
	refuses("amina",
	    &(struct bad){ "checklist import form",
		"correct these places in the checklist and try again",
		"corrigez ces endroits de la liste de contrôle" });
	refuses("amina",
	    &(struct bad){ "checklist check none.xlsx",
		"ronde: cannot open none.xlsx: No such file", "none.xlsx" });
	free(path);
}

static void
a_checklist_in_windows_1252_is_read_and_said_so(void **state)
{
	struct outcome outcome;
	struct err err = { 0 };
	char *path = in_folder("old");

	(void)state;
	file_make_folders(path, &err);
	assert_no_err(&err);
	write_text("old/survey.csv", "type,name,label\ntext,a,Caf\xe9 \x80\n");
	write_text("old/settings.csv", "form_title\nVieux caf\xe9\n");
	copy_vault("amina", "old");
	command_run(&outcome, folder, "old", "checklist import old");
	assert_int_equal(outcome.code, 0);
	assert_non_null(strstr(outcome.err.data,
	    "ronde: warning: survey: not UTF-8, so it was read as "
	    "Windows-1252; look at the accents"));
	outcome_release(&outcome);
	command_run(&outcome, folder, "old", "checklist list");
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

/* The words with VISIT and LONG written out; the caller's to free. */
static char *
write_out(const char *words)
{
	struct buf out = BUF_INIT;

	while (*words) {
		if (strncmp(words, "VISIT", 5) == 0) {
			buf_add_text(&out, visit);
			words += 5;
		} else if (strncmp(words, "LONG", 4) == 0) {
			for (int i = 0; i < LONG + 1; i++)
				buf_add(&out, "x", 1);
			words += 4;
		} else {
			buf_add(&out, words++, 1);
		}
	}
	return buf_detach(&out);
}

static void
refuses_all(const char *who, const struct bad *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *words = write_out(cases[i].words);

		refuses(who,
		    &(struct bad){ words, cases[i].english, cases[i].french });
		free(words);
	}
}

static void
names_that_cannot_be_shown_are_refused_with_their_place(void **state)
{
	(void)state;
	write_text("a" ESC ".jpg", "a photo");
	refuses_all("zoe", names, ARRAY_LEN(names));
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
	refuses_all("zoe", cases, ARRAY_LEN(cases));
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
	copy_vault("koffi", "scripts");
	copy_vault("early", "reader");
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		char *photo = xasprintf("%s.jpg", good[i]);
		char *answer =
		    xasprintf("a0/operator '%s' --note '%s' --evidence '%s'",
			good[i], good[i], photo);
		struct outcome outcome;

		write_text(photo, good[i]);
		set_answer("scripts", answer);
		command_run(&outcome, folder, "scripts",
		    "export --full --to amina scripts.ronde");
		assert_int_equal(outcome.code, 0);
		outcome_release(&outcome);
		run("reader", "import scripts.ronde");
		command_run(&outcome, folder, "reader",
		    "inspection show %s --json", visit);
		/* As value, as note and as the name of the evidence. */
		assert_true(count_of(outcome.out.data, good[i]) >= 3);
		assert_non_null(strstr(outcome.out.data, photo));
		outcome_release(&outcome);
		free(photo);
		free(answer);
	}
}

/* ---- disks and folders ---- */

static bool
put_line(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY);
	const ssize_t put = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		close(fd);
	return put > 0;
}

/* A small disk of our own at `path`; false where the system allows none. */
static bool
mount_disk(const char *path)
{
	const uid_t uid = geteuid();
	char map[64];

	if (mkdir(path, 0700) < 0)
		return false;
	if (unshare(CLONE_NEWNS | (uid ? CLONE_NEWUSER : 0)) < 0)
		return false;
	snprintf(map, sizeof(map), "0 %d 1", (int)uid);
	if (uid && !put_line("/proc/self/uid_map", map))
		return false;
	return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	    mount("tmpfs", path, "tmpfs", 0, "size=600k") == 0;
}

static void
fill_disk(const char *path)
{
	static const char zeros[4096];
	char *name = file_join(path, "filler");
	const int fd = open(name, O_WRONLY | O_CREAT, 0600);

	assert_true(fd >= 0);
	while (write(fd, zeros, sizeof(zeros)) > 0)
		;
	close(fd);
	free(name);
}

static const struct bad on_full_disk[] = {
	{ "init --name X --organisation Y --role inspector"
	  " --vault disk/new.ronde-vault",
	    "cannot make the vault disk/new.ronde-vault",
	    "il n'y a plus de place sur le disque ; libérez de la place" },
	{ "inspection set VISIT a0/operator full",
	    "a0/operator: the disk is full: nothing was changed; free some",
	    "a0/operator : le disque est plein : rien n'a été modifié ; "
	    "libérez" },
	{ "inspection set VISIT a0/operator full --evidence photo",
	    "the disk is full: nothing was changed", "le disque est plein" },
	{ "site add --name Full", "the disk is full: nothing was changed",
	    "le disque est plein" },
	{ "checklist import form", "the disk is full: nothing was changed",
	    "le disque est plein" },
	{ "import second-mission.ronde",
	    "No space left on device; free some space and try again",
	    "il n'y a plus de place sur le disque ; libérez de la place" },
	{ "export --to amina disk/out.ronde",
	    "cannot write disk/out.ronde: cannot write a temporary file: No "
	    "space left on device; free some space",
	    "impossible d'écrire disk/out.ronde" },
};

static const struct bad to_full_disk[] = {
	{ "export --to amina disk/out.ronde",
	    "cannot write disk/out.ronde: No space left on device; free some",
	    "impossible d'écrire disk/out.ronde : il n'y a plus de place" },
	{ "report VISIT --format html --lang fr --output disk/out.html",
	    "cannot write disk/out.html: No space left on device; free some",
	    "impossible d'écrire disk/out.html : il n'y a plus de place" },
};

static const struct bad on_read_only_disk[] = {
	{ list, "Read-only file system; choose a place that can be written",
	    "le disque est en lecture seule ; choisissez" },
	{ "init --name X --organisation Y --role inspector"
	  " --vault disk/new.ronde-vault",
	    "cannot make the vault disk/new.ronde-vault: Read-only file "
	    "system; choose",
	    "le disque est en lecture seule ; choisissez" },
};

static const struct bad to_read_only_disk[] = {
	{ "export --to amina disk/out.ronde",
	    "disk/out.ronde: Read-only file system; choose a place",
	    "disk/out.ronde : le disque est en lecture seule" },
	{ "report VISIT --format text --lang fr --output disk/out.text",
	    "disk/out.text: Read-only file system; choose a place",
	    "disk/out.text : le disque est en lecture seule" },
};

static void
a_full_or_read_only_disk_changes_nothing(void **state)
{
	char *disk = in_folder("disk");

	(void)state;
	write_sheet("form/survey.csv", "type,name,label\ntext,a,A\n");
	write_text("photo", "a photo");
	run("amina", "site add --name Second");
	run("amina", "export --full --to zoe --to koffi second-mission.ronde");
	if (!mount_disk(disk)) {
		print_message("skipped: needs a disk of its own (tmpfs)\n");
		free(disk);
		skip();
	}
	copy_vault("koffi", "disk/koffi");
	fill_disk(disk);
	refuses_all("disk/koffi", on_full_disk, ARRAY_LEN(on_full_disk));
	refuses_all("koffi", to_full_disk, ARRAY_LEN(to_full_disk));
	assert_int_equal(
	    mount("none", disk, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(on_read_only_disk); i++)
		says("disk/koffi", &on_read_only_disk[i]);
	refuses_all("koffi", to_read_only_disk, ARRAY_LEN(to_read_only_disk));
	assert_int_equal(umount(disk), 0);
	free(disk);
}

static void
write_to_full(void)
{
	dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO);
}

static void
a_list_that_cannot_be_written_is_no_success(void **state)
{
	(void)state;
	command_hook = write_to_full;
	says("zoe",
	    &(struct bad){ list,
		"cannot write to standard output: No space left on device",
		"impossible d'écrire sur la sortie standard : il n'y a plus" });
	command_hook = NULL;
}

static void
become_nobody(void)
{
	if (setgid(NOBODY) < 0 || setuid(NOBODY) < 0)
		_exit(126);
}

static void
let_all(const char *name, mode_t mode)
{
	char *path = in_folder(name);

	assert_int_equal(chmod(path, mode), 0);
	free(path);
}

static const struct bad in_read_only_folder[] = {
	{ list,
	    "cannot write beside shut/koffi.ronde-vault: its folder is "
	    "read-only or another's; put the vault where you may write",
	    "placez le coffre là où vous pouvez écrire" },
	{ "inspection set VISIT a0/operator x", "cannot write beside shut/",
	    "impossible d'écrire à côté de shut/" },
	{ "import mission.ronde", "cannot write beside shut/",
	    "impossible d'écrire à côté de shut/" },
	{ "init --name X --organisation Y --role inspector"
	  " --vault shut/new.ronde-vault",
	    "cannot make the vault shut/new.ronde-vault: Permission denied; "
	    "choose a place where you have the right to it",
	    "accès refusé ; choisissez un endroit" },
};

static void
a_read_only_folder_takes_nothing(void **state)
{
	char *path = in_folder("shut");
	struct err err = { 0 };
	struct outcome outcome;
	struct buf before, after;

	(void)state;
	file_make_folders(path, &err);
	copy_vault("koffi", "shut/koffi");
	let_all("", 0755);
	let_all("shut/koffi.ronde-vault", 0666);
	let_all("shut/koffi.pass", 0644);
	let_all("mission.ronde", 0644);
	let_all("shut", 0555);
	read_bytes("shut/koffi.ronde-vault", &before);
	command_hook = geteuid() ? NULL : become_nobody;
	command_run(&outcome, folder, "shut/koffi", "--version");
	if (outcome.code == 126 || outcome.code == 127)
		print_message("skipped: needs a build that others may run\n");
	for (size_t i = 0;
	     outcome.code == 0 && i < ARRAY_LEN(in_read_only_folder); i++) {
		char *words = write_out(in_read_only_folder[i].words);

		says("shut/koffi",
		    &(struct bad){ words, in_read_only_folder[i].english,
			in_read_only_folder[i].french });
		free(words);
	}
	command_hook = NULL;
	read_bytes("shut/koffi.ronde-vault", &after);
	assert_int_equal(before.len, after.len);
	assert_memory_equal(before.data, after.data, before.len);
	let_all("shut", 0755);
	outcome_release(&outcome);
	buf_release(&before);
	buf_release(&after);
	free(path);
}

/* ---- locale and terminal ---- */

static const char *locale_of_child, *language_of_child;

/* As `env -i` would start it, but for what names the vault. */
static void
empty_environment(void)
{
	char *vault = xstrdup(getenv("RONDE_VAULT"));
	char *phrase = xstrdup(getenv("RONDE_PASSPHRASE_FILE"));

	clearenv();
	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	setenv("RONDE_VAULT", vault, 1);
	setenv("RONDE_PASSPHRASE_FILE", phrase, 1);
	if (locale_of_child)
		setenv("LC_ALL", locale_of_child, 1);
	if (language_of_child)
		setenv("RONDE_LANG", language_of_child, 1);
}

static void
without_a_locale_messages_and_names_are_whole(void **state)
{
	static const struct {
		const char *locale, *language, *text;
	} cases[] = {
		{ NULL, NULL, "wrong passphrase for zoe.ronde-vault" },
		{ "C", NULL, "wrong passphrase" },
		{ "xx_YY.UTF-9", NULL, "wrong passphrase" },
		{ "fr_FR.UTF-8", NULL, "phrase secrète incorrecte pour" },
		{ "fr_FR", NULL, "phrase secrète incorrecte pour" },
		{ "C", "fr", "phrase secrète incorrecte pour" },
		{ "fr_FR.UTF-8", "en", "wrong passphrase" },
	};
	struct outcome outcome;

	(void)state;
	command_hook = empty_environment;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		locale_of_child = cases[i].locale;
		language_of_child = cases[i].language;
		command_says(folder, "zoe", 1, cases[i].text,
		    "site list --passphrase-file wrong");
	}
	locale_of_child = language_of_child = NULL;
	copy_vault("zoe", "bare");
	run("bare", "site add --name '缅北禁地 é'");
	command_run(&outcome, folder, "bare", list);
	command_hook = NULL;
	assert_non_null(strstr(outcome.out.data, "缅北禁地 é"));
	outcome_release(&outcome);
}

static void
a_terminal_that_cannot_draw_is_refused(void **state)
{
	static const struct {
		const char *term, *lang, *text;
	} cases[] = {
		{ "", "RONDE_LANG=en", "TERM is not set" },
		{ "", "RONDE_LANG=fr", "TERM n'est pas défini" },
		{ "no-such", "RONDE_LANG=en", "TERM=no-such, is not known" },
		{ "no-such", "RONDE_LANG=fr", "TERM=no-such, n'est pas connu" },
		{ "dumb", "RONDE_LANG=en", "TERM=dumb, has no screen" },
		{ "dumb", "RONDE_LANG=fr", "TERM=dumb, n'a pas d'écran" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char home[512];
		const char *const environment[] = { home, cases[i].lang,
			"LC_ALL=C.UTF-8", NULL };
		const char *const argv[] = { test_build("ronde"), NULL };
		struct vt *vt;

		snprintf(home, sizeof(home), "HOME=%s", folder);
		vt = vt_start(&(struct vt_options){ .argv = argv,
		    .environment = environment,
		    .term = cases[i].term,
		    .cols = 160,
		    .no_mark = true });
		assert_int_equal(vt_wait_end(vt), 1);
		assert_shown(vt, cases[i].text);
		assert_shown(vt, "TERM=xterm ronde");
		vt_free(vt);
	}
	says("zoe",
	    &(struct bad){ "", "the screens need a terminal",
		"les écrans demandent un terminal" });
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
		TEST(a_list_that_cannot_be_written_is_no_success),
		TEST(a_read_only_folder_takes_nothing),
		TEST(without_a_locale_messages_and_names_are_whole),
		TEST(a_terminal_that_cannot_draw_is_refused),
		/* Last: it takes the process into a name space of its own. */
		TEST(a_full_or_read_only_disk_changes_nothing),
	};

	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	setenv("RONDE_LANG", "en", 1);
	folder = test_folder();
	make_mission();
	return RUN_TESTS(tests);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/tui_support.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "tui/grid.h"
#include "tui/keys.h"
#include "tui/ui.h"

static const char survey[] =
    "type,name,label::English (en),label::Français (fr),"
    "hint::English (en),hint::Français (fr),required,relevant,constraint,"
    "constraint_message::English (en),constraint_message::Français (fr),"
    "calculation,bind::ronde:reference\n"
    "begin_group,a,Perimeter,Périmètre,,,,,,,,,\n"
    "select_one yn,fence,Is the fence closed all around?,"
    "La clôture est-elle fermée partout ?,Walk along it.,"
    "Longez-la à pied.,yes,,,,,,GP 51\n"
    "integer,height,Height of the fence at its weakest point,"
    "Hauteur de la clôture au point le plus faible,"
    "\"In cm, without the barbed wire.\",\"En cm, sans le barbelé.\",,,"
    ". >= 0 and . <= 1000,The height must be between 0 and 1000 cm.,"
    "La hauteur doit être entre 0 et 1000 cm.,,\n"
    "decimal,gap,Widest gap in metres,Plus large brèche en mètres,,,,,,,,,\n"
    "end_group,,,,,,,,,,,,\n"
    "begin_group,g,Guards,Gardiennage,,,,,,,,,\n"
    "select_one yn,guards,Are there guards?,Y a-t-il des gardes ?,,,,,,,,,\n"
    "integer,count,How many guards?,Combien de gardes ?,,,yes,"
    "${guards} = 'yes',,,,,\n"
    "select_multiple kit,kit,What do the guards carry?,"
    "De quoi les gardes sont-ils équipés ?,,,,${guards} = 'yes',,,,,\n"
    "date,drill,Date of the last drill,Date du dernier exercice,,,,,,,,,\n"
    "time,opens,The gate opens at,Le portail ouvre à,,,,,,,,,\n"
    "end_group,,,,,,,,,,,,\n"
    "begin_group,z,End,Fin,,,,,,,,,\n"
    "note,thanks,Thank the site for its time.,"
    "Remerciez le site de son temps.,,,,,,,,,\n"
    "calculate,metres,,,,,,,,,,${height} div 100,\n"
    "text,remarks,Remarks,Remarques,,,,,,,,,\n"
    "acknowledge,done,The visit is over,La visite est terminée,,,,,,,,,\n"
    "end_group,,,,,,,,,,,,\n";

static const char choices[] =
    "list_name,name,label::English (en),label::Français (fr),reason\n"
    "yn,yes,yes,oui,\n"
    "yn,partial,partly,en partie,\n"
    "yn,no,no,non,\n"
    "yn,na,does not apply,sans objet,yes\n"
    "yn,ns,not observed,non observé,yes\n"
    "kit,radio,a radio,une radio,\n"
    "kit,light,a lamp,une lampe,\n"
    "kit,vest,a vest,un gilet,\n";

static const char settings[] = "form_title,form_id,version,default_language\n"
			       "Small checklist,small,1,English (en)\n";

static void
write_sheet(const char *folder, const char *name, const char *text)
{
	struct err err = { 0 };
	char *path = file_join(folder, name);

	file_write(path, text, strlen(text), 0600, &err);
	assert_no_err(&err);
	free(path);
}

char *
small_checklist(const char *folder)
{
	struct err err = { 0 };
	char *form = file_join(folder, "form");

	assert_int_equal(file_make_folders(form, &err), 0);
	write_sheet(form, "survey.csv", survey);
	write_sheet(form, "choices.csv", choices);
	write_sheet(form, "settings.csv", settings);
	return form;
}

static const char households[] =
    "type,name,label::English (en),label::Français (fr),required,relevant\n"
    "text,village,Name of the village,Nom du village,yes,\n"
    "begin repeat,house,Household,Ménage,,\n"
    "text,head,Head of the household,Chef de ménage,yes,\n"
    "select_one yn,water,Water at home?,De l'eau à la maison ?,,\n"
    "begin repeat,person,Person,Personne,,\n"
    "text,first,First name,Prénom,yes,\n"
    "integer,age,Age,Âge,,\n"
    "text,school,Which school?,Quelle école ?,,${age} < 18\n"
    "end repeat,,,,,\n"
    "end repeat,,,,,\n"
    "text,remarks,Remarks,Remarques,,\n";

static const char household_choices[] =
    "list_name,name,label::English (en),label::Français (fr)\n"
    "yn,yes,Yes,Oui\n"
    "yn,no,No,Non\n";

static const char household_settings[] = "form_title,form_id,default_language\n"
					 "Households,households,English (en)\n";

char *
household_checklist(const char *folder)
{
	struct err err = { 0 };
	char *form = file_join(folder, "households");

	assert_int_equal(file_make_folders(form, &err), 0);
	write_sheet(form, "survey.csv", households);
	write_sheet(form, "choices.csv", household_choices);
	write_sheet(form, "settings.csv", household_settings);
	return form;
}

static const char kinds[] =
    "type,name,label::English (en),label::Français (fr),parameters,appearance\n"
    "dateTime,seen_at,When was it seen?,Quand l'a-t-on vu ?,,\n"
    "range,trust,How sure are you?,Quelle certitude ?,start=0 end=10 "
    "step=0.5,\n"
    "rank needs,order,What comes first?,Qu'est-ce qui presse ?,,\n"
    "geopoint,place,Where is it?,Où est-ce ?,,\n"
    "geotrace,fence,Where does the fence run?,Où passe la clôture ?,,\n"
    "image,photo,A photo of the gate,Une photo du portail,,\n"
    "integer,cars,How many cars?,Combien de voitures ?,,counter\n"
    "date,day,Which day?,Quel jour ?,,\n"
    "date,month,Which month?,Quel mois ?,,month-year\n"
    "text,code,The code of the gate,Le code du portail,,masked\n"
    "text,story,What happened?,Que s'est-il passé ?,,multiline\n";

static const char kinds_choices[] =
    "list_name,name,label::English (en),label::Français (fr)\n"
    "needs,light,Light,Éclairage\n"
    "needs,fence,Fence,Clôture\n"
    "needs,guard,A second guard at night,Un second gardien la nuit\n";

static const char kinds_settings[] = "form_title,form_id,default_language\n"
				     "Kinds,kinds,English (en)\n";

char *
kinds_checklist(const char *folder)
{
	struct err err = { 0 };
	char *form = file_join(folder, "kinds");

	assert_int_equal(file_make_folders(form, &err), 0);
	write_sheet(form, "survey.csv", kinds);
	write_sheet(form, "choices.csv", kinds_choices);
	write_sheet(form, "settings.csv", kinds_settings);
	return form;
}

/* Two tables, questions on one screen, choices side by side, and lists that
 * are found by typing. */
static const char pages[] =
    "type,name,label::English (en),label::Français (fr),appearance,relevant\n"
    "begin group,doors,The doors,Les portes,table-list,\n"
    "select_one state,front,Front door,Porte d'entrée,,\n"
    "select_one state,back,Back door,Porte arrière,,\n"
    "select_one state,roof,Hatch to the roof,Trappe du toit,,\n"
    "end group,,,,,\n"
    "begin group,watch,The watch,Le gardiennage,field-list,\n"
    "text,chief,Who is in charge?,Qui en est chargé ?,,\n"
    "select_one yn,night,Is there a watch at night?,Garde la nuit ?,"
    "horizontal,\n"
    "integer,men,How many men?,Combien de gardiens ?,,${night} = 'yes'\n"
    "text,radio,Which radio?,Quelle radio ?,,\n"
    "end group,,,,,\n"
    "begin group,means,Means,Moyens,,\n"
    "select_multiple often,often,Used,Employé,label,\n"
    "select_multiple often,lamp,Lamps,Lampes,list-nolabel,\n"
    "select_multiple often,dog,Dogs,Chiens,list-nolabel,\n"
    "end group,,,,,\n"
    "select_one yn,done,Is it done?,Est-ce fini ?,quick,\n"
    "select_one town,town,Which town?,Quelle commune ?,autocomplete,\n"
    "select_multiple town,towns,Which ones besides?,Lesquelles encore ?,"
    "minimal,\n"
    "text,end,A last word,Un dernier mot,multiline,\n";

static const char pages_choices[] =
    "list_name,name,label::English (en),label::Français (fr)\n"
    "state,sound,Sound,En bon état\n"
    "state,worn,Worn,Usée\n"
    "state,broken,Broken,Cassée\n"
    "yn,yes,Yes,Oui\n"
    "yn,no,No,Non\n"
    "often,day,Every day of the year,Chaque jour de l'année\n"
    "often,week,On some days of each week,Quelques jours par semaine\n"
    "often,never,Never as far as is known,Jamais à notre connaissance\n";

/* Towns without end, one of them with letters that nobody types. */
static char *
page_choices(int towns)
{
	struct buf out = BUF_INIT;

	buf_add_text(&out, pages_choices);
	buf_add_text(&out, "town,oeuvre,Œuvre-sur-Mer,Œuvre-sur-Mer\n");
	for (int i = 1; i < towns; i++)
		buf_addf(&out, "town,t%d,Town %d,Commune %d\n", i, i, i);
	return buf_detach(&out);
}

char *
pages_checklist(const char *folder, int towns)
{
	struct err err = { 0 };
	char *form = file_join(folder, "pages");
	char *all = page_choices(towns);

	assert_int_equal(file_make_folders(form, &err), 0);
	write_sheet(form, "survey.csv", pages);
	write_sheet(form, "choices.csv", all);
	write_sheet(form, "settings.csv",
	    "form_title,form_id,default_language\n"
	    "Pages,pages,English (en)\n");
	free(all);
	return form;
}

/* ---- goldens ---- */

static const char *own_folder;

void
screens_folder(const char *folder)
{
	own_folder = folder;
}

/* 0 stands for a digit, X for a digit or a capital. */
static bool
is_like(const char *text, const char *shape)
{
	for (; *shape; shape++, text++) {
		const unsigned char c = (unsigned char)*text;

		if (*shape == '0'       ? !isdigit(c)
			: *shape == 'X' ? !isdigit(c) && !isupper(c)
					: *shape != *text)
			return false;
	}
	return true;
}

/* A control code, the name of a bundle, a device, a short hash: as its shape. */
static void
hide_random(char *text)
{
	static const char *const shapes[] = { "0000 0000 0000 0000 0000 0000",
		"R-0000-00-XXXX.ronde", " D-XXXXX", "· XXXX-XXXX ·" };

	for (char *c = text; *c; c++)
		for (size_t i = 0; i < ARRAY_LEN(shapes); i++)
			if (is_like(c, shapes[i]))
				memcpy(c, shapes[i], strlen(shapes[i]));
}

static void
hide_folder(struct buf *text)
{
	struct buf out = BUF_INIT;
	const char *rest = text->data, *found;

	while (own_folder && (found = strstr(rest, own_folder))) {
		buf_add(&out, rest, (size_t)(found - rest));
		buf_add_text(&out, "FOLDER");
		rest = found + strlen(own_folder);
	}
	buf_add_text(&out, rest);
	buf_release(text);
	*text = out;
}

static char *
screen_path(const char *name)
{
	return xasprintf("%s/%s.screen", test_source("tests/screens"), name);
}

void
assert_screen(struct ui *ui, int rows, int cols, const char *name)
{
	struct grid *grid = grid_new(rows, cols);
	struct buf drawn = BUF_INIT, golden = BUF_INIT;
	struct err err = { 0 };
	char *path = screen_path(name);

	ui_draw(ui, grid);
	grid_text(grid, &drawn);
	hide_random(drawn.data);
	hide_folder(&drawn);
	/* The focus holds the hardware cursor: that is part of the picture. */
	buf_addf(
	    &drawn, "[cursor %d %d]\n", grid->cursor_row, grid->cursor_col);
	if (getenv("UPDATE_SCREENS")) {
		file_write(path, drawn.data, drawn.len, 0644, &err);
	} else if (file_read(path, &golden, &err) == 0 &&
	    strcmp(golden.data, drawn.data) != 0) {
		fail_msg("%s differs; it is now:\n%s", name, drawn.data);
	}
	assert_no_err(&err);
	buf_release(&golden);
	buf_release(&drawn);
	grid_free(grid);
	free(path);
}

void
assert_screens(struct ui *ui, const char *name)
{
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		char *full =
		    xasprintf("%s-%s", name, lang_code((enum lang)lang));

		i18n_set((enum lang)lang);
		assert_screen(ui, 24, 80, full);
		free(full);
	}
	i18n_set(LANG_EN);
}

void
ui_type(struct ui *ui, const char *keys)
{
	wchar_t wide[512];
	const size_t count = mbstowcs(wide, keys, ARRAY_LEN(wide));

	assert_true(count < ARRAY_LEN(wide));
	for (size_t i = 0; i < count; i++)
		ui_key(ui, (int)wide[i], "");
}

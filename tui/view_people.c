/* SPDX-License-Identifier: Apache-2.0 */
/* People: whom this vault trusts, cards, one's own card. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "bundles/card.h"
#include "bundles/trust.h"
#include "storage/identity.h"
#include "storage/vault.h"
#include "tui/ask.h"
#include "tui/grid.h"
#include "tui/keys.h"
#include "tui/list.h"
#include "tui/paths.h"
#include "tui/shown.h"
#include "tui/ui.h"
#include "tui/views.h"

enum { CARD_BYTES_MAX = 256 * 1024 };

struct person {
	char *name, *organisation;
	char device[ID_MAX];
	enum role role;
	enum trust trust;
};

struct people {
	struct view view;
	struct person *people;
	size_t count, room;
	struct list list;
	char fingerprint[FINGERPRINT_MAX]; /* one's own */
};

static const struct binding keys[] = {
	{ 'a', ACT_ADD_CARD },
	{ K_F(2), ACT_ADD_CARD },
	{ 'w', ACT_SAVE_CARD },
	{ K_F(3), ACT_SAVE_CARD },
	{ 0, ACT_NONE },
};

static const enum action bar[] = { ACT_ADD_CARD, ACT_SAVE_CARD, ACT_BACK,
	ACT_NONE };

static void
release(struct people *people)
{
	for (size_t i = 0; i < people->count; i++) {
		free(people->people[i].name);
		free(people->people[i].organisation);
	}
	free(people->people);
	people->people = NULL;
	people->count = people->room = 0;
}

static int
add(void *arg, const struct roster_entry *entry, struct err *err)
{
	struct people *people = arg;
	struct person *person;

	(void)err;
	mem_grow(&people->people, &people->room, people->count + 1,
	    sizeof(*people->people));
	person = &people->people[people->count++];
	person->name = xstrdup(entry->name ? entry->name : "");
	person->organisation =
	    xstrdup(entry->organisation ? entry->organisation : "");
	snprintf(person->device, sizeof(person->device), "%s", entry->device);
	person->role = entry->role;
	person->trust = entry->trust;
	return 0;
}

static int
read_people(struct people *people, struct ui *ui, struct err *err)
{
	struct card own = { 0 };

	release(people);
	if (card_own(ui->vault, &own, err) != 0)
		return -1;
	snprintf(people->fingerprint, sizeof(people->fingerprint), "%s",
	    own.fingerprint);
	card_release(&own);
	if (roster_each(ui->vault, NULL, add, people, err) != 0)
		return -1;
	list_resize(&people->list, (int)people->count);
	return 0;
}

static void
title(const struct view *view, struct buf *out)
{
	(void)view;
	buf_addf(out, "Ronde   %s", _("people"));
}

static const char *
trust_word(enum trust trust)
{
	switch (trust) {
	case TRUST_SELF: return _("myself");
	case TRUST_YES: return _("trusted");
	case TRUST_REVOKED: return _("revoked");
	default: return _("not trusted");
	}
}

static void
draw(const struct view *view, struct grid *grid)
{
	const struct people *people = (const struct people *)view;
	const int first = VIEW_TOP + 2;
	const int rows = grid->rows - VIEW_FOOT - first;
	const int top = list_top(&people->list, rows);

	grid_put(grid, VIEW_TOP, 2, STYLE_PLAIN, "%s  %s",
	    _("My fingerprint, to compare by telephone:"), people->fingerprint);
	for (int i = 0; i < rows && top + i < people->list.count; i++) {
		const struct person *person = &people->people[top + i];
		const int row = first + i;
		struct buf who = BUF_INIT;

		shown_person(person->name, person->organisation, &who);
		list_mark(&people->list, grid, row, top + i);
		grid_put_cut(
		    grid, row, 2, grid->cols - 42, STYLE_PLAIN, who.data);
		grid_put_cut(grid, row, grid->cols - 39, 16, STYLE_PLAIN,
		    role_title(person->role));
		grid_put_cut(grid, row, grid->cols - 22, 14, STYLE_PLAIN,
		    trust_word(person->trust));
		grid_put_cut(
		    grid, row, grid->cols - 8, 8, STYLE_DIM, person->device);
		list_highlight(&people->list, grid, row, top + i);
		buf_release(&who);
	}
}

/* ---- one's own card to a file ---- */

static enum ask_done
save_card(struct view *view, void *arg, struct err *err)
{
	struct card own = { 0 };
	struct buf text = BUF_INIT;
	char *path = ask_path(view, 0);
	int status = card_own(view->ui->vault, &own, err);

	(void)arg;
	if (status == 0)
		status = vault_spare(path, err);
	if (status == 0)
		status = path_check_new(path, err);
	if (status == 0) {
		card_write(&own, &text);
		status = file_write(path, text.data, text.len, 0644, err);
	}
	if (status == 0)
		ui_tell(view->ui, _("The card is in %s"), path);
	card_release(&own);
	buf_release(&text);
	free(path);
	return status == 0 ? ASK_CLOSE : ASK_FAILED;
}

static const struct ask_spec save_spec = {
	.name = "save-card",
	.title = N_("my card to a file"),
	.text = N_("The card has no secret. Give it to your supervisor on a "
		   "USB stick, and compare the fingerprint by telephone."),
	.fields = { { .kind = ASK_PATH, .label = N_("File") } },
	.done = save_card,
};

/* "Koffi N'Guessan" gives "koffi-n-guessan"; "card" where nothing is left. */
static char *
name_for_file(const char *name)
{
	char *key = text_search_key(name);
	struct buf out = BUF_INIT;

	for (const char *c = key; *c; c++)
		if (isascii(*c) && isalnum((unsigned char)*c))
			buf_add_char(&out, *c);
		else if (out.len > 0 && out.data[out.len - 1] != '-')
			buf_add_char(&out, '-');
	while (out.len > 0 && out.data[out.len - 1] == '-')
		out.data[--out.len] = '\0';
	if (out.len == 0)
		buf_add_text(&out, "card");
	free(key);
	return buf_detach(&out);
}

static struct view *
save_card_new(const struct ui *ui)
{
	struct view *view = view_ask_new(&save_spec, NULL);
	const struct identity *self = identity_get(ui->vault);
	char *name = name_for_file(self ? self->name : "");
	char *path = path_free_name("~", name, ".card");

	ask_set_text(view, 0, path);
	free(path);
	free(name);
	return view;
}

/* ---- somebody's card ---- */

static const char *const answers[] = {
	N_("no, I have not compared the fingerprint yet"),
	N_("yes, I compared it with the person"), NULL
};

static void
card_text(const struct view *view, void *arg, struct buf *out)
{
	const struct card *card = arg;

	(void)view;
	buf_addf(out, "%s\n", card->name);
	buf_addf(out, "%s\n", card->organisation);
	buf_addf(out, _("Role: %s\n"), role_title(card->role));
	buf_addf(out, _("Fingerprint: %s"), card->fingerprint);
}

static enum ask_done
trust_card(struct view *view, void *arg, struct err *err)
{
	const struct card *card = arg;

	if (ask_choice(view, 0) == 0) {
		ui_tell(view->ui,
		    _("Nothing was changed: %s is not trusted; compare the "
		      "fingerprint first"),
		    card->name);
		return ASK_CLOSE;
	}
	if (trust_add(view->ui->vault, card, -1, err) != 0)
		return ASK_FAILED;
	ui_saved(view->ui);
	ui_tell(view->ui, _("%s is trusted now"), card->name);
	return ASK_CLOSE;
}

static void
free_card(void *arg)
{
	card_release(arg);
	free(arg);
}

static const struct ask_spec trust_spec = {
	.name = "trust",
	.title = N_("trust this person"),
	.fields = { { .kind = ASK_CHOICE,
	    .label = N_("Is it the same?"),
	    .options = answers } },
	.done = trust_card,
	.add_text = card_text,
	.free_arg = free_card,
};

static enum ask_done
read_card(struct view *view, void *arg, struct err *err)
{
	struct buf text = BUF_INIT;
	struct card *card = xcalloc(1, sizeof(*card));
	char *path = ask_path(view, 0);
	int status;

	(void)arg;
	text.max = CARD_BYTES_MAX;
	status = file_read(path, &text, err);
	if (status == 0)
		status =
		    card_read(text.data, text.len, file_name(path), card, err);
	if (status == 0)
		ui_open(view->ui, view_ask_new(&trust_spec, card));
	else
		free(card);
	buf_release(&text);
	free(path);
	return status == 0 ? ASK_CLOSE : ASK_FAILED;
}

static const struct ask_spec add_spec = {
	.name = "add-card",
	.title = N_("a card from a file"),
	.fields = { { .kind = ASK_PATH,
	    .label = N_("File"),
	    .hint = N_("Tab completes, F4 picks from a list") } },
	.done = read_card,
};

static enum view_result
act(struct view *view, enum action action, struct err *err)
{
	struct people *people = (struct people *)view;
	struct ui *ui = view->ui;

	(void)err;
	if (list_act(&people->list, action))
		return VIEW_STAY;
	switch (action) {
	case ACT_ADD_CARD: ui_open(ui, view_ask_new(&add_spec, NULL)); break;
	case ACT_SAVE_CARD: ui_open(ui, save_card_new(ui)); break;
	default: return VIEW_UNUSED;
	}
	return VIEW_STAY;
}

static void
shown(struct view *view, struct err *err)
{
	(void)read_people((struct people *)view, view->ui, err);
}

static void
free_view(struct view *view)
{
	release((struct people *)view);
	free(view);
}

static const struct view_class people_class = {
	.name = "people",
	.keys = keys,
	.bar = bar,
	.title = title,
	.draw = draw,
	.act = act,
	.shown = shown,
	.free = free_view,
};

struct view *
view_people_new(struct ui *ui, struct err *err)
{
	struct people *people = xcalloc(1, sizeof(*people));

	people->view.class = &people_class;
	if (read_people(people, ui, err) != 0) {
		free_view(&people->view);
		return NULL;
	}
	return &people->view;
}

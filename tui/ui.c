/* SPDX-License-Identifier: Apache-2.0 */
/* The stack of views, messages, keys. */
#include "tui/ui.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "crypto/secret.h"
#include "storage/blob.h"
#include "storage/vault.h"
#include "tui/keys.h"
#include "tui/place.h"
#include "tui/views.h"

void
ui_init(struct ui *ui, const struct tui_options *options)
{
	*ui = (struct ui){ .options = *options };
	if (options->vault_path)
		ui->vault_path = xstrdup(options->vault_path);
}

static void
free_view(struct view *view)
{
	if (view->class->free)
		view->class->free(view);
	else
		free(view);
}

void
ui_close_all(struct ui *ui)
{
	while (ui->top) {
		struct view *view = ui->top;

		ui->top = view->below;
		free_view(view);
	}
}

void
ui_release(struct ui *ui)
{
	ui_close_all(ui);
	vault_close(ui->vault);
	free(ui->vault_path);
	free(ui->folder);
	ui_forget_messages(ui);
	*ui = (struct ui){ 0 };
}

void
ui_open(struct ui *ui, struct view *view)
{
	view->ui = ui;
	view->below = ui->top;
	ui->top = view;
}

void
ui_close(struct ui *ui, struct view *view)
{
	struct err err = { 0 };
	struct view **place = &ui->top;
	const bool was_top = ui->top == view;

	while (*place && *place != view)
		place = &(*place)->below;
	assert(*place);
	*place = view->below;
	free_view(view);
	if (was_top && ui->top && ui->top->class->shown)
		ui->top->class->shown(ui->top, &err);
	if (err.code)
		ui_fail(ui, &err);
	if (!ui->top)
		ui->quit = true;
}

void
ui_restart(struct ui *ui, struct view *view)
{
	ui_close_all(ui);
	ui_open(ui, view);
}

/* ---- messages ---- */

static void
remember(struct ui *ui, const char *text, bool is_error)
{
	if (ui->log_count == UI_MESSAGES_MAX) {
		free(ui->log[0].text);
		memmove(&ui->log[0], &ui->log[1],
		    sizeof(ui->log) - sizeof(ui->log[0]));
		ui->log_count--;
	}
	ui->log[ui->log_count++] = (struct ui_message){
		.time = clock_now(), .is_error = is_error, .text = xstrdup(text)
	};
}

void
ui_tell(struct ui *ui, const char *fmt, ...)
{
	va_list args;

	free(ui->message);
	ui->message = NULL;
	va_start(args, fmt);
	if (vasprintf(&ui->message, fmt, args) < 0)
		mem_exhausted();
	va_end(args);
	remember(ui, ui->message, false);
}

void
ui_forget_messages(struct ui *ui)
{
	for (size_t i = 0; i < ui->log_count; i++) {
		wipe(ui->log[i].text, strlen(ui->log[i].text));
		free(ui->log[i].text);
	}
	ui->log_count = 0;
	wipe(&ui->error, sizeof(ui->error));
	free(ui->message);
	ui->message = NULL;
}

void
ui_fail(struct ui *ui, const struct err *err)
{
	ui->error = *err;
	ui->error_answered = false;
	remember(ui, err->msg, true);
}

void
ui_saved(struct ui *ui)
{
	ui->saved = clock_now();
}

void
ui_set_folder(struct ui *ui, const char *folder)
{
	char *copy = xstrdup(folder); /* it may be our own */

	free(ui->folder);
	ui->folder = copy;
}

/* ---- keys ---- */

bool
view_typing(const struct view *view)
{
	return view->class->typing && view->class->typing(view);
}

bool
view_keeps_letters(const struct view *view)
{
	return view->class->is_form || view_typing(view);
}

void
ui_set_lang(struct ui *ui, enum lang lang)
{
	struct err err = { 0 };

	i18n_set(lang);
	if (ui->vault &&
	    setting_put(ui->vault, "lang", lang_code(lang), &err) != 0)
		ui_fail(ui, &err);
}

static void
act_common(struct ui *ui, struct view *view, enum action action)
{
	switch (action) {
	case ACT_BACK:
		if (view->below)
			ui_close(ui, view);
		break;
	case ACT_HELP: ui_open(ui, view_help_new(view)); break;
	case ACT_LOG: ui_open(ui, view_log_new()); break;
	case ACT_LANG:
		ui_set_lang(ui, i18n_lang() == LANG_EN ? LANG_FR : LANG_EN);
		break;
	case ACT_SUN: ui->sun = !ui->sun; break;
	case ACT_REDRAW: ui->redraw = true; break;
	case ACT_LOCK: ui_lock(ui, LOCK_KEY); break;
	case ACT_SUSPEND: ui->suspend = true; break;
	case ACT_QUIT: ui->quit = true; break;
	default: break;
	}
}

void
ui_act(struct ui *ui, enum action action)
{
	struct view *view = ui->top;
	enum view_result result = VIEW_UNUSED;
	struct err err = { 0 };

	if (action == ACT_NONE || !view)
		return;
	if (view->class->act &&
	    !(view->class->can && !view->class->can(view, action)))
		result = view->class->act(view, action, &err);
	if (err.code)
		ui_fail(ui, &err);
	if (result == VIEW_UNUSED)
		act_common(ui, view, action);
	else if (result == VIEW_CLOSE)
		ui_close(ui, view);
}

static void
take_paste(struct ui *ui, const char *text)
{
	struct view *view = ui->top;
	struct err err = { 0 };

	if (!view_typing(view) || !view->class->paste) {
		ui_tell(ui, _("nothing was pasted: no text is typed here"));
	} else if (!text || !view->class->paste(view, text)) {
		err_set(&err, ERR_LIMIT,
		    _("nothing was pasted: the text is too long for this "
		      "line; attach it as a file, or paste a part"));
		ui_fail(ui, &err);
	}
}

static void
take_view_key(struct ui *ui, int key)
{
	struct view *view = ui->top;
	struct err err = { 0 };
	bool used = false;

	if (view_typing(view)) {
		used = view->class->type && view->class->type(view, key);
		used = used || key_is_text(key);
	} else if (view->class->digit && key_digit(key) >= 0) {
		used = view->class->digit(view, key_digit(key), &err);
		if (err.code)
			ui_fail(ui, &err);
	}
	if (view->class->is_form && key_is_text(key) && key != ' ')
		used = true;
	if (!used)
		ui_act(ui, keymap_action(view->class->keys, key));
}

/*
 * Enter or Esc takes an error away and does nothing else; but who has typed
 * since then has read it, and his Enter means what he typed.
 */
static bool
acknowledges(struct ui *ui, int key)
{
	const bool ends = key == K_ENTER || key == K_ESC;
	const bool was_read = ui->error_answered && key == K_ENTER;

	if (!ui->error.code)
		return false;
	ui->error_answered = true;
	if (ends)
		ui->error = (struct err){ 0 };
	return ends && !was_read;
}

static void
take_key(struct ui *ui, int key, const char *paste)
{
	free(ui->message);
	ui->message = NULL;
	if (acknowledges(ui, key))
		return;
	if (key == K_PASTE)
		take_paste(ui, paste);
	else if (ui->top)
		take_view_key(ui, key);
}

void
ui_key(struct ui *ui, int key, const char *paste)
{
	if (ui_idle_left(ui) >= 0)
		ui_idle(ui); /* the time may be up, after a machine slept */
	else if (!ui->too_small)
		take_key(ui, key, paste);
	else if (key == K_CTRL('q'))
		ui_act(ui, ACT_QUIT);
	place_settle(ui);
	ui->last_key = clock_now(); /* what the key led to took time as well */
}

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_VIEWS_H
#define TUI_VIEWS_H

#include <stdbool.h>

#include "base/error.h"
#include "crypto/hash.h"
#include "tui/view.h"

/*
 * How every screen is made; view_NAME.c has it.  A view is given to
 * ui_open(), which owns it then.  NULL with err where reading failed.
 */
struct inspection;
struct secret;
struct vault;

/* What can be done in `under`, found by typing. */
struct view *view_help_new(struct view *under);
/* The messages of this session. */
struct view *view_log_new(void);

/* First start: language, then a new vault; and unlocking. */
struct view *view_start_new(void);
struct view *view_create_new(void);
struct view *view_unlock_new(void);
struct view *view_recover_new(void);
/* Shows the recovery code of the vault that was begun, asks it back and
 * settles the vault; takes both secrets. */
struct view *view_recovery_new(
    struct secret *passphrase, struct secret *recovery);

/* What was noticed at unlocking and is to be decided; NULL: nothing is. */
struct view *view_notice_new(struct vault *vault);

/* A text to read; `title` is N_() and borrowed, `text` becomes the view's. */
struct view *view_text_new(const char *title, char *text);

/* A folder to pick a file from, newest first, beginning where `path` is. */
struct view *view_files_new(struct view *owner, const char *path,
    void (*picked)(struct view *owner, const char *path), struct err *err);

/*
 * A list to pick from, found by typing.  `pick_add()` gives its lines.
 * `picked` gets the index of the line; PICK_CHECKED in a list of several,
 * where pick_is_checked() tells which; PICK_EXTRA for the extra action.  It
 * closes the view by its return.
 */
enum { PICK_CHECKED = -2, PICK_EXTRA = -3 };

struct pick_spec {
	const char *name, *title; /* N_() */
	const char *empty;        /* N_(): shown when there is no line */
	bool several;
	enum action extra; /* what F2 does besides; ACT_NONE */
	enum view_result (*picked)(
	    struct view *view, void *arg, int index, struct err *err);
	void (*free_arg)(void *arg);
};

struct view *view_pick_new(const struct pick_spec *spec, void *arg);
void pick_add(
    struct view *view, const char *key, const char *text, const char *detail);
const char *pick_key(const struct view *view, int index);
const char *pick_text(const struct view *view, int index);
bool pick_is_checked(const struct view *view, int index);
int pick_count(const struct view *view);

struct view *view_home_new(struct ui *ui, struct err *err);
/*
 * Opens the steps of a new inspection: site (unless `site`), then checklist;
 * `mission`: then people and date.
 */
void view_new_open(
    struct ui *ui, bool mission, const char *site, struct err *err);
struct view *view_site_new(void);
struct view *view_rename_new(const char *site, const char *name);
struct view *view_checklists_new(struct ui *ui, struct err *err);
struct view *view_people_new(struct ui *ui, struct err *err);
struct view *view_backup_new(void);
struct view *view_exchange_new(struct ui *ui, struct err *err);

/* One inspection: the fill screen owns it, the others borrow it. */
struct view *view_fill_new(struct ui *ui, const char *id, struct err *err);
void fill_go_to(struct view *fill, int place);
/* Puts a position ("lat lon height accuracy") on the line that is typed; a
 * line of positions gets one more. */
void fill_take_position(struct view *fill, const char *text);
/* NULL where there is no gpsd, with err. */
struct view *view_gps_new(struct view *fill, struct err *err);
struct view *view_review_new(struct view *fill, struct inspection *inspection);
struct view *view_sign_new(struct inspection *inspection, struct err *err);
struct view *view_reopen_new(struct inspection *inspection);
struct view *view_conflicts_new(struct inspection *inspection, int place);
struct view *view_report_new(struct inspection *inspection);

#endif

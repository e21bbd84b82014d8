/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_PLACE_H
#define TUI_PLACE_H

#include <stdbool.h>

#include "base/error.h"

/*
 * Where one is: the screens from home up, each with its cursor and what is
 * typed in it but not yet saved, as one text in the vault.  A lock keeps it
 * and unlocking goes back there.  A screen that cannot be opened again so (a
 * step of something longer, the help) ends the list: one comes back to the
 * screen that it was opened from.
 *
 * What was typed stays in the vault until it is saved or given up.
 */
struct ui;

int place_keep(struct ui *ui, struct err *err);

/* Home is open and nothing else; opens what was above it. */
void place_go_back(struct ui *ui);

/* After a key: forgets what was kept when nothing depends on it any more. */
void place_settle(struct ui *ui);

#endif

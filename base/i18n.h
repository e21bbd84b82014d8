/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_I18N_H
#define BASE_I18N_H

#include <libintl.h>
#include <stdbool.h>

/*
 * The language of what a person reads.  `_()` marks and translates, `N_()`
 * only marks (for tables; translate with _() where it is shown), `Q_()` gives
 * a text with a context.  Every text is in po/fr.po in the commit that adds
 * it; scripts/po does the collecting.
 *
 * Numbers never follow the locale: LC_NUMERIC stays "C".
 */
#define _(text) gettext(text)
#define N_(text) text

enum lang { LANG_EN, LANG_FR, LANG_COUNT };

/*
 * Sets the locale (falling back to C.UTF-8 where the user's is missing or not
 * UTF-8, since translations and non-ASCII text need one) and finds the
 * catalogue: beside the program in a build tree, else where it is installed.
 * RONDE_LANG ("fr", "en") decides the language, else the locale; else English.
 */
void i18n_init(void);

/* Switches what _() gives, at once, for the whole program. */
void i18n_set(enum lang lang);
enum lang i18n_lang(void);

/* "fr" or "en"; and back, false when `code` is neither. */
const char *lang_code(enum lang lang);
bool lang_find(const char *code, enum lang *lang);

#endif

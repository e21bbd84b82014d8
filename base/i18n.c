/* SPDX-License-Identifier: Apache-2.0 */
#include "base/i18n.h"

#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/compiler.h"

/* glibc's counter: catalogues are looked up anew when it changes. */
extern int _nl_msg_cat_cntr;

static const char *const codes[LANG_COUNT] = { "en", "fr" };
static enum lang current = LANG_EN;

const char *
lang_code(enum lang lang)
{
	return codes[lang];
}

bool
lang_find(const char *code, enum lang *lang)
{
	for (int i = 0; i < LANG_COUNT; i++)
		if (strncasecmp(code, codes[i], 2) == 0 &&
		    strchr("_.@-", code[2])) {
			*lang = (enum lang)i;
			return true;
		}
	return false;
}

void
i18n_set(enum lang lang)
{
	current = lang;
	setenv("LANGUAGE", codes[lang], 1);
	_nl_msg_cat_cntr++;
}

enum lang
i18n_lang(void)
{
	return current;
}

static void
bind_catalogue(void)
{
	static const char beside[] = "/locale";
	char path[PATH_MAX];
	const ssize_t len =
	    readlink("/proc/self/exe", path, sizeof(path) - sizeof(beside));
	char *slash;

	bindtextdomain("ronde", LOCALEDIR);
	if (len > 0) {
		path[len] = '\0';
		slash = strrchr(path, '/');
		memcpy(slash, beside, sizeof(beside));
		if (access(path, X_OK) == 0)
			bindtextdomain("ronde", path);
	}
	bind_textdomain_codeset("ronde", "UTF-8");
	textdomain("ronde");
}

/* The first of the variables that name the language of messages. */
static enum lang
lang_of_environment(void)
{
	static const char *const names[] = { "RONDE_LANG", "LC_ALL",
		"LC_MESSAGES", "LANG" };
	enum lang lang = LANG_EN;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *value = getenv(names[i]);

		if (!value || !*value)
			continue;
		if (lang_find(value, &lang) || i > 0)
			break;
	}
	return lang;
}

void
i18n_init(void)
{
	const enum lang lang = lang_of_environment();

	if (!setlocale(LC_ALL, "") ||
	    strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_ALL, "C.UTF-8");
	setlocale(LC_NUMERIC, "C");
	bind_catalogue();
	i18n_set(lang);
}

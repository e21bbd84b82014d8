/* SPDX-License-Identifier: Apache-2.0 */
#include "tui/anew.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const char *const reasons[LOCK_COUNT] = {
	[LOCK_NONE] = "",
	[LOCK_KEY] = "key",
	[LOCK_IDLE] = "idle",
	[LOCK_SLEEP] = "sleep",
	[LOCK_STOP] = "stop",
};

char *
anew_words(const struct anew *anew)
{
	return xasprintf("%s,%s%s", reasons[anew->reason],
	    lang_code(anew->lang), anew->sun ? ",sun" : "");
}

static void
take_word(struct anew *anew, const char *word)
{
	for (int i = LOCK_NONE + 1; i < LOCK_COUNT; i++)
		if (strcmp(word, reasons[i]) == 0)
			anew->reason = (enum lock_reason)i;
	(void)lang_find(word, &anew->lang);
	if (strcmp(word, "sun") == 0)
		anew->sun = true;
}

struct anew
anew_read(const char *words)
{
	struct anew anew = { .lang = i18n_lang() };
	char *copy, *rest, *word;

	if (!words || !*words)
		return anew;
	anew.reason = LOCK_KEY;
	copy = rest = xstrdup(words);
	while ((word = strsep(&rest, ",")))
		take_word(&anew, word);
	free(copy);
	return anew;
}

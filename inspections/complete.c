/* SPDX-License-Identifier: Apache-2.0 */
#include "inspections/complete.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

enum { CANDIDATES_SHOWN = 5 };

void
completion_begin(struct completion *completion, const char *typed)
{
	memset(completion, 0, sizeof(*completion));
	completion->typed = typed;
	completion->key = text_search_key(typed);
	buf_init(&completion->names, BUF_MAX_BYTES);
}

static int
rank_of(const struct completion *completion, const char *id, const char *name,
    bool starts)
{
	char *key;
	const char *place;
	int rank = starts ? 2 : 0;

	if (text_is_blank(completion->typed))
		return 0;
	if (strcasecmp(id, completion->typed) == 0)
		return 4;
	key = text_search_key(name);
	place = strstr(key, completion->key);
	if (strcmp(key, completion->key) == 0)
		rank = 3;
	else if (place == key && rank < 2)
		rank = 2;
	else if (place && rank < 1)
		rank = 1;
	free(key);
	return rank;
}

void
completion_offer(struct completion *completion, const char *id,
    const char *name, bool starts)
{
	const int rank = rank_of(completion, id, name, starts);

	if (rank == 0 || rank < completion->rank)
		return;
	if (rank > completion->rank) {
		completion->rank = rank;
		completion->count = 0;
		buf_clear(&completion->names);
	}
	completion->count++;
	if (completion->count == 1) {
		memset(completion->id, 0, sizeof(completion->id));
		memcpy(completion->id, id,
		    strnlen(id, sizeof(completion->id) - 1));
	}
	if (completion->count <= CANDIDATES_SHOWN)
		buf_addf(&completion->names, "%s%.16s (%s)",
		    completion->count > 1 ? ", " : "", id, name);
	else if (completion->count == CANDIDATES_SHOWN + 1)
		buf_add_text(&completion->names, ", …");
}

int
completion_end(
    struct completion *completion, const char *missing, struct err *err)
{
	int result = 0;

	if (completion->count == 0)
		result = err_set(
		    err, ERR_NOT_FOUND, "%s: %s", completion->typed, missing);
	else if (completion->count > 1)
		result = err_set(err, ERR_CONFLICT,
		    _("%s can mean %zu things; type more of one: %s"),
		    completion->typed, completion->count,
		    completion->names.data);
	free(completion->key);
	buf_release(&completion->names);
	return result;
}

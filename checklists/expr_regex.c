/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/expr_internal.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <string.h>

#include "base/i18n.h"

/*
 * regex(): the whole text must match, as in Java.  A form is foreign, and so
 * is its pattern: compiling and matching have limits of work and memory.
 */

enum { PATTERN_MAX = 8192, MATCH_MAX = 200000, MATCH_DEPTH_MAX = 1000 };
enum { MATCH_HEAP_KIB = 8 * 1024 };

/*
 * PCRE2 does not tell how much work a match was.  So a small limit is tried
 * first, for a price that covers it; what needs more pays for all of it.
 */
enum { MATCH_SMALL = 2000, STEPS_SMALL = 1000, STEPS_MAX = 100000 };

static pcre2_code *
compile(const char *pattern, struct err *err)
{
	PCRE2_UCHAR why[128];
	PCRE2_SIZE at;
	pcre2_code *code;
	int number;

	if (strlen(pattern) > PATTERN_MAX) {
		err_set(err, ERR_LIMIT,
		    _("the pattern is longer than %d bytes"), PATTERN_MAX);
		return NULL;
	}
	code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
	    PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED |
		PCRE2_NEVER_BACKSLASH_C,
	    &number, &at, NULL);
	if (!code) {
		pcre2_get_error_message(number, why, sizeof(why));
		err_set(err, ERR_FORMAT,
		    _("the pattern is wrong at its byte %zu: %s"), at + 1,
		    (const char *)why);
	}
	return code;
}

int
regex_check(const char *pattern, struct err *err)
{
	pcre2_code *code = compile(pattern, err);

	pcre2_code_free(code);
	return code ? 0 : -1;
}

static bool
hit_limit(int found)
{
	return found == PCRE2_ERROR_MATCHLIMIT ||
	    found == PCRE2_ERROR_DEPTHLIMIT || found == PCRE2_ERROR_HEAPLIMIT;
}

/* 1, 0, or -1 when the pattern takes too long on this text. */
static int
match(const pcre2_code *code, const char *text, uint32_t work)
{
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	pcre2_match_context *limits = pcre2_match_context_create(NULL);
	int found = -1;

	if (data && limits) {
		pcre2_set_match_limit(limits, work);
		pcre2_set_depth_limit(limits, MATCH_DEPTH_MAX);
		pcre2_set_heap_limit(limits, MATCH_HEAP_KIB);
		found = pcre2_match(code, (PCRE2_SPTR)text,
		    PCRE2_ZERO_TERMINATED, 0, 0, data, limits);
	}
	pcre2_match_context_free(limits);
	pcre2_match_data_free(data);
	if (found >= 0)
		return 1;
	return hit_limit(found) ? -1 : 0;
}

int
call_regex(struct eval *eval, const struct expr *node, struct value *value)
{
	const char *text, *pattern;
	struct err why = { 0 };
	pcre2_code *code;
	int found = -1;

	if (call_text(eval, node, 0, &text) != 0 ||
	    call_text(eval, node, 1, &pattern) != 0)
		return -1;
	if (eval_work(eval, STEPS_SMALL + strlen(text) + strlen(pattern)) != 0)
		return -1;
	code = compile(pattern, &why);
	if (!code)
		return call_fail(eval, node, "%s", why.msg);
	found = match(code, text, MATCH_SMALL);
	if (found < 0 && eval_work(eval, STEPS_MAX) == 0)
		found = match(code, text, MATCH_MAX);
	pcre2_code_free(code);
	if (found < 0)
		return call_fail(
		    eval, node, _("the pattern takes too long on this text"));
	*value = value_of_truth(found);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "checklists/form.h"
#include "checklists/state.h"

/*
 * Forms that were made to take for ever or all memory, each read and started
 * in a process of its own.  The limits are far above what is allowed (a second
 * on an idle machine): what these forms asked for before there were bounds is
 * minutes and gigabytes.
 */
enum { CPU_SECONDS_MAX = 20, MEMORY_MAX_MB = 200 };

#if defined(__SANITIZE_ADDRESS__)
enum { MEMORY_IS_OURS = 0 };
#else
enum { MEMORY_IS_OURS = 1 };
#endif

static const char head[] =
    "ronde-checklist,1\n"
    "survey,type,name,label,calculation,repeat_count,choice_filter\n"
    ",integer,n,N,,,\n";

/* `count` calculations c0, c1, ...; "#" is the number of the one before. */
static void
add_calculations(struct buf *form, int first, int count, const char *text)
{
	for (int i = first; i < first + count; i++) {
		buf_addf(form, ",calculate,c%d,,\"", i);
		for (const char *at = text; *at; at++) {
			if (*at == '#')
				buf_addf(form, "%d", i - 1);
			else
				buf_add_char(form, *at);
		}
		buf_add_text(form, "\",,\n");
	}
}

static void
add_many(struct buf *out, int count, const char *text)
{
	for (int i = 0; i < count; i++)
		buf_add_text(out, text);
}

static void
patterns_that_explode(struct buf *form)
{
	add_calculations(form, 0, 3000,
	    "regex('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '(a+)+$')");
}

static void
texts_that_grow(struct buf *form)
{
	add_calculations(form, 0, 1, "'0123456789abcdef'");
	add_calculations(form, 1, 5000, "concat(${c#}, ${c#}, ${c#}, ${c#})");
}

static void
long_translations(struct buf *form)
{
	struct buf text = BUF_INIT;

	buf_add_char(&text, '\'');
	add_many(&text, 3000, "0123456789");
	buf_add_char(&text, '\'');
	add_calculations(form, 0, 1, text.data);
	buf_clear(&text);
	buf_add_text(&text, "translate(${c0}, '");
	add_many(&text, 1000, "abcdefgh");
	buf_add_text(&text, "', 'x')");
	add_calculations(form, 1, 1000, text.data);
	buf_release(&text);
}

static void
rows_without_number(struct buf *form)
{
	buf_add_text(form,
	    ",begin repeat,r,R,,1000000000,\n,begin repeat,q,Q,,1000000000,\n"
	    ",text,t,T,,,\n,end repeat,,,,,\n,end repeat,,,,,\n");
}

static void
rows_that_sum_all_rows(struct buf *form)
{
	buf_add_text(form,
	    ",begin repeat,r,R,,1000000000,\n,integer,t,T,,,\n"
	    ",calculate,k,K,sum(../../r/t) + position(..),,\n"
	    ",end repeat,,,,,\n,calculate,z,,sum(${k}),,\n");
}

static void
long_sums_everywhere(struct buf *form)
{
	struct buf text = BUF_INIT;

	add_many(&text, 1500, "${n} + ");
	buf_add_text(&text, "1");
	add_calculations(form, 0, 2000, text.data);
	buf_release(&text);
}

static void
filters_of_long_lists(struct buf *form)
{
	for (int i = 0; i < 3000; i++)
		buf_addf(form, ",select_one v,v%d,V,,,d = ${n}\n", i);
	buf_add_text(form, "choices,list_name,name,label,d\n");
	for (int i = 0; i < 100000; i++)
		buf_addf(form, ",v,c%d,C,%d\n", i, i / 100);
}

/* A third of it under sanitizers, where libcsv's growing by small steps takes
 * time by the square. */
static void
a_label_of_a_megabyte(struct buf *form)
{
	buf_add_text(form, ",note,big,");
	add_many(form, MEMORY_IS_OURS ? 100000 : 30000, "0123456789");
	buf_add_text(form, ",,,\n");
}

static void
deep_parentheses(struct buf *form)
{
	struct buf text = BUF_INIT;

	add_many(&text, 100000, "(");
	add_many(&text, 100000, ")");
	add_calculations(form, 0, 1, text.data);
	buf_release(&text);
}

static void
a_count_that_counts_itself(struct buf *form)
{
	buf_add_text(form,
	    ",begin repeat,r,R,,${z},\n,text,t,T,,,\n,end repeat,,,,,\n"
	    ",calculate,z,,count(${r}) + 1,,\n");
}

/* In the child: 0 when it opened and answered, 1 when it was refused and said
 * why. */
static int
open_and_answer(const struct buf *text)
{
	struct problems problems = { 0 };
	struct err err = { 0 };
	struct form *form = form_parse(text->data, text->len, &problems, &err);
	struct state *state;

	if (!form)
		return err.msg[0] ? 1 : 2;
	state = state_new(form, 1709287200000);
	state_start(state, true);
	state_set(state, 0, "3");
	return 0;
}

static int
run(void (*make)(struct buf *form), long *megabytes)
{
	const struct rlimit cpu = { CPU_SECONDS_MAX, CPU_SECONDS_MAX };
	struct buf form = BUF_INIT;
	struct rusage used;
	pid_t child;
	int status;

	buf_add_text(&form, head);
	make(&form);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		setrlimit(RLIMIT_CPU, &cpu);
		_exit(open_and_answer(&form));
	}
	assert_int_equal(wait4(child, &status, 0, &used), child);
	*megabytes = used.ru_maxrss / 1024;
	buf_release(&form);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
a_hostile_form_is_refused_or_bounded(void **state)
{
	static const struct {
		const char *what;
		void (*make)(struct buf *form);
		int result;
	} forms[] = {
		{ "patterns", patterns_that_explode, 0 },
		{ "texts", texts_that_grow, 0 },
		{ "translations", long_translations, 0 },
		{ "rows", rows_without_number, 0 },
		{ "sums of rows", rows_that_sum_all_rows, 0 },
		{ "long sums", long_sums_everywhere, 1 },
		{ "filters", filters_of_long_lists, 0 },
		{ "a label", a_label_of_a_megabyte, 1 },
		{ "parentheses", deep_parentheses, 1 },
		{ "a circle", a_count_that_counts_itself, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		long megabytes;

		print_message("%s\n", forms[i].what);
		assert_int_equal(
		    run(forms[i].make, &megabytes), forms[i].result);
		if (MEMORY_IS_OURS)
			assert_in_range(megabytes, 0, MEMORY_MAX_MB);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_hostile_form_is_refused_or_bounded),
	};

	return RUN_TESTS(tests);
}

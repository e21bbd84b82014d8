/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "checklists/reader.h"
#include "checklists/state_internal.h"

/*
 * After every answer only what depends on it is computed.  Computing all of
 * the form anew must then find nothing to change: for random answers, rows
 * that come and go, and forms in which everything depends on something.
 */

static const char form_csv[] =
    "ronde-checklist,1\n"
    "survey,type,name,label,relevant,calculation,constraint,required,"
    "choice_filter,repeat_count,read_only\n"
    ",integer,a,A,,,. < 50,,,,\n"
    ",integer,b,B,${a} > 3,,. > ${a},${a} > 10,,,\n"
    ",calculate,sum,,,${a} + ${b},,,,,\n"
    ",select_one places,place,Place,,,,,,,\n"
    ",select_one towns,town,Town,${place} != '',,,,of = ${place},,\n"
    ",select_multiple towns,many,Many,,,count-selected(.) < 3,,"
    "of = ${place} or ${a} > 20,,\n"
    ",begin group,g,G,${town} != 'x1' and ${sum} < 60,,,,,,\n"
    ",text,word,Word,,,. != ${town},,,,${a} = 7\n"
    ",begin group,h,H,${word} != '',,,,,,\n"
    ",calculate,deep,,,\"concat(${word}, ${sum})\",,,,,\n"
    ",text,last,Last,${deep} != 'w',,,,,,\n"
    ",end group,,,,,,,,,\n"
    ",end group,,,,,,,,,\n"
    ",begin repeat,free,Free,${a} < 40,,,,,,\n"
    ",integer,x,X,,,,,,,\n"
    ",calculate,total,,,sum(/data/free/x) + position(..),,,,,\n"
    ",text,y,Y,${x} > ${a},,,,,,\n"
    ",begin repeat,inner,Inner,,,,,,,\n"
    ",integer,z,Z,${x} != 5,,,,,,\n"
    ",end repeat,,,,,,,,,\n"
    ",end repeat,,,,,,,,,\n"
    ",begin repeat,counted,Counted,,,,,,${a} mod 7,\n"
    ",integer,n,N,,,,,,,\n"
    ",end repeat,,,,,,,,,\n"
    ",calculate,all,,,"
    "count(/data/free) + sum(/data/counted/n) + sum(${z}),,,,,\n"
    ",text,end,End,${all} > 4 and ${deep} != '',,,,,,\n"
    "choices,list_name,name,label,of\n"
    ",places,x,X,\n,places,y,Y,\n"
    ",towns,x1,X1,x\n,towns,x2,X2,x\n,towns,y1,Y1,y\n";

static const char *const values[] = { "", "0", "1", "5", "7", "12", "25", "49",
	"x", "y", "x1", "x2", "y1", "x1 x2", "w", "word" };

/* xorshift: a seeded, repeatable source of numbers. */
static uint64_t
random_next(uint64_t *random)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return *random;
}

static struct form *
parse(const char *csv, size_t len)
{
	struct problems problems = { 0 };
	struct err err = { 0 };
	struct form *form = form_parse(csv, len, &problems, &err);

	assert_no_err(&err);
	problems_release(&problems);
	return form;
}

/* All that is known of each place, a line a place. */
static void
write_down(const struct state *state, struct buf *out)
{
	for (int i = 0; i < state->place_count; i++) {
		const struct slot *slot = &state->slots[i];
		size_t count;

		if (slot->absent)
			continue;
		state_add_path(state, i, out);
		buf_addf(out, " %d%d%d%d \"%s\"", slot->relevant,
		    slot->required, slot->read_only, slot->refusal,
		    slot_text(slot));
		if (item_at(state, i)->choice_filter) {
			state_choices(state, i, &count);
			buf_addf(out, " of %zu", count);
		}
		buf_add_char(out, '\n');
	}
}

/* Nothing is another when everything is computed once more. */
static void
assert_is_settled(struct state *state, long step)
{
	struct buf before = BUF_INIT, after = BUF_INIT;

	write_down(state, &before);
	compute_all(state);
	write_down(state, &after);
	if (strcmp(before.data, after.data) != 0)
		fail_msg(
		    "step %ld\n%s\nanew:\n%s", step, before.data, after.data);
	buf_release(&before);
	buf_release(&after);
}

/* An answer, a row more, or a row less, as the number says. */
static void
change(struct state *state, uint64_t *random)
{
	const int place =
	    (int)(random_next(random) % (uint64_t)state_places(state));
	const struct item *item = item_at(state, place);
	struct err ignored = { 0 };
	char key[8];
	size_t count;

	if (state->slots[place].absent || !state_is_relevant(state, place))
		return;
	if (item->type == ITEM_REPEAT && state_repeat(state, place) >= 0) {
		if (!state_rows_are_counted(state, state_repeat(state, place)))
			state_row_remove(state, place);
	} else if (item->type == ITEM_REPEAT) {
		state_rows(state, place, &count);
		snprintf(key, sizeof(key), "%u",
		    (unsigned)(random_next(random) % 90 + 1));
		if (count < 6)
			state_row_add(state, place, key, &ignored);
	} else if (item_is_question(item)) {
		const char *value =
		    values[random_next(random) % ARRAY_LEN(values)];

		if (state_check(state, place, value, 0, &ignored) == 0)
			state_set(state, place, value);
	}
}

static void
walk(const struct form *form, uint64_t seed, long steps)
{
	struct state *state = state_new(form, INT64_C(1709287200000));
	uint64_t random = seed;

	state_start(state, true);
	assert_is_settled(state, 0);
	for (long step = 1; step <= steps; step++) {
		change(state, &random);
		assert_is_settled(state, step);
	}
	state_free(state);
}

static void
computing_all_anew_changes_nothing(void **state)
{
	struct form *form = parse(form_csv, strlen(form_csv));

	(void)state;
	for (uint64_t seed = 1; seed <= 40; seed++)
		walk(form, seed * 7919, 300);
	form_free(form);
}

static void
the_same_holds_for_a_real_form_of_500_questions(void **state)
{
	static const char name[] =
	    "forms/xlsform/getodk-web-forms--whova_form.xlsx";
	struct buf bytes = BUF_INIT, sheets = BUF_INIT;
	struct problems problems = { 0 };
	struct err err = { 0 };
	struct form *form;

	(void)state;
	if (!test_shared(name))
		skip();
	file_read(test_shared(name), &bytes, &err);
	assert_no_err(&err);
	reader_take_apart(
	    "workbook", bytes.data, bytes.len, &sheets, NULL, &problems, &err);
	form = parse(sheets.data, sheets.len);
	walk(form, 4242, 400);
	form_free(form);
	problems_release(&problems);
	buf_release(&bytes);
	buf_release(&sheets);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(computing_all_anew_changes_nothing),
		TEST(the_same_holds_for_a_real_form_of_500_questions),
	};

	return RUN_TESTS(tests);
}

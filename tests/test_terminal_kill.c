/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/terminal_support.h"

/*
 * kill -9 of the real program while somebody answers in the terminal.  An
 * answer of which the screen said that it is saved is there when the program
 * starts again, which it does at once: no lock is left behind.
 *
 * RONDE_TEST_KILLS asks for another number of kills, RONDE_TEST_SEED for
 * another course.
 */
enum { KILLS = 200, ANSWERS_MAX = 4, LONGEST_MS = 6 };

static const char label[] = "Remarks", mark[] = "answer-";

/* The number of the answer on the screen; 0: none. */
static long
shown_number(struct vt *vt)
{
	const char *at = strstr(vt_screen(vt), mark);

	return at ? atol(at + strlen(mark)) : 0;
}

static void
type(struct vt *vt, long number, bool wait)
{
	char keys[64];

	snprintf(keys, sizeof(keys), "\x15%s%ld\r", mark, number);
	if (wait)
		vt_send(vt, keys);
	else
		vt_send_only(vt, keys);
}

/* Answers a few times; the last number that the screen said was saved. */
static long
answer_some(struct vt *vt, long number)
{
	const int answers = rand() % (ANSWERS_MAX + 1);

	for (int i = 0; i < answers; i++) {
		type(vt, ++number, true);
		assert_shown(vt, "saved ");
		vt_send(vt, "\033OA"); /* back to the same question */
		assert_shown(vt, label);
		assert_int_equal(shown_number(vt), number);
	}
	return number;
}

static void
no_answer_said_to_be_saved_is_lost_by_kill_9(void **state)
{
	const char *asked = getenv("RONDE_TEST_KILLS");
	const char *seed = getenv("RONDE_TEST_SEED");
	const long kills = asked ? atol(asked) : KILLS;
	long saved = 0, told = 0, late = 0;

	(void)state;
	srand(seed ? (unsigned)atol(seed) : 20261123);
	for (long i = 0; i <= kills; i++) {
		struct vt *vt = start_plain();
		long number;

		open_question(vt, "remarks", label);
		number = shown_number(vt);
		if (number != saved && number != saved + 1)
			fail_msg(
			    "kill %ld: %ld saved, %ld there", i, saved, number);
		late += number - saved;
		saved = answer_some(vt, number);
		told += saved - number;
		if (rand() % 4 > 0)
			type(vt, saved + 1, false);
		poll(NULL, 0, rand() % LONGEST_MS);
		kill(vt_pid(vt), SIGKILL);
		vt_free(vt);
	}
	printf("kill_kills %ld\nkill_told %ld\nkill_saved_before_told %ld\n"
	       "kill_lost 0\n",
	    kills, told, late);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_answer_said_to_be_saved_is_lost_by_kill_9),
	};

	terminal_set_up("correct horse\n", "Poste Nord");
	return RUN_TESTS(tests);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

static void
a_buffer_grows_and_stays_a_string(void **state)
{
	struct buf buf = BUF_INIT;

	(void)state;
	assert_string_equal(buf.data, "");
	for (int i = 0; i < 1000; i++)
		buf_addf(&buf, "%03d", i);
	assert_int_equal(buf.len, 3000);
	assert_int_equal(buf.data[3000], '\0');
	assert_memory_equal(buf.data + 2994, "998999", 6);
	buf_cut(&buf, 6);
	assert_string_equal(buf.data, "000001");
	buf_clear(&buf);
	assert_string_equal(buf.data, "");
	buf_release(&buf);
	assert_string_equal(buf.data, "");
}

static void
a_full_buffer_takes_nothing_more_and_says_so(void **state)
{
	struct err err = { 0 };
	struct buf buf;

	(void)state;
	buf_init(&buf, 10);
	buf_add_text(&buf, "0123456789");
	assert_false(buf_is_full(&buf));
	assert_int_equal(buf_check(&buf, "it", &err), 0);
	buf_add_char(&buf, 'x');
	assert_true(buf_is_full(&buf));
	assert_string_equal(buf.data, "0123456789");
	assert_int_equal(buf_check(&buf, "it", &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_non_null(strstr(err.msg, "it"));
	buf_clear(&buf);
	buf_add_text(&buf, "y");
	assert_string_equal(buf.data, "y");
	buf_release(&buf);
}

static void
what_is_detached_is_the_caller_s(void **state)
{
	struct buf buf = BUF_INIT;
	char *text;

	(void)state;
	text = buf_detach(&buf);
	assert_string_equal(text, "");
	free(text);
	buf_add_text(&buf, "abc");
	text = buf_detach(&buf);
	assert_string_equal(text, "abc");
	assert_int_equal(buf.len, 0);
	free(text);
}

static void
numbers_keep_their_byte_order(void **state)
{
	static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 0xff };
	uint8_t to[8];

	(void)state;
	assert_int_equal(load_le32(bytes), 0x04030201);
	assert_true(load_le64(bytes) == 0xff07060504030201);
	assert_int_equal(load_be32(bytes), 0x01020304);
	store_le64(to, 0xff07060504030201);
	assert_memory_equal(to, bytes, 8);
	store_le32(to, 0x14131211);
	assert_int_equal(load_le32(to), 0x14131211);
	assert_memory_equal(to + 4, bytes + 4, 4);
}

static void
an_arena_gives_zeroed_aligned_memory_of_any_size(void **state)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 65536, 1000000, 3 };
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		unsigned char *memory = arena_alloc(arena, sizes[i]);

		assert_int_equal((uintptr_t)memory % 16, 0);
		for (size_t j = 0; j < sizes[i]; j++)
			assert_int_equal(memory[j], 0);
		memset(memory, 0xff, sizes[i]);
	}
	assert_string_equal(arena_strndup(arena, "abcdef", 3), "abc");
	assert_true(arena_size(arena) >= 1065536);
	arena_free(arena);
	arena_free(NULL);
}

static void
grown_memory_is_zero(void **state)
{
	int *list = NULL;
	size_t room = 0;

	(void)state;
	mem_grow(&list, &room, 1, sizeof(*list));
	assert_true(room >= 1);
	for (size_t i = 0; i < room; i++)
		list[i] = -1;
	mem_grow(&list, &room, 1000, sizeof(*list));
	assert_int_equal(list[0], -1);
	assert_int_equal(list[999], 0);
	free(list);
}

static void
say_goodbye(void)
{
	_exit(42);
}

static void
running_out_of_memory_ends_after_the_hook(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	pid = fork();
	if (pid == 0) {
		mem_on_exhausted(say_goodbye);
		(void)xrealloc(NULL, SIZE_MAX / 2, 3);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	/* AddressSanitizer reports the request and ends on its own. */
#ifndef __SANITIZE_ADDRESS__
	assert_int_equal(WEXITSTATUS(status), 42);
#else
	assert_int_not_equal(WEXITSTATUS(status), 0);
#endif
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_buffer_grows_and_stays_a_string),
		TEST(a_full_buffer_takes_nothing_more_and_says_so),
		TEST(what_is_detached_is_the_caller_s),
		TEST(numbers_keep_their_byte_order),
		TEST(an_arena_gives_zeroed_aligned_memory_of_any_size),
		TEST(grown_memory_is_zero),
		TEST(running_out_of_memory_ends_after_the_hook),
	};

	return RUN_TESTS(tests);
}

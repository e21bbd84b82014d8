/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_BAD_INPUT_H
#define TESTS_BAD_INPUT_H

#include <stddef.h>

#include "base/buf.h"

/*
 * What the tests of bad input share: three people on one mission, and a look
 * at all that must stay as it was.  `who` is the name of a vault in the
 * folder, as for command_run().
 */
enum { BAD_LONG = 10000 };

/* What is tried, and a part of what it must say in each language. */
struct bad {
	const char *words, *english, *french;
};

extern char *bad_folder;
extern char bad_visit[64]; /* the inspection that the three share */

/* Makes the vaults of amina (authority), zoe, koffi (on her mission) and paul
 * (whom nobody knows); `early` is amina's before zoe.ronde came. */
void bad_make_mission(void);
void bad_copy_vault(const char *from, const char *to);
void bad_run(const char *who, const char *words); /* must succeed */
void bad_set_answer(const char *who, const char *path_and_value);

char *bad_in_folder(const char *name); /* the caller's to free */
void bad_write_bytes(const char *name, const void *bytes, size_t len);
void bad_write_text(const char *name, const char *text);
/* The same; NULL takes the file away. */
void bad_write_sheet(const char *name, const char *text);
void bad_read_bytes(const char *name, struct buf *to);

/* The state of a vault (unless NULL) and all files, as one text. */
struct buf bad_snapshot(const char *who);
/* Fails when they are no longer so; releases `before`. */
void bad_assert_as_it_was(
    struct buf *before, const char *who, const char *words);

/* It ends with 1 and says so in both languages. */
void bad_says(const char *who, const struct bad *bad);
/* And changes nothing. */
void bad_refuses(const char *who, const struct bad *bad);

/* VISIT and LONG in the words stand for the inspection and for a text of one
 * character more than BAD_LONG.  The caller's to free. */
char *bad_write_out(const char *words);
void bad_refuses_all(const char *who, const struct bad *cases, size_t count);

#endif

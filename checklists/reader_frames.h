/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_READER_FRAMES_H
#define CHECKLISTS_READER_FRAMES_H

#include "checklists/reader.h"

/*
 * What ronde-reader says on its output, as doc/formats/checklist.md has it.
 * The side that reads trusts none of it: the helper may have been taken over
 * by what it read.
 */

/* Its first line, written when it is confined and has read nothing yet. */
#define READER_GREETING "ronde-reader 1\n"

enum {
	READER_INPUT_MAX = 64 << 20, /* bytes of a file */
	READER_OUTPUT_MAX = 96 << 20 /* bytes of all frames */
};

void reader_frames_add(struct buf *out, const struct buf *sheets,
    const struct reader_rows *rows, const struct problems *problems,
    const struct err *result);

/*
 * Takes the frames after the greeting apart.  0; or -1 with the helper's own
 * error, or with ERR_FORMAT where they are not what they should be.
 */
int reader_frames_read(const char *bytes, size_t len, struct buf *sheets,
    struct reader_rows *rows, struct problems *problems, struct err *err);

#endif

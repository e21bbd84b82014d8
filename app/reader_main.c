/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ronde-reader KIND LANG: takes a spreadsheet on standard input apart.
 *
 * It is started by ronde (checklists/reader.c) with nothing but descriptors 0
 * and 1, confines itself before it reads a byte, and says what it found in
 * frames (doc/formats/checklist.md).  It has no keys and no database.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "checklists/reader_frames.h"
#include "checklists/sandbox.h"
#include "checklists/xls.h"

/* How it ends, apart from signals. */
enum { DONE = 0, NOT_CONFINED = 3, NOT_WRITTEN = 4, WRONG_USAGE = 2 };

/* What needs files is done while there are any. */
static void
load_language(const char *code)
{
	enum lang lang = LANG_EN;

	i18n_init();
	if (lang_find(code, &lang))
		i18n_set(lang);
	(void)_("nested too deeply"); /* loads the catalogue */
}

static int
write_out(const struct buf *out)
{
	size_t done = 0;

	while (done < out->len) {
		const ssize_t put =
		    write(STDOUT_FILENO, out->data + done, out->len - done);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		done += (size_t)put;
	}
	return 0;
}

static int
read_input(struct buf *in, struct err *err)
{
	char piece[64 * 1024];
	ssize_t got;

	for (;;) {
		got = read(STDIN_FILENO, piece, sizeof(piece));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		buf_add(in, piece, (size_t)got);
	}
	if (got < 0)
		return err_errno(err, _("cannot read the input"));
	return buf_check(in, _("the file"), err);
}

static int
work(const char *kind)
{
	struct buf in = BUF_INIT, sheets = BUF_INIT, out = BUF_INIT;
	struct reader_rows rows = { 0 };
	struct problems problems = { 0 };
	struct err err = { 0 };

	buf_init(&in, READER_INPUT_MAX);
	if (read_input(&in, &err) == 0)
		reader_take_apart(
		    kind, in.data, in.len, &sheets, &rows, &problems, &err);
	reader_frames_add(&out, &sheets, &rows, &problems, &err);
	return write_out(&out) < 0 ? NOT_WRITTEN : DONE;
}

int
main(int argc, char **argv)
{
	struct buf out = BUF_INIT;
	struct err err = { 0 };
	int status = NOT_CONFINED;

	if (argc != 3)
		return WRONG_USAGE;
	load_language(argv[2]);
	xls_prepare();
	if (sandbox_enter(&err) == 0) {
		buf_add_text(&out, READER_GREETING);
		status = write_out(&out) < 0 ? NOT_WRITTEN : work(argv[1]);
	}
	/* Nothing at exit may want what it no longer has. */
	_exit(status);
}

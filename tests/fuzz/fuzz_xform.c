/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

#include "base/buf.h"
#include "checklists/form.h"
#include "checklists/reader.h"
#include "checklists/state.h"

/* Any bytes as XForms XML; what comes of it is read as a form and started. */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct problems problems = { 0 };
	struct buf sheets = BUF_INIT;
	struct err err = { 0 };
	struct form *form = NULL;
	struct state *state;

	if (reader_take_apart(
		"xform", bytes, len, &sheets, NULL, &problems, &err) == 0)
		form = form_parse(sheets.data, sheets.len, &problems, &err);
	if (form) {
		state = state_new(form, 1709288430456);
		state_start(state, true);
		state_free(state);
	}
	form_free(form);
	buf_release(&sheets);
	problems_release(&problems);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "checklists/form.h"
#include "checklists/state.h"

/* Any bytes as normalised sheets; a form that comes of it is answered. */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
answer(const struct form *form)
{
	struct state *state = state_new(form, 1709288430456);
	struct buf out = BUF_INIT;
	struct err err = { 0 };

	state_start(state, true);
	for (int i = 0; i < form->item_count && i < 200; i++) {
		buf_clear(&out);
		err.code = ERR_NONE;
		if (state_read_typed(state, i, "1", 0, &out, &err) == 0 &&
		    state_check(state, i, out.data, 0, &err) == 0)
			state_set(state, i, out.data);
		state_add_text(state, i, STATE_LABEL, 0, &out);
		state_why_invalid(state, i, 0, &out);
		state_add_shown(state, i, 0, &out);
	}
	state_progress(state, 0, form->item_count);
	buf_release(&out);
	state_free(state);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct problems problems = { 0 };
	struct err err = { 0 };
	struct form *form =
	    form_parse((const char *)bytes, len, &problems, &err);

	if (form)
		answer(form);
	form_free(form);
	problems_release(&problems);
	return 0;
}

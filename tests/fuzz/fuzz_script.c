/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/xml.h"
#include "checklists/form.h"
#include "checklists/script.h"
#include "checklists/submission.h"

/*
 * Normalised sheets, a line "--", then a script of answers.  Whatever was
 * answered gives a well-formed submission.
 */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { SCRIPT_MAX = 4096 };

static void
submit(const struct state *state)
{
	const struct submission submission = { .instance_id = "uuid:0" };
	const struct xml_handler nothing = { 0 };
	struct buf xml = BUF_INIT;
	struct err err = { 0 };

	submission_write(state, &submission, &xml);
	if (xml_parse(xml.data, xml.len, "", &nothing, NULL, &err) < 0)
		assert(err.code == ERR_LIMIT);
	buf_release(&xml);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const char *text = (const char *)bytes;
	const char *split = memmem(text, len, "\n--\n", 4);
	const size_t form_len = split ? (size_t)(split + 1 - text) : len;
	struct problems problems = { 0 };
	struct err err = { 0 };
	struct form *form = form_parse(text, form_len, &problems, &err);

	if (form && split && len - form_len - 3 <= SCRIPT_MAX) {
		struct script script = { .state =
					     state_new(form, 1709288430456) };

		state_start(script.state, true);
		script_run(&script, text + form_len + 3, len - form_len - 3,
		    "script", &err);
		submit(script.state);
		state_free(script.state);
	}
	form_free(form);
	problems_release(&problems);
	return 0;
}

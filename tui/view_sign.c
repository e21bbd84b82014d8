/* SPDX-License-Identifier: Apache-2.0 */
/* Signing, on a screen of its own; and reopening with a reason. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "inspections/inspection.h"
#include "storage/identity.h"
#include "tui/ask.h"
#include "tui/shown.h"
#include "tui/ui.h"
#include "tui/views.h"

struct sign {
	struct inspection *inspection;
	char code[FINGERPRINT_MAX];
	int questions;
	size_t events;
};

static void
sign_text(const struct view *view, void *arg, struct buf *out)
{
	const struct sign *sign = arg;
	const struct identity *self = identity_get(view->ui->vault);
	const struct inspection_info *info = inspection_info(sign->inspection);

	buf_addf(out, "%s, %s\n\n", info->site_name, info->checklist_title);
	buf_addf(out, _("What will be signed: answers %d, events %zu\n"),
	    sign->questions, sign->events);
	buf_addf(out, _("Control code:        %s\n"), sign->code);
	buf_add_text(out, _("Signed by:           "));
	if (self)
		shown_person(self->name, self->organisation, out);
}

static enum ask_done
sign(struct view *view, void *arg, struct err *err)
{
	struct sign *signing = arg;

	if (inspection_sign(signing->inspection, ask_text(view, 0),
		ask_text(view, 1), err) != 0)
		return ASK_FAILED;
	ui_saved(view->ui);
	ui_tell(view->ui, _("The inspection is signed"));
	return ASK_CLOSE;
}

static const struct ask_spec sign_spec = {
	.name = "sign",
	.title = N_("sign"),
	.fields = {
	    { .kind = ASK_TEXT, .label = N_("The site's person"),
		.hint = N_("who represents the site; may stay empty") },
	    { .kind = ASK_TEXT, .label = N_("Function") },
	},
	.careful = true,
	.submit = ACT_SIGN,
	.done = sign,
	.add_text = sign_text,
	.free_arg = free,
};

struct view *
view_sign_new(struct inspection *inspection, struct err *err)
{
	struct sign *signing = xcalloc(1, sizeof(*signing));
	struct review review = { 0 };
	const struct state_counts all =
	    state_progress(inspection_state(inspection), 0,
		inspection_form(inspection)->item_count);

	signing->inspection = inspection;
	signing->questions = all.answered;
	if (inspection_control_code(inspection, signing->code, err) != 0) {
		free(signing);
		return NULL;
	}
	inspection_review(inspection, &review);
	signing->events = review.event_count;
	review_release(&review);
	return view_ask_new(&sign_spec, signing);
}

static enum ask_done
reopen(struct view *view, void *arg, struct err *err)
{
	if (text_is_blank(ask_text(view, 0))) {
		err_set(err, ERR_VALUE, _("reopening needs a reason"));
		return ASK_FAILED;
	}
	if (inspection_reopen(arg, ask_text(view, 0), err) != 0)
		return ASK_FAILED;
	ui_saved(view->ui);
	ui_tell(view->ui, _("The inspection is open again"));
	return ASK_CLOSE;
}

static const struct ask_spec reopen_spec = {
	.name = "reopen",
	.title = N_("reopen"),
	.text = N_("The signature stays in the history, with the reason why "
		   "the inspection was opened again."),
	.fields = { { .kind = ASK_TEXT, .label = N_("Reason") } },
	.done = reopen,
};

struct view *
view_reopen_new(struct inspection *inspection)
{
	return view_ask_new(&reopen_spec, inspection);
}

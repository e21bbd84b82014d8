/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The language that the form is read in: the screen's, until another of the
 * form's own is chosen, of which there may be any number.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tui/fill.h"
#include "tui/ui.h"

size_t
fill_lang(const struct fill *fill)
{
	return fill->own_lang ? fill->lang : form_lang(fill->form, i18n_lang());
}

static void
set_lang(struct fill *fill, size_t lang)
{
	/* Back at the screen's language, F8 means the form as well again. */
	fill->own_lang = lang != form_lang(fill->form, i18n_lang());
	fill->lang = lang;
}

void
fill_set_lang(struct fill *fill, const char *name)
{
	for (size_t i = 0; i < fill->form->lang_count; i++)
		if (strcmp(fill->form->langs[i], name) == 0)
			set_lang(fill, i);
}

void
fill_next_lang(struct fill *fill)
{
	struct err ignored = { 0 }; /* what was refused still is */

	set_lang(fill, (fill_lang(fill) + 1) % fill->form->lang_count);
	if (fill->why)
		(void)fill_commit(fill, &ignored);
	ui_tell(fill->view.ui, _("the questions are in %s"),
	    fill->form->langs[fill_lang(fill)]);
}

void
fill_add_mark(
    const struct fill *fill, const struct form_text *text, struct buf *out)
{
	const size_t wanted = fill_lang(fill);
	size_t used = fill->form->default_lang;
	const char *name;
	bool fell_back;

	(void)form_text(fill->form, text, wanted, &fell_back);
	if (!fell_back)
		return;
	for (size_t i = 0; !text->in[used] && i < fill->form->lang_count; i++)
		if (text->in[i])
			used = i;
	name = fill->form->langs[used];
	buf_add_text(out, " [");
	buf_add(out, name, strcspn(name, "("));
	while (out->data[out->len - 1] == ' ')
		out->data[--out->len] = '\0';
	buf_add_text(out, "]");
}

void
fill_add_text(
    const struct fill *fill, int place, enum state_text which, struct buf *out)
{
	const struct item *item =
	    &fill->form->items[state_item(fill_state(fill), place)];
	const size_t before = out->len;

	state_add_text(fill_state(fill), place, which, fill_lang(fill), out);
	if (out->len > before)
		fill_add_mark(fill,
		    which == STATE_LABEL      ? item->label
			: which == STATE_HINT ? item->hint
					      : item->guidance,
		    out);
}

void
fill_add_choice(
    const struct fill *fill, const struct choice *choice, struct buf *out)
{
	if (!choice->label) {
		buf_add_text(out, choice->name);
		return;
	}
	buf_add_text(
	    out, form_text(fill->form, choice->label, fill_lang(fill), NULL));
	fill_add_mark(fill, choice->label, out);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "checklists/submission.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checklists/expr.h"
#include "checklists/state_internal.h"
#include "crypto/hash.h"

/* A submission under way. */
struct writer {
	const struct state *state;
	const struct submission *about;
	struct buf *out;
};

void
submission_id(const char *name, uint64_t edition, char id[SUBMISSION_ID_MAX])
{
	static const char type[] = "ronde/submission/1\n";
	struct hasher hasher;
	struct hash hash;
	uint8_t number[8];

	store_le64(number, edition);
	hasher_begin(&hasher);
	hasher_add(&hasher, type, sizeof(type) - 1);
	hasher_add(&hasher, number, sizeof(number));
	hasher_add(&hasher, name, strlen(name));
	hash = hasher_end_hash(&hasher);
	hash.bytes[6] = (uint8_t)(0x80 | (hash.bytes[6] & 0x0f));
	hash.bytes[8] = (uint8_t)(0x80 | (hash.bytes[8] & 0x3f));
	snprintf(id, SUBMISSION_ID_MAX,
	    "uuid:%08" PRIx32 "-%04x-%04x-%04x-%04x%08" PRIx32,
	    load_be32(hash.bytes), (unsigned)(load_be32(hash.bytes + 4) >> 16),
	    (unsigned)(load_be32(hash.bytes + 4) & 0xffff),
	    (unsigned)(load_be32(hash.bytes + 8) >> 16),
	    (unsigned)(load_be32(hash.bytes + 8) & 0xffff),
	    load_be32(hash.bytes + 12));
}

void
submission_add_text(struct buf *out, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '&': buf_add_text(out, "&amp;"); break;
		case '<': buf_add_text(out, "&lt;"); break;
		case '>': buf_add_text(out, "&gt;"); break;
		case '"': buf_add_text(out, "&quot;"); break;
		case '\r': buf_add_text(out, "&#13;"); break;
		default:
			if ((unsigned char)*text >= 0x20 || *text == '\n' ||
			    *text == '\t')
				buf_add_char(out, *text);
		}
}

static void
add_element(const struct writer *w, const char *name, const char *value)
{
	if (!*value) {
		buf_addf(w->out, "<%s/>", name);
		return;
	}
	buf_addf(w->out, "<%s>", name);
	submission_add_text(w->out, value);
	buf_addf(w->out, "</%s>", name);
}

bool
submission_has(const struct item *item)
{
	return item->name[0] != '?' &&
	    !(item->meta && strcmp(item->meta, "audit") == 0);
}

void
submission_add_answer(const struct state *state, const struct submission *about,
    int place, struct buf *out)
{
	const struct item *item = item_at(state, place);
	const char *value = state_value(state, place), *other = NULL;

	if (!*value && item->meta && about->meta)
		other = about->meta(about->arg, item->meta);
	if (*value && item_takes_file(item) && about->file)
		other = about->file(about->arg, place);
	buf_add_text(out, other ? other : value);
	/* JavaRosa writes a time with seconds, and so does who reads it. */
	if (item->type == ITEM_TIME && strlen(value) == 5)
		buf_add_text(out, ":00.000");
}

static void
add_answer(const struct writer *w, const struct item *item, int place)
{
	struct buf text = BUF_INIT;

	submission_add_answer(w->state, w->about, place, &text);
	add_element(w, item->name, text.data);
	buf_release(&text);
}

static void add_items(const struct writer *w, int row, int first, int end);

static void
add_rows(const struct writer *w, const struct item *item, int place)
{
	size_t count;
	const int *rows = state_rows(w->state, place, &count);

	for (size_t i = 0; i < count; i++) {
		if (!state_is_relevant(w->state, rows[i]))
			continue;
		buf_addf(w->out, "<%s>", item->name);
		add_items(w, rows[i], item->index + 1, item->end);
		buf_addf(w->out, "</%s>", item->name);
	}
}

/* The items from `first` to before `end`, in `row` (-1: in none). */
static void
add_items(const struct writer *w, int row, int first, int end)
{
	const struct form *form = w->state->form;

	for (int i = first; i < end; i = form->items[i].end) {
		const struct item *item = &form->items[i];
		const int place = state_in_row(w->state, row, i);

		if (item->type == ITEM_REPEAT) {
			add_rows(w, item, place);
			continue;
		}
		if (!state_is_relevant(w->state, place) ||
		    !submission_has(item))
			continue;
		if (!item_has_members(item)) {
			add_answer(w, item, place);
			continue;
		}
		buf_addf(w->out, "<%s>", item->name);
		add_items(w, row, i + 1, item->end);
		buf_addf(w->out, "</%s>", item->name);
	}
}

void
submission_add_name(const struct state *state, struct buf *out)
{
	const struct expr *expr = state->form->instance_name;
	struct err ignored = { 0 };
	char *name = NULL;

	if (expr)
		name = expr_text(expr, compute_source(state_cache(state), -1),
		    true, &ignored);
	if (name)
		buf_add_text(out, name);
	free(name);
}

static void
add_meta(const struct writer *w)
{
	struct buf name = BUF_INIT;

	buf_add_text(w->out, "<meta>");
	if (w->about->audit)
		add_element(w, "audit", w->about->audit);
	add_element(w, "instanceID", w->about->instance_id);
	if (w->about->replaces)
		add_element(w, "deprecatedID", w->about->replaces);
	submission_add_name(w->state, &name);
	if (name.len > 0)
		add_element(w, "instanceName", name.data);
	buf_add_text(w->out, "</meta>");
	buf_release(&name);
}

static void
add_attribute(const struct writer *w, const char *name, const char *value)
{
	buf_addf(w->out, " %s=\"", name);
	submission_add_text(w->out, value);
	buf_add_char(w->out, '"');
}

void
submission_write(const struct state *state, const struct submission *submission,
    struct buf *out)
{
	const struct writer w = { state, submission, out };
	const struct form *form = state->form;

	buf_addf(
	    out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<%s", form->root);
	add_attribute(&w, "id", form->form_id[0] ? form->form_id : form->root);
	if (form->version[0])
		add_attribute(&w, "version", form->version);
	add_attribute(&w, "xmlns:orx", "http://openrosa.org/xforms");
	add_attribute(&w, "xmlns:jr", "http://openrosa.org/javarosa");
	buf_add_char(out, '>');
	add_items(&w, -1, 0, form->item_count);
	add_meta(&w);
	buf_addf(out, "</%s>\n", form->root);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tui/exchange_text.h"

#include "base/i18n.h"
#include "tui/shown.h"

/* ---- before and after ---- */

static void
add_sender(const struct import_summary *import, struct buf *out)
{
	buf_add_text(out, _("from "));
	shown_person(import->sender_name ? import->sender_name : "?",
	    import->sender_organisation, out);
}

static void
add_content(size_t events, size_t files, struct buf *out)
{
	if (events + files == 0) {
		buf_add_text(out, _("a receipt"));
		return;
	}
	buf_addf(
	    out, ngettext("%zu new event", "%zu new events", events), events);
	if (files > 0)
		buf_addf(
		    out, ngettext(", %zu file", ", %zu files", files), files);
}

static void
add_export(const struct exchange_item *item, struct buf *out)
{
	add_content(item->export.events,
	    item->export.blobs + item->export.checklists, out);
}

/* Good, but all of it is here already. */
static bool
is_known(const struct exchange_item *item)
{
	return item->state == EXCHANGE_KNOWN ||
	    (item->import.nothing_new &&
		(item->state == EXCHANGE_READY ||
		    item->state == EXCHANGE_DONE));
}

/* What is not worth a line each. */
static void
add_counts(const struct exchange *exchange, struct buf *out)
{
	const size_t others =
	    exchange_count(exchange, EXCHANGE_IMPORT, EXCHANGE_OTHERS);
	size_t known = 0;

	for (size_t i = 0; i < exchange->count; i++)
		known += exchange->items[i].kind == EXCHANGE_IMPORT &&
		    is_known(&exchange->items[i]);
	if (known > 0)
		buf_addf(out,
		    ngettext("  %zu bundle is my own or was taken before\n",
			"  %zu bundles are my own or were taken before\n",
			known),
		    known);
	if (others > 0)
		buf_addf(out,
		    ngettext("  %zu bundle for others stays where it is\n",
			"  %zu bundles for others stay where they are\n",
			others),
		    others);
}

/* ---- before ---- */

static void
add_incoming(const struct exchange_item *item, struct buf *out)
{
	if (item->state == EXCHANGE_OTHERS || is_known(item))
		return;
	buf_addf(out, "  %s\n    ", item->file);
	if (item->state == EXCHANGE_READY) {
		add_sender(&item->import, out);
		buf_add_text(out, "   ");
		add_content(item->import.new_events, item->import.blobs, out);
	} else {
		buf_addf(out, _("left alone: %s"), item->note);
	}
	buf_add_char(out, '\n');
}

static void
add_cards(const struct exchange *exchange, struct buf *out)
{
	bool any = false;

	for (size_t i = 0; i < exchange->count; i++) {
		const struct exchange_item *item = &exchange->items[i];

		if (item->kind != EXCHANGE_CARD ||
		    item->state == EXCHANGE_KNOWN)
			continue;
		if (!any)
			buf_addf(out, "\n%s\n",
			    _("Cards of people who are not trusted yet (p, "
			      "people, on the first screen trusts them):"));
		any = true;
		buf_addf(out, "  %s   ", item->file);
		if (item->state == EXCHANGE_READY)
			shown_person(
			    item->card.name, item->card.organisation, out);
		else
			buf_addf(out, _("left alone: %s"), item->note);
		buf_add_char(out, '\n');
	}
}

static void
add_outgoing(const struct exchange_item *item, struct buf *out)
{
	if (item->state == EXCHANGE_NOTHING) {
		buf_addf(out, _("  nothing new for %s\n"), item->name);
		return;
	}
	buf_addf(out, _("  a bundle for %s: "), item->name);
	add_export(item, out);
	buf_add_char(out, '\n');
	if (item->recipient_count == 1)
		buf_addf(out, "    %s\n",
		    _("attention: only their laptop can open it; if it "
		      "is lost, nobody can"));
}

void
exchange_plan_text(const struct exchange *exchange, struct buf *out)
{
	size_t files = 0, exports = 0;

	buf_addf(out, "%s\n", _("What lies there for me:"));
	for (size_t i = 0; i < exchange->count; i++)
		if (exchange->items[i].kind == EXCHANGE_IMPORT) {
			add_incoming(&exchange->items[i], out);
			files++;
		}
	add_counts(exchange, out);
	if (files == 0)
		buf_addf(out, "  %s\n", _("no bundle of others"));
	add_cards(exchange, out);
	buf_addf(out, "\n%s\n", _("What will be written:"));
	for (size_t i = 0; i < exchange->count; i++)
		if (exchange->items[i].kind == EXCHANGE_EXPORT) {
			add_outgoing(&exchange->items[i], out);
			exports++;
		}
	if (exports == 0)
		buf_addf(out, "  %s\n",
		    _("nothing: nobody to send to is trusted yet; add their "
		      "cards on the screen of people"));
}

/* ---- after ---- */

static void
add_taken(const struct exchange_item *item, struct buf *out)
{
	const struct import_summary *import = &item->import;

	if (item->state == EXCHANGE_REFUSED) {
		buf_addf(out, _("Refused: %s: %s\n"), item->file, item->note);
	} else if (item->state == EXCHANGE_FAILED) {
		buf_addf(out, _("Not taken: %s: %s\n"), item->file, item->note);
	} else if (item->state == EXCHANGE_DONE && !is_known(item)) {
		buf_addf(out, _("Taken: %s, "), item->file);
		add_sender(import, out);
		buf_add_text(out, ": ");
		add_content(import->new_events, import->blobs, out);
		if (import->waiting + import->disputed)
			buf_addf(out, _(", %zu chains wait, %zu are disputed"),
			    import->waiting, import->disputed);
		buf_add_char(out, '\n');
	}
}

static void
add_written(const struct exchange_item *item, struct buf *out)
{
	switch (item->state) {
	case EXCHANGE_NOTHING:
		buf_addf(out, _("Nothing new for %s\n"), item->name);
		break;
	case EXCHANGE_FAILED:
		buf_addf(
		    out, _("Not written for %s: %s\n"), item->name, item->note);
		break;
	case EXCHANGE_DONE:
		buf_addf(
		    out, _("Written: %s, for %s: "), item->file, item->name);
		add_export(item, out);
		buf_add_char(out, '\n');
		break;
	default: break;
	}
}

void
exchange_result_text(const struct exchange *exchange, struct buf *out)
{
	for (size_t i = 0; i < exchange->count; i++)
		if (exchange->items[i].kind == EXCHANGE_IMPORT)
			add_taken(&exchange->items[i], out);
	add_counts(exchange, out);
	for (size_t i = 0; i < exchange->count; i++)
		if (exchange->items[i].kind == EXCHANGE_EXPORT)
			add_written(&exchange->items[i], out);
	if (out->len == 0)
		buf_add_text(out, _("There was nothing to exchange\n"));
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "app/show.h"

#include <stdio.h>
#include <string.h>

#include "app/cli.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"

/* ---- inspections ---- */

json_t *
show_json_of_info(const struct inspection_info *info)
{
	json_t *people = json_array();
	char checklist[HASH_HEX_MAX], changed[CLOCK_TEXT_MAX] = "";

	for (size_t i = 0; i < info->people_count; i++)
		json_array_append_new(people, json_string(info->people[i]));
	hash_to_hex(&info->checklist, checklist);
	if (info->changed)
		clock_format(info->changed, changed);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:i, "
			 "s:i, s:i, s:i, s:i, s:i, s:b, s:s, s:o}",
	    "id", info->id, "site", info->site, "site_name", info->site_name,
	    "checklist", checklist, "checklist_title", info->checklist_title,
	    "due", info->due, "stage", stage_code(info->stage), "answered",
	    info->answered, "relevant", info->relevant, "invalid",
	    info->invalid, "required_missing", info->required_missing,
	    "flagged", info->flagged, "conflicts", info->conflicts, "waiting",
	    info->waiting, "disputed", info->disputed, "newer",
	    (int)info->newer, "changed", changed, "people", people);
}

void
show_info_line(const struct inspection_info *info)
{
	cli_print("%s  %-12s %3d/%-3d  %s  (%s)\n", info->id,
	    stage_title(info->stage), info->answered, info->relevant,
	    info->site_name, info->checklist_title);
}

static void
show_annotation(const struct annotation *annotation)
{
	if (annotation->basis != BASIS_NONE)
		cli_print(
		    _("      Basis: %s\n"), basis_title(annotation->basis));
	if (annotation->note[0])
		cli_print(_("      Note: %s\n"), annotation->note);
	if (annotation->reason[0])
		cli_print(_("      Reason: %s\n"), annotation->reason);
	if (annotation->flag)
		cli_print("      %s\n", _("Needs immediate attention"));
	for (size_t i = 0; i < annotation->evidence_count; i++)
		cli_print(
		    _("      Evidence: %s\n"), annotation->evidence[i].name);
}

static void
show_conflict(const struct conflict *conflict)
{
	char when[CLOCK_SHOWN_MAX];

	for (size_t i = 0; conflict && i < conflict->count; i++) {
		const struct branch *branch = &conflict->branches[i];

		clock_show(branch->time, i18n_lang(), when);
		cli_print(_("      differs: %s: %s, %s, %s (%s)\n"),
		    branch->value, branch->person, branch->organisation, when,
		    branch->device);
	}
}

static void
show_answer(struct inspection *inspection, int place, size_t lang)
{
	const struct state *state = inspection_state(inspection);
	struct annotation annotation;
	struct buf value = BUF_INIT, label = BUF_INIT, path = BUF_INIT;

	inspection_annotation(inspection, place, &annotation);
	state_add_shown(state, place, lang, &value);
	if (value.len || annotation.note[0] || annotation.evidence_count) {
		state_add_text(state, place, STATE_LABEL, lang, &label);
		state_add_numbered(state, place, &path);
		cli_print("  %s  %s\n      %s\n", path.data, label.data,
		    value.len ? value.data : "-");
		show_annotation(&annotation);
		show_conflict(inspection_conflict_at(inspection, place));
	}
	buf_release(&value);
	buf_release(&label);
	buf_release(&path);
}

/* A row with the path that names it for ever. */
static void
show_row(struct inspection *inspection, int row, size_t lang)
{
	const struct state *state = inspection_state(inspection);
	struct buf crumbs = BUF_INIT, path = BUF_INIT;

	state_add_crumbs(state, row, lang, &crumbs);
	state_add_path(state, row, &path);
	cli_print("%s  (%s)\n", crumbs.data, path.data);
	if (inspection_row_was_removed(inspection, row))
		cli_print("      %s\n",
		    _("taken away by somebody who had not seen all answers in "
		      "it"));
	show_conflict(inspection_conflict_at(inspection, row));
	buf_release(&crumbs);
	buf_release(&path);
}

static void
show_decisions(const struct inspection *inspection)
{
	size_t count = 0;
	const struct decision *decisions =
	    inspection_decisions(inspection, &count);

	for (size_t i = 0; i < count; i++)
		cli_print(_("Decided by %s, %s: %s = %s (%s)\n"),
		    decisions[i].person, decisions[i].organisation,
		    decisions[i].path, decisions[i].value, decisions[i].reason);
}

static void
show_signatures(const struct inspection *inspection)
{
	size_t count = 0;
	const struct signature *signatures =
	    inspection_signatures(inspection, &count);
	char when[CLOCK_SHOWN_MAX];

	for (size_t i = 0; i < count; i++) {
		clock_show(signatures[i].time, i18n_lang(), when);
		cli_print(_("Signed by %s, %s, %s, control code %s%s\n"),
		    signatures[i].person, signatures[i].organisation, when,
		    signatures[i].code,
		    signatures[i].current ? "" : _(" (changed since)"));
	}
}

void
show_inspection(struct inspection *inspection)
{
	const struct inspection_info *info = inspection_info(inspection);
	const struct form *form = inspection_form(inspection);
	const struct state *state = inspection_state(inspection);
	const size_t lang = form_lang(form, i18n_lang());

	cli_print("%s\n%s\n", info->site_name, info->checklist_title);
	cli_print(_("%s: %d of %d questions answered"),
	    stage_title(info->stage), info->answered, info->relevant);
	if (info->conflicts)
		cli_print(ngettext(", %d answer differs", ", %d answers differ",
			      (unsigned long)info->conflicts),
		    info->conflicts);
	if (info->waiting || info->disputed)
		cli_print(_(", %d events wait, %d are disputed"), info->waiting,
		    info->disputed);
	if (info->newer)
		cli_print("\n%s", _("Some events need a newer ronde"));
	cli_print("\n\n");
	for (int i = state_next(state, -1); i >= 0; i = state_next(state, i)) {
		if (!state_is_relevant(state, i))
			continue;
		if (item_is_question(&form->items[state_item(state, i)]))
			show_answer(inspection, i, lang);
		else if (state_repeat(state, i) >= 0)
			show_row(inspection, i, lang);
	}
	show_decisions(inspection);
	show_signatures(inspection);
}

/* ---- bundles ---- */

json_t *
show_json_of_bundle(const char *file, const struct import_summary *summary,
    const struct err *err)
{
	json_t *json = json_pack(
	    "{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, "
	    "s:I, s:I, s:b}",
	    "file", file, "verdict",
	    err || summary->verdict != BUNDLE_GOOD ? "refused" : "good",
	    "sender_device", summary->sender_device, "recipients",
	    (json_int_t)summary->recipient_count, "subjects",
	    (json_int_t)summary->subjects, "chains",
	    (json_int_t)summary->chains, "events", (json_int_t)summary->events,
	    "new_events", (json_int_t)summary->new_events, "statements",
	    (json_int_t)summary->statements, "checklists",
	    (json_int_t)summary->checklists, "blobs",
	    (json_int_t)summary->blobs, "waiting", (json_int_t)summary->waiting,
	    "disputed", (json_int_t)summary->disputed, "bytes",
	    (json_int_t)summary->bytes, "nothing_new",
	    (int)summary->nothing_new);
	char text[HASH_HEX_MAX]; /* longer than a time, too */

	json_put_int(json, "purged", (int64_t)summary->purged);
	json_put_int(json, "returned", (int64_t)summary->returned);
	json_put_text(json, "sender", summary->sender_name);
	json_put_text(json, "organisation", summary->sender_organisation);
	if (summary->time) {
		clock_format(summary->time, text);
		json_put_text(json, "time", text);
	}
	if (!hash_is_zero(&summary->heads)) {
		hash_to_hex(&summary->heads, text);
		json_put_text(json, "heads", text);
	}
	if (err) {
		json_put_text(json, "code", err_code_name(err->code));
		json_put_text(json, "reason", err->msg);
	}
	return json;
}

static const char *
or_unknown(const char *text)
{
	return text ? text : "?";
}

static void
show_returned(const struct import_summary *summary, bool imported)
{
	char when[CLOCK_SHOWN_MAX];

	clock_show_date(summary->returned_purged, i18n_lang(), when);
	cli_print(imported
		? ngettext("  %zu inspection is back that was purged here on "
			   "%s\n",
		      "  %zu inspections are back that were purged here, the "
		      "last on %s\n",
		      summary->returned)
		: ngettext("  %zu inspection would be back that was purged "
			   "here on %s\n",
		      "  %zu inspections would be back that were purged here, "
		      "the last on %s\n",
		      summary->returned),
	    summary->returned, when);
}

void
show_bundle(
    const char *file, const struct import_summary *summary, bool imported)
{
	char when[CLOCK_SHOWN_MAX], hex[HASH_HEX_MAX];

	clock_show(summary->time, i18n_lang(), when);
	hash_to_hex(&summary->heads, hex);
	cli_print(_("%s: signed by %s, %s (%s), %s\n"), file,
	    or_unknown(summary->sender_name),
	    or_unknown(summary->sender_organisation), summary->sender_device,
	    when);
	cli_print(_("  recipients: %zu; subjects: %zu; chains: %zu; events: "
		    "%zu; checklists: %zu; files of evidence: %zu\n"),
	    summary->recipient_count, summary->subjects, summary->chains,
	    summary->events, summary->checklists, summary->blobs);
	cli_print(_("  heads statement %s\n"), hex);
	if (imported)
		cli_print(
		    ngettext("  %zu event is new\n", "  %zu events are new\n",
			(unsigned long)summary->new_events),
		    summary->new_events);
	if (summary->waiting)
		cli_print(ngettext("  %zu chain waits for what is missing; ask "
				   "for the bundles before it\n",
			      "  %zu chains wait for what is missing; ask for "
			      "the bundles before it\n",
			      summary->waiting),
		    summary->waiting);
	if (summary->purged)
		cli_print(ngettext("  %zu of these was purged here; to have it "
				   "back, ask for \"ronde export --full\"\n",
			      "  %zu of these were purged here; to have them "
			      "back, ask for \"ronde export --full\"\n",
			      summary->purged),
		    summary->purged);
	if (summary->returned)
		show_returned(summary, imported);
	if (summary->disputed)
		cli_print(ngettext("  %zu chain is disputed; ronde inspection "
				   "show says why\n",
			      "  %zu chains are disputed; ronde inspection "
			      "show says why\n",
			      summary->disputed),
		    summary->disputed);
}

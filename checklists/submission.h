/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_SUBMISSION_H
#define CHECKLISTS_SUBMISSION_H

#include "base/buf.h"
#include "checklists/state.h"

/*
 * Answers as the XML that servers of the OpenRosa family take (ODK Central,
 * KoboToolbox): a copy of the form's instance, as
 * https://docs.getodk.org/openrosa-form-submission/ and
 * https://getodk.github.io/xforms-spec/ describe it.
 *
 * What is not relevant is left out, groups and repeats with all that is in
 * them; what is relevant and has no answer is there, empty.  Files stand as
 * their bare names.  Characters that XML cannot hold are left out.
 */
enum {
	SUBMISSION_ID_MAX = sizeof("uuid:00000000-0000-0000-0000-000000000000")
};

/* What a submission says of itself and of where it comes from. */
struct submission {
	const char *instance_id; /* "uuid:..." */
	const char *replaces;    /* the one that it corrects; NULL */
	const char *audit;       /* name of the audit file; NULL */
	/*
	 * The values of what is known without asking, by its kind ("deviceid",
	 * "username", "end", ...), where the answers themselves have none.
	 * NULL or "" for what is not known; NULL: nothing is.
	 */
	const char *(*meta)(void *arg, const char *kind);
	/* What the file at a place is called in what is handed over, where that
	 * is not its value; NULL for that, and for nothing at all. */
	const char *(*file)(void *arg, int place);
	void *arg;
};

/*
 * An identifier of the form "uuid:..." that follows from these two: the same
 * ones give the same identifier, others another (RFC 9562, version 8).
 */
void submission_id(
    const char *name, uint64_t edition, char id[SUBMISSION_ID_MAX]);

/* Adds the document, one line without spaces between elements. */
void submission_write(const struct state *state,
    const struct submission *submission, struct buf *out);

/*
 * The text that stands for the answer at a place: its value as ODK Collect
 * writes it, what is known without asking, the name of a file.
 */
void submission_add_answer(const struct state *state,
    const struct submission *submission, int place, struct buf *out);

/* False for what is no element: notes without a name, the audit. */
bool submission_has(const struct item *item);

/* What the form calls these answers (instance_name); nothing where it says
 * nothing. */
void submission_add_name(const struct state *state, struct buf *out);

/* Adds text as XML has it. */
void submission_add_text(struct buf *out, const char *text);

#endif

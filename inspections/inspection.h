/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INSPECTIONS_INSPECTION_H
#define INSPECTIONS_INSPECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/i18n.h"
#include "checklists/form.h"
#include "checklists/state.h"
#include "crypto/hash.h"
#include "crypto/ids.h"
#include "storage/vault.h"

/*
 * Inspections: what the events of a subject mean.  What is stored are events
 * and the projections made of them; `struct inspection` is one of them opened
 * for reading and answering, with its form and everything that follows.
 *
 * doc/formats/inspection.md has the body of every kind of event.
 */

/* The projectors of this layer, for vault_options; NULL at the end. */
extern const struct projector *const inspection_projectors[];

/* Frees what the projectors keep of a vault in memory; before vault_close().
 * Not needed for correctness. */
void inspection_forget(struct vault *vault);

/* ---- the list ---- */

enum inspection_stage {
	STAGE_TO_DO, /* no answer yet */
	STAGE_UNDER_WAY,
	STAGE_SIGNED,  /* every device that answered is covered by a sign */
	STAGE_EXPORTED /* signed, and the signatures have left this device */
};

const char *stage_code(enum inspection_stage stage);  /* "to-do", ... */
const char *stage_title(enum inspection_stage stage); /* translated */

struct inspection_info {
	char id[ID_MAX], site[ID_MAX];
	struct hash checklist;
	char *site_name, *checklist_title; /* owned */
	char *due;                         /* "2026-11-30" or ""; owned */
	enum inspection_stage stage;
	int answered, relevant; /* questions */
	int invalid, required_missing;
	int flagged, conflicts;
	int waiting, disputed; /* events without effect */
	bool newer;      /* has events of a kind that needs a newer ronde */
	int64_t changed; /* time of the last event */
	char **people;   /* person ids it was given to; owned */
	size_t people_count;
};

void inspection_info_release(struct inspection_info *info);

/* All, by stage, then site name, then id. */
int inspection_each(struct vault *vault,
    int (*each)(void *arg, const struct inspection_info *info, struct err *err),
    void *arg, struct err *err);
int inspection_find(struct vault *vault, const char *id,
    struct inspection_info *info, struct err *err); /* 1, 0, -1 */
/* As site_complete(), for "i-7k3..." and the start of an identifier. */
int inspection_complete(
    struct vault *vault, const char *typed, char id[ID_MAX], struct err *err);

/* ---- checklists held ---- */

struct checklist_info {
	struct hash identity;
	char *title, *form_id, *version; /* owned */
	int questions, sections;
	size_t lang_count;
};

/* Reads, checks and stores; `problems` gets what is wrong.  The same twice
 * is no error (`*added` false). */
int checklist_import(struct vault *vault, const char *path,
    struct problems *problems, struct hash *identity, bool *added,
    struct err *err);
int checklist_each(struct vault *vault,
    int (*each)(void *arg, const struct checklist_info *info, struct err *err),
    void *arg, struct err *err);
/* By the start of its hexadecimal identity, its form_id or its title. */
int checklist_complete(struct vault *vault, const char *typed,
    struct hash *identity, struct err *err);
/* What is known of one: 1; 0 when it is not held or not readable (then all
 * texts are ""); -1.  Release it in each case but the last. */
int checklist_find(struct vault *vault, const struct hash *identity,
    struct checklist_info *info, struct err *err);
void checklist_info_release(struct checklist_info *info);
struct form *checklist_open(
    struct vault *vault, const struct hash *identity, struct err *err);

/* ---- making one ---- */

/* A supervisor's: `mission` event; `people` are person ids. */
int mission_new(struct vault *vault, const char *site,
    const struct hash *checklist, const char *const *people, size_t count,
    const char *due, char id[ID_MAX], struct err *err);
/* One's own: `open` event. */
int inspection_new(struct vault *vault, const char *site,
    const struct hash *checklist, char id[ID_MAX], struct err *err);

/* ---- one that is open ---- */

struct inspection;

/* ERR_UNSUPPORTED where its checklist is missing (names it). */
struct inspection *inspection_open(
    struct vault *vault, const char *id, struct err *err);
void inspection_close(struct inspection *inspection); /* NULL is allowed */

/* Reads again what was imported meanwhile. */
int inspection_reload(struct inspection *inspection, struct err *err);

const struct inspection_info *inspection_info(const struct inspection *);
const struct form *inspection_form(const struct inspection *);
const struct state *inspection_state(const struct inspection *);

/*
 * Answers stand at places (state.h): everything below takes and gives them.
 * Places hold until this number changes, which what writes or reloads may
 * make it do; state_add_path() and state_find() go over to the new ones.
 */
unsigned inspection_numbering(const struct inspection *);

#define BASES(X)                                         \
	X(BASIS_NONE, "", N_("not stated"))              \
	X(BASIS_SEEN, "seen", N_("seen"))                \
	X(BASIS_DOCUMENT, "document", N_("document"))    \
	X(BASIS_INTERVIEW, "interview", N_("interview")) \
	X(BASIS_NOT_VERIFIED, "not-verified", N_("not verified"))

enum basis {
#define X(id, code, title) id,
	BASES(X)
#undef X
	    BASIS_COUNT
};

const char *basis_code(enum basis basis);
const char *basis_title(enum basis basis); /* translated */
bool basis_find(const char *code, enum basis *basis);

struct evidence {
	struct hash digest;
	const char *name; /* file name, without folders */
	uint64_t size;
	int64_t time;
	char device[ID_MAX];
};

/* What stands beside the value at a place; texts "" where none; borrowed
 * until the next change. */
struct annotation {
	enum basis basis;
	const char *note, *reason; /* reason: for n/a and not seen */
	bool flag;                 /* immediate attention */
	char device[ID_MAX];       /* who gave the answer; "" when nobody */
	const char *person, *organisation; /* names; "" when nobody */
	int64_t time;
	const struct evidence *evidence;
	size_t evidence_count;
};

void inspection_annotation(const struct inspection *inspection, int place,
    struct annotation *annotation);

/* What to record; NULL and -1 leave as it is.  `value` is in the form's own
 * writing (state_read_typed() gives it); "" takes the answer back. */
struct answer_draft {
	const char *value, *note, *reason;
	int basis; /* enum basis or -1 */
	int flag;  /* 0, 1 or -1 */
};

#define ANSWER_DRAFT_INIT               \
	{                               \
		.basis = -1, .flag = -1 \
	}

/*
 * Checks, records and saves: returns 0 only when the disk has it.  ERR_VALUE
 * (with the checklist's message in `lang`), ERR_DENIED (signed: reopen first;
 * or the role may not), ERR_IO, ERR_FULL; nothing is changed then.  A choice
 * that asks for a reason may be saved without one; review lists it.
 */
int inspection_set(struct inspection *inspection, int place,
    const struct answer_draft *draft, enum lang lang, struct err *err);

/* Stores a file as evidence of an item; `size` and digest from it. */
int inspection_attach(
    struct inspection *inspection, int place, const char *path, struct err *err);
int inspection_detach(struct inspection *inspection, int place,
    const struct hash *digest, struct err *err);

/* ---- rows of repeats ---- */

/*
 * Adds a row behind all others, with a key of its own that no other device
 * makes; its place in `*row`.  ERR_DENIED as above, ERR_VALUE where the form
 * counts the rows or where there can be none.
 */
int inspection_row_add(
    struct inspection *inspection, int repeat, int *row, struct err *err);
/* Takes a row away, with all that is in it; the events stay in the log. */
int inspection_row_remove(
    struct inspection *inspection, int row, struct err *err);
/* Brings back the one at `path`, as it was; no error where it is there. */
int inspection_row_restore(
    struct inspection *inspection, const char *path, struct err *err);
/* Is it there only for answers that who took it away had not seen? */
bool inspection_row_was_removed(const struct inspection *inspection, int row);

/* ---- disagreement ---- */

/* One of the answers that stand against each other. */
struct branch {
	struct hash event;
	char device[ID_MAX];
	const char *person, *organisation; /* names */
	int64_t time;
	const char *value, *note, *reason;
	enum basis basis;
	bool flag;
	bool used; /* the one that logic uses meanwhile */
};

struct conflict {
	int place; /* of a row: whether it is there */
	const struct branch *branches;
	size_t count;
};

/* Borrowed until the next change or reload. */
const struct conflict *inspection_conflicts(
    const struct inspection *inspection, size_t *count);
const struct conflict *inspection_conflict_at(
    const struct inspection *inspection, int place);

/* Takes the answer of `device` (id or the start of it); both stay in the
 * log.  ERR_DENIED unless supervisor or authority; a reason is needed. */
int inspection_resolve(struct inspection *inspection, int place,
    const char *device, const char *reason, struct err *err);

/* Past decisions on items, for show and report. */
struct decision {
	int place; /* -1: the form has none, or it is in a row that went */
	const char *path;
	const char *person, *organisation, *reason;
	int64_t time;
	const struct branch *branches; /* what was settled, latest first */
	size_t count;
	const char *value; /* what was taken */
};

const struct decision *inspection_decisions(
    const struct inspection *inspection, size_t *count);

/* ---- review and signature ---- */

struct review {
	/* Places. */
	int *missing, *missing_required, *invalid, *flagged, *no_reason;
	size_t missing_count, missing_required_count, invalid_count,
	    flagged_count, no_reason_count;
	size_t evidence_count;
	uint64_t evidence_bytes;
	size_t conflict_count, event_count;
};

void inspection_review(
    const struct inspection *inspection, struct review *review);
void review_release(struct review *review);

/* Six groups of four digits over the checklist's identity, the heads of all
 * chains that have effect, and the state: what a signature covers. */
int inspection_control_code(const struct inspection *inspection,
    char text[FINGERPRINT_MAX], struct err *err);

struct signature {
	char device[ID_MAX];
	const char *person, *organisation;
	const char *site_name, *site_function; /* the site's; "" */
	int64_t time;
	char code[FINGERPRINT_MAX];
	bool current; /* nothing was changed after it by its device */
};

/* ERR_VALUE while required answers are missing or invalid (the first is
 * named).  `site_name` and `site_function` may be "". */
int inspection_sign(struct inspection *inspection, const char *site_name,
    const char *site_function, struct err *err);
int inspection_reopen(
    struct inspection *inspection, const char *reason, struct err *err);
bool inspection_is_signed(const struct inspection *inspection); /* by us */
const struct signature *inspection_signatures(
    const struct inspection *inspection, size_t *count);

/* ---- what was answered, in turn ---- */

struct trail_step {
	const char *path;  /* of the question, rows by key */
	int place;         /* -1: the form has it no more */
	const char *before, *value; /* "" for no answer */
	const char *person;         /* a name, or the device */
	int64_t time;
};

/* Calls `each` for every answer that was given, by time; -1 ends it. */
int inspection_trail(const struct inspection *inspection,
    int (*each)(void *arg, const struct trail_step *step, struct err *err),
    void *arg, struct err *err);

/* How often it was reopened after a signature. */
unsigned inspection_edition(const struct inspection *inspection);

/* ---- the whole as JSON ---- */

/* Everything that has effect and everything that waits or is disputed, in a
 * fixed order and without anything of the moment: the same events and
 * statements give the same bytes. */
int inspection_show_json(
    struct inspection *inspection, struct buf *out, struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_XFORM_INTERNAL_H
#define CHECKLISTS_XFORM_INTERNAL_H

#include "base/buf.h"
#include "base/mem.h"
#include "checklists/expr.h"
#include "checklists/form.h"
#include "checklists/name_map.h"
#include "checklists/sheets.h"
#include "checklists/tree.h"
#include "checklists/xform.h"

/*
 * What the files of the XForms reader share: the document and its indexes
 * (xform.c), elements (xform_element.c), texts in languages (xform_text.c),
 * the survey sheet (xform_survey.c), the type of a question (xform_type.c),
 * the choices (xform_choices.c).
 */

enum { XFORM_LANGS_MAX = FORM_LANGS_MAX };

/* Texts of a survey row that there are in each language. */
enum spoken {
	SPOKEN_LABEL,
	SPOKEN_HINT,
	SPOKEN_GUIDANCE,
	SPOKEN_CONSTRAINT,
	SPOKEN_REQUIRED,
	SPOKEN_COUNT
};

struct xform {
	struct tree *tree;
	struct arena *arena;
	struct problems *problems;
	struct err *err;
	struct sheets *sheets;
	int model, body, instance; /* elements; `instance`: the form's own */
	const char *root;          /* the name of its element */
	/* By absolute path: elements of the document. */
	struct name_map binds, controls, groups, repeats;
	struct name_map names; /* of the form's nodes: how many have it */
	/* Languages, "" for texts without one; then ids of texts in each. */
	const char *langs[XFORM_LANGS_MAX];
	struct name_map texts[XFORM_LANGS_MAX];
	size_t lang_count, default_lang;
	/* Choices under way. */
	struct name_map lists; /* of instances: 1 */
	int choice_row;
	struct buf inline_lists; /* see xform_choices.c */
};

/* ---- xform_element.c ---- */

/* The name without a prefix. */
const char *element_name(const struct xform *x, int element);
bool element_is(const struct xform *x, int element, const char *name);
/* The first child with that name, or the next sibling; TREE_NONE. */
int element_child(const struct xform *x, int element, const char *name);
int element_next(const struct xform *x, int element, const char *name);
/* The first child or next sibling that is an element; TREE_NONE. */
int element_first(const struct xform *x, int element);
int element_after(const struct xform *x, int element);
/* An attribute without its prefix's meaning; "" where it is missing. */
const char *element_attribute(
    const struct xform *x, int element, const char *name);
/* All text below, trimmed; borrowed from the arena. */
const char *element_text(const struct xform *x, int element);
/* `text` without white space around it; borrowed from the arena. */
const char *trim(const struct xform *x, const char *text, size_t len);
/* What stands in quotes between `before` and `after`: jr:itext('id'); NULL. */
const char *quoted(const struct xform *x, const char *text, const char *before);

/* ---- xform_text.c ---- */

/* Finds the languages and their texts. */
int xform_read_itext(struct xform *x);
/* The text of a label or hint element in a language, outputs as ${name}; ""
 * where there is none.  `form` is "" or "guidance". */
const char *xform_text(
    const struct xform *x, int element, size_t lang, const char *form);
/* The same for an attribute that is a text or jr:itext('id'). */
const char *xform_message(
    const struct xform *x, const char *attribute, size_t lang);
/* "label::French", or "label" where there are no languages. */
const char *xform_header(
    const struct xform *x, const char *column, size_t lang);
/* The reference that an XPath of one node becomes: "${name}". */
const char *xform_reference(const struct xform *x, const char *path);

/* ---- xform_type.c ---- */

/* What the type column says of a node; `control` TREE_NONE: it has none. */
const char *xform_type(struct xform *x, const char *path, int bind, int control,
    const char *value);

/* ---- xform_choices.c ---- */

/* The list that a select's control offers, made if it is its own; "". */
const char *xform_list(struct xform *x, const char *path, int control);
/* Its choice_filter and parameters; "" where none. */
const char *xform_filter(const struct xform *x, int control);
const char *xform_parameters(const struct xform *x, int control);
int xform_write_choices(struct xform *x);

/* ---- xform_survey.c ---- */
int xform_write_survey(struct xform *x);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "base/buf.h"
#include "base/compiler.h"

/*
 * HTML, with one function a context so that no text from a form or a person
 * is ever read as markup or as style, and none hides or reorders another:
 * control characters come out as marks.
 */

/* Adds `text` as the content of an element; newlines become <br>. */
void html_add_text(struct buf *out, const char *text);

/* Adds `text` as the value of an attribute, without its quotes. */
void html_add_attribute(struct buf *out, const char *text);

/* Adds `text` as a string of a style sheet, with its quotes. */
void html_add_css_string(struct buf *out, const char *text);

/* "<tag>text</tag>"; `tag` is ours and may carry attributes: "td class=n". */
void html_add_element(struct buf *out, const char *tag, const char *text);

/*
 * A bar as inline SVG for 0 to 100: filled to `low`, paler to `high`;
 * `label` is what a screen reader says.
 */
void html_add_bar(struct buf *out, int low, int high, const char *label);

#endif

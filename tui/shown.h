/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_SHOWN_H
#define TUI_SHOWN_H

#include <stdint.h>

#include "base/buf.h"

/* How things are written on the screen, in the language of the moment. */

/* "3,1 Mo" / "3.1 MB" */
void shown_size(uint64_t bytes, struct buf *out);

/* "à corriger (3)", "signed": the state of an inspection in words. */
struct inspection_info;
void shown_stage(const struct inspection_info *info, struct buf *out);

/* Per cent of what applies that was answered. */
int shown_percent(int answered, int relevant);

/* "28 Nov 2026" for "2026-11-28", "28 Nov" while it is 2026; as it is when it
 * is no date. */
void shown_date(const char *date, struct buf *out);

/* "28 Nov 14:32"; the year only when it is another one. */
void shown_near_time(int64_t when, struct buf *out);

/* The time of day for today, else the date. */
void shown_lately(int64_t when, struct buf *out);

/* "Zoé Œuvré, Ministry of Water" */
void shown_person(const char *name, const char *organisation, struct buf *out);

/* A value as people read it: the labels of choices, else as written; "-"
 * for none. */
struct form;
void shown_value(
    const struct form *form, int item, const char *value, struct buf *out);

#endif

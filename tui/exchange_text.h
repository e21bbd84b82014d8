/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_EXCHANGE_TEXT_H
#define TUI_EXCHANGE_TEXT_H

#include "base/buf.h"
#include "bundles/exchange.h"

/*
 * An exchange in words: a line for what is new, is refused or will be written;
 * what is known already and what is for others is only counted.
 */

/* What would be done, as exchange_look() found it. */
void exchange_plan_text(const struct exchange *exchange, struct buf *out);

/* What exchange_run() did. */
void exchange_result_text(const struct exchange *exchange, struct buf *out);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLES_CONFIRM_H
#define BUNDLES_CONFIRM_H

#include "storage/doctor.h"

/*
 * For the doctor: what this device said of its own chains, in its last heads
 * statement, and what others' receipts say of them, against the chains that
 * are held.  What was said and is not there any more is an older vault put
 * back, or one that lost events.
 */
extern const struct doctor_check confirm_check;

#endif

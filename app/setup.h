/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SETUP_H
#define APP_SETUP_H

#include "bundles/bundle.h"
#include "storage/doctor.h"
#include "storage/vault.h"

/*
 * Where the layers meet: which projectors a vault runs, in which order, and
 * what bundles learn from inspections.
 */

/*
 * For vault_create() and vault_open().  Anchors are kept in
 * $XDG_STATE_HOME/ronde or ~/.local/state/ronde; nowhere when neither it nor
 * HOME is set.
 */
const struct vault_options *setup_vault_options(void);

/* What the doctor checks besides, NULL at the end. */
const struct doctor_check *const *setup_doctor_checks(void);

/* What travels with a subject, for exports. */
const struct bundle_contents *setup_contents(void);

#endif

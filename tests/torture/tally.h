/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TORTURE_TALLY_H
#define TESTS_TORTURE_TALLY_H

#include "storage/vault.h"

/*
 * A projector whose tables are brought up to date event by event, by other
 * statements than those which make them anew: so the two can disagree when
 * one transaction was kept by halves.
 */
extern const struct projector tally_projector;

#endif

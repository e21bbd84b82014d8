/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INSPECTIONS_PROJECTORS_H
#define INSPECTIONS_PROJECTORS_H

#include "storage/vault.h"

/* The projectors of this layer, in their order; internal to inspections/. */
extern const struct projector site_projector;
extern const struct projector inspection_projector;

#endif

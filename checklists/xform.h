/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECKLISTS_XFORM_H
#define CHECKLISTS_XFORM_H

#include <stddef.h>

#include "base/error.h"
#include "checklists/problem.h"
#include "checklists/sheets.h"

/*
 * Reads the XForms XML that ODK Central and KoboToolbox serve
 * (https://getodk.github.io/xforms-spec/) as the sheets of an XLSForm that
 * says the same: what pyxform does, the other way round.  So a form has one
 * reader behind this door, whatever it came as.  Only inside ronde-reader (and
 * tests).
 *
 * ERR_FORMAT, with line and column, for what is no XForm; what an XLSForm
 * cannot say is added to `problems`.
 */
int xform_read(struct sheets *sheets, const char *bytes, size_t len,
    struct problems *problems, struct err *err);

#endif

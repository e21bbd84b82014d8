/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INSPECTIONS_CONTENTS_H
#define INSPECTIONS_CONTENTS_H

#include "base/error.h"
#include "crypto/hash.h"

struct vault;

/*
 * What must travel with a subject, and whom it concerns: asked by the app for
 * bundles, which know nothing of inspections.  Events without effect count
 * too: they travel like all others.
 */
struct contents_sink {
	int (*form)(void *arg, const struct hash *digest, struct err *err);
	int (*blob)(void *arg, const struct hash *digest, struct err *err);
	int (*subject)(void *arg, const char *subject, struct err *err);
	void *arg; /* given to each; NULL functions are not called */
};

/* Names each checklist, file and subject (the site) once per event. */
int contents_of_subject(struct vault *vault, const char *subject,
    const struct contents_sink *sink, struct err *err);

/*
 * 1 when a mission of this inspection names `person`, or a device of the
 * person has written to it; 0; -1.  A site concerns nobody by itself: it goes
 * with its inspections.  That supervisors and the authority are concerned by
 * everything is the caller's to decide.
 */
int contents_concerns(struct vault *vault, const char *subject,
    const char *person, struct err *err);

#endif

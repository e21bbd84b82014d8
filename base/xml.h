/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_XML_H
#define BASE_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * XML through expat, streaming: no document type, no entity of its own, no
 * network.  Names come as "namespace-uri|local" or, without one, "local".
 */
struct xml_handler {
	/* `attributes` is name, value, name, value, ..., NULL; all borrowed. */
	int (*start)(void *arg, const char *name, const char **attributes,
	    struct err *err);
	int (*end)(void *arg, const char *name, struct err *err);
	int (*text)(void *arg, const char *text, size_t len, struct err *err);
	/* A comment (`target` NULL) or a processing instruction. */
	int (*other)(
	    void *arg, const char *target, const char *text, struct err *err);
	bool with_prefix; /* names come as "namespace-uri|local|prefix" */
};

enum { XML_DEPTH_MAX = 256 }; /* elements within elements */

/*
 * Reads `len` bytes.  A handler that is NULL is not called; one that returns
 * -1 with err set ends it.  ERR_FORMAT names `what`, line and column;
 * ERR_LIMIT where it is nested too deeply or expands too much.
 */
int xml_parse(const char *bytes, size_t len, const char *what,
    const struct xml_handler *handler, void *arg, struct err *err);

/* The value of an attribute by its local or full name; NULL if missing. */
const char *xml_attribute(const char **attributes, const char *name);

#endif

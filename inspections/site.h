/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INSPECTIONS_SITE_H
#define INSPECTIONS_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "crypto/ids.h"

struct vault;

/*
 * Sites: places that are inspected.  A site is a subject of the log; its
 * identifier never changes, whatever its name becomes.
 */
#define CATEGORY_INFRASTRUCTURE "infrastructure"
#define CATEGORY_PUBLIC_PLACE "public-place"

struct site {
	char id[ID_MAX];
	char *name, *sector, *organisation; /* owned; sector, organisation "" */
	char *category;                     /* one of the above or "" */
	int64_t time; /* of the last event that names it */
};

void site_release(struct site *site);

/* Adds a site: a `site` event on a new subject.  Texts may be NULL. */
int site_add(struct vault *vault, const char *name, const char *sector,
    const char *organisation, const char *category, char id[ID_MAX],
    struct err *err);

/* The old name stays in the log.  ERR_DENIED where the role may not. */
int site_rename(
    struct vault *vault, const char *id, const char *name, struct err *err);

/* All sites, by name as people sort (search key), then id. */
int site_each(struct vault *vault,
    int (*each)(void *arg, const struct site *site, struct err *err), void *arg,
    struct err *err);

/* 1 and filled, 0, -1. */
int site_find(
    struct vault *vault, const char *id, struct site *site, struct err *err);

/*
 * Completes what a person typed ("s-7k3", "7K3", or a name without accents)
 * to the one identifier it can mean: ERR_NOT_FOUND, or ERR_CONFLICT naming
 * the candidates.
 */
int site_complete(
    struct vault *vault, const char *typed, char id[ID_MAX], struct err *err);

#endif

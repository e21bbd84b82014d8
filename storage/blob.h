/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_BLOB_H
#define STORAGE_BLOB_H

#include <stddef.h>
#include <stdint.h>

#include "base/archive.h"
#include "base/error.h"
#include "crypto/hash.h"

struct vault;

/*
 * Bytes known by their digest: evidence, and checklists in their normalised
 * form (forms are kept apart so that they can be listed).
 */
enum { BLOB_BYTES_MAX = 256 * 1024 * 1024, FORM_BYTES_MAX = 64 * 1024 * 1024 };

/* Stores what `source` gives, in chunks; the same bytes are stored once. */
int blob_add(struct vault *vault, const struct byte_source *source,
    struct hash *digest, uint64_t *size, struct err *err);
/* The same with another bound than BLOB_BYTES_MAX; `size` may be NULL. */
int blob_add_within(struct vault *vault, const struct byte_source *source,
    uint64_t max, struct hash *digest, uint64_t *size, struct err *err);
/* The same for a file of the person's; the file is not changed. */
int blob_add_file(struct vault *vault, const char *path, struct hash *digest,
    uint64_t *size, struct err *err);

/* 1 when it is there, with its size; 0; -1. */
int blob_find(struct vault *vault, const struct hash *digest, uint64_t *size,
    struct err *err);

/* Hands all its bytes to `sink` and checks the digest; ERR_NOT_FOUND. */
int blob_read(struct vault *vault, const struct hash *digest,
    const struct byte_sink *sink, struct err *err);

/* A checklist's normalised sheets.  Adding one twice changes nothing. */
int form_store_add(struct vault *vault, const void *bytes, size_t len,
    struct hash *digest, struct err *err);
int form_store_has(struct vault *vault, const struct hash *digest,
    struct err *err); /* 1, 0, -1 */
int form_store_read(struct vault *vault, const struct hash *digest,
    struct buf *out, struct err *err);
int form_store_each(struct vault *vault,
    int (*each)(void *arg, const struct hash *digest, struct err *err),
    void *arg, struct err *err);

/* Small texts of the program itself: last position, language, settings. */
int setting_put(
    struct vault *vault, const char *key, const char *value, struct err *err);
/* The value, the caller's to free; NULL when there is none. */
char *setting_get(struct vault *vault, const char *key);
/*
 * For what must not be taken for missing when it cannot be read: 1 and
 * `*value`, the caller's to free; 0; -1 with err.
 */
int setting_read(
    struct vault *vault, const char *key, char **value, struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_KEYS_SUPPORT_H
#define TESTS_KEYS_SUPPORT_H

#include <stdbool.h>

#include "base/error.h"
#include "crypto/secret.h"
#include "storage/vault.h"
#include "storage/vault_header.h"

/* Vaults at the least cost, and what opens them. */

/* The least cost, no projectors. */
extern const struct vault_options keys_options;

struct secret *keys_secret(const char *text);

/* A vault with the passphrase "old", closed; its recovery code. */
struct secret *keys_make(const char *path);

/* Opens by passphrase or code; NULL with err. */
struct vault *keys_open(const char *path, const char *words, struct err *err);
bool keys_passphrase_opens(const char *path, const char *words);
bool keys_code_opens(const char *path, const struct secret *code);

/* Adds `count` rows of some 3 KiB to table t; how many there are. */
void keys_add_rows(struct vault *vault, int count);
int keys_rows(struct vault *vault);

/* All of a file; the caller's to free. */
uint8_t *keys_read(const char *path, size_t *len);
void keys_write(const char *path, const void *bytes, size_t len);
/* Overwrites some of it in place. */
void keys_patch(const char *path, size_t at, const void *bytes, size_t len);

#endif

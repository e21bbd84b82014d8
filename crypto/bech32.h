/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_BECH32_H
#define CRYPTO_BECH32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Bech32 (BIP 173, without its limit of 90 characters) of 32 bytes, as age
 * writes keys: "<prefix>1<52 characters><6 of checksum>".  One case only:
 * all small, or all capital where `capital`; `prefix` is given in small
 * letters for both.
 */
enum { BECH32_BYTES = 32, BECH32_DATA_CHARS = 52, BECH32_SUM_CHARS = 6 };

/* Writes strlen(prefix) + 59 characters and a NUL. */
void bech32_write(const char *prefix, bool capital,
    const uint8_t bytes[BECH32_BYTES], char *text);
bool bech32_read(const char *text, size_t len, const char *prefix, bool capital,
    uint8_t bytes[BECH32_BYTES]);

#endif

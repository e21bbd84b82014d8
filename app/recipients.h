/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RECIPIENTS_H
#define APP_RECIPIENTS_H

#include <stddef.h>

#include "base/error.h"
#include "crypto/age.h"
#include "crypto/ids.h"

struct vault;

/*
 * Who a bundle is for, from what was typed: a person (all of whose trusted
 * devices can open it), the file of a card, or an age key.
 */
struct recipients {
	struct age_recipient keys[AGE_RECIPIENTS_MAX];
	size_t count;
	char ids[AGE_RECIPIENTS_MAX][ID_MAX];
	const char *devices[AGE_RECIPIENTS_MAX]; /* into ids */
	size_t device_count;
};

int recipients_find(struct vault *vault, const char *const *typed, size_t count,
    struct recipients *recipients, struct err *err);
void recipients_release(struct recipients *recipients);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_EXCHANGE_H
#define TUI_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "bundles/bundle.h"
#include "crypto/age.h"
#include "crypto/ids.h"

/*
 * An exchange with a folder: first a plan, which touches nothing; then what
 * others left there is taken and what is for them is put there.
 *
 * An inspector sends one bundle to all supervisors and authorities he trusts;
 * the others send one to each person they trust, so that nobody gets what
 * concerns somebody else alone.
 */
struct ui;

/* A bundle that lies in the folder. */
struct incoming {
	char *path; /* owned */
	struct import_summary summary;
	bool wanted; /* good, not one's own, and with something new */
};

/* Who gets one bundle. */
struct parcel {
	char *names; /* for people; owned */
	struct age_recipient *recipients;
	char (*devices)[ID_MAX];
	size_t count, room, device_room;
};

struct exchange {
	char *folder; /* owned */
	struct incoming *incoming;
	size_t incoming_count, incoming_room;
	struct parcel *parcels;
	size_t parcel_count, parcel_room;
};

/* Reads the folder and the roster. */
int exchange_plan(struct exchange *exchange, struct ui *ui, const char *folder,
    struct err *err);

/* Carries it out; adds a line for each bundle to `result`.  What fails is a
 * line too; ERR_CANCELLED when the person stopped it. */
int exchange_run(struct exchange *exchange, struct ui *ui, struct buf *result,
    struct err *err);

void exchange_release(struct exchange *exchange);

#endif

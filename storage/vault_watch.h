/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_VAULT_WATCH_H
#define STORAGE_VAULT_WATCH_H

#include "storage/anchor.h"
#include "storage/vault.h"

/*
 * What an open vault knows of itself against its anchor.  vault_watch.c fills
 * it, vault_notice.c tells people of it; nothing else includes this.
 */
struct watch {
	struct anchor *anchor; /* NULL: no folder was given */
	struct vault_notice notice;
	struct vault_head anchored; /* what the last record says */
	char device[ID_MAX];        /* ours at opening; "" for none */
	bool is_held;
	bool has_last; /* notice has the last event of `last` */
	struct vault_head last;
};

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_HOST_H
#define BASE_HOST_H

#include <stdbool.h>

/*
 * What this computer does with memory: whether what stands there in clear can
 * come to a disk in clear, by swapping or by hibernating.  Devices of dm-crypt
 * (and what lies on nothing else), and zram without a disk behind it, do no
 * harm.  A disk that encrypts itself is not seen.
 */
enum { HOST_NAME_MAX_BYTES = 128 };

struct host {
	bool swaps_in_clear;
	char swap[HOST_NAME_MAX_BYTES]; /* the first such; cut when long */
	bool hibernates_in_clear;
};

/*
 * Reads /proc and /sys below `root` ("" is the real one).  What cannot be
 * read is taken for not there.
 */
void host_look(const char *root, struct host *host);

#endif

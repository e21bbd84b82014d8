/* SPDX-License-Identifier: Apache-2.0 */
/* What a passphrase costs: chosen for a machine, and bounded. */
#include "crypto/kdf.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"

#define MIB (UINT64_C(1) << 20)

const struct kdf_cost kdf_cost_default = { 3, 256 * MIB };
const struct kdf_cost kdf_cost_floor = { 3, 64 * MIB };
const struct kdf_cost kdf_cost_least = { 1, KDF_MEMORY_MIN };

/* What is run to learn the speed: enough to leave the caches behind. */
static const struct kdf_cost probe = { 1, 64 * MIB };

enum { PASSES = 3, STEP_MIB = 16 };

uint64_t
kdf_cost_work(const struct kdf_cost *cost)
{
	uint64_t work;

	if (__builtin_mul_overflow(cost->memory, cost->passes, &work))
		return UINT64_MAX;
	return work;
}

/* Of the whole machine, used or not; 0 where it does not say. */
static uint64_t
machine_memory(void)
{
	const long pages = sysconf(_SC_PHYS_PAGES);
	const long bytes = sysconf(_SC_PAGESIZE);

	return pages > 0 && bytes > 0 ? (uint64_t)pages * (uint64_t)bytes : 0;
}

int
kdf_cost_fits(const struct kdf_cost *cost, uint64_t machine, struct err *err)
{
	if (cost->passes < 1 || cost->passes > KDF_PASSES_MAX ||
	    cost->memory < KDF_MEMORY_MIN || cost->memory > KDF_MEMORY_MAX ||
	    kdf_cost_work(cost) > KDF_WORK_MAX)
		return err_set(err, ERR_LIMIT,
		    _("the cost of the passphrase (%u passes, %llu bytes) is "
		      "outside what is allowed"),
		    cost->passes, (unsigned long long)cost->memory);
	if (machine > 0 && cost->memory > machine)
		return err_set(err, ERR_LIMIT,
		    _("the passphrase needs %llu MiB of memory and this "
		      "computer has %llu MiB; open it with the recovery "
		      "code (ronde key open --recovery), which sets a new "
		      "passphrase"),
		    (unsigned long long)(cost->memory / MIB),
		    (unsigned long long)(machine / MIB));
	return 0;
}

int
kdf_cost_check(const struct kdf_cost *cost, struct err *err)
{
	return kdf_cost_fits(cost, machine_memory(), err);
}

struct kdf_cost
kdf_cost_for(double ns_per_byte, uint64_t machine)
{
	struct kdf_cost cost = { PASSES, KDF_MEMORY_MAX };
	const uint64_t step = STEP_MIB * MIB;
	double work = KDF_TARGET_MS * 1e6 / ns_per_byte;

	if (!(work < (double)KDF_WORK_MAX))
		work = (double)KDF_WORK_MAX;
	if (machine > 0 && cost.memory > machine / 4)
		cost.memory = machine / 4;
	if ((double)cost.memory > work / PASSES)
		cost.memory = (uint64_t)(work / PASSES);
	cost.memory -= cost.memory % step;
	if (cost.memory < kdf_cost_floor.memory)
		cost.memory = kdf_cost_floor.memory;
	/* What little memory does not cost, passes do. */
	while (cost.passes < KDF_PASSES_MAX &&
	    (double)cost.memory * (cost.passes + 1) <= work)
		cost.passes++;
	return cost;
}

/* Time of this thread alone: a busy moment must not make a cheap slot. */
static double
now_ns(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Nanoseconds that the probe takes; 0 where it cannot run. */
static double
run_probe(const struct secret *words)
{
	static const uint8_t salt[KDF_SALT_BYTES];
	struct err err = { 0 };
	const double start = now_ns();
	struct secret *key = kdf_passphrase(words, salt, &probe, 32, &err);
	const double spent = now_ns() - start;

	if (!key)
		return 0;
	secret_free(key);
	return spent;
}

struct kdf_cost
kdf_cost_here(void)
{
	const char *fast = getenv("RONDE_TEST_FAST_KDF");
	struct secret *words;
	double one, other;

	if (fast && strcmp(fast, "1") == 0)
		return kdf_cost_least;
	words = secret_random(16);
	one = run_probe(words);
	other = run_probe(words);
	secret_free(words);
	/* Neighbours slow memory down: the better of two is the machine's. */
	if (other < one)
		one = other;
	if (one <= 0)
		return kdf_cost_floor;
	return kdf_cost_for(
	    one / (double)kdf_cost_work(&probe), machine_memory());
}

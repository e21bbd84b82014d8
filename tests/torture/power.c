/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "crypto/secret.h"
#include "storage/identity.h"
#include "tests/torture/powercut_fs.h"
#include "tests/torture/torture.h"
#include "tests/torture/work.h"

/*
 * power [CUTS [SEED]]: real vaults in a folder of a file system whose power is
 * cut.  A child makes or opens the vault and tells through a pipe of each
 * thing that is acknowledged; at a chance change the power goes.  Afterwards
 * the vault is there if that was told, opens, is whole, and has every event
 * that was told.
 *
 * Prints "name value" lines; 77 when no file system can be mounted.
 */
enum { NEW_DISK_EVERY = 25, CHANGES_MAX = 400, LIMIT_MS = 20000, SKIP = 77 };

enum tell { TOLD_MADE, TOLD_FILLED, TOLD_BEGUN, TOLD_SAVED };

struct message {
	enum tell tell;
	long event;
};

struct power {
	struct powercut *fs;
	struct figures figures;
	uint64_t random;
	char *folder, *vault;
	long cut;
	bool made, filled; /* that was told */
	struct work work;  /* so were its events */
};

static struct secret *
passphrase(void)
{
	char text[] = "cheval agrafe pile correcte";

	return secret_take(text, sizeof(text) - 1, true);
}

/* The anchor lies on the same disk: a cut must not look like a rollback. */
static struct vault_options
options_of(const struct power *power)
{
	struct vault_options options = memvault_options;

	options.state_folder = power->folder;
	return options;
}

static struct vault *
open_vault(const struct power *power, struct err *err)
{
	struct secret *words = passphrase();
	const struct vault_options options = options_of(power);
	struct vault *vault = vault_open(power->vault, words, &options, err);

	secret_free(words);
	return vault;
}

static struct vault *
make_vault(const struct power *power, struct err *err)
{
	struct secret *words = passphrase(), *recovery = NULL;
	const struct vault_options options = options_of(power);
	struct vault *vault =
	    vault_create(power->vault, words, &options, &recovery, err);

	secret_free(recovery);
	secret_free(words);
	return vault;
}

/* ---- the child ---- */

static void
tell(int to, enum tell what, long event)
{
	const struct message message = { what, event };

	if (write(to, &message, sizeof(message)) != sizeof(message))
		_exit(1);
}

/* A vault that works until the power goes, closed now and then. */
static void
work_until_cut(struct power *power, int to)
{
	struct err err = { 0 };
	struct vault *vault = file_exists(power->vault)
	    ? open_vault(power, &err)
	    : make_vault(power, &err);

	if (!vault)
		_exit(0);
	tell(to, TOLD_MADE, 0);
	if (memvault_fill(vault, &err) != 0)
		_exit(0);
	tell(to, TOLD_FILLED, 0);
	for (int session = 0; vault; session++) {
		work_begin(vault, &err);
		for (int i = 0; i < 8; i++) {
			tell(to, TOLD_BEGUN, power->work.acknowledged);
			if (work_step(&power->work, vault, &err) != 0 &&
			    power->work.acknowledged != power->work.under_way)
				_exit(0);
			tell(to, TOLD_SAVED, power->work.acknowledged);
		}
		vault_close(vault);
		vault = open_vault(power, &err);
	}
	_exit(0);
}

/* ---- the harness ---- */

static void
report(
    struct power *power, const char *what, long events, const struct err *err)
{
	figure_fail(&power->figures, "cut %ld: %s (%ld, told %ld): %s",
	    power->cut, what, events, power->work.acknowledged, err->msg);
}

static void
hear(struct power *power, const struct message *message)
{
	switch (message->tell) {
	case TOLD_MADE: power->made = true; break;
	case TOLD_FILLED: power->filled = true; break;
	case TOLD_BEGUN: break;
	case TOLD_SAVED:
		figure_add(&power->figures, "power_told",
		    message->event - power->work.acknowledged);
		power->work.acknowledged = message->event;
	}
}

static void
run_child(struct power *power)
{
	struct message message;
	int ends[2];
	pid_t child;

	if (pipe(ends) != 0)
		abort();
	child = fork();
	if (child == 0) {
		close(ends[0]);
		work_until_cut(power, ends[1]);
	}
	close(ends[1]);
	for (;;) {
		struct pollfd ready = { .fd = ends[0], .events = POLLIN };

		if (poll(&ready, 1, LIMIT_MS) <= 0 ||
		    read(ends[0], &message, sizeof(message)) != sizeof(message))
			break;
		hear(power, &message);
	}
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(ends[0]);
}

static void
check_events(struct power *power, struct vault *vault)
{
	struct err err = { 0 };
	const long told = power->work.acknowledged;
	const bool has_person = identity_get(vault) != NULL;
	const long events = has_person ? memvault_check(vault, &err) : 0;

	if (power->filled && !has_person)
		report(power, "the person is gone", 0, &err);
	else if (events < 0)
		report(power, "is not whole", events, &err);
	else if (events < told || events > told + 3)
		report(power, "other events", events, &err);
	else
		power->work.acknowledged = events;
	power->filled = has_person;
}

static void
check(struct power *power)
{
	struct err err = { 0 };
	struct vault *vault;

	if (!file_exists(power->vault)) {
		if (power->made)
			report(power, "the vault is gone", 0, &err);
		figure_add(
		    &power->figures, "power_before_there_was_a_vault", 1);
		return;
	}
	power->made = true;
	vault = open_vault(power, &err);
	if (!vault) {
		report(power, "does not open", 0, &err);
		return;
	}
	if (vault_notice(vault)->finding > VAULT_FIRST_HERE)
		report(
		    power, "false alarm", vault_notice(vault)->finding, &err);
	else if (vault_notice(vault)->finding == VAULT_FIRST_HERE)
		figure_add(&power->figures, "power_anchor_not_yet_there", 1);
	if (!vault_notice(vault)->anchor || vault_notice(vault)->trouble)
		report(power, "keeps no anchor", 0, &err);
	check_events(power, vault);
	vault_close(vault);
}

static void
cut_once(struct power *power)
{
	if (power->cut % NEW_DISK_EVERY == 0) {
		powercut_empty(power->fs);
		power->made = power->filled = false;
		power->work = (struct work){ .random = power->random };
	}
	power->work.random = random_next(&power->random);
	powercut_arm(power->fs,
	    1 + (uint32_t)(random_next(&power->random) % CHANGES_MAX));
	run_child(power);
	powercut_restore(power->fs, random_next(&power->random));
	check(power);
	figure_add(&power->figures, "power_cuts", 1);
}

int
main(int argc, char **argv)
{
	const long cuts = argc > 1 ? atol(argv[1]) : 100;
	struct power power = { .random = (argc > 2 ? strtoull(argv[2], NULL, 10)
						   : 1) *
		    0x9e3779b97f4a7c15 };
	char folder[] = "/tmp/ronde-power-XXXXXX";
	struct err err = { 0 };

	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	if (!mkdtemp(folder))
		return 2;
	power.fs = powercut_mount(folder);
	if (!power.fs) {
		rmdir(folder);
		printf("skipped: no file system can be mounted here"
		       " (needs /dev/fuse)\n");
		return SKIP;
	}
	if (crypto_init(&err) != 0)
		return 2;
	power.folder = folder;
	power.vault = file_join(folder, "v.ronde");
	for (power.cut = 0; power.cut < cuts; power.cut++)
		cut_once(&power);
	powercut_unmount(power.fs);
	rmdir(folder);
	free(power.vault);
	for (size_t i = 0; i < power.figures.count; i++)
		printf("%s %ld\n", power.figures.list[i].name,
		    power.figures.list[i].value);
	printf("power_failures %ld\n", power.figures.failures);
	return power.figures.failures ? 1 : 0;
}

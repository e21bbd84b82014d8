/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "crypto/secret.h"
#include "tests/torture/torture.h"
#include "tests/torture/work.h"

/*
 * anchor [ROLLBACKS [SEED]]: a real vault with its anchor in a state folder.
 * Copies are made at chance moments, in the middle of a session too, and put
 * back later: the file and its log, the file alone, the file under the newer
 * log.  Each that has fewer events than the anchor is refused or found older;
 * and the vault itself, when it is back, opens as it was left: no false alarm.
 */
enum { COPIES = 12, STEPS = 6, FILE_MAX = 64 << 20 };

struct copy {
	struct buf file, log;
	long events;
};

struct anchor_test {
	struct figures figures;
	uint64_t random;
	char *folder, *vault, *log, *state;
	struct copy copies[COPIES], newest;
	size_t count;
	struct work work;
	long round;
};

static struct vault *
open_vault(struct anchor_test *test, struct err *err)
{
	char text[] = "cheval agrafe pile correcte";
	struct secret *words = secret_take(text, sizeof(text) - 1, true);
	struct secret *recovery = NULL;
	struct vault_options options = memvault_options;
	struct vault *vault;

	options.state_folder = test->state;
	vault = file_exists(test->vault)
	    ? vault_open(test->vault, words, &options, err)
	    : vault_create(test->vault, words, &options, &recovery, err);
	secret_free(recovery);
	secret_free(words);
	return vault;
}

static void
must(bool good, const struct err *err)
{
	if (good)
		return;
	fprintf(stderr, "cannot set the torture up: %s\n", err->msg);
	abort();
}

static void
take(struct anchor_test *test, struct copy *copy)
{
	struct err err = { 0 };

	buf_release(&copy->file);
	buf_release(&copy->log);
	buf_init(&copy->file, FILE_MAX);
	buf_init(&copy->log, FILE_MAX);
	must(file_read(test->vault, &copy->file, &err) == 0, &err);
	if (file_exists(test->log))
		must(file_read(test->log, &copy->log, &err) == 0, &err);
	copy->events = test->work.acknowledged;
}

static void
put_back(
    struct anchor_test *test, const struct buf *file, const struct buf *log)
{
	struct err err = { 0 };

	unlink(test->log);
	must(file_write(test->vault, file->data, file->len, 0600, &err) == 0,
	    &err);
	if (log->len > 0)
		must(
		    file_write(test->log, log->data, log->len, 0600, &err) == 0,
		    &err);
}

static void
fail(struct anchor_test *test, const char *what, long number, const char *why)
{
	figure_fail(&test->figures, "round %ld: %s (%ld): %s", test->round,
	    what, number, why);
}

/* A session that makes copies of itself at chance moments. */
static void
run_session(struct anchor_test *test)
{
	struct err err = { 0 };
	struct vault *vault = open_vault(test, &err);

	must(vault != NULL, &err);
	must(memvault_fill(vault, &err) == 0, &err);
	if (vault_notice(vault)->finding != VAULT_AS_LEFT)
		fail(test, "false alarm", vault_notice(vault)->finding,
		    "in a session");
	for (int i = 0; i < STEPS; i++) {
		must(work_step(&test->work, vault, &err) == 0, &err);
		if (test->count < COPIES && random_next(&test->random) % 3 == 0)
			take(test, &test->copies[test->count++]);
	}
	vault_close(vault);
	if (test->count < COPIES)
		take(test, &test->copies[test->count++]);
	take(test, &test->newest);
}

/* What opening says of a vault that was put back. */
static void
look(struct anchor_test *test, const struct copy *copy)
{
	struct err err = { 0 };
	struct vault *vault = open_vault(test, &err);

	figure_add(&test->figures, "anchor_rollbacks", 1);
	if (!vault) {
		figure_add(&test->figures, "anchor_refused", 1);
		if (err.code != ERR_FORMAT)
			fail(test, "refused for another reason", err.code,
			    err.msg);
		return;
	}
	if (vault_notice(vault)->finding == VAULT_OLDER)
		figure_add(&test->figures, "anchor_found_older", 1);
	else if (vault_head(vault).count == (uint64_t)test->newest.events)
		figure_add(&test->figures, "anchor_no_harm", 1);
	else
		fail(test, "is not noticed", copy->events,
		    vault_finding_code(vault_notice(vault)->finding));
	vault_close(vault);
}

/* False where the copy is not older. */
static bool
roll_back(struct anchor_test *test)
{
	const struct copy *copy =
	    &test->copies[random_next(&test->random) % test->count];
	static const struct buf none = BUF_INIT;
	struct err err = { 0 };
	struct vault *vault;

	if (copy->events >= test->newest.events)
		return false;
	switch (random_next(&test->random) % 3) {
	case 0: put_back(test, &copy->file, &none); break;
	case 1: put_back(test, &copy->file, &test->newest.log); break;
	default: put_back(test, &copy->file, &copy->log);
	}
	look(test, copy);
	put_back(test, &test->newest.file, &test->newest.log);
	vault = open_vault(test, &err);
	if (!vault || vault_notice(vault)->finding != VAULT_AS_LEFT)
		fail(test, "false alarm",
		    vault ? (long)vault_notice(vault)->finding : -1, err.msg);
	vault_close(vault);
	take(test, &test->newest);
	return true;
}

static void
start_anew(struct anchor_test *test)
{
	struct err err = { 0 };

	unlink(test->vault);
	unlink(test->log);
	test->count = 0;
	test->work = (struct work){ .random = random_next(&test->random) };
	test->state = file_join(test->folder, "state");
	must(file_make_folders(test->state, &err) == 0, &err);
}

static void
run(struct anchor_test *test, long rollbacks)
{
	long done = 0;

	while (done < rollbacks && test->figures.failures < 20) {
		if (test->round % 20 == 0)
			start_anew(test);
		test->round++;
		run_session(test);
		for (int i = 0; i < COPIES && done < rollbacks; i++)
			done += roll_back(test);
		if (test->count == COPIES)
			test->count = 0;
	}
}

int
main(int argc, char **argv)
{
	const long rollbacks = argc > 1 ? atol(argv[1]) : 50;
	struct anchor_test test = {
		.random = (argc > 2 ? strtoull(argv[2], NULL, 10) : 1) *
		    0x9e3779b97f4a7c15
	};
	char folder[] = "/tmp/ronde-anchor-XXXXXX";
	char *command;
	struct err err = { 0 };

	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	if (!mkdtemp(folder) || crypto_init(&err) != 0)
		return 2;
	test.folder = folder;
	test.vault = file_join(folder, "v.ronde");
	test.log = file_join(folder, "v.ronde-wal");
	run(&test, rollbacks);
	command = xasprintf("rm -rf '%s'", folder);
	if (system(command) != 0)
		return 2;
	free(command);
	for (size_t i = 0; i < test.figures.count; i++)
		printf("%s %ld\n", test.figures.list[i].name,
		    test.figures.list[i].value);
	printf("anchor_failures %ld\n", test.figures.failures);
	return test.figures.failures ? 1 : 0;
}

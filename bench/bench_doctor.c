/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the doctor needs for a vault of 1 GB (or as many MB as its argument
 * says), nearly all of it files, and 200,000 events: each of its steps, pages
 * and files against their bounds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/setup.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "bench/world.h"
#include "bundles/trust.h"
#include "storage/blob.h"
#include "storage/db.h"
#include "storage/doctor.h"
#include "storage/identity.h"
#include "storage/log.h"

enum {
	MB = 1000 * 1000,
	FILE_BYTES = 4 * MB,
	DEFAULT_MB = 1000,
	LEAST_MBS = 300, /* the bound of pages and of files */
	SUBJECTS = 2000,
	CHAIN_EVENTS = 100, /* of another device, on each subject */
	STAGES_MAX = 32
};

struct source {
	uint64_t state;
	size_t left;
};

/* xorshift: bytes that no two files share. */
static ssize_t
give(void *arg, void *to, size_t room, struct err *err)
{
	struct source *source = arg;
	const size_t len = room < source->left ? room : source->left;

	(void)err;
	for (size_t i = 0; i < len; i += sizeof(source->state)) {
		const size_t left = len - i;

		source->state ^= source->state << 13;
		source->state ^= source->state >> 7;
		source->state ^= source->state << 17;
		memcpy((uint8_t *)to + i, &source->state,
		    left < sizeof(source->state) ? left
						 : sizeof(source->state));
	}
	source->left -= len;
	return (ssize_t)len;
}

static void
fill(struct vault *vault, long megabytes)
{
	struct source source = { .state = 88172645463325252 };
	const struct byte_source from = { give, &source };
	struct err err = { 0 };
	struct hash digest;

	for (long done = 0; done < megabytes; done += FILE_BYTES / MB) {
		source.left = FILE_BYTES;
		if (blob_add(vault, &from, &digest, NULL, &err) < 0)
			bench_die("file", err.msg);
	}
}

#define DEVICE "D-000000000000000000000000A0"

static struct hash
add_event(struct vault *vault, int subject, int seq, const struct hash *prev)
{
	char hex[HASH_HEX_MAX] = "";
	struct err err = { 0 };
	struct event event;
	struct hash hash;
	char *line;

	if (prev)
		hash_to_hex(prev, hex);
	line = xasprintf("{\"subject\":\"S-%016d\",\"device\":\"" DEVICE
			 "\",\"seq\":%d,%s%s%s"
			 "\"time\":\"2026-11-23T11:11:12.345+01:00\","
			 "\"kind\":\"note\",\"body\":{\"text\":\"%0150d\"}}",
	    subject, seq, prev ? "\"prev\":\"" : "", hex, prev ? "\"," : "",
	    seq);
	if (event_read(&event, line, strlen(line), "bench", &err) < 0 ||
	    log_insert(vault, &event, &err) < 0)
		bench_die("event", err.msg);
	hash = event.hash;
	event_release(&event);
	free(line);
	return hash;
}

static void
fill_log(struct vault *vault)
{
	struct err err = { 0 };
	struct hash hash;

	if (db_begin(vault_db(vault), &err) < 0)
		bench_die("events", err.msg);
	for (int i = 0; i < SUBJECTS; i++)
		for (int seq = 1; seq <= CHAIN_EVENTS; seq++)
			hash = add_event(vault, i, seq, seq > 1 ? &hash : NULL);
	if (projection_run_all(vault, &err) < 0 ||
	    db_commit(vault_db(vault), &err) < 0)
		bench_die("events", err.msg);
}

struct stages {
	const char *titles[STAGES_MAX];
	double started[STAGES_MAX + 1], worked[STAGES_MAX + 1];
	size_t count;
};

static void
note_stage(void *arg, const char *title)
{
	struct stages *stages = arg;

	if (stages->count == STAGES_MAX)
		bench_die("doctor", "more stages than there is room for");
	stages->titles[stages->count] = title;
	stages->worked[stages->count] = bench_cpu();
	stages->started[stages->count++] = bench_now();
}

/* A figure a second, by the clock and by the work of the processor. */
static void
print_rate(const struct stages *stages, const char *title, const char *name,
    const char *unit, double amount, double bound)
{
	char *by_work = xasprintf("%s_cpu", name);
	size_t i = 0;

	while (i < stages->count && strcmp(stages->titles[i], title) != 0)
		i++;
	if (i == stages->count)
		bench_die(title, "this stage did not come");
	bench_print(name,
	    amount / (stages->started[i + 1] - stages->started[i]), unit,
	    bound);
	bench_print(by_work,
	    amount / (stages->worked[i + 1] - stages->worked[i]), unit, 0);
	free(by_work);
}

static void
examine(const char *path)
{
	struct stages stages = { 0 };
	const struct doctor_options options = {
		.vault = *setup_vault_options(),
		.checks = setup_doctor_checks(),
		.stage = note_stage,
		.stage_arg = &stages,
	};
	struct secret *words = secret_take((char[]){ "bench" }, 5, true);
	struct doctor_report report;
	struct err err = { 0 };
	struct stat info;

	if (stat(path, &info) != 0 ||
	    doctor_examine(path, words, &options, &report, &err) < 0)
		bench_die(path, err.msg);
	stages.started[stages.count] = bench_now();
	stages.worked[stages.count] = bench_cpu();
	if (report.found > 0)
		bench_die(path, report.findings[0].text);
	bench_print("doctor_vault", (double)info.st_size / MB, "MB", 0);
	print_rate(&stages, "Reading the pages", "doctor_pages", "MB/s",
	    (double)info.st_size / MB, LEAST_MBS);
	print_rate(&stages, "Checking the structure", "doctor_structure",
	    "MB/s", (double)info.st_size / MB, 0);
	print_rate(&stages, "Checking events", "doctor_events", "events/s",
	    (double)report.head.count, 0);
	print_rate(&stages, "Checking chains", "doctor_chains", "events/s",
	    (double)report.head.count, 0);
	print_rate(&stages, "Checking files", "doctor_files", "MB/s",
	    (double)report.file_bytes / MB, LEAST_MBS);
	print_rate(&stages, "Making the tables again", "doctor_rebuild",
	    "events/s", (double)report.head.count, 0);
	bench_print("doctor_all",
	    stages.started[stages.count] - stages.started[0], "s", 0);
	doctor_report_release(&report);
	secret_free(words);
}

int
main(int argc, char **argv)
{
	const long megabytes =
	    argc > 1 ? strtol(argv[1], NULL, 10) : DEFAULT_MB;
	const char *folder = bench_folder();
	char *path = xasprintf("%s/doctor.ronde-vault", folder);
	struct world world = { 0 };
	struct err err = { 0 };

	world_open(&world, folder, "doctor", ROLE_INSPECTOR);
	world_fill(&world);
	fill_log(world.vault);
	if (trust_refresh(world.vault, &err) < 0)
		bench_die("roster", err.msg);
	fill(world.vault, megabytes);
	world_close(&world);
	for (int i = 0; i < 3; i++)
		examine(path);
	free(path);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/big.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/setup.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "bench/big_lookup.h"
#include "bench/world.h"
#include "inspections/inspection.h"
#include "storage/db.h"
#include "storage/event.h"
#include "storage/identity.h"
#include "storage/log.h"

enum { EVENTS_IN_TURN = 10000, UNLOCKS = 21, REBUILDS = 3 };

/* What is written, one event after the other. */
struct writer {
	struct world *world;
	const struct form *form;
	char checklist[HASH_HEX_MAX];
	int64_t time;
	long written;
	struct event event; /* the last one */
	struct buf line, body;
};

static void
must(int result, const char *what, const struct err *err)
{
	if (result < 0)
		bench_die(what, err->msg);
}

/* As log_append() writes it, but nothing is projected yet. */
static void
write_event(struct writer *writer, const char *kind)
{
	struct event *event = &writer->event;
	char time[CLOCK_TEXT_MAX], prev[HASH_HEX_MAX];
	struct err err = { 0 };

	event->prev = event->seq > 0 ? event->hash : (struct hash){ 0 };
	event->seq++;
	event->time = writer->time += 20000;
	snprintf(event->kind, sizeof(event->kind), "%s", kind);
	clock_format(event->time, time);
	hash_to_hex(&event->prev, prev);
	buf_clear(&writer->line);
	buf_addf(&writer->line,
	    "{\"subject\":\"%s\",\"device\":\"%s\",\"seq\":%lld,",
	    event->subject, event->device, (long long)event->seq);
	if (event->seq > 1)
		buf_addf(&writer->line, "\"prev\":\"%s\",", prev);
	buf_addf(&writer->line,
	    "\"time\":\"%s\",\"kind\":\"%s\",\"body\":{%s}}", time, kind,
	    writer->body.data);
	event->line = writer->line.data;
	event->len = writer->line.len;
	event->hash = hash_of(event->line, event->len);
	if (writer->written % EVENTS_IN_TURN == 0)
		must(db_begin(vault_db(writer->world->vault), &err), "begin",
		    &err);
	must(log_insert(writer->world->vault, event, &err), "event", &err);
	if (++writer->written % EVENTS_IN_TURN == 0)
		must(db_commit(vault_db(writer->world->vault), &err), "commit",
		    &err);
}

/* A value that the question can have. */
static void
add_value(struct buf *body, const struct item *item, int number)
{
	switch (item->type) {
	case ITEM_SELECT_ONE:
	case ITEM_SELECT_MULTIPLE:
		if (item->list->count > 0)
			buf_add_text(body,
			    item->list
				->choices[(size_t)number % item->list->count]
				.name);
		break;
	case ITEM_INTEGER:
	case ITEM_DECIMAL: buf_addf(body, "%d", number % 1000); break;
	case ITEM_DATE: buf_add_text(body, "2026-11-23"); break;
	case ITEM_TIME: buf_add_text(body, "14:32"); break;
	case ITEM_ACKNOWLEDGE: buf_add_text(body, "OK"); break;
	default:
		buf_addf(body,
		    "Transformateur T%d : clôture côté nord réparée en "
		    "octobre",
		    number);
	}
}

/* Every third answer has a basis, every seventh a note. */
static void
write_answer(struct writer *writer, const struct item *item, int number)
{
	struct buf *body = &writer->body;

	buf_clear(body);
	buf_addf(body, "\"path\":\"%s\",\"value\":\"", item->path);
	add_value(body, item, number);
	buf_add_char(body, '"');
	if (number % 3 == 0)
		buf_add_text(body, ",\"basis\":\"seen\"");
	if (number % 7 == 0)
		buf_add_text(body,
		    ",\"note\":\"vu avec le responsable du site, à revoir au "
		    "printemps\"");
	write_event(writer, "answer");
}

static void
write_inspection(struct writer *writer, int answers, long number)
{
	const struct form *form = writer->form;
	int item = (int)(number % form->item_count);

	id_new(ID_INSPECTION, writer->event.subject);
	writer->event.seq = 0;
	buf_clear(&writer->body);
	buf_addf(&writer->body, "\"site\":\"%s\",\"checklist\":\"%s\"",
	    writer->world->site, writer->checklist);
	write_event(writer, "open");
	for (int i = 0; i < answers; i++) {
		do
			item = (item + 1) % form->item_count;
		while (!item_is_question(&form->items[item]));
		write_answer(writer, &form->items[item], (int)number + i);
	}
}

static double
fill(struct world *world, long inspections, int answers)
{
	struct err err = { 0 };
	struct writer writer = { .world = world,
		.time = 1763892000000,
		.line = BUF_INIT,
		.body = BUF_INIT };
	struct form *form =
	    checklist_open(world->vault, &world->checklist, &err);
	const double start = bench_now();

	must(form ? 0 : -1, "form", &err);
	writer.form = form;
	hash_to_hex(&world->checklist, writer.checklist);
	snprintf(writer.event.device, sizeof(writer.event.device), "%s",
	    identity_get(world->vault)->device);
	for (long i = 0; i < inspections; i++)
		write_inspection(&writer, answers, i);
	if (writer.written % EVENTS_IN_TURN != 0)
		must(db_commit(vault_db(world->vault), &err), "commit", &err);
	buf_release(&writer.line);
	buf_release(&writer.body);
	form_free(form);
	return bench_now() - start;
}

static void
print(const char *name, const char *what, double value, const char *unit,
    double bound)
{
	char *whole = xasprintf("%s_%s", name, what);

	bench_print(whole, value, unit, bound);
	free(whole);
}

static void
rebuild(const char *name, struct world *world)
{
	const double events = (double)vault_head(world->vault).count;
	double wall[REBUILDS], cpu[REBUILDS];
	struct err err = { 0 };

	for (int i = 0; i < REBUILDS; i++) {
		const double before = bench_cpu(), start = bench_now();

		must(projection_run_all(world->vault, &err), "projections",
		    &err);
		wall[i] = bench_now() - start;
		cpu[i] = bench_cpu() - before;
	}
	print(name, "events", events, "1", 0);
	print(name, "rebuild", bench_median(wall, REBUILDS), "s",
	    events / 150000);
	print(name, "rebuild_cpu", bench_median(cpu, REBUILDS), "s", 0);
	print(name, "rebuild_events_per_second",
	    events / bench_median(wall, REBUILDS), "1/s", 0);
}

/* The least cost of Argon2id is in it: 8 KiB, one pass. */
static void
unlock(const char *name, struct world *world, const char *path)
{
	struct secret *passphrase = secret_take((char[]){ "bench" }, 5, true);
	double wall[UNLOCKS];
	struct err err = { 0 };

	for (int i = 0; i < UNLOCKS; i++) {
		double start;

		world_close(world);
		start = bench_now();
		world->vault =
		    vault_open(path, passphrase, setup_vault_options(), &err);
		wall[i] = bench_now() - start;
		must(world->vault ? 0 : -1, path, &err);
	}
	secret_free(passphrase);
	print(name, "unlock", bench_median(wall, UNLOCKS) * 1e3, "ms", 5);
}

void
measure_big(const char *folder, const char *name, long inspections, int answers,
    bool rebuild_only)
{
	char *path = xasprintf("%s/%s.ronde-vault", folder, name);
	struct world world = { 0 };
	struct stat info = { 0 };
	double took;

	world_open(&world, folder, name, ROLE_INSPECTOR);
	world_fill(&world);
	took = fill(&world, inspections, answers);
	print(name, "filled", took, "s", 0);
	rebuild(name, &world);
	inspection_forget(world.vault);
	if (!rebuild_only) {
		unlock(name, &world, path);
		stat(path, &info);
		print(name, "size", (double)info.st_size / 1e6, "MB", 0);
		look_up_inspections(folder, name, world.vault);
	}
	world_close(&world);
	unlink(path);
	free(path);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/world.h"

#include <stdlib.h>
#include <string.h>

#include "app/setup.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "bundles/card.h"
#include "bundles/trust.h"
#include "checklists/reader.h"
#include "inspections/inspection.h"
#include "inspections/site.h"
#include "storage/identity.h"

#define CHECKLIST_A "checklists/critical-infrastructure.xlsx"

static void
must(int result, const char *what, const struct err *err)
{
	if (result < 0)
		bench_die(what, err->msg);
}

void
world_open(struct world *world, const char *folder, const char *name, int role)
{
	char *path = xasprintf("%s/%s.ronde-vault", folder, name);
	struct secret *passphrase, *recovery = NULL;
	struct err err = { 0 };

	setenv("RONDE_TEST_FAST_KDF", "1", 1);
	must(crypto_init(&err), "crypto", &err);
	passphrase = secret_take((char[]){ "bench" }, 5, true);
	world->vault = vault_create(
	    path, passphrase, setup_vault_options(), &recovery, &err);
	if (!world->vault)
		bench_die(path, err.msg);
	must(identity_create(
		 world->vault, name, "Bench", (enum role)role, NULL, &err),
	    "identity", &err);
	secret_free(recovery);
	secret_free(passphrase);
	free(path);
}

void
world_fill(struct world *world)
{
	struct problems problems = { 0 };
	struct err err = { 0 };
	bool added;

	reader_set_program("./ronde-reader");
	must(site_add(world->vault, "Poste électrique Nord", "énergie", NULL,
		 CATEGORY_INFRASTRUCTURE, world->site, &err),
	    "site", &err);
	must(checklist_import(world->vault, CHECKLIST_A, &problems,
		 &world->checklist, &added, &err),
	    CHECKLIST_A, &err);
	problems_release(&problems);
}

void
world_close(struct world *world)
{
	vault_close(world->vault);
	world->vault = NULL;
}

void
world_trust(struct world *one, struct world *other)
{
	struct card card = { 0 };
	struct err err = { 0 };

	must(card_own(other->vault, &card, &err), "card", &err);
	must(trust_add(one->vault, &card, -1, &err), "trust", &err);
	card_release(&card);
}

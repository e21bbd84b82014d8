/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/parties.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "storage/blob.h"
#include "storage/log.h"

static const char site[] = "S-0123456789ABCDEF";
static const char visit[] = "I-0123456789ABCDEF";

static char *folder;

static int
make_folder(void **state)
{
	(void)state;
	folder = test_folder();
	return 0;
}

static int
free_folder(void **state)
{
	(void)state;
	free(folder);
	return 0;
}

static const char *
bundle_path(const char *name)
{
	static char paths[16][256];
	static size_t turn;
	char *path = paths[turn++ % 16];

	snprintf(path, 256, "%s/%s.ronde", folder, name);
	return path;
}

static void
what_is_sent_arrives(void **state)
{
	struct party amina, bruno;
	const char *path = bundle_path("one");

	(void)state;
	party_new(&amina, folder, "Amina", ROLE_SUPERVISOR);
	party_new(&bruno, folder, "Bruno", ROLE_INSPECTOR);
	party_know(&amina, &bruno);
	party_note(&amina, site, "缅北禁地");
	party_note(&amina, site, "two");
	party_export(&amina, path, &bruno, NULL, false);
	/* It does not concern Bruno, so nothing of it went. */
	party_import(&bruno, path);
	assert_int_equal(vault_head(bruno.vault).count, 0);
	party_note_with(&amina, visit, "for", bruno.card.person);
	party_note_with(&amina, visit, "site", site);
	path = bundle_path("two");
	party_export(&amina, path, &bruno, NULL, false);
	party_import(&bruno, path);
	assert_int_equal(vault_head(bruno.vault).count, 4);
	assert_int_equal(
	    party_chain(&bruno, site, amina.card.device).status, CHAIN_GOOD);
	assert_int_equal(
	    party_chain(&bruno, site, amina.card.device).effective, 2);
	party_close(&amina);
	party_close(&bruno);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    what_is_sent_arrives, make_folder, free_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

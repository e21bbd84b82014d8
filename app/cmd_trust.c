/* SPDX-License-Identifier: Apache-2.0 */
/* ronde trust add, list, revoke */
#include <stdio.h>
#include <string.h>

#include "app/cli.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/json.h"
#include "bundles/card.h"
#include "bundles/trust.h"
#include "storage/identity.h"

static const char *
trust_code(enum trust trust)
{
	static const char *const codes[] = {
		[TRUST_NONE] = "none",
		[TRUST_YES] = "trusted",
		[TRUST_REVOKED] = "revoked",
		[TRUST_SELF] = "self",
	};

	return codes[trust];
}

static const char *
trust_title(enum trust trust)
{
	static const char *const titles[] = {
		[TRUST_NONE] = N_("not trusted"),
		[TRUST_YES] = N_("trusted"),
		[TRUST_REVOKED] = N_("revoked"),
		[TRUST_SELF] = N_("this device"),
	};

	return _(titles[trust]);
}

static const struct cli_option add_options[] = {
	{ "role", N_("ROLE"),
	    N_("enrol in this role instead of the one on the card") },
	{ NULL, NULL, NULL },
};

struct further {
	const struct card *card;
	size_t others;
};

static int
count_other(void *arg, const struct roster_entry *entry, struct err *err)
{
	struct further *further = arg;

	(void)err;
	if (entry->trust != TRUST_NONE &&
	    strcmp(entry->device, further->card->device) != 0)
		further->others++;
	return 0;
}

/* What a card claims is up to who made it: say what follows from it. */
static int
say_claims(struct vault *vault, const struct card *card, bool role_given,
    struct err *err)
{
	struct further further = { card, 0 };

	if (roster_each(vault, card->person, count_other, &further, err) < 0)
		return -1;
	if (further.others > 0)
		cli_say(_("%s is a person known here already: what you send "
			  "to that person can now be read on the device %s, "
			  "too; revoke it if that is not right"),
		    card->person, card->device);
	if (!role_given && card->role != ROLE_INSPECTOR)
		cli_say(_("the role %s is what the card itself says; --role "
			  "gives another one"),
		    role_title(card->role));
	return 0;
}

static int
run_add(struct cli *cli, struct err *err)
{
	const char *path = cli->operands[0], *code = cli_value(cli, "role");
	struct buf text = { .data = buf_empty, .max = CARD_FILE_MAX };
	struct card card = { 0 };
	struct vault *vault;
	enum role role = ROLE_INSPECTOR;
	int result = -1;

	if (code && !role_find(code, &role))
		return err_set(err, ERR_USAGE,
		    _("the role is authority, supervisor or inspector, not "
		      "%s"),
		    code);
	vault = cli_vault(cli, err);
	if (!vault || file_read(path, &text, err) < 0 ||
	    card_read(text.data, text.len, path, &card, err) < 0 ||
	    trust_add(vault, &card, code ? (int)role : -1, err) < 0)
		goto out;
	cli_print(_("Trusted: %s, %s (%s)\n"), card.name, card.organisation,
	    role_title(code ? role : card.role));
	cli_print(
	    _("Compare the fingerprint by telephone: %s\n"), card.fingerprint);
	result = say_claims(vault, &card, code != NULL, err);
out:
	card_release(&card);
	buf_release(&text);
	return result;
}

static json_t *
json_of_entry(const struct roster_entry *entry)
{
	char minisign[MINISIGN_TEXT_MAX], age[AGE_TEXT_MAX];

	minisign_public_write(&entry->minisign_public, minisign);
	age_recipient_write(&entry->age_recipient, age);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "person",
	    entry->person, "device", entry->device, "name", entry->name,
	    "organisation", entry->organisation, "role", role_code(entry->role),
	    "trust", trust_code(entry->trust), "minisign", minisign, "age",
	    age);
}

static int
list_one(void *arg, const struct roster_entry *entry, struct err *err)
{
	json_t *list = arg;

	(void)err;
	if (list)
		json_array_append_new(list, json_of_entry(entry));
	else
		cli_print("%s  %s  %-12s %-12s %s, %s\n", entry->person,
		    entry->device, role_title(entry->role),
		    trust_title(entry->trust), entry->name,
		    entry->organisation);
	return 0;
}

static int
run_list(struct cli *cli, struct err *err)
{
	struct vault *vault = cli_vault(cli, err);
	json_t *list = cli->json ? json_array() : NULL;

	if (!vault || roster_each(vault, NULL, list_one, list, err) < 0) {
		json_decref(list);
		return -1;
	}
	if (list)
		cli_print_json(list);
	return 0;
}

static const struct cli_option revoke_options[] = {
	{ "after", N_("STATEMENT"),
	    N_("the last heads statement that still counts; 0: none does") },
	{ "reason", N_("TEXT"), N_("why") },
	{ NULL, NULL, NULL },
};

static int
run_revoke(struct cli *cli, struct err *err)
{
	const char *after, *reason;
	struct vault *vault;

	if (cli_need(cli, "after", &after, err) < 0 ||
	    cli_need(cli, "reason", &reason, err) < 0)
		return -1;
	vault = cli_vault(cli, err);
	if (!vault ||
	    trust_revoke(vault, cli->operands[0], after, reason, err) < 0)
		return -1;
	cli_print(_("Revoked: %s. What it signed later is disputed.\n"),
	    cli->operands[0]);
	return 0;
}

const struct cli_command trust_commands[] = {
	{ "trust", "add", N_("CARD"),
	    N_("trust the person of a card (compare its fingerprint first)"),
	    add_options, 1, 1, false, run_add },
	{ "trust", "list", "", N_("list people, their devices and roles"), NULL,
	    0, 0, true, run_list },
	{ "trust", "revoke", N_("KEY"),
	    N_("trust a device no longer, after one of its statements"),
	    revoke_options, 1, 1, false, run_revoke },
	{ 0 },
};

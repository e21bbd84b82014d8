/* SPDX-License-Identifier: Apache-2.0 */
/* ronde key list, passphrase, recovery, programme */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/cli.h"
#include "app/cmd_key.h"
#include "app/recovery.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/json.h"
#include "crypto/age.h"
#include "storage/vault.h"
#include "storage/vault_keys.h"

/* ---- list ---- */

static void
print_key(const struct vault_key *key)
{
	char recipient[AGE_TEXT_MAX];

	switch (key->kind) {
	case KEY_PASSPHRASE:
		printf(_("%u  passphrase: Argon2id, %u passes over %llu MiB\n"),
		    key->slot, key->cost.passes,
		    (unsigned long long)(key->cost.memory >> 20));
		break;
	case KEY_RECOVERY: printf(_("%u  recovery code\n"), key->slot); break;
	case KEY_PROGRAMME:
		age_recipient_write(&key->recipient, recipient);
		printf(_("%u  programme key: %s\n"), key->slot, recipient);
		break;
	default: printf(_("%u  a key of a later ronde\n"), key->slot);
	}
}

static json_t *
json_of_key(const struct vault_key *key)
{
	json_t *json = json_pack("{s:i, s:s}", "slot", (int)key->slot, "kind",
	    vault_key_code(key->kind));
	char recipient[AGE_TEXT_MAX];

	if (key->kind == KEY_PROGRAMME) {
		age_recipient_write(&key->recipient, recipient);
		json_put_text(json, "recipient", recipient);
		return json;
	}
	json_object_set_new(
	    json, "passes", json_integer((json_int_t)key->cost.passes));
	json_object_set_new(
	    json, "memory", json_integer((json_int_t)key->cost.memory));
	return json;
}

static int
run_list(struct cli *cli, struct err *err)
{
	struct vault *vault = cli_vault(cli, err);
	struct vault_key list[VAULT_KEYS_MAX];
	json_t *json;
	size_t count;

	if (!vault)
		return -1;
	count = vault_keys_list(vault, list);
	if (!cli->json) {
		for (size_t i = 0; i < count; i++)
			print_key(&list[i]);
		return 0;
	}
	json = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(json, json_of_key(&list[i]));
	cli_print_json(json);
	return 0;
}

/* ---- passphrase ---- */

static const struct cli_option passphrase_options[] = {
	{ "new-passphrase-file", N_("FILE"),
	    N_("read the new passphrase from FILE instead of asking") },
	{ NULL, NULL, NULL },
};

int
key_set_passphrase(struct cli *cli, struct vault *vault, struct err *err)
{
	struct secret *passphrase =
	    cli_new_passphrase(cli, "new-passphrase-file", err);
	int result;

	if (!passphrase)
		return -1;
	result = vault_set_passphrase(vault, passphrase, NULL, err);
	secret_free(passphrase);
	if (result != 0)
		return -1;
	cli_say(_("the passphrase of %s is changed; copies and backups that "
		  "were made before still open with the older one"),
	    vault_path(vault));
	return 0;
}

static int
run_passphrase(struct cli *cli, struct err *err)
{
	struct vault *vault = cli_vault(cli, err);

	return vault ? key_set_passphrase(cli, vault, err) : -1;
}

/* ---- recovery ---- */

static const struct cli_option recovery_options[] = {
	{ "new", NULL, N_("make a new code; the old one stops working") },
	{ "recovery-file", N_("FILE"),
	    N_("write the recovery code to FILE instead of showing it") },
	{ NULL, NULL, NULL },
};

int
key_hand_over(const struct cli *cli, const struct secret *code, struct err *err)
{
	const char *file = cli_value(cli, "recovery-file");
	json_t *json;

	/* The code in it may be the one that still opens the vault. */
	if (file && file_exists(file))
		return err_set(err, ERR_EXISTS,
		    _("%s exists already; choose another name"), file);
	if (recovery_hand_over(cli, code, err) != 0)
		return -1;
	if (!cli->json)
		return 0;
	json = json_object();
	if (!file)
		json_put_text(json, "recovery", (const char *)code->data);
	cli_print_json(json);
	if (fflush(stdout) != 0)
		return err_errno(err, _("cannot write to standard output"));
	return 0;
}

static int
run_recovery(struct cli *cli, struct err *err)
{
	const char *file = cli_value(cli, "recovery-file");
	struct vault *vault;
	struct secret *code;
	int result = -1;

	if (!cli_has(cli, "new"))
		return err_set(err, ERR_USAGE, _("--%s is missing"), "new");
	vault = cli_vault(cli, err);
	if (!vault)
		return -1;
	code = vault_recovery_new();
	if (key_hand_over(cli, code, err) != 0) {
		err_wrap(err, _("the old recovery code still holds"));
	} else if (vault_set_recovery(vault, code, err) != 0) {
		if (file)
			unlink(file);
		err_wrap(err, _("the old recovery code still holds"));
	} else {
		cli_say(_("the new recovery code holds; destroy the old one"));
		result = 0;
	}
	secret_free(code);
	return result;
}

/* ---- programme ---- */

static const struct cli_option programme_options[] = {
	{ "add", N_("RECIPIENT"),
	    N_("let whoever has the key of that age recipient (age1...) open "
	       "the vault") },
	{ "remove", NULL,
	    N_("take a programme key away: the one there is, or that of "
	       "RECIPIENT") },
	{ NULL, NULL, NULL },
};

static int
add_programme(struct vault *vault, const char *text, struct err *err)
{
	struct age_recipient recipient;

	if (age_recipient_read(text, &recipient, err) != 0)
		return err_wrap(
		    err, _("cannot add %s as a programme key"), text);
	if (vault_add_programme(vault, &recipient, err) != 0)
		return -1;
	cli_say(_("whoever has the key of %s can open %s from now on"), text,
	    vault_path(vault));
	return 0;
}

/* The slot of `recipient`, or of the only programme key where it is NULL. */
static int
find_programme(const struct vault *vault, const struct age_recipient *recipient,
    unsigned *slot, struct err *err)
{
	struct vault_key list[VAULT_KEYS_MAX];
	const size_t count = vault_keys_list(vault, list);
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		if (list[i].kind != KEY_PROGRAMME ||
		    (recipient &&
			memcmp(recipient->key, list[i].recipient.key,
			    sizeof(recipient->key)) != 0))
			continue;
		*slot = list[i].slot;
		found++;
	}
	if (found == 1)
		return 0;
	if (found > 1)
		return err_set(err, ERR_USAGE,
		    _("there are %zu programme keys; name the recipient "
		      "behind --remove"),
		    found);
	return err_set(err, ERR_NOT_FOUND,
	    recipient ? _("no slot of %s is for that recipient; ronde key "
			  "list shows them")
		      : _("%s has no programme key"),
	    vault_path(vault));
}

static int
remove_programme(struct vault *vault, const char *text, struct err *err)
{
	struct age_recipient recipient;
	unsigned slot = 0;

	if (text && age_recipient_read(text, &recipient, err) != 0)
		return -1;
	if (find_programme(vault, text ? &recipient : NULL, &slot, err) != 0 ||
	    vault_remove_key(vault, slot, err) != 0)
		return -1;
	cli_say(_("the programme key is taken away; it still opens copies and "
		  "backups that were made before, and whatever is made with "
		  "the same data key: ronde key renew gives a new one"));
	return 0;
}

static int
run_programme(struct cli *cli, struct err *err)
{
	const char *add = cli_value(cli, "add");
	const bool removes = cli_has(cli, "remove");
	struct vault *vault;

	if (!add == !removes)
		return err_set(err, ERR_USAGE,
		    _("say either --add RECIPIENT or --remove"));
	if (add && cli->operand_count > 0)
		return err_set(err, ERR_USAGE,
		    _("one recipient at a time is added, behind --add"));
	vault = cli_vault(cli, err);
	if (!vault)
		return -1;
	return add ? add_programme(vault, add, err)
		   : remove_programme(vault,
			 cli->operand_count ? cli->operands[0] : NULL, err);
}

const struct cli_command key_commands[] = {
	{ "key", "list", "", N_("list what opens the vault"), NULL, 0, 0, true,
	    run_list },
	{ "key", "passphrase", "", N_("change the passphrase"),
	    passphrase_options, 0, 0, false, run_passphrase },
	{ "key", "recovery", "", N_("make a new recovery code"),
	    recovery_options, 0, 0, true, run_recovery },
	{ "key", "programme", N_("[RECIPIENT]"),
	    N_("add or remove a programme key, which opens the vault as the "
	       "passphrase does"),
	    programme_options, 0, 1, false, run_programme },
	{ "key", "open", "",
	    N_("when the passphrase is forgotten: open with another key and "
	       "set a new passphrase"),
	    key_open_options, 0, 0, false, key_run_open },
	{ "key", "renew", "",
	    N_("give the vault a new data key: all of it is sealed anew"),
	    key_renew_options, 0, 0, true, key_run_renew },
	{ 0 },
};

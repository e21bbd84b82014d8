/* SPDX-License-Identifier: Apache-2.0 */
/* ronde init, ronde identity */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/cli.h"
#include "app/recovery.h"
#include "app/setup.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "bundles/card.h"
#include "crypto/age.h"
#include "storage/identity.h"
#include "storage/vault.h"

enum { EXPORT_WORK_FACTOR = 18 };

static const struct cli_option init_options[] = {
	{ "name", N_("NAME"), N_("your name") },
	{ "organisation", N_("NAME"), N_("your ministry or body") },
	{ "role", N_("ROLE"), N_("authority, supervisor or inspector") },
	{ "person", N_("ID"),
	    N_("your identifier, when you have another device already") },
	{ "recovery-file", N_("FILE"),
	    N_("write the recovery code to FILE instead of showing it") },
	{ NULL, NULL, NULL },
};

static json_t *
json_of_card(const struct card *card)
{
	char minisign[MINISIGN_TEXT_MAX], age[AGE_TEXT_MAX];

	minisign_public_write(&card->minisign_public, minisign);
	age_recipient_write(&card->age_recipient, age);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}",
	    "person", card->person, "name", card->name, "organisation",
	    card->organisation, "role", role_code(card->role), "device",
	    card->device, "minisign", minisign, "age", age, "fingerprint",
	    card->fingerprint, "card", card->line);
}

/* The owner and the keys; then the code goes to whoever asked for it. */
static int
create_owner(struct cli *cli, struct vault *vault,
    const struct secret *recovery, struct card *card, struct err *err)
{
	enum role role = ROLE_INSPECTOR;

	role_find(cli_value(cli, "role"), &role);
	if (identity_create(vault, cli_value(cli, "name"),
		cli_value(cli, "organisation"), role, cli_value(cli, "person"),
		err) < 0 ||
	    card_own(vault, card, err) < 0)
		return -1;
	return recovery_hand_over(cli, recovery, err);
}

/* Before the vault is settled: a code that cannot be printed is not held. */
static int
print_json(const struct cli *cli, const char *path, const struct card *card,
    const struct secret *recovery, struct err *err)
{
	json_t *json = json_of_card(card);

	json_put_text(json, "vault", path);
	if (!cli_has(cli, "recovery-file"))
		json_put_text(json, "recovery", (const char *)recovery->data);
	cli_print_json(json);
	if (fflush(stdout) != 0)
		return err_errno(err, _("cannot write to standard output"));
	return 0;
}

static int
check_init(const struct cli *cli, struct err *err)
{
	const char *name, *organisation, *code;
	enum role role;

	if (cli_need(cli, "name", &name, err) < 0 ||
	    cli_need(cli, "organisation", &organisation, err) < 0 ||
	    cli_need(cli, "role", &code, err) < 0)
		return -1;
	if (!role_find(code, &role))
		return err_set(err, ERR_USAGE,
		    _("the role is authority, supervisor or inspector, not "
		      "%s"),
		    code);
	if (text_check_clean(name, TEXT_NAME_MAX, false, _("the name"), err) <
		0 ||
	    text_check_clean(organisation, TEXT_NAME_MAX, false,
		_("the organisation"), err) < 0)
		return -1;
	return 0;
}

static int
run_init(struct cli *cli, struct err *err)
{
	struct secret *passphrase = NULL, *recovery = NULL;
	char *path = cli_vault_path(cli, err);
	struct vault *vault = NULL;
	struct card card = { 0 };
	int result = -1;

	if (!path || check_init(cli, err) < 0)
		goto out;
	if (file_exists(path)) {
		err_set(err, ERR_EXISTS,
		    _("%s exists already; it was left as it is"), path);
		goto out;
	}
	passphrase = cli_passphrase(
	    cli, _("New passphrase: "), _("The passphrase again: "), err);
	if (!passphrase || cli_make_home(cli, path, err) < 0)
		goto out;
	vault = vault_begin(
	    path, passphrase, setup_vault_options(), &recovery, err);
	if (!vault || create_owner(cli, vault, recovery, &card, err) < 0 ||
	    (cli->json && print_json(cli, path, &card, recovery, err) < 0))
		goto out;
	cli->vault =
	    vault_settle(vault, path, passphrase, setup_vault_options(), err);
	vault = NULL; /* closed */
	if (!cli->vault)
		goto out;
	if (!cli->json) {
		cli_print(_("The vault %s is ready for %s, %s.\n"), path,
		    card.name, card.organisation);
		printf(_("Fingerprint: %s\n"), card.fingerprint);
	}
	result = 0;
out:
	vault_discard(vault);
	card_release(&card);
	secret_free(passphrase);
	secret_free(recovery);
	free(path);
	return result;
}

static const struct cli_option identity_options[] = {
	{ "export-age-key", N_("FILE"),
	    N_("write the key that opens your bundles to FILE, encrypted with "
	       "a passphrase, for age -d -i FILE") },
	{ NULL, NULL, NULL },
};

static int
add_to_buf(void *arg, const void *bytes, size_t len, struct err *err)
{
	(void)err;
	buf_add(arg, bytes, len);
	return 0;
}

static int
encrypt_key(const struct secret *key, const struct secret *passphrase,
    struct buf *out, struct err *err)
{
	const struct byte_sink sink = { add_to_buf, out };
	struct age_writer *writer =
	    age_encrypt_passphrase(passphrase, EXPORT_WORK_FACTOR, &sink, err);

	if (!writer)
		return -1;
	if (age_write(writer, key->data, strlen((const char *)key->data), err) <
		0 ||
	    age_write(writer, "\n", 1, err) < 0) {
		age_writer_free(writer);
		return -1;
	}
	return age_finish(writer, err);
}

static int
export_age_key(struct cli *cli, const char *path, struct err *err)
{
	const struct identity *identity = identity_get(cli->vault);
	struct secret *passphrase = NULL, *key = NULL;
	struct buf out = BUF_INIT;
	int result = -1;

	if (vault_spare(path, err) < 0)
		return -1;
	cli_say(_("whoever has %s and its passphrase can open every bundle "
		  "sent to you"),
	    path);
	passphrase = cli_passphrase(cli, _("Passphrase for the key file: "),
	    _("The passphrase again: "), err);
	if (!passphrase)
		goto out;
	key = age_identity_write(identity->age_identity);
	if (encrypt_key(key, passphrase, &out, err) < 0)
		goto out;
	result = file_write(path, out.data, out.len, 0600, err);
out:
	buf_release(&out);
	secret_free(key);
	secret_free(passphrase);
	return result;
}

static int
run_identity(struct cli *cli, struct err *err)
{
	const char *key_file = cli_value(cli, "export-age-key");
	struct vault *vault = cli_vault(cli, err);
	struct card card = { 0 };
	struct buf out = BUF_INIT;

	if (!vault || card_own(vault, &card, err) < 0)
		return -1;
	if (key_file && export_age_key(cli, key_file, err) < 0) {
		card_release(&card);
		return -1;
	}
	if (cli->json) {
		cli_print_json(json_of_card(&card));
	} else {
		card_write(&card, &out);
		fwrite(out.data, 1, out.len, stdout);
	}
	buf_release(&out);
	card_release(&card);
	return 0;
}

const struct cli_command vault_commands[] = {
	{ "init", NULL, "",
	    N_("make a vault: its owner, its keys, its recovery code"),
	    init_options, 0, 0, true, run_init },
	{ "identity", NULL, "",
	    N_("print your card: who you are and your public keys"),
	    identity_options, 0, 0, true, run_identity },
	{ 0 },
};

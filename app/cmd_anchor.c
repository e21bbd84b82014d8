/* SPDX-License-Identifier: Apache-2.0 */
/* ronde anchor: the last event, and what was noticed at unlocking */
#include <stdio.h>

#include "app/cli.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "storage/vault.h"

static const struct cli_option anchor_options[] = {
	{ "accept", NULL,
	    N_("you know why the vault was used elsewhere, or why what this "
	       "computer knew of it is damaged: ends the warning") },
	{ NULL, NULL, NULL },
};

static void
put_time(json_t *json, const char *key, int64_t when)
{
	char text[CLOCK_TEXT_MAX];

	if (when == 0)
		return;
	clock_format(when, text);
	json_put_text(json, key, text);
}

static int
add_missing(void *arg, const struct vault_missing *missing, struct err *err)
{
	json_t *one = json_object();

	(void)err;
	if (missing->subject[0])
		json_put_text(one, "subject", missing->subject);
	json_put_text(one, "witness", missing->witness);
	json_put_int(one, "seq", missing->seq);
	json_put_int(one, "held", missing->held);
	return json_array_append_new(arg, one);
}

static int
print_json(struct vault *vault, struct err *err)
{
	const struct vault_notice *notice = vault_notice(vault);
	json_t *json = json_object(), *missing = json_array();

	json_put_text(json, "vault", vault_path(vault));
	json_put_text(json, "id", vault_id(vault));
	json_put_int(json, "events", (int64_t)notice->number);
	json_put_text(json, "hash", notice->hash);
	put_time(json, "time", notice->time);
	json_put_text(json, "state", vault_finding_code(notice->finding));
	json_put_int(json, "missing", (int64_t)notice->missing);
	if (notice->known > 0)
		json_put_int(json, "known", (int64_t)notice->known);
	put_time(json, "known_time", notice->known_time);
	if (notice->anchor)
		json_put_text(json, "anchor", notice->anchor);
	if (notice->trouble)
		json_put_text(json, "trouble", notice->trouble);
	json_object_set_new(json, "lacks", missing);
	if (vault_each_missing(vault, add_missing, missing, err) < 0) {
		json_decref(json);
		return -1;
	}
	cli_print_json(json);
	return 0;
}

static void
print_text(struct vault *vault)
{
	const struct vault_notice *notice = vault_notice(vault);
	struct buf text = BUF_INIT;

	vault_last_event_say(vault, &text);
	cli_print("%s\n", text.data);
	buf_clear(&text);
	vault_notice_say(vault, &text);
	if (text.len == 0)
		buf_add_text(&text,
		    notice->anchor
			? _("The vault is as it was left on this computer.")
			: _("No anchor is kept: neither XDG_STATE_HOME nor "
			    "HOME is set."));
	cli_print("%s\n", text.data);
	if (notice->trouble)
		cli_print("%s\n", notice->trouble);
	buf_release(&text);
}

static int
run(struct cli *cli, struct err *err)
{
	struct vault *vault = cli_vault_as_it_is(cli, err);

	if (!vault)
		return -1;
	if (cli_has(cli, "accept") && vault_accept(vault, err) != 0)
		return -1;
	if (cli->json)
		return print_json(vault, err);
	print_text(vault);
	return 0;
}

const struct cli_command anchor_commands[] = {
	{ "anchor", NULL, "",
	    N_("print number, hash and time of the last event, and whether the "
	       "vault is as it was left here"),
	    anchor_options, 0, 0, true, run },
	{ 0 },
};

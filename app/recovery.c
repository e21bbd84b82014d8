/* SPDX-License-Identifier: Apache-2.0 */
#include "app/recovery.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "storage/vault.h"

enum { ASKED_BACK_TRIES = 3 };

static int
ask_code_back(const struct secret *recovery, struct err *err)
{
	for (int i = 0; i < ASKED_BACK_TRIES; i++) {
		struct secret *typed =
		    cli_ask(_("Type the recovery code: "), true, err);
		char line[RECOVERY_CODE_MAX * 2] = "";
		bool right;

		if (!typed)
			return -1;
		snprintf(line, sizeof(line), "%.*s", (int)typed->len,
		    (const char *)typed->data);
		right = vault_recovery_matches(recovery, line);
		wipe(line, sizeof(line));
		secret_free(typed);
		if (right)
			return 0;
		cli_say(_("that is not the code; look again"));
	}
	return err_set(
	    err, ERR_VALUE, _("the recovery code was not typed correctly"));
}

int
recovery_hand_over(
    const struct cli *cli, const struct secret *recovery, struct err *err)
{
	const char *file = cli_value(cli, "recovery-file");
	const char *code = (const char *)recovery->data;

	if (file && vault_spare(file, err) < 0)
		return -1;
	if (file)
		return file_write(file, code, strlen(code), 0600, err);
	if (cli->json)
		return 0;
	printf(_("Recovery code: %s\n"), code);
	printf("%s\n",
	    _("Write it on paper, put it in an envelope for your supervisor, "
	      "and keep it away from this computer. It is not shown again."));
	return cli_is_interactive(cli) ? ask_code_back(recovery, err) : 0;
}

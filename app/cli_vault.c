/* SPDX-License-Identifier: Apache-2.0 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "app/cli.h"
#include "app/progress.h"
#include "app/setup.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "storage/identity.h"
#include "storage/vault.h"
#include "tui/tui.h"

/* Where a command's vault is, and opening it. */

char *
cli_vault_path(const struct cli *cli, struct err *err)
{
	const char *path = cli->vault_path;

	if (!path)
		path = getenv("RONDE_VAULT");
	if (path && strlen(path) >= PATH_MAX) {
		err_set(err, ERR_LIMIT,
		    _("the vault's path is %zu bytes long, at most %d are "
		      "taken; choose a shorter one"),
		    strlen(path), PATH_MAX - 1);
		return NULL;
	}
	return path && *path ? xstrdup(path) : tui_default_vault(err);
}

int
cli_make_home(const struct cli *cli, const char *path, struct err *err)
{
	char *folder, *slash;
	int result = 0;

	if (cli->vault_path || getenv("RONDE_VAULT"))
		return 0;
	folder = xstrdup(path);
	slash = strrchr(folder, '/');
	if (slash && slash != folder) {
		*slash = '\0';
		result = file_make_folders(folder, err);
	}
	free(folder);
	return result;
}

static int
check_identity(struct vault *vault, struct err *err)
{
	if (identity_get(vault))
		return 0;
	return err_set(err, ERR_NOT_FOUND,
	    _("the vault %s has no owner yet; make a new one with ronde init"),
	    vault_path(vault));
}

/* Lines of a text, each as a message. */
void
cli_say_lines(const char *text)
{
	while (*text) {
		const size_t len = strcspn(text, "\n");

		cli_say("%.*s", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

void
cli_say_notice(struct vault *vault)
{
	const struct vault_notice *notice = vault_notice(vault);
	struct buf text = BUF_INIT;

	vault_notice_say(vault, &text);
	cli_say_lines(text.data);
	buf_release(&text);
	if (notice->finding == VAULT_USED_ELSEWHERE ||
	    notice->finding == VAULT_ANCHOR_DAMAGED)
		cli_say(_("ronde anchor --accept says that this is right, and "
			  "ends the warning"));
	if (notice->trouble)
		cli_say(_("%s; an older vault would not be noticed here"),
		    notice->trouble);
}

/* What opening noticed; -1 where the vault may only be looked at. */
static int
check_notice(struct vault *vault, struct err *err)
{
	cli_say_notice(vault);
	if (!vault_is_held(vault))
		return 0;
	return err_set(err, ERR_CONFLICT,
	    _("%s is not used: put the newest backup in its place (ronde "
	      "restore), or go on with it as another device (ronde restore "
	      "--here)"),
	    vault_path(vault));
}

static struct vault *
open_vault(struct cli *cli, bool as_it_is, struct err *err)
{
	struct vault_options options = *setup_vault_options();
	struct secret *passphrase = NULL;
	struct progress_line line;
	char *path;

	if (cli->vault)
		return cli->vault;
	path = cli_vault_path(cli, err);
	if (!path)
		return NULL;
	if (!file_exists(path)) {
		err_set(err, ERR_NOT_FOUND,
		    _("there is no vault at %s; make one with ronde init"),
		    path);
		goto out;
	}
	passphrase = cli_passphrase(cli, _("Passphrase: "), NULL, err);
	if (!passphrase)
		goto out;
	progress_line_prepare(&line, _("Bringing the vault up to date"));
	options.progress = &line.progress;
	cli->vault = vault_open(path, passphrase, &options, err);
	progress_line_end(&line);
	if (cli->vault &&
	    (check_identity(cli->vault, err) < 0 ||
		(!as_it_is && check_notice(cli->vault, err) < 0))) {
		vault_close(cli->vault);
		cli->vault = NULL;
	}
out:
	secret_free(passphrase);
	free(path);
	return cli->vault;
}

struct vault *
cli_vault(struct cli *cli, struct err *err)
{
	return open_vault(cli, false, err);
}

struct vault *
cli_vault_as_it_is(struct cli *cli, struct err *err)
{
	return open_vault(cli, true, err);
}

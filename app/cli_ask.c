/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/i18n.h"

/* Asking the person at the terminal; passphrases. */

enum { LINE_MAX_BYTES = 1024 };

static int
read_line(int fd, char *line, size_t room)
{
	size_t len = 0;
	char c;

	while (len + 1 < room) {
		const ssize_t got = read(fd, &c, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		if (c == '\n' || c == '\r') {
			line[len] = '\0';
			return (int)len;
		}
		line[len++] = c;
	}
	line[len] = '\0';
	return len ? (int)len : -1;
}

struct secret *
cli_ask(const char *prompt, bool shown, struct err *err)
{
	struct secret *room = secret_new(LINE_MAX_BYTES), *answer = NULL;
	const int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	struct termios before, quiet;
	int len;

	if (fd < 0 || tcgetattr(fd, &before) < 0) {
		err_set(err, ERR_IO,
		    _("there is no terminal to ask for the passphrase; use "
		      "--passphrase-file or RONDE_PASSPHRASE_FILE"));
		goto out;
	}
	quiet = before;
	if (!shown)
		quiet.c_lflag &= (tcflag_t) ~(ECHO);
	tcsetattr(fd, TCSAFLUSH, &quiet);
	(void)!write(fd, prompt, strlen(prompt));
	len = read_line(fd, (char *)room->data, room->len);
	tcsetattr(fd, TCSAFLUSH, &before);
	if (!shown)
		(void)!write(fd, "\n", 1);
	if (len < 0)
		err_set(err, ERR_CANCELLED, _("nothing was typed"));
	else
		answer = secret_take(room->data, (size_t)len, true);
out:
	if (fd >= 0)
		close(fd);
	secret_free(room);
	return answer;
}

const char *
cli_passphrase_file(const struct cli *cli)
{
	const char *file = cli->passphrase_file;

	if (!file)
		file = getenv("RONDE_PASSPHRASE_FILE");
	return file && *file ? file : NULL;
}

bool
cli_is_interactive(const struct cli *cli)
{
	return !cli_passphrase_file(cli) && isatty(STDIN_FILENO);
}

/* Asks; where `again` is not NULL a second time, and compares. */
static struct secret *
ask_twice(const char *prompt, const char *again, struct err *err)
{
	struct secret *one = cli_ask(prompt, false, err), *other;

	if (!one || !again)
		return one;
	other = cli_ask(again, false, err);
	if (other && secret_equal(one, other)) {
		secret_free(other);
		return one;
	}
	if (other)
		err_set(err, ERR_VALUE, _("the two passphrases differ"));
	secret_free(one);
	secret_free(other);
	return NULL;
}

struct secret *
cli_passphrase(const struct cli *cli, const char *prompt, const char *again,
    struct err *err)
{
	const char *file = cli_passphrase_file(cli);

	return file ? secret_read_file(file, err)
		    : ask_twice(prompt, again, err);
}

struct secret *
cli_new_passphrase(const struct cli *cli, const char *option, struct err *err)
{
	const char *file = cli_value(cli, option);

	if (file)
		return secret_read_file(file, err);
	return ask_twice(
	    _("New passphrase: "), _("The new passphrase again: "), err);
}

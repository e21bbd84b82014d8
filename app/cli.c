/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cli_options.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "storage/vault.h"
#include "tui/tui.h"

static const struct cli_command *const tables[] = {
	vault_commands,
	anchor_commands,
	key_commands,
	trust_commands,
	site_commands,
	checklist_commands,
	inspection_commands,
	answer_commands,
	bundle_commands,
	purge_commands,
	report_commands,
	backup_commands,
	doctor_commands,
	terminal_commands,
	NULL,
};

/* ---- options ---- */

const char *
cli_value(const struct cli *cli, const char *option)
{
	for (size_t i = cli->value_count; i-- > 0;)
		if (strcmp(cli->values[i].option, option) == 0)
			return cli->values[i].value;
	return NULL;
}

bool
cli_has(const struct cli *cli, const char *option)
{
	return cli_value(cli, option) != NULL;
}

size_t
cli_values(
    const struct cli *cli, const char *option, const char *list[CLI_VALUES_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < cli->value_count; i++)
		if (strcmp(cli->values[i].option, option) == 0)
			list[count++] = cli->values[i].value;
	return count;
}

int
cli_need(const struct cli *cli, const char *option, const char **value,
    struct err *err)
{
	*value = cli_value(cli, option);
	if (*value && **value)
		return 0;
	return err_set(err, ERR_USAGE, _("--%s is missing"), option);
}

/* ---- output ---- */

void
cli_print_json(json_t *value)
{
	struct buf out = BUF_INIT;

	json_write(&out, value, 2);
	printf("%s\n", out.data);
	buf_release(&out);
	json_decref(value);
}

static void PRINTF_LIKE(2, 0)
    print_harmless(FILE *to, const char *fmt, va_list args)
{
	struct buf shown = BUF_INIT;
	char *text = NULL;

	if (vasprintf(&text, fmt, args) < 0)
		return;
	text_show(&shown, text, true);
	fputs(shown.data, to);
	buf_release(&shown);
	free(text);
}

void
cli_print(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print_harmless(stdout, fmt, args);
	va_end(args);
}

void
cli_say(const char *fmt, ...)
{
	va_list args;

	fflush(stdout);
	fputs("ronde: ", stderr);
	va_start(args, fmt);
	print_harmless(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

/* ---- dispatch ---- */

static bool
matches(const struct cli_command *command, int argc, char **argv)
{
	if (strcmp(command->group, argv[1]) != 0)
		return false;
	return !command->verb ||
	    (argc > 2 && strcmp(command->verb, argv[2]) == 0);
}

static const struct cli_command *
find_command(int argc, char **argv)
{
	for (const struct cli_command *const *table = tables; *table; table++)
		for (const struct cli_command *command = *table; command->group;
		     command++)
			if (matches(command, argc, argv))
				return command;
	return NULL;
}

/* `ronde site`: the verbs of a group; false when there is no such group. */
static bool
print_group(FILE *to, const char *group)
{
	bool found = false;

	for (const struct cli_command *const *table = tables; *table; table++)
		for (const struct cli_command *command = *table; command->group;
		     command++) {
			if (strcmp(command->group, group) != 0)
				continue;
			fprintf(to, "  ronde %s %s%s%s\n      %s\n", group,
			    command->verb, *command->operands ? " " : "",
			    *command->operands ? _(command->operands) : "",
			    _(command->help));
			found = true;
		}
	return found;
}

static int
report_unknown(int argc, char **argv)
{
	const bool asks_help = argc > 2 &&
	    (strcmp(argv[2], "--help") == 0 || strcmp(argv[2], "-h") == 0);

	if (print_group(asks_help ? stdout : stderr, argv[1])) {
		if (asks_help)
			return EXIT_DONE;
		cli_say(argc > 2 ? _("ronde %s has no command %s")
				 : _("ronde %s needs one of these commands"),
		    argv[1], argc > 2 ? argv[2] : "");
	} else {
		cli_say(
		    _("unknown command: %s; ronde --help lists them"), argv[1]);
	}
	return EXIT_USAGE;
}

static int
finish(struct cli *cli, int result, const struct err *err)
{
	struct err unwritten = { 0 };

	vault_close(cli->vault);
	errno = 0;
	if (result == 0 && (fflush(stdout) != 0 || ferror(stdout))) {
		err_errno(&unwritten, _("cannot write to standard output"));
		cli_say("%s", unwritten.msg);
		return EXIT_REFUSED;
	}
	if (result == 0)
		return EXIT_DONE;
	if (err->code != ERR_USAGE) {
		cli_say("%s", err->msg);
		return EXIT_REFUSED;
	}
	cli_say(_("%s; see ronde %s%s%s --help"), err->msg, cli->command->group,
	    cli->command->verb ? " " : "",
	    cli->command->verb ? cli->command->verb : "");
	return EXIT_USAGE;
}

static int
run_command(const struct cli_command *command, int argc, char **argv)
{
	struct cli cli = { .command = command };
	struct err err = { 0 };
	int result = cli_parse(&cli, argc, argv, &err);

	if (result == 1) {
		cli_help_command(command);
		return EXIT_DONE;
	}
	if (result == 0)
		result = command->run(&cli, &err);
	return finish(&cli, result, &err);
}

static bool
is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

int
cli_main(int argc, char **argv)
{
	static const char *const help[] = { "--help", "-h", "help", NULL };
	static const char *const version[] = { "--version", "version", NULL };
	const struct cli_command *command;

	if (argc > 1 && is_one_of(argv[1], help)) {
		cli_help_all(tables);
		return EXIT_DONE;
	}
	if (argc > 1 && is_one_of(argv[1], version)) {
		printf("ronde %s\n", PACKAGE_VERSION);
		return EXIT_DONE;
	}
	if (argc == 1 || argv[1][0] == '-')
		return run_command(terminal_commands, argc, argv);
	command = find_command(argc, argv);
	if (!command)
		return report_unknown(argc, argv);
	const int skip = command->verb ? 2 : 1;

	return run_command(command, argc - skip, argv + skip);
}

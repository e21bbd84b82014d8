/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli_options.h"

#include <assert.h>
#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

enum { OPTIONS_MAX = 32, HELP_COLUMN = 28, NUMBER_MARK = 1 };

/* Options that every command knows. */
static const struct cli_option common[] = {
	{ "vault", N_("FILE"),
	    N_("the vault; else RONDE_VAULT, else the one in your home") },
	{ "passphrase-file", N_("FILE"),
	    N_("read the passphrase from FILE; else RONDE_PASSPHRASE_FILE") },
	{ "help", NULL, N_("show this text") },
	{ NULL, NULL, NULL },
};

static const struct cli_option json_option[] = {
	{ "json", NULL, N_("print JSON") },
	{ NULL, NULL, NULL },
};

static size_t
add_options(struct option *to, size_t count, const struct cli_option *from)
{
	for (; from && from->name; from++) {
		if (count + 1 == OPTIONS_MAX)
			break;
		to[count++] = (struct option){ from->name,
			from->argument ? required_argument : no_argument, NULL,
			0 };
	}
	return count;
}

/* getopt would take -3 for an option: such a word is marked. */
static void
mark_numbers(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (argv[i][0] == '-' &&
		    (isdigit((unsigned char)argv[i][1]) || argv[i][1] == '.' ||
			argv[i][1] == ','))
			argv[i] = xasprintf("%c%s", NUMBER_MARK, argv[i]);
}

static int
take_operand(struct cli *cli, const char *word, struct err *err)
{
	if (cli->operand_count == CLI_VALUES_MAX)
		return err_set(err, ERR_USAGE, _("too many arguments"));
	cli->operands[cli->operand_count++] =
	    word + (word[0] == NUMBER_MARK ? 1 : 0);
	return 0;
}

static int
take_option(
    struct cli *cli, const char *name, const char *value, struct err *err)
{
	if (value && value[0] == NUMBER_MARK)
		value++;
	if (strcmp(name, "help") == 0)
		return 1;
	if (strcmp(name, "json") == 0) {
		cli->json = true;
	} else if (strcmp(name, "vault") == 0) {
		cli->vault_path = value;
	} else if (strcmp(name, "passphrase-file") == 0) {
		cli->passphrase_file = value;
	} else {
		if (cli->value_count == CLI_VALUES_MAX)
			return err_set(err, ERR_USAGE, _("too many arguments"));
		cli->values[cli->value_count].option = name;
		cli->values[cli->value_count++].value = value ? value : "";
	}
	return 0;
}

static int
check_operands(const struct cli *cli, struct err *err)
{
	const struct cli_command *command = cli->command;

	if (cli->operand_count < (size_t)command->least)
		return err_set(err, ERR_USAGE, _("needs %s"),
		    command->operands[0] ? _(command->operands) : "-");
	if (command->most >= 0 && cli->operand_count > (size_t)command->most)
		return err_set(err, ERR_USAGE, _("unexpected argument: %s"),
		    cli->operands[command->most]);
	return 0;
}

int
cli_parse(struct cli *cli, int argc, char **argv, struct err *err)
{
	struct option options[OPTIONS_MAX] = { 0 };
	size_t count = add_options(options, 0, common);
	int at = 0, code;

	if (cli->command->prints_data)
		count = add_options(options, count, json_option);
	add_options(options, count, cli->command->options);
	mark_numbers(argc, argv);
	opterr = 0;
	optind = 1;
	while ((code = getopt_long(argc, argv, "-:h", options, &at)) != -1) {
		int result = 0;

		switch (code) {
		case 'h': return 1;
		case 1: result = take_operand(cli, optarg, err); break;
		case 0:
			assert(options[at].name); /* getopt found it */
			result =
			    take_option(cli, options[at].name, optarg, err);
			break;
		case ':':
			return err_set(err, ERR_USAGE, _("%s needs a value"),
			    argv[optind - 1]);
		default:
			return err_set(err, ERR_USAGE, _("unknown option: %s"),
			    argv[optind - 1]);
		}
		if (result != 0)
			return result;
	}
	for (; optind < argc; optind++)
		if (take_operand(cli, argv[optind], err) < 0)
			return -1;
	return check_operands(cli, err);
}

static void
print_option(const struct cli_option *option)
{
	char left[128];
	size_t width;

	snprintf(left, sizeof(left), "  --%s%s%s", option->name,
	    option->argument ? " " : "",
	    option->argument ? _(option->argument) : "");
	width = text_width(left, strlen(left));
	printf("%s%*s%s\n", left,
	    width + 1 < HELP_COLUMN ? (int)(HELP_COLUMN - width) : 1, "",
	    _(option->help));
}

static void
print_options(const struct cli_option *options)
{
	for (; options && options->name; options++)
		print_option(options);
}

void
cli_help_command(const struct cli_command *command)
{
	printf(_("Usage: ronde %s%s%s [options]%s%s\n"), command->group,
	    command->verb ? " " : "", command->verb ? command->verb : "",
	    command->operands[0] ? " " : "",
	    command->operands[0] ? _(command->operands) : "");
	printf("\n%s\n\n", _(command->help));
	print_options(command->options);
	if (command->prints_data)
		print_options(json_option);
	print_options(common);
	printf("\n%s\n",
	    _("Exit code: 0 done, 1 refused or failed, 2 wrong usage."));
}

void
cli_help_all(const struct cli_command *const *tables)
{
	printf("%s\n\n%s\n\n", _("Usage: ronde [COMMAND] [options]"),
	    _("Without a command ronde opens the terminal on your vault. "
	      "Commands:"));
	for (; *tables; tables++)
		for (const struct cli_command *command = *tables;
		     command->group; command++) {
			char left[64];

			snprintf(left, sizeof(left), "  %s%s%s", command->group,
			    command->verb ? " " : "",
			    command->verb ? command->verb : "");
			printf("%-*s%s\n", HELP_COLUMN, left, _(command->help));
		}
	printf("\n%s\n", _("ronde COMMAND --help tells more of one."));
}

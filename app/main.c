/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli.h"
#include "base/i18n.h"
#include "crypto/secret.h"

int
main(int argc, char **argv)
{
	char *help[] = { argv[0], (char[]){ "--help" }, NULL };
	struct err err = { 0 };

	i18n_init();
	if (crypto_init(&err) < 0) {
		cli_say("%s", err.msg);
		return EXIT_REFUSED;
	}
	return argc > 1 ? cli_main(argc, argv) : cli_main(2, help);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli.h"
#include "base/i18n.h"
#include "crypto/secret.h"

int
main(int argc, char **argv)
{
	struct err err = { 0 };

	i18n_init();
	if (crypto_init(&err) < 0) {
		cli_say("%s", err.msg);
		return EXIT_REFUSED;
	}
	return cli_main(argc, argv);
}

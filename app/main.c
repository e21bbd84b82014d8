/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>

#include "app/cli.h"
#include "base/i18n.h"
#include "crypto/secret.h"

int
main(int argc, char **argv)
{
	struct err err = { 0 };

	/* A file that may grow no more is an error to tell, not an end. */
	signal(SIGXFSZ, SIG_IGN);
	i18n_init();
	if (crypto_init(&err) < 0) {
		cli_say("%s", err.msg);
		return EXIT_REFUSED;
	}
	return cli_main(argc, argv);
}

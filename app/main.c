/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <stdio.h>

#include "base/i18n.h"

int
main(void)
{
	i18n_init();
	puts(PACKAGE_STRING);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/torture/torture.h"

void
torture_flip(const struct torture_plan *plan, struct figures *figures)
{
	(void)plan;
	(void)figures;
}
void
torture_swap(const struct torture_plan *plan, struct figures *figures)
{
	(void)plan;
	(void)figures;
}

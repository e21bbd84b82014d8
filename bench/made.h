/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_MADE_H
#define BENCH_MADE_H

#include "bench/world.h"

struct ui;

/*
 * Forms of 1,000 and 5,000 questions, in sections and flat: read from a
 * workbook, opened from the vault to the first screen, answered; beside
 * @getodk/xforms-engine in the folder that RONDE_BENCH_XFORMS_ENGINE names
 * (npm install @getodk/xforms-engine jsdom), else beside what was measured of
 * it and of JavaRosa once, on another machine.
 */
void bench_made(struct world *world, struct ui *ui, const char *folder);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_SAVING_H
#define BENCH_SAVING_H

/*
 * Saving one answer, durably, against a bare one-row durable commit of plain
 * SQLite that writes a line of the same length; in turns.
 */
void save_answers(const char *folder);

#endif

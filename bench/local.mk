# SPDX-License-Identifier: Apache-2.0
#
# make bench [NAME=vault|checklists|terminal|bundles|doctor]: one figure a line,
# `name value unit bound`.  The programs run in the build folder; with a NAME
# they are given $BENCH_ARGS.  RONDE_BENCH_SQLCIPHER may name the library of a
# newer SQLCipher, RONDE_BENCH_XFORMS_ENGINE a folder in which
# `npm install @getodk/xforms-engine jsdom` was run.
BENCHES = bench/bench_vault bench/bench_checklists bench/bench_terminal \
	bench/bench_bundles bench/bench_doctor
EXTRA_PROGRAMS += $(BENCHES)
CLEANFILES += $(BENCHES)

BENCH_HELP = bench/bench.c bench/bench.h bench/peer.c bench/peer.h \
	bench/world.c bench/world.h app/setup.c app/setup.h
BENCH_LIBS = $(WHOLE)
bench_bench_vault_SOURCES = bench/bench_vault.c \
	bench/big.c bench/big.h bench/big_lookup.c bench/big_lookup.h \
	bench/compare.c bench/compare.h bench/counter.c bench/counter.h \
	bench/engine.c bench/engine.h bench/engine_find.c \
	bench/saving.c bench/saving.h $(BENCH_HELP)
bench_bench_vault_LDADD = $(BENCH_LIBS)
bench_bench_checklists_SOURCES = bench/bench_checklists.c \
	bench/forms.c bench/forms.h bench/made.c bench/made.h $(BENCH_HELP)
bench_bench_checklists_CPPFLAGS = $(AM_CPPFLAGS) \
	-DBENCH_SOURCES='"$(abs_top_srcdir)/bench"'
bench_bench_checklists_LDADD = $(TUI)
EXTRA_DIST += bench/getodk.mjs
bench_bench_terminal_SOURCES = bench/bench_terminal.c $(BENCH_HELP)
bench_bench_terminal_LDADD = $(TUI)
bench_bench_bundles_SOURCES = bench/bench_bundles.c $(BENCH_HELP)
bench_bench_bundles_LDADD = $(BENCH_LIBS)
bench_bench_doctor_SOURCES = bench/bench_doctor.c $(BENCH_HELP)
bench_bench_doctor_LDADD = $(BENCH_LIBS)

.PHONY: bench
bench: all $(BENCHES)
	@if test -n "$$NAME"; then ./bench/bench_$$NAME $$BENCH_ARGS; \
	else for bench in $(BENCHES); do ./$$bench || exit 1; done; fi

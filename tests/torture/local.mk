# SPDX-License-Identifier: Apache-2.0
#
# The torture of the vault: `make torture [NAME=crash]`.  Its parts run
# shortly in the ordinary tests; doc/reliability.md says what each shows.
check_LIBRARIES += libtorture.a
libtorture_a_SOURCES = $(MEMDISK) \
	tests/torture/crash.c \
	tests/torture/fault.c \
	tests/torture/figures.c \
	tests/torture/flip.c \
	tests/torture/history.c tests/torture/history.h \
	tests/torture/memvault.c tests/torture/memvault.h \
	tests/torture/swap.c \
	tests/torture/tally.c tests/torture/tally.h \
	tests/torture/torture.h \
	tests/torture/work.c tests/torture/work.h
TORTURE = libtorture.a $(STORAGE)

EXTRA_PROGRAMS += tests/torture/torture
tests_torture_torture_SOURCES = tests/torture/main.c
tests_torture_torture_LDADD = $(TORTURE)
EXTRA_PROGRAMS += tests/torture/anchor
tests_torture_anchor_SOURCES = tests/torture/anchor.c
tests_torture_anchor_LDADD = $(TORTURE)
CLEANFILES += tests/torture/torture tests/torture/anchor

check_PROGRAMS += tests/test_vault_torture
tests_test_vault_torture_SOURCES = tests/test_vault_torture.c
tests_test_vault_torture_LDADD = $(SUPPORT) $(TORTURE)

# Power cuts on a file system of their own, where libfuse3 is there.
if HAVE_FUSE
EXTRA_PROGRAMS += tests/torture/power
CLEANFILES += tests/torture/power
TORTURE_POWER = tests/torture/power
endif
tests_torture_power_SOURCES = tests/torture/power.c \
	tests/torture/powercut_fs.c tests/torture/powercut_fs.h \
	tests/torture/powercut_names.c tests/torture/powercut_names.h
tests_torture_power_CFLAGS = $(AM_CFLAGS) $(FUSE_CFLAGS)
tests_torture_power_LDADD = $(TORTURE) $(FUSE_LIBS)

# kill -9 of the real program in the terminal.
check_PROGRAMS += tests/test_terminal_kill
tests_test_terminal_kill_SOURCES = tests/test_terminal_kill.c
tests_test_terminal_kill_LDADD = libtuisupport.a $(SUPPORT) $(TUI) \
	$(VTERM_LIBS) -lutil

# What a mutant is built and linked with, and what reads ../shared.
TORTURE_LINK = $(CCLD) $(AM_CFLAGS) $(CFLAGS) $(AM_LDFLAGS) $(LDFLAGS)
TORTURE_LIBS = $(SUPPORT) $(TORTURE) $(LIBS)
RONDE_TORTURE = tests/torture/torture tests/torture/anchor \
	$(TORTURE_POWER) tests/test_terminal_kill tests/test_vfs \
	tests/test_vault tests/test_vault_damage tests/test_vault_faults \
	tests/test_wycheproof tests/test_age_vectors

.PHONY: torture
torture: all $(RONDE_TORTURE)
	@$(AM_TESTS_ENVIRONMENT) MUTANT_COMPILE='$(COMPILE)' \
	    MUTANT_LINK='$(TORTURE_LINK)' MUTANT_LIBS='$(TORTURE_LIBS)' \
	    SRCDIR='$(srcdir)' \
	    $(srcdir)/tests/torture/run $(NAME)

EXTRA_DIST += tests/torture/run tests/torture/report \
	tests/torture/mutants tests/torture/mutants.table \
	doc/reliability.md

check_PROGRAMS += tests/test_purge_power
tests_test_purge_power_SOURCES = tests/test_purge_power.c
tests_test_purge_power_LDADD = $(SUPPORT) $(TORTURE)

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
CLEANFILES += tests/torture/torture

check_PROGRAMS += tests/test_vault_torture
tests_test_vault_torture_SOURCES = tests/test_vault_torture.c
tests_test_vault_torture_LDADD = $(SUPPORT) $(TORTURE)

# SPDX-License-Identifier: Apache-2.0
#
# Help for tests: tests/support.[ch].  A test program is listed in the
# local.mk of its layer; end-to-end tests are listed here.
check_LIBRARIES += libsupport.a
libsupport_a_SOURCES = tests/support.c tests/support.h
SUPPORT = libsupport.a $(CMOCKA_LIBS)
EXTRA_DIST += tests/screens tests/fixtures doc/bad-input.md
TESTS += $(check_PROGRAMS) $(dist_check_SCRIPTS)

# The whole program.
check_LIBRARIES += libcommand.a
libcommand_a_SOURCES = tests/command.c tests/command.h

check_PROGRAMS += tests/test_anchor_command
tests_test_anchor_command_SOURCES = tests/test_anchor_command.c
tests_test_anchor_command_LDADD = libcommand.a $(SUPPORT) $(BASE)
check_PROGRAMS += tests/test_key_command
tests_test_key_command_SOURCES = tests/test_key_command.c
tests_test_key_command_LDADD = libcommand.a $(SUPPORT) $(BASE) -lutil
check_PROGRAMS += tests/test_cli tests/test_kill
check_PROGRAMS += tests/test_doctor_command
tests_test_doctor_command_SOURCES = tests/test_doctor_command.c
tests_test_doctor_command_LDADD = libcommand.a $(SUPPORT) $(BASE)
tests_test_cli_SOURCES = tests/test_cli.c
tests_test_cli_LDADD = libcommand.a $(SUPPORT) $(BASE)
tests_test_kill_SOURCES = tests/test_kill.c app/setup.c
tests_test_kill_LDADD = $(SUPPORT) $(WHOLE)
EXTRA_DIST += tests/check-layers.sh

# The format of the vault, read by a second implementation.
dist_check_SCRIPTS += tests/test-decode-vault.sh
EXTRA_DIST += tests/decode-vault.py

check_PROGRAMS += tests/test_bad_input tests/test_bad_places
tests_test_bad_input_SOURCES = tests/test_bad_input.c tests/bad_input.c \
	tests/bad_input.h
tests_test_bad_input_LDADD = libcommand.a libtuisupport.a $(SUPPORT) $(BASE) \
	$(VTERM_LIBS) -lutil
tests_test_bad_places_SOURCES = tests/test_bad_places.c tests/bad_input.c \
	tests/bad_input.h
tests_test_bad_places_LDADD = $(tests_test_bad_input_LDADD)

check_PROGRAMS += tests/test_round
tests_test_round_SOURCES = tests/test_round.c
tests_test_round_LDADD = libtuisupport.a $(SUPPORT) $(BASE) $(VTERM_LIBS) -lutil

check_PROGRAMS += tests/test_orders
tests_test_orders_SOURCES = tests/test_orders.c app/setup.c
tests_test_orders_LDADD = libparties.a $(SUPPORT) $(WHOLE)
include tests/torture/local.mk


# The expressions of other engines, and what those answered.
noinst_PROGRAMS += tests/eval-cases
tests_eval_cases_SOURCES = tests/eval_cases.c
tests_eval_cases_LDADD = $(CHECKLISTS)
dist_check_SCRIPTS += tests/test-oracle.sh
EXTRA_DIST += tests/check-oracle.py tests/oracle-chosen.tsv

# Every row that differs, with its reason.
check-oracle: tests/eval-cases
	python3 $(srcdir)/tests/check-oracle.py tests/eval-cases \
	    $(srcdir)/../shared/oracle $(srcdir)/tests/oracle-chosen.tsv
.PHONY: check-oracle

check_PROGRAMS += tests/test_restore
tests_test_restore_SOURCES = tests/test_restore.c
tests_test_restore_LDADD = libcommand.a libtuisupport.a $(SUPPORT) $(TUI) \
	$(VTERM_LIBS) -lutil

check_PROGRAMS += tests/test_migration
tests_test_migration_SOURCES = tests/test_migration.c app/setup.c $(MEMDISK)
tests_test_migration_LDADD = $(SUPPORT) $(WHOLE)

check_PROGRAMS += tests/test_purge_command
tests_test_purge_command_SOURCES = tests/test_purge_command.c
tests_test_purge_command_LDADD = libcommand.a $(SUPPORT) $(STORAGE)
check_PROGRAMS += tests/test_export_data
tests_test_export_data_SOURCES = tests/test_export_data.c
tests_test_export_data_LDADD = libcommand.a $(SUPPORT) $(STORAGE)
check_PROGRAMS += tests/test_rows_command
tests_test_rows_command_SOURCES = tests/test_rows_command.c
tests_test_rows_command_LDADD = libcommand.a $(SUPPORT) $(STORAGE)

# SPDX-License-Identifier: Apache-2.0
#
# Help for tests: tests/support.[ch].  A test program is listed in the
# local.mk of its layer; end-to-end tests are listed here.
check_LIBRARIES += libsupport.a
libsupport_a_SOURCES = tests/support.c tests/support.h
SUPPORT = libsupport.a $(CMOCKA_LIBS)
EXTRA_DIST += tests/screens tests/fixtures
TESTS += $(check_PROGRAMS) $(dist_check_SCRIPTS)

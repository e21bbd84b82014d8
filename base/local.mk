# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	base/archive.c base/archive.h base/archive_internal.h \
	base/archive_names.c \
	base/archive_write.c \
	base/archive_zip.c \
	base/buf.c base/buf.h \
	base/clock.c base/clock.h \
	base/compiler.h \
	base/error.c base/error.h \
	base/file.c base/file.h \
	base/host.c base/host.h \
	base/i18n.c base/i18n.h \
	base/gps.c base/gps.h \
	base/json.c base/json.h base/json_plain.c \
	base/mem.c base/mem.h \
	base/process.c base/process.h \
	base/progress.c base/progress.h \
	base/text.c base/text.h base/text_show.c \
	base/xml.c base/xml.h

check_PROGRAMS += tests/test_archive
tests_test_archive_SOURCES = tests/test_archive.c tests/make_zip.h
tests_test_archive_LDADD = $(SUPPORT) $(BASE)
check_PROGRAMS += tests/test_host
tests_test_host_SOURCES = tests/test_host.c
tests_test_host_LDADD = $(SUPPORT) $(BASE)
check_PROGRAMS += tests/test_process
tests_test_process_SOURCES = tests/test_process.c
tests_test_process_LDADD = $(SUPPORT) $(BASE)
check_PROGRAMS += tests/test_xml
tests_test_xml_SOURCES = tests/test_xml.c
tests_test_xml_LDADD = $(SUPPORT) $(BASE)
check_PROGRAMS += tests/test_error
tests_test_error_SOURCES = tests/test_error.c
tests_test_error_LDADD = $(SUPPORT) $(BASE)
check_PROGRAMS += tests/test_mem
tests_test_mem_SOURCES = tests/test_mem.c
tests_test_mem_LDADD = $(SUPPORT) $(BASE)
check_PROGRAMS += tests/test_text
tests_test_text_SOURCES = tests/test_text.c
tests_test_text_LDADD = $(SUPPORT) $(BASE)
check_PROGRAMS += tests/test_clock
tests_test_clock_SOURCES = tests/test_clock.c
tests_test_clock_LDADD = $(SUPPORT) $(BASE)
check_PROGRAMS += tests/test_json
tests_test_json_SOURCES = tests/test_json.c
tests_test_json_LDADD = $(SUPPORT) $(BASE)
check_PROGRAMS += tests/test_file
tests_test_file_SOURCES = tests/test_file.c
tests_test_file_LDADD = $(SUPPORT) $(BASE)

EXTRA_DIST += tests/fuzz/corpus/archive
if FUZZERS
noinst_PROGRAMS += tests/fuzz/fuzz_archive
tests_fuzz_fuzz_archive_SOURCES = tests/fuzz/fuzz_archive.c
tests_fuzz_fuzz_archive_LDADD = $(BASE)
tests_fuzz_fuzz_archive_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
noinst_PROGRAMS += tests/fuzz/fuzz_gps
tests_fuzz_fuzz_gps_SOURCES = tests/fuzz/fuzz_gps.c
tests_fuzz_fuzz_gps_LDADD = $(BASE)
tests_fuzz_fuzz_gps_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
endif

# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libreport.a
libreport_a_SOURCES = \
	report/document.c report/document_front.c report/document_people.c \
	report/csv.c report/csv.h \
	report/export.c report/export.h \
	report/export_audit.c report/export_internal.h \
	report/export_files.c \
	report/export_json.c \
	report/export_table.c \
	report/facts.c report/facts.h \
	report/formats.h \
	report/html.c report/html.h \
	report/layout.h \
	report/report.c report/report.h \
	report/report_csv.c \
	report/report_html.c \
	report/report_text.c \
	report/team.c

check_LIBRARIES += libreportsupport.a
libreportsupport_a_SOURCES = tests/report_support.c tests/report_support.h
REPORT_SUPPORT = libreportsupport.a libinspectionssupport.a \
	libstoragesupport.a $(SUPPORT) $(REPORT)

check_PROGRAMS += tests/test_report
tests_test_report_SOURCES = tests/test_report.c
tests_test_report_LDADD = $(REPORT_SUPPORT)

check_PROGRAMS += tests/test_export_conflict
tests_test_export_conflict_SOURCES = tests/test_export_conflict.c
tests_test_export_conflict_LDADD = $(REPORT_SUPPORT)

check_PROGRAMS += tests/test_report_hostile
tests_test_report_hostile_SOURCES = tests/test_report_hostile.c
tests_test_report_hostile_LDADD = $(REPORT_SUPPORT)

# It runs test_report_hostile, which writes a page for it.
dist_check_SCRIPTS += tests/test-report-html.sh

EXTRA_DIST += doc/formats/export.md doc/formats/report.md

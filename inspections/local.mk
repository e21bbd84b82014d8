# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libinspections.a
libinspections_a_SOURCES = \
	inspections/checklist.c \
	inspections/complete.c inspections/complete.h \
	inspections/contents.c inspections/contents.h \
	inspections/history.c inspections/history.h \
	inspections/history_current.c \
	inspections/history_index.c \
	inspections/inspection.c inspections/inspection.h \
	inspections/inspection_follow.c inspections/inspection_internal.h \
	inspections/inspection_keys.c \
	inspections/inspection_list.c \
	inspections/inspection_lists.c \
	inspections/inspection_new.c \
	inspections/inspection_places.c \
	inspections/inspection_project.c \
	inspections/inspection_resolve.c \
	inspections/inspection_rows.c \
	inspections/inspection_set.c \
	inspections/inspection_show.c \
	inspections/inspection_show_log.c \
	inspections/inspection_sign.c \
	inspections/inspection_trail.c \
	inspections/projectors.h \
	inspections/record.c inspections/record.h \
	inspections/record_base.c \
	inspections/record_slot.c \
	inspections/record_take.c \
	inspections/roles.c inspections/roles.h \
	inspections/score.c inspections/score.h \
	inspections/site.c inspections/site.h \
	inspections/site_project.c

check_LIBRARIES += libinspectionssupport.a
libinspectionssupport_a_SOURCES = tests/inspections_support.c \
	tests/inspections_support.h
INSPECTIONS_SUPPORT = libinspectionssupport.a libstoragesupport.a \
	$(SUPPORT) $(INSPECTIONS)

check_PROGRAMS += tests/test_inspection
tests_test_inspection_SOURCES = tests/test_inspection.c
tests_test_inspection_LDADD = $(INSPECTIONS_SUPPORT)

check_PROGRAMS += tests/test_conflict
tests_test_conflict_SOURCES = tests/test_conflict.c
tests_test_conflict_LDADD = $(INSPECTIONS_SUPPORT)
check_PROGRAMS += tests/test_roles
tests_test_roles_SOURCES = tests/test_roles.c
tests_test_roles_LDADD = $(INSPECTIONS_SUPPORT)
check_PROGRAMS += tests/test_score
tests_test_score_SOURCES = tests/test_score.c
tests_test_score_LDADD = $(INSPECTIONS_SUPPORT)
check_PROGRAMS += tests/test_site
tests_test_site_SOURCES = tests/test_site.c
tests_test_site_LDADD = $(INSPECTIONS_SUPPORT)
check_PROGRAMS += tests/test_inspection_rows
tests_test_inspection_rows_SOURCES = tests/test_inspection_rows.c
tests_test_inspection_rows_LDADD = $(INSPECTIONS_SUPPORT)
check_PROGRAMS += tests/test_inspection_kinds
tests_test_inspection_kinds_SOURCES = tests/test_inspection_kinds.c
tests_test_inspection_kinds_LDADD = $(INSPECTIONS_SUPPORT)

# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libchecklists.a
libchecklists_a_SOURCES = \
	checklists/expr.h checklists/expr_internal.h \
	checklists/expr_date.c \
	checklists/expr_dynamic.c \
	checklists/expr_eval.c \
	checklists/expr_form_path.c \
	checklists/expr_filter.c \
	checklists/expr_functions.c \
	checklists/expr_functions_date.c \
	checklists/expr_functions_digest.c \
	checklists/expr_functions_files.c \
	checklists/expr_functions_geo.c \
	checklists/expr_functions_logic.c \
	checklists/expr_functions_nodes.c \
	checklists/expr_functions_number.c \
	checklists/expr_functions_text.c \
	checklists/expr_lex.c \
	checklists/expr_nodes.c \
	checklists/expr_number.c \
	checklists/expr_parse.c \
	checklists/expr_path.c \
	checklists/expr_references.c \
	checklists/expr_regex.c \
	checklists/expr_value.c \
	checklists/expr_walk.c \
	checklists/csv.c checklists/csv.h \
	checklists/form.c checklists/form.h checklists/form_internal.h \
	checklists/form_build.c \
	checklists/form_cells.c \
	checklists/form_choices.c \
	checklists/form_cycles.c \
	checklists/form_diff.c checklists/form_diff.h \
	checklists/form_facts.c checklists/form_facts.h \
	checklists/form_files.c checklists/form_files.h \
	checklists/form_hash.c \
	checklists/form_index.c checklists/form_index.h \
	checklists/form_items.c \
	checklists/form_logic.c \
	checklists/form_loops.c \
	checklists/form_names.c \
	checklists/form_order.c checklists/form_order.h \
	checklists/form_other.c \
	checklists/form_parameters.c \
	checklists/form_plan.c checklists/form_plan.h \
	checklists/form_selects.c \
	checklists/form_settings.c \
	checklists/form_sheet_cells.c \
	checklists/form_sheets.c \
	checklists/form_types.c \
	checklists/name_map.c checklists/name_map.h \
	checklists/problem.c checklists/problem.h \
	checklists/script.c checklists/script.h \
	checklists/submission.c checklists/submission.h \
	checklists/reader.c checklists/reader.h \
	checklists/reader_files.c checklists/reader_files.h \
	checklists/reader_frames.c checklists/reader_frames.h \
	checklists/reader_work.c \
	checklists/sandbox.c checklists/sandbox.h \
	checklists/sheets.c checklists/sheets.h \
	checklists/sheets_csv.c checklists/sheets_csv.h \
	checklists/sheets_write.c \
	checklists/state.c checklists/state.h checklists/state_internal.h \
	checklists/state_compute.c \
	checklists/state_offered.c \
	checklists/state_queue.c checklists/state_queue.h \
	checklists/state_rows.c \
	checklists/state_source.c \
	checklists/state_text.c \
	checklists/state_tree.c \
	checklists/state_typed.c \
	checklists/state_types.c \
	checklists/state_walk.c \
	checklists/table.c checklists/table.h \
	checklists/tree.h checklists/tree_xml.c \
	checklists/typed_date.c \
	checklists/typed_geo.c \
	checklists/xls.c checklists/xls.h checklists/xls_file.c \
	checklists/xform.c checklists/xform.h checklists/xform_internal.h \
	checklists/xform_choices.c \
	checklists/xform_element.c \
	checklists/xform_survey.c \
	checklists/xform_text.c \
	checklists/xform_type.c \
	checklists/xlsx.c checklists/xlsx.h \
	checklists/xlsx_cells.c \
	checklists/xlsx_tables.c \
	checklists/xlsx_value.c

check_PROGRAMS += tests/test_reader
tests_test_reader_SOURCES = tests/test_reader.c tests/make_zip.h
tests_test_reader_LDADD = $(SUPPORT) $(CHECKLISTS) $(XLSXWRITER_LIBS) \
	$(FREEXL_LIBS)
# The test runs it, and a test alone must not run an old one.
EXTRA_tests_test_reader_DEPENDENCIES = ronde-reader$(EXEEXT) $(CATALOGUE)

check_PROGRAMS += tests/test_expr tests/test_form tests/test_forms_shared \
	tests/test_state tests/test_rows tests/test_types \
	tests/test_form_hostile
tests_test_form_hostile_SOURCES = tests/test_form_hostile.c
tests_test_form_hostile_LDADD = $(SUPPORT) $(CHECKLISTS)
tests_test_expr_SOURCES = tests/test_expr.c
tests_test_expr_LDADD = $(SUPPORT) $(CHECKLISTS)
tests_test_form_SOURCES = tests/test_form.c
tests_test_form_LDADD = $(SUPPORT) $(CHECKLISTS)
tests_test_forms_shared_SOURCES = tests/test_forms_shared.c
tests_test_forms_shared_LDADD = $(SUPPORT) $(CHECKLISTS) $(FREEXL_LIBS)
tests_test_rows_SOURCES = tests/test_rows.c
tests_test_rows_LDADD = $(SUPPORT) $(CHECKLISTS)
tests_test_types_SOURCES = tests/test_types.c
tests_test_types_LDADD = $(SUPPORT) $(CHECKLISTS)
tests_test_state_SOURCES = tests/test_state.c
tests_test_state_LDADD = $(SUPPORT) $(CHECKLISTS)

if FUZZERS
noinst_PROGRAMS += tests/fuzz/fuzz_xform
tests_fuzz_fuzz_xform_SOURCES = tests/fuzz/fuzz_xform.c
tests_fuzz_fuzz_xform_LDADD = $(CHECKLISTS) $(FREEXL_LIBS)
tests_fuzz_fuzz_xform_LDFLAGS = -fsanitize=fuzzer
noinst_PROGRAMS += tests/fuzz/fuzz_script
tests_fuzz_fuzz_script_SOURCES = tests/fuzz/fuzz_script.c
tests_fuzz_fuzz_script_LDADD = $(CHECKLISTS)
tests_fuzz_fuzz_script_LDFLAGS = -fsanitize=fuzzer
noinst_PROGRAMS += tests/fuzz/fuzz_expr tests/fuzz/fuzz_form
tests_fuzz_fuzz_expr_SOURCES = tests/fuzz/fuzz_expr.c
tests_fuzz_fuzz_expr_LDADD = $(CHECKLISTS)
tests_fuzz_fuzz_expr_LDFLAGS = -fsanitize=fuzzer
tests_fuzz_fuzz_form_SOURCES = tests/fuzz/fuzz_form.c
tests_fuzz_fuzz_form_LDADD = $(CHECKLISTS)
tests_fuzz_fuzz_form_LDFLAGS = -fsanitize=fuzzer
endif
EXTRA_DIST += tests/fuzz/corpus/expr tests/fuzz/corpus/form \
	tests/fuzz/corpus/script tests/fuzz/corpus/xform

EXTRA_DIST += doc/formats/checklist.md tests/fuzz/corpus/csv \
	tests/fuzz/corpus/xls tests/fuzz/corpus/xlsx
if FUZZERS
noinst_PROGRAMS += tests/fuzz/fuzz_csv tests/fuzz/fuzz_xls \
	tests/fuzz/fuzz_xlsx
tests_fuzz_fuzz_csv_SOURCES = tests/fuzz/fuzz_csv.c
tests_fuzz_fuzz_csv_LDADD = $(CHECKLISTS) $(FREEXL_LIBS)
tests_fuzz_fuzz_csv_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_xls_SOURCES = tests/fuzz/fuzz_xls.c
tests_fuzz_fuzz_xls_LDADD = $(CHECKLISTS) $(FREEXL_LIBS)
tests_fuzz_fuzz_xls_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_xlsx_SOURCES = tests/fuzz/fuzz_xlsx.c
tests_fuzz_fuzz_xlsx_LDADD = $(CHECKLISTS) $(FREEXL_LIBS)
tests_fuzz_fuzz_xlsx_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
endif

check_PROGRAMS += tests/test_form_files
tests_test_form_files_SOURCES = tests/test_form_files.c
tests_test_form_files_LDADD = $(SUPPORT) $(CHECKLISTS)
EXTRA_tests_test_form_files_DEPENDENCIES = ronde-reader$(EXEEXT) $(CATALOGUE)

check_PROGRAMS += tests/test_script
tests_test_script_SOURCES = tests/test_script.c
tests_test_script_LDADD = $(SUPPORT) $(CHECKLISTS)

check_PROGRAMS += tests/test_xform
tests_test_xform_SOURCES = tests/test_xform.c
tests_test_xform_LDADD = $(SUPPORT) $(CHECKLISTS) $(FREEXL_LIBS)
EXTRA_tests_test_xform_DEPENDENCIES = ronde-reader$(EXEEXT) $(CATALOGUE)

check_PROGRAMS += tests/test_edge
tests_test_edge_SOURCES = tests/test_edge.c
tests_test_edge_LDADD = $(SUPPORT) $(CHECKLISTS) $(FREEXL_LIBS)

check_PROGRAMS += tests/test_forms_pairs
tests_test_forms_pairs_SOURCES = tests/test_forms_pairs.c
tests_test_forms_pairs_LDADD = $(SUPPORT) $(CHECKLISTS) $(FREEXL_LIBS)

check_PROGRAMS += tests/test_state_anew
tests_test_state_anew_SOURCES = tests/test_state_anew.c
tests_test_state_anew_LDADD = $(SUPPORT) $(CHECKLISTS) $(FREEXL_LIBS)

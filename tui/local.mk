# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libtui.a
libtui_a_SOURCES = \
	tui/action.h \
	tui/anew.c tui/anew.h \
	tui/ask.h tui/ask_internal.h \
	tui/ask_draw.c \
	tui/ask_values.c \
	tui/exchange_text.c tui/exchange_text.h \
	tui/fill.c tui/fill.h \
	tui/fill_answer.c \
	tui/fill_attach.c \
	tui/fill_choices.c \
	tui/fill_date.c \
	tui/fill_draw.c \
	tui/fill_draw_beside.c \
	tui/fill_draw_map.c \
	tui/fill_draw_page.c \
	tui/fill_found.c tui/fill_found.h \
	tui/fill_jump.c \
	tui/fill_lang.c \
	tui/fill_page.c \
	tui/fill_place.c tui/fill_rows.c \
	tui/fill_undo.c \
	tui/fill_widgets.c \
	tui/grid.c tui/grid.h \
	tui/home.h \
	tui/home_draw.c \
	tui/home_rows.c \
	tui/keymap.c tui/keymap.h \
	tui/keys.c tui/keys.h \
	tui/line.c tui/line.h \
	tui/line_draw.c \
	tui/list.c tui/list.h \
	tui/paths.c tui/paths.h \
	tui/place.c tui/place.h \
	tui/risks.c tui/risks.h \
	tui/shipped.c tui/shipped.h \
	tui/shown.c tui/shown.h \
	tui/signals.c tui/signals.h \
	tui/sleep.c tui/sleep.h \
	tui/term.c tui/term.h tui/term_internal.h \
	tui/term_keys.c \
	tui/tty.c tui/tty.h \
	tui/tui.c tui/tui.h \
	tui/ui.c tui/ui.h \
	tui/ui_draw.c \
	tui/ui_lock.c \
	tui/ui_busy.c tui/ui_busy.h \
	tui/view.h \
	tui/view_ask.c \
	tui/view_backup.c \
	tui/view_checklists.c \
	tui/view_conflicts.c \
	tui/view_exchange.c \
	tui/view_files.c \
	tui/view_fill.c \
	tui/view_gps.c \
	tui/view_help.c \
	tui/view_home.c \
	tui/view_log.c \
	tui/view_new.c \
	tui/view_notice.c \
	tui/view_people.c \
	tui/view_pick.c \
	tui/view_report.c \
	tui/view_review.c \
	tui/view_sign.c \
	tui/view_start.c \
	tui/view_text.c \
	tui/views.h

check_PROGRAMS += tests/test_grid tests/test_keymap tests/test_line
tests_test_grid_SOURCES = tests/test_grid.c
tests_test_grid_LDADD = $(SUPPORT) $(TUI)
tests_test_keymap_SOURCES = tests/test_keymap.c
tests_test_keymap_LDADD = $(SUPPORT) $(TUI)
tests_test_line_SOURCES = tests/test_line.c
tests_test_line_LDADD = $(SUPPORT) $(TUI)

# The screens without a terminal, and the program on a pseudo-terminal.
check_LIBRARIES += libtuisupport.a
libtuisupport_a_SOURCES = \
	tests/terminal_support.c tests/terminal_support.h \
	tests/tui_support.c tests/tui_support.h \
	tests/vt.c tests/vt.h
check_PROGRAMS += tests/test_terminal tests/test_terminal_lock
tests_test_terminal_lock_SOURCES = tests/test_terminal_lock.c
tests_test_terminal_lock_LDADD = libtuisupport.a $(SUPPORT) $(TUI) \
	$(VTERM_LIBS) -lutil
tests_test_terminal_SOURCES = tests/test_terminal.c
tests_test_terminal_LDADD = libtuisupport.a $(SUPPORT) $(TUI) $(VTERM_LIBS) \
	-lutil
check_PROGRAMS += tests/test_sleep
tests_test_sleep_SOURCES = tests/test_sleep.c
tests_test_sleep_LDADD = libtuisupport.a $(SUPPORT) $(TUI) $(VTERM_LIBS) -lutil
if SYSTEMD
noinst_PROGRAMS += tests/fake_logind
tests_fake_logind_SOURCES = tests/fake_logind.c
tests_fake_logind_LDADD = $(SYSTEMD_LIBS)
endif
check_PROGRAMS += tests/test_memory
tests_test_memory_SOURCES = tests/test_memory.c app/setup.c
tests_test_memory_LDADD = libtuisupport.a $(SUPPORT) $(TUI) $(VTERM_LIBS) -lutil
check_LIBRARIES += libviewssupport.a
libviewssupport_a_SOURCES = \
	tests/views_support.c tests/views_support.h app/setup.c
VIEWS = libviewssupport.a libtuisupport.a $(SUPPORT) $(TUI) $(VTERM_LIBS) -lutil
check_PROGRAMS += tests/test_views tests/test_views_exchange \
	tests/test_views_fill tests/test_views_kinds tests/test_views_langs \
	tests/test_views_pages \
	tests/test_views_notice tests/test_views_rows \
	tests/test_views_start
tests_test_views_SOURCES = tests/test_views.c
tests_test_views_LDADD = $(VIEWS)
tests_test_views_exchange_SOURCES = tests/test_views_exchange.c
tests_test_views_exchange_LDADD = $(VIEWS)
tests_test_views_kinds_SOURCES = tests/test_views_kinds.c
tests_test_views_langs_SOURCES = tests/test_views_langs.c
check_PROGRAMS += tests/test_views_gps tests/test_views_whole
tests_test_views_whole_SOURCES = tests/test_views_whole.c
tests_test_views_whole_LDADD = $(VIEWS)
tests_test_views_gps_SOURCES = tests/test_views_gps.c
tests_test_views_gps_LDADD = $(VIEWS)
tests_test_views_pages_SOURCES = tests/test_views_pages.c
tests_test_views_pages_LDADD = $(VIEWS)
tests_test_views_kinds_LDADD = $(VIEWS)
tests_test_views_langs_LDADD = $(VIEWS)
tests_test_views_fill_SOURCES = tests/test_views_fill.c
tests_test_views_fill_LDADD = $(VIEWS)
tests_test_views_notice_SOURCES = tests/test_views_notice.c
tests_test_views_notice_LDADD = $(VIEWS)
tests_test_views_rows_SOURCES = tests/test_views_rows.c
tests_test_views_rows_LDADD = $(VIEWS)
tests_test_views_start_SOURCES = tests/test_views_start.c
tests_test_views_start_LDADD = $(VIEWS)

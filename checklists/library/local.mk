# SPDX-License-Identifier: Apache-2.0
#
# The shipped checklists: sheets in the source tree, workbooks in the build.
# A checklist is a folder with survey.csv, choices.csv and settings.csv.
LIBRARY = critical-infrastructure
LIBRARY_BOOKS = $(LIBRARY:%=checklists/%.xlsx)
noinst_PROGRAMS += checklists/library/pack
checklists_library_pack_SOURCES = checklists/library/pack.c
checklists_library_pack_LDADD = $(BASE) $(CSV_LIBS) $(XLSXWRITER_LIBS)
EXTRA_DIST += $(LIBRARY:%=$(srcdir)/checklists/library/%)
CLEANFILES += $(LIBRARY_BOOKS)

all-local: $(LIBRARY_BOOKS)
checklists/critical-infrastructure.xlsx: checklists/library/pack$(EXEEXT) \
    $(srcdir)/checklists/library/critical-infrastructure/survey.csv \
    $(srcdir)/checklists/library/critical-infrastructure/choices.csv \
    $(srcdir)/checklists/library/critical-infrastructure/settings.csv
	$(AM_V_GEN)checklists/library/pack$(EXEEXT) \
	    $(srcdir)/checklists/library/critical-infrastructure $@

checklistsdir = $(pkgdatadir)/checklists
nodist_checklists_DATA = $(LIBRARY_BOOKS)

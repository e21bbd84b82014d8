# SPDX-License-Identifier: Apache-2.0
bin_PROGRAMS += ronde
ronde_SOURCES = app/main.c
ronde_LDADD = $(BASE)

# It reads foreign files, so it links nothing that has to do with keys or the
# vault.
pkglibexec_PROGRAMS += ronde-reader
ronde_reader_SOURCES = app/reader_main.c
ronde_reader_LDADD = libchecklists.a libbase.a $(ARCHIVE_LIBS) \
	$(EXPAT_LIBS) $(UTF8PROC_LIBS) $(CSV_LIBS) $(SECCOMP_LIBS)

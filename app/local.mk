# SPDX-License-Identifier: Apache-2.0
bin_PROGRAMS += ronde
ronde_SOURCES = \
	app/age_keys.c app/age_keys.h \
	app/cli.c app/cli.h \
	app/cli_vault.c \
	app/cli_ask.c \
	app/cli_options.c app/cli_options.h \
	app/cmd_anchor.c \
	app/cmd_answer.c \
	app/cmd_backup.c \
	app/cmd_doctor.c \
	app/doctor_json.c app/doctor_json.h \
	app/cmd_bundle.c \
	app/checklist_file.c app/checklist_file.h \
	app/cmd_checklist.c app/cmd_checklist.h \
	app/cmd_checklist_diff.c \
	app/cmd_checklist_run.c \
	app/cmd_checklist_show.c \
	app/cmd_export_data.c app/cmd_export_data.h \
	app/cmd_inspection.c \
	app/cmd_key.c app/cmd_key.h \
	app/cmd_key_open.c \
	app/cmd_key_renew.c \
	app/cmd_purge.c \
	app/cmd_report.c \
	app/cmd_site.c \
	app/cmd_terminal.c \
	app/cmd_trust.c \
	app/cmd_vault.c \
	app/main.c \
	app/progress.c app/progress.h \
	app/purge_list.c \
	app/purge_plan.c app/purge_plan.h \
	app/recipients.c app/recipients.h \
	app/recovery.c app/recovery.h \
	app/setup.c app/setup.h \
	app/show.c app/show.h
ronde_LDADD = $(TUI)

# It reads foreign files, so it links nothing that has to do with keys or the
# vault.
pkglibexec_PROGRAMS += ronde-reader
ronde_reader_SOURCES = app/reader_main.c
ronde_reader_LDADD = libchecklists.a libbase.a $(ARCHIVE_LIBS) \
	$(EXPAT_LIBS) $(UTF8PROC_LIBS) $(CSV_LIBS) $(FREEXL_LIBS) \
	$(SECCOMP_LIBS)

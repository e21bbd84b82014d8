# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libreport.a
libreport_a_SOURCES = \
	report/document.c report/document_front.c report/document_people.c \
	report/facts.c report/facts.h \
	report/formats.h \
	report/html.c report/html.h \
	report/layout.h \
	report/report.c report/report.h \
	report/report_csv.c \
	report/report_html.c \
	report/report_text.c \
	report/team.c

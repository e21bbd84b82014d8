# SPDX-License-Identifier: Apache-2.0
bin_PROGRAMS += ronde
ronde_SOURCES = app/main.c
ronde_LDADD = $(BASE)

# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libchecklists.a
libchecklists_a_SOURCES = \
	checklists/expr.h \
	checklists/form.h \
	checklists/problem.c checklists/problem.h \
	checklists/state.h

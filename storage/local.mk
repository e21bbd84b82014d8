# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libstorage.a
libstorage_a_SOURCES = \
	storage/blob.c storage/blob.h \
	storage/db.c storage/db.h storage/db_internal.h \
	storage/event.c storage/event.h \
	storage/heads.c storage/heads.h \
	storage/identity.c storage/identity.h \
	storage/log.c storage/log.h storage/log_internal.h \
	storage/log_read.c \
	storage/projection.c \
	storage/roster.c \
	storage/schema.c \
	storage/setting.c \
	storage/statement.c storage/statement.h \
	storage/vault.h storage/vault_internal.h

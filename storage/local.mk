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
	storage/statement.c storage/statement.h

# The vault file: header, key slots, encrypting VFS.
libstorage_a_SOURCES += \
	storage/vault.c storage/vault.h storage/vault_internal.h \
	storage/vault_create.c \
	storage/vault_header.c storage/vault_header.h \
	storage/vault_lock.c storage/vault_lock.h \
	storage/vault_recovery.c \
	storage/vault_slots.c storage/vault_slots.h \
	storage/vfs.c storage/vfs.h storage/vfs_internal.h \
	storage/vfs_db.c \
	storage/vfs_header.c \
	storage/vfs_page.c \
	storage/vfs_rules.c \
	storage/vfs_scan.c \
	storage/vfs_trouble.c \
	storage/vfs_wal.c

check_PROGRAMS += tests/test_vault
tests_test_vault_SOURCES = tests/test_vault.c
tests_test_vault_LDADD = $(SUPPORT) $(STORAGE)

# A disk in memory below the VFS: crashes, damage, failing calls.
DISKVAULT = tests/memdisk.c tests/memdisk.h tests/diskvault.c \
	tests/diskvault.h
check_PROGRAMS += tests/test_vault_crash
tests_test_vault_crash_SOURCES = tests/test_vault_crash.c $(DISKVAULT)
tests_test_vault_crash_LDADD = $(SUPPORT) $(STORAGE)

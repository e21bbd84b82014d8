# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libstorage.a
libstorage_a_SOURCES = \
	storage/blob.c storage/blob.h \
	storage/db.c storage/db.h storage/db_handle.h storage/db_internal.h \
	storage/db_error.c \
	storage/db_value.c \
	storage/event.c storage/event.h storage/event_internal.h \
	storage/event_plain.c \
	storage/form_store.c \
	storage/heads.c storage/heads.h \
	storage/identity.c storage/identity.h \
	storage/identity_internal.h \
	storage/identity_renew.c \
	storage/log.c storage/log.h storage/log_internal.h \
	storage/log_append.c \
	storage/log_head.c \
	storage/log_read.c storage/log_seen.c \
	storage/recent.c storage/recent.h \
	storage/projection.c \
	storage/projection_version.c \
	storage/purge.c storage/purge.h \
	storage/purge_files.c \
	storage/roster.c \
	storage/schema.c \
	storage/setting.c \
	storage/statement.c storage/statement.h \
	storage/tombstone.c storage/tombstone.h

# The vault file: header, key slots, encrypting VFS.
libstorage_a_SOURCES += \
	storage/anchor.c storage/anchor.h storage/anchor_record.c \
	storage/vault.c storage/vault.h storage/vault_internal.h \
	storage/vault_backup.c storage/backup.h \
	storage/vault_copy.c storage/vault_copy.h \
	storage/vault_restore.c \
	storage/vault_missing.c \
	storage/vault_notice.c \
	storage/vault_watch.c storage/vault_watch.h \
	storage/vault_create.c \
	storage/vault_header.c storage/vault_header.h \
	storage/vault_new.c \
	storage/vault_lock.c storage/vault_lock.h \
	storage/vault_programme.c storage/vault_programme.h \
	storage/vault_keys.c storage/vault_keys.h \
	storage/vault_recovery.c \
	storage/vault_renew.c storage/vault_renew_blocks.c storage/vault_renew.h \
	storage/vault_renew_copy.c storage/vault_renew_internal.h \
	storage/vault_renew_left.c \
	storage/vault_slots.c storage/vault_slots.h \
	storage/vault_spare.c \
	storage/vault_unlock.c \
	storage/vfs.c storage/vfs.h storage/vfs_internal.h \
	storage/vfs_copy.c \
	storage/vfs_db.c \
	storage/vfs_header.c \
	storage/vfs_page.c \
	storage/vfs_rules.c \
	storage/vfs_scan.c \
	storage/vfs_trouble.c \
	storage/vfs_wal.c

# The doctor: a vault examined, and what is left of it saved.
libstorage_a_SOURCES += \
	storage/doctor.c storage/doctor.h storage/doctor_internal.h \
	storage/doctor_events.c \
	storage/doctor_files.c \
	storage/doctor_frames.c \
	storage/doctor_log.c \
	storage/doctor_lost.c \
	storage/doctor_pages.c storage/doctor_pages.h \
	storage/doctor_report.c \
	storage/doctor_rows.c storage/doctor_rows.h \
	storage/doctor_salvage.c \
	storage/doctor_store.c \
	storage/doctor_tables.c \
	storage/doctor_tree.c storage/doctor_tree.h \
	storage/doctor_walk.c

check_PROGRAMS += tests/test_vault
tests_test_vault_SOURCES = tests/test_vault.c
tests_test_vault_LDADD = $(SUPPORT) $(STORAGE)

# A disk in memory below the VFS: crashes, damage, failing calls.
MEMDISK = tests/memdisk.c tests/memdisk.h tests/memdisk_internal.h \
	tests/memdisk_vfs.c
DISKVAULT = $(MEMDISK) tests/diskvault.c tests/diskvault.h
check_PROGRAMS += tests/test_vault_crash
tests_test_vault_crash_SOURCES = tests/test_vault_crash.c
tests_test_vault_crash_LDADD = $(SUPPORT) $(TORTURE)
check_PROGRAMS += tests/test_vault_damage
tests_test_vault_damage_SOURCES = tests/test_vault_damage.c $(DISKVAULT)
tests_test_vault_damage_LDADD = $(SUPPORT) $(STORAGE)
check_PROGRAMS += tests/test_vault_faults
tests_test_vault_faults_SOURCES = tests/test_vault_faults.c $(DISKVAULT)
tests_test_vault_faults_LDADD = $(SUPPORT) $(STORAGE)
check_PROGRAMS += tests/test_vault_kill
tests_test_vault_kill_SOURCES = tests/test_vault_kill.c
tests_test_vault_kill_LDADD = $(SUPPORT) $(STORAGE)
check_PROGRAMS += tests/test_vfs
tests_test_vfs_SOURCES = tests/test_vfs.c $(DISKVAULT)
tests_test_vfs_LDADD = $(SUPPORT) $(STORAGE)

# Tests of the modules that fill a vault run on tables in memory.
check_LIBRARIES += libstoragesupport.a
libstoragesupport_a_SOURCES = tests/storage_support.c tests/storage_support.h
STORAGE_SUPPORT = libstoragesupport.a $(SUPPORT) $(STORAGE)

check_PROGRAMS += tests/test_doctor
tests_test_doctor_SOURCES = tests/test_doctor.c
tests_test_doctor_LDADD = $(STORAGE_SUPPORT)
check_PROGRAMS += tests/test_blob tests/test_db tests/test_event \
	tests/test_identity tests/test_log tests/test_projection tests/test_purge \
	tests/test_statement tests/test_store
tests_test_blob_SOURCES = tests/test_blob.c
tests_test_blob_LDADD = $(STORAGE_SUPPORT)
tests_test_db_SOURCES = tests/test_db.c
tests_test_db_LDADD = $(STORAGE_SUPPORT)
tests_test_event_SOURCES = tests/test_event.c
tests_test_event_LDADD = $(STORAGE_SUPPORT)
tests_test_identity_SOURCES = tests/test_identity.c
tests_test_identity_LDADD = $(STORAGE_SUPPORT)
tests_test_log_SOURCES = tests/test_log.c
tests_test_log_LDADD = $(STORAGE_SUPPORT)
tests_test_purge_SOURCES = tests/test_purge.c
tests_test_purge_LDADD = $(STORAGE_SUPPORT)
tests_test_projection_SOURCES = tests/test_projection.c
tests_test_projection_LDADD = $(STORAGE_SUPPORT)
tests_test_statement_SOURCES = tests/test_statement.c
tests_test_statement_LDADD = $(STORAGE_SUPPORT)
tests_test_store_SOURCES = tests/test_store.c
tests_test_store_LDADD = $(STORAGE_SUPPORT)

EXTRA_DIST += doc/formats/event.md doc/formats/vault.md \
	doc/decisions/0001-encrypting-vfs.md \
	doc/decisions/0010-what-a-purge-leaves.md \
	doc/decisions/0008-restored-is-another-device.md \
	tests/fuzz/corpus/vault tests/fuzz/corpus/header \
	tests/fuzz/corpus/event tests/fuzz/corpus/salvage \
	tests/fuzz/corpus/slots tests/fuzz/corpus/statement
if FUZZERS
noinst_PROGRAMS += tests/fuzz/fuzz_vault
tests_fuzz_fuzz_vault_SOURCES = tests/fuzz/fuzz_vault.c $(DISKVAULT)
tests_fuzz_fuzz_vault_LDADD = $(SUPPORT) $(STORAGE)
tests_fuzz_fuzz_vault_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
noinst_PROGRAMS += tests/fuzz/fuzz_header
tests_fuzz_fuzz_header_SOURCES = tests/fuzz/fuzz_header.c
tests_fuzz_fuzz_header_LDADD = $(STORAGE)
tests_fuzz_fuzz_header_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
noinst_PROGRAMS += tests/fuzz/fuzz_salvage
tests_fuzz_fuzz_salvage_SOURCES = tests/fuzz/fuzz_salvage.c
tests_fuzz_fuzz_salvage_LDADD = $(STORAGE)
tests_fuzz_fuzz_salvage_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
noinst_PROGRAMS += tests/fuzz/fuzz_slots
tests_fuzz_fuzz_slots_SOURCES = tests/fuzz/fuzz_slots.c
tests_fuzz_fuzz_slots_LDADD = $(STORAGE)
tests_fuzz_fuzz_slots_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
noinst_PROGRAMS += tests/fuzz/fuzz_anchor
tests_fuzz_fuzz_anchor_SOURCES = tests/fuzz/fuzz_anchor.c
tests_fuzz_fuzz_anchor_LDADD = $(STORAGE)
tests_fuzz_fuzz_anchor_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
noinst_PROGRAMS += tests/fuzz/fuzz_event tests/fuzz/fuzz_statement
tests_fuzz_fuzz_event_SOURCES = tests/fuzz/fuzz_event.c
tests_fuzz_fuzz_event_LDADD = $(STORAGE)
tests_fuzz_fuzz_event_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_statement_SOURCES = tests/fuzz/fuzz_statement.c
tests_fuzz_fuzz_statement_LDADD = $(STORAGE)
tests_fuzz_fuzz_statement_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
endif

check_PROGRAMS += tests/test_vault_new
tests_test_vault_new_SOURCES = tests/test_vault_new.c
tests_test_vault_new_LDADD = $(SUPPORT) $(STORAGE)
check_PROGRAMS += tests/test_backup
tests_test_backup_SOURCES = tests/test_backup.c
tests_test_backup_LDADD = $(SUPPORT) $(STORAGE)

check_PROGRAMS += tests/test_anchor
tests_test_anchor_SOURCES = tests/test_anchor.c
tests_test_anchor_LDADD = $(SUPPORT) $(STORAGE)
check_PROGRAMS += tests/test_vault_keys tests/test_vault_renew
tests_test_vault_keys_SOURCES = tests/test_vault_keys.c tests/keys_support.c \
	tests/keys_support.h $(DISKVAULT)
tests_test_vault_keys_LDADD = $(SUPPORT) $(STORAGE)
tests_test_vault_renew_SOURCES = tests/test_vault_renew.c \
	tests/keys_support.c tests/keys_support.h
tests_test_vault_renew_LDADD = $(SUPPORT) $(STORAGE)

# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libcrypto_ronde.a
libcrypto_ronde_a_SOURCES = \
	crypto/aead.c crypto/aead.h \
	crypto/age.c crypto/age.h \
	crypto/age_armor.c \
	crypto/age_header.c crypto/age_header.h \
	crypto/age_key.c \
	crypto/age_wrap.c \
	crypto/bech32.c crypto/bech32.h \
	crypto/digest.c crypto/digest.h \
	crypto/hash.c crypto/hash.h \
	crypto/ids.c crypto/ids.h \
	crypto/kdf.c crypto/kdf.h \
	crypto/kdf_cost.c \
	crypto/minisign.c crypto/minisign.h \
	crypto/primitive.c crypto/primitive.h \
	crypto/secret.c crypto/secret.h \
	crypto/sign.c crypto/sign.h

check_PROGRAMS += tests/test_secret tests/test_hash tests/test_ids \
	tests/test_keys
tests_test_secret_SOURCES = tests/test_secret.c
tests_test_secret_LDADD = $(SUPPORT) $(CRYPTO)
tests_test_hash_SOURCES = tests/test_hash.c
tests_test_hash_LDADD = $(SUPPORT) $(CRYPTO)
tests_test_ids_SOURCES = tests/test_ids.c
tests_test_ids_LDADD = $(SUPPORT) $(CRYPTO)
tests_test_keys_SOURCES = tests/test_keys.c
tests_test_keys_LDADD = $(SUPPORT) $(CRYPTO)

check_PROGRAMS += tests/test_age tests/test_age_vectors
tests_test_age_SOURCES = tests/test_age.c tests/age_help.c tests/age_help.h
tests_test_age_LDADD = $(SUPPORT) $(CRYPTO)
tests_test_age_vectors_SOURCES = tests/test_age_vectors.c tests/age_help.c \
	tests/age_help.h
tests_test_age_vectors_LDADD = $(SUPPORT) $(CRYPTO) -lz

check_PROGRAMS += tests/test_minisign tests/test_wycheproof
tests_test_minisign_SOURCES = tests/test_minisign.c
tests_test_minisign_LDADD = $(SUPPORT) $(CRYPTO)
tests_test_wycheproof_SOURCES = tests/test_wycheproof.c
tests_test_wycheproof_LDADD = $(SUPPORT) $(CRYPTO)

check_PROGRAMS += tests/test_age_interop tests/test_minisign_interop
tests_test_age_interop_SOURCES = tests/test_age_interop.c tests/age_help.c \
	tests/age_help.h
tests_test_age_interop_LDADD = $(SUPPORT) $(CRYPTO) -lutil
tests_test_minisign_interop_SOURCES = tests/test_minisign_interop.c
tests_test_minisign_interop_LDADD = $(SUPPORT) $(CRYPTO)

if FUZZERS
noinst_PROGRAMS += tests/fuzz/fuzz_age tests/fuzz/fuzz_minisign
endif
tests_fuzz_fuzz_age_SOURCES = tests/fuzz/fuzz_age.c
tests_fuzz_fuzz_age_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_age_LDADD = $(CRYPTO)
tests_fuzz_fuzz_minisign_SOURCES = tests/fuzz/fuzz_minisign.c
tests_fuzz_fuzz_minisign_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
tests_fuzz_fuzz_minisign_LDADD = $(CRYPTO)
EXTRA_DIST += tests/fuzz/corpus/age tests/fuzz/corpus/minisign

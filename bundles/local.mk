# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libbundles.a
libbundles_a_SOURCES = \
	bundles/bundle.h \
	bundles/cover.c bundles/cover.h \
	bundles/card.c bundles/card.h \
	bundles/confirm.c bundles/confirm.h \
	bundles/device.c bundles/device.h \
	bundles/exchange.c bundles/exchange.h \
	bundles/exchange_internal.h \
	bundles/exchange_run.c \
	bundles/exchange_targets.c \
	bundles/export.c \
	bundles/heads.c bundles/heads.h \
	bundles/heads_lookup.c \
	bundles/import.c bundles/intake.h \
	bundles/import_chain.c \
	bundles/import_door.c \
	bundles/import_effect.c \
	bundles/import_members.c \
	bundles/import_statements.c \
	bundles/judge.c bundles/judge.h \
	bundles/known.c bundles/known.h \
	bundles/lacking.c bundles/lacking.h \
	bundles/judge_again.c \
	bundles/manifest.c bundles/manifest.h \
	bundles/manifest_read.c \
	bundles/outer.c bundles/outer.h \
	bundles/quarantine.c bundles/quarantine.h \
	bundles/receipt.c bundles/receipt.h bundles/receipt_have.h \
	bundles/rolls.c bundles/rolls.h \
	bundles/roster.c bundles/roster.h \
	bundles/roster_use.c \
	bundles/select.c bundles/select.h \
	bundles/select_describe.c \
	bundles/select_statements.c \
	bundles/stage.c bundles/stage.h \
	bundles/trust.c bundles/trust.h

# The tests' people and their vaults.
check_LIBRARIES += libparties.a
libparties_a_SOURCES = tests/forge.c tests/forge.h \
	tests/parties.c tests/parties.h
PARTIES = libparties.a $(SUPPORT) $(BUNDLES)

check_PROGRAMS += tests/test_bundle
tests_test_bundle_SOURCES = tests/test_bundle.c
tests_test_bundle_LDADD = $(PARTIES)
check_PROGRAMS += tests/test_card tests/test_judge
tests_test_card_SOURCES = tests/test_card.c
tests_test_card_LDADD = $(PARTIES)
tests_test_judge_SOURCES = tests/test_judge.c
tests_test_judge_LDADD = $(SUPPORT) $(BUNDLES)
check_PROGRAMS += tests/test_trust
tests_test_trust_SOURCES = tests/test_trust.c
tests_test_trust_LDADD = $(PARTIES)
check_PROGRAMS += tests/test_bundle_damage
tests_test_bundle_damage_SOURCES = tests/test_bundle_damage.c
tests_test_bundle_damage_LDADD = $(PARTIES)
check_PROGRAMS += tests/test_bundle_stock tests/test_exchange
tests_test_bundle_stock_SOURCES = tests/test_bundle_stock.c
tests_test_bundle_stock_LDADD = $(PARTIES)
tests_test_exchange_SOURCES = tests/test_exchange.c
tests_test_exchange_LDADD = $(PARTIES)

EXTRA_DIST += doc/formats/bundle.md doc/formats/trust.md \
	doc/decisions/0003-revoked-senders-are-refused.md \
	tests/fuzz/corpus/bundle
if FUZZERS
noinst_PROGRAMS += tests/fuzz/fuzz_bundle
tests_fuzz_fuzz_bundle_SOURCES = tests/fuzz/fuzz_bundle.c
tests_fuzz_fuzz_bundle_LDADD = $(BUNDLES)
tests_fuzz_fuzz_bundle_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
endif

check_PROGRAMS += tests/test_purge_round
tests_test_purge_round_SOURCES = tests/test_purge_round.c
tests_test_purge_round_LDADD = $(PARTIES)

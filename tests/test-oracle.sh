#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What the engines of Enketo and ODK Collect answered to 1,422 expressions,
# compared with ours; see tests/check-oracle.py.
set -eu

here=${RONDE_TEST_SRCDIR-$(cd "$(dirname "$0")/.." && pwd)}
build=${RONDE_TEST_BUILDDIR-$here/build}
shared=${RONDE_TEST_SHARED-$here/../shared}

python3 "$here/tests/check-oracle.py" "$build/tests/eval-cases" \
    "$shared/oracle" "$here/tests/oracle-chosen.tsv"

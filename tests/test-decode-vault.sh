#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The vault is what doc/formats/vault.md says: tests/decode-vault.py, which was
# made from that text alone, reads a vault that ronde wrote; and what it prints
# are the events that ronde hands over in a bundle.
set -eu

here=${RONDE_TEST_SRCDIR-$(cd "$(dirname "$0")/.." && pwd)}
build=${RONDE_TEST_BUILDDIR-$here/build}
RONDE_TEST_FAST_KDF=1
export RONDE_TEST_FAST_KDF
unset RONDE_VAULT RONDE_PASSPHRASE_FILE

python=/usr/bin/python3 # Debian's: python3-nacl is no other's
for tool in age zstd "$python"; do
	if ! command -v "$tool" >/dev/null 2>&1; then
		echo "skipped: needs $tool"
		exit 77
	fi
done
if ! "$python" -c 'import nacl, sqlite3; sqlite3.Connection.deserialize' \
    2>/dev/null; then
	echo "skipped: needs python3-nacl and Python 3.11"
	exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
XDG_STATE_HOME=$work/state
export XDG_STATE_HOME
cd "$work"

die() {
	printf 'test-decode-vault: %s\n' "$*" >&2
	exit 1
}

ronde() {
	"$build/ronde" "$@" --vault v.ronde --passphrase-file words
}

decode() {
	"$python" "$here/tests/decode-vault.py" v.ronde "$1"
}

# The lines of the chains that a bundle carries, with age and tar alone.
open_bundle() { # bundle
	age -d -i key.txt "$1" | tar -xO bundle.tar.zst |
	    tar --zstd -xO --wildcards 'events/*.jsonl'
}

echo "cheval agrafe pile correcte" >words
echo "a wrong one" >wrong
age-keygen -o key.txt 2>/dev/null
recipient=$(sed -n 's/^# public key: //p' key.txt)
ronde init --name "Zoé Œuvré" --organisation "Ministère de l'Eau" \
    --role authority --recovery-file code >/dev/null
site=$(ronde site add --name "Poste Nord" --sector énergie \
    --organisation "Société d'électricité" --category infrastructure)
checklist=$(ronde checklist import \
    "$build/checklists/critical-infrastructure.xlsx")
inspection=$(ronde inspection new --site "$site" --checklist "$checklist")
ronde inspection set "$inspection" a1/people_served 1200 >/dev/null
ronde export --to "$recipient" all.bundle >/dev/null

decode words >lines || die "the decoder fails"
grep -q 'Poste Nord' lines || die "the site is not in what was decoded"
open_bundle all.bundle | sort >theirs
sort lines >ours
cmp ours theirs || die "the vault and the bundle hold different events"
[ "$(wc -l <lines)" -ge 2 ] || die "too few events"

# Another data key, and events of which a purge has left the hash.
ronde key renew --recovery-file code2 >/dev/null 2>&1
decode words >renewed || die "the decoder fails on a renewed vault"
cmp lines renewed || die "a renewed vault holds other events"
ronde purge "$inspection" --even-unreceived --reason test --yes >/dev/null 2>&1
decode words >purged || die "the decoder fails on a purged vault"
grep -q '"kind":"purge"' purged || die "the purge is not in what was decoded"
if grep -q people_served purged; then
	die "what was purged is still there"
fi

if decode wrong >none 2>&1; then
	die "a wrong passphrase opens the vault"
fi
size=$(wc -c <v.ronde)
printf '\377' | dd of=v.ronde bs=1 seek=$((size - 2000)) conv=notrunc 2>/dev/null
if decode words >none 2>said; then
	die "an altered page opens"
fi
grep -q '^page [0-9]* at byte' said || die "it was said otherwise: $(cat said)"

# One that was killed: what it wrote last is in its log alone.
cp "$here/tests/fixtures/vaults/v1-killed" v.ronde
chmod u+w v.ronde
echo "open sesame" >words
rm -f v.ronde-wal
[ "$(decode words | wc -l)" -lt 15 ] || die "nothing was in the log"
cp "$here/tests/fixtures/vaults/v1-killed-wal" v.ronde-wal
[ "$(decode words | wc -l)" -eq 15 ] || die "the log is not read"
echo "PASS: the decoder and the bundle give the same $(wc -l <lines) events"

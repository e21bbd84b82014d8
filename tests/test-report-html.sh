#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Shows HTML reports to a real browser: they load, ask for nothing, complain
# of nothing, have no script in them whatever people wrote, and their policy
# stops a script and a picture that someone puts in.
set -eu

here=${RONDE_TEST_SRCDIR-$(cd "$(dirname "$0")/.." && pwd)}
build=${RONDE_TEST_BUILDDIR-$here/build}
report=$here/tests/fixtures/report.fr.html

if ! command -v chromium >/dev/null 2>&1; then
	echo "skipped: needs chromium"
	exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

die() {
	printf 'test-report-html: %s\n' "$*" >&2
	exit 1
}

# browse PAGE: its tree in dom, what it logs in log, its requests in net.
browse() {
	chromium --headless --no-sandbox --disable-gpu \
	    --user-data-dir="$work/profile" --no-first-run \
	    --disable-background-networking --disable-component-update \
	    --disable-sync --disable-default-apps --disable-extensions \
	    --host-resolver-rules='MAP * ~NOTFOUND' \
	    --enable-logging=stderr --log-net-log="$work/net" \
	    --dump-dom "file://$1" >"$work/dom" 2>"$work/log" ||
	    die "chromium cannot show $1: $(tail -n 3 "$work/log")"
	[ -s "$work/dom" ] || die "chromium shows nothing of $1"
}

no_complaint() { # page
	if grep -i 'CONSOLE' "$work/log"; then
		die "the page complains: $1"
	fi
	if grep -E '"(https?|wss?|ftp)://[^"]*\.invalid' "$work/net"; then
		die "the page asks for something: $1"
	fi
	if grep -i '<script' "$work/dom"; then
		die "the page has a script: $1"
	fi
}

# A report is shown whole and is quiet.
browse "$report"
no_complaint "$report"
grep -q "<title>Port d'Écoute</title>" "$work/dom" || die "another title"
[ "$(grep -c '<svg' "$work/dom")" -ge 3 ] || die "the bars are missing"
echo "ok: a report is shown, asks for nothing and says nothing"

# So is one in which people wrote scripts, pictures and ends of style sheets.
RONDE_TEST_HTML=$work/hostile.html "$build/tests/test_report_hostile" \
    >/dev/null 2>&1 || die "test_report_hostile fails"
browse "$work/hostile.html"
no_complaint "what people wrote"
if grep -E '<(img|b|i)[ >]' "$work/dom"; then
	die "what people wrote became markup"
fi
echo "ok: what people wrote stays text"

# A script and a picture that were put into the file afterwards do nothing.
sed 's|</body>|<script>document.title = "ran"</script>\
<img src="http://picture.invalid/x"></body>|' "$report" >"$work/altered.html"
browse "$work/altered.html"
grep -q "<title>Port d'Écoute</title>" "$work/dom" || die "the script ran"
[ "$(grep -c 'Content Security Policy' "$work/log")" -ge 2 ] ||
    die "the policy said nothing: $(cat "$work/log")"
if grep 'picture.invalid' "$work/net"; then
	die "the picture was asked for"
fi
echo "ok: the policy stops a script and a picture"

# The same without the policy: the checks above can fail.
sed '/Content-Security-Policy/d' "$work/altered.html" >"$work/open.html"
browse "$work/open.html"
grep -q '<title>ran</title>' "$work/dom" || die "the script never runs"
grep -q 'picture.invalid' "$work/net" || die "a request leaves no trace"
echo "ok: without the policy both would have gone through"

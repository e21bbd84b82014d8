#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Fails when a file includes what its layer may not use.  A line of `layers`:
# a folder, then the folders whose headers its files may include.
cd "$(dirname "$0")/.." || exit 1
layers='
base:        base
crypto:      crypto base
storage:     storage crypto base
checklists:  checklists crypto base
inspections: inspections checklists storage crypto base
bundles:     bundles storage crypto base
report:      report inspections checklists storage crypto base
tui:         tui report bundles inspections checklists storage crypto base
app:         app tui report bundles inspections checklists storage crypto base
'
# A library comes in by one door.
doors='
curses.h      tui/term
sqlite3.h     storage/
sodium.h      crypto/
nettle/       crypto/
nettle/       crypto/
archive.h     base/archive
systemd/sd-bus.h tui/sleep.c
expat.h       base/xml.c
freexl.h      checklists/xls.c
'
status=0

for dir in base crypto storage checklists inspections bundles report tui app; do
	allowed=$(printf '%s\n' "$layers" | sed -n "s/^$dir: *//p")
	for file in "$dir"/*.[ch]; do
		[ -e "$file" ] || continue
		for inc in $(sed -n 's/^#include "\([^/]*\)\/.*/\1/p' "$file"); do
			case " $allowed " in
			*" $inc "*) ;;
			*)
				echo "$file: must not include $inc/"
				status=1
				;;
			esac
		done
	done
done

printf '%s\n' "$doors" | while read -r header door; do
	[ -n "$header" ] || continue
	grep -l "^#include <\(n\?\)$header>" ./*/*.[ch] |
	    sed 's/^\.\///' | grep -v "^tests/\|^bench/\|^$door" |
	    sed "s|\$|: only $door may include <$header>|"
done > "${TMPDIR:-/tmp}/ronde-doors.$$"
if [ -s "${TMPDIR:-/tmp}/ronde-doors.$$" ]; then
	cat "${TMPDIR:-/tmp}/ronde-doors.$$"
	status=1
fi
rm -f "${TMPDIR:-/tmp}/ronde-doors.$$"
exit $status

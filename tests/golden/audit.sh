#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The whole audit over every captured host: exit status 0, nothing on stderr, less than a second, a
# findings document, and no problem: settings of a host without a guest prove none.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/captures.sh"

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0 n=0

for tree in "$trees"/*/; do
	tree=${tree%/} name=${tree%/} name=${name##*/}
	run_below 1000 "$work/out" "${VFIOBENCH_BUILD:?}/vfiobench" audit --json --sysroot "$tree" 2>"$work/err" || {
		echo "$name: audit failed, exit status $?"
		bad=1
	}
	[ ! -s "$work/err" ] || { echo "$name: audit said: $(cat "$work/err")"; bad=1; }
	grep -q '"format": "vfiobench-findings"' "$work/out" || { echo "$name: no findings document"; bad=1; }
	grep -q '"problem": 0,' "$work/out" || { echo "$name: a problem without a guest"; bad=1; }
	n=$((n + 1))
done
echo "$n captured hosts audited"
exit $bad

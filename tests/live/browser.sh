#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Pages in a real browser: a measured result, a comparison, an audit, and pages full of hostile text.
# Nothing is fetched, nothing runs, nothing is complained about; dark is dark, paper is white, a small
# screen does not scroll sideways, each figure has its numbers, and axe-core finds no serious fault.
set -u

vfiobench=${VFIOBENCH_BUILD:?}/vfiobench
look=${VFIOBENCH_SOURCE:?}/tests/lib/browser.py
skip()
{
	echo "skipped: $1"
	exit 77
}

browser=''
for name in chromium chromium-browser google-chrome google-chrome-stable; do
	[ -n "$browser" ] || browser=$(command -v "$name")
done
[ -n "$browser" ] || skip 'no chromium'
command -v python3 >/dev/null || skip 'no python3'

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# What axe-core is comes from here, once per build folder, and is this and nothing else.
axe_version=4.10.3 axe=$work/axe.min.js why=''
axe_package=$VFIOBENCH_BUILD/tests/axe-core-$axe_version.tgz
axe_sum=0f2b4d7dcdf7d1219df8d1959ad68e565f51d14c3f0d88bb71cd59abeb956292
is_axe() # FILE
{
	[ -s "$1" ] && echo "$axe_sum  $1" | sha256sum -c --status -
}

fetch_axe()
{
	if ! is_axe "$axe_package"; then
		command -v npm >/dev/null || { why='no npm to fetch it'; return 1; }
		(cd "$work" && timeout 60 npm pack "axe-core@$axe_version") >"$work/npm" 2>&1 ||
			{ why="npm does not get it: $(tail -n 1 "$work/npm")"; return 1; }
		is_axe "$work/axe-core-$axe_version.tgz" || { why='npm got another one'; return 1; }
		mv "$work/axe-core-$axe_version.tgz" "$axe_package" || { why='it cannot be kept'; return 1; }
	fi
	tar -xzOf "$axe_package" package/axe.min.js >"$axe"
}
echo another >"$work/another.tgz"
! is_axe "$work/another.tgz" || { echo 'anything passes for axe-core'; exit 1; }

make()
{
	"$@" >"$work/out" 2>&1 || { echo "$*:"; cat "$work/out"; exit 1; }
}

guest=none
[ "$(id -u)" -ne 0 ] || [ ! -w /dev/kvm ] || guest=builtin
for side in before after; do
	make timeout 60 "$vfiobench" run --guest=$guest --reps=4 --rep-duration=300ms -q -o "$work/$side"
done
make "$vfiobench" report "$work/after" -o "$work/result.html"
"$vfiobench" compare "$work/before" "$work/after" --html "$work/compare.html" >"$work/out" 2>&1
[ -s "$work/compare.html" ] || { cat "$work/out"; exit 1; }
make sh "$VFIOBENCH_SOURCE/tests/lib/unpack_host.sh" "$VFIOBENCH_SOURCE/tests/hosts/guide-8700k.host" "$work/host"
make "$vfiobench" audit --sysroot "$work/host" -o "$work/audit.json"
make "$vfiobench" report "$work/audit.json" -o "$work/audit.html"
make env "VFIOBENCH_PAGES=$work" "$VFIOBENCH_BUILD/tests/test_html"

# Faults that must be found: a test that sees none would pass everything.
fault() # NAME SED
{
	sed "$2" "$work/compare.html" >"$work/$1.html"
	! cmp -s "$work/compare.html" "$work/$1.html" || { echo "fault $1 changes nothing"; exit 1; }
}
policy='/Content-Security-Policy/d'
fault script 's,<main>,&<script>1</script>,'
fault running "$policy; s,<main>,&<script>console.log(1)</script>,"
fault fetched "$policy; s,<main>,&<img alt='' src='http://127.0.0.1:9/a'>,"
fault forbidden "s,<main>,&<img alt='' src='http://127.0.0.1:9/a'>,"
fault handler 's,<main>,<main onclick="a()">,'
fault tableless 's,<figcaption>,</figure><figure><figcaption>An empty one,'
fault glaring 's/prefers-color-scheme: dark/prefers-color-scheme: none/'
fault broad 's,<main>,&<p style="width:999px">wide,'
fault folded 's/details:not(.more)::details-content/none/'
fault dangling 's/href="#metrics"/href="#nothing"/'

set -- --
fetch_axe && set -- --axe "$axe" --
python3 "$look" "${@}" "$browser" "$work/result.html" "$work/compare.html" "$work/audit.html" || exit 1
python3 "$look" "$browser" "$work/desktop.html" "$work/hostile.html" "$work/hostile-long-judged.html" \
	"$work/script.html:script elements" "$work/running.html:a message of a script" \
	"$work/fetched.html:a request" "$work/forbidden.html:Content Security Policy" \
	"$work/handler.html:script in its onclick" "$work/tableless.html:has no table" \
	"$work/glaring.html:not dark" "$work/broad.html:pixels wide" "$work/folded.html:are not there" \
	"$work/dangling.html:leads nowhere" || exit 1
[ -s "$axe" ] || skip "the browser found nothing wrong, axe-core $axe_version did not look: $why"

# Its eyes are open too.
fault pale 's/--fg: #[0-9a-f]*/--fg: #aaaaaa/g'
python3 "$look" --axe "$axe" "$browser" "$work/pale.html:color-contrast"

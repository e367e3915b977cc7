#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Published traces of KVM hosts, as text: every count and time equals what an independent reader,
# written against the same rules, found in them.
set -u
shared=${VFIOBENCH_SHARED:-${VFIOBENCH_SOURCE:?}/../shared}
traces=$shared/cases/ktraces

if [ ! -r "$traces/truth.json" ]; then
	echo "skipped: no published traces in $traces (set VFIOBENCH_SHARED to the folder above cases)"
	exit 77
fi
command -v jq >/dev/null || { echo "skipped: jq is not installed"; exit 77; }

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

"${VFIOBENCH_BUILD:?}/tests/print_trace" "$traces"/*.txt >"$work/found.json" || exit 1
# One value a line. What was not found is left out of our documents, and null in the truth.
one_per_line='map({(.file): .}) | add | del(.. | nulls) | . as $all
	| paths((type != "object" and type != "array") or length == 0) as $p
	| ($p | map(tostring) | join(" / ")) + " = " + ($all | getpath($p) | tojson)'
jq -r "$one_per_line" "$traces/truth.json" | sort >"$work/truth" || exit 1
jq -r "$one_per_line" "$work/found.json" | sort >"$work/found" || exit 1
if ! diff "$work/truth" "$work/found"; then
	echo "^ < truth, > found"
	exit 1
fi
echo "$(jq length "$traces/truth.json") traces, $(wc -l <"$work/truth") values"

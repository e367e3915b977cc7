#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# report.sh - what a report costs: time of each format beside gnuplot by itself, interleaved, and time,
# memory and bytes for a large machine. Prints numbers; judges nothing.
#
# usage: report.sh [BUILD [RESULT]] ; without RESULT one is measured (half a minute, the built-in guest).
# Needs jq, and gnuplot for the figures and the peer.
set -u

build=${1:-${VFIOBENCH_BUILD:-build}}
source=${VFIOBENCH_SOURCE:-$(dirname "$0")/../..}
program=$build/vfiobench
pairs=10
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
result=$scratch/run/result.json

if [ $# -ge 2 ]; then
	result=$2
else
	"$program" run --guest builtin --profile quick -q -o "$scratch/run" >/dev/null || exit 1
fi

now_us()
{
	echo $(($(date +%s%N) / 1000))
}

# time_us COMMAND...: microseconds of one run, its output dropped
time_us()
{
	started=$(now_us)
	"$@" >/dev/null 2>&1 || echo "failed: $*" >&2
	echo $(($(now_us) - started))
}

median()
{
	sort -n "$1" | awk '{ v[NR] = $1 } END { printf "%.1f ms (%.1f to %.1f)", v[int((NR + 1) / 2)] / 1000, v[1] / 1000, v[NR] / 1000 }'
}

# The peer: as many processes, each with one curve and a band of 200 points.
cat >"$scratch/plain.gp" <<'END'
set terminal svg size 900,500
set logscale x
set xrange [1:1000]
set samples 200
plot '+' using 1:(log10($1)):(log10($1)+1) with filledcurves, log10(x)+2 with lines
END
plain()
{
	for _ in 1 2 3 4 5 6 7 8; do
		gnuplot --default-settings "$scratch/plain.gp" || return 1
	done
}

html()
{
	"$program" report "$1" --format html -o "$2"
}

html "$result" "$scratch/page.html" || exit 1
echo "a result of $(wc -c <"$result") bytes: medians of $pairs interleaved rounds (least to most)"
i=0
while [ $i -lt $pairs ]; do
	time_us html "$result" "$scratch/page.html" >>"$scratch/html"
	time_us plain >>"$scratch/plain"
	for format in text markdown json; do
		set -- "$program" report "$result" "--format=$format"
		[ $format != json ] || set -- "$program" report "$result" --json
		time_us "$@" >>"$scratch/$format"
	done
	time_us /bin/true >>"$scratch/nothing"
	i=$((i + 1))
done
echo "  html, $(grep -c '<svg' "$scratch/page.html") figures: $(median "$scratch/html"), $(wc -c <"$scratch/page.html") bytes"
echo "  gnuplot by itself, 8 plain scripts: $(median "$scratch/plain")"
for format in text markdown json; do
	echo "  $format: $(median "$scratch/$format")"
done
echo "  a program that does nothing: $(median "$scratch/nothing")"

jq -c -f "$source/tests/lib/widen.jq" --argjson o '{}' "$result" >"$scratch/large.json" || exit 1
echo "64 CPUs, 1000 IRQs, 10 repetitions on 16 guest CPUs: a result of $(wc -c <"$scratch/large.json") bytes"
for format in html text markdown; do
	: >"$scratch/times"
	i=0
	while [ $i -lt 5 ]; do
		time_us "$program" report "$scratch/large.json" "--format=$format" -o "$scratch/large" >>"$scratch/times"
		i=$((i + 1))
	done
	echo "  $format: $(median "$scratch/times"), $(wc -c <"$scratch/large") bytes"
done
if [ -x /usr/bin/time ]; then
	/usr/bin/time -f "  html: %M KiB of memory at most" "$program" report "$scratch/large.json" --format html -o "$scratch/large"
fi

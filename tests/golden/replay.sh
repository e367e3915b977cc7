#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every fuzz target over the files of all hosts (tests/hosts): none may crash or abort.
set -u
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
n=0
bad=0

sh "${VFIOBENCH_SOURCE:?}/tests/lib/seeds.sh" "$scratch/seeds" || exit 1
for source in "$VFIOBENCH_SOURCE"/tests/fuzz/fuzz_*.c; do
	name=${source##*/}
	program=${VFIOBENCH_BUILD:?}/tests/${name%.c}
	[ -x "$program" ] || { echo "${name%.c} is not built"; bad=1; continue; }
	"$program" "$scratch/seeds"/* >"$scratch/said" 2>&1 || { cat "$scratch/said"; echo "${name%.c} failed"; bad=1; }
	n=$((n + 1))
done
echo "$n fuzz targets, $(find "$scratch/seeds" -type f | wc -l) files"
[ "$n" -gt 0 ] || bad=1
exit $bad

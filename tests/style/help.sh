#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# --help of every program: exit 0, on stdout only, not empty, at most 80 columns.
set -u

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
bad=0
wrong()
{
	echo "$1 --help: $2"
	bad=1
}

n=0
for program in "${VFIOBENCH_BUILD:?}"/vfiobench*; do
	[ -f "$program" ] && [ -x "$program" ] || continue
	n=$((n + 1))
	name=$(basename "$program")
	"$program" --help >"$scratch/out" 2>"$scratch/err" </dev/null
	status=$?
	[ $status -eq 0 ] || wrong "$name" "exit status $status"
	[ -s "$scratch/out" ] || wrong "$name" "prints nothing"
	[ ! -s "$scratch/err" ] || wrong "$name" "writes to stderr: $(head -n 1 "$scratch/err")"
	wide=$(expand "$scratch/out" | grep -nE '.{81}' | head -n 1)
	[ -z "$wide" ] || wrong "$name" "more than 80 columns: $wide"
done
if [ $n -eq 0 ]; then
	echo "no program is built yet"
	exit 77
fi
exit $bad

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# vfiobench-microguest: wrong usage ends with status 2 and names the option, before any guest runs.
set -u

program=${VFIOBENCH_BUILD:?}/vfiobench-microguest
[ -x "$program" ] || { echo "vfiobench-microguest is not built here"; exit 77; }
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
bad=0

# refuse WORD OPTION...: status 2, the word on stderr, nothing on stdout
refuse()
{
	word=$1
	shift
	"$program" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
	status=$?
	[ $status -eq 2 ] || { echo "$*: exit status $status"; bad=1; }
	[ ! -s "$scratch/out" ] || { echo "$*: writes to stdout"; bad=1; }
	grep -qF -- "$word" "$scratch/err" || { echo "$*: $(cat "$scratch/err")"; bad=1; }
}

refuse --cpus --cpus x
refuse --cpus --cpus ''
refuse --cpus --cpus 3-1
refuse --cpus --cpus 0-8191
refuse --spin --spin 5
refuse --spin --spin 2s
refuse --halt --halt -1ms
refuse --duration --duration 0s
refuse --duration --duration 99999999999999999999s
refuse 'both be 0' --spin 0us --halt 0us
refuse --nonsense --nonsense
refuse 'Too many arguments' extra
exit $bad

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The schemas that are installed accept every document that the programs write, of this machine and of
# all hosts of the tests, and refuse documents with slips.
set -u

vfiobench=${VFIOBENCH_BUILD:?}/vfiobench
schemas=$VFIOBENCH_BUILD/manual/schema
source=${VFIOBENCH_SOURCE:?}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0

wrong()
{
	echo "$*"
	bad=1
}

for name in probe result findings comparison fleet baseline calibration; do
	"$VFIOBENCH_BUILD/vfiobench-docs" schema $name | cmp -s - "$schemas/$name.schema.json" ||
		wrong "$name.schema.json is not what the tables say"
done
python3 -c 'import jsonschema' 2>/dev/null || { echo 'no python3 with jsonschema'; [ $bad -eq 0 ] && exit 77; exit 1; }

# A result and its findings, as the verbs write them.
audit() # NAME OPTION...
{
	name=$1
	shift
	"$vfiobench" audit "$@" --json -o "$work/$name.result.json" >"$work/$name.audit.json" 2>"$work/err" ||
		wrong "audit $*: $(cat "$work/err")"
	"$vfiobench" analyze --all --json "$work/$name.result.json" >"$work/$name.analyze.json" || wrong "analyze of $name"
}

audit here
for bundle in "$source"/tests/hosts/*.host; do
	host=$(basename "$bundle" .host)
	sh "$source/tests/lib/unpack_host.sh" "$bundle" "$work/$host.tree" || wrong "$host: not unpacked"
	audit "$host" --sysroot "$work/$host.tree"
done
"$VFIOBENCH_BUILD/tests/write_comparison" >"$work/names" || wrong 'no comparisons'
while read -r name; do
	"$VFIOBENCH_BUILD/tests/write_comparison" "$name" >"$work/$name.comparison.json"
	"$VFIOBENCH_BUILD/tests/write_comparison" "$name" '</x> %n "' >"$work/$name.hostile.json"
done <"$work/names"
for recording in "$source"/tests/trace/preempted.*; do
	"$vfiobench" blame --json "$recording" >"$work/${recording##*/}.json" 2>"$work/err" || wrong "blame: $(cat "$work/err")"
done

python3 "$source/tests/lib/validate.py" "$schemas" "$work"/*.json "$source"/tests/golden/*/*.json \
	"$source"/baselines/*.json || bad=1
exit $bad

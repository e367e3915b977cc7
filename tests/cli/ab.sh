#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# ab and calibrate: what they refuse, before anything is run or measured.
set -u

program=${VFIOBENCH_BUILD:?}/vfiobench
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
export XDG_STATE_HOME="$scratch/state"
touch="touch $scratch/touched"
bad=0

# refuse PIECE ARGUMENT...: status 2, the piece in stderr, nothing on stdout, nothing run
refuse()
{
	piece=$1
	shift
	timeout 20 "$program" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
	status=$?
	[ $status -eq 2 ] || { echo "$*: exit status $status"; bad=1; }
	[ ! -s "$scratch/out" ] || { echo "$*: writes to stdout"; bad=1; }
	grep -qF -- "$piece" "$scratch/err" || { echo "$*: $(head -c 300 "$scratch/err")"; bad=1; }
	[ ! -e "$scratch/touched" ] || { echo "$*: a command was run"; bad=1; }
}

refuse '--on CMD is expected' ab
refuse '--on CMD is expected' ab --off "$touch"
refuse '--off CMD is expected' ab --on "$touch"
refuse '--null switches nothing' ab --null --on "$touch"
refuse '--null switches nothing' ab --null --off "$touch"
refuse '--null switches nothing' ab --null --end on
for pairs in 0 6 101 x 7.5 -7 18446744073709551617; do
	refuse "--pairs=$pairs: expected a number from 7 to 100" ab --null --pairs=$pairs
done
refuse '--rep-duration=5: expected a time' ab --null --rep-duration 5
refuse '--rep-duration=99ms: expected a time' ab --null --rep-duration 99ms
refuse '--settle=1: expected a time' ab --null --settle 1
refuse '--settle=11min: expected a time' ab --null --settle 11min
refuse '--end=found: expected off or on' ab --on "$touch" --off "$touch" --end found
refuse '--metric=wake.p42: expected one of wake.p99 wake.p99.9' ab --null --metric wake.p42
refuse '--metric=wake.p50: expected one of' ab --null --metric wake.p50
refuse '--metric=wake.p99/cpu1: expected one of' ab --null --metric wake.p99/cpu1
refuse 'no arguments are expected' ab --null here
refuse '--cpus=x: expected a list' ab --null --cpus x
refuse 'No such file' ab --on "$touch" --off "$touch" --domain-xml "$scratch/none"
# The guest is looked for before anything is switched.
refuse 'no-such-guest' ab --on "$touch" --off "$touch" --guest no-such-guest

for k in 0 2 9 x; do
	refuse "--sessions=$k: expected a number from 3 to 8" calibrate --sessions $k
done
refuse '--profile=fast' calibrate --profile=fast
refuse 'no arguments are expected' calibrate here
refuse 'No such file' calibrate --domain-xml "$scratch/none"
refuse 'No such file' calibrate -o "$scratch/none/below/x.json"
# What is no baseline is not measured for an hour and then found to be in the way.
echo 'not a baseline' >"$scratch/other.json"
refuse "$scratch/other.json" calibrate --guest none --profile quick -o "$scratch/other.json"
[ "$(cat "$scratch/other.json")" = 'not a baseline' ] || { echo "another file was overwritten"; bad=1; }
refuse 'no-such-guest' calibrate --guest no-such-guest --profile quick

# Ended in its first session it says that there is none.
: >"$scratch/ended"
"$program" calibrate --guest none --profile soak -o "$scratch/ended.json" >"$scratch/out" 2>"$scratch/ended" </dev/null &
running=$!
tries=0
until grep -q 'session 1 of' "$scratch/ended" || [ $tries -ge 100 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
kill -INT $running
wait $running
status=$?
[ $status -eq 130 ] || { echo "calibrate, ended: exit status $status"; bad=1; }
[ "$(tail -n 1 "$scratch/ended")" = 'vfiobench: ended by SIGINT: no session was complete, nothing was kept' ] ||
	{ echo "calibrate, ended: $(tail -n 2 "$scratch/ended")"; bad=1; }
[ ! -s "$scratch/out" ] && [ ! -e "$scratch/ended.json" ] || { echo "calibrate, ended: something was kept"; bad=1; }

# Of sessions that are too short for a gate it says what to give to check; and that does it.
timeout 60 "$program" calibrate --guest none --sessions 3 --reps 2 --rep-duration 100ms -q -o "$scratch/short.json" \
	>"$scratch/out" 2>"$scratch/err" </dev/null || { echo "calibrate: status $?: $(cat "$scratch/err")"; bad=1; }
tail -n 1 "$scratch/out" | grep -qF "check --baseline' with --reps 10" ||
	{ echo "calibrate: two repetitions: $(tail -n 1 "$scratch/out")"; bad=1; }
timeout 60 "$program" check --baseline "$scratch/short.json" --reps 5 -q -o "$scratch/checked" \
	>"$scratch/out" 2>"$scratch/err" </dev/null
lengths=$(jq -c '.probes.wake.data | [.n_reps, .rep_duration_ns]' "$scratch/checked/result.json")
[ "$lengths" = '[5,100000000]' ] || { echo "check --reps 5: $lengths: $(cat "$scratch/out" "$scratch/err")"; bad=1; }

for verb in ab calibrate; do
	"$program" $verb --help >"$scratch/out" 2>&1 || { echo "$verb --help: status $?"; bad=1; }
	wide=$(expand "$scratch/out" | grep -nE '.{81}' | head -n 1)
	[ -z "$wide" ] || { echo "$verb --help: more than 80 columns: $wide"; bad=1; }
	grep -q '128+n' "$scratch/out" || { echo "$verb --help: no exit status"; bad=1; }
done
exit $bad

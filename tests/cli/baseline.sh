#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# vfiobench baseline: what is kept, what is refused, and that no baseline is ever lost.
set -u

program=${VFIOBENCH_BUILD:?}/vfiobench
. "${VFIOBENCH_SOURCE:?}/tests/lib/result.sh"
scratch=$(mktemp -d) || exit 1
trap 'umount "$scratch/disk" 2>/dev/null; rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
cd "$scratch" || exit 1
export XDG_STATE_HOME="$scratch/state"
bad=0

wrong()
{
	echo "$*"
	bad=1
}

# expect STATUS PIECE ARGUMENT...: of baseline; PIECE is on stdout or stderr, which has one line at most
expect()
{
	want=$1
	piece=$2
	shift 2
	"$program" baseline "$@" >out 2>err </dev/null
	status=$?
	[ $status -eq "$want" ] || wrong "baseline $*: exit status $status: $(cat err)"
	[ -z "$piece" ] || cat out err | grep -qF -- "$piece" || wrong "baseline $*: no '$piece' in: $(cat out err)"
	[ "$want" -eq 0 ] || [ "$(wc -l <err)" -eq 1 ] || wrong "baseline $*: not one line: $(cat err)"
}

# What a refusal leaves as it was.
unchanged()
{
	cmp -s "$1" "$2" || wrong "$1 was changed"
}

n_sessions()
{
	jq '.sessions | length' "$1"
}

for i in 1 2 3 4 5 6 7 8 9 10; do
	make_result "r$i.json" "{\"session\":$i,\"label\":\"number $i\"}"
done
make_result other.json '{"session":20,"cpu":"Test CPU 2"}'
make_result short.json '{"session":21,"samples":2000}'
jq '.version = 99' r1.json >result-newer.json

# Names and files
expect 0 'no baseline has a name yet' list
expect 0 '1 session added, 1 of at most 8 kept' save main r1.json
[ -s state/vfiobench/baselines/main.json ] || wrong 'NAME: not where it should be'
expect 0 '1 of at most 8' save dir.json r1.json
expect 0 '1 of at most 8' save ./noext r1.json --about 'why it is kept'
[ -s noext ] && [ -s dir.json ] || wrong 'FILE: not where it should be'
expect 0 'main' list
expect 0 'why it is kept' show ./noext
expect 0 'wake.p99.9 79.' show main
expect 0 'number 1' show main
expect 2 "there is no baseline none ($scratch/state/" show none
expect 2 'there is no baseline ./none.json: ' show ./none.json
expect 2 'cannot name a baseline' show 'a b'
expect 2 'cannot name a baseline' save .. r1.json
expect 2 'No such file' save nowhere/b.json r1.json
expect 2 'there is no baseline none (' rm none
expect 2 'there is a ./noext: write ./noext for it' show noext
"$program" baseline --help | grep -q 'baseline rm NAME|FILE --session N' || wrong '--help: not how to take one session out'
expect 2 'not a file' save /dev/null r1.json
expect 2 'No such file' save main none.json
expect 2 'newer than this program' save main result-newer.json
"$program" baseline save main >out 2>err && wrong 'save without a RESULT passes'
"$program" baseline >out 2>err && wrong 'no action passes'
"$program" baseline frob >out 2>err && wrong 'an unknown action passes'
"$program" baseline list --json | jq -e '.format == "vfiobench-baselines" and .baselines[0].n_sessions == 1' >/dev/null ||
	wrong 'list --json'
"$program" baseline show main --json | jq -e '.format == "vfiobench-baseline" and .version == 1' >/dev/null ||
	wrong 'show --json'

# Of somebody without $XDG_STATE_HOME who is not root
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null && mkdir -m 777 home; then
	chmod 755 .
	(
		unset XDG_STATE_HOME
		export HOME="$scratch/home"
		exec setpriv --reuid 65534 --regid 65534 --clear-groups "$program" baseline save mine r1.json
	) >out 2>err || cat err
	[ -s home/.local/state/vfiobench/baselines/mine.json ] || wrong 'not below the home'
fi

# Of a run that ended early: only when it was asked for.
jq '.run.is_partial = true' r2.json >partial.json
expect 2 'partial.json: its run ended early: measure again, or keep it with --partial' save early.json partial.json
expect 2 'its run ended early' save early.json r1.json partial.json
[ ! -e early.json ] || wrong 'a run that ended early is kept'
expect 0 '2 sessions added' save early.json r1.json partial.json --partial

# The same again, another machine, another way of measuring
cp dir.json before
expect 0 'this very session is there already' save dir.json r1.json
unchanged dir.json before
expect 2 'cpu_model: Test CPU 1 / Test CPU 2' save dir.json other.json
expect 2 'rep_duration_ns' save dir.json short.json
unchanged dir.json before
# One that does not fit keeps the others out too: all or nothing.
expect 2 'cpu_model' save dir.json r2.json other.json
unchanged dir.json before

# The last eight
expect 0 '8 of at most 8' save dir.json r2.json r3.json r4.json r5.json r6.json r7.json r8.json
expect 0 '2 sessions added, 8 of at most 8' save dir.json r9.json r10.json
[ "$(jq -c '[.sessions[].label]' dir.json)" = \
	'["number 3","number 4","number 5","number 6","number 7","number 8","number 9","number 10"]' ] ||
	wrong "kept: $(jq -c '[.sessions[].label]' dir.json)"
# A baseline is a list of sessions too.
expect 0 '8 of at most 8' save copy.json dir.json
expect 0 '' rm copy.json --session 2
[ "$(jq -c '[.sessions[].label][0:2]' copy.json)" = '["number 3","number 5"]' ] || wrong 'rm --session'
expect 2 'there is no session 8' rm copy.json --session 8
expect 2 'it is the last session' rm ./noext --session 1
expect 0 '' rm copy.json
[ ! -e copy.json ] || wrong 'rm leaves the file'

# What is half written, newer, hand-edited or something else stays as it is.
head -c 1000 dir.json >half.json
jq '.version = 99' dir.json >newer.json
jq -c '.sessions[0].metrics[0].values = "many"' dir.json >edited.json
jq -c 'del(.sessions[2].fingerprint)' dir.json >bare.json
: >empty.json
echo 'not ours' >foreign.json
cp r1.json result.json
for file in half newer edited bare empty foreign result; do
	cp $file.json before
	for action in "save $file.json r1.json" "show $file.json" "rm $file.json" "rm $file.json --session 1"; do
		# shellcheck disable=SC2086 # words of a command
		expect 2 "$file.json" $action
	done
	unchanged $file.json before
done
expect 2 'newer than this program' show newer.json
expect 2 'values' show edited.json
expect 2 'fingerprint' show bare.json
expect 2 'not a vfiobench baseline' show result.json
# Keys of a later edition of the same version are no harm.
jq -c '.colour = "blue" | .sessions[0].mood = 3' dir.json >more.json
expect 0 'number 3' show more.json
cp half.json state/vfiobench/baselines/half.json
"$program" baseline list >out 2>err
[ $? -eq 2 ] && grep -q '^main ' out && grep -q 'half.json' err || wrong 'list: one that is damaged hides another'
rm state/vfiobench/baselines/half.json

# Through a link to the file, which stays one.
ln -s dir.json link.json
expect 0 'already' save link.json r10.json --about linked
[ -L link.json ] && [ "$(jq -r .about dir.json)" = linked ] || wrong 'a link was replaced'

# Many at once, the file not there yet: none is lost.
pids=
for i in 1 2 3 4 5 6 7 8; do
	"$program" baseline save many.json "r$i.json" >"said$i" 2>&1 &
	pids="$pids $!"
done
for pid in $pids; do
	wait "$pid" || wrong 'one of many at once failed'
done
[ "$(n_sessions many.json)" -eq 8 ] || wrong "many at once: $(n_sessions many.json) sessions, $(cat said?)"
[ "$(find . -name 'many.json*' | wc -l)" -eq 1 ] || wrong 'files are left beside it'

# Locked by another for longer than anybody waits; who lets go in time is waited for.
if command -v flock >/dev/null; then
	cp dir.json held.json
	cp held.json before
	(flock 9 && exec sleep 30) 9<held.json &
	holder=$!
	(flock 9 && exec sleep 1) 9<many.json &
	brief=$!
	while flock -n held.json true || flock -n many.json true; do sleep 0.05; done
	expect 0 'added' save many.json r9.json
	expect 2 'another program has held it for 10 s' save held.json r1.json
	unchanged held.json before
	kill $holder 2>/dev/null
	wait $holder $brief 2>/dev/null
fi

# No room: the old file stays, and nothing beside it.
cp dir.json full.json
(
	trap '' XFSZ
	ulimit -f 1
	exec "$program" baseline save full.json r1.json
) >out 2>err
[ $? -eq 2 ] || wrong 'no room: passes'
grep -q 'full.json: File too large; it is as it was' err || wrong "no room: $(cat err)"
unchanged full.json dir.json
(
	trap '' XFSZ
	ulimit -f 1
	exec "$program" baseline save brandnew.json r1.json
) >out 2>err
grep -q 'brandnew.json: File too large; nothing was written' err && [ ! -e brandnew.json ] || wrong "no room for a new one: $(cat err)"
[ "$(find . -name 'full.json*' | wc -l)" -eq 1 ] || wrong 'no room: files are left'
if [ "$(id -u)" -eq 0 ] && mkdir disk && mount -t tmpfs -o size=32k none disk 2>/dev/null; then
	cp dir.json disk/b.json
	head -c 100000 /dev/zero >disk/fill 2>/dev/null
	expect 2 'No space left on device' save disk/b.json r1.json
	unchanged disk/b.json dir.json
	expect 2 'No space left on device; nothing was written' save disk/new.json r1.json
	[ ! -e disk/new.json ] || wrong 'no room: a new file is left'
	umount disk
fi
exit $bad

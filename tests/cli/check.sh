#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# vfiobench check, of results that were measured before: green, red, inconclusive, not comparable;
# budgets and waivers; what CI systems read; and baselines that are not what they should be.
set -u

program=${VFIOBENCH_BUILD:?}/vfiobench
. "${VFIOBENCH_SOURCE:?}/tests/lib/result.sh"
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
export XDG_STATE_HOME="$scratch/state"
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY
bad=0

wrong()
{
	echo "$*"
	bad=1
}

# expect STATUS PIECE ARGUMENT...: of check; PIECE is on stdout or stderr, lines joined
expect()
{
	want=$1
	piece=$2
	shift 2
	"$program" check "$@" >out 2>err </dev/null
	status=$?
	[ $status -eq "$want" ] || wrong "check $*: exit status $status, not $want: $(head -n 3 out err)"
	cat out err | tr '\n' ' ' | grep -qF -- "$piece" || wrong "check $*: no '$piece' in: $(cat out err)"
}

# refuse PIECE ARGUMENT...: status 2, nothing on stdout, one line
refuse()
{
	expect 2 "$@"
	[ ! -s out ] || wrong "check: writes to stdout: $(head -n 1 out)"
	[ "$(wc -l <err)" -eq 1 ] || wrong "check: not one line: $(cat err)"
}

n_sessions()
{
	jq '.sessions | length' "$1"
}

for i in 1 2 3 4 5 6 7 8; do
	make_result "r$i.json" "{\"session\":$i}"
done
make_result same.json '{"session":11}'
make_result slow.json '{"session":12,"permille":1600}'
make_result unsure.json '{"session":20,"permille":1200}'
make_result far.json '{"session":21,"permille":2500}'
make_result fast.json '{"session":13,"permille":500}'
make_result noisy.json '{"session":14,"spread":800}'
make_result other.json '{"session":15,"cpu":"Test CPU 2"}'
make_result hpet.json '{"session":16,"clock":"hpet"}'
make_result short.json '{"session":17,"samples":2000}'
make_result few.json '{"session":18,"reps":2}'
jq -c '.probes = {clock: .probes.clock} | .run.is_audit = true' r1.json >audit.json
"$program" baseline save one.json r1.json >/dev/null || exit 1
"$program" baseline save two.json r1.json r2.json >/dev/null || exit 1
"$program" baseline save three.json r1.json r2.json r3.json >/dev/null || exit 1
"$program" baseline save three r1.json r2.json r3.json >/dev/null || exit 1
"$program" baseline save eight.json r1.json r2.json r3.json r4.json r5.json r6.json r7.json r8.json >/dev/null || exit 1
"$program" baseline save main r1.json >/dev/null || exit 1

# Green, red, neither
for base in one.json two.json three.json eight.json main three r1.json; do
	expect 0 'Passed: no gated metric regressed.' --baseline $base same.json
	expect 0 'Passed: ' --baseline $base --strict fast.json
	expect 1 'Failed. Regressed: wake.p99 +15' --baseline $base far.json
	grep -q 'fresh sessions could not confirm' out || wrong "$base: an alarm of a given result is not told as such"
	expect 2 'Not comparable: they differ in cpu_model: Test CPU 1 / Test CPU 2' --baseline $base other.json
	expect 2 'rep_duration_ns: 20 s / 2 s' --baseline $base short.json
done
for base in three.json eight.json three; do
	expect 1 'Failed. Regressed: wake.p99 +60 % (60 us to 96' --baseline $base slow.json
	expect 1 'Failed. Regressed: wake.p99 +20 % (60 us to 72' --baseline $base unsure.json
done
# How far sessions lie apart is not known from fewer than three: less than twice as much is no alarm.
for base in one.json two.json main r1.json; do
	expect 0 'Inconclusive: wake.p99: it rose by 20 % (60 us to 72' --baseline $base unsure.json
	grep -q '^Next: tell the gate how far sessions lie apart' out || wrong "$base: no way out: $(cat out)"
	expect 3 'with fewer than 3 sessions before only what surely is above +100 % counts' --baseline $base --strict unsure.json
	"$program" check --baseline $base unsure.json --json | jq -e '.verdict == "inconclusive" and
		([.metrics[] | select(.is_held_back) | .id] == ["wake.p99"])' >out || wrong "$base: held back: $(cat out)"
done
expect 1 'Failed. Regressed: wake.p99 +20 %' --baseline two.json --baseline r4.json unsure.json
# Other CPUs: no news, good or bad; what a budget says is of these CPUs.
for name in same slow far fast; do
	jq -c '.cpus = {guest: "0", host: "1", measured: "0", source: "option"} | .probes.wake.data.units[].cpu = 0' \
		$name.json >elsewhere.json
	for base in one.json three.json eight.json; do
		expect 0 'Inconclusive: measured on CPUs 1 before, 0 after.' --baseline $base elsewhere.json
		expect 3 'Next: measure on the CPUs of the baseline (--cpus)' --baseline $base --strict elsewhere.json
	done
done
expect 0 'was not added to the baseline: it did not pass' --baseline three --update elsewhere.json
jq -c '.probes.wake.data.units[].cpu = 0' slow.json >elsewhere.json
echo 'wake.p99.9 < 100us' >cpus.budget
expect 1 'Failed. Over budget: wake.p99.9 < 100us (128 us).' --baseline eight.json --budget cpus.budget elsewhere.json
"$program" compare r1.json elsewhere.json >out 2>err
[ $? -eq 1 ] && grep -q '^  measured on CPUs 1 before, 0 after: that may be all that differs' out ||
	wrong "compare: other CPUs: $(cat out)"
# Baselines of earlier versions do not say.
jq -c 'del(.sessions[].measured_cpus)' three.json >unsaid.json
expect 1 'which CPUs were measured is known after only: 0' --baseline unsaid.json elsewhere.json
expect 0 'Inconclusive: ' --baseline one.json noisy.json
expect 3 'Inconclusive: ' --baseline one.json noisy.json --strict
expect 3 'Inconclusive: ' --baseline one.json few.json --strict
expect 0 'Passed: ' --baseline one.json --baseline eight.json same.json
# A result as standard input
"$program" check --baseline three.json - <slow.json >out 2>err
[ $? -eq 1 ] || wrong 'standard input'

# The document, and from it the page
expect 1 '"verdict": "regressed"' --baseline three.json slow.json --json
jq -e '.format == "vfiobench-comparison" and .version == 1 and .verdict == "regressed"' out >/dev/null || wrong '--json'

# Budgets
cat >gate.budget <<'END'
# what this host must keep
wake.p99.9 < 100us
wake.max < 1ms
aio.headroom > 25%
finding:clocksource.tsc
finding:* < problem
END
expect 0 'Passed: All budgets are held.' --budget gate.budget same.json
expect 0 'Passed: no gated metric regressed. All budgets are held.' --baseline one.json --budget gate.budget same.json
expect 1 'Failed. Over budget: wake.p99.9 < 100us (128 us).' --budget gate.budget slow.json
expect 1 'finding:clocksource.tsc (problem), finding:* < problem (clocksource.tsc)' --budget gate.budget hpet.json
# What is certain decides before what cannot be compared.
make_result otherslow.json '{"session":19,"permille":1600,"cpu":"Test CPU 2"}'
expect 1 'Failed. Over budget: wake.p99.9 < 100us (128 us). Not comparable: ' --baseline three.json --budget gate.budget otherslow.json
# Too short, too few, not measured: not held, not broken.
expect 0 'Could not be judged: wake.p99.9 < 100us (' --budget gate.budget short.json
expect 3 'Could not be judged: wake.p99.9 < 100us (' --budget gate.budget --strict short.json
expect 3 '2 repetitions: a budget needs 3' --budget gate.budget --strict few.json
# Settings alone are enough for budgets on findings.
echo 'finding:clocksource.tsc' >settings.budget
expect 0 'Passed: The budget is held.' --budget settings.budget audit.json
refuse 'settings only' --baseline one.json --budget settings.budget audit.json

# Waivers
cat >waived.budget <<'END'
wake.p99.9 < 100us
waive wake.p99.9 until 2400-12-31: a new board is on its way
waive wake.p99 until 2400-12-31: a new board is on its way
waive wake.stalls until 2400-12-31: a new board is on its way
waive irq.managed until 2400-12-31: never needed
END
expect 0 'Let off by a waiver: wake.p99 +60 %' --baseline three.json --budget waived.budget slow.json
grep -q '  wake.p99 until 2400-12-31: a new board is on its way' out || wrong 'a waiver is not shown'
grep -q 'waiver of irq.managed was not needed' out || wrong 'an unused waiver is not told'
sed 's/2400/2020/' waived.budget >expired.budget
expect 1 'waiver of wake.p99.9 ended on 2020-12-31' --baseline three.json --budget expired.budget slow.json

# What CI systems and monitoring read
"$program" check --baseline three.json --budget gate.budget slow.json --junit j.xml --markdown m.md \
	--openmetrics o.prom >out 2>err
[ $? -eq 1 ] || wrong 'with files: exit status'
grep -q '<failure type="regressed" message="wake-up latency, 99.9 %: 79.9 us -&gt; 128 us (+60 %' j.xml ||
	wrong "no failure with numbers in: $(cat j.xml)"
# Also where nothing was compared, and from the document.
started=$(jq '.run.started_unix_ns' same.json)
stamp=$(date -u -d "@$((started / 1000000000))" +%Y-%m-%dT%H:%M:%S)
for budget in gate.budget settings.budget; do
	expect 0 '' --budget $budget same.json --junit only.xml
	"$program" check --budget $budget same.json --json >checked.json
	"$program" report checked.json --format junit >again.xml
	cmp -s only.xml again.xml || wrong "$budget: JUnit of the document is another: $(diff only.xml again.xml)"
	grep -q "timestamp=\"$stamp\"" only.xml && ! grep -q 1970 only.xml || wrong "$budget: not of its time: $(cat only.xml)"
	"$program" check --budget $budget same.json >out
	"$program" report checked.json --format text | cmp -s out - || wrong "$budget: the text of the document is another"
done
"$program" check --budget settings.budget audit.json --junit only.xml >out
grep -q "timestamp=\"$(date -u -d "@$(($(jq .run.started_unix_ns audit.json) / 1000000000))" +%Y-%m-%dT%H:%M:%S)\"" only.xml ||
	wrong "an audit: not of its time: $(cat only.xml)"
"$program" check --baseline three.json --budget waived.budget slow.json >out
"$program" check --baseline three.json --budget waived.budget slow.json --json >checked.json
"$program" report checked.json --format text | cmp -s out - || wrong 'the text of the document is another'
# What only a run or a guest can tell is not held by an audit.
echo 'finding:host.steal' >run.budget
expect 3 'Only a run measures this.' --budget run.budget --strict audit.json
if command -v xmllint >/dev/null; then
	xmllint --noout j.xml || wrong 'JUnit is no XML'
fi
grep -q '^## vfiobench' m.md || wrong 'no Markdown'
grep -q '^vfiobench_info' o.prom || wrong 'no OpenMetrics'
[ "$(find . -name 'j.xml*' | wc -l)" -eq 1 ] || wrong 'files are left beside it'
# A regression stays one where a file cannot be written; a pass does not.
expect 1 'nowhere/j.xml: No such file' --baseline three.json slow.json --junit nowhere/j.xml
expect 2 'nowhere/j.xml: No such file' --baseline one.json same.json --junit nowhere/j.xml
expect 2 'No space left' --baseline one.json same.json --markdown /dev/full
# GitHub: annotations beside the result, and a summary that grows
echo 'of an earlier step' >summary
GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=summary "$program" check --baseline three.json slow.json >out 2>err
grep -q '^::error title=wake.p99 regressed::' out || wrong "no annotation: $(cat out)"
# Strangers' words may stand in the page: the runner obeys none of them until its end.
token=$(sed -n '1s/^::stop-commands::\([0-9a-f]\{32\}\)$/\1/p' out)
[ "$token" ] && [ "$(grep -n "^::$token::\$" out | cut -d: -f1)" -eq \
	$(($(grep -n '^::error' out | head -n 1 | cut -d: -f1) - 1)) ] || wrong "not between tokens: $(cat out)"
GITHUB_ACTIONS=true "$program" compare r1.json slow.json >out 2>err
sed -n '1p' out | grep -q "^::stop-commands::[0-9a-f]\{32\}\$" && ! grep -q "$token" out &&
	[ "$(tail -n 1 out)" = "::$(sed -n '1s/.*:://p' out)::" ] || wrong "compare: not between tokens: $(cat out)"
[ "$(head -n 1 summary)" = 'of an earlier step' ] && grep -q '^## vfiobench' summary || wrong 'no summary'
cp summary before
GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=summary "$program" check --json --baseline three.json slow.json >out 2>err
cmp -s summary before && ! grep -q '^::' out err || wrong '--json alone writes more than the document'
GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=nowhere/summary "$program" check --baseline one.json same.json >out 2>err ||
	wrong 'a summary that cannot be written decides'

# --update: after a pass only; the first job makes the baseline
expect 0 '' --baseline main --update same.json
[ "$(n_sessions state/vfiobench/baselines/main.json)" -eq 2 ] || wrong '--update adds nothing'
expect 0 'there already' --baseline main --update same.json
expect 1 'it did not pass' --baseline main --update far.json
expect 0 'it did not pass' --baseline one.json --update noisy.json
[ "$(n_sessions state/vfiobench/baselines/main.json)" -eq 2 ] || wrong '--update adds what did not pass'
[ "$(n_sessions one.json)" -eq 1 ] || wrong '--update adds what is inconclusive'
expect 0 'nothing to compare with' --baseline new.json --update r1.json
[ "$(n_sessions new.json)" -eq 1 ] || wrong '--update makes no baseline'
[ "$(jq -r .name new.json)" = new ] || wrong 'the baseline has no name'
expect 3 'nothing to compare with' --baseline strict.json --update --strict r1.json
expect 1 'Over budget' --baseline never.json --budget gate.budget --update slow.json
[ ! -e never.json ] || wrong 'a broken budget begins a baseline'
refuse 'nowhere/b.json: No such file' --baseline nowhere/b.json --update r1.json
refuse "there is no baseline never.json: 'vfiobench baseline save never.json RESULT' makes it" --baseline never.json same.json
refuse "there is no baseline nothing ($scratch/state/vfiobench/baselines/nothing.json): 'vfiobench baseline save nothing" --baseline nothing same.json
refuse 'there is no baseline nothing' --baseline nothing --budget gate.budget same.json
# What is called so here was not meant by a name, or was it?
cp r1.json beside
refuse 'there is a ./beside: write ./beside for it' --baseline beside same.json
expect 0 'there is a ./beside: write ./beside for it' --baseline beside --update same.json
grep -q 'beside.json: the first session was kept' err || wrong "not told that it was kept: $(cat err)"
expect 0 'Passed' --baseline ./beside same.json
# Who was broken off passes, and is no measure for others.
jq '.run.is_partial = true' r2.json >partial.json
expect 0 'not added to the baseline: it ended early' --baseline main --update partial.json

# What the baseline has and the result has not was not looked at; it does not make the baseline less.
jq -c '.sessions[0].metrics |= map(if .id == "guest.lost" then {id, values: [range(10) | [., 100]]} else . end)
	| if any(.sessions[0].metrics[]; .id == "guest.lost") then . else
	.sessions[0].metrics += [{id: "guest.lost", values: [range(10) | [., 100]]}] end' one.json >more.json
expect 0 'Inconclusive: guest.lost was measured before and is not now (after: ' --baseline more.json same.json
expect 3 'Inconclusive: guest.lost was' --baseline more.json --strict same.json
expect 0 'it has no guest.lost, which the baseline has' --baseline more.json --update same.json
[ "$(n_sessions more.json)" -eq 1 ] || wrong '--update adds a session that lacks a metric'
GITHUB_ACTIONS=true "$program" check --baseline more.json same.json >out 2>err
grep -q '^::warning title=guest.lost not-comparable::' out || wrong "no annotation of what is gone: $(cat out)"
jq -c '.run.is_partial = true' same.json >partial.json
expect 0 'it ended early' --baseline one.json --update partial.json
expect 0 'it ended early' --baseline begun.json --update partial.json
[ "$(n_sessions one.json)" -eq 1 ] && [ ! -e begun.json ] || wrong '--update adds what ended early'

# Baselines that are not what they should be: one line, and they stay as they are.
head -c 1000 eight.json >half.json
jq '.version = 99' eight.json >newer.json
jq -c '.sessions[0].metrics[0].values = "many"' eight.json >edited.json
jq -c 'del(.sessions[2].fingerprint)' eight.json >bare.json
jq -c '.sessions = []' eight.json >hollow.json
: >empty.json
for file in half newer edited bare hollow empty; do
	cp $file.json before
	refuse "$file.json" --baseline $file.json --update same.json
	cmp -s $file.json before || wrong "$file.json was changed"
done
refuse 'newer than this program' --baseline newer.json same.json
refuse 'not a file' --baseline /dev/zero same.json
# Numbers made up by hand change numbers, not the program.
jq -c '(.sessions[].metrics[] | select(.values) | .values) |= map([.[0], 1000000000000000])' one.json >huge.json
expect 0 'Passed' --baseline huge.json same.json
jq -c '(.sessions[].metrics[] | select(.values) | .values) |= map([.[0], 0])' one.json >zero.json
"$program" check --baseline zero.json same.json >out 2>err
[ $? -le 3 ] || wrong "zeros: $(cat err)"
refuse 'not a result' --baseline one.json half.json
refuse 'half.json: not a baseline: cut short (line ' --baseline half.json same.json
refuse 'or remove it' --baseline half.json same.json
refuse 'empty.json: not a baseline: it is empty' --baseline empty.json same.json
refuse 'there is no baseline gate.budget: ./gate.budget holds budgets: --budget=gate.budget' --baseline gate.budget same.json
refuse './gate.budget: not a baseline: it holds budgets: --budget=./gate.budget' --baseline ./gate.budget same.json
cp gate.budget gate.txt
refuse 'gate.txt: not a baseline: it holds budgets' --baseline ./gate.txt same.json
refuse 'gate.txt: not a result: it holds budgets' --baseline one.json gate.txt
"$program" check --budget gate.budget same.json --json >said.json
refuse 'not a vfiobench result, but a comparison: expected a result.json, which' --baseline one.json said.json
"$program" analyze same.json --json >findings.json
refuse 'not a vfiobench result, but a findings document: expected a result.json, which' --baseline one.json findings.json
jq '.version = "1"' same.json >text.json
refuse 'result: "version" is not a number from 1' --baseline one.json text.json
jq '.version = "1"' one.json >text.json
refuse 'baseline: "version" is not a number from 1' --baseline text.json same.json
jq '.cpus = 3' same.json >text.json
refuse 'text.json: cpus: expected an object' --baseline one.json text.json
jq '.probes.wake.data = 3' same.json >text.json
refuse 'text.json: probes.wake.data: expected an object' --baseline one.json text.json
refuse 'no budget stands in it' --budget empty.json same.json
refuse 'not a file' --budget /dev/zero same.json
refuse 'No such file' --budget none.budget same.json
echo 'wake.p98 < 1ms' >wrong.budget
refuse "wrong.budget:1: there is no 'wake.p98'" --budget wrong.budget same.json

# Usage
expect 2 'expected' same.json
expect 2 'a second' --baseline one.json same.json slow.json
expect 2 'needs a --baseline' --budget gate.budget --update same.json
expect 2 'nothing is measured' --baseline one.json --guest none same.json

for option in junit markdown openmetrics; do
	expect 2 "--$option=-: the name of a file is expected" --baseline one.json same.json --$option=-
	[ ! -e ./- ] || wrong "--$option=- makes a file"
done
expect 2 '--junit and --markdown are the same file' --baseline one.json same.json --junit x.out --markdown ./x.out
expect 2 '--junit and RESULT are the same file' --baseline one.json same.json --junit same.json
expect 2 '--markdown and --baseline are the same file' --baseline one.json same.json --markdown ./one.json
expect 2 '--junit and --baseline are the same file: two.json' --baseline one.json --baseline two.json same.json --junit two.json
mkdir folder
cp same.json folder/result.json
cp folder/result.json before
expect 2 '--junit and RESULT are the same file: folder' --baseline one.json folder --junit folder/result.json
cmp -s folder/result.json before || wrong 'the result was written over'
expect 2 '--openmetrics and --budget are the same file' --budget gate.budget same.json --openmetrics gate.budget
expect 0 'Passed' --baseline one.json same.json --junit /dev/null --markdown /dev/null
[ ! -e x.out ] || wrong 'a usage error writes'
# Lines of usage are as wide as a terminal at most.
for args in 'check --baseline one.json --guest none same.json' 'check same.json' 'ab --null --metric wake.p42' \
	'baseline rm' 'baseline frob' 'check --junit=- --budget gate.budget same.json'; do
	# shellcheck disable=SC2086 # words of a command
	"$program" $args >out 2>err
	[ $? -eq 2 ] && ! expand err | grep -qE '^.{81}' || wrong "$args: $(cat err)"
done
# So is the list of metrics on a terminal; in a log it is one line.
if command -v script >/dev/null; then
	script -qec "$program check --budget wrong.budget same.json" /dev/null </dev/null >out 2>&1
	grep -q "there is no 'wake.p98'" out && ! tr -d '\r' <out | grep -qE '^.{81}' || wrong "not wrapped: $(cat out)"
fi

# Many at once that all pass: none is lost, and none reads half a file.
"$program" baseline save many.json r1.json >/dev/null
pids=
for i in 2 3 4 5 6 7; do
	"$program" check -q --baseline many.json --update "r$i.json" >"said$i" 2>&1 &
	pids="$pids $!"
done
for pid in $pids; do
	wait "$pid" || wrong "one of many at once failed: $(cat said?)"
done
[ "$(n_sessions many.json)" -eq 7 ] || wrong "many at once: $(n_sessions many.json) sessions"
exit $bad

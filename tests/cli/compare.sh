#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# vfiobench compare: verdicts and exit statuses, what it prints, and what it refuses.
set -u

program=${VFIOBENCH_BUILD:?}/vfiobench
. "${VFIOBENCH_SOURCE:?}/tests/lib/result.sh"
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
bad=0

wrong()
{
	echo "$*"
	bad=1
}

# expect STATUS PIECE ARGUMENT...: PIECE is on stdout, stderr is empty, at most 80 columns
expect()
{
	want=$1
	piece=$2
	shift 2
	"$program" compare "$@" >out 2>err </dev/null
	status=$?
	[ $status -eq "$want" ] || wrong "compare $*: exit status $status: $(cat err)"
	[ ! -s err ] || wrong "compare $*: $(cat err)"
	grep -qF -- "$piece" out || wrong "compare $*: no '$piece' in: $(cat out)"
	case " $* " in
	*' --json '* | *' --color=always '*) ;;
	*) wide=$(grep -nE '.{81}' out) && wrong "compare $*: more than 80 columns: $wide" ;;
	esac
}

# refuse PIECE ARGUMENT...: status 2, one line on stderr, nothing on stdout
refuse()
{
	piece=$1
	shift
	timeout 20 "$program" compare "$@" >out 2>err </dev/null
	status=$?
	[ $status -eq 2 ] || wrong "compare $*: exit status $status"
	[ ! -s out ] || wrong "compare $*: writes to stdout"
	[ "$(wc -l <err)" -eq 1 ] || wrong "compare $*: not one line: $(cat err)"
	grep -qF -- "$piece" err || wrong "compare $*: no '$piece' in: $(cat err)"
}

# json FILTER WORDS ARGUMENT...: what jq makes of the document
json()
{
	filter=$1
	words=$2
	shift 2
	found=$("$program" compare --json "$@" 2>err </dev/null | jq -r "$filter")
	[ "$found" = "$words" ] || wrong "compare --json $*: $filter: '$found', expected '$words'"
}

for i in 1 2 3 4 5; do
	make_result "b$i.json" "{\"session\":$i}"
	make_result "a$i.json" "{\"session\":$((10 + i)),\"permille\":1500}"
done
make_result wild-b.json '{"session":1,"spread":600}'
make_result wild-a.json '{"session":2,"spread":600,"permille":1100}'
make_result hpet.json '{"session":7,"clock":"hpet","label":"with hpet"}'
make_result short.json '{"session":8,"samples":3000}'
make_result few.json '{"session":9,"reps":3}'
make_result other.json '{"session":12,"cpu":"Test CPU 2"}'
mkdir folder
cp a1.json folder/result.json

# Verdicts
expect 0 'No change: all 3 gated metrics' b1.json b2.json
expect 0 'No change' b1.json b1.json
expect 0 'the same run stands on both sides' b1.json b1.json
expect 1 'Regressed: wake.p99 rose by 50 %' b1.json a1.json
expect 1 'Regressed' b1.json folder
expect 0 'Improved: wake.stalls fell by 99 % (180/min to 0/min)' a1.json b1.json
expect 0 'the repetitions lie too far apart' wild-b.json wild-a.json
expect 3 'Next: ' --strict wild-b.json wild-a.json
expect 0 'too few repetitions: 10 before and 3 after' b1.json few.json
expect 2 'Not comparable: they differ in cpu_model: Test CPU 1 / Test CPU 2' b1.json other.json
expect 2 'rep_duration_ns: 20 s / 3 s' b1.json short.json
json .verdict regressed b1.json a1.json
json .verdict improved a1.json b1.json
json '.metrics[] | select(.id == "wake.p99").verdict' no-change b1.json a1.json --margin 100
json '.metrics[] | select(.id == "wake.p99").margin_reason' 'asked for' b1.json a1.json --margin 12.5%
json '[.format, .version] | join(" ")' 'vfiobench-comparison 1' b1.json a1.json
json '.blocking[0]' 'cpu_model: Test CPU 1 / Test CPU 2' b1.json other.json

# Sessions
expect 1 'Before: b1.json, b2.json' b1.json b2.json b3.json b4.json b5.json -- a1.json a2.json a3.json a4.json a5.json
json '.metrics[0].unit' sessions b1.json b2.json b3.json b4.json b5.json -- a1.json a2.json a3.json a4.json a5.json
json '.metrics[0].unit' repetitions b1.json b2.json -- a1.json
json '.before.n_sessions' 2 b1.json b2.json -- a1.json
"$program" baseline save ./base.json b1.json b2.json b3.json b4.json b5.json >out 2>err || wrong "baseline: $(cat err)"
expect 1 'Before: base.json (5 sessions), last' base.json a1.json
json '.metrics[0].margin_reason' '10 %: a quantile of many events' base.json a1.json
json '.metrics[0].unit' sessions base.json -- a1.json a2.json a3.json a4.json a5.json
# A baseline compares as the results would that it was made of.
"$program" compare --json b1.json b2.json b3.json b4.json b5.json -- a1.json a2.json a3.json | jq '[.verdict, .metrics]' >one
"$program" compare --json base.json -- a1.json a2.json a3.json | jq '[.verdict, .metrics]' >two
cmp -s one two || wrong "the baseline is not what it was made of: $(diff one two | head)"

# Copies of a run are one session, however they were written
jq . b1.json >b1-copy.json
expect 0 'b1-copy.json holds the same run as b1.json: it counts once' b1.json b1-copy.json b1.json -- b2.json
json '.before.n_sessions' 1 b1.json b1-copy.json b1.json -- b2.json
cp base.json base-too.json
json '.before.n_sessions' 5 base.json base-too.json -- a1.json
expect 0 'the same run stands on both sides: b5.json; it counts after' base.json b5.json

# A host that is too noisy is no green gate
for i in 1 2 3 4; do
	make_result "n$i.json" "{\"session\":$((20 + i)),\"permille\":$((i * i * 1000))}"
done
"$program" baseline save ./noisy.json n1.json n2.json n3.json n4.json >out 2>err || wrong "baseline: $(cat err)"
expect 0 'this host is too noisy to gate on it: as' noisy.json b1.json
expect 3 'Next: find out what disturbs this host' --strict noisy.json b1.json
expect 3 'too noisy' --strict noisy.json n4.json
json '.metrics[] | select(.id == "wake.p99") | [.verdict, .is_too_noisy] | join(" ")' 'inconclusive true' noisy.json b1.json
json '.metrics[] | select(.id == "wake.p99").margin_reason' 'noise floor of 4 sessions' noisy.json b1.json

# A baseline is for a repository: one line for each thing that may change
[ "$(wc -l <base.json)" -gt 20 ] || wrong 'the baseline is not in lines'
[ "$(grep -c '"id":"wake.p99",' base.json)" -eq 5 ] || wrong 'a metric is not a line'

# What differs, and what came of it
expect 0 'clock.current: tsc, now hpet' b1.json hpet.json
expect 0 'clocksource.tsc: pass, now problem: ' b1.json hpet.json
expect 0 'clocksource.tsc appeared; wake.p50 shows that it did not move' b1.json hpet.json
expect 0 '“with hpet”' b1.json hpet.json
json '.differences[] | select(.key == "clock.current") | [.before, .after] | join(" ")' 'tsc hpet' b1.json hpet.json
json '.tweaks[] | select(.id == "clocksource.tsc").change' gone hpet.json b1.json

# The same each time; colours where they are wanted
"$program" compare b1.json a1.json >one
"$program" compare b1.json a1.json >two
cmp -s one two || wrong 'not the same each time'
escape=$(printf '\033')
! grep -q "$escape" one || wrong 'colours without a terminal'
expect 1 "${escape}[1;31m" --color=always b1.json a1.json
grep -q "$escape\[0m" out || wrong 'the colour does not end'

# Usage
for arguments in 'b1.json' 'b1.json b2.json b3.json' 'b1.json --' '-- b1.json' '--margin=x b1.json a1.json' \
	'--margin=0 b1.json a1.json' '--margin=1001 b1.json a1.json' '--margin=1.25 b1.json a1.json' \
	'--margin=5x b1.json a1.json' '--margin= b1.json a1.json'; do
	# shellcheck disable=SC2086
	"$program" compare $arguments >out 2>err </dev/null
	[ $? -eq 2 ] && [ ! -s out ] && grep -q -- '--help' err || wrong "compare $arguments: $(cat out err)"
done

# Strangers' files
printf '{"format":"vfiobench-result","version":99}' >newer
printf '{"format":"vfiobench-baseline","version":99}' >newer-baseline
printf '{"format":"vfiobench-baseline","version":1}' >no-session
printf '{"format":"vfiobench-baseline","version":1,"sessions":[{"fingerprint":{},"metrics":[{}]}]}' >no-id
printf '{"format":"something-else","version":1}' >other
head -c 300 base.json >cut.json
head -c 300 b1.json >cut-result.json
: >nothing
mkfifo fifo
jq '.run.is_audit = true | del(.probes.wake)' b1.json >audit
jq '.probes.wake.data.units[0].hist.n = 1' b1.json >unsound
jq '.probes.wake.data.units = []' b1.json >zero
for side in before after; do
	check()
	{
		if [ $side = before ]; then
			refuse "$1" "$2" a1.json
		else
			refuse "$1" a1.json "$2"
		fi
	}
	check 'newer: result version 99 is newer than this program understands' newer
	check 'newer-baseline: baseline version 99 is newer than this program understands' newer-baseline
	check 'no-session: a baseline without a session' no-session
	check 'no-id: sessions[0].metrics[0].id is missing' no-id
	check 'other: not a vfiobench result' other
	check "cut.json:" cut.json
	check "cut-result.json:" cut-result.json
	check 'nothing:' nothing
	check 'fifo: not a file' fifo
	check 'nonesuch: No such file' nonesuch
	check 'audit: settings only, nothing was measured' audit
	check 'unsound: ' unsound
	check 'zero: nothing in it can be compared' zero
done
# Values, counts and texts that nobody measured
jq '.sessions[0].metrics |= map(.values = [range(2000) | [., 4611686018427387904]])' base.json >huge.json
jq '.sessions[0].metrics |= map(.values = [range(10) | [., 0]])' base.json >zeros.json
jq '.sessions[0].settings = [range(3000) | { key: "x\(.)[\(.)]", value: ("y" * 300) }]' base.json >long.json
jq '.sessions[0].label = "\u001b[31mred\u202e" | .sessions[0].warnings = [range(5000) | "w\(.)"]' base.json >texts.json
jq '.sessions[0] as $s | .sessions = [range(300) | $s]' base.json >many.json
for file in huge.json zeros.json long.json texts.json many.json; do
	for arguments in "$file a1.json" "a1.json $file"; do
		# shellcheck disable=SC2086
		timeout 20 "$program" compare $arguments >out 2>err </dev/null
		status=$?
		[ $status -le 2 ] && [ ! -s err ] || wrong "compare $arguments: exit status $status: $(cat err)"
		! grep -q "$escape" out || wrong "compare $arguments: writes an escape"
	done
done

# What is printed is what the schema says.
"$program" compare --json b1.json hpet.json >c1.document
"$program" compare --json b1.json other.json >c2.document
"$program" compare --json wild-b.json wild-a.json >c3.document
"$VFIOBENCH_BUILD/vfiobench-docs" schema comparison >comparison.schema || wrong 'no schema of comparisons'
"$VFIOBENCH_BUILD/vfiobench-docs" schema baseline >baseline.schema || wrong 'no schema of baselines'
if python3 -c 'import jsonschema' 2>/dev/null; then
	python3 -W ignore - <<'PYTHON' || bad=1
import json, sys
import jsonschema

wrong = 0
for kind, good in (("comparison", ["c1.document", "c2.document", "c3.document"]), ("baseline", ["base.json"])):
    schema = json.load(open(kind + ".schema"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for name in good:
        document = json.load(open(name))
        for e in validator.iter_errors(document):
            print(name, "is refused:", e.message[:200])
            wrong = 1
        for broken in (dict(document, version=2), dict(document, format="x"), [], {},
                       dict(document, metrics=7, sessions=7)):
            if not list(validator.iter_errors(broken)):
                print(kind, "accepts", str(broken)[:100])
                wrong = 1
sys.exit(wrong)
PYTHON
else
	echo 'the schemas were not tried: no python3 with jsonschema'
fi
exit $bad

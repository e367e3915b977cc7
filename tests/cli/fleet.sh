#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# compare --fleet: many hosts, strange files among them, and folders with nothing in them.
set -u
program=${VFIOBENCH_BUILD:?}/vfiobench
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
bad=0

# result NUMBER BUCKET CLOCKSOURCE: a result of 40 s on two CPUs; one wake-up of 400 lies in BUCKET.
result()
{
	awk -v number="$1" -v bucket="$2" -v clock="$3" 'BEGIN {
		hist = sprintf("{\"n\":40000,\"min_ns\":9000,\"max_ns\":9000000,\"sum_ns\":800000000," \
			"\"buckets\":[[800,39900],[%d,100]]}", bucket)
		probe = "{\"format\":\"vfiobench-probe\",\"version\":1,\"probe\":\"%s\",\"status\":\"ok\",\"data\":"
		for (cpu = 2; cpu < 4; cpu++)
			units = units sprintf("%s{\"rep\":0,\"cpu\":%d,\"n_expected\":40000,\"missed\":0," \
				"\"hist\":%s,\"hist_corrected\":%s}", cpu > 2 ? "," : "", cpu, hist, hist)
		printf "{\"format\":\"vfiobench-result\",\"version\":1," \
			"\"run\":{\"started_unix_ns\":%d000000000,\"duration_ns\":40000000000}," \
			"\"host\":{\"kernel\":\"6.1.0\",\"cpu_model\":\"Example 9000\",\"n_cpus\":4}," \
			"\"guest\":{\"kind\":\"none\"}," \
			"\"cpus\":{\"guest\":\"2-3\",\"host\":\"0-1\",\"measured\":\"2-3\",\"source\":\"option\"}," \
			"\"probes\":{\"clock\":" probe "{\"current\":\"%s\"}}," \
			"\"wake\":" probe "{\"interval_ns\":1000000,\"rep_duration_ns\":40000000000,\"n_reps\":1," \
			"\"policy\":\"fifo\",\"units\":[%s]}}}}\n", 1700000000 + number, "clock", clock, "wake", units
	}'
}

say_bad() { echo "$*"; bad=1; }

# fleet STATUS ARGUMENT...: that status; stdout and stderr in $scratch/{out,err}
fleet()
{
	expected=$1
	shift
	timeout 60 "$program" compare --color=never --fleet "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
	status=$?
	[ $status -eq "$expected" ] ||
		say_bad "--fleet $*: exit status $status: $(head -c 300 "$scratch/err")"
}

says() { grep -qF -- "$1" "$scratch/out" || say_bad "not said: $1: $(cat "$scratch/out")"; }

# An odd one among hosts that are alike, and all that can lie about in such a folder.
dir=$scratch/fleet
mkdir "$dir" "$dir/in-a-folder" "$dir/empty" "$dir/.git"
for i in 01 02 03 04 05 06 07 08 09 10 11 12; do
	result "${i#0}" $((1500 + ${i#0} % 5)) tsc >"$dir/host-$i.json"
done
result 13 1502 tsc >"$dir/in-a-folder/result.json"
result 14 2300 hpet >"$dir/odd.json"
result 15 1501 tsc >"$dir/host-01@second.json"
result 16 1501 tsc >"$dir/host-01-20260131T120000Z.json"
cp "$dir/host-02.json" "$dir/copy.json"
head -c 700 "$dir/host-02.json" >"$dir/torn.json"
: >"$dir/nothing.json"
printf '{"format":"vfiobench-result","version":99}' >"$dir/newer.json"
printf '{"format":"something-else","version":1}' >"$dir/other.json"
printf '{"format":"vfiobench-result","version":1,"run":{"is_audit":true}}' >"$dir/settings.json"
printf '\033[31m\000' >"$dir/binary.json"
head -c 3000000 /dev/zero | tr '\0' '[' >"$dir/deep.json"
result 20 1500 tsc | sed 's/\[800,39900\]/[800,39899]/' >"$dir/edited.json"
mkfifo "$dir/fifo.json"
truncate -s 11M "$dir/huge.json"
ln -s nowhere "$dir/dangling.json"
result 21 1500 tsc >"$dir/.git/hidden.json"
echo hello >"$dir/README"

fleet 0 "$dir"
says '14 hosts, 16 results; 12 left out: 1 stands out.'
says 'odd stands out'
says 'clock.current = hpet (13 hosts: tsc)'
says '4 CPUs; 2 CPUs measured'
for line in 'torn.json: not a result' 'nothing.json: not a result' 'newer.json: result version 99' \
	'other.json: not a vfiobench result' 'settings.json: settings only' 'binary.json: not a result' \
	'deep.json: not a result' 'edited.json: probes.wake.data.units' 'fifo.json: not a file' \
	'huge.json: larger than 10 MiB' 'host-02.json: the same result as copy.json' \
	'empty: a folder without a result'; do
	says "  $line"
done
grep -q hidden "$scratch/out" && say_bad "a hidden folder was read"
[ -s "$scratch/err" ] && say_bad "stderr: $(cat "$scratch/err")"
[ "$(tr -d '\n\040-\176' <"$scratch/out" | wc -c)" -eq 0 ] || say_bad "text of strangers is not cleaned"
awk 'length > 80 { exit 1 }' "$scratch/out" || say_bad "lines longer than 80 columns"
# Three results of one host are one row.
grep -Eq '^host-01 .* 3$' "$scratch/out" || say_bad "results of one host are not merged"

fleet 0 "$dir" --json
mv "$scratch/out" "$scratch/first"
fleet 0 "$dir" --json
cmp -s "$scratch/first" "$scratch/out" || say_bad "not the same document each time"
grep -q '"format": "vfiobench-fleet"' "$scratch/out" || say_bad "no document of a fleet"
grep -q '"n_hosts": 14' "$scratch/out" || say_bad "--json: not 14 hosts"
if python3 -c 'import jsonschema' 2>/dev/null; then
	"$VFIOBENCH_BUILD/vfiobench-docs" schema fleet >"$scratch/schema" || say_bad "no schema of fleets"
	python3 -W ignore - "$scratch/schema" "$scratch/out" <<'END' || bad=1
import json, sys
import jsonschema

schema, document = (json.load(open(name)) for name in sys.argv[1:])
validator = jsonschema.Draft202012Validator(schema)
errors = [e.message for e in validator.iter_errors(document)]
document["outliers"][0]["host"] = 1
if errors or validator.is_valid(document):
    sys.exit("the schema of fleets: %s" % (errors or "it accepts a host that is a number"))
END
fi

# Nobody odd: nobody is named.
rm "$dir/odd.json"
fleet 0 "$dir"
says 'none stands out.'
# Few hosts tell nothing.
mkdir "$scratch/few"
cp "$dir"/host-0[1-3].json "$scratch/few"
result 30 2300 hpet >"$scratch/few/odd.json"
fleet 0 "$scratch/few"
says 'too few of a kind to tell who stands out.'

# Nothing that can be read.
mkdir "$scratch/useless"
cp "$dir/torn.json" "$dir/other.json" "$scratch/useless"
fleet 2 "$scratch/useless"
[ -s "$scratch/out" ] && say_bad "useless files: writes to stdout"
[ "$(wc -l <"$scratch/err")" -eq 3 ] || say_bad "useless files: $(cat "$scratch/err")"
fleet 2 "$dir/empty"
grep -q 'no result in it' "$scratch/err" || say_bad "an empty folder: $(cat "$scratch/err")"
fleet 2 "$scratch/none"
grep -q 'No such file' "$scratch/err" || say_bad "no folder: $(cat "$scratch/err")"
fleet 2 "$dir/host-02.json"
grep -q 'Not a directory' "$scratch/err" || say_bad "a file: $(cat "$scratch/err")"
fleet 2 "$dir" "$dir/host-02.json"
[ -s "$scratch/out" ] && say_bad "a fleet and a result: writes to stdout"
exit $bad

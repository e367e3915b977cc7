#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Wrong usage, damaged and hostile results: one clear line that names the thing, status 2, nothing on
# stdout.
set -u

program=${VFIOBENCH_BUILD:?}/vfiobench
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
bad=0

# refuse PIECE ARGUMENT...: status 2, the piece in stderr, nothing on stdout, no crash
refuse()
{
	piece=$1
	shift
	timeout 20 "$program" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
	status=$?
	[ $status -eq 2 ] || { echo "$*: exit status $status"; bad=1; }
	[ ! -s "$scratch/out" ] || { echo "$*: writes to stdout"; bad=1; }
	grep -qF -- "$piece" "$scratch/err" || { echo "$*: $(head -c 300 "$scratch/err")"; bad=1; }
}

# one_line PIECE ARGUMENT...: as refuse, and the message is one line
one_line()
{
	refuse "$@"
	[ "$(wc -l <"$scratch/err")" -eq 1 ] || { echo "$*: not one line: $(cat "$scratch/err")"; bad=1; }
}

valid='{"format":"vfiobench-result","version":1}'
mkdir "$scratch/empty"
mkfifo "$scratch/fifo"
printf '%s' "$valid" | head -c 20 >"$scratch/truncated"
printf '{"format":"vfiobench-result","version":99}' >"$scratch/newer"
printf '{"format":"something-else","version":1}' >"$scratch/other"
printf '\000\001\002' >"$scratch/binary"
: >"$scratch/nothing"
head -c 3000000 /dev/zero | tr '\0' '[' >"$scratch/deep"
printf '{"format":"vfiobench-result","version":1,"cpus":{"guest":"0-4294967295"}}' >"$scratch/absurd"
printf '{"format":"vfiobench-result","version":1,"probes":{"aio":{"format":"vfiobench-probe","version":1,"probe":"aio","status":"ok","data":{"nr":"\\u001b[31mred"}}}}' >"$scratch/wrong-type"

one_line 'not a verb' frobnicate
refuse 'Usage' # no verb at all
for verb in analyze report; do
	refuse 'RESULT is expected' $verb
	refuse 'second' $verb a b
	one_line 'No such file' $verb "$scratch/none"
	one_line 'No such file' $verb "$scratch/empty"
	one_line 'not a file' $verb "$scratch/fifo"
	one_line 'not a file' $verb /dev/zero
	one_line 'not a result' $verb "$scratch/truncated"
	one_line 'not a result' $verb "$scratch/nothing"
	one_line 'not a result' $verb "$scratch/binary"
	one_line 'not a result' $verb "$scratch/deep"
	one_line 'newer than this program' $verb "$scratch/newer"
	one_line 'not a vfiobench result' $verb "$scratch/other"
	one_line 'cpus.guest' $verb "$scratch/absurd"
	one_line 'probes.aio.data.nr' $verb "$scratch/wrong-type"
	refuse '--color=pink' $verb --color=pink "$scratch/newer"
	refuse '--nonsense' $verb --nonsense
done
printf '%s' "$valid" | "$program" analyze - >"$scratch/out" 2>&1 || { echo "analyze -: $(cat "$scratch/out")"; bad=1; }
refuse '--format=pdf' report --format=pdf "$scratch/newer"
printf '%s' "$valid" >"$scratch/result.json"
one_line 'No such file' report "$scratch" -o "$scratch/none/page.html"
"$program" report "$scratch" -o "$scratch/page.html" || { echo "report of a directory failed"; bad=1; }
[ -s "$scratch/page.html" ] || { echo "no page was written"; bad=1; }

"$program" plan "$scratch" -q -o "$scratch/plan" && "$program" plan "$scratch" -q -o "$scratch/plan" ||
	{ echo "a plan was not written, or not written anew"; bad=1; }
echo "not a plan" >"$scratch/plan/README.md"
one_line 'no plan' plan "$scratch" -o "$scratch/plan"
[ "$(cat "$scratch/plan/README.md")" = "not a plan" ] || { echo "a plan replaced a file that is not its own"; bad=1; }

refuse '--output=-' run -o -
# What the help says of the shortest run is what the run says.
said=$("$program" run --help | sed -n 's/.*quick (\([0-9]*\) s).*/\1/p')
if command -v flock >/dev/null; then
	mkdir "$scratch/taken"
	flock "$scratch/taken" timeout 20 "$program" run --guest none --profile quick \
		-o "$scratch/taken" >"$scratch/out" 2>"$scratch/err"
	[ $? -eq 2 ] && grep -q 'taken: another run writes its result there' "$scratch/err" ||
		{ echo "a folder that is taken: $(cat "$scratch/err")"; bad=1; }
	[ -z "$(ls -A "$scratch/taken")" ] || { echo "a folder that is taken: files in it"; bad=1; }
fi
refuse 'this takes about' run --guest no-such-guest --profile quick -o "$scratch/quick"
grep -q "this takes about $said\.[0-9] s;" "$scratch/err" ||
	{ echo "help: quick takes $said s; $(head -n 1 "$scratch/err")"; bad=1; }

# What could not be measured leaves folders as they were.
mkdir "$scratch/there"
for folder in there new; do
	refuse 'nobody-is-called-so: ' run -q --guest nobody-is-called-so -o "$scratch/$folder"
done
[ -d "$scratch/there" ] || { echo "run: a folder of the user's was removed"; bad=1; }
[ ! -e "$scratch/new" ] || { echo "run: a new folder is left"; bad=1; }

one_line 'No such file' audit --sysroot "$scratch/none"
one_line 'neither a directory nor a bundle' audit --sysroot "$scratch/newer"
one_line 'No such file' audit --domain-xml "$scratch/none"
one_line "$scratch/binary" audit --domain-xml "$scratch/binary"
one_line "$scratch/newer" audit --domain-xml "$scratch/newer"
one_line 'No such file' capture --domain-xml "$scratch/none" "$scratch/new"
one_line "$scratch/newer" capture --domain-xml "$scratch/newer" "$scratch/new"
one_line 'Is a directory' audit --qemu-argv "$scratch/empty"
echo 'a text about something else' >"$scratch/prose"
one_line 'no arguments of QEMU' audit --qemu-argv "$scratch/prose"
one_line 'no arguments of QEMU' audit --qemu-argv "$scratch/newer"
head -c 10000000 /dev/zero >"$scratch/huge"
one_line 'longer than any command line' audit --qemu-argv "$scratch/huge"
rm "$scratch/huge"
refuse '--cpus=1-' audit --cpus=1-
refuse '--fail-on=never' audit --fail-on=never
refuse 'no arguments' audit here
one_line 'is no row' tweaks no.such-row

refuse '--profile=fast' run --profile=fast
refuse '--reps=0' run --reps=0
refuse '--rep-duration=5' run --rep-duration=5
refuse '--cpus=x' run --cpus=x
one_line 'No such file' run --domain-xml "$scratch/none"
one_line "$scratch/newer" run -q --domain-xml "$scratch/newer" -o "$scratch/new"
[ ! -e "$scratch/new" ] || { echo "run: a folder for a file that holds no guest"; bad=1; }
one_line 'No such file' run -o "$scratch/none/below"

# Text of strangers gives the terminal no orders, and no line of its own.
printf '%s' '{"format":"vfiobench-result","version":1,"run":{"warnings":["\u001b[31mred\u0007\nadvice  fake \u009b1m \u202e"]}}' >"$scratch/hostile"
"$program" analyze --color=never "$scratch/hostile" >"$scratch/out" || { echo "hostile text: not read"; bad=1; }
grep -q '^Note: ?\[31mred??advice  fake ?1m ?' "$scratch/out" ||
	{ echo "hostile text: $(cat -v "$scratch/out")"; bad=1; }
[ "$(tr -d '\n\040-\176' <"$scratch/out" | wc -c)" -eq 0 ] || { echo "hostile text: not cleaned"; bad=1; }

# An empty tree: nothing is known, so nothing is said to be wrong.
"$program" audit --sysroot "$scratch/empty" --json >"$scratch/out" || { echo "audit of nothing failed"; bad=1; }
grep -q '"problem": 0' "$scratch/out" && grep -q '"advice": 0' "$scratch/out" ||
	{ echo "audit of nothing found something"; bad=1; }
exit $bad

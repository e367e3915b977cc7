#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# blame: usage, files that are no recording, recordings that are damaged in any way. Whatever it is
# given ends with status 0, or with 2 and one clear line.
set -u

program=${VFIOBENCH_BUILD:?}/vfiobench
traces=${VFIOBENCH_SOURCE:?}/tests/trace
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
bad=0

wrong()
{
	echo "$*"
	bad=1
}

# refuse PIECE ARGUMENT...: status 2, one line with the piece in it, nothing on stdout
refuse()
{
	piece=$1
	shift
	timeout 60 "$program" blame "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
	status=$?
	[ $status -eq 2 ] || wrong "$*: exit status $status"
	[ ! -s "$scratch/out" ] || wrong "$*: writes to stdout"
	[ "$(wc -l <"$scratch/err")" -eq 1 ] || wrong "$*: not one line: $(head -c 500 "$scratch/err")"
	grep -qF -- "$piece" "$scratch/err" || wrong "$*: $(head -c 300 "$scratch/err")"
}

# accept ARGUMENT...: status 0, nothing on stderr
accept()
{
	timeout 60 "$program" blame "$@" >"$scratch/out" 2>"$scratch/err" || wrong "$*: exit status $?: $(cat "$scratch/err")"
	[ ! -s "$scratch/err" ] || wrong "$*: $(head -c 300 "$scratch/err")"
	[ -s "$scratch/out" ] || wrong "$*: says nothing"
}

"$program" blame --help >"$scratch/out" || wrong "--help fails"
grep -q 'Exit status' "$scratch/out" || wrong "--help does not tell the exit status"
"$program" blame >"$scratch/out" 2>"$scratch/err"
[ $? -eq 2 ] && grep -q 'a FILE is expected' "$scratch/err" || wrong "no FILE: $(cat "$scratch/err")"
"$program" blame a b >"$scratch/out" 2>"$scratch/err"
[ $? -eq 2 ] && grep -q 'second' "$scratch/err" || wrong "two FILEs: $(cat "$scratch/err")"
"$program" blame -n many a >"$scratch/out" 2>"$scratch/err"
[ $? -eq 2 ] && grep -q -e '--worst=many' "$scratch/err" || wrong "-n many: $(cat "$scratch/err")"

mkfifo "$scratch/fifo"
: >"$scratch/nothing"
echo 'Dear list, my guest stutters.' >"$scratch/prose"
printf 'PERFILE2\001\002\003' >"$scratch/perf.data"
printf '\037\213\010' >"$scratch/packed"
head -c 100000 /dev/urandom >"$scratch/noise"
echo '   dd-900 [002] d.... 100.000005: sched_waking: comm=x pid=1 prio=120 target_cpu=001' >"$scratch/strangers"
refuse 'No such file' "$scratch/none"
refuse 'not a file' "$scratch"
refuse 'zcat FILE | vfiobench blame -' "$scratch/fifo"
refuse 'not a file' /dev/zero
refuse 'nothing in it is an event' "$scratch/nothing"
refuse 'nothing in it is an event' "$scratch/prose"
refuse 'nothing in it is an event' -
refuse 'perf script' "$scratch/perf.data"
refuse 'unpack it' "$scratch/packed"
refuse "$scratch/noise" "$scratch/noise"
refuse 'no guest thread in it' "$scratch/strangers"
echo '   IO iothread1-900 [002] d.... 100.000005: sched_waking: comm=x pid=1 prio=120 target_cpu=001' >"$scratch/no-vcpu"
refuse 'no guest in it: no thread in it is known to be a vCPU' "$scratch/no-vcpu"
refuse 'no guest in it: no thread in it is known to be a vCPU' --json "$scratch/no-vcpu"

# Without the program that reads.
mkdir "$scratch/bin"
cp "$program" "$scratch/bin"
"$scratch/bin/vfiobench" blame "$traces/preempted.dat" >"$scratch/out" 2>"$scratch/err"
[ $? -eq 2 ] || wrong "no reader: exit status"
grep -q 'there is no vfiobench-probe-trace beside vfiobench' "$scratch/err" ||
	[ -x /usr/local/libexec/vfiobench/vfiobench-probe-trace ] || wrong "no reader: $(cat "$scratch/err")"

# Two pieces put together: nobody recorded what lies between them.
cat >"$scratch/pieces" <<'END'
  CPU-79 [002] 100.000000: kvm_entry: vcpu 1
  CPU-79 [002] 100.000031: kvm_exit:  reason MSR_WRITE
  CPU-95 [000] 8400.000000: kvm_entry: vcpu 0
  CPU-95 [000] 8400.000005: kvm_exit:  reason MSR_WRITE
  CPU-95 [000] 8400.000006: kvm_entry: vcpu 0
END
accept "$scratch/pieces"
[ "$(grep -c 'vCPU [01]:.* not known 99.9 %, lost <\?0' "$scratch/out")" -eq 2 ] || wrong "pieces: $(cat "$scratch/out")"

for trace in "$traces"/preempted.*; do
	accept "$trace"
	cp "$scratch/out" "$scratch/named"
	awk 'length > 80 { bad = 1 } END { exit bad }' "$scratch/out" || wrong "$trace: wider than 80 columns"
	accept --json - <"$trace"
	cp "$scratch/out" "$scratch/read.json"
	accept --json "$trace"
	grep -v -e '_unix_ns"' -e '"duration_ns"' "$scratch/out" >"$scratch/a"
	grep -v -e '_unix_ns"' -e '"duration_ns"' "$scratch/read.json" >"$scratch/b"
	cmp -s "$scratch/a" "$scratch/b" || wrong "$trace: standard input is read as something else"
	"$program" report --format=text "$scratch/read.json" >/dev/null || wrong "$trace: its document cannot be read"
done

# A trace.dat that is cut off anywhere, and one of which a piece is something else.
dat=$traces/preempted.dat
size=$(wc -c <"$dat")
at=10
while [ $at -lt "$size" ]; do
	head -c $at "$dat" >"$scratch/cut.dat"
	refuse 'cut.dat: a trace.dat that is damaged or cut off' "$scratch/cut.dat"
	at=$((at * 5 / 4))
done
at=10
while [ $at -lt "$size" ]; do
	{
		head -c $at "$dat"
		printf '\377\001\200'
		tail -c +$((at + 4)) "$dat"
	} >"$scratch/odd.dat"
	timeout 60 "$program" blame --json "$scratch/odd.dat" >"$scratch/out" 2>"$scratch/err"
	status=$?
	case $status in
	0) [ ! -s "$scratch/err" ] || wrong "changed at $at: $(cat "$scratch/err")" ;;
	2) [ "$(wc -l <"$scratch/err")" -eq 1 ] || wrong "changed at $at: not one line: $(cat "$scratch/err")" ;;
	*) wrong "changed at $at: exit status $status" ;;
	esac
	at=$((at + 211))
done

# Names of strangers give the terminal no orders.
sed 's/CPU 0\/KVM/CPU 0\/\x1b[31m/; s/dd/d\x1b]0;x\x07d/' "$traces/preempted.ftrace.txt" >"$scratch/hostile.txt"
accept "$scratch/hostile.txt"
! grep -q "$(printf '\033')" "$scratch/out" || wrong "control bytes reach the terminal"

exit $bad

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The built-in guest under the real KVM: threads, pins, progress, ends, and what it says of trouble.
set -u

program=${VFIOBENCH_BUILD:?}/vfiobench-microguest
scratch=$(mktemp -d) || exit 1
pid=
trap '[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null; rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

if ! [ -r /dev/kvm ] || ! [ -w /dev/kvm ]; then
	echo "/dev/kvm is not there or not for us"
	exit 77
fi

fail()
{
	echo "failed: $*"
	sed 's,^,  stdout: ,' "$scratch/out"
	sed 's,^,  stderr: ,' "$scratch/err"
	exit 1
}

# start OPTION...: in the background, until it has said "ready"
start()
{
	: >"$scratch/out"
	"$program" "$@" >"$scratch/out" 2>"$scratch/err" &
	pid=$!
	wait_for grep -qx ready "$scratch/out" || fail "not ready: $*"
}

# wait_for COMMAND...: until it succeeds, at most 15 s
wait_for()
{
	tries=150
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}

# finish STATUS: of the program in the background
finish()
{
	wait "$pid"
	status=$?
	pid=
	[ $status -eq "$1" ] || fail "exit status $status instead of $1"
}

gone()
{
	! grep -q '^State:[[:space:]]*[^ZX]' "/proc/$1/status" 2>/dev/null
}

# thread NAME: its folder in /proc
thread()
{
	for task in /proc/"$pid"/task/*; do
		[ "$(cat "$task/comm")" != "$1" ] || echo "$task"
	done
}

# allowed FOLDER: its list of CPUs
allowed()
{
	sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' "$1/status"
}

# value KEY N: of the N-th vCPU in the last line of the output
value()
{
	sed -n '$s/.*"vcpus":\[\(.*\)\].*/\1/p' "$scratch/out" | tr '{' '\n' |
		sed -n "$(($2 + 2))s/.*\"$1\":\\([0-9]*\\).*/\\1/p"
}

ours=$(allowed /proc/$$)
# First and last CPU that we may use; one and the same on a machine with one.
first=${ours%%[,-]*}
last=${ours##*[,-]}

echo "one vCPU, pinned: name, pins, a JSON line on SIGTERM"
start --cpus "$last" --spin 1ms --halt 1ms
vcpu=$(thread "CPU 0/KVM")
[ -d "$vcpu" ] || fail "no thread CPU 0/KVM"
[ "$(allowed "$vcpu")" = "$last" ] || fail "vCPU allowed on $(allowed "$vcpu") instead of $last"
if [ "$first" != "$last" ]; then
	case ,$(allowed "/proc/$pid"), in
	*[,-]"$last",*) fail "the main thread stays on the guest's CPU" ;;
	esac
fi
kill -TERM "$pid"
finish 0
counts='"ticks":[0-9]*,"halts":[0-9]*,"spins":[0-9]*'
grep -q "^{\"vcpus\":\[{\"vcpu\":0,\"cpu\":$last,$counts,\"last_exit\":\"none\"}\],\"kvm\":\"ok\"}\$" \
	"$scratch/out" || fail "no JSON line"
[ "$(wc -l <"$scratch/out")" -eq 2 ] || fail "more than two lines"
[ ! -s "$scratch/err" ] || fail "messages"

if [ "$first" != "$last" ]; then
	echo "two vCPUs: both get on, SIGINT ends them"
	start --cpus "$first,$last" --spin 200us --halt 200us
	sleep 0.5
	kill -INT "$pid"
	finish 0
	for n in 0 1; do
		for key in ticks halts spins; do
			[ "$(value $key $n)" -ge 2 ] || fail "vCPU $n: $key is $(value $key $n)"
		done
	done
	[ "$(value cpu 1)" -eq "$last" ] || fail "vCPU 1 is not on CPU $last"
fi

echo "floating: allowed wherever we are"
start --cpus "$last" --floating
vcpu=$(thread "CPU 0/KVM")
[ "$(allowed "$vcpu")" = "$ours" ] || fail "vCPU allowed on $(allowed "$vcpu") instead of $ours"
kill -TERM "$pid"
finish 0
! grep -q '"cpu":' "$scratch/out" || fail "a CPU is named"

echo "a time limit ends it"
start --cpus "$last" --duration 300ms
finish 0
[ "$(value ticks 0)" -ge 1 ] || fail "no tick"

echo "without halting, without spinning"
start --cpus "$last" --halt 0us --duration 100ms
finish 0
[ "$(value halts 0)" -eq 0 ] && [ "$(value spins 0)" -ge 1 ] || fail "halted"
start --cpus "$last" --spin 0us --halt 500us --duration 100ms
finish 0
[ "$(value spins 0)" -eq 0 ] && [ "$(value ticks 0)" -ge 1 ] || fail "spun"

echo "it dies with its parent"
: >"$scratch/out"
sh -c '"$0" --cpus "$1" >"$2" 2>&1 & echo $! >"$3"; while :; do sleep 1; done' \
	"$program" "$last" "$scratch/out" "$scratch/child" &
parent=$!
wait_for grep -qx ready "$scratch/out" || { kill "$parent"; fail "not ready under a parent"; }
wait_for [ -s "$scratch/child" ]
pid=$(cat "$scratch/child")
! gone "$pid" || fail "it is gone already"
kill -KILL "$parent"
wait "$parent" 2>/dev/null
wait_for gone "$pid" || fail "it outlived its parent"
pid=

echo "a CPU that is not there: one line, status 2"
"$program" --cpus 8000 >"$scratch/out" 2>"$scratch/err"
[ $? -eq 2 ] || fail "accepted CPU 8000"
[ "$(wc -l <"$scratch/err")" -eq 1 ] && grep -q 'CPU 8000' "$scratch/err" || fail "unclear message"

echo "nowhere to write: one line, status 2"
"$program" --cpus "$last" --duration 100ms >/dev/full 2>"$scratch/err"
[ $? -eq 2 ] || fail "lost its output in silence"
grep -q 'standard output' "$scratch/err" || fail "unclear message"
echo passed

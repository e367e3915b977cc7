#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a guest sees from inside, under the real KVM: every metric is there, and nothing stays behind.
set -u

program=${VFIOBENCH_BUILD:?}/vfiobench-probe-exits
scratch=$(mktemp -d) || exit 1
pid=
pool=/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages
n_before=
clean_up()
{
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
	[ -z "$n_before" ] || echo "$n_before" >"$pool"
	rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

if ! [ -r /dev/kvm ] || ! [ -w /dev/kvm ]; then
	echo "/dev/kvm is not there or not for us"
	exit 77
fi
command -v jq >/dev/null || { echo "jq is not installed"; exit 77; }

fail()
{
	echo "failed: $*"
	jq -c '{status, reason, gaps, data: (.data | del(.metrics[]?.hist.buckets))}' "$scratch/out"
	sed 's,^,  stderr: ,' "$scratch/err"
	exit 1
}

# is FILTER...: what jq is to find true of the document
is()
{
	jq -e "$1" "$scratch/out" >/dev/null || fail "not so: $1"
}

# measure OPTION...
measure()
{
	"$program" "$@" >"$scratch/out" 2>"$scratch/err" || fail "exit status $?: $*"
}

ours=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status)
first=${ours%%[,-]*}
last=${ours##*[,-]}
singles='"gap","timer","hlt-wake","cpuid","port","port-user","mmio","mmio-user","msr"'

echo "one CPU: all that one vCPU can measure"
measure --cpus "$last" --rep-duration 2s --reps 1
is '.status == "partial" or .status == "ok"'
is ".data.cpus == \"$last\" and .data.n_vcpus == 1"
is "[$singles] - [.data.metrics[].id] == []"
is '[.data.metrics[] | select(.hist.n == 0 and .id != "gap")] == []'
is "[.data.metrics[] | select(.vcpu != 0 or .cpu != $last)] == []"
is '.data.metrics[] | select(.id == "gap") | .window_ns > 0 and .threshold_ns >= 500
	and (.hist.n == 0 or .hist.min_ns >= .threshold_ns)
	and .hist.sum_ns <= .window_ns'
is '.data.metrics[] | select(.id == "hlt-wake") | .hist.sum_ns > 0'
is '.data.metrics[] | select(.id == "timer") | .hist.sum_ns > 0'
is '[.data.metrics[] | select(.id == "cpuid") | .hist | .min_ns >= 10 and .sum_ns / .n < 10000000]
	== [true]'
is 'def least(id): .data.metrics[] | select(.id == id) | .hist.min_ns;
	least("port-user") > least("port") and least("mmio-user") > least("mmio")'
is '[.gaps[] | select(.error | startswith("ipi: needs two CPUs"))] | length == 1'
is '.data.tsc_khz > 100000'
is '.data.memory[] | select(.backing_kib == 4) | .load_ps > 0 and .n_loads >= 8192
	and .size_kib >= 32768'
if grep -qE '\[(always|madvise)\]' /sys/kernel/mm/transparent_hugepage/enabled; then
	is '.data.memory[] | select(.backing_kib == 2048) | .load_ps > 0'
fi
[ "$(jq '[.data.memory[].backing_kib] | contains([1048576])' "$scratch/out")" = true ] ||
	is '[.gaps[] | select(.error | startswith("1 GiB: "))] | length == 1'
# A hist of each is sound, its counts add up.
is '[.data.metrics[].hist | .n == ([.buckets[][1]] | add // 0)] | all'

echo "emulated guests are told, with the reason"
if ! grep -qwE 'vmx|svm' /proc/cpuinfo; then
	is '.data.is_emulated and (.data.why_emulated | contains("neither vmx nor svm"))'
elif grep -qw hypervisor /proc/cpuinfo; then
	is '.data.is_emulated and (.data.why_emulated | length > 0)'
else
	is '.data.is_emulated == false and (.data | has("why_emulated") | not)'
fi

if [ "$first" != "$last" ]; then
	is '.data.metrics[] | select(.id == "irqfd") | .hist.n > 0 and .hist.min_ns > 0'
	echo "two CPUs: interrupts between vCPUs, and each vCPU's own time"
	measure --cpus "$first,$last" --rep-duration 2s --reps 1
	is ".data.metrics[] | select(.id == \"ipi\") | .hist.n > 0 and .hist.min_ns > 0
		and .cpu == $first and .peer_cpu == $last"
	is '.data.n_vcpus == 2'
	for id in gap timer hlt-wake; do
		is "[.data.metrics[] | select(.id == \"$id\") | .cpu] == [$first, $last]"
	done
	is '[.data.metrics[] | select(.id == "irqfd")] | length == 1'
fi

if [ -w "$pool" ] && [ "$(cat "$pool")" -eq 0 ]; then
	n_before=0
	echo 1 >"$pool"
fi
if [ -n "$n_before" ] && [ "$(cat "$pool")" -eq 1 ]; then
	echo "a free page of 1 GiB is used, and is free again"
	measure --cpus "$last" --rep-duration 1s --reps 1
	is '.data.memory[] | select(.backing_kib == 1048576) | .load_ps > 0 and .size_kib <= 65536'
	[ "$(cat "${pool%nr_hugepages}free_hugepages")" -eq 1 ] || fail "the page of 1 GiB is not free"
else
	echo "no page of 1 GiB could be had for a try"
fi
[ -z "$n_before" ] || echo "$n_before" >"$pool"
n_before=

echo "nothing spins beside a guest"
measure --cpus "$last" --no-spin "$last" --rep-duration 1s --reps 1
is '.status == "skipped" and (.reason | contains("another guest"))'
measure --cpus "$last" --guest-pid $$ --rep-duration 1s --reps 1
is '.status == "skipped"'

echo "no CPU, and a CPU that is not there"
measure --rep-duration 1s --reps 1
is '.status == "failed" and (.reason | contains("--cpus"))'
measure --cpus 8000 --rep-duration 1s --reps 1
is '.status == "failed"'

echo "a signal ends it with what it has"
"$program" --cpus "$last" --rep-duration 60s --reps 1 >"$scratch/out" 2>"$scratch/err" &
pid=$!
sleep 2
kill -TERM "$pid"
wait "$pid" || fail "exit status $? after SIGTERM"
pid=
is '.reason == "interrupted" and .run.duration_ns < 30000000000'
is '.data.is_emulated != null'
is '[.gaps[] | select(.error == "cpuid: ended before")] | length == 1'

echo passed

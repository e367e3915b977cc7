#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Two busy vCPUs allowed on the same two CPUs, between which the scheduler moves nothing (as with
# isolcpus): both sit on one. Found with what they waited, and gone after the printed command.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

need_root
need_qemu
need_command jq taskset
need_two_cpus

groups=/sys/fs/cgroup/cpuset
[ -w $groups/cpuset.sched_load_balance ] || skip "no cpuset of the first kind of control groups"
cpus=$host_cpu,$guest_cpu

start_qemu vfiobench-live-pile -smp 2 || fail "$(cat "$scratch/vfiobench-live-pile.out")"
wait_busy "$guest_pid" 0
wait_busy "$guest_pid" 1

echo "balanced: nothing to say"
measure --guest "$guest_pid"
expect pin.pileup pass

echo "not balanced: both on CPU $guest_cpu"
mkdir $groups/vfiobench-live-pile || fail "cannot make a control group"
later "rmdir $groups/vfiobench-live-pile"
for file in cpuset.cpus cpuset.mems; do
	cat $groups/$file >$groups/vfiobench-live-pile/$file
done
find $groups -name cpuset.sched_load_balance >"$scratch/groups"
while read -r path; do
	[ "${path#"$groups"/vfiobench-live-pile}" != "$path" ] || remember "$path"
	set_value "$path" 0
done <"$scratch/groups"
for n in 0 1; do
	tid=$(vcpu_tid "$guest_pid" $n)
	set_value $groups/vfiobench-live-pile/tasks "$tid"
	later "echo $tid >$groups/tasks"
	taskset -pc "$guest_cpu" "$tid" && taskset -pc "$cpus" "$tid" || fail "taskset"
done >"$scratch/taskset"
measure_until pin.pileup problem --guest "$guest_pid"
# Where other programs keep the CPU busy, it would be no better place for a vCPU.
[ "$(finding pin.pileup .verdict)" = problem ] ||
	jq -e --argjson cpu "$host_cpu" '.probes.activity.data | .window_ns as $window |
		.busy_ns | all(.[0] != $cpu or .[1] < $window * 3 / 4)' \
		"$scratch/result/result.json" >/dev/null ||
	skip "other programs keep CPU $host_cpu busy all the time"
expect pin.pileup problem "CPU $guest_cpu.* ran [0-9.]+ .*waited [0-9.]+ "
[ "$(finding pin.pileup .confidence)" = measured ] || fail "not measured"

echo "the fix"
type_fix pin.pileup
for n in 0 1; do
	sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' "/proc/$guest_pid/task/$(vcpu_tid "$guest_pid" $n)/status"
done | sort -n | tr '\n' , | grep -qx "$cpus," || fail "the vCPUs are not on CPUs of their own"
measure --guest "$guest_pid"
expect pin.pileup pass
echo passed

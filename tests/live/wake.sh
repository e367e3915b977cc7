#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The wake probe on this machine: what it counts adds up, it stays where it belongs, it ends early
# when asked to and keeps what it has. No latency is judged.
set -u

probe=${VFIOBENCH_BUILD:?}/vfiobench-probe-wake
[ "$(id -u)" -eq 0 ] || { echo 'skipped: measuring needs root'; exit 77; }
command -v python3 >/dev/null || { echo 'skipped: no python3 to read the document'; exit 77; }
last=$(awk '/^cpu[0-9]/ { n = substr($1, 4) } END { print n }' /proc/stat)
[ "$last" -gt 0 ] || { echo 'skipped: one CPU only'; exit 77; }
first=0

dir=$(mktemp -d) || exit 1
tracefs=/sys/kernel/tracing
instance=
mounted=
pid=
hog=
clean_up()
{
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
	[ -z "$hog" ] || kill -KILL "$hog" 2>/dev/null
	[ -z "$instance" ] || rmdir "$instance"
	[ -z "$mounted" ] || umount "$tracefs"
	rm -rf "$dir"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

# look FILE: the rest of the python is on stdin; d is the document.
look()
{
	{
		echo 'import json, sys'
		echo "d = json.load(open('$1'))"
		echo 'data, units = d["data"], d["data"].get("units")'
		cat
	} >"$dir/look.py"
	python3 "$dir/look.py" || { cut -c1-2000 "$1"; exit 1; }
}

# All CPUs but the first, which is the main thread's.
"$probe" --cpus "1-$last" --reps 3 --rep-duration 500ms --interval 1ms >"$dir/doc" || exit 1
look "$dir/doc" <<EOF
assert d["status"] == "ok", d["gaps"]
assert len(units) == 3 * $last, len(units)
assert [(u["rep"], u["cpu"]) for u in units] == [(r, c) for r in range(3) for c in range(1, $last + 1)]
for u in units:
    h, c = u["hist"], u["hist_corrected"]
    assert u["n_expected"] == 500, u["n_expected"]
    assert h["n"] + u["missed"] == 500, (h["n"], u["missed"])
    assert sum(n for i, n in h["buckets"]) == h["n"] > 0
    assert c["n"] >= h["n"] and c["max_ns"] == h["max_ns"] and c["min_ns"] <= h["min_ns"]
    assert (c["n"] > h["n"]) == (h["max_ns"] > 1000000)
    assert 0 < u["cpu_time_ns"] < 500000000 and u["steal_ns"] % 10000000 == 0
assert data["policy"] == "fifo" and data["priority"] == 95
assert data["is_memory_locked"] and not data["is_dma_latency_held"]
EOF

# While it runs: threads, policies, the latency request; then an end on request.
for signal in INT TERM; do
	"$probe" --cpus "$last" --reps 9 --rep-duration 1s --no-cstates >"$dir/doc" &
	pid=$!
	sleep 1.6
	for task in /proc/$pid/task/*; do
		allowed=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' "$task/status")
		policy=$(awk '{ sub(/.*\) /, ""); print $39 }' "$task/stat")
		case ${task##*/}:$policy:$allowed in
		"$pid:0:$last" | "$pid:0:*-$last") echo "the main thread may run on CPU $last"; exit 1 ;;
		"$pid:0:"*) ;;
		*:1:"$last")
			measuring=${task##*/}
			[ "$(cat "$task/comm")" = vfiobench-wake ] || { echo "it is called $(cat "$task/comm")"; exit 1; }
			;;
		*) echo "unexpected thread ${task##*/}: policy $policy, CPUs $allowed"; exit 1 ;;
		esac
	done
	[ -n "${measuring:-}" ] || { echo 'no measuring thread'; exit 1; }
	readlink /proc/$pid/fd/* | grep -qx /dev/cpu_dma_latency ||
		{ echo 'the latency request is not held'; exit 1; }
	kill -$signal "$pid"
	wait "$pid" || { echo "exit status $? on SIG$signal"; exit 1; }
	pid=
	look "$dir/doc" <<-EOF
	assert d["status"] == "partial" and d["reason"] == "interrupted", d["reason"]
	assert data["is_dma_latency_held"] and data["n_reps"] == 9
	assert len(units) == 2, len(units)
	assert units[0]["n_expected"] == 1000 and units[1]["n_expected"] < 1000
	for u in units:
	    assert u["hist"]["n"] + u["missed"] == u["n_expected"] > 0
	EOF
done

# A CPU that is held by a stronger thread: periods are missed, and counted.
cat >"$dir/hog.py" <<EOF
import os, time
os.sched_setaffinity(0, {$last})
os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(97))
for i in range(12):
    time.sleep(0.06)
    end = time.monotonic() + 0.04
    while time.monotonic() < end:
        pass
EOF
python3 "$dir/hog.py" &
hog=$!
sleep 0.2
"$probe" --cpus "$last" --rep-duration 600ms >"$dir/doc" || exit 1
wait $hog
hog=
look "$dir/doc" <<EOF
u = units[0]
assert u["hist"]["n"] + u["missed"] == u["n_expected"] == 600
assert u["missed"] > 100, u["missed"]
assert u["hist"]["max_ns"] > 20000000, u["hist"]["max_ns"]
assert u["hist_corrected"]["n"] > u["hist"]["n"] + 100
EOF

# CPUs that are not there are named, and do not keep the others from being measured.
"$probe" --cpus "$last,8000" --rep-duration 50ms >"$dir/doc" || exit 1
look "$dir/doc" <<EOF
assert d["status"] == "partial" and [u["cpu"] for u in units] == [$last]
assert [g["error"] for g in d["gaps"]] == ["CPU 8000 is not online"]
EOF
"$probe" --cpus 8000 --rep-duration 50ms >"$dir/doc" || exit 1
look "$dir/doc" <<EOF
assert d["status"] == "failed" and d["reason"] and units is None
EOF
"$probe" >"$dir/doc" || exit 1
look "$dir/doc" <<EOF
assert d["status"] == "failed" and "--cpus" in d["reason"]
EOF

# Nothing of the probe but its measuring thread is ever switched to on the measured CPU, and the main
# thread does not wake up while a repetition lasts.
if ! [ -d "$tracefs/instances" ]; then
	mount -t tracefs nodev "$tracefs" 2>/dev/null || { echo 'skipped: no tracefs'; exit 77; }
	mounted=1
fi
mkdir "$tracefs/instances/vfiobench-test.$$" || { echo 'skipped: no tracing instance'; exit 77; }
instance=$tracefs/instances/vfiobench-test.$$
taskset -c "$first" "$probe" --cpus "$last" --rep-duration 3s >"$dir/doc" &
pid=$!
sleep 0.5
# shellcheck disable=SC2046 # numbers, one a word
set -- $(ls /proc/$pid/task)
[ $# -eq 2 ] && [ "$1" = "$pid" ] || { echo "threads $* of process $pid"; exit 1; }
echo "next_pid == $1 || next_pid == $2" >"$instance/events/sched/sched_switch/filter" || exit 1
echo 1 >"$instance/events/sched/sched_switch/enable"
# Times on a CPU: the third number of schedstat. The trace alone is no witness for how often: some
# kernels leave switches out of idle out.
read -r _ _ main_before <"/proc/$pid/task/$1/schedstat"
read -r _ _ before <"/proc/$pid/task/$2/schedstat"
sleep 2
read -r _ _ main_after <"/proc/$pid/task/$1/schedstat"
read -r _ _ after <"/proc/$pid/task/$2/schedstat"
echo 0 >"$instance/tracing_on"
wait "$pid" || exit 1
pid=
cat "$instance/trace" >"$dir/trace"
n=$((after - before))
[ "$n" -gt 1000 ] || { echo "only $n wake-ups of the measuring thread"; exit 1; }
[ "$main_after" -eq "$main_before" ] || { echo "the main thread woke up"; exit 1; }
if grep "next_pid=$1 " "$dir/trace"; then
	echo 'the main thread woke up while it was measured'
	exit 1
fi
grep "next_pid=$2 " "$dir/trace" | grep -v "\[0*$last\]" && { echo 'it left its CPU'; exit 1; }
echo 'ok'

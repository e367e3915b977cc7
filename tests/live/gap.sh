#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The gap probe on this machine: what it counts adds up, a burner that is known is found by name and
# size, it stays where it belongs, and nothing is left of it after a signal.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

need_root
need_command python3 jq
need_two_cpus
probe=${VFIOBENCH_BUILD:?}/vfiobench-probe-gap
cpu=$guest_cpu
doc=$scratch/doc

# look: the rest of the python is on stdin; d is the document.
look()
{
	{
		echo 'import json'
		echo "d = json.load(open('$doc'))"
		echo 'data, units = d["data"], d["data"].get("units")'
		cat
	} >"$scratch/look.py"
	python3 "$scratch/look.py" || { cut -c1-3000 "$doc"; exit 1; }
}

# What belongs to this process is gone: its instance.
no_instance()
{
	! ls -d /sys/kernel/tracing/instances/vfiobench."$1" 2>/dev/null
}

"$probe" --cpus "$cpu" --reps 2 --rep-duration 500ms 9>&- >"$doc" || fail "exit status $?"
case $(jq -r '.status + .reason' "$doc") in skipped*) skip "$(jq -r .reason "$doc")" ;; esac
look <<END
assert d["status"] in ("ok", "partial"), d
assert [(u["rep"], u["cpu"]) for u in units] == [(0, $cpu), (1, $cpu)]
assert 100 <= data["threshold_ns"] <= 1000 and data["policy"] == "other"
for u in units:
    h = u["hist"]
    assert u["window_ns"] > 490000000, u
    assert sum(n for i, n in h["buckets"]) == h["n"]
    assert h["n"] == 0 or h["min_ns"] >= data["threshold_ns"] - 1
    assert h["sum_ns"] <= u["window_ns"]
    assert 1000 < u["loop_ps"] < 1000000, u["loop_ps"]
if data["rung"] == "tracefs":
    for u in units:
        assert u["n_explained"] + u["n_unjoined"] <= u["hist"]["n"]
        assert u["explained_ns"] <= u["hist"]["sum_ns"] + u["hist"]["n"]
    # What the gaps were adds up to them, to the rounding of a ns each.
    joined = sum(c["total_ns"] for c in data["culprits"])
    total = sum(u["hist"]["sum_ns"] for u in units)
    n = sum(u["hist"]["n"] for u in units)
    if sum(u["n_unjoined"] for u in units) == 0:
        assert abs(joined - total) <= n, (joined, total, n)
w = [x["duration_ns"] for x in data["worst"]]
assert w == sorted(w, reverse=True)
assert len(w) == min(64, sum(u["hist"]["n"] for u in units))
assert w[0] == max(u["hist"]["max_ns"] for u in units) or n == 0
END
rung=$(jq -r .data.rung "$doc")

# A burner: 5 ms of each 100 ms, stronger than all ordinary threads. It writes how long it had.
cat >"$scratch/burner.py" <<END
import ctypes, os, signal, time
ctypes.CDLL(None).prctl(15, b"gap-burner", 0, 0, 0)
os.sched_setaffinity(0, {$cpu})
os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
while True:
    time.sleep(0.095)
    end = time.monotonic() + 0.005
    while time.monotonic() < end:
        pass
END
run_ns()
{
	cut -d ' ' -f 1 "/proc/$burner/schedstat"
}
if [ "$rung" = tracefs ]; then
	python3 "$scratch/burner.py" 9>&- &
	burner=$!
	later "end_process $burner"
	wait_for 10 has_run "$burner" "$burner" || fail 'the burner does not burn'
	for _ in 1 2 3 4 5 6; do
		before=$(run_ns)
		"$probe" --cpus "$cpu" --rep-duration 2s 9>&- >"$doc" || fail "exit status $?"
		# The probe takes longer than its repetition, the burner has it all.
		after=$(run_ns)
		look <<-END
		b = [c for c in data["culprits"] if c["name"] == "gap-burner"]
		assert len(b) == 1 and b[0]["class"] == "task", data["culprits"]
		n, total = b[0]["n"], b[0]["total_ns"]
		top = data["culprits"][0]
		print("task gap-burner: injected %d x 5 ms, found %d us; top culprit: %s %s, %d us" % (n,
		    total // 1000, top["class"], top["name"], top["total_ns"] // 1000))
		# One gap a burst; the last one may be cut off by the end of the window.
		assert 17 <= n <= 21 and abs(total - n * 5000000) <= n * 500000, b
		# What the kernel says that it had is more than lies in the window.
		assert total <= $after - $before
		open("$scratch/top", "w").write(top["name"])
		END
		[ "$(cat "$scratch/top")" != gap-burner ] || break
	done
	[ "$(cat "$scratch/top")" = gap-burner ] ||
		echo "note: something else was busier on CPU $cpu all the time: $(cat "$scratch/top")"
	end_process "$burner"
fi

# An end on request, at any moment: what was measured is kept, and no instance and no thread stays.
for signal in INT TERM HUP; do
	"$probe" --cpus "$cpu" --reps 9 --rep-duration 700ms 9>&- >"$doc" &
	pid=$!
	later "end_process $pid"
	sleep 1.6
	for task in /proc/$pid/task/*; do
		allowed=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' "$task/status")
		case ${task##*/}:$(cat "$task/comm"):$allowed in
		"$pid:"*":$cpu" | "$pid:"*"-$cpu") fail "the main thread may run on CPU $cpu" ;;
		"$pid:"*) ;;
		*":vfiobench-gap:$cpu") spinning=${task##*/} ;;
		*) fail "unexpected thread ${task##*/}: $(cat "$task/comm") on CPUs $allowed" ;;
		esac
	done
	[ "${spinning:-}" ] || fail 'no measuring thread'
	kill -$signal "$pid"
	wait "$pid" || fail "exit status $? on SIG$signal"
	no_instance "$pid" || fail "its instance is left behind after SIG$signal"
	look <<-END
	assert d["status"] == "partial" and d["reason"] == "interrupted", d["reason"]
	assert 1 <= len(units) <= 3 and data["rung"] == "$rung", (len(units), data["rung"])
	assert units[-1]["window_ns"] < 690000000 and "hist" in units[-1]
	END
done

# Nothing may spin where a guest runs; CPUs that are not there are named.
"$probe" --cpus "$cpu,8000" --no-spin "$cpu" --rep-duration 50ms 9>&- >"$doc" || fail "exit status $?"
look <<END
assert d["status"] == "failed" and units is None
assert any("nothing may spin" in g["error"] for g in d["gaps"]), d["gaps"]
assert any(g["error"] == "CPU 8000 is not online" for g in d["gaps"]), d["gaps"]
END
echo ok

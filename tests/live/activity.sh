#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The activity probe on this machine: its counts lie inside those of a window around it, threads that
# come and go are there, a guest that ends and an early end leave what was seen.
set -u

probe=${VFIOBENCH_BUILD:?}/vfiobench-probe-activity
command -v python3 >/dev/null || { echo 'skipped: no python3 to read the document'; exit 77; }
last=$(awk '/^cpu[0-9]/ { n = substr($1, 4) } END { print n }' /proc/stat)
[ "$last" -gt 0 ] || { echo 'skipped: one CPU only'; exit 77; }

dir=$(mktemp -d) || exit 1
pid=
guest=
pool=/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages
pages=
clean_up()
{
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
	[ -z "$guest" ] || kill -KILL "$guest" 2>/dev/null
	[ -z "$pages" ] || echo "$pages" >$pool
	rm -rf "$dir"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

# look: the rest of the python is on stdin; d is the document.
look()
{
	{
		echo 'import json, re'
		echo "d = json.load(open('$dir/doc'))"
		echo 'data, gaps = d["data"], [g["field"] for g in d["gaps"]]'
		cat
	} >"$dir/look.py"
	python3 "$dir/look.py" || { cut -c1-3000 "$dir/doc"; exit 1; }
}

# A process that stands for a guest: one thread ends after 1.5 s, one begins then and spins.
cat >"$dir/guest.py" <<'EOF'
import threading, time
def spin():
    while True:
        pass
ends = threading.Thread(target=time.sleep, args=(1.5,))
ends.start()
print("ready", flush=True)
ends.join()
threading.Thread(target=spin, daemon=True).start()
time.sleep(60)
EOF

start_guest()
{
	: >"$dir/ready"
	python3 "$dir/guest.py" >"$dir/ready" &
	guest=$!
	tries=100
	until grep -q ready "$dir/ready"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || { echo 'no process to look at'; exit 1; }
		sleep 0.05
	done
}

end_guest()
{
	kill -KILL "$guest"
	wait "$guest" 2>/dev/null
	guest=
}

switches()
{
	awk '/^voluntary_ctxt/ { print $2 }' "/proc/$1/status"
}

# A window around the probe's: everything it counts was counted here, too.
start_guest
cat /proc/interrupts >"$dir/irq-before"
"$probe" --guest-pid $guest --cpus "1-$last" --rep-duration 2s --reps 2 >"$dir/doc" &
pid=$!
sleep 0.5
woken=$(switches $pid)
allowed=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/$pid/status)
[ "$allowed" = 0 ] || { echo "the probe may run on CPUs $allowed"; exit 1; }
if [ -w $pool ]; then
	pages=$(cat $pool)
	echo $((pages + 3)) >$pool
fi
sleep 3
woken=$(($(switches $pid) - woken))
[ $woken -le 6 ] || { echo "$woken wake-ups in 3 s"; exit 1; }
wait $pid || exit 1
pid=
cat /proc/interrupts >"$dir/irq-after"
cat /proc/$guest/schedstat >"$dir/main-schedstat"
if [ -n "$pages" ]; then
	added=$(($(cat $pool) - pages))
	echo "$pages" >$pool
	pages=
fi
look <<EOF
assert d["status"] == "ok", d["gaps"]
assert 4000000000 <= data["window_ns"] < 5500000000 and data["n_samples"] == 5

def counts(path):
    lines = open(path).read().splitlines()
    cpus = [int(c[3:]) for c in lines[0].split()]
    return {l.split(":")[0].strip(): dict(zip(cpus, map(int, (l.split(":")[1].split() + ["0"] * len(cpus))[:len(cpus)])))
            for l in lines[1:] if len(l.split(":")[1].split()) >= len(cpus)}
before, after = counts("$dir/irq-before"), counts("$dir/irq-after")
assert data["irqs"] and data["softirqs"]
for l in data["irqs"]:
    for cpu, n in l["counts"]:
        assert 0 < n <= after[l["label"]][cpu] - before[l["label"]][cpu], (l, cpu, n)
def by_line(lines):
    counts = {}
    for l in lines:
        for cpu, n in l["counts"]:
            key = l["irq"], cpu
            counts[key] = counts.get(key, 0) + n
    return counts
units = data["units"]
assert [u["rep"] for u in units] == [0, 1]
assert sum(u["window_ns"] for u in units) == data["window_ns"]
assert by_line(sum([u["irqs"] for u in units], [])) == by_line([l for l in data["irqs"] if "irq" in l])
timer = {l["label"]: dict(map(tuple, l["counts"])) for l in data["irqs"]}["LOC"]
assert len(timer) == $last + 1, timer

for kind in "busy_ns", "steal_ns":
    for cpu, ns in data[kind]:
        assert 0 <= cpu <= $last and 0 < ns < data["window_ns"] + 1000000000 and ns % 1000000 == 0
assert sum(ns for cpu, ns in data["busy_ns"]) > 1000000000, "somebody has spun for 2 s"

main, ends, spins = data["threads"]
assert main["tid"] == $guest and main["role"] == "emulator"
for t in main, ends, spins:
    assert t["comm"] == "python3" and t["seen_on"], t
assert sum(n for c, n in main["seen_on"]) == 5
assert sum(n for c, n in ends["seen_on"]) == 2 and ends["run_ns"] < 1000000000
assert sum(n for c, n in spins["seen_on"]) == 3
assert spins["run_ns"] + spins["delay_ns"] > 1500000000, spins
assert spins["run_ns"] <= data["window_ns"]
if "${added:-0}" != "0":
    pool = [p for p in data["pools"] if p["page_kib"] == 2048][0]
    assert pool["n_free_after"] - pool["n_free_before"] == ${added:-0}, pool
    assert pool["n_free_min"] == pool["n_free_before"], pool
assert data["aio_nr_max"] >= max(data["aio_nr_before"], data["aio_nr_after"])
assert "compact_stalls" in data and "thp_fault_fallbacks" in data
EOF
end_guest

# Asked to end.
start_guest
"$probe" --guest-pid $guest --rep-duration 30s >"$dir/doc" &
pid=$!
sleep 1.3
kill -TERM $pid
wait $pid || exit 1
pid=
look <<EOF
assert [u["rep"] for u in data["units"]] == [0]
assert d["status"] == "partial" and d["reason"] == "interrupted" and gaps == ["activity.window_ns"]
assert 1000000000 < data["window_ns"] < 5000000000 and data["n_samples"] == 3
assert data["threads"][0]["tid"] == $guest and data["irqs"]
EOF

# The guest ends, and the window with it: what was seen until then stays.
"$probe" --guest-pid $guest --rep-duration 30s >"$dir/doc" &
pid=$!
sleep 2.4
end_guest
wait $pid || exit 1
pid=
look <<EOF
assert d["status"] == "partial" and re.fullmatch("the guest ended after [0-9]+ s", d["reason"]), d["reason"]
assert 2000000000 < data["window_ns"] < 6000000000, data["window_ns"]
assert data["threads"] and data["threads"][0]["role"] == "emulator" and data["irqs"]
EOF

# No guest at all: nothing to look at is no gap; one that is not there is.
"$probe" --rep-duration 100ms >"$dir/doc" || exit 1
look <<EOF
assert d["status"] == "ok" and "threads" not in data and data["n_samples"] == 2
EOF
"$probe" --guest-pid 2147483646 --rep-duration 100ms >"$dir/doc" || exit 1
look <<EOF
assert d["status"] == "failed" and "2147483646" in d["reason"]
EOF
echo 'ok'

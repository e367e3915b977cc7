#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The tsc probe on this machine: shape, what the kernel says of the same counter, another clocksource,
# CPUs that must not be spun on, an early end. No cost is judged.
set -u

probe=${VFIOBENCH_BUILD:?}/vfiobench-probe-tsc
[ "$(uname -m)" = x86_64 ] || { echo 'skipped: only x86 has a TSC'; exit 77; }
command -v python3 >/dev/null || { echo 'skipped: no python3 to read the document'; exit 77; }
last=$(awk '/^cpu[0-9]/ { n = substr($1, 4) } END { print n }' /proc/stat)
[ "$last" -gt 0 ] || { echo 'skipped: one CPU only'; exit 77; }
sources=/sys/devices/system/clocksource/clocksource0

dir=$(mktemp -d) || exit 1
pid=
used=
clean_up()
{
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
	[ -z "$used" ] || echo "$used" >$sources/current_clocksource
	rm -rf "$dir"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

# look: the rest of the python is on stdin; d is the document.
look()
{
	{
		echo 'import json, os, re'
		echo "d = json.load(open('$dir/doc'))"
		echo 'data = d["data"]'
		cat
	} >"$dir/look.py"
	python3 "$dir/look.py" || { cut -c1-3000 "$dir/doc"; exit 1; }
}

"$probe" --cpus "0-$last" --rep-duration 1s --reps 2 >"$dir/doc" || exit 1
look <<EOF
assert d["status"] == "ok", d["gaps"]
assert 2000000000 <= data["window_ns"] < 4000000000, data["window_ns"]
assert data["rate_error_ppb"] <= 5000, data["rate_error_ppb"]
assert [c["cpu"] for c in data["costs"]] == list(range($last + 1))
for c in data["costs"]:
    assert c["clocksource"] == open("$sources/current_clocksource").read().strip()
    assert c["n_per_value"] in (8, 64) and c["hist"]["n"] >= 1000 and c["hist"]["min_ns"] > 0
assert [(o["cpu_a"], o["cpu_b"]) for o in data["orders"]] == [(0, c) for c in range(1, $last + 1)]
for o in data["orders"]:
    assert o["n_turns"] > 100 and (o["n_backward"] > 0) == (o["max_backward_ns"] > 0), o
# What the kernel has found out about the same counter.
log = os.popen("dmesg 2>/dev/null").read()
said = re.findall(r"tsc: (?:Refined TSC clocksource calibration|Detected):? ?([0-9.]+) MHz", log)
if said:
    khz = float(said[-1]) * 1000
    assert abs(data["rate_hz"] / 1000 - khz) < khz * 500e-6, (data["rate_hz"], said)
if data["costs"][0]["clocksource"] == "tsc":
    assert abs(data["drift_ppb"]) <= 5000, data["drift_ppb"]
EOF
first_hz=$(sed -n 's/.*"rate_hz":\([0-9]*\).*/\1/p' "$dir/doc")

# A guest runs on the last CPU: no thread goes there, and the rate is known all the same.
"$probe" --cpus "0-$last" --no-spin "$last" --rep-duration 100ms >"$dir/doc" || exit 1
look <<EOF
assert d["status"] == "partial"
assert [c["cpu"] for c in data["costs"]] == list(range($last))
assert [(o["cpu_a"], o["cpu_b"]) for o in data["orders"]] == [(0, c) for c in range(1, $last)]
assert [g["field"] for g in d["gaps"]] == ["tsc.costs", "tsc.orders"]
assert all("$last" in g["error"] for g in d["gaps"])
assert data["window_ns"] >= 1000000000 and data["rate_error_ppb"] <= 5000
assert abs(data["rate_hz"] - $first_hz) < $first_hz * 5e-6
EOF
"$probe" --cpus "$last" --no-spin "0-$last" >"$dir/doc" &
pid=$!
sleep 0.5
[ "$(ls /proc/$pid/task)" = "$pid" ] || { echo 'it has threads although nothing may spin'; exit 1; }
allowed=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/$pid/status)
[ "$allowed" != "$last" ] || { echo "the main thread is on CPU $last"; exit 1; }
kill -TERM $pid
wait $pid || exit 1
pid=
look <<EOF
assert d["status"] == "partial" and d["reason"] == "interrupted"
assert 0 < data["window_ns"] < 4000000000 and data["rate_hz"] > 0
assert data["costs"] == [] and data["orders"] == []
EOF

# Another clocksource: it is named, and the rate is taken against a clock of its own.
used=$(cat $sources/current_clocksource)
for other in $(cat $sources/available_clocksource); do
	[ "$other" != "$used" ] && echo "$other" >$sources/current_clocksource 2>/dev/null || continue
	"$probe" --cpus 0 --rep-duration 1s >"$dir/doc" || exit 1
	echo "$used" >$sources/current_clocksource
	look <<-EOF
	assert d["status"] == "ok", d["gaps"]
	assert [c["clocksource"] for c in data["costs"]] == ["$other"]
	assert data["rate_error_ppb"] <= 5000 and data["orders"] == []
	assert abs(data["rate_hz"] - $first_hz) < $first_hz * 500e-6, data["rate_hz"]
	EOF
done
used=
echo 'ok'

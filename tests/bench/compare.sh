#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# How long comparing takes: two results of ten repetitions, two baselines of 600 metrics that are as
# costly as may be, and a fleet of 200 hosts, beside jq, which reads the same files and throws them away. They take turns in one run, so that a busy machine
# troubles both; the best of the turns is told, and the processor time, which others trouble less.
# Arguments: BUILD [RESULT]; without RESULT one is measured: 'run --guest builtin', 20 s.
# Exit status 1: a target missed.
set -u
build=${1:?build folder} source=$(cd "$(dirname "$0")/../.." && pwd)
. "$source/tests/lib/fleet.sh"
for tool in jq python3; do
	command -v $tool >/dev/null || { echo "$tool is needed"; exit 77; }
done
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
program=$build/vfiobench
result=${2:-$scratch/real/result.json}
[ $# -gt 1 ] || "$program" run --guest builtin --reps 10 --rep-duration 1s -q -o "$scratch/real" \
	>/dev/null || exit 1
make_fleet "$result" 200 "$scratch/fleet" || exit 1
echo "one result: $(wc -c <"$result") bytes"

# race TURNS TARGET_S OURS -- PEER: both in turns
race()
{
	python3 - "$@" <<'END'
import os, subprocess, sys, time

turns, target, rest = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
at = rest.index("--")

def run(command):
    start, before = time.monotonic(), os.times()
    status = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
    after = os.times()
    used = after.children_user - before.children_user + after.children_system - before.children_system
    return time.monotonic() - start, used, status

both = [(command, []) for command in (rest[:at], rest[at + 1:])]
for _ in range(turns):
    for command, times in both:
        times.append(run(command))
ours, peer = ([min(t[i] for t in times) for i in range(2)] for _, times in both)
failed = [t[2] for _, times in both for t in times if t[2]]
if failed:
    sys.exit("exit status %d" % failed[0])
print("  vfiobench %.3f s (%.3f s of processor time); jq %.3f s (%.3f s): %.2f of its time" %
      (ours[0], ours[1], peer[0], peer[1], ours[0] / peer[0]))
print("  target %.1f s: %s" % (target, "met" if ours[0] < target else "MISSED"))
sys.exit(ours[0] >= target)
END
}

bad=0
echo "compare of two results:"
race 15 0.1 "$program" compare "$scratch/fleet/host-001.json" "$scratch/fleet/host-002.json" -- \
	jq . "$scratch/fleet/host-001.json" "$scratch/fleet/host-002.json" || bad=1
# costly_pair DIR: 600 vCPUs of 200 repetitions each, many of them alike and no count of all choices
# possible; each rose by a fifth, so that no draw ends early.
costly_pair()
{
	python3 - "$1" "$source"/baselines/nested-vm-*.json <<'END'
import json, random, sys

random.seed(1)
for side, least in ("before", 100), ("after", 120):
    baseline = json.load(open(sys.argv[2]))
    session = baseline["sessions"][-1]
    session["started_unix_ns"] += least
    session["metrics"] = [m for m in session["metrics"] if "/" not in m["id"]]
    session["metrics"] += [
        {"id": "wake.p99/cpu%u" % cpu,
         "values": [[i, 1000 * (least + random.randrange(40))] for i in range(200)]}
        for cpu in range(600)]
    baseline["sessions"] = [session]
    json.dump(baseline, open("%s/%s.json" % (sys.argv[1], side), "w"))
END
}

costly_pair "$scratch" || exit 1
echo "compare of two costly baselines:"
race 3 5 "$program" compare "$scratch/before.json" "$scratch/after.json" -- \
	jq . "$scratch/before.json" "$scratch/after.json" || bad=1
echo "compare --fleet of 200 hosts:"
race 5 2 "$program" compare --fleet "$scratch/fleet" -- jq . "$scratch"/fleet/*.json || bad=1
exit $bad

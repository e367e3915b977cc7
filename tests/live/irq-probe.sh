#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The irq probe on this machine: it asks each interrupt whether it can be moved and moves none.
set -u

probe=${VFIOBENCH_BUILD:?}/vfiobench-probe-irq
[ "$(id -u)" -eq 0 ] || { echo 'skipped: only root may ask whether an interrupt can be moved'; exit 77; }
command -v python3 >/dev/null || { echo 'skipped: no python3 to read the document'; exit 77; }

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# Requested affinity; the effective one follows by itself when a CPU goes offline or comes back.
affinities()
{
	for file in /proc/irq/*/smp_affinity /proc/irq/default_smp_affinity; do
		echo "$file $(cat "$file" 2>/dev/null)"
	done
}

affinities >"$dir/before"
"$probe" >"$dir/doc" || { echo 'the probe failed'; exit 1; }
affinities >"$dir/after"
cmp "$dir/before" "$dir/after" || { echo 'an affinity has changed'; exit 1; }

python3 - "$dir/doc" <<'EOF'
import json, os, sys

doc = json.load(open(sys.argv[1]))
lines = [l for l in doc["data"]["lines"] if "irq" in l]
assert doc["status"] == "ok", doc["gaps"]
assert lines, "no numbered interrupts"
for l in lines:
    assert "is_movable" in l and "affinity" in l, l
    # Kernels that know how to say it take away the right to write.
    mode = os.stat("/proc/irq/%d/smp_affinity" % l["irq"]).st_mode & 0o200
    assert mode or not l["is_movable"], l
movable = [l["irq"] for l in lines if l["is_movable"]]
assert movable, "not one interrupt can be moved"
# Writing back what it is set to, as the kernel would have to take it of one that can be moved.
for l in lines:
    path = "/proc/irq/%d/smp_affinity_list" % l["irq"]
    old = open(path).read()
    try:
        with open(path, "w") as f:
            f.write(old)
        took = True
    except OSError:
        took = False
    assert took == l["is_movable"], (l["irq"], took)
print("%d of %d interrupts can be moved" % (len(movable), len(lines)))
EOF

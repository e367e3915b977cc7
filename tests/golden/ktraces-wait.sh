#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Published traces in which a worker that is to wake a vCPU waits for its own CPU: who is blamed for
# that, and for how long, against the wait that the kernel itself measured (sched_stat_wait).
set -u
shared=${VFIOBENCH_SHARED:-${VFIOBENCH_SOURCE:?}/../shared}
trace=$shared/cases/ktraces/48-s390-eevdf-vhost-kworker-576.txt

if [ ! -r "$trace" ]; then
	echo "skipped: no published trace $trace (set VFIOBENCH_SHARED to the folder above cases)"
	exit 77
fi
command -v jq >/dev/null || { echo 'skipped: jq is not installed'; exit 77; }

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

"${VFIOBENCH_BUILD:?}/vfiobench-probe-trace" --recording "$trace" >"$work/doc" || exit 1
kernel=$(sed -n 's/.*sched_stat_wait: comm=kworker.* delay=\([0-9]\{6,\}\) .*/\1/p' "$trace")
jq -r '.data | .rung, (.vcpus[] | select(.vcpu == 0) | .culprits |
	map(select(.via == "kworker/14:*")) | .[0].name, (map(.total_ns) | add))' "$work/doc" >"$work/found"
{
	read -r rung
	read -r name
	read -r ours
} <"$work/found"
[ "$rung" = recording ] || { echo "rung $rung"; exit 1; }
[ "$name" = vhost-2920 ] || { echo "the culprit is $name, not vhost-2920"; exit 1; }
# Times of the trace have steps of 1 us.
difference=$((ours - kernel))
if [ "$difference" -lt -3000 ] || [ "$difference" -gt 3000 ]; then
	echo "the worker waited for $kernel ns as the kernel has it, $ours ns as we have it"
	exit 1
fi
echo "the kernel's own wait $kernel ns, ours $ours ns, behind $name"

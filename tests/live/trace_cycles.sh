#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A hundred tracing instances one after the other leave no instance, descriptor, thread or memory.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

[ "$(id -u)" -eq 0 ] || { echo "skipped: needs root"; exit 77; }
[ -d /sys/kernel/tracing/instances ] || { echo "skipped: tracefs is not mounted"; exit 77; }
VFIOBENCH_CYCLES=100 "${VFIOBENCH_BUILD:?}/tests/test_trace_live" >"$scratch/said" 2>&1 || {
	cat "$scratch/said"
	exit 1
}
grep 'times, set-up' "$scratch/said"
grep -q '^101 times' "$scratch/said" || { echo "failed: not a hundred"; exit 1; }

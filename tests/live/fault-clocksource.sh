#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Another clocksource than the TSC: found, with its cost measured, and gone after the printed command.
set -u
. "${VFIOBENCH_SOURCE:?}/tests/lib/live.sh"

need_root
need_command jq
need_two_cpus

folder=/sys/devices/system/clocksource/clocksource0
other=$(tr ' ' '\n' <$folder/available_clocksource | grep -vx tsc | head -n 1)
grep -qw tsc $folder/available_clocksource || skip "the kernel offers no TSC"
[ "$other" ] || skip "the kernel offers only the TSC"

remember $folder/current_clocksource
set_value $folder/current_clocksource tsc
audit
expect clocksource.tsc pass 'is tsc'

echo "$other instead"
set_value $folder/current_clocksource "$other"
measure --guest none --cpus "$guest_cpu" --reps 1
expect clocksource.tsc "problem advice" "is $other although tsc is offered; .*costs [0-9]+ ns"

echo "the fix"
type_fix clocksource.tsc
[ "$(cat $folder/current_clocksource)" = tsc ] || fail "it is still $(cat $folder/current_clocksource)"
audit
expect clocksource.tsc pass 'is tsc'
echo passed

# SPDX-License-Identifier: GPL-2.0-or-later
# check_trace.jq - a document of the trace probe: do the states of each vCPU add up to its window,
# and how much of the time that it lost has a name. One line per vCPU; those that begin with "bad"
# break a promise: 0.1 % and 98 %.

def sum: map(. // 0) | add // 0;
def lost_time: [.exit_ns, .host_irq_ns, .softirq_ns, .preempted_ns, .waiting_ns, .qemu_ns, .stopped_ns,
	.residue_ns, .blocked_ns] | sum;
def percent: . * 10000 | round / 100;

.data.vcpus[]
| (.states | to_entries | map(.value) | sum) as $states
| (.states | lost_time) as $lost
# Where exits are not recorded QEMU's time is part of "running", which is not lost.
| (.states.qemu_ns == null) as $plain
| ([.culprits[] | select(.via == null and ($plain and .class == "io" | not))
	| select(.name != "other" and .name != "not recorded" and .name != "unnamed").total_ns] | sum) as $named
| ((.window_ns - $states) | fabs) as $gap
| (if $lost == 0 then 1 else $named / $lost end) as $share
| (if $gap > .window_ns / 1000 or $share < 0.98 or $share > 1.02 then "bad: " else "" end)
	+ "vCPU \(.vcpu): states are \($states / .window_ns | percent) % of the window, "
	+ "\($share | percent) % of \($lost / 1000 | round) us lost have a name, "
	+ "\(.states.lost_ns // 0) ns not recorded, \(.states.unknown_ns // 0) ns unknown"

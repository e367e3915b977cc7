# SPDX-License-Identifier: GPL-2.0-or-later
# alien.jq - of a findings document the CPUs that problems and advice name and that are not in the
# list $online: "ID: LIST: TEXT", a line each. Of sentences the list behind "CPU", "CPUs", "on" or
# "uses"; of commands what goes to affinities, masks and kernel arguments.

def digit: if . >= 97 then . - 87 else . - 48 end;

# "0-2,5" -> [0, 1, 2, 5]
def from_list:
	[split(",")[] | select(. != "") | split("-") | map(tonumber) | range(.[0]; .[-1] + 1)];

# "ffff,00000001" -> [0, 32, …]
def from_mask:
	[[splits(",")] | reverse | to_entries[] | .key as $word |
		.value | explode | reverse | to_entries[] | .key as $place | (.value | digit) as $bits |
		range(4) | select(($bits / pow(2; .) | floor) % 2 == 1) | . + 4 * $place + 32 * $word];

# LIST starts with a digit and does not end in "," or "-".
def lists:
	match("(?:\\bCPUs? |\\bon (?=[-0-9,]+(?:[.:;]|,? *$| of the guest))|\\buses |--cpus |taskset -pc |AllowedCPUs=|CPULIST=|_cpumask=|cpuset='|" +
		"\\b(?:isolcpus|nohz_full|rcu_nocbs|irqaffinity|kthread_cpus)=(?:[a-z_]+,)*|" +
		"\\becho (?=[-0-9,]+ \\| sudo tee [^ ]*_list))([0-9]+(?:[-,][0-9]+)*)(?![0-9.]*[0-9a-zA-Z:/])"; "g") |
	.captures[0].string;

# "for c in 4 5 6;"
def loops:
	match("\\bfor c in ([0-9]+(?: [0-9]+)*);"; "g") | .captures[0].string | gsub(" "; ",");

def masks:
	match("\\becho ([0-9a-f]+(?:,[0-9a-f]+)*) \\| sudo tee [^ ]*(?:cpumask|_cpus|smp_affinity)(?![_a-z])"; "g") |
	.captures[0].string;

($online | from_list) as $known |
.findings[] | select(.verdict == "problem" or .verdict == "advice") | .id as $id |
	(.summary, .evidence[], (.fix // {} | .now, .persist)) | strings | . as $text |
	((lists, loops | [., from_list - $known]), (masks | [., from_mask - $known])) |
	select(.[1] != []) | "\($id): \(.[0]) has \(.[1][:8]): \($text)"

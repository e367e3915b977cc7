# SPDX-License-Identifier: GPL-2.0-or-later
# widen.jq - a result of a large machine, from one of any machine: jq -f widen.jq --argjson o '{…}' RESULT.
# Each member of $o may be absent:
#	cpus    online (64), two threads to a core; the last quarter is the guest's
#	irqs    lines, each with a count on every CPU (1000)
#	reps    of the timed probes, on every guest CPU (10)
#	tasks   more of them (200)
# What was measured on one CPU is on each, with numbers that differ a little.

({ cpus: 64, irqs: 1000, reps: 10, tasks: 200 } + $o) as $o
| ($o.cpus - ($o.cpus / 4 | floor)) as $first
| "\($first)-\($o.cpus - 1)" as $guest
| "0-\($o.cpus - 1)" as $all
| [range($first; $o.cpus)] as $guests

| def vary($i): . + ((. * ($i % 7) / 100) | floor);
  # Each bucket a little further up, other ones for each: the histograms have nothing in common.
  def hist_vary($i): if . then .buckets |= map([.[0] + ($i % 5), .[1]]) | .max_ns |= vary($i) else empty end;
  def units: . as $units
	| if (. | length) == 0 then . else
	  [range($o.reps) as $rep | $guests[] as $cpu
	   | ($rep * 31 + $cpu) as $i
	   | $units[$i % ($units | length)]
	   | .rep = $rep | .cpu = $cpu
	   | if .hist then .hist |= hist_vary($i) else . end
	   | if .hist_corrected then .hist_corrected |= hist_vary($i) else . end]
	  end;
  def timed: if .data then .data |= ((if .units then .units |= units else . end)
	| .cpus = $guest | .n_reps = $o.reps) else . end;
  def counts($i): [range($o.cpus) as $c | [$c, ($i * 7919 + $c * 104729) % 100003 + 1]];
  def line($i): { "label": "\(1000 + $i)", irq: (1000 + $i), chip: "IR-PCI-MSIX-0000:41:00.0", hwirq: "\($i)-edge",
	actions: "nvme\($i / 64 | floor)q\($i % 64)", counts: counts($i),
	n_total: (counts($i) | map(.[1]) | add), affinity: "\($i % $o.cpus)", effective: "\($i % $o.cpus)",
	is_movable: ($i % 3 == 0) };

  .cpus = { guest: $guest, host: "0-\($first - 1)", measured: $guest, source: "option" }
| .host.n_cpus = $o.cpus
| .guest.n_vcpus = ($guests | length)
| (.probes.cpu.data // empty) |= (.online = $all | .present = $all | .n_threads = $o.cpus
	| .n_cores = ($o.cpus / 2 | floor) | .is_smt_active = true
	| .cores = [range($o.cpus / 2) | { package: 0, cpus: "\(. * 2)-\(. * 2 + 1)", l3: (. / 4 | floor), node: 0 }]
	| .l3s = [range($o.cpus / 8) | { cpus: "\(. * 8)-\(. * 8 + 7)", size_kib: 32768 }]
	| .nodes = [{ node: 0, cpus: $all, memory_kib: 67108864 }])
| (.probes.irq.data // empty) |= (.cpus = $all | .lines += [range($o.irqs) | line(.)])
| (.probes.activity.data // empty) |= (.irqs += [range($o.irqs) | line(.) | { "label": .label, irq, actions, counts }]
	| .softirqs |= (to_entries | map(.key as $i | .value | .counts = counts($i)))
	| .steal_ns = [range($o.cpus) | [., . * 1000]] | .busy_ns = [range($o.cpus) | [., . * 1000000]])
| (.probes.sched.data.tasks // empty) |= (. + [range($o.tasks)
	| { comm: "worker-\(.)", is_kernel: (. % 2 == 0), is_movable: true, affinity: $all, policy: "other",
	    rt_priority: 0, n_threads: 1, ids: ["\(100000 + .)"], cpu_ms: . }])
| (.probes.wake, .probes.wake_bare, .probes.gap) |= (if . then timed else empty end)
| (.probes.trace.data // empty) |= (.vcpus as $vcpus
	| .vcpus = [$guests | to_entries[] | .key as $i | .value as $cpu | $vcpus[$i % ($vcpus | length)]
		| .vcpu = $i | .tid += $i * 10 | .name = "CPU \($i)/KVM" | .cpus = "\($cpu)"
		| .worst |= map(.at_ns |= vary($i) | .cpu = $cpu)]
	| .cpus as $cpus | .cpus = [$guests[] as $cpu | $cpus[0] | .cpu = $cpu])
| (.probes.activity.data.threads // empty) |= (map(select(.role != "vcpu")) + [$guests | to_entries[]
	| { tid: (14743 + .key * 10), comm: "CPU \(.key)/KVM", role: "vcpu", run_ns: 5942042804, delay_ns: 141767711,
	    n_voluntary: 2920, n_involuntary: 6042, seen_on: [[.value, 13]] }])

# SPDX-License-Identifier: GPL-2.0-or-later
# result.jq - a result made up: jq -n -f result.jq --argjson o '{…}'; each member of $o may be absent.
#	session   number: when it began, and how it differs from others by a little (1)
#	permille  all latencies times this (1000)
#	spread    of the repetitions, permille (20)
#	reps      (10)         samples   per repetition, at 1 kHz (20000)
#	cpu       its model    label     what it was called
#	clock     the clock source ("tsc")

# index(v) of core/hist.h, for values from 256 on
def bucket: . as $v | ($v | log2 | floor) as $e | ($e - 7) * 128 + ($v / pow(2; $e - 7) | floor);

def document($probe; $data):
	{ format: "vfiobench-probe", version: 1, probe: $probe, status: "ok", reason: "", data: $data,
	  gaps: [], run: { started_unix_ns: 0, duration_ns: 1 } };

# Of 1000 wake-ups 970 are at 20 us, 27 at 60 us and three at 80 us.
def histogram($scale; $n):
	[[20000, 0.97], [60000, 0.027], [80000, 0.003]]
	| map([(.[0] * $scale | floor), (.[1] * $n | round)])
	| { n: (map(.[1]) | add), min_ns: .[0][0], max_ns: .[2][0], sum_ns: (map(.[0] * .[1]) | add),
	    buckets: map([(.[0] | bucket), .[1]]) };

({ session: 1, permille: 1000, spread: 20, reps: 10, samples: 20000, cpu: "Test CPU 1", label: null, clock: "tsc" } + $o)
| . as $o
| { format: "vfiobench-result", version: 1, tool: { name: "vfiobench", version: "0.1.0" },
    run: ({ started_unix_ns: (1790000000000000000 + $o.session * 1000000000000), duration_ns: 200000000000,
	   profile: "standard" } + if $o.label then { label: $o.label } else {} end),
    host: { kernel: "6.1.0", os: "debian 12", cpu_model: $o.cpu, arch: "x86_64", n_cpus: 2, is_virtual: false },
    guest: { kind: "none" },
    cpus: { guest: "1", host: "0", measured: "1", source: "option" },
    probes: {
	clock: document("clock"; { arch: "x86_64", current: $o.clock, available: ["tsc", "hpet"] }),
	aio: document("aio"; { nr: 1000, max_nr: 65536, holders: [] }),
	cpu: document("cpu"; { model: $o.cpu, is_virtual: false, n_threads: 2 }),
	wake: document("wake"; {
		interval_ns: 1000000, rep_duration_ns: ($o.samples * 1000000), n_reps: $o.reps, policy: "fifo",
		priority: 95, cpus: "1", is_memory_locked: true, is_dma_latency_held: false,
		units: [range($o.reps) as $rep
			# Up and down without a direction, the sessions shifted against each other.
			| (((($rep * 7 + $o.session * 3) % 10) - 4.5) / 4.5 * $o.spread) as $off
			| histogram(($o.permille + $off) / 1000; $o.samples) as $hist
			| { rep: $rep, cpu: 1, n_expected: $hist.n, missed: 0, steal_ns: 0, cpu_time_ns: 1000,
			    hist: $hist, hist_corrected: $hist }] })
    } }

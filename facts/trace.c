/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/trace.h"

/* clang-format off */
#define F(member) FIELD(struct trace_states, member)
static const struct fact_field states_fields[] = {
	{ F(guest_ns), FACT_U64, FACT_HIGHER_IS_BETTER, "ns", "the guest ran" },
	{ F(exit_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "KVM handled exits" },
	{ F(host_irq_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "interrupts of the host ran in its place" },
	{ F(softirq_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "softirqs ran in its place" },
	{ F(preempted_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "thrown off the CPU, or throttled" },
	{ F(waiting_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "woken, and not yet running" },
	{ F(halted_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "asleep by the guest's own wish" },
	{ F(qemu_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "QEMU emulated a device" },
	{ F(stopped_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "stopped by a signal or a debugger" },
	{ F(residue_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "in the host, and nothing recorded says what for" },
	{ F(running_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "on a CPU, where guest and exits cannot be told apart" },
	{ F(blocked_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "asleep uninterruptibly in the kernel" },
	{ F(lost_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "events of its CPU were lost" },
	{ F(unknown_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "the recording does not tell where it was" },
};
#undef F
#define F(member) FIELD(struct trace_culprit, member)
static const struct fact_field culprit_fields[] = {
	{ F(class), FACT_STR, FACT_NOT_COMPARED, "", "task, irq, vector, softirq, nmi, exit, io, steal, throttle or residue", .privacy = FACT_OPEN },
	{ F(name), FACT_STR, FACT_NOT_COMPARED, "", "what it was; in brackets its work or timer function", .pseudonym = "task" },
	{ F(via), FACT_STR, FACT_NOT_COMPARED, "", "thread that it kept from waking the vCPU; such time lies in halted_ns or qemu_ns", .pseudonym = "task" },
	{ F(rows), FACT_STRS, FACT_NOT_COMPARED, "", "catalogue ids of what may remove it", .privacy = FACT_OPEN },
	{ F(n), FACT_U64, FACT_NOT_COMPARED, "", "how often" },
	{ F(total_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "all together, nested time counted once" },
	{ F(max_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "longest; unknown of what is told in sums alone" },
	{ F(p99_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "99 % were not longer; from 1000 on" },
};
#undef F
#define F(member) FIELD(struct trace_part, member)
static const struct fact_field part_fields[] = {
	{ F(class), FACT_STR, FACT_NOT_COMPARED, "", "class of a culprit", .privacy = FACT_OPEN },
	{ F(name), FACT_STR, FACT_NOT_COMPARED, "", "culprit", .pseudonym = "task" },
	{ F(total_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "its part" },
};
#undef F
#define F(member) FIELD(struct trace_worst, member)
static const struct fact_field worst_fields[] = {
	{ F(at_unix_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "when it began" },
	{ F(at_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "when it began, since the start of the window" },
	{ F(duration_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "how long" },
	{ F(class), FACT_STR, FACT_NOT_COMPARED, "", "class of the culprit of its largest part", .privacy = FACT_OPEN },
	{ F(name), FACT_STR, FACT_NOT_COMPARED, "", "that culprit", .pseudonym = "task" },
	{ F(cpu), FACT_U64, FACT_NOT_COMPARED, "", "CPU of the vCPU" },
	{ F(parts), FACT_LIST, FACT_NOT_COMPARED, "", "what ran meanwhile, most first", &trace_part_schema },
};
#undef F
#define F(member) FIELD(struct trace_second, member)
static const struct fact_field second_fields[] = {
	{ F(at_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "start, since the start of the window" },
	{ F(states), FACT_OBJECT, FACT_NOT_COMPARED, "", "where its time went", &trace_states_schema },
	{ F(outages), FACT_PAIRS, FACT_NOT_COMPARED, "", "[from this many us on: 0, 1, 2, 4, 8 …, how many stretches without the guest began in it]" },
};
#undef F
#define F(member) FIELD(struct trace_unit, member)
static const struct fact_field unit_fields[] = {
	{ F(rep), FACT_U64, FACT_NOT_COMPARED, "", "number of the repetition, from 0" },
	{ F(known_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "of its time: where the thread was is known" },
	{ F(lost_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "of that: lost to what is in the guest's way" },
	{ F(own_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "of that: to the measurement itself" },
	{ F(outages), FACT_HIST, FACT_LOWER_IS_BETTER, "ns", "stretches without the guest that began in it, without those of the measurement" },
};
#undef F
#define F(member) FIELD(struct trace_vcpu, member)
static const struct fact_field vcpu_fields[] = {
	{ F(vcpu), FACT_U64, FACT_NOT_COMPARED, "", "number of the vCPU" },
	{ F(tid), FACT_U64, FACT_NOT_COMPARED, "", "its thread" },
	{ F(name), FACT_STR, FACT_NOT_COMPARED, "", "name of the thread", .pseudonym = "task" },
	{ F(cpus), FACT_CPUS, FACT_NOT_COMPARED, "", "CPUs it was seen on" },
	{ F(window_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "time looked at while it lived" },
	{ F(lost_events), FACT_U64, FACT_LOWER_IS_BETTER, "events", "lost on CPUs it was on, at least" },
	{ F(n_migrations), FACT_U64, FACT_LOWER_IS_BETTER, "", "how often it went on on another CPU" },
	{ F(n_exits), FACT_U64, FACT_NOT_COMPARED, "exits", "exits from the guest" },
	{ F(closure_ppm), FACT_U64, FACT_NOT_COMPARED, "ppm", "what the states and the window differ by" },
	{ F(sched_run_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "on a CPU, as the scheduler itself counts" },
	{ F(sched_delay_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "runnable but not running, as the scheduler itself counts" },
	{ F(n_sched_slices), FACT_U64, FACT_NOT_COMPARED, "", "how often the scheduler gave it a CPU" },
	{ F(states), FACT_OBJECT, FACT_NOT_COMPARED, "", "where its time went", &trace_states_schema },
	{ F(culprits), FACT_LIST, FACT_NOT_COMPARED, "", "who took its time, most first", &trace_culprit_schema },
	{ F(worst), FACT_LIST, FACT_NOT_COMPARED, "", "longest stretches without the guest", &trace_worst_schema },
	{ F(outages), FACT_HIST, FACT_LOWER_IS_BETTER, "ns", "stretches without the guest that it had not asked for" },
	{ F(sizes), FACT_PAIRS, FACT_LOWER_IS_BETTER, "", "[from this many us on, how many of these stretches]: 0, 250, 500, 1000, 2000, 4000" },
	{ F(step_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "length of a step of the series" },
	{ F(series), FACT_LIST, FACT_NOT_COMPARED, "", "where its time went, step by step", &trace_second_schema },
	{ F(units), FACT_LIST, FACT_NOT_COMPARED, "", "repetitions, each kept apart", &trace_unit_schema },
};
#undef F
#define F(member) FIELD(struct trace_thread, member)
static const struct fact_field thread_fields[] = {
	{ F(tid), FACT_U64, FACT_NOT_COMPARED, "", "thread id" },
	{ F(name), FACT_STR, FACT_NOT_COMPARED, "", "thread name", .pseudonym = "task" },
	{ F(role), FACT_STR, FACT_NOT_COMPARED, "", "emulator, iothread, vhost, worker or other", .privacy = FACT_OPEN },
	{ F(run_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "on a CPU" },
	{ F(delay_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "runnable but not running" },
	{ F(n_delays), FACT_U64, FACT_NOT_COMPARED, "", "how often it was so" },
	{ F(max_delay_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "longest" },
	{ F(n_migrations), FACT_U64, FACT_NOT_COMPARED, "", "how often it went on on another CPU" },
};
#undef F
#define F(member) FIELD(struct trace_cpu, member)
static const struct fact_field cpu_fields[] = {
	{ F(cpu), FACT_U64, FACT_NOT_COMPARED, "", "CPU" },
	{ F(vcpu_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "vCPU threads" },
	{ F(task_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "other threads" },
	{ F(irq_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "interrupts" },
	{ F(softirq_ns), FACT_U64, FACT_LOWER_IS_BETTER, "ns", "softirqs" },
	{ F(idle_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "idle" },
	{ F(lost_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "its events were lost" },
	{ F(unknown_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "before its first event" },
	{ F(lost_events), FACT_U64, FACT_NOT_COMPARED, "events", "lost, at least" },
};
#undef F
#define F(member) FIELD(struct trace_missing, member)
static const struct fact_field missing_fields[] = {
	{ F(event), FACT_STR, FACT_NOT_COMPARED, "", "event that was not recorded", .privacy = FACT_OPEN },
	{ F(hides), FACT_STR, FACT_NOT_COMPARED, "", "what therefore cannot be told", .privacy = FACT_OPEN },
};
#undef F
/* clang-format on */

#define SCHEMA(name, type, about, fields)                                    \
	{                                                                    \
		name, about, sizeof(struct type), fields, ARRAY_SIZE(fields) \
	}

const struct schema trace_states_schema =
	SCHEMA("states", trace_states, "Where time went; adds up to the window", states_fields);
const struct schema trace_culprit_schema =
	SCHEMA("culprit", trace_culprit, "Who took time of a vCPU", culprit_fields);
const struct schema trace_part_schema =
	SCHEMA("part", trace_part, "What ran meanwhile", part_fields);
const struct schema trace_worst_schema =
	SCHEMA("worst", trace_worst, "A long stretch without the guest", worst_fields);
const struct schema trace_unit_schema =
	SCHEMA("unit", trace_unit, "One repetition of a vCPU", unit_fields);
const struct schema trace_second_schema =
	SCHEMA("second", trace_second, "A step of the series", second_fields);
const struct schema trace_vcpu_schema = SCHEMA("vcpu", trace_vcpu, "A vCPU thread", vcpu_fields);
const struct schema trace_thread_schema =
	SCHEMA("thread", trace_thread, "Another thread of the guest", thread_fields);
const struct schema trace_cpu_schema = SCHEMA("cpu", trace_cpu, "A traced CPU", cpu_fields);
const struct schema trace_missing_schema =
	SCHEMA("missing", trace_missing, "What the recording does not hold", missing_fields);

/* clang-format off */
#define F(member) FIELD(struct trace_facts, member)
static const struct fact_field fields[] = {
	{ F(rung), FACT_STR, FACT_NOT_COMPARED, "", "how it was seen: tracefs, recording, schedstat or none", .privacy = FACT_OPEN },
	{ F(format), FACT_STR, FACT_NOT_COMPARED, "", "of a recording: trace.dat, ftrace, trace-cmd report or perf script", .privacy = FACT_OPEN },
	{ F(window_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "length of the window" },
	{ F(start_unix_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "when it began" },
	{ F(rep_duration_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "length of a repetition" },
	{ F(n_events), FACT_U64, FACT_NOT_COMPARED, "events", "events read" },
	{ F(lost_events), FACT_U64, FACT_LOWER_IS_BETTER, "events", "events lost, at least" },
	{ F(n_unpaired), FACT_U64, FACT_NOT_COMPARED, "events", "ends without a beginning, beginnings without an end" },
	{ F(n_incomplete), FACT_U64, FACT_NOT_COMPARED, "", "what was open when events were lost, and was closed there" },
	{ F(n_clamped), FACT_U64, FACT_NOT_COMPARED, "events", "events before an earlier one: the clock stepped back" },
	{ F(n_strayed), FACT_U64, FACT_NOT_COMPARED, "", "threads seen on a CPU where no switch had put them" },
	{ F(n_unseen_starts), FACT_U64, FACT_NOT_COMPARED, "", "threads that an idle CPU took up without saying so; placed where they were woken" },
	{ F(hidden_unplaced_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "stolen from traced CPUs, or taken by SMIs, beyond the time that vCPUs ran there" },
	{ F(setup_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "setting up and starting to record took this long" },
	{ F(read_ns), FACT_U64, FACT_NOT_COMPARED, "ns", "CPU time for reading events, off the measured CPUs" },
	{ F(buffer_kib), FACT_U64, FACT_NOT_COMPARED, "KiB", "buffer of each CPU" },
	{ F(max_fill_permille), FACT_U64, FACT_NOT_COMPARED, "permille", "how full the fullest buffer was" },
	{ F(missing), FACT_LIST, FACT_NOT_COMPARED, "", "events that were not recorded", &trace_missing_schema },
	{ F(vcpus), FACT_LIST, FACT_NOT_COMPARED, "", "vCPU threads", &trace_vcpu_schema },
	{ F(threads), FACT_LIST, FACT_NOT_COMPARED, "", "other threads of the guest", &trace_thread_schema },
	{ F(cpus), FACT_LIST, FACT_NOT_COMPARED, "", "traced CPUs", &trace_cpu_schema },
	{ F(culprits), FACT_LIST, FACT_NOT_COMPARED, "", "who took time of all vCPUs, most first", &trace_culprit_schema },
};
/* clang-format on */

const struct schema trace_schema = { "trace", "Who took the guest's time",
				     sizeof(struct trace_facts), fields, ARRAY_SIZE(fields) };

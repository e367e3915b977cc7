/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Culprits of a trace become findings: which, how, and what they cannot prove. */
#include "analyze/charge.h"
#include "probes/trace/rows.h"
#include "tests/lib/culprits.h"
#include "tests/lib/guestconf.h"

static struct guest_process guest = { .pid = { true, 7 }, .kind = { true, "qemu" } };

/* A guest on CPU 1 of two, watched for ten seconds. */
static void set_run(struct host *h)
{
	host_blank(h);
	host_set_guest_cpus(h, "1", "0");
	set_cpus(&h->cpu.online, "0-1");
	set_str(&h->guestref.kind, "qemu");
	h->running = &guest;
	set_trace(h, NULL);
}

static void set_recording(struct host *h)
{
	host_blank(h);
	set_trace(h, "recording");
}

/* Each row that a culprit may name is one, and says what it proves. */
static void rows_of_culprits(void **state)
{
	const char *id;
	size_t n = 0;

	(void)state;
	for (; (id = rows_id(n)) != NULL; n++) {
		const struct charge *c = charge_find(id);

		if (!tweak_find(id))
			fail_msg("%s: no row", id);
		if (!rule_find(id) && !tweak_find(id)->unseen)
			fail_msg("%s: no rule", id);
		if (!c)
			fail_msg("%s: does a culprit prove it or not?", id);
		if (c->why_not && (c->turns || c->words || c->fix))
			fail_msg("%s: proves nothing, and does", id);
	}
	assert_true(n > 50);
}

struct case_of_culprit {
	const char *class, *name, *rows;
	const char *id; /* of the row that is looked at */
	void (*set)(struct host *h);
	enum verdict verdict;
	const char *piece; /* of the sentence */
	const char *fix;   /* of any part of the fix; NULL: not looked at */
};

static bool is_in_fix(const struct fix_template *fix, const char *piece)
{
	const char *const parts[] = { fix->now, fix->persist, fix->undo };

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (parts[i] && strstr(parts[i], piece))
			return true;
	}
	return false;
}

static void check_fix(const struct finding *f, const char *piece)
{
	if (!is_in_fix(&f->fix, piece))
		fail_msg("%s: no '%s' in the fix: now '%s' persist '%s' undo '%s'", f->tweak->id,
			 piece, f->fix.now ? f->fix.now : "", f->fix.persist ? f->fix.persist : "",
			 f->fix.undo ? f->fix.undo : "");
}

/* With that culprit the verdict of the case, with one too small that of none. */
static void check_case(const struct case_of_culprit *c)
{
	enum verdict without;
	struct finding f;
	struct host h;

	set_run(&h);
	if (c->set)
		c->set(&h);
	without = judge_row(&h, c->id).verdict;
	add_culprit(&h, c->class, c->name, c->rows, 1000, 9999, 200);
	if (judge_row(&h, c->id).verdict != without)
		fail_msg("%s: a trifle changes the verdict", c->id);
	arena_release(&h.arena);

	set_run(&h);
	if (c->set)
		c->set(&h);
	add_culprit(&h, c->class, c->name, c->rows, 1000, 123000, 500);
	f = check_row(&h, c->id, c->verdict, c->piece);
	if (f.verdict == VERDICT_ADVICE || f.verdict == VERDICT_PROBLEM) {
		assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
		assert_int_equal(f.share_permille, 12);
		assert_non_null(strstr(f.items[f.n_items - 1], "trace: "));
		assert_non_null(strstr(f.items[f.n_items - 1], c->name));
	}
	if (c->fix)
		check_fix(&f, c->fix);
	/* Nobody measures a guest that does not run. */
	h.guestref.kind.known = false;
	h.running = NULL;
	assert_int_not_equal(judge_row(&h, c->id).share_permille, 12);
	arena_release(&h.arena);
}

static void set_all_guest(struct host *h)
{
	host_set_guest_cpus(h, "0-1", "");
}

static void set_sysctl(struct host *h, const char *name, const char *value)
{
	h->kernel.sysctls.known = true;
	add_setting(h, &h->kernel.sysctls, name, value);
}

static void set_slow_stat(struct host *h)
{
	set_sysctl(h, "vm.stat_interval", "1");
}

static void set_fast_stat(struct host *h)
{
	set_sysctl(h, "vm.stat_interval", "10");
}

static void set_migration(struct host *h)
{
	set_sysctl(h, "kernel.timer_migration", "1");
}

static void set_no_migration(struct host *h)
{
	set_sysctl(h, "kernel.timer_migration", "0");
}

static void set_nohz(struct host *h)
{
	fact_set_bool(&h->cpu.has_nohz_full, true);
	set_cpus(&h->cpu.nohz_full, "1");
}

static void set_ticking(struct host *h)
{
	fact_set_bool(&h->cpu.has_nohz_full, true);
	set_cpus(&h->cpu.nohz_full, "");
}

static void set_irq(struct host *h, bool is_movable)
{
	struct irq_line *line = fact_add_item(&h->irq.lines, &h->arena, sizeof(*line));

	assert_non_null(line);
	set_str(&line->label, "34");
	fact_set_u64(&line->irq, 34);
	set_str(&line->actions, "virtio4-input.0");
	set_cpus(&line->affinity, "0");
	fact_set_bool(&line->is_movable, is_movable);
}

static void set_movable_irq(struct host *h)
{
	set_irq(h, true);
}

static void set_immovable_irq(struct host *h)
{
	set_irq(h, false);
}

static void set_quiet_softirqs(struct host *h)
{
	h->activity.softirqs.known = h->activity.irqs.known = true;
	fact_set_u64(&h->activity.window_ns, 10 * NS_PER_S);
}

static void set_no_stalls(struct host *h)
{
	fact_set_u64(&h->activity.compact_stalls, 0);
	fact_set_u64(&h->activity.window_ns, 10 * NS_PER_S);
}

static void set_good_masks(struct host *h)
{
	set_cpus(&h->sched.wq_unbound, "0");
	set_cpus(&h->sched.wq_writeback, "0");
}

static void set_bad_masks(struct host *h)
{
	set_cpus(&h->sched.wq_unbound, "0-1");
}

static void set_isolated(struct host *h)
{
	set_cpus(&h->cpu.unbalanced, "1");
	h->sched.tasks.known = true;
}

static void set_unisolated(struct host *h)
{
	set_cpus(&h->cpu.unbalanced, "");
	h->sched.tasks.known = true;
}

static void set_ksm(struct host *h)
{
	fact_set_u64(&h->mm.ksm_run, 1);
}

static void set_windows(struct host *h)
{
	guest_of(h, "windows");
}

static void set_windows_with_clock(struct host *h)
{
	guest_of(h, "windows");
	fact_set_bool(&add_timer(h, "hypervclock")->is_present, true);
}

static void set_linux(struct host *h)
{
	guest_of(h, "linux");
}

static void set_virtio_input(struct host *h)
{
	struct domain_input *in = fact_add_item(&h->domain.inputs, &h->arena, sizeof(*in));

	guest_of(h, "windows");
	assert_non_null(in);
	set_str(&in->type, "keyboard");
	set_str(&in->bus, "virtio");
}

static void set_pauses(struct host *h)
{
	h->kernel.params.known = true;
	add_setting(h, &h->kernel.params, "kvm_intel.ple_gap", "128");
}

/* One vCPU, pinned to CPU 1. */
static void set_apart(struct host *h)
{
	struct domain_pin *pin;

	set_pauses(h);
	guest_of(h, "windows");
	fact_set_u64(&h->domain.n_vcpus, 1);
	pin = fact_add_item(&h->domain.vcpu_pins, &h->arena, sizeof(*pin));
	assert_non_null(pin);
	fact_set_u64(&pin->id, 0);
	set_cpus(&pin->cpus, "1");
	h->running = NULL;
}

static void set_builtin(struct host *h)
{
	set_str(&h->guestref.kind, "builtin");
	h->running = NULL;
}

static struct sched_tasks *add_task(struct host *h, const char *comm, const char *affinity,
				    const char *id, uint64_t cpu_ms)
{
	struct sched_tasks *t = fact_add_item(&h->sched.tasks, &h->arena, sizeof(*t));

	assert_non_null(t);
	set_str(&t->comm, comm);
	set_cpus(&t->affinity, affinity);
	fact_set_bool(&t->is_kernel, false);
	fact_set_bool(&t->is_movable, true);
	fact_set_u64(&t->n_threads, 1);
	fact_set_u64(&t->cpu_ms, cpu_ms);
	assert_int_equal(fact_add_str(&t->ids, &h->arena, id), 0);
	return t;
}

/* A command only for a task that is known by number, and stays. */
static void tasks_that_last(void **state)
{
	static const struct {
		const char *name, *comm, *affinity;
		uint64_t cpu_ms;
		bool is_kernel, has_second;
		const char *now; /* NULL: none */
		bool has_risk;
	} cases[] = {
		{ "Xorg", "Xorg", "0-1", 5000, false, false, "sudo taskset -pc 0 77", false },
		{ "Xorg", "Xorg", "1", 5000, false, false, "sudo taskset -pc 0 77", true },
		{ "Xorg", "Xorg", "0-1", 999, false, false, NULL, false },
		{ "Xorg", "Xorg", "0-1", 5000, false, true, NULL, false },
		{ "Xorg", "Xorg1", "0-1", 5000, false, false, NULL, false },
		{ "kswapd0", "kswapd", "0-1", 0, true, false, "sudo taskset -pc 0 77", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sched_tasks *t;
		struct finding f;
		struct host h;

		set_run(&h);
		set_cpus(&h.cpu.unbalanced, "");
		t = add_task(&h, cases[i].comm, cases[i].affinity, "77", cases[i].cpu_ms);
		fact_set_bool(&t->is_kernel, cases[i].is_kernel);
		if (cases[i].has_second)
			add_task(&h, cases[i].comm, "0", "78", 9000);
		add_culprit(&h, "task", cases[i].name, "isol.tasks-on-g", 1000, 123000, 500);
		f = check_row(&h, "isol.tasks-on-g", VERDICT_ADVICE, "held the guest up");
		if (cases[i].now)
			assert_string_equal(f.fix.now, cases[i].now);
		else
			assert_true(!f.fix.now || !*f.fix.now);
		assert_int_equal(f.fix.needs, cases[i].now ? NEEDS_NOTHING : NEEDS_REBOOT);
		assert_int_equal(f.fix.risk != NULL, cases[i].has_risk);
		if (cases[i].now)
			check_fix(&f, cases[i].affinity);
		arena_release(&h.arena);
	}
}

static void culprits_and_findings(void **state)
{
	static const struct case_of_culprit cases[] = {
		/* Tasks of the host. */
		{ "task", "dd", "isol.tasks-on-g", "isol.tasks-on-g", set_unisolated,
		  VERDICT_ADVICE,
		  "task dd held the guest up 1000 times, for 123 ms together (1.2 % of its time)",
		  "Such tasks come and go: isolate" },
		{ "task", "d'd (x)", "isol.tasks-on-g", "isol.tasks-on-g", set_isolated,
		  VERDICT_ADVICE, "Yet this run shows: task d'd (x)", "(see isol.dynamic)" },
		{ "task", "dd", "isol.tasks-on-g", "isol.tasks-on-g", set_all_guest, VERDICT_ADVICE,
		  "task dd", "see pin.vcpupin" },
		{ "task", "kworker/1:* (drm_fb_helper)", "isol.tasks-on-g", "isol.tasks-on-g",
		  set_isolated, VERDICT_ADVICE, "kworker/1:*", "irq.host-on-g" },
		{ "vector", "local_timer (hrtimer_wakeup)", "isol.tasks-on-g", "isol.tasks-on-g",
		  set_isolated, VERDICT_ADVICE, "interrupt local_timer", "irq.host-on-g" },
		/* Work items. */
		{ "task", "kworker/u4:* (wb_workfn)", "wq.cpumask vm.dirty", "wq.cpumask",
		  set_bad_masks, VERDICT_ADVICE, "may run on the guest's CPUs",
		  "echo 1 | sudo tee /sys/devices/virtual/workqueue/cpumask" },
		{ "task", "kworker/u4:* (wb_workfn)", "wq.cpumask vm.dirty", "wq.cpumask",
		  set_good_masks, VERDICT_ADVICE, "stay off the guest's CPUs. Yet this run shows",
		  "masks of their own" },
		{ "task", "kworker/1:* (x)", "wq.cpumask isol.tasks-on-g", "wq.cpumask",
		  set_good_masks, VERDICT_PASS, "stay off", NULL },
		{ "task", "kworker/1:* (vmstat_update)", "vm.stat-interval", "vm.stat-interval",
		  set_slow_stat, VERDICT_ADVICE, "This run shows: task kworker/1:* (vmstat_update)",
		  "sudo sysctl -w vm.stat_interval=10" },
		{ "task", "kworker/1:* (vmstat_update)", "vm.stat-interval", "vm.stat-interval",
		  set_fast_stat, VERDICT_PASS, "every 10 s", NULL },
		/* Timers. */
		{ "softirq", "TIMER", "cpu.nohz-full timer.migration", "timer.migration",
		  set_migration, VERDICT_ADVICE, "This run shows: softirq TIMER",
		  "kernel.timer_migration=0" },
		{ "softirq", "TIMER", "cpu.nohz-full timer.migration", "timer.migration",
		  set_no_migration, VERDICT_PASS, "stay on the CPU", NULL },
		{ "vector", "local_timer (tick_nohz_handler)", "cpu.nohz-full", "cpu.nohz-full",
		  set_ticking, VERDICT_ADVICE, "The tick runs on 1", "nohz_full=1" },
		{ "vector", "local_timer (tick_nohz_handler)", "cpu.nohz-full", "cpu.nohz-full",
		  set_nohz, VERDICT_ADVICE,
		  "The tick is off on 1; whether it stays off was not "
		  "measured. Yet this run shows: interrupt local_timer",
		  "timer:tick_stop" },
		{ "vector", "local_timer", "cpu.nohz-full", "cpu.nohz-full", set_nohz, VERDICT_PASS,
		  "The tick is off", NULL },
		/* Interrupts. */
		{ "irq", "virtio4-input.0", "irq.host-on-g", "irq.host-on-g", set_movable_irq,
		  VERDICT_ADVICE, "Yet this run shows: IRQ 34 virtio4-input.0",
		  "echo 0 | sudo tee /proc/irq/34/smp_affinity_list" },
		{ "irq", "virtio4-input.0", "irq.managed irq.host-on-g", "irq.host-on-g",
		  set_immovable_irq, VERDICT_PASS, NULL, NULL },
		{ "irq", "virtio4-input.0", "irq.managed irq.host-on-g", "irq.managed",
		  set_movable_irq, VERDICT_NOT_APPLICABLE, NULL, NULL },
		{ "vector", "call_function", "ipi.sources", "ipi.sources", set_quiet_softirqs,
		  VERDICT_ADVICE, "Yet this run shows: interrupt call_function",
		  "ipi_send_cpumask" },
		{ "vector", "reschedule", "ipi.sources", "ipi.sources", set_quiet_softirqs,
		  VERDICT_PASS, "interrupted the guest's 0 times", NULL },
		{ "softirq", "NET_RX", "softirq.net-block", "softirq.net-block", set_quiet_softirqs,
		  VERDICT_ADVICE, "Yet this run shows: softirq NET_RX", "rps_cpus" },
		{ "softirq", "RCU", "cpu.rcu-nocbs", "cpu.rcu-nocbs", NULL, VERDICT_ADVICE,
		  "This run shows: softirq RCU", "rcu_nocbs=1" },
		{ "softirq", "RCU", "cpu.rcu-nocbs", "cpu.rcu-nocbs", set_all_guest,
		  VERDICT_NOT_APPLICABLE, NULL, NULL },
		/* Memory. */
		{ "task", "khugepaged", "thp.cost-claim thp.never", "thp.cost-claim", set_no_stalls,
		  VERDICT_ADVICE, "Yet this run shows: task khugepaged", "come and go" },
		{ "task", "ksmd", "mem.ksm", "mem.ksm", set_ksm, VERDICT_ADVICE,
		  "Same-page merging runs", "echo 2 | sudo tee /sys/kernel/mm/ksm/run" },
		/* What the guest asks for. */
		{ "io", "port 0x608 (PM timer)", "clock.hypervclock hv.stimer", "clock.hypervclock",
		  set_windows, VERDICT_ADVICE, "Windows runs without hypervclock", "hypervclock" },
		{ "io", "port 0x608 (PM timer)", "clock.hypervclock hv.stimer", "clock.hypervclock",
		  set_windows_with_clock, VERDICT_ADVICE, "Yet this run shows: port 0x608",
		  "useplatformclock" },
		{ "io", "port 0x608 (PM timer)", "clock.hypervclock hv.stimer", "clock.hypervclock",
		  set_linux, VERDICT_NOT_APPLICABLE, NULL, NULL },
		{ "io", "0xfed00000 (HPET)", "clock.hpet-off clock.hypervclock", "clock.hpet-off",
		  set_windows, VERDICT_ADVICE, "HPET", "<timer name='hpet' present='no'/>" },
		{ "io", "port 0x60 (PS/2)", "input.virtio", "input.virtio", set_virtio_input,
		  VERDICT_ADVICE, "Yet this run shows: port 0x60 (PS/2)", "vioinput" },
		{ "exit", "APIC_ACCESS", "hv.vapic", "hv.vapic", set_windows, VERDICT_ADVICE,
		  "Windows runs without <vapic>", "vapic" },
		{ "throttle", "throttled", "sched.rt-throttle", "sched.rt-throttle", NULL,
		  VERDICT_ADVICE, "No vCPU has a real-time policy. This run shows: throttled",
		  "vcpu_quota=-1" },
		{ "exit", "PAUSE_INSTRUCTION", "kvm.pause-loop", "kvm.pause-loop", set_apart,
		  VERDICT_ADVICE, "This run shows: exits for PAUSE_INSTRUCTION",
		  "options kvm_intel ple_gap=0" },
		{ "exit", "PAUSE_INSTRUCTION", "kvm.pause-loop", "kvm.pause-loop", set_pauses,
		  VERDICT_NOT_APPLICABLE, NULL, NULL },
		{ "task", "CPU 2/KVM", "pin.pileup", "pin.pileup", set_apart, VERDICT_ADVICE,
		  "No two vCPUs share a set of CPUs. Yet this run shows: task CPU 2/KVM",
		  "of all guests" },
		{ "task", "CPU 2/KVM", "pin.pileup", "pin.pileup", set_builtin, VERDICT_ADVICE,
		  "vCPU of another guest, or of another vfiobench", "--cpus" },
		{ "task", "CPU 1/KVM", "pin.pileup pin.vcpupin", "pin.pileup", set_builtin,
		  VERDICT_NOT_APPLICABLE, NULL, NULL },
		{ "task", "CPU 1/KVM", "pin.pileup pin.vcpupin", "pin.pileup", set_apart,
		  VERDICT_ADVICE, "Yet this run shows: task CPU 1/KVM", "of all guests" },
		/* No proof. */
		{ "exit", "HLT", "kvm.halt-poll", "kvm.halt-poll", NULL, VERDICT_UNKNOWN, NULL,
		  NULL },
		{ "task", "khugepaged", "thp.cost-claim thp.never", "thp.never", NULL,
		  VERDICT_UNKNOWN, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_case(&cases[i]);
}

/* Nothing is known but the culprit: advice in words, with no list that nobody knows. */
static void recordings(void **state)
{
	static const struct case_of_culprit cases[] = {
		{ "task", "dd", "isol.tasks-on-g", "isol.tasks-on-g", NULL, VERDICT_ADVICE,
		  "task dd held the guest up 1000 times", "isolate the guest's CPUs" },
		{ "irq", "ahci", "irq.host-on-g", "irq.host-on-g", NULL, VERDICT_ADVICE,
		  "IRQ ahci held", "irqaffinity=HOST-CPUS" },
		{ "vector", "local_timer (tick_sched_timer)", "cpu.nohz-full", "cpu.nohz-full",
		  NULL, VERDICT_ADVICE, "local_timer", "nohz_full=GUEST-CPUS" },
		{ "vector", "local_timer", "cpu.nohz-full", "cpu.nohz-full", NULL,
		  VERDICT_NOT_APPLICABLE, NULL, NULL },
		{ "task", "kworker/u8:* (wb_workfn)", "wq.cpumask", "wq.cpumask", NULL,
		  VERDICT_ADVICE, "kworker", "echo HOST-CPUS-MASK" },
		{ "task", "qemu-system-x86", "pin.emulator", "pin.emulator", NULL, VERDICT_ADVICE,
		  "task qemu-system-x86", "emulatorpin" },
		{ "task", "IO iothread1", "pin.iothread", "pin.iothread", NULL, VERDICT_ADVICE,
		  "task IO iothread1", NULL },
		{ "task", "vhost-77", "pin.vhost", "pin.vhost", NULL, VERDICT_ADVICE, "vhost-77",
		  NULL },
		{ "vector", "call_function_single", "ipi.sources", "ipi.sources", NULL,
		  VERDICT_ADVICE, "call_function_single", "ipi_send_cpumask" },
		{ "softirq", "NET_RX", "softirq.net-block", "softirq.net-block", NULL,
		  VERDICT_ADVICE, "softirq NET_RX", "echo HOST-CPUS-MASK" },
		{ "io", "port 0x608 (PM timer)", "clock.hypervclock hv.stimer", "clock.hypervclock",
		  NULL, VERDICT_ADVICE, "port 0x608", "hypervclock" },
		{ "io", "port 0x608 (PM timer)", "clock.hypervclock hv.stimer", "hv.stimer", NULL,
		  VERDICT_ADVICE, "port 0x608", "stimer" },
		{ "vector", "local_timer (apic_timer_fn)", "hv.stimer", "hv.stimer", NULL,
		  VERDICT_NOT_APPLICABLE, NULL, NULL },
		{ "io", "0xfed00000 (HPET)", "clock.hpet-off", "clock.hpet-off", NULL,
		  VERDICT_ADVICE, "HPET", "present='no'" },
		{ "task", "ksmd", "mem.ksm", "mem.ksm", NULL, VERDICT_ADVICE, "task ksmd",
		  "ksm/run" },
		{ "residue", "idle CPU wakes", "idle.cstates", "idle.cstates", NULL,
		  VERDICT_NOT_APPLICABLE, NULL, NULL },
		{ "exit", "EPT_VIOLATION", "mem.prealloc", "mem.prealloc", NULL,
		  VERDICT_NOT_APPLICABLE, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct case_of_culprit *c = &cases[i];
		struct finding f;
		struct host h;

		set_recording(&h);
		add_culprit(&h, c->class, c->name, c->rows, 1000, 123000, 500);
		f = judge_row(&h, c->id);
		if (c->verdict != VERDICT_ADVICE) {
			if (f.verdict == VERDICT_ADVICE || f.verdict == VERDICT_PROBLEM)
				fail_msg("%s: %s proves it?", c->id, c->name);
			arena_release(&h.arena);
			continue;
		}
		f = check_row(&h, c->id, c->verdict, c->piece);
		assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
		assert_true(f.fix.now || f.fix.persist);
		for (size_t k = 0; k < N_CHANGES; k++)
			assert_null(f.fix.change[k]);
		if (is_in_fix(&f.fix, "{"))
			fail_msg("%s: not filled: %s %s", c->id, f.fix.now, f.fix.persist);
		if (c->fix)
			check_fix(&f, c->fix);
		arena_release(&h.arena);
	}
}

/* Of an empty recording no row says a thing. */
static void recording_of_nobody(void **state)
{
	struct findings fs;
	struct host h;

	(void)state;
	set_recording(&h);
	add_culprit(&h, "task", "dd", "isol.tasks-on-g", 1000, 9000, 100);
	assert_int_equal(engine_run(&h, &fs), 0);
	assert_int_equal(fs.n_by_verdict[VERDICT_PROBLEM], 0);
	assert_int_equal(fs.n_by_verdict[VERDICT_ADVICE], 0);
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_of_culprits),    cmocka_unit_test(culprits_and_findings),
		cmocka_unit_test(tasks_that_last),     cmocka_unit_test(recordings),
		cmocka_unit_test(recording_of_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

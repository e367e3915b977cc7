/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules about device interrupts: one case per verdict each can give. */
#include "analyze/irqs.h"
#include "tests/lib/machine.h"

#define MOVABLE   1
#define IMMOVABLE 0
#define UNTOLD    -1

/* A line that goes where its affinity says, with some interrupts since boot on that CPU. */
static struct irq_line *add_line(struct host *h, uint64_t irq, const char *actions,
				 const char *effective, uint64_t cpu, int movable)
{
	struct irq_line *line = fact_add_item(&h->irq.lines, &h->arena, sizeof(*line));

	assert_non_null(line);
	fact_set_u64(&line->irq, irq);
	set_str(&line->label, arena_printf(&h->arena, "%u", (unsigned)irq));
	set_str(&line->actions, actions);
	set_cpus(&line->effective, effective);
	set_cpus(&line->affinity, "0-3");
	if (movable != UNTOLD)
		fact_set_bool(&line->is_movable, movable);
	assert_int_equal(fact_add_pair(&line->counts, &h->arena, cpu, 500), 0);
	return line;
}

/* What fired in a window of ten seconds. */
static void fire(struct host *h, uint64_t irq, const char *actions, uint64_t cpu, uint64_t count)
{
	struct activity_irq *a = h->activity.irqs.v;
	size_t i = 0;

	while (i < h->activity.irqs.n && a[i].irq.v != irq)
		i++;
	if (i == h->activity.irqs.n) {
		a = fact_add_item(&h->activity.irqs, &h->arena, sizeof(*a));
		assert_non_null(a);
		a = h->activity.irqs.v;
		fact_set_u64(&a[i].irq, irq);
		set_str(&a[i].label, arena_printf(&h->arena, "%u", (unsigned)irq));
		set_str(&a[i].actions, actions);
	}
	assert_int_equal(fact_add_pair(&a[i].counts, &h->arena, cpu, count), 0);
}

static void measure(struct host *h)
{
	fact_set_u64(&h->activity.window_ns, 10 * NS_PER_S);
	h->activity.irqs.known = true;
}

static void guest_on_1(struct host *h)
{
	host_blank(h);
	host_set_guest_cpus(h, "1", "0,2-3");
	set_cpus(&h->cpu.online, "0-3");
	h->irq.lines.known = true;
}

static void test_vfio_names(void **state)
{
	static const struct {
		const char *actions;
		bool is_vfio;
	} cases[] = {
		{ "vfio-msi[0](0000:01:00.0)", true },
		{ "vfio-msix[12](0000:01:00.0)", true },
		{ "vfio-intx(0000:01:00.0), vfio-intx(0000:02:00.0)", true },
		{ "vfio-intx(0000:01:00.0), ehci_hcd:usb1", false },
		{ "ehci_hcd:usb1,vfio-intx(0000:01:00.0)", false },
		{ "nvme0q1", false },
		{ "vfio", false },
		{ "", false },
	};
	struct fact_str actions = { 0 };

	(void)state;
	assert_false(irq_is_vfio(&actions));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		set_str(&actions, cases[i].actions);
		if (irq_is_vfio(&actions) != cases[i].is_vfio)
			fail_msg("%s", cases[i].actions);
	}
}

static void test_host_on_g_audit(void **state)
{
	struct host h;
	struct finding f;
	struct irq_line *line;

	(void)state;
	host_blank(&h);
	check_row(&h, "irq.host-on-g", VERDICT_NOT_APPLICABLE, "No guest, pin or isolated CPU");
	host_set_guest_cpus(&h, "1", "0,2-3");
	check_row(&h, "irq.host-on-g", VERDICT_UNKNOWN, "irq.lines is not known");
	h.irq.lines.known = true;
	check_row(&h, "irq.host-on-g", VERDICT_PASS, "goes to the guest's CPUs 1.");
	/* None of these counts. */
	add_line(&h, 0, "timer", "1", 1, UNTOLD);
	add_line(&h, 2, "cascade", "1", 1, MOVABLE);
	add_line(&h, 30, "nvme0q1", "1", 1, IMMOVABLE);
	add_line(&h, 31, "eth0", "0", 1, MOVABLE);
	add_line(&h, 32, "eth1", "1", 0, MOVABLE);
	add_line(&h, 33, "vfio-msi[0](0000:01:00.0)", "1", 1, MOVABLE);
	line = add_line(&h, 34, "Local timer interrupts", "1", 1, UNTOLD);
	line->irq.known = false;
	line = add_line(&h, 35, "old kernel", "1", 1, MOVABLE);
	line->effective.known = false;
	check_row(&h, "irq.host-on-g", VERDICT_PASS, NULL);
	line = h.irq.lines.v;
	set_cpus(&line[h.irq.lines.n - 1].affinity, "1");
	f = check_row(&h, "irq.host-on-g", VERDICT_ADVICE,
		      "1 interrupt of the host goes to the guest's CPUs 1; whether they fire");
	assert_int_equal(f.confidence, CONFIDENCE_CONFIGURED);
	check_has(f.items[0], "IRQ 35 old kernel: on CPU 1, 500 since boot");
	/* Was moved, and has not fired since. */
	line = add_line(&h, 36, "ttyS0", "1", 1, MOVABLE);
	set_cpus(&line->affinity, "0");
	add_line(&h, 38, "virtio2-input.0", "1-2", 1, UNTOLD);
	f = check_row(&h, "irq.host-on-g", VERDICT_ADVICE, "2 interrupts of the host go to");
	assert_string_equal(f.fix.now, "echo 0,2-3 | sudo tee /proc/irq/35/smp_affinity_list\n"
				       "echo 0,2-3 | sudo tee /proc/irq/38/smp_affinity_list");
	assert_string_equal(f.fix.undo, "echo 1 | sudo tee /proc/irq/35/smp_affinity_list\n"
					"echo 0-3 | sudo tee /proc/irq/38/smp_affinity_list");
	check_has(f.fix.persist, "irqaffinity=0,2-3");
	set_str(&h.cpus.source, "fallback");
	check_row(&h, "irq.host-on-g", VERDICT_NOT_APPLICABLE, NULL);
	arena_release(&h.arena);
}

static void test_host_on_g_measured(void **state)
{
	struct host h;
	struct finding f;
	struct irq_line *line;

	(void)state;
	guest_on_1(&h);
	measure(&h);
	/* Routed there, but silent. */
	add_line(&h, 38, "virtio2-input.0", "1", 1, MOVABLE);
	add_line(&h, 39, "nvme0q1", "1", 1, IMMOVABLE);
	fire(&h, 38, "virtio2-input.0", 0, 100000);
	fire(&h, 39, "nvme0q1", 1, 100000);
	fire(&h, 50, "vfio-msi[0](0000:01:00.0)", 1, 100000);
	f = check_row(&h, "irq.host-on-g", VERDICT_PASS, "fired on the guest's CPUs 1.");
	assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
	/* 10/s is the limit. */
	fire(&h, 40, "eth0", 1, 100);
	f = check_row(&h, "irq.host-on-g", VERDICT_ADVICE,
		      "IRQ 40 eth0 fires on the guest's CPUs: 10/s on CPU 1.");
	assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
	assert_string_equal(f.fix.now, "echo 0,2-3 | sudo tee /proc/irq/40/smp_affinity_list");
	/* No line of the state tells where it was. */
	assert_null(strstr(f.fix.undo, "smp_affinity_list"));
	fire(&h, 38, "virtio2-input.0", 1, 4120);
	f = check_row(&h, "irq.host-on-g", VERDICT_PROBLEM,
		      "2 interrupts of the host fire on the guest's CPUs, 422/s together; most of "
		      "them IRQ 38 virtio2-input.0: 412/s on CPU 1.");
	assert_string_equal(f.items[0], "IRQ 38 virtio2-input.0: 412/s on CPU 1");
	assert_string_equal(f.items[1], "IRQ 40 eth0: 10/s on CPU 1");
	assert_int_equal(f.share_permille, 2);
	assert_string_equal(f.fix.undo, "echo 0-3 | sudo tee /proc/irq/38/smp_affinity_list");
	line = h.irq.lines.v;
	set_cpus(&line[0].affinity, "");
	f = check_row(&h, "irq.host-on-g", VERDICT_PROBLEM, NULL);
	assert_null(strstr(f.fix.undo, "smp_affinity_list"));
	set_cpus(&h.cpus.host, "");
	f = check_row(&h, "irq.host-on-g", VERDICT_PROBLEM, NULL);
	assert_null(f.fix.now);
	check_has(f.fix.persist, "No CPU is left to the host");
	/* The built-in guest on CPUs that were guessed: what was counted is true all the same. */
	set_str(&h.cpus.source, "fallback");
	check_row(&h, "irq.host-on-g", VERDICT_NOT_APPLICABLE, NULL);
	set_str(&h.guestref.kind, "builtin");
	check_row(&h, "irq.host-on-g", VERDICT_PROBLEM, NULL);
	arena_release(&h.arena);
}

static void test_rare(void **state)
{
	struct host h;

	(void)state;
	guest_on_1(&h);
	measure(&h);
	fire(&h, 40, "", 1, 3);
	check_row(&h, "irq.host-on-g", VERDICT_ADVICE, "IRQ 40 fires on the guest's CPUs: 0.3/s");
	h.activity.window_ns.v = 60 * NS_PER_S;
	check_row(&h, "irq.host-on-g", VERDICT_ADVICE, "IRQ 40 fires on the guest's CPUs: 3/min");
	arena_release(&h.arena);
}

static void test_managed(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	guest_on_1(&h);
	check_row(&h, "irq.managed", VERDICT_UNKNOWN, "only root is told");
	fact_set_bool(&h.run.is_audit, true);
	check_row(&h, "irq.managed", VERDICT_NOT_APPLICABLE, NULL);
	fact_set_bool(&h.run.is_audit, false);
	add_line(&h, 38, "eth0", "1", 1, MOVABLE);
	add_line(&h, 39, "nvme0q1", "0", 0, IMMOVABLE);
	add_line(&h, 50, "vfio-msi[0](0000:01:00.0)", "1", 1, IMMOVABLE);
	check_row(&h, "irq.managed", VERDICT_NOT_APPLICABLE, "No interrupt that cannot be moved");
	add_line(&h, 40, "nvme0q2", "1", 1, IMMOVABLE);
	check_row(&h, "irq.managed", VERDICT_UNKNOWN,
		  "1 interrupt that cannot be moved may go to the guest's CPUs; only a run");
	fact_set_bool(&h.run.is_audit, true);
	check_row(&h, "irq.managed", VERDICT_NOT_APPLICABLE, "only a run");
	measure(&h);
	check_row(&h, "irq.managed", VERDICT_NOT_APPLICABLE, "was silent in this run");
	fire(&h, 38, "eth0", 1, 1000);
	fire(&h, 40, "nvme0q2", 1, 1200);
	f = check_row(&h, "irq.managed", VERDICT_ADVICE,
		      "1 interrupt that cannot be moved fires on the guest's CPUs: IRQ 40 nvme0q2, "
		      "120/s on CPU 1.");
	assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
	assert_int_equal(f.n_items, 1);
	check_has(f.fix.persist, "isolcpus=managed_irq,domain,1");
	assert_int_equal(f.fix.needs, NEEDS_REBOOT);
	host_set_guest_cpus(&h, "0-3", "");
	f = check_row(&h, "irq.managed", VERDICT_ADVICE, NULL);
	assert_null(strstr(f.fix.persist, "isolcpus="));
	check_has(f.fix.persist, "fewer queues");
	host_set_guest_cpus(&h, "1", "0,2-3");
	set_cpus(&h.kernel.isolcpus, "1-2");
	check_has(judge_row(&h, "irq.managed").fix.persist, "isolcpus=managed_irq,domain,1");
	assert_int_equal(fact_add_str(&h.kernel.isolcpus_flags, &h.arena, "domain"), 0);
	assert_int_equal(fact_add_str(&h.kernel.isolcpus_flags, &h.arena, "managed_irq"), 0);
	check_has(judge_row(&h, "irq.managed").fix.persist, "does what it can");
	arena_release(&h.arena);
}

static void test_irqbalance(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	host_blank(&h);
	check_row(&h, "irq.irqbalance", VERDICT_NOT_APPLICABLE, "No guest, pin");
	host_set_guest_cpus(&h, "1-2", "0,3");
	check_row(&h, "irq.irqbalance", VERDICT_UNKNOWN, "is_irqbalance_running is not known");
	fact_set_bool(&h.irq.is_irqbalance_running, false);
	check_row(&h, "irq.irqbalance", VERDICT_PASS, "does not run");
	fact_set_bool(&h.irq.is_irqbalance_running, true);
	check_row(&h, "irq.irqbalance", VERDICT_UNKNOWN, "which CPUs its settings");
	set_cpus(&h.irq.irqbalance_banned, "");
	check_row(&h, "irq.irqbalance", VERDICT_UNKNOWN, "whether the guest's CPUs are isolated");
	set_cpus(&h.cpu.isolated, "3");
	f = check_row(&h, "irq.irqbalance", VERDICT_ADVICE,
		      "knows nothing of the guest's CPUs (1-2)");
	check_has(f.fix.now, "echo IRQBALANCE_BANNED_CPULIST=1-3 | sudo tee -a");
	set_cpus(&h.cpu.isolated, "1");
	set_cpus(&h.cpu.nohz_full, "2");
	check_row(&h, "irq.irqbalance", VERDICT_PASS, "keeps off isolated and tickless CPUs");
	/* A list replaces what it does by itself. */
	set_cpus(&h.irq.irqbalance_banned, "2-3");
	f = check_row(&h, "irq.irqbalance", VERDICT_ADVICE,
		      "is kept off CPUs 2-3 only: it may move interrupts to 1 of the guest's");
	check_has(f.fix.now, "=1-3 |");
	set_cpus(&h.irq.irqbalance_banned, "1-2");
	check_row(&h, "irq.irqbalance", VERDICT_PASS, "is kept off the guest's CPUs (1-2)");
	set_cpus(&h.irq.irqbalance_banned, "");
	set_cpus(&h.cpu.isolated, "");
	fact_set_bool(&h.irq.has_irqbalance_oneshot, true);
	check_row(&h, "irq.irqbalance", VERDICT_PASS, "places interrupts once");
	arena_release(&h.arena);
}

static void test_vfio_silent(void **state)
{
	struct host h;
	struct finding f;
	struct activity_irq *pin;

	(void)state;
	host_blank(&h);
	check_row(&h, "irq.vfio-placement", VERDICT_UNKNOWN, "irq.lines is not known");
	arena_release(&h.arena);
	guest_on_1(&h);
	add_line(&h, 38, "eth0", "0", 0, MOVABLE);
	check_row(&h, "irq.vfio-placement", VERDICT_NOT_APPLICABLE, "No device");
	add_line(&h, 50, "vfio-msix[0](0000:01:00.0)", "1", 1, MOVABLE);
	check_row(&h, "irq.vfio-placement", VERDICT_UNKNOWN, "Only a run tells");
	fact_set_bool(&h.run.is_audit, true);
	check_row(&h, "irq.vfio-placement", VERDICT_NOT_APPLICABLE, "Only a run tells");
	measure(&h);
	f = check_row(&h, "irq.vfio-placement", VERDICT_UNKNOWN, "The counters cannot tell which");
	assert_int_equal(f.confidence, CONFIDENCE_CONFIGURED);
	fire(&h, 0, "Posted-interrupt notification event", 1, 1000);
	pin = h.activity.irqs.v;
	pin->irq.known = false;
	set_str(&pin->label, "PIN");
	f = check_row(&h, "irq.vfio-placement", VERDICT_PASS, "are posted");
	assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
	arena_release(&h.arena);
}

static void test_vfio_placement(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	guest_on_1(&h);
	measure(&h);
	add_line(&h, 50, "vfio-msix[0](0000:01:00.0)", "1", 1, MOVABLE);
	fire(&h, 50, "vfio-msix[0](0000:01:00.0)", 0, 40000);
	fire(&h, 50, "vfio-msix[0](0000:01:00.0)", 1, 40000);
	check_row(&h, "irq.vfio-placement", VERDICT_PASS,
		  "1 interrupt of passed-through devices has a place of its own.");
	fire(&h, 51, "vfio-msix[1](0000:01:00.0)", 2, 100);
	check_row(&h, "irq.vfio-placement", VERDICT_PASS,
		  "2 interrupts of passed-through devices have");
	fire(&h, 40, "eth0", 0, 10001);
	f = check_row(&h, "irq.vfio-placement", VERDICT_ADVICE,
		      "1 of 2 interrupts of passed-through devices arrive on a CPU that is busy");
	check_has(f.items[0],
		  "IRQ 50 vfio-msix[0](0000:01:00.0): 8000/s, beside 1000/s of the host "
		  "on CPU 0");
	assert_string_equal(f.fix.now, "echo 2 | sudo tee /proc/irq/50/smp_affinity_list");
	fire(&h, 51, "vfio-msix[1](0000:01:00.0)", 3, 100);
	fire(&h, 51, "vfio-msix[1](0000:01:00.0)", 1, 100);
	fire(&h, 41, "usb", 2, 5);
	f = check_row(&h, "irq.vfio-placement", VERDICT_ADVICE,
		      "1 of 2 interrupts of passed-through devices move between more than 2 CPUs.");
	assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
	assert_int_equal(f.n_items, 2);
	check_has(f.items[1], "over CPUs 1-3");
	assert_string_equal(f.fix.now, "echo 3 | sudo tee /proc/irq/50/smp_affinity_list\n"
				       "echo 3 | sudo tee /proc/irq/51/smp_affinity_list");
	assert_string_equal(f.fix.undo, "echo 0-3 | sudo tee /proc/irq/50/smp_affinity_list");
	set_cpus(&h.cpus.host, "");
	f = check_row(&h, "irq.vfio-placement", VERDICT_ADVICE, NULL);
	check_has(f.fix.persist, "No CPU is left to the host");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vfio_names),
		cmocka_unit_test(test_host_on_g_audit),
		cmocka_unit_test(test_host_on_g_measured),
		cmocka_unit_test(test_rare),
		cmocka_unit_test(test_managed),
		cmocka_unit_test(test_irqbalance),
		cmocka_unit_test(test_vfio_silent),
		cmocka_unit_test(test_vfio_placement),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

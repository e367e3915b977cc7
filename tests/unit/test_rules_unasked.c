/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What rules say when a fact is missing that they read, and when they do not apply: of those whose
 * own tests do not ask it.
 */
#include "analyze/rule.h"
#include "tests/lib/guest_words.h"

#define VFIO "windows device=0000:01:00.0"

static void two_threads(struct host *h)
{
	fact_set_u64(&h->domain.threads, 2);
}

static void huge_pages(struct host *h)
{
	struct domain_page *p = fact_add_item(&h->domain.pages, &h->arena, sizeof(*p));

	assert_non_null(p);
	fact_set_u64(&p->page_kib, 2048);
	fact_set_u64(&p->size_kib, 1 << 20);
	fact_set_bool(&h->domain.has_hugepages, true);
	fact_set_u64(&h->domain.memory_kib, 1 << 20);
}

static void native_disk(struct host *h)
{
	struct domain_disk *d = fact_add_item(&h->domain.disks, &h->arena, sizeof(*d));

	assert_non_null(d);
	set_str(&d->device, "disk");
	set_str(&d->source, "/dev/sda");
	set_str(&d->io, "native");
}

struct guest_for_rule {
	const char *id, *words; /* as in guest_words.h */
	void (*set)(struct host *h);
};

static void make_guest(struct host *h, const struct guest_for_rule *g)
{
	guest_of_words(h, g->words);
	if (g->set)
		g->set(h);
}

/* With all that the rule reads but one: unknown, and which. */
static void check_without(const struct guest_for_rule *g, const struct rule_input *reads,
			  const struct rule_input *missing)
{
	struct host h;
	struct finding f;

	make_guest(&h, g);
	for (; reads->field; reads++)
		*(bool *)((char *)&h + reads->known_at) = reads != missing;
	f = check_row(&h, g->id, VERDICT_UNKNOWN, missing->field);
	assert_null(f.fix.persist);
	arena_release(&h.arena);
}

static void unknown_where_a_fact_is_missing(void **state)
{
	static const struct guest_for_rule guests[] = {
		{ "hv.vapic", "windows", NULL },
		{ "hv.spinlocks", "windows", NULL },
		{ "hv.vpindex", "windows", NULL },
		{ "hv.runtime", "windows", NULL },
		{ "hv.synic", "windows", NULL },
		{ "hv.stimer", "windows", NULL },
		{ "hv.reset", "windows", NULL },
		{ "hv.vendor-id", "windows", NULL },
		{ "hv.frequencies", "windows", NULL },
		{ "hv.reenlightenment", "windows", NULL },
		{ "hv.tlbflush", "windows", NULL },
		{ "xml.hv-newer", "windows", NULL },
		{ "xml.hv-nonarch", "windows", NULL },
		{ "xml.hv-passthrough", "windows", NULL },
		{ "xml.hv-stimer-direct", "windows", NULL },
		{ "hide.hypervisor-bit", "windows", NULL },
		{ "hide.kvm-hidden", "windows", NULL },
		{ "hide.remove-devices", VFIO, NULL },
		{ "nvidia.vendor-id", VFIO, NULL },
		{ "machine.ioapic-kvm", VFIO, NULL },
		{ "machine.vmport", VFIO, NULL },
		{ "guestcpu.migratable", VFIO " cpu_mode=host-passthrough", NULL },
		{ "guestcpu.topoext", "windows cpu_mode=host-passthrough vendor=AuthenticAMD",
		  two_threads },
		{ "guestcpu.cache-passthrough", "windows cpu_mode=host-passthrough", NULL },
		{ "hugepages.headroom", "windows", huge_pages },
		{ "aio.max-nr", "windows", native_disk },
		{ "clocksource.tsc", "windows", NULL },
		{ "clock.tsc-sync", "windows", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(guests); i++) {
		const struct rule *rule = rule_find(guests[i].id);

		assert_non_null(rule);
		for (const struct rule_input *one = rule->reads; one->field; one++)
			check_without(&guests[i], rule->reads, one);
	}
}

static void no_params(struct host *h)
{
	h->kernel.params.known = true;
}

static void not_x86(struct host *h)
{
	set_str(&h->clock.arch, "aarch64");
}

static void one_cpu(struct host *h)
{
	set_str(&h->clock.arch, "x86_64");
	set_cpus(&h->cpu.online, "0");
}

static void not_applicable_where_there_is_nothing_to_judge(void **state)
{
	static const struct {
		struct guest_for_rule guest;
		const char *piece;
	} cases[] = {
		{ { "hv.vapic", "linux", NULL }, "not run Windows" },
		{ { "hv.spinlocks", "linux", NULL }, "not run Windows" },
		{ { "hv.vpindex", "none", NULL }, "No guest" },
		{ { "hv.runtime", "windows type=qemu", NULL }, "emulated" },
		{ { "hv.synic", "linux", NULL }, "not run Windows" },
		{ { "hv.stimer", "linux", NULL }, "not run Windows" },
		{ { "hv.frequencies", "none", NULL }, "No guest" },
		{ { "hv.tlbflush", "linux", NULL }, "not run Windows" },
		{ { "xml.hv-passthrough", "linux", NULL }, "not run Windows" },
		{ { "hide.hypervisor-bit", "none", NULL }, "No guest" },
		{ { "machine.smm", "none", NULL }, "No guest" },
		{ { "wq.cpumask", "none", NULL }, "" },
		{ { "mem.compaction", "none", NULL }, "Needs a running guest" },
		{ { "kvm.clock-sync", "none", no_params }, "no such parameter" },
		{ { "kvm.min-timer", "none", no_params }, "no such parameter" },
		{ { "kvm.nx-huge-pages", "none", no_params }, "no such parameter" },
		{ { "mitig.l1d-flush", "none", no_params }, "" },
		{ { "clocksource.tsc", "none", not_x86 }, "Only x86 has a TSC; this is aarch64" },
		{ { "clock.tsc-sync", "none", one_cpu }, "only one CPU" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct finding f;
		struct host h;

		make_guest(&h, &cases[i].guest);
		f = check_row(&h, cases[i].guest.id, VERDICT_NOT_APPLICABLE, cases[i].piece);
		assert_null(f.fix.persist);
		arena_release(&h.arena);
	}
}

static void clock_of(struct host *h, const char *current, const char *offered)
{
	host_blank(h);
	set_str(&h->clock.arch, "x86_64");
	set_str(&h->clock.current, current);
	h->clock.available.known = true;
	if (offered)
		assert_int_equal(fact_add_str(&h->clock.available, &h->arena, offered), 0);
}

static void clocksource(void **state)
{
	static const struct {
		const char *current, *offered;
		bool is_unstable;
		enum verdict verdict;
		const char *piece, *fix;
	} cases[] = {
		{ "tsc", "tsc", false, VERDICT_PASS, "The clocksource is tsc.", NULL },
		{ "hpet", "tsc", false, VERDICT_PROBLEM, "hpet although tsc is offered",
		  "clocksource" },
		{ "kvm-clock", "tsc", false, VERDICT_ADVICE, "kvm-clock although tsc is offered",
		  "clocksource" },
		{ "hpet", NULL, true, VERDICT_PROBLEM, "marked the TSC unstable", "firmware" },
		{ "acpi_pm", NULL, false, VERDICT_PROBLEM, "offers no TSC", "dmesg" },
		{ "xen", NULL, false, VERDICT_ADVICE, "offers no TSC", "dmesg" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct finding f;
		struct host h;

		clock_of(&h, cases[i].current, cases[i].offered);
		fact_set_bool(&h.clock.is_tsc_unstable, cases[i].is_unstable);
		f = check_row(&h, "clocksource.tsc", cases[i].verdict, cases[i].piece);
		if (cases[i].fix && (!f.fix.persist || !strstr(f.fix.persist, cases[i].fix)))
			fail_msg("%s: '%s'", cases[i].piece, f.fix.persist ? f.fix.persist : "");
		arena_release(&h.arena);
	}
}

static void tsc_order(void **state)
{
	struct tsc_order *o;
	struct host h;

	(void)state;
	clock_of(&h, "tsc", "tsc");
	o = fact_add_item(&h.tsc.orders, &h.arena, sizeof(*o));
	assert_non_null(o);
	fact_set_u64(&o->cpu_a, 0);
	fact_set_u64(&o->cpu_b, 3);
	fact_set_u64(&o->n_turns, 1000);
	fact_set_u64(&o->n_backward, 0);
	fact_set_u64(&o->max_backward_ns, 0);
	check_row(&h, "clock.tsc-sync", VERDICT_PASS, "in 1000 turns between 1 pair of CPUs");
	fact_set_u64(&o->n_backward, 7);
	fact_set_u64(&o->max_backward_ns, 120);
	check_row(&h, "clock.tsc-sync", VERDICT_PROBLEM, "in 7 of 1000 turns, by up to 120 ns");
	arena_release(&h.arena);
}

static void ignored_msrs_are_reported(void **state)
{
	struct host h;

	(void)state;
	host_blank(&h);
	set_setting(&h, &h.kernel.params, "kvm.ignore_msrs", "Y");
	set_setting(&h, &h.kernel.params, "kvm.report_ignored_msrs", "Y");
	check_row(&h, "kvm.report-ignored-msrs", VERDICT_PASS, "written to the log");
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_where_a_fact_is_missing),
		cmocka_unit_test(not_applicable_where_there_is_nothing_to_judge),
		cmocka_unit_test(clocksource),
		cmocka_unit_test(tsc_order),
		cmocka_unit_test(ignored_msrs_are_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Enlightenments: each verdict of each rule, its sentence, and that its fix mends it. */
#include "tests/lib/guest_words.h"

#define P    VERDICT_PROBLEM
#define A    VERDICT_ADVICE
#define U    VERDICT_UNKNOWN
#define OK   VERDICT_PASS
#define NA   VERDICT_NOT_APPLICABLE
#define NONE N_VERDICTS

static const struct word_case guide_cases[] = {
	{ "hv.relaxed", "none", NA, "No guest is configured", NULL, NONE },
	{ "hv.relaxed", "linux", NA, "not run Windows but Linux", NULL, NONE },
	{ "hv.relaxed", "unknown", U, "domain.guest_os is not known", NULL, NONE },
	{ "hv.relaxed", "windows arch=aarch64", NA, "the guest is aarch64", NULL, NONE },
	{ "hv.relaxed", "windows type=qemu", NA, "emulated", NULL, NONE },
	{ "hv.relaxed", "windows", A, "Windows runs without <relaxed>: its watchdogs",
	  "<relaxed state='on'/>", OK },
	{ "hv.relaxed", "windows relaxed=off", A, "without <relaxed>", NULL, OK },
	{ "hv.relaxed", "windows relaxed", OK, "<relaxed> is on.", NULL, NONE },
	{ "hv.relaxed", "windows relaxed cpu:hypervisor=disable", OK, "shows no hypervisor", NULL,
	  NONE },
	{ "hv.relaxed", "windows mode=passthrough", OK, "all that the host has", NULL, NONE },
	{ "hv.relaxed", "windows mode=host-model", OK, "all that the host has", NULL, NONE },
	{ "hv.relaxed", "windows manager=proxmox", A, "without <relaxed>",
	  "qm set VMID --ostype win10", NONE },
	{ "hv.relaxed", "windows manager=plain", A, "without <relaxed>",
	  "at the end of the value of -cpu: ,hv-relaxed=on", NONE },
	{ "hv.vapic", "windows", A, "end of each interrupt", "<vapic state='on'/>", OK },
	{ "hv.vapic", "windows vapic", OK, "<vapic> is on.", NULL, NONE },
	{ "hv.vpindex", "windows", A, "without <vpindex>", "<vpindex state='on'/>", OK },
	{ "hv.vpindex", "windows synic tlbflush", P, "synic and tlbflush cannot be had without",
	  "<vpindex state='on'/>", OK },
	{ "hv.vpindex", "windows synic qemu=4.0.1", A, "QEMU refuses", NULL, OK },
	{ "hv.vpindex", "windows synic vpindex", OK, "<vpindex> is on.", NULL, NONE },
	{ "hv.runtime", "windows", A, "time of its own", "<runtime state='on'/>", OK },
	{ "hv.runtime", "windows runtime", OK, "<runtime> is on.", NULL, NONE },
	{ "hv.frequencies", "windows", A, "rates of TSC", "<frequencies state='on'/>", OK },
	{ "hv.frequencies", "windows manager=proxmox", A, "rates of TSC",
	  "line args: -global x86_64-cpu.hv-frequencies=on", NONE },
	{ "hv.frequencies", "windows frequencies", OK, "<frequencies> is on.", NULL, NONE },
	{ "hv.tlbflush", "windows", A, "interrupts all vCPUs",
	  "<vpindex state='on'/>\n    <tlbflush state='on'/>", OK },
	{ "hv.tlbflush", "windows tlbflush", P, "on without vpindex", "<vpindex state='on'/>", OK },
	{ "hv.tlbflush", "windows tlbflush vpindex", OK, "<tlbflush> is on.", NULL, NONE },
};

static const struct word_case timer_cases[] = {
	{ "hv.synic", "windows", A, "no synthetic timers",
	  "<vpindex state='on'/>\n    <synic state='on'/>", OK },
	{ "hv.synic", "windows synic", P, "on without vpindex", "<vpindex state='on'/>", OK },
	{ "hv.synic", "windows synic vpindex", OK, "<synic> is on.", NULL, NONE },
	{ "hv.synic", "windows synic vpindex param:kvm_intel.enable_apicv=N", OK, "is on.", NULL,
	  NONE },
	{ "hv.synic", "windows synic vpindex param:kvm_intel.enable_apicv=Y", A,
	  "without <avic>: the host has APICv", "<avic state='on'/>", OK },
	{ "hv.synic", "windows synic vpindex param:kvm_amd.avic=Y", A, "the host has AVIC",
	  "<avic state='on'/>", OK },
	{ "hv.synic", "windows synic vpindex avic param:kvm_amd.avic=Y", OK, "is on.", NULL, NONE },
	/* What is switched on at last is complete. */
	{ "hv.synic", "windows param:kvm_amd.avic=Y", A, "no synthetic timers",
	  "<avic state='on'/>", OK },
	{ "hv.stimer", "windows", A, "HPET or RTC", "<timer name='hypervclock' present='yes'/>",
	  OK },
	{ "hv.stimer", "windows manager=plain", A, "HPET or RTC",
	  ",hv-vpindex=on,hv-synic=on,hv-time=on,hv-stimer=on", NONE },
	{ "hv.stimer", "windows stimer synic vpindex", P, "on without hypervclock",
	  "<timer name='hypervclock' present='yes'/>", OK },
	{ "hv.stimer", "windows stimer synic vpindex hypervclock=off", P, "on without hypervclock",
	  NULL, OK },
	{ "hv.stimer", "windows stimer", P, "on without vpindex and synic and hypervclock", NULL,
	  OK },
	{ "hv.stimer", "windows stimer synic vpindex hypervclock", OK, "<stimer> is on.", NULL,
	  NONE },
	{ "clock.hypervclock", "windows", A, "without hypervclock",
	  "<timer name='hypervclock' present='yes'/>", OK },
	{ "clock.hypervclock", "windows stimer hypervclock=off", P, "while <stimer> is on", NULL,
	  OK },
	{ "clock.hypervclock", "windows hypervclock", OK, "page of memory", NULL, NONE },
	{ "clock.hypervclock", "windows mode=passthrough", OK, "all enlightenments", NULL, NONE },
	{ "clock.hypervclock", "linux", NA, "but Linux", NULL, NONE },
	{ "clock.hypervclock", "unknown", U, "guest_os", NULL, NONE },
	{ "hide.timers", "windows", OK, "not hidden", NULL, NONE },
	{ "hide.timers", "windows hypervclock", OK, "not hidden", NULL, NONE },
	{ "hide.timers", "windows hypervclock=off", A, "hidden (present='no'): Windows",
	  "<timer name='hypervclock' present='yes'/>", OK },
	{ "hide.timers", "windows hypervclock=off stimer", P, "while <stimer> is on", NULL, OK },
	{ "hide.timers", "linux hypervclock=off", NA, "but Linux", NULL, NONE },
	{ "hide.timers", "unknown", U, "guest_os", NULL, NONE },
};

static const struct word_case other_cases[] = {
	{ "hv.spinlocks", "windows", OK, "the default", NULL, NONE },
	{ "hv.spinlocks", "windows spinlocks", OK, "the default", NULL, NONE },
	{ "hv.spinlocks", "windows spinlocks spinlocks.retries=4294967295", OK, "never tells", NULL,
	  NONE },
	{ "hv.spinlocks", "windows spinlocks spinlocks.retries=4095", OK, "after 4095 tries", NULL,
	  NONE },
	{ "hv.spinlocks", "windows spinlocks spinlocks.retries=8191", A, "tries 8191 times",
	  "<spinlocks state='on' retries='4095'/>", OK },
	{ "hv.spinlocks", "windows spinlocks spinlocks.retries=8191 pinned=4", A,
	  "after 8191 tries for a lock, yet each vCPU has a CPU", "without <spinlocks>", OK },
	{ "hv.spinlocks", "windows spinlocks spinlocks.retries=4095 pinned=4", A, "after 4095",
	  "without <spinlocks>", OK },
	{ "hv.spinlocks", "windows spinlocks spinlocks.retries=8191 manager=proxmox", OK,
	  "Proxmox sets that", NULL, NONE },
	{ "hv.spinlocks", "windows spinlocks spinlocks.retries=100", P, "has 100 retries",
	  "retries='4095'", OK },
	{ "hv.spinlocks", "windows spinlocks spinlocks.retries=100 manager=plain", A,
	  "has 100 retries", "hv-spinlocks=0xfff", NONE },
	{ "hv.spinlocks", "windows mode=passthrough", OK, "passed through", NULL, NONE },
	{ "hv.reset", "windows", NA, "<reset> is off", NULL, NONE },
	{ "hv.reset", "windows reset", NA, "costs nothing", NULL, NONE },
	{ "hv.vendor-id", "windows", NA, "usual name", NULL, NONE },
	{ "hv.vendor-id", "windows vendor_id vendor_id.value=eridanampora", NA, "another name",
	  NULL, NONE },
	{ "hv.vendor-id", "windows vendor_id vendor_id.value=1234567890123", P,
	  "'1234567890123' has 13 characters", "without <vendor_id>", NA },
	{ "hv.vendor-id", "windows vendor_id vendor_id.value=1234567890123 manager=plain", A,
	  "13 characters", "without hv-vendor-id", NONE },
	{ "hv.reenlightenment", "windows", NA, "migrated", NULL, NONE },
	{ "hv.reenlightenment", "windows reenlightenment", A, "without <frequencies>",
	  "<frequencies state='on'/>", OK },
	{ "hv.reenlightenment", "windows reenlightenment frequencies", OK, "with <frequencies>",
	  NULL, NONE },
};

static void check_cases(const struct word_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_word_case(&cases[i]);
}

static void test_guide(void **state)
{
	(void)state;
	check_cases(guide_cases, ARRAY_SIZE(guide_cases));
}

static void test_timers(void **state)
{
	(void)state;
	check_cases(timer_cases, ARRAY_SIZE(timer_cases));
}

static void test_others(void **state)
{
	(void)state;
	check_cases(other_cases, ARRAY_SIZE(other_cases));
}

/* A configuration that runs did start, whatever is thought of it. */
static void test_running(void **state)
{
	struct guest_process running = { .name = { true, "win10" } };
	struct host h;

	(void)state;
	guest_of_words(&h, "windows stimer synic vpindex");
	h.running = &running;
	check_row(&h, "hv.stimer", VERDICT_ADVICE, "on without hypervclock");
	set_str(&running.name, "another");
	check_row(&h, "hv.stimer", VERDICT_PROBLEM, "on without hypervclock");
	arena_release(&h.arena);
}

/* libvirt before 8.10 refuses <avic>. */
static void test_old_libvirt(void **state)
{
	struct host h;
	struct finding f;

	(void)state;
	guest_of_words(&h, "windows synic vpindex param:kvm_amd.avic=Y libvirt=8.9.0");
	f = check_row(&h, "hv.synic", VERDICT_ADVICE, "without <avic>");
	assert_int_equal(f.n_items, 1);
	assert_non_null(strstr(f.items[0], "needs libvirt 8.10.0"));
	arena_release(&h.arena);
	guest_of_words(&h, "windows param:kvm_amd.avic=Y libvirt=8.9.0");
	f = check_row(&h, "hv.synic", VERDICT_ADVICE, "no synthetic timers");
	assert_null(strstr(f.fix.persist, "avic"));
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_guide),       cmocka_unit_test(test_timers),
		cmocka_unit_test(test_others),      cmocka_unit_test(test_running),
		cmocka_unit_test(test_old_libvirt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules about nesting, TPM, performance counters and hints: one case per verdict each can give. */
#include "tests/lib/guestconf.h"

static void set_nested(struct host *h, const char *module, const char *value)
{
	h->kernel.params.known = true;
	if (module)
		add_setting(h, &h->kernel.params, module, value);
}

static void nested_on(struct host *h)
{
	set_nested(h, "kvm_intel.nested", "Y");
}

static void nested_off(struct host *h)
{
	set_nested(h, "kvm_amd.nested", "0");
}

static void nested_off_wanted(struct host *h)
{
	nested_off(h);
	add_setting(h, &h->domain.cpu_features, "svm", "require");
}

static void no_module(struct host *h)
{
	set_nested(h, NULL, NULL);
}

static void nested_taken(struct host *h)
{
	nested_on(h);
	add_setting(h, &h->domain.cpu_features, "vmx", "disable");
}

static void run_nested(struct host *h, uint64_t n)
{
	struct activity_counter *c = fact_add_item(&h->activity.counters, &h->arena, sizeof(*c));

	assert_non_null(c);
	run_guest(h, "libvirt");
	nested_on(h);
	fact_set_u64(&h->activity.window_ns, 10 * NS_PER_S);
	set_str(&c->name, "kvm.nested_run");
	fact_set_u64(&c->n, n);
}

static void nested_busy(struct host *h)
{
	run_nested(h, 50000);
}

static void nested_idle(struct host *h)
{
	run_nested(h, 300);
}

static void test_nested(void **state)
{
	static const struct guest_case cases[] = {
		{ NULL, nested_off, VERDICT_PASS, "Nesting is off", NULL },
		{ NULL, nested_idle, VERDICT_PASS, "the guest used it 30 times a second", NULL },
		{ "windows", nested_busy, VERDICT_ADVICE,
		  "5000 times a second (Windows with VBS or Memory Integrity does)",
		  "cpu/feature[name=vmx]@policy=disable" },
		{ "linux", nested_busy, VERDICT_ADVICE, "5000 times a second: each exit", NULL },
		{ NULL, nested_off_wanted, VERDICT_ADVICE, "but the guest requires svm", NULL },
		{ NULL, nested_on, VERDICT_NOT_APPLICABLE, "a run shows how much", NULL },
		{ NULL, no_module, VERDICT_NOT_APPLICABLE, "is loaded", NULL },
		{ NULL, nested_taken, VERDICT_NOT_APPLICABLE, "is taken away", NULL },
		{ NULL, NULL, VERDICT_UNKNOWN, "kernel.params", NULL },
	};
	struct finding f;
	struct host h;

	(void)state;
	CHECK_GUESTS("kvm.nested", cases);
	host_blank(&h);
	guest_of(&h, "windows");
	nested_busy(&h);
	f = check_row(&h, "kvm.nested", VERDICT_ADVICE, NULL);
	assert_int_equal(f.confidence, CONFIDENCE_MEASURED);
	check_has(f.fix.persist, "<feature policy='disable' name='vmx'/>");
	arena_release(&h.arena);
	host_blank(&h);
	guest_of(&h, "windows");
	nested_off_wanted(&h);
	f = check_row(&h, "kvm.nested", VERDICT_ADVICE, NULL);
	assert_null(f.fix.change[CHANGE_XML]);
	check_has(f.fix.persist, "echo 'options kvm_amd nested=1' | sudo tee -a");
	arena_release(&h.arena);
}

static void swtpm(struct host *h)
{
	set_str(&h->domain.tpm, "tpm-crb");
	set_str(&h->domain.tpm_backend, "emulator");
}

static void swtpm_there(struct host *h)
{
	swtpm(h);
	fact_set_bool(&h->setup.has_swtpm, true);
}

static void swtpm_absent(struct host *h)
{
	swtpm(h);
	fact_set_bool(&h->setup.has_swtpm, false);
}

static void swtpm_runs(struct host *h)
{
	swtpm_absent(h);
	run_guest(h, "libvirt");
}

static void tpm_of_host(struct host *h)
{
	swtpm_absent(h);
	set_str(&h->domain.tpm_backend, "passthrough");
}

static void test_tpm(void **state)
{
	static const struct guest_case cases[] = {
		{ NULL, swtpm_there, VERDICT_PASS, "swtpm is there", NULL },
		{ NULL, swtpm_runs, VERDICT_PASS, "runs with its TPM", NULL },
		{ NULL, swtpm_absent, VERDICT_PROBLEM, "swtpm is not installed", NULL },
		{ NULL, swtpm, VERDICT_UNKNOWN, "Whether swtpm is installed", NULL },
		{ NULL, tpm_of_host, VERDICT_NOT_APPLICABLE, "is not of swtpm", NULL },
		{ NULL, NULL, VERDICT_NOT_APPLICABLE, "has no TPM", NULL },
	};
	struct finding f;
	struct host h;

	(void)state;
	CHECK_GUESTS("tpm.vtpm", cases);
	host_blank(&h);
	guest_of(&h, NULL);
	swtpm_absent(&h);
	f = check_row(&h, "tpm.vtpm", VERDICT_PROBLEM, NULL);
	check_has(f.fix.persist, "sudo apt install swtpm swtpm-tools");
	arena_release(&h.arena);
}

static void real_time(struct host *h)
{
	struct domain_sched *s = fact_add_item(&h->domain.vcpu_scheds, &h->arena, sizeof(*s));

	assert_non_null(s);
	set_str(&s->policy, "fifo");
}

static void real_time_without(struct host *h)
{
	real_time(h);
	add_setting(h, &h->domain.features, "pmu", "off");
}

static void no_features(struct host *h)
{
	h->domain.features.known = false;
}

static void test_pmu(void **state)
{
	static const struct guest_case cases[] = {
		{ NULL, real_time_without, VERDICT_PASS, "no virtual PMU", NULL },
		{ NULL, real_time, VERDICT_ADVICE, "real-time vCPUs and a virtual PMU",
		  "features/pmu@state=off" },
		{ NULL, NULL, VERDICT_NOT_APPLICABLE, "only while it profiles", NULL },
		{ NULL, no_features, VERDICT_UNKNOWN, "domain.features", NULL },
	};

	(void)state;
	CHECK_GUESTS("xml.pmu", cases);
}

static void dedicated(struct host *h)
{
	machine_8700k(h);
	configure_guest(h, 4, "1 7 2 8");
	set_cpus(&h->cpu.isolated, "1-2,7-8");
}

static void hinted(struct host *h)
{
	dedicated(h);
	add_setting(h, &h->domain.features, "kvm.hint-dedicated", "on");
}

static void hinted_floating(struct host *h)
{
	machine_8700k(h);
	configure_guest(h, 4, "1 7");
	add_setting(h, &h->domain.features, "kvm.hint-dedicated", "on");
}

static void shared(struct host *h)
{
	dedicated(h);
	set_cpus(&h->cpu.isolated, "1-2");
}

static void test_hints(void **state)
{
	static const struct guest_case cases[] = {
		{ "linux", hinted, VERDICT_PASS, "is told that its CPUs are its own.", NULL },
		{ "linux", dedicated, VERDICT_ADVICE, "CPUs 1-2,7-8 are isolated and pinned, but",
		  "features/kvm/hint-dedicated@state=on" },
		{ "linux", hinted_floating, VERDICT_ADVICE, "but 2 of 4 vCPUs are pinned",
		  "features/kvm/hint-dedicated@state=off" },
		{ "linux", shared, VERDICT_NOT_APPLICABLE, "not its own alone", NULL },
		{ "windows", dedicated, VERDICT_NOT_APPLICABLE, "Windows does not ask", NULL },
		{ NULL, dedicated, VERDICT_NOT_APPLICABLE, "not known to run", NULL },
		{ "linux", no_features, VERDICT_UNKNOWN, "domain.features", NULL },
	};

	(void)state;
	CHECK_GUESTS("xml.kvm-hints", cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_tpm),
		cmocka_unit_test(test_pmu),
		cmocka_unit_test(test_hints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions about the configured guest: what is said, what is absent, what a default fills. */
#include "analyze/guest_config.h"
#include "tests/lib/guest.h"

static void test_applies(void **state)
{
	typedef bool applies_fn(const struct host *h, struct finding *out);
	static const struct {
		const char *label, *guest_os, *arch;
		applies_fn *applies;
		bool expected;
		const char *said;
	} cases[] = {
		{ "a guest", NULL, NULL, guest_is_known, true, NULL },
		{ "Windows", "windows", NULL, guest_is_windows, true, NULL },
		{ "may be Windows", "windows", NULL, guest_may_be_windows, true, NULL },
		{ "Linux", "linux", NULL, guest_is_windows, false, "not run Windows but Linux." },
		{ "may be Linux", "linux", NULL, guest_may_be_windows, false, "but Linux." },
		{ "other", "other", NULL, guest_is_windows, false, "not run Windows." },
		{ "unknown", NULL, NULL, guest_is_windows, false, "is not known" },
		{ "may be unknown", NULL, NULL, guest_may_be_windows, true, NULL },
		{ "no device", NULL, NULL, guest_has_vfio, false, "No PCI device" },
		{ "x86", NULL, "x86_64", guest_is_x86, true, NULL },
		{ "arm", NULL, "aarch64", guest_is_x86, false, "is aarch64" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct host h;
		struct finding f = { 0 };

		guest_blank(&h, cases[i].guest_os);
		if (cases[i].arch)
			set_str(&h.domain.arch, cases[i].arch);
		f.arena = &h.arena;
		if (cases[i].applies(&h, &f) != cases[i].expected ||
		    (cases[i].said && !strstr(f.summary, cases[i].said)))
			fail_msg("%s: '%s'", cases[i].label, f.summary ? f.summary : "");
		arena_release(&h.arena);
		/* Without a guest none applies, and all say so. */
		host_blank(&h);
		f = (struct finding){ .arena = &h.arena };
		assert_false(cases[i].applies(&h, &f));
		assert_non_null(strstr(f.summary, "No guest is configured or running."));
		arena_release(&h.arena);
	}
}

static void test_vfio(void **state)
{
	static const struct {
		const char *type;
		bool expected;
	} cases[] = { { "usb", false }, { "scsi", false }, { "pci", true }, { "mdev", true } };
	struct host h;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct domain_hostdev dev = { .type = { true, cases[i].type } };

		guest_blank(&h, NULL);
		h.domain.hostdevs = (struct fact_list){ true, 1, &dev };
		assert_int_equal(guest_passes_through_pci(&h), cases[i].expected);
		arena_release(&h.arena);
	}
	guest_blank(&h, NULL);
	set_host_device(&h, "0000:01:00.0");
	assert_true(guest_passes_through_pci(&h));
	arena_release(&h.arena);
}

static void test_features(void **state)
{
	static const struct {
		const char *value;
		enum guest_answer feature, cpu_feature;
	} cases[] = { { NULL, GUEST_ABSENT, GUEST_ABSENT },  { "on", GUEST_ON, GUEST_ON },
		      { "off", GUEST_OFF, GUEST_OFF },       { "no", GUEST_OFF, GUEST_ABSENT },
		      { "require", GUEST_ON, GUEST_ON },     { "force", GUEST_ON, GUEST_ON },
		      { "disable", GUEST_OFF, GUEST_OFF },   { "forbid", GUEST_OFF, GUEST_OFF },
		      { "optional", GUEST_ON, GUEST_ABSENT } };
	struct host h;

	(void)state;
	host_blank(&h);
	assert_int_equal(guest_feature(&h, "smm"), GUEST_UNKNOWN);
	assert_int_equal(guest_enlightenment(&h, "relaxed"), GUEST_UNKNOWN);
	assert_int_equal(guest_cpu_feature(&h, "invtsc"), GUEST_UNKNOWN);
	assert_int_equal(guest_timer_state(&h, "hpet"), GUEST_UNKNOWN);
	assert_false(guest_has_timer(&h, "hpet"));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		guest_blank(&h, "windows");
		if (cases[i].value) {
			set_feature(&h, "hyperv.relaxed", cases[i].value);
			set_setting(&h, &h.domain.cpu_features, "invtsc", cases[i].value);
		}
		assert_int_equal(guest_feature(&h, "hyperv.relaxed"), cases[i].feature);
		assert_int_equal(guest_enlightenment(&h, "relaxed"), cases[i].feature);
		assert_int_equal(guest_has_enlightenments(&h), cases[i].feature == GUEST_ON);
		assert_int_equal(guest_cpu_feature(&h, "invtsc"), cases[i].cpu_feature);
		assert_int_equal(guest_enlightenment(&h, "vapic"), GUEST_ABSENT);
		set_str(&h.domain.hyperv_mode, "passthrough");
		assert_int_equal(guest_enlightenment(&h, "relaxed"), GUEST_ON);
		assert_int_equal(guest_enlightenment(&h, "vapic"), GUEST_ON);
		arena_release(&h.arena);
	}
}

static void test_hidden(void **state)
{
	struct host h;

	(void)state;
	guest_blank(&h, "windows");
	assert_false(guest_hides_kvm(&h));
	assert_false(guest_hides_hypervisor(&h));
	set_feature(&h, "kvm.hidden", "on");
	set_setting(&h, &h.domain.cpu_features, "hypervisor", "disable");
	assert_true(guest_hides_kvm(&h));
	assert_true(guest_hides_hypervisor(&h));
	arena_release(&h.arena);
}

static void test_timers(void **state)
{
	static const struct {
		const char *name, *machine;
		bool expected;
	} defaults[] = {
		{ "hpet", "pc-q35-7.2", true }, { "rtc", "pc-i440fx-7.2", true },
		{ "kvmclock", "q35", true },    { "hypervclock", "q35", false },
		{ "hpet", "microvm", false },   { "hpet", "virt-7.2", false },
		{ "platform", "q35", false },
	};
	struct host h;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(defaults); i++) {
		guest_blank(&h, NULL);
		set_str(&h.domain.machine, defaults[i].machine);
		assert_int_equal(guest_timer_state(&h, defaults[i].name), GUEST_ABSENT);
		assert_int_equal(guest_has_timer(&h, defaults[i].name), defaults[i].expected);
		set_timer(&h, defaults[i].name, false);
		assert_int_equal(guest_timer_state(&h, defaults[i].name), GUEST_OFF);
		assert_false(guest_has_timer(&h, defaults[i].name));
		set_timer(&h, defaults[i].name, true);
		assert_true(guest_has_timer(&h, defaults[i].name));
		/* <timer name='…'/> without present= is a timer. */
		set_timer(&h, defaults[i].name, false)->is_present.known = false;
		assert_int_equal(guest_timer_state(&h, defaults[i].name), GUEST_ON);
		arena_release(&h.arena);
	}
	guest_blank(&h, NULL);
	set_str(&h.domain.hyperv_mode, "passthrough");
	assert_true(guest_has_timer(&h, "hypervclock"));
	arena_release(&h.arena);
}

static void test_pinned(void **state)
{
	struct host h;
	struct domain_pin pins[2] = { { { true, 0 }, { true, cpus_of("2") } },
				      { { true, 1 }, { true, cpus_of("2") } } };

	(void)state;
	guest_blank(&h, NULL);
	assert_false(guest_is_pinned_apart(&h));
	fact_set_u64(&h.domain.n_vcpus, 2);
	assert_false(guest_is_pinned_apart(&h));
	h.domain.vcpu_pins = (struct fact_list){ true, 2, pins };
	assert_false(guest_is_pinned_apart(&h));
	pins[1].cpus.v = cpus_of("3");
	assert_true(guest_is_pinned_apart(&h));
	fact_set_u64(&h.domain.n_vcpus, 3);
	assert_false(guest_is_pinned_apart(&h));
	arena_release(&h.arena);
}

static void test_versions(void **state)
{
	static const struct {
		const char *a, *b;
		int expected;
	} cases[] = {
		{ "9.0.0", "9.0.0", 0 },
		{ "9.0.0", "9", 0 },
		{ "9.0.0", "9.10.0", -1 },
		{ "10.7.0", "9.0.0", 1 },
		{ "7.2.22 (Debian 1:7.2+dfsg)", "7.2.22", 0 },
		{ "", "1", -1 },
		{ "99999999999999999999999999", "1", 1 },
	};
	struct fact_str version = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(version_compare(cases[i].a, cases[i].b), cases[i].expected);
		assert_int_equal(version_compare(cases[i].b, cases[i].a), -cases[i].expected);
	}
	assert_false(version_is_older(&version, "9"));
	set_str(&version, "unknown");
	assert_false(version_is_older(&version, "9"));
	set_str(&version, "8.9");
	assert_true(version_is_older(&version, "9"));
	assert_false(version_is_older(&version, "8.9.0"));
}

static void test_params(void **state)
{
	static const struct {
		const char *value;
		bool expected;
	} cases[] = { { "Y", true },  { "1", true },   { "N", false },
		      { "0", false }, { "-1", false }, { "", false } };
	struct host h;

	(void)state;
	host_blank(&h);
	assert_false(host_param_is_on(&h, "kvm_amd.avic"));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		set_setting(&h, &h.kernel.params, "kvm_amd.avic", cases[i].value);
		assert_int_equal(host_param_is_on(&h, "kvm_amd.avic"), cases[i].expected);
	}
	arena_release(&h.arena);
}

static void test_real_time(void **state)
{
	static const struct {
		const char *policy;
		bool expected;
	} cases[] = { { "fifo", true }, { "rr", true }, { "batch", false }, { NULL, false } };
	struct domain_sched sched = { 0 };
	struct host h;

	(void)state;
	host_blank(&h);
	assert_false(guest_wants_real_time(&h));
	h.domain.vcpu_scheds = (struct fact_list){ true, 1, &sched };
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		sched.policy = (struct fact_str){ cases[i].policy != NULL, cases[i].policy };
		assert_int_equal(guest_wants_real_time(&h), cases[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_applies),   cmocka_unit_test(test_vfio),
		cmocka_unit_test(test_features),  cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_timers),    cmocka_unit_test(test_pinned),
		cmocka_unit_test(test_versions),  cmocka_unit_test(test_params),
		cmocka_unit_test(test_real_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "probes/microguest/microguest.h"
#include "probes/microguest/options.h"
#include "tests/lib/check.h"

static struct microguest_config config_of(unsigned n_cpus, uint64_t spin_ns, uint64_t halt_ns)
{
	struct microguest_config config = { .spin_ns = spin_ns, .halt_ns = halt_ns };

	for (unsigned n = 0; n < n_cpus; n++)
		cpus_add(&config.cpus, n);
	return config;
}

static void test_check(void **state)
{
	static const struct {
		unsigned n_cpus;
		uint64_t spin_ns, halt_ns;
		int expected;
	} rows[] = {
		{ 1, 1, 1, 0 },
		{ MG_VCPUS_MAX, NS_PER_S, NS_PER_S, 0 },
		{ 1, 0, 1, 0 },
		{ 1, 1, 0, 0 },
		{ 0, 1, 1, -EINVAL },
		{ 1, 0, 0, -EINVAL },
		{ MG_VCPUS_MAX + 1, 1, 1, -E2BIG },
		{ 1, NS_PER_S + 1, 1, -ERANGE },
		{ 1, 1, NS_PER_S + 1, -ERANGE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct microguest_config config =
			config_of(rows[i].n_cpus, rows[i].spin_ns, rows[i].halt_ns);

		assert_int_equal(microguest_check(&config), rows[i].expected);
	}
}

static void test_check_with_hooks(void **state)
{
	const struct microguest_hooks hooks = { 0 };
	struct microguest_config config = config_of(2, 0, 0);

	(void)state;
	assert_int_equal(microguest_check(&config), -EINVAL);
	config.hooks = &hooks;
	assert_int_equal(microguest_check(&config), 0);
	config.cpus = (struct cpus){ 0 };
	assert_int_equal(microguest_check(&config), -EINVAL);
}

static void test_new_names_a_wrong_configuration(void **state)
{
	struct microguest_config config = config_of(0, 1, 1);
	struct microguest *guest = NULL;
	struct failure failed;

	(void)state;
	assert_int_equal(microguest_new(&config, &guest, &failed), -EINVAL);
	assert_int_equal(failed.kind, FAILURE_CALL);
	assert_null(guest);
}

static void test_options_default(void **state)
{
	struct cpus one = { 0 }, three = { 0 };
	struct options o;

	(void)state;
	cpus_add(&one, 5);
	o = options_default(&one);
	assert_true(cpus_equal(&o.config.cpus, &one));
	assert_int_equal(microguest_check(&o.config), 0);
	assert_int_equal(o.duration_ns, 0);
	assert_false(o.config.is_floating);
	cpus_add(&three, 1);
	cpus_add(&three, 3);
	cpus_add(&three, 4);
	o = options_default(&three);
	assert_int_equal(cpus_count(&o.config.cpus), 2);
	assert_false(cpus_has(&o.config.cpus, 1));
}

static void test_options_set(void **state)
{
	static const struct {
		const char *name, *value;
		int expected;
	} rows[] = {
		{ "cpus", "0-3,8", 0 },        { "cpus", "", -EINVAL },
		{ "cpus", "x", -EINVAL },      { "cpus", "0-254", 0 },
		{ "cpus", "0-255", -ERANGE },  { "cpus", "99999", -ERANGE },
		{ "spin", "0us", 0 },          { "spin", "1s", 0 },
		{ "spin", "1001ms", -ERANGE }, { "spin", "5", -EINVAL },
		{ "halt", "250us", 0 },        { "halt", "2s", -ERANGE },
		{ "halt", "-1ms", -EINVAL },   { "duration", "10s", 0 },
		{ "duration", "0s", -ERANGE }, { "duration", "", -EINVAL },
		{ "speed", "1s", -EINVAL },
	};
	struct cpus allowed = { 0 };

	(void)state;
	cpus_add(&allowed, 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct options o = options_default(&allowed);
		struct options before = o;

		assert_int_equal(options_set(&o, rows[i].name, rows[i].value), rows[i].expected);
		if (rows[i].expected < 0)
			assert_memory_equal(&o, &before, sizeof(o));
	}
}

static void test_options_set_stores(void **state)
{
	struct cpus allowed = { 0 };
	struct options o;

	(void)state;
	cpus_add(&allowed, 0);
	o = options_default(&allowed);
	assert_int_equal(options_set(&o, "cpus", "2,5-6"), 0);
	assert_int_equal(options_set(&o, "spin", "3ms"), 0);
	assert_int_equal(options_set(&o, "halt", "700us"), 0);
	assert_int_equal(options_set(&o, "duration", "2min"), 0);
	assert_int_equal(cpus_count(&o.config.cpus), 3);
	assert_true(cpus_has(&o.config.cpus, 6));
	assert_int_equal(o.config.spin_ns, 3 * NS_PER_MS);
	assert_int_equal(o.config.halt_ns, 700 * NS_PER_US);
	assert_int_equal(o.duration_ns, 120 * NS_PER_S);
}

/* clang-format off */
static const struct {
	struct failure failure;
	const char *text; /* the line starts like this */
} failure_rows[] = {
	{ { .kind = FAILURE_NONE, .vcpu = -1, .cpu = -1 }, "no failure" },
	{ { .kind = FAILURE_CALL, .what = "/dev/kvm", .error = -ENOENT, .vcpu = -1, .cpu = -1 },
	  "/dev/kvm: No such file or directory: load kvm_intel or kvm_amd, or enable "
	  "virtualisation in the firmware" },
	{ { .kind = FAILURE_CALL, .what = "/dev/kvm", .error = -EACCES, .vcpu = -1, .cpu = -1 },
	  "/dev/kvm: Permission denied: become a member of the group kvm" },
	{ { .kind = FAILURE_CALL, .what = "KVM_SET_REGS", .error = -EINVAL, .vcpu = 3, .cpu = -1 },
	  "vCPU 3: KVM_SET_REGS: Invalid argument" },
	{ { .kind = FAILURE_CALL, .what = "thread", .error = -EINVAL, .vcpu = 0, .cpu = 9 },
	  "vCPU 0 on CPU 9: thread: Invalid argument: that CPU is offline" },
	{ { .kind = FAILURE_MISSING, .what = "the TSC-deadline timer", .vcpu = -1, .cpu = -1 },
	  "/dev/kvm: this KVM lacks the TSC-deadline timer" },
	{ { .kind = FAILURE_EXIT, .vcpu = 1, .cpu = 2, .exit_reason = KVM_EXIT_SHUTDOWN,
	    .rip = 0x8123 },
	  "vCPU 1 on CPU 2: KVM ended it with exit reason 8 shutdown (triple fault), detail 0x0, "
	  "rip 0x8123" },
	{ { .kind = FAILURE_EXIT, .vcpu = 0, .cpu = 0, .exit_reason = 12345 },
	  "vCPU 0 on CPU 0: KVM ended it with exit reason 12345 other" },
	{ { .kind = FAILURE_FAULT, .vcpu = 0, .cpu = 1, .vector = 14, .code = 2, .rip = 0x8050 },
	  "vCPU 0 on CPU 1: the guest stopped on vector 14, error code 0x2, rip 0x8050" },
	{ { .kind = FAILURE_STUCK, .vcpu = 4, .cpu = 5 }, "vCPU 4 on CPU 5: made no progress" },
};
/* clang-format on */

static void test_failure_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(failure_rows); i++) {
		auto_free char *text = failure_text(&failure_rows[i].failure);

		assert_non_null(text);
		if (strncmp(text, failure_rows[i].text, strlen(failure_rows[i].text)) != 0)
			fail_msg("'%s' does not start with '%s'", text, failure_rows[i].text);
		assert_null(strchr(text, '\n'));
	}
}

static void test_vm_names_a_missing_device(void **state)
{
	struct failure failed;
	struct vm vm;

	(void)state;
	assert_int_equal(vm_init(&vm, "/nonexistent/kvm", 1, &failed), -ENOENT);
	assert_string_equal(failed.what, "/nonexistent/kvm");
	vm_release(&vm);
	/* Another kind of device: it answers no question of KVM's. */
	assert_int_equal(vm_init(&vm, "/dev/null", 1, &failed), -EOPNOTSUPP);
	assert_int_equal(failed.kind, FAILURE_MISSING);
	vm_release(&vm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_check_with_hooks),
		cmocka_unit_test(test_new_names_a_wrong_configuration),
		cmocka_unit_test(test_options_default),
		cmocka_unit_test(test_options_set),
		cmocka_unit_test(test_options_set_stores),
		cmocka_unit_test(test_failure_text),
		cmocka_unit_test(test_vm_names_a_missing_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

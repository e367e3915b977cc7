/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules about the CPU that a guest sees: one case per verdict each can give. */
#include "tests/lib/guestconf.h"

static void passed_through(struct host *h)
{
	set_str(&h->domain.cpu_mode, "host-passthrough");
	add_device(h, "0000:01:00.0");
}

static void host_model(struct host *h)
{
	set_str(&h->domain.cpu_mode, "host-model");
	add_device(h, "0000:01:00.0");
}

static void named_model(struct host *h)
{
	set_str(&h->domain.cpu_mode, "custom");
	set_str(&h->domain.cpu_model, "EPYC-IBPB");
}

static void maximum(struct host *h)
{
	set_str(&h->domain.cpu_mode, "maximum");
}

static void emulated(struct host *h)
{
	set_str(&h->domain.type, "qemu");
}

static void damaged(struct host *h)
{
	h->domain.cpu_features.known = false;
}

static void two_threads(struct host *h)
{
	passed_through(h);
	set_topology(h, 8, 1, 4, 2);
}

static void amd_threads(struct host *h)
{
	two_threads(h);
	set_str(&h->cpu.vendor, "AuthenticAMD");
}

static void amd_model(struct host *h)
{
	amd_threads(h);
	named_model(h);
}

static void test_mode(void **state)
{
	static const struct guest_case cases[] = {
		{ NULL, passed_through, VERDICT_PASS, "passed through (host-passthrough)", NULL },
		{ NULL, maximum, VERDICT_PASS, "passed through (maximum)", NULL },
		{ NULL, host_model, VERDICT_ADVICE, "has host-model instead",
		  "cpu@mode=host-passthrough@check=none\n-cpu/model\n-cpu@match" },
		{ "other", named_model, VERDICT_ADVICE, "has the model EPYC-IBPB instead",
		  "cpu@mode=host-passthrough" },
		{ NULL, amd_model, VERDICT_ADVICE, "has the model EPYC-IBPB instead",
		  "-cpu@match\ncpu/feature[name=topoext]@policy=require" },
		{ NULL, NULL, VERDICT_ADVICE, "QEMU's default model", "cpu@mode=host-passthrough" },
		{ NULL, emulated, VERDICT_NOT_APPLICABLE, "is emulated", NULL },
		{ NULL, damaged, VERDICT_UNKNOWN, "domain.cpu_features is not known", NULL },
	};
	struct finding f;
	struct host h;

	(void)state;
	CHECK_GUESTS("guestcpu.host-passthrough", cases);
	host_blank(&h);
	check_row(&h, "guestcpu.host-passthrough", VERDICT_NOT_APPLICABLE, "No guest is");
	guest_of(&h, NULL);
	set_str(&h.domain.manager, "proxmox");
	fact_set_u64(&h.domain.vmid, 104);
	f = check_row(&h, "guestcpu.host-passthrough", VERDICT_ADVICE, NULL);
	check_has(f.fix.persist, "qm set 104 --cpu host");
	arena_release(&h.arena);
}

static void migratable_off(struct host *h)
{
	passed_through(h);
	fact_set_bool(&h->domain.is_migratable, false);
}

static void migratable_on(struct host *h)
{
	passed_through(h);
	fact_set_bool(&h->domain.is_migratable, true);
}

static void with_invtsc(struct host *h)
{
	migratable_on(h);
	add_setting(h, &h->domain.cpu_features, "invtsc", "require");
}

static void old_libvirt(struct host *h)
{
	migratable_on(h);
	set_str(&h->setup.libvirt_version, "6.0.0");
}

static void test_migratable(void **state)
{
	static const struct guest_case cases[] = {
		{ NULL, migratable_on, VERDICT_ADVICE, "migratable is on: features",
		  "cpu@migratable=off" },
		{ NULL, passed_through, VERDICT_ADVICE, "migratable is not told, so on",
		  "cpu@migratable=off" },
		{ NULL, old_libvirt, VERDICT_ADVICE, NULL,
		  "cpu/feature[name=invtsc]@policy=require" },
		{ NULL, migratable_off, VERDICT_PASS, "all features of the host", NULL },
		{ NULL, with_invtsc, VERDICT_PASS, "invtsc is required by name", NULL },
		{ NULL, maximum, VERDICT_NOT_APPLICABLE, "No PCI device", NULL },
		{ NULL, host_model, VERDICT_NOT_APPLICABLE, "is not passed through", NULL },
	};

	(void)state;
	CHECK_GUESTS("guestcpu.migratable", cases);
}

static void invariant(struct host *h)
{
	fact_set_bool(&h->clock.has_constant_tsc, true);
	fact_set_bool(&h->clock.has_nonstop_tsc, true);
}

static void invariant_on(struct host *h)
{
	invariant(h);
	migratable_on(h);
}

static void invariant_off(struct host *h)
{
	invariant(h);
	migratable_off(h);
}

static void invariant_required(struct host *h)
{
	invariant(h);
	with_invtsc(h);
}

static void invariant_disabled(struct host *h)
{
	invariant_off(h);
	add_setting(h, &h->domain.cpu_features, "invtsc", "disable");
}

static void variant(struct host *h)
{
	invariant_on(h);
	fact_set_bool(&h->clock.has_nonstop_tsc, false);
}

static void test_invtsc(void **state)
{
	static const struct guest_case cases[] = {
		{ NULL, invariant_on, VERDICT_ADVICE, "the guest is not shown it",
		  "cpu/feature[name=invtsc]@policy=require" },
		{ NULL, invariant_disabled, VERDICT_ADVICE, "taken away from the guest",
		  "cpu/feature[name=invtsc]@policy=require" },
		{ NULL, invariant_off, VERDICT_PASS, "migratable is off", NULL },
		{ NULL, invariant_required, VERDICT_PASS, "required by name", NULL },
		{ NULL, variant, VERDICT_NOT_APPLICABLE, "own TSC is not invariant", NULL },
		{ NULL, migratable_on, VERDICT_UNKNOWN, "has_constant_tsc", NULL },
		{ NULL, host_model, VERDICT_NOT_APPLICABLE, "not passed through", NULL },
	};

	(void)state;
	CHECK_GUESTS("guestcpu.invtsc", cases);
}

static void amd_vmx(struct host *h)
{
	set_str(&h->cpu.vendor, "AuthenticAMD");
	add_setting(h, &h->domain.cpu_features, "vmx", "require");
}

static void amd_vmx_full(struct host *h)
{
	amd_vmx(h);
	set_str(&h->domain.cpu_check, "full");
}

static void intel_svm(struct host *h)
{
	set_str(&h->cpu.vendor, "GenuineIntel");
	add_setting(h, &h->domain.cpu_features, "svm", "force");
}

static void intel_vmx(struct host *h)
{
	set_str(&h->cpu.vendor, "GenuineIntel");
	add_setting(h, &h->domain.cpu_features, "vmx", "require");
}

static void some_vmx(struct host *h)
{
	add_setting(h, &h->domain.cpu_features, "vmx", "require");
}

static void no_vmx(struct host *h)
{
	add_setting(h, &h->domain.cpu_features, "vmx", "disable");
}

static void test_vmx(void **state)
{
	static const struct guest_case cases[] = {
		{ NULL, amd_vmx_full, VERDICT_PROBLEM, "with check='full' the guest does not start",
		  "-cpu/feature[name=vmx]" },
		{ NULL, amd_vmx, VERDICT_ADVICE, "vmx is required, which AuthenticAMD does not",
		  "-cpu/feature[name=vmx]" },
		{ NULL, intel_svm, VERDICT_ADVICE, "svm is required, which GenuineIntel does not",
		  "-cpu/feature[name=svm]" },
		{ NULL, intel_vmx, VERDICT_PASS, "vmx is required, which GenuineIntel has", NULL },
		{ NULL, some_vmx, VERDICT_UNKNOWN, "cpu.vendor is not known", NULL },
		{ NULL, no_vmx, VERDICT_NOT_APPLICABLE, "Neither vmx nor svm", NULL },
	};

	(void)state;
	CHECK_GUESTS("guestcpu.vmx-on-amd", cases);
}

static void amd_topoext(struct host *h)
{
	amd_threads(h);
	add_setting(h, &h->domain.cpu_features, "topoext", "require");
}

static void amd_optional(struct host *h)
{
	amd_threads(h);
	add_setting(h, &h->domain.cpu_features, "topoext", "optional");
}

static void amd_disabled(struct host *h)
{
	amd_threads(h);
	add_setting(h, &h->domain.cpu_features, "topoext", "disable");
}

static void svm_threads(struct host *h)
{
	two_threads(h);
	add_setting(h, &h->domain.cpu_features, "svm", "require");
}

static void intel_threads(struct host *h)
{
	two_threads(h);
	set_str(&h->cpu.vendor, "GenuineIntel");
}

static void amd_cores(struct host *h)
{
	amd_threads(h);
	set_topology(h, 8, 1, 8, 1);
}

static void other_vendor(struct host *h)
{
	two_threads(h);
	set_str(&h->cpu.vendor, "CentaurHauls");
}

static void test_topoext(void **state)
{
	static const struct guest_case cases[] = {
		{ NULL, amd_threads, VERDICT_PROBLEM, "2 threads per core, but on AMD",
		  "cpu/feature[name=topoext]@policy=require" },
		{ NULL, amd_disabled, VERDICT_PROBLEM, "topoext is switched off",
		  "cpu/feature[name=topoext]@policy=require" },
		{ NULL, svm_threads, VERDICT_PROBLEM, "topoext is not required", NULL },
		{ NULL, two_threads, VERDICT_ADVICE, "should the host be an AMD",
		  "cpu/feature[name=topoext]@policy=require" },
		{ NULL, amd_topoext, VERDICT_PASS, "sees its 2 threads", NULL },
		{ NULL, amd_optional, VERDICT_PASS, "sees its 2 threads", NULL },
		{ NULL, intel_threads, VERDICT_NOT_APPLICABLE, "Only AMD", NULL },
		{ NULL, other_vendor, VERDICT_NOT_APPLICABLE, "Only AMD", NULL },
		{ NULL, amd_cores, VERDICT_NOT_APPLICABLE, "one thread each", NULL },
		{ NULL, amd_model, VERDICT_NOT_APPLICABLE, "what that model has", NULL },
		{ NULL, emulated, VERDICT_NOT_APPLICABLE, "is emulated", NULL },
	};

	(void)state;
	CHECK_GUESTS("guestcpu.topoext", cases);
}

static void eight(struct host *h)
{
	fact_set_u64(&h->domain.n_vcpus, 8);
}

static void eight_on_8700k(struct host *h)
{
	machine_8700k(h);
	eight(h);
}

static void eight_pinned(struct host *h)
{
	machine_8700k(h);
	configure_guest(h, 8, "1 7 2 8 3 9 4 10");
}

static void cores_pinned(struct host *h)
{
	machine_8700k(h);
	configure_guest(h, 4, "1 2 3 4");
}

static void eight_sockets(struct host *h)
{
	set_topology(h, 8, 8, 1, 1);
}

static void four_sockets(struct host *h)
{
	set_topology(h, 8, 4, 2, 1);
}

static void clusters(struct host *h)
{
	set_topology(h, 8, 1, 2, 2);
	fact_set_u64(&h->domain.clusters, 2);
}

static void too_many(struct host *h)
{
	set_topology(h, 8, 1, 5, 2);
}

static void absurd(struct host *h)
{
	set_topology(h, 8, UINT64_MAX, UINT64_MAX, 2);
}

static void good(struct host *h)
{
	set_topology(h, 8, 1, 4, 2);
}

static void no_host_smt(struct host *h)
{
	machine_2cpus(h);
	set_topology(h, 2, 1, 1, 2);
}

static void half_told(struct host *h)
{
	eight(h);
	fact_set_u64(&h->domain.sockets, 1);
}

static void one(struct host *h)
{
	fact_set_u64(&h->domain.n_vcpus, 1);
}

static void none(struct host *h)
{
	fact_set_u64(&h->domain.n_vcpus, 0);
}

static void arm(struct host *h)
{
	set_str(&h->domain.arch, "aarch64");
}

static void test_topology(void **state)
{
	static const struct guest_case cases[] = {
		{ NULL, eight, VERDICT_ADVICE, "told no topology: it takes its 8 vCPUs",
		  "cpu/topology@sockets=1@dies=1@cores=8@threads=1" },
		{ NULL, eight_on_8700k, VERDICT_ADVICE, NULL,
		  "cpu/topology@sockets=1@dies=1@cores=4@threads=2" },
		{ NULL, eight_pinned, VERDICT_ADVICE, NULL, "@cores=4@threads=2" },
		{ NULL, cores_pinned, VERDICT_ADVICE, NULL, "@cores=4@threads=1" },
		{ "linux", eight_sockets, VERDICT_ADVICE, "told no topology",
		  "@cores=8@threads=1" },
		{ "windows", four_sockets, VERDICT_ADVICE,
		  "has 4 sockets, 2 cores, 1 thread: client editions of Windows use 2",
		  "@sockets=1@dies=1@cores=8" },
		{ "linux", four_sockets, VERDICT_PASS, "4 sockets, 2 cores, 1 thread: 8", NULL },
		{ NULL, too_many, VERDICT_PROBLEM, "makes 10 vCPUs, the guest has 8: it does not",
		  "@cores=8@threads=1" },
		{ NULL, absurd, VERDICT_PROBLEM, "makes 18446744073709551615 vCPUs", NULL },
		{ NULL, no_host_smt, VERDICT_ADVICE, "the host's cores have 1", "@cores=2" },
		{ NULL, good, VERDICT_PASS, "1 socket, 4 cores, 2 threads: 8 vCPUs", NULL },
		{ NULL, clusters, VERDICT_PASS, "8 vCPUs", NULL },
		{ NULL, half_told, VERDICT_UNKNOWN, "Part of the topology", NULL },
		{ NULL, none, VERDICT_UNKNOWN, "is not known", NULL },
		{ NULL, NULL, VERDICT_UNKNOWN, "domain.n_vcpus is not known", NULL },
		{ NULL, one, VERDICT_NOT_APPLICABLE, "has one vCPU", NULL },
		{ NULL, arm, VERDICT_NOT_APPLICABLE, "the guest is aarch64", NULL },
	};

	(void)state;
	CHECK_GUESTS("guestcpu.topology", cases);
}

static void cores_on_cores(struct host *h)
{
	cores_pinned(h);
	set_topology(h, 4, 1, 4, 1);
}

static void cores_on_threads(struct host *h)
{
	machine_8700k(h);
	configure_guest(h, 4, "1 7 2 8");
	set_topology(h, 4, 1, 4, 1);
}

/* 14 vCPUs on all of 16 CPUs but one P core, which pairs cannot fill: no pins of these help. */
static void cores_without_room(struct host *h)
{
	machine_hybrid(h);
	configure_guest(h, 14, "2 3 4 5 6 7 8 9 10 11 12 13 14 15");
	set_topology(h, 14, 1, 14, 1);
}

static void cores_floating(struct host *h)
{
	machine_8700k(h);
	configure_guest(h, 4, "");
	set_topology(h, 4, 1, 4, 1);
}

static void cores_without_smt(struct host *h)
{
	machine_2cpus(h);
	configure_guest(h, 2, "0 1");
	set_topology(h, 2, 1, 2, 1);
}

static void cores_somewhere(struct host *h)
{
	configure_guest(h, 2, "0 1");
	set_topology(h, 2, 1, 2, 1);
}

static void threads_pinned(struct host *h)
{
	eight_pinned(h);
	set_topology(h, 8, 1, 4, 2);
}

static void test_no_smt(void **state)
{
	static const struct guest_case cases[] = {
		{ NULL, cores_on_cores, VERDICT_PASS, "each vCPU has a core of the host", NULL },
		{ NULL, cores_on_threads, VERDICT_ADVICE, "on 2 cores of the host",
		  "cpu/topology@sockets=1@dies=1@cores=2@threads=2" },
		{ NULL, cores_floating, VERDICT_NOT_APPLICABLE, "not pinned", NULL },
		{ NULL, cores_without_smt, VERDICT_NOT_APPLICABLE, "one thread each", NULL },
		{ NULL, threads_pinned, VERDICT_NOT_APPLICABLE, "is told of its threads", NULL },
		{ NULL, eight_pinned, VERDICT_NOT_APPLICABLE, "told no topology", NULL },
		{ NULL, cores_somewhere, VERDICT_UNKNOWN, "cpu.cores is not known", NULL },
	};

	(void)state;
	CHECK_GUESTS("guestcpu.no-smt-alt", cases);
}

static void test_no_smt_without_room(void **state)
{
	struct finding f;
	struct host h;

	(void)state;
	host_blank(&h);
	cores_without_room(&h);
	f = check_row(&h, "guestcpu.no-smt-alt", VERDICT_ADVICE, "on 3 cores of the host");
	check_has(f.fix.persist, "There is no room");
	arena_release(&h.arena);
}

static void apple_smc(struct host *h)
{
	static const char *args[] = { "-device", "isa-applesmc,osk=key" };

	set_str(&h->domain.cpu_mode, "custom");
	set_str(&h->domain.cpu_model, "Penryn");
	h->domain.qemu_args = (struct fact_strs){ true, ARRAY_SIZE(args), args };
}

static void test_macos(void **state)
{
	struct host h;

	(void)state;
	host_blank(&h);
	h.domain.features.known = h.domain.cpu_features.known = true;
	apple_smc(&h);
	check_row(&h, "guestcpu.host-passthrough", VERDICT_PASS, "macOS runs with few models");
	h.domain.qemu_args.n = 0;
	check_row(&h, "guestcpu.host-passthrough", VERDICT_ADVICE, "the model Penryn instead");
	arena_release(&h.arena);
}

static void one_cache(struct host *h)
{
	passed_through(h);
	machine_5950x(h);
	configure_guest(h, 4, "8 24 9 25");
	set_topology(h, 4, 1, 2, 2);
}

static void one_cache_shown(struct host *h)
{
	one_cache(h);
	set_str(&h->domain.cpu_cache, "passthrough");
}

static void two_caches(struct host *h)
{
	passed_through(h);
	machine_5950x(h);
	configure_guest(h, 4, "7 23 8 24");
	set_topology(h, 4, 1, 2, 2);
}

static void two_caches_shown(struct host *h)
{
	two_caches(h);
	set_str(&h->domain.cpu_cache, "passthrough");
}

static void two_dies_shown(struct host *h)
{
	two_caches_shown(h);
	fact_set_u64(&h->domain.dies, 2);
	fact_set_u64(&h->domain.cores, 1);
}

static void odd_caches_shown(struct host *h)
{
	two_caches_shown(h);
	configure_guest(h, 3, "7 8 9");
	set_topology(h, 3, 1, 3, 1);
}

static void emulated_cache(struct host *h)
{
	passed_through(h);
	set_str(&h->domain.cpu_cache, "emulate");
}

static void test_cache(void **state)
{
	static const struct guest_case cases[] = {
		{ NULL, one_cache_shown, VERDICT_PASS, "shown the host's caches", NULL },
		{ NULL, two_dies_shown, VERDICT_PASS, "shown the host's caches", NULL },
		{ NULL, one_cache, VERDICT_ADVICE, "caches that QEMU makes up.",
		  "cpu/cache@mode=passthrough" },
		{ NULL, emulated_cache, VERDICT_ADVICE, "(cache mode emulate)",
		  "cpu/cache@mode=passthrough" },
		{ NULL, two_caches_shown, VERDICT_ADVICE, "as one L3, but its CPUs span 2",
		  "cpu/topology@dies=2@cores=1" },
		{ NULL, odd_caches_shown, VERDICT_ADVICE, "span 2", NULL },
		{ NULL, two_caches, VERDICT_NOT_APPLICABLE, "span 2 L3 caches: see", NULL },
		{ NULL, host_model, VERDICT_NOT_APPLICABLE, "not passed through", NULL },
	};

	(void)state;
	CHECK_GUESTS("guestcpu.cache-passthrough", cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mode),    cmocka_unit_test(test_migratable),
		cmocka_unit_test(test_invtsc),  cmocka_unit_test(test_vmx),
		cmocka_unit_test(test_topoext), cmocka_unit_test(test_topology),
		cmocka_unit_test(test_no_smt),  cmocka_unit_test(test_no_smt_without_room),
		cmocka_unit_test(test_macos),   cmocka_unit_test(test_cache),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* State probes as programs, over trees made by hand. TEST_SOURCES: tests/lib/tree.c */
#include <string.h>
#include <unistd.h>

#include "facts/aio.h"
#include "facts/clock.h"
#include "facts/hugepages.h"
#include "facts/kernel.h"
#include "tests/lib/run_probe.h"

static void test_empty_tree(void **state)
{
	size_t n = 0;

	for (size_t i = 0; i < n_probes; i++) {
		auto_free char *path = program_path(probe_table[i].name);
		struct outcome o;

		if (probe_table[i].kind != PROBE_STATE || access(path, X_OK) < 0)
			continue;
		o = run(probe_table[i].name, *state);
		/* A guest that is not there is no gap. */
		if (strcmp(o.status, "skipped")) {
			assert_string_equal(o.status, "partial");
			assert_true(doc_n(doc_get(o.doc, "gaps")) > 0);
		}
		outcome_release(&o);
		n++;
	}
	assert_true(n >= 4);
}

/* Every member that is unknown has a gap that says why. */
static void test_every_unknown_has_a_gap(void **state)
{
	static const char *const names[] = { "clock", "kernel", "hugepages", "aio" };
	/* Comes from the file of os_id, which many have no version in. */
	static const char os_version[] = "kernel.os_version";

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const struct schema *schema = probe_find(names[i])->schema;
		struct outcome o = run(names[i], *state);

		for (size_t k = 0; k < schema->n_fields; k++) {
			auto_free char *field = NULL;

			assert_true(asprintf(&field, "%s.%s", names[i], schema->fields[k].key) > 0);
			if (!gap_of(&o, field) && strcmp(field, os_version))
				fail_msg("%s has no gap", field);
		}
		outcome_release(&o);
	}
}

#define BYTES(s) s, sizeof(s)

static void test_aio_holders(void **state)
{
	static const char two[] = "7f00-7f01 rw-s 00000000 00:0f 7   /[aio] (deleted)\n"
				  "7f02-7f03 rw-s 00000000 00:0f 8   /[aio] (deleted)\n"
				  "7f04-7f05 r--p 00000000 08:01 9   /usr/lib/libc.so.6\n";
	const struct tree *tree = *state;
	const struct aio_holder *holders;
	const struct aio_facts *f;
	struct outcome o;

	tree_file(tree, "proc/sys/fs/aio-nr", "2048\n");
	tree_file(tree, "proc/sys/fs/aio-max-nr", "65536\n");
	tree_bytes(tree, "proc/1000/cmdline",
		   BYTES("/usr/bin/qemu-system-x86_64\0-name\0guest=win11,debug-threads=on"));
	tree_file(tree, "proc/1000/comm", "qemu-system-x86\n");
	tree_file(tree, "proc/1000/maps", two);
	/* without a name of its own */
	tree_bytes(tree, "proc/99/cmdline", BYTES("/usr/libexec/qemu-kvm\0-S"));
	tree_file(tree, "proc/99/comm", "qemu-kvm\n");
	tree_file(tree, "proc/99/maps", two);
	/* holds contexts, is no guest */
	tree_bytes(tree, "proc/200/cmdline", BYTES("/usr/sbin/mysqld"));
	tree_file(tree, "proc/200/comm", "mysqld\n");
	tree_file(tree, "proc/200/maps", two);
	/* a kernel thread; a guest without contexts; one whose maps were not captured */
	tree_file(tree, "proc/300/cmdline", "");
	tree_file(tree, "proc/300/comm", "kvm\n");
	tree_bytes(tree, "proc/400/cmdline", BYTES("qemu-system-x86_64\0-name\0idle"));
	tree_file(tree, "proc/400/maps", "7f04-7f05 r--p 00000000 08:01 9   /usr/lib/libc.so.6\n");
	tree_bytes(tree, "proc/500/cmdline", BYTES("qemu-system-x86_64\0-name\0lost"));
	o = run("aio", tree);
	f = o.facts;
	assert_u64(&f->nr, 2048);
	assert_u64(&f->max_nr, 65536);
	assert_true(f->holders.known);
	assert_int_equal(f->holders.n, 2);
	holders = f->holders.v;
	assert_u64(&holders[0].pid, 99);
	assert_string_equal(holders[0].name.v, "qemu-kvm");
	assert_u64(&holders[1].pid, 1000);
	assert_string_equal(holders[1].name.v, "win11");
	assert_u64(&holders[1].n_contexts, 2);
	assert_string_equal(gap_of(&o, "aio.holders"), "ENOENT");
	outcome_release(&o);
}

/* No slots in use: nobody holds any, whatever the processes are. */
static void test_aio_unused(void **state)
{
	const struct tree *tree = *state;
	const struct aio_facts *f;
	struct outcome o;

	tree_file(tree, "proc/sys/fs/aio-nr", "0\n");
	tree_file(tree, "proc/sys/fs/aio-max-nr", "65536\n");
	o = run("aio", tree);
	f = o.facts;
	assert_string_equal(o.status, "ok");
	assert_true(f->holders.known);
	assert_int_equal(f->holders.n, 0);
	outcome_release(&o);
}

static void test_kernel_cmdline(void **state)
{
	const struct tree *tree = *state;
	const struct kernel_facts *f;
	const struct boot_pages_fact *pages;
	struct outcome o;

	tree_file(tree, "sys/devices/system/cpu/possible", "0-11\n");
	tree_file(tree, "proc/cmdline",
		  "quiet isolcpus=managed_irq,1-4 isolcpus=9 isolcpus=domain,1-4 nohz-full=8-N "
		  "nohz_full=1 rcu_nocbs=1 rcu_nocbs=all irqaffinity=x "
		  "default_hugepagesz=1G hugepages=14 hugepagesz=2M hugepages=0:3,1:4 "
		  "hugepagesz=1G hugepages=9 -- irqaffinity=0\n");
	o = run("kernel", tree);
	f = o.facts;
	assert_u64(&f->default_page_kib, 1048576);
	assert_int_equal(f->boot_pages.n, 2);
	pages = f->boot_pages.v;
	assert_u64(&pages[0].page_kib, 1048576);
	assert_u64(&pages[0].n_pages, 14);
	assert_u64(&pages[1].page_kib, 2048);
	assert_u64(&pages[1].n_pages, 7);
	assert_cpus(&f->isolcpus, "1-4");
	assert_int_equal(f->isolcpus_flags.n, 2);
	assert_string_equal(f->isolcpus_flags.v[0], "domain");
	assert_string_equal(f->isolcpus_flags.v[1], "managed_irq");
	assert_cpus(&f->nohz_full, "8-11");
	assert_cpus(&f->rcu_nocbs, "0-11");
	assert_false(f->irqaffinity.known);
	assert_string_equal(gap_of(&o, "kernel.irqaffinity"), "irqaffinity= holds no CPU list");
	outcome_release(&o);
}

static void test_kernel_files(void **state)
{
	const struct tree *tree = *state;
	const struct kernel_facts *f;
	struct outcome o;

	tree_file(tree, "proc/version", "Linux version 6.1.0-1-x (a@b) (gcc) #1 SMP Debian\n");
	tree_file(tree, "boot/config-6.1.0-1-x",
		  "CONFIG_HZ=250\nCONFIG_NO_HZ_FULL=y\n"
		  "# CONFIG_PREEMPT_RT is not set\n");
	tree_file(tree, "usr/lib/os-release", "ID=arch\n");
	tree_file(tree, "proc/sys/kernel/sched_rt_runtime_us", "-1\n");
	tree_file(tree, "proc/sys/kernel/sched_rt_period_us", "1000000\n");
	tree_file(tree, "proc/sys/vm/swappiness", "10\n");
	tree_file(tree, "sys/module/kvm/parameters/halt_poll_ns", "200000\n");
	o = run("kernel", tree);
	f = o.facts;
	assert_string_equal(f->release.v, "6.1.0-1-x");
	assert_string_equal(f->version.v, "#1 SMP Debian");
	assert_string_equal(f->os_id.v, "arch");
	assert_false(f->os_version.known);
	assert_string_equal(f->config_path.v, "/boot/config-6.1.0-1-x");
	assert_string_equal(setting_value(&f->config, "NO_HZ_FULL"), "y");
	assert_string_equal(setting_value(&f->config, "PREEMPT_RT"), "n");
	assert_string_equal(setting_value(&f->config, "CPU_ISOLATION"), "n");
	assert_u64(&f->hz, 250);
	assert_true(f->rt_runtime_us.known);
	assert_int_equal(f->rt_runtime_us.v, -1);
	assert_u64(&f->rt_period_us, 1000000);
	assert_string_equal(setting_value(&f->sysctls, "vm.swappiness"), "10");
	assert_null(setting_value(&f->sysctls, "vm.stat_interval"));
	assert_string_equal(setting_value(&f->params, "kvm.halt_poll_ns"), "200000");
	assert_null(gap_of(&o, "kernel.params"));
	assert_null(gap_of(&o, "kernel.sysctls"));
	outcome_release(&o);
}

/* A damaged /proc/config.gz is not passed over for an older file. */
static void test_kernel_odd_config(void **state)
{
	static const char *const odd[] = { "no option\n", "\x1f\x8b", "\x1f\x8b\x08 cut short" };
	const struct tree *tree = *state;
	struct outcome o;

	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		tree_file(tree, "proc/config.gz", odd[i]);
		o = run("kernel", tree);
		assert_string_equal(gap_of(&o, "kernel.config"), "is not a kernel configuration");
		assert_string_equal(gap_of(&o, "kernel.hz"), "is not a kernel configuration");
		outcome_release(&o);
	}
}

/* As captures have it. */
static void test_kernel_plain_config(void **state)
{
	const struct tree *tree = *state;
	const struct kernel_facts *f;
	struct outcome o;

	tree_file(tree, "proc/config.gz", "CONFIG_HZ=250\nCONFIG_NO_HZ_FULL=y\n");
	o = run("kernel", tree);
	f = o.facts;
	assert_u64(&f->hz, 250);
	assert_true(f->config.known);
	outcome_release(&o);
}

static void test_hugepages_mounts(void **state)
{
	const struct tree *tree = *state;
	const struct hugepage_mount *mounts;
	const struct hugepages_facts *f;
	struct outcome o;

	tree_file(tree, "proc/meminfo", "MemTotal: 100 kB\nHugepagesize: 2048 kB\n");
	tree_file(tree, "proc/mounts",
		  "proc /proc proc rw 0 0\n"
		  "hugetlbfs /dev/hugepages hugetlbfs rw,relatime 0 0\n"
		  "none /mnt/one\\040gig hugetlbfs rw,pagesize=1024M 0 0\n"
		  "none /odd hugetlbfs rw,pagesize=lots 0 0\n");
	o = run("hugepages", tree);
	f = o.facts;
	mounts = f->mounts.v;
	assert_int_equal(f->mounts.n, 3);
	assert_string_equal(mounts[0].path.v, "/dev/hugepages");
	assert_u64(&mounts[0].page_kib, 2048);
	assert_string_equal(mounts[1].path.v, "/mnt/one gig");
	assert_u64(&mounts[1].page_kib, 1048576);
	assert_false(mounts[2].page_kib.known);
	assert_string_equal(gap_of(&o, "hugepages.mounts"), "odd page size among its options");
	outcome_release(&o);
}

/* Node 1 has CPUs and no memory, so no pools; what is no pool is passed over. */
static void test_hugepages_nodes(void **state)
{
	static const char base[] = "sys/devices/system/node/node0/hugepages/hugepages-2048kB";
	static const char *const files[] = { "nr_hugepages", "free_hugepages",
					     "surplus_hugepages" };
	const struct tree *tree = *state;
	const struct hugepage_pool *pools;
	const struct hugepages_facts *f;
	struct outcome o;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		auto_free char *path = NULL;

		assert_true(asprintf(&path, "%s/%s", base, files[i]) > 0);
		tree_file(tree, path, i == 0 ? "7\n" : "3\n");
	}
	tree_dir(tree, "sys/devices/system/node/node0/hugepages/hugepages-lotskB");
	tree_dir(tree, "sys/devices/system/node/node1");
	tree_dir(tree, "sys/devices/system/node/power");
	o = run("hugepages", tree);
	f = o.facts;
	pools = f->node_pools.v;
	assert_int_equal(f->node_pools.n, 1);
	assert_u64(&pools[0].node, 0);
	assert_u64(&pools[0].page_kib, 2048);
	assert_u64(&pools[0].n_pages, 7);
	assert_u64(&pools[0].n_free, 3);
	assert_false(pools[0].n_reserved.known);
	assert_null(gap_of(&o, "hugepages.node_pools"));
	outcome_release(&o);
}

static void test_clock_log(void **state)
{
	static const struct {
		const char *log;
		bool is_known, is_unstable;
		const char *gap; /* of tsc_khz */
	} cases[] = {
		{ "[    0.000000] Linux version 6.1.0\n[    0.0] tsc: Detected 2599.996 MHz "
		  "processor\n",
		  true, false, NULL },
		{ "[    0.000000] Linux version 6.1.0\n", true, false, "holds no frequency" },
		{ "[  900.0] tsc: Marking TSC unstable due to clocksource watchdog\n", true, true,
		  "the log no longer reaches back to the boot" },
		{ "[  900.0] usb 1-1: new device\n", false, false,
		  "the log no longer reaches back to the boot" },
	};
	const struct tree *tree = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct clock_facts *f;
		struct outcome o;

		tree_file(tree, "dmesg", cases[i].log);
		o = run("clock", tree);
		f = o.facts;
		assert_true(f->verdicts.known);
		assert_int_equal(f->is_tsc_unstable.known, cases[i].is_known);
		assert_int_equal(f->is_tsc_unstable.v, cases[i].is_unstable);
		assert_int_equal(gap_of(&o, "clock.is_tsc_unstable") == NULL, cases[i].is_known);
		if (cases[i].gap)
			assert_string_equal(gap_of(&o, "clock.tsc_khz"), cases[i].gap);
		else
			assert_u64(&f->tsc_khz, 2599996);
		outcome_release(&o);
	}
}

static void test_clock_options(void **state)
{
	const struct tree *tree = *state;
	const struct clock_facts *f;
	struct outcome o;

	tree_file(tree, "proc/cmdline",
		  "tsc=reliable clocksource=hpet tsc=nowatchdog tsc=reliable clocksource=tsc\n");
	o = run("clock", tree);
	f = o.facts;
	assert_string_equal(f->tsc_option.v, "reliable,nowatchdog");
	assert_string_equal(f->clocksource_option.v, "tsc");
	outcome_release(&o);
}

/* Only x86 has a TSC: its flags are not missing elsewhere. */
static void test_clock_arm64(void **state)
{
	const struct tree *tree = *state;
	const struct clock_facts *f;
	struct outcome o;

	tree_file(tree, "proc/cpuinfo", "processor : 0\nFeatures : fp\nCPU implementer : 0x41\n");
	o = run("clock", tree);
	f = o.facts;
	assert_string_equal(f->arch.v, "aarch64");
	assert_false(f->has_constant_tsc.known);
	assert_null(gap_of(&o, "clock.has_constant_tsc"));
	outcome_release(&o);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_empty_tree),        TEST(test_every_unknown_has_a_gap),
		TEST(test_aio_holders),       TEST(test_aio_unused),
		TEST(test_kernel_cmdline),    TEST(test_kernel_files),
		TEST(test_kernel_odd_config), TEST(test_kernel_plain_config),
		TEST(test_hugepages_mounts),  TEST(test_hugepages_nodes),
		TEST(test_clock_log),         TEST(test_clock_options),
		TEST(test_clock_arm64),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

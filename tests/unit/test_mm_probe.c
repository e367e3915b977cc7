/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TEST_SOURCES: tests/lib/tree.c */
#include "facts/kernel.h"
#include "facts/mm.h"
#include "tests/lib/run_probe.h"

#define GUEST "proc/4711/"

static void put_guest(const struct tree *t)
{
	static const char args[] = "/usr/bin/qemu-system-x86_64\0-name\0a";

	tree_bytes(t, GUEST "cmdline", args, sizeof(args));
	tree_file(t, GUEST "comm", "qemu-system-x86\n");
	tree_file(t, GUEST "limits",
		  "Limit  Soft Limit  Hard Limit  Units\n"
		  "Max locked memory  67108864  67108864  bytes\n");
	tree_file(t, GUEST "numa_maps",
		  "7f0000000000 bind:1 file=/dev/hugepages/ram huge dirty=3 N0=1 N1=2 "
		  "kernelpagesize_kB=1048576\n"
		  "7f2000000000 default anon=3 dirty=3 N1=3 kernelpagesize_kB=4\n");
	tree_file(t, GUEST "stat", "4711 (qemu) S 1 1 1 0 -1 0 0 0 42 0 1 1 0 0 20 0 6 0 77\n");
	tree_file(t, GUEST "smaps", "7f00-7f01 rw-p 0 0:0 0\nSize: 4 kB\nVmFlags: rd wr mg\n");
	tree_file(t, GUEST "ksm_merging_pages", "12\n");
	tree_file(t, GUEST "status",
		  "Uid:\t64055\t64055\t64055\t64055\nCapEff:\t0000000000004000\n");
}

static void test_host(void **state)
{
	const struct tree *t = *state;
	const struct mm_pressure *p;
	const struct mm_facts *f;
	const struct mm_swap *s;
	struct outcome o;

	tree_file(t, "sys/kernel/mm/ksm/run", "1\n");
	tree_file(t, "sys/kernel/mm/ksm/pages_sharing", "4096\n");
	tree_file(t, "sys/kernel/mm/ksm/full_scans", "18446744073709551615\n");
	tree_file(t, "proc/swaps",
		  "Filename Type Size Used Priority\n"
		  "/dev/zram0 partition 8388604 12 100\n"
		  "/my\\040swap file 1024 0 -2\n");
	tree_file(t, "proc/vmstat", "pswpin 3\npgmajfault x\nallocstall_normal 9\nother 1\n");
	tree_file(t, "sys/kernel/mm/transparent_hugepage/khugepaged/defrag", "1\n");
	tree_file(t, "sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs",
		  "10000\n");
	tree_file(t, "proc/pressure/cpu", "some avg10=1.26 avg60=0.00 avg300=0.00 total=5\n");
	tree_file(t, "proc/pressure/memory", "some avg10=0.10\nfull avg10=0.05\n");
	tree_file(t, "proc/1/comm", "systemd\n");
	tree_file(t, "proc/9/comm", "numad\n");
	o = run("mm", t);
	f = o.facts;
	assert_u64(&f->ksm_run, 1);
	assert_u64(&f->ksm_pages_sharing, 4096);
	assert_false(f->ksm_full_scans.known);
	assert_string_equal(gap_of(&o, "mm.ksm_full_scans"), "ERANGE");
	assert_true(f->swaps.known);
	assert_int_equal(f->swaps.n, 2);
	s = f->swaps.v;
	assert_true(fact_is(&s[0].path, "/dev/zram0"));
	assert_true(fact_is(&s[0].type, "partition"));
	assert_u64(&s[0].used_kib, 12);
	assert_true(fact_is(&s[1].path, "/my swap"));
	assert_int_equal(s[1].priority.v, -2);
	assert_string_equal(setting_value(&f->vmstat, "pswpin"), "3");
	assert_string_equal(setting_value(&f->vmstat, "allocstall_normal"), "9");
	assert_int_equal(f->vmstat.n, 2);
	assert_non_null(gap_of(&o, "mm.vmstat"));
	assert_true(f->has_khugepaged_defrag.known && f->has_khugepaged_defrag.v);
	assert_u64(&f->khugepaged_scan_ms, 10000);
	assert_int_equal(f->pressure.n, 2);
	p = f->pressure.v;
	assert_true(fact_is(&p[0].resource, "cpu"));
	assert_u64(&p[0].some_avg10_permille, 13);
	assert_false(p[0].full_avg10_permille.known);
	assert_u64(&p[1].full_avg10_permille, 1);
	assert_non_null(gap_of(&o, "mm.pressure")); /* io */
	assert_true(f->is_numad_running.known && f->is_numad_running.v);
	assert_true(f->guests.known);
	assert_int_equal(f->guests.n, 0);
	outcome_release(&o);
}

static void test_guest(void **state)
{
	const struct tree *t = *state;
	const struct mm_guest *g;
	const struct mm_facts *f;
	struct outcome o;

	put_guest(t);
	o = run("mm", t);
	f = o.facts;
	assert_int_equal(f->guests.n, 1);
	g = f->guests.v;
	assert_u64(&g->pid, 4711);
	assert_u64(&g->memlock_kib, 65536);
	assert_true(g->is_memlock_unlimited.known && !g->is_memlock_unlimited.v);
	assert_int_equal(g->node_kib.n, 2);
	assert_int_equal(fact_pair_value(&g->node_kib, 0), 1048576);
	assert_int_equal(fact_pair_value(&g->node_kib, 1), 2 * 1048576 + 12);
	assert_u64(&g->n_major_faults, 42);
	assert_u64(&g->n_mergeable, 1);
	assert_u64(&g->ksm_merging_pages, 12);
	assert_true(g->is_privileged.known && !g->is_privileged.v);
	assert_true(g->has_ipc_lock.known && g->has_ipc_lock.v);
	assert_true(f->is_numad_running.known && !f->is_numad_running.v);
	outcome_release(&o);
	tree_file(t, GUEST "limits", "Max locked memory  unlimited  unlimited  bytes\n");
	tree_file(t, GUEST "status", "Uid:\t0\t0\t0\t0\nCapEff:\t0\n");
	o = run("mm", t);
	g = ((const struct mm_facts *)o.facts)->guests.v;
	assert_true(g->is_memlock_unlimited.v);
	assert_false(g->memlock_kib.known);
	assert_true(g->is_privileged.v);
	assert_false(g->has_ipc_lock.v);
	outcome_release(&o);
}

/* Odd files of a guest are gaps, each for itself. */
static void test_odd_guest(void **state)
{
	static const struct {
		const char *file, *text, *field;
	} cases[] = {
		{ GUEST "limits", "", "mm.guests.memlock_kib" },
		{ GUEST "numa_maps", "7f00 default N0=5\n", "mm.guests.node_kib" },
		{ GUEST "stat", "4711 (qemu) S\n", "mm.guests.n_major_faults" },
		{ GUEST "ksm_merging_pages", "x\n", "mm.guests.ksm_merging_pages" },
		{ GUEST "status", "Uid:\n", "mm.guests.is_privileged" },
	};
	const struct tree *t = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct outcome o;

		put_guest(t);
		tree_file(t, cases[i].file, cases[i].text);
		o = run("mm", t);
		assert_string_equal(gap_of(&o, cases[i].field), "EBADMSG");
		assert_int_equal(((const struct mm_facts *)o.facts)->guests.n, 1);
		outcome_release(&o);
	}
}

/* A tree that holds no process tells nothing of guests and programs; odd swaps are unknown. */
static void test_nothing(void **state)
{
	const struct tree *t = *state;
	const struct mm_facts *f;
	struct outcome o;

	tree_file(t, "proc/swaps", "nonsense\n");
	tree_file(t, "sys/kernel/mm/transparent_hugepage/khugepaged/defrag", "maybe\n");
	tree_file(t, "proc/pressure/cpu", "none\n");
	o = run("mm", t);
	f = o.facts;
	assert_false(f->guests.known);
	assert_non_null(gap_of(&o, "mm.guests"));
	assert_false(f->is_numad_running.known);
	assert_non_null(gap_of(&o, "mm.is_numad_running"));
	assert_false(f->swaps.known);
	assert_string_equal(gap_of(&o, "mm.swaps"), "EBADMSG");
	assert_false(f->has_khugepaged_defrag.known);
	assert_false(f->pressure.known);
	assert_false(f->vmstat.known);
	outcome_release(&o);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tree_setup, tree_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_host),
		TEST(test_guest),
		TEST(test_odd_guest),
		TEST(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

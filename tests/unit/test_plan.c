/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings made by hand, gathered into a plan. */
#include "analyze/plan.h"
#include "tests/lib/machine.h"

static const struct tweak rows[] = {
	{ .id = "a", .title = "First" },
	{ .id = "b", .title = "Second" },
	{ .id = "c", .title = "Third" },
	{ .id = "safe", .title = "Safety", .is_trade_off = true },
};

struct list {
	struct finding v[8];
	struct findings findings;
};

static struct finding *add(struct list *l, const char *id, enum verdict verdict)
{
	struct finding *f = &l->v[l->findings.n++];

	*f = (struct finding){ .verdict = verdict };
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!strcmp(rows[i].id, id))
			f->tweak = &rows[i];
	}
	assert_non_null(f->tweak);
	l->findings.v = l->v;
	return f;
}

static struct plan plan_of(struct host *h, struct list *first, struct list *later)
{
	struct plan p;

	assert_int_equal(plan_make(h, &first->findings, later ? &later->findings : NULL, &p), 0);
	return p;
}

/* 1-4,7-10 are the guest's, by isolation. */
static void host_8700k(struct host *h, const char *cmdline)
{
	host_blank(h);
	machine_8700k(h);
	host_set_guest_cpus(h, "1-4,7-10", "0,5-6,11");
	set_str(&h->setup.boot_cmdline, cmdline);
}

static void only_open_findings_are_in_it(void **state)
{
	struct list l = { 0 };
	struct plan p;
	struct host h;

	(void)state;
	host_8700k(&h, "quiet");
	add(&l, "a", VERDICT_PASS)->fix.change[CHANGE_BOOT] = "a=1";
	add(&l, "b", VERDICT_UNKNOWN)->fix.change[CHANGE_SYSCTL] = "b=1";
	add(&l, "safe", VERDICT_PROBLEM)->fix.change[CHANGE_BOOT] = "-mitigations";
	p = plan_of(&h, &l, NULL);
	assert_string_equal(p.boot_now, "quiet");
	assert_string_equal(p.boot_next, "");
	assert_string_equal(p.sysctls, "");
	assert_false(p.has_reboot);
	arena_release(&h.arena);
}

static void lines_stand_once(void **state)
{
	struct list l = { 0 };
	struct finding *f;
	struct plan p;
	struct host h;

	(void)state;
	host_8700k(&h, "quiet mce=0");
	f = add(&l, "a", VERDICT_ADVICE);
	f->fix.change[CHANGE_SYSCTL] = "x=1\ny=2";
	f->fix.change[CHANGE_BOOT] = "-mce=0";
	f->fix.now = "echo 5 | sudo tee /proc/irq/12/smp_affinity_list\n"
		     "echo 5 | sudo tee /proc/irq/N/smp_affinity_list\nother";
	f->fix.needs = NEEDS_REBOOT;
	f = add(&l, "b", VERDICT_PROBLEM);
	f->fix.change[CHANGE_SYSCTL] = "y=2\nz=3";
	f->fix.change[CHANGE_MODPROBE] = "options kvm ignore_msrs=0";
	p = plan_of(&h, &l, NULL);
	assert_string_equal(p.sysctls, "x=1\ny=2\nz=3\n");
	assert_string_equal(p.modprobe, "options kvm ignore_msrs=0\n");
	assert_string_equal(p.irq_commands, "echo 5 | sudo tee /proc/irq/12/smp_affinity_list\n");
	assert_string_equal(p.boot_next, "quiet");
	assert_string_equal(p.boot_changes, "-mce=0");
	assert_true(p.has_reboot);
	arena_release(&h.arena);
}

static void lists_of_cpus_agree(void **state)
{
	static const struct {
		const char *line, *boot, *edits, *next;
	} cases[] = {
		/* What is asked for is of the guest's CPUs. */
		{ "quiet", "isolcpus=managed_irq,domain,1-2", NULL,
		  "quiet isolcpus=managed_irq,domain,1-4,7-10" },
		{ "quiet nohz_full=1-4,7-10", "irqaffinity=0", NULL,
		  "quiet nohz_full=1-4,7-10 irqaffinity=0,5-6,11" },
		/* What is there and is not is changed, with the rest. */
		{ "isolcpus=0-3,6-9 nohz_full=1,2,3,4,7,8,9,10 rcu_nocbs=0-11", NULL, NULL,
		  "isolcpus=managed_irq,domain,1-4,7-10 nohz_full=1,2,3,4,7,8,9,10 "
		  "rcu_nocbs=1-4,7-10" },
		{ "isolcpus=managed_irq,domain,1-4,7-10", "x", NULL,
		  "isolcpus=managed_irq,domain,1-4,7-10 x" },
		{ "isolcpus=nonsense", "x", NULL, "isolcpus=managed_irq,domain,1-4,7-10 x" },
		/* Proposed pins are the guest's CPUs. */
		{ "isolcpus=1-4,7-10", NULL,
		  "cputune/vcpupin[vcpu=0]@cpuset=2\ncputune/vcpupin[vcpu=1]@cpuset=8",
		  "isolcpus=managed_irq,domain,2,8" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct list l = { 0 };
		struct finding *f = add(&l, "a", VERDICT_ADVICE);
		struct plan p;
		struct host h;

		host_8700k(&h, cases[i].line);
		f->fix.change[CHANGE_BOOT] = cases[i].boot;
		f->fix.change[CHANGE_XML] = cases[i].edits;
		p = plan_of(&h, &l, NULL);
		assert_string_equal(p.boot_next, cases[i].next);
		assert_true(p.has_cpus);
		arena_release(&h.arena);
	}
}

static void guests_are_changed_in_the_words_of_who_runs_them(void **state)
{
	static const struct {
		const char *manager, *expected;
	} cases[] = {
		{ "libvirt", "" },
		{ "proxmox", "# a: First\nqm set VMID\n\n# b: Second\n-q\n" },
		{ "plain", "# a: First\n-q\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct list l = { 0 };
		struct finding *f;
		struct plan p;
		struct host h;

		host_8700k(&h, "quiet");
		set_str(&h.domain.manager, cases[i].manager);
		f = add(&l, "a", VERDICT_ADVICE);
		f->fix.change[CHANGE_PROXMOX] = "qm set VMID";
		f->fix.change[CHANGE_QEMU] = "-q";
		f->fix.change[CHANGE_XML] = "iothreads:=1";
		f = add(&l, "b", VERDICT_ADVICE);
		f->fix.change[CHANGE_QEMU] = "-q";
		p = plan_of(&h, &l, NULL);
		assert_string_equal(p.guest_changes, cases[i].expected);
		assert_string_equal(p.xml_edits, "iothreads:=1\n");
		arena_release(&h.arena);
	}
}

/* What the edited guest mends, asks for, or cannot tell. */
static void the_later_list_has_the_last_word(void **state)
{
	struct list first = { 0 }, later = { 0 };
	struct finding *f;
	struct plan p;
	struct host h;

	(void)state;
	host_8700k(&h, "quiet");
	add(&first, "a", VERDICT_ADVICE)->fix.change[CHANGE_SYSCTL] = "a=1";
	add(&first, "b", VERDICT_ADVICE)->fix.change[CHANGE_SYSCTL] = "b=1";
	add(&first, "c", VERDICT_PASS);
	add(&later, "a", VERDICT_PASS);
	add(&later, "b", VERDICT_UNKNOWN);
	f = add(&later, "c", VERDICT_ADVICE);
	f->fix.change[CHANGE_SYSCTL] = "c=1";
	p = plan_of(&h, &first, &later);
	assert_string_equal(p.sysctls, "b=1\nc=1\n");
	assert_null(plan_follows(&first.v[0], &later.findings));
	assert_null(plan_follows(&first.v[1], &later.findings));
	assert_ptr_equal(plan_follows(&first.v[2], &later.findings), f);
	/* Open before and after: told again only with other edits. */
	first.v[2].verdict = VERDICT_ADVICE;
	assert_null(plan_follows(&first.v[2], &later.findings));
	f->fix.change[CHANGE_XML] = "iothreads:=1";
	assert_ptr_equal(plan_follows(&first.v[2], &later.findings), f);
	arena_release(&h.arena);
}

static void a_line_of_the_kernel_is_as_the_loader_has_it(void **state)
{
	struct list l = { 0 };
	struct plan p;
	struct host h;

	(void)state;
	host_blank(&h);
	add(&l, "a", VERDICT_ADVICE)->fix.change[CHANGE_BOOT] = "iommu=pt";
	p = plan_of(&h, &l, NULL);
	assert_string_equal(p.boot_now, "");
	assert_string_equal(p.boot_next, "iommu=pt");
	set_str(&h.kernel.cmdline, "BOOT_IMAGE=/vmlinuz root=/dev/sda1 initrd=\\x.img ro");
	p = plan_of(&h, &l, NULL);
	assert_string_equal(p.boot_now, "root=/dev/sda1 ro");
	assert_string_equal(p.boot_next, "root=/dev/sda1 ro iommu=pt");
	assert_false(p.has_cpus);
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_open_findings_are_in_it),
		cmocka_unit_test(lines_stand_once),
		cmocka_unit_test(lists_of_cpus_agree),
		cmocka_unit_test(guests_are_changed_in_the_words_of_who_runs_them),
		cmocka_unit_test(the_later_list_has_the_last_word),
		cmocka_unit_test(a_line_of_the_kernel_is_as_the_loader_has_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

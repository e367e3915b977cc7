/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings of the page: what to do first, their order, their evidence; devices beside the CPUs. */
/* TEST_SOURCES: tests/lib/page.c tests/lib/sample.c tests/lib/sample_trace.c */
#include <string.h>

#include "tests/lib/machine.h"
#include "tests/lib/page.h"

static const char *const no_refs[] = { NULL };
static const struct tweak topology = { .id = "a.topology",
				       .section = "Topology",
				       .title = "Topology <1>",
				       .claim = "Claim",
				       .refs = no_refs };
static const struct tweak clock = { .id = "b.clock",
				    .section = "System and VM internal clock",
				    .title = "Clock",
				    .claim = "Claim",
				    .refs = no_refs };
static const struct tweak beyond = { .id = "c.beyond",
				     .section = "",
				     .title = "Beyond",
				     .standing = STANDING_BEYOND,
				     .refs = no_refs };
static const struct tweak risky = { .id = "d.risky",
				    .section = "Topology",
				    .title = "Risky",
				    .claim = "Claim",
				    .is_trade_off = true,
				    .refs = no_refs };

static char *page_with(struct finding *v, size_t n, struct host *h)
{
	struct findings f = { .v = v, .n = n };
	char *page;

	for (size_t i = 0; i < n; i++) {
		v[i].summary = v[i].summary ? v[i].summary : "Said.";
		f.n_by_verdict[v[i].verdict]++;
	}
	page = page_of(h, &f);
	page_check(page);
	return page;
}

static void comes_before(const char *page, const char *first, const char *second)
{
	const char *a = strstr(page, first), *b = strstr(page, second);

	page_has(page, first);
	page_has(page, second);
	if (a > b)
		fail_msg("%s comes after %s", first, second);
}

/* The highest that have a fix, one line each; never a choice between safety and speed. */
static void test_first(void **state)
{
	struct finding v[] = {
		{ .tweak = &risky, .verdict = VERDICT_PROBLEM, .fix = { .now = "risky" } },
		{ .tweak = &topology,
		  .verdict = VERDICT_PROBLEM,
		  .fix = { .now = "echo '<a>' | sudo tee /x\nsecond line",
			   .needs = NEEDS_GUEST_RESTART } },
		{ .tweak = &beyond, .verdict = VERDICT_ADVICE },
		{ .tweak = &clock, .verdict = VERDICT_ADVICE, .fix = { .persist = "keep" } },
	};
	struct host *h = sample_host(&(struct sample){ 4, 3, 2, 100 });
	auto_free char *page = page_with(v, ARRAY_SIZE(v), h), *audit = NULL, *none = NULL,
		       *said = NULL;

	(void)state;
	page_has(page,
		 "<h2>What to do first</h2>\n<ol>\n<li><b><a href=\"#finding-a.topology\">"
		 "Topology &lt;1&gt;</a></b> <code>echo &#39;&lt;a&gt;&#39; | sudo tee "
		 "/x</code> … <span class=\"when\">needs a restart of the guest</span>\n"
		 "<li><b><a href=\"#finding-b.clock\">Clock</a></b> <code>keep</code>\n</ol>");
	page_has(page, "run it again");
	v[1].fix.now = NULL;
	v[1].fix.persist = "Look for who does it.";
	said = page_with(v, ARRAY_SIZE(v), h);
	page_has(said, "<span>Look for who does it.</span>");
	fact_set_bool(&h->run.is_audit, true);
	audit = page_with(v, ARRAY_SIZE(v), h);
	page_has_not(audit, "run it again");
	page_has(audit, "vfiobench run measures before and after");
	none = page_with(&v[2], 1, h);
	page_has_not(none, "What to do first");
	host_free(h);
}

/* By section: the section of the highest comes first, each section once. */
static void test_sections(void **state)
{
	struct finding v[] = {
		{ .tweak = &clock, .verdict = VERDICT_PROBLEM },
		{ .tweak = &beyond, .verdict = VERDICT_PROBLEM },
		{ .tweak = &topology, .verdict = VERDICT_ADVICE },
		{ .tweak = &risky, .verdict = VERDICT_PASS },
	};
	struct host *h = sample_host(&(struct sample){ 4, 3, 2, 100 });
	auto_free char *page = page_with(v, ARRAY_SIZE(v), h);

	(void)state;
	comes_before(page, "<h3>System and VM internal clock</h3>", "id=\"finding-b.clock\"");
	comes_before(page, "id=\"finding-b.clock\"", "<h3>Beyond the guide</h3>");
	comes_before(page, "<h3>Beyond the guide</h3>", "id=\"finding-c.beyond\"");
	comes_before(page, "id=\"finding-c.beyond\"", "<h3>Topology</h3>");
	page_has(page, "<tbody><tr><th colspan=\"3\" scope=\"rowgroup\">Topology\n<tr><td>");
	assert_int_equal(page_count(page, "\"rowgroup\">"), 1);
	host_free(h);
}

/* Rows where each item has a name, those of one name together; else a list. */
static void test_evidence(void **state)
{
	static const char *named[] = { "IRQ 28 <x>: 419/s", "trace: a", "trace: b: c" };
	static const char *mixed[] = { "IRQ 28: 419/s", "no name here:" };
	struct finding v[] = {
		{ .tweak = &clock, .verdict = VERDICT_ADVICE, .items = named, .n_items = 3 },
		{ .tweak = &beyond, .verdict = VERDICT_ADVICE, .items = mixed, .n_items = 2 },
	};
	struct host *h = sample_host(&(struct sample){ 4, 3, 2, 100 });
	auto_free char *page = page_with(v, ARRAY_SIZE(v), h);

	(void)state;
	page_has(page, "<table class=\"evidence\"><tbody>\n"
		       "<tr><th scope=\"row\" rowspan=\"1\">IRQ 28 &lt;x&gt;<td>419/s\n"
		       "<tr><th scope=\"row\" rowspan=\"2\">trace<td>a\n<tr><td>b: c\n</table>");
	page_has(page, "<ul class=\"evidence\">\n<li>IRQ 28: 419/s\n<li>no name here:\n</ul>");
	host_free(h);
}

static void add_device(struct host *h, const char *address, const char *name, uint64_t class_code,
		       int node)
{
	struct pci_function *f = fact_add_item(&h->pci.functions, &h->arena, sizeof(*f));

	assert_non_null(f);
	set_str(&f->address, address);
	set_str(&f->name, name);
	set_str(&f->driver, "vfio-pci");
	fact_set_u64(&f->class_code, class_code);
	if (node >= 0)
		fact_set_u64(&f->node, (uint64_t)node);
}

static void test_devices(void **state)
{
	struct host *h = malloc(sizeof(*h));
	struct core_fact *cores;
	auto_free char *page = NULL;

	(void)state;
	assert_non_null(h);
	host_blank(h);
	add_smt_cores(h, 4, 2);
	cores = h->cpu.cores.v;
	fact_set_u64(&cores[2].package, 1);
	fact_set_u64(&cores[3].package, 1);
	add_node(h, 0, "0-1,4-5");
	add_node(h, 1, "2-3,6-7");
	add_device(h, "0000:01:00.0", "<b>GP104", 0x030000, 1);
	add_device(h, "0000:02:00.0", "Disk", 0x010802, 0);
	add_device(h, "0000:03:00.0", "Odd", 0x120000, -1);
	page = page_judged(h);
	page_check(page);
	comes_before(page, "<h3>Package 0</h3>", "<li><b>NVMe</b> <code>0000:02:00.0</code> Disk");
	comes_before(page, "0000:02:00.0</code> Disk", "<h3>Package 1</h3>");
	comes_before(
		page, "<h3>Package 1</h3>",
		"<li><b>GPU</b> <code>0000:01:00.0</code> &lt;b&gt;GP104 <small>node 1</small>");
	comes_before(page, "<small>node 1</small>", "nobody tells beside which CPUs");
	page_has(page, "<li><b>Device</b> <code>0000:03:00.0</code> Odd\n");
	assert_int_equal(page_count(page, "<ul class=\"devices\">"), 3);
	host_free(h);
}

/* With one node there is no question where a device hangs. */
static void test_one_node(void **state)
{
	struct host *h = malloc(sizeof(*h));
	auto_free char *page = NULL;

	(void)state;
	assert_non_null(h);
	host_blank(h);
	machine_8700k(h);
	add_node(h, 0, "0-11");
	add_device(h, "0000:01:00.0", "GP104", 0x030000, -1);
	page = page_judged(h);
	page_check(page);
	page_has(page, "Devices of the guest on this side");
	page_has_not(page, "nobody tells");
	page_has_not(page, "<small>node");
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first),    cmocka_unit_test(test_sections),
		cmocka_unit_test(test_evidence), cmocka_unit_test(test_devices),
		cmocka_unit_test(test_one_node),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page about who took the guest's time, gaps and round trips. */
/* TEST_SOURCES: tests/lib/page.c tests/lib/sample.c tests/lib/sample_trace.c */
#include <string.h>

#include "tests/lib/host.h"
#include "tests/lib/page.h"

static const struct sample desktop = { 6, 24, 1, 1000 };
static const struct sample small = { 4, 3, 2, 100 };

static void test_whole(void **state)
{
	static const char *const pieces[] = {
		/* trace */
		"lost <b>1.83 %</b> of their time (4.40&nbsp;s).",
		"<b>local_timer</b> (22.4 % of what was lost)",
		"<b>17 or more were lost</b>",
		"No event <code>nmi:nmi_handler</code>",
		"<i class=\"sw sw-0\"></i><b>preempted</b>",
		"<th scope=\"row\">vector<td class=\"wrap\">local_timer<td>",
		"<a href=\"#finding-irq.managed\">irq.managed</a>",
		"kept the thread that would wake the vCPU waiting: vhost-4242",
		"<td>14:01:",
		"<th scope=\"col\">4000 and more",
		/* gap loop, built-in guest */
		"</b> gaps a second of 400&nbsp;ns or more",
		"A trace of the same time names who took",
		"emulated</span> Guest instructions did not run",
		"2 → 3",
		"<th scope=\"row\">1.00 GiB<td>1.00 GiB<td>1.00 GiB<td>1000000<td>86.0&nbsp;ns",
		/* how it was done */
		"<th scope=\"row\">Events<td>1234567\n",
		"<th scope=\"row\">Events a second<td>41k",
		"<th scope=\"row\">Events lost<td>17, at least",
		"within 0 ppm of the window",
		"<th scope=\"row\">One turn<td>9.8&nbsp;ns",
		"What the traced CPUs did",
		"<th scope=\"row\">3<td>99.0 %<td>0.70 %",
	};
	auto_free char *page = page_sample(&desktop);

	(void)state;
	page_check(page);
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++)
		page_has(page, pieces[i]);
}

/* Of one vCPU "its"; the end of a bar is seen without scrolling. */
static void test_one_vcpu(void **state)
{
	struct host *h = sample_host(&small);
	auto_free char *page = NULL;

	(void)state;
	sample_add_trace(h, &(struct sample_trace){ 1, 8, 4 });
	page = page_judged(h);
	page_has(page, "the guest's 1 vCPU lost <b>");
	page_has(page, "</b> of its time (");
	page_has(page, "<figure class=\"bars\">");
	page_has(page, "<th scope=\"col\">Of what was lost");
	host_free(h);
}

/* What nobody measured is not spoken of; what failed is. */
static void test_untraced(void **state)
{
	struct host *h = sample_host(&small);
	auto_free char *page = NULL, *failed = NULL;
	struct host_probe *gap = (struct host_probe *)host_probe(h, "gap");

	(void)state;
	memset(&h->trace, 0, sizeof(h->trace));
	memset(&h->gap, 0, sizeof(h->gap));
	memset(&h->exits, 0, sizeof(h->exits));
	((struct host_probe *)host_probe(h, "trace"))->status = "absent";
	((struct host_probe *)host_probe(h, "exits"))->status = "absent";
	gap->status = "absent";
	page = page_judged(h);
	page_check(page);
	page_has_not(page, "Who took the guest");
	page_has_not(page, "id=\"gap\"");
	page_has_not(page, "id=\"exits\"");
	gap->status = "failed";
	gap->reason = "killed by signal 9";
	failed = page_judged(h);
	page_check(failed);
	page_has(failed, "Not measured: ");
	page_has(failed, "killed by signal 9");
	host_free(h);
}

/* vCPUs that lost nothing, of counters that tell no names. */
static void test_nothing_lost(void **state)
{
	struct host *h = sample_host(&small);
	auto_free char *page = NULL;
	struct trace_vcpu *v;
	struct trace_states *s;

	(void)state;
	memset(&h->trace, 0, sizeof(h->trace));
	v = fact_add_item(&h->trace.vcpus, &h->arena, sizeof(*v));
	assert_non_null(v);
	s = fact_set_object(&v->states, &h->arena, sizeof(*s));
	assert_non_null(s);
	set_str(&h->trace.rung, "schedstat");
	fact_set_u64(&h->trace.window_ns, NS_PER_S);
	fact_set_u64(&s->running_ns, NS_PER_S);
	fact_set_u64(&s->waiting_ns, 0);
	page = page_judged(h);
	page_check(page);
	page_has(page, "1 vCPU lost <b>0 %</b>");
	page_has(page, "No vCPU lost any time that was seen.");
	page_has(page, "Counters tell no names.");
	page_has(page, "<th scope=\"col\">running<th");
	page_has_not(page, "over the window");
	page_has_not(page, "by time and length");
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_one_vcpu),
		cmocka_unit_test(test_untraced),
		cmocka_unit_test(test_nothing_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

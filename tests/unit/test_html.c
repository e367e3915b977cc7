/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page: whole, safe, small, well-formed. */
/* TEST_SOURCES: tests/lib/page.c tests/lib/sample.c tests/lib/sample_trace.c */
#include <string.h>

#include "report/report.h"
#include "tests/lib/check.h"
#include "tests/lib/host.h"
#include "tests/lib/page.h"

static const struct sample desktop = { 6, 24, 8, 20000 };
static const struct sample small = { 4, 3, 2, 100 };

static void test_whole(void **state)
{
	static const char *const pieces[] = {
		/* verdict and key numbers */
		"<h1>Measured while win10 ran",
		"Guest: <b>win10</b> (QEMU, started by libvirt), 8 vCPUs",
		"Guest CPUs: <b><span class=\"range\">2-5</span>,<wbr><span class=\"range\">8-11</span></b> (where its vCPUs may run); host CPUs: <b><span class=\"range\">0-1</span>,<wbr><span class=\"range\">6-7</span></b>.",
		"real-time tasks may use 95 % of a CPU only",
		"2024-06-01 14:00 UTC",
		"<dt>Wake-up p99.9<dd><b>",
		"<dt>Interrupts on guest CPUs<dd><b>",
		/* findings */
		"id=\"finding-clocksource.tsc\"",
		"<span aria-hidden=\"true\">✗</span> Problem",
		"<b>The guide says</b> under “System and VM internal clock” (which is right)",
		"<b>Today:</b>",
		"href=\"https://docs.kernel.org/virt/kvm/x86/timekeeping.html\"",
		/* interrupts */
		"<th scope=\"col\" class=\"g\">2<abbr title=\"guest CPU\">G</abbr>",
		"<th scope=\"col\">0<th scope=\"col\">1<th scope=\"col\" class=\"g\">2",
		"fixed</abbr> nvme0q8",
		" hot\">",
		"Soft interrupts per second",
		/* CPU map */
		"<li class=\"cpu g\"><b>2</b>",
		"<abbr title=\"vCPU\">v</abbr><span class=\"range\">0</span></span>",
		"the emulator thread is bound here",
		"isolated from the scheduler",
		"L3 cache 0, 32.0 MiB",
		/* guest */
		"CPU 7/KVM",
		"16.0 GiB in pages of 2.00 MiB (hugetlb)",
		/* machine */
		"isolcpus=2-4",
		"schedutil on <span class=\"range\">0-11</span>",
		"3072 of 65536 in use",
		/* method */
		"fifo 95, memory locked",
		"64, with 1280000 wake-ups of 1280008 expected; 8 periods missed",
		"0.3 % of each measured CPU",
		"/boot/config-6.1.0-21-amd64",
		"Permission denied",
	};
	auto_free char *page = page_sample(&desktop);

	(void)state;
	page_keep(page, "desktop");
	page_check(page);
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++)
		page_has(page, pieces[i]);
	if (access("/usr/bin/gnuplot", X_OK) == 0) {
		assert_int_equal(page_count(page, "<svg "), 7);
		page_has_not(page, "class=\"missing\"");
	}
}

/* The same page each time. */
static void test_repeatable(void **state)
{
	auto_free char *a = page_sample(&small), *b = page_sample(&small);

	(void)state;
	assert_string_equal(a, b);
}

static void test_no_gnuplot(void **state)
{
	auto_free char *path = strdup(getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
	auto_free char *page = NULL;

	(void)state;
	setenv("PATH", "/nowhere", 1);
	page = page_sample(&desktop);
	setenv("PATH", path, 1);
	page_check(page);
	page_has_not(page, "<svg");
	assert_int_equal(
		page_count(page, "The figure is not here (gnuplot is not installed); its numbers "
				 "are in the table below."),
		7);
	/* The table of the built-in guest is never folded. */
	assert_int_equal(page_count(page, "<details open>"), 6);
	page_has(page, "<th scope=\"row\">p99.9<td>");
}

static void test_few_events(void **state)
{
	auto_free char *page = page_sample(&small);

	(void)state;
	page_check(page);
	/* 8 units of 100: p99 rests on 8 events, ten are needed. */
	page_has(page, "<dt>Wake-up p99<dd><b>–</b><small>needs 1000 wake-ups</small>");
	page_has_not(page, "<dt>Wake-up p50<dd><b>–");
	page_has(page, "p90 of each repetition, by CPU");
}

static void test_nothing_known(void **state)
{
	struct host *h = malloc(sizeof(*h));
	auto_free char *page = NULL;

	(void)state;
	assert_non_null(h);
	host_blank(h);
	page = page_judged(h);
	page_check(page);
	page_has(page, "No guest ran.");
	page_has(page, "probe kernel did not run");
	page_has(page, "All that was looked for could be read.");
	page_has_not(page, "<svg");
	page_has_not(page, "Wake-up p");
	host_free(h);
}

/* Settings only: counts since boot instead of rates, pins of the configuration. */
static void test_audit(void **state)
{
	struct host *h = sample_host(&desktop);
	auto_free char *page = NULL;
	struct domain_pin *pin;

	(void)state;
	memset(&h->activity, 0, sizeof(h->activity));
	memset(&h->wake, 0, sizeof(h->wake));
	h->running = NULL;
	fact_set_bool(&h->run.is_audit, true);
	set_str(&h->guestref.kind, "none");
	pin = fact_add_item(&h->domain.vcpu_pins, &h->arena, sizeof(*pin));
	assert_non_null(pin);
	fact_set_u64(&pin->id, 5);
	set_cpus(&pin->cpus, "8");
	set_cpus(&h->domain.emulator_pin, "0");
	page = page_judged(h);
	page_check(page);
	page_has(page, "nothing was measured");
	if (strstr(page, ". ."))
		fail_msg("a full stop stands alone");
	page_has(page, "id=\"overview\"");
	page_has(page, "Interrupts on each CPU since boot");
	page_has_not(page, " hot\"");
	page_has(
		page,
		"<b>8</b><abbr class=\"side\" title=\"guest CPU\">G</abbr><span class=\"vcpu\"><abbr "
		"title=\"vCPU\">v</abbr><span class=\"range\">5</span></span>");
	assert_int_equal(page_count(page, "the emulator thread is bound here"), 1);
	host_free(h);
}

static void test_partial(void **state)
{
	struct host_probe *wake;
	struct host *h = sample_host(&small);
	auto_free char *page = NULL;

	(void)state;
	fact_set_bool(&h->run.is_partial, true);
	set_str(&h->run.reason, "ended by Ctrl-C");
	fact_set_bool(&h->cpu.is_virtual, true);
	set_str(&h->cpu.hypervisor, "KVM");
	set_str(&h->cpus.source, "fallback");
	set_str(&h->wake.policy, "other");
	wake = (struct host_probe *)host_probe(h, "wake");
	wake->status = "failed";
	wake->reason = "killed by signal 11";
	assert_int_equal(fact_add_pair(&h->activity.steal_ns, &h->arena, 2, NS_PER_S * 10), 0);
	page = page_judged(h);
	page_check(page);
	page_has(page, "<li>The run ended early: ended by Ctrl-C");
	page_has(page, "<li>This host is itself a virtual machine of KVM");
	page_has(page, "<li>Nothing tells which CPUs are the guest");
	page_has(page, "<li>The wake probe had no real-time priority");
	page_has(page, "<li>Probe wake failed: killed by signal 11");
	page_has(page, "<li>The hypervisor below this host took 8.3 %");
	host_free(h);
}

/* 64 CPUs, 1000 lines: only guest CPUs get columns, and the rest is folded. */
/* Each governor once with its CPUs, and of a page that names no end of them the first ones. */
static void test_governors(void **state)
{
	struct freq_fact freq[2000] = { 0 };
	const char *names[] = { "performance", "powersave" };
	struct host *h = sample_host(&small);
	char *page;

	(void)state;
	h->cpu.freq = (struct fact_list){ true, 4, freq };
	for (unsigned i = 0; i < ARRAY_SIZE(freq); i++) {
		char *name = arena_printf(&h->arena, "%s%u", names[i / 2 % 2], i < 4 ? 0 : i);

		freq[i].governor = (struct fact_str){ true, name };
		freq[i].cpus.known = true;
		cpus_add(&freq[i].cpus.v, i);
	}
	page = page_judged(h);
	assert_non_null(
		strstr(page, "performance0 on <span class=\"range\">0-1</span>; powersave0"));
	free(page);
	h->cpu.freq.n = ARRAY_SIZE(freq);
	page = page_judged(h);
	assert_non_null(strstr(page, "performance9 on "));
	assert_null(strstr(page, "powersave10 on "));
	free(page);
	host_free(h);
}

static void test_large(void **state)
{
	static const struct sample large = { 32, 1000, 8, 500 };
	auto_free char *page = page_sample(&large);

	(void)state;
	page_keep(page, "large");
	page_check(page);
	page_has_not(page, "<th scope=\"col\">0<th scope=\"col\">1<th");
	page_has(page, "<th scope=\"col\" class=\"g\">all <abbr title=\"guest CPUs\">G</abbr>");
	page_has(page, "<th scope=\"col\">others");
	page_has(page, "more</summary>");
	page_has(page, "and 5"); /* of 1005 that fired 440 are told of */
}

static const char hostile[] =
	"\"'><script>alert(1)</script><img src=x onerror=alert(2)>&lt;"
	"</pre></title></style><!--]]>\x01\x1b[31m\xff\xfe\xe2\x80\xae\x7f%s%n";

static struct findings hostile_findings(struct host *h, const char *text)
{
	static const char *const refs[] = { "measured: \"><script>", "javascript:alert(1)",
					    "https://x/\" onclick=\"y", NULL };
	static const struct tweak tweak = {
		.id = "made.up",
		.section = "Section",
		.title = "Title",
		.claim = "Claim",
		.today = "Today",
		.refs = refs,
	};
	struct finding *v = arena_calloc(&h->arena, N_VERDICTS, sizeof(*v));
	const char **items = arena_calloc(&h->arena, 100, sizeof(*items));
	struct findings f = { .v = v, .n = N_VERDICTS };

	assert_non_null(v);
	assert_non_null(items);
	for (size_t i = 0; i < 100; i++)
		items[i] = text;
	for (size_t i = 0; i < N_VERDICTS; i++) {
		v[i].tweak = &tweak;
		v[i].verdict = (enum verdict)i;
		v[i].summary = text;
		v[i].items = items;
		v[i].n_items = 100;
		v[i].fix.now = v[i].fix.persist = v[i].fix.undo = v[i].fix.risk = text;
		f.n_by_verdict[i] = 1;
	}
	return f;
}

/* Kept as NAME and as NAME-judged. */
static void check_hostile(const struct sample *s, const struct sample_trace *trace,
			  const char *text, const char *name)
{
	auto_free char *name_judged = NULL;
	struct host *h = sample_host(s);
	struct findings f;
	auto_free char *judged = NULL, *made = NULL, *audit = NULL;

	if (trace)
		sample_add_trace(h, trace);
	sample_poison(h, text);
	f = hostile_findings(h, text);
	/* Two findings of one id would be two of one name in the page. */
	f.v[1].verdict = VERDICT_PROBLEM;
	f.v++;
	f.n--;
	made = page_of(h, &f);
	page_keep(made, name);
	page_check(made);
	page_has(made, "and 70 more");
	page_has_not(made, "href=\"javascript");
	page_has(made, "href=\"https://x/&quot; onclick=&quot;y\"");
	judged = page_judged(h);
	assert_true(asprintf(&name_judged, "%s-judged", name) > 0);
	page_keep(judged, name_judged);
	page_check(judged);
	h->activity.window_ns.known = false;
	h->running = NULL;
	audit = page_judged(h);
	page_check(audit);
	host_free(h);
}

static void test_hostile(void **state)
{
	(void)state;
	check_hostile(&small, NULL, hostile, "hostile");
	check_hostile(&small, NULL, "", "hostile-empty");
	check_hostile(&small, NULL, "\n\n\t\r\n<h6>", "hostile-lines");
}

/* Names of 10 kB in every place, many CPUs and lines: still a page that can be sent. */
static void test_long_names(void **state)
{
	static const struct sample large = { 32, 1000, 4, 100 };
	static const struct sample_trace wide = { 200, 4096, 80 };
	auto_free char *name = malloc(10001);

	(void)state;
	assert_non_null(name);
	for (size_t i = 0; i < 10000; i++)
		name[i] = "<&\"n"[i % 4];
	name[10000] = '\0';
	check_hostile(&large, &wide, name, "hostile-long");
}

static int fail_to_write(void)
{
	struct host *h = sample_host(&small);
	FILE *full = fopen("/dev/full", "w");
	struct findings f;
	int r;

	assert_non_null(full);
	assert_int_equal(engine_run(h, &f), 0);
	setvbuf(full, NULL, _IONBF, 0);
	r = report_html(full, h, &f);
	fclose(full);
	host_free(h);
	return r;
}

static void test_full_disk(void **state)
{
	(void)state;
	assert_int_equal(fail_to_write(), -ENOSPC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),         cmocka_unit_test(test_repeatable),
		cmocka_unit_test(test_no_gnuplot),    cmocka_unit_test(test_few_events),
		cmocka_unit_test(test_nothing_known), cmocka_unit_test(test_audit),
		cmocka_unit_test(test_partial),       cmocka_unit_test(test_governors),
		cmocka_unit_test(test_large),         cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_long_names),    cmocka_unit_test(test_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

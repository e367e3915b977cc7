/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page: whole, safe, small, well-formed. TEST_SOURCES: tests/lib/sample.c */
#include <string.h>

#include "core/program.h"
#include "core/text.h"
#include "report/report.h"
#include "tests/lib/check.h"
#include "tests/lib/host.h"
#include "tests/lib/sample.h"

enum { PAGE_MAX = 1 << 20 };

static const struct sample desktop = { 6, 24, 8, 20000 };
static const struct sample small = { 4, 3, 2, 100 };

static char *page_of(struct host *h, const struct findings *f)
{
	char *page = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&page, &size);

	assert_non_null(out);
	assert_int_equal(report_html(out, h, f), 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(strlen(page), size);
	return page;
}

static char *judged_page(struct host *h)
{
	struct findings f;

	assert_int_equal(engine_run(h, &f), 0);
	return page_of(h, &f);
}

static char *sample_page(const struct sample *s)
{
	struct host *h = sample_host(s);
	char *page = judged_page(h);

	host_free(h);
	return page;
}

/* Into the folder VFIOBENCH_PAGES, to be looked at. */
static void keep_page(const char *page, const char *name)
{
	const char *folder = getenv("VFIOBENCH_PAGES");
	auto_free char *path = NULL;
	FILE *file;

	if (!folder)
		return;
	assert_true(asprintf(&path, "%s/%s.html", folder, name) > 0);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(page, file);
	fclose(file);
}

static void has(const char *page, const char *piece)
{
	if (!strstr(page, piece))
		fail_msg("the page does not hold: %s", piece);
}

static void has_not(const char *page, const char *piece)
{
	const char *at = strstr(page, piece);

	if (at)
		fail_msg("the page holds: %.80s", at);
}

static size_t count(const char *page, const char *piece)
{
	size_t n = 0;

	for (const char *at = page; (at = strstr(at, piece)); at += strlen(piece))
		n++;
	return n;
}

static void check_headings(const char *page)
{
	char last = '0';

	for (const char *at = page; (at = strstr(at, "<h")); at++) {
		if (at[2] < '1' || at[2] > '6')
			continue;
		if (at[2] > last + 1)
			fail_msg("heading after h%c: %.60s", last, at);
		last = at[2];
	}
	assert_int_equal(count(page, "<h1"), 1);
}

static void check_ids(const char *page)
{
	static const char mark[] = " id=\"";

	for (const char *at = page; (at = strstr(at, mark)); at++) {
		auto_free char *id =
			strndup(at, strcspn(at + strlen(mark), "\"") + strlen(mark) + 1);

		assert_non_null(id);
		if (strstr(at + 1, id))
			fail_msg("twice:%s", id);
	}
	/* What is pointed at is there. */
	for (const char *at = page; (at = strstr(at, "href=\"#")); at++) {
		auto_free char *id = NULL;
		const char *name = at + strlen("href=\"#");

		assert_true(asprintf(&id, " id=\"%.*s\"", (int)strcspn(name, "\""), name) > 0);
		has(page, id);
	}
}

/* One tag, from after its '<': its names, without the values in quotes. */
static char *bare_tag(const char *tag)
{
	char *bare = malloc(strlen(tag) + 1);
	size_t n = 0;
	char quote = 0;

	assert_non_null(bare);
	for (; *tag && (quote || *tag != '>'); tag++) {
		if (quote)
			quote = *tag == quote ? 0 : quote;
		else if (*tag == '"' || *tag == '\'')
			quote = *tag;
		else
			bare[n++] = *tag;
	}
	assert_int_equal(*tag, '>');
	bare[n] = '\0';
	return bare;
}

static void check_tags(const char *page)
{
	static const char *const elements[] = { "script", "link",  "iframe",  "object",
						"embed",  "img",   "base",    "form",
						"image",  "input", "foreign", "!--" };
	static const char *const attributes[] = { " on", " src", " style=", " xlink", " action" };

	for (const char *at = page; (at = strchr(at, '<')); at++) {
		auto_free char *bare = bare_tag(at + 1);

		for (size_t i = 0; i < ARRAY_SIZE(elements); i++) {
			if (!strncmp(bare, elements[i], strlen(elements[i])))
				fail_msg("an element: %s", bare);
		}
		for (size_t i = 0; i < ARRAY_SIZE(attributes); i++) {
			if (strstr(bare, attributes[i]))
				fail_msg("an attribute: %s", bare);
		}
	}
}

/* Nothing that runs, nothing that is fetched. */
static void check_safe(const char *page)
{
	check_tags(page);
	has_not(page, "@import");
	assert_int_equal(count(page, "http-equiv=\"Content-Security-Policy\" content=\"default-src "
				     "'none'; style-src 'unsafe-inline'; img-src data:; base-uri "
				     "'none'; form-action 'none'\""),
			 1);
	for (const char *at = page; (at = strstr(at, "url(")); at++)
		assert_int_equal(at[4], '#');
	for (const char *at = page; (at = strstr(at, "href=\"")); at++) {
		if (at[6] != '#' && strncmp(at + 6, "https://", 8))
			fail_msg("an address: %.60s", at);
	}
}

static void check_text(const char *page)
{
	auto_free char *clean = NULL;
	struct text rest = text_of(page), line;

	clean = malloc(strlen(page) + 1);
	assert_non_null(clean);
	while (text_next_line(&rest, &line)) {
		struct text pieces = line, piece;

		while (text_next_piece(&pieces, '\t', &piece)) {
			text_clean(piece, clean, piece.len + 1);
			if (!text_equal(piece, clean))
				fail_msg("control bytes or no UTF-8: %s", clean);
		}
	}
}

/*
 * libxml2 knows HTML 4: of its complaints only those about newer elements are to be expected. As
 * one piece (--memory): reading by pieces it loses its place in long attributes.
 */
static void check_parses(const char *page)
{
	const char *const argv[] = {
		"/usr/bin/xmllint", "--html", "--memory", "--noout", NULL, NULL
	};
	const char *args[ARRAY_SIZE(argv)];
	struct program p = { .argv = args, .limit_ns = 20 * NS_PER_S };
	char path[] = "/tmp/test-html.XXXXXX";
	const int fd = mkstemp(path);
	struct text rest, line;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, page, strlen(page)), strlen(page));
	close(fd);
	memcpy(args, argv, sizeof(args));
	args[4] = path;
	if (access(argv[0], X_OK) < 0) {
		print_message("no xmllint: not parsed\n");
		unlink(path);
		return;
	}
	assert_int_equal(program_start(&p, timebase_monotonic()), 0);
	assert_int_equal(programs_wait(&p, 1, timebase_monotonic(), -1), 0);
	unlink(path);
	assert_int_equal(p.end, PROGRAM_EXITED);
	rest = text_make(p.err, p.n_err);
	while (text_next_line(&rest, &line)) {
		/* What it says is kept up to a limit, which may cut the last line. */
		if (rest.len == 0 && p.err[p.n_err - 1] != '\n')
			break;
		if (text_find(line, " error : ") &&
		    !(text_find(line, "Tag ") && text_ends(line, " invalid")))
			fail_msg("%.*s", (int)line.len, line.at);
	}
	program_release(&p);
}

static void check_page(const char *page)
{
	assert_true(text_starts(text_of(page), "<!doctype html>\n<html lang=\"en\">"));
	assert_true(text_ends(text_of(page), "</html>\n"));
	if (strlen(page) >= PAGE_MAX)
		fail_msg("%zu bytes", strlen(page));
	check_headings(page);
	check_ids(page);
	check_safe(page);
	check_text(page);
	check_parses(page);
}

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
	auto_free char *page = sample_page(&desktop);

	(void)state;
	keep_page(page, "desktop");
	check_page(page);
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++)
		has(page, pieces[i]);
	if (access("/usr/bin/gnuplot", X_OK) == 0) {
		assert_int_equal(count(page, "<svg "), 2);
		has_not(page, "class=\"missing\"");
	}
}

/* The same page each time. */
static void test_repeatable(void **state)
{
	auto_free char *a = sample_page(&small), *b = sample_page(&small);

	(void)state;
	assert_string_equal(a, b);
}

static void test_no_gnuplot(void **state)
{
	auto_free char *path = strdup(getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
	auto_free char *page = NULL;

	(void)state;
	setenv("PATH", "/nowhere", 1);
	page = sample_page(&desktop);
	setenv("PATH", path, 1);
	check_page(page);
	has_not(page, "<svg");
	assert_int_equal(count(page,
			       "The figure is not here (gnuplot is not installed); its numbers "
			       "are in the table below."),
			 2);
	assert_int_equal(count(page, "<details open>"), 2);
	has(page, "<th scope=\"row\">p99.9<td>");
}

static void test_few_events(void **state)
{
	auto_free char *page = sample_page(&small);

	(void)state;
	check_page(page);
	/* 8 units of 100: p99 rests on 8 events, ten are needed. */
	has(page, "<dt>Wake-up p99<dd><b>–</b><small>needs 1000 wake-ups</small>");
	has_not(page, "<dt>Wake-up p50<dd><b>–");
	has(page, "p90 of each repetition, by CPU");
}

static void test_nothing_known(void **state)
{
	struct host *h = malloc(sizeof(*h));
	auto_free char *page = NULL;

	(void)state;
	assert_non_null(h);
	host_blank(h);
	page = judged_page(h);
	check_page(page);
	has(page, "No guest ran.");
	has(page, "probe kernel did not run");
	has(page, "All that was looked for could be read.");
	has_not(page, "<svg");
	has_not(page, "Wake-up p");
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
	page = judged_page(h);
	check_page(page);
	has(page, "nothing was measured");
	if (strstr(page, ". ."))
		fail_msg("a full stop stands alone");
	has(page, "id=\"overview\"");
	has(page, "Interrupts on each CPU since boot");
	has_not(page, " hot\"");
	has(page,
	    "<b>8</b><abbr class=\"side\" title=\"guest CPU\">G</abbr><span class=\"vcpu\"><abbr "
	    "title=\"vCPU\">v</abbr><span class=\"range\">5</span></span>");
	assert_int_equal(count(page, "the emulator thread is bound here"), 1);
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
	page = judged_page(h);
	check_page(page);
	has(page, "<li>The run ended early: ended by Ctrl-C");
	has(page, "<li>This host is itself a virtual machine of KVM");
	has(page, "<li>Nothing tells which CPUs are the guest");
	has(page, "<li>The wake probe had no real-time priority");
	has(page, "<li>Probe wake failed: killed by signal 11");
	has(page, "<li>The hypervisor below this host took 8.3 %");
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
	page = judged_page(h);
	assert_non_null(
		strstr(page, "performance0 on <span class=\"range\">0-1</span>; powersave0"));
	free(page);
	h->cpu.freq.n = ARRAY_SIZE(freq);
	page = judged_page(h);
	assert_non_null(strstr(page, "performance9 on "));
	assert_null(strstr(page, "powersave10 on "));
	free(page);
	host_free(h);
}

static void test_large(void **state)
{
	static const struct sample large = { 32, 1000, 8, 500 };
	auto_free char *page = sample_page(&large);

	(void)state;
	keep_page(page, "large");
	check_page(page);
	has_not(page, "<th scope=\"col\">0<th scope=\"col\">1<th");
	has(page, "<th scope=\"col\" class=\"g\">all <abbr title=\"guest CPUs\">G</abbr>");
	has(page, "<th scope=\"col\">others");
	has(page, "more</summary>");
	has(page, "and 5"); /* of 1005 that fired 440 are told of */
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

static void check_hostile(const struct sample *s, const char *text)
{
	struct host *h = sample_host(s);
	struct findings f;
	auto_free char *judged = NULL, *made = NULL, *audit = NULL;

	sample_poison(h, text);
	f = hostile_findings(h, text);
	/* Two findings of one id would be two of one name in the page. */
	f.v[1].verdict = VERDICT_PROBLEM;
	f.v++;
	f.n--;
	made = page_of(h, &f);
	check_page(made);
	has(made, "and 70 more");
	has_not(made, "href=\"javascript");
	has(made, "href=\"https://x/&quot; onclick=&quot;y\"");
	judged = judged_page(h);
	check_page(judged);
	h->activity.window_ns.known = false;
	h->running = NULL;
	audit = judged_page(h);
	check_page(audit);
	host_free(h);
}

static void test_hostile(void **state)
{
	(void)state;
	check_hostile(&small, hostile);
	check_hostile(&small, "");
	check_hostile(&small, "\n\n\t\r\n<h6>");
}

/* Names of 10 kB in every place, many CPUs and lines: still a page that can be sent. */
static void test_long_names(void **state)
{
	static const struct sample large = { 32, 1000, 4, 100 };
	auto_free char *name = malloc(10001);

	(void)state;
	assert_non_null(name);
	for (size_t i = 0; i < 10000; i++)
		name[i] = "<&\"n"[i % 4];
	name[10000] = '\0';
	check_hostile(&large, name);
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
	assert_int_equal(fail_to_write(), -EIO);
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

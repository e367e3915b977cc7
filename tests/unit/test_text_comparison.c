/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A comparison in a terminal: each part, its words, its width. */
#include "report/text_comparison.h"
#include "tests/lib/records.h"

static char *print_in(const struct comparison_facts *c, unsigned width, bool is_full,
		      bool has_colour)
{
	const struct text_style style = { .width = width,
					  .is_full = is_full,
					  .has_colour = has_colour };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(text_comparison(out, c, &style), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static char *print(const struct comparison_facts *c)
{
	return print_in(c, 80, false, false);
}

static void check_piece(const char *text, const char *piece)
{
	if (!strstr(text, piece))
		fail_msg("no '%s' in:\n%s", piece, text);
}

static void check_no_piece(const char *text, const char *piece)
{
	if (strstr(text, piece))
		fail_msg("'%s' in:\n%s", piece, text);
}

static void check_width(const char *text, size_t width)
{
	struct text rest = text_of(text), line;

	while (text_next_line(&rest, &line)) {
		size_t n = 0;

		for (size_t i = 0; i < line.len; i++)
			n += ((unsigned char)line.at[i] & 0xc0) != 0x80;
		if (n > width)
			fail_msg("%zu columns: %.*s", n, (int)line.len, line.at);
		if (line.len && line.at[line.len - 1] == ' ')
			fail_msg("a blank at the end: '%.*s'", (int)line.len, line.at);
	}
}

static void test_table(void **state)
{
	struct comparison_facts c = compare_shapes(wobble, wobble, 1500);
	auto_free char *text = print(&c);

	(void)state;
	check_piece(text, "Regressed: wake.p99 rose by 50 % (");
	check_piece(text, "METRIC    BEFORE   AFTER  CHANGE  95 % INTERVAL  MARGIN  VERDICT\n"
			  "wake.p99  100 us  150 us   +50 %   +48 to +52 %    10 %  regressed\n");
	check_piece(text, "\nNot compared\n  wake.p99.9, wake.stalls, guest.gap.p99.9, "
			  "irq.g_rate, guest.lost: not measured\n");
	check_piece(text, "\nBefore you trust it\n  one session per side: ");
	check_piece(text, "\nNext: look at what differs");
	check_no_piece(text, "Why it cannot be told");
	check_no_piece(text, "\033");
	check_width(text, 80);
}

static void test_unclear(void **state)
{
	struct comparison_facts c = compare_shapes(restless, restless, 1100);
	const struct comparison_metric *m = metric_of(&c, "wake.p99");
	auto_free char *text = print(&c), *noisy = NULL;
	const char *line = arena_printf(&arena, " %u; or several", (unsigned)m->n_needed.v);

	(void)state;
	check_piece(text, "Inconclusive: wake.p99: the repetitions lie too far apart; ");
	check_piece(text, "\nWhy it cannot be told\n  wake.p99: the repetitions lie");
	check_piece(text, line);
	check_width(text, 80);
	c = compare_shapes((const uint64_t[]){ 1, 900, 3, 7000, 2, 9, 80, 4000, 5, 300 },
			   (const uint64_t[]){ 5, 300, 1, 900, 80, 4000, 3, 7000, 2, 9 }, 1000);
	noisy = print(&c);
	check_piece(noisy, "Next: this machine is too noisy for a verdict");
}

static void test_from_zero(void **state)
{
	static const uint64_t none[10] = { 0 };
	struct side b = { 0 }, a = { 0 };
	struct comparison_facts c;
	struct record_metric *m;
	auto_free char *text = NULL;

	(void)state;
	add_values(add_session(&b), "wake.stalls", none, 10, 1000);
	add_values(add_session(&a), "wake.stalls", wobble, 10, 1000);
	m = b.v[0].metrics.v;
	fact_set_u64(&m->offset, 1500);
	c = compare(&b, &a, NULL);
	text = print(&c);
	check_piece(text, "Regressed: wake.stalls rose from 0/min to 100/min.\n");
	check_piece(text, "from 0");
	check_no_piece(text, "00000");
}

static void test_blocked(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct comparison_facts c;
	struct fingerprint_facts *f;
	auto_free char *text = NULL, *more = NULL;

	(void)state;
	add_session(&b);
	f = add_session(&a)->fingerprint.v;
	set_str(&f->cpu_model, "Intel");
	c = compare(&b, &a, NULL);
	text = print(&c);
	check_piece(text, "Not comparable: they differ in cpu_model: AMD / Intel.\n");
	check_no_piece(text, "What forbids to compare");
	check_piece(text, "\nNext: measure both sides on the same machine");
	set_str(&f->guest_kind, "qemu");
	c = compare(&b, &a, NULL);
	more = print(&c);
	check_piece(more, "\nWhat forbids to compare\n  cpu_model: AMD / Intel\n  guest_kind: ");
	check_no_piece(text, "METRIC");
}

/* Items of a list that changed alike are one line; of long texts the words that came and went. */
static void test_differences(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct record_facts *before = add_session(&b), *after = add_session(&a);
	struct comparison_facts c;
	auto_free char *text = NULL, *all = NULL;

	(void)state;
	for (int i = 0; i < 16; i++) {
		const char *key = arena_printf(&arena, "cpu.freq[%d].governor", i);

		add_setting(before, key, "powersave");
		add_setting(after, key, i == 15 ? "schedutil" : "performance");
	}
	add_setting(before, "cpu.isolated", "");
	add_setting(after, "cpu.isolated", "2-5");
	add_setting(after, "cpu.new", "1");
	add_setting(before, "kernel.cmdline",
		    "BOOT_IMAGE=/boot/vmlinuz root=UUID=1234-5678-9abc-def0-1234 ro quiet splash");
	add_setting(after, "kernel.cmdline",
		    "BOOT_IMAGE=/boot/vmlinuz root=UUID=1234-5678-9abc-def0-1234 ro isolcpus=2-5");
	for (int i = 0; i < 40; i++) {
		const char *key = arena_printf(&arena, "kernel.x%d", i);

		add_setting(before, key, "1");
		add_setting(after, key, "2");
	}
	c = compare(&b, &a, NULL);
	text = print(&c);
	check_piece(text, "\nSettings that differ\n");
	check_piece(text, "  cpu.freq[0].governor (and 14 more): powersave, now performance\n");
	check_piece(text, "  cpu.freq[15].governor: powersave, now schedutil\n");
	check_piece(text, "  cpu.isolated: none, now 2-5\n");
	check_piece(text, "  cpu.new: not there, now 1\n");
	check_piece(text, "  kernel.cmdline: -quiet -splash +isolcpus=2-5\n");
	check_piece(text, "  and 15 more: --all lists them\n");
	check_no_piece(text, "kernel.x9:");
	all = print_in(&c, 80, true, false);
	check_piece(all, "  kernel.x9: 1, now 2\n");
	check_no_piece(all, "--all");
}

static void test_findings_and_tweaks(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct record_facts *before = add_session(&b), *after = add_session(&a);
	struct comparison_facts c;
	auto_free char *text = NULL;

	(void)state;
	add_finding(before, "irq.managed", VERDICT_ADVICE);
	add_finding(after, "irq.managed", VERDICT_PASS);
	add_finding(after, "aio.headroom", VERDICT_PROBLEM);
	c = compare(&b, &a, NULL);
	text = print(&c);
	check_piece(text, "\nFindings that changed\n");
	check_piece(text, "  irq.managed: advice, now pass: ");
	check_piece(text, "  aio.headroom: not judged, now problem: what was found\n");
	check_piece(text, "\nWhich tweak moved what\n  irq.managed is gone; what it should move");
	check_width(text, 80);
}

static void test_exploratory(void **state)
{
	struct side b = { 0 }, a = { 0 };
	struct record_facts *before = add_session(&b), *after = add_session(&a);
	struct comparison_facts c;
	auto_free char *text = NULL, *all = NULL;

	(void)state;
	add_values(before, "wake.p50", wobble, 10, 1000);
	add_values(after, "wake.p50", wobble, 10, 1000);
	add_values(before, "wake.p99/cpu2", wobble, 10, 1000);
	add_values(after, "wake.p99/cpu2", wobble, 10, 3000);
	c = compare(&b, &a, NULL);
	text = print(&c);
	check_piece(text, "Exploratory: these never decide\nMETRIC ");
	check_piece(text, "wake.p99/cpu2  ");
	check_no_piece(text, "wake.p50");
	all = print_in(&c, 80, true, false);
	check_piece(all, "wake.p50  ");
	free(text);
	/* Of many those that moved most. */
	for (int i = 10; i < 30; i++) {
		const char *id = arena_printf(&arena, "wake.p99/cpu%d", i);

		add_values(before, id, wobble, 10, 1000);
		add_values(after, id, wobble, 10, 2000 + 50 * (uint64_t)i);
	}
	c = compare(&b, &a, NULL);
	text = print(&c);
	check_piece(text, "wake.p99/cpu29  ");
	check_piece(text, "and 9 more that moved less: --all lists them\n");
	check_no_piece(text, "wake.p99/cpu10 ");
	free(all);
	all = print_in(&c, 80, true, false);
	check_piece(all, "wake.p99/cpu10  ");
	check_no_piece(all, "--all");
	assert_true(strstr(all, "wake.p99/cpu2 ") < strstr(all, "wake.p99/cpu10 "));
}

static void test_colour_and_width(void **state)
{
	struct comparison_facts c = compare_shapes(wobble, wobble, 1500);
	auto_free char *coloured = print_in(&c, 80, false, true), *narrow = NULL;

	(void)state;
	check_piece(coloured, "\033[1;31mRegressed\033[0m: wake.p99 rose");
	check_piece(coloured, "\033[1;31mregressed\033[0m\n");
	narrow = print_in(&c, 60, false, false);
	check_piece(narrow, "METRIC   BEFORE  AFTER CHANGE 95 % INTERVAL MARGIN VERDICT\n");
	check_width(narrow, 60);
}

/* A document that somebody else wrote: little is known, and texts would obey a terminal. */
static void test_stranger(void **state)
{
	struct comparison_facts c = { 0 };
	struct comparison_metric *m;
	struct comparison_difference *d;
	struct comparison_side *s;
	auto_free char *text = NULL;

	(void)state;
	set_str(&c.verdict, "splendid");
	set_str(&c.reason, "\033[31mred");
	m = fact_add_item(&c.metrics, &arena, sizeof(*m));
	set_str(&m->id, "no.such\033metric");
	set_str(&m->verdict, "regressed");
	fact_set_bool(&m->is_gated, true);
	d = fact_add_item(&c.differences, &arena, sizeof(*d));
	assert_non_null(d);
	assert_non_null(fact_add_item(&c.findings, &arena, sizeof(struct comparison_finding)));
	assert_non_null(fact_add_item(&c.tweaks, &arena, sizeof(struct comparison_tweak)));
	s = fact_set_object(&c.before, &arena, sizeof(*s));
	fact_set_u64(&s->started_unix_ns, UINT64_MAX);
	text = print(&c);
	check_piece(text, "Unknown: ");
	check_piece(text, "no.such?metric");
	check_no_piece(text, "\033");
}

/* Of a setting that was switched in turns. */
static char *print_pairs(const char *verdict, uint64_t n_needed, bool has_drifted)
{
	struct comparison_facts c = { .verdict = { true, verdict } };
	struct comparison_metric *m = fact_add_item(&c.metrics, &arena, sizeof(*m));

	assert_non_null(m);
	set_str(&m->id, "wake.p99");
	set_str(&m->verdict, verdict);
	set_str(&m->unit, "pairs");
	fact_set_bool(&m->is_gated, true);
	fact_set_bool(&m->has_drifted, has_drifted);
	if (n_needed)
		fact_set_u64(&m->n_needed, n_needed);
	return print(&c);
}

static void test_next_of_pairs(void **state)
{
	static const struct {
		const char *verdict;
		uint64_t n_needed;
		bool has_drifted;
		const char *next;
	} rows[] = {
		{ "inconclusive", 20, false, "Next: measure more pairs: 20\n" },
		{ "inconclusive", 100, false, "Next: measure more pairs: 100\n" },
		{ "inconclusive", 101, false, "Next: longer repetitions lie closer together" },
		{ "inconclusive", 0, false, "Next: longer repetitions lie closer together" },
		{ "inconclusive", 20, true, "Next: let the machine settle, and measure again\n" },
		{ "regressed", 0, false, "Next: leave it off; a 'vfiobench run' with it on" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *text =
			print_pairs(rows[i].verdict, rows[i].n_needed, rows[i].has_drifted);

		check_piece(text, rows[i].next);
	}
}

/* Of a stranger: what they share is told once, and does not take the memory of all pairs. */
static void test_very_many(void **state)
{
	enum { MANY = 5000 };
	auto_arena struct arena a = { 0 };
	struct comparison_facts c = { .verdict = { true, "not-comparable" } };
	auto_free char *text = NULL;

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		struct comparison_metric *m = fact_add_item(&c.metrics, &a, sizeof(*m));

		assert_non_null(m);
		fact_set_bool(&m->is_gated, true);
		m->id = (struct fact_str){ true, arena_printf(&a, "wake.p99/cpu%u", i) };
		m->verdict = (struct fact_str){ true, "not-comparable" };
		m->reason = (struct fact_str){ true, i % 2 ? "odd" : "even" };
	}
	text = print(&c);
	check_piece(text, "\nNot compared\n  wake.p99/cpu0, wake.p99/cpu2, ");
	check_piece(text, "wake.p99/cpu998: even\n  wake.p99/cpu1, ");
	check_piece(text, ": odd\n  and 4000 more\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_very_many),
		cmocka_unit_test_teardown(test_table, release),
		cmocka_unit_test_teardown(test_unclear, release),
		cmocka_unit_test_teardown(test_from_zero, release),
		cmocka_unit_test_teardown(test_blocked, release),
		cmocka_unit_test_teardown(test_differences, release),
		cmocka_unit_test_teardown(test_findings_and_tweaks, release),
		cmocka_unit_test_teardown(test_exploratory, release),
		cmocka_unit_test_teardown(test_colour_and_width, release),
		cmocka_unit_test_teardown(test_stranger, release),
		cmocka_unit_test_teardown(test_next_of_pairs, release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

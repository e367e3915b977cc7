/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of budgets: each form of a line, and each way of getting one wrong. */
#include <dirent.h>
#include <string.h>

#include "analyze/budget_parts.h"
#include "tests/lib/check.h"

static int parse(struct arena *a, const char *file, struct budgets *b, const char **why)
{
	*why = NULL;
	return budgets_parse(text_of(file), "gate", a, b, why);
}

static void test_limits(void **state)
{
	static const struct {
		const char *line;
		uint64_t limit;
		bool is_below, is_equal_enough;
	} rows[] = {
		{ "wake.p99.9 < 100us", 100000, true, false },
		{ "wake.p99.9<=100us", 100000, true, true },
		{ "wake.p99.9 > 100 us", 100000, false, false },
		{ "\twake.p99.9 >= 1ns \r", 1, false, true },
		{ "wake.p99 < 1.5us", 1500, true, false },
		{ "wake.p99 < 2s", 2000000000, true, false },
		{ "wake.p99 < 0", 0, true, false },
		{ "wake.p99 < 0.0", 0, true, false },
		{ "wake.p99/cpu3 < 1ms", 1000000, true, false },
		{ "wake.max < 2ms # what audio stands", 2000000, true, false },
		{ "wake.stalls < 1/min", 1000, true, false },
		{ "wake.stalls < 0.5 /min", 500, true, false },
		{ "wake.stalls < 2/s", 120000, true, false },
		{ "irq.g_rate < 5/s", 5000, true, false },
		{ "irq.g_rate < 1/min", 17, true, false },
		{ "irq.g_rate < 1.5/min", 25, true, false },
		{ "guest.lost < 0.5%", 5000, true, false },
		{ "guest.lost <= 100 %", 1000000, true, true },
		{ "aio.headroom > 25%", 250000, false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_arena struct arena a = { 0 };
		struct budgets b;
		const char *why;

		if (parse(&a, rows[i].line, &b, &why) < 0)
			fail_msg("%s: %s", rows[i].line, why);
		assert_int_equal(b.n_rules, 1);
		assert_false(b.rules[0].is_finding);
		assert_int_equal(b.rules[0].limit, rows[i].limit);
		assert_int_equal(b.rules[0].is_below, rows[i].is_below);
		assert_int_equal(b.rules[0].is_equal_enough, rows[i].is_equal_enough);
	}
}

static void test_file(void **state)
{
	static const char file[] = "\xef\xbb\xbf# what this host must keep\r\n"
				   "\n"
				   "wake.max < 2ms   # the largest\n"
				   "finding:clocksource.tsc\n"
				   "finding:clocksource.tsc < advice\n"
				   "finding:* < problem\n"
				   "waive irq.managed until 2026-12-31: one queue, see #12\n"
				   "waive finding:clocksource.tsc until 2024-02-29: a: b\n"
				   "  waive wake.max until 1970-01-01: none";
	auto_arena struct arena a = { 0 };
	struct budgets b;
	const char *why;

	(void)state;
	assert_int_equal(parse(&a, file, &b, &why), 0);
	assert_int_equal(b.n_rules, 4);
	assert_string_equal(b.rules[0].text, "wake.max < 2ms");
	assert_string_equal(b.rules[0].id, "wake.max");
	assert_int_equal(b.rules[0].line, 3);
	for (size_t i = 1; i < 4; i++)
		assert_true(b.rules[i].is_finding);
	assert_string_equal(b.rules[1].id, "clocksource.tsc");
	assert_int_equal(b.rules[1].worst, VERDICT_ADVICE);
	assert_int_equal(b.rules[2].worst, VERDICT_ADVICE);
	assert_string_equal(b.rules[3].id, "*");
	assert_int_equal(b.rules[3].worst, VERDICT_PROBLEM);

	assert_int_equal(b.n_waivers, 3);
	assert_string_equal(b.waivers[0].id, "irq.managed");
	assert_string_equal(b.waivers[0].reason, "one queue, see #12");
	assert_string_equal(b.waivers[0].until, "2026-12-31");
	assert_int_equal(b.waivers[0].until_unix_ns, UINT64_C(1798761600) * NS_PER_S);
	assert_string_equal(b.waivers[1].id, "clocksource.tsc");
	assert_string_equal(b.waivers[1].reason, "a: b");
	assert_int_equal(b.waivers[1].until_unix_ns, UINT64_C(1709251200) * NS_PER_S);
	assert_int_equal(b.waivers[2].until_unix_ns, 86400 * NS_PER_S);
	assert_int_equal(b.waivers[2].line, 9);
}

#define TEN "0123456789"

/* Each is told with its line, and with what would be right. */
static void test_errors(void **state)
{
	static const struct {
		const char *line, *piece;
	} rows[] = {
		{ "wake.p98 < 1ms", "gate:2: there is no 'wake.p98': expected one of wake.p99, " },
		{ "wake.p98 < 1ms", ", aio.headroom, or finding:ID" },
		{ "wake.max/cpu3 < 1ms", "there is no 'wake.max/cpu3'" },
		{ "< 1ms", "there is no ''" },
		{ "wake.p99", "expected < or > and a limit behind 'wake.p99', not ''" },
		{ "wake.p99 = 1ms", "expected < or >" },
		{ "wake.p99/" TEN TEN TEN TEN TEN TEN TEN " 5", "…', not '5'" },
		{ "waive wake.p99/" TEN TEN TEN TEN TEN TEN TEN, "…'" },
		{ "wake.p99 <", "expected a time such as 100us or 2ms, not ''" },
		{ "wake.p99 < 100", "expected a time such as 100us or 2ms, not '100'" },
		{ "wake.p99 < -1us", "expected a time" },
		{ "wake.p99 < 1.us", "expected a time" },
		{ "wake.p99 < 1us or so", "not '1us or so'" },
		{ "wake.p99 < 5%", "expected a time" },
		{ "wake.p99 < 0.1ns", "more or less than can be told" },
		{ "wake.p99 < 1.0000000001us", "more or less than can be told" },
		{ "wake.p99 < 99999999999s", "more or less than can be told" },
		{ "wake.p99 < 99999999999999999999s", "more or less than can be told" },
		{ "wake.stalls < 1us", "expected a rate such as 1/min" },
		{ "wake.stalls < 1", "expected a rate such as 1/min" },
		{ "irq.g_rate < 5", "expected a rate such as 5/s" },
		{ "guest.lost < 0.5", "expected a share such as 0.5%" },
		{ "finding:no.such", "no finding is called 'no.such'" },
		{ "finding:", "no finding is called ''" },
		{ "finding:clocksource.tsc fast", "expected '< problem', '< advice'" },
		{ "finding:clocksource.tsc > advice", "expected '< problem', '< advice'" },
		{ "finding:clocksource.tsc <= advice", "expected '< problem', '< advice'" },
		{ "finding:* < bad", "expected problem or advice, not 'bad'" },
		{ "waive", "there is no ''" },
		{ "waive *  until 2026-12-31: all", "no finding is called '*'" },
		{ "waive no.such until 2026-12-31: x", "there is no 'no.such'" },
		{ "waive wake.max", "expected 'until YYYY-MM-DD: REASON' behind waive 'wake.max'" },
		{ "waive wake.max till 2026-12-31: x", "behind waive 'wake.max'" },
		{ "waive wake.max until 2026-12-31", "behind waive 'wake.max'" },
		{ "waive wake.max until 2026-12-31:", "needs a reason" },
		{ "waive wake.max until 2026-12-31: \t", "needs a reason" },
		{ "waive wake.max until tomorrow: x", "a day such as 2026-12-31, not 'tomorrow'" },
		{ "waive wake.max until 2026-13-01: x", "expected a day" },
		{ "waive wake.max until 2026-00-01: x", "expected a day" },
		{ "waive wake.max until 2026-02-29: x", "expected a day" },
		{ "waive wake.max until 2100-02-29: x", "expected a day" },
		{ "waive wake.max until 2026-04-31: x", "expected a day" },
		{ "waive wake.max until 2026-04-00: x", "expected a day" },
		{ "waive wake.max until 1969-12-31: x", "expected a day" },
		{ "waive wake.max until 2026- 4-01: x", "expected a day" },
		{ "waive wake.max until 2026-4-001: x", "expected a day" },
		{ "waive wake.max until 2026-12-3: x", "expected a day" },
		{ "wake.\x1b[31m < 1ms", "there is no 'wake.?[31m'" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_arena struct arena a = { 0 };
		auto_free char *file = NULL;
		struct budgets b = { 0 };
		const char *why;

		assert_true(asprintf(&file, "wake.max < 2ms\n%s\nwake.p99 < 1ms\n", rows[i].line) >
			    0);
		assert_int_equal(parse(&a, file, &b, &why), -EINVAL);
		if (!strstr(why, rows[i].piece) || !strstr(why, "gate:2: ") || strchr(why, '\n'))
			fail_msg("'%s': '%s', expected '…%s…'", rows[i].line, why, rows[i].piece);
		assert_int_equal(b.n_rules, 0);
	}
}

static void test_whole_files(void **state)
{
	static const char *const empty[] = { "", "\n\n", "# wake.p99 < 1ms\n", "\xef\xbb\xbf" };
	auto_arena struct arena a = { 0 };
	auto_free char *large = malloc(64 * 1024 + 2);
	auto_free char *line = malloc(4096);
	struct budgets b;
	const char *why;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(empty); i++) {
		assert_int_equal(parse(&a, empty[i], &b, &why), -EINVAL);
		assert_string_equal(why, "gate: no budget stands in it");
	}
	assert_true(large && line);
	memset(large, '\n', 64 * 1024 + 1);
	large[64 * 1024 + 1] = '\0';
	assert_int_equal(parse(&a, large, &b, &why), -EINVAL);
	assert_string_equal(why, "gate: larger than a file of budgets may be (64 KiB)");
	/* A long line is cut in its message. */
	memset(line, 'x', 4095);
	line[4095] = '\0';
	assert_int_equal(parse(&a, line, &b, &why), -EINVAL);
	assert_non_null(strstr(why, "xxx…'"));
	assert_true(strlen(why) < 400);
}

/* Those that ship with the tool. */
static void test_shipped(void **state)
{
	const char *source = getenv("VFIOBENCH_SOURCE");
	auto_free char *folder = NULL;
	struct dirent *e;
	DIR *d;

	(void)state;
	if (!source)
		skip();
	assert_true(asprintf(&folder, "%s/baselines", source) > 0);
	d = opendir(folder);
	assert_non_null(d);
	while ((e = readdir(d))) {
		auto_arena struct arena a = { 0 };
		auto_free char *path = NULL, *file = calloc(1, 64 * 1024 + 1);
		auto_file FILE *f = NULL;
		struct budgets b;
		const char *why;

		if (!text_ends(text_of(e->d_name), ".budget"))
			continue;
		assert_true(asprintf(&path, "%s/%s", folder, e->d_name) > 0);
		f = fopen(path, "re");
		assert_true(f && file);
		assert_true(fread(file, 1, 64 * 1024, f) > 0);
		if (budgets_parse(text_of(file), e->d_name, &a, &b, &why) < 0)
			fail_msg("%s", why);
		assert_true(b.n_rules > 0);
	}
	closedir(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limits),  cmocka_unit_test(test_file),
		cmocka_unit_test(test_errors),  cmocka_unit_test(test_whole_files),
		cmocka_unit_test(test_shipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The textfile for monitoring: families whole, series bounded and unique, values in base units. */
/* TEST_SOURCES: tests/lib/sample.c tests/lib/sample_trace.c tests/lib/sample_comparison.c */
#include "report/families.h"
#include "report/openmetrics.h"
#include "tests/lib/host.h"
#include "tests/lib/sample.h"
#include "tests/lib/sample_comparison.h"
#include "tests/lib/written.h"

static const struct sample desktop = { 6, 24, 8, 20000 };

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Name of the family that a sample belongs to. */
static bool is_of_family(const char *line, const char *family)
{
	static const char *const suffixes[] = { "", "_bucket", "_sum", "_count" };
	const size_t len = strlen(family);

	if (strncmp(line, family, len) != 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		const char *rest = line + len;

		if (!strncmp(rest, suffixes[i], strlen(suffixes[i])) &&
		    strchr("{ ", rest[strlen(suffixes[i])]))
			return true;
	}
	return false;
}

/* HELP, TYPE, samples; no family twice, no series twice, a number and nothing behind it. */
static void check_format(const char *text)
{
	auto_free char *copy = strdup(text);
	char *seen[4096], family[100] = "";
	size_t n = 0;

	assert_non_null(copy);
	is_clean(text);
	assert_int_equal(text[strlen(text) - 1], '\n');
	for (char *line = copy, *end; (end = strchr(line, '\n')); line = end + 1) {
		char *value, *rest;

		*end = '\0';
		assert_true(n < ARRAY_SIZE(seen));
		if (!strncmp(line, "# HELP ", 7)) {
			snprintf(family, sizeof(family), "%.*s", (int)strcspn(line + 7, " "),
				 line + 7);
			assert_true(!strncmp(family, "vfiobench_", 10));
			assert_true(strlen(line) > 7 + strlen(family) + 10);
		}
		if (!strncmp(line, "# ", 2)) {
			seen[n++] = line;
			assert_true(!strncmp(line + 7, family, strlen(family)));
			continue;
		}
		if (!is_of_family(line, family))
			fail_msg("not of %s: %s", family, line);
		value = strrchr(line, ' ');
		assert_non_null(value);
		strtod(value + 1, &rest);
		assert_true(rest != value + 1 && *rest == '\0');
		*value = '\0';
		seen[n++] = line;
	}
	qsort(seen, n, sizeof(*seen), by_text);
	for (size_t i = 1; i < n; i++) {
		if (!strcmp(seen[i - 1], seen[i]))
			fail_msg("twice: %s", seen[i]);
	}
	assert_true(n < 1000);
}

static void write_host(struct host *h, const struct comparison_facts *c, struct written *w)
{
	struct findings f;

	assert_int_equal(engine_run(h, &f), 0);
	assert_int_equal(report_openmetrics(written_open(w), h, &f, c), 0);
	check_format(written_close(w));
}

static void test_desktop(void **state)
{
	static const char *const pieces[] = {
		"vfiobench_info{version=\"",
		"# TYPE vfiobench_wake_latency_seconds histogram\n",
		"vfiobench_wake_latency_seconds_bucket{guest=\"qemu\",le=\"1e-06\"} ",
		"vfiobench_wake_latency_seconds_bucket{guest=\"qemu\",le=\"0.524288\"} ",
		"vfiobench_wake_latency_seconds_bucket{guest=\"qemu\",le=\"+Inf\"} ",
		"vfiobench_wake_latency_seconds_sum{guest=\"qemu\"} ",
		"vfiobench_wake_latency_seconds_count{guest=\"qemu\"} ",
		"vfiobench_last_run_timestamp_seconds 1717250400.000000000\n",
		"vfiobench_guest_lost_ratio 0.",
		"vfiobench_guest_lost_class_ratio{class=\"task\"} 0.",
		"vfiobench_guest_cpu_interrupts_per_second{handler=\"others\"} ",
		"vfiobench_hugepages{page_size_bytes=\"2097152\",state=\"free\"} ",
		"vfiobench_aio_headroom_ratio 0.",
		"vfiobench_findings{verdict=\"problem\"} ",
		"vfiobench_finding{id=\"",
	};
	struct host *h = sample_host(&desktop);
	struct written w;

	(void)state;
	write_host(h, NULL, &w);
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++)
		holds(w.text, pieces[i]);
	holds_not(w.text, "vfiobench_verdict");
	assert_int_equal(n_of(w.text, "vfiobench_wake_latency_seconds_bucket"), 21);
	free(w.text);
	host_free(h);
}

static void test_comparison(void **state)
{
	static const char *const pieces[] = {
		"vfiobench_check_verdict{verdict=\"regressed\"} 1\n",
		"vfiobench_verdict{metric=\"wake.p99.9\",verdict=\"regressed\"} 1\n",
		"vfiobench_verdict{metric=\"wake.p99\",verdict=\"no-change\"} 1\n",
		"vfiobench_change_ratio{metric=\"wake.p99.9\"} 0.523\n",
		"vfiobench_change_ratio{metric=\"guest.lost\"} -0.005\n",
		"vfiobench_budget{rule=\"wake.p99.9 < 100us\",verdict=\"broken\"} 1\n",
	};
	auto_arena struct arena a = { 0 };
	struct host *h = sample_host(&desktop);
	struct comparison_facts c = { 0 };
	struct written w;

	(void)state;
	sample_comparison(SAMPLE_RED, &a, &c);
	write_host(h, &c, &w);
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++)
		holds(w.text, pieces[i]);
	holds_not(w.text, "cpu3");
	free(w.text);
	host_free(h);
}

static void test_hostile(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_SAMPLE_COMPARISONS; i++) {
		auto_arena struct arena a = { 0 };
		struct host *h = sample_host(&desktop);
		struct comparison_facts c = { 0 };
		struct written w;

		sample_comparison((enum sample_comparison)i, &a, &c);
		sample_comparison_poison(&c, HOSTILE);
		sample_poison(h, HOSTILE);
		write_host(h, &c, &w);
		free(w.text);
		host_free(h);
	}
}

/* Of what was not measured there is nothing, and no zero. */
static void test_nothing(void **state)
{
	struct host *h = calloc(1, sizeof(*h));
	struct written w;

	(void)state;
	assert_non_null(h);
	host_blank(h);
	write_host(h, NULL, &w);
	holds(w.text, "vfiobench_info{");
	holds(w.text, "vfiobench_findings{");
	holds_not(w.text, "vfiobench_wake");
	holds_not(w.text, "vfiobench_guest_");
	holds_not(w.text, "vfiobench_aio");
	holds_not(w.text, "vfiobench_hugepages");
	holds_not(w.text, "timestamp");
	free(w.text);
	host_free(h);
}

static void test_many_handlers(void **state)
{
	static const struct sample large = { 64, 3000, 1, 100 };
	struct host *h = sample_host(&large);
	struct written w;

	(void)state;
	write_host(h, NULL, &w);
	assert_true(n_of(w.text, "vfiobench_guest_cpu_interrupts_per_second{") <= 33);
	free(w.text);
	host_free(h);
}

static void test_histogram(void **state)
{
	auto_free struct hist *h = malloc(sizeof(*h));
	const struct label guest = { "guest", "a\"b\\c" };
	struct written w;
	struct exposition to = { .out = written_open(&w) };

	(void)state;
	assert_non_null(h);
	hist_init(h);
	hist_add(h, 900);
	hist_add(h, 1000);
	hist_add(h, 1500);
	hist_add(h, 3 * NS_PER_S);
	family_histogram(&to, "x_seconds", "Help.", &guest, h);
	written_close(&w);
	holds(w.text, "# HELP vfiobench_x_seconds Help.\n# TYPE vfiobench_x_seconds histogram\n");
	holds(w.text, "vfiobench_x_seconds_bucket{guest=\"a\\\"b\\\\c\",le=\"1e-06\"} 2\n");
	holds(w.text, "le=\"2e-06\"} 3\n");
	holds(w.text, "le=\"0.524288\"} 3\n");
	holds(w.text, "le=\"+Inf\"} 4\n");
	holds(w.text, "vfiobench_x_seconds_sum{guest=\"a\\\"b\\\\c\"} 3.000003400\n");
	holds(w.text, "vfiobench_x_seconds_count{guest=\"a\\\"b\\\\c\"} 4\n");
	free(w.text);
}

static void test_family(void **state)
{
	struct written w;
	struct exposition to = { .out = written_open(&w) };
	auto_family struct family f = { &to, "y", "Help." };
	const struct label a[] = { { "l", "1" }, { 0 } }, b[] = { { "l", NULL }, { 0 } };

	(void)state;
	family_add_signed(&f, a, INT64_MIN, 1000);
	family_add(&f, a, 5, 1);
	family_add(&f, b, UINT64_MAX, 1);
	assert_string_equal(written_close(&w),
			    "# HELP vfiobench_y Help.\n# TYPE vfiobench_y gauge\n"
			    "vfiobench_y{l=\"1\"} -9223372036854775.808\n"
			    "vfiobench_y{l=\"\"} 18446744073709551615\n");
	assert_false(to.is_out_of_memory);
	free(w.text);
	to.out = written_open(&w);
	for (unsigned i = 0; i < 2 * SAMPLES_MAX; i++) {
		char text[16];
		struct label l[] = { { "l", text }, { 0 } };

		snprintf(text, sizeof(text), "x%u", i);
		family_add(&f, l, i, 1);
	}
	written_close(&w);
	assert_int_equal(n_of(w.text, "\n"), SAMPLES_MAX - 2);
	free(w.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_desktop),       cmocka_unit_test(test_comparison),
		cmocka_unit_test(test_hostile),       cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_many_handlers), cmocka_unit_test(test_histogram),
		cmocka_unit_test(test_family),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decoding results, also damaged and hostile ones. */
#include "analyze/engine.h"
#include "analyze/host.h"
#include "analyze/measures.h"
#include "tests/lib/host.h"

static int decode(const char *text, struct host **ret_host, char **ret_why)
{
	auto_doc struct doc *d = NULL;
	struct doc_error error;

	assert_int_equal(doc_parse(text, strlen(text), &d, &error), 0);
	return host_new(d, ret_host, ret_why);
}

#define RESULT(rest) "{\"format\":\"vfiobench-result\",\"version\":1" rest "}"
#define PROBE(name, rest)                                                    \
	RESULT(",\"probes\":{\"" name "\":{\"format\":\"vfiobench-probe\","  \
	       "\"version\":1,\"probe\":\"" name "\",\"status\":\"partial\"" \
	       ",\"reason\":\"\"" rest "}}")

static void test_refused(void **state)
{
	static const struct {
		const char *text;
		int error;
		const char *piece;
	} cases[] = {
		{ "[]", -EBADMSG, "not a vfiobench result" },
		{ "{\"format\":\"other\",\"version\":1}", -EBADMSG, "not a vfiobench result" },
		{ "{\"format\":\"vfiobench-result\",\"version\":2}", -ENOTSUP, "newer" },
		{ RESULT(",\"cpus\":{\"guest\":5}"), -EBADMSG, "cpus.guest" },
		{ RESULT(",\"cpus\":{\"guest\":\"0-4294967295\"}"), -EBADMSG, "cpus.guest" },
		{ RESULT(",\"probes\":{\"aio\":[]}"), -EBADMSG, "probes.aio" },
		{ PROBE("aio", ",\"data\":{\"nr\":\"many\"}"), -EBADMSG, "probes.aio.data.nr" },
		{ PROBE("aio", ",\"data\":{\"holders\":[{},{\"pid\":-1}]}"), -EBADMSG,
		  "probes.aio.data.holders[1].pid" },
		{ PROBE("wake", ",\"data\":{\"units\":[{\"hist\":{\"n\":2,\"min_ns\":1,"
				"\"max_ns\":1,\"sum_ns\":1,\"buckets\":[[1,1]]}}]}"),
		  -EBADMSG, "units[0].hist" },
		{ RESULT(",\"probes\":{\"aio\":{\"format\":\"vfiobench-probe\",\"version\":9,"
			 "\"probe\":\"aio\",\"status\":\"ok\"}}"),
		  -ENOTSUP, "probes.aio was written by a newer version" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_free char *why = NULL;
		struct host *h = NULL;

		assert_int_equal(decode(cases[i].text, &h, &why), cases[i].error);
		assert_null(h);
		if (!why || !strstr(why, cases[i].piece))
			fail_msg("%s: '%s'", cases[i].text, why ? why : "(nothing)");
	}
}

static void test_unknown_keys(void **state)
{
	auto_free char *why = NULL;
	auto_host struct host *h = NULL;

	(void)state;
	assert_int_equal(
		decode(PROBE("aio", ",\"data\":{\"nr\":7,\"new\":[{}]},\"more\":1"), &h, &why), 0);
	assert_true(h->aio.nr.known);
	assert_int_equal(h->aio.nr.v, 7);
	assert_false(h->aio.max_nr.known);
}

static void test_why_unknown(void **state)
{
	auto_free char *why = NULL;
	auto_host struct host *h = NULL;

	(void)state;
	assert_int_equal(decode(PROBE("aio", ",\"gaps\":[{\"field\":\"aio.nr\",\"path\":\"/p\","
					     "\"error\":\"EACCES\"}]"),
				&h, &why),
			 0);
	assert_string_equal(host_why_unknown(h, "aio.nr"), "/p: EACCES");
	assert_string_equal(host_why_unknown(h, "aio.max_nr"), "probe aio found nothing of it");
	assert_string_equal(host_why_unknown(h, "cpu.online"), "probe cpu did not run");
	assert_string_equal(host_why_unknown(h, "nonsense"), "the result does not say");
}

/* Text of strangers ends up on terminals and in commands: no escapes, no second lines. */
static void test_text_is_clean(void **state)
{
	auto_free char *why = NULL;
	auto_host struct host *h = NULL;

	(void)state;
	assert_int_equal(decode(PROBE("clock", ",\"data\":{\"current\":\"t\\u001b[2Jsc\\nrm\","
					       "\"available\":[\"a\\u0007\"]},"
					       "\"gaps\":[{\"field\":\"clock.arch\","
					       "\"error\":\"\\u001b]0;x\"}]"),
				&h, &why),
			 0);
	assert_string_equal(h->clock.current.v, "t?[2Jsc?rm");
	assert_string_equal(h->clock.available.v[0], "a?");
	assert_string_equal(host_why_unknown(h, "clock.arch"), "?]0;x");
}

/* A text longer than any there is: 64 MiB of it would be copied and broken into lines. */
static void test_long_text(void **state)
{
	auto_free char *long_text = malloc(300000);
	auto_free char *text = NULL;
	auto_free char *why = NULL;
	struct host *h = NULL;

	(void)state;
	assert_non_null(long_text);
	memset(long_text, 'x', 299999);
	long_text[299999] = '\0';
	assert_true(asprintf(&text, RESULT(",\"run\":{\"label\":\"%s\"}"), long_text) > 0);
	assert_int_equal(decode(text, &h, &why), -EBADMSG);
	assert_string_equal(why, "run.label: expected a valid text");
}

/* Nothing is known: no rule may say problem or advice. */
static void test_unknowing(void **state)
{
	auto_free char *why = NULL;
	auto_host struct host *h = NULL;
	struct findings f;

	(void)state;
	assert_int_equal(decode(RESULT(""), &h, &why), 0);
	assert_int_equal(engine_run(h, &f), 0);
	assert_true(f.n > 0);
	assert_int_equal(f.n_by_verdict[VERDICT_PROBLEM], 0);
	assert_int_equal(f.n_by_verdict[VERDICT_ADVICE], 0);
	assert_int_equal(f.n_by_verdict[VERDICT_PASS], 0);
}

static void test_steal_without_cpus(void **state)
{
	struct host h;
	uint64_t permille;

	(void)state;
	host_blank(&h);
	fact_set_u64(&h.activity.window_ns, 1); /* shorter than a microsecond: no division by 0 */
	h.activity.steal_ns.known = true;
	host_set_guest_cpus(&h, "1", "0");
	assert_false(measure_steal_permille(&h, &permille));
	assert_int_equal(rate_permille(&h, 5), 0);
}

/* A window of a stranger whose product with the number of CPUs is 2^64. */
static void test_steal_of_absurd_window(void **state)
{
	struct host h;
	uint64_t permille = 1;

	(void)state;
	host_blank(&h);
	fact_set_u64(&h.activity.window_ns, (UINT64_C(1) << 51) * NS_PER_US);
	h.activity.steal_ns.known = true;
	host_set_guest_cpus(&h, "0-8191", "");
	assert_true(measure_steal_permille(&h, &permille));
	assert_int_equal(permille, 0);
}

/* Ids are unique, every rule has its row, every row its sources. */
static void test_catalogue(void **state)
{
	(void)state;
	for (size_t s = 0; rule_sets[s]; s++) {
		for (size_t i = 0; i < rule_sets[s]->n_rules; i++) {
			const struct rule *r = &rule_sets[s]->rules[i];
			const struct tweak *t = tweak_find(r->id);

			if (!t)
				fail_msg("rule %s has no row in the catalogue", r->id);
			assert_ptr_equal(rule_find(r->id), r);
			assert_non_null(r->judge);
		}
	}
	for (size_t p = 0; catalogue_parts[p]; p++) {
		for (const struct tweak *t = catalogue_parts[p]; t->id; t++) {
			if (tweak_find(t->id) != t)
				fail_msg("two rows are called %s", t->id);
			if (!t->refs || !t->refs[0] || !*t->title || !*t->today || !*t->detect)
				fail_msg("row %s is not complete", t->id);
			if ((t->standing == STANDING_BEYOND) != !*t->claim)
				fail_msg("row %s: a claim of the guide, or beyond it?", t->id);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_unknown_keys),
		cmocka_unit_test(test_why_unknown),
		cmocka_unit_test(test_text_is_clean),
		cmocka_unit_test(test_long_text),
		cmocka_unit_test(test_unknowing),
		cmocka_unit_test(test_steal_without_cpus),
		cmocka_unit_test(test_steal_of_absurd_window),
		cmocka_unit_test(test_catalogue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

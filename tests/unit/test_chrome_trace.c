/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The export of the worst moments: valid, exact, inside the window. */
/* TEST_SOURCES: tests/lib/sample.c tests/lib/sample_trace.c */
#include <inttypes.h>
#include <string.h>

#include "core/doc.h"
#include "core/text.h"
#include "report/chrome_trace.h"
#include "tests/lib/host.h"
#include "tests/lib/sample.h"

static const struct sample desktop = { 6, 3, 1, 200 };

static char *exported(struct host *h)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(report_chrome_trace(out, h), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* Our documents have no fractions: microseconds with three decimals become nanoseconds. */
static char *in_ns(const char *text)
{
	static const char *const keys[] = { "\"ts\":", "\"dur\":" };
	char *made = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&made, &size);

	assert_non_null(out);
	while (*text) {
		size_t n = 0;

		for (size_t i = 0; i < ARRAY_SIZE(keys) && !n; i++)
			n = strncmp(text, keys[i], strlen(keys[i])) ? 0 : strlen(keys[i]);
		if (!n) {
			putc(*text++, out);
			continue;
		}
		fwrite(text, 1, n, out);
		{
			struct text rest = text_of(text + n);
			uint64_t us, ns;

			assert_int_equal(text_take_u64(&rest, &us), 0);
			assert_int_equal(*rest.at, '.');
			rest.at++;
			rest.len--;
			text = rest.at + 3;
			assert_int_equal(text_take_u64(&rest, &ns), 0);
			assert_ptr_equal(rest.at, text);
			fprintf(out, "%" PRIu64, us * 1000 + ns);
		}
	}
	assert_int_equal(fclose(out), 0);
	return made;
}

static struct doc *parsed(struct host *h)
{
	auto_free char *text = exported(h), *ns = in_ns(text);
	struct doc *d = NULL;
	struct doc_error e;

	if (doc_parse(ns, strlen(ns), &d, &e) < 0)
		fail_msg("%u:%u: %s", e.line, e.column, e.message);
	return d;
}

static const char *str_of(const struct doc *d, const char *key)
{
	const char *s = NULL;

	assert_int_equal(doc_get_str(d, key, &s), 0);
	return s;
}

static uint64_t u64_of(const struct doc *d, const char *key)
{
	uint64_t v = 0;

	assert_int_equal(doc_get_u64(d, key, &v), 0);
	return v;
}

struct counts {
	size_t names, slices, counters;
};

static void check_slice(const struct doc *e, uint64_t window_ns)
{
	const struct doc *args = doc_get(e, "args");

	assert_true(u64_of(e, "ts") < window_ns);
	assert_true(u64_of(e, "ts") + u64_of(e, "dur") <= window_ns);
	assert_true(strlen(str_of(e, "name")) > 0);
	assert_true(strlen(str_of(e, "cat")) > 0);
	assert_int_equal(u64_of(e, "ts"), u64_of(args, "at_ns"));
	assert_true(doc_is_array(doc_get(args, "ran")));
}

static int check_number(void *arg, const char *key, const struct doc *value)
{
	uint64_t v;

	(void)key;
	(*(size_t *)arg)++;
	assert_int_equal(doc_as_u64(value, &v), 0);
	return 0;
}

static struct counts check(const struct doc *d, uint64_t window_ns)
{
	const struct doc *events = doc_get(d, "traceEvents");
	struct counts n = { 0 };

	assert_string_equal(str_of(d, "displayTimeUnit"), "ns");
	assert_int_equal(u64_of(doc_get(d, "otherData"), "window_ns"), window_ns);
	for (size_t i = 0; i < doc_n(events); i++) {
		const struct doc *e = doc_at(events, i);
		const char *phase = str_of(e, "ph");
		size_t n_values = 0;

		assert_int_equal(u64_of(e, "pid"), 4242);
		(void)u64_of(e, "tid");
		if (!strcmp(phase, "M")) {
			assert_true(strlen(str_of(doc_get(e, "args"), "name")) > 0);
			n.names++;
		} else if (!strcmp(phase, "X")) {
			check_slice(e, window_ns);
			n.slices++;
		} else {
			assert_string_equal(phase, "C");
			assert_true(u64_of(e, "ts") <= window_ns);
			assert_int_equal(doc_each(doc_get(e, "args"), check_number, &n_values), 0);
			assert_true(n_values > 0);
			n.counters++;
		}
	}
	return n;
}

static void test_whole(void **state)
{
	struct host *h = sample_host(&desktop);
	auto_doc struct doc *d = parsed(h);
	const struct counts n = check(d, 30 * NS_PER_S);
	const struct doc *slice = NULL;

	(void)state;
	assert_int_equal(n.names, 1 + 8);
	assert_int_equal(n.slices, 8 * 32);
	assert_int_equal(n.counters, 8 * 31);
	for (size_t i = 0; !slice; i++) {
		slice = doc_at(doc_get(d, "traceEvents"), i);
		assert_non_null(slice);
		if (strcmp(str_of(slice, "ph"), "X") != 0 ||
		    strcmp(str_of(slice, "name"), "nvme0q3") != 0)
			slice = NULL;
	}
	{
		const struct trace_vcpu *v = h->trace.vcpus.v;
		const struct doc *args = doc_get(slice, "args");
		const struct doc *ids = doc_get(args, "look_at");
		const char *id = NULL;

		assert_string_equal(str_of(slice, "cat"), "irq");
		assert_int_equal(u64_of(slice, "tid"), v->tid.v);
		assert_int_equal(doc_n(ids), 2);
		assert_int_equal(doc_as_str(doc_at(ids, 1), &id), 0);
		assert_string_equal(id, "irq.host-on-g");
		assert_int_equal(doc_n(doc_get(args, "ran")), 3);
		assert_int_equal(u64_of(args, "cpu"), 2);
		assert_int_equal(u64_of(args, "at_unix_ns") - u64_of(args, "at_ns"),
				 h->trace.start_unix_ns.v);
	}
	host_free(h);
}

/* Three digits behind the point, zeros too. */
static void test_exact(void **state)
{
	struct host *h = sample_host(&desktop);
	struct trace_vcpu *v = h->trace.vcpus.v;
	struct trace_worst *w = v->worst.v;
	auto_free char *text = NULL;

	(void)state;
	fact_set_u64(&w[0].at_ns, 1000000001);
	fact_set_u64(&w[0].duration_ns, 90);
	text = exported(h);
	assert_non_null(strstr(text, ",\"ts\":1000000.001,\"dur\":0.090}"));
	host_free(h);
}

/* What strangers write: nothing leaves the window, and no byte breaks the text. */
static void test_hostile(void **state)
{
	static const char *const texts[] = { "", "\"}]\\\n\x01\xff</script>\xe2\x80\xae" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct host *h = sample_host(&desktop);
		struct trace_vcpu *v = h->trace.vcpus.v;
		struct trace_worst *w = v->worst.v;
		struct trace_second *s = v->series.v;
		auto_doc struct doc *d = NULL;
		struct counts n;

		sample_poison(h, texts[i]);
		fact_set_u64(&w[0].at_ns, INT64_MAX);
		fact_set_u64(&w[1].duration_ns, INT64_MAX);
		w[2].at_ns.known = false;
		fact_set_u64(&s[0].at_ns, INT64_MAX);
		v->tid.known = false;
		d = parsed(h);
		n = check(d, 30 * NS_PER_S);
		assert_int_equal(n.slices, 8 * 32 - 2);
		assert_int_equal(n.counters, 8 * 31 - 1);
		host_free(h);
	}
}

static void test_none(void **state)
{
	struct host *h = sample_host(&desktop);
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	memset(&h->trace, 0, sizeof(h->trace));
	assert_int_equal(report_chrome_trace(out, h), -ENODATA);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(size, 0);
	free(text);
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

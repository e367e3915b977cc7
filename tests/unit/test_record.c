/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records: settings as text, fingerprints, what is kept of findings and culprits; baselines. */
/* TEST_SOURCES: tests/lib/sample.c tests/lib/sample_trace.c */
#include "analyze/blame.h"
#include "analyze/record_parts.h"
#include "facts/document.h"
#include "tests/lib/host.h"
#include "tests/lib/sample.h"

static const struct sample desktop = { 6, 24, 8, 2000 };

static const char *setting_of(const struct record_facts *r, const char *key)
{
	const struct record_setting *s = r->settings.v;

	for (size_t i = 0; i < r->settings.n; i++) {
		if (!strcmp(s[i].key.v, key))
			return s[i].value.v;
	}
	return NULL;
}

static void check_setting(const struct record_facts *r, const char *key, const char *value)
{
	const char *found = setting_of(r, key);

	if (value ? !found || strcmp(found, value) != 0 : found != NULL)
		fail_msg("%s: '%s', expected '%s'", key, found ? found : "(none)",
			 value ? value : "(none)");
}

static void add_pair_of(struct fact_list *list, struct arena *a, const char *name,
			const char *value)
{
	struct setting_fact *s = fact_add_item(list, a, sizeof(*s));

	assert_non_null(s);
	set_str(&s->name, name);
	if (value)
		set_str(&s->value, value);
}

static void test_settings(void **state)
{
	static struct host h;
	auto_arena struct arena a = { 0 };
	struct record_facts r = { 0 };
	struct freq_fact *freq;

	(void)state;
	host_blank(&h);
	set_str(&h.clock.current, "tsc");
	set_cpus(&h.cpu.isolated, "2-5");
	set_cpus(&h.cpu.nohz_full, "");
	fact_set_bool(&h.cpu.is_smt_active, true);
	assert_int_equal(fact_add_str(&h.clock.available, &h.arena, "tsc"), 0);
	assert_int_equal(fact_add_str(&h.clock.available, &h.arena, "hpet"), 0);
	add_pair_of(&h.kernel.sysctls, &h.arena, "vm.swappiness", "60");
	add_pair_of(&h.kernel.sysctls, &h.arena, "vm.swappiness", "10");
	add_pair_of(&h.kernel.sysctls, &h.arena, "unknown", NULL);
	for (int i = 0; i < 2; i++) {
		freq = fact_add_item(&h.cpu.freq, &h.arena, sizeof(*freq));
		assert_non_null(freq);
		set_cpus(&freq->cpus, i ? "4-7" : "0-3");
		set_str(&freq->governor, i ? "powersave" : "performance");
	}
	/* Neither what moves by itself nor how the probes were set is a setting. */
	fact_set_u64(&h.aio.nr, 7);
	fact_set_u64(&h.wake.interval_ns, 1000000);

	assert_int_equal(record_settings(&h, &a, &r), 0);
	check_setting(&r, "clock.current", "tsc");
	check_setting(&r, "clock.available", "tsc, hpet");
	check_setting(&r, "cpu.isolated", "2-5");
	check_setting(&r, "cpu.nohz_full", "");
	check_setting(&r, "cpu.is_smt_active", "true");
	check_setting(&r, "cpu.freq[0-3].governor", "performance");
	check_setting(&r, "cpu.freq[4-7].governor", "powersave");
	check_setting(&r, "cpu.freq[4-7].cpus", NULL);
	check_setting(&r, "kernel.sysctls[vm.swappiness]", "60");
	check_setting(&r, "kernel.sysctls[vm.swappiness]#2", "10");
	check_setting(&r, "kernel.sysctls[unknown]", NULL);
	check_setting(&r, "kernel.release", NULL);
	check_setting(&r, "aio.nr", NULL);
	check_setting(&r, "wake.interval_ns", NULL);
	assert_int_equal(r.settings.n, 9);
	for (size_t i = 1; i < r.settings.n; i++) {
		const struct record_setting *s = r.settings.v;

		assert_true(strcmp(s[i - 1].key.v, s[i].key.v) < 0);
	}
	arena_release(&h.arena);
}

/* A difference behind the cut is one all the same. */
static void test_long_setting(void **state)
{
	static struct host h;
	auto_arena struct arena a = { 0 };
	char text[2][2001];
	const char *seen[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct record_facts r = { 0 };

		memset(text[i], 'x', sizeof(text[i]) - 1);
		/* A character of three bytes lies across the bound. */
		memcpy(text[i] + RECORD_VALUE_MAX - 2, "…", strlen("…"));
		text[i][sizeof(text[i]) - 2] = (char)('a' + i);
		text[i][sizeof(text[i]) - 1] = '\0';
		host_blank(&h);
		set_str(&h.kernel.cmdline, text[i]);
		assert_int_equal(record_settings(&h, &a, &r), 0);
		seen[i] = setting_of(&r, "kernel.cmdline");
		assert_non_null(seen[i]);
		assert_true(strlen(seen[i]) < RECORD_VALUE_MAX + 60);
		assert_non_null(strstr(seen[i], "xxx… (2000 bytes, checksum "));
	}
	assert_string_not_equal(seen[0], seen[1]);
}

static void test_many_settings(void **state)
{
	static struct host h;
	auto_arena struct arena a = { 0 };
	struct record_facts r = { 0 };

	(void)state;
	host_blank(&h);
	for (int i = 0; i <= RECORD_SETTINGS_MAX; i++)
		add_pair_of(&h.kernel.sysctls, &h.arena, "same", "1");
	assert_int_equal(record_settings(&h, &a, &r), 0);
	assert_int_equal(r.settings.n, RECORD_SETTINGS_MAX);
	assert_int_equal(r.warnings.n, 1);
	assert_non_null(strstr(r.warnings.v[0], "20000"));
	arena_release(&h.arena);
}

static void test_interrupts_and_threads(void **state)
{
	auto_arena struct arena a = { 0 };
	struct record_facts r = { 0 };
	struct host *h = sample_host(&desktop);
	const struct record_setting *s;
	struct irq_line *lines = h->irq.lines.v;
	size_t n_lines = 0, n_threads = 0;

	(void)state;
	set_cpus(&lines[1].affinity, "0-1");
	set_str(&lines[1].actions, "nvme0q1");
	assert_int_equal(record_settings(h, &a, &r), 0);
	s = r.settings.v;
	for (size_t i = 0; i < r.settings.n; i++) {
		n_lines += !strncmp(s[i].key.v, "irq.affinity[", strlen("irq.affinity["));
		n_threads +=
			!strncmp(s[i].key.v, "guest.threads[CPU ", strlen("guest.threads[CPU "));
	}
	assert_int_equal(n_lines, 1);
	check_setting(&r, "irq.affinity[nvme0q1]", "0-1");
	assert_int_equal(n_threads, 16); /* policy and affinity of each */
	check_setting(&r, "guest.threads[CPU 0/KVM].policy", "other");
	host_free(h);
}

static void test_fingerprint(void **state)
{
	static struct host h;
	struct fingerprint_facts f;

	(void)state;
	host_blank(&h);
	record_fingerprint(&h, &f);
	assert_false(f.cpu_model.known || f.is_passive.known || f.is_emulated.known);
	set_str(&h.cpu.model, "of the cpu probe");
	fact_set_u64(&h.wake.rep_duration_ns, 5);
	h.wake.units.known = true;
	record_fingerprint(&h, &f);
	assert_string_equal(f.cpu_model.v, "of the cpu probe");
	assert_int_equal(f.rep_duration_ns.v, 5);
	assert_true(f.is_passive.known && !f.is_passive.v);
	/* Nothing was put on the guest's CPUs. */
	host_blank(&h);
	fact_set_u64(&h.activity.window_ns, 5);
	record_fingerprint(&h, &f);
	assert_true(f.is_passive.known && f.is_passive.v);
	/* A probe that failed was to be put there. */
	for (size_t i = 0; i < HOST_N_PROBES; i++)
		h.probes[i].status = "failed";
	record_fingerprint(&h, &f);
	assert_false(f.is_passive.known);
}

static struct record_facts *with_fingerprint(struct arena *a, const struct fingerprint_facts *f)
{
	struct record_facts *r = arena_alloc(a, sizeof(*r));
	struct fingerprint_facts *to = fact_set_object(&r->fingerprint, a, sizeof(*to));

	assert_true(r && to);
	*to = *f;
	return r;
}

static void test_blocking(void **state)
{
	auto_arena struct arena a = { 0 };
	const struct fingerprint_facts one = { .cpu_model = { true, "A" },
					       .rep_duration_ns = { true, NS_PER_S },
					       .wake_interval_ns = { true, 1500 },
					       .arch = { true, "x86_64" } },
				       other = { .cpu_model = { true, "B" },
						 .rep_duration_ns = { true, 20 * NS_PER_S },
						 .wake_interval_ns = { true, 1001 },
						 .trace_rung = { true, "tracefs" } };
	const struct record_facts *x = with_fingerprint(&a, &one),
				  *y = with_fingerprint(&a, &other);
	const struct record_facts nothing = { 0 };
	struct fact_strs blocking, notes;

	(void)state;
	assert_int_equal(record_blocking(x, y, &a, &blocking, &notes), 0);
	assert_int_equal(blocking.n, 3);
	assert_string_equal(blocking.v[0], "cpu_model: A / B");
	assert_string_equal(blocking.v[1], "rep_duration_ns: 1 s / 20 s");
	assert_string_equal(blocking.v[2], "wake_interval_ns: 1500 ns / 1001 ns");
	assert_int_equal(notes.n, 2);
	assert_string_equal(notes.v[0], "arch (machine architecture) is known before only: x86_64");
	assert_non_null(strstr(notes.v[1], "is known after only: tracefs"));
	assert_int_equal(record_blocking(x, x, &a, &blocking, &notes), 0);
	assert_int_equal(blocking.n + notes.n, 0);
	/* What is not known forbids nothing. */
	assert_int_equal(record_blocking(&nothing, x, &a, &blocking, &notes), 0);
	assert_int_equal(blocking.n, 0);
	assert_int_equal(notes.n, 4);
}

/* Where something was timed, else where it was to be. */
static void test_measured_cpus(void **state)
{
	static struct host h;
	struct wake_unit units[] = { { .cpu = { true, 5 } },
				     { .cpu = { true, 4 } },
				     { .cpu = { true, 5 } },
				     { .cpu = { true, UINT64_MAX } },
				     { .cpu = { false, 7 } } };
	struct fact_cpus cpus;

	(void)state;
	host_blank(&h);
	record_measured_cpus(&h, &cpus);
	assert_false(cpus.known);
	set_cpus(&h.cpus.guest, "1-2");
	record_measured_cpus(&h, &cpus);
	assert_true(cpus.known && cpus_equal(&cpus.v, &h.cpus.guest.v));
	set_cpus(&h.cpus.measured, "2-3");
	record_measured_cpus(&h, &cpus);
	assert_true(cpus_equal(&cpus.v, &h.cpus.measured.v));
	h.wake.units = (struct fact_list){ true, ARRAY_SIZE(units), units };
	record_measured_cpus(&h, &cpus);
	assert_int_equal(cpus_count(&cpus.v), 2);
	assert_true(cpus.known && cpus_has(&cpus.v, 4) && cpus_has(&cpus.v, 5));
}

/* What makes the numbers less certain, as shares of all. */
static void test_doubts(void **state)
{
	struct host *h = sample_host(&desktop);
	const struct findings none = { 0 };
	const struct blame_time t = blame_time(h, NULL);
	auto_arena struct arena a = { 0 };
	struct trace_vcpu *v = h->trace.vcpus.v;
	struct record_facts r;
	const char *why;

	(void)state;
	assert_int_equal(record_make(h, &none, &a, &r, &why), 0);
	assert_true(r.untold_permille.known);
	assert_int_equal(r.untold_permille.v, t.untold_ns * 1000 / (t.known_ns + t.untold_ns));
	/* As much again is not known. */
	fact_set_u64(&((struct trace_states *)v[0].states.v)->unknown_ns, t.known_ns / 2);
	assert_int_equal(record_make(h, &none, &a, &r, &why), 0);
	assert_in_range(r.untold_permille.v, 320, 350);
	/* Half of each CPU's time went below. */
	h->cpus.measured = (struct fact_cpus){ .known = true };
	cpus_add(&h->cpus.measured.v, 3);
	fact_set_u64(&h->activity.window_ns, 10 * NS_PER_S);
	h->activity.steal_ns = (struct fact_pairs){ .known = true };
	assert_int_equal(fact_add_pair(&h->activity.steal_ns, &a, 3, 5 * NS_PER_S), 0);
	assert_int_equal(record_make(h, &none, &a, &r, &why), 0);
	assert_int_equal(r.steal_permille.v, 500);
	/* More than there is: hostile, or ticks. */
	h->activity.steal_ns.v[0].value = UINT64_MAX;
	assert_int_equal(record_make(h, &none, &a, &r, &why), 0);
	assert_int_equal(r.steal_permille.v, 1000);
	host_free(h);
}

static void test_culprits(void **state)
{
	auto_arena struct arena a = { 0 };
	struct record_facts r = { 0 };
	struct host *h = sample_host(&desktop);
	const struct trace_culprit *from = h->trace.culprits.v;
	const struct record_culprit *c;

	(void)state;
	assert_int_equal(record_culprits(h, &a, &r), 0);
	assert_true(r.culprits.known);
	assert_true(r.culprits.n > 0 && r.culprits.n <= h->trace.culprits.n);
	c = r.culprits.v;
	assert_string_equal(c[0].name.v, from[0].name.v);
	assert_true(c[0].name.v != from[0].name.v); /* a copy: the host may go */
	assert_true(c[0].share_ppm.v > 0 && c[0].share_ppm.v <= 1000000);
	for (size_t i = 0; i < r.culprits.n; i++)
		assert_true(strncmp(c[i].name.v, "vfiobench", strlen("vfiobench")) != 0);
	host_free(h);
	/* Without a trace nobody is known to have taken anything: not a list of nobody. */
	h = sample_host(&desktop);
	memset(&h->trace, 0, sizeof(h->trace));
	r = (struct record_facts){ 0 };
	assert_int_equal(record_culprits(h, &a, &r), 0);
	assert_false(r.culprits.known);
	host_free(h);
}

static const struct record_metric *metric_of(const struct record_facts *r, const char *id)
{
	const struct record_metric *m = r->metrics.v;

	for (size_t i = 0; i < r->metrics.n; i++) {
		if (!strcmp(m[i].id.v, id))
			return &m[i];
	}
	return NULL;
}

/* Of a whole result; nothing of it points into the host, which is gone then. */
static void test_make(void **state)
{
	auto_arena struct arena a = { 0 };
	struct host *h = sample_host(&desktop);
	struct record_facts r;
	struct findings findings;
	const struct record_finding *f;
	const struct fingerprint_facts *print;
	const struct record_metric *m;
	const char *why;

	(void)state;
	assert_int_equal(fact_add_str(&h->run.warnings, &h->arena, "noisy"), 0);
	assert_int_equal(engine_run(h, &findings), 0);
	assert_int_equal(record_make(h, &findings, &a, &r, &why), 0);
	host_free(h);
	m = metric_of(&r, "wake.p99");
	assert_non_null(m);
	assert_int_equal(m->values.n, 8);
	assert_true(r.findings.n > 0 && r.settings.n > 0 && r.culprits.n > 0);
	f = r.findings.v;
	for (size_t i = 0; i < r.findings.n; i++) {
		assert_true(!i || strcmp(f[i - 1].id.v, f[i].id.v) < 0);
		assert_int_equal(f[i].summary.known, strcmp(f[i].verdict.v, "pass") != 0);
		assert_string_not_equal(f[i].verdict.v, "unknown");
		assert_string_not_equal(f[i].verdict.v, "not-applicable");
	}
	print = r.fingerprint.v;
	assert_string_equal(print->guest_kind.v, "qemu");
	assert_true(print->wake_interval_ns.known && print->trace_rung.known);
	assert_string_equal(r.warnings.v[r.warnings.n - 1], "noisy");
	assert_true(r.started_unix_ns.known && r.tool_version.known);
	assert_false(r.name.known);
}

static void check_nothing(struct host *h, const char *piece)
{
	auto_arena struct arena a = { 0 };
	struct record_facts r = { 0 };
	struct findings none = { 0 };
	const char *why = NULL;

	assert_int_equal(record_make(h, &none, &a, &r, &why), -ENODATA);
	if (!why || !strstr(why, piece))
		fail_msg("'%s', expected '…%s…'", why ? why : "(none)", piece);
	assert_false(r.settings.known);
}

static void test_nothing_to_compare(void **state)
{
	static struct host h;

	(void)state;
	host_blank(&h);
	check_nothing(&h, "no repetition of a measurement is whole");
	fact_set_bool(&h.run.is_audit, true);
	check_nothing(&h, "settings only, nothing was measured");
	fact_set_bool(&h.run.is_audit, false);
	set_str(&h.trace.rung, "recording");
	check_nothing(&h, "a recording");
	arena_release(&h.arena);
}

static struct record_facts *session_at(struct arena *a, uint64_t started_ns, const char *model)
{
	const struct fingerprint_facts f = { .cpu_model = { true, model } };
	struct record_facts *r = with_fingerprint(a, &f);
	struct record_setting *s = fact_add_item(&r->settings, a, sizeof(*s));

	assert_non_null(s);
	set_str(&s->key, "clock.current");
	set_str(&s->value, "tsc");
	set_str(&r->name, "some/where.json");
	fact_set_u64(&r->started_unix_ns, started_ns);
	return r;
}

static void test_baseline_add(void **state)
{
	auto_arena struct arena a = { 0 };
	struct baseline_facts b = { 0 };
	const struct record_facts *v;
	const char *why;

	(void)state;
	for (uint64_t i = 0; i < BASELINE_SESSIONS_MAX + 2; i++) {
		assert_int_equal(baseline_add(&b, session_at(&a, i, "A"), &a, &why), 0);
		assert_int_equal(b.sessions.n, u64_min(i + 1, BASELINE_SESSIONS_MAX));
	}
	v = b.sessions.v;
	assert_int_equal(v[0].started_unix_ns.v, 2);
	assert_int_equal(v[BASELINE_SESSIONS_MAX - 1].started_unix_ns.v, BASELINE_SESSIONS_MAX + 1);
	assert_false(v[0].settings.known);
	assert_int_equal(v[BASELINE_SESSIONS_MAX - 1].settings.n, 1);
	assert_int_equal(baseline_add(&b, session_at(&a, 5, "A"), &a, &why), -EEXIST);
	assert_non_null(strstr(why, "there already"));
	assert_int_equal(baseline_add(&b, session_at(&a, 99, "B"), &a, &why), -EXDEV);
	assert_string_equal(why, "cpu_model: A / B");
	assert_int_equal(b.sessions.n, BASELINE_SESSIONS_MAX);
}

static struct doc *parse(const char *text)
{
	struct doc *d;
	struct doc_error error;

	if (doc_parse(text, strlen(text), &d, &error) < 0)
		fail_msg("%s: %s", text, error.message);
	return d;
}

static void test_baseline_document(void **state)
{
	auto_arena struct arena a = { 0 };
	auto_doc struct doc *d = NULL, *again = NULL;
	struct baseline_facts b = { 0 }, back;
	const struct record_facts *r;
	const char *why, *format;

	(void)state;
	assert_int_equal(fact_set_str(&b.name, &a, "desk"), 0);
	assert_int_equal(baseline_add(&b, session_at(&a, 7, "A"), &a, &why), 0);
	assert_int_equal(baseline_encode(&b, &d), 0);
	assert_true(is_baseline(d));
	assert_int_equal(doc_get_str(d, "format", &format), 0);
	assert_int_equal(baseline_decode(d, &a, &back, &why), 0);
	r = back.sessions.v;
	assert_int_equal(back.sessions.n, 1);
	assert_string_equal(back.name.v, "desk");
	assert_int_equal(r->started_unix_ns.v, 7);
	assert_false(r->name.known);
	/* The one that was encoded still has its name. */
	assert_true(((const struct record_facts *)b.sessions.v)->name.known);
	assert_int_equal(baseline_encode(&back, &again), 0);
	assert_true(doc_equal(d, again));
}

static void test_baseline_of_strangers(void **state)
{
	static const struct {
		const char *text, *why;
		int error;
	} cases[] = {
		{ "{}", "not a vfiobench baseline", -EBADMSG },
		{ "[]", "not a vfiobench baseline", -EBADMSG },
		{ "{\"format\":\"vfiobench-result\",\"version\":1}", "not a vfiobench baseline",
		  -EBADMSG },
		{ "{\"format\":\"vfiobench-baseline\",\"version\":2}",
		  "baseline version 2 is newer than this program understands (1)", -ENOTSUP },
		{ "{\"format\":\"vfiobench-baseline\",\"version\":1,\"sessions\":7}", "sessions",
		  -EBADMSG },
		{ "{\"format\":\"vfiobench-baseline\",\"version\":1,\"sessions\":[{}]}",
		  "sessions[0].fingerprint is missing", -EBADMSG },
		{ "{\"format\":\"vfiobench-baseline\",\"version\":1,\"sessions\":[{\"fingerprint\":{},"
		  "\"metrics\":[{}]}]}",
		  "sessions[0].metrics[0].id is missing", -EBADMSG },
		{ "{\"format\":\"vfiobench-baseline\",\"version\":1,\"sessions\":[{\"fingerprint\":{},"
		  "\"settings\":[{\"key\":\"a\"}]}]}",
		  "sessions[0].settings[0].value is missing", -EBADMSG },
		{ "{\"format\":\"vfiobench-baseline\",\"version\":1,\"sessions\":[{\"fingerprint\":{},"
		  "\"findings\":[{\"id\":\"a\"}]}]}",
		  "sessions[0].findings[0].verdict is missing", -EBADMSG },
		{ "{\"format\":\"vfiobench-baseline\",\"version\":1,\"sessions\":[{\"fingerprint\":{},"
		  "\"culprits\":[{\"share_ppm\":4}]}]}",
		  "sessions[0].culprits[0].name is missing", -EBADMSG },
		{ "{\"format\":\"vfiobench-baseline\",\"version\":1,\"sessions\":[{\"fingerprint\":{},"
		  "\"metrics\":[{\"id\":\"wake.p99\",\"values\":[[0,-1]]}]}]}",
		  "values", -EBADMSG },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_arena struct arena a = { 0 };
		auto_doc struct doc *d = parse(cases[i].text);
		struct baseline_facts b;
		const char *why = NULL;

		assert_int_equal(baseline_decode(d, &a, &b, &why), cases[i].error);
		if (!why || !strstr(why, cases[i].why))
			fail_msg("%s: '%s'", cases[i].text, why ? why : "(none)");
	}
}

/* A file with more sessions than are kept counts as if the older ones had made room. */
static void test_baseline_too_long(void **state)
{
	auto_arena struct arena a = { 0 };
	auto_doc struct doc *d = NULL;
	struct baseline_facts b = { 0 }, back;
	const char *why;

	(void)state;
	for (uint64_t i = 0; i < 20; i++) {
		struct record_facts *to = fact_add_item(&b.sessions, &a, sizeof(*to));

		assert_non_null(to);
		*to = *session_at(&a, i, "A");
	}
	assert_int_equal(baseline_encode(&b, &d), 0);
	assert_int_equal(baseline_decode(d, &a, &back, &why), 0);
	assert_int_equal(back.sessions.n, BASELINE_SESSIONS_MAX);
	assert_int_equal(((const struct record_facts *)back.sessions.v)->started_unix_ns.v, 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_long_setting),
		cmocka_unit_test(test_many_settings),
		cmocka_unit_test(test_interrupts_and_threads),
		cmocka_unit_test(test_fingerprint),
		cmocka_unit_test(test_blocking),
		cmocka_unit_test(test_measured_cpus),
		cmocka_unit_test(test_culprits),
		cmocka_unit_test(test_doubts),
		cmocka_unit_test(test_make),
		cmocka_unit_test(test_nothing_to_compare),
		cmocka_unit_test(test_baseline_add),
		cmocka_unit_test(test_baseline_document),
		cmocka_unit_test(test_baseline_of_strangers),
		cmocka_unit_test(test_baseline_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

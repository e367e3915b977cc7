/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who took the guest's time, in a terminal. */
/* TEST_SOURCES: tests/lib/sample.c tests/lib/sample_trace.c */
#include <string.h>

#include "core/text.h"
#include "report/text_trace.h"
#include "tests/lib/host.h"
#include "tests/lib/sample.h"

static const struct sample desktop = { 6, 3, 1, 200 };

typedef int report_fn(FILE *out, struct host *h, const struct text_style *style);

static char *text_by(report_fn *report, struct host *h, unsigned width, bool is_full)
{
	const struct text_style style = { .width = width, .is_full = is_full };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(report(out, h, &style), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void has(const char *text, const char *piece)
{
	if (!strstr(text, piece))
		fail_msg("no '%s' in:\n%s", piece, text);
}

static void has_not(const char *text, const char *piece)
{
	if (strstr(text, piece))
		fail_msg("'%s' in:\n%s", piece, text);
}

/* Columns: characters, not bytes. */
static void check_width(const char *text, size_t width)
{
	struct text rest = text_of(text), line;

	while (text_next_line(&rest, &line)) {
		size_t n = 0;

		for (size_t i = 0; i < line.len; i++) {
			assert_true((unsigned char)line.at[i] >= ' ' && line.at[i] != 0x7f);
			assert_true(i + 1 < line.len || line.at[i] != ' ');
			n += ((unsigned char)line.at[i] & 0xc0) != 0x80;
		}
		if (n > width)
			fail_msg("%zu columns: %.*s", n, (int)line.len, line.at);
	}
}

static void test_brief(void **state)
{
	struct host *h = sample_host(&desktop);
	auto_free char *text = text_by(report_trace_text, h, 80, false);

	(void)state;
	check_width(text, 80);
	has(text,
	    "Who took the guest's time: 8 vCPUs lost 1.83 % of 30.0 s, traced: 1.23M events,\n17 or "
	    "more lost\n");
	has(text, "Cannot be told: time that non-maskable interrupts took (no event\n");
	has(text, "  vCPU 0: CPU 2, guest 79.3 %, halted 20.0 %, lost 0.63 %: preempted 0.14 %,\n");
	has(text, "CLASS   NAME              SLICES  TOTAL     P99 LONGEST OF LOST LOOK AT");
	has(text, "vector  local_timer         4968 990 ms  598 us 2.60 ms  22.4 % cpu.nohz-full");
	has(text, "\nand 7 more\n");
	has(text, "Stretches without the guest: <250 us 489872, 250-500 960, 500-1000 248,\n");
	has(text, ">=4000 8\n");
	has(text, "  14:01:");
	has(text, " ms: task ");
	has_not(text, "other threads");
	/* The answer comes first. */
	assert_true(strstr(text, "CLASS") < strstr(text, "Cannot be told"));
	host_free(h);
}

static void test_full(void **state)
{
	struct host *h = sample_host(&desktop);
	auto_free char *text = text_by(report_trace_text, h, 80, true);
	auto_free char *wide = text_by(report_trace_text, h, 132, true);

	(void)state;
	check_width(text, 80);
	check_width(wide, 132);
	has(text, "task    vhost-4242");
	has(text, "kept waiting:");
	has(text, "      - pin.vhost");
	has(text, "% clock.hypervclock\n");
	has(text, "The guest's other threads:\n  emulator qemu-system-x86: ran ");
	has(wide, "kworker/3:1H (blk_mq_run_work_fn)");
	host_free(h);
}

static void add_missing(struct host *h, const char *event, const char *hides)
{
	struct trace_missing *m = fact_add_item(&h->trace.missing, &h->arena, sizeof(*m));

	assert_non_null(m);
	set_str(&m->event, event);
	set_str(&m->hides, hides);
}

/* What is hidden is said once; threads of one name are told apart. */
static void test_repeated(void **state)
{
	struct host *h = sample_host(&desktop);
	auto_free char *text = NULL;

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct trace_thread *t = fact_add_item(&h->trace.threads, &h->arena, sizeof(*t));

		assert_non_null(t);
		set_str(&t->role, "vhost");
		set_str(&t->name, "vhost-2286");
		fact_set_u64(&t->tid, 2290 + i);
	}
	h->trace.missing = (struct fact_list){ .known = true };
	add_missing(h, "kvm_entry", "what the guest does");
	add_missing(h, "nmi", "NMIs");
	add_missing(h, "kvm_exit", "what the guest does");
	text = text_by(report_trace_text, h, 132, true);
	has(text, "Cannot be told: what the guest does (no events kvm_entry, kvm_exit); NMIs (no "
		  "event nmi)\n");
	has(text, "  vhost vhost-2286 [2290]\n  vhost vhost-2286 [2291]\n");
	has(text, "  emulator qemu-system-x86: ran ");
	host_free(h);
}

static void test_gap_and_exits(void **state)
{
	struct host *h = sample_host(&desktop);
	auto_free char *gap = text_by(report_gap_text, h, 80, false);
	auto_free char *full = text_by(report_gap_text, h, 80, true);
	auto_free char *exits = text_by(report_exits_text, h, 80, false);

	(void)state;
	check_width(gap, 80);
	check_width(full, 80);
	check_width(exits, 80);
	has(gap, "Gaps of a busy thread: 250 a second, p99 4.");
	has(gap, "% of that named");
	has_not(gap, "CLASS");
	has(full, "CLASS");
	has(exits, "(emulated: never compare");
	has(exits, "METRIC   WHAT IT IS                             P50     P99     MAX");
	has(exits, "irqfd    interrupt from the host");
	has(exits, "4 KiB pages 141.0 ns, 2.00 MiB pages 113.5\n");
	fact_set_bool(&h->exits.is_emulated, false);
	free(exits);
	exits = text_by(report_exits_text, h, 80, false);
	has_not(exits, "emulated");
	host_free(h);
}

/* 200 vCPUs, thousands of culprits: few lines. */
static void test_many(void **state)
{
	struct host *h = sample_host(&desktop);
	auto_free char *text = NULL, *full = NULL;

	(void)state;
	sample_add_trace(h, &(struct sample_trace){ 200, 4096, 60 });
	text = text_by(report_trace_text, h, 80, false);
	full = text_by(report_trace_text, h, 80, true);
	has(text, "  and 192 vCPUs that lost less\n");
	has(text, "\nand 4091 more\n");
	assert_true(strlen(text) < 4000);
	assert_true(strlen(full) < 12000);
	host_free(h);
}

static struct trace_vcpu *add_vcpu(struct host *h, uint64_t number)
{
	struct trace_vcpu *v = fact_add_item(&h->trace.vcpus, &h->arena, sizeof(*v));

	assert_non_null(v);
	fact_set_u64(&v->vcpu, number);
	assert_non_null(fact_set_object(&v->states, &h->arena, sizeof(struct trace_states)));
	return v;
}

/* All percents of a line are of the same window, however little of it is known. */
static void test_one_base(void **state)
{
	struct host *h = sample_host(&desktop);
	auto_free char *text = NULL, *full = NULL;
	struct trace_culprit *own;
	struct trace_vcpu *v;
	struct trace_states *s;

	(void)state;
	memset(&h->trace, 0, sizeof(h->trace));
	fact_set_u64(&h->trace.window_ns, 1000000);
	v = add_vcpu(h, 0);
	s = (struct trace_states *)(uintptr_t)v->states.v;
	fact_set_u64(&s->guest_ns, 50000);
	fact_set_u64(&s->unknown_ns, 600000);
	fact_set_u64(&s->preempted_ns, 200000);
	fact_set_u64(&s->waiting_ns, 100000);
	fact_set_u64(&s->exit_ns, 30000);
	fact_set_u64(&s->qemu_ns, 20000);
	own = fact_add_item(&v->culprits, &h->arena, sizeof(*own));
	assert_non_null(own);
	set_str(&own->class, "task");
	set_str(&own->name, "vfiobench-probe");
	fact_set_u64(&own->n, 1);
	fact_set_u64(&own->total_ns, 10000);
	v = add_vcpu(h, 1);
	s = (struct trace_states *)(uintptr_t)v->states.v;
	fact_set_u64(&s->unknown_ns, 1000000);
	text = text_by(report_trace_text, h, 200, false);
	has(text,
	    "2 vCPUs lost 17.0 % of 1.00 ms and 0.50 % to the measurement itself; of 80.0 % of "
	    "their time nothing is known\n");
	has(text, "Of the time of each:\n  vCPU 0: guest 5.00 %, not known 60.0 %, lost 34.0 % and "
		  "1.00 % to the measurement itself: preempted 20.0 %, waiting 10.0 %, exits "
		  "3.00 %, the rest 2.00 %\n");
	has(text, "  vCPU 1: not seen in it\n");
	full = text_by(report_trace_text, h, 200, true);
	has(full, "exits 3.00 %, QEMU 2.00 %\n");
	host_free(h);
}

static void test_nothing(void **state)
{
	struct host *h = sample_host(&desktop);
	auto_free char *text = NULL, *said = NULL, *gap = NULL, *exits = NULL;
	struct host_probe *probe = (struct host_probe *)host_probe(h, "trace");

	(void)state;
	memset(&h->trace, 0, sizeof(h->trace));
	memset(&h->gap, 0, sizeof(h->gap));
	memset(&h->exits, 0, sizeof(h->exits));
	probe->status = "absent";
	text = text_by(report_trace_text, h, 80, false);
	assert_string_equal(text, "");
	probe->status = "skipped";
	probe->reason = "no guest runs";
	said = text_by(report_trace_text, h, 80, false);
	has(said, "Who took the guest's time: not traced: ");
	gap = text_by(report_gap_text, h, 80, false);
	assert_string_equal(gap, "");
	exits = text_by(report_exits_text, h, 80, false);
	assert_string_equal(exits, "");
	host_free(h);
}

static void test_hostile(void **state)
{
	static const char *const texts[] = {
		"", "\033[31mred\a\n\xff\xe2\x80\xae%s%n",
		"wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww",
		"\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3"
		"\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc"
	};
	static report_fn *const reports[] = { report_trace_text, report_gap_text,
					      report_exits_text };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct host *h = sample_host(&desktop);

		sample_poison(h, texts[i]);
		for (size_t k = 0; k < ARRAY_SIZE(reports); k++) {
			auto_free char *text = text_by(reports[k], h, 80, true);

			check_width(text, 120); /* one word is never broken in sentences */
			has_not(text, "\033");
		}
		host_free(h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_brief),    cmocka_unit_test(test_full),
		cmocka_unit_test(test_many),     cmocka_unit_test(test_gap_and_exits),
		cmocka_unit_test(test_nothing),  cmocka_unit_test(test_one_base),
		cmocka_unit_test(test_repeated), cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

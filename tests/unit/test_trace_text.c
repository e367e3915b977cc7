/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "tests/lib/trace.h"

#define NONE UINT64_MAX

static const char sample[] = "# tracer: nop\n"
			     "CPU:3 [LOST 7 EVENTS]\n"
			     "a-7 [003] .... 1.000001: sched_stat_runtime: comm=a\n"
			     "a-7 [003] .... 1.000002: kvm_exit: vcpu 0 reason npf\n"
			     "b-8 [001] .... 1.000001: kvm_entry: vcpu 1\n"
			     "a-7 [003] .... 1.000000: kvm_exit: vcpu 0 reason hlt\n"
			     "\n"
			     "a-7 [003] ... kvm_entry: vcpu 0\n"
			     "a-7 [003] .... 1.000009: sched_switch: prev_comm=...\n"
			     "CPU:9 [LOST EVENTS]";

/* Only events of our kinds that have a time, losses before the next event of their CPU. */
static void test_source(void **state)
{
	static const struct {
		enum trace_kind kind;
		int cpu;
		uint64_t t_ns, position;
	} want[] = {
		{ TRACE_LOST, 3, 1000002000, 4 },      { TRACE_KVM_EXIT, 3, 1000002000, 4 },
		{ TRACE_KVM_ENTRY, 1, 1000001000, 5 }, { TRACE_KVM_EXIT, 3, 1000000000, 6 },
		{ TRACE_LOST, 9, 1000009000, 10 },
	};
	const struct trace_text_options options = { 0 };
	struct reader r = reader_of(sample, sizeof(sample) - 1, options);
	const struct trace_text_stats *s = trace_text_stats(r.text);
	struct trace_event e;
	uint64_t n = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		assert_int_equal(next(&r, &e), 1);
		assert_int_equal(e.kind, want[i].kind);
		assert_int_equal(e.cpu, want[i].cpu);
		assert_int_equal(e.t_ns, want[i].t_ns);
		assert_int_equal(e.position, want[i].position);
		if (i == 0)
			assert_int_equal(e.lost.n, 7);
		if (i == 1)
			assert_string_equal(e.comm, "a");
		if (i == 3)
			assert_int_equal(e.kvm.reason, 0x78); /* of SVM, as the one before told */
	}
	assert_int_equal(next(&r, &e), 0);
	assert_int_equal(next(&r, &e), 0);
	assert_int_equal(s->n_lines, 10);
	assert_int_equal(s->n_of_class[TRACE_LINE_EVENT], 6);
	assert_int_equal(s->n_of_class[TRACE_LINE_LOST], 2);
	assert_int_equal(s->n_of_class[TRACE_LINE_BLANK], 1);
	assert_int_equal(s->n_of_class[TRACE_LINE_COMMENT], 1);
	assert_int_equal(s->n_of_format[TRACE_FORMAT_ELIDED], 1);
	assert_int_equal(s->n_of_kind[TRACE_KVM_EXIT], 2);
	assert_int_equal(s->n_of_kind[TRACE_KVM_ENTRY], 2);
	assert_int_equal(s->n_unread[TRACE_SWITCH], 1);
	assert_int_equal(s->n_other, 1);
	assert_int_equal(s->n_lost, NONE);
	assert_int_equal(s->n_backwards, 2);
	assert_int_equal(s->n_backwards_cpu, 1);
	assert_int_equal(s->res_ns, 1000);
	assert_int_equal(s->first_ns, 1000001000);
	assert_int_equal(s->last_ns, 1000009000);
	assert_int_equal(s->n_svm, 2);
	assert_int_equal(cpus_count(&s->cpus), 2);
	assert_true(cpus_is_empty(&s->switch_cpus));
	assert_string_equal(trace_text_name(r.text, 1, &n), "kvm_exit");
	assert_int_equal(n, 2);
	assert_null(trace_text_name(r.text, 4, &n));
	reader_release(&r);
}

/* Nothing tells when. */
static void test_only_a_loss(void **state)
{
	static const char all[] = "CPU:3 [LOST 7 EVENTS]\n";
	const struct trace_text_options options = { 0 };
	struct reader r = reader_of(all, sizeof(all) - 1, options);
	struct trace_event e;

	(void)state;
	assert_int_equal(next(&r, &e), 0);
	assert_int_equal(trace_text_stats(r.text)->n_lost, 7);
	reader_release(&r);
}

static void test_all_events(void **state)
{
	const struct trace_text_options options = { .wants_all = true };
	struct reader r = reader_of(sample, sizeof(sample) - 1, options);
	struct trace_event e;
	size_t n = 0, n_other = 0, n_timeless = 0;

	(void)state;
	while (next(&r, &e) > 0) {
		n++;
		n_other += e.kind == TRACE_OTHER;
		n_timeless += e.t_ns == NONE;
	}
	assert_int_equal(n, 8);
	assert_int_equal(n_other, 2);
	assert_int_equal(n_timeless, 1);
	reader_release(&r);
}

static void test_shifted(void **state)
{
	static const char all[] =
		"<idle>-0 [000] 1.000001: sched_switch: swapper:0 [120] S ==> a:5 [120]\n"
		"a-5 [000] 1.000002: sched_switch: a:5 [120] D ==> swapper:0 [120]\n";
	static const char most[] =
		"<idle>-0 [000] 1.000001: sched_switch: swapper:0 [120] S ==> a:5 [120]\n"
		"<idle>-0 [000] 1.000002: sched_switch: swapper:0 [120] R ==> a:5 [120]\n";
	const struct trace_text_options options = { .is_shifted = true };
	struct trace_text_stats scan;
	struct trace_event e;
	struct reader r = reader_of(all, sizeof(all) - 1, options);

	(void)state;
	assert_int_equal(trace_text_scan(r.in, &scan), 0);
	assert_true(trace_text_is_shifted(&scan));
	assert_true(cpus_has(&scan.switch_cpus, 0));
	assert_int_equal(next(&r, &e), 1); /* the scan went back to the start */
	assert_int_equal(e.sched_switch.prev_state, TRACE_TASK_RUNNABLE);
	assert_string_equal(e.sched_switch.prev_letters, "S");
	assert_int_equal(next(&r, &e), 1);
	assert_int_equal(e.sched_switch.prev_state, TRACE_TASK_SLEEPING);
	reader_release(&r);

	r = reader_of(most, sizeof(most) - 1, options);
	assert_int_equal(trace_text_scan(r.in, &scan), 0);
	assert_false(trace_text_is_shifted(&scan));
	reader_release(&r);

	r = reader_of("\n", 1, options);
	assert_int_equal(trace_text_scan(r.in, &scan), 0);
	assert_false(trace_text_is_shifted(&scan));
	reader_release(&r);
}

static void test_pipe_is_not_scanned(void **state)
{
	struct trace_text_stats scan;
	int fds[2];
	FILE *in;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	in = fdopen(fds[0], "r");
	assert_non_null(in);
	assert_int_equal(trace_text_scan(in, &scan), -ESPIPE);
	fclose(in);
	close(fds[1]);
}

/* Lines up to the limit are read, longer ones left out; what is behind them is read again. */
static void test_long_lines(void **state)
{
	static const size_t lengths[] = { 100, TRACE_TEXT_LINE_MAX, TRACE_TEXT_LINE_MAX + 1,
					  5 * TRACE_TEXT_LINE_MAX };
	static const char head[] = "a-7 [003] 1.000001: kvm_entry: vcpu 1 ";
	static const char tail[] = "\na-7 [003] 1.000002: kvm_entry: vcpu 2";
	const struct trace_text_options options = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		const bool is_long = lengths[i] > TRACE_TEXT_LINE_MAX;
		const size_t n = lengths[i] + sizeof(tail) - 1;
		char *all = malloc(n);
		struct trace_event e;
		struct reader r;

		assert_non_null(all);
		memset(all, 'x', n);
		memcpy(all, head, sizeof(head) - 1);
		memcpy(all + lengths[i], tail, sizeof(tail) - 1);
		r = reader_of(all, n, options);
		if (!is_long) {
			assert_int_equal(next(&r, &e), 1);
			assert_int_equal(e.kvm.vcpu, 1);
		}
		assert_int_equal(next(&r, &e), 1);
		assert_int_equal(e.kvm.vcpu, 2);
		assert_int_equal(next(&r, &e), 0);
		assert_int_equal(trace_text_stats(r.text)->n_lines, 2);
		assert_int_equal(trace_text_stats(r.text)->n_too_long, is_long);
		reader_release(&r);
		free(all);
	}
}

/* More names than are counted apart: the rest is one number, and known events are still known. */
static void test_many_names(void **state)
{
	const struct trace_text_options options = { 0 };
	size_t n_names = 0, size;
	char *all = NULL;
	FILE *out = open_memstream(&all, &size);
	struct trace_event e;
	struct reader r;
	uint64_t n;

	(void)state;
	assert_non_null(out);
	for (unsigned i = 0; i < 5000; i++)
		fprintf(out, "a-7 [003] 1.000001: event_%u: x\n", i);
	fputs("a-7 [003] 1.000001: kvm_entry: vcpu 1\n", out);
	fclose(out);
	r = reader_of(all, size, options);
	assert_int_equal(next(&r, &e), 1);
	assert_int_equal(e.kind, TRACE_KVM_ENTRY);
	while (trace_text_name(r.text, n_names, &n))
		n_names++;
	assert_int_equal(n_names, 4096);
	assert_int_equal(trace_text_stats(r.text)->n_unnamed, 5001 - 4096);
	reader_release(&r);
	free(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_source),      cmocka_unit_test(test_all_events),
		cmocka_unit_test(test_shifted),     cmocka_unit_test(test_pipe_is_not_scanned),
		cmocka_unit_test(test_long_lines),  cmocka_unit_test(test_many_names),
		cmocka_unit_test(test_only_a_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

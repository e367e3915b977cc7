/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a trace says of who took the guest's time: sums, shares, and what is worth a word. */
#include "analyze/blame.h"
#include "tests/lib/culprits.h"

static struct host *new_host(const char *rung)
{
	struct host *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	host_blank(h);
	set_trace(h, rung);
	return h;
}

static void end(struct host *h)
{
	arena_release(&h->arena);
	free(h);
}

static void sums_of_one_row(void **state)
{
	struct host *h = new_host(NULL);
	struct trace_culprit *c;
	struct blame b;

	(void)state;
	assert_false(blame_of(h, "isol.tasks-on-g", &b));
	add_culprit(h, "task", "dd", "isol.tasks-on-g", 10, 50000, 9000);
	c = add_culprit(h, "irq", "ahci", "irq.managed irq.host-on-g", 1000, 10000, 80);
	fact_set_u64(&c->p99_ns, 12000);
	c = add_culprit(h, "irq", "xhci", "irq.host-on-g", 500, 5000, 90);
	assert_false(blame_of(h, "mem.ksm", &b));
	assert_true(blame_of(h, "irq.host-on-g", &b));
	assert_int_equal(b.n_culprits, 2);
	assert_string_equal(b.most->name.v, "ahci");
	assert_int_equal(b.n, 1500);
	assert_int_equal(b.total_ns, 15 * NS_PER_MS);
	assert_int_equal(b.max_ns, 90 * NS_PER_US);
	assert_int_equal(b.p99_ns.v, 12000);
	assert_int_equal(b.guest_permille, 1); /* of 10 s */
	assert_int_equal(b.worst_ppm, 1500);
	assert_int_equal(b.lost_permille, 15); /* of 1 s */
	assert_true(blame_of(h, "isol.tasks-on-g", &b));
	assert_int_equal(b.guest_permille, 5);
	assert_int_equal(b.lost_permille, 50);
	assert_false(b.p99_ns.known);
	assert_true(blame_some(h, NULL, NULL, &b));
	assert_int_equal(b.n_culprits, 3);
	end(h);
}

/* What kept a thread from waking the vCPU is none of what was lost. */
static void upstream_is_not_lost(void **state)
{
	struct host *h = new_host(NULL);
	struct trace_culprit *c = add_culprit(h, "task", "dd", "isol.tasks-on-g", 9, 90000, 20000);
	struct blame b;

	(void)state;
	set_str(&c->via, "IO iothread1");
	assert_true(blame_of(h, "isol.tasks-on-g", &b));
	assert_int_equal(b.guest_permille, 9);
	assert_int_equal(b.lost_permille, 0);
	end(h);
}

/* The measurement is no culprit, and its time was not lost to anybody. */
static void own_threads_are_left_out(void **state)
{
	struct host *h = new_host(NULL);
	struct blame b;

	(void)state;
	add_culprit(h, "task", "vfiobench-probe", "isol.tasks-on-g", 1000, 500000, 1000);
	assert_false(blame_of(h, "isol.tasks-on-g", &b));
	add_culprit(h, "task", "dd", "isol.tasks-on-g", 10, 50000, 9000);
	assert_true(blame_of(h, "isol.tasks-on-g", &b));
	assert_int_equal(b.n, 10);
	assert_int_equal(b.lost_permille, 100); /* of the half second that is left */
	assert_int_equal(blame_time(h, NULL).lost_ns, NS_PER_S / 2);
	assert_int_equal(blame_time(h, NULL).known_ns, 10 * NS_PER_S);
	end(h);
}

/* Two vCPUs: the share of the one that it hit counts, not that of both. */
static void the_worst_vcpu_counts(void **state)
{
	struct host *h = new_host(NULL);
	struct blame b;

	(void)state;
	for (size_t i = 0; i < 9; i++)
		set_trace(h, NULL);
	add_culprit(h, "task", "dd", "isol.tasks-on-g", 100, 20000, 200);
	assert_true(blame_of(h, "isol.tasks-on-g", &b));
	assert_int_equal(b.guest_permille, 0);
	assert_int_equal(b.worst_ppm, 2000);
	assert_true(blame_is_noticeable(h, &b));
	end(h);
}

/* What interrupts a culprit ends a slice: the stretch that was mostly its is longer. */
static void stretches(void **state)
{
	static const struct {
		const char *class, *name;
		uint64_t ms;
	} worst[] = { { "task", "dd", 948 }, { "task", "dd", 3 }, { "irq", "ahci", 1000 } };
	struct host *h = new_host(NULL);
	struct finding out = { .arena = &h->arena };
	struct trace_vcpu *v;
	struct blame b;

	(void)state;
	add_culprit(h, "task", "dd", "isol.tasks-on-g", 1000, 950000, 2300);
	add_culprit(h, "irq", "ahci", "irq.host-on-g", 10, 50000, 9000);
	assert_true(blame_of(h, "isol.tasks-on-g", &b));
	assert_string_equal(blame_longest(&out, &b), "the longest slice 2.3 ms");
	v = (struct trace_vcpu *)(uintptr_t)h->trace.vcpus.v;
	for (size_t i = 0; i < ARRAY_SIZE(worst); i++) {
		struct trace_worst *w = fact_add_item(&v->worst, &h->arena, sizeof(*w));

		assert_non_null(w);
		set_str(&w->class, worst[i].class);
		set_str(&w->name, worst[i].name);
		fact_set_u64(&w->duration_ns, worst[i].ms * NS_PER_MS);
	}
	assert_true(blame_of(h, "isol.tasks-on-g", &b));
	assert_int_equal(b.stretch_ns, 948 * NS_PER_MS);
	assert_string_equal(blame_longest(&out, &b),
			    "the longest slice 2.3 ms, in a stretch of up to 948 ms");
	end(h);
}

static void noticeable(void **state)
{
	static const struct {
		uint64_t n, total_us, max_us;
		bool is_noticeable;
	} cases[] = {
		{ 1000, 10000, 20, true },                           /* 0.1 % */
		{ 1000, 9990, 20, false },   { 3, 1000, 250, true }, /* 0.01 %, long */
		{ 3, 999, 250, false },      { 3, 1000, 249, false },
		{ 3, 1000, 501, false }, /* one of them was long */
		{ 2, 100000, 60000, false }, { 3, 100000, 60000, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct host *h = new_host(NULL);
		struct blame b;

		add_culprit(h, "task", "dd", "x", cases[i].n, cases[i].total_us, cases[i].max_us);
		assert_true(blame_of(h, "x", &b));
		if (blame_is_noticeable(h, &b) != cases[i].is_noticeable)
			fail_msg("case %zu", i);
		end(h);
	}
}

/* Below another hypervisor each stretch may be longer than its culprit made it. */
static void a_hypervisor_below_stretches(void **state)
{
	struct host *h = new_host(NULL);
	struct blame b;

	(void)state;
	add_culprit(h, "task", "dd", "x", 5, 2000, 900);
	assert_true(blame_of(h, "x", &b));
	fact_set_bool(&h->cpu.is_virtual, false);
	assert_true(blame_is_noticeable(h, &b));
	fact_set_bool(&h->cpu.is_virtual, true);
	assert_false(blame_is_noticeable(h, &b)); /* how much it took is not known */
	set_cpus(&h->cpus.measured, "1");
	fact_set_u64(&h->activity.window_ns, 10 * NS_PER_S);
	assert_int_equal(fact_add_pair(&h->activity.steal_ns, &h->arena, 1, NS_PER_MS), 0);
	assert_true(blame_is_noticeable(h, &b));
	h->activity.steal_ns.v[0].value = NS_PER_S;
	assert_false(blame_is_noticeable(h, &b));
	end(h);
}

static void what_can_tell(void **state)
{
	struct host *h = new_host(NULL);
	struct trace_vcpu *v = h->trace.vcpus.v;
	struct trace_states *s = v->states.v;

	(void)state;
	assert_true(blame_can_tell(h));
	h->guestref.kind.known = false;
	assert_false(blame_can_tell(h)); /* no guest ran */
	set_str(&h->trace.rung, "recording");
	assert_true(blame_can_tell(h));
	assert_true(blame_is_recording(h));
	set_str(&h->guestref.kind, "qemu");
	set_str(&h->trace.rung, "schedstat");
	assert_false(blame_can_tell(h));
	set_str(&h->trace.rung, "none");
	assert_false(blame_can_tell(h));
	set_str(&h->trace.rung, "tracefs");
	fact_set_u64(&s->lost_ns, 10 * NS_PER_S);
	assert_true(blame_can_tell(h));
	fact_set_u64(&s->lost_ns, 10 * NS_PER_S + 1); /* more is lost than known */
	assert_false(blame_can_tell(h));
	fact_set_u64(&s->lost_ns, 0);
	fact_set_u64(&s->guest_ns, 0);
	fact_set_u64(&s->preempted_ns, 99 * NS_PER_MS);
	assert_false(blame_can_tell(h));
	fact_set_u64(&s->preempted_ns, 100 * NS_PER_MS);
	assert_true(blame_can_tell(h));
	h->trace.culprits.known = false;
	assert_false(blame_can_tell(h));
	end(h);
}

/* Of somebody's few milliseconds only what is long counts. */
static void short_recordings(void **state)
{
	static const struct {
		uint64_t known_us, n, total_us, max_us;
		bool can_tell, is_noticeable;
	} cases[] = {
		{ 999, 3, 700, 300, false, false },
		{ 1000, 3, 700, 300, true, true },
		{ 1000, 70, 700, 10, true, false },
		{ 100000, 70, 700, 10, true, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct host *h = new_host("recording");
		struct trace_vcpu *v = h->trace.vcpus.v;
		struct trace_states *s = v->states.v;
		struct blame b;

		fact_set_u64(&s->guest_ns, 0);
		fact_set_u64(&s->preempted_ns, cases[i].known_us * NS_PER_US);
		add_culprit(h, "task", "dd", "x", cases[i].n, cases[i].total_us, cases[i].max_us);
		assert_int_equal(blame_of(h, "x", &b), cases[i].can_tell);
		if (cases[i].can_tell && blame_is_noticeable(h, &b) != cases[i].is_noticeable)
			fail_msg("case %zu", i);
		end(h);
	}
}

static void hostile_numbers(void **state)
{
	struct host *h = new_host(NULL);
	struct trace_vcpu *v = h->trace.vcpus.v;
	struct trace_states *s = v->states.v;
	struct finding f = { .arena = &h->arena };
	struct trace_culprit *c;
	struct blame b;

	(void)state;
	fact_set_u64(&s->exit_ns, UINT64_MAX);
	fact_set_u64(&s->halted_ns, UINT64_MAX);
	fact_set_u64(&s->unknown_ns, UINT64_MAX);
	c = add_culprit(h, "task", "dd", "x", UINT64_MAX, 1, 1);
	fact_set_u64(&c->total_ns, UINT64_MAX);
	c = add_culprit(h, "task", "cc", "x", UINT64_MAX, 1, 1);
	fact_set_u64(&c->total_ns, UINT64_MAX);
	/* Not whole: not there. */
	c = add_culprit(h, "task", "ee", "x", 5, 1, 1);
	c->n.known = false;
	assert_true(blame_of(h, "x", &b));
	assert_int_equal(b.n_culprits, 2);
	assert_int_equal(b.total_ns, UINT64_MAX);
	assert_int_equal(b.guest_permille, 1000);
	blame_list(h, NULL, NULL, &f);
	assert_int_equal(f.n_items, 3);
	end(h);
}

static void evidence_in_words(void **state)
{
	struct host *h = new_host(NULL);
	struct finding f = { .arena = &h->arena };
	struct irq_line *line = fact_add_item(&h->irq.lines, &h->arena, sizeof(*line));
	struct trace_culprit *c;

	(void)state;
	assert_non_null(line);
	fact_set_u64(&line->irq, 34);
	set_str(&line->actions, "virtio4-input.0");
	c = add_culprit(h, "irq", "virtio4-input.0", "x", 1500, 12300, 80);
	fact_set_u64(&c->p99_ns, 12000);
	c = add_culprit(h, "task", "dd", "x", 4, 900, 300);
	set_str(&c->via, "IO iothread1");
	add_culprit(h, "vector", "local_timer", "y", 4, 900, 300);
	blame_list(h, blame_names_row, "x", &f);
	assert_int_equal(f.n_items, 2);
	assert_string_equal(
		f.items[0],
		"trace: IRQ 34 virtio4-input.0 took 12.3 ms from vCPU 0 on CPU 1: 1500 slices, "
		"p99 12.0 us, longest 80.0 us, 1.2 % of all that was lost");
	assert_non_null(strstr(f.items[1], "trace: task dd kept IO iothread1, which was to wake "));
	assert_non_null(strstr(f.items[1], "for 900 us: 4 slices, longest 300 us"));
	/* Two lines of that name: which one is not known. */
	line = fact_add_item(&h->irq.lines, &h->arena, sizeof(*line));
	fact_set_u64(&line->irq, 35);
	set_str(&line->actions, "virtio4-input.0");
	assert_string_equal(blame_name(h, h->trace.culprits.v, &f), "IRQ virtio4-input.0");
	end(h);
}

static void few_rows_and_doubts(void **state)
{
	struct host *h = new_host(NULL);
	struct trace_vcpu *v = h->trace.vcpus.v;
	struct trace_states *s = v->states.v;
	struct finding f = { .arena = &h->arena };

	(void)state;
	for (size_t i = 0; i < 6; i++)
		add_culprit(h, "task", arena_printf(&h->arena, "t%zu", i), "x", 3, 1000, 500);
	fact_set_u64(&s->unknown_ns, 2 * NS_PER_S);
	fact_set_u64(&h->trace.window_ns, NS_PER_S / 2);
	fact_set_bool(&h->cpu.is_virtual, true);
	blame_list(h, blame_names_row, "x", &f);
	assert_int_equal(f.n_items, 8);
	assert_string_equal(f.items[4], "trace: 2 more took 2.0 ms together");
	assert_string_equal(
		f.items[5],
		"trace: 17 % of the time is not known, so that there may be more of it");
	assert_string_equal(f.items[6], "trace: of 500 ms only");
	assert_non_null(strstr(f.items[7], "hypervisor below"));
	end(h);
}

static void numbers_in_words(void **state)
{
	auto_arena struct arena a = { 0 };
	struct finding f = { .arena = &a };

	(void)state;
	assert_string_equal(blame_ns(&f, 0), "0 ns");
	assert_string_equal(blame_ns(&f, 999), "999 ns");
	assert_string_equal(blame_ns(&f, 1000), "1.0 us");
	assert_string_equal(blame_ns(&f, 99990), "100 us");
	assert_string_equal(blame_ns(&f, 123456), "123 us");
	assert_string_equal(blame_ns(&f, 12345678), "12.3 ms");
	assert_string_equal(blame_ns(&f, 2 * NS_PER_S), "2.0 s");
	assert_string_equal(blame_percent(&f, 0), "less than 0.1 %");
	assert_string_equal(blame_percent(&f, 34), "3.4 %");
	assert_string_equal(blame_percent(&f, 340), "34 %");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_of_one_row),
		cmocka_unit_test(upstream_is_not_lost),
		cmocka_unit_test(own_threads_are_left_out),
		cmocka_unit_test(the_worst_vcpu_counts),
		cmocka_unit_test(stretches),
		cmocka_unit_test(noticeable),
		cmocka_unit_test(a_hypervisor_below_stretches),
		cmocka_unit_test(what_can_tell),
		cmocka_unit_test(short_recordings),
		cmocka_unit_test(hostile_numbers),
		cmocka_unit_test(evidence_in_words),
		cmocka_unit_test(few_rows_and_doubts),
		cmocka_unit_test(numbers_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

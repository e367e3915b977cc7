/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/text.h"
#include "report/watch.h"
#include "tests/lib/check.h"
#include "tests/lib/host.h"

/* One window of one vCPU, with some culprits. */
struct window {
	uint64_t guest_ns, preempted_ns;
	struct {
		const char *class, *name, *row;
		uint64_t ns;
	} culprits[3];
};

static void add_culprit(struct arena *a, struct trace_facts *facts, const char *class,
			const char *name, const char *row, uint64_t ns)
{
	struct trace_culprit *c = fact_add_item(&facts->culprits, a, sizeof(*c));

	assert_non_null(c);
	set_str(&c->class, class);
	set_str(&c->name, name);
	fact_set_u64(&c->n, 2);
	fact_set_u64(&c->total_ns, ns);
	fact_set_u64(&c->max_ns, ns / 2);
	c->rows.known = true;
	if (row)
		assert_int_equal(fact_add_str(&c->rows, a, row), 0);
}

static void add(struct watch *w, const struct window *from)
{
	auto_arena struct arena a = { 0 };
	struct trace_facts facts = { 0 };
	struct trace_vcpu *v = fact_add_item(&facts.vcpus, &a, sizeof(*v));
	struct trace_states *states;

	assert_non_null(v);
	set_str(&facts.rung, "tracefs");
	fact_set_u64(&facts.window_ns, 250 * NS_PER_MS);
	fact_set_u64(&facts.n_events, 100);
	fact_set_u64(&facts.lost_events, 0);
	fact_set_u64(&v->vcpu, 0);
	fact_set_u64(&v->window_ns, 250 * NS_PER_MS);
	set_cpus(&v->cpus, "3");
	states = fact_set_object(&v->states, &a, sizeof(*states));
	assert_non_null(states);
	fact_set_u64(&states->guest_ns, from->guest_ns);
	fact_set_u64(&states->preempted_ns, from->preempted_ns);
	for (size_t i = 0; i < ARRAY_SIZE(from->culprits) && from->culprits[i].class; i++)
		add_culprit(&a, &facts, from->culprits[i].class, from->culprits[i].name,
			    from->culprits[i].row, from->culprits[i].ns);
	assert_int_equal(watch_add(w, &facts), 0);
}

static char *page_by(const struct watch *w, unsigned width, unsigned height)
{
	const struct watch_screen screen = { .width = width, .height = height };
	char *page = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&page, &size);

	assert_non_null(out);
	watch_print(out, w, "win10", &screen);
	assert_int_equal(fclose(out), 0);
	return page;
}

static char *page_of(const struct watch *w, unsigned height)
{
	return page_by(w, 80, height);
}

static const struct window busy = { 200 * NS_PER_MS,
				    50 * NS_PER_MS,
				    { { "task", "dd", "isol.tasks-on-g", 40 * NS_PER_MS },
				      { "irq", "irq 34 nvme0q1", "irq.host-on-g",
					10 * NS_PER_MS } } };
static const struct window later = { 249 * NS_PER_MS,
				     NS_PER_MS,
				     { { "task", "make\033[31m", NULL, NS_PER_MS } } };

static void test_sums(void **state)
{
	struct watch *w = watch_new();
	auto_free char *page = NULL;

	(void)state;
	assert_non_null(w);
	add(w, &busy);
	add(w, &busy);
	page = page_of(w, 0);
	assert_non_null(strstr(page, "win10: 500 ms by tracefs, 200 events\n"));
	assert_non_null(strstr(
		page, "   0      3  80.0 %       -       -  20.0 %       -       -   0.0 %\n"));
	/* 40 of 250 ms in each window; 80 ms in all; the longest of them 20 ms. */
	assert_non_null(strstr(page, " 16.0 %  80.0 ms       4  20.0 ms  isol.tasks-on-g\n"));
	assert_true(strstr(page, "dd ") < strstr(page, "irq 34 nvme0q1"));
	watch_free(w);
}

/* What took the most long ago sinks below what does so now; totals stay. */
static void test_fades(void **state)
{
	struct watch *w = watch_new();
	auto_free char *page = NULL;

	(void)state;
	assert_non_null(w);
	add(w, &busy);
	for (int i = 0; i < 60; i++)
		add(w, &later);
	page = page_of(w, 0);
	assert_true(strstr(page, "make?[31m ") < strstr(page, "dd "));
	assert_null(strchr(page, '\033'));
	assert_non_null(strstr(page, "  40.0 ms       2  20.0 ms  isol.tasks-on-g\n"));
	watch_free(w);
}

/* Whoever comes when all places are taken gets that of the most faded. */
static void test_many_names(void **state)
{
	struct watch *w = watch_new();
	auto_free char *page = NULL;

	(void)state;
	assert_non_null(w);
	for (unsigned i = 0; i < 4095; i++) {
		char name[16];
		const struct window one = { 0, 0, { { "task", name, NULL, NS_PER_MS - i } } };

		snprintf(name, sizeof(name), "worm-%u-", i);
		add(w, &one);
	}
	add(w, &busy);
	page = page_of(w, 0);
	assert_non_null(strstr(page, " events, 2 old names forgotten\n"));
	assert_non_null(strstr(page, "task     dd "));
	assert_non_null(strstr(page, "irq 34 nvme0q1"));
	assert_non_null(strstr(page, "worm-4094-"));
	assert_null(strstr(page, "worm-0-"));
	assert_null(strstr(page, "worm-1-"));
	watch_free(w);
}

static void check_size(const struct watch *w, unsigned width, unsigned height)
{
	auto_free char *page = page_by(w, width, height);
	struct text rest = text_of(page), line;
	unsigned n = 0;

	while (text_next_line(&rest, &line)) {
		size_t n_columns = 0;

		for (size_t i = 0; i < line.len; i++)
			n_columns += ((unsigned char)line.at[i] & 0xc0) != 0x80;
		assert_true(n_columns <= width);
		n++;
	}
	/* One line is left for the keys. */
	assert_true(n < height);
}

static void test_room(void **state)
{
	struct watch *w = watch_new();

	(void)state;
	assert_non_null(w);
	for (int i = 0; i < 100; i++) {
		auto_free char *name = NULL;
		struct window one = { 0, 0, { { "task", NULL, "isol.tasks-on-g", 1000 } } };

		assert_true(asprintf(&name, "a name that is far longer than any column %d", i) > 0);
		one.culprits[0].name = name;
		add(w, &one);
	}
	check_size(w, 80, 24);
	check_size(w, 80, 10);
	check_size(w, 40, 24);
	check_size(w, 7, 24);
	check_size(w, 200, 24);
	watch_free(w);
}

/* Ids are shown whole, or not. */
static void test_ids(void **state)
{
	static const struct window one = { 0,
					   0,
					   { { "exit", "EPT", "kvm.nx-huge-pages", 1000 },
					     { "task", "dd", "kvm.nx-huge-pages mem.prealloc",
					       900 } } };
	struct watch *w = watch_new();
	auto_free char *page = NULL, *narrow = NULL;

	(void)state;
	assert_non_null(w);
	add(w, &one);
	page = page_of(w, 24);
	assert_non_null(strstr(page, "  kvm.nx-huge-pages\n"));
	assert_non_null(strstr(page, "  kvm.nx-huge-pages …\n"));
	narrow = page_by(w, 70, 24);
	assert_null(strstr(narrow, "kvm"));
	assert_non_null(strstr(narrow, "  …\n"));
	watch_free(w);
}

/* Without events of KVM a thread runs, and nobody knows what. */
static void test_unknown(void **state)
{
	auto_arena struct arena a = { 0 };
	struct trace_facts facts = { 0 };
	struct trace_vcpu *v = fact_add_item(&facts.vcpus, &a, sizeof(*v));
	struct watch *w = watch_new();
	auto_free char *page = NULL, *text = NULL;
	struct trace_states *states;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(w);
	assert_non_null(out);
	assert_non_null(v);
	set_str(&facts.rung, "schedstat");
	fact_set_u64(&facts.window_ns, NS_PER_S);
	fact_set_u64(&v->vcpu, 0);
	fact_set_u64(&v->window_ns, NS_PER_S);
	set_cpus(&v->cpus, "1");
	states = fact_set_object(&v->states, &a, sizeof(*states));
	assert_non_null(states);
	fact_set_u64(&states->running_ns, 460 * NS_PER_MS);
	fact_set_u64(&states->waiting_ns, 540 * NS_PER_MS);
	fact_set_u64(&states->halted_ns, 0);
	assert_int_equal(watch_add(w, &facts), 0);
	page = page_of(w, 24);
	assert_non_null(strstr(page, "vCPU   CPUs running   exits    irqs   taken    qemu"));
	assert_non_null(
		strstr(page, "   0      1  46.0 %       -       -  54.0 %       -   0.0 % "));
	assert_non_null(strstr(page, "\nwaiting 54.0 %, who is not known\n"));
	watch_print_line(out, w);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, "1.00 s: waiting 54.0 %, who is not known\n");
	watch_free(w);
}

static void test_line(void **state)
{
	struct watch *w = watch_new();
	auto_free char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(w);
	assert_non_null(out);
	watch_print_line(out, w);
	add(w, &busy);
	watch_print_line(out, w);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, "0 ns: nothing\n"
				  "250 ms: task dd 40.0 ms, look at isol.tasks-on-g\n");
	watch_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sums),       cmocka_unit_test(test_fades),
		cmocka_unit_test(test_many_names), cmocka_unit_test(test_room),
		cmocka_unit_test(test_ids),        cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

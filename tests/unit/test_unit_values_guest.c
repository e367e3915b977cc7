/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/unit_values.h"
#include "tests/lib/host.h"

#define P999 999000

static const struct hist_bins *bins_of(struct host *h, const uint64_t *values, size_t n)
{
	auto_free struct hist *hist = malloc(sizeof(*hist));

	assert_non_null(hist);
	hist_init(hist);
	for (size_t i = 0; i < n; i++)
		hist_add(hist, values[i]);
	return hist_to_bins(hist, &h->arena);
}

#define VALUES(...)                        \
	(const uint64_t[]){ __VA_ARGS__ }, \
		sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t)

static struct trace_vcpu *add_vcpu(struct host *h)
{
	struct trace_vcpu *v = fact_add_item(&h->trace.vcpus, &h->arena, sizeof(*v));

	assert_non_null(v);
	return v;
}

static struct trace_unit *add_unit(struct host *h, struct trace_vcpu *v, uint64_t rep,
				   uint64_t known_ns, const struct hist_bins *outages)
{
	struct trace_unit *u = fact_add_item(&v->units, &h->arena, sizeof(*u));

	assert_non_null(u);
	fact_set_u64(&u->rep, rep);
	fact_set_u64(&u->known_ns, known_ns);
	fact_set_u64(&u->lost_ns, 0);
	fact_set_u64(&u->own_ns, 0);
	u->outages = (struct fact_hist){ outages != NULL, outages };
	return u;
}

static void blank(struct host *h, uint64_t rep_duration_ns)
{
	host_blank(h);
	fact_set_u64(&h->trace.rep_duration_ns, rep_duration_ns);
}

static void assert_values(const struct unit_values *v, const uint64_t *expected, size_t n)
{
	assert_int_equal(v->n, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(v->values[i], expected[i]);
}

/*
 * Sums by hand; buckets below 256 ns are exact. Of 1 000 000 ns, 1000 are beyond p99.9: the x with
 * sum over g > x of (g - x) = 1000.
 */
static void test_gap_by_hand(void **state)
{
	static const struct {
		const char *what;
		uint64_t known_ns, x;
		size_t n;
		uint64_t values[10];
	} rows[] = {
		{ "5000 - x = 1000", 1000000, 4000, 1, { 5000 } },
		{ "100 is not beyond", 1000000, 4000, 2, { 5000, 100 } },
		{ "2500 - 10x = 1000",
		  1000000,
		  150,
		  10,
		  { 250, 250, 250, 250, 250, 250, 250, 250, 250, 250 } },
		{ "1250 - 5x = 1000 has no x above 200: 2250 - 10x = 1000",
		  1000000,
		  125,
		  10,
		  { 250, 250, 250, 250, 250, 200, 200, 200, 200, 200 } },
		{ "1250 - 5x = 1000 at the next size",
		  1000000,
		  50,
		  6,
		  { 250, 250, 250, 250, 250, 50 } },
		{ "less than 1 - q waits", 1000000, 0, 3, { 250, 250, 250 } },
		{ "exactly 1 - q waits", 1000000, 0, 4, { 250, 250, 250, 250 } },
		{ "half of the time: 5000 - x = 500", 500000, 4500, 1, { 5000 } },
		{ "nothing waits", 1000000, 0, 0, { 0 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		static struct host h;
		auto_unit_values struct unit_values v = { 0 };

		blank(&h, 1000000);
		add_unit(&h, add_vcpu(&h), 0, rows[i].known_ns,
			 bins_of(&h, rows[i].values, rows[i].n));
		print_message("%s\n", rows[i].what);
		assert_int_equal(unit_values_guest_gap(&h, P999, &v), 0);
		assert_values(&v, &rows[i].x, 1);
		assert_int_equal(v.offset, 500);
		arena_release(&h.arena);
	}
}

/* The vCPUs of a repetition are one: 2 x 1 000 000 ns, so 2000 = 5000 - x. */
static void test_vcpus_together(void **state)
{
	static struct host h;
	auto_unit_values struct unit_values gap = { 0 }, lost = { 0 };
	struct trace_vcpu *v;
	struct trace_unit *u;

	(void)state;
	blank(&h, 1000000);
	add_vcpu(&h);
	add_vcpu(&h);
	add_vcpu(&h); /* without a unit: it was never seen */
	v = h.trace.vcpus.v;
	u = add_unit(&h, &v[0], 1, 1000000, bins_of(&h, VALUES(5000)));
	fact_set_u64(&u->lost_ns, 7000);
	fact_set_u64(&u->own_ns, 1000);
	add_unit(&h, &v[0], 0, 1000000, bins_of(&h, NULL, 0));
	u = add_unit(&h, &v[1], 1, 1000000, bins_of(&h, NULL, 0));
	fact_set_u64(&u->lost_ns, 4000);
	fact_set_u64(&u->own_ns, 9000); /* more than lost: nothing */
	add_unit(&h, &v[1], 0, 1000000, bins_of(&h, VALUES(6000)));

	assert_int_equal(unit_values_guest_gap(&h, P999, &gap), 0);
	assert_values(&gap, VALUES(4000, 3000));
	assert_int_equal(gap.reps[0], 0);
	assert_int_equal(gap.reps[1], 1);
	assert_int_equal(unit_values_guest_lost(&h, &lost), 0);
	assert_values(&lost, VALUES(0, 3000)); /* 6000 of 2 000 000 */
	assert_int_equal(lost.offset, 0);
	arena_release(&h.arena);
}

/* Less than half of what the repetition of all vCPUs was does not count. */
static void test_half_known(void **state)
{
	static struct host h;
	auto_unit_values struct unit_values v = { 0 };
	struct trace_vcpu *vcpu;

	(void)state;
	blank(&h, 1000000);
	add_vcpu(&h);
	add_vcpu(&h);
	vcpu = h.trace.vcpus.v;
	add_unit(&h, &vcpu[0], 0, 1000000, bins_of(&h, NULL, 0)); /* alone: half */
	add_unit(&h, &vcpu[0], 1, 999999, bins_of(&h, NULL, 0));
	add_unit(&h, &vcpu[0], 2, 500000, bins_of(&h, NULL, 0));
	add_unit(&h, &vcpu[1], 2, 500000, bins_of(&h, NULL, 0));
	add_unit(&h, &vcpu[1], 3, 0, bins_of(&h, NULL, 0));
	assert_int_equal(unit_values_guest_lost(&h, &v), 0);
	assert_values(&v, VALUES(0, 0));
	assert_int_equal(v.reps[1], 2);
	arena_release(&h.arena);
}

static void test_no_trace(void **state)
{
	static const struct hist_bin bin = { 100, 7 };
	static const struct hist_bins unsound = { .n = 3000, .n_bins = 1, .bins = &bin };
	static struct host h;
	auto_unit_values struct unit_values v = { 0 };
	struct trace_vcpu *vcpu;
	struct trace_unit *u;

	(void)state;
	blank(&h, 1000000);
	assert_int_equal(unit_values_guest_gap(&h, P999, &v), -ENODATA);
	assert_int_equal(unit_values_guest_lost(&h, &v), -ENODATA);
	vcpu = add_vcpu(&h);
	assert_int_equal(unit_values_guest_lost(&h, &v), -ENODATA);
	u = add_unit(&h, vcpu, 0, 1000000, NULL);
	assert_int_equal(unit_values_guest_gap(&h, P999, &v), -ENODATA);
	u->lost_ns.known = false;
	assert_int_equal(unit_values_guest_lost(&h, &v), -ENODATA);
	u->outages = (struct fact_hist){ true, &unsound };
	assert_int_equal(unit_values_guest_gap(&h, P999, &v), -EBADMSG);
	u->outages.v = bins_of(&h, VALUES(5000));
	assert_int_equal(unit_values_guest_gap(&h, 1000000, &v), -ENODATA);
	h.trace.rep_duration_ns.v = 0;
	assert_int_equal(unit_values_guest_gap(&h, P999, &v), -ENODATA);
	h.trace.rep_duration_ns.known = false;
	assert_int_equal(unit_values_guest_gap(&h, P999, &v), -ENODATA);
	assert_null(v.values);
	arena_release(&h.arena);
}

/* What a stranger's file may claim neither wraps nor hangs. */
static void test_hostile_numbers(void **state)
{
	static const struct hist_bin bin = { HIST_N_BUCKETS - 1, UINT64_MAX };
	static const struct hist_bins vast = { UINT64_MAX, 5, UINT64_MAX, 0, 1, &bin };
	static struct host h;
	auto_unit_values struct unit_values gap = { 0 }, lost = { 0 };
	struct trace_unit *u;

	(void)state;
	blank(&h, 1);
	u = add_unit(&h, add_vcpu(&h), UINT64_MAX, 1, &vast);
	u->lost_ns.v = UINT64_MAX;
	assert_int_equal(unit_values_guest_gap(&h, P999, &gap), 0);
	assert_in_range(gap.values[0], UINT64_C(1) << 40, UINT64_C(1) << 41);
	assert_int_equal(unit_values_guest_lost(&h, &lost), 0);
	assert_values(&lost, VALUES(INT64_MAX));
	arena_release(&h.arena);
}

static void add_irq(struct host *h, struct activity_unit *u, uint64_t irq, const char *actions,
		    uint64_t cpu, uint64_t n)
{
	struct activity_irq *a = fact_add_item(&u->irqs, &h->arena, sizeof(*a));

	assert_non_null(a);
	fact_set_u64(&a->irq, irq);
	set_str(&a->actions, actions);
	assert_int_equal(fact_add_pair(&a->counts, &h->arena, cpu, n), 0);
}

static struct activity_unit *add_activity(struct host *h, uint64_t rep, uint64_t window_ns)
{
	struct activity_unit *u = fact_add_item(&h->activity.units, &h->arena, sizeof(*u));

	assert_non_null(u);
	fact_set_u64(&u->rep, rep);
	fact_set_u64(&u->window_ns, window_ns);
	u->irqs.known = true;
	return u;
}

static void test_irqs(void **state)
{
	static struct host h;
	auto_unit_values struct unit_values all = { 0 }, disk = { 0 }, gpu = { 0 }, none = { 0 };
	struct activity_unit *u;
	struct activity_irq *unnumbered;

	(void)state;
	host_blank(&h);
	assert_int_equal(unit_values_irq_rate(&h, NULL, &all), -ENODATA);
	host_set_guest_cpus(&h, "2-3", "0-1");
	assert_int_equal(unit_values_irq_rate(&h, NULL, &all), -ENODATA);
	u = add_activity(&h, 1, 20 * NS_PER_S);
	add_irq(&h, u, 30, "nvme0q3", 2, 100);
	add_irq(&h, u, 31, "nvme0q3", 3, 20);
	add_irq(&h, u, 31, "nvme0q3", 1, 5000); /* of the host */
	add_irq(&h, u, 32, "vfio-msix[0](0000:01:00.0)", 3, 60);
	add_irq(&h, u, 33, "eth0/rx", 3, 10);
	add_irq(&h, u, 0, "LOC", 3, 77);
	unnumbered = u->irqs.v;
	unnumbered[5].irq.known = false;
	add_activity(&h, 0, 19 * NS_PER_S); /* silent */
	add_activity(&h, 2, 3 * NS_PER_S);  /* cut short */
	add_activity(&h, 3, 0);

	assert_int_equal(unit_values_irq_rate(&h, NULL, &all), 0);
	assert_values(&all, VALUES(0, 6500)); /* 130 in 20 s */
	assert_int_equal(all.reps[1], 1);
	assert_int_equal(all.offset, 25); /* half of one in 20 s */
	assert_int_equal(unit_values_irq_rate(&h, "nvme0q3", &disk), 0);
	assert_values(&disk, VALUES(0, 6000));
	assert_int_equal(unit_values_irq_rate(&h, "vfio-msix[0](0000:01:00.0)", &gpu), 0);
	assert_values(&gpu, VALUES(0, 3000));
	assert_int_equal(unit_values_irq_rate(&h, "sda", &none), 0);
	assert_values(&none, VALUES(0, 0));
	arena_release(&h.arena);
}

static void add_gap(struct host *h, uint64_t rep, uint64_t cpu, uint64_t window_ns,
		    const struct hist_bins *hist)
{
	struct gap_unit *g = fact_add_item(&h->gap.units, &h->arena, sizeof(*g));

	assert_non_null(g);
	fact_set_u64(&g->rep, rep);
	fact_set_u64(&g->cpu, cpu);
	fact_set_u64(&g->window_ns, window_ns);
	g->hist = (struct fact_hist){ true, hist };
}

static void test_gap_lost(void **state)
{
	static struct host h;
	auto_unit_values struct unit_values v = { 0 };

	(void)state;
	host_blank(&h);
	assert_int_equal(unit_values_gap_lost(&h, &v), -ENODATA);
	add_gap(&h, 0, 2, 1000000, bins_of(&h, VALUES(1000, 2000)));
	add_gap(&h, 0, 3, 1000000, bins_of(&h, VALUES(5000)));
	add_gap(&h, 1, 2, 1000000, bins_of(&h, VALUES(9000))); /* one CPU of two */
	add_gap(&h, 2, 2, 0, bins_of(&h, VALUES(9000)));
	add_gap(&h, 2, 3, 0, bins_of(&h, VALUES(9000)));
	assert_int_equal(unit_values_gap_lost(&h, &v), 0);
	assert_values(&v, VALUES(4000)); /* 8000 of 2 000 000 */
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gap_by_hand), cmocka_unit_test(test_vcpus_together),
		cmocka_unit_test(test_half_known),  cmocka_unit_test(test_no_trace),
		cmocka_unit_test(test_irqs),        cmocka_unit_test(test_hostile_numbers),
		cmocka_unit_test(test_gap_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

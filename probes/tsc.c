/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tsc - what reading the clock costs, how true the TSC runs, and whether CPUs agree on it.
 *
 * Cost and order need a spinning thread, so they are left out on CPUs of a running guest
 * (--no-spin); the rate needs a look at the clock three times and is taken from a housekeeping CPU.
 */
#include "facts/tsc.h"

#include <string.h>

#include "probes/clock_cost.h"
#include "probes/pin.h"
#include "probes/probe.h"
#include "probes/stop.h"
#include "probes/tsc_rate.h"
#include "probes/tsc_read.h"
#include "probes/tsc_turns.h"

#define CLOCKSOURCE_PATH "/sys/devices/system/clocksource/clocksource0/current_clocksource"
#define STACK_SIZE       (256 * KIB)
#define PAIR_TRIES       200u
#define WINDOW_MIN_NS    NS_PER_S
#define WINDOW_MAX_NS    (24 * 3600 * NS_PER_S)
/* Of one pair of CPUs. The kernel spins for 2 ms or 20 ms. */
#define ORDER_NS       (10 * NS_PER_MS)
#define ORDER_TURNS    2000u
#define ORDER_LIMIT_NS (100 * NS_PER_MS)

struct tsc {
	struct probe_env *env;
	struct tsc_facts *facts;
	struct cpus wanted, spun; /* spun: wanted, and nothing forbids to spin there */
	bool is_interrupted;
};

static bool is_asked_to_end(struct tsc *t, uint64_t deadline_ns)
{
	enum stop_event e = t->is_interrupted ? STOP_ASKED : stop_wait(t->env->time, deadline_ns);

	t->is_interrupted = e == STOP_ASKED;
	return t->is_interrupted;
}

static int no_thread(struct tsc *t, const char *field, unsigned cpu, int error)
{
	if (error == -EINVAL)
		return probe_gap_words(t->env, field, "",
				       "CPU %u is offline or outside of this process' cpuset", cpu);
	return probe_gap_words(t->env, field, "", "no thread on CPU %u: %s", cpu, strerror(-error));
}

struct cost_job {
	struct hist hist;
	uint64_t n_per_value;
};

static void *cost_main(void *arg)
{
	struct cost_job *job = arg;

	clock_cost_measure(&job->hist, &job->n_per_value);
	return NULL;
}

static int add_cost(struct tsc *t, unsigned cpu, struct cost_job *job)
{
	struct arena *a = t->env->arena;
	struct tsc_cost *cost;
	pthread_t thread;
	int r = pin_thread_new(cpu, STACK_SIZE, cost_main, job, &thread);

	if (r < 0)
		return no_thread(t, "costs", cpu, r);
	pthread_join(thread, NULL);
	cost = fact_add_item(&t->facts->costs, a, sizeof(*cost));
	if (!cost)
		return -ENOMEM;
	fact_set_u64(&cost->cpu, cpu);
	fact_set_u64(&cost->n_per_value, job->n_per_value);
	cost->hist.v = hist_to_bins(&job->hist, a);
	cost->hist.known = true;
	if (!cost->hist.v)
		return -ENOMEM;
	return probe_read_str(t->env, &cost->clocksource, "costs.clocksource", CLOCKSOURCE_PATH);
}

static int measure_costs(struct tsc *t)
{
	auto_free struct cost_job *job = malloc(sizeof(*job));
	int r = job ? 0 : -ENOMEM;

	for (int c = cpus_next(&t->spun, 0); r == 0 && c >= 0;
	     c = cpus_next(&t->spun, (unsigned)c + 1)) {
		if (is_asked_to_end(t, 0))
			break;
		r = add_cost(t, (unsigned)c, job);
	}
	return r;
}

struct order_job {
	struct tsc_turns *turns;
	unsigned side;
};

static void *order_main(void *arg)
{
	const struct order_job *job = arg;

	tsc_turns_run(job->turns, job->side);
	return NULL;
}

static uint64_t read_tsc(void *self, unsigned side)
{
	(void)self;
	(void)side;
	return tsc_read();
}

static int take_turns(struct tsc *t, const unsigned cpus[2], struct tsc_turns *ret_turns)
{
	struct order_job jobs[2] = { { ret_turns, 0 }, { ret_turns, 1 } };
	pthread_t threads[2];
	int r;

	memset(ret_turns, 0, sizeof(*ret_turns));
	ret_turns->time = t->env->time;
	ret_turns->duration_ns = ORDER_NS;
	ret_turns->enough_turns = ORDER_TURNS;
	ret_turns->limit_ns = ORDER_LIMIT_NS;
	ret_turns->read = read_tsc;
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++) {
		r = pin_thread_new(cpus[i], STACK_SIZE, order_main, &jobs[i], &threads[i]);
		if (r == 0)
			continue;
		/* The first side, if it runs, gives up at its limit. */
		if (i == 1)
			pthread_join(threads[0], NULL);
		r = no_thread(t, "orders", cpus[i], r);
		return r < 0 ? r : 1;
	}
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++)
		pthread_join(threads[i], NULL);
	return 0;
}

/* max_backward_ns holds ticks until the rate is known. */
static int add_order(struct tsc *t, const unsigned cpus[2])
{
	/* Aligned to cache lines, which malloc() does not promise. */
	auto_free struct tsc_turns *turns = aligned_alloc(128, sizeof(*turns));
	const struct tsc_side *s = turns ? turns->sides : NULL;
	struct tsc_order *o;
	int r = turns ? take_turns(t, cpus, turns) : -ENOMEM;

	if (r != 0)
		return r < 0 ? r : 0;
	if (s[0].n_turns == 0 || s[1].n_turns == 0)
		return probe_gap_words(t->env, "orders", "",
				       "CPUs %u and %u did not run at the same time", cpus[0],
				       cpus[1]);
	o = fact_add_item(&t->facts->orders, t->env->arena, sizeof(*o));
	if (!o)
		return -ENOMEM;
	fact_set_u64(&o->cpu_a, cpus[0]);
	fact_set_u64(&o->cpu_b, cpus[1]);
	fact_set_u64(&o->n_turns, s[0].n_turns + s[1].n_turns);
	fact_set_u64(&o->n_backward, s[0].n_backward + s[1].n_backward);
	fact_set_u64(&o->max_backward_ns, u64_max(s[0].max_backward, s[1].max_backward));
	return 0;
}

static int measure_orders(struct tsc *t)
{
	const int first = cpus_next(&t->spun, 0);
	int r = 0;

	/* One CPU has nothing to differ from: no pairs, and no gap. */
	for (int c = first < 0 ? -1 : cpus_next(&t->spun, (unsigned)first + 1); r == 0 && c >= 0;
	     c = cpus_next(&t->spun, (unsigned)c + 1)) {
		if (is_asked_to_end(t, 0))
			break;
		r = add_order(t, (const unsigned[2]){ (unsigned)first, (unsigned)c });
	}
	return r;
}

static int note_not_spun(struct tsc *t)
{
	const struct cpus kept = cpus_and(&t->wanted, &t->env->spin_free);
	auto_free char *list = cpus_list_new(&kept);
	static const char *const fields[] = { "costs", "orders" };
	int r = list ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && !cpus_is_empty(&kept) && i < ARRAY_SIZE(fields); i++)
		r = probe_gap_words(t->env, fields[i], "", "not on CPUs %s: nothing may spin there",
				    list);
	return r;
}

static int set_rate(struct tsc *t, const struct tsc_pair pairs[3], size_t n_pairs)
{
	struct tsc_order *orders = t->facts->orders.v;
	struct tsc_rate rate = { 0 };
	int64_t drift_ppb;
	int r = n_pairs < 2 ? -ERANGE : tsc_rate_between(&pairs[0], &pairs[n_pairs - 1], &rate);

	for (size_t i = 0; i < t->facts->orders.n; i++) {
		struct fact_u64 *f = &orders[i].max_backward_ns;

		f->v = tsc_ticks_to_ns(f->v, rate.hz);
		f->known = r == 0;
	}
	if (r < 0)
		return probe_gap_words(t->env, "rate_hz", "",
				       "the TSC or CLOCK_MONOTONIC_RAW did "
				       "not move forward");
	fact_set_u64(&t->facts->rate_hz, rate.hz);
	fact_set_u64(&t->facts->rate_error_ppb, rate.error_ppb);
	fact_set_u64(&t->facts->window_ns, rate.window_ns);
	if (n_pairs < 3)
		return 0;
	if (tsc_drift_ppb(&pairs[0], &pairs[1], &pairs[2], &drift_ppb) == 0)
		fact_set_i64(&t->facts->drift_ppb, drift_ppb);
	return 0;
}

static int note_interrupted(struct tsc *t)
{
	if (!t->is_interrupted)
		return 0;
	t->env->reason = "interrupted";
	return probe_gap_words(t->env, "window_ns", "", "interrupted");
}

static int measure_all(struct tsc *t, uint64_t window_ns)
{
	const struct tsc_clocks clocks = tsc_clocks_real();
	const uint64_t started_ns = timebase_now(t->env->time);
	struct tsc_pair pairs[3];
	size_t n_pairs = 0;
	uint64_t middle_ns;
	int r;

	pairs[n_pairs++] = tsc_pair_take(&clocks, PAIR_TRIES);
	t->facts->costs.known = t->facts->orders.known = true;
	if ((r = note_not_spun(t)) < 0 || (r = measure_costs(t)) < 0 || (r = measure_orders(t)) < 0)
		return r;
	if (!is_asked_to_end(t, started_ns + window_ns / 2))
		pairs[n_pairs++] = tsc_pair_take(&clocks, PAIR_TRIES);
	/* With many CPUs the above can take longer than half the window: the halves stay alike. */
	middle_ns = timebase_now(t->env->time);
	is_asked_to_end(t, u64_max(started_ns + window_ns, 2 * middle_ns - started_ns));
	pairs[n_pairs++] = tsc_pair_take(&clocks, PAIR_TRIES);
	r = set_rate(t, pairs, n_pairs);
	return r < 0 ? r : note_interrupted(t);
}

/* To one CPU, so that the rate is that of one counter: a housekeeping one where there is one. */
static int choose_cpus(struct tsc *t)
{
	struct cpus own = { 0 }, one = { 0 }, online = { 0 };
	int r = pin_get(0, &own), c;

	if (r < 0)
		return probe_fail(t->env, "sched_getaffinity(2): %s", strerror(-r));
	t->wanted = cpus_is_empty(&t->env->cpus) ? own : t->env->cpus;
	t->spun = cpus_minus(&t->wanted, &t->env->spin_free);
	if (sysroot_read_list(t->env->root, &online, "/sys/devices/system/cpu/online") < 0)
		online = own;
	/* No other CPU: three looks at the clock do no harm on a measured one. */
	r = pin_off(&t->wanted, &online);
	if (r == -ENOSPC)
		r = pin_off(&t->env->spin_free, &online);
	if (r == 0 || r == -ENOSPC)
		r = pin_get(0, &own);
	c = cpus_next(&own, 0);
	if (r == 0 && c >= 0) {
		cpus_add(&one, (unsigned)c);
		r = pin_self(&one);
	}
	return r < 0 ? probe_gap(t->env, "rate_hz", "sched_setaffinity(2)", r) : 0;
}

static int measure(struct probe_env *env, void *facts)
{
	struct tsc t = { .env = env, .facts = facts };
	uint64_t window_ns;
	int r;

	if (__builtin_mul_overflow(env->rep_duration_ns, env->n_reps, &window_ns) ||
	    window_ns > WINDOW_MAX_NS)
		return probe_fail(env, "--rep-duration times --reps must be at most 24h");
	if ((r = stop_watch()) < 0 || (r = choose_cpus(&t)) < 0)
		return r;
	return env->is_failed ? 0 : measure_all(&t, u64_max(window_ns, WINDOW_MIN_NS));
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "tsc", measure);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/study_host.h"

#include <string.h>

/* 20 s at 500 a second: 20000 wake-ups of both CPUs, which p99.9 needs. */
enum { N_WAKES = 10000, N_OUTAGES = 400, FIRST_CPU = 2 };

#define REP_NS (20 * NS_PER_S)

void study_machine_init(struct study_machine *m)
{
	static const struct noise_model wake = { .base_ns = 5000,
						 .sd = 0.3,
						 .sd_rep = 0.08,
						 .p_tick = 0.02,
						 .tick_ns = 15000,
						 .p_burst = 0.004,
						 .n_burst = 2,
						 .burst_ns = 80000,
						 .p_smi = 1e-5,
						 .smi_ns = 150000 };
	static const struct noise_model outage = { .base_ns = 60000,
						   .sd = 0.8,
						   .sd_rep = 0.08,
						   .p_burst = 0.02,
						   .n_burst = 3,
						   .burst_ns = 200000 };

	noise_init(&m->wake, &wake);
	noise_init(&m->outage, &outage);
	m->irqs_per_rep = 300;
}

static int put_hist(struct fact_hist *out, const struct hist *h, struct arena *a)
{
	*out = (struct fact_hist){ true, hist_to_bins(h, a) };
	return out->v ? 0 : -ENOMEM;
}

static int add_wake(struct host *h, const struct study_machine *m, double session, double ratio,
		    uint64_t rep, struct hist *hist, struct stats_random *r)
{
	for (uint64_t cpu = 0; cpu < STUDY_HOST_CPUS; cpu++) {
		struct wake_unit *u = fact_add_item(&h->wake.units, &h->arena, sizeof(*u));

		if (!u)
			return -ENOMEM;
		hist_init(hist);
		noise_record(r, &m->wake, session, ratio, N_WAKES, hist);
		fact_set_u64(&u->rep, rep);
		fact_set_u64(&u->cpu, FIRST_CPU + cpu);
		/* None is late by a whole interval: both are the same. */
		if (put_hist(&u->hist, hist, &h->arena) < 0)
			return -ENOMEM;
		u->hist_corrected = u->hist;
	}
	return 0;
}

static int add_trace(struct host *h, const struct study_machine *m, double session, double ratio,
		     uint64_t rep, struct hist *hist, struct stats_random *r)
{
	struct trace_vcpu *vcpus = h->trace.vcpus.v;

	for (size_t i = 0; i < h->trace.vcpus.n; i++) {
		struct trace_unit *u = fact_add_item(&vcpus[i].units, &h->arena, sizeof(*u));

		if (!u)
			return -ENOMEM;
		hist_init(hist);
		noise_record(r, &m->outage, session * ratio, 1, N_OUTAGES, hist);
		fact_set_u64(&u->rep, rep);
		fact_set_u64(&u->known_ns, REP_NS);
		fact_set_u64(&u->lost_ns, hist->sum_ns);
		fact_set_u64(&u->own_ns, 0);
		if (put_hist(&u->outages, hist, &h->arena) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int add_irqs(struct host *h, const struct study_machine *m, double session, double ratio,
		    uint64_t rep, struct stats_random *r)
{
	struct activity_unit *u = fact_add_item(&h->activity.units, &h->arena, sizeof(*u));
	struct activity_irq *irq = u ? fact_add_item(&u->irqs, &h->arena, sizeof(*irq)) : NULL;

	if (!irq)
		return -ENOMEM;
	fact_set_u64(&u->rep, rep);
	fact_set_u64(&u->window_ns, REP_NS);
	fact_set_u64(&irq->irq, 131);
	for (uint64_t cpu = 0; cpu < STUDY_HOST_CPUS; cpu++) {
		const double mean = m->irqs_per_rep * session * ratio;
		/* Near to Poisson. */
		const double n = fmax(0, round(mean + sqrt(mean) * noise_normal(r)));

		if (fact_add_pair(&irq->counts, &h->arena, FIRST_CPU + cpu, (uint64_t)n) < 0)
			return -ENOMEM;
	}
	return fact_set_str(&irq->actions, &h->arena, "nvme0q1") < 0 ||
			       fact_set_str(&irq->label, &h->arena, "131") < 0
		       ? -ENOMEM
		       : 0;
}

static int prepare(struct host *h)
{
	struct cpus guest;
	int r = cpus_parse_list(text_of("2-3"), &guest);

	if (r < 0)
		return r;
	fact_set_cpus(&h->cpus.guest, &guest);
	fact_set_u64(&h->wake.rep_duration_ns, REP_NS);
	fact_set_u64(&h->wake.interval_ns, 2 * NS_PER_MS);
	fact_set_u64(&h->trace.rep_duration_ns, REP_NS);
	h->activity.irqs.known = true;
	h->trace.vcpus.known = true;
	for (size_t i = 0; i < STUDY_HOST_CPUS; i++) {
		if (!fact_add_item(&h->trace.vcpus, &h->arena, sizeof(struct trace_vcpu)))
			return -ENOMEM;
	}
	return fact_set_str(&h->trace.rung, &h->arena, "tracefs");
}

int study_host(struct host *h, const struct study_machine *m, double ratio, struct stats_random *r)
{
	auto_free struct hist *hist = malloc(sizeof(*hist));
	const double session = noise_session(&m->wake, r);
	int ret = hist ? prepare(h) : -ENOMEM;

	for (uint64_t rep = 0; rep < STUDY_HOST_REPS && ret == 0; rep++) {
		ret = add_wake(h, m, session, ratio, rep, hist, r);
		if (ret == 0)
			ret = add_trace(h, m, session, ratio, rep, hist, r);
		if (ret == 0)
			ret = add_irqs(h, m, session, ratio, rep, r);
	}
	return ret;
}

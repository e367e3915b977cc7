/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/record_parts.h"

#include <string.h>

#include "analyze/blame.h"
#include "analyze/guest_config.h"

int record_copy_str(struct fact_str *to, struct arena *a, const struct fact_str *from)
{
	return from->known ? fact_set_str(to, a, from->v) : 0;
}

int record_copy_strs(struct fact_strs *to, struct arena *a, const struct fact_strs *from)
{
	int r = 0;

	to->known = from->known;
	for (size_t i = 0; i < from->n && r == 0; i++)
		r = fact_add_str(to, a, from->v[i]);
	return r;
}

void record_fingerprint(const struct host *h, struct fingerprint_facts *f)
{
	const struct wake_facts *w = &h->wake;

	*f = (struct fingerprint_facts){
		.cpu_model = h->identity.cpu_model.known ? h->identity.cpu_model : h->cpu.model,
		.arch = h->identity.arch,
		.is_virtual =
			h->identity.is_virtual.known ? h->identity.is_virtual : h->cpu.is_virtual,
		.guest_kind = h->guestref.kind,
		.rep_duration_ns = w->rep_duration_ns,
		.wake_interval_ns = w->interval_ns,
		.wake_policy = w->policy,
		.is_dma_latency_held = w->is_dma_latency_held,
		.is_emulated = h->exits.is_emulated,
		.trace_rung = h->trace.rung,
	};
	/* The wake probe is what a run puts on the guest's CPUs; a passive one has no such probe.
	 */
	if (w->units.known)
		fact_set_bool(&f->is_passive, false);
	else if (h->activity.window_ns.known && !strcmp(host_probe(h, "wake")->status, "absent"))
		fact_set_bool(&f->is_passive, true);
	if (!f->is_emulated.known && host_runs_domain(h) && guest_is_emulated(h))
		fact_set_bool(&f->is_emulated, true);
}

void record_measured_cpus(const struct host *h, struct fact_cpus *ret_cpus)
{
	const struct wake_unit *u = h->wake.units.v;
	struct cpus timed = { { 0 } };

	for (size_t i = 0; i < h->wake.units.n; i++) {
		if (u[i].cpu.known && u[i].cpu.v < CPUS_MAX)
			cpus_add(&timed, (unsigned)u[i].cpu.v);
	}
	if (cpus_is_empty(&timed))
		*ret_cpus = h->cpus.measured.known ? h->cpus.measured : h->cpus.guest;
	else
		fact_set_cpus(ret_cpus, &timed);
}

static uint64_t share_ppm(uint64_t part_ns, uint64_t whole_ns)
{
	if (!whole_ns)
		return 0;
	if (part_ns >= whole_ns)
		return 1000000;
	return part_ns <= UINT64_MAX / 1000000 ? part_ns * 1000000 / whole_ns
					       : part_ns / (whole_ns / 1000000);
}

int record_culprits(const struct host *h, struct arena *a, struct record_facts *record)
{
	const struct trace_culprit *from = h->trace.culprits.v;
	const uint64_t known_ns = blame_time(h, NULL).known_ns;
	const size_t n =
		h->trace.culprits.n < BLAME_CULPRITS_MAX ? h->trace.culprits.n : BLAME_CULPRITS_MAX;

	if (!blame_can_tell(h))
		return 0;
	record->culprits.known = true;
	for (size_t i = 0; i < n && record->culprits.n < RECORD_CULPRITS_MAX; i++) {
		struct record_culprit *to;
		int r;

		if (!blame_counts(&from[i]))
			continue;
		to = fact_add_item(&record->culprits, a, sizeof(*to));
		if (!to)
			return -ENOMEM;
		fact_set_u64(&to->share_ppm, share_ppm(from[i].total_ns.v, known_ns));
		r = record_copy_str(&to->class, a, &from[i].class);
		if (r == 0)
			r = record_copy_str(&to->name, a, &from[i].name);
		if (r == 0)
			r = record_copy_strs(&to->rows, a, &from[i].rows);
		if (r < 0)
			return r;
	}
	return 0;
}

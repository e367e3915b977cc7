/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/crew.h"

#include "analyze/engine.h"
#include "analyze/measures.h"

/* More than this part of the run on the vCPUs' CPUs is felt. */
#define FELT_PERMILLE 1

/* The threads of one crew that may run on CPUs of vCPUs, and what this run saw of them there. */
struct intrusion {
	size_t n;           /* threads of the crew */
	size_t n_able;      /* of these: allowed on such CPUs */
	struct cpus shared; /* these CPUs */
	struct cpus seen;   /* those on which they were seen */
	uint64_t run_ns;    /* on these CPUs, from samples */
	bool is_measured;
};

/* Time on CPUs of the set: the run time, shared out by where samples saw the thread. */
static uint64_t run_on(const struct activity_thread *a, const struct cpus *set, struct cpus *seen)
{
	uint64_t n = 0, n_on = 0;

	for (size_t i = 0; i < a->seen_on.n; i++) {
		const struct fact_pair *s = &a->seen_on.v[i];

		n += s->value;
		if (s->key >= CPUS_MAX || !s->value || !cpus_has(set, (unsigned)s->key))
			continue;
		n_on += s->value;
		cpus_add(seen, (unsigned)s->key);
	}
	/* Samples are some thousands, run times below 2^50 ns. */
	return n ? a->run_ns.v / n * n_on + a->run_ns.v % n * n_on / n : 0;
}

static void look_at(const struct host *h, const struct placement *p, const struct guest_thread *t,
		    struct intrusion *in, struct finding *out)
{
	const struct cpus shared = cpus_and(&t->affinity.v, &p->pinned);
	const struct activity_thread *a = t->tid.known ? activity_of_thread(h, t->tid.v) : NULL;
	struct cpus seen = { { 0 } };
	const char *measured = "";
	uint64_t run_ns = 0;

	in->n++;
	in->is_measured |= a != NULL;
	if (cpus_is_empty(&shared))
		return;
	in->shared = cpus_or(&in->shared, &shared);
	if (a && a->run_ns.known) {
		run_ns = run_on(a, &p->pinned, &seen);
		in->run_ns += run_ns;
		if (run_ns) {
			in->seen = cpus_or(&in->seen, &seen);
			measured = finding_text(out, ", ran about %s on %s", pin_time(out, run_ns),
						pin_cpus(out, &seen));
		}
	}
	if (in->n_able++ < PIN_ITEMS_MAX)
		finding_item(out, "thread %llu (%s) may run on CPUs %s%s",
			     (unsigned long long)t->tid.v, t->comm.known ? t->comm.v : "no name",
			     finding_cpus(out, &t->affinity.v), measured);
}

static void look(const struct host *h, const struct placement *p, const struct crew *crew,
		 struct intrusion *in, struct finding *out)
{
	const struct guest_thread *t = h->running->threads.v;

	for (size_t i = 0; i < h->running->threads.n; i++) {
		if (t[i].affinity.known && crew->has(&t[i]))
			look_at(h, p, &t[i], in, out);
	}
}

const char *crew_taskset(const struct host *h, const struct placement *p, const struct crew *crew,
			 const char *list, struct finding *out)
{
	const struct guest_thread *t = h->running->threads.v;
	auto_free char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);

	for (size_t i = 0; to && i < h->running->threads.n; i++) {
		auto_free char *old = NULL;

		if (!t[i].affinity.known || !t[i].tid.known || !crew->has(&t[i]) ||
		    !cpus_intersects(&t[i].affinity.v, &p->pinned))
			continue;
		if (!list)
			old = cpus_list_new(&t[i].affinity.v);
		fprintf(to, "%ssudo taskset -pc %s %llu", ftell(to) > 0 ? "\n" : "",
			list ? list : (old ? old : "?"), (unsigned long long)t[i].tid.v);
	}
	if (!to || fclose(to) == EOF) {
		out->is_out_of_memory = true;
		return "";
	}
	return finding_text(out, "%s", text);
}

const char *crew_old_list(const struct host *h, const struct placement *p, const struct crew *crew,
			  struct finding *out)
{
	const struct guest_thread *t = h->running->threads.v;

	for (size_t i = 0; i < h->running->threads.n; i++) {
		if (t[i].affinity.known && crew->has(&t[i]) &&
		    cpus_intersects(&t[i].affinity.v, &p->pinned))
			return finding_cpus(out, &t[i].affinity.v);
	}
	return "?";
}

bool crew_fill_housekeeping(const struct host *h, const struct placement *p, struct finding *out)
{
	const struct cpus set = placement_housekeeping(h, p);

	if (!cpus_is_empty(&set)) {
		finding_fill(out, "H", "%s", finding_cpus(out, &set));
		return true;
	}
	finding_change(out, CHANGE_XML, NULL);
	finding_fix(
		out, "",
		finding_text(out,
			     h->cpu.online.known
				     ? "No CPU is left: vCPUs are pinned to all of %s. Give the "
				       "guest fewer of them."
				     : "Choose CPUs that no vCPU is pinned to (not %s).",
			     finding_cpus(out, &p->pinned)),
		"");
	return false;
}

enum verdict crew_judge(const struct host *h, const struct placement *p, const struct crew *crew,
			struct finding *out)
{
	const uint64_t window_ns = host_window_ns(h);
	struct intrusion in = { 0 };
	const char *seen = "";

	look(h, p, crew, &in, out);
	if (!in.n) {
		finding_say(out, "%s are not among the threads that were seen.", crew->words);
		return VERDICT_UNKNOWN;
	}
	if (!in.n_able) {
		finding_say(out, "%s (%zu) stay off the vCPUs' CPUs %s.", crew->words, in.n,
			    finding_cpus(out, &p->pinned));
		return VERDICT_PASS;
	}
	if (in.is_measured && window_ns && pin_permille(in.run_ns, window_ns) >= FELT_PERMILLE) {
		finding_measured(out, pin_permille(in.run_ns, window_ns));
		finding_say(out,
			    "%s ran about %s of %s on %s, where vCPUs are pinned (%zu of %zu may).",
			    crew->words, pin_time(out, in.run_ns), pin_time(out, window_ns),
			    pin_cpus(out, &in.seen), in.n_able, in.n);
		return VERDICT_PROBLEM;
	}
	if (in.is_measured && window_ns)
		seen = finding_text(out, "; in this run they spent about %s there",
				    pin_time(out, in.run_ns));
	finding_say(out, "%s (%zu of %zu) may run on %s, where vCPUs are pinned%s.", crew->words,
		    in.n_able, in.n, pin_cpus(out, &in.shared), seen);
	return VERDICT_ADVICE;
}

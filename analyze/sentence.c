/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sentence.c - the sentence a report begins with; documented in analyze/engine.h. */
#include "analyze/blame.h"
#include "analyze/engine.h"
#include "analyze/measures.h"

/* Above this share the host below us, not this host's settings, made the tail. */
#define NOISY_STEAL_PERMILLE 10
/* A smaller part of what was lost is one of many. */
#define LARGE_PERMILLE 100

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* It is started in the middle of a run. */
static bool ended_before_guest(const struct host *h)
{
	return h->run.is_partial.known && h->run.is_partial.v && !h->activity.window_ns.known &&
	       !h->wake.units.n;
}

static const char *what_was_done(struct host *h)
{
	if (h->run.is_audit.known && h->run.is_audit.v)
		return "Settings only, nothing was measured";
	if (blame_is_recording(h))
		return "From a recording";
	if (fact_is(&h->guestref.kind, "qemu"))
		return arena_printf(&h->arena, "Measured while %s ran",
				    h->running && h->running->name.known ? h->running->name.v
									 : "the guest");
	if (fact_is(&h->guestref.kind, "builtin"))
		return ended_before_guest(h) ? "Measured before the built-in guest ran"
					     : "Measured while the built-in guest ran";
	return "Measured without a guest";
}

static const char *count_words(struct host *h, const struct findings *f)
{
	const size_t problems = f->n_by_verdict[VERDICT_PROBLEM];
	const size_t advice = f->n_by_verdict[VERDICT_ADVICE];

	if (blame_is_recording(h) && !blame_can_tell(h))
		return "it knows too little of the guest's time to tell what to mend";
	if (problems)
		return arena_printf(&h->arena, "%zu problem%s and %zu piece%s of advice; first: %s",
				    problems, plural(problems), advice, plural(advice),
				    f->v[0].tweak->id);
	if (advice)
		return arena_printf(&h->arena, "no problem, %zu piece%s of advice", advice,
				    plural(advice));
	/* What is in it may be too little to advise anything, though it took time. */
	if (blame_is_recording(h))
		return "no problem and no advice";
	/* Not even a rule that could pass: an empty tree, say. */
	if (!f->n_by_verdict[VERDICT_PASS] && f->n_by_verdict[VERDICT_UNKNOWN])
		return "nothing could be judged, for nothing that tells could be read";
	return "nothing to mend was found";
}

static const char *unknown_words(struct host *h, const struct findings *f)
{
	const size_t n = f->n_by_verdict[VERDICT_UNKNOWN];

	/* Of settings a recording answers none. */
	if (n == 0 || blame_is_recording(h))
		return "";
	return arena_printf(&h->arena, "; %zu question%s could not be answered", n, plural(n));
}

/* How far the numbers can be trusted: said first when it is not far. */
static const char *doubt(struct host *h)
{
	const char *end = measure_guest_end(h);
	uint64_t steal;

	if (h->run.is_partial.known && h->run.is_partial.v)
		return arena_printf(&h->arena, "Partial: %s. ",
				    h->run.reason.known ? h->run.reason.v : "ended early");
	if (end)
		return arena_printf(&h->arena, "T%s: what was measured later is without it. ",
				    end + 1);
	if (measure_steal_permille(h, &steal) && steal >= NOISY_STEAL_PERMILLE)
		return arena_printf(&h->arena,
				    "Latency numbers are inconclusive: the hypervisor below took "
				    "%llu.%llu %% of the measured time. ",
				    (unsigned long long)(steal / 10),
				    (unsigned long long)(steal % 10));
	return "";
}

static bool is_lost_time(const struct host *h, const struct trace_culprit *c, const void *arg)
{
	(void)h;
	(void)arg;
	return !c->via.known;
}

/* " on CPU 3": of the vCPU that lost most to it, where that had one CPU. */
static const char *where(const struct host *h, const struct trace_culprit *c, struct finding *out)
{
	const struct trace_vcpu *v = h->trace.vcpus.v, *most = NULL;
	uint64_t most_ns = 0;

	for (size_t i = 0; i < h->trace.vcpus.n; i++) {
		const struct trace_culprit *on = blame_on(&v[i], c);

		if (!on || on->total_ns.v <= most_ns)
			continue;
		most = &v[i];
		most_ns = on->total_ns.v;
	}
	if (!most || !most->cpus.known || cpus_count(&most->cpus.v) != 1)
		return "";
	return finding_text(out, " on CPU %s", finding_cpus(out, &most->cpus.v));
}

/* Who took the most; NULL: no memory. */
static const char *lost_words(struct host *h)
{
	struct finding out = { .arena = &h->arena };
	const struct blame_time t = blame_time(h, NULL);
	const char *lost, *most = "";
	struct blame b;

	if (!blame_can_tell(h))
		return "";
	lost = blame_percent(&out, t.lost_ns / u64_max((t.known_ns + t.untold_ns) / 1000, 1));
	if (t.lost_ns >= t.known_ns / 1000 && blame_some(h, is_lost_time, NULL, &b)) {
		const uint64_t permille =
			u64_min(b.most->total_ns.v / u64_max(t.lost_ns / 1000, 1), 1000);

		if (permille >= LARGE_PERMILLE)
			most = finding_text(&out, ", %s (%s) to %s%s",
					    permille >= 500 ? "most of it" : "the largest part",
					    blame_percent(&out, permille),
					    blame_name(h, b.most, &out), where(h, b.most, &out));
	}
	most = finding_text(&out, "; %s lost %s of its time%s",
			    blame_is_recording(h) ? "the guest" : "it", lost, most);
	return out.is_out_of_memory ? NULL : most;
}

const char *verdict_sentence(struct host *h, const struct findings *f)
{
	const char *first = doubt(h), *counts = count_words(h, f), *open = unknown_words(h, f);
	const char *done = what_was_done(h), *lost = lost_words(h);

	if (!first || !counts || !open || !done || !lost)
		return NULL;
	return arena_printf(&h->arena, "%s%s: %s%s%s.", first, done, counts, open, lost);
}

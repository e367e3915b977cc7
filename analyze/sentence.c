/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sentence.c - the sentence a report begins with; documented in analyze/engine.h. */
#include "analyze/engine.h"
#include "analyze/measures.h"

/* Above this share the host below us, not this host's settings, made the tail. */
#define NOISY_STEAL_PERMILLE 10

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static const char *what_was_done(struct host *h)
{
	if (h->run.is_audit.known && h->run.is_audit.v)
		return "Settings only, nothing was measured";
	if (fact_is(&h->guestref.kind, "qemu"))
		return "Measured while the guest ran";
	if (fact_is(&h->guestref.kind, "builtin"))
		return "Measured while the built-in guest ran";
	return "Measured without a guest";
}

static const char *count_words(struct host *h, const struct findings *f)
{
	const size_t problems = f->n_by_verdict[VERDICT_PROBLEM];
	const size_t advice = f->n_by_verdict[VERDICT_ADVICE];

	if (problems)
		return arena_printf(&h->arena, "%zu problem%s and %zu piece%s of advice; first: %s",
				    problems, plural(problems), advice, plural(advice),
				    f->v[0].tweak->id);
	if (advice)
		return arena_printf(&h->arena, "no problem, %zu piece%s of advice", advice,
				    plural(advice));
	return "nothing to mend was found";
}

static const char *unknown_words(struct host *h, const struct findings *f)
{
	const size_t n = f->n_by_verdict[VERDICT_UNKNOWN];

	if (n == 0)
		return "";
	return arena_printf(&h->arena, "; %zu question%s could not be answered", n, plural(n));
}

/* How far the numbers can be trusted: said first when it is not far. */
static const char *doubt(struct host *h)
{
	uint64_t steal;

	if (h->run.is_partial.known && h->run.is_partial.v)
		return arena_printf(&h->arena, "Partial: %s. ",
				    h->run.reason.known ? h->run.reason.v : "ended early");
	if (measure_steal_permille(h, &steal) && steal >= NOISY_STEAL_PERMILLE)
		return arena_printf(&h->arena,
				    "Latency numbers are inconclusive: the hypervisor below took "
				    "%llu.%llu %% of the measured time. ",
				    (unsigned long long)(steal / 10),
				    (unsigned long long)(steal % 10));
	return "";
}

const char *verdict_sentence(struct host *h, const struct findings *f)
{
	const char *first = doubt(h), *counts = count_words(h, f), *open = unknown_words(h, f);

	if (!first || !counts || !open)
		return NULL;
	return arena_printf(&h->arena, "%s%s: %s%s.", first, what_was_done(h), counts, open);
}

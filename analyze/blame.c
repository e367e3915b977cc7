/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/blame.h"

#include <string.h>

#include "analyze/measures.h"

typedef unsigned long long ull;

/* Above this share the hypervisor below stretches everything. */
#define NOISY_STEAL_PERMILLE 10

/* More than a trace holds: of a stranger's file the rest is not looked at. */
static size_t at_most(size_t n, size_t max)
{
	return n < max ? n : max;
}

static uint64_t add(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* Divided twice: a product of a stranger's numbers may wrap. */
static uint64_t permille_of(uint64_t part_ns, uint64_t whole_ns)
{
	return whole_ns < 1000 ? 0 : u64_min(part_ns / (whole_ns / 1000), 1000);
}

static uint64_t ppm_of(uint64_t part_ns, uint64_t whole_ns)
{
	return whole_ns < 1000000 ? 0 : u64_min(part_ns / (whole_ns / 1000000), 1000000);
}

static bool is_own(const struct trace_culprit *c)
{
	return fact_is(&c->class, "task") && c->name.known &&
	       !strncmp(c->name.v, "vfiobench", strlen("vfiobench"));
}

bool blame_counts(const struct trace_culprit *c)
{
	return c->class.known && c->name.known && c->n.known && c->total_ns.known && !is_own(c);
}

/* What a vCPU lost to the measurement itself. */
static uint64_t own_ns(const struct fact_list *culprits)
{
	const struct trace_culprit *c = culprits->v;
	uint64_t ns = 0;

	for (size_t i = 0; i < at_most(culprits->n, BLAME_CULPRITS_MAX); i++) {
		if (is_own(&c[i]) && !c[i].via.known)
			ns = add(ns, c[i].total_ns.v);
	}
	return ns;
}

static void add_states(const struct trace_vcpu *v, struct blame_time *t)
{
	const struct trace_states *s = v->states.v;
	uint64_t lost = 0, rest = 0, untold = 0;

	if (!s)
		return;
	const struct fact_u64 *taken[] = { &s->exit_ns,      &s->host_irq_ns, &s->softirq_ns,
					   &s->preempted_ns, &s->waiting_ns,  &s->qemu_ns,
					   &s->stopped_ns,   &s->residue_ns,  &s->blocked_ns };
	const struct fact_u64 *others[] = { &s->guest_ns, &s->running_ns, &s->halted_ns };

	for (size_t i = 0; i < ARRAY_SIZE(taken); i++)
		lost = add(lost, taken[i]->v);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		rest = add(rest, others[i]->v);
	untold = add(s->lost_ns.v, s->unknown_ns.v);
	t->known_ns = add(t->known_ns, add(lost, rest));
	t->lost_ns = add(t->lost_ns, lost - u64_min(lost, own_ns(&v->culprits)));
	t->untold_ns = add(t->untold_ns, untold);
}

struct blame_time blame_time(const struct host *h, const struct trace_vcpu *v)
{
	const struct trace_vcpu *all = h->trace.vcpus.v;
	struct blame_time t = { 0 };

	if (v) {
		add_states(v, &t);
		return t;
	}
	for (size_t i = 0; i < at_most(h->trace.vcpus.n, BLAME_VCPUS_MAX); i++)
		add_states(&all[i], &t);
	return t;
}

bool blame_is_recording(const struct host *h)
{
	return fact_is(&h->trace.rung, "recording");
}

/* So much of the time must be known. */
static uint64_t least_ns(const struct host *h)
{
	return (blame_is_recording(h) ? BLAME_PASTE_MS : BLAME_WINDOW_MS) * NS_PER_MS;
}

bool blame_can_tell(const struct host *h)
{
	struct blame_time t;

	if (!h->trace.culprits.known)
		return false;
	if (!blame_is_recording(h) &&
	    !(fact_is(&h->trace.rung, "tracefs") && host_has_running_guest(h)))
		return false;
	t = blame_time(h, NULL);
	return t.known_ns >= least_ns(h) && t.known_ns >= t.untold_ns;
}

bool blame_names_row(const struct host *h, const struct trace_culprit *c, const void *id)
{
	(void)h;
	for (size_t i = 0; i < c->rows.n; i++) {
		if (!strcmp(c->rows.v[i], id))
			return true;
	}
	return false;
}

static uint64_t total_on(const struct host *h, const struct trace_vcpu *v, blame_fn *is_meant,
			 const void *arg)
{
	const struct trace_culprit *c = v->culprits.v;
	uint64_t ns = 0;

	for (size_t i = 0; i < at_most(v->culprits.n, BLAME_CULPRITS_MAX); i++) {
		if (blame_counts(&c[i]) && (!is_meant || is_meant(h, &c[i], arg)))
			ns = add(ns, c[i].total_ns.v);
	}
	return ns;
}

static uint64_t worst_share(const struct host *h, blame_fn *is_meant, const void *arg)
{
	const struct trace_vcpu *v = h->trace.vcpus.v;
	uint64_t worst = 0;

	for (size_t i = 0; i < at_most(h->trace.vcpus.n, BLAME_VCPUS_MAX); i++) {
		const struct blame_time t = blame_time(h, &v[i]);

		/* Of a thread that was hardly seen a share says nothing. */
		if (t.known_ns < least_ns(h))
			continue;
		worst = u64_max(worst, ppm_of(total_on(h, &v[i], is_meant, arg), t.known_ns));
	}
	return worst;
}

/* Stretches of which such a culprit had the largest part. */
static bool is_by(const struct host *h, const struct trace_worst *w, blame_fn *is_meant,
		  const void *arg)
{
	const struct trace_culprit *c = h->trace.culprits.v;

	if (!w->class.known || !w->name.known || !w->duration_ns.known)
		return false;
	for (size_t i = 0; i < at_most(h->trace.culprits.n, BLAME_CULPRITS_MAX); i++) {
		if (blame_counts(&c[i]) && !c[i].via.known && !strcmp(c[i].class.v, w->class.v) &&
		    !strcmp(c[i].name.v, w->name.v))
			return !is_meant || is_meant(h, &c[i], arg);
	}
	return false;
}

static uint64_t longest_stretch(const struct host *h, blame_fn *is_meant, const void *arg)
{
	const struct trace_vcpu *v = h->trace.vcpus.v;
	uint64_t ns = 0;

	for (size_t i = 0; i < at_most(h->trace.vcpus.n, BLAME_VCPUS_MAX); i++) {
		const struct trace_worst *w = v[i].worst.v;

		for (size_t k = 0; k < at_most(v[i].worst.n, BLAME_WORST_MAX); k++) {
			if (w[k].duration_ns.v > ns && is_by(h, &w[k], is_meant, arg))
				ns = w[k].duration_ns.v;
		}
	}
	return ns;
}

bool blame_some(const struct host *h, blame_fn *is_meant, const void *arg, struct blame *ret_blame)
{
	const struct trace_culprit *c = h->trace.culprits.v;
	struct blame b = { 0 };
	struct blame_time t;
	uint64_t lost_ns = 0;

	if (!blame_can_tell(h))
		return false;
	for (size_t i = 0; i < at_most(h->trace.culprits.n, BLAME_CULPRITS_MAX); i++) {
		if (!blame_counts(&c[i]) || (is_meant && !is_meant(h, &c[i], arg)))
			continue;
		if (!b.most || c[i].total_ns.v > b.most->total_ns.v)
			b.most = &c[i];
		b.n_culprits++;
		b.n = add(b.n, c[i].n.v);
		b.total_ns = add(b.total_ns, c[i].total_ns.v);
		b.max_ns = u64_max(b.max_ns, c[i].max_ns.v);
		lost_ns = add(lost_ns, c[i].via.known ? 0 : c[i].total_ns.v);
	}
	if (!b.most)
		return false;
	t = blame_time(h, NULL);
	b.p99_ns = b.most->p99_ns;
	b.guest_permille = permille_of(b.total_ns, t.known_ns);
	b.lost_permille = permille_of(lost_ns, t.lost_ns);
	b.worst_ppm = worst_share(h, is_meant, arg);
	b.stretch_ns = longest_stretch(h, is_meant, arg);
	*ret_blame = b;
	return true;
}

bool blame_of(const struct host *h, const char *id, struct blame *ret_blame)
{
	return blame_some(h, blame_names_row, id, ret_blame);
}

/* Time that another hypervisor takes lengthens whatever it falls into. */
static bool is_stretched(const struct host *h)
{
	uint64_t permille;

	if (!h->cpu.is_virtual.known || !h->cpu.is_virtual.v)
		return false;
	return !measure_steal_permille(h, &permille) || permille >= NOISY_STEAL_PERMILLE;
}

bool blame_is_noticeable(const struct host *h, const struct blame *b)
{
	/* A short recording was cut where something was to be seen. */
	const bool has_shares = blame_time(h, NULL).known_ns >= BLAME_WINDOW_MS * NS_PER_MS;

	if (b->n < BLAME_OFTEN)
		return false;
	if (has_shares && b->worst_ppm >= BLAME_PPM)
		return true;
	return b->worst_ppm >= BLAME_LONG_PPM && b->max_ns >= BLAME_LONG_US * NS_PER_US &&
	       b->total_ns / 2 >= b->max_ns && !is_stretched(h);
}

const char *blame_ns(struct finding *out, uint64_t ns)
{
	static const struct {
		uint64_t ns;
		const char *name;
	} units[] = { { NS_PER_S, "s" }, { NS_PER_MS, "ms" }, { NS_PER_US, "us" } };

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		const uint64_t unit = units[i].ns, tenth = unit / 10;
		/* To the nearest, without a sum that could wrap. */
		const uint64_t tenths = ns / tenth + (ns % tenth >= tenth / 2);

		if (tenths >= 1000)
			return finding_text(out, "%llu %s",
					    (ull)(ns / unit + (ns % unit >= unit / 2)),
					    units[i].name);
		if (ns >= unit)
			return finding_text(out, "%llu.%llu %s", (ull)(tenths / 10),
					    (ull)(tenths % 10), units[i].name);
	}
	return finding_text(out, "%llu ns", (ull)ns);
}

const char *blame_longest(struct finding *out, const struct blame *b)
{
	const char *slice = finding_text(out, "the longest slice %s", blame_ns(out, b->max_ns));

	/* Steal and SMIs are told in sums. */
	if (!b->max_ns)
		return b->stretch_ns ? finding_text(out, "a stretch of up to %s",
						    blame_ns(out, b->stretch_ns))
				     : "how long each was is not known";
	if (b->stretch_ns <= b->max_ns)
		return slice;
	return finding_text(out, "%s, in a stretch of up to %s", slice,
			    blame_ns(out, b->stretch_ns));
}

const char *blame_percent(struct finding *out, uint64_t permille)
{
	if (permille >= 100)
		return finding_text(out, "%llu %%", (ull)((permille + 5) / 10));
	if (!permille)
		return "less than 0.1 %";
	return finding_text(out, "%llu.%llu %%", (ull)(permille / 10), (ull)(permille % 10));
}

/* The line of an interrupt that has this handler alone; NULL: none, or several. */
const struct irq_line *blame_line(const struct host *h, const char *handler)
{
	const struct irq_line *line = h->irq.lines.v, *found = NULL;

	for (size_t i = 0; i < at_most(h->irq.lines.n, BLAME_CULPRITS_MAX); i++) {
		if (!line[i].irq.known || !fact_is(&line[i].actions, handler))
			continue;
		if (found)
			return NULL;
		found = &line[i];
	}
	return found;
}

const char *blame_name(const struct host *h, const struct trace_culprit *c, struct finding *out)
{
	static const struct {
		const char *class, *words;
	} classes[] = {
		{ "task", "task " },
		{ "irq", "IRQ " },
		{ "vector", "interrupt " },
		{ "softirq", "softirq " },
		{ "nmi", "NMI " },
		{ "exit", "exits for " },
		{ "steal", "the hypervisor below: " },
	};
	const struct irq_line *line = fact_is(&c->class, "irq") ? blame_line(h, c->name.v) : NULL;

	if (line)
		return finding_text(out, "IRQ %llu %s", (ull)line->irq.v, c->name.v);
	for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
		if (fact_is(&c->class, classes[i].class))
			return finding_text(out, "%s%s", classes[i].words, c->name.v);
	}
	return c->name.v;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_pin_cores.c - do the guest's CPUs fit the cores and caches of the host? */
#include "analyze/pin.h"

/* A sibling that is this busy takes a good part of the core from the vCPU. */
#define BUSY_SIBLING_PERMILLE 100

/* How the pins of the guest lie on the cores of the host. */
struct fit {
	size_t n_split;        /* guest cores whose threads are on different host cores */
	size_t n_hidden;       /* host cores with several vCPUs that the guest takes for cores */
	size_t n_full, n_half; /* host cores of which the guest has all threads, or some */
	struct cpus siblings;  /* CPUs beside a vCPU that are left to the host */
	int busiest;           /* the sibling with most to do in this run; -1: not measured */
	uint64_t busy_permille;
};

static unsigned cpu_of(const struct vcpu_place *v)
{
	return (unsigned)cpus_next(&v->cpus, 0);
}

/* vCPUs i and i + 1 are threads of one guest core and pinned to different host cores. */
static bool is_split(const struct host *h, const struct placement *p, size_t i, uint64_t threads)
{
	const struct vcpu_place *a = &p->v[i], *b = &p->v[i + 1];
	const struct core_fact *x, *y;

	if (a->vcpu / threads != b->vcpu / threads || !a->is_pinned || !b->is_pinned)
		return false;
	x = cpu_core(&h->cpu, cpu_of(a));
	y = cpu_core(&h->cpu, cpu_of(b));
	return x && y && x != y;
}

static void count_split(const struct host *h, const struct placement *p, struct fit *f,
			struct finding *out)
{
	const uint64_t threads = h->domain.threads.known ? h->domain.threads.v : 0;

	for (size_t i = 0; threads > 1 && i + 1 < p->n; i++) {
		if (!is_split(h, p, i, threads))
			continue;
		if (f->n_split++ < PIN_ITEMS_MAX)
			finding_item(out,
				     "vCPUs %llu and %llu are one core to the guest, but CPUs %u "
				     "and %u are two",
				     (unsigned long long)p->v[i].vcpu,
				     (unsigned long long)p->v[i + 1].vcpu, cpu_of(&p->v[i]),
				     cpu_of(&p->v[i + 1]));
	}
}

static void count_cores(const struct host *h, const struct placement *p, struct fit *f,
			struct finding *out)
{
	const struct core_fact *core = h->cpu.cores.v;
	const bool takes_threads_for_cores = h->domain.threads.known && h->domain.threads.v == 1;

	for (size_t i = 0; i < h->cpu.cores.n; i++) {
		const struct cpus taken = cpus_and(&core[i].cpus.v, &p->pinned);
		struct cpus rest = cpus_minus(&core[i].cpus.v, &p->all);

		if (cpus_is_empty(&taken))
			continue;
		if (takes_threads_for_cores && cpus_count(&taken) > 1 &&
		    f->n_hidden++ < PIN_ITEMS_MAX)
			finding_item(out, "CPUs %s are one core, the guest takes them for %zu",
				     finding_cpus(out, &taken), cpus_count(&taken));
		if (cpus_is_empty(&rest)) {
			f->n_full++;
			continue;
		}
		f->n_half++;
		/* Nothing of the host runs on an isolated sibling. */
		if (h->cpu.isolated.known)
			rest = cpus_minus(&rest, &h->cpu.isolated.v);
		f->siblings = cpus_or(&f->siblings, &rest);
	}
}

static void find_busiest(const struct host *h, struct fit *f)
{
	const uint64_t window_ns = host_window_ns(h);

	f->busiest = -1;
	if (!window_ns || !h->activity.busy_ns.known)
		return;
	for (int c = cpus_next(&f->siblings, 0); c >= 0;
	     c = cpus_next(&f->siblings, (unsigned)c + 1)) {
		uint64_t ns = fact_pair_value(&h->activity.busy_ns, (uint64_t)c);

		if (f->busiest >= 0 && pin_permille(ns, window_ns) <= f->busy_permille)
			continue;
		f->busiest = c;
		f->busy_permille = pin_permille(ns, window_ns);
	}
}

/*
 * Siblings left to the host are noise beside a vCPU. One vCPU per core is a choice (the guide's
 * alternative without SMT) and bad only when the siblings were busy; with an odd number of vCPUs
 * one half core is left over.
 */
static bool has_noisy_siblings(const struct placement *p, const struct fit *f)
{
	if (cpus_is_empty(&f->siblings))
		return false;
	if (f->busiest >= 0 && f->busy_permille >= BUSY_SIBLING_PERMILLE)
		return true;
	return f->n_full && f->n_half > p->n_pinned % 2;
}

static void say_siblings(const struct fit *f, struct finding *out)
{
	const char *busy = "";

	if (f->busiest >= 0) {
		busy = finding_text(out, "; CPU %d was busy %llu %% of the time", f->busiest,
				    (unsigned long long)(f->busy_permille + 5) / 10);
		finding_measured(out, f->busy_permille / 2);
	}
	finding_say(out,
		    "%zu core%s shared with the host: %s run%s beside vCPUs on the same core%s.",
		    f->n_half, f->n_half == 1 ? " is" : "s are", pin_cpus(out, &f->siblings),
		    cpus_count(&f->siblings) == 1 ? "s" : "", busy);
}

static void say_fit(const struct fit *f, struct finding *out)
{
	if (!f->n_full)
		finding_say(out, "The pins fit the cores: each vCPU has a core, %zu in all.",
			    f->n_half);
	else
		finding_say(out, "The pins fit the cores: the guest has %zu whole core%s%s.",
			    f->n_full, f->n_full == 1 ? "" : "s",
			    f->n_half ? finding_text(out, " and one thread of %zu", f->n_half)
				      : "");
}

/* In the set the guest has, when that can be paired; else somewhere else. */
static void fix_siblings(const struct host *h, const struct placement *p, const struct fit *f,
			 struct finding *out)
{
	auto_free struct proposal *near = NULL, *any = NULL;
	bool is_near_good;
	int r = pin_propose(h, p, true, &near);

	is_near_good = r == 0 && (near->threads > 1 || !cpu_has_siblings(&h->cpu)) && !f->n_half;
	if (!is_near_good)
		r = pin_propose(h, p, false, &any);
	pin_fix(h, p, r, is_near_good ? near : any, out);
}

enum verdict pin_judge_smt(const struct host *h, struct finding *out)
{
	const struct placement *p = placement_of(h, out);
	struct fit f = { 0 };

	if (!p->n)
		return placement_says_nothing(p, out);
	if (!p->n_pinned) {
		finding_say(out, "The vCPUs are not pinned.");
		return VERDICT_NOT_APPLICABLE;
	}
	count_split(h, p, &f, out);
	count_cores(h, p, &f, out);
	find_busiest(h, &f);
	if (f.n_split) {
		finding_say(out,
			    "The guest has %llu threads per core, but %zu of its sibling pairs "
			    "%s on different cores of the host.",
			    (unsigned long long)h->domain.threads.v, f.n_split,
			    f.n_split == 1 ? "is" : "are");
	} else if (f.n_hidden) {
		finding_say(out,
			    "The guest is told one thread per core, but on %zu host core%s "
			    "several of its vCPUs are siblings.",
			    f.n_hidden, f.n_hidden == 1 ? "" : "s");
	} else if (has_noisy_siblings(p, &f)) {
		say_siblings(&f, out);
	} else if (!cpu_has_siblings(&h->cpu)) {
		finding_say(out, "The cores of this host have one thread each.");
		return VERDICT_NOT_APPLICABLE;
	} else {
		say_fit(&f, out);
		return VERDICT_PASS;
	}
	fix_siblings(h, p, &f, out);
	return VERDICT_ADVICE;
}

static size_t n_l3s(const struct host *h, const struct cpus *set, struct finding *out)
{
	const struct l3_fact *l3 = h->cpu.l3s.v;
	size_t n = 0;

	for (size_t i = 0; i < h->cpu.l3s.n; i++) {
		struct cpus shared = cpus_and(set, &l3[i].cpus.v);

		if (cpus_is_empty(&shared))
			continue;
		if (n++ < PIN_ITEMS_MAX)
			finding_item(out, "%s share an L3 cache of %llu MiB",
				     pin_cpus(out, &shared),
				     (unsigned long long)(l3[i].size_kib.v / 1024));
	}
	return n;
}

/* " (the L3 cache of CPUs 0-7 is larger, 96 MiB)" on hosts whose caches differ, or "". */
static const char *larger_l3(const struct host *h, const struct cpus *set, struct finding *out)
{
	const struct l3_fact *l3 = h->cpu.l3s.v, *largest = l3;
	uint64_t mine_kib = 0;

	for (size_t i = 0; i < h->cpu.l3s.n; i++) {
		if (cpus_intersects(set, &l3[i].cpus.v))
			mine_kib = l3[i].size_kib.v;
		if (l3[i].size_kib.v > largest->size_kib.v)
			largest = &l3[i];
	}
	if (!mine_kib || largest->size_kib.v <= mine_kib)
		return "";
	return finding_text(out, " (the one of CPUs %s is larger: %llu MiB)",
			    finding_cpus(out, &largest->cpus.v),
			    (unsigned long long)(largest->size_kib.v / 1024));
}

static enum verdict judge_span(const struct host *h, const struct placement *p,
			       const struct cpus *used, struct finding *out)
{
	const size_t n = n_l3s(h, used, out);
	auto_free struct proposal *prop = NULL;
	int r;

	if (n < 2) {
		finding_say(out, "The guest's CPUs (%s) share one L3 cache%s.",
			    finding_cpus(out, used), larger_l3(h, used, out));
		return VERDICT_PASS;
	}
	r = pin_propose(h, p, false, &prop);
	if (r < 0 || !prop->is_one_l3) {
		finding_say(out,
			    "The guest's CPUs (%s) span %zu L3 caches; none has room for %zu "
			    "vCPUs.",
			    finding_cpus(out, used), n, p->n);
		return VERDICT_PASS;
	}
	finding_say(out,
		    "The guest's CPUs (%s) span %zu L3 caches, but %zu vCPUs have room in one "
		    "(CPUs %s).",
		    finding_cpus(out, used), n, p->n, finding_cpus(out, &prop->guest));
	pin_fix(h, p, r, prop, out);
	return VERDICT_ADVICE;
}

enum verdict pin_judge_l3(const struct host *h, struct finding *out)
{
	const struct placement *p = placement_of(h, out);
	const struct cpus used = cpus_and(&p->all, &h->cpu.online.v);

	if (!p->n)
		return placement_says_nothing(p, out);
	if (h->cpu.l3s.n < 2) {
		finding_say(out, h->cpu.l3s.n ? "All CPUs share one L3 cache."
					      : "This host shows no L3 cache.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (cpus_is_empty(&used) || (p->n_pinned < p->n && cpus_equal(&used, &h->cpu.online.v))) {
		finding_say(out, "The vCPUs are not pinned.");
		return VERDICT_NOT_APPLICABLE;
	}
	return judge_span(h, p, &used, out);
}

bool pin_knows_share(const struct host *h, struct finding *out)
{
	if (placement_source(h) != PLACEMENT_NONE || host_knows_guest_cpus(h))
		return true;
	finding_say_open(out, "Which CPUs are the guest's is not known.");
	return false;
}

/* Whole cores that are left when all vCPUs run at once. vCPUs that float take cores they may use
 * and no other vCPU has, as few as their number needs. */
static size_t n_cores_left(const struct host *h, const struct placement *p, struct cpus *ret_left)
{
	const struct core_fact *core = h->cpu.cores.v;
	const struct cpus *fixed = p->source == PLACEMENT_NONE ? &h->cpus.guest.v : &p->pinned;
	size_t n_floating = p->n - p->n_pinned, n = 0;

	for (size_t i = 0; i < h->cpu.cores.n; i++) {
		const struct cpus *cpus = &core[i].cpus.v;
		const size_t n_threads = cpus_count(cpus);

		if (!n_threads || cpus_intersects(cpus, fixed))
			continue;
		if (n_floating && (cpus_is_empty(&p->all) || cpus_intersects(cpus, &p->all))) {
			n_floating -= n_threads < n_floating ? n_threads : n_floating;
			continue;
		}
		*ret_left = cpus_or(ret_left, cpus);
		n++;
	}
	return n;
}

/* A guest that takes no core for itself leaves none either; one of as many vCPUs as there are cores
 * is too large wherever it runs. */
static bool floats_everywhere(const struct host *h, const struct placement *p)
{
	return p->n && !p->n_pinned &&
	       (cpus_is_empty(&p->all) || cpus_is_subset(&h->cpu.online.v, &p->all));
}

enum verdict pin_judge_reserve(const struct host *h, struct finding *out)
{
	const struct placement *p = placement_of(h, out);
	struct cpus left = { { 0 } };
	size_t n;

	if (p->source != PLACEMENT_NONE && !p->n)
		return placement_says_nothing(p, out);
	n = n_cores_left(h, p, &left);
	if (n >= 2) {
		if (p->n == p->n_pinned)
			finding_say(out, "%zu whole cores are left to the host (%s).", n,
				    pin_cpus(out, &left));
		else
			finding_say(out,
				    "%zu whole cores are left to the host even when all %zu "
				    "vCPUs run.",
				    n, p->n);
		return VERDICT_PASS;
	}
	if (n == 1 && floats_everywhere(h, p)) {
		finding_say(out, "No vCPU is pinned: they and the host share all CPUs, and none is "
				 "reserved for either (see pin.vcpupin).");
		return VERDICT_NOT_APPLICABLE;
	}
	if (n == 1)
		finding_say(out,
			    "Only one whole core of %zu is left to the host (%s): its programs, "
			    "QEMU's own threads and interrupts share it.",
			    h->cpu.cores.n, pin_cpus(out, &left));
	else
		finding_say(out, "No core is left to the host: the guest takes all %zu.",
			    h->cpu.cores.n);
	pin_fix_fewer(h, p, out);
	return VERDICT_ADVICE;
}

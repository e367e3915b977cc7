/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules_pin_pileup.c - do vCPUs share one CPU while another one of theirs has nothing to do?
 *
 * The scheduler does not move threads between isolated CPUs: where a set of them is shared, threads
 * stay where they were woken first.
 */
#include "analyze/engine.h"
#include "analyze/pin.h"

/* A CPU that could take a vCPU: little to do. Where nothing is balanced, a busier one shows it too,
 * for there no thread would have been moved to it in any case. */
#define UNUSED_PERMILLE            250
#define UNUSED_UNBALANCED_PERMILLE 950
/* Waiting of this part of the run time is more than wake-ups explain. */
#define DELAY_PERMILLE_OF_RUN 200
/* Idle vCPUs wait a little too: below this part of the window it is nothing. */
#define DELAY_PERMILLE_OF_WINDOW 10

struct pile {
	struct cpus set;   /* the affinity they share */
	struct cpus vcpus; /* numbers of those that sit on one CPU */
	struct cpus group; /* numbers of all that share the set */
	unsigned cpu, unused_cpu;
	uint64_t run_ns, delay_ns; /* of vcpus */
	uint64_t unused_permille;  /* how busy the unused CPU was */
};

static unsigned number_of(const struct vcpu_place *v)
{
	return v->vcpu < CPUS_MAX ? (unsigned)v->vcpu : CPUS_MAX - 1;
}

/* CPUs between which no thread is moved by the scheduler. */
static struct cpus unbalanced(const struct host *h)
{
	struct cpus set = { { 0 } };

	if (h->cpu.isolated.known)
		set = h->cpu.isolated.v;
	if (h->cpu.unbalanced.known)
		set = cpus_or(&set, &h->cpu.unbalanced.v);
	return set;
}

/* The CPU on which more than half of the samples saw the thread; -1: none. */
static int home_of(const struct activity_thread *a)
{
	uint64_t n = 0;

	if (!a)
		return -1;
	for (size_t i = 0; i < a->seen_on.n; i++)
		n += a->seen_on.v[i].value;
	for (size_t i = 0; i < a->seen_on.n; i++) {
		const struct fact_pair *s = &a->seen_on.v[i];

		if (s->key < CPUS_MAX && s->value > n / 2)
			return (int)s->key;
	}
	return -1;
}

/* What the run saw of the vCPUs, in the order of the placement. */
struct sight {
	const struct activity_thread *activity; /* NULL: not measured */
	int home;                               /* -1: none */
};

struct view {
	const struct host *h;
	const struct placement *p;
	struct sight *sights;
	struct cpus loose; /* CPUs that are not balanced */
};

/* The least busy CPU of a set; -1: the set is empty. */
static int least_busy(const struct host *h, const struct cpus *set, uint64_t *ret_permille)
{
	int best = -1;

	for (int c = cpus_next(set, 0); c >= 0; c = cpus_next(set, (unsigned)c + 1)) {
		uint64_t busy = pin_permille(fact_pair_value(&h->activity.busy_ns, (uint64_t)c),
					     host_window_ns(h));

		if (best >= 0 && busy >= *ret_permille)
			continue;
		best = c;
		*ret_permille = busy;
	}
	return best;
}

/* Of the vCPUs that share a set, those whose home is that CPU. */
static void count_at_home(const struct view *v, struct pile *pile)
{
	for (size_t i = 0; i < v->p->n; i++) {
		const struct sight *s = &v->sights[i];

		if (s->home != (int)pile->cpu || !cpus_equal(&v->p->v[i].cpus, &pile->set))
			continue;
		cpus_add(&pile->vcpus, number_of(&v->p->v[i]));
		pile->run_ns += s->activity->run_ns.v;
		pile->delay_ns += s->activity->delay_ns.v;
	}
}

/* CPUs of a set that are online and no vCPU's home. */
static struct cpus free_of_homes(const struct view *v, const struct cpus *set)
{
	struct cpus rest = cpus_and(set, &v->h->cpu.online.v);

	for (size_t i = 0; i < v->p->n; i++) {
		if (v->sights[i].home >= 0)
			cpus_remove(&rest, (unsigned)v->sights[i].home);
	}
	return rest;
}

/* Whether the numbers of this run show a pile around the i-th vCPU. */
static bool is_piled(const struct view *v, size_t i, struct pile *ret_pile)
{
	const uint64_t window_ns = host_window_ns(v->h);
	struct pile pile = { .set = v->p->v[i].cpus };
	const uint64_t limit =
		cpus_is_subset(&pile.set, &v->loose) ? UNUSED_UNBALANCED_PERMILLE : UNUSED_PERMILLE;
	struct cpus rest;
	int unused;

	if (v->sights[i].home < 0 || !window_ns || !v->h->activity.busy_ns.known)
		return false;
	pile.cpu = (unsigned)v->sights[i].home;
	count_at_home(v, &pile);
	if (cpus_count(&pile.vcpus) < 2 || !pile.run_ns)
		return false;
	rest = free_of_homes(v, &pile.set);
	unused = least_busy(v->h, &rest, &pile.unused_permille);
	if (unused < 0 || pile.unused_permille > limit ||
	    pin_permille(pile.delay_ns, pile.run_ns) < DELAY_PERMILLE_OF_RUN ||
	    pin_permille(pile.delay_ns, window_ns) < DELAY_PERMILLE_OF_WINDOW)
		return false;
	pile.unused_cpu = (unsigned)unused;
	*ret_pile = pile;
	return true;
}

/* The vCPUs that share the set of the i-th one: more than one CPU, and known. */
static size_t n_sharing(const struct placement *p, size_t i, struct cpus *ret_numbers)
{
	struct cpus numbers = { { 0 } };
	size_t n = 0;

	if (cpus_count(&p->v[i].cpus) < 2)
		return 0;
	for (size_t k = 0; k < p->n; k++) {
		if (cpus_equal(&p->v[k].cpus, &p->v[i].cpus)) {
			cpus_add(&numbers, number_of(&p->v[k]));
			n++;
		}
	}
	*ret_numbers = numbers;
	return n;
}

/* Each vCPU of the group to a CPU of its own in the set they share; all others as they are. */
static void fix_within(const struct host *h, const struct placement *p, const struct pile *pile,
		       struct finding *out)
{
	struct placement part = { .source = p->source };
	auto_free struct vcpu_place *v = calloc(p->n, sizeof(*v));
	auto_free struct proposal *prop = NULL;
	struct propose_wish wish = { .within = &pile->set };
	int r = v ? 0 : -ENOMEM;

	part.v = v;
	for (size_t i = 0; v && i < p->n; i++) {
		if (cpus_equal(&p->v[i].cpus, &pile->set))
			part.v[part.n++] = p->v[i];
	}
	part.all = pile->set;
	wish.n_vcpus = part.n;
	if (r == 0)
		r = propose_pins(&h->cpu, &wish, &prop);
	pin_fix_part(h, &part, r, prop, out);
}

static enum verdict say_pile(const struct host *h, const struct placement *p,
			     const struct pile *pile, struct finding *out)
{
	const uint64_t n = cpus_count(&pile->vcpus);

	finding_measured(out, pin_permille(pile->delay_ns, host_window_ns(h)) / n);
	finding_say(out,
		    "%s share CPUs %s, but sat together on CPU %u: they ran %s and waited %s, "
		    "while CPU %u was busy %llu %% of the time.",
		    pin_vcpus(out, &pile->vcpus), finding_cpus(out, &pile->set), pile->cpu,
		    pin_time(out, pile->run_ns), pin_time(out, pile->delay_ns), pile->unused_cpu,
		    (unsigned long long)(pile->unused_permille + 5) / 10);
	fix_within(h, p, pile, out);
	return VERDICT_PROBLEM;
}

static enum verdict say_shared(const struct host *h, const struct placement *p,
			       const struct pile *pile, struct finding *out)
{
	finding_say(out,
		    "%s share CPUs %s, between which the scheduler moves no thread: they can pile "
		    "up on one of them.",
		    pin_vcpus(out, &pile->group), finding_cpus(out, &pile->set));
	fix_within(h, p, pile, out);
	return VERDICT_ADVICE;
}

static enum verdict judge_groups(const struct view *v, struct finding *out)
{
	const struct placement *p = v->p;
	struct pile pile = { 0 }, shared = { 0 };
	bool has_shared = false, has_loose = false;

	for (size_t i = 0; i < p->n; i++) {
		struct cpus numbers;

		if (n_sharing(p, i, &numbers) < 2)
			continue;
		has_shared = true;
		if (is_piled(v, i, &pile))
			return say_pile(v->h, p, &pile, out);
		if (!has_loose && cpus_is_subset(&p->v[i].cpus, &v->loose)) {
			shared = (struct pile){ .set = p->v[i].cpus, .group = numbers };
			has_loose = true;
		}
	}
	if (has_loose)
		return say_shared(v->h, p, &shared, out);
	if (has_shared)
		finding_say(out, "vCPUs share CPUs that the scheduler keeps balanced.");
	else
		finding_say(out, "No two vCPUs share a set of CPUs.");
	return VERDICT_PASS;
}

enum verdict pin_judge_pileup(const struct host *h, struct finding *out)
{
	struct view v = { .h = h, .p = placement_of(h, out), .loose = unbalanced(h) };
	auto_free struct sight *sights = NULL;

	if (!v.p->n)
		return placement_says_nothing(v.p, out);
	sights = calloc(v.p->n, sizeof(*sights));
	if (!sights) {
		out->is_out_of_memory = true;
		return VERDICT_UNKNOWN;
	}
	for (size_t i = 0; i < v.p->n; i++) {
		sights[i].activity = placement_activity(h, &v.p->v[i]);
		sights[i].home = home_of(sights[i].activity);
	}
	v.sights = sights;
	return judge_groups(&v, out);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/propose.h"

#include <string.h>

/* Larger hosts are looked at up to here: the search takes the square of it. */
#define CORES_MAX 1024u

struct slot { /* a core that could be given to the guest */
	const struct core_fact *core;
	struct cpus cpus; /* its threads that may be used */
	size_t n_threads;
	bool has_first; /* the core of the first CPU */
	bool is_node_wanted;
};

enum level { LEVEL_L3, LEVEL_NODE, LEVEL_PACKAGE, LEVEL_ALL, N_LEVELS };

struct search {
	const struct cpu_facts *cpu;
	const struct propose_wish *wish;
	struct slot *slots;
	size_t n_slots;
	size_t n_cores; /* of the host, all kinds */
	size_t n_keep;  /* whole cores for the host */
	bool has_siblings;
	size_t per_core; /* vCPUs on a core; 0: as many as it has threads */
	enum level level;
};

/* Where the kernel does not tell, cores of one thread beside cores of two are the efficient ones.
 */
static bool is_efficient(const struct search *s, const struct core_fact *core)
{
	if (core->kind.known)
		return !strcmp(core->kind.v, "E");
	if (s->cpu->e_cores.known)
		return cpus_intersects(&core->cpus.v, &s->cpu->e_cores.v);
	return s->has_siblings && cpus_count(&core->cpus.v) == 1;
}

static bool node_is_wanted(const struct propose_wish *wish, const struct core_fact *core)
{
	return wish->nodes && core->node.known && core->node.v < CPUS_MAX &&
	       cpus_has(wish->nodes, (unsigned)core->node.v);
}

static int compare_slots(const void *a, const void *b)
{
	const struct slot *x = a, *y = b;

	return cpus_next(&x->cpus, 0) - cpus_next(&y->cpus, 0);
}

/* Cores of one kind that may be used, by their first CPU. */
static void collect(struct search *s, bool wants_efficient)
{
	const struct core_fact *core = s->cpu->cores.v;
	const int first = cpus_next(&s->cpu->online.v, 0);

	s->n_slots = s->n_cores = 0;
	for (size_t i = 0; i < s->cpu->cores.n && i < CORES_MAX; i++) {
		struct slot slot = { .core = &core[i], .cpus = core[i].cpus.v };

		if (!core[i].cpus.known || cpus_is_empty(&slot.cpus))
			continue;
		s->n_cores++;
		if (s->wish->within)
			slot.cpus = cpus_and(&slot.cpus, s->wish->within);
		slot.n_threads = cpus_count(&slot.cpus);
		slot.has_first = first >= 0 && cpus_has(&core[i].cpus.v, (unsigned)first);
		slot.is_node_wanted = node_is_wanted(s->wish, &core[i]);
		/* What the user chose is taken as it is. */
		if (!slot.n_threads ||
		    (!s->wish->within &&
		     (slot.has_first || is_efficient(s, &core[i]) != wants_efficient)))
			continue;
		s->slots[s->n_slots++] = slot;
	}
	qsort(s->slots, s->n_slots, sizeof(*s->slots), compare_slots);
}

static bool same_group(enum level level, const struct core_fact *a, const struct core_fact *b)
{
	const struct fact_u64 *x[] = { &a->l3, &a->node, &a->package };
	const struct fact_u64 *y[] = { &b->l3, &b->node, &b->package };

	if (level == LEVEL_ALL)
		return true;
	return x[level]->known && y[level]->known && x[level]->v == y[level]->v;
}

/* vCPUs that go onto a core; 0: this core is not used. */
static size_t share_of(const struct search *s, const struct slot *slot, size_t n_left)
{
	size_t n = s->per_core ? s->per_core : slot->n_threads;

	/* Guest cores that have two threads need host cores that have two. */
	if (n > slot->n_threads)
		return 0;
	return n < n_left ? n : n_left;
}

/* Cores that n_vcpus take of the group of a slot; 0: they have no room there. */
static size_t cores_taken(const struct search *s, const struct slot *leader)
{
	size_t n_left = s->wish->n_vcpus, n = 0;

	for (size_t i = 0; i < s->n_slots && n_left; i++) {
		size_t share = share_of(s, &s->slots[i], n_left);

		if (!share || !same_group(s->level, leader->core, s->slots[i].core))
			continue;
		n_left -= share;
		n++;
	}
	return n_left ? 0 : n;
}

static uint64_t l3_size(const struct search *s, const struct slot *slot)
{
	const struct l3_fact *l3 = s->cpu->l3s.v;

	if (s->level != LEVEL_L3 || !slot->core->l3.known || slot->core->l3.v >= s->cpu->l3s.n)
		return 0;
	return l3[slot->core->l3.v].size_kib.known ? l3[slot->core->l3.v].size_kib.v : 0;
}

/* Whether the first core of the host is in the group: a group without it is left to the guest. */
static bool shares_with_first(const struct search *s, const struct slot *slot)
{
	const struct core_fact *core = s->cpu->cores.v;
	const int first = cpus_next(&s->cpu->online.v, 0);

	for (size_t i = 0; i < s->cpu->cores.n; i++) {
		if (first >= 0 && core[i].cpus.known && cpus_has(&core[i].cpus.v, (unsigned)first))
			return same_group(s->level, slot->core, &core[i]);
	}
	return false;
}

static bool is_better(const struct search *s, const struct slot *a, const struct slot *b)
{
	if (a->is_node_wanted != b->is_node_wanted)
		return a->is_node_wanted;
	if (l3_size(s, a) != l3_size(s, b))
		return l3_size(s, a) > l3_size(s, b);
	if (shares_with_first(s, a) != shares_with_first(s, b))
		return shares_with_first(s, b);
	return false;
}

/* First slot of the best group that has room, at this level. */
static const struct slot *best_group(const struct search *s)
{
	const struct slot *best = NULL;

	for (size_t i = 0; i < s->n_slots; i++) {
		const struct slot *slot = &s->slots[i];
		bool is_new = true;
		size_t n;

		for (size_t k = 0; k < i && is_new; k++)
			is_new = !same_group(s->level, s->slots[k].core, slot->core);
		if (!is_new)
			continue;
		n = cores_taken(s, slot);
		if (!n || n + s->n_keep > s->n_cores)
			continue;
		if (!best || is_better(s, slot, best))
			best = slot;
		if (s->level == LEVEL_ALL)
			break;
	}
	return best;
}

static bool shares_l3(const struct search *s, const struct proposal *p)
{
	const struct l3_fact *l3 = s->cpu->l3s.v;

	for (size_t i = 0; i < s->cpu->l3s.n; i++) {
		if (l3[i].cpus.known && cpus_is_subset(&p->guest, &l3[i].cpus.v))
			return true;
	}
	return false;
}

static size_t n_whole_cores(const struct cpu_facts *cpu, const struct cpus *taken)
{
	const struct core_fact *core = cpu->cores.v;
	size_t n = 0;

	for (size_t i = 0; i < cpu->cores.n; i++)
		n += core[i].cpus.known && !cpus_is_empty(&core[i].cpus.v) &&
		     !cpus_intersects(&core[i].cpus.v, taken);
	return n;
}

static int fill(const struct search *s, const struct slot *leader, struct proposal **ret_proposal)
{
	const size_t n_vcpus = s->wish->n_vcpus;
	struct proposal *p = calloc(1, sizeof(*p) + n_vcpus * sizeof(p->cpu[0]));

	if (!p)
		return -ENOMEM;
	for (size_t i = 0; i < s->n_slots && p->n < n_vcpus; i++) {
		const struct slot *slot = &s->slots[i];
		size_t share = share_of(s, slot, n_vcpus - p->n);
		int c = cpus_next(&slot->cpus, 0);

		if (!same_group(s->level, leader->core, slot->core))
			continue;
		for (; share && c >= 0; share--, c = cpus_next(&slot->cpus, (unsigned)c + 1)) {
			p->cpu[p->n++] = (unsigned)c;
			cpus_add(&p->guest, (unsigned)c);
		}
	}
	p->threads = s->per_core ? s->per_core : 1;
	p->n_host_cores = n_whole_cores(s->cpu, &p->guest);
	p->is_one_l3 = shares_l3(s, p);
	*ret_proposal = p;
	return 0;
}

/* Whole cores; for an odd number of vCPUs one on each core; else what there is. */
static int search_levels(struct search *s, struct proposal **ret_proposal)
{
	size_t most = 1, ways[3], n_ways = 0;

	for (size_t i = 0; i < s->n_slots; i++)
		most = s->slots[i].n_threads > most ? s->slots[i].n_threads : most;
	if (most > 1 && s->wish->n_vcpus % most == 0)
		ways[n_ways++] = most;
	ways[n_ways++] = 1;
	if (most > 1)
		ways[n_ways++] = 0;
	for (size_t w = 0; w < n_ways; w++) {
		s->per_core = ways[w];
		s->level = LEVEL_ALL;
		if (!best_group(s))
			continue;
		for (int level = LEVEL_L3; level < N_LEVELS; level++) {
			const struct slot *leader;

			s->level = (enum level)level;
			leader = best_group(s);
			if (leader)
				return fill(s, leader, ret_proposal);
		}
	}
	return -ENOSPC;
}

static int search_kinds(struct search *s, struct proposal **ret_proposal)
{
	int r = -ENOSPC;

	for (int is_efficient_turn = 0; is_efficient_turn < 2 && r == -ENOSPC;
	     is_efficient_turn++) {
		collect(s, is_efficient_turn);
		r = search_levels(s, ret_proposal);
	}
	return r;
}

int propose_pins(const struct cpu_facts *cpu, const struct propose_wish *wish,
		 struct proposal **ret_proposal)
{
	const size_t keep[] = { wish->n_keep ? wish->n_keep : 2, wish->n_keep ? wish->n_keep : 1 };
	struct search s = { .cpu = cpu, .wish = wish };
	auto_free struct slot *slots = NULL;
	int r = -ENOSPC;

	if (!cpu->online.known || !cpu->cores.known || cpu->cores.n == 0)
		return -ENODATA;
	if (!wish->n_vcpus || wish->n_vcpus > cpus_count(&cpu->online.v))
		return -ENOSPC;
	slots = calloc(cpu->cores.n < CORES_MAX ? cpu->cores.n : CORES_MAX, sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	s.slots = slots;
	s.has_siblings = cpu_has_siblings(cpu);
	for (size_t i = 0; i < ARRAY_SIZE(keep) && r == -ENOSPC; i++) {
		s.n_keep = wish->within ? 0 : keep[i];
		r = search_kinds(&s, ret_proposal);
	}
	return r;
}

size_t propose_most(const struct cpu_facts *cpu, const struct propose_wish *wish)
{
	struct propose_wish smaller = *wish;

	if (cpu->online.known && smaller.n_vcpus > cpus_count(&cpu->online.v))
		smaller.n_vcpus = cpus_count(&cpu->online.v);
	for (; smaller.n_vcpus; smaller.n_vcpus--) {
		auto_free struct proposal *p = NULL;

		if (propose_pins(cpu, &smaller, &p) == 0)
			return smaller.n_vcpus;
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine.h - CPUs of well-known machines, for tests of pins and placement. */
#ifndef TESTS_LIB_MACHINE_H
#define TESTS_LIB_MACHINE_H

#include "tests/lib/host.h"

/* One core of a machine: threads as a list, the position of its L3 cache. */
static inline struct core_fact *add_core(struct host *h, const char *cpus, uint64_t l3)
{
	struct core_fact *core = fact_add_item(&h->cpu.cores, &h->arena, sizeof(*core));
	struct cpus online = h->cpu.online.v;

	assert_non_null(core);
	set_cpus(&core->cpus, cpus);
	fact_set_u64(&core->package, 0);
	fact_set_u64(&core->node, 0);
	fact_set_u64(&core->l3, l3);
	online = cpus_or(&online, &core->cpus.v);
	fact_set_cpus(&h->cpu.online, &online);
	fact_set_bool(&h->cpu.is_smt_active,
		      (h->cpu.is_smt_active.known && h->cpu.is_smt_active.v) ||
			      cpus_count(&core->cpus.v) > 1);
	return core;
}

static inline void add_l3(struct host *h, const char *cpus, uint64_t size_kib)
{
	struct l3_fact *l3 = fact_add_item(&h->cpu.l3s, &h->arena, sizeof(*l3));

	assert_non_null(l3);
	set_cpus(&l3->cpus, cpus);
	fact_set_u64(&l3->size_kib, size_kib);
}

/* n cores of two threads each; the sibling of CPU c is c + n; L3 caches of per_l3 cores. */
static inline void add_smt_cores(struct host *h, unsigned n, unsigned per_l3)
{
	for (unsigned c = 0; c < n; c++)
		add_core(h, arena_printf(&h->arena, "%u,%u", c, c + n), c / per_l3);
	for (unsigned c = 0; c < n; c += per_l3)
		add_l3(h,
		       arena_printf(&h->arena, "%u-%u,%u-%u", c, c + per_l3 - 1, c + n,
				    c + n + per_l3 - 1),
		       32768);
}

/* Core i7-8700K: six cores, the sibling of CPU c is c + 6. */
static inline void machine_8700k(struct host *h)
{
	add_smt_cores(h, 6, 6);
}

/* Ryzen 9 5950X: two L3 caches of eight cores each, the sibling of CPU c is c + 16. */
static inline void machine_5950x(struct host *h)
{
	add_smt_cores(h, 16, 8);
}

/* A hybrid: four P cores of two threads (0-7), eight E cores (8-15), one L3. */
static inline void machine_hybrid(struct host *h)
{
	for (unsigned c = 0; c < 8; c += 2)
		set_str(&add_core(h, arena_printf(&h->arena, "%u-%u", c, c + 1), 0)->kind, "P");
	for (unsigned c = 8; c < 16; c++)
		set_str(&add_core(h, arena_printf(&h->arena, "%u", c), 0)->kind, "E");
	set_cpus(&h->cpu.p_cores, "0-7");
	set_cpus(&h->cpu.e_cores, "8-15");
	add_l3(h, "0-15", 24576);
}

static inline void add_node(struct host *h, uint64_t number, const char *cpus)
{
	struct node_fact *node = fact_add_item(&h->cpu.nodes, &h->arena, sizeof(*node));

	assert_non_null(node);
	fact_set_u64(&node->node, number);
	set_cpus(&node->cpus, cpus);
}

/* Ryzen 9 7950X3D: as a 5950X, but the first L3 cache is three times as large. */
static inline void machine_7950x3d(struct host *h)
{
	machine_5950x(h);
	fact_set_u64(&((struct l3_fact *)h->cpu.l3s.v)[0].size_kib, 98304);
}

/* Core i9-12900K: eight P cores of two threads (0-15), eight E cores (16-23), one L3. */
static inline void machine_12900k(struct host *h)
{
	for (unsigned c = 0; c < 16; c += 2)
		set_str(&add_core(h, arena_printf(&h->arena, "%u-%u", c, c + 1), 0)->kind, "P");
	for (unsigned c = 16; c < 24; c++)
		set_str(&add_core(h, arena_printf(&h->arena, "%u", c), 0)->kind, "E");
	set_cpus(&h->cpu.p_cores, "0-15");
	set_cpus(&h->cpu.e_cores, "16-23");
	add_l3(h, "0-23", 30720);
}

/* Threadripper 1950X: two nodes of two L3 caches of four cores, the sibling of CPU c is c + 16. */
static inline void machine_threadripper(struct host *h)
{
	struct core_fact *core;

	add_smt_cores(h, 16, 4);
	core = h->cpu.cores.v;
	for (size_t i = 0; i < h->cpu.cores.n; i++)
		fact_set_u64(&core[i].node, i / 8);
	add_node(h, 0, "0-7,16-23");
	add_node(h, 1, "8-15,24-31");
}

/* Two cores without siblings. */
static inline void machine_2cpus(struct host *h)
{
	add_core(h, "0", 0);
	add_core(h, "1", 0);
	add_l3(h, "0-1", 32768);
}

/* The vCPUs of a configured guest, of which vCPU i is pinned to the i-th word of pins. */
static inline void configure_guest(struct host *h, uint64_t n_vcpus, const char *pins)
{
	struct text rest = text_of(pins), word;

	set_str(&h->domain.source, "file");
	set_str(&h->domain.name, "win10");
	fact_set_u64(&h->domain.n_vcpus, n_vcpus);
	h->domain.vcpu_pins = (struct fact_list){ .known = true };
	for (uint64_t id = 0; text_next_word(&rest, &word); id++) {
		struct domain_pin *pin =
			fact_add_item(&h->domain.vcpu_pins, &h->arena, sizeof(*pin));

		assert_non_null(pin);
		fact_set_u64(&pin->id, id);
		assert_int_equal(cpus_parse_list(word, &pin->cpus.v), 0);
		pin->cpus.known = true;
	}
}

/* A running guest without threads yet; h->running until another one is added. */
static inline struct guest_process *run_guest(struct host *h, const char *manager)
{
	struct guest_process *g = fact_add_item(&h->guest.guests, &h->arena, sizeof(*g));

	assert_non_null(g);
	fact_set_u64(&g->pid, 4000);
	set_str(&g->name, "win10");
	set_str(&g->kind, "qemu");
	set_str(&g->manager, manager);
	set_str(&h->guestref.kind, "qemu");
	fact_set_u64(&h->guestref.pid, 4000);
	g->threads.known = true;
	h->running = g;
	return g;
}

static inline void add_thread(struct host *h, const char *role, uint64_t tid, const char *comm,
			      const char *affinity)
{
	struct guest_process *g = h->guest.guests.v;
	struct guest_thread *t = fact_add_item(&g->threads, &h->arena, sizeof(*t));

	assert_non_null(t);
	set_str(&t->role, role);
	set_str(&t->comm, comm);
	fact_set_u64(&t->tid, tid);
	set_cpus(&t->affinity, affinity);
}

/* vCPU n has the thread 4100 + n. */
static inline void add_vcpu(struct host *h, uint64_t vcpu, const char *affinity)
{
	struct guest_process *g = h->guest.guests.v;
	struct guest_thread *t;

	add_thread(h, "vcpu", 4100 + vcpu, arena_printf(&h->arena, "CPU %u/KVM", (unsigned)vcpu),
		   affinity);
	t = g->threads.v;
	fact_set_u64(&t[g->threads.n - 1].vcpu, vcpu);
}

/* What a thread did in a window of ten seconds: seen n0 times on cpu0, n1 times on cpu1. */
static inline void add_activity(struct host *h, uint64_t tid, const char *role, uint64_t run_ms,
				uint64_t delay_ms, const uint64_t seen[4])
{
	struct activity_thread *t = fact_add_item(&h->activity.threads, &h->arena, sizeof(*t));

	assert_non_null(t);
	fact_set_u64(&h->activity.window_ns, 10 * NS_PER_S);
	fact_set_u64(&t->tid, tid);
	set_str(&t->role, role);
	fact_set_u64(&t->run_ns, run_ms * NS_PER_MS);
	fact_set_u64(&t->delay_ns, delay_ms * NS_PER_MS);
	t->seen_on.known = true;
	assert_int_equal(fact_add_pair(&t->seen_on, &h->arena, seen[0], seen[1]), 0);
	assert_int_equal(fact_add_pair(&t->seen_on, &h->arena, seen[2], seen[3]), 0);
}

static inline void check_has(const char *text, const char *piece)
{
	if (!text || !strstr(text, piece))
		fail_msg("'%s' is not in '%s'", piece, text ? text : "(none)");
}

#endif

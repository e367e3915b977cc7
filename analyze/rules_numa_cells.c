/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_numa_cells.c - do the guest's NUMA cells hold numbers of vCPUs, or of CPUs of the host? */
#include "analyze/guest_config.h"
#include "analyze/numa.h"
#include "analyze/pin.h"

bool numa_has_cells(const struct host *h, struct finding *out)
{
	if (!guest_is_known(h, out))
		return false;
	if (h->domain.cells.n)
		return true;
	finding_say(out, "The guest has no NUMA cells.");
	return false;
}

/* vCPUs that are pinned to CPUs of a set. */
static struct cpus pinned_into(const struct placement *p, const struct cpus *set)
{
	struct cpus numbers = { { 0 } };

	for (size_t i = 0; i < p->n; i++) {
		if (p->v[i].is_pinned && p->v[i].vcpu < CPUS_MAX &&
		    cpus_is_subset(&p->v[i].cpus, set))
			cpus_add(&numbers, (unsigned)p->v[i].vcpu);
	}
	return numbers;
}

/* The set is all CPUs of a node of the host, or of an L3 cache: online ones, that are pinned to. */
static bool is_of_host(const struct host *h, const struct placement *p, const struct cpus *set)
{
	const struct node_fact *node = h->cpu.nodes.v;
	const struct l3_fact *l3 = h->cpu.l3s.v;

	for (size_t i = 0; i < h->cpu.nodes.n; i++) {
		const struct cpus used = cpus_and(&node[i].cpus.v, &p->pinned);

		if (cpus_equal(&node[i].cpus.v, set) || cpus_equal(&used, set))
			return true;
	}
	for (size_t i = 0; i < h->cpu.l3s.n; i++) {
		const struct cpus used = cpus_and(&l3[i].cpus.v, &p->pinned);

		if (cpus_equal(&l3[i].cpus.v, set) || cpus_equal(&used, set))
			return true;
	}
	return false;
}

/* Cells with the vCPUs that are pinned to the CPUs whose numbers they hold; false: that leaves a
 * vCPU or a cell out. */
static bool renumber(const struct host *h, const struct placement *p, struct finding *out)
{
	const struct domain_cell *cell = h->domain.cells.v;
	struct cpus all = { { 0 } };

	for (size_t i = 0; i < h->domain.cells.n; i++) {
		const struct cpus numbers = pinned_into(p, &cell[i].cpus.v);

		if (cpus_is_empty(&numbers) || cpus_intersects(&numbers, &all))
			return false;
		all = cpus_or(&all, &numbers);
	}
	if (cpus_count(&all) != p->n)
		return false;
	finding_change(out, CHANGE_XML, NULL);
	for (size_t i = 0; i < h->domain.cells.n; i++) {
		const struct cpus numbers = pinned_into(p, &cell[i].cpus.v);

		finding_change(out, CHANGE_XML, "cpu/numa/cell[%zu]@cpus=%s", i + 1,
			       finding_cpus(out, &numbers));
	}
	return true;
}

static void fix_cells(const struct host *h, const struct placement *p, struct finding *out)
{
	if (renumber(h, p, out))
		return;
	finding_change(out, CHANGE_XML, NULL);
	finding_fix(
		out, NULL,
		"Write numbers of vCPUs into <cell cpus=…>, from 0: of those that are pinned to "
		"the node or cache that the cell stands for.",
		NULL);
}

enum verdict numa_judge_cells(const struct host *h, struct finding *out)
{
	const struct domain_cell *cell = h->domain.cells.v;
	const struct placement *p = placement_of(h, out);
	struct cpus all = { { 0 } };
	size_t n_wrong = 0;
	int beyond;

	for (size_t i = 0; i < h->domain.cells.n; i++) {
		const struct cpus pinned = pinned_into(p, &cell[i].cpus.v);

		all = cpus_or(&all, &cell[i].cpus.v);
		if (!cell[i].cpus.known || cpus_is_empty(&pinned) ||
		    cpus_equal(&pinned, &cell[i].cpus.v) || !is_of_host(h, p, &cell[i].cpus.v))
			continue;
		if (n_wrong++ < PIN_ITEMS_MAX)
			finding_item(out,
				     "cell %zu holds %s; %s are pinned to CPUs of these numbers", i,
				     finding_cpus(out, &cell[i].cpus.v), pin_vcpus(out, &pinned));
	}
	beyond = h->domain.n_vcpus.v < CPUS_MAX ? cpus_next(&all, (unsigned)h->domain.n_vcpus.v)
						: -1;
	if (beyond >= 0) {
		finding_say(out,
			    "A NUMA cell of the guest holds vCPU %d, but the guest has %llu: it "
			    "does not start.",
			    beyond, (unsigned long long)h->domain.n_vcpus.v);
		fix_cells(h, p, out);
		return VERDICT_PROBLEM;
	}
	if (n_wrong) {
		finding_say(out,
			    "%zu of %zu NUMA cells of the guest hold numbers of the host's CPUs, "
			    "where numbers of vCPUs belong.",
			    n_wrong, h->domain.cells.n);
		fix_cells(h, p, out);
		return VERDICT_ADVICE;
	}
	finding_say(out, "The %zu NUMA cell%s of the guest hold%s numbers of vCPUs (%s).",
		    h->domain.cells.n, h->domain.cells.n == 1 ? "" : "s",
		    h->domain.cells.n == 1 ? "s" : "", finding_cpus(out, &all));
	return VERDICT_PASS;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* domain_memory.c - rows of the domain XML about memory: size, huge pages, NUMA. */
#include <string.h>

#include "probes/parse/domain_rows.h"

/* A <page> of this size asks for ordinary memory (x86). */
#define BASE_PAGE_KIB 4u

static int read_domain(struct domain_reader *r, const xmlNode *node)
{
	(void)node;
	r->facts->pages.known = true;
	fact_set_bool(&r->facts->has_hugepages, false);
	fact_set_bool(&r->facts->is_locked, false);
	fact_set_bool(&r->facts->is_unmergeable, false);
	r->facts->cells.known = true;
	return 0;
}

static int read_memory(struct domain_reader *r, const xmlNode *node)
{
	return domain_set_kib(r, &r->facts->memory_kib, "memory_kib", node, NULL);
}

static int read_current_memory(struct domain_reader *r, const xmlNode *node)
{
	return domain_set_kib(r, &r->facts->current_memory_kib, "current_memory_kib", node, NULL);
}

static int read_source(struct domain_reader *r, const xmlNode *node)
{
	return domain_set_str(r, &r->facts->memory_source, node, "type");
}

static int read_access(struct domain_reader *r, const xmlNode *node)
{
	return domain_set_str(r, &r->facts->memory_access, node, "mode");
}

static int read_allocation(struct domain_reader *r, const xmlNode *node)
{
	return domain_set_str(r, &r->facts->memory_allocation, node, "mode");
}

static int read_locked(struct domain_reader *r, const xmlNode *node)
{
	(void)node;
	fact_set_bool(&r->facts->is_locked, true);
	return 0;
}

static int read_nosharepages(struct domain_reader *r, const xmlNode *node)
{
	(void)node;
	fact_set_bool(&r->facts->is_unmergeable, true);
	return 0;
}

static int read_hard_limit(struct domain_reader *r, const xmlNode *node)
{
	return domain_set_kib(r, &r->facts->hard_limit_kib, "hard_limit_kib", node, NULL);
}

/* Cells without an id are numbered as they come. */
static int read_cell(struct domain_reader *r, const xmlNode *node)
{
	const uint64_t n = r->facts->cells.n;
	struct domain_cell *item;
	int e = domain_add(r, &r->facts->cells, sizeof(*item), "cells", node, &item);

	if (!item)
		return e;
	e = domain_set_u64(r, &item->id, "cells", node, "id");
	if (!item->id.known)
		fact_set_u64(&item->id, n);
	if (e == 0)
		e = domain_set_cpus(r, &item->cpus, "cells", node, "cpus");
	return e < 0 ? e : domain_set_kib(r, &item->memory_kib, "cells", node, "memory");
}

static int read_bound(struct domain_reader *r, const xmlNode *node)
{
	int e = domain_set_str(r, &r->facts->memory_mode, node, "mode");

	return e < 0 ? e
		     : domain_set_cpus(r, &r->facts->memory_nodes, "memory_nodes", node, "nodeset");
}

struct cell { /* of the guest; one without NUMA is cell 0 */
	struct fact_u64 id, kib;
	struct fact_cpus nodes;
	struct fact_str mode;
	const xmlNode *node; /* where it is told */
};

static bool has_cell(const struct fact_cpus *cells, const struct cell *cell)
{
	return cells->known && cell->id.v < CPUS_MAX && cpus_has(&cells->v, (unsigned)cell->id.v);
}

/* The <page> that names the cell, else the one that names none. *ret_kib unknown: default size. */
static int find_page(struct domain_reader *r, const xmlNode *hugepages, const struct cell *cell,
		     bool *ret_is_there, struct fact_u64 *ret_kib)
{
	const xmlNode *page = domain_child(hugepages, "page");
	bool is_named = false;

	*ret_is_there = !page;
	*ret_kib = (struct fact_u64){ 0 };
	for (; page && !is_named; page = domain_next(page, "page")) {
		struct fact_cpus cells = { 0 };
		struct fact_u64 kib = { 0 };
		int e = domain_set_kib(r, &kib, "pages", page, "size");

		if (e == 0)
			e = domain_set_cpus(r, &cells, "pages", page, "nodeset");
		if (e < 0)
			return e;
		is_named = has_cell(&cells, cell);
		if (!is_named && (cells.known || *ret_is_there))
			continue;
		*ret_is_there = true;
		*ret_kib = kib;
	}
	return 0;
}

/* <numatune><memnode> of the cell. */
static int find_node(struct domain_reader *r, struct cell *cell)
{
	const xmlNode *node = domain_child(domain_child(r->domain, "numatune"), "memnode");

	for (; node; node = domain_next(node, "memnode")) {
		struct fact_u64 id = { 0 };
		int e = domain_set_u64(r, &id, "pages", node, "cellid");

		if (e < 0)
			return e;
		if (!id.known || id.v != cell->id.v)
			continue;
		e = domain_set_str(r, &cell->mode, node, "mode");
		return e < 0 ? e : domain_set_cpus(r, &cell->nodes, "pages", node, "nodeset");
	}
	return 0;
}

static int add_page(struct domain_reader *r, const xmlNode *hugepages, struct cell *cell,
		    bool is_only)
{
	struct domain_page *item;
	struct fact_u64 kib;
	bool is_there;
	int e = find_page(r, hugepages, cell, &is_there, &kib);

	if (e == 0)
		e = find_node(r, cell);
	if (e < 0 || !is_there || (kib.known && kib.v <= BASE_PAGE_KIB))
		return e;
	e = domain_add(r, &r->facts->pages, sizeof(*item), "pages", cell->node, &item);
	if (!item)
		return e;
	*item = (struct domain_page){
		.page_kib = kib,
		.size_kib = cell->kib,
		.nodes = cell->nodes,
		.mode = cell->mode,
	};
	if (!is_only && cell->id.v < CPUS_MAX) {
		item->cells.known = true;
		cpus_add(&item->cells.v, (unsigned)cell->id.v);
	}
	return 0;
}

static int add_cells(struct domain_reader *r, const xmlNode *hugepages, const xmlNode *first)
{
	uint64_t n = 0;
	int e = 0;

	for (const xmlNode *node = first; e == 0 && node; node = domain_next(node, "cell")) {
		struct cell cell = { .node = node };

		e = domain_set_u64(r, &cell.id, "pages", node, "id");
		if (!cell.id.known)
			fact_set_u64(&cell.id, n);
		if (e == 0)
			e = domain_set_kib(r, &cell.kib, "pages", node, "memory");
		if (e == 0)
			e = add_page(r, hugepages, &cell, false);
		n++;
	}
	return e;
}

static int read_hugepages(struct domain_reader *r, const xmlNode *node)
{
	const xmlNode *cpu = domain_child(r->domain, "cpu");
	const xmlNode *cells = domain_child(domain_child(cpu, "numa"), "cell");
	struct cell whole = { .id = { true, 0 }, .kib = r->facts->memory_kib, .node = node };
	int e = cells ? add_cells(r, node, cells) : add_page(r, node, &whole, true);

	if (r->facts->pages.n)
		fact_set_bool(&r->facts->has_hugepages, true);
	return e;
}

const struct domain_row domain_memory_rows[] = {
	{ "", read_domain },
	{ "memory", read_memory },
	{ "currentMemory", read_current_memory },
	{ "numatune/memory", read_bound },
	{ "memoryBacking/source", read_source },
	{ "memoryBacking/access", read_access },
	{ "memoryBacking/allocation", read_allocation },
	{ "memoryBacking/locked", read_locked },
	{ "memoryBacking/nosharepages", read_nosharepages },
	{ "memtune/hard_limit", read_hard_limit },
	{ "cpu/numa/cell", read_cell },
	{ "memoryBacking/hugepages", read_hugepages }, /* after memory */
	{ NULL, NULL },
};

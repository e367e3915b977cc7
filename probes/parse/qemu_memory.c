/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qemu_memory.c - QEMU's options about memory: size, huge pages, NUMA. */
#include <string.h>
#include <strings.h>

#include "probes/parse/qemu_parts.h"

struct backend { /* memory of the whole guest, or of one of its NUMA cells */
	const struct qemu_options *object; /* NULL: -mem-path */
	const char *path;                  /* of the files it is made of; NULL: none */
	struct fact_u64 cell;
};

enum huge { HUGE_NO, HUGE_YES, HUGE_UNKNOWN };

/* What a mount is cannot be told from its name, but people name them by what they are. */
static enum huge huge_by_path(const char *path)
{
	static const char *const no[] = { "/dev/shm", "/tmp", "/run/shm" };

	if (strcasestr(path, "huge"))
		return HUGE_YES;
	for (size_t i = 0; i < ARRAY_SIZE(no); i++) {
		if (text_starts(text_of(path), no[i]))
			return HUGE_NO;
	}
	return HUGE_UNKNOWN;
}

static enum huge is_huge(const struct backend *b)
{
	if (b->object && qemu_option_is(b->object, "qom-type", "memory-backend-memfd"))
		return qemu_option_is_on(b->object, "hugetlb") ? HUGE_YES : HUGE_NO;
	return b->path ? huge_by_path(b->path) : HUGE_NO;
}

/* Cuts a name off the front, in either case. */
static bool skip_name(const char **at, const char *name)
{
	const size_t n = strlen(name);

	if (strncasecmp(*at, name, n) != 0)
		return false;
	*at += n;
	return true;
}

/* "/dev/hugepages1G", "/mnt/huge-2M/vm", "hugepages-1048576kB": else unknown, the default size. */
static void size_by_path(const char *path, struct fact_u64 *f)
{
	static const struct {
		const char *name;
		uint64_t kib;
	} sizes[] = {
		{ "1048576", MIB },
		{ "2048k", 2 * KIB },
		{ "1g", MIB },
		{ "2m", 2 * KIB },
	};
	const char *at = strcasestr(path, "huge");

	if (!at)
		return;
	skip_name(&at, "huge");
	if (skip_name(&at, "tlb"))
		skip_name(&at, "fs");
	else if (skip_name(&at, "page"))
		skip_name(&at, "s");
	at += strspn(at, "-_/");
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		if (!skip_name(&at, sizes[i].name))
			continue;
		at += strspn(at, "kKbB");
		if (!*at || strchr("-_/", *at))
			fact_set_u64(f, sizes[i].kib);
		return;
	}
}

/* host-nodes=0-1, or once for each. */
static void add_nodes(const struct qemu_options *object, struct fact_cpus *f)
{
	for (size_t i = 0; i < object->n; i++) {
		struct cpus nodes;

		if (strcmp(object->v[i].key, "host-nodes") != 0 ||
		    cpus_parse_list(text_of(object->v[i].value), &nodes) < 0)
			continue;
		f->v = f->known ? cpus_or(&f->v, &nodes) : nodes;
		f->known = true;
	}
}

/* policy=bind and its nodes, in the words of libvirt. */
static int add_policy(struct qemu_reader *r, const struct qemu_options *object,
		      struct fact_cpus *nodes, struct fact_str *mode)
{
	const char *policy = object ? qemu_option(object, "policy") : NULL;

	if (!policy || !strcmp(policy, "default"))
		return 0;
	add_nodes(object, nodes);
	return qemu_set_str(r, mode, strcmp(policy, "bind") ? policy : "strict");
}

static int set_page(struct qemu_reader *r, const struct backend *b, struct domain_page *page)
{
	int e = 0;

	page->size_kib = r->facts->memory_kib;
	if (b->object) {
		page->size_kib = (struct fact_u64){ 0 };
		e = qemu_set_kib(r, &page->size_kib, "pages", qemu_option(b->object, "size"), 1);
		if (e == 0)
			e = qemu_set_kib(r, &page->page_kib, "pages",
					 qemu_option(b->object, "hugetlbsize"), 1);
	}
	if (b->path)
		size_by_path(b->path, &page->page_kib);
	if (b->cell.known && b->cell.v < CPUS_MAX) {
		page->cells.known = true;
		cpus_add(&page->cells.v, (unsigned)b->cell.v);
	}
	return e < 0 ? e : add_policy(r, b->object, &page->nodes, &page->mode);
}

static int set_source(struct qemu_reader *r, const struct backend *b)
{
	const char *type = b->object ? qemu_option(b->object, "qom-type") : NULL;

	if (type && !strcmp(type, "memory-backend-memfd"))
		return qemu_set_str(r, &r->facts->memory_source, "memfd");
	if (type && !strcmp(type, "memory-backend-ram"))
		return qemu_set_str(r, &r->facts->memory_source, "anonymous");
	return b->path ? qemu_set_str(r, &r->facts->memory_source, "file") : 0;
}

/* Of several, one that is shared decides. */
static int set_backing(struct qemu_reader *r, const struct qemu_options *object)
{
	struct domain_facts *f = r->facts;
	const char *share = qemu_switch(qemu_option(object, "share"));
	int e = 0;

	if (share && !fact_is(&f->memory_access, "shared"))
		e = qemu_set_str(r, &f->memory_access, strcmp(share, "on") ? "private" : "shared");
	if (e == 0 && qemu_option_is_on(object, "prealloc"))
		e = qemu_set_str(r, &f->memory_allocation, "immediate");
	if (qemu_option_is_off(object, "merge"))
		fact_set_bool(&f->is_unmergeable, true);
	return e;
}

static int add_backend(struct qemu_reader *r, const struct backend *b, enum huge *any)
{
	const enum huge huge = is_huge(b);
	struct domain_page *page;
	int e = set_source(r, b);

	if (e == 0 && b->object)
		e = set_backing(r, b->object);
	if (e == 0)
		e = add_policy(r, b->object, &r->facts->memory_nodes, &r->facts->memory_mode);
	if (e < 0)
		return e;
	if (huge == HUGE_YES || (huge == HUGE_UNKNOWN && *any == HUGE_NO))
		*any = huge;
	if (huge != HUGE_YES)
		return 0;
	page = fact_add_item(&r->facts->pages, r->arena, sizeof(*page));
	return page ? set_page(r, b, page) : -ENOMEM;
}

/* Only what the guest has as its memory: not the shared memory of a device, for one. */
static int add_object(struct qemu_reader *r, const char *id, const struct fact_u64 *cell,
		      enum huge *any, bool *ret_is_any)
{
	struct backend b = { .object = qemu_find(r, "-object", id) };

	if (!b.object)
		return 0;
	*ret_is_any = true;
	b.path = qemu_option(b.object, "mem-path");
	b.cell = *cell;
	return add_backend(r, &b, any);
}

/* cpus=0-1,cpus=4, and the memory in MiB or of the object. */
static int add_cell(struct qemu_reader *r, const struct qemu_options *node,
		    const struct fact_u64 *id)
{
	const struct qemu_options *object = qemu_find(r, "-object", qemu_option(node, "memdev"));
	const char *size = object ? qemu_option(object, "size") : qemu_option(node, "mem");
	struct domain_cell *cell;
	int e = qemu_add(r, &r->facts->cells, sizeof(*cell), &cell);

	if (!cell)
		return e;
	cell->id = *id;
	for (size_t i = 0; i < node->n; i++) {
		struct cpus cpus;

		if (strcmp(node->v[i].key, "cpus") != 0 ||
		    cpus_parse_list(text_of(node->v[i].value), &cpus) < 0)
			continue;
		cell->cpus.v = cell->cpus.known ? cpus_or(&cell->cpus.v, &cpus) : cpus;
		cell->cpus.known = true;
	}
	return qemu_set_kib(r, &cell->memory_kib, "cells", size, object ? 1 : MIB);
}

static int add_cells(struct qemu_reader *r, enum huge *any, bool *ret_is_any)
{
	const struct qemu_entry *entry;
	uint64_t n = 0;
	size_t at = 0;
	int e = 0;

	while (e == 0 && (entry = qemu_next(r, "-numa", &at))) {
		struct fact_u64 cell = { 0 };

		if (strcmp(entry->kind, "node") != 0)
			continue;
		e = qemu_set_u64(r, &cell, "pages", qemu_option(&entry->values, "nodeid"));
		if (!cell.known)
			fact_set_u64(&cell, n);
		n++;
		if (e == 0)
			e = add_cell(r, &entry->values, &cell);
		if (e == 0)
			e = add_object(r, qemu_option(&entry->values, "memdev"), &cell, any,
				       ret_is_any);
	}
	return e;
}

static int add_backends(struct qemu_reader *r, enum huge *any)
{
	const struct fact_u64 whole = { 0 };
	struct backend b = { .path = qemu_last(r, "-mem-path", "path") };
	bool is_any = false;
	int e = add_cells(r, any, &is_any);

	if (e == 0 && !is_any)
		e = add_object(r, qemu_last(r, "-machine", "memory-backend"), &whole, any, &is_any);
	return e == 0 && !is_any && b.path ? add_backend(r, &b, any) : e;
}

/* Whether it may be swapped out, is touched in advance, and is looked at for same pages: by
 * default yes, no and yes. */
static int read_policy(struct qemu_reader *r)
{
	const char *lock = qemu_switch(qemu_last(r, "-overcommit", "mem-lock"));
	const char *merge = qemu_switch(qemu_last(r, "-machine", "mem-merge"));

	if (!lock)
		lock = qemu_switch(qemu_last(r, "-realtime", "mlock"));
	if (*r->program || lock)
		fact_set_bool(&r->facts->is_locked, lock && !strcmp(lock, "on"));
	if (merge)
		fact_set_bool(&r->facts->is_unmergeable, !strcmp(merge, "off"));
	else if (*r->program && !r->facts->is_unmergeable.known)
		fact_set_bool(&r->facts->is_unmergeable, false);
	if (!qemu_has(r, "-mem-prealloc"))
		return 0;
	return qemu_set_str(r, &r->facts->memory_allocation, "immediate");
}

int qemu_read_memory(struct qemu_reader *r)
{
	struct domain_facts *f = r->facts;
	enum huge any = HUGE_NO;
	int e = qemu_set_kib(r, &f->memory_kib, "memory_kib", qemu_last(r, "-m", "size"), MIB);

	f->cells.known = true;
	if (e == 0)
		e = add_backends(r, &any);
	if (e == 0)
		e = read_policy(r);
	if (e < 0)
		return e;
	f->pages.known = any != HUGE_UNKNOWN;
	if (any == HUGE_UNKNOWN)
		return qemu_note(r, "has_hugepages",
				 "the path of the memory does not tell whether it is hugetlbfs");
	fact_set_bool(&f->has_hugepages, any == HUGE_YES);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pci_links.c - the bridges above a function, and what all links up to the root port can do. */
#include <stdlib.h>

#include "probes/pci_parts.h"

/* Buses are numbered by a byte, and each bridge takes one. */
#define DEPTH_MAX 256u

#define CLASS_BRIDGE 0x0604u

/* PCI Express knows x1 to x32; the kernel prints 255 for what it does not know. */
#define WIDTH_MAX 32u

int node_compare(const void *a, const void *b)
{
	const struct pci_address *x = &((const struct node *)a)->address;
	const struct pci_address *y = &((const struct node *)b)->address;

	if (x->domain != y->domain)
		return x->domain < y->domain ? -1 : 1;
	if (x->bus != y->bus)
		return x->bus - y->bus;
	return x->device != y->device ? x->device - y->device : x->function - y->function;
}

static bool find_node(const struct nodes *nodes, const struct pci_address *address, size_t *ret_i)
{
	const struct node key = { .address = *address };
	const struct node *found =
		bsearch(&key, nodes->v, nodes->n, sizeof(*nodes->v), node_compare);

	if (found)
		*ret_i = (size_t)(found - nodes->v);
	return found != NULL;
}

static void set_parent(struct nodes *nodes, size_t i, size_t parent)
{
	nodes->v[i].has_parent = true;
	nodes->v[i].parent = parent;
}

/* "../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0": the part before the last. */
static bool parent_in_path(struct text path, struct pci_address *ret_address)
{
	struct text piece, last = { 0 }, before = { 0 };

	while (text_next_piece(&path, '/', &piece)) {
		before = last;
		last = piece;
	}
	return pci_address_parse(before, ret_address) == 0;
}

/* A bridge knows the numbers of the buses below it: the nearest one that has this bus. */
static bool find_by_buses(const struct nodes *nodes, const struct pci_address *address,
			  size_t *ret_i)
{
	bool is_found = false;

	for (size_t i = 0; i < nodes->n; i++) {
		const struct node *b = &nodes->v[i];

		if (!b->is_bridge || b->address.domain != address->domain ||
		    b->secondary <= b->address.bus || b->secondary > address->bus ||
		    b->subordinate < address->bus)
			continue;
		if (is_found && b->secondary <= nodes->v[*ret_i].secondary)
			continue;
		*ret_i = i;
		is_found = true;
	}
	return is_found;
}

/* In sysfs the directory of a function is in that of its bridge. */
static int find_parent(struct probe_env *env, struct nodes *nodes, size_t i)
{
	auto_free char *path = NULL;
	const struct node *node = &nodes->v[i];
	struct pci_address address;
	size_t parent;
	int r = -EINVAL;

	if (!node->bytes)
		r = sysroot_readlink(env->root, &path, PCI_DEVICES "/%s", node->name);
	if (r == -ENOMEM)
		return r;
	if (r == 0) {
		if (parent_in_path(text_of(path), &address) && find_node(nodes, &address, &parent))
			set_parent(nodes, i, parent);
	} else if (find_by_buses(nodes, &node->address, &parent)) {
		set_parent(nodes, i, parent);
	}
	return 0;
}

int links_find_parents(struct probe_env *env, struct nodes *nodes)
{
	int r = 0;

	for (size_t i = 0; i < nodes->n && r == 0; i++) {
		r = find_parent(env, nodes, i);
		if (r == 0 && nodes->v[i].has_parent)
			r = fact_set_str(&nodes->facts[i].parent, env->arena,
					 nodes->v[nodes->v[i].parent].name);
	}
	return r;
}

static void forget(struct fact_u64 *f)
{
	*f = (struct fact_u64){ 0 };
}

/* Only below a port a link can be down: what answers does so over one. */
static bool is_port(const struct pci_function *f)
{
	return f->class_code.known && f->class_code.v >> 8 == CLASS_BRIDGE;
}

/*
 * Functions that have no link hold 0 or 255 lanes, and virtual ones leave to the physical one to
 * say what the link does.
 */
static void drop_no_link(struct pci_function *f)
{
	if (f->link_width.known &&
	    (f->link_width.v > WIDTH_MAX || (f->link_width.v == 0 && !is_port(f)))) {
		forget(&f->link_speed_mts);
		forget(&f->link_width);
	}
	if (!f->max_link_width.known || (f->max_link_width.v && f->max_link_width.v <= WIDTH_MAX))
		return;
	forget(&f->link_speed_mts);
	forget(&f->link_width);
	forget(&f->max_link_speed_mts);
	forget(&f->max_link_width);
}

/* false: what it can do is not known, as of a bridge to conventional PCI. */
static bool add_port(const struct pci_function *f, uint64_t *speed_mts, uint64_t *width)
{
	if (!f->max_link_speed_mts.known || !f->max_link_width.known)
		return false;
	*speed_mts = u64_min(*speed_mts, f->max_link_speed_mts.v);
	*width = u64_min(*width, f->max_link_width.v);
	return true;
}

/* A port above that says it uses no lanes is mistaken about itself. */
static bool has_no_lanes(const struct pci_function *f)
{
	return f->link_width.known && f->link_width.v == 0;
}

/* Of what is not below a root port (a guest's devices, the root complex itself): unknown. */
static void find_path(struct nodes *nodes, size_t i)
{
	struct pci_function *f = &nodes->facts[i];
	uint64_t speed_mts = UINT64_MAX, width = UINT64_MAX;
	size_t at = i, depth = 0;

	if (!nodes->v[i].has_parent || !add_port(f, &speed_mts, &width))
		return;
	while (nodes->v[at].has_parent) {
		const struct pci_function *port;

		at = nodes->v[at].parent;
		port = &nodes->facts[at];
		if (++depth > DEPTH_MAX)
			return;
		if (!has_no_lanes(port) && !add_port(port, &speed_mts, &width))
			return;
	}
	fact_set_u64(&f->path_speed_mts, speed_mts);
	fact_set_u64(&f->path_width, width);
}

void links_find_paths(struct nodes *nodes)
{
	for (size_t i = 0; i < nodes->n; i++)
		drop_no_link(&nodes->facts[i]);
	for (size_t i = 0; i < nodes->n; i++)
		find_path(nodes, i);
}

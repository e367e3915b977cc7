/* SPDX-License-Identifier: GPL-2.0-or-later */
/* domain_cpu.c - rows of the domain XML about names, vCPUs, their threads and topology. */
#include <string.h>

#include "probes/parse/domain_rows.h"

/* What is looked for and not there is none, not unknown. */
static int read_domain(struct domain_reader *r, const xmlNode *node)
{
	struct domain_facts *f = r->facts;

	f->vcpu_pins.known = true;
	f->iothread_pins.known = true;
	f->vcpu_scheds.known = true;
	f->iothread_scheds.known = true;
	fact_set_u64(&f->n_iothreads, 0);
	return domain_set_str(r, &f->type, node, "type");
}

static int read_name(struct domain_reader *r, const xmlNode *node)
{
	return domain_set_str(r, &r->facts->name, node, NULL);
}

static int read_vcpu(struct domain_reader *r, const xmlNode *node)
{
	struct domain_facts *f = r->facts;
	int e = domain_set_u64(r, &f->n_vcpus, "n_vcpus", node, NULL);

	if (e == 0)
		e = domain_set_u64(r, &f->n_current_vcpus, "n_current_vcpus", node, "current");
	return e < 0 ? e : domain_set_cpus(r, &f->vcpu_cpuset, "vcpu_cpuset", node, "cpuset");
}

static int add_pin(struct domain_reader *r, struct fact_list *list, const char *field,
		   const xmlNode *node, const char *id)
{
	struct domain_pin pin = { 0 }, *item;
	int e = domain_set_u64(r, &pin.id, field, node, id);

	if (e == 0)
		e = domain_set_cpus(r, &pin.cpus, field, node, "cpuset");
	/* libvirt refuses a pin without either. */
	if (e < 0 || !pin.id.known || !pin.cpus.known)
		return e;
	e = domain_add(r, list, sizeof(*item), field, node, &item);
	if (item)
		*item = pin;
	return e;
}

static int read_vcpu_pin(struct domain_reader *r, const xmlNode *node)
{
	return add_pin(r, &r->facts->vcpu_pins, "vcpu_pins", node, "vcpu");
}

static int read_iothread_pin(struct domain_reader *r, const xmlNode *node)
{
	return add_pin(r, &r->facts->iothread_pins, "iothread_pins", node, "iothread");
}

static int read_emulator_pin(struct domain_reader *r, const xmlNode *node)
{
	return domain_set_cpus(r, &r->facts->emulator_pin, "emulator_pin", node, "cpuset");
}

static int add_sched(struct domain_reader *r, struct fact_list *list, const char *field,
		     const xmlNode *node, const char *ids)
{
	struct domain_sched *item;
	int e = domain_add(r, list, sizeof(*item), field, node, &item);

	if (!item)
		return e;
	e = domain_set_cpus(r, &item->ids, field, node, ids);
	if (e == 0)
		e = domain_set_str(r, &item->policy, node, "scheduler");
	return e < 0 ? e : domain_set_u64(r, &item->priority, field, node, "priority");
}

static int read_vcpu_sched(struct domain_reader *r, const xmlNode *node)
{
	return add_sched(r, &r->facts->vcpu_scheds, "vcpu_scheds", node, "vcpus");
}

static int read_iothread_sched(struct domain_reader *r, const xmlNode *node)
{
	return add_sched(r, &r->facts->iothread_scheds, "iothread_scheds", node, "iothreads");
}

static int read_n_iothreads(struct domain_reader *r, const xmlNode *node)
{
	r->facts->n_iothreads.known = false;
	return domain_set_u64(r, &r->facts->n_iothreads, "n_iothreads", node, NULL);
}

/* More ids than <iothreads> says raise the number (virDomainDefParseIOThreads). */
static int read_iothread_ids(struct domain_reader *r, const xmlNode *node)
{
	uint64_t n = 0;

	for (const xmlNode *id = domain_child(node, "iothread"); id;
	     id = domain_next(id, "iothread"))
		n++;
	if (!r->facts->n_iothreads.known || r->facts->n_iothreads.v < n)
		fact_set_u64(&r->facts->n_iothreads, n);
	return 0;
}

static int read_topology(struct domain_reader *r, const xmlNode *node)
{
	struct domain_facts *f = r->facts;
	const struct {
		struct fact_u64 *fact;
		const char *name;
	} attributes[] = {
		{ &f->sockets, "sockets" },   { &f->dies, "dies" },
		{ &f->clusters, "clusters" }, { &f->cores, "cores" },
		{ &f->threads, "threads" },
	};
	int e = 0;

	for (size_t i = 0; e == 0 && i < ARRAY_SIZE(attributes); i++)
		e = domain_set_u64(r, attributes[i].fact, attributes[i].name, node,
				   attributes[i].name);
	if (e == 0 && f->sockets.known && !f->dies.known)
		fact_set_u64(&f->dies, 1);
	return e;
}

const struct domain_row domain_cpu_rows[] = {
	{ "", read_domain },
	{ "name", read_name },
	{ "vcpu", read_vcpu },
	{ "cputune/vcpupin", read_vcpu_pin },
	{ "cputune/emulatorpin", read_emulator_pin },
	{ "cputune/iothreadpin", read_iothread_pin },
	{ "cputune/vcpusched", read_vcpu_sched },
	{ "cputune/iothreadsched", read_iothread_sched },
	{ "iothreads", read_n_iothreads },
	{ "iothreadids", read_iothread_ids },
	{ "cpu/topology", read_topology },
	{ NULL, NULL },
};

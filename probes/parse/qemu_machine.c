/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qemu_machine.c - QEMU's options about name, accelerator, vCPUs and iothreads. */
#include <string.h>

#include "probes/parse/qemu_parts.h"

static int read_name(struct qemu_reader *r)
{
	const char *name = qemu_last(r, "-name", "guest");
	const char *names_threads = qemu_switch(qemu_last(r, "-name", "debug-threads"));

	fact_set_bool(&r->facts->has_debug_threads, names_threads && !strcmp(names_threads, "on"));
	return name && *name ? qemu_set_str(r, &r->facts->name, name) : 0;
}

/* "kvm", "kvm:tcg": the first that works is taken. */
static const char *accelerator(const struct qemu_reader *r)
{
	const struct qemu_entry *entry;
	const char *accel = NULL;
	size_t at = 0;

	if (qemu_next(r, "-enable-kvm", &at))
		return "kvm";
	at = 0;
	entry = qemu_next(r, "-accel", &at);
	if (entry)
		accel = qemu_option(&entry->values, "accel");
	if (!accel)
		accel = qemu_last(r, "-machine", "accel");
	if (accel)
		return accel;
	/* system/vl.c: without a word about it the name of the program decides. */
	return text_ends(text_of(r->program), "kvm") ? "kvm" : "tcg";
}

static int read_type(struct qemu_reader *r)
{
	const struct text accel = text_of(accelerator(r));
	const bool is_kvm = text_equal(accel, "kvm") || text_starts(accel, "kvm:");

	if (!*r->program)
		return 0;
	return qemu_set_str(r, &r->facts->type, is_kvm ? "kvm" : "qemu");
}

/* How many of a part there are when the others and the whole are known. */
static void divide(struct fact_u64 *part, uint64_t whole, uint64_t others)
{
	if (!part->known && others && whole % others == 0)
		fact_set_u64(part, whole / others);
}

static uint64_t value_or_1(const struct fact_u64 *f)
{
	return f->known ? f->v : 1;
}

/* -smp as libvirt's <vcpu> and <topology>: n_vcpus are those that can be plugged in, too. */
static void complete_topology(struct domain_facts *f, const struct fact_u64 *n_cpus,
			      const struct fact_u64 *n_max, bool is_odd)
{
	const bool is_told = f->sockets.known || f->cores.known || f->threads.known;
	const uint64_t product = value_or_1(&f->sockets) * value_or_1(&f->dies) *
				 value_or_1(&f->clusters) * value_or_1(&f->cores) *
				 value_or_1(&f->threads);

	f->n_vcpus = n_max->known ? *n_max : *n_cpus;
	if (n_max->known && n_cpus->known && n_cpus->v != n_max->v)
		f->n_current_vcpus = *n_cpus;
	if (!f->n_vcpus.known && !is_odd)
		fact_set_u64(&f->n_vcpus, product);
	if (!is_told || is_odd || !product)
		return;
	/* hw/core/machine-smp.c: threads are left to the last only if all others are told. */
	if (!f->threads.known && !(f->sockets.known && f->cores.known))
		fact_set_u64(&f->threads, 1);
	if (f->sockets.known || f->cores.known) {
		divide(&f->threads, f->n_vcpus.v, product);
		divide(&f->sockets, f->n_vcpus.v, product);
		divide(&f->cores, f->n_vcpus.v, product);
	}
	if (f->sockets.known && !f->dies.known)
		fact_set_u64(&f->dies, 1);
}

/* No sane number of anything is higher; products of five stay in range. */
#define TOPOLOGY_MAX 4096u

static int read_smp(struct qemu_reader *r)
{
	struct domain_facts *f = r->facts;
	struct fact_u64 n_cpus = { 0 }, n_max = { 0 };
	const struct {
		const char *key, *field;
		struct fact_u64 *fact;
	} keys[] = {
		{ "cpus", "n_vcpus", &n_cpus },           { "maxcpus", "n_vcpus", &n_max },
		{ "sockets", "sockets", &f->sockets },    { "dies", "dies", &f->dies },
		{ "clusters", "clusters", &f->clusters }, { "cores", "cores", &f->cores },
		{ "threads", "threads", &f->threads },
	};
	bool is_odd = false;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *value = qemu_last(r, "-smp", keys[i].key);
		int e = qemu_set_u64(r, keys[i].fact, keys[i].field, value);

		if (e < 0)
			return e;
		if (keys[i].fact->known && keys[i].fact->v > TOPOLOGY_MAX)
			*keys[i].fact = (struct fact_u64){ 0 };
		is_odd |= value && !keys[i].fact->known;
	}
	complete_topology(f, &n_cpus, &n_max, is_odd);
	return 0;
}

/* A patched QEMU pins its vCPUs itself: -vcpu vcpunum=0,affinity=1. */
static int read_pins(struct qemu_reader *r)
{
	const struct qemu_entry *entry;
	size_t at = 0;

	while ((entry = qemu_next(r, "-vcpu", &at))) {
		const char *cpus = qemu_option(&entry->values, "affinity");
		struct domain_pin pin = { 0 }, *item;
		int e = qemu_set_u64(r, &pin.id, "vcpu_pins",
				     qemu_option(&entry->values, "vcpunum"));

		if (e < 0)
			return e;
		pin.cpus.known = cpus && cpus_parse_list(text_of(cpus), &pin.cpus.v) == 0;
		if (!pin.id.known || !pin.cpus.known)
			continue;
		item = fact_add_item(&r->facts->vcpu_pins, r->arena, sizeof(*item));
		if (!item)
			return -ENOMEM;
		*item = pin;
	}
	return 0;
}

static void count_iothreads(struct qemu_reader *r)
{
	const struct qemu_entry *entry;
	uint64_t n = 0;
	size_t at = 0;

	while ((entry = qemu_next(r, "-object", &at)))
		n += !strcmp(entry->kind, "iothread");
	fact_set_u64(&r->facts->n_iothreads, n);
}

int qemu_read_machine(struct qemu_reader *r)
{
	int e = read_name(r);

	count_iothreads(r);
	if (e == 0)
		e = read_type(r);
	if (e == 0)
		e = read_smp(r);
	return e == 0 ? read_pins(r) : e;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* devices.h - guests with disks, network cards and inputs, for tests of rules. */
#ifndef TESTS_LIB_DEVICES_H
#define TESTS_LIB_DEVICES_H

#include "tests/lib/host.h"

/* A guest of libvirt with n vCPUs and no device at all. */
static inline void host_with_guest(struct host *h, uint64_t n_vcpus)
{
	struct domain_facts *d = &h->domain;

	host_blank(h);
	set_str(&d->source, "libvirt");
	set_str(&d->type, "kvm");
	set_str(&d->name, "win10");
	fact_set_u64(&d->n_vcpus, n_vcpus);
	fact_set_u64(&d->n_iothreads, 0);
	d->disks.known = true;
	d->controllers.known = true;
	d->interfaces.known = true;
	d->inputs.known = true;
	d->hostdevs.known = true;
	d->host_devices.known = true;
}

/* NULL leaves a fact unknown. */
static inline void set_told(struct fact_str *f, const char *v)
{
	if (v)
		set_str(f, v);
}

static inline struct domain_disk *add_disk(struct host *h, const char *bus, const char *type,
					   const char *source)
{
	struct domain_disk *d = fact_add_item(&h->domain.disks, &h->arena, sizeof(*d));

	assert_non_null(d);
	set_str(&d->device, "disk");
	set_told(&d->bus, bus);
	set_told(&d->type, type);
	set_told(&d->source, source);
	set_str(&d->format, "raw");
	return d;
}

static inline struct domain_controller *add_controller(struct host *h, const char *type,
						       const char *model)
{
	struct domain_controller *c = fact_add_item(&h->domain.controllers, &h->arena, sizeof(*c));

	assert_non_null(c);
	set_told(&c->type, type);
	set_told(&c->model, model);
	return c;
}

static inline struct domain_interface *add_card(struct host *h, const char *type, const char *model,
						const char *source)
{
	struct domain_interface *n = fact_add_item(&h->domain.interfaces, &h->arena, sizeof(*n));

	assert_non_null(n);
	set_told(&n->type, type);
	set_told(&n->model, model);
	set_told(&n->source, source);
	return n;
}

static inline struct domain_input *add_input(struct host *h, const char *type, const char *bus,
					     const char *source, const char *how)
{
	struct domain_input *in = fact_add_item(&h->domain.inputs, &h->arena, sizeof(*in));

	assert_non_null(in);
	set_told(&in->type, type);
	set_told(&in->bus, bus);
	set_told(&in->source, source);
	set_told(&in->how, how);
	return in;
}

static inline void pass_through(struct host *h, const char *address)
{
	assert_int_equal(fact_add_str(&h->domain.host_devices, &h->arena, address), 0);
}

/* A piece of a text that must be there. */
static inline void check_has(const char *text, const char *piece)
{
	if (!text || !strstr(text, piece))
		fail_msg("'%s' is not in '%s'", piece, text ? text : "(none)");
}

/* The lines of the edits of the XML, each and all. */
static inline void check_edits(const struct finding *f, const char *expected)
{
	if (!f->fix.change[CHANGE_XML])
		fail_msg("no edits of the XML");
	assert_string_equal(f->fix.change[CHANGE_XML], expected);
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest.h - configured guests made by hand, for tests of rules about them. */
#ifndef TESTS_LIB_GUEST_H
#define TESTS_LIB_GUEST_H

#include "tests/lib/host.h"

/* A host with a guest of which all lists were read and are empty; guest_os may be NULL. */
static inline void guest_blank(struct host *h, const char *guest_os)
{
	struct domain_facts *d = &h->domain;

	host_blank(h);
	set_str(&d->source, "file");
	set_str(&d->name, "win10");
	set_str(&d->type, "kvm");
	set_str(&d->arch, "x86_64");
	set_str(&d->machine, "pc-q35-7.2");
	if (guest_os)
		set_str(&d->guest_os, guest_os);
	d->features.known = d->cpu_features.known = d->timers.known = true;
	d->disks.known = d->controllers.known = d->interfaces.known = true;
	d->host_devices.known = d->hostdevs.known = d->inputs.known = true;
	d->graphics.known = d->videos.known = d->sounds.known = true;
	d->qemu_args.known = true;
}

static inline void set_setting(struct host *h, struct fact_list *list, const char *name,
			       const char *value)
{
	struct setting_fact *s = list->v;

	list->known = true;
	for (size_t i = 0; i < list->n; i++) {
		if (fact_is(&s[i].name, name)) {
			set_str(&s[i].value, value);
			return;
		}
	}
	s = fact_add_item(list, &h->arena, sizeof(*s));
	assert_non_null(s);
	set_str(&s->name, name);
	set_str(&s->value, value);
}

static inline void set_feature(struct host *h, const char *name, const char *value)
{
	set_setting(h, &h->domain.features, name, value);
}

static inline struct domain_timer *set_timer(struct host *h, const char *name, bool is_present)
{
	struct domain_timer *t = h->domain.timers.v;

	for (size_t i = 0; i < h->domain.timers.n; i++, t++) {
		if (fact_is(&t->name, name)) {
			fact_set_bool(&t->is_present, is_present);
			return t;
		}
	}
	t = fact_add_item(&h->domain.timers, &h->arena, sizeof(*t));
	assert_non_null(t);
	set_str(&t->name, name);
	fact_set_bool(&t->is_present, is_present);
	return t;
}

static inline void set_host_device(struct host *h, const char *address)
{
	assert_int_equal(fact_add_str(&h->domain.host_devices, &h->arena, address), 0);
	h->domain.host_devices.known = true;
}

#endif

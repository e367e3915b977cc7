/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guestconf.h - guests as they are configured, made by hand, for tests of rules about them. */
#ifndef TESTS_LIB_GUESTCONF_H
#define TESTS_LIB_GUESTCONF_H

#include "tests/lib/machine.h"

/* A guest of an XML in which nothing is told but its system; NULL: not that either. */
static inline void guest_of(struct host *h, const char *os)
{
	struct domain_facts *d = &h->domain;

	set_str(&d->source, "file");
	set_str(&d->name, "win10");
	set_str(&d->type, "kvm");
	set_str(&d->arch, "x86_64");
	set_str(&d->machine, "pc-q35-7.2");
	if (os)
		set_str(&d->guest_os, os);
	d->features.known = d->cpu_features.known = d->timers.known = true;
	d->cells.known = d->hostdevs.known = d->host_devices.known = true;
}

static inline void add_setting(struct host *h, struct fact_list *list, const char *name,
			       const char *value)
{
	struct setting_fact *s = fact_add_item(list, &h->arena, sizeof(*s));

	assert_non_null(s);
	set_str(&s->name, name);
	set_str(&s->value, value);
}

static inline struct domain_timer *add_timer(struct host *h, const char *name)
{
	struct domain_timer *t = fact_add_item(&h->domain.timers, &h->arena, sizeof(*t));

	assert_non_null(t);
	set_str(&t->name, name);
	return t;
}

static inline void add_device(struct host *h, const char *address)
{
	assert_int_equal(fact_add_str(&h->domain.host_devices, &h->arena, address), 0);
}

static inline void set_topology(struct host *h, uint64_t n, uint64_t sockets, uint64_t cores,
				uint64_t threads)
{
	fact_set_u64(&h->domain.n_vcpus, n);
	fact_set_u64(&h->domain.sockets, sockets);
	fact_set_u64(&h->domain.dies, 1);
	fact_set_u64(&h->domain.cores, cores);
	fact_set_u64(&h->domain.threads, threads);
}

/* One line of a table: facts that are set upon a guest, what the rule says of it. */
struct guest_case {
	const char *os;
	void (*set)(struct host *h);
	enum verdict verdict;
	const char *piece; /* of the sentence */
	const char *fix;   /* piece of the edits of the XML; NULL: none is looked for */
};

static inline void check_guests(const char *id, const struct guest_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct finding f;
		struct host h;

		host_blank(&h);
		guest_of(&h, cases[i].os);
		if (cases[i].set)
			cases[i].set(&h);
		f = check_row(&h, id, cases[i].verdict, cases[i].piece);
		if (cases[i].fix)
			check_has(f.fix.change[CHANGE_XML], cases[i].fix);
		else if (cases[i].verdict != VERDICT_PROBLEM && cases[i].verdict != VERDICT_ADVICE)
			assert_null(f.fix.persist);
		arena_release(&h.arena);
	}
}

#define CHECK_GUESTS(id, cases) check_guests(id, cases, ARRAY_SIZE(cases))

#endif

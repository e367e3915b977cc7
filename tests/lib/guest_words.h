/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest_words.h - guests and hosts written as words, and fixes typed into them.
 *
 * "windows relaxed spinlocks.retries=8191 hypervclock=off vcpus=8 cpu:vmx=require
 * param:kvm_amd.avic=Y libvirt=9.0.0": names of enlightenments, timers and what is in the table.
 */
#ifndef TESTS_LIB_GUEST_WORDS_H
#define TESTS_LIB_GUEST_WORDS_H

#include "analyze/change.h"
#include "tests/lib/guest.h"

static inline bool set_known_word(struct host *h, const char *name, const char *value)
{
	struct domain_facts *d = &h->domain;
	const struct {
		const char *name;
		struct fact_str *fact;
	} facts[] = {
		{ "arch", &d->arch },           { "type", &d->type },
		{ "mode", &d->hyperv_mode },    { "cpu_mode", &d->cpu_mode },
		{ "manager", &d->manager },     { "firmware", &d->firmware },
		{ "smbios", &d->smbios },       { "libvirt", &h->setup.libvirt_version },
		{ "vendor", &h->cpu.vendor },   { "qemu", &h->setup.qemu_version },
		{ "xml_error", &d->xml_error },
	};

	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		if (strcmp(facts[i].name, name) != 0)
			continue;
		set_str(facts[i].fact, value);
		return true;
	}
	return false;
}

static inline void set_vcpus(struct host *h, const char *value, bool is_pinned)
{
	uint64_t n;

	assert_int_equal(text_u64(text_of(value), &n), 0);
	fact_set_u64(&h->domain.n_vcpus, n);
	for (uint64_t i = 0; is_pinned && i < n; i++) {
		struct domain_pin *pin =
			fact_add_item(&h->domain.vcpu_pins, &h->arena, sizeof(*pin));
		struct cpus set = { 0 };

		assert_non_null(pin);
		cpus_add(&set, (unsigned)i);
		fact_set_u64(&pin->id, i);
		fact_set_cpus(&pin->cpus, &set);
	}
}

static inline void add_str(struct host *h, struct fact_strs *list, const char *value)
{
	assert_int_equal(fact_add_str(list, &h->arena, value), 0);
	list->known = true;
}

static inline void add_input(struct host *h, const char *type, const char *bus)
{
	struct domain_input *in = fact_add_item(&h->domain.inputs, &h->arena, sizeof(*in));

	assert_non_null(in);
	set_str(&in->type, type);
	set_str(&in->bus, bus);
}

/* A function of the host: 0x030000 is a display. */
static inline void add_function(struct host *h, const char *address, uint64_t class_code,
				uint64_t vendor)
{
	struct pci_function *f = fact_add_item(&h->pci.functions, &h->arena, sizeof(*f));

	assert_non_null(f);
	h->pci.functions.known = true;
	set_str(&f->address, address);
	fact_set_u64(&f->class_code, class_code);
	fact_set_u64(&f->vendor_id, vendor);
}

static inline bool set_list_word(struct host *h, const char *name, const char *value)
{
	struct domain_facts *d = &h->domain;

	if (!strcmp(name, "vcpus") || !strcmp(name, "pinned"))
		set_vcpus(h, value, name[0] == 'p');
	else if (!strcmp(name, "video"))
		add_str(h, &d->videos, value);
	else if (!strcmp(name, "device"))
		add_str(h, &d->host_devices, value);
	else if (!strcmp(name, "xml"))
		add_str(h, &d->xml,
			finding_text(&(struct finding){ .arena = &h->arena }, "<%s model='x'/>",
				     value));
	else if (!strcmp(name, "tablet"))
		add_input(h, name, value);
	else if (!strcmp(name, "display"))
		add_function(h, "0000:01:00.0", 0x030000,
			     strcmp(value, "nvidia") ? 0x1002 : 0x10de);
	else if (!strcmp(name, "redirections"))
		fact_set_u64(&d->n_usb_redirections, 2);
	else if (!strcmp(name, "secureboot"))
		fact_set_bool(&d->is_secure_boot, !strcmp(value, "on"));
	else if (!strcmp(name, "smbios_tables"))
		fact_set_bool(&h->setup.has_smbios, !strcmp(value, "on"));
	else
		return false;
	return true;
}

static inline void set_word(struct host *h, const char *name, const char *value)
{
	static const char *const features[] = { "vmport", "smm", "ioapic.driver", "kvm.hidden",
						"apic.eoi" };

	if (set_known_word(h, name, value) || set_list_word(h, name, value))
		return;
	if (!strncmp(name, "cpu:", 4)) {
		set_setting(h, &h->domain.cpu_features, name + 4, value);
		return;
	}
	if (!strncmp(name, "param:", 6)) {
		set_setting(h, &h->kernel.params, name + 6, value);
		return;
	}
	if (!strcmp(name, "hypervclock")) {
		set_timer(h, name, strcmp(value, "off") != 0);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(features); i++) {
		if (!strcmp(features[i], name)) {
			set_feature(h, name, value);
			return;
		}
	}
	set_feature(h, finding_text(&(struct finding){ .arena = &h->arena }, "hyperv.%s", name),
		    value);
}

/* The first word is what runs in the guest: windows, linux, other, unknown; "none": no guest. */
static inline void guest_of_words(struct host *h, const char *words)
{
	struct text rest = text_of(words), word, key, value;

	assert_true(text_next_word(&rest, &word));
	if (text_equal(word, "none")) {
		host_blank(h);
		return;
	}
	guest_blank(h, NULL);
	if (!text_equal(word, "unknown"))
		set_str(&h->domain.guest_os, arena_strndup(&h->arena, word.at, word.len));
	while (text_next_word(&rest, &word)) {
		const bool has_value = text_key_value(word, '=', &key, &value);
		const char *name = has_value ? arena_strndup(&h->arena, key.at, key.len)
					     : arena_strndup(&h->arena, word.at, word.len);

		set_word(h, name, has_value ? arena_strndup(&h->arena, value.at, value.len) : "on");
	}
}

/* Types an edit of <features>, <clock> or <cpu> in; others are no business of these tests. */
static inline void type_edit(struct host *h, const struct xml_edit *e)
{
	const char *last = e->steps[e->n_steps - 1].name, *name = last;
	struct arena *a = &h->arena;

	if (!strcmp(e->steps[0].name, "clock")) {
		set_timer(h, e->steps[1].value, !strcmp(e->attributes[0].value, "yes"));
		return;
	}
	if (!strcmp(e->steps[0].name, "cpu")) {
		set_setting(h, &h->domain.cpu_features, e->steps[1].value, e->attributes[0].value);
		return;
	}
	if (strcmp(e->steps[0].name, "features") != 0)
		return;
	if (!strcmp(last, "hyperv")) {
		set_str(&h->domain.hyperv_mode, e->attributes[0].value);
		return;
	}
	for (size_t i = e->n_steps - 1; i-- > 1;)
		name = arena_printf(a, "%s.%s", e->steps[i].name, name);
	if (e->is_removal) {
		set_feature(h, name, "off");
		return;
	}
	for (size_t i = 0; i < e->n_attributes; i++) {
		const bool is_state = !strcmp(e->attributes[i].name, "state");

		set_feature(h,
			    is_state ? name : arena_printf(a, "%s.%s", name, e->attributes[i].name),
			    e->attributes[i].value);
	}
}

/* Every line of the fix for libvirt, which must be an edit. */
static inline void type_fix(struct host *h, const struct finding *f)
{
	struct text rest = text_of(f->fix.change[CHANGE_XML]), line;

	while (text_next_line(&rest, &line)) {
		struct xml_edit e;

		assert_int_equal(xml_edit_parse(line.at, line.len, &h->arena, &e), 0);
		type_edit(h, &e);
	}
}

struct word_case {
	const char *id, *words;
	enum verdict verdict;
	const char *said; /* a piece of the sentence */
	const char *fix;  /* a piece of what persists; NULL: not looked at */
	/* What the same rule says once the fix is typed in; N_VERDICTS: it was not typed in. */
	enum verdict after;
};

static inline void check_word_case(const struct word_case *c)
{
	struct host h;
	struct finding f;

	guest_of_words(&h, c->words);
	f = check_row(&h, c->id, c->verdict, c->said);
	if (c->fix && (!f.fix.persist || !strstr(f.fix.persist, c->fix)))
		fail_msg("%s (%s): fix '%s'", c->id, c->words, f.fix.persist ? f.fix.persist : "");
	if (c->verdict > VERDICT_ADVICE && f.fix.persist)
		fail_msg("%s (%s): fixes what is not broken", c->id, c->words);
	if (c->after != N_VERDICTS) {
		assert_non_null(f.fix.change[CHANGE_XML]);
		type_fix(&h, &f);
		check_row(&h, c->id, c->after, NULL);
	}
	arena_release(&h.arena);
}

#endif

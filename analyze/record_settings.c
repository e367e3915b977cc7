/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record_settings.c - the settings of a result as keys and texts. */
#include <inttypes.h>
#include <string.h>

#include "analyze/record_parts.h"
#include "core/text.h"

#define MEMBER(name) offsetof(struct host, name)

/*
 * What describes the host and the guest. How the timed probes were set stands in the fingerprint,
 * and there stand the members "host" and "guest" of the result too.
 */
static const struct {
	const struct schema *schema;
	size_t at;
} parts[] = {
	{ &cpuset_schema, MEMBER(cpus) }, { &kernel_schema, MEMBER(kernel) },
	{ &cpu_schema, MEMBER(cpu) },     { &clock_schema, MEMBER(clock) },
	{ &irq_schema, MEMBER(irq) },     { &hugepages_schema, MEMBER(hugepages) },
	{ &aio_schema, MEMBER(aio) },     { &domain_schema, MEMBER(domain) },
	{ &pci_schema, MEMBER(pci) },     { &iommu_schema, MEMBER(iommu) },
	{ &power_schema, MEMBER(power) }, { &mm_schema, MEMBER(mm) },
	{ &sched_schema, MEMBER(sched) }, { &net_schema, MEMBER(net) },
	{ &log_schema, MEMBER(log) },     { &setup_schema, MEMBER(setup) },
};

struct list {
	struct arena *arena;
	struct record_facts *record;
	bool is_cut;
};

/* FNV-1a (Fowler, Noll, Vo), 32 bits: to tell texts apart, not to keep them safe. */
static uint32_t checksum(const char *s)
{
	uint32_t sum = 2166136261u;

	for (; *s; s++)
		sum = (sum ^ (unsigned char)*s) * 16777619u;
	return sum;
}

static const char *shortened(struct arena *a, const char *value)
{
	const size_t len = strlen(value);
	char *head = arena_alloc(a, RECORD_VALUE_MAX);

	if (!head || len < RECORD_VALUE_MAX)
		return arena_strdup(a, value);
	text_clean(text_make(value, len), head, RECORD_VALUE_MAX);
	return arena_printf(a, "%s… (%zu bytes, checksum %08" PRIx32 ")", head, len,
			    checksum(value));
}

static int add_setting(void *arg, const char *key, const char *value)
{
	struct list *l = arg;
	struct record_setting *s;

	if (l->record->settings.n >= RECORD_SETTINGS_MAX) {
		l->is_cut = true;
		return 0;
	}
	s = fact_add_item(&l->record->settings, l->arena, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->key = (struct fact_str){ true, shortened(l->arena, key) };
	s->value = (struct fact_str){ true, shortened(l->arena, value) };
	return s->key.v && s->value.v ? 0 : -ENOMEM;
}

/* Where an interrupt may go is a setting, though the table of interrupts is none. */
static int add_interrupts(const struct host *h, struct list *l)
{
	const struct irq_line *lines = h->irq.lines.v;

	for (size_t i = 0; i < h->irq.lines.n; i++) {
		auto_free char *key = NULL;
		auto_free char *cpus = NULL;
		int r;

		if (!lines[i].irq.known || !lines[i].actions.known || !lines[i].affinity.known)
			continue;
		cpus = cpus_list_new(&lines[i].affinity.v);
		if (!cpus || asprintf(&key, "irq.affinity[%s]", lines[i].actions.v) < 0) {
			key = NULL;
			return -ENOMEM;
		}
		r = add_setting(l, key, cpus);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Threads that live as long as the guest: workers come and go, and vhost is named by its process.
 */
static int add_threads(const struct host *h, struct list *l)
{
	static const char *const lasting[] = { "vcpu", "emulator", "iothread", NULL };
	const struct guest_thread *t = h->running ? h->running->threads.v : NULL;

	for (size_t i = 0; t && i < h->running->threads.n; i++) {
		auto_free char *prefix = NULL;
		int r;

		if (!t[i].comm.known || !fact_is_one_of(&t[i].role, lasting))
			continue;
		if (asprintf(&prefix, "guest.threads[%s]", t[i].comm.v) < 0) {
			prefix = NULL;
			return -ENOMEM;
		}
		r = schema_settings(&guest_thread_schema, &t[i], prefix, add_setting, l);
		if (r < 0)
			return r;
	}
	return 0;
}

struct place {
	struct record_setting setting;
	size_t i;
};

static int by_key(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	const int order = strcmp(x->setting.key.v, y->setting.key.v);

	return order ? order : (x->i > y->i) - (x->i < y->i);
}

static int sort_settings(struct arena *a, struct fact_list *settings)
{
	struct record_setting *s = settings->v;
	struct place *places = arena_calloc(a, settings->n, sizeof(*places));
	size_t same = 0;

	if (!places)
		return -ENOMEM;
	for (size_t i = 0; i < settings->n; i++)
		places[i] = (struct place){ s[i], i };
	qsort(places, settings->n, sizeof(*places), by_key);
	for (size_t i = 0; i < settings->n; i++) {
		const char *key = places[i].setting.key.v;

		same = i && !strcmp(key, places[i - 1].setting.key.v) ? same + 1 : 0;
		s[i] = places[i].setting;
		if (same)
			s[i].key.v = arena_printf(a, "%s#%zu", key, same + 1);
		if (!s[i].key.v)
			return -ENOMEM;
	}
	return 0;
}

int record_settings(const struct host *h, struct arena *a, struct record_facts *record)
{
	struct list l = { a, record, false };
	int r = 0;

	record->settings = (struct fact_list){ .known = true };
	for (size_t i = 0; i < ARRAY_SIZE(parts) && r == 0; i++)
		r = schema_settings(parts[i].schema, (const char *)h + parts[i].at,
				    parts[i].schema->name, add_setting, &l);
	if (r == 0)
		r = add_interrupts(h, &l);
	if (r == 0)
		r = add_threads(h, &l);
	if (r == 0)
		r = sort_settings(a, &record->settings);
	if (r == 0 && l.is_cut)
		r = fact_add_str(&record->warnings, a,
				 "there are more settings than 20000: the rest is not compared");
	return r;
}

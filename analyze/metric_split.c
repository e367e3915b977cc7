/* SPDX-License-Identifier: GPL-2.0-or-later */
/* metric_split.c - the parts of a metric: one CPU, one handler. */
#include <string.h>

#include "analyze/measures.h"
#include "analyze/metric_parts.h"

struct late { /* a CPU and its latest wake-up */
	unsigned cpu;
	uint64_t max_ns;
};

static int compare_late(const void *a, const void *b)
{
	const struct late *x = a, *y = b;

	if (x->max_ns != y->max_ns)
		return x->max_ns > y->max_ns ? -1 : 1;
	return x->cpu < y->cpu ? -1 : x->cpu > y->cpu;
}

/* The CPUs with the latest wake-ups; one alone is what all together are. */
static int latest_cpus(const struct host *h, struct cpus *ret_cpus)
{
	const struct wake_unit *u = h->wake.units.v;
	auto_free struct late *late = calloc(CPUS_MAX, sizeof(*late));
	struct cpus measured = { { 0 } }, latest = { { 0 } };
	size_t n = 0;

	if (!late)
		return -ENOMEM;
	for (size_t i = 0; i < h->wake.units.n; i++) {
		if (!u[i].cpu.known || u[i].cpu.v >= CPUS_MAX || !u[i].hist_corrected.known)
			continue;
		cpus_add(&measured, (unsigned)u[i].cpu.v);
		late[u[i].cpu.v].max_ns =
			u64_max(late[u[i].cpu.v].max_ns, u[i].hist_corrected.v->max_ns);
	}
	/* To the front: n is never beyond the CPU. */
	for (int c = cpus_next(&measured, 0); c >= 0; c = cpus_next(&measured, (unsigned)c + 1))
		late[n++] = (struct late){ (unsigned)c, late[c].max_ns };
	qsort(late, n, sizeof(*late), compare_late);
	for (size_t i = 0; n > 1 && i < n && i < METRIC_PARTS_MAX; i++)
		cpus_add(&latest, late[i].cpu);
	*ret_cpus = latest;
	return 0;
}

int metric_add_cpus(const struct host *h, struct arena *a, struct record_facts *record)
{
	static const struct {
		const char *id;
		uint32_t ppm;
	} of_cpu[] = { { "wake.p99", 990000 }, { "wake.p99.9", 999000 } };
	struct cpus latest;
	int r = latest_cpus(h, &latest);

	for (size_t i = 0; i < ARRAY_SIZE(of_cpu) && r == 0; i++) {
		for (int c = cpus_next(&latest, 0); c >= 0 && r == 0;
		     c = cpus_next(&latest, (unsigned)c + 1)) {
			auto_unit_values struct unit_values v = { 0 };
			const char *id = arena_printf(a, "%s/cpu%d", of_cpu[i].id, c);
			struct cpus one = { { 0 } };

			cpus_add(&one, (unsigned)c);
			r = unit_values_wake_quantile(h, &one, UNIT_CORRECTED, of_cpu[i].ppm, &v);
			if (r == 0)
				r = id ? metric_add_values(record, a, id, &v) : -ENOMEM;
			r = r == -ENODATA ? 0 : r;
		}
	}
	return r;
}

struct handler {
	const char *name;
	bool has_moved;         /* in the run, on whatever CPU */
	uint64_t in_run, since; /* on G: in the run, and since boot */
};

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct handler *)a)->name, ((const struct handler *)b)->name);
}

static int compare_most(const void *a, const void *b)
{
	const struct handler *x = a, *y = b;

	if (x->in_run != y->in_run)
		return x->in_run > y->in_run ? -1 : 1;
	if (x->since != y->since)
		return x->since > y->since ? -1 : 1;
	return strcmp(x->name, y->name);
}

static size_t take_handlers(const struct host *h, struct handler *v)
{
	const struct activity_irq *moved = h->activity.irqs.v;
	const struct irq_line *line = h->irq.lines.v;
	const struct cpus *guest = &h->cpus.guest.v;
	size_t n = 0;

	for (size_t i = 0; i < h->activity.irqs.n; i++) {
		if (moved[i].irq.known && moved[i].actions.known && *moved[i].actions.v)
			v[n++] = (struct handler){ moved[i].actions.v, true,
						   count_on(&moved[i].counts, guest), 0 };
	}
	for (size_t i = 0; i < h->irq.lines.n; i++) {
		if (line[i].irq.known && line[i].actions.known && *line[i].actions.v)
			v[n++] = (struct handler){ line[i].actions.v, false, 0,
						   count_on(&line[i].counts, guest) };
	}
	return n;
}

/* Those of one name become one; sorted by name. */
static size_t merge_handlers(struct handler *v, size_t n)
{
	size_t n_merged = 0;

	for (size_t i = 0; i < n; i++) {
		struct handler *last = n_merged ? &v[n_merged - 1] : NULL;

		if (!last || strcmp(last->name, v[i].name) != 0) {
			v[n_merged++] = v[i];
			continue;
		}
		last->has_moved |= v[i].has_moved;
		last->in_run += v[i].in_run;
		last->since += v[i].since;
	}
	return n_merged;
}

/*
 * A handler that fires, but on G no more, is one too: that it was moved away is what a comparison
 * wants to see.
 */
static bool is_meant(const struct handler *h)
{
	return h->has_moved && (h->in_run > 0 || h->since > 0);
}

int metric_add_handlers(const struct host *h, struct arena *a, struct record_facts *record)
{
	auto_free struct handler *v = NULL;
	size_t n, n_added = 0;
	int r = 0;

	if (!fact_has_cpus(&h->cpus.guest) || h->activity.units.n == 0)
		return 0;
	v = calloc(h->activity.irqs.n + h->irq.lines.n + 1, sizeof(*v));
	if (!v)
		return -ENOMEM;
	n = take_handlers(h, v);
	qsort(v, n, sizeof(*v), compare_names);
	n = merge_handlers(v, n);
	qsort(v, n, sizeof(*v), compare_most);
	for (size_t i = 0; i < n && n_added < METRIC_PARTS_MAX && r == 0; i++) {
		auto_unit_values struct unit_values values = { 0 };
		const char *id;

		if (!is_meant(&v[i]))
			continue;
		n_added++;
		id = arena_printf(a, "irq.g_rate/%s", v[i].name);
		r = unit_values_irq_rate(h, v[i].name, &values);
		if (r == 0)
			r = id ? metric_add_values(record, a, id, &values) : -ENOMEM;
		r = r == -ENODATA ? 0 : r;
	}
	return r;
}

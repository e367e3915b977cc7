/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exits_memory.c - loads at random places of guest memory, by what backs it. */
#include <inttypes.h>
#include <string.h>

#include "probes/exits_parts.h"
#include "probes/parse/meminfo.h"

#define SHARES 2u
/* Any will do, and the same way in each run compares best. */
#define SEED UINT64_C(0x9e3779b97f4a7c15)

static const struct {
	uint64_t kib;
	const char *name;
} page_sizes[] = { { 4, "4 KiB" }, { 2048, "2 MiB" }, { 1048576, "1 GiB" } };

unsigned exits_memory_shares(void)
{
	return SHARES * ARRAY_SIZE(page_sizes);
}

static int add_row(struct exits *x, size_t i, const struct exits_backing *b,
		   const struct exits_result *result)
{
	const struct exits_seat *seat = &result->seats[0];
	struct exits_memory *m =
		fact_add_item(&x->facts->memory, x->env->arena, sizeof(struct exits_memory));

	if (!m)
		return -ENOMEM;
	x->n_measured++;
	fact_set_u64(&m->backing_kib, page_sizes[i].kib);
	fact_set_u64(&m->size_kib, b->used / KIB);
	fact_set_u64(&m->n_loads, seat->n_units);
	fact_set_u64(&m->load_ps, seat->unit_ps);
	/* An emulator reads guest memory without mapping it. */
	if (result->mapped_error == -ENODATA)
		return probe_gap_words(x->env, "memory.mapped_kib", "KVM_GET_STATS_FD",
				       "%s: KVM has mapped less than half of it in pages of any "
				       "one size",
				       page_sizes[i].name);
	if (result->mapped_error < 0)
		return probe_gap_words(x->env, "memory.mapped_kib", "KVM_GET_STATS_FD",
				       "%s: the pages that KVM mapped: %s", page_sizes[i].name,
				       strerror(-result->mapped_error));
	fact_set_u64(&m->mapped_kib, result->mapped_kib);
	return 0;
}

static int walk(struct exits *x, size_t i, const struct exits_backing *b, uint64_t budget_ns)
{
	const struct exits_plan plan = {
		.program = MG_PROGRAM_CHASE,
		.cpus = x->first,
		.budget_ns = budget_ns,
		.backing = b,
		.seed = SEED,
	};
	struct exits_result result;
	int r = exits_run(x->env->time, &plan, &result);

	if (r == -EINTR) {
		x->is_asked = true;
		r = 0;
	}
	if (r == 0 && result.trouble)
		r = probe_gap_words(x->env, "memory", "", "%s: %s", page_sizes[i].name,
				    result.trouble);
	if (r == 0 && result.n_seats > 0 && result.seats[0].n_units > 0)
		r = add_row(x, i, b, &result);
	else if (r == 0 && !result.trouble)
		r = probe_gap_words(x->env, "memory", "",
				    "%s: not even one way through all of it was over in time",
				    page_sizes[i].name);
	exits_result_release(&result);
	return r;
}

static int measure_backing(struct exits *x, size_t i, size_t size)
{
	struct exits_backing backing;
	const char *why = "";
	int r;

	r = exits_backing_init(&backing, x->env->root, page_sizes[i].kib, size, &why);
	if (r < 0)
		return probe_gap_words(x->env, "memory", "", "%s: %s (%s)", page_sizes[i].name, why,
				       strerror(-r));
	r = walk(x, i, &backing, exits_budget(x, SHARES));
	exits_backing_release(&backing);
	return r;
}

int exits_memory_measure(struct exits *x)
{
	uint64_t available_kib = 0;
	struct text text;
	size_t size;
	int r = probe_read_text(x->env, &text, "memory", "/proc/meminfo");

	if (r < 0 || !text.at)
		return r;
	x->facts->memory.known = true;
	r = meminfo_kib(text, "MemAvailable", &available_kib);
	if (r < 0)
		return probe_gap(x->env, "memory", "/proc/meminfo", r);
	size = exits_backing_size(available_kib);
	if (size == 0)
		return probe_gap_words(x->env, "memory", "/proc/meminfo",
				       "only %" PRIu64 " KiB of memory are available",
				       available_kib);
	r = 0;
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(page_sizes); i++) {
		if (x->is_asked)
			r = probe_gap_words(x->env, "memory", "", "%s: ended before",
					    page_sizes[i].name);
		else
			r = measure_backing(x, i, size);
	}
	return r;
}

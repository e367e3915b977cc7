/* SPDX-License-Identifier: GPL-2.0-or-later */
/* irq_lines.c - /proc/interrupts into facts. */
#include <string.h>

#include "probes/irq_parts.h"
#include "probes/parse/interrupts.h"

#define INTERRUPTS "/proc/interrupts"

/* The largest hosts have a few thousand; a bound for a stranger's file. */
#define N_LINES_MAX 32768u

static size_t count_newlines(struct text t)
{
	const char *at = t.at, *end = t.at + t.len;
	size_t n = 0;

	while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
		at++;
		n++;
	}
	return n;
}

static int set_counts(struct arena *a, const struct interrupts *it, const uint64_t *counts,
		      struct fact_pairs *f)
{
	size_t n = 0;

	for (size_t i = 0; i < it->n_cpus; i++)
		n += counts[i] != 0;
	f->v = arena_calloc(a, n, sizeof(*f->v));
	if (!f->v)
		return -ENOMEM;
	f->known = true;
	for (size_t i = 0; i < it->n_cpus; i++) {
		if (counts[i])
			f->v[f->n++] = (struct fact_pair){ it->cpus[i], counts[i] };
	}
	return 0;
}

static int set_device(struct arena *a, const struct interrupts_line *line, struct fact_str *f)
{
	struct pci_address address;
	char buf[PCI_ADDRESS_SIZE];

	if (!interrupts_device(line, &address))
		return 0;
	pci_address_format(&address, buf);
	return fact_set_str(f, a, buf);
}

static int set_line(struct arena *a, const struct interrupts *it,
		    const struct interrupts_line *line, struct irq_line *f)
{
	int r = fact_set_text(&f->label, a, line->label);

	if (r == 0 && line->is_numbered) {
		fact_set_u64(&f->irq, line->irq);
		r = fact_set_text(&f->chip, a, line->chip);
		if (r == 0 && line->hwirq.len)
			r = fact_set_text(&f->hwirq, a, line->hwirq);
		if (r == 0)
			r = set_device(a, line, &f->device);
	}
	if (r == 0)
		r = fact_set_text(&f->actions, a, line->actions);
	if (r == 0 && line->counts)
		r = set_counts(a, it, line->counts, &f->counts);
	if (line->has_total)
		fact_set_u64(&f->n_total, line->total);
	return r;
}

static int set_lines(struct probe_env *env, struct interrupts *it, struct irq_facts *f)
{
	const size_t room = (size_t)u64_min(count_newlines(it->rest) + 1, N_LINES_MAX);
	struct irq_line *lines = arena_calloc(env->arena, room, sizeof(*lines));
	struct interrupts_line line;
	int r = 0;

	if (!lines)
		return -ENOMEM;
	f->lines = (struct fact_list){ .known = true, .v = lines };
	while (r == 0 && f->lines.n < room && interrupts_next(it, &line))
		r = set_line(env->arena, it, &line, &lines[f->lines.n++]);
	if (r == 0 && it->n_odd)
		r = probe_gap_words(env, "lines", INTERRUPTS, "%zu lines are not understood",
				    it->n_odd);
	if (r == 0 && text_trim(it->rest).len)
		r = probe_gap_words(env, "lines", INTERRUPTS, "only the first %zu lines were read",
				    room);
	return r;
}

int irq_read_lines(struct probe_env *env, struct irq_facts *f)
{
	auto_interrupts struct interrupts it = { 0 };
	struct text text;
	int r = probe_read_text(env, &text, "lines", INTERRUPTS);

	if (r < 0 || !text.at)
		return r;
	r = interrupts_init(&it, text);
	if (r == -EBADMSG)
		return probe_gap_words(env, "lines", INTERRUPTS, "no line with the CPUs");
	if (r < 0)
		return r;
	f->cpus.known = true;
	for (size_t i = 0; i < it.n_cpus; i++)
		cpus_add(&f->cpus.v, it.cpus[i]);
	return set_lines(env, &it, f);
}

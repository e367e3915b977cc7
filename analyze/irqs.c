/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/irqs.h"

#include <string.h>

#include "analyze/engine.h"
#include "analyze/measures.h"

/* More lines than any machine has queues for one guest to care about. */
#define MOVES_MAX 512u

bool irqs_are_measured(const struct host *h)
{
	return host_window_ns(h) >= NS_PER_MS && h->activity.irqs.known;
}

bool irq_is_vfio(const struct fact_str *actions)
{
	struct text rest = text_of(actions->known ? actions->v : ""), action;
	bool is_vfio = false;

	while (text_next_piece(&rest, ',', &action)) {
		if (!text_starts(text_trim(action), "vfio-"))
			return false;
		is_vfio = true;
	}
	return is_vfio;
}

/* Legacy lines that count a few interrupts at boot and cannot be moved. */
static bool is_of_boot(const struct irq_line *line)
{
	return fact_is(&line->actions, "timer") || fact_is(&line->actions, "cascade");
}

static bool is_kind(enum irq_kind kind, const struct fact_str *actions, const struct irq_line *line)
{
	if (irq_is_vfio(actions))
		return kind == IRQ_VFIO;
	if (line && line->is_movable.known && !line->is_movable.v)
		return kind == IRQ_IMMOVABLE;
	return kind == IRQ_MOVABLE;
}

struct line_index { /* lines by number */
	const struct irq_line **v;
	size_t n;
};

static int compare_lines(const void *a, const void *b)
{
	const struct irq_line *const *x = a, *const *y = b;

	return (*x)->irq.v < (*y)->irq.v ? -1 : (*x)->irq.v > (*y)->irq.v;
}

/* The caller frees index->v. */
static bool line_index_init(struct line_index *index, const struct host *h)
{
	const struct irq_line *line = h->irq.lines.v;

	*index = (struct line_index){ calloc(h->irq.lines.n + 1, sizeof(*index->v)), 0 };
	for (size_t i = 0; index->v && i < h->irq.lines.n; i++) {
		if (line[i].irq.known)
			index->v[index->n++] = &line[i];
	}
	if (index->n)
		qsort(index->v, index->n, sizeof(*index->v), compare_lines);
	return index->v != NULL;
}

static const struct irq_line *find_line(const struct line_index *index, uint64_t irq)
{
	const struct irq_line key = { .irq = { true, irq } }, *wanted = &key;
	const struct irq_line **found =
		index->n ? bsearch(&wanted, index->v, index->n, sizeof(*index->v), compare_lines)
			 : NULL;

	return found ? *found : NULL;
}

static struct cpus cpus_of_counts(const struct fact_pairs *counts, const struct cpus *set)
{
	struct cpus fired = { { 0 } };

	for (size_t i = 0; i < counts->n; i++) {
		if (counts->v[i].value && counts->v[i].key < CPUS_MAX)
			cpus_add(&fired, (unsigned)counts->v[i].key);
	}
	return cpus_and(&fired, set);
}

/* hits NULL: only counts them. */
static size_t take_measured(const struct host *h, const struct line_index *index,
			    enum irq_kind kind, const struct cpus *set, struct irq_hit *hits)
{
	const struct activity_irq *a = h->activity.irqs.v;
	size_t n = 0;

	for (size_t i = 0; i < h->activity.irqs.n; i++) {
		uint64_t count = count_on(&a[i].counts, set);
		const struct irq_line *line;

		if (!a[i].irq.known || !count)
			continue;
		line = find_line(index, a[i].irq.v);
		if (!is_kind(kind, &a[i].actions, line))
			continue;
		if (!hits) {
			n++;
			continue;
		}
		hits[n++] = (struct irq_hit){
			.irq = a[i].irq.v,
			.actions = a[i].actions.known ? a[i].actions.v : "",
			.line = line,
			.n_since_boot = line ? count_on(&line->counts, set) : 0,
			.rate_permille = rate_permille(h, count),
			.cpus = cpus_of_counts(&a[i].counts, set),
		};
	}
	return n;
}

/*
 * Where a line goes; without that word of the kernel only a line that can go nowhere else. One that
 * may not go there any more leaves with its next interrupt: until then the kernel names the old
 * CPU.
 */
static bool goes_to(const struct irq_line *line, const struct cpus *set)
{
	if (line->affinity.known && !cpus_is_empty(&line->affinity.v) &&
	    !cpus_intersects(&line->affinity.v, set))
		return false;
	if (line->effective.known && !cpus_is_empty(&line->effective.v))
		return cpus_intersects(&line->effective.v, set);
	return line->affinity.known && !cpus_is_empty(&line->affinity.v) &&
	       cpus_is_subset(&line->affinity.v, set);
}

/* hits NULL: only counts them. */
static size_t take_configured(const struct host *h, const struct line_index *index,
			      enum irq_kind kind, const struct cpus *set, struct irq_hit *hits)
{
	const struct irq_line *line = h->irq.lines.v;
	size_t n = 0;

	(void)index;
	for (size_t i = 0; i < h->irq.lines.n; i++) {
		uint64_t count = count_on(&line[i].counts, set);

		if (!line[i].irq.known || !count || is_of_boot(&line[i]) ||
		    !is_kind(kind, &line[i].actions, &line[i]) || !goes_to(&line[i], set))
			continue;
		if (!hits) {
			n++;
			continue;
		}
		hits[n++] = (struct irq_hit){
			.irq = line[i].irq.v,
			.actions = line[i].actions.known ? line[i].actions.v : "",
			.line = &line[i],
			.n_since_boot = count,
			.cpus = cpus_and(line[i].effective.known ? &line[i].effective.v
								 : &line[i].affinity.v,
					 set),
		};
	}
	return n;
}

static int compare_hits(const void *a, const void *b)
{
	const struct irq_hit *x = a, *y = b;

	if (x->rate_permille != y->rate_permille)
		return x->rate_permille > y->rate_permille ? -1 : 1;
	return x->irq < y->irq ? -1 : x->irq > y->irq;
}

const struct irq_hit *irqs_on(const struct host *h, enum irq_kind kind, const struct cpus *set,
			      struct finding *out, size_t *ret_n)
{
	size_t (*take)(const struct host *, const struct line_index *, enum irq_kind,
		       const struct cpus *, struct irq_hit *) =
		irqs_are_measured(h) ? take_measured : take_configured;
	struct line_index index;
	struct irq_hit *hits = NULL;
	size_t n = 0;

	*ret_n = 0;
	if (line_index_init(&index, h)) {
		n = take(h, &index, kind, set, NULL);
		hits = arena_calloc(out->arena, n, sizeof(*hits));
	}
	if (hits)
		*ret_n = take(h, &index, kind, set, hits);
	else
		out->is_out_of_memory = true;
	free(index.v);
	if (*ret_n)
		qsort(hits, *ret_n, sizeof(*hits), compare_hits);
	return hits;
}

const char *irq_name(struct finding *out, const struct irq_hit *hit)
{
	return finding_text(out, "IRQ %llu%s%s", (unsigned long long)hit->irq,
			    *hit->actions ? " " : "", hit->actions);
}

const char *irq_rate(struct finding *out, uint64_t permille)
{
	if (permille >= 10000)
		return finding_text(out, "%llu/s", (unsigned long long)(permille / 1000));
	if (permille < 100)
		return finding_text(out, "%llu/min",
				    (unsigned long long)u64_max((permille * 60 + 500) / 1000, 1));
	return finding_text(out, "%llu.%llu/s", (unsigned long long)(permille / 1000),
			    (unsigned long long)(permille % 1000 / 100));
}

const char *irq_moves(const struct irq_hit *hits, size_t n, const char *list, struct finding *out)
{
	auto_free char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);

	for (size_t i = 0; to && i < n && i < MOVES_MAX; i++) {
		const struct irq_line *line = hits[i].line;
		auto_free char *old = NULL;

		if (!list && line && line->affinity.known)
			old = cpus_list_new(&line->affinity.v);
		if (!list && (!old || !*old))
			continue;
		fprintf(to, "%secho %s | sudo tee /proc/irq/%llu/smp_affinity_list",
			ftell(to) > 0 ? "\n" : "", list ? list : old,
			(unsigned long long)hits[i].irq);
	}
	if (!to || fclose(to) == EOF) {
		out->is_out_of_memory = true;
		return "";
	}
	return finding_text(out, "%s", text);
}

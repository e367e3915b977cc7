/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_irq.c - interrupts by line and CPU, guest CPUs marked. */
#include <inttypes.h>
#include <string.h>

#include "analyze/measures.h"
#include "report/html.h"

enum {
	ROWS_MAX = 40,    /* with a cell per CPU; more are folded */
	FOLDED_MAX = 400, /* with their sums; more are only counted */
	COLUMNS_ALL = 32, /* as many CPUs are all shown; of more only the guest's */
	COLUMNS_MAX = 64,
	N_CLASSES = 8,      /* of rates, one per factor of ten */
	HOT_PER_SECOND = 5, /* a device of the host on a guest CPU is framed from here on */
};

struct row {
	const char *label, *name;
	bool is_numbered;
	const struct fact_pairs *counts;
	uint64_t on_guest, total;
};

struct table {
	struct row *rows;
	size_t n;
	bool is_rate; /* in the window of the run; else counts since boot */
	unsigned columns[COLUMNS_MAX];
	size_t n_columns;
	bool has_others; /* a column for the CPUs that have none */
};

static int by_guest_count(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->on_guest != y->on_guest)
		return x->on_guest > y->on_guest ? -1 : 1;
	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	return strcmp(x->label, y->label);
}

static void add_row(const struct html *p, struct table *t, const struct fact_str *label,
		    const struct fact_str *name, bool is_numbered, const struct fact_pairs *counts)
{
	struct row row = { .label = label->known ? label->v : "?",
			   .name = name->known ? name->v : "",
			   .is_numbered = is_numbered,
			   .counts = counts };

	for (size_t i = 0; i < counts->n; i++)
		row.total += counts->v[i].value;
	row.on_guest = count_on(counts, html_guest_cpus(p));
	if (row.total)
		t->rows[t->n++] = row;
}

static bool add_activity(const struct html *p, struct table *t, const struct fact_list *list)
{
	const struct activity_irq *v = list->v;

	t->is_rate = true;
	t->rows = arena_calloc(&p->h->arena, list->n, sizeof(*t->rows));
	for (size_t i = 0; t->rows && i < list->n; i++)
		add_row(p, t, &v[i].label, &v[i].actions, v[i].irq.known, &v[i].counts);
	return t->rows;
}

static bool add_since_boot(const struct html *p, struct table *t)
{
	const struct irq_line *v = p->h->irq.lines.v;

	t->rows = arena_calloc(&p->h->arena, p->h->irq.lines.n, sizeof(*t->rows));
	for (size_t i = 0; t->rows && i < p->h->irq.lines.n; i++)
		add_row(p, t, &v[i].label, &v[i].actions, v[i].irq.known, &v[i].counts);
	return t->rows;
}

static struct cpus cpus_of(const struct html *p, const struct table *t)
{
	struct cpus seen = { 0 };

	if (p->h->cpu.online.known)
		return p->h->cpu.online.v;
	if (p->h->irq.cpus.known)
		return p->h->irq.cpus.v;
	for (size_t i = 0; i < t->n; i++) {
		for (size_t k = 0; k < t->rows[i].counts->n; k++) {
			if (t->rows[i].counts->v[k].key < CPUS_MAX)
				cpus_add(&seen, (unsigned)t->rows[i].counts->v[k].key);
		}
	}
	return seen;
}

static void choose_columns(const struct html *p, struct table *t)
{
	const struct cpus all = cpus_of(p, t);
	const bool is_small = cpus_count(&all) <= COLUMNS_ALL;
	const struct cpus *shown = is_small ? &all : html_guest_cpus(p);

	for (int c = cpus_next(shown, 0); c >= 0; c = cpus_next(shown, (unsigned)c + 1)) {
		if (t->n_columns == COLUMNS_MAX)
			break;
		t->columns[t->n_columns++] = (unsigned)c;
	}
	t->has_others = t->n_columns < cpus_count(&all);
}

/* 1 (rare) to 8. Rates: under 0.1/s, 1/s, 10/s … Counts: under 100, 1000, 10 000 … */
static unsigned class_of(uint64_t value)
{
	unsigned shade = 1;

	for (uint64_t limit = 100; value >= limit && shade < N_CLASSES; limit *= 10)
		shade++;
	return shade;
}

static void put_amount(const struct html *p, const struct table *t, uint64_t count)
{
	/* Counts are written as rates are: 1.9k. */
	html_rate(p->out, t->is_rate ? rate_permille(p->h, count) : count * 1000);
}

/* A host's device at work on a guest CPU: worth a look, whatever the rules say. */
static bool is_hot(const struct html *p, const struct table *t, const struct row *row, unsigned cpu,
		   uint64_t count)
{
	return t->is_rate && row->is_numbered && !strstr(row->name, "vfio") &&
	       cpus_has(html_guest_cpus(p), cpu) &&
	       rate_permille(p->h, count) >= HOT_PER_SECOND * 1000;
}

static void put_cell(const struct html *p, const struct table *t, uint64_t count, bool is_framed)
{
	if (count == 0) {
		html_put(p->out, "<td>");
		return;
	}
	html_put(p->out, "<td class=\"r%u%s\">",
		 class_of(t->is_rate ? rate_permille(p->h, count) : count),
		 is_framed ? " hot" : "");
	put_amount(p, t, count);
}

static const struct irq_line *line_of(const struct html *p, const struct row *row)
{
	const struct irq_line *v = p->h->irq.lines.v;

	for (size_t i = 0; i < p->h->irq.lines.n; i++) {
		if (v[i].label.known && !strcmp(v[i].label.v, row->label))
			return &v[i];
	}
	return NULL;
}

static void put_row_head(const struct html *p, const struct row *row, bool is_irq)
{
	const struct irq_line *line = is_irq ? line_of(p, row) : NULL;

	html_put(p->out, "<tr><th scope=\"row\"><code>");
	escape_cut(p->out, row->label, 24);
	html_put(p->out, "</code> ");
	if (line && line->is_movable.known && !line->is_movable.v)
		html_put(p->out,
			 "<abbr class=\"fixed\" title=\"managed: the kernel does not let it be "
			 "moved\">fixed</abbr> ");
	escape_cut(p->out, row->name, 48);
	if (line && line->device.known) {
		html_put(p->out, " <small>");
		escape_cut(p->out, line->device.v, 24);
		html_put(p->out, "</small>");
	}
}

static uint64_t others_of(const struct table *t, const struct row *row)
{
	uint64_t shown = 0;

	for (size_t i = 0; i < t->n_columns; i++)
		shown += fact_pair_value(row->counts, t->columns[i]);
	return row->total - u64_min(shown, row->total);
}

static void put_row(const struct html *p, const struct table *t, const struct row *row, bool is_irq)
{
	put_row_head(p, row, is_irq);
	if (t->has_others)
		put_cell(p, t, row->on_guest, false);
	for (size_t i = 0; i < t->n_columns; i++) {
		const uint64_t count = fact_pair_value(row->counts, t->columns[i]);

		put_cell(p, t, count, is_irq && is_hot(p, t, row, t->columns[i], count));
	}
	if (t->has_others)
		put_cell(p, t, others_of(t, row), false);
	html_put(p->out, "\n");
}

static void put_head(const struct html *p, const struct table *t, const char *what)
{
	/* Where the table is too wide to be seen at once, a sum comes first. */
	html_put(p->out, t->has_others ? "<colgroup><col><col class=\"g\">" : "<colgroup><col>");
	for (size_t i = 0; i < t->n_columns; i++)
		html_put(p->out, cpus_has(html_guest_cpus(p), t->columns[i]) ? "<col class=\"g\">"
									     : "<col>");
	html_put(p->out, "</colgroup>\n<thead><tr><th scope=\"col\">%s", what);
	if (t->has_others)
		html_put(p->out,
			 "<th scope=\"col\" class=\"g\">all <abbr title=\"guest CPUs\">G</abbr>");
	for (size_t i = 0; i < t->n_columns; i++) {
		if (cpus_has(html_guest_cpus(p), t->columns[i]))
			html_put(
				p->out,
				"<th scope=\"col\" class=\"g\">%u<abbr title=\"guest CPU\">G</abbr>",
				t->columns[i]);
		else
			html_put(p->out, "<th scope=\"col\">%u", t->columns[i]);
	}
	if (t->has_others)
		html_put(p->out, "<th scope=\"col\">others");
	html_put(p->out, "\n<tbody>\n");
}

/* What did not get a cell per CPU. */
static void put_folded(const struct html *p, const struct table *t, bool is_irq)
{
	if (t->n <= ROWS_MAX)
		return;
	html_put(
		p->out,
		"<details class=\"more\">\n<summary>%zu more</summary>\n<div class=\"scroll\" tabindex=\"0\"><table "
		"class=\"numbers\">\n<thead><tr><th scope=\"col\">Line<th scope=\"col\">Guest "
		"CPUs<th scope=\"col\">All CPUs\n<tbody>\n",
		t->n - ROWS_MAX);
	for (size_t i = ROWS_MAX; i < t->n && i < ROWS_MAX + FOLDED_MAX; i++) {
		put_row_head(p, &t->rows[i], is_irq);
		html_put(p->out, "<td>");
		put_amount(p, t, t->rows[i].on_guest);
		html_put(p->out, "<td>");
		put_amount(p, t, t->rows[i].total);
		html_put(p->out, "\n");
	}
	html_put(p->out, "</table></div>\n");
	if (t->n > ROWS_MAX + FOLDED_MAX)
		html_put(p->out, "<p>and %zu more.</p>\n", t->n - ROWS_MAX - FOLDED_MAX);
	html_put(p->out, "</details>\n");
}

static void put_table(const struct html *p, struct table *t, const char *what, bool is_irq)
{
	if (t->n == 0) {
		html_put(p->out, "<p>None fired.</p>\n");
		return;
	}
	qsort(t->rows, t->n, sizeof(*t->rows), by_guest_count);
	choose_columns(p, t);
	html_put(p->out,
		 "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s by "
		 "CPU\"><table class=\"heat\">\n",
		 what);
	put_head(p, t, what);
	for (size_t i = 0; i < t->n && i < ROWS_MAX; i++)
		put_row(p, t, &t->rows[i], is_irq);
	html_put(p->out, "</table></div>\n");
	put_folded(p, t, is_irq);
}

static void print_softirqs(const struct html *p)
{
	struct table t = { 0 };

	if (!p->h->activity.softirqs.known || p->h->activity.softirqs.n == 0 ||
	    !host_window_ns(p->h) || !add_activity(p, &t, &p->h->activity.softirqs))
		return;
	html_put(p->out, "<details>\n<summary>Soft interrupts per second</summary>\n");
	put_table(p, &t, "Soft interrupt", false);
	html_put(p->out, "</details>\n");
}

void html_interrupts(const struct html *p)
{
	const bool is_window = host_window_ns(p->h) && p->h->activity.irqs.known;
	struct table t = { 0 };

	if (!is_window && !p->h->irq.lines.known) {
		html_put(p->out, "<p>");
		html_unknown(p, "irq.lines");
		html_put(p->out, "</p>\n");
		return;
	}
	if (!(is_window ? add_activity(p, &t, &p->h->activity.irqs) : add_since_boot(p, &t)))
		return;
	if (is_window) {
		html_put(p->out, "<p>Interrupts per second on each CPU over the ");
		html_ns(p->out, host_window_ns(p->h));
		html_put(p->out, " of the run. ");
	} else {
		html_put(p->out,
			 "<p>Interrupts on each CPU since boot: nothing was counted while a "
			 "guest ran. ");
	}
	html_put(p->out,
		 "<b class=\"g-word\">G</b> marks guest CPUs; the busiest lines there come "
		 "first. <b>fixed</b>: managed by the kernel, which does not let it be moved.");
	if (is_window)
		html_put(p->out,
			 " A frame marks a device of the host that interrupts a guest CPU "
			 "%d times a second or more.",
			 HOT_PER_SECOND);
	html_put(p->out, "</p>\n");
	put_table(p, &t, "Interrupt", true);
	print_softirqs(p);
}

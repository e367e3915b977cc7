/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_lost.c - lost time by vCPU and over time. */
#include <inttypes.h>

#include "report/figures_trace.h"
#include "report/html_culprits.h"
#include "report/html_trace.h"
#include "report/words.h"

/* States in which anything was lost, so that tables and legends have no empty columns. */
static void find_used(const struct lost *l, bool is_used[N_LOST_STATES])
{
	for (size_t k = 0; k < N_LOST_STATES; k++) {
		is_used[k] = false;
		for (size_t i = 0; i < l->n_bars; i++)
			is_used[k] |= l->bars[i].ns[k] > 0;
	}
}

static void print_legend(const struct html *p, const bool is_used[N_LOST_STATES])
{
	html_put(p->out, "<p class=\"legend\">");
	for (size_t k = 0; k < N_LOST_STATES; k++) {
		if (is_used[k])
			html_put(p->out, "<span><i class=\"sw sw-%zu\"></i><b>%s</b> %s</span>\n",
				 k, state_rows[k].word, state_rows[k].about);
	}
	html_put(p->out, "</p>\n");
}

static void print_sizes(const struct html *p, const struct lost *l)
{
	if (!l->has_sizes)
		return;
	html_put(
		p->out,
		"<div class=\"scroll\" tabindex=\"0\"><table class=\"numbers sizes\">\n<caption>Stretches "
		"without the guest that it had not asked for, by length in "
		"µs</caption>\n<thead><tr>");
	for (size_t i = 0; i < LOST_SIZES; i++) {
		if (i == 0)
			html_put(p->out, "<th scope=\"col\">under %" PRIu64, lost_sizes_us[1]);
		else if (i + 1 < LOST_SIZES)
			html_put(p->out, "<th scope=\"col\">%" PRIu64 "–%" PRIu64, lost_sizes_us[i],
				 lost_sizes_us[i + 1]);
		else
			html_put(p->out, "<th scope=\"col\">%" PRIu64 " and more",
				 lost_sizes_us[i]);
	}
	html_put(p->out, "\n<tbody>\n<tr>");
	for (size_t i = 0; i < LOST_SIZES; i++)
		html_put(p->out, "<td>%" PRIu64, l->n_of[i]);
	html_put(p->out, "\n</table></div>\n");
}

/* States that some vCPU was in. */
static size_t find_shown(const struct lost *l, size_t shown[N_TRACE_STATES])
{
	size_t n = 0;

	for (size_t k = 0; k < N_TRACE_STATES; k++) {
		uint64_t ns = 0;

		for (size_t i = 0; i < l->n_bars && ns == 0; i++)
			ns = state_ns(states_of(&l->bars[i].vcpu->states), k);
		if (ns)
			shown[n++] = k;
	}
	return n;
}

static void cell_count(const struct html *p, const struct fact_u64 *n)
{
	html_put(p->out, "<td>");
	if (n->known)
		html_put(p->out, "%" PRIu64, n->v);
}

static void print_vcpu(const struct html *p, const struct lost_bar *b, const size_t *shown,
		       size_t n_shown)
{
	const struct trace_states *s = states_of(&b->vcpu->states);
	const struct fact_u64 lost = { true, b->lost_ns };

	html_put(p->out, "<tr><th scope=\"row\">%" PRIu64 "<td>", b->number);
	if (b->vcpu->cpus.known)
		html_cpu_list(p->out, &b->vcpu->cpus.v);
	html_cell_share(p, &lost, b->all_ns);
	for (size_t i = 0; i < n_shown; i++)
		html_cell_share(p, state_of(s, shown[i]), b->all_ns);
	cell_count(p, &b->vcpu->n_exits);
	cell_count(p, &b->vcpu->n_migrations);
	html_put(p->out, "\n");
}

static void print_vcpus(const struct html *p, const struct lost *l, bool is_open)
{
	const char *columns[N_TRACE_STATES + 5] = { "vCPU", "CPUs", "Lost" };
	size_t shown[N_TRACE_STATES];
	const size_t n = find_shown(l, shown);

	for (size_t i = 0; i < n; i++)
		columns[3 + i] = state_rows[shown[i]].word;
	columns[3 + n] = "Exits in all";
	columns[4 + n] = "Moved";
	html_table_begin(p, is_open, "Where the time of each vCPU went",
			 &(struct html_columns){ columns, 5 + n, 0 });
	for (size_t i = 0; i < l->n_bars; i++)
		print_vcpu(p, &l->bars[i], shown, n);
	html_table_end(p);
	if (l->n_vcpus > l->n_bars)
		html_put(p->out,
			 "<p>These are the %zu vCPUs that lost most; %zu more lost less.</p>\n",
			 l->n_bars, l->n_vcpus - l->n_bars);
}

static void print_who(const struct html *p, const struct lost *l)
{
	static const char *const columns[] = { "vCPU", "Lost", "Most to" };

	if (p->h->trace.culprits.n == 0)
		return;
	html_table_begin(p, false, "Who took it, vCPU by vCPU",
			 &(struct html_columns){ columns, ARRAY_SIZE(columns), 1 });
	for (size_t i = 0; i < l->n_bars; i++) {
		html_put(p->out, "<tr><th scope=\"row\">%" PRIu64, l->bars[i].number);
		html_cell_ns(p, true, l->bars[i].lost_ns);
		html_culprits_brief(p, &l->bars[i].vcpu->culprits);
		html_put(p->out, "\n");
	}
	html_table_end(p);
}

void html_lost_bars(const struct html *p, const struct lost *l)
{
	auto_picture struct picture drawn = { 0 };
	bool is_used[N_LOST_STATES], is_open = false;
	const int r = figure_lost_bars(l, &drawn);

	find_used(l, is_used);
	html_put(
		p->out,
		"<figure class=\"bars\">\n<figcaption>Lost time of each vCPU<small>What the guest would "
		"have run in, in percent of the time looked at. Time it slept by its own "
		"wish is not lost.</small></figcaption>\n");
	if (r == -ENODATA)
		html_put(p->out, "<p>No vCPU lost any time that was seen.</p>\n");
	else
		is_open = !html_drawing(p, r, drawn.bytes, drawn.why);
	print_legend(p, is_used);
	print_vcpus(p, l, is_open);
	print_who(p, l);
	print_sizes(p, l);
	html_put(p->out, "</figure>\n");
}

static void print_columns(const struct html *p, const struct lost *l,
			  const bool is_used[N_LOST_STATES], bool is_open)
{
	const char *columns[N_LOST_STATES + 2] = { "From", "Lost" };
	size_t n = 2;

	for (size_t k = 0; k < N_LOST_STATES; k++) {
		if (is_used[k])
			columns[n++] = state_rows[k].word;
	}
	html_table_begin(p, is_open, "The numbers of this figure",
			 &(struct html_columns){ columns, n, 0 });
	for (size_t i = 0; i < l->n_columns; i++) {
		const struct lost_column *c = &l->columns[i];
		struct fact_u64 lost = { true, 0 };

		for (size_t k = 0; k < N_LOST_STATES; k++)
			lost.v += c->ns[k];
		html_put(p->out, "<tr><th scope=\"row\">");
		html_ns(p->out, i * l->column_ns);
		html_cell_share(p, &lost, c->all_ns);
		for (size_t k = 0; k < N_LOST_STATES; k++) {
			const struct fact_u64 part = { true, c->ns[k] };

			if (is_used[k])
				html_cell_share(p, &part, c->all_ns);
		}
		html_put(p->out, "\n");
	}
	html_table_end(p);
}

void html_lost_time(const struct html *p, const struct lost *l)
{
	auto_picture struct picture drawn = { 0 };
	bool is_used[N_LOST_STATES];
	const int r = figure_lost_columns(l, &drawn);

	if (r == -ENODATA)
		return;
	find_used(l, is_used);
	html_put(p->out,
		 "<figure>\n<figcaption>Lost time over the window<small>All vCPUs together, "
		 "in the colours above; one column is ");
	html_ns(p->out, l->column_ns);
	html_put(p->out, ".</small></figcaption>\n");
	print_columns(p, l, is_used, !html_drawing(p, r, drawn.bytes, drawn.why));
	html_put(p->out, "</figure>\n");
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_gap.c - time taken from a thread that only reads the clock, and who took it. */
#include <inttypes.h>

#include "report/figures_trace.h"
#include "report/gap_sum.h"
#include "report/html_culprits.h"
#include "report/words.h"

enum { CULPRITS_MAX = 10, WORST_MAX = 15, CPUS_SHOWN_MAX = 64, SMIS_MAX = 64 };

static void print_summary(const struct html *p, const struct gap_sum *s)
{
	const struct gap_facts *g = &p->h->gap;

	html_put(p->out, "<p class=\"said\">A thread that does nothing but read the clock lost ");
	html_put(p->out, "<b>");
	{
		char words[32];

		words_of_share(s->sum_ns, s->window_ns, words, sizeof(words));
		html_put(p->out, "%s</b> of its time in <b>", words);
	}
	html_rate(p->out, gap_rate_permille(s));
	html_put(p->out, "</b> gaps a second");
	if (g->threshold_ns.known) {
		html_put(p->out, " of ");
		html_ns(p->out, g->threshold_ns.v);
		html_put(p->out, " or more");
	}
	html_put(p->out, "; the longest took <b>");
	html_ns(p->out, s->max_ns);
	html_put(p->out, "</b>. This is what a guest that never leaves its CPU would feel.</p>\n");
}

static void print_explained(const struct html *p, const struct gap_sum *s)
{
	const struct gap_facts *g = &p->h->gap;
	char words[32];

	html_put(p->out, "<p>");
	if (s->is_explained) {
		words_of_share(s->explained_ns, s->sum_ns, words, sizeof(words));
		html_put(p->out, "A trace of the same time names who took %s of it; ", words);
		words_of_share(s->entry_exit_ns, s->sum_ns, words, sizeof(words));
		html_put(p->out, "%s is the way in and out of the kernel. ", words);
		if (s->n_unjoined)
			html_put(p->out, "%" PRIu64 " gaps came too fast to be compared with it. ",
				 s->n_unjoined);
	} else {
		html_put(p->out, "No trace of the same time tells who took it. ");
	}
	if (g->n_together.known && g->n_together.v) {
		html_put(p->out, "%" PRIu64 " unexplained gaps began on several CPUs at once (",
			 g->n_together.v);
		html_ns(p->out, g->together_ns.known ? g->together_ns.v : 0);
		html_put(p->out, " in all): firmware (SMI), or a hypervisor below. ");
	}
	if (g->n_orphans.known && g->n_orphans.v)
		html_put(p->out,
			 "%" PRIu64 " interruptions of the trace have no gap that shows them. ",
			 g->n_orphans.v);
	if (g->lost_events.known && g->lost_events.v)
		html_put(p->out, "%" PRIu64 " events of the trace were lost. ", g->lost_events.v);
	html_put(p->out, "</p>\n");
}

static void cell_quantile(const struct html *p, const struct hist *h, uint32_t ppm)
{
	const bool is_there = hist_can_show(h, ppm);

	html_cell_ns(p, is_there, is_there ? hist_quantile_ns(h, ppm) : 0);
}

static void print_row(const struct html *p, const char *label, const struct gap_sum *s,
		      const struct hist *h)
{
	const struct fact_u64 taken = { true, s->sum_ns };
	const struct fact_u64 explained = { s->is_explained, s->explained_ns };

	html_put(p->out, "<tr><th scope=\"row\">%s<td>", label);
	html_rate(p->out, gap_rate_permille(s));
	html_cell_share(p, &taken, s->window_ns);
	cell_quantile(p, h, 500000);
	cell_quantile(p, h, 990000);
	cell_quantile(p, h, 999000);
	html_cell_ns(p, s->n > 0, s->max_ns);
	html_cell_share(p, &explained, s->sum_ns);
	html_put(p->out, "\n");
}

static void print_cpus(const struct html *p, const struct gap_sum *all, struct hist *scratch)
{
	const struct cpus *cpus = &p->h->gap.cpus.v;
	size_t n = 0;

	html_put(
		p->out,
		"<div class=\"scroll\" tabindex=\"0\"><table class=\"numbers\">\n<thead><tr><th scope=\"col\">CPU"
		"<th scope=\"col\">Gaps a second<th scope=\"col\">Time taken<th scope=\"col\">p50"
		"<th scope=\"col\">p99<th scope=\"col\">p99.9<th scope=\"col\">Longest"
		"<th scope=\"col\">Explained\n<tbody>\n");
	print_row(p, "all", all, scratch);
	for (int cpu = cpus_next(cpus, 0); cpu >= 0 && n < CPUS_SHOWN_MAX;
	     cpu = cpus_next(cpus, (unsigned)cpu + 1)) {
		struct gap_sum s;
		char label[16];

		if (!gap_sum_make(p->h, cpu, scratch, &s))
			continue;
		snprintf(label, sizeof(label), "%d", cpu);
		print_row(p, label, &s, scratch);
		n++;
	}
	html_put(p->out, "</table></div>\n");
	if (cpus_count(cpus) > CPUS_SHOWN_MAX)
		html_and_more(p, cpus_count(cpus), n);
}

static void print_worst(const struct html *p)
{
	static const char *const columns[] = { "How long", "When, UTC", "CPU", "Explained",
					       "Most by" };
	const struct gap_worst *w = p->h->gap.worst.v;
	char words[32];

	if (p->h->gap.worst.n == 0)
		return;
	html_table_begin(p, false, "The longest gaps",
			 &(struct html_columns){ columns, ARRAY_SIZE(columns), 1 });
	for (size_t i = 0; i < p->h->gap.worst.n && i < WORST_MAX; i++) {
		html_put(p->out, "<tr><th scope=\"row\">");
		html_ns(p->out, w[i].duration_ns.known ? w[i].duration_ns.v : 0);
		words[0] = '\0';
		if (w[i].at_unix_ns.known)
			words_of_time(w[i].at_unix_ns.v, words, sizeof(words));
		html_put(p->out, "<td>%s<td>", words);
		if (w[i].cpu.known)
			html_put(p->out, "%" PRIu64, w[i].cpu.v);
		html_cell_ns(p, w[i].explained_ns.known, w[i].explained_ns.v);
		html_cell_culprit(p, &w[i].class, &w[i].name);
		html_put(p->out, "\n");
	}
	html_table_end_of(p, p->h->gap.worst.n, WORST_MAX);
}

static void print_smis(const struct html *p)
{
	const struct gap_smi *smi = p->h->gap.smis.v;

	if (p->h->gap.smis.n == 0)
		return;
	html_put(p->out, "<p>System management interrupts that a counter saw meanwhile:");
	for (size_t i = 0; i < p->h->gap.smis.n && i < SMIS_MAX; i++)
		html_put(p->out, "%s %" PRIu64 " on CPU %" PRIu64, i ? "," : "",
			 smi[i].n.known ? smi[i].n.v : 0, smi[i].cpu.known ? smi[i].cpu.v : 0);
	html_put(p->out, ".</p>\n");
}

void html_gap(const struct html *p)
{
	auto_free struct hist *merged = malloc(sizeof(*merged));
	struct gap_sum s;

	if (!merged || !gap_sum_make(p->h, -1, merged, &s)) {
		html_put(p->out, "<p class=\"missing\">Not measured: %s.</p>\n",
			 merged ? host_why_unknown(p->h, "gap.units") : "no memory");
		return;
	}
	print_summary(p, &s);
	print_explained(p, &s);
	print_cpus(p, &s, merged);
	if (p->h->gap.culprits.n) {
		html_put(p->out, "<h3>Who took it</h3>\n");
		html_culprits(p, &p->h->gap.culprits, s.sum_ns, CULPRITS_MAX);
	}
	print_worst(p);
	print_smis(p);
}

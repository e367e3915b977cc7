/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_exits.c - what the built-in guest saw from inside. */
#include <inttypes.h>

#include "report/figures_trace.h"
#include "report/html.h"

enum { METRICS_MAX = 24, MEMORY_MAX = 12, TITLE_MAX = 120 };

static void print_label(const struct html *p)
{
	const struct exits_facts *e = &p->h->exits;

	html_put(p->out, "<p>Measured by the built-in guest with its own clock: what each thing "
			 "costs a guest that does it.</p>\n");
	if (!e->is_emulated.known || !e->is_emulated.v)
		return;
	html_put(p->out, "<p><span class=\"badge is-advice\"><span aria-hidden=\"true\">▲</span> "
			 "emulated</span> Guest instructions did not run by this processor's own "
			 "virtualisation");
	if (e->why_emulated.known) {
		html_put(p->out, " (");
		escape_cut(p->out, e->why_emulated.v, HTML_VALUE_MAX);
		html_put(p->out, ")");
	}
	html_put(p->out, ": never compare these numbers with those of a host where they do.</p>\n");
}

static uint64_t quantile(const struct hist *h, uint32_t ppm)
{
	return hist_can_show(h, ppm) ? hist_quantile_ns(h, ppm) : 0;
}

/* One merged histogram at a time: the metric's rows of all vCPUs stay apart. */
static bool load(const struct exits_metric *m, struct hist *h)
{
	hist_init(h);
	return m->hist.known && hist_merge_bins(h, m->hist.v) == 0 && h->n > 0;
}

static void print_metric(const struct html *p, const struct exits_metric *m, struct hist *h)
{
	const bool has_values = load(m, h);

	html_put(p->out, "<tr><th scope=\"row\">");
	escape_cut(p->out, m->id.known ? m->id.v : "?", HTML_NAME_MAX);
	html_put(p->out, "<td>");
	escape_cut(p->out, m->title.known ? m->title.v : "", TITLE_MAX);
	html_put(p->out, "<td>");
	if (m->cpu.known)
		html_put(p->out, "%" PRIu64, m->cpu.v);
	if (m->peer_cpu.known)
		html_put(p->out, " → %" PRIu64, m->peer_cpu.v);
	html_put(p->out, "<td>%" PRIu64, has_values ? h->n : 0);
	html_cell_ns(p, has_values, has_values ? h->min_ns : 0);
	html_cell_ns(p, hist_can_show(h, 500000), quantile(h, 500000));
	html_cell_ns(p, hist_can_show(h, 990000), quantile(h, 990000));
	html_cell_ns(p, has_values, h->max_ns);
	html_put(p->out, "\n");
}

static void print_metrics(const struct html *p, struct hist *h)
{
	const struct exits_metric *m = p->h->exits.metrics.v;

	html_put(
		p->out,
		"<div class=\"scroll\" tabindex=\"0\"><table class=\"numbers exits\">\n<thead><tr><th "
		"scope=\"col\">Metric<th scope=\"col\">What it is<th scope=\"col\">CPU<th "
		"scope=\"col\">Values<th scope=\"col\">Least<th scope=\"col\">p50<th "
		"scope=\"col\">p99<th scope=\"col\">Most\n<tbody>\n");
	for (size_t i = 0; i < p->h->exits.metrics.n && i < METRICS_MAX; i++)
		print_metric(p, &m[i], h);
	html_put(p->out, "</table></div>\n");
	html_and_more(p, p->h->exits.metrics.n, METRICS_MAX);
}

static void print_figure(const struct html *p, struct hist *h)
{
	auto_picture struct picture drawn = { 0 };
	const int r = figure_exits(p->h, &drawn);

	if (r == -ENODATA) {
		print_metrics(p, h);
		return;
	}
	html_put(p->out, "<figure>\n<figcaption>What each thing costs<small>The large dot is the "
			 "median, the bar reaches to p99, the small dot is the "
			 "maximum.</small></figcaption>\n");
	(void)html_drawing(p, r, drawn.bytes, drawn.why);
	print_metrics(p, h);
	html_put(p->out, "</figure>\n");
}

static void put_ps(const struct html *p, uint64_t ps)
{
	html_put(p->out, "%" PRIu64 ".%" PRIu64 "&nbsp;ns", ps / 1000, ps % 1000 / 100);
}

static void print_memory(const struct html *p)
{
	const struct exits_memory *m = p->h->exits.memory.v;

	if (p->h->exits.memory.n == 0)
		return;
	html_put(
		p->out,
		"<h3>Memory</h3>\n<p>Loads at random places, each needing the one before: smaller "
		"pages behind the guest's memory mean longer walks.</p>\n<div class=\"scroll\" tabindex=\"0\">"
		"<table class=\"numbers\">\n<thead><tr><th scope=\"col\">Pages behind it<th "
		"scope=\"col\">Mapped as<th scope=\"col\">Walked<th scope=\"col\">Loads<th "
		"scope=\"col\">One load\n<tbody>\n");
	for (size_t i = 0; i < p->h->exits.memory.n && i < MEMORY_MAX; i++) {
		html_put(p->out, "<tr><th scope=\"row\">");
		html_kib(p->out, m[i].backing_kib.known ? m[i].backing_kib.v : 0);
		html_put(p->out, "<td>");
		if (m[i].mapped_kib.known)
			html_kib(p->out, m[i].mapped_kib.v);
		html_put(p->out, "<td>");
		if (m[i].size_kib.known)
			html_kib(p->out, m[i].size_kib.v);
		html_put(p->out, "<td>");
		if (m[i].n_loads.known)
			html_put(p->out, "%" PRIu64, m[i].n_loads.v);
		html_put(p->out, "<td>");
		if (m[i].load_ps.known)
			put_ps(p, m[i].load_ps.v);
		html_put(p->out, "\n");
	}
	html_put(p->out, "</table></div>\n");
	html_and_more(p, p->h->exits.memory.n, MEMORY_MAX);
}

void html_exits(const struct html *p)
{
	auto_free struct hist *h = malloc(sizeof(*h));

	if (!h || p->h->exits.metrics.n == 0) {
		html_put(p->out, "<p class=\"missing\">Not measured: %s.</p>\n",
			 h ? host_why_unknown(p->h, "exits.metrics") : "no memory");
		return;
	}
	print_label(p);
	print_figure(p, h);
	print_memory(p);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_method.c - how it was measured, what measuring cost, and what could not be read. */
#include <inttypes.h>
#include <string.h>

#include "analyze/measures.h"
#include "report/html.h"
#include "report/words.h"

enum { GAPS_MAX = 200, GAP_TEXT_MAX = 150 };

static const struct {
	const char *status, *symbol, *class;
} statuses[] = {
	{ "ok", "✓", "pass" },        { "partial", "▲", "advice" }, { "skipped", "–", "none" },
	{ "failed", "✗", "problem" }, { "absent", "–", "none" },
};

static void cell_status(const struct html *p, const char *status)
{
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++) {
		if (!strcmp(statuses[i].status, status)) {
			html_put(
				p->out,
				"<td><span class=\"badge is-%s\"><span aria-hidden=\"true\">%s</span> "
				"%s</span>",
				statuses[i].class, statuses[i].symbol, status);
			return;
		}
	}
	html_put(p->out, "<td>");
	escape_cut(p->out, status, GAP_TEXT_MAX);
}

static void print_probes(const struct html *p)
{
	html_put(
		p->out,
		"<h3>Probes</h3>\n<div class=\"scroll\" tabindex=\"0\"><table class=\"list\">\n<thead><tr><th "
		"scope=\"col\">Probe<th scope=\"col\">Status<th scope=\"col\">Took<th "
		"scope=\"col\">Not read<th scope=\"col\">Reason\n<tbody>\n");
	for (size_t i = 0; i < HOST_N_PROBES; i++) {
		const struct host_probe *probe = &p->h->probes[i];

		if (!probe->name)
			continue;
		html_put(p->out, "<tr><th scope=\"row\">%s", probe->name);
		cell_status(p, probe->status ? probe->status : "absent");
		html_put(p->out, "<td>");
		if (probe->duration_ns)
			html_ns(p->out, probe->duration_ns);
		html_put(p->out, "<td>");
		if (probe->n_gaps)
			html_put(p->out, "%zu", probe->n_gaps);
		html_put(p->out, "<td>");
		escape_cut(p->out, probe->reason, GAP_TEXT_MAX);
		html_put(p->out, "\n");
	}
	html_put(p->out, "</table></div>\n");
}

static void row_ns(const struct html *p, const char *label, const struct fact_u64 *v)
{
	if (!v->known)
		return;
	html_put(p->out, "<tr><th scope=\"row\">%s<td>", label);
	html_ns(p->out, v->v);
	html_put(p->out, "\n");
}

/* Time of the probe's own threads on the measured CPUs. */
static void row_cost(const struct html *p)
{
	const struct wake_unit *u = p->h->wake.units.v;
	uint64_t used_ns = 0, length_ns = 0;
	char words[32];

	for (size_t i = 0; i < p->h->wake.units.n; i++) {
		if (!u[i].cpu_time_ns.known || !p->h->wake.rep_duration_ns.known)
			continue;
		used_ns += u[i].cpu_time_ns.v;
		length_ns += p->h->wake.rep_duration_ns.v;
	}
	if (length_ns < NS_PER_MS)
		return;
	words_of_permille(used_ns / (length_ns / 1000), words, sizeof(words));
	html_put(p->out,
		 "<tr><th scope=\"row\">Cost of the probe<td>%s of each measured CPU while it was "
		 "measured\n",
		 words);
}

static void rows_of_units(const struct html *p)
{
	struct wake_summary s;
	uint64_t steal;
	char words[32];

	if (!measure_wake(p->h, -1, false, NULL, &s))
		return;
	html_put(p->out,
		 "<tr><th scope=\"row\">Units<td>%zu, with %" PRIu64 " wake-ups of %" PRIu64
		 " expected; %" PRIu64 " periods missed\n",
		 s.n_units, s.n, s.n_expected, s.n_missed);
	if (measure_steal_permille(p->h, &steal)) {
		words_of_permille(steal, words, sizeof(words));
		html_put(p->out, "<tr><th scope=\"row\">Taken by a hypervisor below<td>%s\n",
			 words);
	}
}

static void print_wake(const struct html *p)
{
	const struct wake_facts *w = &p->h->wake;

	if (!w->units.known)
		return;
	html_put(p->out, "<h3>Wake-up latency</h3>\n<p>A thread on each measured CPU sleeps until "
			 "absolute deadlines and notes how late it ran; a period that passed while "
			 "it was still late is counted as missed, never left out.</p>\n"
			 "<div class=\"scroll\" tabindex=\"0\"><table class=\"facts\"><tbody>\n");
	html_row_cpus(p, "CPUs", "wake.cpus", &w->cpus);
	row_ns(p, "Interval", &w->interval_ns);
	html_row_u64(p, "Repetitions", "wake.n_reps", &w->n_reps);
	row_ns(p, "Length of each", &w->rep_duration_ns);
	html_put(p->out, "<tr><th scope=\"row\">Scheduling<td>%s",
		 w->policy.known ? w->policy.v : "?");
	if (w->priority.known && w->priority.v)
		html_put(p->out, " %" PRIu64, w->priority.v);
	html_put(p->out, "%s%s\n",
		 w->is_memory_locked.known && w->is_memory_locked.v ? ", memory locked" : "",
		 w->is_dma_latency_held.known && w->is_dma_latency_held.v
			 ? ", deep idle states held off"
			 : "");
	rows_of_units(p);
	row_cost(p);
	html_put(p->out, "</table></div>\n");
}

static void print_run(const struct html *p)
{
	const struct run_facts *r = &p->h->run;

	html_put(p->out, "<p>");
	if (r->profile.known)
		html_put(p->out, "Profile %s. ", r->profile.v);
	if (r->duration_ns.known) {
		html_put(p->out, "The run took ");
		html_ns(p->out, r->duration_ns.v);
		html_put(p->out, ". ");
	}
	if (host_window_ns(p->h)) {
		html_put(p->out, "Interrupts, threads and memory were watched for ");
		html_ns(p->out, host_window_ns(p->h));
		html_put(p->out, " of it. ");
	}
	html_put(p->out, "A quantile that rests on fewer than ten events is not printed.</p>\n");
}

static void print_list(const struct html *p, const char *title, const struct fact_strs *list)
{
	if (list->n == 0)
		return;
	html_put(p->out, "<h3>%s</h3>\n<ul>\n", title);
	for (size_t i = 0; i < list->n && i < 100; i++)
		html_put(p->out, "<li>%s\n", list->v[i]);
	html_put(p->out, "</ul>\n");
}

static size_t n_gaps(const struct html *p)
{
	size_t n = 0;

	for (size_t i = 0; i < HOST_N_PROBES; i++)
		n += p->h->probes[i].n_gaps;
	return n;
}

static void print_gap(const struct html *p, const struct host_gap *gap)
{
	html_put(p->out, "<tr><td><code>");
	escape_cut(p->out, gap->field, GAP_TEXT_MAX);
	html_put(p->out, "</code><td><code>");
	escape_cut(p->out, gap->path, GAP_TEXT_MAX);
	html_put(p->out, "</code><td>");
	escape_cut(p->out, gap->error, GAP_TEXT_MAX);
	html_put(p->out, "\n");
}

static void print_gaps(const struct html *p)
{
	const size_t n = n_gaps(p);
	size_t n_shown = 0;

	html_put(p->out, "<h3 id=\"gaps\">Gaps</h3>\n");
	if (n == 0) {
		html_put(p->out, "<p>All that was looked for could be read.</p>\n");
		return;
	}
	html_put(
		p->out,
		"<details>\n<summary>What could not be read, and why <span "
		"class=\"count\">%zu</span></summary>\n<div class=\"scroll\" tabindex=\"0\"><table class=\"list\">\n"
		"<thead><tr><th scope=\"col\">Field<th scope=\"col\">Place<th scope=\"col\">Why\n"
		"<tbody>\n",
		n);
	for (size_t i = 0; i < HOST_N_PROBES; i++) {
		const struct host_probe *probe = &p->h->probes[i];

		for (size_t k = 0; k < probe->n_gaps && n_shown < GAPS_MAX; k++, n_shown++)
			print_gap(p, &probe->gaps[k]);
	}
	html_put(p->out, "</table></div>\n");
	if (n > n_shown)
		html_put(p->out, "<p>and %zu more.</p>\n", n - n_shown);
	html_put(p->out, "</details>\n");
}

void html_method(const struct html *p)
{
	print_run(p);
	print_wake(p);
	html_tracing(p);
	print_probes(p);
	print_list(p, "Warnings", &p->h->run.warnings);
	print_list(p, "Settings that changed during the run", &p->h->run.moved);
	print_gaps(p);
}

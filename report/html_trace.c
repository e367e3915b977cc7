/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_trace.c - who took the guest's time: what was lost, to whom, and how far that is known. */
#include "report/html_trace.h"

#include <inttypes.h>
#include <string.h>

#include "report/html_culprits.h"
#include "report/words.h"

enum { CULPRITS_MAX = 15, NAMED_MAX = 3, THREADS_MAX = 40, MISSING_MAX = 24 };

static void put_count(const struct html *p, uint64_t n)
{
	char words[32];

	words_of_count(n, words, sizeof(words));
	html_put(p->out, "%s", words);
}

static void put_share(const struct html *p, uint64_t part, uint64_t whole)
{
	char words[32];

	words_of_share(part, whole, words, sizeof(words));
	html_put(p->out, "%s", words);
}

static void put_most(const struct html *p, const struct lost *l)
{
	const struct trace_culprit *c = p->h->trace.culprits.v;
	size_t n = 0;

	for (size_t i = 0; i < p->h->trace.culprits.n && n < NAMED_MAX; i++) {
		/* Time of a thread kept from waking the vCPU is not in what was lost. */
		if (c[i].via.known || !blame_counts(&c[i]) || !c[i].total_ns.v)
			continue;
		html_put(p->out, n++ ? ", " : " Most of it went to ");
		html_put(p->out, "<b>");
		escape_cut(p->out, c[i].name.v, HTML_NAME_MAX);
		html_put(p->out, "</b> (");
		put_share(p, c[i].total_ns.v, l->lost_ns);
		html_put(p->out, " of what was lost)");
	}
	html_put(p->out, n ? "." : "");
}

static void print_summary(const struct html *p, const struct lost *l)
{
	html_put(p->out, "<p class=\"said\">In ");
	html_ns(p->out, l->window_ns);
	html_put(p->out, " the guest's %zu vCPU%s lost <b>", l->n_vcpus,
		 l->n_vcpus == 1 ? "" : "s");
	put_share(p, l->lost_ns, l->all_ns);
	html_put(p->out, "</b> of %s time (", l->n_vcpus == 1 ? "its" : "their");
	html_ns(p->out, l->lost_ns);
	html_put(p->out, ").");
	put_most(p, l);
	html_put(p->out, "</p>\n");
}

static void print_rung(const struct html *p, const struct lost *l)
{
	static const struct {
		const char *rung, *words;
	} rungs[] = {
		{ "tracefs", "Seen by the kernel's trace events" },
		{ "recording", "Seen in a recording" },
		{ "schedstat", "Seen by the scheduler's counters only: how much was lost, but not "
			       "to whom" },
		{ "none", "Nothing recorded it" },
	};
	const struct trace_facts *t = &p->h->trace;

	html_put(p->out, "<p>");
	for (size_t i = 0; i < ARRAY_SIZE(rungs); i++) {
		if (fact_is(&t->rung, rungs[i].rung))
			html_put(p->out, "%s. ", rungs[i].words);
	}
	if (t->n_events.known) {
		put_count(p, t->n_events.v);
		html_put(p->out, " events were read");
		if (t->lost_events.known && t->lost_events.v) {
			html_put(p->out, "; <b>");
			put_count(p, t->lost_events.v);
			html_put(p->out, " or more were lost</b>, and time around them is not "
					 "attributed");
		} else if (t->lost_events.known) {
			html_put(p->out, ", none was lost");
		}
		html_put(p->out, ". ");
	}
	if (l->untold_ns) {
		html_put(p->out, "Of ");
		put_share(p, l->untold_ns, l->all_ns);
		html_put(p->out, " of the vCPUs' time nothing is known. ");
	}
	if (l->own_ns) {
		html_put(p->out, "The measurement itself took ");
		html_ns(p->out, l->own_ns);
		html_put(p->out, " more, which is in the figures but not in these numbers. ");
	}
	html_put(p->out, "</p>\n");
}

static void print_missing(const struct html *p)
{
	const struct trace_missing *m = p->h->trace.missing.v;
	const size_t n = p->h->trace.missing.n;

	if (n == 0)
		return;
	html_put(p->out,
		 "<details>\n<summary>What cannot be told <span class=\"count\">%zu</span>"
		 "</summary>\n<ul>\n",
		 n);
	for (size_t i = 0; i < n && i < MISSING_MAX; i++) {
		html_put(p->out, "<li>No event <code>");
		escape_cut(p->out, m[i].event.known ? m[i].event.v : "?", HTML_NAME_MAX);
		html_put(p->out, "</code>: ");
		escape_cut(p->out, m[i].hides.known ? m[i].hides.v : "?", 2 * HTML_NAME_MAX);
		html_put(p->out, "\n");
	}
	html_put(p->out, "</ul>\n");
	html_and_more(p, n, MISSING_MAX);
	html_put(p->out, "</details>\n");
}

static void print_culprits(const struct html *p, const struct lost *l)
{
	const struct trace_facts *t = &p->h->trace;

	html_put(p->out, "<h3>Who took it</h3>\n");
	if (t->culprits.n)
		html_culprits(p, &t->culprits, l->lost_ns, CULPRITS_MAX);
	else
		html_put(p->out, "<p>%s</p>\n",
			 fact_is(&t->rung, "schedstat") ? "Counters tell no names."
							: "Nobody was seen to take any.");
}

/* Threads beside the vCPUs: what they wait for the guest waits for. */
static void print_threads(const struct html *p)
{
	const struct trace_thread *t = p->h->trace.threads.v;
	const size_t n = p->h->trace.threads.n;

	if (n == 0)
		return;
	html_put(
		p->out,
		"<h3>The guest's other threads</h3>\n<p>What they waited to run, the guest "
		"waited for its devices.</p>\n<div class=\"scroll\" tabindex=\"0\"><table class=\"numbers\">\n"
		"<thead><tr><th scope=\"col\">Thread<th scope=\"col\">Role<th scope=\"col\">Ran"
		"<th scope=\"col\">Waited to run<th scope=\"col\">Longest wait"
		"<th scope=\"col\">Waits<th scope=\"col\">Moved\n<tbody>\n");
	for (size_t i = 0; i < n && i < THREADS_MAX; i++) {
		html_put(p->out, "<tr><th scope=\"row\">");
		escape_cut(p->out, t[i].name.known ? t[i].name.v : "?", HTML_NAME_MAX);
		html_cell_text(p, &t[i].role);
		html_cell_ns(p, t[i].run_ns.known, t[i].run_ns.v);
		html_cell_ns(p, t[i].delay_ns.known, t[i].delay_ns.v);
		html_cell_ns(p, t[i].max_delay_ns.known, t[i].max_delay_ns.v);
		html_put(p->out, "<td>");
		if (t[i].n_delays.known)
			put_count(p, t[i].n_delays.v);
		html_put(p->out, "<td>");
		if (t[i].n_migrations.known)
			put_count(p, t[i].n_migrations.v);
		html_put(p->out, "\n");
	}
	html_put(p->out, "</table></div>\n");
	html_and_more(p, n, THREADS_MAX);
}

void html_trace(const struct html *p)
{
	struct lost l;
	const int r = lost_make(p->h, &p->h->arena, &l);

	if (r < 0) {
		html_put(p->out, "<p class=\"missing\">The guest was not traced: %s.</p>\n",
			 r == -ENODATA ? host_why_unknown(p->h, "trace.vcpus") : "no memory");
		return;
	}
	print_summary(p, &l);
	print_rung(p, &l);
	print_missing(p);
	html_lost_bars(p, &l);
	print_culprits(p, &l);
	html_lost_time(p, &l);
	html_lost_causes(p, &l);
	html_lost_heat(p, &l);
	print_threads(p);
}

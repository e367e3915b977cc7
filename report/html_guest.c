/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_guest.c - the threads of the guest: where they may run, how much they ran and waited. */
#include <inttypes.h>

#include "analyze/measures.h"
#include "report/html.h"
#include "report/words.h"

enum { THREADS_MAX = 256, WORD_MAX = 24 };

static void cell_policy(const struct html *p, const struct guest_thread *t)
{
	html_put(p->out, "<td>");
	escape_cut(p->out, t->policy.known ? t->policy.v : "?", WORD_MAX);
	if (t->rt_priority.known && t->rt_priority.v)
		html_put(p->out, " %" PRIu64, t->rt_priority.v);
}

static void cell_share(const struct html *p, bool is_known, uint64_t ns)
{
	const uint64_t window_us = host_window_ns(p->h) / NS_PER_US;
	char words[32];

	html_put(p->out, "<td>");
	if (!is_known || !window_us)
		return;
	html_ns(p->out, ns);
	words_of_permille(ns / window_us, words, sizeof(words));
	html_put(p->out, " <small>%s</small>", words);
}

static void cell_u64(const struct html *p, const struct fact_u64 *v)
{
	html_put(p->out, "<td>");
	if (v->known)
		html_put(p->out, "%" PRIu64, v->v);
}

static void cells_of_activity(const struct html *p, const struct activity_thread *a)
{
	if (!a) {
		html_put(p->out, "<td><td><td><td>");
		return;
	}
	cell_share(p, a->run_ns.known, a->run_ns.v);
	cell_share(p, a->delay_ns.known, a->delay_ns.v);
	cell_u64(p, &a->n_voluntary);
	cell_u64(p, &a->n_involuntary);
}

static void put_thread(const struct html *p, const struct guest_thread *t)
{
	html_put(p->out, "<tr><th scope=\"row\">");
	escape_cut(p->out, t->comm.known ? t->comm.v : "?", WORD_MAX);
	html_put(p->out, "<td>");
	escape_cut(p->out, t->role.known ? t->role.v : "", WORD_MAX);
	cell_u64(p, &t->tid);
	html_put(p->out, "<td>");
	if (t->affinity.known)
		html_cpu_list(p->out, &t->affinity.v);
	else
		html_put(p->out, "?");
	cell_policy(p, t);
	cells_of_activity(p, t->tid.known ? activity_of_thread(p->h, t->tid.v) : NULL);
	html_put(p->out, "\n");
}

static void put_threads(const struct html *p, const struct guest_process *g)
{
	const struct guest_thread *t = g->threads.v;

	html_put(p->out,
		 "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Threads of "
		 "the guest\"><table class=\"list\">\n<thead><tr><th scope=\"col\">Thread<th "
		 "scope=\"col\">Role<th scope=\"col\">Tid<th scope=\"col\">May run on<th "
		 "scope=\"col\">Policy<th scope=\"col\">Ran<th scope=\"col\">Waited for a "
		 "CPU<th scope=\"col\">Went to sleep<th scope=\"col\">Was preempted\n<tbody>\n");
	for (size_t i = 0; i < g->threads.n && i < THREADS_MAX; i++)
		put_thread(p, &t[i]);
	html_put(p->out, "</table></div>\n");
	if (g->threads.n > THREADS_MAX)
		html_put(p->out, "<p>and %zu more threads.</p>\n", g->threads.n - THREADS_MAX);
}

static void put_backing(const struct html *p, const struct guest_process *g)
{
	const struct guest_backing *b = g->backing.v;

	for (size_t i = 0; i < g->backing.n && i < 8; i++) {
		html_put(p->out, "<tr><th scope=\"row\">Memory mapping<td>");
		if (b[i].size_kib.known)
			html_kib(p->out, b[i].size_kib.v);
		html_put(p->out, " in pages of ");
		if (b[i].page_kib.known)
			html_kib(p->out, b[i].page_kib.v);
		html_put(p->out, "%s",
			 b[i].is_hugetlb.known && b[i].is_hugetlb.v ? " (hugetlb)" : "");
		if (b[i].resident_kib.known) {
			html_put(p->out, ", resident ");
			html_kib(p->out, b[i].resident_kib.v);
		}
		if (b[i].anon_huge_kib.known && b[i].anon_huge_kib.v) {
			html_put(p->out, ", transparent huge ");
			html_kib(p->out, b[i].anon_huge_kib.v);
		}
		html_put(p->out, "\n");
	}
}

static void put_process(const struct html *p, const struct guest_process *g)
{
	html_put(p->out, "<table class=\"facts\"><tbody>\n");
	if (!fact_is(&g->kind, "builtin"))
		html_row_str(p, "Name", "guest.guests", &g->name);
	html_row_str(p, "Program", "guest.guests", &g->program);
	if (!fact_is(&g->manager, "plain"))
		html_row_str(p, "Started by", "guest.guests", &g->manager);
	html_row_u64(p, "Pid", "guest.guests", &g->pid);
	put_backing(p, g);
	html_put(p->out, "</table>\n");
}

void html_guest(const struct html *p)
{
	const struct guest_process *g = p->h->running;

	if (!g) {
		html_put(p->out, "<p>%s</p>\n",
			 host_has_running_guest(p->h)
				 ? "A guest ran, but the result does not hold its threads."
				 : "No guest ran.");
		return;
	}
	put_process(p, g);
	if (g->threads.known)
		put_threads(p, g);
	else
		html_put(p->out, "<p>Its threads could not be read.</p>\n");
}

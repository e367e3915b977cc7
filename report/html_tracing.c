/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_tracing.c - how the trace and the gap loop were made, and what they cost. */
#include <inttypes.h>

#include "report/html.h"

enum { CPUS_SHOWN_MAX = 64 };

static void row_count(const struct html *p, const char *label, const struct fact_u64 *n,
		      const char *about)
{
	if (n->known)
		html_put(p->out, "<tr><th scope=\"row\">%s<td>%" PRIu64 "%s\n", label, n->v,
			 n->v ? about : "");
}

static void row_rate(const struct html *p, const struct trace_facts *t)
{
	if (!t->n_events.known || !t->window_ns.known || t->window_ns.v < NS_PER_MS ||
	    t->n_events.v > UINT64_MAX / 1000000)
		return;
	html_put(p->out, "<tr><th scope=\"row\">Events a second<td>");
	html_rate(p->out, t->n_events.v * 1000000 / (t->window_ns.v / NS_PER_MS));
	html_put(p->out, "\n");
}

/* Where the vCPUs' states and their window differ most. */
static void row_closure(const struct html *p, const struct trace_facts *t)
{
	const struct trace_vcpu *v = t->vcpus.v;
	bool is_known = false;
	uint64_t worst = 0;

	for (size_t i = 0; i < t->vcpus.n; i++) {
		is_known |= v[i].closure_ppm.known;
		worst = u64_max(worst, v[i].closure_ppm.known ? v[i].closure_ppm.v : 0);
	}
	if (is_known)
		html_put(p->out,
			 "<tr><th scope=\"row\">Sum of the states<td>within %" PRIu64
			 " ppm of the window, of each vCPU\n",
			 worst);
}

static void print_cpu(const struct html *p, const struct trace_cpu *c, uint64_t window_ns)
{
	html_put(p->out, "<tr><th scope=\"row\">%" PRIu64, c->cpu.known ? c->cpu.v : 0);
	html_cell_share(p, &c->vcpu_ns, window_ns);
	html_cell_share(p, &c->task_ns, window_ns);
	html_cell_share(p, &c->irq_ns, window_ns);
	html_cell_share(p, &c->softirq_ns, window_ns);
	html_cell_share(p, &c->idle_ns, window_ns);
	html_cell_share(p, &c->lost_ns, window_ns);
	html_cell_share(p, &c->unknown_ns, window_ns);
	html_put(p->out, "<td>");
	if (c->lost_events.known)
		html_put(p->out, "%" PRIu64, c->lost_events.v);
	html_put(p->out, "\n");
}

static void print_cpus(const struct html *p, const struct trace_facts *t)
{
	static const char *const columns[] = { "CPU",         "vCPUs",        "Other threads",
					       "Interrupts",  "Softirqs",     "Idle",
					       "Events lost", "Not yet seen", "Lost events" };
	const struct trace_cpu *c = t->cpus.v;

	if (t->cpus.n == 0 || !t->window_ns.known)
		return;
	html_table_begin(p, false, "What the traced CPUs did",
			 &(struct html_columns){ columns, ARRAY_SIZE(columns), 0 });
	for (size_t i = 0; i < t->cpus.n && i < CPUS_SHOWN_MAX; i++)
		print_cpu(p, &c[i], t->window_ns.v);
	html_table_end_of(p, t->cpus.n, CPUS_SHOWN_MAX);
}

static void print_trace(const struct html *p)
{
	const struct trace_facts *t = &p->h->trace;

	if (!t->rung.known)
		return;
	html_put(p->out, "<h3>Trace</h3>\n<p>Events of the kernel, read without waiting from the "
			 "host's CPUs; each nanosecond of a vCPU is in one state.</p>\n"
			 "<div class=\"scroll\" tabindex=\"0\"><table class=\"facts\"><tbody>\n");
	html_row_str(p, "Seen by", "trace.rung", &t->rung);
	if (t->window_ns.known) {
		html_put(p->out, "<tr><th scope=\"row\">Length<td>");
		html_ns(p->out, t->window_ns.v);
		html_put(p->out, "\n");
	}
	row_count(p, "Events", &t->n_events, "");
	row_rate(p, t);
	row_count(p, "Events lost", &t->lost_events, ", at least");
	row_count(p, "Cut off by losses", &t->n_incomplete, ", closed where events were lost");
	row_count(p, "Without a partner", &t->n_unpaired,
		  ", ends without a beginning or the reverse");
	row_count(p, "Clock steps", &t->n_clamped, " events before an earlier one");
	row_count(p, "Strayed threads", &t->n_strayed, ", seen where no switch had put them");
	row_closure(p, t);
	html_put(p->out, "</table></div>\n");
	print_cpus(p, t);
}

static void print_gap(const struct html *p)
{
	const struct gap_facts *g = &p->h->gap;
	const struct gap_unit *u = g->units.v;
	uint64_t worst_ps = 0;

	if (g->units.n == 0)
		return;
	for (size_t i = 0; i < g->units.n; i++)
		worst_ps = u64_max(worst_ps, u[i].loop_ps.known ? u[i].loop_ps.v : 0);
	html_put(
		p->out,
		"<h3>Gap loop</h3>\n<p>A thread on each CPU reads the clock as fast as it can and "
		"notes when two readings lie apart.</p>\n<div class=\"scroll\" tabindex=\"0\"><table "
		"class=\"facts\"><tbody>\n");
	html_row_cpus(p, "CPUs", "gap.cpus", &g->cpus);
	html_row_u64(p, "Repetitions", "gap.n_reps", &g->n_reps);
	if (g->rep_duration_ns.known) {
		html_put(p->out, "<tr><th scope=\"row\">Length of each<td>");
		html_ns(p->out, g->rep_duration_ns.v);
		html_put(p->out, "\n");
	}
	html_row_str(p, "Scheduling", "gap.policy", &g->policy);
	if (worst_ps)
		html_put(p->out,
			 "<tr><th scope=\"row\">One turn<td>%" PRIu64 ".%" PRIu64
			 "&nbsp;ns, or less\n",
			 worst_ps / 1000, worst_ps % 1000 / 100);
	html_put(p->out, "</table></div>\n");
}

void html_tracing(const struct html *p)
{
	print_trace(p);
	print_gap(p);
}

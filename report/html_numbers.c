/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_numbers.c - the key numbers of a run in one table. */
#include <inttypes.h>

#include "analyze/measures.h"
#include "report/html.h"
#include "report/words.h"

/* A tile: label, value, remark. The value is printed between begin and end. */
static void tile_begin(const struct html *p, const char *label)
{
	html_put(p->out, "<div><dt>%s<dd><b>", label);
}

static void tile_end(const struct html *p)
{
	html_put(p->out, "</b></div>\n");
}

static void print_counts(const struct html *p)
{
	static const struct {
		enum verdict verdict;
		const char *class, *label;
	} counts[] = {
		{ VERDICT_PROBLEM, "is-problem", "Problems" },
		{ VERDICT_ADVICE, "is-advice", "Pieces of advice" },
		{ VERDICT_UNKNOWN, "", "Could not be judged" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		const size_t n = p->f->n_by_verdict[counts[i].verdict];

		html_put(p->out, "<div class=\"%s\"><dt>%s<dd><b>%zu</b>", n ? counts[i].class : "",
			 counts[i].label, n);
		if (counts[i].verdict == VERDICT_UNKNOWN)
			html_put(p->out, "<small>%zu passed</small>",
				 p->f->n_by_verdict[VERDICT_PASS]);
		html_put(p->out, "</div>\n");
	}
}

static void print_wake(const struct html *p)
{
	static const struct {
		const char *label;
		uint32_t ppm;
		const char *needs; /* 10 events beyond the quantile */
	} quantiles[] = {
		{ "Wake-up p50", 500000, "needs 20 wake-ups" },
		{ "Wake-up p99", 990000, "needs 1000 wake-ups" },
		{ "Wake-up p99.9", 999000, "needs 10 000 wake-ups" },
	};
	auto_free struct hist *all = malloc(sizeof(*all));
	struct wake_summary s;

	if (!all || !measure_wake(p->h, -1, false, all, &s) || all->n == 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(quantiles); i++) {
		tile_begin(p, quantiles[i].label);
		if (hist_can_show(all, quantiles[i].ppm)) {
			html_ns(p->out, hist_quantile_ns(all, quantiles[i].ppm));
			tile_end(p);
		} else {
			html_put(p->out, "–</b><small>%s</small></div>\n", quantiles[i].needs);
		}
	}
	tile_begin(p, "Wake-up max");
	html_ns(p->out, s.max_ns);
	html_put(p->out, "</b><small>of %" PRIu64 "</small></div>\n", s.n);
}

static void print_clock(const struct html *p)
{
	struct clock_cost cost;

	if (!measure_clock_cost(p->h, &cost))
		return;
	tile_begin(p, "Clock read");
	html_ns(p->out, cost.p50_ns);
	html_put(p->out, "</b><small>p99 ");
	html_ns(p->out, cost.p99_ns);
	html_put(p->out, "%s%s</small></div>\n", p->h->clock.current.known ? ", " : "",
		 p->h->clock.current.known ? p->h->clock.current.v : "");
}

static void print_steal(const struct html *p)
{
	char words[32];
	uint64_t permille;

	if (!measure_steal_permille(p->h, &permille))
		return;
	words_of_permille(permille, words, sizeof(words));
	tile_begin(p, "Steal");
	html_put(p->out, "%s</b><small>taken by a hypervisor below</small></div>\n", words);
}

static void print_interrupts(const struct html *p)
{
	const struct cpus *guest = html_guest_cpus(p);
	const struct activity_irq *irq = p->h->activity.irqs.v;
	uint64_t n_all = 0, n_devices = 0;

	if (!host_window_ns(p->h) || !p->h->activity.irqs.known || cpus_is_empty(guest))
		return;
	for (size_t i = 0; i < p->h->activity.irqs.n; i++) {
		const uint64_t n = count_on(&irq[i].counts, guest);

		n_all += n;
		n_devices += irq[i].irq.known ? n : 0;
	}
	tile_begin(p, "Interrupts on guest CPUs");
	html_rate(p->out, rate_permille(p->h, n_all));
	html_put(p->out, "/s</b><small>");
	html_rate(p->out, rate_permille(p->h, n_devices));
	html_put(p->out, "/s from devices</small></div>\n");
}

void html_key_numbers(const struct html *p)
{
	html_put(p->out, "<dl class=\"tiles\" aria-label=\"Key numbers\">\n");
	print_counts(p);
	print_wake(p);
	print_clock(p);
	print_steal(p);
	print_interrupts(p);
	html_put(p->out, "</dl>\n");
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/text_numbers.h"

#include <inttypes.h>
#include <string.h>

#include "analyze/measures.h"
#include "report/words.h"

/* Why there are no wake-ups: whoever lacks root must not take silence for a good sign. */
static void print_no_wake(const struct printer *p, struct host *h)
{
	const char *why = host_why_unknown(h, "wake.units");
	auto_free char *line = NULL;

	if (asprintf(&line, "Timer wake-up latency: not measured: %s", why ? why : "no memory") < 0)
		line = NULL;
	else
		print_line(p->out, "", p->style->width, line);
}

static void put_wake(FILE *out, const struct hist *all, const struct wake_summary *s)
{
	static const struct {
		const char *name;
		uint32_t ppm;
	} quantiles[] = { { "p50", 500000 }, { "p99", 990000 }, { "p99.9", 999000 } };
	char words[32];

	fputs("Timer wake-up latency: ", out);
	for (size_t i = 0; i < ARRAY_SIZE(quantiles); i++) {
		if (!hist_can_show(all, quantiles[i].ppm))
			continue;
		words_of_ns(hist_quantile_ns(all, quantiles[i].ppm), words, sizeof(words));
		fprintf(out, "%s %s, ", quantiles[i].name, words);
	}
	words_of_ns(s->max_ns, words, sizeof(words));
	fprintf(out, "max %s; %" PRIu64 " wake-ups, %" PRIu64 " missed, %zu unit%s", words, s->n,
		s->n_missed, s->n_units, s->n_units == 1 ? "" : "s");
}

void text_wake(const struct printer *p, struct host *h)
{
	auto_free struct hist *all = malloc(sizeof(*all));
	auto_free char *line = NULL;
	struct wake_summary s;
	size_t size = 0;
	FILE *out;

	if (!all)
		return;
	if (!measure_wake(h, -1, false, all, &s)) {
		if (h->tsc.costs.n || h->activity.window_ns.known)
			print_no_wake(p, h);
		return;
	}
	out = open_memstream(&line, &size);
	if (!out)
		return;
	put_wake(out, all, &s);
	if (fclose(out) == 0)
		print_line(p->out, "", p->style->width, line);
}

void text_clock(const struct printer *p, const struct host *h)
{
	struct clock_cost cost;

	if (measure_clock_cost(h, &cost))
		fprintf(p->out, "Clock read: p50 %" PRIu64 " ns, p99 %" PRIu64 " ns (%s)\n",
			cost.p50_ns, cost.p99_ns,
			h->clock.current.known ? h->clock.current.v : "?");
}

/* Which guest, on which CPUs, and how these were found. */
void text_target(const struct printer *p, const struct host *h)
{
	static const struct {
		const char *source, *words;
	} ways[] = {
		{ "option", "as asked" },
		{ "guest", "where its vCPUs may run" },
		{ "isolated", "the isolated ones" },
		{ "fallback", "all but the boot CPU's core: nothing tells which are a guest's" },
	};
	auto_free char *guest = cpus_list_new(&h->cpus.guest.v);
	auto_free char *host = cpus_list_new(&h->cpus.host.v);
	auto_free char *line = NULL;
	const char *how = "";

	if (!h->cpus.guest.known || !h->cpus.source.known || !guest || !host)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		if (!strcmp(ways[i].source, h->cpus.source.v))
			how = ways[i].words;
	}
	if (asprintf(&line, "Guest CPUs %s (%s), host CPUs %s%s%s", guest, how,
		     *host ? host : "none", h->guestref.name.known ? ", guest " : "",
		     h->guestref.name.known ? h->guestref.name.v : "") < 0)
		line = NULL;
	else
		print_line(p->out, "", p->style->width, line);
}

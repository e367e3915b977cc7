/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_machine.c - the host: kernel, clock, memory pools, asynchronous I/O, power. */
#include <inttypes.h>

#include "report/html.h"

enum { CMDLINE_MAX = 4096, POOLS_MAX = 64 };

static void put_cmdline(const struct html *p)
{
	html_put(p->out, "<tr><th scope=\"row\">Command line<td>");
	if (p->h->kernel.cmdline.known) {
		html_put(p->out, "<code class=\"wrap\">");
		escape_cut(p->out, p->h->kernel.cmdline.v, CMDLINE_MAX);
		html_put(p->out, "</code>\n");
	} else {
		html_unknown(p, "kernel.cmdline");
	}
}

static void put_clock(const struct html *p)
{
	const struct clock_facts *c = &p->h->clock;

	html_row_str(p, "Clocksource", "clock.current", &c->current);
	html_put(p->out, "<tr><th scope=\"row\">Clocksources on offer<td>");
	if (!c->available.known)
		html_unknown(p, "clock.available");
	for (size_t i = 0; i < c->available.n && i < 16; i++)
		html_put(p->out, "%s%s", i ? ", " : "", c->available.v[i]);
	html_put(p->out, "\n");
}

static void put_aio(const struct html *p)
{
	const struct aio_facts *a = &p->h->aio;

	html_put(p->out, "<tr><th scope=\"row\">Asynchronous I/O slots<td>");
	if (a->nr.known && a->max_nr.known)
		html_put(p->out, "%" PRIu64 " of %" PRIu64 " in use\n", a->nr.v, a->max_nr.v);
	else
		html_unknown(p, a->nr.known ? "aio.max_nr" : "aio.nr");
}

#define GOVERNORS_MAX 8u

struct governor {
	const char *name;
	struct cpus cpus;
};

/* Each once with its CPUs; how many there are. Of more, which no kernel has, the first ones. */
static size_t find_governors(const struct fact_list *freq, struct governor found[GOVERNORS_MAX])
{
	const struct freq_fact *f = freq->v;
	size_t n = 0;

	for (size_t i = 0; i < freq->n; i++) {
		size_t k = 0;

		while (k < n && !fact_is(&f[i].governor, found[k].name))
			k++;
		if (!f[i].governor.known || k == GOVERNORS_MAX)
			continue;
		if (k == n)
			found[n++] = (struct governor){ .name = f[i].governor.v };
		found[k].cpus = cpus_or(&found[k].cpus, &f[i].cpus.v);
	}
	return n;
}

static void put_governors(const struct html *p)
{
	struct governor found[GOVERNORS_MAX];
	size_t n;

	html_put(p->out, "<tr><th scope=\"row\">Frequency governor<td>");
	if (!p->h->cpu.freq.known) {
		html_unknown(p, "cpu.freq");
		return;
	}
	if (p->h->cpu.freq.n == 0)
		html_put(p->out, "none: the frequency is not set by this kernel");
	n = find_governors(&p->h->cpu.freq, found);
	for (size_t i = 0; i < n; i++) {
		html_put(p->out, "%s%s on ", i ? "; " : "", found[i].name);
		html_cpu_list(p->out, &found[i].cpus);
	}
	html_put(p->out, "\n");
}

static void put_settings(const struct html *p)
{
	const struct kernel_facts *k = &p->h->kernel;

	html_put(p->out, "<div class=\"scroll\" tabindex=\"0\"><table class=\"facts\"><tbody>\n");
	html_row_str(p, "Kernel", "kernel.release", &k->release);
	html_row_str(p, "System", "kernel.os_id",
		     p->h->identity.os.known ? &p->h->identity.os : &k->os_id);
	html_row_str(p, "Processor", "cpu.model", &p->h->cpu.model);
	put_cmdline(p);
	html_row_cpus(p, "Isolated CPUs", "cpu.isolated", &p->h->cpu.isolated);
	html_row_cpus(p, "CPUs without tick", "cpu.nohz_full", &p->h->cpu.nohz_full);
	put_governors(p);
	html_row_str(p, "Idle driver", "cpu.idle_driver", &p->h->cpu.idle_driver);
	put_clock(p);
	html_row_str(p, "Transparent huge pages", "hugepages.thp_enabled",
		     &p->h->hugepages.thp_enabled);
	put_aio(p);
	html_put(p->out, "</table></div>\n");
}

static void put_pool(const struct html *p, const struct hugepage_pool *pool, bool has_node)
{
	const struct fact_u64 *cells[] = { &pool->n_pages, &pool->n_free, &pool->n_reserved,
					   &pool->n_surplus };

	html_put(p->out, "<tr><th scope=\"row\">");
	if (pool->page_kib.known)
		html_kib(p->out, pool->page_kib.v);
	if (has_node && pool->node.known)
		html_put(p->out, " on node %" PRIu64, pool->node.v);
	for (size_t i = 0; i < ARRAY_SIZE(cells); i++) {
		html_put(p->out, "<td>");
		if (cells[i]->known)
			html_put(p->out, "%" PRIu64, cells[i]->v);
	}
	html_put(p->out, "\n");
}

static void put_pools(const struct html *p)
{
	const struct hugepages_facts *h = &p->h->hugepages;
	const struct hugepage_pool *v = h->pools.v;

	html_put(p->out, "<h3>Huge pages</h3>\n");
	if (!h->pools.known) {
		html_put(p->out, "<p>");
		html_unknown(p, "hugepages.pools");
		html_put(p->out, "</p>\n");
		return;
	}
	html_put(p->out,
		 "<div class=\"scroll\" tabindex=\"0\"><table class=\"numbers\">\n<thead><tr><th "
		 "scope=\"col\">Page<th scope=\"col\">Pages<th scope=\"col\">Free<th "
		 "scope=\"col\">Reserved<th scope=\"col\">Surplus\n<tbody>\n");
	for (size_t i = 0; i < h->pools.n && i < POOLS_MAX; i++)
		put_pool(p, &v[i], false);
	v = h->node_pools.v;
	/* One node says what the pools say. */
	for (size_t i = 0; p->h->cpu.nodes.n > 1 && i < h->node_pools.n && i < POOLS_MAX; i++)
		put_pool(p, &v[i], true);
	html_put(p->out, "</table></div>\n");
}

void html_machine(const struct html *p)
{
	put_settings(p);
	put_pools(p);
}

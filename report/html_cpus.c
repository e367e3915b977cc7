/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_cpus.c - the CPU map: packages, shared caches, cores, threads; and who may run where. */
#include <inttypes.h>
#include <string.h>

#include "report/html.h"

enum { CORES_MAX = 512, CACHES_MAX = 128 };

/* A thread that may run on every online CPU is bound to none. */
static bool is_bound(const struct html *p, const struct cpus *affinity)
{
	return !p->h->cpu.online.known || !cpus_is_subset(&p->h->cpu.online.v, affinity);
}

/* vCPU numbers (or iothread numbers) whose pin holds this CPU. */
static struct cpus pinned_here(const struct fact_list *pins, unsigned cpu)
{
	const struct domain_pin *v = pins->v;
	struct cpus ids = { 0 };

	for (size_t i = 0; i < pins->n; i++) {
		if (v[i].id.known && v[i].cpus.known && v[i].id.v < CPUS_MAX &&
		    cpus_has(&v[i].cpus.v, cpu))
			cpus_add(&ids, (unsigned)v[i].id.v);
	}
	return ids;
}

static struct cpus vcpus_here(const struct html *p, unsigned cpu)
{
	const struct guest_thread *t = p->h->running ? p->h->running->threads.v : NULL;
	struct cpus ids = { 0 };

	if (!t)
		return pinned_here(&p->h->domain.vcpu_pins, cpu);
	for (size_t i = 0; i < p->h->running->threads.n; i++) {
		if (fact_is(&t[i].role, "vcpu") && t[i].vcpu.known && t[i].vcpu.v < CPUS_MAX &&
		    t[i].affinity.known && is_bound(p, &t[i].affinity.v) &&
		    cpus_has(&t[i].affinity.v, cpu))
			cpus_add(&ids, (unsigned)t[i].vcpu.v);
	}
	return ids;
}

/* Threads of a role that are bound and may run here. */
static bool has_role_here(const struct html *p, const char *role, unsigned cpu)
{
	const struct guest_thread *t = p->h->running ? p->h->running->threads.v : NULL;

	for (size_t i = 0; t && i < p->h->running->threads.n; i++) {
		if (fact_is(&t[i].role, role) && t[i].affinity.known &&
		    is_bound(p, &t[i].affinity.v) && cpus_has(&t[i].affinity.v, cpu))
			return true;
	}
	return false;
}

static bool is_emulator_here(const struct html *p, unsigned cpu)
{
	const struct fact_cpus *pin = &p->h->domain.emulator_pin;

	if (p->h->running)
		return has_role_here(p, "emulator", cpu);
	return pin->known && cpus_has(&pin->v, cpu);
}

static bool is_iothread_here(const struct html *p, unsigned cpu)
{
	struct cpus ids;

	if (p->h->running)
		return has_role_here(p, "iothread", cpu);
	ids = pinned_here(&p->h->domain.iothread_pins, cpu);
	return !cpus_is_empty(&ids);
}

static bool is_in(const struct fact_cpus *set, unsigned cpu)
{
	return set->known && cpus_has(&set->v, cpu);
}

static void put_mark(const struct html *p, bool is_here, const char *letter, const char *title)
{
	if (is_here)
		html_put(p->out, "<abbr title=\"%s\">%s</abbr>", title, letter);
}

static void put_cpu(const struct html *p, unsigned cpu)
{
	const bool is_guest = cpus_has(html_guest_cpus(p), cpu);
	const struct cpus vcpus = vcpus_here(p, cpu);

	html_put(p->out, "<li class=\"cpu%s\"><b>%u</b><abbr class=\"side\" title=\"%s\">%s</abbr>",
		 is_guest ? " g" : "", cpu, is_guest ? "guest CPU" : "host CPU",
		 is_guest ? "G" : "H");
	if (!cpus_is_empty(&vcpus)) {
		html_put(p->out, "<span class=\"vcpu\"><abbr title=\"vCPU\">v</abbr>");
		html_cpu_list(p->out, &vcpus);
		html_put(p->out, "</span>");
	}
	html_put(p->out, "<span class=\"marks\">");
	put_mark(p, is_emulator_here(p, cpu), "E", "the emulator thread is bound here");
	put_mark(p, is_iothread_here(p, cpu), "I", "an I/O thread is bound here");
	put_mark(p, is_in(&p->h->cpu.isolated, cpu), "iso", "isolated from the scheduler");
	put_mark(p, is_in(&p->h->cpu.nohz_full, cpu), "nohz", "without the timer tick");
	html_put(p->out, "</span>\n");
}

static void put_cpus(const struct html *p, const struct cpus *set)
{
	html_put(p->out, "<ul class=\"core\">\n");
	for (int c = cpus_next(set, 0); c >= 0; c = cpus_next(set, (unsigned)c + 1))
		put_cpu(p, (unsigned)c);
	html_put(p->out, "</ul>\n");
}

/* A group of cores: those of a package that share a last-level cache. */
struct group {
	uint64_t package, l3;
	bool has_l3;
};

static struct group group_of(const struct core_fact *c)
{
	return (struct group){ c->package.known ? c->package.v : 0, c->l3.known ? c->l3.v : 0,
			       c->l3.known };
}

static bool is_same_group(struct group a, struct group b)
{
	return a.package == b.package && a.has_l3 == b.has_l3 && a.l3 == b.l3;
}

static bool is_listed(const struct group *groups, size_t n, struct group g)
{
	for (size_t i = 0; i < n; i++) {
		if (is_same_group(groups[i], g))
			return true;
	}
	return false;
}

static int by_package(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->package != y->package)
		return x->package < y->package ? -1 : 1;
	return (x->l3 > y->l3) - (x->l3 < y->l3);
}

static void put_group_title(const struct html *p, struct group g)
{
	const struct l3_fact *l3 = p->h->cpu.l3s.v;

	if (!g.has_l3 || g.l3 >= p->h->cpu.l3s.n) {
		html_put(p->out, "<p class=\"cache\">Cores</p>\n");
		return;
	}
	html_put(p->out, "<p class=\"cache\">L3 cache %" PRIu64, g.l3);
	if (l3[g.l3].size_kib.known) {
		html_put(p->out, ", ");
		html_kib(p->out, l3[g.l3].size_kib.v);
	}
	html_put(p->out, "</p>\n");
}

static void put_group(const struct html *p, struct group g)
{
	const struct core_fact *cores = p->h->cpu.cores.v;
	const size_t n = p->h->cpu.cores.n < CORES_MAX ? p->h->cpu.cores.n : CORES_MAX;

	html_put(p->out, "<div class=\"l3\">\n");
	put_group_title(p, g);
	html_put(p->out, "<div class=\"cores\">\n");
	for (size_t i = 0; i < n; i++) {
		if (cores[i].cpus.known && is_same_group(group_of(&cores[i]), g))
			put_cpus(p, &cores[i].cpus.v);
	}
	html_put(p->out, "</div></div>\n");
}

static void put_package_end(const struct html *p, uint64_t package)
{
	const struct core_fact *cores = p->h->cpu.cores.v;
	struct cpus cpus = { 0 };

	for (size_t i = 0; i < p->h->cpu.cores.n; i++) {
		if (cores[i].cpus.known && group_of(&cores[i]).package == package)
			cpus = cpus_or(&cpus, &cores[i].cpus.v);
	}
	html_devices(p, &cpus);
	html_put(p->out, "</div>\n");
}

static void put_packages(const struct html *p)
{
	const struct core_fact *cores = p->h->cpu.cores.v;
	struct group groups[CACHES_MAX];
	size_t n_groups = 0;
	const size_t n = p->h->cpu.cores.n < CORES_MAX ? p->h->cpu.cores.n : CORES_MAX;

	for (size_t i = 0; i < n && n_groups < CACHES_MAX; i++) {
		const struct group g = group_of(&cores[i]);

		if (!is_listed(groups, n_groups, g))
			groups[n_groups++] = g;
	}
	qsort(groups, n_groups, sizeof(*groups), by_package);
	for (size_t i = 0; i < n_groups; i++) {
		if (i == 0 || groups[i].package != groups[i - 1].package)
			html_put(p->out, "<div class=\"package\">\n<h3>Package %" PRIu64 "</h3>\n",
				 groups[i].package);
		put_group(p, groups[i]);
		if (i + 1 == n_groups || groups[i].package != groups[i + 1].package)
			put_package_end(p, groups[i].package);
	}
	if (p->h->cpu.cores.n > CORES_MAX)
		html_put(p->out, "<p>and %zu more cores.</p>\n", p->h->cpu.cores.n - CORES_MAX);
}

void html_cpus(const struct html *p)
{
	if (!p->h->cpu.cores.known || p->h->cpu.cores.n == 0) {
		html_put(p->out, "<p>");
		html_unknown(p, "cpu.cores");
		html_put(p->out, "</p>\n");
		return;
	}
	html_put(
		p->out,
		"<p class=\"legend\"><span><b class=\"g-word\">G</b> guest CPU</span> <span><b>H</b> "
		"host CPU</span> <span><b>v0</b> vCPU bound here</span> <span><b>E</b> emulator, "
		"<b>I</b> I/O thread bound here</span> <span><b>iso</b> isolated</span> "
		"<span><b>nohz</b> no timer tick</span> <span>one frame is one core, boxes in it are "
		"its threads</span></p>\n<div class=\"map\">\n");
	put_packages(p);
	html_put(p->out, "</div>\n");
	html_devices(p, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* blame_list.c - culprits as rows of evidence; documented in analyze/blame.h. */
#include <string.h>

#include "analyze/blame.h"

typedef unsigned long long ull;

#define ITEMS_MAX 4
/* Events that were lost hide culprits from here on. */
#define UNTOLD_PERMILLE 10

static bool same_text(const struct fact_str *a, const struct fact_str *b)
{
	return a->known == b->known && (!a->known || !strcmp(a->v, b->v));
}

const struct trace_culprit *blame_on(const struct trace_vcpu *v, const struct trace_culprit *wanted)
{
	const struct trace_culprit *c = v->culprits.v;

	for (size_t i = 0; i < v->culprits.n && i < BLAME_CULPRITS_MAX; i++) {
		if (same_text(&c[i].class, &wanted->class) &&
		    same_text(&c[i].name, &wanted->name) && same_text(&c[i].via, &wanted->via))
			return &c[i];
	}
	return NULL;
}

/* "vCPU 0 on CPU 1", "3 vCPUs" */
static const char *whose(const struct host *h, const struct trace_culprit *c, struct finding *out)
{
	const struct trace_vcpu *v = h->trace.vcpus.v, *only = NULL;
	size_t n = 0;

	for (size_t i = 0; i < h->trace.vcpus.n && i < BLAME_VCPUS_MAX; i++) {
		if (!blame_on(&v[i], c))
			continue;
		only = &v[i];
		n++;
	}
	if (n != 1)
		return n ? finding_text(out, "%zu vCPUs", n) : "the guest";
	if (!only->vcpu.known)
		return only->name.known ? only->name.v : "a vCPU";
	if (only->cpus.known && cpus_count(&only->cpus.v) == 1)
		return finding_text(out, "vCPU %llu on CPU %s", (ull)only->vcpu.v,
				    finding_cpus(out, &only->cpus.v));
	return finding_text(out, "vCPU %llu", (ull)only->vcpu.v);
}

static void list_one(const struct host *h, const struct trace_culprit *c, uint64_t lost_ns,
		     struct finding *out)
{
	const char *p99 = "", *longest = "", *share = "", *took;

	if (c->p99_ns.known)
		p99 = finding_text(out, "p99 %s, ", blame_ns(out, c->p99_ns.v));
	if (c->via.known)
		took = finding_text(out, "kept %s, which was to wake %s, for", c->via.v,
				    whose(h, c, out));
	else
		took = finding_text(out, "took %s from %s:", blame_ns(out, c->total_ns.v),
				    whose(h, c, out));
	if (c->via.known)
		took = finding_text(out, "%s %s:", took, blame_ns(out, c->total_ns.v));
	else if (lost_ns >= 1000)
		share = finding_text(
			out, ", %s of all that was lost",
			blame_percent(out, u64_min(c->total_ns.v / (lost_ns / 1000), 1000)));
	/* What is known as a sum alone has no longest one. */
	if (c->max_ns.known)
		longest = finding_text(out, ", %slongest %s", p99, blame_ns(out, c->max_ns.v));
	finding_item(out, "trace: %s %s %llu slice%s%s%s", blame_name(h, c, out), took, (ull)c->n.v,
		     c->n.v == 1 ? "" : "s", longest, share);
}

/* What the numbers are worth. */
static void list_doubts(const struct host *h, const struct blame_time *t, struct finding *out)
{
	const uint64_t half_ns = t->known_ns / 2 + t->untold_ns / 2;
	const uint64_t permille = half_ns < 500 ? 0 : t->untold_ns / (half_ns / 500);

	if (permille >= UNTOLD_PERMILLE)
		finding_item(out,
			     "trace: %s of the time is not known, so that there may be more of it",
			     blame_percent(out, permille));
	if (h->trace.window_ns.known && h->trace.window_ns.v < NS_PER_S)
		finding_item(out, "trace: of %s only", blame_ns(out, h->trace.window_ns.v));
	if (h->cpu.is_virtual.known && h->cpu.is_virtual.v)
		finding_item(out, "trace: times include what the hypervisor below took meanwhile");
}

void blame_list(const struct host *h, blame_fn *is_meant, const void *arg, struct finding *out)
{
	const struct trace_culprit *c = h->trace.culprits.v;
	const struct blame_time t = blame_time(h, NULL);
	uint64_t rest_ns = 0;
	size_t n = 0;

	for (size_t i = 0; i < h->trace.culprits.n && i < BLAME_CULPRITS_MAX; i++) {
		if (!blame_counts(&c[i]) || (is_meant && !is_meant(h, &c[i], arg)))
			continue;
		if (n++ < ITEMS_MAX)
			list_one(h, &c[i], t.lost_ns, out);
		else
			rest_ns = u64_max(rest_ns, rest_ns + c[i].total_ns.v);
	}
	if (n > ITEMS_MAX)
		finding_item(out, "trace: %zu more took %s together", n - ITEMS_MAX,
			     blame_ns(out, rest_ns));
	if (n)
		list_doubts(h, &t, out);
}

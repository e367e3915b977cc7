/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/openmetrics.h"

#include <string.h>

#include "analyze/blame.h"
#include "analyze/irqs.h"
#include "analyze/measures.h"
#include "core/save.h"
#include "report/openmetrics_parts.h"

enum { HANDLERS_MAX = 32 };

static const char *guest_kind(const struct host *h)
{
	return text_or(&h->guestref.kind, "none");
}

static void put_info(struct exposition *to, const struct host *h)
{
	auto_family struct family f = { to, "info",
					"What was measured: the tool, the host and the profile." };
	const struct label labels[] = {
		{ "version", text_or(&h->tool.version, "") },
		{ "kernel", text_or(&h->identity.kernel, "") },
		{ "cpu", text_or(&h->identity.cpu_model, "") },
		{ "clocksource", text_or(&h->clock.current, "") },
		{ "guest", guest_kind(h) },
		{ "profile", text_or(&h->run.profile, "") },
		{ "label", text_or(&h->run.label, "") },
		{ 0 },
	};

	family_add(&f, labels, 1, 1);
}

static void put_wake(struct exposition *to, const struct host *h)
{
	auto_free struct hist *all = malloc(sizeof(*all));
	const struct label guest = { "guest", guest_kind(h) };
	struct wake_summary s;

	to->is_out_of_memory |= !all;
	if (all && measure_wake(h, -1, true, all, &s))
		family_histogram(to, "wake_latency_seconds",
				 "How late a timer thread on the guest's CPUs ran in the last run, "
				 "corrected for coordinated omission.",
				 &guest, all);
}

static void put_outages(struct exposition *to, const struct host *h)
{
	auto_free struct hist *all = malloc(sizeof(*all));
	const struct label guest = { "guest", guest_kind(h) };
	const struct trace_vcpu *v = h->trace.vcpus.v;
	bool is_known = false;

	to->is_out_of_memory |= !all;
	if (!all || !blame_can_tell(h))
		return;
	hist_init(all);
	for (size_t i = 0; i < h->trace.vcpus.n; i++) {
		if (!v[i].outages.known)
			continue;
		if (hist_merge_bins(all, v[i].outages.v) < 0)
			return;
		is_known = true;
	}
	if (is_known)
		family_histogram(to, "guest_outage_seconds",
				 "Stretches of the last run in which a vCPU did not run though it "
				 "would have.",
				 &guest, all);
}

static bool is_of_class(const struct host *h, const struct trace_culprit *c, const void *class)
{
	(void)h;
	/* What kept another thread from waking a vCPU took none of its lost time. */
	return fact_is(&c->class, class) && !c->via.known;
}

static void put_classes(struct exposition *to, const struct host *h)
{
	static const char *const classes[] = { "task", "irq", "vector", "softirq",  "nmi",
					       "exit", "io",  "steal",  "throttle", "residue" };
	auto_family struct family f = { to, "guest_lost_class_ratio",
					"Part of the vCPUs' known time that each class of culprit "
					"took." };
	/* Of what the kernel cannot tell there is no zero. */
	const bool is_all_told = h->trace.missing.known && h->trace.missing.n == 0;

	if (!blame_can_tell(h))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
		const struct label labels[] = { { "class", classes[i] }, { 0 } };
		struct blame b = { 0 };
		const bool is_there = blame_some(h, is_of_class, classes[i], &b);

		if (!is_there && !is_all_told)
			continue;
		family_add(&f, labels,
			   is_there ? openmetrics_ppm(b.total_ns, blame_time(h, NULL).known_ns) : 0,
			   1000000);
	}
}

struct handler {
	const char *name;
	uint64_t n;
};

static int by_count(const void *a, const void *b)
{
	const struct handler *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int by_name(const void *a, const void *b)
{
	const struct handler *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Counts of one handler become one; those on no guest CPU go. */
static size_t merge_handlers(struct handler *v, size_t n)
{
	size_t n_merged = 0;

	qsort(v, n, sizeof(*v), by_name);
	for (size_t i = 0; i < n; i++) {
		if (n_merged && !strcmp(v[n_merged - 1].name, v[i].name))
			v[n_merged - 1].n += v[i].n;
		else if (v[i].n)
			v[n_merged++] = v[i];
	}
	return n_merged;
}

/* Lines of devices, without the guest's own; the busiest by name, so that series stay few. */
static void put_interrupts(struct exposition *to, const struct host *h)
{
	auto_family struct family f = { to, "guest_cpu_interrupts_per_second",
					"Interrupts of the host's devices on the guest's CPUs, by "
					"handler." };
	const struct activity_irq *v = h->activity.irqs.v;
	auto_free struct handler *all = calloc(h->activity.irqs.n + 1, sizeof(*all));
	struct label labels[] = { { "handler", "others" }, { 0 } };
	uint64_t n_others = 0;
	size_t n = 0;

	to->is_out_of_memory |= !all;
	if (!all || !h->activity.irqs.known || !h->cpus.guest.known || !host_window_ns(h))
		return;
	for (size_t i = 0; i < h->activity.irqs.n; i++) {
		if (v[i].irq.known && !irq_is_vfio(&v[i].actions))
			all[n++] = (struct handler){ text_or(&v[i].actions, "?"),
						     count_on(&v[i].counts, &h->cpus.guest.v) };
	}
	n = merge_handlers(all, n);
	qsort(all, n, sizeof(*all), by_count);
	for (size_t i = HANDLERS_MAX; i < n; i++)
		n_others += all[i].n;
	family_add(&f, labels, rate_permille(h, n_others), 1000);
	for (size_t i = 0; i < n && i < HANDLERS_MAX; i++) {
		labels[0].value = all[i].name;
		family_add(&f, labels, rate_permille(h, all[i].n), 1000);
	}
}

static void put_pools(struct exposition *to, const struct host *h)
{
	auto_family struct family f = { to, "hugepages",
					"Huge pages of each size, by whether they are free." };
	const struct hugepage_pool *v = h->hugepages.pools.v;

	for (size_t i = 0; i < h->hugepages.pools.n; i++) {
		auto_free char *size = NULL;
		struct label labels[] = { { "page_size_bytes", NULL }, { "state", "free" }, { 0 } };

		if (!v[i].page_kib.known || !v[i].n_pages.known || !v[i].n_free.known ||
		    v[i].page_kib.v > UINT64_MAX / KIB)
			continue;
		if (asprintf(&size, "%llu", (unsigned long long)(v[i].page_kib.v * KIB)) < 0) {
			to->is_out_of_memory = true;
			size = NULL;
			return;
		}
		labels[0].value = size;
		family_add(&f, labels, v[i].n_free.v, 1);
		labels[1].value = "used";
		family_add(&f, labels, v[i].n_pages.v - u64_min(v[i].n_free.v, v[i].n_pages.v), 1);
	}
}

static void put_findings(struct exposition *to, const struct findings *all)
{
	auto_family struct family counts = { to, "findings", "Rows of the catalogue, by verdict." };
	auto_family struct family each = { to, "finding",
					   "1 for each row with a problem or advice." };

	for (size_t v = 0; v < N_VERDICTS; v++) {
		const struct label labels[] = { { "verdict", verdict_names[v] }, { 0 } };

		family_add(&counts, labels, all->n_by_verdict[v], 1);
	}
	for (size_t i = 0; i < all->n; i++) {
		const struct finding *f = &all->v[i];
		const struct label labels[] = { { "id", f->tweak->id },
						{ "verdict", verdict_names[f->verdict] },
						{ 0 } };

		if (f->verdict <= VERDICT_ADVICE)
			family_add(&each, labels, 1, 1);
	}
}

int report_openmetrics(FILE *out, struct host *h, const struct findings *f,
		       const struct comparison_facts *c)
{
	static void (*const parts[])(struct exposition * to, const struct host *h) = {
		put_info,    openmetrics_gauges, put_wake,  put_outages,
		put_classes, put_interrupts,     put_pools,
	};
	struct exposition to = { .out = out };

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		parts[i](&to, h);
	put_findings(&to, f);
	if (c)
		openmetrics_comparison(&to, c);
	if (to.is_out_of_memory)
		return -ENOMEM;
	return save_error(out);
}

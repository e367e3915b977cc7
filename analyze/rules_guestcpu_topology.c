/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_guestcpu_topology.c - does the guest know its cores, threads and caches? */
#include "analyze/engine.h"
#include "analyze/guest_config.h"
#include "analyze/guestcpu.h"
#include "analyze/pin.h"

/* Client editions of Windows leave vCPUs in further sockets alone. */
#define WINDOWS_SOCKETS 2

/* Threads of the host's widest core; 0: the cores are not known. */
static size_t host_threads(const struct host *h)
{
	const struct core_fact *core = h->cpu.cores.v;
	size_t most = 0;

	for (size_t i = 0; h->cpu.cores.known && i < h->cpu.cores.n; i++) {
		const size_t n = core[i].cpus.known ? cpus_count(&core[i].cpus.v) : 0;

		most = n > most ? n : most;
	}
	return most;
}

/* Pairs of vCPUs, 0 and 1, 2 and 3 …, that are pinned to siblings. */
static size_t n_sibling_pairs(const struct host *h, const struct placement *p)
{
	size_t n = 0;

	for (size_t i = 0; i + 1 < p->n; i += 2) {
		const struct core_fact *core = cpu_core(&h->cpu, cpus_next(&p->v[i].cpus, 0));

		n += core && p->v[i].is_pinned && p->v[i + 1].is_pinned &&
		     core == cpu_core(&h->cpu, cpus_next(&p->v[i + 1].cpus, 0));
	}
	return n;
}

/* Threads per core to tell the guest: as the pins have it, else as they are proposed. */
static uint64_t threads_to_tell(const struct host *h, uint64_t n, struct finding *out)
{
	const struct placement *p = placement_of(h, out);
	struct propose_wish wish = { .n_vcpus = n };
	auto_free struct proposal *prop = NULL;
	uint64_t threads = 1;

	if (p->n && p->n_pinned == p->n)
		threads = n % 2 == 0 && n_sibling_pairs(h, p) == n / 2 ? 2 : 1;
	else if (n <= PLACEMENT_MAX && propose_pins(&h->cpu, &wish, &prop) == 0)
		threads = prop->threads;
	return threads && n % threads == 0 ? threads : 1;
}

static void fill_topology(const struct host *h, struct finding *out)
{
	const uint64_t n = h->domain.n_vcpus.v, threads = threads_to_tell(h, n, out);

	finding_fill(out, "n", "%llu", (unsigned long long)n);
	finding_fill(out, "cores", "%llu", (unsigned long long)(n / threads));
	finding_fill(out, "threads", "%llu", (unsigned long long)threads);
}

bool guestcpu_has_several(const struct host *h, struct finding *out)
{
	if (!guest_is_x86(h, out))
		return false;
	if (!h->domain.n_vcpus.known || h->domain.n_vcpus.v != 1)
		return true;
	finding_say(out, "The guest has one vCPU.");
	return false;
}

static uint64_t or_1(const struct fact_u64 *f)
{
	return f->known ? f->v : 1;
}

/* a times b, or as much as there is. */
static uint64_t times(uint64_t a, uint64_t b)
{
	return b && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

/* "2 sockets, 4 cores, 2 threads" */
static const char *topology_words(const struct domain_facts *d, struct finding *out)
{
	const unsigned long long sockets = (unsigned long long)or_1(&d->sockets),
				 cores = (unsigned long long)d->cores.v,
				 threads = (unsigned long long)d->threads.v;

	return finding_text(out, "%llu socket%s, %llu core%s, %llu thread%s", sockets,
			    sockets == 1 ? "" : "s", cores, cores == 1 ? "" : "s", threads,
			    threads == 1 ? "" : "s");
}

static bool is_missing(const struct domain_facts *d)
{
	if (!d->sockets.known && !d->cores.known && !d->threads.known)
		return true;
	/* What libvirt writes where nothing is told. */
	return d->sockets.known && d->sockets.v == d->n_vcpus.v && or_1(&d->cores) == 1 &&
	       or_1(&d->threads) == 1;
}

static enum verdict judge_told(const struct host *h, struct finding *out)
{
	const struct domain_facts *d = &h->domain;
	const uint64_t product = times(times(or_1(&d->sockets), or_1(&d->dies)),
				       times(or_1(&d->clusters), times(d->cores.v, d->threads.v)));
	const char *words = topology_words(d, out);
	const size_t threads = host_threads(h);

	if (product != d->n_vcpus.v) {
		finding_say(out,
			    "The topology (%s) makes %llu vCPUs, the guest has %llu: it does not "
			    "start.",
			    words, (unsigned long long)product, (unsigned long long)d->n_vcpus.v);
		return VERDICT_PROBLEM;
	}
	if (or_1(&d->sockets) > WINDOWS_SOCKETS && guest_os_is(h, "windows")) {
		finding_say(out,
			    "The guest has %s: client editions of Windows use %d sockets at most.",
			    words, WINDOWS_SOCKETS);
		return VERDICT_ADVICE;
	}
	if (threads && d->threads.v > threads) {
		finding_say(out, "The guest has %s per core, the host's cores have %zu.", words,
			    threads);
		return VERDICT_ADVICE;
	}
	finding_say(out, "The guest has %s: %llu vCPUs.", words, (unsigned long long)product);
	return VERDICT_PASS;
}

enum verdict guestcpu_judge_topology(const struct host *h, struct finding *out)
{
	const struct domain_facts *d = &h->domain;

	if (!d->n_vcpus.v) {
		finding_say(out, "How many vCPUs the guest has is not known.");
		return VERDICT_UNKNOWN;
	}
	fill_topology(h, out);
	if (is_missing(d)) {
		finding_say(out,
			    "The guest is told no topology: it takes its %llu vCPUs for as many "
			    "sockets or cores.",
			    (unsigned long long)d->n_vcpus.v);
		return VERDICT_ADVICE;
	}
	if (!d->cores.known || !d->threads.known) {
		finding_say(out, "Part of the topology is told in a way that is not understood.");
		return VERDICT_UNKNOWN;
	}
	return judge_told(h, out);
}

bool guestcpu_has_cores_only(const struct host *h, struct finding *out)
{
	if (!guest_is_known(h, out) || !placement_applies(h, out))
		return false;
	if (h->domain.threads.known && h->domain.threads.v == 1)
		return true;
	finding_say(out, h->domain.threads.known
				 ? "The guest is told of its threads."
				 : "The guest is told no topology: see guestcpu.topology.");
	return false;
}

/* Host cores of which vCPUs have more than one thread. */
static size_t n_doubled(const struct host *h, const struct placement *p)
{
	const struct core_fact *core = h->cpu.cores.v;
	size_t n = 0;

	for (size_t i = 0; i < h->cpu.cores.n; i++) {
		const struct cpus taken = cpus_and(&core[i].cpus.v, &p->pinned);

		n += cpus_count(&taken) > 1;
	}
	return n;
}

enum verdict guestcpu_judge_no_smt(const struct host *h, struct finding *out)
{
	const struct placement *p = placement_of(h, out);
	auto_free struct proposal *prop = NULL;
	size_t n;
	int r;

	if (!p->n)
		return placement_says_nothing(p, out);
	if (host_threads(h) < 2) {
		finding_say(out, "The cores of this host have one thread each.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (!p->n_pinned)
		return pin_says_floating(out);
	n = n_doubled(h, p);
	if (!n) {
		finding_say(out, "The guest has cores only, and each vCPU has a core of the host.");
		return VERDICT_PASS;
	}
	finding_say(out,
		    "The guest is told of cores only, but on %zu core%s of the host two or more "
		    "of its vCPUs share the core.",
		    n, n == 1 ? "" : "s");
	r = pin_propose(h, p, true, &prop);
	/* The same set with one thread per core again would leave the vCPUs in pairs. */
	if (r == 0 && prop->threads < 2) {
		free(prop);
		prop = NULL;
		r = pin_propose(h, p, false, &prop);
	}
	pin_fix(h, p, r, prop, out);
	return VERDICT_ADVICE;
}

bool guestcpu_may_show_cache(const struct host *h, struct finding *out)
{
	if (!guest_is_x86(h, out))
		return false;
	if (guestcpu_is_passed_through(h))
		return true;
	finding_say(out, "The host's CPU is not passed through: see guestcpu.host-passthrough.");
	return false;
}

/* L3 caches under the pinned vCPUs; 0: not known. */
static size_t n_caches(const struct host *h, struct finding *out)
{
	const struct l3_fact *l3 = h->cpu.l3s.v;
	const struct placement *p;
	size_t n = 0;

	if (placement_source(h) == PLACEMENT_NONE || !h->cpu.l3s.known)
		return 0;
	p = placement_of(h, out);
	for (size_t i = 0; i < h->cpu.l3s.n; i++)
		n += cpus_intersects(&l3[i].cpus.v, &p->pinned);
	return n;
}

/* Each die of the guest has an L3 cache of its own. */
static void fix_dies(const struct host *h, size_t n, struct finding *out)
{
	const struct domain_facts *d = &h->domain;

	finding_change(out, CHANGE_XML, NULL);
	finding_change(out, CHANGE_QEMU, NULL);
	finding_change(out, CHANGE_PROXMOX, NULL);
	if (!d->cores.known || d->cores.v % n != 0 || or_1(&d->sockets) != 1) {
		finding_fix(out, NULL, "Keep the guest in one L3 cache: see pin.l3-ccd.", NULL);
		return;
	}
	finding_change(out, CHANGE_XML, "cpu/topology@dies=%zu@cores=%llu", n,
		       (unsigned long long)(d->cores.v / n));
	finding_change(out, CHANGE_QEMU, "-smp %llu,sockets=1,dies=%zu,cores=%llu,threads=%llu",
		       (unsigned long long)d->n_vcpus.v, n, (unsigned long long)(d->cores.v / n),
		       (unsigned long long)or_1(&d->threads));
}

enum verdict guestcpu_judge_cache(const struct host *h, struct finding *out)
{
	const bool is_on = fact_is(&h->domain.cpu_cache, "passthrough");
	const size_t n = n_caches(h, out);

	if (is_on && n > 1 && or_1(&h->domain.dies) != n) {
		finding_say(out,
			    "The guest is shown the host's caches as one L3, but its CPUs span "
			    "%zu.",
			    n);
		fix_dies(h, n, out);
		return VERDICT_ADVICE;
	}
	if (is_on) {
		finding_say(out, "The guest is shown the host's caches.");
		return VERDICT_PASS;
	}
	if (n > 1) {
		finding_say(out, "The guest's CPUs span %zu L3 caches: see pin.l3-ccd first.", n);
		return VERDICT_NOT_APPLICABLE;
	}
	finding_say(out, "The guest is shown caches that QEMU makes up%s.",
		    h->domain.cpu_cache.known
			    ? finding_text(out, " (cache mode %s)", h->domain.cpu_cache.v)
			    : "");
	return VERDICT_ADVICE;
}

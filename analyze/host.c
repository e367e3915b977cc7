/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/host.h"

#include <string.h>

#include "facts/document.h"

/* Some 10 MB for a large host; a list of empty objects may ask for a thousand times its text. */
#define MEMORY_MAX (512 * MIB)

#define MEMBER(name) offsetof(struct host, name)

/* Members of the result object itself. */
static const struct {
	const struct schema *schema;
	size_t at;
} members[] = {
	{ &tool_schema, MEMBER(tool) },         { &run_schema, MEMBER(run) },
	{ &identity_schema, MEMBER(identity) }, { &guestref_schema, MEMBER(guestref) },
	{ &cpuset_schema, MEMBER(cpus) },
};

/* Documents below "probes". */
static const struct {
	const struct schema *schema;
	size_t at;
} domains[] = {
	{ &kernel_schema, MEMBER(kernel) },
	{ &cpu_schema, MEMBER(cpu) },
	{ &clock_schema, MEMBER(clock) },
	{ &irq_schema, MEMBER(irq) },
	{ &hugepages_schema, MEMBER(hugepages) },
	{ &aio_schema, MEMBER(aio) },
	{ &guest_schema, MEMBER(guest) },
	{ &domain_schema, MEMBER(domain) },
	{ &pci_schema, MEMBER(pci) },
	{ &iommu_schema, MEMBER(iommu) },
	{ &power_schema, MEMBER(power) },
	{ &mm_schema, MEMBER(mm) },
	{ &sched_schema, MEMBER(sched) },
	{ &net_schema, MEMBER(net) },
	{ &log_schema, MEMBER(log) },
	{ &setup_schema, MEMBER(setup) },
	{ &wake_schema, MEMBER(wake) },
	{ &tsc_schema, MEMBER(tsc) },
	{ &activity_schema, MEMBER(activity) },
	{ &wake_bare_schema, MEMBER(wake_bare) },
	{ &gap_schema, MEMBER(gap) },
	{ &exits_schema, MEMBER(exits) },
	{ &trace_schema, MEMBER(trace) },
};
_Static_assert(ARRAY_SIZE(domains) == HOST_N_PROBES, "one host_probe per domain");

const struct schema *host_member_schema(size_t i)
{
	return i < ARRAY_SIZE(members) ? members[i].schema : NULL;
}

const struct schema *host_probe_schema(size_t i)
{
	return i < ARRAY_SIZE(domains) ? domains[i].schema : NULL;
}

static int say_why(char **ret_why, const char *fmt, ...) FORMAT_PRINTF(2, 3);

static int say_why(char **ret_why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(ret_why, fmt, ap) < 0)
		*ret_why = NULL;
	va_end(ap);
	return -EBADMSG;
}

/* "" when it is not there. */
static int read_optional(struct host *h, const struct doc *d, const char *key, const char **ret_s)
{
	int r = fact_read_str(doc_get(d, key), &h->arena, ret_s);

	if (r == -ENOENT)
		*ret_s = "";
	return r == -ENOENT ? 0 : r;
}

static int decode_gaps(struct host *h, struct host_probe *p, const struct doc *gaps)
{
	const size_t n = doc_n(gaps) < 10000 ? doc_n(gaps) : 10000;
	struct host_gap *v = arena_calloc(&h->arena, n, sizeof(*v));

	if (!v)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		const struct doc *g = doc_at(gaps, i);
		int r = fact_read_str(doc_get(g, "field"), &h->arena, &v[i].field);

		if (r == 0)
			r = fact_read_str(doc_get(g, "error"), &h->arena, &v[i].error);
		if (r == 0)
			r = read_optional(h, g, "path", &v[i].path);
		if (r < 0)
			return r == -ENOMEM ? r : -EBADMSG;
	}
	p->gaps = v;
	p->n_gaps = n;
	return 0;
}

static int decode_envelope(struct host *h, struct host_probe *p, const struct doc *d)
{
	uint64_t version = 0;
	int r;

	p->status = "absent";
	p->reason = "";
	if (!d)
		return 0;
	r = doc_check_format(d, "vfiobench-probe", 1, &version);
	if (r < 0)
		return r;
	r = fact_read_str(doc_get(d, "status"), &h->arena, &p->status);
	if (r == 0)
		r = read_optional(h, d, "reason", &p->reason);
	if (r < 0)
		return r == -ENOMEM ? r : -EBADMSG;
	if (doc_get_u64(doc_get(d, "run"), "duration_ns", &p->duration_ns) < 0)
		p->duration_ns = 0;
	return decode_gaps(h, p, doc_get(d, "gaps"));
}

/* Between what is damaged and how: a member of it, or all of it. */
static const char *joint(const char *why)
{
	return strncmp(why, "expected ", strlen("expected ")) ? "." : ": ";
}

static int decode_probe(struct host *h, size_t i, const struct doc *probes, char **ret_why)
{
	const struct schema *s = domains[i].schema;
	const struct doc *d = doc_get(probes, s->name), *data = doc_get(d, "data");
	const char *why = NULL;
	int r;

	h->probes[i].name = s->name;
	r = decode_envelope(h, &h->probes[i], d);
	if (r == -ENOTSUP) {
		say_why(ret_why, "probes.%s was written by a newer version", s->name);
		return r;
	}
	if (r == 0 && data)
		r = schema_decode(s, data, &h->arena, (char *)h + domains[i].at, &why);
	if (r == -EBADMSG)
		return say_why(ret_why, "probes.%s%s%s%s", s->name, why ? ".data" : "",
			       why ? joint(why) : "", why ? why : ": not a probe document");
	return r;
}

static int decode_members(struct host *h, const struct doc *result, char **ret_why)
{
	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		const struct schema *s = members[i].schema;
		const struct doc *d = doc_get(result, s->name);
		const char *why = NULL;
		int r = d ? schema_decode(s, d, &h->arena, (char *)h + members[i].at, &why) : 0;

		if (r == -EBADMSG)
			return say_why(ret_why, "%s%s%s", s->name, why ? joint(why) : ".",
				       why ? why : "?");
		if (r < 0)
			return r;
	}
	return 0;
}

static const struct guest_process *find_running(const struct host *h)
{
	const struct guest_process *g = h->guest.guests.v;

	if (!h->guestref.pid.known)
		return NULL;
	for (size_t i = 0; i < h->guest.guests.n; i++) {
		if (g[i].pid.known && g[i].pid.v == h->guestref.pid.v)
			return &g[i];
	}
	return NULL;
}

/* Of a document that is no result. */
static int say_other(const struct doc *d, char **ret_why)
{
	const char *format, *words = document_words(d);

	if (doc_get_str(d, "format", &format) == 0 && !strcmp(format, RESULT_FORMAT))
		return say_why(ret_why, "result: \"version\" is not a number from 1");
	if (words)
		return say_why(ret_why,
			       "not a vfiobench result, but %s: expected a result.json, which "
			       "'vfiobench run' and 'vfiobench audit -o FILE' write",
			       words);
	return say_why(ret_why, "not a vfiobench result (no \"format\": \"%s\")", RESULT_FORMAT);
}

static int decode(struct host *h, const struct doc *result, char **ret_why)
{
	uint64_t version = 0;
	int r = doc_check_format(result, RESULT_FORMAT, RESULT_VERSION, &version);

	if (r == -ENOTSUP) {
		say_why(ret_why, "result version %llu is newer than this program understands (%d)",
			(unsigned long long)version, RESULT_VERSION);
		return r;
	}
	if (r < 0)
		return say_other(result, ret_why);
	r = decode_members(h, result, ret_why);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(domains); i++)
		r = decode_probe(h, i, doc_get(result, "probes"), ret_why);
	h->running = find_running(h);
	return r;
}

int host_new(const struct doc *result, struct host **ret_host, char **ret_why)
{
	struct host *h = calloc(1, sizeof(*h));
	int r;

	*ret_why = NULL;
	if (!h)
		return -ENOMEM;
	h->arena.max = MEMORY_MAX;
	r = decode(h, result, ret_why);
	if (r < 0) {
		host_free(h);
		return r;
	}
	*ret_host = h;
	return 0;
}

void host_free(struct host *h)
{
	if (h)
		arena_release(&h->arena);
	free(h);
}

const struct host_probe *host_probe(const struct host *h, const char *field)
{
	const size_t n = strcspn(field, ".");

	for (size_t i = 0; i < HOST_N_PROBES; i++) {
		if (strlen(h->probes[i].name) == n && !strncmp(h->probes[i].name, field, n))
			return &h->probes[i];
	}
	return NULL;
}

const char *host_why_unknown(struct host *h, const char *field)
{
	const struct host_probe *p = host_probe(h, field);

	if (!p)
		return "the result does not say";
	for (size_t i = 0; i < p->n_gaps; i++) {
		const struct host_gap *g = &p->gaps[i];

		if (!strcmp(g->field, field))
			return arena_printf(&h->arena, "%s%s%s", g->path, *g->path ? ": " : "",
					    g->error);
	}
	if (*p->reason)
		return arena_printf(&h->arena, "probe %s %s: %s", p->name, p->status, p->reason);
	if (!strcmp(p->status, "absent"))
		return arena_printf(&h->arena, "probe %s did not run", p->name);
	return arena_printf(&h->arena, "probe %s found nothing of it", p->name);
}

bool host_knows_guest_cpus(const struct host *h)
{
	return h->cpus.guest.known && !cpus_is_empty(&h->cpus.guest.v) &&
	       !fact_is(&h->cpus.source, "fallback");
}

bool host_is_all_guest(const struct host *h)
{
	return host_knows_guest_cpus(h) && h->cpus.host.known && cpus_is_empty(&h->cpus.host.v);
}

bool host_has_running_guest(const struct host *h)
{
	return h->running || fact_is(&h->guestref.kind, "builtin") ||
	       fact_is(&h->guestref.kind, "qemu");
}

bool host_runs_domain(const struct host *h)
{
	const struct fact_str *name = &h->domain.name;

	if (!h->running)
		return false;
	return !name->known || !h->running->name.known || fact_is(&h->running->name, name->v);
}

uint64_t host_window_ns(const struct host *h)
{
	return h->activity.window_ns.known ? h->activity.window_ns.v : 0;
}

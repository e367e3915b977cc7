/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/assemble.h"

#include <string.h>

#include "core/say.h"

int result_put_facts(struct doc *result, const struct schema *s, const void *facts)
{
	struct doc *d;
	int r = schema_encode(s, facts, &d);

	return r < 0 ? r : doc_put(result, s->name, d);
}

struct doc *result_new(void)
{
	auto_doc struct doc *d = doc_object_new();
	const struct tool_facts tool = { { true, "vfiobench" }, { true, VFIOBENCH_VERSION } };

	if (!d || doc_put_str(d, "format", RESULT_FORMAT) < 0 ||
	    doc_put_u64(d, "version", RESULT_VERSION) < 0 ||
	    result_put_facts(d, &tool_schema, &tool) < 0)
		return NULL;
	return doc_ref(d);
}

int result_put_probes(struct doc *result, const struct probe_call *calls, size_t n)
{
	const struct doc *old = doc_get(result, "probes");
	struct doc *probes = old ? doc_ref(old) : doc_object_new();
	int r = 0;

	for (size_t i = 0; probes && r == 0 && i < n; i++)
		r = doc_put(probes, calls[i].probe->name, doc_ref(calls[i].document));
	if (r < 0) {
		doc_free(probes);
		return r;
	}
	return doc_put(result, "probes", probes);
}

static void set_lent(struct fact_str *f, const char *v)
{
	*f = (struct fact_str){ v != NULL, v };
}

int result_put_identity(struct doc *result, const struct host *h)
{
	struct identity_facts id = {
		.kernel = h->kernel.release,
		.os = h->kernel.os_id,
		.cpu_model = h->cpu.model,
		.arch = h->clock.arch,
		.n_cpus = h->cpu.n_threads,
		.memory_kib = h->hugepages.mem_total_kib,
		.is_virtual = h->cpu.is_virtual,
	};
	auto_free char *os = NULL;

	if (h->kernel.os_id.known && h->kernel.os_version.known) {
		if (asprintf(&os, "%s %s", h->kernel.os_id.v, h->kernel.os_version.v) < 0)
			return -ENOMEM;
		set_lent(&id.os, os);
	}
	return result_put_facts(result, &identity_schema, &id);
}

static uint64_t n_vcpus(const struct guest_process *g)
{
	const struct guest_thread *t = g->threads.v;
	uint64_t n = 0;

	for (size_t i = 0; i < g->threads.n; i++)
		n += fact_is(&t[i].role, "vcpu");
	return n;
}

int result_put_target(struct doc *result, const struct target *t, struct arena *a)
{
	struct guestref_facts guest = { 0 };
	struct cpuset_facts cpus = { 0 };
	int r;

	set_lent(&guest.kind, t->kind);
	if (t->process) {
		guest.pid = t->process->pid;
		guest.name = t->process->name;
		fact_set_u64(&guest.n_vcpus, n_vcpus(t->process));
	}
	fact_set_cpus(&cpus.guest, &t->guest);
	fact_set_cpus(&cpus.host, &t->host);
	fact_set_cpus(&cpus.measured, &t->guest);
	r = fact_set_str(&cpus.source, a, t->source);
	if (r == 0)
		r = result_put_facts(result, &guestref_schema, &guest);
	return r < 0 ? r : result_put_facts(result, &cpuset_schema, &cpus);
}

static int put_copy(struct doc *into, const struct doc *from, const char *key)
{
	const struct doc *member = doc_get(from, key);

	return member ? doc_put(into, key, doc_ref(member)) : 0;
}

int result_put_in_order(struct doc **result)
{
	static const char *const keys[] = { "format", "version", "tool", "run",
					    "host",   "guest",   "cpus" };
	auto_doc struct doc *ordered = doc_object_new();
	auto_doc struct doc *probes = doc_object_new();
	int r = ordered && probes ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(keys); i++)
		r = put_copy(ordered, *result, keys[i]);
	for (size_t i = 0; r == 0 && i < n_probes; i++)
		r = put_copy(probes, doc_get(*result, "probes"), probe_table[i].name);
	if (r == 0)
		r = doc_put(ordered, "probes", doc_ref(probes));
	if (r < 0)
		return r;
	doc_free(*result);
	*result = doc_ref(ordered);
	return 0;
}

int result_decode(const struct doc *result, struct host **ret_host)
{
	auto_free char *why = NULL;
	int r = host_new(result, ret_host, &why);

	if (r < 0)
		say_error("%s", why ? why : strerror(-r));
	return r;
}

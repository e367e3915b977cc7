/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/target.h"

#include <inttypes.h>
#include <string.h>

static bool is_kind(const struct guest_process *g, const char *kind)
{
	return fact_is(&g->kind, kind);
}

static const char *name_of(const struct guest_process *g)
{
	return g->name.known ? g->name.v : "no name";
}

/* "4711 (win10), 4712 (linux)": the running guests. */
static const char *list_guests(struct host *h)
{
	const struct guest_process *g = h->guest.guests.v;
	const char *list = "";

	for (size_t i = 0; list && i < h->guest.guests.n; i++) {
		if (is_kind(&g[i], "qemu"))
			list = arena_printf(&h->arena, "%s%s%" PRIu64 " (%s)", list,
					    *list ? ", " : "", g[i].pid.v, name_of(&g[i]));
	}
	return list ? list : "";
}

static int refuse(struct host *h, int error, const char **ret_why, const char *fmt, ...)
	FORMAT_PRINTF(4, 5);

static int refuse(struct host *h, int error, const char **ret_why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	*ret_why = arena_vprintf(&h->arena, fmt, ap);
	va_end(ap);
	return *ret_why ? error : -ENOMEM;
}

/* The one guest that runs. More than one: the user has to say which. */
static int choose_auto(struct host *h, struct target *t, const char **ret_why)
{
	const struct guest_process *g = h->guest.guests.v;
	size_t n = 0;

	for (size_t i = 0; i < h->guest.guests.n; i++) {
		if (is_kind(&g[i], "qemu")) {
			t->process = &g[i];
			n++;
		}
	}
	if (n > 1)
		return refuse(h, -ENOTUNIQ, ret_why,
			      "%zu guests run: name one with --guest PID or --guest NAME: %s", n,
			      list_guests(h));
	t->kind = n ? "qemu" : "builtin";
	return 0;
}

static int choose_named(struct host *h, const char *wish, struct target *t, const char **ret_why)
{
	const struct guest_process *g = h->guest.guests.v;
	uint64_t pid = 0;
	const bool is_pid = text_u64(text_of(wish), &pid) == 0;

	for (size_t i = 0; i < h->guest.guests.n; i++) {
		if (!is_kind(&g[i], "qemu"))
			continue;
		if ((is_pid && g[i].pid.v == pid) || fact_is(&g[i].name, wish)) {
			t->kind = "qemu";
			t->process = &g[i];
			return 0;
		}
	}
	if (!*list_guests(h))
		return refuse(h, -ENOENT, ret_why, "--guest %s: no QEMU guest is running", wish);
	return refuse(h, -ENOENT, ret_why, "--guest %s: no such guest; running are: %s", wish,
		      list_guests(h));
}

/* A stranger's configuration has nothing to do with the guest that happens to run here. */
static int choose_by_file(struct host *h, struct target *t)
{
	const struct guest_process *g = h->guest.guests.v;

	t->kind = "none";
	for (size_t i = 0; i < h->guest.guests.n && !t->process; i++) {
		if (!is_kind(&g[i], "qemu") || !h->domain.name.known || !g[i].name.known ||
		    strcmp(g[i].name.v, h->domain.name.v) != 0)
			continue;
		t->kind = "qemu";
		t->process = &g[i];
	}
	return 0;
}

static int choose_guest(struct host *h, const struct target_wish *asked, struct target *t,
			const char **ret_why)
{
	const char *wish = asked->guest;

	if (!wish && asked->is_of_file)
		return choose_by_file(h, t);
	if (!wish || !strcmp(wish, "auto"))
		return choose_auto(h, t, ret_why);
	if (!strcmp(wish, "builtin") || !strcmp(wish, "none")) {
		t->kind = wish;
		return 0;
	}
	return choose_named(h, wish, t, ret_why);
}

static struct cpus vcpu_threads_cpus(const struct guest_process *g)
{
	const struct guest_thread *t = g->threads.v;
	struct cpus all = { 0 };

	for (size_t i = 0; i < g->threads.n; i++) {
		if (fact_is(&t[i].role, "vcpu") && t[i].affinity.known)
			all = cpus_or(&all, &t[i].affinity.v);
	}
	return all;
}

static struct cpus configured_cpus(const struct domain_facts *d)
{
	const struct domain_pin *pin = d->vcpu_pins.v;
	struct cpus all = { 0 };

	for (size_t i = 0; i < d->vcpu_pins.n; i++) {
		if (pin[i].cpus.known)
			all = cpus_or(&all, &pin[i].cpus.v);
	}
	return cpus_is_empty(&all) && d->vcpu_cpuset.known ? d->vcpu_cpuset.v : all;
}

static struct cpus isolated_cpus(const struct cpu_facts *c)
{
	if (c->isolated.known && !cpus_is_empty(&c->isolated.v))
		return c->isolated.v;
	return c->nohz_full.known ? c->nohz_full.v : (struct cpus){ 0 };
}

/* Every CPU but those of the core that holds the first CPU; on one core: every CPU but the first.
 */
static struct cpus all_but_boot_core(const struct cpu_facts *c)
{
	const struct core_fact *core = c->cores.v;
	const int boot = cpus_next(&c->online.v, 0);
	struct cpus rest = c->online.v;

	if (boot < 0)
		return rest;
	cpus_remove(&rest, (unsigned)boot);
	for (size_t i = 0; i < c->cores.n; i++) {
		struct cpus others = cpus_minus(&c->online.v, &core[i].cpus.v);

		if (cpus_has(&core[i].cpus.v, (unsigned)boot) && !cpus_is_empty(&others))
			return others;
	}
	return cpus_is_empty(&rest) ? c->online.v : rest;
}

static int check_online(struct host *h, const struct cpus *wish, const char **ret_why)
{
	struct cpus offline = cpus_minus(wish, &h->cpu.online.v);
	auto_free char *list = cpus_list_new(&offline);
	auto_free char *online = cpus_list_new(&h->cpu.online.v);

	if (!list || !online)
		return -ENOMEM;
	if (cpus_is_empty(wish))
		return refuse(h, -ENOENT, ret_why, "--cpus: the list is empty");
	if (!cpus_is_empty(&offline))
		return refuse(h, -ENOENT, ret_why, "--cpus: CPU %s is not online; online are %s",
			      list, online);
	return 0;
}

struct way {
	const char *source;
	struct cpus cpus;
};

/* The CPUs of a session before are what they were there: what was a guess is one still. */
static const char *source_of_wish(const struct target_wish *wish, const struct way *ways, size_t n)
{
	for (size_t i = 0; wish->source && i < n; i++) {
		if (!strcmp(wish->source, ways[i].source) &&
		    (!strcmp(wish->source, "fallback") || cpus_equal(&ways[i].cpus, wish->cpus)))
			return ways[i].source;
	}
	return "option";
}

static int choose_cpus(struct host *h, const struct target_wish *wish, struct target *t,
		       const char **ret_why)
{
	const struct cpus none = { { 0 } };
	struct way ways[] = {
		{ "guest", t->process ? vcpu_threads_cpus(t->process) : none },
		{ "guest", configured_cpus(&h->domain) },
		{ "isolated", isolated_cpus(&h->cpu) },
		{ "fallback", all_but_boot_core(&h->cpu) },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		ways[i].cpus = cpus_and(&ways[i].cpus, &h->cpu.online.v);
	if (wish->cpus) {
		int r = check_online(h, wish->cpus, ret_why);

		if (r < 0)
			return r;
		t->guest = *wish->cpus;
		t->source = source_of_wish(wish, ways, ARRAY_SIZE(ways));
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		t->guest = ways[i].cpus;
		t->source = ways[i].source;
		if (!cpus_is_empty(&t->guest))
			return 0;
	}
	return refuse(h, -ENODATA, ret_why, "no CPU is left for a guest: name some with --cpus");
}

int target_choose(struct host *h, const struct target_wish *wish, struct target *ret_target,
		  const char **ret_why)
{
	struct target t = { 0 };
	int r;

	if (!h->cpu.online.known)
		return refuse(h, -ENODATA, ret_why, "which CPUs are online is not known: %s",
			      host_why_unknown(h, "cpu.online"));
	r = choose_guest(h, wish, &t, ret_why);
	if (r == 0)
		r = choose_cpus(h, wish, &t, ret_why);
	if (r < 0)
		return r;
	t.host = cpus_minus(&h->cpu.online.v, &t.guest);
	*ret_target = t;
	return 0;
}

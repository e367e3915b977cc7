/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_pin_iothread.c - do the guest's I/O threads stay off the CPUs of its vCPUs? */
#include <string.h>

#include "analyze/crew.h"

/* More are not looked at. */
#define IOTHREADS_MAX 1024u

static bool is_iothread(const struct guest_thread *t)
{
	return fact_is(&t->role, "iothread") && !pin_is_monitor(t);
}

static const struct crew iothreads = { "The I/O threads", is_iothread };

/* Number of the I/O thread that libvirt calls "iothreadN"; 0: another name. */
static uint64_t iothread_number(const struct guest_thread *t)
{
	uint64_t number = 0;

	if (!t->comm.known || strncmp(t->comm.v, "IO iothread", 11) != 0 ||
	    text_u64(text_of(t->comm.v + 11), &number) < 0)
		return 0;
	return number;
}

struct iothread_text {
	const char *now, *edits, *undo;
};

static void add_iothread(struct iothread_text *t, uint64_t number, const struct cpus *old,
			 struct finding *out)
{
	const unsigned long long n = (unsigned long long)number;
	const char *end = *t->now ? "\n" : "";

	t->now = finding_text(out, "%s%svirsh iothreadpin {guest} %llu {H}", t->now, end, n);
	t->edits = finding_text(out, "%s%scputune/iothreadpin[iothread=%llu]@cpuset={H}", t->edits,
				end, n);
	t->undo = old ? finding_text(out, "%s%svirsh iothreadpin {guest} %llu %s", t->undo,
				     *t->undo ? "\n" : "", n, finding_cpus(out, old))
		      : t->undo;
}

static void fix_iothreads(const struct host *h, const struct placement *p,
			  const struct iothread_text *text, struct finding *out)
{
	if (!crew_fill_housekeeping(h, p, out))
		return;
	finding_change(out, CHANGE_XML, NULL);
	finding_change(out, CHANGE_XML, "%s", text->edits);
	finding_fix(out, text->now, "",
		    *text->undo ? text->undo
				: "remove the <iothreadpin> lines (virsh edit {guest})");
}

static void fix_running_iothreads(const struct host *h, const struct placement *p,
				  struct finding *out)
{
	const struct guest_thread *t = h->running->threads.v;
	struct iothread_text text = { "", "", "" };
	size_t n = 0;

	for (size_t i = 0; i < h->running->threads.n && n < PIN_ITEMS_MAX; i++) {
		if (!is_iothread(&t[i]) || !iothread_number(&t[i]) || !t[i].affinity.known ||
		    !cpus_intersects(&t[i].affinity.v, &p->pinned))
			continue;
		add_iothread(&text, iothread_number(&t[i]), &t[i].affinity.v, out);
		n++;
	}
	if (pin_uses_libvirt(h) && n) {
		fix_iothreads(h, p, &text, out);
	} else if (crew_fill_housekeeping(h, p, out)) {
		finding_change(out, CHANGE_XML, NULL);
		finding_fix(out, crew_taskset(h, p, &iothreads, "{H}", out),
			    "Run these commands after each start of the guest: thread ids change.",
			    crew_taskset(h, p, &iothreads, NULL, out));
	}
}

static const struct domain_pin *iothread_pin(const struct domain_facts *d, uint64_t id)
{
	const struct domain_pin *pin = d->iothread_pins.v;

	for (size_t i = 0; i < d->iothread_pins.n; i++) {
		if (pin[i].id.known && pin[i].id.v == id && pin[i].cpus.known)
			return &pin[i];
	}
	return NULL;
}

/* I/O threads without a pin may run where vCPUs without one may. */
static bool is_kept_off(const struct domain_facts *d, const struct placement *p)
{
	const struct fact_cpus *set = &d->vcpu_cpuset;

	return set->known && !cpus_is_empty(&set->v) && !cpus_intersects(&set->v, &p->pinned);
}

static enum verdict judge_configured_iothreads(const struct host *h, const struct placement *p,
					       struct finding *out)
{
	const struct domain_facts *d = &h->domain;
	const struct domain_pin *pin = d->iothread_pins.v;
	struct iothread_text text = { "", "", "" };
	size_t n_shared = 0, n_loose = 0;

	for (size_t i = 0; i < d->iothread_pins.n; i++) {
		struct cpus shared = cpus_and(&pin[i].cpus.v, &p->pinned);

		if (cpus_is_empty(&shared))
			continue;
		if (n_shared++ >= PIN_ITEMS_MAX)
			continue;
		finding_item(out, "I/O thread %llu is set to CPUs %s; vCPUs are pinned to %s",
			     (unsigned long long)pin[i].id.v, finding_cpus(out, &pin[i].cpus.v),
			     finding_cpus(out, &shared));
		add_iothread(&text, pin[i].id.v, &pin[i].cpus.v, out);
	}
	for (uint64_t id = 1; !is_kept_off(d, p) && id <= u64_min(d->n_iothreads.v, IOTHREADS_MAX);
	     id++) {
		if (iothread_pin(d, id))
			continue;
		if (++n_loose > PIN_ITEMS_MAX)
			break;
		add_iothread(&text, id, NULL, out);
	}
	if (n_shared)
		finding_say(out, "%zu of %zu pinned I/O threads may run on CPUs of vCPUs.",
			    n_shared, d->iothread_pins.n);
	else if (n_loose)
		finding_say(out, "%s%zu I/O thread%s no pin and may run on the vCPUs' CPUs %s.",
			    n_loose > PIN_ITEMS_MAX ? "More than " : "",
			    n_loose > PIN_ITEMS_MAX ? PIN_ITEMS_MAX : n_loose,
			    n_loose == 1 ? " has" : "s have", finding_cpus(out, &p->pinned));
	else
		finding_say(out, "The I/O threads stay off the vCPUs' CPUs %s.",
			    finding_cpus(out, &p->pinned));
	if (!n_shared && !n_loose)
		return VERDICT_PASS;
	fix_iothreads(h, p, &text, out);
	return VERDICT_ADVICE;
}

static bool has_iothread(const struct host *h, const struct placement *p)
{
	const struct guest_thread *t;

	if (p->source == PLACEMENT_CONFIGURED)
		return h->domain.n_iothreads.v > 0 || h->domain.iothread_pins.n > 0;
	t = h->running->threads.v;
	for (size_t i = 0; i < h->running->threads.n; i++) {
		if (is_iothread(&t[i]))
			return true;
	}
	return false;
}

enum verdict pin_judge_iothread(const struct host *h, struct finding *out)
{
	const struct placement *p = placement_of(h, out);
	enum verdict verdict;

	if (!p->n)
		return placement_says_nothing(p, out);
	if (!has_iothread(h, p)) {
		finding_say(out, "The guest has no I/O threads.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (!p->n_pinned)
		return pin_judge_floating(h, p, out);
	if (p->source == PLACEMENT_CONFIGURED)
		return judge_configured_iothreads(h, p, out);
	verdict = crew_judge(h, p, &iothreads, out);
	if (verdict == VERDICT_PROBLEM || verdict == VERDICT_ADVICE)
		fix_running_iothreads(h, p, out);
	return verdict;
}

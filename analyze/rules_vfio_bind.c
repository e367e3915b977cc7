/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_vfio_bind.c - which functions VFIO holds, and what else is in their groups. */
#include <string.h>

#include "analyze/change.h"
#include "analyze/engine.h"
#include "analyze/guest_config.h"
#include "analyze/passthrough.h"
#include "analyze/told.h"

/* How a function that the guest is to get stands now. */
enum hold {
	HOLD_VFIO,    /* it is ready */
	HOLD_FREE,    /* no driver: whoever starts the guest binds it */
	HOLD_TAKEN,   /* a driver of the host, taken away when the guest starts */
	HOLD_REFUSED, /* a driver of the host, and nobody takes it away */
	HOLD_ABSENT,  /* it is not on this host */
	HOLD_UNKNOWN,
};

static enum hold hold_of(const struct host *h, const char *address)
{
	const struct pci_function *f = pci_find(h, address);
	const struct domain_hostdev *d = pci_hostdev(h, address);

	if (!f)
		return HOLD_ABSENT;
	if (pci_is_held(f))
		return HOLD_VFIO;
	if (f->is_bound.known && !f->is_bound.v)
		return HOLD_FREE;
	if (!f->driver.known)
		return HOLD_UNKNOWN;
	if (d && d->is_managed.known && !d->is_managed.v)
		return HOLD_REFUSED;
	return HOLD_TAKEN;
}

static bool is_display(const struct pci_function *f)
{
	return pci_subclass(f) >> 8 == PCI_BASE_DISPLAY;
}

#define BOUND_MAX 32u

struct holds {
	const struct pci_function *bound[BOUND_MAX]; /* to a driver of the host */
	size_t n_bound;
	size_t n, n_vfio, n_display, n_refused, n_absent, n_unknown;
};

static void add_hold(const struct host *h, const char *address, struct holds *s,
		     struct finding *out)
{
	const enum hold hold = hold_of(h, address);
	const struct pci_function *f = pci_find(h, address);

	s->n++;
	s->n_vfio += hold == HOLD_VFIO;
	s->n_absent += hold == HOLD_ABSENT;
	s->n_unknown += hold == HOLD_UNKNOWN;
	if (hold == HOLD_ABSENT)
		finding_item(out, "%s is not on this host", address);
	if (hold != HOLD_TAKEN && hold != HOLD_REFUSED)
		return;
	finding_item(out, "%s is bound to %s%s", pci_words(out, f), f->driver.v,
		     hold == HOLD_REFUSED ? ", and managed='no' leaves it there" : "");
	s->n_refused += hold == HOLD_REFUSED;
	s->n_display += hold == HOLD_TAKEN && is_display(f);
	if (s->n_bound < BOUND_MAX)
		s->bound[s->n_bound++] = f;
}

/* Another function of the host that is not for the guest has the same ids. */
static bool has_twin(const struct host *h, const struct pci_function *f)
{
	const struct pci_function *other = h->pci.functions.v;

	if (!f->vendor_id.known || !f->device_id.known)
		return true;
	for (size_t i = 0; i < h->pci.functions.n; i++) {
		if (&other[i] != f && other[i].vendor_id.v == f->vendor_id.v &&
		    other[i].device_id.v == f->device_id.v && !pci_is_passed(h, &other[i]))
			return true;
	}
	return false;
}

/* By ids where they say which function is meant, else by its address. */
static void fix_override(const struct host *h, const struct holds *s, struct finding *out)
{
	const char *ids = "", *names = "", *drivers = ",";
	bool is_by_address = false;

	for (size_t i = 0; i < s->n_bound; i++) {
		const struct pci_function *f = s->bound[i];

		is_by_address |= has_twin(h, f);
		ids = finding_text(out, "%s%s%04llx:%04llx", ids, *ids ? "," : "",
				   (unsigned long long)f->vendor_id.v,
				   (unsigned long long)f->device_id.v);
		names = finding_text(out, "%s%ssudo driverctl set-override %s vfio-pci", names,
				     *names ? "\n" : "", f->address.v);
	}
	if (!s->n_bound)
		return;
	if (is_by_address) {
		finding_fix(out, NULL, names, "");
		return;
	}
	finding_change(out, CHANGE_MODPROBE, "options vfio-pci ids=%s", ids);
	for (size_t i = 0; i < s->n_bound; i++) {
		const char *driver = s->bound[i]->driver.v;

		if (has_item(drivers, driver))
			continue;
		drivers = finding_text(out, "%s%s,", drivers, driver);
		finding_change(out, CHANGE_MODPROBE, "softdep %s pre: vfio-pci", driver);
	}
}

static bool names_functions(const struct host *h, struct finding *out)
{
	if (!guest_has_vfio(h, out))
		return false;
	if (!h->domain.host_devices.n) {
		finding_say(out, "The guest gets a mediated device, which stays with its driver.");
		return false;
	}
	return true;
}

static enum verdict judge_late(const struct host *h, const struct holds *s, struct finding *out)
{
	if (h->setup.has_libvirt_hook.known && h->setup.has_libvirt_hook.v) {
		finding_say(out,
			    "A driver of the host holds the graphics card until the guest "
			    "starts; a hook of libvirt is there, and whether it frees the card "
			    "first is not known.");
		return VERDICT_UNKNOWN;
	}
	finding_say(out,
		    "%zu of %zu functions for the guest have their driver of the host, among them "
		    "a graphics card, which often hangs when it is taken away late.",
		    s->n_refused + s->n_display, s->n);
	return VERDICT_ADVICE;
}

static enum verdict judge_override(const struct host *h, struct finding *out)
{
	const struct fact_strs *all = &h->domain.host_devices;
	struct holds s = { .n = 0 };

	for (size_t i = 0; i < all->n; i++)
		add_hold(h, all->v[i], &s, out);
	fix_override(h, &s, out);
	if (s.n_refused) {
		finding_say(out,
			    "%zu of %zu functions for the guest are bound to a driver of the host, "
			    "and its configuration leaves them there: it cannot start so.",
			    s.n_refused, s.n);
		return host_runs_domain(h) || (h->setup.has_libvirt_hook.known &&
					       h->setup.has_libvirt_hook.v)
			       ? VERDICT_ADVICE
			       : VERDICT_PROBLEM;
	}
	if (s.n_display)
		return judge_late(h, &s, out);
	if (s.n_absent) {
		finding_say(out, "%zu of %zu functions for the guest are not on this host.",
			    s.n_absent, s.n);
		finding_fix(out, "",
			    s.n_absent < s.n
				    ? "Name the functions as this host has them now:\nlspci -Dnn"
				    : "Name the functions as this host has them now:\nlspci -Dnn\n"
				      "The guest of another host: audit it with --sysroot and an "
				      "empty folder, so that nothing is judged by this host.",
			    "");
		return VERDICT_ADVICE;
	}
	if (s.n_unknown) {
		finding_say(out, "Which driver holds %zu of %zu functions is not known.",
			    s.n_unknown, s.n);
		return VERDICT_UNKNOWN;
	}
	finding_say(out,
		    "VFIO holds %zu of %zu functions for the guest; no graphics card has "
		    "another driver.",
		    s.n_vfio, s.n);
	return VERDICT_PASS;
}

/* Drivers that share a group with VFIO: they never touch memory of their own accord. */
static bool is_harmless_in_group(const struct pci_function *f)
{
	return pci_is_held(f) || (f->is_bound.known && !f->is_bound.v) ||
	       fact_is(&f->driver, "pcieport") || fact_is(&f->driver, "pci-stub");
}

/* The passed-through functions whose groups are known, which the arena keeps. */
struct in_groups {
	const struct pci_function **v;
	size_t n, n_passed;
};

static void find_in_groups(const struct host *h, struct finding *out, struct in_groups *g)
{
	const struct pci_function *f;
	size_t at = 0;

	*g = (struct in_groups){ .v = arena_calloc(out->arena, h->pci.functions.n, sizeof(*g->v)) };
	if (!g->v)
		out->is_out_of_memory = true;
	while (g->v && (f = pci_next_passed(h, &at))) {
		g->n_passed++;
		if (f->iommu_group.known)
			g->v[g->n++] = f;
	}
}

static const struct pci_function *same_group(const struct in_groups *g,
					     const struct pci_function *f)
{
	for (size_t i = 0; f->iommu_group.known && i < g->n; i++) {
		if (g->v[i]->iommu_group.v == f->iommu_group.v)
			return g->v[i];
	}
	return NULL;
}

/* Functions that the host drives in these groups, each once; their number. */
static size_t find_others(const struct host *h, const struct in_groups *g, struct finding *out)
{
	const struct pci_function *f = h->pci.functions.v;
	struct arena_text devs = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < h->pci.functions.n; i++) {
		const struct pci_function *passed = same_group(g, &f[i]);

		if (!passed || !f[i].driver.known || !f[i].address.known ||
		    is_harmless_in_group(&f[i]) || pci_is_passed(h, &f[i]))
			continue;
		finding_item(out, "group %llu of %s: %s is bound to %s",
			     (unsigned long long)passed->iommu_group.v, passed->address.v,
			     pci_words(out, &f[i]), f[i].driver.v);
		if (!arena_text_add(out->arena, &devs, "%s%s", n++ ? " " : "", f[i].address.v))
			out->is_out_of_memory = true;
	}
	finding_fill(out, "devs", "%s", devs.v ? devs.v : "");
	return n;
}

static enum verdict judge_group(const struct host *h, struct finding *out)
{
	struct in_groups groups;
	size_t n_others;

	find_in_groups(h, out, &groups);
	n_others = find_others(h, &groups, out);
	if (n_others) {
		finding_say(out,
			    "Drivers of the host hold %zu function%s in IOMMU groups of the "
			    "guest's devices: VFIO does not give a group away in parts.",
			    n_others, n_others == 1 ? "" : "s");
		return VERDICT_PROBLEM;
	}
	if (!groups.n) {
		finding_say(out, "In which IOMMU groups the passed-through devices are is not "
				 "known.");
		return VERDICT_UNKNOWN;
	}
	finding_say(out,
		    "No driver of the host is in an IOMMU group of the %zu passed-through "
		    "functions.",
		    groups.n_passed);
	return VERDICT_PASS;
}

static const struct rule rules[] = {
	{ "vfio.driver-override", false, names_functions, READS(READ(pci.functions)),
	  judge_override },
	{ "vfio.group", false, passthrough_has_functions, READS(READ(pci.functions)), judge_group },
};

const struct rule_set rules_vfio_bind = { rules, ARRAY_SIZE(rules) };

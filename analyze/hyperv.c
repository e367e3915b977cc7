/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/hyperv.h"

#include <string.h>

#include "analyze/change.h"
#include "analyze/engine.h"

static const struct enlightenment table[] = {
	{ "hv.relaxed",
	  "relaxed",
	  "hv-relaxed",
	  { NULL },
	  "its watchdogs take a vCPU that had to wait for one that hangs",
	  true },
	{ "hv.vapic",
	  "vapic",
	  "hv-vapic",
	  { NULL },
	  "the end of each interrupt may cost an exit to the host",
	  true },
	{ "hv.vpindex",
	  "vpindex",
	  "hv-vpindex",
	  { NULL },
	  "synthetic timers, TLB flushes and IPIs by hypercall cannot be had",
	  true },
	{ "hv.runtime",
	  "runtime",
	  "hv-runtime",
	  { NULL },
	  "it cannot tell time in which the host ran something else from time of its own",
	  true },
	{ "hv.synic",
	  "synic",
	  "hv-synic",
	  { "vpindex" },
	  "it has no synthetic timers, and takes HPET or RTC instead",
	  true },
	{ "hv.stimer",
	  "stimer",
	  "hv-stimer",
	  { "vpindex", "synic", HYPERV_CLOCK },
	  "its timers are those of HPET or RTC, which QEMU emulates with an exit for each access",
	  true },
	{ "hv.frequencies",
	  "frequencies",
	  "hv-frequencies",
	  { NULL },
	  "it measures the rates of TSC and APIC at boot, and may measure wrong",
	  false },
	{ "hv.tlbflush",
	  "tlbflush",
	  "hv-tlbflush",
	  { "vpindex" },
	  "each flush interrupts all vCPUs and waits also for those that do not run",
	  false },
	{ "xml.hv-ipi",
	  "ipi",
	  "hv-ipi",
	  { "vpindex" },
	  "each interrupt from vCPU to vCPU is an exit of its own",
	  true },
	{ "xml.hv-stimer-direct",
	  "stimer.direct",
	  "hv-stimer-direct",
	  { "vpindex", "synic", HYPERV_CLOCK },
	  "a Hyper-V inside the guest cannot use the synthetic timers",
	  false },
	{ "hv.spinlocks", "spinlocks", "hv-spinlocks", { NULL }, "", true },
	{ "hv.reset", "reset", "hv-reset", { NULL }, "", true },
	{ "hv.reenlightenment", "reenlightenment", "hv-reenlightenment", { NULL }, "", false },
	{ "xml.hv-evmcs", "evmcs", "hv-evmcs", { "vapic" }, "", false },
	{ "xml.hv-avic", "avic", "hv-avic", { NULL }, "", false },
	{ NULL, "xmm_input", "hv-xmm-input", { NULL }, "", false },
	{ NULL, "tlbflush.extended", "hv-tlbflush-ext", { "tlbflush", "vpindex" }, "", false },
	{ "clock.hypervclock",
	  HYPERV_CLOCK,
	  "hv-time",
	  { NULL },
	  "each look at the clock may be an exit to the host",
	  true },
};

const struct enlightenment *enlightenment_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (!strcmp(table[i].name, name))
			return &table[i];
	}
	return NULL;
}

const struct enlightenment *enlightenment_of(const struct finding *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (table[i].id && !strcmp(table[i].id, out->tweak->id))
			return &table[i];
	}
	return NULL;
}

bool hyperv_applies(const struct host *h, struct finding *out)
{
	if (!guest_may_be_windows(h, out) || !guest_is_x86(h, out))
		return false;
	if (!guest_is_emulated(h))
		return true;
	finding_say(out, "The guest is emulated: only KVM has enlightenments.");
	return false;
}

bool hyperv_has(const struct host *h, const char *name)
{
	if (!strcmp(name, HYPERV_CLOCK))
		return guest_has_timer(h, name);
	return guest_enlightenment(h, name) == GUEST_ON;
}

const char *hyperv_lacks(const struct host *h, struct finding *out, const char *name)
{
	const struct enlightenment *e = enlightenment_find(name);
	const char *lacks = NULL;

	for (size_t i = 0; e && i < ARRAY_SIZE(e->needs) && e->needs[i]; i++) {
		if (hyperv_has(h, e->needs[i]))
			continue;
		lacks = lacks ? finding_text(out, "%s and %s", lacks, e->needs[i]) : e->needs[i];
	}
	return lacks;
}

/* What is to be switched on, each once, in the order in which one needs the other. */
struct wanted {
	const struct enlightenment *v[ARRAY_SIZE(table)];
	size_t n;
};

static void want(const struct host *h, struct wanted *w, const char *name)
{
	const struct enlightenment *e = enlightenment_find(name);

	if (!e || hyperv_has(h, name))
		return;
	for (size_t i = 0; i < w->n; i++) {
		if (w->v[i] == e)
			return;
	}
	w->v[w->n++] = e;
}

static void want_all(const struct host *h, struct wanted *w, const char *const *names)
{
	for (; *names; names++) {
		const struct enlightenment *e = enlightenment_find(*names);

		for (size_t i = 0; e && i < ARRAY_SIZE(e->needs) && e->needs[i]; i++)
			want(h, w, e->needs[i]);
		want(h, w, *names);
	}
	/* One alone would trade the timers for slower interrupts; see hv.synic. */
	for (size_t i = 0; i < w->n; i++) {
		if (!strcmp(w->v[i]->name, "synic") && host_has_apicv(h) &&
		    !version_is_older(&h->setup.libvirt_version, "8.10.0"))
			want(h, w, "avic");
	}
}

/* "stimer.direct" is <direct> in <stimer>, which must have a state of its own. */
static void change_xml(struct finding *out, const char *name)
{
	const char *dot = strchr(name, '.');

	if (!strcmp(name, HYPERV_CLOCK))
		finding_change(out, CHANGE_XML, "clock/timer[name=" HYPERV_CLOCK "]@present=yes");
	else if (dot)
		finding_change(out, CHANGE_XML, "features/hyperv/%.*s/%s@state=on",
			       (int)(dot - name), name, dot + 1);
	else
		finding_change(out, CHANGE_XML, "features/hyperv/%s@state=on", name);
}

/* Proxmox has an option for some; the rest goes around it, as defaults of all CPU models. */
static void change_proxmox(struct finding *out, const struct wanted *w)
{
	const char *globals = "";
	bool is_of_ostype = false;

	for (size_t i = 0; i < w->n; i++) {
		is_of_ostype |= w->v[i]->is_of_ostype;
		if (!w->v[i]->is_of_ostype)
			globals = finding_text(out, "%s -global x86_64-cpu.%s=on", globals,
					       w->v[i]->flag);
	}
	finding_change(out, CHANGE_PROXMOX, NULL);
	if (is_of_ostype)
		finding_change(out, CHANGE_PROXMOX, "qm set {vmid} --ostype win10");
	if (*globals)
		finding_change(out, CHANGE_PROXMOX,
			       "/etc/pve/qemu-server/{vmid}.conf, line args:%s", globals);
}

void hyperv_switch_on(const struct host *h, struct finding *out, const char *const *names)
{
	struct wanted w = { .n = 0 };
	const char *flags = "";

	want_all(h, &w, names);
	finding_change(out, CHANGE_XML, NULL);
	for (size_t i = 0; i < w.n; i++) {
		change_xml(out, w.v[i]->name);
		flags = finding_text(out, "%s,%s=on", flags, w.v[i]->flag);
	}
	change_proxmox(out, &w);
	finding_change(out, CHANGE_QEMU, NULL);
	finding_change(out, CHANGE_QEMU, "at the end of the value of -cpu: %s", flags);
}

enum verdict hyperv_refused(const struct host *h)
{
	if (host_runs_domain(h) || version_is_older(&h->setup.qemu_version, "4.1"))
		return VERDICT_ADVICE;
	return VERDICT_PROBLEM;
}

bool host_has_apicv(const struct host *h)
{
	return host_param_is_on(h, "kvm_intel.enable_apicv") || host_param_is_on(h, "kvm_amd.avic");
}

bool host_lacks_apicv(const struct host *h)
{
	return !host_has_apicv(h) && (setting_value(&h->kernel.params, "kvm_intel.enable_apicv") ||
				      setting_value(&h->kernel.params, "kvm_amd.avic"));
}

bool host_nests(const struct host *h)
{
	return host_param_is_on(h, "kvm_intel.nested") || host_param_is_on(h, "kvm_amd.nested");
}

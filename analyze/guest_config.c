/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/guest_config.h"

#include <string.h>

bool guest_is_configured(const struct host *h)
{
	const struct domain_facts *d = &h->domain;

	return d->source.known || d->xml_error.known || d->features.known || d->name.known ||
	       d->n_vcpus.known || d->guest_os.known;
}

bool guest_is_known(const struct host *h, struct finding *out)
{
	if (guest_is_configured(h))
		return true;
	finding_say(out, h->running ? "How the running guest is configured is not known."
				    : "No guest is configured or running.");
	return false;
}

bool guest_is_argv(const struct host *h)
{
	return fact_is(&h->domain.source, "argv");
}

bool guest_os_is(const struct host *h, const char *os)
{
	return fact_is(&h->domain.guest_os, os);
}

bool guest_is_macos(const struct host *h)
{
	for (size_t i = 0; i < h->domain.qemu_args.n; i++) {
		if (strstr(h->domain.qemu_args.v[i], "isa-applesmc"))
			return true;
	}
	return false;
}

bool guest_may_be_windows(const struct host *h, struct finding *out)
{
	if (!guest_is_known(h, out))
		return false;
	if (!h->domain.guest_os.known || guest_os_is(h, "windows"))
		return true;
	finding_say(out, "The guest does not run Windows%s.",
		    guest_os_is(h, "linux") ? " but Linux" : "");
	return false;
}

bool guest_is_windows(const struct host *h, struct finding *out)
{
	if (!guest_may_be_windows(h, out))
		return false;
	if (h->domain.guest_os.known)
		return true;
	finding_say(out, "What runs in the guest is not known.");
	return false;
}

static bool is_vfio_type(const struct domain_hostdev *dev)
{
	return fact_is(&dev->type, "pci") || fact_is(&dev->type, "mdev");
}

bool guest_passes_through_pci(const struct host *h)
{
	const struct domain_hostdev *devs = h->domain.hostdevs.v;

	if (h->domain.host_devices.n)
		return true;
	for (size_t i = 0; i < h->domain.hostdevs.n; i++) {
		if (is_vfio_type(&devs[i]))
			return true;
	}
	return false;
}

bool guest_has_vfio(const struct host *h, struct finding *out)
{
	if (!guest_is_known(h, out))
		return false;
	if (guest_passes_through_pci(h))
		return true;
	finding_say(out, "No PCI device is passed through to the guest.");
	return false;
}

bool guest_is_x86(const struct host *h, struct finding *out)
{
	const struct fact_str *arch = &h->domain.arch;

	if (!guest_is_known(h, out))
		return false;
	if (!arch->known || fact_is(arch, "x86_64") || fact_is(arch, "i686"))
		return true;
	finding_say(out, "Only x86 guests have this; the guest is %s.", arch->v);
	return false;
}

bool guest_is_emulated(const struct host *h)
{
	return fact_is(&h->domain.type, "qemu");
}

static bool is_one_of(const char *value, const char *const *names)
{
	while (*names && strcmp(value, *names) != 0)
		names++;
	return *names != NULL;
}

static enum guest_answer answer_of(const struct fact_list *list, const char *value)
{
	static const char *const off[] = { "off", "no", "false", "disable", "forbid", NULL };

	if (!list->known)
		return GUEST_UNKNOWN;
	if (!value)
		return GUEST_ABSENT;
	return is_one_of(value, off) ? GUEST_OFF : GUEST_ON;
}

const char *guest_feature_value(const struct host *h, const char *name)
{
	return setting_value(&h->domain.features, name);
}

enum guest_answer guest_feature(const struct host *h, const char *name)
{
	return answer_of(&h->domain.features, guest_feature_value(h, name));
}

#define HYPERV "hyperv."

bool guest_takes_enlightenments(const struct host *h)
{
	return fact_is(&h->domain.hyperv_mode, "passthrough") ||
	       fact_is(&h->domain.hyperv_mode, "host-model");
}

enum guest_answer guest_enlightenment(const struct host *h, const char *name)
{
	const struct setting_fact *s = h->domain.features.v;

	if (guest_takes_enlightenments(h))
		return GUEST_ON;
	for (size_t i = 0; i < h->domain.features.n; i++) {
		if (s[i].name.known && s[i].value.known &&
		    !strncmp(s[i].name.v, HYPERV, strlen(HYPERV)) &&
		    !strcmp(s[i].name.v + strlen(HYPERV), name))
			return answer_of(&h->domain.features, s[i].value.v);
	}
	return answer_of(&h->domain.features, NULL);
}

bool guest_has_enlightenments(const struct host *h)
{
	static const char *const names[] = { "relaxed", "vapic",   "spinlocks",   "vpindex",
					     "runtime", "synic",   "stimer",      "reset",
					     "ipi",     "evmcs",   "frequencies", "reenlightenment",
					     "avic",    "tlbflush" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (guest_enlightenment(h, names[i]) == GUEST_ON)
			return true;
	}
	return false;
}

enum guest_answer guest_cpu_feature(const struct host *h, const char *name)
{
	static const char *const settled[] = { "require", "force", "disable", "forbid",
					       "on",      "off",   NULL };
	const char *value = setting_value(&h->domain.cpu_features, name);

	if (value && !is_one_of(value, settled))
		value = NULL;
	return answer_of(&h->domain.cpu_features, value);
}

const struct domain_timer *guest_timer(const struct host *h, const char *name)
{
	const struct domain_timer *timers = h->domain.timers.v;

	for (size_t i = 0; i < h->domain.timers.n; i++) {
		if (fact_is(&timers[i].name, name))
			return &timers[i];
	}
	return NULL;
}

enum guest_answer guest_timer_state(const struct host *h, const char *name)
{
	const struct domain_timer *timer = guest_timer(h, name);

	if (!h->domain.timers.known)
		return GUEST_UNKNOWN;
	if (!timer)
		return GUEST_ABSENT;
	return timer->is_present.known && !timer->is_present.v ? GUEST_OFF : GUEST_ON;
}

/* Machines that have the old timers of a PC, "pc-q35-7.2" and "pc-i440fx-7.2" among them. */
static bool is_pc(const struct host *h)
{
	const struct fact_str *machine = &h->domain.machine;

	return !machine->known || !strncmp(machine->v, "pc", 2) || strstr(machine->v, "q35");
}

bool guest_has_timer(const struct host *h, const char *name)
{
	static const char *const by_default[] = { "rtc", "pit", "hpet", "tsc", "kvmclock", NULL };
	const enum guest_answer state = guest_timer_state(h, name);

	if (state == GUEST_ON || state == GUEST_OFF)
		return state == GUEST_ON;
	if (!strcmp(name, "hypervclock"))
		return guest_takes_enlightenments(h);
	return state == GUEST_ABSENT && is_pc(h) && is_one_of(name, by_default);
}

bool guest_hides_kvm(const struct host *h)
{
	return guest_feature(h, "kvm.hidden") == GUEST_ON;
}

bool guest_hides_hypervisor(const struct host *h)
{
	return guest_cpu_feature(h, "hypervisor") == GUEST_OFF;
}

bool guest_list_has(const struct fact_strs *list, const char *name)
{
	for (size_t i = 0; i < list->n; i++) {
		if (!strcmp(list->v[i], name))
			return true;
	}
	return false;
}

bool is_real_time(const struct fact_str *policy)
{
	return fact_is(policy, "fifo") || fact_is(policy, "rr");
}

bool guest_wants_real_time(const struct host *h)
{
	const struct domain_sched *s = h->domain.vcpu_scheds.v;

	for (size_t i = 0; i < h->domain.vcpu_scheds.n; i++) {
		if (is_real_time(&s[i].policy))
			return true;
	}
	return false;
}

bool guest_is_pinned_apart(const struct host *h)
{
	const struct domain_pin *pins = h->domain.vcpu_pins.v;
	struct cpus all = { 0 };

	if (!h->domain.n_vcpus.known || h->domain.vcpu_pins.n < h->domain.n_vcpus.v)
		return false;
	for (size_t i = 0; i < h->domain.vcpu_pins.n; i++)
		all = cpus_or(&all, &pins[i].cpus.v);
	return cpus_count(&all) >= h->domain.n_vcpus.v && h->domain.n_vcpus.v > 0;
}

/* The number at the front of *s, which then stands behind it and a dot. */
static uint64_t next_part(const char **s)
{
	uint64_t v = 0;

	for (; **s >= '0' && **s <= '9'; (*s)++)
		v = v < UINT64_MAX / 100 ? v * 10 + (uint64_t)(**s - '0') : v;
	*s += **s == '.';
	return v;
}

static bool has_part(const char *s)
{
	return *s >= '0' && *s <= '9';
}

int version_compare(const char *a, const char *b)
{
	while (has_part(a) || has_part(b)) {
		const uint64_t x = next_part(&a), y = next_part(&b);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return 0;
}

bool version_is_older(const struct fact_str *version, const char *than)
{
	return version->known && has_part(version->v) && version_compare(version->v, than) < 0;
}

bool host_param_is_on(const struct host *h, const char *param)
{
	const char *value = setting_value(&h->kernel.params, param);

	return value && (*value == 'Y' || *value == 'y' || (*value >= '1' && *value <= '9'));
}

bool guest_cpus_are_known(const struct host *h, struct finding *out)
{
	if (host_knows_guest_cpus(h))
		return true;
	finding_say(out, "No guest, pin or isolated CPU tells which CPUs are the guest's.");
	return false;
}

bool guest_has_own_cpus(const struct host *h, struct finding *out)
{
	if (!guest_cpus_are_known(h, out))
		return false;
	if (!host_is_all_guest(h))
		return true;
	finding_say(out, "The guest may run on every CPU: none is its own.");
	return false;
}

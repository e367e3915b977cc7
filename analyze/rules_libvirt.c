/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_libvirt.c - libvirt's qemu.conf, and who may use libvirt. */
#include <string.h>

#include "analyze/change.h"
#include "analyze/engine.h"
#include "analyze/guest_config.h"

static const char *setting(const struct host *h, const char *name)
{
	return setting_value(&h->setup.qemu_conf, name);
}

/* qemu.conf is libvirt's: nobody else reads it. */
static bool uses_libvirt(const struct host *h, struct finding *out)
{
	static const char *const why[] = { [MANAGER_PROXMOX] = "Proxmox runs the guests here.",
					   [MANAGER_PLAIN] = "The guest is run without libvirt." };
	const enum manager m = host_manager(h);

	if (m != MANAGER_LIBVIRT) {
		finding_say(out, "%s", why[m]);
		return false;
	}
	if (h->setup.libvirt_version.known || !h->setup.qemu_conf.known || h->setup.qemu_conf.n ||
	    h->domain.name.known)
		return true;
	finding_say(out, "libvirt is not in use.");
	return false;
}

static enum verdict judge_host_audio(const struct host *h, struct finding *out)
{
	const struct domain_facts *d = &h->domain;
	const char *value = setting(h, "nographics_allow_host_audio");

	if (!value || strcmp(value, "1") != 0) {
		finding_say(out, "nographics_allow_host_audio is not set.");
		return VERDICT_PASS;
	}
	if (!d->sounds.known) {
		finding_say(out,
			    "nographics_allow_host_audio is set; whether the guest has a sound "
			    "card is not known.");
		return VERDICT_UNKNOWN;
	}
	if (d->sounds.n || d->audio_driver.known) {
		finding_say(out, "nographics_allow_host_audio is set, and the guest has sound.");
		return VERDICT_PASS;
	}
	finding_say(out,
		    "nographics_allow_host_audio is set, but the guest has no sound card: it has "
		    "no effect.");
	return VERDICT_ADVICE;
}

static enum verdict judge_user(const struct host *h, struct finding *out)
{
	static const char *const root[] = { "root", "0", "+0" };
	const char *user = setting(h, "user");

	if (!user) {
		finding_say(out, "QEMU runs as the user that libvirt made for it.");
		return VERDICT_PASS;
	}
	for (size_t i = 0; i < ARRAY_SIZE(root); i++) {
		if (strcmp(user, root[i]) != 0)
			continue;
		finding_say(out,
			    "qemu.conf lets QEMU run as root: a guest that breaks out owns the "
			    "host.");
		return VERDICT_ADVICE;
	}
	if (!strcmp(user, "someone")) {
		finding_say(out,
			    "qemu.conf lets QEMU run as a person's user: a guest that breaks out "
			    "owns that account and its files.");
		return VERDICT_ADVICE;
	}
	finding_say(out, "QEMU runs as %s, a user of the system.", user);
	return VERDICT_PASS;
}

/* Value of a list as the setting holds it, "[a, b]". */
static bool acl_has(const char *acl, const char *device)
{
	struct text rest = text_of(acl), item;

	if (text_starts(rest, "["))
		rest = text_make(rest.at + 1, rest.len - 1);
	if (text_ends(rest, "]"))
		rest.len--;
	while (text_next_piece(&rest, ',', &item)) {
		if (text_equal(text_trim(item), device))
			return true;
	}
	return false;
}

/* An input device that QEMU opens without libvirt knowing of it, and the list does not name. */
static const char *find_denied(const struct host *h, const char *acl)
{
	const struct domain_input *in = h->domain.inputs.v;

	for (size_t i = 0; i < h->domain.inputs.n; i++) {
		if (fact_is(&in[i].how, "commandline") && in[i].source.known &&
		    (!acl || !acl_has(acl, in[i].source.v)))
			return in[i].source.v;
	}
	return NULL;
}

/* libvirt's own list has these in every release: src/qemu/qemu_cgroup.c. */
static const char *find_lost(const char *acl)
{
	static const char *const defaults[] = { "/dev/null",   "/dev/full",    "/dev/zero",
						"/dev/random", "/dev/urandom", "/dev/ptmx",
						"/dev/kvm" };

	for (size_t i = 0; i < ARRAY_SIZE(defaults); i++) {
		if (!acl_has(acl, defaults[i]))
			return defaults[i];
	}
	return NULL;
}

static enum verdict say_denied(const struct host *h, const char *acl, const char *device,
			       struct finding *out)
{
	/* It runs, another libvirt is to run it, or the list has another name of the device. */
	const bool may_work = host_runs_domain(h) || !h->setup.libvirt_version.known ||
			      (acl && strstr(acl, "/dev/input/")) ||
			      setting(h, "cgroup_controllers");

	finding_fix(out, NULL,
		    "Write <input type='evdev'> in place of qemu:commandline (libvirt 7.4): then "
		    "libvirt lets QEMU open the device.",
		    "");
	finding_say(out,
		    "%s is handed to QEMU by qemu:commandline, but cgroup_device_acl does not "
		    "name it: QEMU may not open it.",
		    device);
	return may_work ? VERDICT_ADVICE : VERDICT_PROBLEM;
}

static enum verdict judge_acl(const struct host *h, struct finding *out)
{
	const char *acl = setting(h, "cgroup_device_acl");
	const char *denied = find_denied(h, acl), *lost = acl ? find_lost(acl) : NULL;

	if (denied)
		return say_denied(h, acl, denied, out);
	if (!acl) {
		finding_say(out, "cgroup_device_acl is libvirt's own.");
		return VERDICT_PASS;
	}
	if (acl_has(acl, "/dev/kqemu"))
		finding_say(out,
			    "cgroup_device_acl is an old list: it names /dev/kqemu, which is long "
			    "gone, and hides what newer releases of libvirt add to theirs.");
	else if (lost)
		finding_say(out, "cgroup_device_acl lacks %s, which libvirt's own list has.", lost);
	else {
		finding_say(out, "cgroup_device_acl has libvirt's devices and more.");
		return VERDICT_PASS;
	}
	return VERDICT_ADVICE;
}

static bool asks_as_user(const struct host *h, struct finding *out)
{
	if (!uses_libvirt(h, out))
		return false;
	if (h->setup.is_in_libvirt_group.known)
		return true;
	finding_say(out, "root asks, who needs no group; or who asks is not known.");
	return false;
}

static enum verdict judge_groups(const struct host *h, struct finding *out)
{
	const bool is_kvm_missing = h->setup.is_in_kvm_group.known && !h->setup.is_in_kvm_group.v;
	const bool is_libvirt_missing = !h->setup.is_in_libvirt_group.v;

	finding_fill(out, "groups", "%s%s%s", is_kvm_missing ? "kvm" : "",
		     is_kvm_missing && is_libvirt_missing ? "," : "",
		     is_libvirt_missing ? "libvirt" : "");
	if (!is_kvm_missing && !is_libvirt_missing) {
		finding_say(out, "The user is in the groups kvm and libvirt.");
		return VERDICT_PASS;
	}
	finding_say(out, "The user is not in %s%s%s.", is_kvm_missing ? "group kvm" : "",
		    is_kvm_missing && is_libvirt_missing ? " nor in " : "",
		    is_libvirt_missing ? "group libvirt" : "");
	return VERDICT_ADVICE;
}

#define QEMU_CONF READS(READ(setup.qemu_conf))

static const struct rule rules[] = {
	{ "qemuconf.host-audio", false, uses_libvirt, QEMU_CONF, judge_host_audio },
	{ "qemuconf.user-group", false, uses_libvirt, QEMU_CONF, judge_user },
	{ "qemuconf.device-acl", false, uses_libvirt, QEMU_CONF, judge_acl },
	{ .id = "perm.groups", .applies = asks_as_user, .judge = judge_groups },
};

const struct rule_set rules_libvirt = { rules, ARRAY_SIZE(rules) };

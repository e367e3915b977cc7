/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_input.c - keyboard, mouse and sound of the guest, and QEMU's own arguments in its XML. */
#include <string.h>

#include "analyze/guest_config.h"

typedef unsigned long long ull;

/* A timer of QEMU's main loop this short wakes it a thousand times a second. */
#define SHORT_TIMER_US 1000u

static const struct domain_input *inputs_of(const struct host *h)
{
	return h->domain.inputs.v;
}

static bool is_evdev(const struct domain_input *in)
{
	return fact_is(&in->type, "evdev");
}

static size_t n_evdev(const struct host *h)
{
	size_t n = 0;

	for (size_t i = 0; i < h->domain.inputs.n; i++)
		n += is_evdev(&inputs_of(h)[i]);
	return n;
}

static bool has_evdev(const struct host *h, struct finding *out)
{
	if (!guest_is_known(h, out))
		return false;
	if (n_evdev(h) || !h->domain.inputs.known)
		return true;
	finding_say(out, "No keyboard or mouse of the host is passed on by evdev.");
	return false;
}

/* The elements in place of QEMU's arguments, one for each device. */
static const char *evdev_elements(const struct host *h, struct finding *out)
{
	const char *text = "";

	for (size_t i = 0; i < h->domain.inputs.n; i++) {
		const struct domain_input *in = &inputs_of(h)[i];

		if (!is_evdev(in) || !fact_is(&in->how, "commandline"))
			continue;
		text = finding_text(
			out,
			"%s\n  <input type='evdev'>\n    <source dev='%s'%s/>\n"
			"  </input>",
			text, in->source.known ? in->source.v : "DEVICE",
			in->grab.known ? " grab='all' grabToggle='ctrl-ctrl' repeat='on'" : "");
	}
	return text;
}

static enum verdict judge_evdev(const struct host *h, struct finding *out)
{
	size_t n = 0;

	for (size_t i = 0; i < h->domain.inputs.n; i++) {
		const struct domain_input *in = &inputs_of(h)[i];

		if (!is_evdev(in) || !fact_is(&in->how, "commandline"))
			continue;
		n++;
		finding_item(out, "%s", in->source.known ? in->source.v : "?");
	}
	if (!n || guest_is_argv(h)) {
		finding_say(out, "%zu device%s of the host %s passed on by evdev.", n_evdev(h),
			    n_evdev(h) == 1 ? "" : "s", n_evdev(h) == 1 ? "is" : "are");
		return VERDICT_PASS;
	}
	if (version_is_older(&h->setup.libvirt_version, "7.4")) {
		finding_say(out,
			    "libvirt %s has no element for evdev: QEMU's arguments are the way.",
			    h->setup.libvirt_version.v);
		return VERDICT_PASS;
	}
	finding_fill(out, "elements", "%s", evdev_elements(h, out));
	finding_say(out,
		    "%zu device%s of the host %s passed on by arguments of QEMU; libvirt 7.4 and "
		    "later have an element for it.",
		    n, n == 1 ? "" : "s", n == 1 ? "is" : "are");
	return VERDICT_ADVICE;
}

static bool is_event_number(const char *path)
{
	static const char events[] = "/dev/input/event";
	const size_t n = strlen(events);

	return !strncmp(path, events, n) && path[n] && !path[n + strspn(path + n, "0123456789")];
}

static enum verdict judge_path(const struct host *h, struct finding *out)
{
	const char *numbered = NULL;
	size_t n = 0;

	for (size_t i = 0; i < h->domain.inputs.n; i++) {
		const struct domain_input *in = &inputs_of(h)[i];

		if (!is_evdev(in) || !in->source.known)
			continue;
		/* A file of the user may be of another host. */
		if (in->is_present.known && !in->is_present.v && !host_runs_domain(h) &&
		    fact_is(&h->domain.source, "libvirt")) {
			finding_fill(out, "event", "event");
			finding_say(out, "%s does not exist now: the guest cannot start.",
				    in->source.v);
			return VERDICT_PROBLEM;
		}
		if (!is_event_number(in->source.v))
			continue;
		if (!n++)
			numbered = strrchr(in->source.v, '/') + 1;
		finding_item(out, "%s", in->source.v);
	}
	if (n) {
		finding_fill_quoted(out, "event", numbered);
		finding_say(out,
			    "%zu device%s named by a number that the next boot, or another USB "
			    "port, changes.",
			    n, n == 1 ? " is" : "s are");
		return VERDICT_ADVICE;
	}
	finding_say(out, "Devices passed on by evdev are named by what they are.");
	return VERDICT_PASS;
}

static bool args_have(const struct host *h, const char *word)
{
	for (size_t i = 0; i < h->domain.qemu_args.n; i++) {
		if (strstr(h->domain.qemu_args.v[i], word))
			return true;
	}
	return false;
}

static bool has_virtio_input(const struct host *h)
{
	static const char *const drivers[] = { "virtio-keyboard", "virtio-mouse", "virtio-tablet",
					       "virtio-input" };

	for (size_t i = 0; i < h->domain.inputs.n; i++) {
		if (fact_is(&inputs_of(h)[i].bus, "virtio"))
			return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++) {
		if (args_have(h, drivers[i]))
			return true;
	}
	return false;
}

/* Element of this type to put on virtio: a PS/2 one (libvirt adds its own again) before others. */
static const struct domain_input *to_change(const struct host *h, const char *type)
{
	const struct domain_input *any = NULL;

	for (size_t i = 0; i < h->domain.inputs.n; i++) {
		const struct domain_input *in = &inputs_of(h)[i];

		if (!fact_is(&in->type, type) || !fact_is(&in->how, "element"))
			continue;
		if (!in->bus.known || fact_is(&in->bus, "ps2"))
			return in;
		if (!any)
			any = in;
	}
	return any;
}

static void change_to_virtio(const struct host *h, const char *type, struct finding *out)
{
	const struct domain_input *in = to_change(h, type);

	if (!in) {
		finding_change(out, CHANGE_XML, "devices/input[type=%s]@bus=virtio", type);
		return;
	}
	finding_change(out, CHANGE_XML, "devices/input[%zu]@type=%s@bus=virtio",
		       (size_t)(in - inputs_of(h)) + 1, type);
	if (fact_is(&in->bus, "usb"))
		finding_change(out, CHANGE_XML, "-devices/input[%zu]/address",
			       (size_t)(in - inputs_of(h)) + 1);
}

static enum verdict judge_virtio(const struct host *h, struct finding *out)
{
	if (has_virtio_input(h)) {
		finding_say(out, "The guest has a keyboard or mouse on virtio.");
		return VERDICT_PASS;
	}
	if (!n_evdev(h) && !args_have(h, "input-linux")) {
		finding_say(out,
			    "Nothing is typed through emulated devices: no keyboard or mouse of "
			    "the host is passed on by evdev.");
		return VERDICT_NOT_APPLICABLE;
	}
	change_to_virtio(h, "mouse", out);
	change_to_virtio(h, "keyboard", out);
	finding_say(out, "Keyboard and mouse of the host end in emulated PS/2 or USB ones: each "
			 "movement is a burst of exits to QEMU.");
	return VERDICT_ADVICE;
}

static enum verdict judge_usb(const struct host *h, struct finding *out)
{
	size_t n = 0;

	for (size_t i = 0; i < h->domain.inputs.n; i++) {
		const struct domain_input *in = &inputs_of(h)[i];

		if (!fact_is(&in->type, "tablet") || (in->bus.known && !fact_is(&in->bus, "usb")))
			continue;
		finding_change(out, CHANGE_XML, "-devices/input[%zu]", i + 1);
		n++;
	}
	if (!n) {
		finding_say(out, "No emulated USB tablet is polled.");
		return VERDICT_PASS;
	}
	finding_say(out,
		    "An emulated USB tablet is configured: the guest polls it, and QEMU's main "
		    "loop runs a timer for it.");
	return VERDICT_ADVICE;
}

static bool uses_commandline(const struct host *h, struct finding *out)
{
	if (!guest_is_known(h, out))
		return false;
	if (guest_is_argv(h))
		finding_say(out, "Arguments of QEMU need no XML.");
	else if (h->domain.has_qemu_commandline.known && !h->domain.has_qemu_commandline.v)
		finding_say(out, "The XML has no qemu:commandline.");
	else
		return true;
	return false;
}

static enum verdict judge_namespace(const struct host *h, struct finding *out)
{
	if (h->domain.has_qemu_namespace.v) {
		finding_say(out, "qemu:commandline is in the namespace that libvirt reads.");
		return VERDICT_PASS;
	}
	finding_fill(out, "type", "%s", h->domain.type.known ? h->domain.type.v : "kvm");
	finding_say(out, "The XML has a qemu:commandline without xmlns:qemu: libvirt drops it, and "
			 "its arguments do not reach QEMU.");
	return VERDICT_PROBLEM;
}

static bool has_sound(const struct host *h, struct finding *out)
{
	if (!guest_is_known(h, out))
		return false;
	if (h->domain.audio_driver.known && strcmp(h->domain.audio_driver.v, "none") != 0)
		return true;
	finding_say(out, "The guest has no sound of QEMU, as far as is told.");
	return false;
}

/* Where the main loop may run meets the CPUs of the guest; nothing pinned is everywhere. */
static bool emulator_is_on_guest_cpus(const struct host *h)
{
	const struct domain_pin *pins = h->domain.vcpu_pins.v;
	struct cpus guest = h->cpus.guest.known ? h->cpus.guest.v : (struct cpus){ 0 };

	if (!h->domain.emulator_pin.known)
		return true;
	for (size_t i = 0; i < h->domain.vcpu_pins.n; i++)
		guest = cpus_or(&guest, &pins[i].cpus.v);
	guest = cpus_and(&guest, &h->domain.emulator_pin.v);
	return cpus_count(&guest) > 0;
}

static enum verdict judge_audio(const struct host *h, struct finding *out)
{
	const struct domain_facts *d = &h->domain;

	if (!guest_is_argv(h) && fact_is(&d->audio_from, "commandline") &&
	    !version_is_older(&h->setup.libvirt_version, "7.2"))
		finding_item(out,
			     "told by arguments of QEMU; libvirt 7.2 and later have the element "
			     "<audio>");
	if (!d->audio_timer_us.known || d->audio_timer_us.v > SHORT_TIMER_US) {
		finding_say(out, "Sound (%s) has no timer as short as %u us.", d->audio_driver.v,
			    SHORT_TIMER_US);
		return VERDICT_PASS;
	}
	if (!emulator_is_on_guest_cpus(h)) {
		finding_say(out,
			    "Sound (%s) wakes QEMU's main loop every %llu us, off the guest's "
			    "CPUs.",
			    d->audio_driver.v, (ull)d->audio_timer_us.v);
		return VERDICT_PASS;
	}
	finding_say(
		out,
		"Sound (%s) wakes QEMU's main loop every %llu us, and it may run on the guest's "
		"CPUs.",
		d->audio_driver.v, (ull)d->audio_timer_us.v);
	return VERDICT_ADVICE;
}

static const struct rule rules[] = {
	{
		.id = "audio.pa-backend",
		.applies = has_sound,
		.judge = judge_audio,
	},
	{
		.id = "qemu.commandline-ns",
		.applies = uses_commandline,
		.reads = READS(READ(domain.has_qemu_commandline), READ(domain.has_qemu_namespace)),
		.judge = judge_namespace,
	},
	{
		.id = "input.evdev",
		.applies = has_evdev,
		.reads = READS(READ(domain.inputs)),
		.judge = judge_evdev,
	},
	{
		.id = "input.evdev-path",
		.applies = has_evdev,
		.reads = READS(READ(domain.inputs)),
		.judge = judge_path,
	},
	{
		.id = "input.virtio",
		.applies = guest_is_known,
		.reads = READS(READ(domain.inputs)),
		.judge = judge_virtio,
	},
	{
		.id = "xml.usb",
		.applies = guest_has_vfio,
		.reads = READS(READ(domain.inputs)),
		.judge = judge_usb,
	},
};

const struct rule_set rules_input = { rules, ARRAY_SIZE(rules) };

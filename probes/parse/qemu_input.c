/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qemu_input.c - QEMU's keyboards, mice and tablets; those on PS/2 are there without a word. */
#include <string.h>

#include "probes/parse/qemu_parts.h"

/* -usbdevice has short names for the first of these. */
static const struct {
	const char *driver, *type, *bus, *usbdevice;
} kinds[] = {
	{ "usb-tablet", "tablet", "usb", "tablet" },
	{ "usb-mouse", "mouse", "usb", "mouse" },
	{ "usb-kbd", "keyboard", "usb", "keyboard" },
	{ "virtio-tablet", "tablet", "virtio", NULL },
	{ "virtio-mouse", "mouse", "virtio", NULL },
	{ "virtio-keyboard", "keyboard", "virtio", NULL },
	{ "virtio-input-host", "passthrough", "virtio", NULL },
};

static int add_input(struct qemu_reader *r, const char *type, const char *bus, const char *source,
		     const char *grab)
{
	struct domain_input *input;
	int e = qemu_add(r, &r->facts->inputs, sizeof(*input), &input);

	if (!input)
		return e;
	e = qemu_set_str(r, &input->type, type);
	if (e == 0)
		e = qemu_set_str(r, &input->bus, bus);
	if (e == 0)
		e = qemu_set_str(r, &input->source, source);
	return e < 0 ? e : qemu_set_str(r, &input->grab, grab);
}

static int add_device(struct qemu_reader *r, const struct qemu_entry *entry)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (qemu_is_driver(entry->kind, kinds[i].driver))
			return add_input(r, kinds[i].type, kinds[i].bus,
					 qemu_option(&entry->values, "evdev"), NULL);
	}
	return 0;
}

static int add_usb_device(struct qemu_reader *r, const struct qemu_entry *entry)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (kinds[i].usbdevice && !strcmp(entry->kind, kinds[i].usbdevice))
			return add_input(r, kinds[i].type, kinds[i].bus, NULL, NULL);
	}
	return 0;
}

static int add_object(struct qemu_reader *r, const struct qemu_entry *entry)
{
	const struct qemu_options *values = &entry->values;

	if (strcmp(entry->kind, "input-linux") != 0)
		return 0;
	return add_input(r, "evdev", NULL, qemu_option(values, "evdev"),
			 qemu_option_is_on(values, "grab-all") ? "all" : NULL);
}

int qemu_read_input(struct qemu_reader *r)
{
	int e = 0;

	r->facts->inputs.known = true;
	for (size_t i = 0; i < r->n && e == 0; i++) {
		const struct qemu_entry *entry = &r->entries[i];

		if (!strcmp(entry->option, "-device"))
			e = add_device(r, entry);
		else if (!strcmp(entry->option, "-usbdevice"))
			e = add_usb_device(r, entry);
		else if (!strcmp(entry->option, "-object"))
			e = add_object(r, entry);
	}
	return e;
}

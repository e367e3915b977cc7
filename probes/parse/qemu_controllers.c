/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qemu_controllers.c - QEMU's controllers, iothreads and devices passed through. */
#include <string.h>

#include "probes/parse/pci_address.h"
#include "probes/parse/qemu_parts.h"

#define HOST_DEVICES_MAX 4096u

/* Models in libvirt's words; NULL: it has none for them. Source: libvirt, qemu_command.c. */
static const struct {
	const char *driver, *type, *model;
	bool is_family;
} kinds[] = {
	{ "virtio-scsi", "scsi", "virtio-scsi", true },
	{ "lsi53c895a", "scsi", "lsilogic", false },
	{ "lsi", "scsi", "lsilogic", false },
	{ "megasas", "scsi", "lsisas1078", true },
	{ "mptsas1068", "scsi", "lsisas1068", false },
	{ "pvscsi", "scsi", "vmpvscsi", false },
	{ "qemu-xhci", "usb", "qemu-xhci", false },
	{ "nec-usb-xhci", "usb", "nec-xhci", false },
	{ "piix3-usb-uhci", "usb", "piix3-uhci", false },
	{ "piix4-usb-uhci", "usb", "piix4-uhci", false },
	{ "usb-ehci", "usb", "ehci", false },
	{ "ich9-usb-ehci1", "usb", "ich9-ehci1", false },
	{ "ich9-usb-uhci1", "usb", "ich9-uhci1", false },
	{ "ich9-usb-uhci2", "usb", "ich9-uhci2", false },
	{ "ich9-usb-uhci3", "usb", "ich9-uhci3", false },
	{ "vt82c686b-usb-uhci", "usb", "vt82c686b-uhci", false },
	{ "pci-ohci", "usb", "pci-ohci", false },
	{ "ahci", "sata", NULL, false },
	{ "ich9-ahci", "sata", NULL, false },
	{ "virtio-serial", "virtio-serial", NULL, true },
	{ "pcie-root-port", "pci", "pcie-root-port", false },
	{ "ioh3420", "pci", "pcie-root-port", false },
	{ "pci-bridge", "pci", "pci-bridge", false },
	{ "i82801b11-bridge", "pci", "dmi-to-pci-bridge", false },
	{ "pcie-pci-bridge", "pci", "pcie-to-pci-bridge", false },
	{ "x3130-upstream", "pci", "pcie-switch-upstream-port", false },
	{ "xio3130-downstream", "pci", "pcie-switch-downstream-port", false },
};

/* Index in kinds, ARRAY_SIZE(kinds): no controller. */
static size_t find_kind(const char *driver)
{
	size_t i = 0;

	for (; i < ARRAY_SIZE(kinds); i++) {
		if (kinds[i].is_family ? qemu_is_driver(driver, kinds[i].driver)
				       : !strcmp(driver, kinds[i].driver))
			break;
	}
	return i;
}

/* libvirt's ids: the type and the number, "usb" for the first of them, "pci.3". */
static bool number_of_id(const char *id, const char *type, uint64_t *ret_number)
{
	const size_t n = strlen(type);

	if (strncmp(id, type, n) != 0)
		return false;
	id += n + (id[n] == '.');
	*ret_number = 0;
	return !*id || (text_u64(text_of(id), ret_number) == 0 && *ret_number <= INT32_MAX);
}

uint64_t qemu_controller_index(const struct qemu_reader *r, const struct qemu_entry *controller)
{
	const char *type = kinds[find_kind(controller->kind)].type;
	const struct qemu_entry *entry;
	uint64_t place = 0, number;
	size_t at = 0;

	if (number_of_id(controller->id, type, &number))
		return number;
	while ((entry = qemu_next(r, "-device", &at)) && entry != controller) {
		const size_t kind = find_kind(entry->kind);

		place += kind < ARRAY_SIZE(kinds) && !strcmp(kinds[kind].type, type);
	}
	return place;
}

const struct qemu_entry *qemu_scsi_controller(const struct qemu_reader *r, const char *bus)
{
	const size_t n = bus ? strcspn(bus, ".") : 0;
	const struct qemu_entry *entry, *first = NULL;
	size_t at = 0;

	while ((entry = qemu_next(r, "-device", &at))) {
		if (!qemu_is_driver(entry->kind, "virtio-scsi"))
			continue;
		if (bus && n && strlen(entry->id) == n && !strncmp(entry->id, bus, n))
			return entry;
		if (!first)
			first = entry;
	}
	return bus ? NULL : first;
}

void qemu_set_iothread(const struct qemu_reader *r, struct fact_u64 *f, const char *id)
{
	struct text name = text_of(id);
	const struct qemu_entry *entry;
	uint64_t place = 0, number;
	size_t at = 0;

	if (!id || f->known)
		return;
	if (text_starts(name, "iothread") &&
	    text_u64(text_make(name.at + 8, name.len - 8), &number) == 0 && number <= INT32_MAX) {
		fact_set_u64(f, number);
		return;
	}
	while ((entry = qemu_next(r, "-object", &at))) {
		if (strcmp(entry->kind, "iothread") != 0)
			continue;
		place++;
		if (!strcmp(entry->id, id))
			fact_set_u64(f, place);
	}
}

static int add_controller(struct qemu_reader *r, const struct qemu_entry *entry)
{
	const size_t kind = find_kind(entry->kind);
	struct domain_controller *controller;
	int e;

	if (kind == ARRAY_SIZE(kinds))
		return 0;
	e = qemu_add(r, &r->facts->controllers, sizeof(*controller), &controller);
	if (!controller)
		return e;
	e = qemu_set_str(r, &controller->type, kinds[kind].type);
	if (e == 0)
		e = qemu_set_str(r, &controller->model, kinds[kind].model);
	fact_set_u64(&controller->index, qemu_controller_index(r, entry));
	qemu_set_iothread(r, &controller->iothread, qemu_option(&entry->values, "iothread"));
	return e < 0 ? e
		     : qemu_set_u64(r, &controller->n_queues, "controllers",
				    qemu_option(&entry->values, "num-queues"));
}

/* -usb and machine option usb: what the chipset has. */
static int add_chipset_usb(struct qemu_reader *r)
{
	const char *machine = qemu_switch(qemu_last(r, "-machine", "usb"));
	struct domain_controller *controller;
	int e;

	if (!qemu_has(r, "-usb") && !qemu_has(r, "-usbdevice") &&
	    !(machine && !strcmp(machine, "on")))
		return 0;
	e = qemu_add(r, &r->facts->controllers, sizeof(*controller), &controller);
	if (!controller)
		return e;
	fact_set_u64(&controller->index, 0);
	e = qemu_set_str(r, &controller->type, "usb");
	if (e < 0 || !qemu_is_x86(r))
		return e;
	return qemu_set_str(r, &controller->model, qemu_is_q35(r) ? "ich9-ehci1" : "piix3-uhci");
}

static bool is_passed_through(const char *driver)
{
	static const char *const drivers[] = { "vfio-pci", "vfio-pci-nohotplug", "pci-assign",
					       "kvm-pci-assign" };

	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++) {
		if (!strcmp(driver, drivers[i]))
			return true;
	}
	return false;
}

static int add_hostdev(struct qemu_reader *r, const char *type, const char *address,
		       const char *driver)
{
	struct domain_hostdev *hostdev;
	int e = qemu_add(r, &r->facts->hostdevs, sizeof(*hostdev), &hostdev);

	if (!hostdev)
		return e;
	e = qemu_set_str(r, &hostdev->type, type);
	if (e == 0)
		e = qemu_set_str(r, &hostdev->address, address);
	return e < 0 ? e : qemu_set_str(r, &hostdev->driver, driver);
}

/* *ret_is_odd: a PCI function is passed through, but not told which. */
static int add_pci(struct qemu_reader *r, const struct qemu_options *device, bool *ret_is_odd)
{
	const char *host = qemu_option(device, "host"), *path = qemu_option(device, "sysfsdev");
	const char *driver = qemu_option(device, "iommufd") ? "iommufd" : NULL;
	struct pci_address address;
	char name[PCI_ADDRESS_SIZE];
	int e;

	*ret_is_odd = false;
	/* Mediated devices have a path without an address at its end; they are no PCI function. */
	if (!host && !(path && pci_address_find(text_of(path), &address)))
		return path ? add_hostdev(r, "mdev", NULL, driver) : 0;
	if (host && pci_address_parse(text_of(host), &address) < 0) {
		*ret_is_odd = true;
		e = add_hostdev(r, "pci", NULL, driver);
		return e < 0 ? e
			     : qemu_note(r, "host_devices",
					 "the address of a device is not written out");
	}
	if (r->facts->host_devices.n == HOST_DEVICES_MAX)
		return 0;
	pci_address_format(&address, name);
	e = add_hostdev(r, "pci", name, driver);
	return e < 0 ? e : fact_add_str(&r->facts->host_devices, r->arena, name);
}

static int add_device(struct qemu_reader *r, const struct qemu_entry *entry, bool *is_any_odd)
{
	bool is_odd = false;
	int e = add_controller(r, entry);

	if (e == 0 && is_passed_through(entry->kind))
		e = add_pci(r, &entry->values, &is_odd);
	else if (e == 0 && !strcmp(entry->kind, "usb-host"))
		e = add_hostdev(r, "usb", NULL, NULL);
	*is_any_odd |= is_odd;
	return e;
}

int qemu_read_controllers(struct qemu_reader *r)
{
	const struct qemu_entry *entry;
	bool is_any_odd = false;
	size_t at = 0;
	int e = add_chipset_usb(r);

	while (e == 0 && (entry = qemu_next(r, "-device", &at)))
		e = add_device(r, entry, &is_any_odd);
	at = 0;
	while (e == 0 && (entry = qemu_next(r, "-usbdevice", &at))) {
		if (text_starts(text_of(entry->kind), "host:"))
			e = add_hostdev(r, "usb", NULL, NULL);
	}
	r->facts->hostdevs.known = true;
	r->facts->controllers.known = true;
	/* Some that are not known are not "none". */
	if (!is_any_odd)
		r->facts->host_devices.known = true;
	return e;
}

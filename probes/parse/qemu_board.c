/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qemu_board.c - QEMU's options about the machine: its type, firmware and features. */
#include <string.h>
#include <strings.h>

#include "probes/parse/qemu_parts.h"

/* "qemu-system-x86_64"; programs that are called "kvm" are for whatever host they run on. */
static int read_arch(struct qemu_reader *r)
{
	static const char prefix[] = "qemu-system-";
	const char *name = strrchr(r->program, '/');

	name = name ? name + 1 : r->program;
	name += *name == '.';
	if (!text_starts(text_of(name), prefix))
		return 0;
	name += strlen(prefix);
	return qemu_set_str(r, &r->facts->arch, strcmp(name, "i386") ? name : "i686");
}

static int read_type(struct qemu_reader *r)
{
	const char *type = qemu_last(r, "-machine", "type");

	if (!type && *r->program && qemu_is_x86(r))
		type = "pc";
	return qemu_set_str(r, &r->facts->machine, type);
}

static int set_feature(struct qemu_reader *r, const char *name, const char *value)
{
	return qemu_set_setting(r, &r->facts->features, name, value);
}

/* ACPI and the APIC are there unless they are refused; libvirt's XML has to ask for them. */
static int read_defaults(struct qemu_reader *r)
{
	const char *acpi = qemu_switch(qemu_last(r, "-machine", "acpi"));
	int e;

	if (!*r->program || !qemu_is_x86(r))
		return 0;
	e = set_feature(r, "apic", "on");
	if (e < 0 || qemu_has(r, "-no-acpi") || (acpi && !strcmp(acpi, "off")))
		return e;
	return set_feature(r, "acpi", "on");
}

static int read_irqchip(struct qemu_reader *r)
{
	const char *chip = qemu_last(r, "-machine", "kernel-irqchip");

	if (!chip)
		chip = qemu_last(r, "-accel", "kernel-irqchip");
	if (chip && !strcmp(chip, "split"))
		return set_feature(r, "ioapic.driver", "qemu");
	chip = qemu_switch(chip);
	return chip && !strcmp(chip, "on") ? set_feature(r, "ioapic.driver", "kvm") : 0;
}

static int read_features(struct qemu_reader *r)
{
	static const char *const same[] = { "vmport", "smm" };
	int e = read_defaults(r);

	for (size_t i = 0; e == 0 && i < ARRAY_SIZE(same); i++)
		e = set_feature(r, same[i], qemu_switch(qemu_last(r, "-machine", same[i])));
	if (e == 0 && qemu_last(r, "-accel", "dirty-ring-size"))
		e = set_feature(r, "kvm.dirty-ring", "on");
	return e == 0 ? read_irqchip(r) : e;
}

static bool has_flash(const struct qemu_reader *r)
{
	const struct qemu_entry *entry;
	size_t at = 0;

	if (qemu_has(r, "-pflash") || qemu_last(r, "-machine", "pflash0"))
		return true;
	while ((entry = qemu_next(r, "-drive", &at))) {
		if (qemu_option_is(&entry->values, "if", "pflash"))
			return true;
	}
	return false;
}

/* What a file holds is known by its name alone. */
static const char *firmware_by_path(const char *path)
{
	static const char *const names[][2] = {
		{ "ovmf", "efi" },     { "edk2", "efi" },   { "aavmf", "efi" },
		{ "seabios", "bios" }, { "bios-", "bios" }, { "/bios.bin", "bios" },
		{ "uefi", "efi" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcasestr(path, names[i][0]))
			return names[i][1];
	}
	return NULL;
}

static int read_firmware(struct qemu_reader *r)
{
	const char *path = qemu_last(r, "-bios", "path"), *kind = NULL;
	const char *secure = qemu_switch(qemu_global(r, "cfi.pflash01", "secure"));

	if (has_flash(r))
		kind = "efi";
	else if (path)
		kind = firmware_by_path(path);
	else if (*r->program && qemu_is_x86(r))
		kind = "bios";
	/* A BIOS checks nothing. */
	if (kind && !strcmp(kind, "bios"))
		fact_set_bool(&r->facts->is_secure_boot, false);
	else if (secure)
		fact_set_bool(&r->facts->is_secure_boot, !strcmp(secure, "on"));
	if (path && !kind)
		return qemu_note(r, "firmware", "the path of the firmware does not tell its kind");
	return qemu_set_str(r, &r->facts->firmware, kind);
}

int qemu_read_board(struct qemu_reader *r)
{
	int e = read_arch(r);

	r->facts->features.known = true;
	if (e == 0)
		e = read_type(r);
	if (e == 0)
		e = read_features(r);
	if (e == 0)
		e = read_firmware(r);
	return e < 0 || !qemu_has(r, "-smbios") ? e : qemu_set_str(r, &r->facts->smbios, "sysinfo");
}

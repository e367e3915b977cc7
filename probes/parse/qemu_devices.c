/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qemu_devices.c - QEMU's devices of which only the kind or the number is told. */
#include <string.h>

#include "probes/parse/qemu_parts.h"

struct counts {
	uint64_t serials, channels, redirections;
	bool has_shmem, has_balloon;
};

#define COUNT(member) offsetof(struct counts, member)

/* Drivers of -device that are counted. */
static const struct {
	const char *driver;
	size_t at;
} counted[] = {
	{ "isa-serial", COUNT(serials) },      { "pci-serial", COUNT(serials) },
	{ "usb-serial", COUNT(serials) },      { "virtconsole", COUNT(serials) },
	{ "sclpconsole", COUNT(serials) },     { "spapr-vty", COUNT(serials) },
	{ "virtserialport", COUNT(channels) }, { "usb-redir", COUNT(redirections) },
};

/* Models of libvirt are the names of QEMU. */
static const char *const tpms[] = { "tpm-tis", "tpm-crb", "tpm-spapr" };
static const char *const watchdogs[] = { "i6300esb", "ib700", "diag288", "itco" };

static int set_model(struct qemu_reader *r, struct fact_str *f, const char *const *names, size_t n,
		     const char *driver)
{
	for (size_t i = 0; i < n; i++) {
		if (qemu_is_driver(driver, names[i]))
			return qemu_set_str(r, f, names[i]);
	}
	return 0;
}

static int read_device(struct qemu_reader *r, const char *driver, struct counts *counts)
{
	int e;

	for (size_t i = 0; i < ARRAY_SIZE(counted); i++) {
		if (!strcmp(driver, counted[i].driver))
			(*(uint64_t *)((char *)counts + counted[i].at))++;
	}
	counts->has_shmem |= qemu_is_driver(driver, "ivshmem");
	counts->has_balloon |= qemu_is_driver(driver, "virtio-balloon");
	e = set_model(r, &r->facts->tpm, tpms, ARRAY_SIZE(tpms), driver);
	return e < 0 ? e
		     : set_model(r, &r->facts->watchdog, watchdogs, ARRAY_SIZE(watchdogs), driver);
}

static uint64_t count_option(const struct qemu_reader *r, const char *option)
{
	const struct qemu_entry *entry;
	uint64_t n = 0;
	size_t at = 0;

	while ((entry = qemu_next(r, option, &at)))
		n += strcmp(entry->kind, "none") != 0;
	return n;
}

/* Unlike libvirt, QEMU adds no balloon by itself. */
static int set_counts(struct qemu_reader *r, struct counts *counts)
{
	struct domain_facts *f = r->facts;
	const char *balloon = qemu_last(r, "-balloon", "model");

	counts->serials += count_option(r, "-serial") + count_option(r, "-virtioconsole");
	fact_set_u64(&f->n_serials, counts->serials);
	fact_set_u64(&f->n_channels, counts->channels);
	fact_set_u64(&f->n_usb_redirections, counts->redirections);
	fact_set_bool(&f->has_shmem, counts->has_shmem);
	counts->has_balloon |= balloon && strcmp(balloon, "none") != 0;
	if (!counts->has_balloon && !*r->program)
		return 0;
	return qemu_set_str(r, &f->balloon, counts->has_balloon ? "virtio" : "none");
}

int qemu_read_devices(struct qemu_reader *r)
{
	const char *backend = qemu_last(r, "-tpmdev", "type");
	const char *watchdog = qemu_last(r, "-watchdog", "model");
	struct counts counts = { 0 };
	const struct qemu_entry *entry;
	size_t at = 0;
	int e = 0;

	while (e == 0 && (entry = qemu_next(r, "-device", &at)))
		e = read_device(r, entry->kind, &counts);
	if (e == 0)
		e = qemu_set_str(r, &r->facts->tpm_backend, backend);
	if (e == 0 && watchdog)
		e = qemu_set_str(r, &r->facts->watchdog, watchdog);
	return e == 0 ? set_counts(r, &counts) : e;
}

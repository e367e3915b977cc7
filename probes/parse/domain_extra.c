/* SPDX-License-Identifier: GPL-2.0-or-later */
/* domain_extra.c - rows of the domain XML about small devices: balloon, TPM, serial ports … */
#include "probes/parse/domain_rows.h"

static uint64_t count(const xmlNode *devices, const char *name)
{
	uint64_t n = 0;

	for (const xmlNode *node = domain_child(devices, name); node;
	     node = domain_next(node, name))
		n++;
	return n;
}

/* A console whose target is a serial port is that port told a second time. */
static uint64_t count_serials(const xmlNode *devices)
{
	const xmlNode *node = domain_child(devices, "console");
	uint64_t n_serials = count(devices, "serial"), n_same = 0, n_others = 0;

	for (; node; node = domain_next(node, "console")) {
		const xmlNode *target = domain_child(node, "target");

		if (!target || !xmlHasProp(target, (const xmlChar *)"type") ||
		    domain_attribute_is(target, "type", "serial"))
			n_same++;
		else
			n_others++;
	}
	return (n_same > n_serials ? n_same : n_serials) + n_others;
}

/* libvirt tells every QEMU it starts to name its threads. */
static int read_domain(struct domain_reader *r, const xmlNode *domain)
{
	const xmlNode *devices = domain_child(domain, "devices");
	struct domain_facts *f = r->facts;

	fact_set_u64(&f->n_serials, count_serials(devices));
	fact_set_u64(&f->n_channels, count(devices, "channel"));
	fact_set_u64(&f->n_usb_redirections, count(devices, "redirdev"));
	fact_set_bool(&f->has_shmem, count(devices, "shmem") > 0);
	fact_set_bool(&f->has_debug_threads, true);
	return 0;
}

static int read_balloon(struct domain_reader *r, const xmlNode *node)
{
	return domain_set_str(r, &r->facts->balloon, node, "model");
}

static int read_tpm(struct domain_reader *r, const xmlNode *node)
{
	int e = domain_set_str(r, &r->facts->tpm, node, "model");

	return e < 0 ? e
		     : domain_set_str(r, &r->facts->tpm_backend, domain_child(node, "backend"),
				      "type");
}

static int read_watchdog(struct domain_reader *r, const xmlNode *node)
{
	return r->facts->watchdog.known ? 0 : domain_set_str(r, &r->facts->watchdog, node, "model");
}

const struct domain_row domain_extra_rows[] = {
	{ "", read_domain },
	{ "devices/memballoon", read_balloon },
	{ "devices/tpm", read_tpm },
	{ "devices/watchdog", read_watchdog },
	{ NULL, NULL },
};

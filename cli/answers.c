/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/answers.h"

#include <inttypes.h>
#include <string.h>

#include "core/sysroot.h"

#define ROW(type, member)                                    \
	{                                                    \
#member, type, offsetof(struct host, member) \
	}

static const struct {
	const char *key;
	enum fact_type type;
	size_t at;
} rows[] = {
	ROW(FACT_STR, clock.arch),
	ROW(FACT_STR, cpu.hypervisor),
	ROW(FACT_U64, hugepages.page_kib),
	ROW(FACT_STR, setup.qemu_version),
	ROW(FACT_STR, setup.libvirt_version),
	ROW(FACT_BOOL, setup.is_initramfs_stale),
	ROW(FACT_BOOL, setup.is_in_kvm_group),
	ROW(FACT_BOOL, setup.is_in_libvirt_group),
	ROW(FACT_STR, domain.source),
	ROW(FACT_BOOL, domain.is_schema_valid),
	ROW(FACT_U64, domain.schema_error_line),
	ROW(FACT_STR, domain.schema_error),
};

static void put_str(FILE *out, const char *key, const struct fact_str *f)
{
	if (f->known)
		fprintf(out, "%s %.*s\n", key, (int)strcspn(f->v, "\n"), f->v);
}

static void put_u64(FILE *out, const char *key, const struct fact_u64 *f)
{
	if (f->known)
		fprintf(out, "%s %" PRIu64 "\n", key, f->v);
}

static void put_bool(FILE *out, const char *key, const struct fact_bool *f)
{
	if (f->known)
		fprintf(out, "%s %d\n", key, f->v);
}

static void put_row(FILE *out, const struct host *h, size_t i)
{
	const void *fact = (const char *)h + rows[i].at;

	if (rows[i].type == FACT_STR)
		put_str(out, rows[i].key, fact);
	else if (rows[i].type == FACT_U64)
		put_u64(out, rows[i].key, fact);
	else
		put_bool(out, rows[i].key, fact);
}

static void put_disks(FILE *out, const struct host *h)
{
	const struct domain_disk *disks = h->domain.disks.v;

	for (size_t i = 0; i < h->domain.disks.n; i++) {
		if (!disks[i].size_kib.known || !disks[i].allocated_kib.known)
			continue;
		fprintf(out, "domain.disks.%zu.size_kib %" PRIu64 "\n", i, disks[i].size_kib.v);
		fprintf(out, "domain.disks.%zu.allocated_kib %" PRIu64 "\n", i,
			disks[i].allocated_kib.v);
	}
}

static void put_lines(FILE *out, const struct host *h)
{
	const struct irq_line *lines = h->irq.lines.v;

	for (size_t i = 0; i < h->irq.lines.n; i++) {
		if (lines[i].irq.known && lines[i].is_movable.known)
			fprintf(out, "irq.%" PRIu64 ".is_movable %d\n", lines[i].irq.v,
				lines[i].is_movable.v);
	}
}

static void put_functions(FILE *out, const struct host *h)
{
	const struct pci_function *functions = h->pci.functions.v;

	for (size_t i = 0; i < h->pci.functions.n; i++) {
		auto_free char *key = NULL;

		if (!functions[i].address.known ||
		    asprintf(&key, "pci.%s.name", functions[i].address.v) < 0) {
			key = NULL;
			continue;
		}
		put_str(out, key, &functions[i].name);
	}
}

int answers_add(struct bundle *b, const struct host *h)
{
	auto_free char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	int error;

	if (!out)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		put_row(out, h, i);
	put_disks(out, h);
	put_lines(out, h);
	put_functions(out, h);
	error = ferror(out);
	if (fclose(out) == EOF || error)
		return -ENOMEM;
	return bundle_add(b, BUNDLE_FILE, BUNDLE_ANSWERS, text, len);
}

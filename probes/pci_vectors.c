/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pci_vectors.c - message vectors and memory regions of a function.
 * Source: Documentation/ABI/testing/sysfs-bus-pci: msi_irqs/, resource, resourceN_resize.
 */
#include <string.h>

#include "probes/parse/pci_text.h"
#include "probes/pci_parts.h"

#define N_BARS       6u
#define RESIZE_SHIFT 20 /* bit 0 of resourceN_resize: 1 MiB */

/* All vectors of a function are of one kind. */
static int read_kind(const struct sysroot *dir, struct pci_function *f, const char *name)
{
	auto_free char *kind = NULL;
	const int r = sysroot_read_line(dir, &kind, "/msi_irqs/%s", name);
	const bool is_msix = r == 0 && !strcmp(kind, "msix");

	if (r < 0)
		return r;
	if (!is_msix && strcmp(kind, "msi") != 0)
		return -EBADMSG;
	if (is_msix)
		fact_set_bool(&f->has_msix, true);
	else
		fact_set_bool(&f->has_msi, true);
	fact_set_bool(&f->is_msi_enabled, !is_msix);
	fact_set_bool(&f->is_msix_enabled, is_msix);
	return 0;
}

int vectors_read(const struct sysroot *dir, struct pci_function *f)
{
	char **names;
	size_t n, first;
	uint64_t irq, n_vectors = 0;
	int r = sysroot_list(dir, &names, &n, "/msi_irqs");

	if (r < 0)
		return r;
	first = n;
	for (size_t i = n; i > 0; i--) {
		if (text_u64(text_of(names[i - 1]), &irq) < 0)
			continue;
		n_vectors++;
		first = i - 1;
	}
	fact_set_u64(&f->n_vectors, n_vectors);
	if (first < n)
		r = read_kind(dir, f, names[first]);
	names_free(names, n);
	return r;
}

/* What cannot be resized has no such file. */
static void read_resize(const struct sysroot *dir, struct pci_bar *bar)
{
	auto_free char *line = NULL;
	uint64_t sizes;
	unsigned top = 0;

	if (sysroot_read_line(dir, &line, "/resource%llu_resize",
			      (unsigned long long)bar->index.v) < 0 ||
	    text_hex(text_of(line), &sizes) < 0 || sizes == 0)
		return;
	while (sizes >> top > 1)
		top++;
	if (top + RESIZE_SHIFT < 64)
		fact_set_u64(&bar->max_kib, (UINT64_C(1) << (top + RESIZE_SHIFT)) / KIB);
}

int bars_read(const struct sysroot *dir, struct arena *a, struct pci_function *f)
{
	auto_free char *text = NULL;
	struct pci_resource region;
	struct text rest, line;
	size_t len;
	int r = sysroot_read(dir, &text, &len, "/resource");

	if (r < 0)
		return r;
	f->bars.known = true;
	rest = text_make(text, len);
	for (unsigned i = 0; i < N_BARS && text_next_line(&rest, &line); i++) {
		struct pci_bar *bar;

		if (pci_text_resource(line, &region) < 0)
			return -EBADMSG;
		if (!(region.flags & PCI_RESOURCE_MEMORY) || region.end == region.start)
			continue;
		bar = fact_add_item(&f->bars, a, sizeof(*bar));
		if (!bar)
			return -ENOMEM;
		fact_set_u64(&bar->index, i);
		/* Some are smaller than 1 KiB. */
		fact_set_u64(&bar->size_kib, (region.end - region.start) / KIB + 1);
		read_resize(dir, bar);
	}
	return 0;
}

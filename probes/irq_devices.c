/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * irq_devices.c - PCI functions behind interrupts whose lines do not name them.
 * Source: Documentation/ABI/testing/sysfs-bus-pci, "irq" and "msi_irqs".
 */
#include <stdlib.h>

#include "probes/irq_parts.h"
#include "probes/parse/pci_address.h"

#define DEVICES "/sys/bus/pci/devices"

/* A line that lacks its device, and what sysfs says of it. */
struct nameless {
	uint64_t irq;
	struct irq_line *line;
	const char *device;
	size_t n_devices; /* that share it */
};

struct nameless_lines {
	struct nameless *v;
	size_t n;
};

static int compare_irq(const void *a, const void *b)
{
	const struct nameless *x = a, *y = b;

	return (x->irq > y->irq) - (x->irq < y->irq);
}

static struct nameless *find_irq(const struct nameless_lines *lines, uint64_t irq)
{
	const struct nameless key = { .irq = irq };

	return bsearch(&key, lines->v, lines->n, sizeof(key), compare_irq);
}

static int collect(struct probe_env *env, struct irq_facts *f, struct nameless_lines *ret_lines)
{
	struct irq_line *lines = f->lines.v;
	struct nameless_lines found = { 0 };

	found.v = arena_calloc(env->arena, f->lines.n, sizeof(*found.v));
	if (!found.v)
		return -ENOMEM;
	for (size_t i = 0; i < f->lines.n; i++) {
		if (lines[i].irq.known && !lines[i].device.known)
			found.v[found.n++] =
				(struct nameless){ .irq = lines[i].irq.v, .line = &lines[i] };
	}
	qsort(found.v, found.n, sizeof(*found.v), compare_irq);
	*ret_lines = found;
	return 0;
}

/* 0 also when the function has none; *ret_has_msi says whether it has. */
static int add_message_interrupts(struct probe_env *env, const struct nameless_lines *lines,
				  const char *device, bool *ret_has_msi)
{
	char **names;
	size_t n;
	int r = sysroot_list(env->root, &names, &n, DEVICES "/%s/msi_irqs", device);

	*ret_has_msi = r == 0;
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; i < n; i++) {
		struct nameless *found = NULL;
		uint64_t irq;

		if (text_u64(text_of(names[i]), &irq) == 0)
			found = find_irq(lines, irq);
		if (found) {
			found->device = device;
			found->n_devices = 1;
		}
	}
	names_free(names, n);
	return 0;
}

static bool is_level(const struct irq_line *line)
{
	const struct text hwirq = text_of(line->hwirq.known ? line->hwirq.v : "");

	return text_ends(hwirq, "fasteoi") || text_ends(hwirq, "level") ||
	       text_ends(hwirq, "Level");
}

/* Without a driver the file holds what the firmware wrote, which may be anything. */
static int add_line_interrupt(struct probe_env *env, const struct nameless_lines *lines,
			      const char *device)
{
	struct nameless *found;
	uint64_t irq;
	int r = sysroot_read_u64(env->root, &irq, DEVICES "/%s/irq", device);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	found = irq ? find_irq(lines, irq) : NULL;
	if (found && is_level(found->line) &&
	    sysroot_exists(env->root, DEVICES "/%s/driver", device) == 0) {
		found->device = device;
		found->n_devices++;
	}
	return 0;
}

static int add_device(struct probe_env *env, const struct nameless_lines *lines, const char *device)
{
	struct pci_address address;
	bool has_msi;
	int r;

	if (pci_address_parse(text_of(device), &address) < 0)
		return 0;
	r = add_message_interrupts(env, lines, device, &has_msi);
	return r == 0 && !has_msi ? add_line_interrupt(env, lines, device) : r;
}

/* A line that several functions share belongs to none of them alone. */
static int set_devices(struct probe_env *env, const struct nameless_lines *lines)
{
	int r = 0;

	for (size_t i = 0; i < lines->n && r == 0; i++) {
		if (lines->v[i].n_devices == 1)
			r = fact_set_str(&lines->v[i].line->device, env->arena, lines->v[i].device);
	}
	return r;
}

/* No gap without /sys/bus/pci: a line without a device is the ordinary case. */
int irq_find_devices(struct probe_env *env, struct irq_facts *f)
{
	struct nameless_lines lines;
	char **names;
	size_t n;
	int r = collect(env, f, &lines);

	if (r < 0 || !lines.n)
		return r;
	r = sysroot_list(env->root, &names, &n, DEVICES);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	for (size_t i = 0; i < n && r == 0; i++)
		r = add_device(env, &lines, names[i]);
	if (r == 0)
		r = set_devices(env, &lines);
	names_free(names, n);
	return r;
}

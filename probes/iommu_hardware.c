/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * iommu_hardware.c - units of the IOMMU, tables of the firmware, and what happens to interrupts.
 * Source: Documentation/ABI/testing/sysfs-class-iommu, sysfs-class-iommu-intel-iommu; Intel VT-d
 * specification 4.1, 11.4.2 (capability register).
 */
#include <string.h>

#include "probes/iommu_parts.h"
#include "probes/parse/interrupts.h"

#define CLASS        "/sys/class/iommu"
#define TABLES       "/sys/firmware/acpi/tables"
#define INTERRUPTS   "/proc/interrupts"
#define N_UNITS_MAX  1024u
#define POSTED_SHIFT 59 /* PI: posted interrupts */

/* An empty folder says that no IOMMU works; none at all says nothing. */
static int read_units(struct probe_env *env, struct iommu_facts *f)
{
	char **names;
	size_t n;
	int r = sysroot_list(env->root, &names, &n, CLASS);

	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, "units", CLASS, r);
	f->units.known = true;
	for (size_t i = 0; i < n && i < N_UNITS_MAX && r == 0; i++)
		r = fact_add_str(&f->units, env->arena, names[i]);
	names_free(names, n);
	return r;
}

/* The folder is complete: the firmware has no table that is not in it. */
static int read_table(struct probe_env *env, struct fact_bool *f, const char *field,
		      const char *table)
{
	int r = sysroot_exists(env->root, TABLES "/%s", table);

	if (r == -ENOENT && sysroot_exists(env->root, TABLES) == 0) {
		fact_set_bool(f, false);
		return 0;
	}
	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, field, TABLES, r);
	fact_set_bool(f, true);
	return 0;
}

/* How many interrupts go through the remapping hardware, and how many could. */
struct remapping {
	size_t n_remapped, n_plain;
};

/* x86 names what is remapped "IR-" and the name it would have without (IR-PCI-MSI, IR-IO-APIC). */
static void count_line(const struct interrupts_line *line, struct remapping *count)
{
	if (!line->is_numbered)
		return;
	if (text_starts(line->chip, "IR-"))
		count->n_remapped++;
	else if (text_starts(line->chip, "PCI-MSI") || text_starts(line->chip, "IO-APIC"))
		count->n_plain++;
}

static int read_remapping(struct probe_env *env, struct iommu_facts *f)
{
	auto_interrupts struct interrupts it = { 0 };
	struct interrupts_line line;
	struct remapping count = { 0 };
	struct text text;
	int r = probe_read_text(env, &text, "has_interrupt_remapping", INTERRUPTS);

	if (r < 0 || !text.at)
		return r;
	r = interrupts_init(&it, text);
	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, "has_interrupt_remapping", INTERRUPTS, r);
	while (interrupts_next(&it, &line))
		count_line(&line, &count);
	/* Other architectures have other chips, which tell nothing of this. */
	if (!count.n_remapped && !count.n_plain)
		return probe_gap_words(env, "has_interrupt_remapping", INTERRUPTS,
				       "no interrupt of a chip that could be remapped");
	fact_set_bool(&f->has_interrupt_remapping, count.n_remapped > 0);
	return fact_set_str(&f->remapping_source, env->arena, "interrupts");
}

/* 1: this unit can; 0: it cannot; or a negative errno. */
static int can_post(struct probe_env *env, const char *unit)
{
	auto_free char *line = NULL;
	uint64_t cap;
	int r = sysroot_read_line(env->root, &line, CLASS "/%s/intel-iommu/cap", unit);

	if (r < 0)
		return r;
	r = text_hex(text_of(line), &cap);
	return r < 0 ? -EBADMSG : (int)(cap >> POSTED_SHIFT & 1);
}

/* The kernel posts interrupts only when all units can. Of AMD's units sysfs does not tell. */
static int read_posting(struct probe_env *env, struct iommu_facts *f)
{
	bool can_all = true;
	size_t n = 0;

	for (size_t i = 0; i < f->units.n; i++) {
		int r;

		if (strncmp(f->units.v[i], "dmar", 4) != 0)
			continue;
		r = can_post(env, f->units.v[i]);
		if (r == -ENOMEM)
			return r;
		if (r < 0)
			return probe_gap(env, "has_posted_interrupts",
					 arena_printf(env->arena, CLASS "/%s/intel-iommu/cap",
						      f->units.v[i]),
					 r);
		can_all &= r == 1;
		n++;
	}
	if (n)
		fact_set_bool(&f->has_posted_interrupts, can_all);
	return 0;
}

/* Few captures hold /dev: one that does has /dev/null. */
static int read_iommufd(struct probe_env *env, struct iommu_facts *f)
{
	const int r = sysroot_exists(env->root, "/dev/iommu");

	if (r < 0 && (r != -ENOENT || sysroot_exists(env->root, "/dev/null") < 0))
		return r == -ENOMEM ? r : probe_gap(env, "has_iommufd", "/dev/iommu", r);
	fact_set_bool(&f->has_iommufd, r == 0);
	return 0;
}

static int read_tables(struct probe_env *env, struct iommu_facts *f)
{
	const int r = read_table(env, &f->has_dmar, "has_dmar", "DMAR");

	return r < 0 ? r : read_table(env, &f->has_ivrs, "has_ivrs", "IVRS");
}

int iommu_read_hardware(struct probe_env *env, struct iommu_facts *f)
{
	static int (*const steps[])(struct probe_env *, struct iommu_facts *) = {
		read_units, read_tables, read_remapping, read_posting, read_iommufd,
	};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(steps) && r == 0; i++)
		r = steps[i](env, f);
	return r;
}

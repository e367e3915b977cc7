/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * iommu_groups.c - the groups of the IOMMU.
 * Source: Documentation/ABI/testing/sysfs-kernel-iommu_groups.
 */
#include "probes/iommu_parts.h"
#include "probes/parse/pci_address.h"
#include "probes/parse/reserved_regions.h"
#include "probes/tally.h"

#define GROUPS        "/sys/kernel/iommu_groups"
#define N_GROUPS_MAX  4096u
#define N_DEVICES_MAX 1024u /* of one group */
#define N_REGIONS_MAX 64u   /* of one group */

static int trouble(struct tally *t, struct probe_env *env, const struct iommu_group *g,
		   const char *field, const char *file, int error)
{
	if (error == -ENOMEM)
		return error;
	return tally_add(
		t, env, field,
		arena_printf(env->arena, GROUPS "/%llu/%s", (unsigned long long)g->group.v, file),
		error);
}

static int read_type(struct tally *t, struct probe_env *env, struct iommu_group *g)
{
	auto_free char *line = NULL;
	int r = sysroot_read_line(env->root, &line, GROUPS "/%llu/type",
				  (unsigned long long)g->group.v);

	if (r == 0 && !*line)
		r = -EBADMSG;
	return r < 0 ? trouble(t, env, g, "groups.type", "type", r)
		     : fact_set_str(&g->type, env->arena, line);
}

/* Devices of other buses have groups too; no guest gets those through vfio-pci. */
static int read_devices(struct tally *t, struct probe_env *env, struct iommu_group *g)
{
	char **names;
	size_t n;
	int r = sysroot_list(env->root, &names, &n, GROUPS "/%llu/devices",
			     (unsigned long long)g->group.v);

	if (r < 0)
		return trouble(t, env, g, "groups.devices", "devices", r);
	g->devices.known = true;
	for (size_t i = 0; i < n && r == 0 && g->devices.n < N_DEVICES_MAX; i++) {
		struct pci_address address;

		if (pci_address_parse(text_of(names[i]), &address) == 0)
			r = fact_add_str(&g->devices, env->arena, names[i]);
	}
	names_free(names, n);
	return r;
}

static int read_reserved(struct tally *t, struct probe_env *env, struct iommu_group *g)
{
	auto_free char *text = NULL;
	struct text rest, line;
	size_t len;
	int r = sysroot_read(env->root, &text, &len, GROUPS "/%llu/reserved_regions",
			     (unsigned long long)g->group.v);

	if (r < 0)
		return trouble(t, env, g, "groups.reserved", "reserved_regions", r);
	g->reserved.known = true;
	rest = text_make(text, len);
	while (r == 0 && g->reserved.n < N_REGIONS_MAX && reserved_regions_next(&rest, &line)) {
		const char *copy = arena_strndup(env->arena, line.at, line.len);

		r = copy ? fact_add_str(&g->reserved, env->arena, copy) : -ENOMEM;
	}
	return r;
}

static int add_group(struct tally *t, struct probe_env *env, struct iommu_facts *f,
		     const char *name)
{
	struct iommu_group *g;
	uint64_t number;
	int r;

	if (text_u64(text_of(name), &number) < 0)
		return 0;
	g = fact_add_item(&f->groups, env->arena, sizeof(*g));
	if (!g)
		return -ENOMEM;
	fact_set_u64(&g->group, number);
	r = read_type(t, env, g);
	if (r == 0)
		r = read_devices(t, env, g);
	return r == 0 ? read_reserved(t, env, g) : r;
}

int iommu_read_groups(struct probe_env *env, struct iommu_facts *f)
{
	struct tally tally = { 0 };
	char **names;
	size_t n;
	int r = sysroot_list(env->root, &names, &n, GROUPS);

	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, "groups", GROUPS, r);
	f->groups.known = true;
	if (n > N_GROUPS_MAX)
		r = probe_gap_words(env, "groups", GROUPS, "%zu groups: the first %u are read", n,
				    N_GROUPS_MAX);
	for (size_t i = 0; i < n && i < N_GROUPS_MAX && r == 0; i++)
		r = add_group(&tally, env, f, names[i]);
	names_free(names, n);
	return r == 0 ? tally_report(&tally, env) : r;
}

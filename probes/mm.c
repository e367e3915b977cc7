/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mm - same-page merging, swap, pressure, compaction, and what the memory of guests is made of.
 * Sources: Documentation/admin-guide/mm/{ksm,transhuge}.rst, Documentation/accounting/psi.rst,
 * proc(5), parse/{limits,meminfo,numa_maps,pressure,swaps}.h.
 */
#include "facts/mm.h"

#include "facts/kernel.h"
#include "probes/mm_guest.h"
#include "probes/parse/meminfo.h"
#include "probes/parse/mounts.h"
#include "probes/parse/pressure.h"
#include "probes/parse/swaps.h"
#include "probes/programs.h"

#define KSM        "/sys/kernel/mm/ksm"
#define KHUGEPAGED "/sys/kernel/mm/transparent_hugepage/khugepaged"

/* More than a kernel allows (MAX_SWAPFILES). */
#define N_SWAPS_MAX 64u

static int add_swap(struct probe_env *env, const struct swaps_area *area, struct fact_list *swaps)
{
	struct mm_swap *swap = fact_add_item(swaps, env->arena, sizeof(*swap));
	auto_free char *path = mounts_unescape(area->path);
	int r;

	if (!swap || !path)
		return -ENOMEM;
	fact_set_u64(&swap->size_kib, area->size_kib);
	fact_set_u64(&swap->used_kib, area->used_kib);
	fact_set_i64(&swap->priority, area->priority);
	r = fact_set_str(&swap->path, env->arena, path);
	return r < 0 ? r : fact_set_text(&swap->type, env->arena, area->type);
}

static int read_swaps(struct probe_env *env, struct mm_facts *f)
{
	static const char path[] = "/proc/swaps";
	struct fact_list swaps = { .known = true };
	struct swaps_area area;
	struct text text;
	int r = probe_read_text(env, &text, "swaps", path);

	if (r < 0 || !text.at)
		return r;
	while ((r = swaps_next(&text, &area)) > 0) {
		if (swaps.n == N_SWAPS_MAX)
			return probe_gap(env, "swaps", path, -E2BIG);
		if (add_swap(env, &area, &swaps) < 0)
			return -ENOMEM;
	}
	if (r < 0)
		return probe_gap(env, "swaps", path, r);
	f->swaps = swaps;
	return 0;
}

/* Documentation/admin-guide/mm/{transhuge,numaperf}.rst, include/linux/vm_event_item.h. */
/* clang-format off */
static const char *const counters[] = {
	"pswpin", "pswpout", "pgmajfault", "ksm_swpin_copy", "swap_ra", "oom_kill",
	"thp_fault_alloc", "thp_fault_fallback", "thp_split_page", "thp_split_pmd",
	"thp_collapse_alloc", "thp_collapse_alloc_failed",
	"compact_stall", "compact_fail", "compact_success", "compact_daemon_wake", "kcompactd_wake",
	"numa_hit", "numa_miss", "numa_foreign", "numa_pte_updates", "numa_hint_faults",
	"numa_hint_faults_local", "numa_pages_migrated", "pgmigrate_success", "pgmigrate_fail",
	"allocstall_dma", "allocstall_dma32", "allocstall_normal", "allocstall_movable",
	"drop_pagecache", "drop_slab",
};
/* clang-format on */

static int add_counter(struct probe_env *env, struct fact_list *list, const char *name, uint64_t v)
{
	struct setting_fact *s = fact_add_item(list, env->arena, sizeof(*s));
	char *value = arena_printf(env->arena, "%llu", (unsigned long long)v);
	int r;

	if (!s || !value)
		return -ENOMEM;
	r = fact_set_str(&s->name, env->arena, name);
	return r < 0 ? r : fact_set_str(&s->value, env->arena, value);
}

/* A counter that is not there is of something that this kernel does not do. */
static int read_vmstat(struct probe_env *env, struct mm_facts *f)
{
	static const char path[] = "/proc/vmstat";
	struct text text;
	int r = probe_read_text(env, &text, "vmstat", path);

	f->vmstat.known = text.at != NULL;
	for (size_t i = 0; r == 0 && text.at && i < ARRAY_SIZE(counters); i++) {
		uint64_t v;
		const int error = vmstat_value(text, counters[i], &v);

		if (error == 0)
			r = add_counter(env, &f->vmstat, counters[i], v);
		else if (error != -ENOENT)
			r = probe_gap_words(env, "vmstat", path, "no valid number in line %s",
					    counters[i]);
	}
	return r;
}

static int read_khugepaged(struct probe_env *env, struct mm_facts *f)
{
	static const char path[] = KHUGEPAGED "/defrag";
	struct text text;
	bool v;
	int r = probe_read_text(env, &text, "has_khugepaged_defrag", path);

	if (r < 0)
		return r;
	if (text.at && text_bool(text, &v) == 0)
		fact_set_bool(&f->has_khugepaged_defrag, v);
	else if (text.at)
		r = probe_gap(env, "has_khugepaged_defrag", path, -EBADMSG);
	return r < 0 ? r
		     : probe_read_u64(env, &f->khugepaged_scan_ms, "khugepaged_scan_ms",
				      KHUGEPAGED "/scan_sleep_millisecs");
}

/* Kernels before 5.13 have no line "full" for cpu: it stays unknown, and nothing is missing. */
static int add_pressure(struct probe_env *env, const char *resource, const char *path,
			struct fact_list *list)
{
	struct mm_pressure *p;
	struct text text;
	uint64_t some, full;
	int error, r = probe_read_text(env, &text, "pressure", path);

	if (r < 0 || !text.at)
		return r;
	error = pressure_avg10(text, "some", &some);
	if (error < 0)
		return probe_gap(env, "pressure", path, -EBADMSG);
	p = fact_add_item(list, env->arena, sizeof(*p));
	if (!p)
		return -ENOMEM;
	fact_set_u64(&p->some_avg10_permille, some);
	if (pressure_avg10(text, "full", &full) == 0)
		fact_set_u64(&p->full_avg10_permille, full);
	return fact_set_str(&p->resource, env->arena, resource);
}

static int read_pressure(struct probe_env *env, struct mm_facts *f)
{
	static const char *const resources[] = { "cpu", "memory", "io" };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(resources); i++) {
		char *path = arena_printf(env->arena, "/proc/pressure/%s", resources[i]);

		r = path ? add_pressure(env, resources[i], path, &f->pressure) : -ENOMEM;
	}
	f->pressure.known = f->pressure.n > 0;
	return r;
}

static int read_numad(struct probe_env *env, struct mm_facts *f)
{
	static const char *const names[] = { "numad" };
	bool is_running = false;
	const int error = programs_running(env->root, names, 1, &is_running);

	if (error == -ENOMEM)
		return error;
	/* That it does not run is known only where all processes could be seen. */
	if (error == 0 || (error == -EACCES && is_running)) {
		fact_set_bool(&f->is_numad_running, is_running);
		return 0;
	}
	return probe_gap_words(env, "is_numad_running", "/proc",
			       error == -EACCES ? "processes of other users are hidden"
						: "there are no processes to look at");
}

static int measure(struct probe_env *env, void *facts)
{
	struct mm_facts *f = facts;
	int r = probe_read_u64(env, &f->ksm_run, "ksm_run", KSM "/run");

	if (r == 0)
		r = probe_read_u64(env, &f->ksm_pages_sharing, "ksm_pages_sharing",
				   KSM "/pages_sharing");
	if (r == 0)
		r = probe_read_u64(env, &f->ksm_full_scans, "ksm_full_scans", KSM "/full_scans");
	if (r == 0)
		r = read_swaps(env, f);
	if (r == 0)
		r = read_vmstat(env, f);
	if (r == 0)
		r = read_khugepaged(env, f);
	if (r == 0)
		r = read_pressure(env, f);
	if (r == 0)
		r = read_numad(env, f);
	return r < 0 ? r : mm_guests_read(env, &f->guests);
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "mm", measure);
}

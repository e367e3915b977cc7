/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hugepages - reserved and transparent huge pages, and how fragmented memory is.
 * Formats: Documentation/admin-guide/mm/{hugetlbpage,transhuge}.rst, parse/{meminfo,mounts}.h.
 */
#include "facts/hugepages.h"

#include "probes/hugepage_pools.h"
#include "probes/parse/buddyinfo.h"
#include "probes/parse/choice.h"
#include "probes/parse/cpuinfo.h"
#include "probes/parse/meminfo.h"
#include "probes/parse/mounts.h"
#include "probes/probe.h"

#define THP "/sys/kernel/mm/transparent_hugepage"

/* On x86 always 4 KiB; elsewhere it is a choice of the kernel's builder that only it can tell. */
static int find_base_page(struct probe_env *env, struct hugepages_facts *f)
{
	struct cpuinfo info;
	struct text text;
	int r;

	if (env->root->is_live) {
		fact_set_u64(&f->page_kib, (uint64_t)sysconf(_SC_PAGESIZE) / KIB);
		return 0;
	}
	if (probe_answer_u64(env, &f->page_kib, "hugepages.page_kib"))
		return 0;
	r = probe_read_text(env, &text, "page_kib", "/proc/cpuinfo");
	if (r < 0 || !text.at)
		return r;
	cpuinfo_parse(text, &info);
	if (!info.arch || !text_equal(text_of(info.arch), "x86_64"))
		return probe_gap_words(env, "page_kib", "/proc/cpuinfo",
				       "does not tell the size of a page");
	fact_set_u64(&f->page_kib, 4);
	return 0;
}

static int read_meminfo(struct probe_env *env, struct hugepages_facts *f)
{
	static const char path[] = "/proc/meminfo";
	static const char *const fields[] = { "mem_total_kib", "mem_available_kib", "anon_huge_kib",
					      "default_kib" };
	static const char *const names[] = { "MemTotal", "MemAvailable", "AnonHugePages",
					     "Hugepagesize" };
	struct fact_u64 *const facts[] = { &f->mem_total_kib, &f->mem_available_kib,
					   &f->anon_huge_kib, &f->default_kib };
	struct text text;
	int r = probe_read_text_for(env, &text, fields, ARRAY_SIZE(fields), path);

	for (size_t i = 0; r == 0 && text.at && i < ARRAY_SIZE(fields); i++) {
		uint64_t kib;

		if (meminfo_kib(text, names[i], &kib) == 0)
			fact_set_u64(facts[i], kib);
		else
			r = probe_gap_words(env, fields[i], path, "has no valid line %s", names[i]);
	}
	return r;
}

static int read_vmstat(struct probe_env *env, struct hugepages_facts *f)
{
	static const char path[] = "/proc/vmstat";
	static const char *const fields[] = { "thp_fault_fallback", "compact_stall" };
	struct fact_u64 *const facts[] = { &f->thp_fault_fallback, &f->compact_stall };
	struct text text;
	int r = probe_read_text_for(env, &text, fields, ARRAY_SIZE(fields), path);

	for (size_t i = 0; r == 0 && text.at && i < ARRAY_SIZE(fields); i++) {
		uint64_t v;

		/* The fields are named as the kernel's counters are. */
		if (vmstat_value(text, fields[i], &v) == 0)
			fact_set_u64(facts[i], v);
		else
			r = probe_gap_words(env, fields[i], path, "has no valid line %s",
					    fields[i]);
	}
	return r;
}

static int read_thp(struct probe_env *env, struct fact_str *fact, const char *field,
		    const char *path)
{
	struct text text, word;
	int r = probe_read_text(env, &text, field, path);

	if (r < 0 || !text.at)
		return r;
	if (!choice_parse(text, &word))
		return probe_gap_words(env, field, path, "names no choice in brackets");
	return fact_set_text(fact, env->arena, word);
}

/* A mount without the option has pages of the default size. */
static int add_mount(struct probe_env *env, struct hugepages_facts *f,
		     const struct mount_line *line)
{
	struct hugepage_mount *mount = fact_add_item(&f->mounts, env->arena, sizeof(*mount));
	auto_free char *path = mounts_unescape(line->target);
	uint64_t bytes;
	int r;

	if (!mount || !path)
		return -ENOMEM;
	r = fact_set_str(&mount->path, env->arena, path);
	if (r == 0)
		r = fact_set_text(&mount->options, env->arena, line->options);
	if (r < 0)
		return r;
	switch (mounts_page_size(line->options, &bytes)) {
	case 0:
		fact_set_u64(&mount->page_kib, bytes / KIB);
		return 0;
	case -ENOENT:
		mount->page_kib = f->default_kib;
		return 0;
	default:
		return probe_gap_words(env, "mounts", path, "odd page size among its options");
	}
}

static int read_mounts(struct probe_env *env, struct hugepages_facts *f)
{
	struct mount_line line;
	struct text text;
	int r = probe_read_text(env, &text, "mounts", "/proc/mounts");

	f->mounts.known = text.at != NULL;
	while (r == 0 && mounts_next(&text, &line)) {
		if (text_equal(line.type, "hugetlbfs"))
			r = add_mount(env, f, &line);
	}
	return r;
}

static int read_buddy(struct probe_env *env, struct hugepages_facts *f)
{
	struct buddyinfo_zone line;
	struct text text;
	int r = probe_read_text(env, &text, "buddy", "/proc/buddyinfo");

	f->buddy.known = text.at != NULL;
	while (r == 0 && buddyinfo_next(&text, &line)) {
		struct buddy_zone *zone = fact_add_item(&f->buddy, env->arena, sizeof(*zone));

		if (!zone)
			return -ENOMEM;
		fact_set_u64(&zone->node, line.node);
		r = fact_set_text(&zone->zone, env->arena, line.zone);
		for (size_t i = 0; r == 0 && i < line.n_orders; i++)
			r = fact_add_pair(&zone->free_blocks, env->arena, i, line.free[i]);
	}
	return r;
}

static int measure(struct probe_env *env, void *facts)
{
	struct hugepages_facts *f = facts;
	int r = find_base_page(env, f);

	if (r == 0)
		r = read_meminfo(env, f);
	if (r == 0)
		r = hugepage_pools_read(env, f);
	if (r == 0)
		r = read_mounts(env, f);
	if (r == 0)
		r = read_buddy(env, f);
	if (r == 0)
		r = read_thp(env, &f->thp_enabled, "thp_enabled", THP "/enabled");
	if (r == 0)
		r = read_thp(env, &f->thp_defrag, "thp_defrag", THP "/defrag");
	return r < 0 ? r : read_vmstat(env, f);
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "hugepages", measure);
}

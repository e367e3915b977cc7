/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_memory.c - what is the guest's memory made of? */
#include <string.h>

#include "analyze/memory.h"

typedef unsigned long long ull;

/* Of the running guest's memory: less on large pages than this is "on small pages". */
#define MOSTLY_PERMILLE 900
#define GIB_KIB         MIB /* KiB in a GiB */
#define TWO_MIB_KIB     2048u

/* Guests of QEMU only: containers and other hypervisors have no such choice. */
static bool has_guest_memory(const struct host *h, struct finding *out)
{
	struct backing_share share;

	if (h->domain.type.known && strcmp(h->domain.type.v, "kvm") != 0 &&
	    strcmp(h->domain.type.v, "qemu") != 0) {
		finding_say(out, "A guest of type %s is not QEMU's.", h->domain.type.v);
		return false;
	}
	if (h->domain.has_hugepages.known ||
	    (h->running && fact_is(&h->running->kind, "qemu") && memory_backing(h, &share)))
		return true;
	finding_say_open(out, "No guest's configuration or memory is known.");
	return false;
}

/* The fix is in words only. */
static void drop_changes(struct finding *out)
{
	for (size_t i = 0; i < N_CHANGES; i++)
		finding_change(out, (enum change)i, NULL);
}

/* 1 GiB pages where the CPU has them and the memory is a multiple, else those that all have. */
static void fill_proposal(const struct host *h, struct finding *out)
{
	const uint64_t kib = h->domain.memory_kib.known ? h->domain.memory_kib.v : 0;
	const bool can_1g = h->cpu.has_pdpe1gb.known && h->cpu.has_pdpe1gb.v;
	const uint64_t page_kib = can_1g && kib && kib % GIB_KIB == 0 ? GIB_KIB : TWO_MIB_KIB;
	const struct hugepage_pool *pool = memory_pool(h, page_kib);
	const uint64_t n = kib / page_kib + (kib % page_kib != 0);
	const uint64_t n_free = memory_free_pages(pool);
	const uint64_t old = pool && pool->n_pages.known ? pool->n_pages.v : 0;
	const uint64_t want = old + n - u64_min(n, n_free);

	memory_fill(out, pool, page_kib, want);
	finding_fill(out, "mib", "%llu", (ull)(kib / KIB + (kib % KIB != 0)));
	finding_fill(out, "page_mib", "%llu", (ull)(page_kib / KIB));
	if (!kib) {
		drop_changes(out);
		finding_fix(out, "",
			    "<memoryBacking><hugepages/></memoryBacking>, and as many pages "
			    "reserved as the guest has memory",
			    "");
	}
}

/* "11.2 of 12.0 GiB" would say no more than the share does. */
static const char *share_words(struct finding *out, uint64_t part_kib, uint64_t total_kib)
{
	return finding_text(out, "%llu of %llu MiB", (ull)(part_kib / KIB), (ull)(total_kib / KIB));
}

static bool is_most(uint64_t part_kib, uint64_t total_kib)
{
	return part_kib * 1000 >= total_kib * MOSTLY_PERMILLE;
}

static enum verdict judge_running(const struct host *h, const struct backing_share *s,
				  struct finding *out)
{
	const uint64_t small_kib =
		s->total_kib - u64_min(s->total_kib, s->hugetlb_kib + s->anon_huge_kib);

	/* Of the pages the kernel says that the guest has, not of what it was to have. */
	finding_measured(out, 0);
	if (is_most(s->hugetlb_kib, s->total_kib)) {
		finding_say(out, "%s of the guest's memory are on reserved huge pages.",
			    share_words(out, s->hugetlb_kib, s->total_kib));
		return VERDICT_PASS;
	}
	if (h->domain.has_hugepages.known && h->domain.has_hugepages.v) {
		drop_changes(out);
		finding_fix(out, "",
			    "Shut the guest down and start it again: its configuration asks for "
			    "huge pages, the running guest was started without.",
			    "");
		finding_say(out, "The guest asks for huge pages, yet %s of its memory are on none.",
			    share_words(out, s->total_kib - s->hugetlb_kib, s->total_kib));
		return VERDICT_PROBLEM;
	}
	if (is_most(s->anon_huge_kib, s->total_kib)) {
		finding_say(out,
			    "%s of the guest's memory are on transparent huge pages; none are "
			    "reserved for it.",
			    share_words(out, s->anon_huge_kib, s->total_kib));
		return VERDICT_PASS;
	}
	finding_say(out, "%s of the guest's memory are on small pages.",
		    share_words(out, small_kib, s->total_kib));
	return VERDICT_ADVICE;
}

static enum verdict judge_backing(const struct host *h, struct finding *out)
{
	struct backing_share s;

	fill_proposal(h, out);
	if (host_runs_domain(h) && memory_backing(h, &s))
		return judge_running(h, &s, out);
	if (h->domain.has_hugepages.known && h->domain.has_hugepages.v) {
		finding_say(out,
			    "The configuration asks for huge pages; whether the guest gets them "
			    "shows when it runs.");
		return VERDICT_PASS;
	}
	if (!h->domain.has_hugepages.known) {
		finding_say(out, "The configuration does not tell what guest memory is made of.");
		return VERDICT_UNKNOWN;
	}
	finding_say(out, "The configuration does not ask for huge pages.");
	return VERDICT_ADVICE;
}

/* Takes effect for new memory only. */
static enum verdict advise_thp(struct finding *out, const char *file, const char *old)
{
	finding_fill(out, "mode", "madvise");
	finding_fill(out, "file", "%s", file);
	finding_fill(out, "old", "%s", old);
	return !strcmp(file, "enabled") ? VERDICT_PROBLEM : VERDICT_ADVICE;
}

static enum verdict judge_thp_off(const struct backing_share *s, struct finding *out)
{
	const uint64_t small_kib =
		s->total_kib - u64_min(s->total_kib, s->hugetlb_kib + s->anon_huge_kib);

	finding_measured(out, 0);
	if (is_most(s->total_kib - small_kib, s->total_kib)) {
		finding_say(
			out,
			"Transparent huge pages are off by now; %s of the guest's memory are on "
			"large pages all the same.",
			share_words(out, s->total_kib - small_kib, s->total_kib));
		return VERDICT_PASS;
	}
	finding_say(out,
		    "Transparent huge pages are off and %s of the guest's memory are on small "
		    "pages.",
		    share_words(out, small_kib, s->total_kib));
	return advise_thp(out, "enabled", "never");
}

static enum verdict judge_thp(const struct host *h, struct finding *out)
{
	const char *mode = h->hugepages.thp_enabled.v;
	struct backing_share s = { 0 };
	const bool is_known = memory_backing(h, &s);

	if (is_known && is_most(s.hugetlb_kib, s.total_kib)) {
		finding_say(out,
			    "The guest's memory is on reserved huge pages; the mode (%s) does not "
			    "matter to it.",
			    mode);
		return VERDICT_PASS;
	}
	if (!strcmp(mode, "never") && !is_known) {
		finding_say(out,
			    "Transparent huge pages are off, and what backs the guest's memory "
			    "is not known.");
		return VERDICT_UNKNOWN;
	}
	if (!strcmp(mode, "never"))
		return judge_thp_off(&s, out);
	if (!strcmp(mode, "always") && fact_is(&h->hugepages.thp_defrag, "always")) {
		finding_say(out,
			    "Transparent huge pages and direct compaction are both 'always': a "
			    "fault may have to compact memory first.");
		finding_change(out, CHANGE_BOOT, NULL);
		finding_fix(out, NULL,
			    "echo 'w /sys/kernel/mm/transparent_hugepage/defrag - - - - madvise' | "
			    "sudo tee /etc/tmpfiles.d/vfiobench-thp.conf",
			    NULL);
		return advise_thp(out, "defrag", "always");
	}
	if (is_known)
		finding_say(
			out,
			"Transparent huge pages are '%s'; %s of the guest's memory are on them.",
			mode, share_words(out, s.anon_huge_kib, s.total_kib));
	else
		finding_say(out, "Transparent huge pages are '%s'.", mode);
	return VERDICT_PASS;
}

static bool runs_qemu(const struct host *h, struct finding *out)
{
	if (h->running && fact_is(&h->running->kind, "qemu"))
		return true;
	finding_say(out, "The built-in guest says nothing about the memory of yours.");
	return false;
}

static const struct rule rules[] = {
	{ .id = "mem.backing-hugepages", .applies = has_guest_memory, .judge = judge_backing },
	{
		.id = "thp.never",
		.needs_guest = true,
		.applies = runs_qemu,
		.reads = READS(READ(hugepages.thp_enabled)),
		.judge = judge_thp,
	},
};

const struct rule_set rules_memory = { rules, ARRAY_SIZE(rules) };

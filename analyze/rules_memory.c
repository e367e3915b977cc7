/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_memory.c - what is the guest's memory made of? */
#include <string.h>

#include "analyze/memory.h"

typedef unsigned long long ull;

/* Of the running guest's memory: less on large pages than this is "on small pages". */
#define MOSTLY_PERMILLE 900
#define GIB_KIB         MIB /* KiB in a GiB */

static bool has_configured_guest(const struct host *h, struct finding *out)
{
	struct backing_share share;

	if (h->domain.memory_kib.known || h->domain.has_hugepages.known ||
	    (h->running && fact_is(&h->running->kind, "qemu") && memory_backing(h, &share)))
		return true;
	finding_say(out, "No guest's configuration or memory is known.");
	return false;
}

static void fill_proposal(const struct host *h, struct finding *out)
{
	const uint64_t kib = h->domain.memory_kib.known ? h->domain.memory_kib.v : 0;
	/* 1 GiB pages where the CPU has them and the memory is a multiple. */
	const uint64_t page_kib =
		h->cpu.has_pdpe1gb.known && h->cpu.has_pdpe1gb.v && kib && kib % GIB_KIB == 0
			? GIB_KIB
			: 2048;

	finding_fill(out, "kb", "%llu", (ull)page_kib);
	if (kib)
		finding_fill(out, "want", "%llu", (ull)((kib + page_kib - 1) / page_kib));
	else
		finding_fill(out, "want", "enough");
}

static enum verdict judge_backing(const struct host *h, struct finding *out)
{
	const bool asks = h->domain.has_hugepages.known && h->domain.has_hugepages.v;
	struct backing_share s;

	fill_proposal(h, out);
	if (memory_backing(h, &s)) {
		if (s.hugetlb_kib * 1000 >= s.total_kib * MOSTLY_PERMILLE) {
			finding_say(out,
				    "%llu of %llu MiB of the guest's memory are on reserved huge "
				    "pages.",
				    (ull)(s.hugetlb_kib / 1024), (ull)(s.total_kib / 1024));
			return VERDICT_PASS;
		}
		if (asks) {
			finding_say(out,
				    "The guest asks for huge pages, yet %llu of %llu MiB of its "
				    "memory are on none.",
				    (ull)((s.total_kib - s.hugetlb_kib) / 1024),
				    (ull)(s.total_kib / 1024));
			return VERDICT_PROBLEM;
		}
		if (s.anon_huge_kib * 1000 >= s.total_kib * MOSTLY_PERMILLE) {
			finding_say(out,
				    "%llu of %llu MiB of the guest's memory are on transparent "
				    "huge pages.",
				    (ull)(s.anon_huge_kib / 1024), (ull)(s.total_kib / 1024));
			return VERDICT_PASS;
		}
		finding_say(out, "%llu of %llu MiB of the guest's memory are on small pages.",
			    (ull)((s.total_kib - s.hugetlb_kib - s.anon_huge_kib) / 1024),
			    (ull)(s.total_kib / 1024));
		return VERDICT_ADVICE;
	}
	if (asks) {
		finding_say(out,
			    "The configuration asks for huge pages; whether the guest gets them "
			    "shows when it runs.");
		return VERDICT_PASS;
	}
	finding_say(out, "The configuration does not ask for huge pages.");
	return VERDICT_ADVICE;
}

static enum verdict judge_thp(const struct host *h, struct finding *out)
{
	const char *mode = h->hugepages.thp_enabled.v;
	struct backing_share s;

	if (memory_backing(h, &s) && s.hugetlb_kib * 1000 >= s.total_kib * MOSTLY_PERMILLE) {
		finding_say(out,
			    "The guest's memory is on reserved huge pages; the mode (%s) does not "
			    "matter to it.",
			    mode);
		return VERDICT_PASS;
	}
	if (!strcmp(mode, "never")) {
		finding_fill(out, "mode", "madvise");
		finding_fill(out, "file", "enabled");
		finding_fill(out, "old", "never");
		if (!memory_backing(h, &s)) {
			finding_say(out,
				    "Transparent huge pages are off, and what backs the guest's "
				    "memory is not known.");
			return VERDICT_UNKNOWN;
		}
		finding_say(out,
			    "Transparent huge pages are off and %llu MiB of the guest's memory are "
			    "on small pages.",
			    (ull)((s.total_kib - s.hugetlb_kib) / 1024));
		return VERDICT_PROBLEM;
	}
	if (!strcmp(mode, "always") && fact_is(&h->hugepages.thp_defrag, "always")) {
		finding_fill(out, "mode", "madvise");
		finding_fill(out, "file", "defrag");
		finding_fill(out, "old", "always");
		finding_say(out,
			    "Transparent huge pages and direct compaction are both 'always': a "
			    "fault may have to compact memory first.");
		return VERDICT_ADVICE;
	}
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
	{ .id = "mem.backing-hugepages", .applies = has_configured_guest, .judge = judge_backing },
	{
		.id = "thp.never",
		.needs_guest = true,
		.applies = runs_qemu,
		.reads = READS(READ(hugepages.thp_enabled)),
		.judge = judge_thp,
	},
};

const struct rule_set rules_memory = { rules, ARRAY_SIZE(rules) };

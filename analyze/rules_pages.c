/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_pages.c - sizes of huge pages: the default one, those of the command line, the guest's. */
#include <string.h>

#include "analyze/guest_config.h"
#include "analyze/memory.h"
#include "core/text.h"

typedef unsigned long long ull;

#define GIB_KIB     MIB /* KiB in a GiB */
#define TWO_MIB_KIB 2048u
/* Direct compactions in a second of the run, above which they are no rare event. */
#define RARE_STALLS_PER_S 1u

static bool has_default(const struct host *h, struct finding *out)
{
	if (h->kernel.default_page_kib.known || h->domain.pages.n)
		return true;
	finding_say(out, "No default size is told at boot, and no guest asks for huge pages.");
	return false;
}

static bool names_no_size(const struct host *h)
{
	const struct domain_page *p = h->domain.pages.v;

	for (size_t i = 0; i < h->domain.pages.n; i++) {
		if (!p[i].page_kib.known)
			return true;
	}
	return false;
}

static enum verdict judge_default(const struct host *h, struct finding *out)
{
	const uint64_t default_kib = h->hugepages.default_kib.v;
	const struct fact_u64 *told = &h->kernel.default_page_kib;
	const char *size = memory_size_words(out, default_kib);

	if (told->known && told->v != default_kib) {
		memory_fill(out, NULL, told->v, 0);
		finding_say(out,
			    "default_hugepagesz= asks for %s, and the default is %s: the kernel "
			    "did not take it.",
			    memory_size_words(out, told->v), size);
		return VERDICT_ADVICE;
	}
	if (names_no_size(h) && default_kib != GIB_KIB && memory_boot_pages(h, GIB_KIB)) {
		memory_fill(out, NULL, GIB_KIB, 0);
		finding_change(out, CHANGE_BOOT, NULL);
		finding_change(out, CHANGE_XML,
			       "memoryBacking/hugepages/page@size=1048576@unit=KiB");
		finding_say(
			out,
			"The guest names no page size and gets the default of %s, while pages of "
			"1 GiB are reserved.",
			size);
		return VERDICT_ADVICE;
	}
	if (names_no_size(h))
		finding_say(out, "The guest names no page size and gets the default of %s.", size);
	else if (h->domain.pages.n)
		finding_say(out,
			    "The guest names its page size; the default of %s does not matter to "
			    "it.",
			    size);
	else
		finding_say(out, "The default size is %s, as asked for at boot.", size);
	return VERDICT_PASS;
}

struct size_words { /* of the kernel command line */
	size_t n_sizes;
	const char *unpaired; /* hugepagesz= with no hugepages= behind it */
};

static struct size_words read_sizes(const struct host *h, struct finding *out)
{
	struct text rest = text_of(h->kernel.cmdline.v), word;
	struct size_words s = { 0 };
	const char *pending = NULL;

	while (text_next_word(&rest, &word)) {
		if (text_starts(word, "hugepagesz=")) {
			s.n_sizes++;
			if (pending && !s.unpaired)
				s.unpaired = pending;
			pending = finding_text(out, "%.*s", (int)word.len, word.at);
		} else if (text_starts(word, "hugepages=")) {
			pending = NULL;
		}
	}
	if (!s.unpaired)
		s.unpaired = pending;
	return s;
}

/* Reserved later by hand or a hook is no fault. */
static bool has_pages_of(const struct host *h, const char *word)
{
	const char *digits = strchr(word, '=') + 1;
	const uint64_t kib = strchr("gG", word[strlen(word) - 1])
				     ? strtoull(digits, NULL, 10) * GIB_KIB
				     : strtoull(digits, NULL, 10) * KIB;
	const struct hugepage_pool *pool = memory_pool(h, kib);

	return pool && pool->n_pages.known && pool->n_pages.v;
}

static enum verdict judge_size(const struct host *h, struct finding *out)
{
	const struct size_words s = read_sizes(h, out);

	if (!s.n_sizes) {
		finding_say(out, "The kernel command line has no hugepagesz=.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (s.unpaired && !has_pages_of(h, s.unpaired)) {
		finding_fill(out, "size", "%s", s.unpaired);
		finding_say(out,
			    "'%s' has no hugepages= behind it: nothing of that size is reserved "
			    "at boot.",
			    s.unpaired);
		return VERDICT_ADVICE;
	}
	finding_say(out, "%zu page size%s named at boot, each with how many pages.", s.n_sizes,
		    s.n_sizes == 1 ? " is" : "s are");
	return VERDICT_PASS;
}

/* Of the running guest's memory on pages of 1 GiB and above; total 0: not known. */
static uint64_t gib_backed_kib(const struct host *h, uint64_t *ret_total_kib)
{
	const struct guest_backing *b = h->running ? h->running->backing.v : NULL;
	uint64_t kib = 0;

	*ret_total_kib = 0;
	for (size_t i = 0; host_runs_domain(h) && b && i < h->running->backing.n; i++) {
		*ret_total_kib += b[i].size_kib.v;
		if (b[i].page_kib.v >= GIB_KIB)
			kib += b[i].size_kib.v;
	}
	return kib;
}

static bool asks_for(const struct host *h, uint64_t page_kib)
{
	const struct page_needs needs = memory_needs(h);

	for (size_t i = 0; i < needs.n; i++) {
		if (needs.v[i].page_kib == page_kib)
			return true;
	}
	return false;
}

static enum verdict judge_gib(const struct host *h, struct finding *out)
{
	uint64_t total_kib;
	const uint64_t kib = gib_backed_kib(h, &total_kib);

	memory_list_loads(h, out);
	if (!asks_for(h, GIB_KIB)) {
		finding_say(
			out,
			h->domain.pages.n
				? "The guest asks for huge pages of another size; what 1 GiB "
				  "would gain only its own work shows."
				: "The guest asks for no huge pages: see mem.backing-hugepages.");
		return VERDICT_NOT_APPLICABLE;
	}
	if (!total_kib) {
		finding_say(out,
			    "The guest asks for pages of 1 GiB; whether it gets them shows when "
			    "it runs.");
		return VERDICT_UNKNOWN;
	}
	finding_measured(out, 0);
	finding_say(out, "%llu of %llu MiB of the guest's memory are on pages of 1 GiB.",
		    (ull)(kib / KIB), (ull)(total_kib / KIB));
	if (kib >= total_kib / 10 * 9)
		return VERDICT_PASS;
	finding_fix(out, "",
		    "Shut the guest down and start it again: it was started before its "
		    "configuration asked for pages of 1 GiB.",
		    "");
	return VERDICT_PROBLEM;
}

static enum verdict judge_fallback(const struct host *h, struct finding *out)
{
	const struct page_needs needs = memory_needs(h);

	for (size_t i = 0; i < needs.n; i++) {
		if (needs.v[i].page_kib != TWO_MIB_KIB)
			continue;
		finding_say(out, "%s on pages of 2 MiB are %llu pages.",
			    memory_size_words(out, needs.v[i].memory_kib), (ull)needs.v[i].n_pages);
		return VERDICT_PASS;
	}
	if (h->cpu.has_pdpe1gb.known && !h->cpu.has_pdpe1gb.v && h->domain.memory_kib.known)
		finding_say(out,
			    "This CPU has no pages of 1 GiB; on those of 2 MiB the guest takes "
			    "%llu.",
			    (ull)(h->domain.memory_kib.v / TWO_MIB_KIB +
				  (h->domain.memory_kib.v % TWO_MIB_KIB != 0)));
	else
		finding_say(out, "The guest asks for no pages of 2 MiB.");
	return VERDICT_NOT_APPLICABLE;
}

static enum verdict judge_cost(const struct host *h, struct finding *out)
{
	const uint64_t n = h->activity.compact_stalls.v;
	const uint64_t seconds = host_window_ns(h) / NS_PER_S;

	finding_measured(out, 0);
	finding_fill(out, "old", "%s",
		     h->hugepages.thp_defrag.known ? h->hugepages.thp_defrag.v : "madvise");
	if (n <= seconds * RARE_STALLS_PER_S) {
		finding_say(out,
			    "Memory had to be compacted for somebody who waited %llu time%s in "
			    "%llu s.",
			    (ull)n, n == 1 ? "" : "s", (ull)seconds);
		return VERDICT_PASS;
	}
	finding_say(out,
		    "Somebody had to wait %llu times in %llu s for memory to be compacted "
		    "(defrag is '%s').",
		    (ull)n, (ull)seconds,
		    h->hugepages.thp_defrag.known ? h->hugepages.thp_defrag.v : "not known");
	return VERDICT_ADVICE;
}

static const struct rule rules[] = {
	{
		.id = "hugepages.default-size",
		.applies = has_default,
		.reads = READS(READ(hugepages.default_kib)),
		.judge = judge_default,
	},
	{
		.id = "hugepages.size",
		.reads = READS(READ(kernel.cmdline)),
		.judge = judge_size,
	},
	{
		.id = "hugepages.static-1g",
		.applies = guest_is_known,
		.judge = judge_gib,
	},
	{
		.id = "hugepages.2m-fallback",
		.applies = guest_is_known,
		.judge = judge_fallback,
	},
	{
		.id = "thp.cost-claim",
		.needs_guest = true,
		.reads = READS(READ(activity.compact_stalls)),
		.judge = judge_cost,
	},
};

const struct rule_set rules_pages = { rules, ARRAY_SIZE(rules) };

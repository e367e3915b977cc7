/* SPDX-License-Identifier: GPL-2.0-or-later */
/* host.h - hosts made by hand, for tests of rules: set facts, judge, look at the finding. */
#ifndef TESTS_LIB_HOST_H
#define TESTS_LIB_HOST_H

#include <string.h>

#include "analyze/engine.h"
#include "tests/lib/check.h"

static inline struct cpus cpus_of(const char *list)
{
	struct cpus set;

	assert_int_equal(cpus_parse_list(text_of(list), &set), 0);
	return set;
}

static inline void set_cpus(struct fact_cpus *f, const char *list)
{
	struct cpus set = cpus_of(list);

	fact_set_cpus(f, &set);
}

static inline void set_str(struct fact_str *f, const char *v)
{
	*f = (struct fact_str){ true, v };
}

/* A host of which nothing is known; release with arena_release(&h->arena). */
static inline void host_blank(struct host *h)
{
	static const char *const names[HOST_N_PROBES] = {
		"kernel", "cpu",   "clock",    "irq",       "hugepages", "aio",   "guest", "domain",
		"pci",    "iommu", "power",    "mm",        "sched",     "net",   "log",   "setup",
		"wake",   "tsc",   "activity", "wake_bare", "gap",       "exits", "trace"
	};

	memset(h, 0, sizeof(*h));
	for (size_t i = 0; i < HOST_N_PROBES; i++)
		h->probes[i] =
			(struct host_probe){ .name = names[i], .status = "absent", .reason = "" };
}

/* G and H as a guest that was found would give them. */
static inline void host_set_guest_cpus(struct host *h, const char *guest, const char *host)
{
	set_cpus(&h->cpus.guest, guest);
	set_cpus(&h->cpus.host, host);
	set_cpus(&h->cpus.measured, guest);
	set_str(&h->cpus.source, "guest");
}

/* For tests/golden/verdicts.sh, which asks that each rule was seen to give each of its verdicts. */
static inline void note_verdict(const struct finding *f)
{
	const char *path = getenv("VFIOBENCH_VERDICTS");
	FILE *out = path ? fopen(path, "a") : NULL;

	if (!path)
		return;
	assert_non_null(out);
	fprintf(out, "%s %s\n", f->tweak->id, verdict_names[f->verdict]);
	assert_int_equal(fclose(out), 0);
}

static inline struct finding judge_row(struct host *h, const char *id)
{
	const struct rule *rule = rule_find(id);
	struct finding f;

	assert_non_null(rule);
	assert_int_equal(engine_judge(h, rule, &f), 0);
	note_verdict(&f);
	return f;
}

/* Verdict, and a piece of the sentence that must be in it. */
static inline struct finding check_row(struct host *h, const char *id, enum verdict verdict,
				       const char *piece)
{
	struct finding f = judge_row(h, id);

	if (f.verdict != verdict || (piece && !strstr(f.summary, piece)))
		fail_msg("%s: %s: '%s', expected %s: '…%s…'", id, verdict_names[f.verdict],
			 f.summary, verdict_names[verdict], piece ? piece : "");
	return f;
}

#endif

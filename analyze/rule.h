/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rule.h - what a rule is, and how it speaks.
 *
 * A rule judges one catalogue row on one host. It is a pure function: no I/O, no clock, no globals.
 * The engine asks, in this order: does it need a running guest (needs_guest), does it apply
 * (applies), are its inputs known (reads); only then it calls judge. So no judge tests 'known' of
 * what it lists in reads.
 *
 * Laws (each bought by a real bug elsewhere): effective state before command line; masks as
 * numbers; no problem from a missing proxy; configuration alone is at most advice unless the state
 * provably cannot work; no guest, no verdict; unknown is an answer.
 *
 * Behind the judge a trace of the run is asked (analyze/charge.h): a culprit that the row explains
 * and that took a noticeable part of the guest's time (analyze/blame.h) makes a problem or advice
 * measured, with rows of evidence and a share by which findings are sorted. Where the culprit alone
 * proves the row it makes advice of another verdict too: of unknown, or, where the charge says so,
 * of a pass or of what did not seem to apply; the sentence then says both.
 *
 * Of somebody's recording alone (trace.rung "recording") no setting is known, whatever a judge made
 * of that: a row is advice when its culprit is noticeable, with the row's fix in which names stand
 * for what is not known (HOST-CPUS, GUEST-CPUS), and nothing that a plan could write as a file.
 */
#ifndef ANALYZE_RULE_H
#define ANALYZE_RULE_H

#include "analyze/catalogue.h"
#include "analyze/host.h"
#include "core/base.h"

enum verdict { /* order = order in the report */
	       VERDICT_PROBLEM,
	       VERDICT_ADVICE,
	       VERDICT_UNKNOWN,
	       VERDICT_PASS,
	       VERDICT_NOT_APPLICABLE,
	       N_VERDICTS
};

enum confidence {
	CONFIDENCE_MEASURED,   /* numbers of this run show it */
	CONFIDENCE_CONFIGURED, /* settings show it */
	CONFIDENCE_GUIDE       /* the guide says so; this host has not shown it */
};

extern const char *const verdict_names[N_VERDICTS];
extern const char *const confidence_names[3];

struct rule_input {
	const char *field; /* as in the documents: "clock.current" */
	size_t known_at;   /* offset in struct host of its 'known' flag */
};
#define READS(...) ((const struct rule_input[]){ __VA_ARGS__, { 0 } })
#define READ(member)                                         \
	{                                                    \
#member, offsetof(struct host, member.known) \
	}

struct finding;

struct rule {
	const char *id; /* of a row in the catalogue */
	bool needs_guest;
	/* NULL: always. Returns false with the reason said when the row does not apply. */
	bool (*applies)(const struct host *h, struct finding *out);
	const struct rule_input *reads; /* NULL: none */
	enum verdict (*judge)(const struct host *h, struct finding *out);
};

struct rule_set { /* one per rules_<domain>.c */
	const struct rule *rules;
	size_t n_rules;
};

/* clang-format off */
extern const struct rule_set
	rules_clock,
	rules_cpu,
	rules_power,
	rules_pin,
	rules_irq,
	rules_memory,
	rules_hugepages,
	rules_hugepages_host,
	rules_aio,
	rules_disk,
	rules_disk_io,
	rules_nic,
	rules_input,
	rules_guestmem,
	rules_pages,
	rules_host,
	rules_cmdline,
	rules_isolation,
	rules_kvm,
	rules_iommu,
	rules_iommu_dma,
	rules_vfio,
	rules_vfio_bind,
	rules_vfio_boot,
	rules_vfio_ids,
	rules_pcie,
	rules_pcie_link,
	rules_msi,
	rules_irq_posted,
	rules_setup,
	rules_libvirt,
	rules_xml,
	rules_kernel,
	rules_hyperv,
	rules_hyperv_more,
	rules_machine,
	rules_hide,
	rules_tasks,
	rules_cpusets,
	rules_guestcpu,
	rules_guestclock,
	rules_vm,
	rules_noise,
	rules_numa,
	rules_threads,
	rules_guestmisc,
	rules_tick,
	rules_gap;
/* clang-format on */
/* All sets; ends with a NULL. */
extern const struct rule_set *const rule_sets[];
const struct rule *rule_find(const char *id); /* NULL: the row has no rule */

/* What a judge may do with its finding; all text is copied. */
/* The one sentence, with the numbers in it. */
void finding_say(struct finding *out, const char *fmt, ...) FORMAT_PRINTF(2, 3);
/*
 * The same of a row that does not apply only because nothing was looked at: no guest runs, nothing
 * was measured. Who asks for that row by name must not take it for passed.
 */
void finding_say_open(struct finding *out, const char *fmt, ...) FORMAT_PRINTF(2, 3);
/* A row of evidence: "IRQ 131 nvme0q3: 412/s on CPU 4". */
void finding_item(struct finding *out, const char *fmt, ...) FORMAT_PRINTF(2, 3);
/* Value of {name} in the fix texts of the row. Several lines are fine. */
void finding_fill(struct finding *out, const char *name, const char *fmt, ...) FORMAT_PRINTF(3, 4);
/* The same for text of strangers (guest names …) that stands in a command: quoted for the shell. */
void finding_fill_quoted(struct finding *out, const char *name, const char *value);
/* Numbers of the run show it; share orders findings of one verdict, in permille of guest time. */
void finding_measured(struct finding *out, uint64_t share_permille);
/*
 * Replaces fix texts of the row (templates too); NULL leaves that part as it is, "" drops it. With
 * a new persist, or none, the changes that the row itself names are dropped too.
 */
void finding_fix(struct finding *out, const char *now, const char *persist, const char *undo);
/*
 * What the fix changes on this host, in place of the row's own; see analyze/change.h for the words.
 * Called again it adds lines; NULL as format drops what the row or an earlier call said.
 */
void finding_change(struct finding *out, enum change what, const char *fmt, ...)
	FORMAT_PRINTF(3, 4);
/* Text that lives as long as the finding, for use in the functions above. Never NULL. */
const char *finding_text(struct finding *out, const char *fmt, ...) FORMAT_PRINTF(2, 3);
/* Lists of CPUs as text, alive as long as the finding. */
const char *finding_cpus(struct finding *out, const struct cpus *set);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_cmdline.c - hardening and misspelt words on the kernel command line. */
#include <string.h>

#include "analyze/boot_line.h"
#include "analyze/engine.h"
#include "analyze/spelling.h"
#include "analyze/told.h"

static const char *vulnerability(const struct host *h, const char *name)
{
	return h->setup.vulnerabilities.known ? setting_value(&h->setup.vulnerabilities, name)
					      : NULL;
}

static enum verdict judge_pti(const struct host *h, struct finding *out)
{
	const char *value = cmdline_value(h, out, "pti");
	const char *meltdown = vulnerability(h, "meltdown");

	if (!value || strcmp(value, "on") != 0) {
		finding_say(out, "Page table isolation is left to the kernel.");
		return VERDICT_PASS;
	}
	if (!meltdown) {
		finding_say(out, "pti=on is set; whether this CPU needs it is not known.");
		return VERDICT_UNKNOWN;
	}
	if (strncmp(meltdown, "Not affected", strlen("Not affected")) != 0) {
		finding_say(out, "pti=on is what this CPU needs anyway (meltdown: %s).", meltdown);
		return VERDICT_PASS;
	}
	finding_say(out, "pti=on makes system calls and interrupts dearer on a CPU that meltdown "
			 "does not affect.");
	return VERDICT_ADVICE;
}

static enum verdict judge_page_poison(const struct host *h, struct finding *out)
{
	const char *value = cmdline_value(h, out, "page_poison");

	if (!value || !strcmp(value, "0") || !strcmp(value, "off")) {
		finding_say(out, "Freed pages are not poisoned.");
		return VERDICT_PASS;
	}
	finding_say(out,
		    "page_poison=%s writes over each page of the host that is freed, and checks "
		    "it when it is taken again.",
		    value);
	return VERDICT_ADVICE;
}

static enum verdict judge_mce(const struct host *h, struct finding *out)
{
	const char *value = cmdline_value(h, out, "mce");

	if (!value || strcmp(value, "0") != 0) {
		finding_say(out, "mce=0 is not set.");
		return VERDICT_PASS;
	}
	finding_say(out,
		    "mce=0 sets no tolerance any more: it makes CPUs wait for each other without "
		    "end when a machine check comes.");
	return VERDICT_ADVICE;
}

static enum verdict judge_slab_nomerge(const struct host *h, struct finding *out)
{
	const char *value = cmdline_value(h, out, "slab_nomerge");

	if (!value)
		value = cmdline_value(h, out, "slub_nomerge");
	if (!value) {
		finding_say(out, "Slabs may be merged.");
		return VERDICT_PASS;
	}
	finding_say(out, "slab_nomerge keeps slabs of one size apart: some more memory and cache "
			 "misses in the host's kernel.");
	return VERDICT_ADVICE;
}

/* "FZP": the flags before a comma; "-" switches all off. */
static bool asks_for_slab_debug(const char *value)
{
	return value && *value != '-' && *value != ',';
}

static enum verdict judge_slub_debug(const struct host *h, struct finding *out)
{
	const char *value = cmdline_value(h, out, "slub_debug");

	if (!value)
		value = cmdline_value(h, out, "slab_debug");
	if (h->setup.slab_debug.known && h->setup.slab_debug.n) {
		for (size_t i = 0; i < h->setup.slab_debug.n; i++)
			finding_item(out, "%s", h->setup.slab_debug.v[i]);
		finding_say(out,
			    "Every allocation of the host's kernel is checked: %zu debug options "
			    "of slabs are in force.",
			    h->setup.slab_debug.n);
		return VERDICT_ADVICE;
	}
	if (h->setup.slab_debug.known || !asks_for_slab_debug(value)) {
		finding_say(out, "No slab debugging is %s.",
			    h->setup.slab_debug.known ? "in force" : "asked for");
		return VERDICT_PASS;
	}
	finding_say(out, "slub_debug=%s checks every allocation of the host's kernel.", value);
	return VERDICT_ADVICE;
}

/* With its value, where only the name was wrong. */
static void fix_spelling(struct finding *out, struct text word, const char *meant)
{
	const char *value = strchr(meant, '=') ? NULL : memchr(word.at, '=', word.len);

	finding_change(out, CHANGE_BOOT, "-%.*s %s%.*s", (int)word.len, word.at, meant,
		       value ? (int)(word.at + word.len - value) : 0, value ? value : "");
}

static enum verdict judge_spelling(const struct host *h, struct finding *out)
{
	struct text rest = text_of(h->kernel.cmdline.v), word;
	const char *first = NULL;
	size_t n = 0;

	while (boot_line_next(&rest, &word)) {
		const char *meant = spelling_meant(word);

		if (!meant)
			continue;
		finding_item(out, "%.*s: %s was meant", (int)word.len, word.at, meant);
		fix_spelling(out, word, meant);
		if (!first)
			first = finding_text(out, "'%.*s' (%s)", (int)word.len, word.at, meant);
		n++;
	}
	if (n == 0) {
		finding_say(out, "No word is almost a parameter that matters here.");
		return VERDICT_PASS;
	}
	finding_say(out, "The kernel ignores %zu word%s in silence: %s%s.", n, n == 1 ? "" : "s",
		    first, n == 1 ? "" : " …");
	return VERDICT_ADVICE;
}

static enum verdict judge_nomsi(const struct host *h, struct finding *out)
{
	struct text rest = text_of(h->kernel.cmdline.v), word;

	while (boot_line_next(&rest, &word)) {
		if (!text_starts(word, "pci=") || !text_find(word, "nomsi"))
			continue;
		finding_change(out, CHANGE_BOOT, "-%.*s", (int)word.len, word.at);
		finding_say(out,
			    "%.*s: no device may signal interrupts by messages, each one uses a "
			    "shared line and ends up in QEMU.",
			    (int)word.len, word.at);
		return VERDICT_PROBLEM;
	}
	finding_say(out, "Interrupts by messages are not switched off.");
	return VERDICT_PASS;
}

#define CMDLINE READS(READ(kernel.cmdline))

static const struct rule rules[] = {
	{ .id = "cmdline.pti-on", .reads = CMDLINE, .judge = judge_pti },
	{ .id = "cmdline.page-poison", .reads = CMDLINE, .judge = judge_page_poison },
	{ .id = "cmdline.mce-zero", .reads = CMDLINE, .judge = judge_mce },
	{ .id = "cmdline.slab-nomerge", .reads = CMDLINE, .judge = judge_slab_nomerge },
	{ .id = "cmdline.slub-debug", .reads = CMDLINE, .judge = judge_slub_debug },
	{ .id = "cmdline.misspelt", .reads = CMDLINE, .judge = judge_spelling },
	{ .id = "msi.global-off", .reads = CMDLINE, .judge = judge_nomsi },
};

const struct rule_set rules_cmdline = { rules, ARRAY_SIZE(rules) };

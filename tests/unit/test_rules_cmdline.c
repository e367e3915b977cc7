/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/host.h"

struct row {
	const char *id, *cmdline;
	enum verdict verdict;
	const char *piece; /* of the sentence */
	const char *fix;   /* how it is mended for good; NULL: it is not */
};

static void words_are_judged(void **state)
{
	static const struct row rows[] = {
		{ "cmdline.page-poison", "quiet", VERDICT_PASS, "not poisoned", NULL },
		{ "cmdline.page-poison", "page_poison=0", VERDICT_PASS, "not poisoned", NULL },
		{ "cmdline.page-poison", "page_poison=1", VERDICT_ADVICE, "page_poison=1 writes",
		  "kernel command line: remove page_poison" },
		{ "cmdline.mce-zero", "mce=off", VERDICT_PASS, "not set", NULL },
		{ "cmdline.mce-zero", "mce=0", VERDICT_ADVICE, "without end",
		  "kernel command line: remove mce=0" },
		{ "cmdline.slab-nomerge", "quiet", VERDICT_PASS, "may be merged", NULL },
		{ "cmdline.slab-nomerge", "slab_nomerge", VERDICT_ADVICE, "keeps slabs",
		  "kernel command line: remove slab_nomerge" },
		{ "cmdline.slub-debug", "slub_debug=-", VERDICT_PASS, "asked for", NULL },
		{ "cmdline.slub-debug", "slub_debug=,kmalloc-64", VERDICT_PASS, "asked for", NULL },
		{ "cmdline.slub-debug", "slub_debug=FZP", VERDICT_ADVICE, "slub_debug=FZP checks",
		  "kernel command line: remove slub_debug slab_debug" },
		{ "cmdline.slub-debug", "slab_debug=P", VERDICT_ADVICE, "checks every", "remove" },
		{ "cmdline.misspelt", "amd_iommu=on quiet", VERDICT_PASS, "No word", NULL },
		{ "cmdline.misspelt", "nosoflockup", VERDICT_ADVICE,
		  "1 word in silence: 'nosoflockup' "
		  "(nosoftlockup).",
		  "add nosoftlockup; remove nosoflockup" },
		{ "cmdline.misspelt", "iosolcpus=1-4 iommut=pt", VERDICT_ADVICE, "2 words",
		  "add isolcpus=1-4 iommu=pt; remove iosolcpus=1-4 iommut=pt" },
		{ "msi.global-off", "pci=noaer", VERDICT_PASS, "not switched off", NULL },
		{ "msi.global-off", "pci=noaer,nomsi", VERDICT_PROBLEM, "pci=noaer,nomsi",
		  "remove pci=noaer,nomsi" },
		{ "cmdline.pti-on", "pti=auto", VERDICT_PASS, "left to the kernel", NULL },
		{ "cmdline.pti-on", "pti=on", VERDICT_UNKNOWN, "not known", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finding f;
		struct host h;

		host_blank(&h);
		set_str(&h.kernel.cmdline, rows[i].cmdline);
		f = check_row(&h, rows[i].id, rows[i].verdict, rows[i].piece);
		if (!f.fix.persist != !rows[i].fix ||
		    (rows[i].fix && !strstr(f.fix.persist, rows[i].fix)))
			fail_msg("%s: fix '%s'", rows[i].id, f.fix.persist);
		arena_release(&h.arena);
	}
}

static void what_is_in_force_counts(void **state)
{
	struct setting_fact meltdown = { { true, "meltdown" }, { true, "Not affected" } };
	const char *debug[] = { "sanity_checks", "red_zone" };
	struct host h;

	(void)state;
	host_blank(&h);
	set_str(&h.kernel.cmdline, "pti=on slub_debug=FZP");
	h.setup.vulnerabilities = (struct fact_list){ true, 1, &meltdown };
	check_row(&h, "cmdline.pti-on", VERDICT_ADVICE, "does not affect");
	meltdown.value.v = "Mitigation: PTI";
	check_row(&h, "cmdline.pti-on", VERDICT_PASS, "Mitigation: PTI");
	h.setup.slab_debug.known = true;
	check_row(&h, "cmdline.slub-debug", VERDICT_PASS, "in force");
	h.setup.slab_debug = (struct fact_strs){ true, 2, debug };
	check_row(&h, "cmdline.slub-debug", VERDICT_ADVICE, "2 debug options");
	arena_release(&h.arena);
}

static void without_a_command_line_nothing_is_known(void **state)
{
	static const char *const ids[] = { "cmdline.pti-on",     "cmdline.page-poison",
					   "cmdline.mce-zero",   "cmdline.slab-nomerge",
					   "cmdline.slub-debug", "cmdline.misspelt",
					   "msi.global-off" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		struct host h;

		host_blank(&h);
		check_row(&h, ids[i], VERDICT_UNKNOWN, NULL);
		arena_release(&h.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_judged),
		cmocka_unit_test(what_is_in_force_counts),
		cmocka_unit_test(without_a_command_line_nothing_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

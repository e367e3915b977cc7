/* SPDX-License-Identifier: GPL-2.0-or-later */
/* main.c - THE verb table, and help over all verbs. */
#include <string.h>

#include "cli/verb.h"
#include "core/save.h"
#include "core/say.h"

static const struct verb verbs[] = {
	{ "run", "[--guest GUEST] [--profile NAME] [-o DIR]", "measure, analyze, report",
	  verb_run },
	{ "audit", "[--sysroot FILE]", "settings only: no root, no guest, under a second",
	  verb_audit },
	{ "analyze", "RESULT", "findings again, with today's rules", verb_analyze },
	{ "report", "RESULT [--format FORMAT]", "a result as HTML or text", verb_report },
	{ "compare", "BEFORE AFTER", "did it get better, did it get worse", verb_compare },
	{ "check", "--baseline FILE [--budget FILE] [RESULT]", "the gate of a CI job", verb_check },
	{ "baseline", "save|list|show|rm …", "sessions that later ones are compared with",
	  verb_baseline },
	{ "ab", "--on CMD --off CMD", "a setting switched off and on in turns: did it matter?",
	  verb_ab },
	{ "watch", "[--guest GUEST]", "who takes the guest's time, live", verb_watch },
	{ "plan", "RESULT [-o DIR]", "the fixes as files to review, never applied", verb_plan },
	{ "blame", "FILE", "who took a guest's time, from a recording of any host", verb_blame },
	{ "calibrate", "[--sessions K] [-o BASELINE]",
	  "how noisy this host is, and what that hides", verb_calibrate },
	{ "capture", "FILE", "this host as a text to send: a report that becomes a test",
	  verb_capture },
	{ "tweaks", "[ID]", "the catalogue; one row explained", verb_tweaks },
	{ "probes", "", "what can be measured here, what not, and what to grant", verb_probes },
};

static void print_help(FILE *out)
{
	fputs("Usage: vfiobench VERB [OPTION…]\n"
	      "What made my guest miss time, which setting fixes it here, did the fix work?\n\n",
	      out);
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		fprintf(out, "  %-9s %s\n", verbs[i].name, verbs[i].about);
	fputs("\nRESULT is a result.json or its directory; - is standard input.\n"
	      "Every verb: --json, -q, --color=auto|always|never, --help.\n\n"
	      "Exit status: 0 done, 1 worse, a budget broken or findings at or above --fail-on,\n"
	      "2 could not do it, 3 cannot be told and --strict, 128+n on signal n (what was\n"
	      "measured is saved).\n",
	      out);
}

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	}
	return NULL;
}

int main(int argc, char **argv)
{
	const struct verb *verb;
	int status, r;

	say_setup("vfiobench", false);
	if (argc < 2) {
		print_help(stderr);
		return EXIT_CANNOT;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		print_help(stdout);
		return fflush(stdout) == EOF ? EXIT_CANNOT : EXIT_DONE;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		puts("vfiobench " VFIOBENCH_VERSION);
		return fflush(stdout) == EOF ? EXIT_CANNOT : EXIT_DONE;
	}
	verb = find_verb(argv[1]);
	if (!verb) {
		say_error("'%s' is not a verb: see 'vfiobench --help'", argv[1]);
		return EXIT_CANNOT;
	}
	status = verb->run(argc - 1, argv + 1);
	if (status > EXIT_INCONCLUSIVE || status == EXIT_CANNOT)
		return status;
	r = fflush(stdout) == EOF ? neg_errno() : save_error(stdout);
	if (r < 0) {
		say_error("standard output: %s", strerror(-r));
		return EXIT_CANNOT;
	}
	return status;
}

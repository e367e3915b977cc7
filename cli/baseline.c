/* SPDX-License-Identifier: GPL-2.0-or-later */
/* baseline.c - sessions that later ones are compared with, as files: THE table of actions. */
#include "cli/baseline.h"

#include <string.h>
#include <time.h>

#include "core/say.h"

const char *baseline_date(const struct fact_u64 *unix_ns, struct arena *a)
{
	const time_t t = (time_t)(unix_ns->v / NS_PER_S);
	char words[64];
	struct tm utc;

	if (!unix_ns->known || !gmtime_r(&t, &utc) ||
	    !strftime(words, sizeof(words), "%Y-%m-%d %H:%M UTC", &utc))
		return "at an unknown time";
	return arena_strdup(a, words);
}

int baseline_print(const struct baseline_facts *b)
{
	auto_doc struct doc *d = NULL;
	const int r = baseline_encode(b, &d);

	if (r == 0)
		return verb_print_json(d);
	say_error("%s", strerror(-r));
	return EXIT_CANNOT;
}

static const struct action {
	const char *name;
	int (*run)(int argc, char **argv);
} actions[] = {
	{ "save", baseline_save },
	{ "list", baseline_list },
	{ "show", baseline_show },
	{ "rm", baseline_rm },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_ARG:
		verb_usage(state, "'%s': expected save, list, show or rm", arg);
		return 0;
	case ARGP_KEY_NO_ARGS:
		verb_usage(state, "expected save, list, show or rm");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int verb_baseline(int argc, char **argv)
{
	const struct verb_spec spec = {
		.name = "baseline",
		.args_doc = "save|list|show|rm …",
		.doc = "Keep sessions of a machine, for 'vfiobench check' to compare later ones with.\v"
		       "  baseline save NAME|FILE RESULT…      add sessions; the last 8 are kept\n"
		       "  baseline list                        those that have a name\n"
		       "  baseline show NAME|FILE              its sessions, with their numbers\n"
		       "  baseline rm NAME|FILE                the whole of it\n"
		       "  baseline rm NAME|FILE --session N    one session of it\n\n"
		       "A FILE has a / in it or ends in .json, and may stand in a repository. A NAME "
		       "is a file in $XDG_STATE_HOME/vfiobench/baselines, else of root (and under "
		       "sudo) in /var/lib/vfiobench/baselines, else in "
		       "~/.local/state/vfiobench/baselines. Each action has its own --help.",
		.parse = parse,
	};
	struct common common;

	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(actions); i++) {
		if (!strcmp(argv[1], actions[i].name))
			return actions[i].run(argc - 1, argv + 1);
	}
	verb_parse(&spec, argc, argv, &common);
	return EXIT_CANNOT;
}

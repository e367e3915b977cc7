/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/judge.h"

#include <string.h>
#include <sys/ioctl.h>

#include "core/say.h"
#include "report/report.h"

enum fail_on fail_on_parse(struct argp_state *state, const char *level)
{
	static const char *const names[] = { "none", "problem", "advice" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(level, names[i]))
			return (enum fail_on)i;
	}
	argp_error(state, "--fail-on=%s: expected problem, advice or none", level);
	return FAIL_ON_NONE;
}

int fail_on_status(enum fail_on level, const struct findings *f)
{
	const size_t problems = f->n_by_verdict[VERDICT_PROBLEM];
	const size_t advice = f->n_by_verdict[VERDICT_ADVICE];

	if (level == FAIL_ON_PROBLEM && problems)
		return EXIT_FINDINGS;
	return level == FAIL_ON_ADVICE && problems + advice ? EXIT_FINDINGS : EXIT_DONE;
}

unsigned terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
		return size.ws_col < 120 ? size.ws_col : 120;
	return 80;
}

int judge_host(struct host *h, struct findings *ret_findings)
{
	int r = engine_run(h, ret_findings);

	if (r < 0)
		say_error("%s", strerror(-r));
	return r;
}

int print_findings(const struct common *common, struct host *h, const struct findings *f,
		   bool is_full)
{
	const struct text_style style = { common->has_colour, terminal_width(), is_full };
	int r;

	if (common->is_json) {
		auto_doc struct doc *d = findings_json(f);

		if (d)
			return verb_print_json(d);
		r = -ENOMEM;
	} else {
		r = report_text(stdout, h, f, &style);
	}
	if (r < 0) {
		say_error("standard output: %s", strerror(-r));
		return EXIT_CANNOT;
	}
	return EXIT_DONE;
}

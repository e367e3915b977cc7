/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/print_comparison.h"

#include <string.h>
#include <unistd.h>

#include "analyze/budget.h"
#include "analyze/compare.h"
#include "cli/github.h"
#include "cli/judge.h"
#include "core/say.h"
#include "report/comparison_words.h"

/* Of a check what its budgets say, too. */
static const char *verdict_word(const struct comparison_facts *c)
{
	static const char *const words[] = { [GATE_PASSED] = "Passed",
					     [GATE_FAILED] = "Failed",
					     [GATE_INCONCLUSIVE] = "Inconclusive",
					     [GATE_NOT_COMPARABLE] = "Not comparable" };

	if (!c->budgets.known && c->verdict.known)
		return comparison_verdict_word(c->verdict.v);
	return words[gate_of(c)];
}

static int print_page(const struct common *common, const struct comparison_facts *c,
		      const struct print_style *style)
{
	const struct text_style text = { common->has_colour, terminal_width(), style->is_full, 0 };
	struct github_pause pause;
	int r;

	if (style->shared && !isatty(STDOUT_FILENO))
		c = style->shared;
	r = github_pause(stdout, &pause);
	if (r < 0)
		return r;
	r = style->text(stdout, c, &text);
	/* The page has it at its top, which a terminal has lost by now. */
	if (r == 0 && isatty(STDOUT_FILENO))
		printf("\nVerdict: %s\n", verdict_word(c));
	if (r == 0 && style->folder)
		printf("\nReport: %s/report.html\n", style->folder);
	github_resume(stdout, &pause);
	return r;
}

int print_comparison(const struct common *common, const struct comparison_facts *c,
		     const struct print_style *style)
{
	auto_doc struct doc *d = NULL;
	int r;

	if (common->is_json) {
		r = comparison_encode(c, &d);
		if (r == 0)
			return verb_print_json(d);
	} else {
		r = print_page(common, c, style);
	}
	if (r < 0)
		say_error("standard output: %s", strerror(-r));
	return r < 0 ? EXIT_CANNOT : EXIT_DONE;
}

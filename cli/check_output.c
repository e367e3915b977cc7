/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_output.c - what check says on stdout. */
#include <string.h>

#include "cli/check.h"
#include "cli/github.h"
#include "cli/judge.h"
#include "core/say.h"
#include "report/text_check.h"

static int print_page(const struct check *c)
{
	const struct text_style style = { c->common->has_colour, terminal_width(),
					  c->options->is_full, 0 };
	struct github_pause pause;
	int r = github_pause(stdout, &pause);

	if (r < 0)
		return r;
	r = text_check(stdout, &c->out, &style);
	if (r == 0 && c->is_measured)
		printf("\nReport: %s/report.html\n", c->measured.folder);
	github_resume(stdout, &pause);
	return r;
}

int check_print(struct check *c)
{
	auto_doc struct doc *d = NULL;
	int r;

	if (c->common->is_json) {
		r = comparison_encode(&c->out, &d);
		if (r == 0)
			return verb_print_json(d);
	} else {
		r = print_page(c);
	}
	if (r < 0) {
		say_error("standard output: %s", strerror(-r));
		return EXIT_CANNOT;
	}
	return EXIT_DONE;
}

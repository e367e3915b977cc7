/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_output.c - what check says on stdout. */
#include "cli/check.h"
#include "cli/print_comparison.h"
#include "report/text_check.h"

int check_print(struct check *c)
{
	const struct print_style style = { text_check, c->options->is_full,
					   c->is_measured ? c->measured.folder : NULL, &c->shared };

	return print_comparison(c->common, &c->out, &style);
}

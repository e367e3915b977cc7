/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * write_comparison NAME [TEXT]: the comparison of that name (sample_comparison.h) as a document,
 * with every text of strangers replaced by TEXT. Without a name: the names.
 */
#include <string.h>

#include "analyze/compare.h"
#include "tests/lib/sample_comparison.h"

static int write_one(enum sample_comparison which, const char *poison)
{
	auto_arena struct arena a = { 0 };
	auto_doc struct doc *d = NULL;
	auto_free char *text = NULL;
	struct comparison_facts c = { 0 };

	sample_comparison(which, &a, &c);
	if (poison)
		sample_comparison_poison(&c, poison);
	if (comparison_encode(&c, &d) < 0)
		return 1;
	text = doc_print(d, true);
	return !text || fputs(text, stdout) == EOF;
}

int main(int argc, char **argv)
{
	for (size_t i = 0; i < N_SAMPLE_COMPARISONS; i++) {
		if (argc < 2)
			puts(sample_comparison_names[i]);
		else if (!strcmp(argv[1], sample_comparison_names[i]))
			return write_one((enum sample_comparison)i, argv[2]);
	}
	return argc >= 2;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* print_rules.c - each rule, with what it asks before it judges: "id [guest] [applies] [reads]". */
#include <stdio.h>

#include "analyze/rule.h"

int main(void)
{
	for (size_t s = 0; rule_sets[s]; s++) {
		for (size_t i = 0; i < rule_sets[s]->n_rules; i++) {
			const struct rule *r = &rule_sets[s]->rules[i];

			printf("%s%s%s%s\n", r->id, r->needs_guest ? " guest" : "",
			       r->applies ? " applies" : "", r->reads ? " reads" : "");
		}
	}
	return 0;
}

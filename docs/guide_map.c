/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "docs/guide_map.h"

#include <string.h>

#include "analyze/catalogue.h"
#include "analyze/rule.h"

/* A cell of a table: one line, no column of its own, nothing that a page takes for mark-up. */
static void put_cell(const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			fputs("<br>", stdout);
		else if (*text == '<')
			fputs("&lt;", stdout);
		else if (strchr("|*_`", *text))
			printf("\\%c", *text);
		else
			putchar(*text);
	}
}

static void put_row(const struct tweak *t, bool has_claim)
{
	printf("| `%s` | ", t->id);
	if (has_claim) {
		printf("%s | ", standing_names[t->standing]);
		put_cell(t->claim);
	} else {
		put_cell(t->title);
	}
	fputs(" | ", stdout);
	put_cell(t->today);
	fputs(" | ", stdout);
	put_cell(t->unseen ? t->unseen : t->detect);
	puts(" |");
}

struct wanted {
	const char *section;
	bool is_beyond;
};

static int print_row(void *arg, const struct tweak *t)
{
	const struct wanted *w = arg;

	if (!strcmp(t->section, w->section))
		put_row(t, !w->is_beyond);
	return 0;
}

void guide_map_print(void)
{
	for (size_t i = 0; guide_sections[i]; i++) {
		struct wanted w = { guide_sections[i], false };

		printf("%s## %s\n\n", i ? "\n" : "", w.section);
		puts("| row | standing | the guide says | true today | how it is seen, or why not |\n"
		     "|---|---|---|---|---|");
		tweak_each(print_row, &w);
	}
}

void guide_map_print_beyond(void)
{
	struct wanted w = { "", true };

	puts("| row | about | true today | how it is seen, or why not |\n|---|---|---|---|");
	tweak_each(print_row, &w);
}

static int print_unseen(void *arg, const struct tweak *t)
{
	(void)arg;
	if (!t->unseen)
		return 0;
	printf("| `%s` | ", t->id);
	put_cell(t->title);
	fputs(" | ", stdout);
	put_cell(t->unseen);
	puts(" |");
	return 0;
}

void guide_map_print_unseen(void)
{
	puts("| row | about | why no rule judges it |\n|---|---|---|");
	tweak_each(print_unseen, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* paste_comparison.c - a comparison as text for a forum: the paragraphs of the terminal. */
#include <string.h>

#include "core/text.h"
#include "report/paste_parts.h"
#include "report/text_check.h"
#include "report/text_comparison.h"

enum { TITLE_MAX = 40, PARAGRAPHS_MAX = 60 };

static void make_id(const struct comparison_facts *c, char id[9])
{
	const struct comparison_metric *m = c->metrics.v;
	const struct fact_object *const sides[] = { &c->before, &c->after };
	struct paste_hash hash;

	paste_hash_begin(&hash);
	paste_hash_str(&hash, c->verdict.known ? c->verdict.v : NULL);
	for (size_t i = 0; i < ARRAY_SIZE(sides); i++) {
		const struct comparison_side *side = sides[i]->v;

		paste_hash_u64(&hash, side ? side->started_unix_ns.v : 0);
	}
	for (size_t i = 0; i < c->metrics.n; i++) {
		paste_hash_u64(&hash, (uint64_t)m[i].change_permille.v);
		paste_hash_u64(&hash, m[i].after_ns.v);
	}
	paste_hash_end(&hash, id);
}

static int put_title(FILE *out, const void *arg)
{
	fprintf(out, "vfiobench, comparison %s\n", (const char *)arg);
	return 0;
}

static int put_lines(FILE *out, const void *arg)
{
	paste_lines(out, arg);
	return 0;
}

static int put_start(FILE *out, const void *arg)
{
	const char *line = arg;

	paste_prose(out, "", line, 5);
	return 0;
}

/* The first sentence whole, the others as far as there is room: a table tells more than a note. */
static int add_paragraph(struct paste *p, const char *text, size_t number)
{
	char title[TITLE_MAX + 1];
	struct text line = text_make(text, strcspn(text, "\n"));

	if (number == 0) {
		auto_free char *sentence = strdup(text);

		if (!sentence)
			return -ENOMEM;
		for (char *c = sentence; *c; c++)
			*c = *c == '\n' && c[1] ? ' ' : *c == '\n' ? '\0' : *c;
		return paste_add(p, NULL, 0, put_start, sentence);
	}
	if (text_starts(line, "METRIC "))
		line = text_of("the metrics");
	else if (text_starts(line, "Before: "))
		line = text_of("the sides");
	else if (text_starts(line, "Next: "))
		line = text_of("what to do next");
	text_clean(line, title, sizeof(title));
	return paste_add(p, title, (unsigned)u64_min(number, 99), put_lines, text);
}

static int add_paragraphs(struct paste *p, char *text)
{
	size_t number = 0;
	int r = 0;

	while (r == 0 && *text) {
		char *end = strstr(text, "\n\n");

		/* Of very many the last ones are one. */
		if (end && number < PARAGRAPHS_MAX)
			end[1] = '\0';
		else
			end = NULL;
		r = add_paragraph(p, text, number++);
		if (!end)
			break;
		text = end + 2;
		text += strspn(text, "\n");
	}
	return r;
}

int report_paste_comparison(FILE *out, const struct comparison_facts *c,
			    const struct paste_style *style)
{
	static const struct text_style narrow = { .width = PASTE_COLUMNS };
	auto_cleanup(paste_release) struct paste p = { .is_redacted = c->is_redacted.v };
	struct comparison_facts shown = *c;
	auto_free char *text = NULL;
	size_t size = 0;
	FILE *mem = open_memstream(&text, &size);
	int r;

	if (!mem)
		return -ENOMEM;
	shown.is_redacted.v = false; /* the foot says it */
	r = c->budgets.known ? text_check(mem, &shown, &narrow)
			     : text_comparison(mem, &shown, &narrow);
	if (fclose(mem) == EOF)
		return -ENOMEM;
	make_id(c, p.id);
	if (r == 0)
		r = paste_add(&p, NULL, 0, put_title, p.id);
	if (r == 0)
		r = add_paragraphs(&p, text);
	return r == 0 ? paste_put(&p, out, style) : r;
}

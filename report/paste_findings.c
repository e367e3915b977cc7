/* SPDX-License-Identifier: GPL-2.0-or-later */
/* paste_findings.c - a table of the findings, and the first ones with what to do. */
#include <inttypes.h>
#include <string.h>

#include "report/paste_parts.h"

enum {
	ROWS_MAX = 12,
	ROW_LINES = 2,
	ID_WIDTH_MAX = 24,
	TOP_ITEMS = 4,
	ITEM_LINES = 3,
	FIX_LINES = 16
};

int paste_verdict(FILE *out, const void *arg)
{
	const struct paste_subject *s = arg;
	const char *sentence = verdict_sentence(s->h, s->f);

	if (!sentence)
		return -ENOMEM;
	paste_prose(out, "", sentence, 5);
	return 0;
}

static bool is_to_do(const struct finding *f)
{
	return f->verdict <= VERDICT_ADVICE;
}

/* Of those that have no row: "unknown  3: a.b, c.d". */
static int put_others(FILE *out, const struct findings *f, enum verdict v, size_t n_shown)
{
	auto_free char *ids = NULL;
	size_t size = 0, n = 0;
	FILE *mem = open_memstream(&ids, &size);
	char lead[64];

	if (!mem)
		return -ENOMEM;
	for (size_t i = 0; i < f->n; i++) {
		if (f->v[i].verdict == v && n++ >= n_shown)
			fprintf(mem, "%s%s", n > n_shown + 1 ? ", " : "", f->v[i].tweak->id);
	}
	if (fclose(mem) == EOF)
		return -ENOMEM;
	if (n <= n_shown)
		return 0;
	snprintf(lead, sizeof(lead), "%-8s %zu%s: ", verdict_names[v], n - n_shown,
		 n_shown ? " more" : "");
	paste_prose(out, lead, ids, 3);
	return 0;
}

static int id_width(const struct findings *f)
{
	size_t width = 0;

	for (size_t i = 0; i < f->n && i < ROWS_MAX; i++) {
		if (is_to_do(&f->v[i]))
			width = u64_max(width, strlen(f->v[i].tweak->id));
	}
	return (int)u64_min(width, ID_WIDTH_MAX);
}

int paste_table(FILE *out, const void *arg)
{
	const struct paste_subject *s = arg;
	const struct findings *f = s->f;
	size_t n_shown[N_VERDICTS] = { 0 };
	const int width = id_width(f);
	int r = 0;

	for (size_t i = 0; i < f->n && i < ROWS_MAX; i++) {
		auto_free char *lead = NULL;

		if (!is_to_do(&f->v[i]))
			break;
		if (asprintf(&lead, "%-8s %-*s  ", verdict_names[f->v[i].verdict], width,
			     f->v[i].tweak->id) < 0)
			return -ENOMEM;
		paste_prose(out, lead, f->v[i].summary, ROW_LINES);
		n_shown[f->v[i].verdict]++;
	}
	for (enum verdict v = VERDICT_PROBLEM; r == 0 && v <= VERDICT_UNKNOWN; v++)
		r = put_others(out, f, v, n_shown[v]);
	fprintf(out, "pass     %zu\n", f->n_by_verdict[VERDICT_PASS]);
	return r;
}

/* Beyond the sentence that the table shows. */
static bool has_more_to_say(const struct finding *f)
{
	return is_to_do(f) && (f->n_items || f->fix.now || f->fix.persist);
}

size_t paste_top(const struct findings *f, const struct finding **ret_top, size_t max)
{
	size_t n = 0;

	for (int is_trade_off = 0; is_trade_off < 2; is_trade_off++) {
		for (size_t i = 0; i < f->n && n < max; i++) {
			if (has_more_to_say(&f->v[i]) &&
			    f->v[i].tweak->is_trade_off == (is_trade_off != 0))
				ret_top[n++] = &f->v[i];
		}
	}
	return n;
}

static void put_commands(FILE *out, const char *label, const char *text)
{
	if (!text || !*text)
		return;
	fprintf(out, "   %s\n", label);
	paste_fix(out, "     ", text, FIX_LINES);
}

int paste_finding(FILE *out, const void *arg)
{
	const struct paste_fix_of *one = arg;
	const struct finding *f = one->finding;

	fprintf(out, "%zu. %s (%s, %s)\n", one->number, f->tweak->id, verdict_names[f->verdict],
		confidence_names[f->confidence]);
	paste_prose(out, "   ", f->summary, 8);
	for (size_t i = 0; i < f->n_items && i < TOP_ITEMS; i++)
		paste_prose(out, "   - ", f->items[i], ITEM_LINES);
	if (f->n_items > TOP_ITEMS)
		fprintf(out, "   - and %zu more\n", f->n_items - TOP_ITEMS);
	put_commands(out, "now:", f->fix.now);
	put_commands(out, "to keep it:", f->fix.persist);
	if (f->fix.now || f->fix.persist)
		fprintf(out, "   needs: %s\n", fix_needs_names[f->fix.needs]);
	if (f->fix.risk)
		paste_prose(out, "   risk: ", f->fix.risk, 4);
	return 0;
}

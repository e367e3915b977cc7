/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text_comparison_metrics.c - the tables of metrics of a comparison. */
#include <string.h>

#include "analyze/compare_words.h"
#include "report/comparison_parts.h"
#include "report/words.h"

/* Exploratory rows; the largest changes, where there are more. */
enum { SHOWN_MAX = 12 };

enum { N_COLUMNS = 7, FIRST_RIGHT = 1, LAST_RIGHT = 5, VERDICT_COLUMN = 6 };

struct cells {
	const char *v[N_COLUMNS];
};

static bool is_compared(const struct comparison_metric *m)
{
	return !fact_is(&m->verdict, "not-comparable");
}

static bool has_moved(const struct comparison_metric *m)
{
	return fact_is(&m->verdict, "regressed") || fact_is(&m->verdict, "improved");
}

static bool is_gated(const struct comparison_metric *m)
{
	return m->is_gated.known && m->is_gated.v;
}

static int fill(struct arena *a, const struct comparison_metric *m, struct cells *c)
{
	const struct metric *metric = metric_find(m->id.v);
	uint64_t before, after;

	*c = (struct cells){ { m->id.v, "", "", "", compare_interval(a, m), "", m->verdict.v } };
	if (compare_is_from_zero(m)) {
		c->v[3] = "from 0";
		c->v[4] = "";
	} else if (m->change_permille.known) {
		c->v[3] = compare_signed(a, m->change_permille.v, false);
	}
	if (metric && metric_get_values(m, &before, &after)) {
		c->v[1] = metric_words(metric, before, a);
		c->v[2] = metric_words(metric, after, a);
	}
	if (m->margin_permille.known)
		c->v[5] = compare_noise(a, m->margin_permille.v);
	for (size_t i = 0; i < N_COLUMNS; i++) {
		if (!c->v[i])
			return -ENOMEM;
	}
	return 0;
}

/* Columns on the terminal: characters, not bytes. */
static size_t columns_of(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static void put_blanks(FILE *out, size_t n)
{
	while (n--)
		fputc(' ', out);
}

/* A text of a stranger that is longer does not widen the rows of others. */
enum { CELL_MAX = 60 };

static void put_row(const struct printer *p, const struct cells *c, const size_t *widths,
		    size_t gap, bool is_heading)
{
	for (size_t i = 0; i < N_COLUMNS; i++) {
		const size_t w = columns_of(c->v[i]), pad = w < widths[i] ? widths[i] - w : 0;
		const bool is_right = i >= FIRST_RIGHT && i <= LAST_RIGHT;
		const bool has_colour = p->style->has_colour && i == VERDICT_COLUMN && !is_heading;

		put_blanks(p->out, (i ? gap : 0) + (is_right ? pad : 0));
		if (has_colour)
			fputs(comparison_verdict_colour(c->v[i]), p->out);
		print_clean(p->out, c->v[i], strlen(c->v[i]));
		if (has_colour)
			fputs("\033[0m", p->out);
		if (!is_right && i != VERDICT_COLUMN)
			put_blanks(p->out, pad);
	}
	fputc('\n', p->out);
}

static void put_table(const struct printer *p, const struct cells *rows, size_t n)
{
	static const struct cells heading = { { "METRIC", "BEFORE", "AFTER", "CHANGE",
						"95 % INTERVAL", "MARGIN", "VERDICT" } };
	size_t widths[N_COLUMNS], used = 0;

	for (size_t i = 0; i < N_COLUMNS; i++) {
		widths[i] = columns_of(heading.v[i]);
		for (size_t k = 0; k < n; k++) {
			const size_t w = columns_of(rows[k].v[i]);

			widths[i] = w > widths[i] && w <= CELL_MAX ? w : widths[i];
		}
		used += widths[i];
	}
	used += 2 * (N_COLUMNS - 1);
	put_row(p, &heading, widths, used <= p->style->width ? 2 : 1, true);
	for (size_t k = 0; k < n; k++)
		put_row(p, &rows[k], widths, used <= p->style->width ? 2 : 1, false);
}

typedef bool is_wanted_fn(const struct comparison_page *page, const struct comparison_metric *m);

static bool is_gated_row(const struct comparison_page *page, const struct comparison_metric *m)
{
	(void)page;
	return is_gated(m) && is_compared(m);
}

static bool is_exploratory_row(const struct comparison_page *page,
			       const struct comparison_metric *m)
{
	return !is_gated(m) && is_compared(m) && (has_moved(m) || page->p->style->is_full);
}

static uint64_t size_of_change(const struct comparison_metric *m)
{
	const int64_t v = m->change_permille.v;

	return v < 0 ? -(uint64_t)v : (uint64_t)v;
}

static int by_change(const void *a, const void *b)
{
	const struct comparison_metric *const *x = a, *const *y = b;
	const uint64_t m = size_of_change(*x), n = size_of_change(*y);

	return m == n ? (*x > *y) - (*x < *y) : m > n ? -1 : 1;
}

/* max 0: all */
static int print_table(const struct comparison_page *page, const char *heading,
		       is_wanted_fn *is_wanted, size_t max)
{
	const struct comparison_metric *m = page->c->metrics.v;
	const size_t n_all = page->c->metrics.n;
	const struct comparison_metric **v = arena_calloc(page->arena, n_all, sizeof(*v));
	struct cells *rows = arena_calloc(page->arena, n_all, sizeof(*rows));
	size_t n = 0, n_shown;

	if (!rows || !v)
		return -ENOMEM;
	for (size_t i = 0; i < n_all; i++) {
		if (is_wanted(page, &m[i]))
			v[n++] = &m[i];
	}
	if (!n)
		return 0;
	n_shown = max && n > max ? max : n;
	if (n_shown < n)
		qsort(v, n, sizeof(*v), by_change);
	for (size_t i = 0; i < n_shown; i++) {
		if (fill(page->arena, v[i], &rows[i]) < 0)
			return -ENOMEM;
	}
	fprintf(page->p->out, "\n%s%s", heading, *heading ? "\n" : "");
	put_table(page->p, rows, n_shown);
	if (n_shown < n)
		fprintf(page->p->out, "and %zu more that moved less: --all lists them\n",
			n - n_shown);
	return 0;
}

/* Each is compared with each; a stranger's file may hold very many. */
enum { REASONS_MAX = 1000 };

/* The first ones of a verdict that have a reason; how many there are. */
static size_t find_reasons(const struct comparison_page *page, const char *verdict,
			   const struct comparison_metric *v[REASONS_MAX])
{
	const struct comparison_metric *m = page->c->metrics.v;
	size_t n = 0;

	for (size_t i = 0; i < page->c->metrics.n; i++) {
		if (!is_gated(&m[i]) || !fact_is(&m[i].verdict, verdict) || !m[i].reason.known)
			continue;
		if (n++ < REASONS_MAX)
			v[n - 1] = &m[i];
	}
	return n;
}

/* All that have the reason of the i-th; nothing if one before it has, too. */
static int print_reason(const struct comparison_page *page,
			const struct comparison_metric *const *v, size_t n, size_t i)
{
	const char *reason = v[i]->reason.v;
	struct arena_text line = { 0 };

	for (size_t k = 0; k < i; k++) {
		if (!strcmp(v[k]->reason.v, reason))
			return 0;
	}
	for (size_t k = i; k < n; k++) {
		if (!strcmp(v[k]->reason.v, reason) &&
		    !arena_text_add(page->arena, &line, "%s%s", line.len ? ", " : "", v[k]->id.v))
			return -ENOMEM;
	}
	if (!arena_text_add(page->arena, &line, ": %s", reason))
		return -ENOMEM;
	print_line(page->p->out, "  ", page->p->style->width, line.v);
	return 0;
}

/* Metrics of one verdict that have the same reason are one line. */
static int print_reasons(const struct comparison_page *page, const char *verdict,
			 const char *heading)
{
	const struct comparison_metric *v[REASONS_MAX];
	const size_t n_all = find_reasons(page, verdict, v), n = u64_min(n_all, REASONS_MAX);
	int r = 0;

	if (n)
		fprintf(page->p->out, "\n%s\n", heading);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = print_reason(page, v, n, i);
	if (r == 0 && n < n_all)
		fprintf(page->p->out, "  and %zu more\n", n_all - n);
	return r;
}

/* What the columns are, once: 'run' tells means and sums of the same, which differ. */
static int print_key(const struct comparison_page *page)
{
	const struct comparison_metric *m = page->c->metrics.v;
	const char *line;

	for (size_t i = 0; i < page->c->metrics.n; i++) {
		if (!is_gated_row(page, &m[i]) || !m[i].unit.known || !m[i].change_permille.known)
			continue;
		if (!strcmp(m[i].unit.v, "pairs"))
			line = "BEFORE and AFTER are medians of the repetitions; CHANGE is the "
			       "median over the pairs, not the change of the medians.";
		else
			line = arena_printf(page->arena,
					    "BEFORE and AFTER are medians of the %s; CHANGE is the "
					    "median of all changes from one before to one after.",
					    m[i].unit.v);
		if (!line)
			return -ENOMEM;
		print_wrapped(page->p->out, "", page->p->style->width, line);
		return 0;
	}
	return 0;
}

int comparison_print_metrics(const struct comparison_page *page)
{
	int r = print_table(page, "", is_gated_row, 0);

	if (r == 0)
		r = print_key(page);
	if (r == 0)
		r = print_reasons(page, "inconclusive", "Why it cannot be told");
	if (r == 0)
		r = print_reasons(page, "not-comparable", "Not compared");
	if (r == 0)
		r = print_table(page, "Exploratory: these never decide", is_exploratory_row,
				page->p->style->is_full ? 0 : SHOWN_MAX);
	return r;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/figures_trace.h"

#include <inttypes.h>

#include "report/drawing.h"

const uint64_t heat_levels[HEAT_LEVELS] = { 1, 10, 100, 1000, 10000 };

static const char *const heat_colours[HEAT_LEVELS] = { PLOT_HEAT_1, PLOT_HEAT_2, PLOT_HEAT_3,
						       PLOT_HEAT_4, PLOT_HEAT_5 };

/* Marks by length: the longer, the larger. */
static const struct {
	uint64_t from_ns;
	const char *size, *colour;
} mark_sizes[] = {
	{ 0, "0.3", PLOT_RAW },
	{ 250 * NS_PER_US, "0.5", PLOT_RAW },
	{ NS_PER_MS, "0.75", PLOT_CORRECTED },
};

enum { N_MARK_SIZES = 3, CAUSE_CHARS = 30, LABEL_CHARS = 22 };

static size_t mark_size(uint64_t ns)
{
	size_t i = N_MARK_SIZES - 1;

	while (ns < mark_sizes[i].from_ns)
		i--;
	return i;
}

/* Those that are long beside the window are bars as well: a table after those of the marks. */
static unsigned put_bars(FILE *data, const struct lost *l)
{
	unsigned n = 0;

	for (size_t i = 0; i < l->n_marks; i++) {
		const struct trace_worst *w = l->marks[i].worst;

		if (w->duration_ns.v < l->window_ns / 400)
			continue;
		fprintf(data, "%" PRIu64 " %zu %" PRIu64 " 0\n", w->at_ns.v, l->marks[i].cause,
			u64_min(w->duration_ns.v, l->window_ns - w->at_ns.v));
		n++;
	}
	if (n)
		fputs("\n\n", data);
	return n;
}

static void put_marks(FILE *data, const struct lost *l, unsigned n_of[N_MARK_SIZES])
{
	for (size_t size = 0; size < N_MARK_SIZES; size++) {
		n_of[size] = 0;
		for (size_t i = 0; i < l->n_marks; i++) {
			const struct trace_worst *w = l->marks[i].worst;

			if (mark_size(w->duration_ns.v) != size)
				continue;
			fprintf(data, "%" PRIu64 " %zu\n", w->at_ns.v, l->marks[i].cause);
			n_of[size]++;
		}
		if (n_of[size])
			fputs("\n\n", data);
	}
}

static void put_causes(FILE *out, const struct lost *l)
{
	size_t widest = 0;

	fprintf(out, "set yrange [%zu.6:-0.6]\nset ytics scale 0 (", l->n_causes - 1);
	for (size_t i = 0; i < l->n_causes; i++) {
		const struct lost_cause *c = &l->causes[i];
		size_t n = 0;

		fputs(i ? ", '" : "'", out);
		if (c->name) {
			n = drawing_put_name(out, c->class, CAUSE_CHARS);
			putc(' ', out);
			n += 1 + drawing_put_name(out, c->name, CAUSE_CHARS - u64_min(n, 20));
		} else {
			fputs("others", out);
		}
		fprintf(out, "' %zu", i);
		widest = u64_max(widest, u64_max(n, 6));
	}
	fprintf(out, ")\nset lmargin %zu\n", widest + 3);
}

int figure_causes(const struct lost *l, struct picture *picture)
{
	struct plot p = { .names = { "causes", "The longest interruptions, by cause",
				     "A row for each cause, a mark for each interruption. The "
				     "table after the figure has its numbers." },
			  .width = 860,
			  .height = 80 + 28 * (unsigned)l->n_causes };
	unsigned n_of[N_MARK_SIZES], index = 0;
	struct drawing d;
	int r = l->n_marks && l->window_ns ? drawing_init(&d) : -ENODATA;

	if (r == -ENODATA)
		return r;
	if (r == 0) {
		put_marks(d.data, l, n_of);
		drawing_linear_axis(d.script, 'x', l->window_ns, drawing_put_ns);
		put_causes(d.script, l);
		fputs("set xlabel 'time in the window' tc rgb '" PLOT_MUTED
		      "' offset 0,0.3\nset rmargin 4\nset tmargin 0.6\nset bmargin 3.4\nplot ",
		      d.script);
		for (size_t i = 0; i < N_MARK_SIZES; i++) {
			if (!n_of[i])
				continue;
			fprintf(d.script,
				"%s'data' index %u using 1:2 with points pt 7 ps %s lc rgb '%s'",
				index ? ", " : "", index, mark_sizes[i].size, mark_sizes[i].colour);
			index++;
		}
		if (put_bars(d.data, l))
			fprintf(d.script,
				", 'data' index %u using 1:2:3:4 with vectors nohead lw 5 lc rgb "
				"'" PLOT_CORRECTED "'",
				index);
		fputc('\n', d.script);
		r = drawing_draw(&d, &p, picture);
	}
	drawing_release(&d);
	return r;
}

static int heat_level(uint64_t n)
{
	int level = HEAT_LEVELS - 1;

	while (level >= 0 && n < heat_levels[level])
		level--;
	return level;
}

struct lengths {
	size_t first, last; /* rows that hold something */
};

static bool find_lengths(const struct lost *l, struct lengths *ret)
{
	struct lengths found = { LOST_LENGTHS, 0 };

	for (size_t i = 0; i < l->n_columns; i++) {
		for (size_t k = 0; k < LOST_LENGTHS; k++) {
			if (!l->columns[i].n_of_length[k])
				continue;
			found.first = u64_min(found.first, k);
			found.last = u64_max(found.last, k);
		}
	}
	*ret = found;
	return found.first <= found.last;
}

/* Cells side by side of the same level are one box. */
static void put_cells(FILE *data, const struct lost *l, const struct lengths *rows, int level,
		      bool *ret_is_drawn)
{
	*ret_is_drawn = false;
	for (size_t k = rows->first; k <= rows->last; k++) {
		for (size_t i = 0; i < l->n_columns; i++) {
			const size_t from = i;

			while (i < l->n_columns &&
			       heat_level(l->columns[i].n_of_length[k]) == level)
				i++;
			if (i == from)
				continue;
			fprintf(data, "%zu %zu %zu\n", from, i, k);
			*ret_is_drawn = true;
		}
	}
	if (*ret_is_drawn)
		fputs("\n\n", data);
}

/* Rows are powers of two of a microsecond: their lower edges, where they are told apart. */
static void put_lengths(FILE *out, const struct lengths *rows)
{
	const size_t every = rows->last - rows->first > 12 ? 2 : 1;

	fprintf(out, "set yrange [%zu:%zu]\nset ytics scale 0 (", rows->first, rows->last + 1);
	for (size_t k = rows->first; k <= rows->last + 1; k += every) {
		fputs(k == rows->first ? "'" : ", '", out);
		drawing_put_ns(out, k ? (UINT64_C(1) << (k - 1)) * NS_PER_US : 0);
		fprintf(out, "' %zu", k);
	}
	fputs(")\n", out);
}

static void put_heat(struct drawing *d, const struct lost *l, const struct lengths *rows)
{
	unsigned n = 0;

	put_lengths(d->script, rows);
	drawing_linear_axis(d->script, 'x', l->window_ns, drawing_put_ns);
	fputs("set xlabel 'time in the window' tc rgb '" PLOT_MUTED
	      "' offset 0,0.3\nset grid noxtics\nset lmargin 10\nset rmargin 4\nset tmargin 1\n"
	      "set bmargin 3.4\nplot ",
	      d->script);
	for (int level = 0; level < HEAT_LEVELS; level++) {
		bool is_drawn;

		put_cells(d->data, l, rows, level, &is_drawn);
		if (!is_drawn)
			continue;
		fprintf(d->script,
			"%s'data' index %u using ($1*%" PRIu64 "):3:($1*%" PRIu64 "):($2*%" PRIu64
			"):($3+0.04):($3+0.96) with boxxyerror fs solid 1 noborder lc rgb '%s'",
			n ? ", " : "", n, l->column_ns, l->column_ns, l->column_ns,
			heat_colours[level]);
		n++;
	}
	fputc('\n', d->script);
}

int figure_heat(const struct lost *l, struct picture *picture)
{
	struct plot p = { .names = { "heat", "Stretches without the guest by time and length",
				     "Columns are time, rows are lengths; the darker, the more "
				     "stretches. The table after the figure has its numbers." },
			  .width = 860 };
	struct lengths rows;
	struct drawing d;
	int r = l->has_lengths && find_lengths(l, &rows) ? drawing_init(&d) : -ENODATA;

	if (r == -ENODATA)
		return r;
	if (r == 0) {
		p.height = 90 + 18 * (unsigned)(rows.last - rows.first + 1);
		put_heat(&d, l, &rows);
		r = drawing_draw(&d, &p, picture);
	}
	drawing_release(&d);
	return r;
}

static void put_ranges(struct drawing *d, const struct range_row *rows, size_t n, struct range *x)
{
	size_t widest = 0;

	fprintf(d->script, "set yrange [%zu.6:-0.6]\nset ytics scale 0 (", n - 1);
	for (size_t i = 0; i < n; i++) {
		const uint64_t p50 = u64_max(rows[i].p50_ns, 1);
		const uint64_t max = u64_max(rows[i].max_ns, p50);
		const uint64_t p99 = rows[i].p99_ns ? rows[i].p99_ns : p50;

		fputs(i ? ", '" : "'", d->script);
		widest = u64_max(widest, drawing_put_name(d->script, rows[i].label, LABEL_CHARS));
		fprintf(d->script, "' %zu", i);
		range_add(x, p50);
		range_add(x, max);
		fprintf(d->data, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %zu\n", p50, p99, max, i);
	}
	fprintf(d->script, ")\nset lmargin %zu\n", widest + 3);
}

int figure_ranges(const struct svg_names *names, const struct range_row *rows, size_t n,
		  struct picture *picture)
{
	struct plot p = { .names = *names, .width = 860, .height = 70 + 26 * (unsigned)n };
	struct range x = { 0 };
	struct drawing d;
	int r = n ? drawing_init(&d) : -ENODATA;

	if (r == -ENODATA)
		return r;
	if (r == 0) {
		put_ranges(&d, rows, n, &x);
		range_put_axis(&x, 'x', d.script);
		fputs("set grid noytics\nset rmargin 5\nset tmargin 0.6\nset bmargin 2.4\n"
		      "plot 'data' using 1:4:($3-$1):(0) with vectors nohead lw 1.2 lc rgb "
		      "'" PLOT_MUTED "', 'data' using 1:4:($2-$1):(0) with vectors nohead lw 6 "
		      "lc rgb '" PLOT_RAW "', 'data' using 3:4 with points pt 7 ps 0.35 lc rgb "
		      "'" PLOT_CORRECTED "', 'data' using 1:4 with points pt 7 ps 0.6 lc rgb "
		      "'" PLOT_RAW "'\n",
		      d.script);
		r = drawing_draw(&d, &p, picture);
	}
	drawing_release(&d);
	return r;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* figures_lost.c - lost time stacked by state: by vCPU, and over time. */
#include <inttypes.h>

#include "report/drawing.h"
#include "report/figures_trace.h"

static uint64_t ppm_of(uint64_t part, uint64_t whole)
{
	return whole >= 1000000 ? u64_min(part / (whole / 1000000), 1000000)
	       : whole          ? u64_min(part * 1000000 / whole, 1000000)
				: 0;
}

/* What is drawn of one bar or column. */
struct stack {
	uint64_t whole_ns;
	const uint64_t *ns; /* N_LOST_STATES */
};

static uint64_t stack_ppm(const struct stack *s)
{
	uint64_t ppm = 0;

	for (size_t i = 0; i < N_LOST_STATES; i++)
		ppm += ppm_of(s->ns[i], s->whole_ns);
	return u64_min(ppm, 1000000);
}

typedef struct stack stack_fn(const struct lost *l, size_t i);

static struct stack bar_stack(const struct lost *l, size_t i)
{
	return (struct stack){ l->bars[i].all_ns, l->bars[i].ns };
}

static struct stack column_stack(const struct lost *l, size_t i)
{
	return (struct stack){ l->columns[i].all_ns, l->columns[i].ns };
}

/*
 * A table for each state that occurs, of its boxes: place, and from where to where in ppm. Puts
 * into is_drawn which states these are.
 */
static void put_stacks(FILE *data, const struct lost *l, stack_fn *of, size_t n,
		       bool is_drawn[N_LOST_STATES])
{
	for (size_t k = 0; k < N_LOST_STATES; k++) {
		is_drawn[k] = false;
		for (size_t i = 0; i < n; i++) {
			const struct stack s = of(l, i);
			uint64_t from = 0, to;

			for (size_t below = 0; below < k; below++)
				from += ppm_of(s.ns[below], s.whole_ns);
			to = u64_min(from + ppm_of(s.ns[k], s.whole_ns), 1000000);
			if (to <= from)
				continue;
			fprintf(data, "%zu %" PRIu64 " %" PRIu64 "\n", i, from, to);
			is_drawn[k] = true;
		}
		if (is_drawn[k])
			fputs("\n\n", data);
	}
}

static void put_plot(FILE *script, const char *box, const bool is_drawn[N_LOST_STATES])
{
	unsigned n = 0;

	fputs("plot ", script);
	for (size_t k = 0; k < N_LOST_STATES; k++) {
		if (!is_drawn[k])
			continue;
		fprintf(script,
			"%s'data' index %u using %s with boxxyerror fs solid 1 noborder lc rgb "
			"'%s'",
			n ? ", " : "", n, box, state_rows[k].colour);
		n++;
	}
	fputc('\n', script);
}

static uint64_t highest(const struct lost *l, stack_fn *of, size_t n)
{
	uint64_t ppm = 0;

	for (size_t i = 0; i < n; i++) {
		const struct stack s = of(l, i);

		ppm = u64_max(ppm, stack_ppm(&s));
	}
	/* A little room behind the longest. */
	return ppm ? u64_min(ppm + ppm / 25 + 1, 1000000) : 0;
}

static void put_vcpus(FILE *out, const struct lost *l)
{
	fprintf(out, "set yrange [%zu.5:-0.5]\nset ytics scale 0 (", l->n_bars - 1);
	for (size_t i = 0; i < l->n_bars; i++)
		fprintf(out, "%s'vCPU %" PRIu64 "' %zu", i ? ", " : "", l->bars[i].number, i);
	fputs(")\nset grid noytics\n", out);
}

int figure_lost_bars(const struct lost *l, struct picture *picture)
{
	const uint64_t most = highest(l, bar_stack, l->n_bars);
	struct plot p = { .names = { "lost", "Lost time of each vCPU",
				     "A bar for each vCPU, stacked by what its time was lost to. "
				     "The table after the figure has its numbers." },
			  .width = 860,
			  .height = 70 + 26 * (unsigned)l->n_bars };
	bool is_drawn[N_LOST_STATES];
	struct drawing d;
	int r = most ? drawing_init(&d) : -ENODATA;

	if (r == -ENODATA)
		return r;
	if (r == 0) {
		put_stacks(d.data, l, bar_stack, l->n_bars, is_drawn);
		drawing_linear_axis(d.script, 'x', most, drawing_put_ppm);
		put_vcpus(d.script, l);
		fputs("set xlabel 'lost, of the time looked at' tc rgb '" PLOT_MUTED
		      "' offset 0,0.3\nset lmargin 10\nset rmargin 4\nset tmargin 0.6\n"
		      "set bmargin 3.4\n",
		      d.script);
		put_plot(d.script, "2:1:2:3:($1-0.36):($1+0.36)", is_drawn);
		r = drawing_draw(&d, &p, picture);
	}
	drawing_release(&d);
	return r;
}

int figure_lost_columns(const struct lost *l, struct picture *picture)
{
	const uint64_t most = highest(l, column_stack, l->n_columns);
	struct plot p = { .names = { "losttime", "Lost time over the window",
				     "All vCPUs together, stacked by what their time was lost "
				     "to. The table after the figure has its numbers." },
			  .width = 860,
			  .height = 240 };
	bool is_drawn[N_LOST_STATES];
	struct drawing d;
	int r = most ? drawing_init(&d) : -ENODATA;

	if (r == -ENODATA)
		return r;
	if (r == 0) {
		char box[128];

		/* The last column may be longer than what is left of the window. */
		snprintf(box, sizeof(box),
			 "(($1+0.5)*%" PRIu64 "):2:($1*%" PRIu64 "):(($1+1)*%" PRIu64 "):2:3",
			 l->column_ns, l->column_ns, l->column_ns);
		put_stacks(d.data, l, column_stack, l->n_columns, is_drawn);
		drawing_linear_axis(d.script, 'x', l->window_ns, drawing_put_ns);
		drawing_linear_axis(d.script, 'y', most, drawing_put_ppm);
		fputs("set xlabel 'time in the window' tc rgb '" PLOT_MUTED
		      "' offset 0,0.3\nset grid noxtics\nset lmargin 10\nset rmargin 4\n"
		      "set tmargin 1\nset bmargin 3.4\n",
		      d.script);
		put_plot(d.script, box, is_drawn);
		r = drawing_draw(&d, &p, picture);
	}
	drawing_release(&d);
	return r;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* paste_plot.c - the wake-ups of a result as a curve of characters. */
#include <inttypes.h>
#include <string.h>

#include "report/drawing.h"
#include "report/paste_parts.h"
#include "report/spread.h"

enum { PLOT_LINES = 18 };

static void put_points(struct drawing *d, const struct spread *s, struct range *y)
{
	for (size_t i = 0; i < s->n; i++) {
		if (!s->points[i].has_all)
			continue;
		drawing_put_quantile(d->data, s->points[i].ppm);
		fprintf(d->data, " %" PRIu64 "\n", u64_max(s->points[i].all_ns, 1));
		range_add(y, s->points[i].all_ns);
	}
}

static int draw(const struct spread *s, struct picture *picture)
{
	struct plot p = { .width = PASTE_COLUMNS, .height = PLOT_LINES };
	struct range y = { 0 };
	struct drawing d;
	int r = drawing_init(&d);

	if (r == 0) {
		put_points(&d, s, &y);
		drawing_quantile_axis(d.script, s->points[s->n - 1].ppm);
		range_put_axis(&y, 'y', d.script);
		fputs("unset grid\nset border 3\nset lmargin 9\nset rmargin 3\n"
		      "plot 'data' using 1:2 with lines\n",
		      d.script);
		r = y.low_ns ? drawing_draw(&d, &p, picture) : -ENODATA;
	}
	drawing_release(&d);
	return r;
}

/* Without the empty lines around it. */
static void put_trimmed(FILE *out, char *text)
{
	size_t len = strlen(text);

	while (len > 1 && text[len - 1] == '\n' && text[len - 2] == '\n')
		text[--len] = '\0';
	paste_lines(out, text + strspn(text, "\n"));
}

int paste_curve(FILE *out, const void *arg)
{
	const struct paste_subject *subject = arg;
	auto_picture struct picture curve = { .medium = PLOT_TEXT };
	struct spread s;
	int r = spread_make(subject->h, &subject->h->arena, &s);

	if (r == 0)
		r = draw(&s, &curve);
	if (r == -ENODATA) /* the numbers say why there are no wake-ups */
		return 0;
	if (r == -ENOMEM)
		return r;
	fputs("Timer wake-up latency, all units together\n", out);
	if (r < 0)
		paste_prose(out, "No curve: ", curve.why ? curve.why : "no memory", 2);
	else
		put_trimmed(out, curve.bytes);
	return 0;
}

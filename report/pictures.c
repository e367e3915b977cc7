/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/pictures.h"

#include <inttypes.h>
#include <string.h>

#include "analyze/metric.h"
#include "report/figures.h"
#include "report/figures_comparison.h"
#include "report/figures_trace.h"

enum { UNITS_MAX = 8 /* figures of single metrics, as on the page */ };

struct album {
	picture_fn *put;
	void *arg;
	size_t n;
	char *why; /* of the first figure that failed */
};

/* What came of drawing it: a figure that there is nothing for is none. */
static int take(struct album *a, const char *name, int r, struct picture *picture)
{
	if (r == 0)
		r = a->put(name, picture, a->arg);
	else if (r == -ENODATA)
		return 0;
	if (r == 0)
		a->n++;
	if (r < 0 && picture->why) {
		a->why = picture->why;
		picture->why = NULL;
	}
	return r;
}

static int take_percentiles(struct album *a, struct host *h)
{
	static const struct picture_key keys[] = {
		{ "all units together, and the band of single units", PLOT_RAW },
		{ "corrected for the waits that late wake-ups hid", PLOT_CORRECTED },
	};
	auto_picture struct picture picture = { .medium = PLOT_PNG, .keys = keys };
	struct spread s;
	int r = spread_make(h, &h->arena, &s);

	if (r == 0) {
		picture.n_keys = s.is_corrected_apart ? 2 : 1;
		r = figure_percentiles(&s, &picture);
	}
	return take(a, "percentiles.png", r, &picture);
}

static int take_strip(struct album *a, struct host *h)
{
	auto_picture struct picture picture = { .medium = PLOT_PNG };
	auto_free char *title = NULL;
	char quantile[16];
	struct strip s;
	int r = strip_make(h, &h->arena, &s);

	if (r == 0 && s.n < 2)
		r = -ENODATA;
	if (r == 0) {
		quantile_name(s.ppm, quantile, sizeof(quantile));
		if (asprintf(&title, "Wake-up latency, %s of each repetition, by CPU", quantile) <
		    0) {
			title = NULL;
			return -ENOMEM;
		}
		picture.title = title;
		r = figure_strip(&s, &picture);
	}
	return take(a, "repetitions.png", r, &picture);
}

/* The states that took any time, in their colours. */
static size_t find_keys(const struct lost *l, struct picture_key keys[N_LOST_STATES])
{
	size_t n = 0;

	for (size_t k = 0; k < N_LOST_STATES; k++) {
		uint64_t ns = 0;

		for (size_t i = 0; i < l->n_bars; i++)
			ns += l->bars[i].ns[k];
		if (ns && state_rows[k].colour)
			keys[n++] =
				(struct picture_key){ state_rows[k].word, state_rows[k].colour };
	}
	return n;
}

typedef int lost_figure_fn(const struct lost *l, struct picture *picture);

static int take_lost(struct album *a, const char *name, lost_figure_fn *draw, const struct lost *l,
		     const struct picture_key *keys, size_t n_keys)
{
	auto_picture struct picture picture = { .medium = PLOT_PNG,
						.keys = keys,
						.n_keys = n_keys };

	return take(a, name, draw(l, &picture), &picture);
}

static int take_heat(struct album *a, const struct lost *l)
{
	static const char *const colours[HEAT_LEVELS] = { PLOT_HEAT_1, PLOT_HEAT_2, PLOT_HEAT_3,
							  PLOT_HEAT_4, PLOT_HEAT_5 };
	struct picture_key keys[HEAT_LEVELS];
	char words[HEAT_LEVELS][32];

	for (size_t i = 0; i < HEAT_LEVELS; i++) {
		snprintf(words[i], sizeof(words[i]), "%" PRIu64 "%s", heat_levels[i],
			 i + 1 < HEAT_LEVELS ? "" : " stretches and more");
		keys[i] = (struct picture_key){ words[i], colours[i] };
	}
	return take_lost(a, "lengths.png", figure_heat, l, keys, HEAT_LEVELS);
}

static int take_trace(struct album *a, struct host *h)
{
	static const struct picture_key sizes[] = {
		{ "less than a millisecond", PLOT_RAW },
		{ "a millisecond and more", PLOT_CORRECTED },
	};
	struct picture_key states[N_LOST_STATES];
	struct lost l;
	int r = lost_make(h, &h->arena, &l);
	size_t n;

	if (r < 0)
		return r == -ENODATA ? 0 : r;
	n = find_keys(&l, states);
	r = take_lost(a, "lost-by-vcpu.png", figure_lost_bars, &l, states, n);
	if (r == 0)
		r = take_lost(a, "lost-over-time.png", figure_lost_columns, &l, states, n);
	if (r == 0)
		r = take_lost(a, "interruptions.png", figure_causes, &l, sizes, ARRAY_SIZE(sizes));
	return r == 0 ? take_heat(a, &l) : r;
}

static int take_exits(struct album *a, struct host *h)
{
	static const struct picture_key keys[] = {
		{ "median, with a bar up to p99", PLOT_RAW },
		{ "maximum", PLOT_CORRECTED },
	};
	auto_picture struct picture picture = { .medium = PLOT_PNG,
						.keys = keys,
						.n_keys = ARRAY_SIZE(keys) };

	return take(a, "round-trips.png", figure_exits(h, &picture), &picture);
}

int report_pictures(struct host *h, picture_fn *put, void *arg, size_t *ret_n, char **ret_why)
{
	static int (*const parts[])(struct album * a, struct host * h) = { take_percentiles,
									   take_strip, take_trace,
									   take_exits };
	struct album a = { put, arg, 0, NULL };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(parts); i++)
		r = parts[i](&a, h);
	*ret_n = a.n;
	*ret_why = a.why;
	return r;
}

static const struct picture_key sides[] = { { "before", PLOT_RAW }, { "after", PLOT_CORRECTED } };

static int take_overlay(struct album *a, const struct comparison_facts *c)
{
	auto_picture struct picture picture = { .medium = PLOT_PNG,
						.keys = sides,
						.n_keys = ARRAY_SIZE(sides) };

	return take(a, "percentiles.png", figure_overlay(&c->wake_curve, &picture), &picture);
}

static int take_shift(struct album *a, const struct comparison_facts *c)
{
	auto_picture struct picture picture = { .medium = PLOT_PNG };

	return take(a, "change.png", figure_shift(&c->wake_curve, &picture), &picture);
}

/* By number: ids may be of a stranger. */
static int take_units(struct album *a, const struct comparison_facts *c)
{
	const struct comparison_metric *m = c->metrics.v;
	size_t n = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < c->metrics.n && n < UNITS_MAX; i++) {
		const struct metric *known = m[i].id.known ? metric_find(m[i].id.v) : NULL;
		auto_picture struct picture picture = { .medium = PLOT_PNG };
		const size_t n_before = a->n;
		char name[32];

		if (!known || !m[i].units_before.n || !m[i].units_after.n)
			continue;
		picture.title = known->title;
		snprintf(name, sizeof(name), "repetitions-%zu.png", n + 1);
		r = take(a, name, figure_units(&m[i], n, &picture), &picture);
		n += a->n - n_before;
	}
	return r;
}

int report_comparison_pictures(const struct comparison_facts *c, picture_fn *put, void *arg,
			       size_t *ret_n, char **ret_why)
{
	static int (*const parts[])(struct album * a,
				    const struct comparison_facts *c) = { take_overlay, take_shift,
									  take_units };
	struct album a = { put, arg, 0, NULL };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(parts); i++)
		r = parts[i](&a, c);
	*ret_n = a.n;
	*ret_why = a.why;
	return r;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ci_words.c - numbers of a comparison as people read them; documented in report/ci_cases.h. */
#include <inttypes.h>
#include <time.h>

#include "analyze/metric.h"
#include "report/ci_cases.h"

const char *ci_text(const struct fact_str *s)
{
	return s->known && s->v ? s->v : "";
}

void ci_time(uint64_t unix_ns, char *buf, size_t size)
{
	const time_t t = (time_t)(unix_ns / NS_PER_S);
	struct tm utc;

	if (!gmtime_r(&t, &utc) || !strftime(buf, size, "%Y-%m-%dT%H:%M:%S", &utc))
		snprintf(buf, size, "1970-01-01T00:00:00");
}

/* Changes: "+52 %", "-4.5 %". Without a sign: margins. */
static const char *percent(int64_t permille, bool is_signed, struct arena *a)
{
	const uint64_t size = permille < 0 ? 0 - (uint64_t)permille : (uint64_t)permille;
	const char *sign = !is_signed || !permille ? "" : permille < 0 ? "-" : "+";

	if (size < 100 && size % 10)
		return arena_printf(a, "%s%" PRIu64 ".%" PRIu64, sign, size / 10, size % 10);
	return arena_printf(a, "%s%" PRIu64, sign, size / 10 + (size % 10 >= 5));
}

static const char *with_sign(const char *number, struct arena *a)
{
	return number ? arena_printf(a, "%s %%", number) : NULL;
}

static const char *interval(const struct comparison_metric *m, struct arena *a)
{
	const char *low = percent(m->ci95_low_permille.v, true, a);
	const char *high = percent(m->ci95_high_permille.v, true, a);

	if (!low || !high)
		return NULL;
	if (m->ci95_low_permille.known && m->ci95_high_permille.known)
		return arena_printf(a, "%s to %s %%", low, high);
	if (m->ci95_low_permille.known)
		return arena_printf(a, "above %s %%", low);
	return m->ci95_high_permille.known ? arena_printf(a, "below %s %%", high) : "-";
}

/* The pair of values that is known tells the unit, also of metrics of a newer version. */
static int values(const struct comparison_metric *m, struct arena *a, struct ci_words *w)
{
	const struct {
		const struct fact_u64 *before, *after;
		enum metric_unit unit;
	} pairs[] = {
		{ &m->before_ns, &m->after_ns, METRIC_NS },
		{ &m->before_per_1000min, &m->after_per_1000min, METRIC_PER_1000MIN },
		{ &m->before_per_1000s, &m->after_per_1000s, METRIC_PER_1000S },
		{ &m->before_ppm, &m->after_ppm, METRIC_PPM },
	};

	w->before = w->after = "-";
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		const struct metric unit = { .unit = pairs[i].unit };

		if (pairs[i].before->known)
			w->before = metric_words(&unit, pairs[i].before->v, a);
		if (pairs[i].after->known)
			w->after = metric_words(&unit, pairs[i].after->v, a);
		if (!w->before || !w->after)
			return -ENOMEM;
	}
	return 0;
}

int ci_words(const struct comparison_metric *m, struct arena *a, struct ci_words *ret_words)
{
	struct ci_words w = { .change = "-", .margin = "-" };
	const uint64_t margin = u64_min(m->margin_permille.v, INT64_MAX);

	if (values(m, a, &w) < 0)
		return -ENOMEM;
	if (m->change_permille.known)
		w.change = with_sign(percent(m->change_permille.v, true, a), a);
	if (m->margin_permille.known)
		w.margin = with_sign(percent((int64_t)margin, false, a), a);
	w.interval = interval(m, a);
	if (!w.change || !w.margin || !w.interval)
		return -ENOMEM;
	*ret_words = w;
	return 0;
}

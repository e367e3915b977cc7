/* SPDX-License-Identifier: GPL-2.0-or-later */
/* budget_limit.c - the words of a budget: what can be limited, how much, and days. */
#include <string.h>

#include "analyze/budget_parts.h"

const struct metric *budget_metric(const char *id)
{
	static const struct metric headroom = { .id = BUDGET_AIO_HEADROOM,
						.title = "free slots of asynchronous I/O",
						.unit = METRIC_PPM };

	return strcmp(id, BUDGET_AIO_HEADROOM) ? metric_find(id) : &headroom;
}

const char *budget_metric_ids(struct arena *a)
{
	struct arena_text words = { 0 };
	const char *ok = "";

	for (const struct metric *m = metrics; ok && m->id; m++)
		ok = arena_text_add(a, &words, "%s, ", m->id);
	return ok ? arena_text_add(a, &words, "%s", BUDGET_AIO_HEADROOM) : NULL;
}

struct scale {
	enum metric_unit unit;
	const char *word;
	uint64_t times, per; /* one of these is so much in the metric's unit: times / per */
};

static const struct scale scales[] = {
	{ METRIC_NS, "ns", 1, 1 },
	{ METRIC_NS, "us", NS_PER_US, 1 },
	{ METRIC_NS, "ms", NS_PER_MS, 1 },
	{ METRIC_NS, "s", NS_PER_S, 1 },
	{ METRIC_PER_1000MIN, "/min", 1000, 1 },
	{ METRIC_PER_1000MIN, "/s", 60 * 1000, 1 },
	{ METRIC_PER_1000S, "/s", 1000, 1 },
	{ METRIC_PER_1000S, "/min", 1000, 60 },
	{ METRIC_PPM, "%", 10000, 1 },
};

static const struct scale *scale_find(enum metric_unit unit, struct text word)
{
	for (size_t i = 0; i < ARRAY_SIZE(scales); i++) {
		if (scales[i].unit == unit && text_equal(word, scales[i].word))
			return &scales[i];
	}
	return NULL;
}

static const char *expected_of(enum metric_unit unit)
{
	switch (unit) {
	case METRIC_NS:
		return "a time such as 100us or 2ms";
	case METRIC_PER_1000MIN:
		return "a rate such as 1/min";
	case METRIC_PER_1000S:
		return "a rate such as 5/s";
	case METRIC_PPM:
		break;
	}
	return "a share such as 0.5%";
}

struct decimal {
	uint64_t whole, fraction, parts; /* whole + fraction / parts */
};

enum { FRACTION_DIGITS_MAX = 9 };

/* Cuts "12.5" off the front. */
static int take_decimal(struct text *rest, struct decimal *ret)
{
	struct decimal d = { .parts = 1 };
	struct text digits;
	int r = text_take_u64(rest, &d.whole);

	if (r < 0 || !rest->len || rest->at[0] != '.') {
		*ret = d;
		return r;
	}
	digits = *rest = text_make(rest->at + 1, rest->len - 1);
	r = text_take_u64(rest, &d.fraction);
	if (r < 0)
		return r;
	if (digits.len - rest->len > FRACTION_DIGITS_MAX)
		return -ERANGE;
	for (size_t n = digits.len - rest->len; n; n--)
		d.parts *= 10;
	*ret = d;
	return 0;
}

/* The product fits: parts <= 10^9, times <= 10^9, and the whole is looked at first. */
static int scale_decimal(const struct decimal *d, const struct scale *s, uint64_t *ret)
{
	const uint64_t below = d->parts * s->per;
	uint64_t whole, rest, v;

	if (d->whole >= UINT64_MAX / s->times / 2)
		return -ERANGE;
	whole = d->whole * s->times / s->per;
	rest = (d->whole * s->times % s->per) * d->parts + d->fraction * s->times;
	v = whole + (rest + below / 2) / below;
	if (!v && (d->whole || d->fraction))
		return -ERANGE;
	*ret = v;
	return 0;
}

int budget_limit(struct text words, enum metric_unit unit, uint64_t *ret_limit,
		 const char **ret_expected)
{
	struct text rest = text_trim(words);
	const struct scale *s;
	struct decimal d;
	int r = take_decimal(&rest, &d);

	*ret_expected = expected_of(unit);
	if (r < 0)
		return r;
	rest = text_trim(rest);
	/* Nothing is nothing in each unit; any other number without one could mean anything. */
	if (!rest.len && !d.whole && !d.fraction) {
		*ret_limit = 0;
		return 0;
	}
	s = scale_find(unit, rest);
	return s ? scale_decimal(&d, s, ret_limit) : -EINVAL;
}

static bool take_part(struct text *rest, char separator, size_t n_digits, uint64_t *ret)
{
	struct text part;

	return text_next_piece(rest, separator, &part) && part.len == n_digits &&
	       part.at[0] >= '0' && part.at[0] <= '9' && text_u64(part, ret) == 0;
}

static bool is_leap(uint64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool budget_day(struct text words, uint64_t *ret_end_unix_ns)
{
	static const uint8_t lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	uint64_t year, month, day, days;
	struct text rest = words;

	/* A blank at an end, or a separator there, is no part of a day. */
	if (words.len != strlen("YYYY-MM-DD") || !take_part(&rest, '-', 4, &year) ||
	    !take_part(&rest, '-', 2, &month) || !take_part(&rest, '-', 2, &day))
		return false;
	if (year < 1970 || year > 2500 || month < 1 || month > 12 || day < 1 ||
	    day > lengths[month - 1] + (uint64_t)(month == 2 && is_leap(year)))
		return false;
	days = day; /* the end of it */
	for (uint64_t y = 1970; y < year; y++)
		days += is_leap(y) ? 366 : 365;
	for (uint64_t m = 1; m < month; m++)
		days += lengths[m - 1] + (uint64_t)(m == 2 && is_leap(year));
	*ret_end_unix_ns = days * 86400 * NS_PER_S;
	return true;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/cpus.h"

#include <stdarg.h>
#include <string.h>

#define N_WORDS      (CPUS_MAX / 64)
#define N_MASK_WORDS (CPUS_MAX / 32)
#define MASK_DIGITS  8

/* "first-last:used/group": of each group of CPUs in the range the first ones are meant. */
struct region {
	uint64_t first, last, used, group;
};

static bool take_char(struct text *rest, char c)
{
	if (!rest->len || rest->at[0] != c)
		return false;
	*rest = text_make(rest->at + 1, rest->len - 1);
	return true;
}

static int region_parse(struct text t, struct region *ret)
{
	struct region g = { .used = 1, .group = 1 };
	int r;

	r = text_take_u64(&t, &g.first);
	if (r < 0)
		return r;
	g.last = g.first;
	if (take_char(&t, '-')) {
		r = text_take_u64(&t, &g.last);
		if (!r && take_char(&t, ':')) {
			r = text_take_u64(&t, &g.used);
			if (!r)
				r = take_char(&t, '/') ? text_take_u64(&t, &g.group) : -EINVAL;
		}
		if (r < 0)
			return r;
	}
	/* The kernel's own conditions: bitmap_check_region() in lib/bitmap-str.c. */
	if (t.len || g.first > g.last || !g.group || g.used > g.group)
		return -EINVAL;
	if (g.last >= CPUS_MAX)
		return -ERANGE;
	*ret = g;
	return 0;
}

static void cpus_add_region(struct cpus *set, const struct region *g)
{
	for (uint64_t at = g->first; at <= g->last; at++)
		if ((at - g->first) % g->group < g->used)
			cpus_add(set, (unsigned)at);
}

/* Trimmed text of a set; false when the text is too long to be one. */
static bool set_text(struct text *t)
{
	*t = text_trim(*t);
	if (text_equal(*t, "(null)"))
		*t = text_make(NULL, 0);
	return t->len <= CPUS_TEXT_MAX;
}

int cpus_parse_list(struct text t, struct cpus *ret_set)
{
	struct cpus set = { 0 };
	struct text piece;

	if (!set_text(&t))
		return -EINVAL;
	/* A second line would be something else than a list, so that only blanks separate. */
	if (text_find(t, "\n"))
		return -EINVAL;
	while (text_next_piece(&t, ',', &piece)) {
		struct text word;

		while (text_next_word(&piece, &word)) {
			struct region g;
			int r = region_parse(word, &g);

			if (r < 0)
				return r;
			cpus_add_region(&set, &g);
		}
	}
	*ret_set = set;
	return 0;
}

static int mask_parse_word(struct text t, size_t first_bit, struct cpus *set)
{
	for (size_t i = 0; i < t.len; i++) {
		size_t bit = first_bit + i * 4;
		uint64_t digit;

		if (text_hex(text_make(&t.at[t.len - 1 - i], 1), &digit) < 0)
			return -EINVAL;
		if (digit && bit >= CPUS_MAX)
			return -ERANGE;
		if (digit)
			set->word[bit / 64] |= digit << bit % 64;
	}
	return 0;
}

int cpus_parse_mask(struct text t, struct cpus *ret_set)
{
	size_t max_digits, bit = 0;
	struct cpus set = { 0 };

	if (!set_text(&t))
		return -EINVAL;
	if (text_starts(t, "0x") || text_starts(t, "0X")) {
		t = text_make(t.at + 2, t.len - 2);
		if (!t.len)
			return -EINVAL;
	}
	max_digits = text_find(t, ",") ? MASK_DIGITS : t.len;
	/* From the end: the last word is the lowest, and the first may be a short one. */
	for (bool has_more = t.len; has_more; bit += MASK_DIGITS * 4) {
		const char *comma = memrchr(t.at, ',', t.len);
		size_t start = comma ? (size_t)(comma - t.at) + 1 : 0;
		struct text word = text_make(t.at + start, t.len - start);
		int r;

		if (!word.len || word.len > max_digits)
			return -EINVAL;
		r = mask_parse_word(word, bit, &set);
		if (r < 0)
			return r;
		has_more = comma;
		t.len = start ? start - 1 : 0;
	}
	*ret_set = set;
	return 0;
}

struct output {
	char *buf;
	size_t size, len; /* len < size until something did not fit */
};

static void FORMAT_PRINTF(2, 3) output_add(struct output *o, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (o->len >= o->size)
		return;
	va_start(ap, fmt);
	n = vsnprintf(o->buf + o->len, o->size - o->len, fmt, ap);
	va_end(ap);
	o->len = n < 0 ? o->size : o->len + (size_t)n;
}

static int output_end(struct output *o)
{
	if (o->len < o->size)
		return 0;
	if (o->size)
		o->buf[0] = '\0';
	return -ENOSPC;
}

int cpus_format_list(const struct cpus *set, char *buf, size_t size)
{
	struct output o = { .buf = buf, .size = size };
	const char *comma = "";

	output_add(&o, "%s", "");
	for (int first = cpus_next(set, 0); first >= 0;) {
		int last = first;

		while (cpus_has(set, (unsigned)last + 1))
			last++;
		output_add(&o, "%s%d", comma, first);
		if (last > first)
			output_add(&o, "-%d", last);
		comma = ",";
		first = cpus_next(set, (unsigned)last + 1);
	}
	return output_end(&o);
}

static uint32_t mask_word(const struct cpus *set, size_t i)
{
	return (uint32_t)(set->word[i / 2] >> (i % 2 ? 32 : 0));
}

int cpus_format_mask(const struct cpus *set, char *buf, size_t size)
{
	struct output o = { .buf = buf, .size = size };
	size_t top = N_MASK_WORDS - 1;

	while (top && !mask_word(set, top))
		top--;
	output_add(&o, "%x", (unsigned)mask_word(set, top));
	while (top--)
		output_add(&o, ",%08x", (unsigned)mask_word(set, top));
	return output_end(&o);
}

static char *format_new(const struct cpus *set, size_t size,
			int (*format)(const struct cpus *, char *, size_t))
{
	auto_free char *buf = malloc(size);

	if (!buf || format(set, buf, size) < 0)
		return NULL;
	return strdup(buf);
}

char *cpus_list_new(const struct cpus *set)
{
	return format_new(set, CPUS_LIST_SIZE, cpus_format_list);
}

char *cpus_mask_new(const struct cpus *set)
{
	return format_new(set, CPUS_MASK_SIZE, cpus_format_mask);
}

void cpus_add(struct cpus *set, unsigned cpu)
{
	if (cpu < CPUS_MAX)
		set->word[cpu / 64] |= 1ull << cpu % 64;
}

void cpus_remove(struct cpus *set, unsigned cpu)
{
	if (cpu < CPUS_MAX)
		set->word[cpu / 64] &= ~(1ull << cpu % 64);
}

bool cpus_has(const struct cpus *set, unsigned cpu)
{
	return cpu < CPUS_MAX && set->word[cpu / 64] >> cpu % 64 & 1;
}

size_t cpus_count(const struct cpus *set)
{
	size_t n = 0;

	for (size_t i = 0; i < N_WORDS; i++)
		n += (size_t)__builtin_popcountll(set->word[i]);
	return n;
}

bool cpus_is_empty(const struct cpus *set)
{
	return cpus_next(set, 0) < 0;
}

bool cpus_equal(const struct cpus *a, const struct cpus *b)
{
	return !memcmp(a->word, b->word, sizeof(a->word));
}

bool cpus_intersects(const struct cpus *a, const struct cpus *b)
{
	struct cpus both = cpus_and(a, b);

	return !cpus_is_empty(&both);
}

bool cpus_is_subset(const struct cpus *inner, const struct cpus *outer)
{
	struct cpus outside = cpus_minus(inner, outer);

	return cpus_is_empty(&outside);
}

struct cpus cpus_and(const struct cpus *a, const struct cpus *b)
{
	struct cpus out;

	for (size_t i = 0; i < N_WORDS; i++)
		out.word[i] = a->word[i] & b->word[i];
	return out;
}

struct cpus cpus_or(const struct cpus *a, const struct cpus *b)
{
	struct cpus out;

	for (size_t i = 0; i < N_WORDS; i++)
		out.word[i] = a->word[i] | b->word[i];
	return out;
}

struct cpus cpus_minus(const struct cpus *a, const struct cpus *b)
{
	struct cpus out;

	for (size_t i = 0; i < N_WORDS; i++)
		out.word[i] = a->word[i] & ~b->word[i];
	return out;
}

int cpus_next(const struct cpus *set, unsigned from)
{
	uint64_t word;

	if (from >= CPUS_MAX)
		return -1;
	word = set->word[from / 64] & UINT64_MAX << from % 64;
	for (size_t i = from / 64;; word = set->word[i]) {
		if (word)
			return (int)(i * 64) + __builtin_ctzll(word);
		if (++i == N_WORDS)
			return -1;
	}
}

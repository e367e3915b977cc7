/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/qemu_options.h"

#include <string.h>

#include "facts/schema.h"
#include "probes/parse/qemu_json.h"

/* Twice the features of a processor; what is behind them is passed over. */
#define PAIRS_MAX 1024u

struct builder {
	struct arena *arena;
	struct fact_list list;
};

static int add_pair(void *arg, const char *key, const char *value)
{
	struct builder *b = arg;
	struct qemu_pair *pair;
	char *copy;

	if (b->list.n == PAIRS_MAX)
		return 0;
	pair = fact_add_item(&b->list, b->arena, sizeof(*pair));
	copy = arena_strdup(b->arena, key);
	if (!pair || !copy)
		return -ENOMEM;
	for (char *c = copy; (c = strchr(c, '_')); c++)
		*c = '-';
	*pair = (struct qemu_pair){ copy, value };
	return 0;
}

/* Up to a single comma. */
static struct text cut_piece(struct text *rest)
{
	struct text piece = *rest;
	size_t n = 0;

	while (n < rest->len &&
	       (rest->at[n] != ',' || (n + 1 < rest->len && rest->at[n + 1] == ',')))
		n += rest->at[n] == ',' ? 2 : 1;
	piece.len = n;
	n += n < rest->len;
	*rest = text_make(rest->at + n, rest->len - n);
	return piece;
}

static const char *single_commas(struct arena *a, struct text t)
{
	char *copy = arena_alloc(a, t.len + 1), *out = copy;

	for (size_t i = 0; i < t.len && copy; i++) {
		*out++ = t.at[i];
		i += t.at[i] == ',';
	}
	return copy;
}

static int add_piece(struct builder *b, struct text piece, const char *implied_key)
{
	const char *equals = piece.len ? memchr(piece.at, '=', piece.len) : NULL;
	const size_t n = equals ? (size_t)(equals - piece.at) : piece.len;
	const char *key = single_commas(b->arena, text_make(piece.at, n)), *value = "on";

	if (!equals && implied_key) {
		value = key;
		key = implied_key;
	}
	if (equals)
		value = single_commas(b->arena, text_make(equals + 1, piece.len - n - 1));
	return key && value ? add_pair(b, key, value) : -ENOMEM;
}

int qemu_options_parse(struct text t, const char *implied_key, struct arena *a,
		       struct qemu_options *ret_options)
{
	struct builder b = { .arena = a };
	int r = 0;

	if (text_starts(t, "{")) {
		r = qemu_json_each(t, a, add_pair, &b);
	} else {
		for (bool is_first = true; t.len && r == 0; is_first = false)
			r = add_piece(&b, cut_piece(&t), is_first ? implied_key : NULL);
	}
	if (r == 0)
		*ret_options = (struct qemu_options){ b.list.n, b.list.v };
	return r;
}

const char *qemu_option(const struct qemu_options *options, const char *key)
{
	for (size_t i = options->n; i-- > 0;) {
		if (!strcmp(options->v[i].key, key))
			return options->v[i].value;
	}
	return NULL;
}

bool qemu_option_is(const struct qemu_options *options, const char *key, const char *value)
{
	const char *given = qemu_option(options, key);

	return given && !strcmp(given, value);
}

const char *qemu_switch(const char *value)
{
	static const char *const names[][2] = {
		{ "on", "off" }, { "yes", "no" }, { "true", "false" }, { "y", "n" }, { "1", "0" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names) && value; i++) {
		if (!strcmp(value, names[i][0]))
			return "on";
		if (!strcmp(value, names[i][1]))
			return "off";
	}
	return NULL;
}

static bool is_switched(const struct qemu_options *options, const char *key, const char *state)
{
	const char *given = qemu_switch(qemu_option(options, key));

	return given && !strcmp(given, state);
}

bool qemu_option_is_on(const struct qemu_options *options, const char *key)
{
	return is_switched(options, key, "on");
}

bool qemu_option_is_off(const struct qemu_options *options, const char *key)
{
	return is_switched(options, key, "off");
}

/* Cuts ".25" off: *ret_numerator of *ret_denominator, at most nine digits of it. */
static int take_fraction(struct text *rest, uint64_t *ret_numerator, uint64_t *ret_denominator)
{
	const size_t len = rest->len - 1;
	struct text tail = text_make(rest->at + 1, len);
	uint64_t denominator = 1;
	size_t n_digits;

	if (text_take_u64(&tail, ret_numerator) < 0)
		return -EINVAL;
	n_digits = len - tail.len;
	if (n_digits > 9)
		return -EINVAL;
	for (size_t i = 0; i < n_digits; i++)
		denominator *= 10;
	*ret_denominator = denominator;
	*rest = tail;
	return 0;
}

static bool take_suffix(struct text rest, uint64_t *unit)
{
	static const char names[] = "bkmgtpe";
	const char *name;

	if (!rest.len)
		return true;
	name = rest.len == 1 && rest.at[0] ? strchr(names, rest.at[0] | 0x20) : NULL;
	if (!name || !*name)
		return false;
	*unit = 1ull << 10 * (name - names);
	return true;
}

int qemu_size(const char *value, uint64_t unit, uint64_t *ret_bytes)
{
	uint64_t whole, part = 0, of = 1, bytes;
	struct text rest = text_of(value);
	int r;

	if (text_starts(rest, "0x") || text_starts(rest, "0X")) {
		r = text_hex(rest, &whole);
		rest.len = 0;
	} else {
		r = text_take_u64(&rest, &whole);
	}
	if (r == 0 && text_starts(rest, "."))
		r = take_fraction(&rest, &part, &of);
	if (r < 0)
		return r;
	if (!take_suffix(rest, &unit))
		return -EINVAL;
	/* unit / 1e9 * part and the rest of it: no product exceeds 64 bits */
	part = unit / of * part + unit % of * part / of;
	if (__builtin_mul_overflow(whole, unit, &bytes) ||
	    __builtin_add_overflow(bytes, part, &bytes))
		return -ERANGE;
	*ret_bytes = bytes;
	return 0;
}

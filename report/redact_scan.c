/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/redact_scan.h"

#include <ctype.h>
#include <string.h>

#include "report/redact_runs.h"
#include "report/redact_shapes.h"
#include "report/redact_telling.h"

#define HIDDEN "***"

char words_char(const struct words_scan *s, size_t at)
{
	return at < s->all.len ? s->all.at[at] : '\0';
}

struct text words_piece(const struct words_scan *s, size_t from, size_t to)
{
	return text_make(s->all.at + from, to - from);
}

static void put(const struct words_scan *s, struct text t)
{
	fwrite(t.at, 1, t.len, s->out);
}

void words_copy(struct words_scan *s, size_t end)
{
	put(s, words_piece(s, s->at, end));
	s->at = end;
}

/* What many settings have and nobody is called. */
static bool is_trivial(struct text t)
{
	static const char *const words[] = { "",   HIDDEN, "on",    "off",  "none",    "yes",
					     "no", "true", "false", "auto", "default", "?" };
	size_t n_digits = 0;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (text_equal(t, words[i]))
			return true;
	}
	while (n_digits < t.len && isdigit((unsigned char)t.at[n_digits]))
		n_digits++;
	return n_digits == t.len && n_digits <= 2;
}

const char *words_address(struct aliases *n, const char *kind, struct text t)
{
	auto_free char *lower = strndup(t.at, t.len);

	if (!lower)
		return NULL;
	for (char *c = lower; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return aliases_of(n, kind, text_of(lower));
}

int words_name(const struct words_scan *s, const char *kind, struct text value)
{
	const char *shape, *pseudonym;

	if (is_trivial(value) || aliases_has_pseudonym(s->aliases, value)) {
		put(s, value);
		return 0;
	}
	if (kind == TELLING_SECRET)
		pseudonym = HIDDEN;
	else if (shape_at(value, &shape) == value.len)
		pseudonym = words_address(s->aliases, shape, value);
	else
		pseudonym = aliases_of(s->aliases, kind, value);
	return pseudonym && fputs(pseudonym, s->out) != EOF ? 0 : -ENOMEM;
}

size_t words_symbol(const struct words_scan *s, size_t at)
{
	const unsigned char a = (unsigned char)words_char(s, at),
			    b = (unsigned char)words_char(s, at + 1);

	if (a == 0xe2 && at + 3 <= s->all.len)
		return 3;
	return at + 2 <= s->all.len && (a == 0xc2 || (a == 0xc3 && (b == 0x97 || b == 0xb7))) ? 2
											      : 0;
}

bool words_is_in_word(const struct words_scan *s, size_t at)
{
	const char c = words_char(s, at);

	return c && (is_word_byte(c) || strchr("_.+~%@^-", c)) && !words_symbol(s, at);
}

bool words_is_escape(const struct words_scan *s, size_t at)
{
	return words_char(s, at) == '\\' && words_char(s, at + 1) == 'x' &&
	       isxdigit((unsigned char)words_char(s, at + 2)) &&
	       isxdigit((unsigned char)words_char(s, at + 3));
}

static bool is_start(const struct words_scan *s, size_t at)
{
	return at == 0 || !is_word_byte(words_char(s, at - 1)) ||
	       (at >= 4 && words_is_escape(s, at - 4));
}

size_t words_shape(const struct words_scan *s, size_t at, const char **ret_kind)
{
	return is_start(s, at) && is_word_byte(words_char(s, at))
		       ? shape_at(words_piece(s, at, s->all.len), ret_kind)
		       : 0;
}

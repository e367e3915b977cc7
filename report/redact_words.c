/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/redact_words.h"

#include <ctype.h>
#include <string.h>

#include "report/redact_runs.h"
#include "report/redact_shapes.h"
#include "report/redact_telling.h"
#include "report/vocabulary.h"

#define HIDDEN "***"

/* Of names that are found within a word: what is between "_", "-" and ".". */
enum { PARTS_MAX = 8 };

struct scan {
	struct aliases *aliases;
	const char *kind;
	struct text all;
	size_t at; /* what is read next */
	FILE *out;
	struct text tag;     /* the element whose attributes are read */
	const char *content; /* what stands in it names somebody: a kind; or NULL */
	bool is_in_tag;
};

static char char_at(const struct scan *s, size_t at)
{
	return at < s->all.len ? s->all.at[at] : '\0';
}

static struct text piece(const struct scan *s, size_t from, size_t to)
{
	return text_make(s->all.at + from, to - from);
}

static void put(const struct scan *s, struct text t)
{
	fwrite(t.at, 1, t.len, s->out);
}

static void copy_to(struct scan *s, size_t end)
{
	put(s, piece(s, s->at, end));
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

/* Addresses are one however they are written. */
static const char *address_of(struct aliases *n, const char *kind, struct text t)
{
	auto_free char *lower = strndup(t.at, t.len);

	if (!lower)
		return NULL;
	for (char *c = lower; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return aliases_of(n, kind, text_of(lower));
}

static int put_name(const struct scan *s, const char *kind, struct text value)
{
	const char *shape, *pseudonym;

	if (is_trivial(value) || aliases_has_pseudonym(s->aliases, value)) {
		put(s, value);
		return 0;
	}
	if (kind == TELLING_SECRET)
		pseudonym = HIDDEN;
	else if (shape_at(value, &shape) == value.len)
		pseudonym = address_of(s->aliases, shape, value);
	else
		pseudonym = aliases_of(s->aliases, kind, value);
	return pseudonym && fputs(pseudonym, s->out) != EOF ? 0 : -ENOMEM;
}

/* Punctuation and signs beyond ASCII: U+2000 to U+2FFF, U+0080 to U+00BF, the signs of arithmetic.
 */
static size_t symbol_at(const struct scan *s, size_t at)
{
	const unsigned char a = (unsigned char)char_at(s, at),
			    b = (unsigned char)char_at(s, at + 1);

	if (a == 0xe2 && at + 3 <= s->all.len)
		return 3;
	return at + 2 <= s->all.len && (a == 0xc2 || (a == 0xc3 && (b == 0x97 || b == 0xb7))) ? 2
											      : 0;
}

static bool is_in_word(const struct scan *s, size_t at)
{
	const char c = char_at(s, at);

	return c && (is_word_byte(c) || strchr("_.+~%@^-", c)) && !symbol_at(s, at);
}

/* \x2d, as systemd writes a "-" in the name of a unit. */
static bool is_escape(const struct scan *s, size_t at)
{
	return char_at(s, at) == '\\' && char_at(s, at + 1) == 'x' &&
	       isxdigit((unsigned char)char_at(s, at + 2)) &&
	       isxdigit((unsigned char)char_at(s, at + 3));
}

static bool is_start(const struct scan *s, size_t at)
{
	return at == 0 || !is_word_byte(char_at(s, at - 1)) || (at >= 4 && is_escape(s, at - 4));
}

static size_t shape_length(const struct scan *s, size_t at, const char **ret_kind)
{
	return is_start(s, at) && is_word_byte(char_at(s, at))
		       ? shape_at(piece(s, at, s->all.len), ret_kind)
		       : 0;
}

/* Up to an address in it: "luks-" of luks-5f0c….  */
static size_t word_end(const struct scan *s)
{
	const char *kind;
	size_t end = s->at;

	while (is_in_word(s, end) && (end == s->at || !shape_length(s, end, &kind)))
		end++;
	return end;
}

/* Some of a text, between two places. */
struct part {
	size_t start, end;
};

static bool is_mixed(struct text run)
{
	bool has_digit = false, has_letter = false;

	for (size_t i = 0; i < run.len; i++) {
		has_digit |= isdigit((unsigned char)run.at[i]) != 0;
		has_letter |= isalpha((unsigned char)run.at[i]) != 0;
	}
	return has_letter && has_digit;
}

/* Of tuned.non_isolcpus=7e0 what stands before "=": settings are called so, and nobody else. */
static bool is_setting(const struct scan *s, struct part word)
{
	enum { SETTING_MAX = 64 };

	if (char_at(s, word.end) != '=' || word.end - word.start > SETTING_MAX ||
	    (word.start > 0 && !strchr(" \t\n,\"'", s->all.at[word.start - 1])))
		return false;
	for (size_t i = word.start; i < word.end; i++) {
		if (!isalnum((unsigned char)s->all.at[i]) && !strchr("_.-", s->all.at[i]))
			return false;
	}
	return true;
}

/*
 * From the first to the last run of a word that must not be shared; empty: none. Several short
 * ones of letters and digits together are a serial number.
 */
static struct part find_unknown(const struct scan *s, struct part word)
{
	struct part unknown = { word.end, word.end }, all = unknown;
	unsigned n_runs = 0, n_mixed = 0;

	if (is_setting(s, word))
		return unknown;
	for (size_t at = word.start, end; at < word.end; at = end + 1) {
		enum run_class class;

		for (end = at; end < word.end && is_word_byte(s->all.at[end]);)
			end++;
		if (end == at)
			continue;
		class = run_classify(piece(s, at, end), at ? s->all.at[at - 1] : '\0',
				     char_at(s, end));
		n_runs++;
		n_mixed += class == RUN_SHORT && is_mixed(piece(s, at, end));
		if (all.start == word.end)
			all.start = at;
		all.end = end;
		if (class == RUN_UNKNOWN) {
			if (unknown.start == word.end)
				unknown.start = at;
			unknown.end = end;
		}
	}
	return n_mixed >= 2 && n_runs >= 3 ? all : unknown;
}

/* The word as one that was learned, and where its pseudonym ends: before ".qcow2". NULL: none. */
static const char *learned(const struct scan *s, struct part word, size_t *ret_end)
{
	const struct text t = piece(s, word.start, word.end);
	const char *dot = memrchr(t.at, '.', t.len), *pseudonym = aliases_find(s->aliases, t);

	*ret_end = word.end;
	if (pseudonym || !dot || dot == t.at)
		return pseudonym;
	*ret_end = word.start + (size_t)(dot - t.at);
	return vocabulary_has(text_make(dot + 1, t.len - (size_t)(dot + 1 - t.at)))
		       ? aliases_find(s->aliases, piece(s, word.start, *ret_end))
		       : NULL;
}

static bool names_a_machine(const char *pseudonym)
{
	return !strncmp(pseudonym, "guest-", 6) || !strncmp(pseudonym, "host-", 5);
}

/* Plain words mean more than a guest that is called so: "kvm", "windows". */
static bool may_be_called_so(struct text word)
{
	for (size_t i = 0; i < word.len; i++) {
		if (!isalpha((unsigned char)word.at[i]))
			return true;
	}
	return false;
}

static bool separates(char c)
{
	return c == '_' || c == '-' || c == '.';
}

/* Numbers are no names, and plain words only in paths: not intel in intel_iommu=on. */
static bool may_be_within(struct text word, bool is_path)
{
	for (size_t i = 0; i < word.len; i++) {
		if (isalpha((unsigned char)word.at[i]))
			return is_path || may_be_called_so(word);
	}
	return false;
}

/* The longest name of a machine that starts here and ends where a word or a part of it does. */
static const char *machine_at(const struct scan *s, size_t start, size_t end, bool is_path,
			      size_t *ret_end)
{
	const char *longest = NULL;
	unsigned n_parts = 0;

	for (size_t at = start + 1; at <= end && n_parts < PARTS_MAX; at++) {
		const struct text t = piece(s, start, at);
		const char *pseudonym;

		if (at < end && !separates(s->all.at[at]))
			continue;
		n_parts++;
		pseudonym = may_be_within(t, is_path) ? aliases_find(s->aliases, t) : NULL;
		if (pseudonym && names_a_machine(pseudonym)) {
			longest = pseudonym;
			*ret_end = at;
		}
	}
	return longest;
}

/*
 * What libvirt and people make of the name of a guest: win10_VARS.fd and, in paths,
 * domain-1-win10. NULL: none.
 */
static const char *machine_within(const struct scan *s, struct part word, struct part *ret_name)
{
	const bool is_path = word.start > 0 && s->all.at[word.start - 1] == '/';
	const char *pseudonym = machine_at(s, word.start, word.end, is_path, &ret_name->end);

	ret_name->start = word.start;
	for (size_t at = word.start; is_path && !pseudonym && at < word.end; at++) {
		if (!separates(s->all.at[at]))
			continue;
		pseudonym = machine_at(s, at + 1, word.end, is_path, &ret_name->end);
		ret_name->start = at + 1;
	}
	return pseudonym;
}

/* Of a word that is no name as a whole: what is unknown of it. */
static int put_unknown(struct scan *s, struct part word)
{
	const struct part unknown = find_unknown(s, word);

	if (unknown.start < unknown.end) {
		copy_to(s, unknown.start);
		s->at = unknown.end;
		if (put_name(s, s->kind, piece(s, unknown.start, unknown.end)) < 0)
			return -ENOMEM;
	}
	copy_to(s, word.end);
	return 0;
}

static int put_parts(struct scan *s, struct part word)
{
	const char *pseudonym;
	struct part name;

	while ((pseudonym = machine_within(s, word, &name))) {
		if (put_unknown(s, (struct part){ word.start, name.start }) < 0)
			return -ENOMEM;
		fputs(pseudonym, s->out);
		s->at = word.start = name.end;
	}
	return put_unknown(s, word);
}

static int put_word(struct scan *s, size_t end)
{
	struct part word = { s->at, end }, unknown;
	const char *pseudonym;
	size_t name_end;

	/* A full stop at the end of a sentence is none of its. */
	while (word.end > word.start && !is_word_byte(s->all.at[word.end - 1]))
		word.end--;
	unknown = find_unknown(s, word);
	if (unknown.start == unknown.end && !may_be_called_so(piece(s, word.start, word.end))) {
		copy_to(s, end);
		return 0;
	}
	pseudonym = learned(s, word, &name_end);
	if (pseudonym && (unknown.start < unknown.end || names_a_machine(pseudonym))) {
		fputs(pseudonym, s->out);
		s->at = name_end;
	} else if (!aliases_has_pseudonym(s->aliases, piece(s, word.start, word.end)) &&
		   put_parts(s, word) < 0) {
		return -ENOMEM;
	}
	copy_to(s, end);
	return 0;
}

static size_t skip_blanks(const struct scan *s, size_t at)
{
	while (char_at(s, at) == ' ' || char_at(s, at) == '\t')
		at++;
	return at;
}

/* The device a guest has, where a host's name could stand: host=0000:01:00.0 */
static bool is_address(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		if (!isxdigit((unsigned char)t.at[i]) && t.at[i] != ':' && t.at[i] != '.')
			return false;
	}
	return true;
}

static bool ends_value(const struct scan *s, size_t at, char quote)
{
	const char c = char_at(s, at);

	return !c || (quote ? c == quote : strchr(" \t\n;&<>\"'", c) != NULL);
}

/* Replaces the value at s->at, behind a key of this kind. */
static int take_value(struct scan *s, const char *kind, char quote)
{
	size_t end = s->at;
	struct text value;

	/* A comma that is doubled is part of a value of QEMU's. */
	while (!ends_value(s, end, quote) &&
	       (quote || char_at(s, end) != ',' || char_at(s, end + 1) == ','))
		end += !quote && char_at(s, end) == ',' ? 2 : 1;
	value = piece(s, s->at, end);
	if (!strcmp(kind, "host") && is_address(value))
		return 0;
	s->at = end;
	return put_name(s, kind, value);
}

/* After a key that ends at s->at: what stands behind = or : is its value. */
static int take_telling(struct scan *s, const char *kind)
{
	size_t at = s->at;
	bool is_json = false, is_log;
	char quote;

	if (char_at(s, at) == '"' && char_at(s, at + 1) == ':') {
		is_json = true;
		at++;
	}
	is_log = char_at(s, at) == ':' && char_at(s, at + 1) == ' ' &&
		 (kind == TELLING_SECRET || !strcmp(kind, "serial") || !strcmp(kind, "uuid") ||
		  !strcmp(kind, "mac"));
	if (char_at(s, at) != '=' && !is_json && !is_log)
		return 0;
	at = skip_blanks(s, at + 1);
	quote = char_at(s, at);
	quote = quote == '"' || quote == '\'' ? quote : '\0';
	copy_to(s, quote ? at + 1 : at);
	return take_value(s, kind, quote);
}

static int take_word(struct scan *s)
{
	const size_t end = word_end(s);
	const struct text word = piece(s, s->at, end);
	const char *kind = telling_key(word);

	if (s->is_in_tag && kind && text_equal(s->tag, "entry"))
		s->content = kind;
	if (put_word(s, end) < 0)
		return -ENOMEM;
	return kind ? take_telling(s, kind) : 0;
}

static int take_shape(struct scan *s, size_t len, const char *kind)
{
	const char *pseudonym = address_of(s->aliases, kind, piece(s, s->at, s->at + len));

	s->at += len;
	return pseudonym && fputs(pseudonym, s->out) != EOF ? 0 : -ENOMEM;
}

/* The ends by which a device says what it is: -event-kbd, -part1. */
static size_t suffix_start(const struct scan *s, size_t from, size_t to)
{
	static const char *const suffixes[] = { "-event-", "-part" };

	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		for (size_t at = to; at-- > from;) {
			if (text_starts(piece(s, at, to), suffixes[i]))
				return at;
		}
	}
	return to;
}

/* After "/": the folder above says whether the name below it is somebody's. */
static int take_path(struct scan *s)
{
	size_t start = s->at, end, name_end;
	const char *kind;

	while (start > 0 && !strchr("/ \t\n\"'=,:<>", s->all.at[start - 1]))
		start--;
	kind = telling_folder(piece(s, start, s->at), s->kind);
	copy_to(s, s->at + 1);
	if (!kind)
		return 0;
	end = s->at;
	while (end < s->all.len && !strchr("/ \t\n\"'<>,;()[]{}", s->all.at[end]))
		end++;
	name_end = suffix_start(s, s->at, end);
	if (put_name(s, kind, piece(s, s->at, name_end)) < 0)
		return -ENOMEM;
	s->at = name_end;
	return 0;
}

static void open_tag(struct scan *s)
{
	size_t end = s->at + 1;

	while (isalnum((unsigned char)char_at(s, end)) || char_at(s, end) == '_')
		end++;
	s->tag = piece(s, s->at + 1, end);
	s->is_in_tag = s->tag.len > 0;
	s->content = telling_element(s->tag);
	copy_to(s, s->at + 1);
}

/* At ">": what stands between it and the next "<". */
static int close_tag(struct scan *s)
{
	const bool is_empty = s->at > 0 && s->all.at[s->at - 1] == '/';
	const char *kind = is_empty ? NULL : s->content;
	size_t end;

	s->is_in_tag = false;
	s->content = NULL;
	copy_to(s, s->at + 1);
	for (end = s->at; end < s->all.len && s->all.at[end] != '<';)
		end++;
	if (!kind || text_trim(piece(s, s->at, end)).len == 0)
		return 0;
	copy_to(s, skip_blanks(s, s->at));
	if (put_name(s, kind, text_trim(piece(s, s->at, end))) < 0)
		return -ENOMEM;
	s->at = end;
	return 0;
}

static int take_mark(struct scan *s)
{
	const size_t symbol = symbol_at(s, s->at);

	switch (char_at(s, s->at)) {
	case '/':
		return take_path(s);
	case '<':
		open_tag(s);
		return 0;
	case '>':
		if (s->is_in_tag)
			return close_tag(s);
		break;
	default:
		break;
	}
	copy_to(s, s->at + (symbol ? symbol : is_escape(s, s->at) ? 4 : 1));
	return 0;
}

static int take_next(struct scan *s)
{
	const char *kind;
	const size_t shape = shape_length(s, s->at, &kind);

	if (shape)
		return take_shape(s, shape, kind);
	return is_in_word(s, s->at) ? take_word(s) : take_mark(s);
}

int words_redact(struct aliases *n, const char *kind, const char *option, struct text t, FILE *out)
{
	struct scan s = { .aliases = n, .kind = kind, .all = t, .out = out };
	const char *telling = telling_option(option);
	const char *equals = text_find(t, "="), *comma = text_find(t, ",");
	int r = 0;

	/* "-name win,debug-threads=on"; of "-name guest=win" the key tells. */
	if (telling && (!equals || (comma && comma < equals)))
		r = take_value(&s, telling, '\0');
	while (r == 0 && s.at < t.len)
		r = take_next(&s);
	return r;
}

int words_redact_shapes(struct aliases *n, struct text t, FILE *out)
{
	struct scan s = { .aliases = n, .all = t, .out = out };
	int r = 0;

	while (r == 0 && s.at < t.len) {
		const char *kind;
		const size_t shape = shape_length(&s, s.at, &kind);

		if (shape)
			r = take_shape(&s, shape, kind);
		else
			copy_to(&s, s.at + 1);
	}
	return r;
}

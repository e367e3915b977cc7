/* SPDX-License-Identifier: GPL-2.0-or-later */
/* redact_word.c - a single word: known to name nobody, learned as a name, or in part unknown. */
#include <ctype.h>
#include <string.h>

#include "report/redact_runs.h"
#include "report/redact_scan.h"
#include "report/redact_shapes.h"
#include "report/vocabulary.h"

/* Of names that are found within a word: what is between "_", "-" and ".". */
enum { PARTS_MAX = 8 };

size_t words_end(const struct words_scan *s)
{
	const char *kind;
	size_t end = s->at;

	while (words_is_in_word(s, end) && (end == s->at || !words_shape(s, end, &kind)))
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
static bool is_setting(const struct words_scan *s, struct part word)
{
	enum { SETTING_MAX = 64 };

	if (words_char(s, word.end) != '=' || word.end - word.start > SETTING_MAX ||
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
static struct part find_unknown(const struct words_scan *s, struct part word)
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
		class = run_classify(words_piece(s, at, end), at ? s->all.at[at - 1] : '\0',
				     words_char(s, end));
		n_runs++;
		n_mixed += class == RUN_SHORT && is_mixed(words_piece(s, at, end));
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
static const char *learned(const struct words_scan *s, struct part word, size_t *ret_end)
{
	const struct text t = words_piece(s, word.start, word.end);
	const char *dot = memrchr(t.at, '.', t.len), *pseudonym = aliases_find(s->aliases, t);

	*ret_end = word.end;
	if (pseudonym || !dot || dot == t.at)
		return pseudonym;
	*ret_end = word.start + (size_t)(dot - t.at);
	return vocabulary_has(text_make(dot + 1, t.len - (size_t)(dot + 1 - t.at)))
		       ? aliases_find(s->aliases, words_piece(s, word.start, *ret_end))
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
static const char *machine_at(const struct words_scan *s, size_t start, size_t end, bool is_path,
			      size_t *ret_end)
{
	const char *longest = NULL;
	unsigned n_parts = 0;

	for (size_t at = start + 1; at <= end && n_parts < PARTS_MAX; at++) {
		const struct text t = words_piece(s, start, at);
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
static const char *machine_within(const struct words_scan *s, struct part word,
				  struct part *ret_name)
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
static int put_unknown(struct words_scan *s, struct part word)
{
	const struct part unknown = find_unknown(s, word);

	if (unknown.start < unknown.end) {
		words_copy(s, unknown.start);
		s->at = unknown.end;
		if (words_name(s, s->kind, words_piece(s, unknown.start, unknown.end)) < 0)
			return -ENOMEM;
	}
	words_copy(s, word.end);
	return 0;
}

static int put_parts(struct words_scan *s, struct part word)
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

int words_put_one(struct words_scan *s, size_t end)
{
	struct part word = { s->at, end }, unknown;
	const char *pseudonym;
	size_t name_end;

	/* A full stop at the end of a sentence is none of its. */
	while (word.end > word.start && !is_word_byte(s->all.at[word.end - 1]))
		word.end--;
	unknown = find_unknown(s, word);
	if (unknown.start == unknown.end &&
	    !may_be_called_so(words_piece(s, word.start, word.end))) {
		words_copy(s, end);
		return 0;
	}
	pseudonym = learned(s, word, &name_end);
	if (pseudonym && (unknown.start < unknown.end || names_a_machine(pseudonym))) {
		fputs(pseudonym, s->out);
		s->at = name_end;
	} else if (!aliases_has_pseudonym(s->aliases, words_piece(s, word.start, word.end)) &&
		   put_parts(s, word) < 0) {
		return -ENOMEM;
	}
	words_copy(s, end);
	return 0;
}

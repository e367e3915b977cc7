/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/cmdline.h"

#include <string.h>
#include <strings.h>

static const struct {
	unsigned flag;
	const char *name;
} isolcpus_flags[] = {
	{ ISOLCPUS_NOHZ, "nohz" },
	{ ISOLCPUS_DOMAIN, "domain" },
	{ ISOLCPUS_MANAGED_IRQ, "managed_irq" },
};

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

/* Quotes do not end a word, they keep blanks from ending it: a="b c"d is one word. */
static bool next_raw(struct text *rest, struct text *ret_word)
{
	bool is_quoted = false;
	size_t n = 0;

	while (rest->len && is_blank(*rest->at))
		*rest = text_make(rest->at + 1, rest->len - 1);
	if (!rest->len)
		return false;
	for (; n < rest->len && (is_quoted || !is_blank(rest->at[n])); n++)
		is_quoted ^= rest->at[n] == '"';
	*ret_word = text_make(rest->at, n);
	*rest = text_make(rest->at + n, rest->len - n);
	return true;
}

/* A quote at the end goes only together with one at the front. */
static struct text without_quotes(struct text t)
{
	if (!text_starts(t, "\""))
		return t;
	t = text_make(t.at + 1, t.len - 1);
	if (text_ends(t, "\""))
		t.len--;
	return t;
}

bool cmdline_next(struct text *rest, struct cmdline_word *ret_word)
{
	struct text word;
	const char *equals;
	size_t n;

	if (!next_raw(rest, &word) || text_equal(word, "--"))
		return false;
	word = without_quotes(word);
	/* The kernel's words have a name before '='. */
	equals = word.len > 1 ? memchr(word.at + 1, '=', word.len - 1) : NULL;
	*ret_word = (struct cmdline_word){ .name = word };
	if (!equals)
		return true;
	n = (size_t)(equals - word.at);
	ret_word->name = text_make(word.at, n);
	ret_word->value = without_quotes(text_make(equals + 1, word.len - n - 1));
	return true;
}

static char dash_to_underscore(char c)
{
	return c == '-' ? '_' : c;
}

bool cmdline_name_is(struct text name, const char *want)
{
	if (name.len != strlen(want))
		return false;
	for (size_t i = 0; i < name.len; i++) {
		if (dash_to_underscore(name.at[i]) != dash_to_underscore(want[i]))
			return false;
	}
	return true;
}

/* Cuts off all up to the next parameter of that name. */
static bool find_value(struct text *rest, const char *name, struct text *ret_value)
{
	struct cmdline_word word;

	while (cmdline_next(rest, &word)) {
		if (word.value.at && cmdline_name_is(word.name, name)) {
			*ret_value = word.value;
			return true;
		}
	}
	return false;
}

bool cmdline_last(struct text cmdline, const char *name, struct text *ret_value)
{
	bool is_found = false;

	while (find_value(&cmdline, name, ret_value))
		is_found = true;
	return is_found;
}

bool cmdline_first(struct text cmdline, const char *name, struct text *ret_value)
{
	return find_value(&cmdline, name, ret_value);
}

/* Does "N" or "all" of that length stand at t.at[i], and not as a part of a word or number? */
static size_t symbol_len(struct text t, size_t i)
{
	const size_t n = t.at[i] == 'N'                                       ? 1
			 : t.len - i >= 3 && !strncasecmp(t.at + i, "all", 3) ? 3
									      : 0;

	if (n && i && !strchr("-,:/", t.at[i - 1]))
		return 0;
	return n && i + n < t.len && !strchr("-,:/", t.at[i + n]) ? 0 : n;
}

/* Writes t with its symbols as numbers; the caller frees. */
static int with_numbers(struct text t, unsigned last_cpu, char **ret_list)
{
	size_t size;
	FILE *out = open_memstream(ret_list, &size);

	if (!out)
		return -ENOMEM;
	for (size_t i = 0; i < t.len; i++) {
		const size_t n = symbol_len(t, i);

		if (n == 0)
			fputc(t.at[i], out);
		else
			fprintf(out, n == 1 ? "%u" : "0-%u", last_cpu);
		i += n > 1 ? n - 1 : 0;
	}
	return fclose(out) == 0 ? 0 : -ENOMEM;
}

static bool has_symbol(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		if (symbol_len(t, i))
			return true;
	}
	return false;
}

int cmdline_cpus(struct text value, unsigned n_cpus, struct cpus *ret_set)
{
	auto_free char *list = NULL;
	int r;

	if (!has_symbol(value))
		return cpus_parse_list(value, ret_set);
	if (n_cpus == 0)
		return -ENODATA;
	r = with_numbers(value, n_cpus - 1, &list);
	return r < 0 ? r : cpus_parse_list(text_of(list), ret_set);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void cmdline_isolcpus(struct text value, unsigned *ret_flags, struct text *ret_list)
{
	struct text rest = value, word;

	*ret_flags = 0;
	*ret_list = value;
	while (rest.len && is_letter(*rest.at) && memchr(rest.at, ',', rest.len)) {
		text_next_piece(&rest, ',', &word);
		for (size_t i = 0; i < ARRAY_SIZE(isolcpus_flags); i++) {
			if (text_equal(word, isolcpus_flags[i].name))
				*ret_flags |= isolcpus_flags[i].flag;
		}
		*ret_list = rest;
	}
}

const char *isolcpus_flag_name(unsigned flag)
{
	for (size_t i = 0; i < ARRAY_SIZE(isolcpus_flags); i++) {
		if (isolcpus_flags[i].flag == flag)
			return isolcpus_flags[i].name;
	}
	return "";
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/qemu_shell.h"

#include <string.h>

#include "probes/parse/qemu_name.h"
#include "probes/parse/qemu_reference.h"

/* Bounds far above any script: of variables, of all words in bytes. */
#define VARIABLES_MAX 256u
#define ROOM_MAX      (4u << 20)
#define WORD_COST     32u

struct variable {
	const char *name;
	struct fact_strs values; /* one, or those of an array */
};

struct shell {
	struct arena *arena;
	struct text rest;
	struct fact_list variables;
	struct fact_strs *words; /* where words go */
	char *word;
	size_t len, size, room;
	bool is_word;      /* a word has begun, maybe of no characters yet */
	bool is_assigning; /* to one variable: blanks in values stay */
	bool is_in_array;
	int error;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static char next(const struct shell *s)
{
	return s->rest.at[0];
}

static void skip(struct shell *s, size_t n)
{
	s->rest = text_make(s->rest.at + n, s->rest.len - n);
}

static void put(struct shell *s, char c)
{
	s->is_word = true;
	if (s->error || !s->room)
		return;
	if (s->len + 1 >= s->size) {
		const size_t size = s->size ? 2 * s->size : 256;
		char *bigger = realloc(s->word, size);

		if (!bigger) {
			s->error = -ENOMEM;
			return;
		}
		s->word = bigger;
		s->size = size;
	}
	s->word[s->len++] = c;
	s->room--;
}

static void put_text(struct shell *s, struct text t)
{
	for (size_t i = 0; i < t.len; i++)
		put(s, t.at[i]);
}

static void end_word(struct shell *s)
{
	const char *copy;

	if (!s->is_word || s->error)
		return;
	copy = s->room < WORD_COST ? NULL : arena_strndup(s->arena, s->len ? s->word : "", s->len);
	if (copy)
		s->error = fact_add_str(s->words, s->arena, copy);
	else if (s->room >= WORD_COST)
		s->error = -ENOMEM;
	s->room -= u64_min(s->room, WORD_COST);
	s->len = 0;
	s->is_word = false;
}

/* Length of a backslash and the end of its line or of the text, also with blanks between; else 0.
 */
static size_t continuation(const struct shell *s)
{
	size_t n = 1;

	while (n < s->rest.len && is_blank(s->rest.at[n]))
		n++;
	if (n == s->rest.len)
		return n;
	return s->rest.at[n] == '\n' ? n + 1 : 0;
}

static void take_backslash(struct shell *s, bool is_quoted)
{
	const size_t n = continuation(s);

	if (n) {
		skip(s, n);
		return;
	}
	/* Between double quotes it is itself in front of most characters. */
	if (!is_quoted || (s->rest.len > 1 && strchr("\"\\$`", s->rest.at[1]) && s->rest.at[1]))
		skip(s, 1);
	if (s->rest.len) {
		put(s, next(s));
		skip(s, 1);
	}
}

static struct variable *find_variable(const struct shell *s, struct text name)
{
	struct variable *v = s->variables.v;

	for (size_t i = 0; i < s->variables.n; i++, v++) {
		if (text_equal(name, v->name))
			return v;
	}
	return NULL;
}

static void put_value(struct shell *s, const char *value, bool is_whole)
{
	for (; *value && s->room; value++) {
		if (!is_whole && (is_blank(*value) || *value == '\n'))
			end_word(s);
		else
			put(s, *value);
	}
}

static void take_dollar(struct shell *s, bool is_quoted)
{
	const bool is_whole = is_quoted || s->is_assigning;
	const struct variable *v;
	struct shell_reference ref;
	size_t n;

	if (text_starts(s->rest, "$(")) {
		n = shell_command_length(s->rest);
		n = n ? n : 1;
		/* Without blanks it stays in one piece wherever its text goes. */
		for (size_t i = 0; i < n; i++) {
			if (!is_blank(s->rest.at[i]))
				put(s, s->rest.at[i]);
		}
		skip(s, n);
		return;
	}
	if (!shell_reference_parse(s->rest, &ref)) {
		put(s, '$');
		skip(s, 1);
		return;
	}
	v = find_variable(s, ref.name);
	if (!v) {
		put_text(s, ref.fallback.len ? ref.fallback : text_make(s->rest.at, ref.n));
		skip(s, ref.n);
		return;
	}
	skip(s, ref.n);
	for (size_t i = 0; i < v->values.n && (i == 0 || ref.is_all) && s->room; i++) {
		if (i)
			end_word(s);
		s->is_word |= is_whole;
		put_value(s, v->values.v[i], is_whole);
	}
}

static void take_quoted(struct shell *s, char quote)
{
	const bool is_all = text_starts(s->rest, "\"${") && s->rest.len > 3;

	/* "${EMPTY[@]}" is no word at all. */
	s->is_word |= !is_all;
	skip(s, 1);
	while (s->rest.len && next(s) != quote) {
		if (next(s) == '\\' && quote == '"') {
			take_backslash(s, true);
		} else if (next(s) == '$' && quote == '"') {
			take_dollar(s, true);
		} else {
			put(s, next(s));
			skip(s, 1);
		}
	}
	if (s->rest.len)
		skip(s, 1);
}

static void take_word(struct shell *s)
{
	while (s->rest.len) {
		const char c = next(s);

		if (is_blank(c) || strchr("\n;|&", c) || (c == ')' && s->is_in_array))
			break;
		if (c == '\\' && continuation(s))
			break;
		if (c == '\\') {
			take_backslash(s, false);
		} else if (c == '"' || c == '\'') {
			take_quoted(s, c);
		} else if (c == '$') {
			take_dollar(s, false);
		} else {
			put(s, c);
			skip(s, 1);
		}
	}
	end_word(s);
}

enum between { IN_LINE, NEW_LINE, NEW_COMMAND, END };

/* Blanks, comments and ends of lines in front of a word. */
static enum between take_between(struct shell *s)
{
	enum between seen = IN_LINE;

	while (s->rest.len) {
		const char c = next(s);

		if (c == '\\' && continuation(s)) {
			skip(s, continuation(s));
		} else if (c == '#') {
			const char *end = memchr(s->rest.at, '\n', s->rest.len);

			skip(s, end ? (size_t)(end - s->rest.at) : s->rest.len);
		} else if (c == ';' || c == '|' || c == '&') {
			seen = NEW_COMMAND;
			skip(s, 1);
		} else if (c == '\n') {
			seen = seen == NEW_COMMAND ? seen : NEW_LINE;
			skip(s, 1);
		} else if (is_blank(c)) {
			skip(s, 1);
		} else {
			return seen;
		}
	}
	return END;
}

static void take_array(struct shell *s)
{
	s->is_in_array = true;
	skip(s, 1);
	while (take_between(s) != END && next(s) != ')')
		take_word(s);
	if (s->rest.len)
		skip(s, 1);
	s->is_in_array = false;
}

/* New values in place of the old ones, or behind them: of "A+=b" in one piece, of "A+=(b)" one
 * more. */
static void set_variable(struct shell *s, struct text name, const struct fact_strs *values,
			 bool is_append, bool is_array)
{
	struct variable *v = find_variable(s, name);
	const char *joined;

	if (!v && s->variables.n < VARIABLES_MAX) {
		v = fact_add_item(&s->variables, s->arena, sizeof(*v));
		if (!v || !(v->name = arena_strndup(s->arena, name.at, name.len)))
			s->error = -ENOMEM;
	}
	if (!v || s->error)
		return;
	if (!is_append || !v->values.n) {
		v->values = *values;
	} else if (is_array) {
		for (size_t i = 0; i < values->n && s->error == 0; i++)
			s->error = fact_add_str(&v->values, s->arena, values->v[i]);
	} else if (values->n) {
		joined = arena_printf(s->arena, "%s%s", v->values.v[0], values->v[0]);
		s->error = joined ? 0 : -ENOMEM;
		v->values.v[0] = joined;
		s->room -= u64_min(s->room, joined ? strlen(joined) : 0);
	}
}

/* "NAME=", "NAME+=" at the beginning of a word: its length, else 0. */
static size_t assignment_length(struct text t)
{
	size_t n = shell_name_length(t);

	if (!n)
		return 0;
	n += n < t.len && t.at[n] == '+';
	return n < t.len && t.at[n] == '=' ? n + 1 : 0;
}

static bool take_assignment(struct shell *s)
{
	const size_t n = assignment_length(s->rest);
	const struct text name = text_make(s->rest.at, shell_name_length(s->rest));
	const bool is_append = n && s->rest.at[n - 2] == '+';
	struct fact_strs values = { 0 }, *outer = s->words;
	bool is_array;

	if (!n)
		return false;
	skip(s, n);
	/* A unit of systemd: what follows is the command. */
	if (text_equal(name, "ExecStart"))
		return false;
	s->words = &values;
	is_array = text_starts(s->rest, "(");
	if (is_array) {
		take_array(s);
	} else {
		s->is_assigning = true;
		take_word(s);
		s->is_assigning = false;
	}
	s->words = outer;
	set_variable(s, name, &values, is_append, is_array);
	return true;
}

static bool may_precede_assignment(const char *word)
{
	static const char *const words[] = { "export", "local", "declare", "typeset", "readonly",
					     "env",    "-a",    "then",    "else",    "do" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (!strcmp(word, words[i]))
			return true;
	}
	return false;
}

static bool is_option_next(const struct shell *s)
{
	return text_starts(s->rest, "-") || text_starts(s->rest, "\"-") ||
	       text_starts(s->rest, "'-");
}

/* One command: *ret_program is the place of the emulator among the words, or how many there are. */
static bool take_command(struct shell *s, struct fact_strs *words, size_t *ret_program)
{
	bool is_start = true, has_program = false;
	enum between seen = take_between(s);

	s->words = words;
	while (seen != END && s->error == 0) {
		const size_t n = words->n;

		if (!is_start || !take_assignment(s)) {
			take_word(s);
			is_start &= words->n == n || may_precede_assignment(words->v[words->n - 1]);
		}
		for (size_t i = n; i < words->n && !has_program; i++) {
			has_program = qemu_is_program(text_of(words->v[i]));
			*ret_program = i;
		}
		seen = take_between(s);
		if (seen == NEW_COMMAND ||
		    (seen == NEW_LINE && !(has_program && is_option_next(s))))
			break;
	}
	if (!has_program)
		*ret_program = words->n;
	return seen != END;
}

static int split(struct shell *s, struct fact_strs *ret_args)
{
	struct fact_strs all = { .known = true }, best = { .known = true };
	bool is_more = true;

	while (is_more && s->error == 0) {
		struct fact_strs words = { 0 };
		size_t program = 0;

		is_more = take_command(s, &words, &program);
		if (words.n - program > best.n) {
			best.n = words.n - program;
			best.v = words.v + program;
		}
		for (size_t i = 0; i < words.n && s->error == 0; i++)
			s->error = fact_add_str(&all, s->arena, words.v[i]);
	}
	if (s->error == 0)
		*ret_args = best.n ? best : all;
	return s->error;
}

int qemu_shell_split(struct text t, struct arena *a, struct fact_strs *ret_args)
{
	struct shell s = { .arena = a, .rest = t, .room = ROOM_MAX };
	int r = split(&s, ret_args);

	free(s.word);
	return r;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/shell_vars.h"

#include <string.h>

struct reader {
	struct text rest;
	const struct shell_vars *vars;
	char *out; /* the value so far, SHELL_VALUE_MAX bytes */
	size_t n;
};

static int peek(const struct reader *r)
{
	return r->rest.len ? (unsigned char)*r->rest.at : EOF;
}

static void skip(struct reader *r, size_t n)
{
	r->rest = text_make(r->rest.at + n, r->rest.len - n);
}

static void put(struct reader *r, char c)
{
	if (r->n < SHELL_VALUE_MAX)
		r->out[r->n++] = c;
}

static bool is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\0';
}

static bool is_name(int c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static void skip_line(struct reader *r)
{
	struct text line;

	text_next_line(&r->rest, &line);
}

static struct text take_name(struct reader *r)
{
	const char *at = r->rest.at;

	while (is_name(peek(r)))
		skip(r, 1);
	return text_make(at, (size_t)(r->rest.at - at));
}

static const char *get(const struct shell_vars *vars, struct text name)
{
	for (size_t i = 0; i < vars->n; i++) {
		if (text_equal(name, vars->v[i].name))
			return vars->v[i].value;
	}
	return NULL;
}

/* At '$': the value of a variable; "$(" and what else there is stay. */
static void expand(struct reader *r)
{
	const struct text before = r->rest;
	const char *value;
	struct text name;
	bool has_brace;

	skip(r, 1);
	has_brace = peek(r) == '{';
	if (has_brace)
		skip(r, 1);
	name = take_name(r);
	if (!name.len || (has_brace && peek(r) != '}')) {
		r->rest = before;
		put(r, '$');
		skip(r, 1);
		return;
	}
	if (has_brace)
		skip(r, 1);
	value = get(r->vars, name);
	for (; value && *value; value++)
		put(r, *value);
}

static void take_single_quoted(struct reader *r)
{
	skip(r, 1);
	for (; peek(r) != EOF && peek(r) != '\''; skip(r, 1))
		put(r, *r->rest.at);
	if (peek(r) == '\'')
		skip(r, 1);
}

static void take_escaped(struct reader *r)
{
	skip(r, 1);
	if (peek(r) == EOF)
		return;
	if (peek(r) != '\n')
		put(r, *r->rest.at);
	skip(r, 1);
}

static bool is_escaped_in_quotes(const struct reader *r)
{
	return r->rest.len > 1 && memchr("\"\\$`\n", r->rest.at[1], 5);
}

static void take_double_quoted(struct reader *r)
{
	skip(r, 1);
	while (peek(r) != EOF && peek(r) != '"') {
		if (peek(r) == '\\' && is_escaped_in_quotes(r)) {
			take_escaped(r);
		} else if (peek(r) == '$') {
			expand(r);
		} else {
			put(r, *r->rest.at);
			skip(r, 1);
		}
	}
	if (peek(r) == '"')
		skip(r, 1);
}

/* Up to a blank, an end of line, or what ends a command. */
static void take_word(struct reader *r)
{
	for (;;) {
		const int c = peek(r);

		if (c == EOF || is_blank(c) || strchr("\n;&|()<>", c))
			return;
		if (c == '\'') {
			take_single_quoted(r);
		} else if (c == '"') {
			take_double_quoted(r);
		} else if (c == '\\') {
			take_escaped(r);
		} else if (c == '$') {
			expand(r);
		} else {
			put(r, (char)c);
			skip(r, 1);
		}
	}
}

/* Behind '(': words up to ')'. */
static void take_array(struct reader *r)
{
	while (peek(r) != EOF && peek(r) != ')') {
		const size_t before = r->n;

		if (is_blank(peek(r)) || peek(r) == '\n') {
			skip(r, 1);
			continue;
		}
		if (peek(r) == '#') {
			skip_line(r);
			continue;
		}
		if (r->n > 0)
			put(r, ' ');
		take_word(r);
		if (r->n == before + 1 && before > 0)
			r->n = before; /* an empty word */
		if (peek(r) != EOF && strchr(";&|(<>", peek(r)))
			skip(r, 1);
	}
	if (peek(r) == ')')
		skip(r, 1);
}

/* "NAME=", "NAME+=", "NAME[key]=": false, and nothing cut off, when it is none of them. */
static bool take_target(struct reader *r, struct text *ret_name, bool *ret_is_append)
{
	const struct text before = r->rest;
	struct text name = take_name(r);

	if (name.len && peek(r) == '[') {
		while (peek(r) != EOF && peek(r) != ']' && peek(r) != '\n')
			skip(r, 1);
		if (peek(r) == ']')
			skip(r, 1);
		name.len = (size_t)(r->rest.at - name.at);
	}
	*ret_is_append = peek(r) == '+';
	if (*ret_is_append)
		skip(r, 1);
	if (!name.len || peek(r) != '=') {
		r->rest = before;
		return false;
	}
	skip(r, 1);
	*ret_name = name;
	return true;
}

/* Room doubles: a file that sets one variable a million times takes no more than twice its length.
 */
static int set_value(struct shell_var *var, struct arena *a, struct text value)
{
	if (var->room < value.len + 1) {
		const size_t room = (size_t)u64_max(value.len + 1, 2 * var->room);
		char *bigger = arena_alloc(a, room);

		if (!bigger)
			return -ENOMEM;
		var->value = bigger;
		var->room = room;
	}
	memcpy(var->value, value.at, value.len);
	var->value[value.len] = '\0';
	return 0;
}

static int set(struct shell_vars *vars, struct arena *a, struct text name, struct text value)
{
	struct shell_var *var = NULL;

	for (size_t i = 0; i < vars->n && !var; i++)
		var = text_equal(name, vars->v[i].name) ? &vars->v[i] : NULL;
	if (var)
		return set_value(var, a, value);
	if (vars->n == SHELL_VARS_MAX)
		return 0;
	var = &vars->v[vars->n];
	*var = (struct shell_var){ .name = arena_strndup(a, name.at, name.len) };
	if (!var->name || set_value(var, a, value) < 0)
		return -ENOMEM;
	vars->n++;
	return 0;
}

static int take_assignment(struct reader *r, struct shell_vars *vars, struct arena *a)
{
	const char *old;
	struct text name;
	bool is_append;

	if (!take_target(r, &name, &is_append)) {
		skip_line(r);
		return 0;
	}
	r->n = 0;
	old = is_append ? get(vars, name) : NULL;
	for (; old && *old; old++)
		put(r, *old);
	if (peek(r) == '(') {
		skip(r, 1);
		take_array(r);
	} else {
		take_word(r);
	}
	return set(vars, a, name, text_make(r->out, r->n));
}

int shell_vars_parse(struct shell_vars *vars, struct arena *a, struct text text)
{
	auto_free char *out = malloc(SHELL_VALUE_MAX);
	struct reader r = { .rest = text, .vars = vars, .out = out };
	int result = 0;

	if (!out)
		return -ENOMEM;
	while (result == 0 && peek(&r) != EOF) {
		if (is_blank(peek(&r)) || peek(&r) == '\n' || peek(&r) == ';')
			skip(&r, 1);
		else if (text_starts(r.rest, "export "))
			skip(&r, strlen("export "));
		else if (peek(&r) == '#')
			skip_line(&r);
		else
			result = take_assignment(&r, vars, a);
	}
	return result;
}

const char *shell_vars_get(const struct shell_vars *vars, const char *name)
{
	return get(vars, text_of(name));
}

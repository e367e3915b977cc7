/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xml_text.c - edits of the domain XML as people write them; documented in analyze/change.h. */
#include <string.h>

#include "analyze/change.h"

enum { INDENT = 2 };

static void put_escaped(FILE *out, const char *s)
{
	for (; *s; s++) {
		const char *entity = *s == '&'    ? "&amp;"
				     : *s == '<'  ? "&lt;"
				     : *s == '\'' ? "&apos;"
						  : NULL;

		if (entity)
			fputs(entity, out);
		else
			putc(*s, out);
	}
}

static void put_attribute(FILE *out, const char *name, const char *value)
{
	fprintf(out, " %s='", name);
	put_escaped(out, value);
	putc('\'', out);
}

static bool is_same_step(const struct xml_step *x, const struct xml_step *y)
{
	const char *const a[] = { x->key ? x->key : "", x->value ? x->value : "" };
	const char *const b[] = { y->key ? y->key : "", y->value ? y->value : "" };

	return !strcmp(x->name, y->name) && x->position == y->position && !strcmp(a[0], b[0]) &&
	       !strcmp(a[1], b[1]);
}

/* Steps that two edits share from the top. */
static size_t n_shared(const struct xml_edit *x, const struct xml_edit *y)
{
	size_t n = 0;

	while (n < x->n_steps && n < y->n_steps && is_same_step(&x->steps[n], &y->steps[n]))
		n++;
	return n;
}

static void open_step(FILE *out, const struct xml_step *s, size_t depth)
{
	fprintf(out, "%*s<%s", (int)(depth * INDENT), "", s->name);
	if (s->key)
		put_attribute(out, s->key, s->value);
}

static void close_steps(FILE *out, const struct xml_edit *e, size_t from, size_t to)
{
	while (to > from) {
		to--;
		fprintf(out, "%*s</%s>\n", (int)(to * INDENT), "", e->steps[to].name);
	}
}

/* Whether the next edit stands below the last element of this one. */
static bool is_parent(const struct xml_edit *e, const struct xml_edit *next)
{
	return next && !next->is_removal && next->n_steps > e->n_steps &&
	       n_shared(e, next) == e->n_steps;
}

static void put_edit(FILE *out, const struct xml_edit *e, size_t n_open, bool stays_open)
{
	const size_t last = e->n_steps - 1;

	for (size_t i = n_open; i < last; i++) {
		open_step(out, &e->steps[i], i);
		fputs(">\n", out);
	}
	open_step(out, &e->steps[last], last);
	for (size_t i = 0; i < e->n_attributes; i++)
		put_attribute(out, e->attributes[i].name, e->attributes[i].value);
	if (e->text) {
		putc('>', out);
		put_escaped(out, e->text);
		fprintf(out, "</%s>\n", e->steps[last].name);
	} else {
		fputs(stays_open ? ">\n" : "/>\n", out);
	}
}

static void put_removal(FILE *out, const struct xml_edit *e)
{
	const struct xml_step *last = &e->steps[e->n_steps - 1];

	fputs(e->n_attributes ? "without " : "without <", out);
	for (size_t i = 0; i < e->n_attributes; i++)
		fprintf(out, "%s%s", i ? ", " : "", e->attributes[i].name);
	if (e->n_attributes)
		fputs(" in <", out);
	fputs(last->name, out);
	if (last->key)
		put_attribute(out, last->key, last->value);
	fputs(">\n", out);
}

static int put_edits(FILE *out, const struct xml_edit *v, size_t n)
{
	const struct xml_edit *open = NULL; /* whose first n_open steps stand open */
	size_t n_open = 0;

	for (size_t i = 0; i < n; i++) {
		const struct xml_edit *next = i + 1 < n && !v[i + 1].is_removal ? &v[i + 1] : NULL;
		size_t shared;

		if (v[i].is_removal)
			continue;
		shared = open ? n_shared(open, &v[i]) : 0;
		if (shared > n_open)
			shared = n_open;
		if (shared == v[i].n_steps)
			shared--;
		if (open)
			close_steps(out, open, shared, n_open);
		put_edit(out, &v[i], shared, is_parent(&v[i], next));
		n_open = v[i].n_steps - (is_parent(&v[i], next) ? 0 : 1);
		open = &v[i];
	}
	if (open)
		close_steps(out, open, 0, n_open);
	for (size_t i = 0; i < n; i++) {
		if (v[i].is_removal)
			put_removal(out, &v[i]);
	}
	return 0;
}

char *xml_edits_text(struct arena *a, const char *edits)
{
	auto_free char *buf = NULL;
	struct text rest = text_of(edits), line;
	struct xml_edit *v;
	size_t size = 0, n = 0, n_lines = 1;
	FILE *out;
	char *text;

	for (const char *c = edits; *c; c++)
		n_lines += *c == '\n';
	v = arena_calloc(a, n_lines, sizeof(*v));
	if (!v)
		return NULL;
	while (text_next_line(&rest, &line)) {
		const int r = xml_edit_parse(line.at, line.len, a, &v[n]);

		if (r == -ENOMEM)
			return NULL;
		n += r == 0;
	}
	out = open_memstream(&buf, &size);
	if (!out)
		return NULL;
	put_edits(out, v, n);
	if (fclose(out) == EOF)
		return NULL;
	text = arena_strdup(a, buf);
	if (text && size && text[size - 1] == '\n')
		text[size - 1] = '\0';
	return text;
}

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

/* Which of several; a comment, which libvirt drops. */
static void put_position(FILE *out, const struct xml_step *s)
{
	if (s->position)
		fprintf(out, " <!-- <%s> number %u -->", s->name, s->position);
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
		putc('>', out);
		put_position(out, &e->steps[i]);
		putc('\n', out);
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

static void put_name(FILE *out, const struct xml_step *s)
{
	fprintf(out, "<%s", s->name);
	if (s->key)
		put_attribute(out, s->key, s->value);
	putc('>', out);
	if (s->position)
		fprintf(out, " number %u", s->position);
}

/* "without track in <timer name='rtc'>", "without <stats> in <memballoon>" */
static void put_removal(FILE *out, const struct xml_edit *e)
{
	const struct xml_step *last = &e->steps[e->n_steps - 1];

	fputs("without ", out);
	for (size_t i = 0; i < e->n_attributes; i++)
		fprintf(out, "%s%s", i ? ", " : "", e->attributes[i].name);
	if (e->n_attributes)
		fputs(" in ", out);
	put_name(out, last);
	if (!e->n_attributes && e->n_steps > 2) {
		fputs(" in ", out);
		put_name(out, last - 1);
	}
	putc('\n', out);
}

static int put_edits(FILE *out, const struct xml_edit *v, size_t n)
{
	const struct xml_edit *open = NULL; /* whose first n_open steps stand open */
	size_t n_open = 0;

	for (size_t i = 0; i < n; i++) {
		if (v[i].is_removal)
			put_removal(out, &v[i]);
	}
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
	return 0;
}

/* "." is <domain>, which nothing else stands in. */
static void name_root(struct xml_edit *e)
{
	if (!strcmp(e->steps[0].name, "."))
		e->steps[0].name = "domain";
}

/* Of two edits of one element the attributes of both; false: they stay two. */
static bool join(struct xml_edit *into, const struct xml_edit *e)
{
	if (into->is_removal || e->is_removal || into->text || e->text ||
	    into->n_steps != e->n_steps || n_shared(into, e) != e->n_steps ||
	    into->n_attributes + e->n_attributes > XML_ATTRIBUTES_MAX)
		return false;
	for (size_t i = 0; i < e->n_attributes; i++) {
		size_t k = 0;

		while (k < into->n_attributes &&
		       strcmp(into->attributes[k].name, e->attributes[i].name) != 0)
			k++;
		into->attributes[k] = e->attributes[i];
		into->n_attributes += k == into->n_attributes;
	}
	return true;
}

/* Behind the last edit that it shares the most elements with, or before those inside of it. */
static size_t place_of(const struct xml_edit *v, size_t n, const struct xml_edit *e)
{
	size_t place = n, most = 0;

	for (size_t i = 0; i < n; i++) {
		const size_t shared = v[i].is_removal ? 0 : n_shared(&v[i], e);

		if (shared == e->n_steps && v[i].n_steps > e->n_steps)
			return i;
		if (shared && shared >= most) {
			most = shared;
			place = i + 1;
		}
	}
	return place;
}

/* Edits of one element stand together, whoever asked for them. */
static void put_in_place(struct xml_edit *v, size_t *n, const struct xml_edit *e)
{
	size_t place;

	for (size_t i = 0; i < *n; i++) {
		if (join(&v[i], e))
			return;
	}
	place = e->is_removal ? *n : place_of(v, *n, e);
	memmove(&v[place + 1], &v[place], (*n - place) * sizeof(*v));
	v[place] = *e;
	(*n)++;
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
		struct xml_edit e;
		const int r = xml_edit_parse(line.at, line.len, a, &e);

		if (r == -ENOMEM)
			return NULL;
		if (r < 0)
			continue;
		name_root(&e);
		put_in_place(v, &n, &e);
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

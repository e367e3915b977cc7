/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/plot_svg.h"

#include <string.h>

#include "report/escape.h"

enum { ATTRIBUTES_MAX = 24, DEPTH_MAX = 32 };

struct attribute {
	struct text name, value;
};

struct tag {
	struct text name;
	bool is_end, is_empty; /* </name>, <name/> */
	struct attribute attributes[ATTRIBUTES_MAX];
	size_t n_attributes;
};

struct cleaner {
	FILE *out;
	const struct svg_names *names;
	struct text rest;
	/* A <g> is held back until it has content: gnuplot writes as many empty ones as full ones.
	 */
	struct tag held[DEPTH_MAX];
	size_t n_held;
	size_t depth;
	bool is_in_svg, is_done;
};

static const char *const elements[] = { "svg",    "g",    "defs", "path",     "polygon", "polyline",
					"circle", "rect", "use",  "clipPath", "text",    "tspan" };
/* With all they hold. */
static const char *const dropped_elements[] = { "title", "desc", "filter" };
static const char *const attributes[] = { "viewBox",
					  "xmlns",
					  "xmlns:xlink",
					  "id",
					  "xlink:href",
					  "fill",
					  "stroke",
					  "stroke-width",
					  "stroke-linecap",
					  "stroke-linejoin",
					  "color",
					  "d",
					  "points",
					  "x",
					  "y",
					  "width",
					  "height",
					  "r",
					  "cx",
					  "cy",
					  "transform",
					  "font-family",
					  "font-size",
					  "text-anchor",
					  "stroke-dasharray",
					  "fill-opacity",
					  "clip-path",
					  "stroke-opacity" };
static const char *const dropped_attributes[] = { "class", "shape-rendering", "xml:space",
						  "font-weight" };

static bool is_one_of(struct text name, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (text_equal(name, list[i]))
			return true;
	}
	return false;
}

static void skip(struct text *rest, size_t n)
{
	rest->at += n;
	rest->len -= n;
}

static void skip_blanks(struct text *rest)
{
	while (rest->len && strchr(" \t\r\n", *rest->at) && *rest->at)
		skip(rest, 1);
}

static struct text take_name(struct text *rest)
{
	size_t n = 0;

	while (n < rest->len && rest->at[n] && !strchr(" \t\r\n=/><\"'", rest->at[n]))
		n++;
	skip(rest, n);
	return text_make(rest->at - n, n);
}

/* name="value" or name = 'value' */
static int take_attribute(struct text *rest, struct attribute *ret_attribute)
{
	struct attribute a = { .name = take_name(rest) };
	const char *end;
	char quote;

	skip_blanks(rest);
	if (a.name.len == 0 || rest->len == 0 || *rest->at != '=')
		return -EBADMSG;
	skip(rest, 1);
	skip_blanks(rest);
	if (rest->len == 0 || (*rest->at != '"' && *rest->at != '\''))
		return -EBADMSG;
	quote = *rest->at;
	skip(rest, 1);
	end = memchr(rest->at, quote, rest->len);
	if (!end || memchr(rest->at, '<', (size_t)(end - rest->at)))
		return -EBADMSG;
	a.value = text_make(rest->at, (size_t)(end - rest->at));
	skip(rest, a.value.len + 1);
	*ret_attribute = a;
	return 0;
}

/* *rest is at the '<'. */
static int take_tag(struct text *rest, struct tag *ret_tag)
{
	*ret_tag = (struct tag){ 0 };
	skip(rest, 1);
	if (rest->len && *rest->at == '/') {
		ret_tag->is_end = true;
		skip(rest, 1);
	}
	ret_tag->name = take_name(rest);
	if (ret_tag->name.len == 0)
		return -EBADMSG;
	for (;;) {
		skip_blanks(rest);
		if (rest->len && *rest->at == '>')
			break;
		if (text_starts(*rest, "/>") && !ret_tag->is_end) {
			ret_tag->is_empty = true;
			skip(rest, 1);
			break;
		}
		if (ret_tag->is_end || ret_tag->n_attributes == ATTRIBUTES_MAX ||
		    take_attribute(rest, &ret_tag->attributes[ret_tag->n_attributes]) < 0)
			return -EBADMSG;
		ret_tag->n_attributes++;
	}
	skip(rest, 1);
	return 0;
}

/* Past the next occurrence of 'end'. */
static int skip_past(struct text *rest, const char *end)
{
	const char *at = text_find(*rest, end);

	if (!at)
		return -EBADMSG;
	skip(rest, (size_t)(at - rest->at) + strlen(end));
	return 0;
}

static void put_text(FILE *out, struct text t)
{
	fwrite(t.at, 1, t.len, out);
}

/* Values hold numbers, names of colours and fonts: nothing that would have to be escaped. */
static bool is_plain(struct text value)
{
	for (size_t i = 0; i < value.len; i++) {
		const unsigned char c = (unsigned char)value.at[i];

		if (c >= 0x7f || (c < ' ' && c != '\n' && c != '\t') || strchr("<>&\"'\\", c))
			return false;
	}
	return true;
}

/* "url(#name)", or with a plain reference "#name": the name; empty when it is neither. */
static struct text reference_of(struct text value)
{
	if (text_starts(value, "url(#") && text_ends(value, ")"))
		return text_make(value.at + 5, value.len - 6);
	return text_starts(value, "#") ? text_make(value.at + 1, value.len - 1) : text_of(NULL);
}

static int put_attribute(struct cleaner *c, const struct attribute *a)
{
	const bool is_href = text_equal(a->name, "xlink:href");
	const bool is_url = text_find(a->value, "url(") != NULL;

	if (is_one_of(a->name, dropped_attributes, ARRAY_SIZE(dropped_attributes)))
		return 0;
	if (!is_one_of(a->name, attributes, ARRAY_SIZE(attributes)) || !is_plain(a->value))
		return -EBADMSG;
	/* A page in HTML needs no name spaces, and the address of one would look like a request. */
	if (text_starts(a->name, "xmlns"))
		return 0;
	putc(' ', c->out);
	put_text(c->out, is_href ? text_of("href") : a->name);
	fputs("=\"", c->out);
	if (text_equal(a->name, "id")) {
		fputs(c->names->prefix, c->out);
		put_text(c->out, a->value);
	} else if (is_href || is_url) {
		const struct text name = reference_of(a->value);

		if (name.len == 0)
			return -EBADMSG;
		fprintf(c->out, is_url ? "url(#%s%.*s)" : "#%s%.*s", c->names->prefix,
			(int)name.len, name.at);
	} else {
		put_text(c->out, a->value);
	}
	putc('"', c->out);
	return 0;
}

static int put_tag(struct cleaner *c, const struct tag *t)
{
	const bool is_root = text_equal(t->name, "svg") && !t->is_end;
	int r = 0;

	putc('<', c->out);
	if (t->is_end)
		putc('/', c->out);
	put_text(c->out, t->name);
	for (size_t i = 0; r == 0 && i < t->n_attributes; i++)
		r = put_attribute(c, &t->attributes[i]);
	if (is_root)
		html_put(c->out, " role=\"img\" aria-labelledby=\"%s-title %s-about\"",
			 c->names->prefix, c->names->prefix);
	fputs(t->is_empty ? "/>" : ">", c->out);
	if (is_root)
		html_put(c->out, "<title id=\"%s-title\">%s</title><desc id=\"%s-about\">%s</desc>",
			 c->names->prefix, c->names->title, c->names->prefix, c->names->about);
	return r;
}

static int release_held(struct cleaner *c)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < c->n_held; i++) {
		putc('\n', c->out);
		r = put_tag(c, &c->held[i]);
	}
	c->n_held = 0;
	return r;
}

static int end_tag(struct cleaner *c, const struct tag *t)
{
	if (c->depth == 0)
		return -EBADMSG;
	c->depth--;
	if (c->n_held && text_equal(t->name, "g")) {
		c->n_held--; /* had no content */
		return 0;
	}
	if (c->n_held)
		return -EBADMSG;
	if (text_equal(t->name, "svg")) {
		c->is_done = c->depth == 0;
		if (!c->is_done)
			return -EBADMSG;
	}
	return put_tag(c, t);
}

static int start_tag(struct cleaner *c, const struct tag *t)
{
	const bool is_svg = text_equal(t->name, "svg");
	int r;

	if (is_svg == c->is_in_svg)
		return -EBADMSG; /* the first is <svg>, and there is one */
	c->is_in_svg = true;
	if (!t->is_empty && ++c->depth > DEPTH_MAX)
		return -EBADMSG;
	if (text_equal(t->name, "g") && !t->is_empty) {
		if (c->n_held == DEPTH_MAX)
			return -EBADMSG;
		c->held[c->n_held++] = *t;
		return 0;
	}
	r = release_held(c);
	if (r == 0 && !is_svg)
		putc('\n', c->out);
	return r < 0 ? r : put_tag(c, t);
}

static int clean_tag(struct cleaner *c)
{
	struct tag t;

	if (text_starts(c->rest, "<?") || text_starts(c->rest, "<!DOCTYPE"))
		return c->is_in_svg ? -EBADMSG : skip_past(&c->rest, ">");
	if (text_starts(c->rest, "<!--"))
		return skip_past(&c->rest, "-->");
	if (take_tag(&c->rest, &t) < 0)
		return -EBADMSG;
	if (is_one_of(t.name, dropped_elements, ARRAY_SIZE(dropped_elements)) && !t.is_end) {
		char end[16];

		snprintf(end, sizeof(end), "</%.*s>", (int)t.name.len, t.name.at);
		return t.is_empty ? 0 : skip_past(&c->rest, end);
	}
	if (!is_one_of(t.name, elements, ARRAY_SIZE(elements)))
		return -EBADMSG;
	return t.is_end ? end_tag(c, &t) : start_tag(c, &t);
}

/* Text between tags: labels of ours, already escaped by gnuplot. */
static int clean_text(struct cleaner *c)
{
	const char *at = memchr(c->rest.at, '<', c->rest.len);
	const struct text run = text_make(c->rest.at, at ? (size_t)(at - c->rest.at) : c->rest.len);
	int r = 0;

	if (text_trim(run).len) {
		if (!c->is_in_svg || memchr(run.at, '\0', run.len))
			return -EBADMSG;
		r = release_held(c);
		put_text(c->out, run);
	}
	skip(&c->rest, run.len);
	return r;
}

int svg_clean(struct text svg, const struct svg_names *names, char **ret_svg)
{
	struct cleaner c = { .names = names, .rest = svg };
	char *clean = NULL;
	size_t size = 0;
	int r = 0;

	c.out = open_memstream(&clean, &size);
	if (!c.out)
		return -ENOMEM;
	while (r == 0 && c.rest.len && !c.is_done)
		r = *c.rest.at == '<' ? clean_tag(&c) : clean_text(&c);
	if (r == 0 && !c.is_done)
		r = -EBADMSG;
	if (ferror(c.out))
		r = -ENOMEM;
	if (fclose(c.out) == EOF && r == 0)
		r = -ENOMEM;
	if (r < 0) {
		free(clean);
		return r;
	}
	*ret_svg = clean;
	return 0;
}

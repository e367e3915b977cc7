/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * domain_lines.c - a domain's XML as lines that may be passed on: without passwords.
 *
 * Works on the text, as it has to do so for text that is no XML too: a value that is a secret
 * becomes "***", everything else stays as it was written.
 */
#include <string.h>

#include "probes/parse/domain_rows.h"
#include "probes/parse/secrets.h"

#define LINES_SIZE_MAX (256u * KIB)
#define TAB            "    "

struct scan {
	struct text xml;
	size_t at; /* what is read next */
	FILE *out;
	struct text tag;      /* the element whose attributes are read */
	struct text variable; /* its name, of a <qemu:env> */
	char *argument;       /* the last <qemu:arg>, which says what the next one means */
};

static void scan_release(struct scan *s)
{
	free(s->argument);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || c == '.' || c == ':';
}

static struct text take_name(struct scan *s)
{
	const size_t start = s->at;

	while (s->at < s->xml.len && is_name_char(s->xml.at[s->at]))
		s->at++;
	return text_make(s->xml.at + start, s->at - start);
}

static void put(struct scan *s, struct text t)
{
	fwrite(t.at, 1, t.len, s->out);
}

static void copy_to(struct scan *s, size_t start, size_t end)
{
	put(s, text_make(s->xml.at + start, end - start));
}

static size_t skip_blanks(const struct scan *s, size_t at)
{
	while (at < s->xml.len && is_blank(s->xml.at[at]))
		at++;
	return at;
}

/* The value behind the name, without its quotes; false: there is none. */
static bool find_value(const struct scan *s, struct text *ret_value)
{
	size_t at = skip_blanks(s, s->at), end;
	char quote;

	if (at >= s->xml.len || s->xml.at[at] != '=')
		return false;
	at = skip_blanks(s, at + 1);
	if (at >= s->xml.len || (s->xml.at[at] != '"' && s->xml.at[at] != '\''))
		return false;
	quote = s->xml.at[at++];
	/* Without its other end it reaches to that of the line. */
	for (end = at; end < s->xml.len && s->xml.at[end] != quote;)
		end++;
	if (end == s->xml.len)
		end = at + strcspn(s->xml.at + at, "\n");
	*ret_value = text_make(s->xml.at + at, end - at);
	return true;
}

/* VNC's and SPICE's password, the UUID under which libvirt keeps one. */
static bool is_secret(const struct scan *s, struct text name)
{
	return text_equal(name, "passwd") || text_equal(name, "password") ||
	       (text_equal(name, "uuid") && text_equal(s->tag, "secret"));
}

static char *replace_all(struct text t, const char *what, const char *by)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	while (t.len) {
		const bool is_it = text_starts(t, what);
		const size_t n = is_it ? strlen(what) : 1;

		fwrite(is_it ? by : t.at, 1, is_it ? strlen(by) : 1, out);
		t = text_make(t.at + n, t.len - n);
	}
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

/* In an attribute a quote can be written as &quot;, and JSON has many of them. */
static char *hide_argument(const char *option, struct text value)
{
	auto_free char *plain = replace_all(value, "&quot;", "\""), *clean = NULL;

	if (plain)
		clean = secrets_hide(text_of(option), text_of(plain));
	if (!clean || !text_find(value, "&quot;"))
		return clean ? strdup(clean) : NULL;
	return replace_all(text_of(clean), "\"", "&quot;");
}

static int put_argument(struct scan *s, struct text value)
{
	char *clean = hide_argument(s->argument ? s->argument : "", value);

	if (!clean)
		return -ENOMEM;
	put(s, text_of(clean));
	free(s->argument);
	s->argument = clean;
	return 0;
}

/* <qemu:env name="…_PASSWORD" value="…"/>, judged as the argument NAME=VALUE is. */
static int put_variable(struct scan *s, struct text value)
{
	auto_free char *text = NULL, *clean = NULL;

	if (asprintf(&text, "%.*s=%.*s", (int)s->variable.len, s->variable.at, (int)value.len,
		     value.at) < 0) {
		text = NULL;
		return -ENOMEM;
	}
	clean = secrets_hide(text_of(""), text_of(text));
	if (!clean)
		return -ENOMEM;
	put(s, strcmp(text, clean) ? text_of("***") : value);
	return 0;
}

static int put_value(struct scan *s, struct text name, struct text value)
{
	const bool is_env = text_ends(s->tag, ":env");

	if (text_equal(name, "value") && text_ends(s->tag, ":arg"))
		return put_argument(s, value);
	if (text_equal(name, "value") && is_env)
		return put_variable(s, value);
	if (text_equal(name, "name") && is_env)
		s->variable = value;
	put(s, value.len && is_secret(s, name) ? text_of("***") : value);
	return 0;
}

static int take_attribute(struct scan *s)
{
	const size_t start = s->at;
	const struct text name = take_name(s);
	struct text value;
	int e;

	if (!find_value(s, &value)) {
		copy_to(s, start, s->at);
		return 0;
	}
	copy_to(s, start, (size_t)(value.at - s->xml.at));
	e = put_value(s, name, value);
	s->at = (size_t)(value.at - s->xml.at) + value.len;
	return e;
}

static int hide_all(struct scan *s)
{
	int e = 0;

	while (e == 0 && s->at < s->xml.len) {
		const char c = s->xml.at[s->at];

		if (is_name_char(c)) {
			e = take_attribute(s);
			continue;
		}
		copy_to(s, s->at, s->at + 1);
		s->at++;
		if (c == '<') {
			s->tag = take_name(s);
			s->variable = text_of("");
			put(s, s->tag);
		}
	}
	return e;
}

/* In the heap; NULL: no memory. */
static char *hide(struct text xml)
{
	auto_cleanup(scan_release) struct scan s = { .xml = xml };
	char *text = NULL;
	size_t size;
	int e;

	s.out = open_memstream(&text, &size);
	if (!s.out)
		return NULL;
	e = hide_all(&s);
	if (fclose(s.out) == 0 && e == 0)
		return text;
	free(text);
	return NULL;
}

/* Blank for blank: a tab is a control character to a document. */
static char *without_tabs(struct arena *a, struct text line)
{
	auto_free char *plain = replace_all(line, "\t", TAB);

	return plain ? arena_strdup(a, plain) : NULL;
}

int domain_add_lines(struct domain_facts *f, struct arena *a, struct text xml,
		     const char **ret_why_not)
{
	auto_free char *copy = NULL, *clean = NULL;
	struct text rest, line;
	int e = 0;

	*ret_why_not = NULL;
	while (xml.len && !xml.at[xml.len - 1]) /* NULs at the end, as old tools leave them */
		xml.len--;
	if (xml.len > LINES_SIZE_MAX) {
		*ret_why_not = "longer than 256 KiB: not kept";
		return 0;
	}
	copy = strndup(xml.at, xml.len);
	if (!copy)
		return -ENOMEM;
	if (memchr(xml.at, '\0', xml.len) || !xmlCheckUTF8((const unsigned char *)copy)) {
		*ret_why_not = "not UTF-8: not kept";
		return 0;
	}
	clean = hide(text_of(copy));
	if (!clean)
		return -ENOMEM;
	f->xml.known = true;
	rest = text_of(clean);
	while (e == 0 && text_next_line(&rest, &line)) {
		const char *plain = without_tabs(a, line);

		e = plain ? fact_add_str(&f->xml, a, plain) : -ENOMEM;
	}
	return e;
}

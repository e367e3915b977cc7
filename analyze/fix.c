/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/fix.h"

#include <string.h>

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

char *fix_quote(struct arena *a, const char *value)
{
	size_t n = value ? strlen(value) : 0, n_quotes = 0;
	char *quoted, *p;

	if (!value)
		return NULL;
	if (n && strspn(value, NAME_CHARS "./:=,+@%") == n)
		return arena_strdup(a, value);
	for (const char *s = value; *s; s++)
		n_quotes += *s == '\'';
	quoted = arena_alloc(a, n + 3 * n_quotes + 3);
	if (!quoted)
		return NULL;
	p = quoted;
	*p++ = '\'';
	for (const char *s = value; *s; s++) {
		if (*s == '\'') {
			memcpy(p, "'\\''", 4);
			p += 4;
		} else {
			*p++ = *s;
		}
	}
	*p++ = '\'';
	*p = '\0';
	return quoted;
}

/* Length of "{name}" at s, 0 when it is no name in braces. */
static size_t placeholder_len(const char *s)
{
	size_t n = strspn(s + 1, NAME_CHARS);

	return n && s[1 + n] == '}' ? n + 2 : 0;
}

static int put_placeholder(FILE *out, struct arena *a, const char *s, size_t len,
			   fix_lookup_fn *lookup, void *arg, const char **ret_missing)
{
	const char *name = arena_strndup(a, s + 1, len - 2);
	const char *value = name ? lookup(arg, name) : NULL;

	if (!name)
		return -ENOMEM;
	if (value)
		return fputs(value, out) == EOF ? -ENOMEM : 0;
	if (ret_missing && !*ret_missing)
		*ret_missing = name;
	return fwrite(s, 1, len, out) == len ? 0 : -ENOMEM;
}

char *fix_fill(struct arena *a, const char *text, fix_lookup_fn *lookup, void *arg,
	       const char **ret_missing)
{
	auto_free char *buf = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&buf, &size);
	int r = out ? 0 : -ENOMEM;

	if (ret_missing)
		*ret_missing = NULL;
	while (r == 0 && *text) {
		size_t plain = strcspn(text, "{"), len;

		if (fwrite(text, 1, plain, out) != plain)
			r = -ENOMEM;
		text += plain;
		if (!*text)
			break;
		len = placeholder_len(text);
		if (text[1] == '{') {
			putc('{', out);
			text += 2;
		} else if (len) {
			r = put_placeholder(out, a, text, len, lookup, arg, ret_missing);
			text += len;
		} else {
			putc('{', out);
			text++;
		}
	}
	if (out && fclose(out) == EOF)
		r = -ENOMEM;
	return r == 0 ? arena_strdup(a, buf) : NULL;
}

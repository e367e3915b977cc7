/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/redact_shapes.h"

#include <ctype.h>
#include <string.h>

/*
 * A shape is looked for where each word starts: how far must not depend on how long the text is.
 * More than an address has of each: 255 bytes of a host (RFC 5321), 20 groups (InfiniBand).
 */
enum { SPAN_MAX = 256, GROUPS_MAX = 32 };

bool is_word_byte(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static char at(struct text t, size_t i)
{
	return i < t.len ? t.at[i] : '\0';
}

static size_t span(struct text t, size_t from, int (*is)(int c))
{
	size_t n = 0;

	while (n < SPAN_MAX && from + n < t.len && is((unsigned char)t.at[from + n]))
		n++;
	return n;
}

/* Groups of so many digits in base 16 with one separator between all; 0: less than n_min. */
static size_t groups(struct text t, size_t n_digits, char separator, unsigned n_min)
{
	size_t len = 0;
	unsigned n = 0;

	while (n < GROUPS_MAX && span(t, len ? len + 1 : 0, isxdigit) == n_digits) {
		len += n_digits + (len ? 1 : 0);
		n++;
		if (at(t, len) != separator)
			break;
	}
	return n >= n_min && !is_word_byte(at(t, len)) ? len : 0;
}

static size_t mac(struct text t)
{
	size_t len = groups(t, 2, ':', 6);

	if (!len)
		len = groups(t, 2, '-', 6);
	return len ? len : groups(t, 4, '.', 3);
}

static size_t uuid(struct text t)
{
	static const size_t parts[] = { 8, 4, 4, 4, 12 };
	size_t len = 0;

	if (span(t, 0, isxdigit) == 32 && !is_word_byte(at(t, 32)))
		return 32;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (span(t, len, isxdigit) != parts[i])
			return 0;
		len += parts[i];
		if (i + 1 < ARRAY_SIZE(parts) && at(t, len++) != '-')
			return 0;
	}
	return is_word_byte(at(t, len)) ? 0 : len;
}

static size_t ipv4(struct text t)
{
	size_t len = 0;
	unsigned first = 0, sum = 0;

	for (int i = 0; i < 4; i++) {
		const size_t n = span(t, len, isdigit);
		unsigned part = 0;

		if (n == 0 || n > 3)
			return 0;
		for (size_t k = 0; k < n; k++)
			part = part * 10 + (unsigned)(t.at[len + k] - '0');
		if (part > 255)
			return 0;
		first = i ? first : part;
		sum += part;
		len += n;
		if (i < 3 && at(t, len++) != '.')
			return 0;
	}
	if (is_word_byte(at(t, len)) ||
	    (at(t, len) == '.' && isdigit((unsigned char)at(t, len + 1))))
		return 0;
	return first == 127 || sum == 0 ? 0 : len;
}

static int is_ipv6_char(int c)
{
	return isxdigit(c) || c == ':';
}

/* Eight groups, or fewer with "::" once; a PCI address has neither. */
static size_t ipv6(struct text t)
{
	size_t len = span(t, 0, is_ipv6_char), n_colons = 0, n_digits = 0, longest = 0;
	bool has_gap = false;

	while (len && t.at[len - 1] == ':' && !(len > 1 && t.at[len - 2] == ':'))
		len--;
	for (size_t i = 0; i < len; i++) {
		if (t.at[i] == ':') {
			has_gap = has_gap || at(t, i + 1) == ':';
			n_colons++;
			n_digits = 0;
		} else if (++n_digits > longest) {
			longest = n_digits;
		}
	}
	if (is_word_byte(at(t, len)) || longest > 4 || n_colons < 2 || n_colons > 8)
		return 0;
	if (!has_gap && n_colons != 7)
		return 0;
	return len <= 3 ? 0 : len;
}

static int is_mail_char(int c)
{
	return isalnum(c) || (c && strchr("._%+-", c));
}

/* Units of systemd and interrupts have an @ too: getty@tty1.service, mlx5_comp0@pci:… */
static bool is_unit(struct text t)
{
	static const char *const ends[] = { ".service", ".scope",  ".slice", ".socket", ".mount",
					    ".target",  ".device", ".timer", "@pci" };

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		if (text_ends(t, ends[i]))
			return true;
	}
	return false;
}

/* Also user@host; the part behind the @ has a letter. */
static size_t mail(struct text t)
{
	const size_t user = span(t, 0, is_mail_char);
	size_t host, n_letters = 0;

	if (!user || at(t, user) != '@')
		return 0;
	host = span(t, user + 1, is_mail_char);
	while (host && !isalnum((unsigned char)t.at[user + host]))
		host--;
	for (size_t i = 0; i < host; i++)
		n_letters += isalpha((unsigned char)t.at[user + 1 + i]) != 0;
	return n_letters && !is_unit(text_make(t.at, user + 1 + host)) ? user + 1 + host : 0;
}

size_t shape_at(struct text t, const char **ret_kind)
{
	static const struct {
		const char *kind;
		size_t (*length)(struct text t);
	} shapes[] = {
		{ "uuid", uuid }, { "mac", mac }, { "ip", ipv4 }, { "ip", ipv6 }, { "mail", mail },
	};

	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++) {
		const size_t len = shapes[i].length(t);

		if (len) {
			*ret_kind = shapes[i].kind;
			return len;
		}
	}
	return 0;
}

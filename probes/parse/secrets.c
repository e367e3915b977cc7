/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/secrets.h"

#include <string.h>
#include <strings.h>

#define HIDDEN "***"

/* Keys that mean a secret in some arguments only: of one option (NULL: any), with a word in it. */
static const struct {
	const char *option, *word, *key;
	const char *harmless; /* not with this word: a setting of the firmware */
} in_context[] = {
	{ "-object", "secret", "data", NULL },
	{ NULL, "rbd", "key", NULL },
	{ "-fw_cfg", "string", "string", "opt/ovmf/" },
	{ "-smbios", "credential", "value", NULL },
};

struct scan {
	struct text arg;
	bool is_in_context[ARRAY_SIZE(in_context)];
	size_t at; /* what is read next */
	char *out;
	size_t len; /* what is written */
};

static bool ends_like(struct text key, const char *end)
{
	const size_t n = strlen(end);

	return key.len >= n && !strncasecmp(key.at + key.len - n, end, n);
}

static bool is_option(struct text option, const char *name)
{
	return text_equal(option, name) || (text_starts(option, "--") && text_ends(option, name) &&
					    option.len == strlen(name) + 1);
}

static bool is_secret(const struct scan *s, struct text key)
{
	static const char *const ends[] = { "password", "passwd", "passphrase", "cookie" };
	static const char *const names[] = { "pass", "pwd", "token" };
	const char *dot = memrchr(key.at, '.', key.len);

	if (dot)
		key = text_make(dot + 1, key.len - (size_t)(dot + 1 - key.at));
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		if (ends_like(key, ends[i]))
			return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (text_equal(key, names[i]))
			return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(in_context); i++) {
		if (s->is_in_context[i] && text_equal(key, in_context[i].key))
			return true;
	}
	return false;
}

static char char_at(const struct scan *s, size_t at)
{
	return at < s->arg.len ? s->arg.at[at] : '\0';
}

static bool is_key_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || c == '.';
}

static void copy_to(struct scan *s, size_t end)
{
	memcpy(s->out + s->len, s->arg.at + s->at, end - s->at);
	s->len += end - s->at;
	s->at = end;
}

static void hide_to(struct scan *s, size_t end)
{
	memcpy(s->out + s->len, HIDDEN, sizeof(HIDDEN) - 1);
	s->len += sizeof(HIDDEN) - 1;
	s->at = end;
}

/* A value ends at a single comma; what else may end it is hidden with it. */
static size_t value_end(const struct scan *s, size_t at)
{
	while (at < s->arg.len && (char_at(s, at) != ',' || char_at(s, at + 1) == ','))
		at += char_at(s, at) == ',' ? 2 : 1;
	return at;
}

static size_t string_end(const struct scan *s, size_t at)
{
	while (at < s->arg.len && char_at(s, at) != '"')
		at += char_at(s, at) == '\\' && at + 1 < s->arg.len ? 2 : 1;
	return at;
}

static size_t skip_blanks(const struct scan *s, size_t at)
{
	while (at < s->arg.len && strchr(" \t\r\n", char_at(s, at)) && char_at(s, at))
		at++;
	return at;
}

/* Behind a key that ends at end: start of a JSON string, or 0. */
static size_t json_value(const struct scan *s, size_t end)
{
	if (char_at(s, end) != '"')
		return 0;
	end = skip_blanks(s, end + 1);
	if (char_at(s, end) != ':')
		return 0;
	end = skip_blanks(s, end + 1);
	return char_at(s, end) == '"' ? end + 1 : 0;
}

/* Copies a key; hides its value when it is one that has to be. */
static void take_key(struct scan *s)
{
	size_t end = s->at, value;
	struct text key;

	while (is_key_char(char_at(s, end)))
		end++;
	key = text_make(s->arg.at + s->at, end - s->at);
	value = json_value(s, end);
	if (char_at(s, end) == '=' && is_secret(s, key)) {
		copy_to(s, end + 1);
		hide_to(s, value_end(s, s->at));
	} else if (value && is_secret(s, key)) {
		copy_to(s, value);
		hide_to(s, string_end(s, s->at));
	} else {
		copy_to(s, end);
	}
}

/* At "://": "user:password@" in front of a host. */
static void take_url(struct scan *s)
{
	size_t end = s->at + 3, colon = 0, at_sign = 0;

	for (; end < s->arg.len && !strchr("/,?\" ", char_at(s, end)); end++) {
		if (char_at(s, end) == ':' && !colon)
			colon = end;
		else if (char_at(s, end) == '@')
			at_sign = end;
	}
	if (colon && colon < at_sign) {
		copy_to(s, colon + 1);
		hide_to(s, at_sign);
	} else {
		copy_to(s, s->at + 3);
	}
}

char *secrets_hide(struct text option, struct text arg)
{
	/* Each "***" stands behind four characters at least that are copied. */
	struct scan s = { .arg = arg, .out = malloc(2 * arg.len + 1) };

	if (!s.out)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(in_context); i++)
		s.is_in_context[i] =
			(!in_context[i].option || is_option(option, in_context[i].option)) &&
			text_find(arg, in_context[i].word) &&
			!(in_context[i].harmless && text_find(arg, in_context[i].harmless));
	while (s.at < arg.len) {
		if (is_key_char(char_at(&s, s.at)))
			take_key(&s);
		else if (char_at(&s, s.at) == ':' && char_at(&s, s.at + 1) == '/' &&
			 char_at(&s, s.at + 2) == '/')
			take_url(&s);
		else
			copy_to(&s, s.at + 1);
	}
	s.out[s.len] = '\0';
	return s.out;
}

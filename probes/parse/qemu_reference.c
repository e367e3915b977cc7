/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/qemu_reference.h"

#include <ctype.h>
#include <string.h>

/* Far above any script; what does not end below it is no reference. */
#define REFERENCE_MAX 4096u

size_t shell_name_length(struct text t)
{
	size_t n = 0;

	while (n < t.len && (isalpha((unsigned char)t.at[n]) || t.at[n] == '_' ||
			     (n && isdigit((unsigned char)t.at[n]))))
		n++;
	return n;
}

static struct text behind(struct text t, size_t n)
{
	return text_make(t.at + n, t.len - n);
}

static size_t length_until(struct text t, char end)
{
	const char *found = t.len ? memchr(t.at, end, u64_min(t.len, REFERENCE_MAX)) : NULL;

	return found ? (size_t)(found - t.at) : SIZE_MAX;
}

static bool parse_braces(struct text t, struct shell_reference *ref)
{
	static const char *const all[] = { "[@]}", "[*]}" };
	struct text rest = behind(t, 2);
	size_t n;

	ref->name = text_make(rest.at, shell_name_length(rest));
	rest = behind(rest, ref->name.len);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		if (!text_starts(rest, all[i]))
			continue;
		ref->is_all = true;
		rest = behind(rest, 3);
	}
	if (text_starts(rest, ":-") || text_starts(rest, "-")) {
		rest = behind(rest, *rest.at == ':' ? 2 : 1);
		n = length_until(rest, '}');
		if (n == SIZE_MAX)
			return false;
		ref->fallback = text_make(rest.at, n);
		rest = behind(rest, n);
	}
	ref->n = (size_t)(rest.at - t.at) + 1;
	return ref->name.len && text_starts(rest, "}");
}

bool shell_reference_parse(struct text t, struct shell_reference *ret_ref)
{
	*ret_ref = (struct shell_reference){ 0 };
	if (text_starts(t, "${"))
		return parse_braces(t, ret_ref);
	ret_ref->name = text_make(t.at + 1, shell_name_length(behind(t, 1)));
	ret_ref->n = 1 + ret_ref->name.len;
	return ret_ref->name.len;
}

size_t shell_command_length(struct text t)
{
	size_t depth = 0;

	for (size_t i = 1; i < t.len && i < REFERENCE_MAX; i++) {
		depth += t.at[i] == '(';
		depth -= t.at[i] == ')';
		if (!depth)
			return i + 1;
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/personal.h"

#include <string.h>

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* x: a hex digit, each other character itself. */
static bool has_form(struct text t, const char *form)
{
	const size_t n = strlen(form);

	if (t.len < n || (t.len > n && is_hex(t.at[n])))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (form[i] == 'x' ? !is_hex(t.at[i]) : t.at[i] != form[i])
			return false;
	}
	return true;
}

/* Length of a name in a path or list. */
static size_t name_length(struct text t)
{
	size_t n = 0;

	while (n < t.len && !memchr(" \t\n\"',;:)]/\0", t.at[n], 13))
		n++;
	return n;
}

/* How much of the front of t is to go; *ret_instead takes its place. */
static size_t to_hide(struct text t, bool is_start, const char **ret_instead)
{
	static const struct {
		const char *form, *instead;
	} forms[] = {
		{ "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "UUID" },
		{ "xx:xx:xx:xx:xx:xx", "MAC" },
	};
	static const char home[] = "/home/";
	size_t n;

	for (size_t i = 0; is_start && i < ARRAY_SIZE(forms); i++) {
		if (has_form(t, forms[i].form)) {
			*ret_instead = forms[i].instead;
			return strlen(forms[i].form);
		}
	}
	if (text_starts(t, home)) {
		n = name_length(text_make(t.at + strlen(home), t.len - strlen(home)));
		*ret_instead = "~";
		return n ? strlen(home) + n : 0;
	}
	return 0;
}

/* "/by-id/NAME": how long the directory in front of NAME is. */
static size_t by_dir(struct text t)
{
	static const char *const dirs[] = { "/by-id/", "/by-uuid/", "/by-partuuid/", "/by-path/",
					    "/by-label/" };

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		if (text_starts(t, dirs[i]))
			return strlen(dirs[i]);
	}
	return 0;
}

char *personal_hide(struct arena *a, struct text t)
{
	/* What takes the place of a text is never longer than it. */
	char *copy = arena_alloc(a, t.len + 1);
	size_t n = 0;
	bool is_start = true;

	while (copy && t.len > 0) {
		const char *instead = "";
		size_t cut = to_hide(t, is_start, &instead);
		const size_t dir = cut ? 0 : by_dir(t);

		if (dir) {
			const struct text name = text_make(t.at + dir, t.len - dir);

			cut = name_length(name);
			memcpy(copy + n, t.at, dir);
			n += dir;
			if (cut)
				copy[n++] = '*';
			t = text_make(name.at + cut, name.len - cut);
			is_start = true;
			continue;
		}
		if (cut) {
			memcpy(copy + n, instead, strlen(instead));
			n += strlen(instead);
		} else {
			copy[n++] = *t.at;
			cut = 1;
		}
		is_start = !is_hex(t.at[cut - 1]);
		t = text_make(t.at + cut, t.len - cut);
	}
	if (copy)
		copy[n] = '\0';
	return copy;
}

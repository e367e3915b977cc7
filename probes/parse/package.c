/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/package.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct text from(struct text t, const char *at)
{
	return text_make(at, t.len - (size_t)(at - t.at));
}

/* The stanza that begins with this line; the text itself begins behind a newline or at its start.
 */
static bool find_stanza(struct text t, const char *key, const char *package, struct text *ret)
{
	const size_t n_key = strlen(key), n = strlen(package);

	for (const char *at = text_find(t, package); at; at = text_find(t, package)) {
		const bool is_line = (size_t)(at - t.at) >= n_key &&
				     !memcmp(at - n_key, key, n_key) &&
				     (at - n_key == t.at || at[-(ptrdiff_t)n_key - 1] == '\n');

		t = from(t, at + n);
		if (is_line && text_starts(t, "\n")) {
			const char *end = text_find(t, "\n\n");

			*ret = text_make(t.at, end ? (size_t)(end - t.at) : t.len);
			return true;
		}
	}
	return false;
}

/* Value of a line "KEY: value" of a stanza. */
static bool find_value(struct text stanza, const char *key, struct text *ret_value)
{
	struct text line;

	while (text_next_line(&stanza, &line)) {
		if (!text_starts(line, key))
			continue;
		*ret_value = text_trim(from(line, line.at + strlen(key)));
		return ret_value->len > 0;
	}
	return false;
}

bool package_dpkg(struct text status, const char *package, struct text *ret_version)
{
	struct text stanza, state;

	/* A package that was removed but for its configuration has a stanza and a version too. */
	return find_stanza(status, "Package: ", package, &stanza) &&
	       find_value(stanza, "Status:", &state) && text_ends(state, " installed") &&
	       find_value(stanza, "Version:", ret_version);
}

bool package_apk(struct text installed, const char *package, struct text *ret_version)
{
	struct text stanza;

	return find_stanza(installed, "P:", package, &stanza) &&
	       find_value(stanza, "V:", ret_version);
}

bool package_folder(struct text folder, const char *package, struct text *ret_version)
{
	const size_t n = strlen(package);

	if (folder.len < n + 2 || !text_starts(folder, package) || folder.at[n] != '-' ||
	    !is_digit(folder.at[n + 1]))
		return false;
	*ret_version = from(folder, folder.at + n + 1);
	return true;
}

bool package_number(struct text version, struct text *ret_number)
{
	const char *colon = text_find(version, ":");
	struct text epoch = text_make(version.at, colon ? (size_t)(colon - version.at) : 0);
	struct text t = version;
	uint64_t number;
	size_t n = 0;

	if (colon && text_u64(epoch, &number) == 0)
		t = from(version, colon + 1);
	while (t.len > 0 && !is_digit(*t.at))
		t = text_make(t.at + 1, t.len - 1);
	while (n < t.len && (is_digit(t.at[n]) || t.at[n] == '.'))
		n++;
	while (n > 0 && t.at[n - 1] == '.')
		n--;
	*ret_number = text_make(t.at, n);
	return n > 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/release.h"

bool proc_version_parse(struct text text, struct text *ret_release, struct text *ret_version)
{
	struct text rest, linux_word, version_word, release;
	const char *hash;

	if (!text_next_line(&text, &rest) || !text_next_word(&rest, &linux_word) ||
	    !text_equal(linux_word, "Linux") || !text_next_word(&rest, &version_word) ||
	    !text_equal(version_word, "version") || !text_next_word(&rest, &release))
		return false;
	hash = text_find(rest, ") #");
	if (!hash)
		return false;
	*ret_release = release;
	*ret_version = text_trim(text_make(hash + 2, rest.len - (size_t)(hash + 2 - rest.at)));
	return true;
}

static struct text without_quotes(struct text t)
{
	if (t.len >= 2 && (*t.at == '"' || *t.at == '\'') && t.at[t.len - 1] == *t.at)
		return text_make(t.at + 1, t.len - 2);
	return t;
}

bool os_release_value(struct text text, const char *key, struct text *ret_value)
{
	struct text line, name, value, found = { 0 };

	while (text_next_line(&text, &line)) {
		/* As in a shell, a later line replaces an earlier one. */
		if (text_key_value(line, '=', &name, &value) && text_equal(name, key))
			found = without_quotes(value);
	}
	if (!found.len)
		return false;
	*ret_value = found;
	return true;
}

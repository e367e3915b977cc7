/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/mounts.h"

bool mounts_next(struct text *rest, struct mount_line *ret_mount)
{
	struct text line;

	while (text_next_line(rest, &line)) {
		if (text_next_word(&line, &ret_mount->source) &&
		    text_next_word(&line, &ret_mount->target) &&
		    text_next_word(&line, &ret_mount->type) &&
		    text_next_word(&line, &ret_mount->options))
			return true;
	}
	return false;
}

/* "\040" at t.at[i]: 32; -1: not an escape. */
static int octal(struct text t, size_t i)
{
	int v = 0;

	if (t.at[i] != '\\' || t.len - i < 4)
		return -1;
	for (size_t k = i + 1; k < i + 4; k++) {
		if (t.at[k] < '0' || t.at[k] > '7')
			return -1;
		v = v * 8 + t.at[k] - '0';
	}
	return v > 0 && v <= 0xff ? v : -1;
}

char *mounts_unescape(struct text field)
{
	char *copy = malloc(field.len + 1);
	size_t n = 0;

	if (!copy)
		return NULL;
	for (size_t i = 0; i < field.len; i++) {
		const int c = octal(field, i);

		copy[n++] = c < 0 ? field.at[i] : (char)c;
		i += c < 0 ? 0 : 3;
	}
	copy[n] = '\0';
	return copy;
}

bool mounts_has_option(struct text options, const char *name)
{
	struct text option;

	while (text_next_piece(&options, ',', &option)) {
		if (text_equal(option, name))
			return true;
	}
	return false;
}

int mounts_page_size(struct text options, uint64_t *ret_bytes)
{
	struct text option, key, value;

	while (text_next_piece(&options, ',', &option)) {
		if (text_key_value(option, '=', &key, &value) && text_equal(key, "pagesize"))
			return text_size(value, ret_bytes);
	}
	return -ENOENT;
}

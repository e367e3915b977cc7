/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/meminfo.h"

static struct text without_node(struct text key)
{
	struct text rest = key, word;

	if (!text_next_word(&rest, &word) || !text_equal(word, "Node") ||
	    !text_next_word(&rest, &word))
		return key;
	return text_trim(rest);
}

static int parse_kib(struct text value, uint64_t *ret_kib)
{
	uint64_t kib;

	if (text_take_u64(&value, &kib) < 0 || !text_equal(text_trim(value), "kB"))
		return -EBADMSG;
	*ret_kib = kib;
	return 0;
}

int meminfo_kib(struct text text, const char *name, uint64_t *ret_kib)
{
	struct text line, key, value;

	while (text_next_line(&text, &line)) {
		if (text_key_value(line, ':', &key, &value) && text_equal(without_node(key), name))
			return parse_kib(value, ret_kib);
	}
	return -ENOENT;
}

int vmstat_value(struct text text, const char *name, uint64_t *ret_value)
{
	struct text line, key, value;

	while (text_next_line(&text, &line)) {
		if (text_key_value(line, ' ', &key, &value) && text_equal(key, name))
			return text_u64(value, ret_value) < 0 ? -EBADMSG : 0;
	}
	return -ENOENT;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/numa_maps.h"

/* Above all memory there is, and small enough that sums of any text of 16 MiB stay in range. */
#define KIB_MAX (1ull << 40)

static bool is_address(struct text word)
{
	uint64_t v;

	return text_hex(word, &v) == 0;
}

/* "N12=34": 1, 0: another word, -EBADMSG: no such node. */
static int take_node(struct text key, uint64_t *ret_node)
{
	uint64_t node;
	int r;

	if (!text_starts(key, "N"))
		return 0;
	r = text_u64(text_make(key.at + 1, key.len - 1), &node);
	if (r == -EINVAL)
		return 0;
	if (r < 0 || node >= NUMA_MAPS_N_NODES)
		return -EBADMSG;
	*ret_node = node;
	return 1;
}

/* Words of one line behind its address: the size of its pages; 0: not told. */
static int find_page_size(struct text words, uint64_t *ret_kib)
{
	struct text word, key, value;

	*ret_kib = 0;
	while (text_next_word(&words, &word)) {
		if (!text_key_value(word, '=', &key, &value) ||
		    !text_equal(key, "kernelpagesize_kB"))
			continue;
		if (text_u64(value, ret_kib) < 0 || *ret_kib == 0 || *ret_kib > KIB_MAX)
			return -EBADMSG;
	}
	return 0;
}

static int add_pages(struct numa_maps *maps, uint64_t node, struct text value, uint64_t page_kib)
{
	uint64_t n;

	if (!page_kib || text_u64(value, &n) < 0 || n > KIB_MAX / page_kib)
		return -EBADMSG;
	maps->node_kib[node] += n * page_kib;
	return 0;
}

static int add_line(struct numa_maps *maps, struct text words)
{
	struct text word, key, value;
	uint64_t page_kib, node = 0;
	int r = find_page_size(words, &page_kib);

	while (r == 0 && text_next_word(&words, &word)) {
		if (!text_key_value(word, '=', &key, &value))
			continue;
		r = take_node(key, &node);
		if (r > 0)
			r = add_pages(maps, node, value, page_kib);
	}
	return r;
}

int numa_maps_parse(struct text text, struct numa_maps *ret_maps)
{
	struct numa_maps maps = { { 0 } };
	struct text line, address, policy;
	bool has_lines = false;

	while (text_next_line(&text, &line)) {
		if (!text_next_word(&line, &address) || !is_address(address) ||
		    !text_next_word(&line, &policy))
			continue;
		has_lines = true;
		if (add_line(&maps, line) < 0)
			return -EBADMSG;
	}
	if (!has_lines)
		return -EBADMSG;
	*ret_maps = maps;
	return 0;
}

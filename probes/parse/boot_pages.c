/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/boot_pages.h"

#include "probes/parse/cmdline.h"

static bool parse_size(struct text value, uint64_t *ret_page_kib)
{
	uint64_t bytes;

	if (!value.at || text_size(value, &bytes) < 0 || bytes < KIB)
		return false;
	*ret_page_kib = bytes / KIB;
	return true;
}

/* "14", or "0:2,1:3". */
static bool parse_count(struct text value, uint64_t *ret_n)
{
	uint64_t sum = 0, n;
	struct text piece;

	while (text_next_piece(&value, ',', &piece)) {
		struct text node, count = piece;

		text_key_value(piece, ':', &node, &count);
		if (text_u64(count, &n) < 0 || n > INT64_MAX - sum)
			return false;
		sum += n;
	}
	*ret_n = sum;
	return true;
}

bool boot_pages_next(struct boot_pages_scan *scan, struct boot_pages *ret_pages)
{
	struct cmdline_word word;

	while (cmdline_next(&scan->rest, &word)) {
		if (cmdline_name_is(word.name, "hugepagesz")) {
			scan->has_odd_size = !parse_size(word.value, &scan->page_kib);
			scan->is_repeated = false;
			continue;
		}
		if (!word.value.at || !cmdline_name_is(word.name, "hugepages") ||
		    scan->has_odd_size || scan->is_repeated)
			continue;
		/* Without another hugepagesz= in between, the kernel refuses the second one. */
		scan->is_repeated = true;
		if (!parse_count(word.value, &ret_pages->n_pages))
			continue;
		ret_pages->page_kib = scan->page_kib;
		return true;
	}
	return false;
}

bool boot_pages_default(struct text cmdline, uint64_t *ret_page_kib)
{
	struct text value;

	return cmdline_first(cmdline, "default_hugepagesz", &value) &&
	       parse_size(value, ret_page_kib);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/parse/smaps.h"

#include <string.h>

/* No kernel has larger page tables; sums of any number of lines of 64 MiB text stay in range. */
#define KIB_MAX (1ull << 40)

/* Larger than the pages of any processor, smaller than the smallest huge page but arm64's 64K. */
#define BASE_PAGE_KIB_MAX 64u

static bool is_same(const struct smaps_backing *a, const struct smaps_backing *b)
{
	return a->page_kib == b->page_kib && a->is_hugetlb == b->is_hugetlb;
}

static bool is_before(const struct smaps_backing *a, const struct smaps_backing *b)
{
	if (a->page_kib != b->page_kib)
		return a->page_kib < b->page_kib;
	return a->is_hugetlb < b->is_hugetlb;
}

static void add_backing(struct smaps *s, const struct smaps_backing *add)
{
	size_t at = 0;

	while (at < s->n && is_before(&s->backings[at], add))
		at++;
	if (at == s->n || !is_same(&s->backings[at], add)) {
		if (s->n == SMAPS_N_BACKINGS) {
			s->is_cut = true;
			return;
		}
		memmove(&s->backings[at + 1], &s->backings[at],
			(s->n++ - at) * sizeof(s->backings[0]));
		s->backings[at] = (struct smaps_backing){ .page_kib = add->page_kib,
							  .is_hugetlb = add->is_hugetlb };
	}
	s->backings[at].size_kib += add->size_kib;
	s->backings[at].resident_kib += add->resident_kib;
	s->backings[at].anon_huge_kib += add->anon_huge_kib;
}

void smaps_end(struct smaps *s)
{
	struct smaps_backing *m = &s->mapping;

	if (s->is_open && m->page_kib) {
		if (s->hugetlb_kib || m->page_kib > BASE_PAGE_KIB_MAX)
			m->is_hugetlb = true;
		/* Rss leaves reserved huge pages out. */
		if (m->is_hugetlb)
			m->resident_kib = s->hugetlb_kib;
		if (m->is_hugetlb || (s->is_data && !s->is_device && m->size_kib > SMAPS_OVER_KIB))
			add_backing(s, m);
	}
	s->is_open = false;
}

/* "7f3e23e00000-7f3e33e00000 rw-p 00000000 00:00 0    /path": its permissions, if it is one. */
static bool take_header(struct text line, struct text *ret_permissions, struct text *ret_path)
{
	struct text range, word, start, end;
	uint64_t v;

	if (!text_next_word(&line, &range) || !text_key_value(range, '-', &start, &end) ||
	    text_hex(start, &v) < 0 || text_hex(end, &v) < 0)
		return false;
	if (!text_next_word(&line, ret_permissions) || ret_permissions->len != 4)
		return false;
	for (int i = 0; i < 3; i++) {
		if (!text_next_word(&line, &word))
			return false;
	}
	*ret_path = text_trim(line);
	return true;
}

static void open_mapping(struct smaps *s, struct text permissions, struct text path)
{
	smaps_end(s);
	s->is_open = true;
	s->mapping = (struct smaps_backing){ 0 };
	s->hugetlb_kib = 0;
	s->is_data = permissions.at[1] == 'w' && permissions.at[2] != 'x' &&
		     !text_equal(path, "[heap]") && !text_equal(path, "[stack]");
	s->is_device = text_starts(path, "anon_inode:");
}

/* "rd wr mr mw me ht sd": ht is hugetlb, io and pf are memory of a device. */
static void read_flags(struct smaps *s, struct text flags)
{
	struct text flag;

	while (text_next_word(&flags, &flag)) {
		if (text_equal(flag, "ht"))
			s->mapping.is_hugetlb = true;
		else if (text_equal(flag, "mg"))
			s->n_mergeable++;
		else if (text_equal(flag, "io") || text_equal(flag, "pf"))
			s->is_device = true;
	}
}

static void read_value(struct smaps *s, struct text key, struct text value)
{
	const struct {
		const char *key;
		uint64_t *sum;
	} fields[] = {
		{ "Size", &s->mapping.size_kib },
		{ "KernelPageSize", &s->mapping.page_kib },
		{ "Rss", &s->mapping.resident_kib },
		{ "AnonHugePages", &s->mapping.anon_huge_kib },
		{ "ShmemPmdMapped", &s->mapping.anon_huge_kib },
		{ "Shared_Hugetlb", &s->hugetlb_kib },
		{ "Private_Hugetlb", &s->hugetlb_kib },
	};
	uint64_t v;

	if (!text_ends(value, " kB") || text_u64(text_make(value.at, value.len - 3), &v) < 0 ||
	    v > KIB_MAX)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (text_equal(key, fields[i].key))
			*fields[i].sum += v;
	}
}

void smaps_add_line(struct smaps *s, struct text line)
{
	struct text key, value, permissions, path;

	if (take_header(line, &permissions, &path))
		open_mapping(s, permissions, path);
	else if (!s->is_open || !text_key_value(line, ':', &key, &value))
		return;
	else if (text_equal(key, "VmFlags"))
		read_flags(s, value);
	else
		read_value(s, key, value);
}

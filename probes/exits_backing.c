/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/exits_backing.h"

#include <inttypes.h>
#include <linux/mman.h>
#include <sys/mman.h>

#include "core/text.h"

#define SIZE_MAX_BYTES (64 * MIB)
#define SIZE_MIN_BYTES (32 * MIB)
#define SHARE          16u
#define HUGE_SIZE      (2 * MIB)

/* Linux 5.14; older headers lack it. */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

size_t exits_backing_size(uint64_t available_kib)
{
	uint64_t size = u64_min(available_kib / SHARE * KIB, SIZE_MAX_BYTES);

	return size < SIZE_MIN_BYTES ? 0 : size / HUGE_SIZE * HUGE_SIZE;
}

static int map(struct exits_backing *b, size_t size, size_t slack, int flags)
{
	void *at = mmap(NULL, size + slack, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	if (at == MAP_FAILED)
		return neg_errno();
	b->map = at;
	b->map_size = size + slack;
	b->at = slack ? (uint8_t *)(((uintptr_t)at + slack - 1) / slack * slack) : at;
	b->size = size;
	return 0;
}

/* With an error where touching the pages would be a signal (a limit of the cgroup). */
static int populate(const struct exits_backing *b)
{
	return madvise(b->at, b->size, MADV_POPULATE_WRITE) < 0 ? neg_errno() : 0;
}

static int map_hugetlb(struct exits_backing *b, size_t size, int page_flag)
{
	int r = map(b, size, 0, MAP_HUGETLB | page_flag);

	if (r == 0)
		r = populate(b);
	b->is_hugetlb = r == 0;
	if (r < 0)
		exits_backing_release(b);
	return r;
}

static bool is_in_mapping(struct text line, uintptr_t at)
{
	struct text piece;
	uint64_t from, to;

	return text_next_piece(&line, '-', &piece) && text_hex(piece, &from) == 0 &&
	       text_next_word(&line, &piece) && text_hex(piece, &to) == 0 && from <= at && at < to;
}

/* A line of this form begins a mapping; the others have a name and a colon. */
static bool begins_mapping(struct text line)
{
	struct text word;

	return text_next_word(&line, &word) && !text_ends(word, ":");
}

/* How much of the mapping is in transparent huge pages; KiB. */
static int read_anon_huge(const struct sysroot *root, const void *at, uint64_t *ret_kib)
{
	struct text rest, line, key, value;
	auto_free char *text = NULL;
	bool is_ours = false;
	size_t len;
	int r = sysroot_read(root, &text, &len, "/proc/self/smaps");

	if (r < 0)
		return r;
	rest = text_make(text, len);
	while (text_next_line(&rest, &line)) {
		struct text number;

		if (begins_mapping(line)) {
			is_ours = is_in_mapping(line, (uintptr_t)at);
			continue;
		}
		if (is_ours && text_key_value(line, ':', &key, &value) &&
		    text_equal(key, "AnonHugePages") && text_next_word(&value, &number))
			return text_u64(number, ret_kib);
	}
	return -ENODATA;
}

static int init_small(struct exits_backing *b, const struct sysroot *root, size_t size,
		      const char **ret_why)
{
	uint64_t huge_kib = 0;
	int r;

	*ret_why = "memory in pages of 4 KiB";
	r = map(b, size, HUGE_SIZE, 0);
	if (r < 0)
		return r;
	/* A kernel without transparent huge pages does not know it, and needs no telling. */
	if (madvise(b->map, b->map_size, MADV_NOHUGEPAGE) < 0 && errno != EINVAL)
		return neg_errno();
	r = populate(b);
	if (r < 0)
		return r;
	r = read_anon_huge(root, b->at, &huge_kib);
	if (r == 0 && huge_kib > 0) {
		*ret_why = "the kernel gave transparent huge pages that were refused";
		r = -EBUSY;
	}
	return r;
}

static int init_large(struct exits_backing *b, const struct sysroot *root, size_t size,
		      const char **ret_why)
{
	uint64_t huge_kib = 0;
	int r = map_hugetlb(b, size, MAP_HUGE_2MB);

	if (r == 0)
		return 0;
	*ret_why = "too few free huge pages of 2 MiB, and no transparent ones";
	r = map(b, size, HUGE_SIZE, 0);
	if (r < 0)
		return r;
	if (madvise(b->map, b->map_size, MADV_HUGEPAGE) < 0)
		return neg_errno();
	r = populate(b);
	if (r < 0)
		return r;
	r = read_anon_huge(root, b->at, &huge_kib);
	if (r == 0 && huge_kib < size / KIB) {
		*ret_why = "too few free huge pages of 2 MiB, and the kernel did not give enough "
			   "transparent ones";
		r = -ENOMEM;
	}
	return r;
}

static int init_gigantic(struct exits_backing *b, const char **ret_why)
{
	int r = map_hugetlb(b, GIB, MAP_HUGE_1GB);

	*ret_why = "no free huge page of 1 GiB";
	return r;
}

int exits_backing_init(struct exits_backing *backing, const struct sysroot *root, uint64_t page_kib,
		       size_t size, const char **ret_why)
{
	int r;

	*backing = (struct exits_backing){ 0 };
	if (page_kib == 4)
		r = init_small(backing, root, size, ret_why);
	else if (page_kib == 2048)
		r = init_large(backing, root, size, ret_why);
	else
		r = init_gigantic(backing, ret_why);
	if (r < 0)
		exits_backing_release(backing);
	else
		backing->used = size;
	return r;
}

void exits_backing_release(struct exits_backing *backing)
{
	if (backing->map)
		munmap(backing->map, backing->map_size);
	*backing = (struct exits_backing){ 0 };
}

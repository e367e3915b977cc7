/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_memory.c - what backs the memory of a guest, and how much of it is locked or swapped. */
#include <fcntl.h>
#include <string.h>

#include "probes/guest_parts.h"
#include "probes/parse/smaps.h"
#include "probes/parse/tasks.h"

/* A mapping takes 700 bytes, a process has at most 65530 of them by default. */
#define SMAPS_MAX  (64u << 20)
#define CHUNK_SIZE (64u << 10)

/* Lines over the size of a chunk are of no kernel: they are cut into pieces. */
static size_t take_lines(struct smaps *smaps, const char *buf, size_t len, bool is_end)
{
	size_t at = 0;

	while (at < len) {
		const char *newline = memchr(buf + at, '\n', len - at);
		size_t n = newline ? (size_t)(newline - (buf + at)) : len - at;

		if (!newline && !is_end && (at > 0 || len < CHUNK_SIZE))
			break;
		smaps_add_line(smaps, text_make(buf + at, n));
		at += n + (newline != NULL);
	}
	return at;
}

/* 0, or why it could not be read: -EFBIG when it is longer than any kernel writes. */
static int read_smaps(int fd, struct smaps *smaps)
{
	auto_free char *buf = malloc(CHUNK_SIZE);
	size_t len = 0, total = 0;

	if (!buf)
		return -ENOMEM;
	for (;;) {
		ssize_t n = read(fd, buf + len, CHUNK_SIZE - len);
		size_t used;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return neg_errno();
		len += (size_t)n;
		total += (size_t)n;
		if (total > SMAPS_MAX)
			return -EFBIG;
		used = take_lines(smaps, buf, len, n == 0);
		if (n == 0)
			break;
		memmove(buf, buf + used, len - used);
		len -= used;
	}
	smaps_end(smaps);
	return smaps->is_cut ? -EBADMSG : 0;
}

static int set_backing(struct arena *a, const struct smaps *smaps, struct fact_list *f)
{
	f->known = true;
	for (size_t i = 0; i < smaps->n; i++) {
		const struct smaps_backing *b = &smaps->backings[i];
		struct guest_backing *item = fact_add_item(f, a, sizeof(*item));

		if (!item)
			return -ENOMEM;
		fact_set_u64(&item->page_kib, b->page_kib);
		fact_set_u64(&item->size_kib, b->size_kib);
		fact_set_u64(&item->resident_kib, b->resident_kib);
		fact_set_u64(&item->anon_huge_kib, b->anon_huge_kib);
		fact_set_bool(&item->is_hugetlb, b->is_hugetlb);
	}
	return 0;
}

static int read_backing(struct probe_env *env, uint32_t pid, struct fact_list *f)
{
	char *path = arena_printf(env->arena, "/proc/%u/smaps", pid);
	struct smaps smaps = { 0 };
	auto_fd int fd = -1;
	int r;

	if (!path)
		return -ENOMEM;
	fd = sysroot_open_file(env->root, O_RDONLY, "%s", path);
	r = fd < 0 ? fd : read_smaps(fd, &smaps);
	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, "guests.backing", path, r);
	return set_backing(env->arena, &smaps, f);
}

static int read_status(struct probe_env *env, uint32_t pid, struct guest_process *g)
{
	char *path = arena_printf(env->arena, "/proc/%u/status", pid);
	auto_free char *text = NULL;
	struct task_status status;
	size_t len;
	int r;

	if (!path)
		return -ENOMEM;
	r = sysroot_read(env->root, &text, &len, "%s", path);
	if (r < 0)
		return r == -ENOMEM ? r : probe_gap(env, "guests.locked_kib", path, r);
	task_status_parse(text_make(text, len), &status);
	g->locked_kib = status.locked_kib;
	g->swap_kib = status.swap_kib;
	return 0;
}

int guest_read_memory(struct probe_env *env, uint32_t pid, struct guest_process *g)
{
	int r = read_status(env, pid, g);

	return r == 0 ? read_backing(env, pid, &g->backing) : r;
}

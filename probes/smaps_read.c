/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/smaps_read.h"

#include <fcntl.h>
#include <string.h>

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

static int read_lines(int fd, struct smaps *smaps)
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

int smaps_read(const struct sysroot *root, const char *path, struct smaps *smaps)
{
	auto_fd int fd = sysroot_open_file(root, O_RDONLY, "%s", path);

	return fd < 0 ? fd : read_lines(fd, smaps);
}

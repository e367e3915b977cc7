/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "core/bundle.h"
#include "core/sysroot.h"

/* The folder that was made or opened last: entries come in the order of paths. */
struct place {
	int top_fd, fd;
	const char *path; /* of the entry that it was for */
	size_t len;       /* of the folder in that path; 0: the top */
};

static int open_below(int fd, const char *name)
{
	const int below = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return below < 0 ? neg_errno() : below;
}

static int make_below(int fd, const char *name)
{
	return mkdirat(fd, name, 0700) < 0 && errno != EEXIST ? neg_errno() : open_below(fd, name);
}

/* Goes to the folder in the first len bytes of path, which is made. */
static int go_to(struct place *p, const char *path, size_t len)
{
	struct text rest = text_make(path + 1, len ? len - 1 : 0), name;
	int fd;

	if (p->path && len == p->len && !memcmp(path, p->path, len))
		return 0;
	fd = open_below(p->top_fd, ".");
	while (fd >= 0 && text_next_piece(&rest, '/', &name)) {
		auto_free char *copy = strndup(name.at, name.len);
		const int below = copy ? make_below(fd, copy) : -ENOMEM;

		close(fd);
		fd = below;
	}
	if (fd < 0)
		return fd;
	if (p->fd >= 0)
		close(p->fd);
	p->fd = fd;
	p->path = path;
	p->len = len;
	return 0;
}

static int write_all(int fd, const char *bytes, size_t len)
{
	while (len) {
		const ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return neg_errno();
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

static int make_file(int dir_fd, const char *name, const struct bundle_entry *e)
{
	const mode_t mode = e->kind == BUNDLE_SCRIPT ? 0700 : 0600;
	auto_fd int fd =
		openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);

	if (fd < 0)
		return neg_errno();
	return write_all(fd, e->bytes, e->len);
}

static int make_link(int dir_fd, const char *name, const struct bundle_entry *e)
{
	auto_free char *target = NULL;

	if (asprintf(&target, "%s%s", e->kind == BUNDLE_ERROR ? BUNDLE_ERRORS : "", e->bytes) < 0) {
		target = NULL;
		return -ENOMEM;
	}
	return symlinkat(target, dir_fd, name) < 0 ? neg_errno() : 0;
}

static int make_entry(struct place *p, const struct bundle_entry *e)
{
	const char *slash = strrchr(e->path, '/');
	int r = go_to(p, e->path, (size_t)(slash - e->path));

	if (r < 0)
		return r;
	if (e->kind == BUNDLE_DIR)
		return mkdirat(p->fd, slash + 1, 0700) < 0 && errno != EEXIST ? neg_errno() : 0;
	if (e->kind == BUNDLE_LINK || e->kind == BUNDLE_ERROR)
		return make_link(p->fd, slash + 1, e);
	return make_file(p->fd, slash + 1, e);
}

static bool is_late(const struct bundle_entry *e)
{
	return e->kind == BUNDLE_LINK || e->kind == BUNDLE_ERROR;
}

int bundle_unpack(const struct bundle *b, int dir_fd)
{
	struct place p = { .top_fd = dir_fd, .fd = -1 };
	size_t total = 0;
	int r = 0;

	for (size_t i = 0; i < b->n; i++)
		total += b->v[i].len;
	if (total > BUNDLE_CONTENT_MAX)
		return -EFBIG;
	for (int late = 0; late < 2; late++) {
		for (size_t i = 0; r == 0 && i < b->n; i++)
			r = is_late(&b->v[i]) == late ? make_entry(&p, &b->v[i]) : 0;
	}
	if (p.fd >= 0)
		close(p.fd);
	return r;
}

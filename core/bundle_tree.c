/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>

#include "core/bundle.h"
#include "core/sysroot.h"

/* The folders on the way to the last entry: they come in the order of paths. */
struct place {
	int fds[BUNDLE_DEPTH_MAX + 1]; /* the first is the top, which is not ours */
	unsigned depth;
	const char *path; /* of the entry that they were for */
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

/* How many of the first n folders of path are those of the entry before it. */
static unsigned shared_folders(const struct place *p, const char *path, unsigned n)
{
	const unsigned shared = p->path ? bundle_shared(p->path, path) : 0;

	return shared < p->depth ? (shared < n ? shared : n) : (p->depth < n ? p->depth : n);
}

static void leave(struct place *p, unsigned depth)
{
	while (p->depth > depth)
		close(p->fds[p->depth--]);
}

/* Goes to the folder that path is in, which is made; *ret_name is what follows it. */
static int go_to(struct place *p, const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	struct text rest = text_make(path + 1, slash > path ? (size_t)(slash - path) - 1 : 0), name;
	unsigned depth = 0;

	leave(p, shared_folders(p, path, bundle_folders(path)));
	p->path = path;
	while (text_next_piece(&rest, '/', &name)) {
		auto_free char *copy = NULL;
		int fd;

		if (depth++ < p->depth)
			continue;
		copy = strndup(name.at, name.len);
		fd = copy ? make_below(p->fds[p->depth], copy) : -ENOMEM;
		if (fd < 0)
			return fd;
		p->fds[++p->depth] = fd;
	}
	*ret_name = slash + 1;
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
	const char *name;
	int r = go_to(p, e->path, &name), dir_fd;

	if (r < 0)
		return r;
	dir_fd = p->fds[p->depth];
	if (e->kind == BUNDLE_DIR)
		return mkdirat(dir_fd, name, 0700) < 0 && errno != EEXIST ? neg_errno() : 0;
	if (e->kind == BUNDLE_LINK || e->kind == BUNDLE_ERROR)
		return make_link(dir_fd, name, e);
	return make_file(dir_fd, name, e);
}

static bool is_late(const struct bundle_entry *e)
{
	return e->kind == BUNDLE_LINK || e->kind == BUNDLE_ERROR;
}

static bool is_to_stop(int stop_fd)
{
	struct pollfd stop = { .fd = stop_fd, .events = POLLIN };

	return stop_fd >= 0 && poll(&stop, 1, 0) > 0;
}

static int make_entries(struct place *p, const struct bundle *b, bool are_late, int stop_fd)
{
	int r = 0;

	for (size_t i = 0; i < b->n && r == 0; i++) {
		if (is_late(&b->v[i]) == are_late)
			r = is_to_stop(stop_fd) ? -EINTR : make_entry(p, &b->v[i]);
	}
	return r;
}

int bundle_unpack(const struct bundle *b, int dir_fd, int stop_fd)
{
	struct place p = { .fds = { dir_fd } };
	size_t total = 0;
	int r;

	for (size_t i = 0; i < b->n; i++)
		total += b->v[i].len;
	if (total > BUNDLE_CONTENT_MAX)
		return -EFBIG;
	r = make_entries(&p, b, false, stop_fd);
	if (r == 0)
		r = make_entries(&p, b, true, stop_fd);
	leave(&p, 0);
	return r;
}

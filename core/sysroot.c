/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/sysroot.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "core/bundle.h"

#define LINK_MAX_SIZE  65536u
#define N_OPEN_RETRIES 16
#define LINKS_MAX      40u

/* openat2(2); glibc has no wrapper. A rename in the tree at the same time gives EAGAIN. */
static int open_in_tree(int root_fd, const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(unsigned)flags,
		.resolve = RESOLVE_IN_ROOT,
	};
	long fd = -1;

	for (int i = 0; i < N_OPEN_RETRIES && fd < 0; i++) {
		fd = syscall(SYS_openat2, root_fd, path, &how, sizeof(how));
		if (fd < 0 && errno != EAGAIN && errno != EINTR)
			break;
	}
	return fd < 0 ? neg_errno() : (int)fd;
}

static int open_live(int root_fd, const char *path, int flags)
{
	int fd;

	path += strspn(path, "/");
	do
		fd = openat(root_fd, *path ? path : ".", flags);
	while (fd < 0 && errno == EINTR);
	return fd < 0 ? neg_errno() : fd;
}

static int open_path(const struct sysroot *root, const char *path, int flags)
{
	flags |= O_CLOEXEC;
	return root->is_live ? open_live(root->fd, path, flags)
			     : open_in_tree(root->fd, path, flags);
}

static int link_target(int fd, char **ret_target);

static int errno_of(const char *name)
{
	for (int e = 1; e < 200; e++) {
		const char *known = strerrorname_np(e);

		if (known && !strcmp(known, name))
			return e;
	}
	return 0;
}

/*
 * The first len bytes of a path: -EACCES … when they are a link that stands for that error; 1 and
 * where it leads when they are another link; 0: none.
 */
static int look_at_link(const struct sysroot *root, const char *path, size_t len, char **ret_target)
{
	auto_free char *part = strndup(path, len);
	auto_fd int fd = -1;

	if (!part)
		return -ENOMEM;
	fd = open_path(root, part, O_PATH | O_NOFOLLOW);
	if (fd < 0 || link_target(fd, ret_target) < 0)
		return 0;
	return strncmp(*ret_target, BUNDLE_ERRORS, strlen(BUNDLE_ERRORS))
		       ? 1
		       : -errno_of(*ret_target + strlen(BUNDLE_ERRORS));
}

static int explain_absence(const struct sysroot *root, const char *path, bool is_followed,
			   unsigned n_links);

/* The same for where a link at the first len bytes of a path leads to. */
static int explain_link(const struct sysroot *root, const char *path, size_t len,
			const char *target, bool is_followed, unsigned n_links)
{
	const char *slash = memrchr(path, '/', len);
	auto_free char *next = NULL;

	if (n_links == LINKS_MAX ||
	    asprintf(&next, "%.*s%s%s%s", *target == '/' ? 0 : (int)(slash - path), path,
		     *target == '/' ? "" : "/", target, path + len) < 0) {
		next = NULL;
		return -ENOENT;
	}
	return explain_absence(root, next, is_followed, n_links + 1);
}

/* A path that leads nowhere: because of a file that gave an error, or a folder that did? */
static int explain_absence(const struct sysroot *root, const char *path, bool is_followed,
			   unsigned n_links)
{
	const size_t len = strlen(path);

	for (size_t i = 1; i <= len; i++) {
		auto_free char *target = NULL;
		int r;

		if (i < len ? path[i] != '/' : !is_followed)
			continue;
		r = look_at_link(root, path, i, &target);
		if (r > 0)
			r = explain_link(root, path, i, target, is_followed, n_links);
		if (r < 0)
			return r;
	}
	return -ENOENT;
}

/* As open_path(), with the errors that were captured. */
static int open_captured(const struct sysroot *root, const char *path, int flags)
{
	const int fd = open_path(root, path, flags);

	if (fd != -ENOENT || root->is_live || !root->is_whole)
		return fd;
	return explain_absence(root, path, !(flags & O_NOFOLLOW), 0);
}

/* Nothing in a captured tree but files and directories: opening a device can set something off. */
static int check_captured_type(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return neg_errno();
	return S_ISREG(st.st_mode) || S_ISDIR(st.st_mode) ? 0 : -EINVAL;
}

static int open_content(const struct sysroot *root, const char *path, int flags)
{
	auto_fd int looked_at = -1;
	int r;

	/* openat2() refuses flags that mean nothing together with O_PATH. */
	if (!(flags & O_PATH))
		flags |= O_NONBLOCK | O_NOCTTY;
	if (root->is_live)
		return open_path(root, path, flags);
	looked_at = open_captured(root, path, O_PATH); /* looks without opening */
	if (looked_at < 0)
		return looked_at;
	r = check_captured_type(looked_at);
	return r < 0 ? r : open_path(root, path, flags);
}

static int path_new(char **ret_path, const char *fmt, va_list ap) FORMAT_PRINTF(2, 0);

static int path_new(char **ret_path, const char *fmt, va_list ap)
{
	char *path;

	if (vasprintf(&path, fmt, ap) < 0)
		return -ENOMEM;
	if (path[0] != '/') {
		free(path);
		return -EINVAL;
	}
	*ret_path = path;
	return 0;
}

static bool is_same_as_root(int fd)
{
	struct stat here, there;

	return fstat(fd, &here) == 0 && stat("/", &there) == 0 && here.st_dev == there.st_dev &&
	       here.st_ino == there.st_ino;
}

static bool is_marked(const struct sysroot *root)
{
	auto_fd int fd = open_path(root, BUNDLE_ANSWERS, O_PATH);

	return fd >= 0;
}

int sysroot_open(struct sysroot *root, const char *path)
{
	struct sysroot opened = { .fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) };
	int r;

	if (opened.fd < 0)
		return neg_errno();
	opened.is_live = is_same_as_root(opened.fd);
	/* A kernel before 5.6, or a sandbox that forbids openat2: say it here, once and clearly. */
	r = opened.is_live ? 0 : open_in_tree(opened.fd, "/", O_PATH | O_CLOEXEC);
	if (r < 0) {
		close(opened.fd);
		return r == -EPERM ? -ENOSYS : r;
	}
	if (!opened.is_live)
		close(r);
	opened.is_whole = opened.is_live || is_marked(&opened);
	*root = opened;
	return 0;
}

void sysroot_close(struct sysroot *root)
{
	if (root->fd >= 0)
		close(root->fd);
	root->fd = -1;
}

struct sysroot sysroot_below(const struct sysroot *root, int fd)
{
	return (struct sysroot){ fd, root->is_live, root->is_whole };
}

/* *size grows up to SYSROOT_FILE_MAX + 1, the byte that tells "too big"; one more for the NUL. */
static int buffer_grow(char **buf, size_t *size)
{
	size_t bigger = *size ? *size * 2 : 4096;
	char *p;

	if (*size > SYSROOT_FILE_MAX)
		return -EFBIG;
	bigger = (size_t)u64_min(bigger, SYSROOT_FILE_MAX + 1);
	p = realloc(*buf, bigger + 1);
	if (!p)
		return -ENOMEM;
	*buf = p;
	*size = bigger;
	return 0;
}

static int read_all(int fd, char **ret_text, size_t *ret_len)
{
	auto_free char *buf = NULL;
	size_t size = 0, len = 0;

	for (;;) {
		ssize_t n;

		if (len == size) {
			int r = buffer_grow(&buf, &size);

			if (r < 0)
				return r;
		}
		n = read(fd, buf + len, size - len);
		if (n == 0)
			break;
		if (n > 0)
			len += (size_t)n;
		else if (errno != EINTR)
			return neg_errno();
	}
	if (len > SYSROOT_FILE_MAX)
		return -EFBIG;
	buf[len] = '\0';
	*ret_text = buf;
	*ret_len = len;
	buf = NULL;
	return 0;
}

static int read_fmt(const struct sysroot *root, char **ret_text, size_t *ret_len, const char *fmt,
		    va_list ap) FORMAT_PRINTF(4, 0);

static int read_fmt(const struct sysroot *root, char **ret_text, size_t *ret_len, const char *fmt,
		    va_list ap)
{
	auto_free char *path = NULL;
	auto_fd int fd = -1;
	int r;

	r = path_new(&path, fmt, ap);
	if (r < 0)
		return r;
	fd = open_content(root, path, O_RDONLY);
	return fd < 0 ? fd : read_all(fd, ret_text, ret_len);
}

int sysroot_read(const struct sysroot *root, char **ret_text, size_t *ret_len, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = read_fmt(root, ret_text, ret_len, fmt, ap);
	va_end(ap);
	return r;
}

int sysroot_read_u64(const struct sysroot *root, uint64_t *ret_value, const char *fmt, ...)
{
	auto_free char *text = NULL;
	size_t len = 0;
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = read_fmt(root, &text, &len, fmt, ap);
	va_end(ap);
	if (r < 0)
		return r;
	return text_u64(text_make(text, len), ret_value) < 0 ? -EBADMSG : 0;
}

int sysroot_read_list(const struct sysroot *root, struct cpus *ret_set, const char *fmt, ...)
{
	auto_free char *text = NULL;
	size_t len = 0;
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = read_fmt(root, &text, &len, fmt, ap);
	va_end(ap);
	if (r < 0)
		return r;
	return cpus_parse_list(text_make(text, len), ret_set) < 0 ? -EBADMSG : 0;
}

int sysroot_read_mask(const struct sysroot *root, struct cpus *ret_set, const char *fmt, ...)
{
	auto_free char *text = NULL;
	size_t len = 0;
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = read_fmt(root, &text, &len, fmt, ap);
	va_end(ap);
	if (r < 0)
		return r;
	return cpus_parse_mask(text_make(text, len), ret_set) < 0 ? -EBADMSG : 0;
}

int sysroot_read_line(const struct sysroot *root, char **ret_line, const char *fmt, ...)
{
	auto_free char *text = NULL;
	struct text rest, line = { 0 };
	size_t len = 0;
	char *copy;
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = read_fmt(root, &text, &len, fmt, ap);
	va_end(ap);
	if (r < 0)
		return r;
	rest = text_make(text, len);
	/* No line in an empty file: line stays empty. */
	(void)text_next_line(&rest, &line);
	line = text_trim(line);
	copy = strndup(line.len ? line.at : "", line.len);
	if (!copy)
		return -ENOMEM;
	*ret_line = copy;
	return 0;
}

/* Target of the link that an O_PATH descriptor stands for. */
static int link_target(int fd, char **ret_target)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return neg_errno();
	if (!S_ISLNK(st.st_mode))
		return -EINVAL;
	/* st_size is 0 for links of /proc and can be outdated: a full buffer may be a cut target.
	 */
	for (size_t size = 256; size <= LINK_MAX_SIZE; size *= 2) {
		auto_free char *buf = malloc(size);
		ssize_t n;

		if (!buf)
			return -ENOMEM;
		n = readlinkat(fd, "", buf, size);
		if (n < 0)
			return neg_errno();
		if ((size_t)n == size)
			continue;
		buf[n] = '\0';
		*ret_target = buf;
		buf = NULL;
		return 0;
	}
	return -ENAMETOOLONG;
}

int sysroot_readlink(const struct sysroot *root, char **ret_target, const char *fmt, ...)
{
	auto_free char *path = NULL;
	auto_fd int fd = -1;
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = path_new(&path, fmt, ap);
	va_end(ap);
	if (r < 0)
		return r;
	fd = open_captured(root, path, O_PATH | O_NOFOLLOW);
	if (fd >= 0 && root->is_whole && !root->is_live) {
		/* The link itself may stand for an error: it was none on the host. */
		auto_free char *target = NULL;

		r = look_at_link(root, path, strlen(path), &target);
		if (r < 0)
			return r;
	}
	return fd < 0 ? fd : link_target(fd, ret_target);
}

int sysroot_exists(const struct sysroot *root, const char *fmt, ...)
{
	auto_free char *path = NULL;
	auto_fd int fd = -1;
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = path_new(&path, fmt, ap);
	va_end(ap);
	if (r < 0)
		return r;
	fd = open_captured(root, path, O_PATH | O_NOFOLLOW);
	return fd < 0 ? fd : 0;
}

/* Flags of a reader; a captured tree is never written to, and no mode is given for O_CREAT. */
static int check_flags(const struct sysroot *root, int flags)
{
	if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE)
		return -EINVAL;
	if (!root->is_live && ((flags & O_ACCMODE) != O_RDONLY || flags & O_TRUNC))
		return -EROFS;
	return 0;
}

int sysroot_open_file(const struct sysroot *root, int flags, const char *fmt, ...)
{
	auto_free char *path = NULL;
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = path_new(&path, fmt, ap);
	va_end(ap);
	if (!r)
		r = check_flags(root, flags);
	return r < 0 ? r : open_content(root, path, flags);
}

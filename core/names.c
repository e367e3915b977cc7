/* SPDX-License-Identifier: GPL-2.0-or-later */
/* names.c - the part of sysroot.h that lists directories. */
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>

#include "core/sysroot.h"

/* More than any directory a probe looks at holds; a bound for a stranger's tree. */
#define N_NAMES_MAX 65536u

struct names {
	char **v;
	size_t n, n_room;
};

static void names_release(struct names *names)
{
	names_free(names->v, names->n);
}

static void dir_close(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

void names_free(char **names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	free(names);
}

/* Cuts the digits off the front, without leading zeros. */
static struct text take_digits(const char **s)
{
	size_t n;

	*s += strspn(*s, "0");
	n = strspn(*s, "0123456789");
	*s += n;
	return text_make(*s - n, n);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "cpu2" before "cpu10", "cpu02" right before "cpu2". Bytes, not the order of a locale. */
static int name_compare(const char *a, const char *b)
{
	const char *x = a, *y = b;

	while (*x && *y) {
		struct text m, n;
		int order;

		if (!is_digit(*x) || !is_digit(*y)) {
			if (*x != *y)
				break;
			x++;
			y++;
			continue;
		}
		m = take_digits(&x);
		n = take_digits(&y);
		if (m.len != n.len)
			return m.len < n.len ? -1 : 1;
		order = m.len ? memcmp(m.at, n.at, m.len) : 0;
		if (order)
			return order;
	}
	if (*x != *y)
		return (unsigned char)*x < (unsigned char)*y ? -1 : 1;
	return strcmp(a, b);
}

static int name_order(const void *a, const void *b)
{
	return name_compare(*(char *const *)a, *(char *const *)b);
}

static int names_add(struct names *names, const char *name)
{
	if (names->n == N_NAMES_MAX)
		return -EFBIG;
	if (names->n == names->n_room) {
		size_t n_room = names->n_room ? names->n_room * 2 : 64;
		char **v = realloc(names->v, n_room * sizeof(*v));

		if (!v)
			return -ENOMEM;
		names->v = v;
		names->n_room = n_room;
	}
	names->v[names->n] = strdup(name);
	if (!names->v[names->n])
		return -ENOMEM;
	names->n++;
	return 0;
}

static int names_read(struct names *names, DIR *dir)
{
	for (;;) {
		struct dirent *entry;
		int r;

		errno = 0;
		entry = readdir(dir);
		if (!entry)
			return errno ? neg_errno() : 0;
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		r = names_add(names, entry->d_name);
		if (r < 0)
			return r;
	}
}

int sysroot_list(const struct sysroot *root, char ***ret_names, size_t *ret_n, const char *fmt, ...)
{
	auto_cleanup(names_release) struct names names = { 0 };
	auto_cleanup(dir_close) DIR *dir = NULL;
	auto_free char *path = NULL;
	va_list ap;
	int fd, r;

	va_start(ap, fmt);
	r = vasprintf(&path, fmt, ap);
	va_end(ap);
	if (r < 0) {
		path = NULL;
		return -ENOMEM;
	}
	fd = sysroot_open_file(root, O_RDONLY | O_DIRECTORY, "%s", path);
	if (fd < 0)
		return fd;
	dir = fdopendir(fd);
	if (!dir) {
		r = neg_errno();
		close(fd);
		return r;
	}
	r = names_read(&names, dir);
	if (r < 0)
		return r;
	if (names.n)
		qsort(names.v, names.n, sizeof(*names.v), name_order);
	*ret_names = names.v;
	*ret_n = names.n;
	names = (struct names){ 0 };
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * walk.c - the files that a path with patterns names. Each link on the way becomes an entry, and
 * what is behind it is looked at where it really is: the bundle has the shape of the host.
 */
#include <fcntl.h>
#include <fnmatch.h>
#include <string.h>

#include "probes/capture/parts.h"

#define LINKS_MAX 40u
#define DEPTH_MAX 8u /* of "**" */

/* How far one row has come. */
struct way {
	struct capture *c;
	const struct capture_row *row;
	size_t n_taken;
};

static bool has_pattern(const char *name)
{
	return strpbrk(name, "*?[") != NULL;
}

/* "/a" and "b": "/a/b"; caller frees. */
static char *join(const char *dir, const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s", dir, name) < 0 ? NULL : path;
}

static void cut(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash)
		*slash = '\0';
}

static int resolve(struct capture *c, const char *dir, const char *target, unsigned *n_links,
		   char **ret_path);

/* *done and one more component, which may be a link: *done is where that leads. */
static int step(struct capture *c, char **done, const char *name, unsigned *n_links)
{
	auto_free char *path = join(*done, name);
	auto_free char *target = NULL;
	char *next = NULL;
	int r = path ? sysroot_readlink(c->root, &target, "%s", path) : -ENOMEM;

	if (r == -EINVAL) {
		free(*done);
		*done = path;
		path = NULL;
		return 0;
	}
	if (r == 0)
		r = capture_put(c, BUNDLE_LINK, path, target, strlen(target));
	if (r == 0)
		r = resolve(c, *done, target, n_links, &next);
	if (r < 0)
		return r;
	free(*done);
	*done = next;
	return 0;
}

/*
 * Where a link in dir leads to, without links; what is not there is -ENOENT. n_links: all that were
 * followed on the way, as the kernel counts them (path_resolution(7)). Caller frees.
 */
static int resolve(struct capture *c, const char *dir, const char *target, unsigned *n_links,
		   char **ret_path)
{
	auto_free char *done = strdup(*target == '/' ? "" : dir);
	struct text rest = text_of(target), piece;
	int r = done ? 0 : -ENOMEM;

	if (++*n_links > LINKS_MAX)
		return -ELOOP;
	while (r == 0 && text_next_piece(&rest, '/', &piece)) {
		auto_free char *name = strndup(piece.at, piece.len);

		if (!name)
			return -ENOMEM;
		if (!strcmp(name, ".."))
			cut(done);
		else if (*name && strcmp(name, ".") != 0)
			r = step(c, &done, name, n_links);
	}
	if (r < 0)
		return r;
	*ret_path = done;
	done = NULL;
	return 0;
}

static int walk(struct way *w, const char *dir, const char *rest);

/* What a link leads to may be missing, or not ours to see: then the link is all there is. */
static int visit_link(struct way *w, const char *dir, const char *path, const char *target,
		      const char *rest)
{
	auto_free char *real = NULL;
	unsigned n_links = 0;
	int r = capture_put(w->c, BUNDLE_LINK, path, target, strlen(target));

	if (r < 0)
		return r;
	if (!*rest && (w->row->take == TAKE_NAME || w->row->take == TAKE_SCRIPT)) {
		w->n_taken++;
		if (w->row->take == TAKE_NAME)
			return 0;
	}
	r = resolve(w->c, dir, target, &n_links, &real);
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	return *rest ? walk(w, real, rest) : capture_take_file(w->c, w->row, real);
}

static int visit(struct way *w, const char *dir, const char *name, const char *rest)
{
	auto_free char *path = join(dir, name);
	auto_free char *target = NULL;
	int r = path ? sysroot_readlink(w->c->root, &target, "%s", path) : -ENOMEM;

	if (!strcmp(dir, "/proc") && !capture_is_of(w->c, w->row->who, name))
		return 0;
	switch (r) {
	case 0:
		if (!*rest && w->row->read == capture_descriptor)
			return capture_descriptor(w->c, path, NULL);
		return visit_link(w, dir, path, target, rest);
	case -EINVAL: /* no link */
		w->n_taken += !*rest;
		return *rest ? walk(w, path, rest) : capture_take_file(w->c, w->row, path);
	case -ENOENT: /* that the folder is there tells that the file was not */
		return *dir ? capture_put(w->c, BUNDLE_DIR, dir, NULL, 0) : 0;
	case -ENOTDIR:
	case -ENOMEM:
		return r == -ENOMEM ? r : 0;
	default:
		return w->row->is_quiet ? 0 : capture_put_error(w->c, dir, r);
	}
}

static int is_dir(struct capture *c, const char *path)
{
	auto_free char *target = NULL;
	auto_fd int fd = -1;

	if (sysroot_readlink(c->root, &target, "%s", path) == 0)
		return false;
	fd = sysroot_open_file(c->root, O_PATH | O_DIRECTORY, "%s", path);
	return fd >= 0;
}

static bool is_done(const struct way *w)
{
	return w->row->is_first && w->n_taken;
}

/* The folder itself, and all below it. */
static int walk_below(struct way *w, const char *dir, const char *rest, unsigned depth)
{
	char **names;
	size_t n;
	int r = walk(w, dir, rest);

	if (r < 0 || depth == DEPTH_MAX ||
	    sysroot_list(w->c->root, &names, &n, "%s", *dir ? dir : "/") < 0)
		return r;
	for (size_t i = 0; i < n && r == 0; i++) {
		auto_free char *path = join(dir, names[i]);

		if (!path)
			r = -ENOMEM;
		else if (is_dir(w->c, path))
			r = walk_below(w, path, rest, depth + 1);
	}
	names_free(names, n);
	return r;
}

static int walk_matches(struct way *w, const char *dir, const char *pattern, const char *rest)
{
	char **names;
	size_t n;
	int r = sysroot_list(w->c->root, &names, &n, "%s", *dir ? dir : "/");

	if (r == -ENOENT || r == -ENOTDIR || r == -ENOMEM)
		return r == -ENOMEM ? r : 0;
	if (r < 0)
		return w->row->is_quiet ? 0 : capture_put_error(w->c, dir, r);
	r = *dir ? capture_put(w->c, BUNDLE_DIR, dir, NULL, 0) : 0;
	for (size_t i = 0; i < n && r == 0 && !is_done(w); i++) {
		if (fnmatch(pattern, names[i], FNM_PERIOD) == 0)
			r = visit(w, dir, names[i], rest);
	}
	names_free(names, n);
	return r;
}

/* dir: a path without links, "" for the top; rest: what is below it, without '/' in front. */
static int walk(struct way *w, const char *dir, const char *rest)
{
	const size_t n = strcspn(rest, "/");
	auto_free char *name = strndup(rest, n);
	const char *after = rest[n] ? rest + n + 1 : rest + n;

	if (!name)
		return -ENOMEM;
	if (!strcmp(name, "**"))
		return walk_below(w, dir, after, 0);
	return has_pattern(name) ? walk_matches(w, dir, name, after) : visit(w, dir, name, after);
}

static int walk_flat(struct capture *c, const struct capture_row *row, const char *path)
{
	/* Also a link that leads nowhere, of a tree without our process. */
	auto_fd int fd = sysroot_open_file(c->root, O_PATH, "%s", path);

	return fd == -ENOENT || fd == -ENOTDIR ? 0 : capture_take_file(c, row, path);
}

static int walk_one(struct way *w, const char *path)
{
	if (is_done(w))
		return 0;
	if (w->row->take == TAKE_FLAT)
		return walk_flat(w->c, w->row, path);
	return walk(w, "", path + 1);
}

/* One path for each of what is between braces, the first pair first. */
static int expand(struct way *w, const char *path)
{
	const char *open = strchr(path, '{');
	const char *close = open ? strchr(open, '}') : NULL;
	struct text list, item;
	int r = 0;

	if (!close)
		return walk_one(w, path);
	list = text_make(open + 1, (size_t)(close - open) - 1);
	while (r == 0 && text_next_piece(&list, ',', &item)) {
		auto_free char *one = NULL;

		if (asprintf(&one, "%.*s%.*s%s", (int)(open - path), path, (int)item.len, item.at,
			     close + 1) < 0) {
			one = NULL;
			return -ENOMEM;
		}
		r = expand(w, one);
	}
	return r;
}

int capture_walk(struct capture *c, const struct capture_row *row, const char *path)
{
	struct way w = { .c = c, .row = row };

	return expand(&w, path);
}

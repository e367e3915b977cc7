/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bundle.h"

#include <string.h>

void bundle_release(struct bundle *b)
{
	free(b->v);
	arena_release(&b->arena);
	*b = (struct bundle){ 0 };
}

/* Not too many components; none is empty, "." or "..", none longer than a file system takes. */
static bool is_path(const char *path)
{
	struct text rest = text_of(path), name;
	unsigned depth = 0;

	if (*path != '/' || rest.len > BUNDLE_PATH_MAX || rest.len < 2 || path[rest.len - 1] == '/')
		return false;
	rest = text_make(path + 1, rest.len - 1);
	while (text_next_piece(&rest, '/', &name)) {
		if (++depth > BUNDLE_DEPTH_MAX || !name.len || name.len > 255 ||
		    text_equal(name, ".") || text_equal(name, ".."))
			return false;
	}
	return true;
}

/* Links of errors lead there, and must lead nowhere. */
static bool is_reserved(const char *path)
{
	static const char own[] = BUNDLE_OWN;
	const size_t n = strlen(own);

	return !strncmp(path, own, n) && (!path[n] || path[n] == '/') &&
	       strcmp(path, BUNDLE_ANSWERS) != 0;
}

static int grow(struct bundle *b)
{
	const size_t size = b->size ? b->size * 2 : 1024;
	struct bundle_entry *v;

	if (b->n < b->size)
		return 0;
	if (b->n >= BUNDLE_ENTRIES_MAX)
		return -EFBIG;
	v = reallocarray(b->v, size, sizeof(*v));
	if (!v)
		return -ENOMEM;
	b->v = v;
	b->size = size;
	return 0;
}

int bundle_add(struct bundle *b, enum bundle_kind kind, const char *path, const char *bytes,
	       size_t len)
{
	struct bundle_entry e = { .kind = kind, .len = len };
	int r;

	if (!is_path(path) || is_reserved(path))
		return -EINVAL;
	if ((kind == BUNDLE_LINK || kind == BUNDLE_ERROR) &&
	    (!len || len > BUNDLE_PATH_MAX || memchr(bytes, '\0', len)))
		return -EINVAL;
	r = grow(b);
	if (r < 0)
		return r;
	e.path = arena_strdup(&b->arena, path);
	e.bytes = arena_memdup(&b->arena, len ? bytes : "", len);
	if (!e.path || !e.bytes)
		return -ENOMEM;
	b->v[b->n++] = e;
	return 0;
}

/* A slash comes before all other bytes: what is in a folder follows it at once. */
static int compare_paths(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	if (*a == *b)
		return 0;
	if (!*a || !*b)
		return *a ? 1 : -1;
	if (*a == '/' || *b == '/')
		return *a == '/' ? -1 : 1;
	return (unsigned char)*a - (unsigned char)*b;
}

static int compare_entries(const void *a, const void *b)
{
	return compare_paths(((const struct bundle_entry *)a)->path,
			     ((const struct bundle_entry *)b)->path);
}

static bool is_below(const char *path, const char *dir)
{
	const size_t n = strlen(dir);

	return !strncmp(path, dir, n) && path[n] == '/';
}

unsigned bundle_folders(const char *path)
{
	unsigned n = 0;

	for (path++; *path; path++)
		n += *path == '/';
	return n;
}

unsigned bundle_shared(const char *a, const char *b)
{
	unsigned n = 0;

	for (size_t i = 1; a[i - 1] && b[i]; i++) {
		if (b[i] == '/' && (a[i] == '/' || !a[i]))
			n++;
		if (a[i] != b[i])
			break;
	}
	return n;
}

/* Each takes a place in the file system, and so does each folder that none of them names. */
static int check_places(const struct bundle *b)
{
	size_t n = b->n;

	for (size_t i = 0; i < b->n && n <= BUNDLE_PLACES_MAX; i++)
		n += bundle_folders(b->v[i].path) -
		     (i ? bundle_shared(b->v[i - 1].path, b->v[i].path) : 0);
	return n > BUNDLE_PLACES_MAX ? -EFBIG : 0;
}

int bundle_settle(struct bundle *b, const char **ret_path)
{
	size_t n = 0;

	if (b->n)
		qsort(b->v, b->n, sizeof(*b->v), compare_entries);
	for (size_t i = 0; i < b->n; i++) {
		const struct bundle_entry *e = &b->v[i], *before = n ? &b->v[n - 1] : NULL;
		const bool is_same = before && !strcmp(e->path, before->path);

		if ((is_same && (e->kind != BUNDLE_DIR || before->kind != BUNDLE_DIR)) ||
		    (before && before->kind != BUNDLE_DIR && is_below(e->path, before->path))) {
			*ret_path = e->path;
			return -EEXIST;
		}
		if (!is_same)
			b->v[n++] = *e;
	}
	b->n = n;
	return check_places(b);
}

bool bundle_is_text(struct text text)
{
	return text_starts(text, "vfiobench-host ");
}
